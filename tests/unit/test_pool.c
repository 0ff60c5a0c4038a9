/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <stdio.h>

#include "terminal/intern.h"
#include "terminal/row.h"

static struct style rgb(uint32_t value)
{
    return (struct style){.foreground = COLOUR_RGB | value};
}

static void equal_styles_have_one_number(void **state)
{
    (void)state;
    struct pool *p = pool_new();
    struct style plain = {0}, red = rgb(0xFF0000), blue = rgb(0xFF);
    uint32_t first = pool_intern_style(p, &red);
    assert_int_equal(pool_intern_style(p, &plain), 0);
    assert_int_not_equal(first, 0);
    assert_int_not_equal(pool_intern_style(p, &blue), first);
    assert_int_equal(pool_intern_style(p, &red), first);
    assert_true(style_equal(pool_style(p, first), &red));
    pool_unref(p);
}

static void equal_clusters_have_one_number(void **state)
{
    (void)state;
    struct pool *p = pool_new();
    uint32_t first = pool_intern_cluster(p, "e\u0301", 3);
    assert_int_equal(pool_intern_cluster(p, "e\u0301", 3), first);
    assert_int_not_equal(pool_intern_cluster(p, "e\u0301\u0301", 5), first);
    struct cluster_text text = pool_cluster(p, first);
    check_bytes(text.bytes, text.len, "e\u0301", 3);
    pool_unref(p);
}

/* A letter with one mark or two takes no room in the table; all others do. */
static void common_clusters_are_spelled_out(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool spelled;
    } cases[] = {
        {"e\u0301", true},      {"e\u0300\u036F", true},        {"\u044F\u0306", true},
        {"\u3FFF\u0308", true}, {"e\u0301\u0302\u0303", false}, {"\u4000\u0308", false},
        {"e\u0483", false},     {"e\u0483\u0301", false},       {"\U0001F600\u0301", false}};
    struct pool *p = pool_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t glyph = pool_intern_cluster(p, cases[i].text, strlen(cases[i].text));
        assert_int_equal((glyph & CELL_SPELLED) != 0, cases[i].spelled);
        assert_true(glyph & CELL_CLUSTER && !(glyph & (CELL_WIDE | CELL_TRAIL)));
        struct cluster_text text = pool_cluster(p, glyph);
        check_bytes(text.bytes, text.len, cases[i].text, strlen(cases[i].text));
    }
    pool_unref(p);
}

/* Far more styles than the table holds pass by; those that rows show stay what they are. */
static void forgets_what_no_row_shows(void **state)
{
    (void)state;
    struct pool *p = pool_new();
    struct row *r = row_new(p, 10), *snapshot;
    struct style kept = rgb(0xABCDEF), s;
    uint32_t number = pool_intern_style(p, &kept), highest = 0;
    r->cell[9] = (struct cell){.glyph = 'x', .style = number};
    r->used = 10;
    snapshot = row_ref(r);
    for (uint32_t i = 0; i < 3 * POOL_STYLES_MAX; i++) {
        s = rgb(i & 0xFFFFFF);
        uint32_t n = pool_intern_style(p, &s);
        assert_true(style_equal(pool_style(p, n), &s));
        highest = n > highest ? n : highest;
    }
    assert_true(highest < POOL_STYLES_MAX / 8); /* swept long before it was full */
    assert_int_equal(pool_intern_style(p, &kept), number);
    row_unref(r);
    row_unref(snapshot);
    pool_unref(p);
}

static void a_full_table_gives_no_cluster(void **state)
{
    (void)state;
    struct pool *p = pool_new();
    size_t rows = POOL_CLUSTERS_MAX / 4096, refused = 0;
    struct row *row[POOL_CLUSTERS_MAX / 4096 + 1];
    char text[CLUSTER_BYTES_MAX];
    for (size_t i = 0; i < rows + 1; i++) {
        row[i] = row_new(p, 4096);
        for (size_t col = 0; col < 4096; col++) {
            int len = snprintf(text, sizeof text, "%zu", i * 4096 + col);
            uint32_t n = pool_intern_cluster(p, text, (size_t)len);
            refused += n == POOL_NO_CLUSTER;
            if (n != POOL_NO_CLUSTER)
                row[i]->cell[col].glyph = n;
            row[i]->used = 4096;
        }
    }
    /* All of the last row, and the few that found no slot near their own. */
    assert_true(refused >= 4096 && refused < 4096 + 64);
    assert_int_not_equal(pool_intern_cluster(p, "0", 1), POOL_NO_CLUSTER); /* known before */
    for (size_t i = 0; i < rows + 1; i++)
        row_unref(row[i]);
    pool_unref(p);
}

static void numbers_stay_while_a_table_is_swept(void **state)
{
    (void)state;
    struct intern t;
    uint32_t number[1000], again;
    intern_init(&t, sizeof(uint64_t), sizeof(uint64_t), 1024);
    for (uint64_t i = 0; i < 1000; i++)
        number[i] = intern_put(&t, &i, 1);
    intern_sweep_begin(&t);
    for (uint64_t i = 0; i < 1000; i += 3)
        intern_mark(&t, number[i]);
    intern_sweep_end(&t);
    for (uint64_t i = 0; i < 1000; i++) {
        bool found = intern_find(&t, &i, &again);
        assert_int_equal(found, i % 3 == 0);
        if (found)
            assert_int_equal(again, number[i]);
    }
    for (uint64_t i = 5000; i < 5600; i++) { /* the free numbers are used again */
        assert_true(intern_put(&t, &i, 1) < 1024);
    }
    intern_release(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_styles_have_one_number),
        cmocka_unit_test(equal_clusters_have_one_number),
        cmocka_unit_test(common_clusters_are_spelled_out),
        cmocka_unit_test(forgets_what_no_row_shows),
        cmocka_unit_test(a_full_table_gives_no_cluster),
        cmocka_unit_test(numbers_stay_while_a_table_is_swept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
