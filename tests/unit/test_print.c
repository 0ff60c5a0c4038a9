/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/emulators.h"
#include "../lib/rng.h"
#include "util/utf8.h"

static void print_codes(const uint32_t *codes)
{
    for (; *codes; codes++)
        emulator_print(e, *codes);
}

#define PRINT(...) print_codes((const uint32_t[]){__VA_ARGS__, 0})

static void runs_wrap_when_the_next_character_comes(void **state)
{
    (void)state;
    put("0123456789");
    CHECK_CURSOR(0, 9);
    assert_true(e->wrap_pending);
    assert_false(e->screen.row[0]->wrapped);
    put("ab");
    CHECK_ROW(1, "ab........");
    assert_true(e->screen.row[0]->wrapped);
    CHECK_CURSOR(1, 2);
}

static void a_long_run_scrolls(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++)
        put("0123456789");
    put("end");
    CHECK_ROW(3, "0123456789");
    CHECK_ROW(4, "end.......");
    assert_true(e->screen.row[0]->wrapped && e->screen.row[3]->wrapped);
}

static void without_autowrap_the_last_column_takes_all(void **state)
{
    (void)state;
    e->autowrap = false;
    put("0123456789abc");
    CHECK_ROW(0, "012345678c");
    PRINT(0x4E00);
    CHECK_ROW(0, "012345678c"); /* D2: there is no room for it */
    CHECK_CURSOR(0, 9);
}

static void insert_mode_pushes(void **state)
{
    (void)state;
    put("abc");
    emulator_move_to(e, 0, 1);
    e->insert = true;
    put("XY");
    CHECK_ROW(0, "aXYbc.....");
    PRINT(0x4E00);
    CHECK_ROW(0, "aXY\u4E00-bc...");
}

/* D1: of a wide character that loses a half nothing is left. */
static void wide_characters(void **state)
{
    (void)state;
    PRINT(0x4E00, 0x4E8C);
    CHECK_ROW(0, "\u4E00-\u4E8C-......");
    CHECK_CURSOR(0, 4);
    emulator_move_to(e, 0, 1);
    put("x");
    CHECK_ROW(0, ".x\u4E8C-......");
    check_invariants(&e->screen);
}

static void a_wide_character_goes_whole_to_the_next_row(void **state)
{
    (void)state;
    put("012345678");
    PRINT(0x4E00);
    CHECK_ROW(0, "012345678.");
    CHECK_ROW(1, "\u4E00-........");
    assert_false(e->screen.row[0]->wrapped); /* its text does not reach the edge */
    emulator_free(e);
    e = emulator_new(EMULATOR_HOST, 2, 1);
    PRINT(0x4E00, 'a');
    CHECK_ROW(0, "a");
}

static void marks_join_the_character_before(void **state)
{
    (void)state;
    PRINT('e', 0x0301, 0x4E00, 0x0308);
    CHECK_ROW(0, "e\u0301\u4E00\u0308-.......");
    CHECK_CURSOR(0, 3);
}

static void a_mark_without_a_character_stands_on_a_space(void **state)
{
    (void)state;
    emulator_move_to(e, 1, 3);
    PRINT(0x0301);
    CHECK_ROW(1, "...\u00A0\u0301......");
    CHECK_CURSOR(1, 4);
}

/* F40: what a cell holds is bounded, and the rest is let go. */
static void a_million_marks(void **state)
{
    (void)state;
    put("a");
    for (int i = 0; i < 1000000; i++)
        emulator_print(e, 0x0301);
    struct cell cell = e->screen.row[0]->cell[0];
    assert_true(cell.glyph & CELL_CLUSTER);
    assert_in_range(pool_cluster(e->screen.pool, cell.glyph).len, 2, CLUSTER_BYTES_MAX);
    CHECK_CURSOR(0, 1);
}

static void the_pen_colours(void **state)
{
    (void)state;
    e->screen.pen = style_on(2);
    put("a");
    PRINT(0x4E00);
    for (size_t col = 0; col < 3; col++)
        assert_true(style_equal(pool_style(e->screen.pool, e->screen.row[0]->cell[col].style),
                                &e->screen.pen));
    assert_int_equal(e->screen.row[0]->cell[3].style, 0);
}

/* --- a run of text is as its characters one after another --- */

