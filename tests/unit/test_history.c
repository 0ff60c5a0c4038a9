/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/emulators.h"

#include <stdio.h>

#include "terminal/history.h"

/* --- the ring alone --- */

static struct cell *line_cells(const struct history *h, uint64_t number)
{
    static struct cell cells[SCREEN_SIDE_MAX];

    history_read(h, number, cells);
    return cells;
}

/* A row whose every cell says which line it is; every other one is Latin-1, or nearly so. */
static struct cell numbered_cell(uint64_t number, size_t col)
{
    static const uint32_t masks[] = {CELL_CODE_MASK, 0xFF, CELL_CODE_MASK, 0x1FF};

    return (struct cell){.glyph = (uint32_t)(number * 31 + col) & masks[number % 4],
                         .style = number % 5 == 4 ? (uint32_t)col : (uint32_t)number};
}

static struct row *numbered_row(struct pool *p, uint32_t number, size_t used, size_t cols)
{
    struct row *r = row_new(p, cols);

    for (size_t col = 0; col < used; col++)
        r->cell[col] = numbered_cell(number, col);
    r->used = (uint16_t)used;
    r->wrapped = number % 3 == 0;
    return r;
}

static void check_numbered(const struct history *h, uint64_t number, size_t used)
{
    const struct cell *cell = line_cells(h, number);

    assert_int_equal(history_used(h, number), used);
    assert_int_equal(history_wrapped(h, number), number % 3 == 0);
    for (size_t col = 0; col < used; col++)
        assert_true(cell_equal(cell[col], numbered_cell(number, col)));
}

static void begins_empty_and_takes_no_memory(void **state)
{
    (void)state;
    struct history *h = history_new();

    assert_int_equal(history_oldest(h), 0);
    assert_int_equal(history_next(h), 0);
    assert_true(history_footprint(h) < 100);
    history_set_wrapped(h);
    history_shrink(h, 0);
    history_clear(h);
    assert_int_equal(history_next(h), 0);
    history_free(h);
    history_free(NULL);
}

static void keeps_the_newest_lines(void **state)
{
    (void)state;
    struct pool *p = pool_new();
    struct history *h = history_new();
    uint32_t count = HISTORY_LINES_MAX + 500;

    for (uint32_t n = 0; n < count; n++) {
        struct row *r = numbered_row(p, n, n % 20, 80);
        history_push(h, r);
        row_unref(r);
        assert_int_equal(history_next(h), n + 1);
        assert_true(history_next(h) - history_oldest(h) <= HISTORY_LINES_MAX);
    }
    assert_in_range(history_oldest(h), 500, 600);
    for (uint32_t n = (uint32_t)history_oldest(h); n < count; n++)
        check_numbered(h, n, n % 20);
    history_free(h);
    pool_unref(p);
}

/* Long lines, that the bound on bytes drops long before there are too many of them. */
static void is_bounded_by_bytes(void **state)
{
    (void)state;
    struct pool *p = pool_new();
    struct history *h = history_new();

    for (uint32_t n = 0; n < 4000; n++) {
        struct row *r = numbered_row(p, n, SCREEN_SIDE_MAX - n % 7, SCREEN_SIDE_MAX);
        history_push(h, r);
        row_unref(r);
    }
    assert_in_range(history_next(h) - history_oldest(h), 150, 250);
    for (uint64_t n = history_oldest(h); n < 4000; n++)
        check_numbered(h, n, SCREEN_SIDE_MAX - n % 7);
    assert_true(history_footprint(h) < HISTORY_BYTES_MAX + (256 << 10));
    history_free(h);
    pool_unref(p);
}

/* Ten thousand lines of text, of Latin-1 to its last letter, are all there, in little more than a
   byte for each character. */
static void text_takes_little(void **state)
{
    (void)state;
    struct pool *p = pool_new();
    struct history *h = history_new();
    struct row *r = numbered_row(p, 5, 120, 120);

    for (int n = 0; n < HISTORY_LINES_MAX; n++)
        history_push(h, r);
    assert_int_equal(history_oldest(h), 0);
    assert_true(history_footprint(h) < (2 << 20) + (256 << 10));
    row_unref(r);
    history_free(h);
    pool_unref(p);
}

