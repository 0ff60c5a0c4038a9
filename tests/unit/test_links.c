/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <stdio.h>

#include "terminal/emulator_internal.h"
#include "terminal/links.h"

static struct links links;

static int release(void **state)
{
    (void)state;
    links_release(&links);
    return 0;
}

static uint32_t add(const char *text)
{
    return links_add(&links, text, strlen(text));
}

static uint32_t find(const char *text)
{
    return links_find(&links, text, strlen(text));
}

static void equal_links_have_one_number(void **state)
{
    (void)state;
    uint32_t a, b;

    assert_int_equal(find(";a"), 0);
    a = add(";a");
    b = add(";b");
    assert_true(a != 0 && b != 0 && a != b);
    assert_int_equal(find(";a"), a);
    assert_int_equal(find(";b"), b);
    assert_int_equal(find(";c"), 0);
    assert_string_equal(links_text(&links, b)->bytes, ";b");
    assert_null(links_text(&links, 0));
    assert_null(links_text(&links, 12345));
}

static void a_sweep_keeps_what_is_marked_or_held(void **state)
{
    (void)state;
    uint32_t a = add(";a"), b = add(";b"), c = add(";c");
    struct text *held = text_ref(links_text(&links, c));

    links_mark(&links, b);
    links_mark(&links, 99999);
    links_sweep(&links);
    assert_int_equal(find(";a"), 0);
    assert_null(links_text(&links, a));
    assert_int_equal(find(";b"), b);
    assert_int_equal(find(";c"), c);
    text_unref(held);
    links_sweep(&links);
    assert_int_equal(find(";b"), 0);
    assert_int_equal(find(";c"), 0);
    assert_int_equal(links.live, 0);
    assert_int_equal(links.bytes, 0);
}

static void number_and_bytes_are_bounded(void **state)
{
    (void)state;
    static char text[LINK_URI_BYTES_MAX];
    uint32_t added = 0;

    memset(text, 'x', sizeof text);
    for (uint32_t i = 0; i < 2 * LINKS_MAX; i++) {
        snprintf(text, sizeof text, ";%u", i);
        added += links_add(&links, text, strlen(text)) != 0;
    }
    assert_int_equal(added, LINKS_MAX);
    assert_true(links_want_sweep(&links, 1));
    links_sweep(&links);
    assert_false(links_want_sweep(&links, 1));
    added = 0;
    for (uint32_t i = 0; i < LINKS_MAX; i++) {
        text[0] = (char)('a' + i % 26);
        text[1] = (char)('a' + i / 26 % 26);
        text[2] = (char)('a' + i / 676);
        added += links_add(&links, text, sizeof text) != 0;
    }
    assert_int_equal(added, LINKS_BYTES_MAX / sizeof text);
    assert_true(links.bytes <= LINKS_BYTES_MAX);
}

/* Through an emulator: more links than there is room for, of which few are on the screen. */
static void links_that_are_gone_make_room(void **state)
{
    (void)state;
    struct emulator *e = emulator_new(EMULATOR_HOST, 2, 4);
    char text[64];

    for (unsigned i = 0; i < 5 * LINKS_MAX; i++) {
        int len = snprintf(text, sizeof text, "\033]8;id=%u;http://example.org/%u\a\rx", i, i);
        emulator_write(e, (const uint8_t *)text, (size_t)len, NULL);
        const struct screen *s = emulator_screen(e);
        const struct style *style = pool_style(s->pool, s->row[0]->cell[0].style);
        snprintf(text, sizeof text, "id=%u;http://example.org/%u", i, i);
        assert_non_null(pool_link(s->pool, style->link));
        assert_string_equal(pool_link(s->pool, style->link)->bytes, text);
        assert_ptr_equal(s->pen_link, pool_link(s->pool, style->link));
    }
    emulator_free(e);
}

/* All on the screen: those that find no room are plain text, and it does not take long. */
static void a_screen_full_of_links_gets_no_more(void **state)
{
    (void)state;
    struct emulator *e = emulator_new(EMULATOR_HOST, 100, 100);
    char text[64];
    uint32_t with_link = 0;

    for (unsigned i = 0; i < 10000; i++) {
        int len = snprintf(text, sizeof text, "\033]8;;u%u\ax", i);
        emulator_write(e, (const uint8_t *)text, (size_t)len, NULL);
        with_link += emulator_screen(e)->pen.link != 0;
    }
    assert_int_equal(with_link, LINKS_MAX);
    emulator_free(e);
}

#define LINKS_TEST(name) cmocka_unit_test_teardown(name, release)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LINKS_TEST(equal_links_have_one_number),
        LINKS_TEST(a_sweep_keeps_what_is_marked_or_held),
        LINKS_TEST(number_and_bytes_are_bounded),
        LINKS_TEST(links_that_are_gone_make_room),
        LINKS_TEST(a_screen_full_of_links_gets_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