static uint32_t any_code(struct rng *rng)
{
    static const uint32_t edges[] = {
        0xA0,   0xAD,   0x2FF,  0x300,  0x36F,  0x370,  0x378,  0x47F,   0x480,   0x483,   0x488,
        0x4BF,  0x5B0,  0x7FF,  0x800,  0x1100, 0x1161, 0x200D, 0x2764,  0xFE0F,  0xFE0E,  0x3042,
        0x3099, 0x3FFF, 0x4000, 0x4E00, 0xFFFD, 0x301,  0x30A,  0x1F600, 0x1F3FB, 0x10FFFD};

    switch (rng_below(rng, 6)) {
    case 0:
        return 0x20 + (uint32_t)rng_below(rng, 0x5F);
    case 1:
        return 0xA0 + (uint32_t)rng_below(rng, 0x4C0 - 0xA0);
    case 2:
    case 3:
        return 0x300 + (uint32_t)rng_below(rng, 0x70);
    default:
        return edges[rng_below(rng, sizeof edges / sizeof *edges)];
    }
}

static void change_something(struct rng *rng, struct emulator *x)
{
    switch (rng_below(rng, 7)) {
    case 0:
        emulator_set_side_margins(x, rng_below(rng, 3), 5 + rng_below(rng, 6));
        break;
    case 1:
        emulator_reset_margins(x);
        break;
    case 2:
        x->autowrap = rng_below(rng, 3) > 0;
        break;
    case 3:
        x->insert = rng_below(rng, 3) == 0;
        break;
    case 4:
        x->clusters = rng_below(rng, 4) == 0;
        break;
    case 5:
        x->screen.pen = style_on(rng_below(rng, 3));
        break;
    default:
        emulator_move_to(x, rng_below(rng, 5), rng_below(rng, 10));
    }
}

static void check_same(const struct emulator *a, const struct emulator *b)
{
    const struct screen *x = &a->screen, *y = &b->screen;
    struct buf text[2] = {{0}, {0}};

    check_invariants(x);
    for (size_t i = 0; i < 5 * 10; i++) {
        const struct row *r = x->row[i / 10], *other = y->row[i / 10];
        struct cell c = r->cell[i % 10], d = other->cell[i % 10];
        assert_int_equal(c.glyph & (CELL_CLUSTER | CELL_WIDE | CELL_TRAIL | CELL_SPELLED),
                         d.glyph & (CELL_CLUSTER | CELL_WIDE | CELL_TRAIL | CELL_SPELLED));
        assert_int_equal(cell_is_erased(c), cell_is_erased(d));
        assert_true(style_equal(pool_style(x->pool, c.style), pool_style(y->pool, d.style)));
        assert_int_equal(r->used, other->used);
        assert_int_equal(r->wrapped, other->wrapped);
        row_put_text(r, i % 10, &text[0]);
        row_put_text(other, i % 10, &text[1]);
    }
    check_bytes(text[0].data, text[0].len, text[1].data, text[1].len);
    buf_release(&text[0]);
    buf_release(&text[1]);
    assert_int_equal(x->cursor_row, y->cursor_row);
    assert_int_equal(x->cursor_col, y->cursor_col);
    assert_int_equal(a->mark_back, b->mark_back);
    assert_int_equal(a->wrap_pending, b->wrap_pending);
    assert_int_equal(a->last_printed, b->last_printed);
}

/* Written whole, and printed one by one. */
static void print_both_ways(struct rng *rng, struct emulator *whole, struct emulator *single)
{
    uint8_t bytes[UTF8_BYTES_MAX * 24];
    size_t len = 0;

    for (size_t left = 1 + rng_below(rng, 24); left > 0; left--) {
        uint32_t code = any_code(rng);
        len += utf8_encode(code, (char *)bytes + len);
        emulator_print(single, code);
    }
    emulator_write(whole, bytes, len, NULL);
}

static void a_run_is_as_its_characters(void **state)
{
    (void)state;
    struct rng rng = {20}, same;
    for (int i = 0; i < 3000; i++) {
        enum emulator_role role = i % 2 ? EMULATOR_HOST : EMULATOR_MIRROR;
        struct emulator *whole = emulator_new(role, 5, 10), *single = emulator_new(role, 5, 10);
        for (int n = 0; n < 12; n++) {
            same = rng;
            change_something(&same, whole);
            change_something(&rng, single);
            print_both_ways(&rng, whole, single);
            check_same(whole, single);
        }
        emulator_free(whole);
        emulator_free(single);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(runs_wrap_when_the_next_character_comes),
        EMULATOR_TEST(a_long_run_scrolls),
        EMULATOR_TEST(without_autowrap_the_last_column_takes_all),
        EMULATOR_TEST(insert_mode_pushes),
        EMULATOR_TEST(wide_characters),
        EMULATOR_TEST(a_wide_character_goes_whole_to_the_next_row),
        EMULATOR_TEST(marks_join_the_character_before),
        EMULATOR_TEST(a_mark_without_a_character_stands_on_a_space),
        EMULATOR_TEST(a_million_marks),
        EMULATOR_TEST(the_pen_colours),
        cmocka_unit_test(a_run_is_as_its_characters),
    };
    return cmocka_run_group_tests_name("print", tests, NULL, NULL);
}