/* Lines of all lengths against a plain list of these lengths. */
static void random_lines_stay_what_they_are(void **state)
{
    (void)state;
    enum { LINES = 30000 };
    static uint16_t used[LINES];
    struct rng rng = {7};
    struct pool *p = pool_new();
    struct history *h = history_new();
    uint64_t oldest = 0;

    for (uint32_t n = 0; n < LINES; n++) {
        size_t most = rng_below(&rng, 50) == 0 ? SCREEN_SIDE_MAX : n / 5000 % 2 ? 300 : 30;
        struct row *r = numbered_row(p, n, rng_below(&rng, most + 1), most);
        used[n] = r->used;
        history_push(h, r);
        row_unref(r);
        if (rng_below(&rng, 7000) == 0)
            history_clear(h);
        if (rng_below(&rng, 3000) == 0)
            history_shrink(h, rng_below(&rng, 500000));
        assert_true(history_oldest(h) >= oldest && history_next(h) == n + 1);
        oldest = history_oldest(h);
        if (n % 1000 == 999)
            for (uint64_t i = oldest; i <= n; i++)
                check_numbered(h, i, used[i]);
    }
    history_free(h);
    pool_unref(p);
}

static void clearing_uses_no_number_again(void **state)
{
    (void)state;
    struct pool *p = pool_new();
    struct history *h = history_new();
    struct row *r = numbered_row(p, 1, 5, 5);

    history_push(h, r);
    history_push(h, r);
    history_clear(h);
    assert_int_equal(history_oldest(h), 2);
    assert_int_equal(history_next(h), 2);
    history_push(h, r);
    assert_int_equal(history_oldest(h), 2);
    assert_int_equal(history_next(h), 3);
    row_unref(r);
    history_free(h);
    pool_unref(p);
}

static void shrinks_from_the_oldest(void **state)
{
    (void)state;
    struct pool *p = pool_new();
    struct history *h = history_new();
    struct row *r = numbered_row(p, 4, 10, 10);

    for (int i = 0; i < 10; i++)
        history_push(h, r);
    history_shrink(h, 100);
    assert_int_equal(history_oldest(h), 0);
    history_shrink(h, 35);
    assert_int_equal(history_oldest(h), 7);
    history_shrink(h, 0);
    assert_int_equal(history_oldest(h), 10);
    row_unref(r);
    history_free(h);
    pool_unref(p);
}

/* --- what the emulator keeps --- */

static int new_keeper(void **state)
{
    (void)state;
    e = emulator_new(EMULATOR_HOST, 3, 10);
    emulator_keep_history(e);
    return 0;
}

#define KEEPER_TEST(name) cmocka_unit_test_setup_teardown(name, new_keeper, free_emulator)

static void write_text(const char *text)
{
    emulator_write(e, (const uint8_t *)text, strlen(text), NULL);
}

/* All that is kept: lines separated by a bar, or by a tilde where the text goes on. */
static void check_kept(uint64_t oldest, const char *want)
{
    const struct history *h = emulator_history(e);
    struct buf text = {0};

    assert_int_equal(history_oldest(h), oldest);
    for (uint64_t n = oldest; n < history_next(h); n++) {
        const struct cell *cell = line_cells(h, n);
        for (size_t col = 0; col < history_used(h, n); col++)
            buf_append_byte(&text, cell[col].glyph ? (uint8_t)cell[col].glyph : '.');
        buf_append_byte(&text, history_wrapped(h, n) ? '~' : '|');
    }
    buf_append_byte(&text, 0);
    assert_string_equal((const char *)text.data, want);
    buf_release(&text);
}

static void nothing_is_kept_before_it_is_wanted(void **state)
{
    (void)state;
    struct emulator *other = emulator_new(EMULATOR_HOST, 1, 10);

    emulator_write(other, (const uint8_t *)"a\r\nb\r\n\033[3J\033c", 11, NULL);
    assert_null(emulator_history(other));
    emulator_free(other);
}

static void keeps_what_scrolls_off_the_top(void **state)
{
    (void)state;
    write_text("one\r\ntwo\r\nthree");
    check_kept(0, "");
    write_text("\r\nfour");
    check_kept(0, "one|");
    write_text("\033D\033E"); /* IND, NEL */
    check_kept(0, "one|two|three|");
    write_text("\033[2S"); /* SU: the screen is four, blank, blank */
    check_kept(0, "one|two|three|four||");
    write_text("last\033[99999S");
    check_kept(0, "one|two|three|four||||last|");
}

static void text_that_wraps_is_one_line(void **state)
{
    (void)state;
    write_text("0123456789abcdefghijKLMNOPQRSTuv\r\nx\r\ny");
    check_kept(0, "0123456789~abcdefghij~KLMNOPQRST~");
    write_text("\r\n\n\n");
    check_kept(0, "0123456789~abcdefghij~KLMNOPQRST~uv|x|y|");
}

static void a_screen_of_one_row_knows_that_it_wraps(void **state)
{
    (void)state;
    emulator_resize(e, 1, 10);
    write_text("0123456789abcdefghijKL\r\n");
    check_kept(0, "0123456789~abcdefghij~KL|");
}

static void only_what_leaves_the_main_buffer_at_its_top(void **state)
{
    (void)state;
    write_text("a\r\nb\r\nc");
    write_text("\033[2;3r\033[3H\n\n\033[S");               /* a region below the top */
    write_text("\033[r\033[H\033[M\033[L\033[T\033M\033M"); /* DL, IL, SD, RI */
    check_kept(0, "");
    write_text("\033[?1049h1\r\n2\r\n3\r\n4\r\n5\033[3S");
    check_kept(0, "");
    write_text("\033[?1049l\033[?69h\033[2;8s\033[3H\033[3G\n\n\033[S");
    check_kept(0, "");
    write_text("\033[?69l\033[1;2r\033[Hx\033[2H\n"); /* from the first row, not to the last */
    check_kept(0, "x|");
}

static void an_erased_screen_is_not_kept(void **state)
{
    (void)state;
    write_text("a\r\nb\033[2J\033[H\033[J");
    check_kept(0, "");
}

static void ed_3_and_ris_forget(void **state)
{
    (void)state;
    write_text("a\r\nb\r\nc\r\nd\r\ne\033[3J");
    check_kept(2, "");
    CHECK_ROW(0, "c.........");
    write_text("\r\nf");
    check_kept(2, "c|");
    write_text("\033[?3J"); /* DECSED knows no 3 */
    check_kept(2, "c|");
    write_text("\033[!p");
    check_kept(2, "c|");
    write_text("\033[?1049h\033[3J\033[?1049l");
    check_kept(3, "");
    write_text("\r\ng\r\nh\033c");
    check_kept(5, "");
}

static void a_smaller_window_keeps_what_it_cuts_off(void **state)
{
    (void)state;
    write_text("a\r\nb\r\nc");
    emulator_resize(e, 2, 10);
    check_kept(0, "a|");
    write_text("\0337\033[?1049h");
    emulator_resize(e, 1, 4);
    check_kept(0, "a|b|");
    write_text("\033[?1049l");
    emulator_resize(e, 3, 20);
    check_kept(0, "a|b|");
    assert_int_equal(history_next(emulator_history(e)), 2);
}

static void clones_have_none(void **state)
{
    (void)state;
    struct emulator *copy;

    write_text("a\r\nb\r\nc\r\nd");
    copy = emulator_clone(e);
    assert_null(emulator_history(copy));
    emulator_write(copy, (const uint8_t *)"\r\n\n\n\033[3J", 8, NULL);
    emulator_free(copy);
    check_kept(0, "a|");
}

/* A snapshot may live longer than what it was taken from. */
static void the_pool_outlives_the_history(void **state)
{
    (void)state;
    struct emulator *first = emulator_new(EMULATOR_HOST, 2, 10), *copy;
    char text[64];

    emulator_keep_history(first);
    emulator_write(first, (const uint8_t *)"a\r\nb\r\nc", 7, NULL);
    copy = emulator_clone(first);
    emulator_free(first);
    for (unsigned i = 0; i < 20000; i++) { /* enough for several sweeps */
        int len = snprintf(text, sizeof text, "\033[38;2;%u;%u;1mx", i >> 8, i & 255);
        emulator_write(copy, (const uint8_t *)text, (size_t)len, NULL);
    }
    emulator_free(copy);
}

/* Styles of lines that only the history holds stay what they are through the pool's sweeps, and
   more of them than it may keep make it shorter and not the screen poorer. */
static void styles_of_kept_lines_live(void **state)
{
    (void)state;
    const struct history *h = emulator_history(e);
    uint32_t count = 400000;
    char text[64];

    for (uint32_t i = 0; i < count; i++) {
        int len =
            snprintf(text, sizeof text, "\033[38;2;%u;%u;%umx\r\n", i >> 16, i >> 8 & 255, i & 255);
        emulator_write(e, (const uint8_t *)text, (size_t)len, NULL);
        if (i % 1000 != 999)
            continue;
        for (uint64_t n = history_oldest(h); n < history_next(h); n++) {
            const struct style *s = pool_style(e->screen.pool, line_cells(h, n)[0].style);
            assert_int_equal(s->foreground, COLOUR_RGB | n);
        }
    }
    assert_in_range(history_next(h) - history_oldest(h), HISTORY_LINES_MAX - 100,
                    HISTORY_LINES_MAX);
}

static void more_styles_than_fit_shorten_the_history(void **state)
{
    (void)state;
    const struct history *h;
    struct buf line = {0};
    uint32_t colour = 0;
    char text[64];

    emulator_free(e);
    e = emulator_new(EMULATOR_HOST, 3, 200);
    emulator_keep_history(e);
    h = emulator_history(e);
    for (int row = 0; row < 4000; row++) {
        buf_clear(&line);
        for (int col = 0; col < 200; col++, colour++) {
            snprintf(text, sizeof text, "\033[38;2;%u;%u;%umx", colour >> 16, colour >> 8 & 255,
                     colour & 255);
            buf_append_str(&line, text);
        }
        buf_append_str(&line, "\r\n");
        emulator_write(e, line.data, line.len, NULL);
    }
    assert_true(history_next(h) - history_oldest(h) >= POOL_STYLES_MAX / 4 / 200);
    for (uint64_t n = history_oldest(h); n < history_next(h); n++)
        for (size_t col = 0; col < 200; col++)
            assert_int_equal(pool_style(e->screen.pool, line_cells(h, n)[col].style)->foreground,
                             COLOUR_RGB | (n * 200 + col));
    assert_int_equal(pool_style(e->screen.pool, e->screen.row[1]->cell[199].style)->foreground,
                     COLOUR_RGB | (colour - 1));
    buf_release(&line);
}

static void clusters_of_kept_lines_live(void **state)
{
    (void)state;
    const struct history *h = emulator_history(e);
    char text[64];

    for (uint32_t i = 0; i < 30000; i++) { /* a letter, and two marks that are a number */
        int len = snprintf(text, sizeof text, "%c\xCC%c\xCC%c\r\n", 'a' + i % 26,
                           0x80 + i / 26 % 32, 0x80 + i / 26 / 32 % 32);
        emulator_write(e, (const uint8_t *)text, (size_t)len, NULL);
    }
    for (uint64_t n = history_oldest(h); n < history_next(h); n++) {
        struct cell cell = line_cells(h, n)[0];
        struct cluster_text got;
        assert_true(cell.glyph & CELL_CLUSTER);
        got = pool_cluster(e->screen.pool, cell.glyph);
        assert_int_equal(got.len, 5);
        assert_int_equal(got.bytes[0], 'a' + (int)(n % 26));
        assert_int_equal((uint8_t)got.bytes[2], 0x80 + n / 26 % 32);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(begins_empty_and_takes_no_memory),
        cmocka_unit_test(keeps_the_newest_lines),
        cmocka_unit_test(is_bounded_by_bytes),
        cmocka_unit_test(text_takes_little),
        cmocka_unit_test(random_lines_stay_what_they_are),
        cmocka_unit_test(clearing_uses_no_number_again),
        cmocka_unit_test(shrinks_from_the_oldest),
        cmocka_unit_test(nothing_is_kept_before_it_is_wanted),
        KEEPER_TEST(keeps_what_scrolls_off_the_top),
        KEEPER_TEST(text_that_wraps_is_one_line),
        KEEPER_TEST(a_screen_of_one_row_knows_that_it_wraps),
        KEEPER_TEST(only_what_leaves_the_main_buffer_at_its_top),
        KEEPER_TEST(an_erased_screen_is_not_kept),
        KEEPER_TEST(ed_3_and_ris_forget),
        KEEPER_TEST(a_smaller_window_keeps_what_it_cuts_off),
        KEEPER_TEST(clones_have_none),
        cmocka_unit_test(the_pool_outlives_the_history),
        KEEPER_TEST(styles_of_kept_lines_live),
        KEEPER_TEST(more_styles_than_fit_shorten_the_history),
        KEEPER_TEST(clusters_of_kept_lines_live),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
