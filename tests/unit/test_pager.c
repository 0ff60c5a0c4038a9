/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/screens.h"

#include <stdio.h>
#include <stdlib.h>

#include "overlay/pager.h"

/*
 * A pager over a screen of 5 rows and 12 columns, whose top row is line 100, in a window as large:
 * one row of it is the bar's, so four lines are in view.
 */
struct world {
    struct pager pager;
    struct pool *pool;
    struct screen screen;
    struct screen frame;
};

#define SEARCH_LINES 256

static void put_line(struct screen *s, size_t row, const char *text)
{
    screen_erase(s, row, 0, s->cols, &style_plain);
    put_text(s, row, 0, text);
}

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    char text[16];

    w->pool = pool_new();
    screen_init(&w->screen, w->pool, 5, 12);
    for (size_t row = 0; row < 5; row++) {
        snprintf(text, sizeof text, "screen %zu", row);
        put_line(&w->screen, row, text);
    }
    w->screen.cursor_row = 4;
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;

    pager_release(&w->pager);
    screen_release(&w->screen);
    if (w->frame.rows)
        screen_release(&w->frame);
    pool_unref(w->pool);
    free(w);
    return 0;
}

#define PAGER_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static void add(struct world *w, uint64_t number, const char *text, bool wrapped)
{
    size_t len = strlen(text);
    struct row *r = row_new(w->pool, len ? len : 1);

    for (size_t i = 0; i < len; i++)
        r->cell[i].glyph = (uint8_t)text[i];
    r->used = (uint16_t)len;
    r->wrapped = wrapped;
    pager_add_line(&w->pager, number, r);
    row_unref(r);
}

static void add_range(struct world *w, uint64_t first, uint64_t end)
{
    char text[32];

    for (uint64_t n = first; n < end; n++) {
        snprintf(text, sizeof text, "line %u", (unsigned)n);
        add(w, n, text, false);
    }
    pager_lines_added(&w->pager);
}

static void begin(struct world *w)
{
    pager_open(&w->pager, &w->screen, 5, 12);
    pager_set_numbers(&w->pager, &w->screen, 0, 100);
}

static void press(struct world *w, const char *keys)
{
    for (; *keys; keys++) {
        struct keypress k = {.code = (uint8_t)*keys, .event = KEYPRESS_DOWN, .byte = *keys};
        pager_key(&w->pager, &k);
    }
}

static void press_function(struct world *w, uint32_t function)
{
    pager_key(&w->pager,
              &(struct keypress){.function = function, .event = KEYPRESS_DOWN, .byte = -1});
}

static void draw(struct world *w)
{
    if (w->frame.rows)
        screen_release(&w->frame);
    screen_copy(&w->frame, &w->screen);
    pager_apply(&w->pager, &w->frame);
    check_invariants(&w->frame);
}

/* The rows below the bar, with bars between them. */
static void check_view(struct world *w, const char *want)
{
    struct buf text = {0};

    draw(w);
    assert_string_equal(row_text(&w->frame, 0), "............");
    for (size_t row = 1; row < w->frame.rows; row++) {
        const char *line = row_text(&w->frame, row);
        size_t len = strlen(line);
        while (len > 0 && line[len - 1] == '.')
            len--;
        buf_append(&text, line, len);
        buf_append_byte(&text, '|');
    }
    buf_append_byte(&text, 0);
    assert_string_equal((const char *)text.data, want);
    buf_release(&text);
}

static void check_status(struct world *w, const char *want)
{
    char status[PAGER_STATUS_BYTES];

    pager_status(&w->pager, status);
    assert_string_equal(status, want);
}

static void check_wants(struct world *w, bool wants, uint64_t first, uint32_t count)
{
    uint64_t got_first = 0;
    uint32_t got_count = 0;

    assert_int_equal(pager_wants(&w->pager, SEARCH_LINES, &got_first, &got_count), wants);
    if (wants) {
        assert_int_equal(got_first, first);
        assert_int_equal(got_count, count);
    }
}

static void closed_it_does_nothing(void **state)
{
    struct world *w = *state;

    screen_copy(&w->frame, &w->screen);
    pager_apply(&w->pager, &w->frame);
    assert_true(screen_equal(&w->frame, &w->screen));
    check_wants(w, false, 0, 0);
    press(w, "k");
    assert_false(w->pager.open);
}

static void begins_at_the_end(void **state)
{
    struct world *w = *state;

    modelist_set(&w->screen.mouse_reporting, MOUSE_ANY, true);
    w->screen.cursor_visible = true;
    pager_open(&w->pager, &w->screen, 5, 12);
    check_view(w, "screen 1|screen 2|screen 3|screen 4|");
    check_status(w, "looking back: waiting for the server, q to leave");
    assert_int_equal(screen_mouse_reporting(&w->frame), MOUSE_OFF);
    assert_false(w->frame.cursor_visible);
    check_wants(w, true, UINT64_MAX, PAGER_PAGE_LINES);
    press(w, "k");
    check_view(w, "screen 0|screen 1|screen 2|screen 3|");
    press(w, "kkkg"); /* nothing above is known of yet */
    check_view(w, "screen 0|screen 1|screen 2|screen 3|");
    pager_set_numbers(&w->pager, &w->screen, 0, 100);
    check_status(w, "lines 101-104 of 105, q to leave, / to search");
}

static void keys_move_the_view(void **state)
{
    struct world *w = *state;
    static const struct {
        uint32_t function;
        const char *keys;
        unsigned top; /* the line in the first row */
    } steps[] = {
        {'A', NULL, 100},
        {'A', NULL, 99},
        {0, "k", 98},
        {'B', NULL, 99},
        {0, "j", 100},
        {KEYPRESS_NUMBER(5), NULL, 97},
        {0, "\x02", 94},
        {0, "b", 91},
        {KEYPRESS_NUMBER(6), NULL, 94},
        {0, "\x06", 97},
        {0, "\x15", 95}, /* half of it */
        {0, "\x04", 97},
        {'H', NULL, 0},
        {0, "k", 0},
        {'F', NULL, 101},
        {0, "j", 101},
        {0, "g", 0},
        {0, "G", 101},
        {KEYPRESS_KITTY(57421), NULL, 98},
        {0, "\r", 99},
    };

    begin(w);
    add_range(w, 0, 100);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        char want[64];
        if (steps[i].keys)
            press(w, steps[i].keys);
        else
            press_function(w, steps[i].function);
        snprintf(want, sizeof want, "lines %u-%u of 105, q to leave, / to search", steps[i].top + 1,
                 steps[i].top + 4);
        check_status(w, want);
    }
    pager_wheel(&w->pager, true);
    check_status(w, "lines 97-100 of 105, q to leave, / to search");
    pager_wheel(&w->pager, false);
    check_view(w, "line 99|screen 0|screen 1|screen 2|");
}

static void leaves(void **state)
{
    struct world *w = *state;
    static const char *const keys[] = {"q", "\x1b", "\x03"};

    for (size_t i = 0; i < 3; i++) {
        begin(w);
        press(w, keys[i]);
        assert_false(w->pager.open);
    }
    begin(w);
    pager_key(&w->pager, &(struct keypress){.code = 'q', .event = KEYPRESS_UP, .byte = 'q'});
    pager_key(&w->pager,
              &(struct keypress){
                  .code = 'q', .event = KEYPRESS_DOWN, .modifiers = KEYPRESS_ALT, .byte = 'q'});
    assert_true(w->pager.open);
}

static void asks_for_what_comes_into_view(void **state)
{
    struct world *w = *state;

    begin(w);
    check_wants(w, true, 0, 100); /* ahead of the user */
    w->pager.next = 1000;
    check_wants(w, true, 1000 - PAGER_PAGE_LINES, PAGER_PAGE_LINES);
    add_range(w, 1000 - PAGER_PAGE_LINES, 1000);
    check_wants(w, false, 0, 0);
    press(w, "\x02\x02");
    check_wants(w, false, 0, 0);
    for (int i = 0; i < 40; i++)
        press(w, "\x02");
    check_view(w, "line 875|line 876|line 877|line 878|");
    check_wants(w, true, 872 - PAGER_PAGE_LINES, PAGER_PAGE_LINES); /* before it is needed */
    press(w, "\x02\x02");
    check_view(w, "|||line 872|");
    add_range(w, 800, 872); /* fewer than were asked for */
    check_view(w, "line 869|line 870|line 871|line 872|");
    press(w, "g");
    check_wants(w, true, 0, 4);
    add_range(w, 0, 4);
    check_wants(w, true, 4, PAGER_PAGE_LINES);
    add_range(w, 4, 4 + PAGER_PAGE_LINES);
    check_wants(w, false, 0, 0);
    press(w, "G");
    check_wants(w, false, 0, 0);
}

static void asks_for_no_more_than_it_may(void **state)
{
    struct world *w = *state;
    uint64_t first;
    uint32_t count;

    pager_open(&w->pager, &w->screen, 5, 12);
    assert_true(pager_wants(&w->pager, 10, &first, &count));
    assert_int_equal(count, 10);
    pager_set_numbers(&w->pager, &w->screen, 0, 100);
    assert_true(pager_wants(&w->pager, 10, &first, &count)); /* the nearest ones */
    assert_int_equal(first, 90);
    assert_int_equal(count, 10);
    press(w, "g");
    assert_true(pager_wants(&w->pager, 1, &first, &count));
    assert_int_equal(first, 3);
    add_range(w, 0, 4);
    assert_true(pager_wants(&w->pager, 5, &first, &count));
    assert_int_equal(first, 4);
    assert_int_equal(count, 5);
}

static void what_is_missing_is_marked(void **state)
{
    struct world *w = *state;

    begin(w);
    add_range(w, 97, 99);
    press(w, "kkkk");
    draw(w);
    assert_string_equal(row_text(&w->frame, 1), "line 97.....");
    assert_string_equal(row_text(&w->frame, 2), "line 98.....");
    assert_string_equal(row_text(&w->frame, 3), "............");
    assert_int_equal(w->frame.row[3]->cell[0].glyph, '.');
    check_wants(w, true, 99, 1);
}

/* What is looked at stays, whatever becomes of the session; but it is one moment's: that of the
   first numbers. */
static void the_view_stays(void **state)
{
    struct world *w = *state;
    struct screen now;

    pager_open(&w->pager, &w->screen, 5, 12);
    screen_copy(&now, &w->screen);
    put_line(&now, 4, "changed");
    pager_set_numbers(&w->pager, &now, 0, 103);
    check_view(w, "screen 1|screen 2|screen 3|changed|");
    add_range(w, 0, 103);
    press(w, "kk");
    check_view(w, "line 102|screen 0|screen 1|screen 2|");
    put_line(&now, 0, "later");
    pager_set_numbers(&w->pager, &now, 0, 5000);
    check_view(w, "line 102|screen 0|screen 1|screen 2|");
    check_status(w, "lines 103-106 of 108, q to leave, / to search");
    screen_release(&now);
}

/* The server forgets the oldest while the user looks: what was fetched is still there, and above it
   is nothing any more. */
static void forgotten_lines_are_gone(void **state)
{
    struct world *w = *state;

    begin(w);
    add_range(w, 90, 100);
    pager_set_numbers(&w->pager, &w->screen, 95, 200);
    press(w, "g");
    check_view(w, "line 90|line 91|line 92|line 93|");
    check_status(w, "lines 91-94 of 105 (older are gone), q to leave, / to search");
    pager_set_numbers(&w->pager, &w->screen, 500, 700);
    press(w, "G\x02g");
    check_view(w, "line 90|line 91|line 92|line 93|");
    check_wants(w, false, 0, 0);
    /* Who begins anew sees what the server still has. */
    press(w, "q");
    pager_open(&w->pager, &w->screen, 5, 12);
    pager_set_numbers(&w->pager, &w->screen, 98, 100);
    press(w, "g");
    check_view(w, "line 98|line 99|screen 0|screen 1|");
}

static void looking_again_needs_no_network(void **state)
{
    struct world *w = *state;

    begin(w);
    add_range(w, 0, 100);
    press(w, "q");
    begin(w);
    press(w, "\x02");
    check_view(w, "line 98|line 99|screen 0|screen 1|");
    check_wants(w, false, 0, 0);
}

static void no_history_is_no_trouble(void **state)
{
    struct world *w = *state;

    pager_open(&w->pager, &w->screen, 5, 12);
    pager_set_numbers(&w->pager, &w->screen, 7, 7);
    press(w, "gkb");
    check_view(w, "screen 0|screen 1|screen 2|screen 3|");
    check_wants(w, false, 0, 0);
    pager_set_numbers(&w->pager, &w->screen, 9, 8); /* cannot be */
    check_wants(w, false, 0, 0);
}

static void windows_of_all_sizes(void **state)
{
    struct world *w = *state;

    begin(w);
    add(w, 99, "a line that is longer than the window", false);
    add(w, 98, "x\xE4", false);
    for (size_t rows = 1; rows < 9; rows++) {
        for (size_t cols = 1; cols < 15; cols++) {
            pager_resize(&w->pager, rows, cols);
            if (w->frame.rows)
                screen_release(&w->frame);
            screen_copy(&w->frame, &w->screen);
            screen_resize(&w->frame, rows, cols, &style_plain);
            press(w, "\x02");
            pager_apply(&w->pager, &w->frame);
            check_invariants(&w->frame);
            press(w, "/abc");
            pager_apply(&w->pager, &w->frame);
            check_invariants(&w->frame);
            press(w, "\x1b");
            press(w, "G");
        }
    }
    pager_resize(&w->pager, 9, 12); /* more rows than the screen has */
    screen_release(&w->frame);
    screen_copy(&w->frame, &w->screen);
    screen_resize(&w->frame, 9, 12, &style_plain);
    pager_apply(&w->pager, &w->frame);
    assert_string_equal(row_text(&w->frame, 3), "a line that ");
    assert_string_equal(row_text(&w->frame, 4), "screen 0....");
    assert_string_equal(row_text(&w->frame, 8), "screen 4....");
}

static void wide_characters_are_not_cut(void **state)
{
    struct world *w = *state;
    struct row *r = row_new(w->pool, 4);

    for (size_t i = 0; i < 4; i += 2) {
        r->cell[i].glyph = 0x4E2D | CELL_WIDE;
        r->cell[i + 1].glyph = CELL_TRAIL;
    }
    r->used = 4;
    begin(w);
    pager_add_line(&w->pager, 99, r);
    row_unref(r);
    pager_resize(&w->pager, 5, 3);
    screen_copy(&w->frame, &w->screen);
    screen_resize(&w->frame, 5, 3, &style_plain);
    press(w, "kk");
    pager_apply(&w->pager, &w->frame);
    check_invariants(&w->frame);
    assert_string_equal(row_text(&w->frame, 1), "\xE4\xB8\xAD-.");
}

/* So that the terminal's own selection gives whole lines. */
static void wrapped_text_is_one_line(void **state)
{
    struct world *w = *state;

    begin(w);
    add(w, 97, "0123456789ab", true);
    add(w, 98, "cdefghijklmn", true);
    add(w, 99, "op", false);
    press(w, "kkkk");
    check_view(w, "0123456789ab|cdefghijklmn|op|screen 0|");
    assert_true(w->frame.row[1]->wrapped);
    assert_true(w->frame.row[2]->wrapped);
    assert_false(w->frame.row[3]->wrapped);
}

/* The display finds what scrolled by the rows' identities. */
static void rows_keep_their_identity(void **state)
{
    struct world *w = *state;
    uint64_t identity;

    begin(w);
    add_range(w, 0, 100);
    press(w, "kkkk");
    draw(w);
    identity = w->frame.row[1]->identity;
    assert_int_not_equal(identity, w->frame.row[2]->identity);
    press(w, "k");
    draw(w);
    assert_int_equal(w->frame.row[2]->identity, identity);
}

/* --- searching --- */

static bool is_inverse(struct world *w, size_t row, size_t col)
{
    const struct cell *cell = &w->frame.row[row]->cell[col];

    return (pool_style(w->pool, cell->style)->attributes & STYLE_INVERSE) != 0;
}

static void check_marked(struct world *w, size_t row, const char *marks)
{
    char got[16];

    draw(w);
    for (size_t col = 0; col < 12; col++)
        got[col] = is_inverse(w, row, col) ? '#' : '-';
    got[12] = '\0';
    assert_string_equal(got, marks);
}

static void finds_and_marks(void **state)
{
    struct world *w = *state;

    begin(w);
    add_range(w, 0, 100);
    press(w, "?");
    check_status(w, "search up: Return to find, Esc to go back");
    press(w, "e 45\r");
    check_view(w, "line 43|line 44|line 45|line 46|");
    check_marked(w, 3, "---####-----");
    check_marked(w, 2, "------------");
    press(w, "?e 4\r");
    check_marked(w, 1, "---###------");
    check_view(w, "line 43|line 44|line 45|line 46|"); /* what is in view is found first */
    press(w, "n");
    press(w, "N");
    press(w, "/N 5\r"); /* capitals count */
    check_status(w, "not found below");
    press(w, "/E 5\r");
    check_status(w, "not found below");
    press(w, "/e 5\r");
    check_view(w, "line 48|line 49|line 50|line 51|");
    press(w, "n");
    press(w, "j");
    check_marked(w, 2, "---###------");
}

static void goes_from_one_to_the_next(void **state)
{
    struct world *w = *state;

    begin(w);
    add_range(w, 0, 100);
    press(w, "g/7\r");
    check_view(w, "line 5|line 6|line 7|line 8|");
    press(w, "n");
    check_view(w, "line 15|line 16|line 17|line 18|");
    press(w, "n");
    check_view(w, "line 25|line 26|line 27|line 28|");
    press(w, "N");
    check_view(w, "line 15|line 16|line 17|line 18|");
    press(w, "NN");
    check_status(w, "not found above");
    press(w, "/\r"); /* the same again, from here */
    check_view(w, "line 15|line 16|line 17|line 18|");
}

static void a_search_waits_for_lines(void **state)
{
    struct world *w = *state;

    begin(w);
    w->pager.next = 1000;
    add_range(w, 900, 1000);
    press(w, "?line 4.\b2\r");
    check_status(w, "searching, Esc to stop");
    check_wants(w, true, 900 - SEARCH_LINES, SEARCH_LINES);
    add_range(w, 600, 900);
    check_wants(w, true, 600 - SEARCH_LINES, SEARCH_LINES);
    add_range(w, 344, 600);
    check_view(w, "line 427|line 428|line 429|line 430|");
    press(w, "?nothing\r");
    check_status(w, "searching, Esc to stop");
    press(w, "\x1b");
    assert_true(w->pager.open);
    check_view(w, "line 427|line 428|line 429|line 430|");
    press(w, "g/line 30\r");
    check_wants(w, true, 0, 4);
    add_range(w, 0, 4);
    check_wants(w, true, 4, SEARCH_LINES);
    add_range(w, 4, 260);
    check_view(w, "line 28|line 29|line 30|line 31|");
}

static void finds_what_goes_on_in_the_next_row(void **state)
{
    struct world *w = *state;

    begin(w);
    add(w, 97, "0123456789ab", true);
    add(w, 98, "cdefghijklmn", true);
    add(w, 99, "op", false);
    press(w, "?abcd\r");
    press(w, "G?abcd\r");
    draw(w);
    for (size_t row = 1; row < 5; row++) {
        if (w->frame.row[row]->cell[0].glyph != '0')
            continue;
        check_marked(w, row, "----------##");
        check_marked(w, row + 1, "##----------");
        return;
    }
    fail_msg("the text is not in view");
}

static void prompts_can_be_edited(void **state)
{
    struct world *w = *state;

    begin(w);
    add_range(w, 90, 100);
    press(w, "/abc");
    draw(w);
    assert_string_equal(row_text(&w->frame, 4), "/abc........");
    assert_true(w->frame.cursor_visible);
    assert_int_equal(w->frame.cursor_row, 4);
    assert_int_equal(w->frame.cursor_col, 4);
    press(w, "\x7f\b");
    pager_key(&w->pager, &(struct keypress){.code = 0x4E2D, .event = KEYPRESS_DOWN, .byte = -1});
    draw(w);
    assert_string_equal(row_text(&w->frame, 4), "/a\xE4\xB8\xAD-........");
    press(w, "\x7f");
    draw(w);
    assert_string_equal(row_text(&w->frame, 4), "/a..........");
    press(w, "\x15");
    draw(w);
    assert_string_equal(row_text(&w->frame, 4), "/...........");
    press(w, "\x7f"); /* there is nothing left to take away */
    assert_int_equal(w->pager.prompt, 0);
    press(w, "/q\x1b");
    assert_true(w->pager.open);
    press(w, "/\r"); /* no pattern yet */
    check_status(w, "lines 102-105 of 105, q to leave, / to search");
    for (int i = 0; i < 300; i++)
        press(w, i == 0 ? "/" : "x");
    draw(w);
    assert_int_equal(w->pager.typed.len, PAGER_PATTERN_MAX);
}

/* Its end is shown, where the cursor is: of a wide character that is cut, nothing. */
static void prompts_may_be_longer_than_the_row(void **state)
{
    struct world *w = *state;

    begin(w);
    press(w, "/0123456789");
    draw(w);
    assert_string_equal(row_text(&w->frame, 4), "/0123456789.");
    assert_int_equal(w->frame.cursor_col, 11);
    press(w, "x");
    draw(w);
    assert_string_equal(row_text(&w->frame, 4), "/123456789x.");
    assert_int_equal(w->frame.cursor_col, 11);
    press(w, "\x15");
    pager_key(&w->pager, &(struct keypress){.code = 0x4E2D, .event = KEYPRESS_DOWN, .byte = -1});
    press(w, "012345678");
    draw(w);
    assert_string_equal(row_text(&w->frame, 4), "/012345678..");
    assert_int_equal(w->frame.cursor_col, 10);
}

static void prompts_fit_into_any_window(void **state)
{
    struct world *w = *state;

    for (size_t cols = 1; cols < 5; cols++) {
        struct screen frame;
        pager_release(&w->pager);
        pager_open(&w->pager, &w->screen, 2, cols);
        press(w, "/ab");
        screen_init(&frame, w->pool, 2, cols);
        pager_apply(&w->pager, &frame);
        check_invariants(&frame);
        assert_int_equal(frame.cursor_col, cols < 4 ? cols - 1 : 3);
        screen_release(&frame);
    }
}

static void patterns_can_be_pasted(void **state)
{
    struct world *w = *state;
    static const char text[] = "a\xE4\xB8\xAD\xFFz\nq";

    begin(w);
    pager_paste(&w->pager, (const uint8_t *)text, sizeof text - 1); /* is for nobody */
    press(w, "/");
    pager_paste(&w->pager, (const uint8_t *)text, sizeof text - 1);
    draw(w);
    assert_string_equal(row_text(&w->frame, 4), "/a\xE4\xB8\xAD-z.......");
    assert_true(w->pager.open);
}

static void what_is_kept_is_bounded(void **state)
{
    struct world *w = *state;
    struct row *r = row_new(w->pool, SCREEN_SIDE_MAX);

    begin(w);
    for (uint64_t n = 0; n < 3 * PAGER_LINES_MAX; n++) {
        pager_add_line(&w->pager, n, r);
        assert_true(w->pager.cells <= PAGER_CELLS_MAX);
    }
    row_unref(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PAGER_TEST(closed_it_does_nothing),
        PAGER_TEST(begins_at_the_end),
        PAGER_TEST(keys_move_the_view),
        PAGER_TEST(leaves),
        PAGER_TEST(asks_for_what_comes_into_view),
        PAGER_TEST(asks_for_no_more_than_it_may),
        PAGER_TEST(what_is_missing_is_marked),
        PAGER_TEST(the_view_stays),
        PAGER_TEST(forgotten_lines_are_gone),
        PAGER_TEST(looking_again_needs_no_network),
        PAGER_TEST(no_history_is_no_trouble),
        PAGER_TEST(windows_of_all_sizes),
        PAGER_TEST(wide_characters_are_not_cut),
        PAGER_TEST(wrapped_text_is_one_line),
        PAGER_TEST(rows_keep_their_identity),
        PAGER_TEST(finds_and_marks),
        PAGER_TEST(goes_from_one_to_the_next),
        PAGER_TEST(a_search_waits_for_lines),
        PAGER_TEST(finds_what_goes_on_in_the_next_row),
        PAGER_TEST(prompts_can_be_edited),
        PAGER_TEST(prompts_may_be_longer_than_the_row),
        PAGER_TEST(prompts_fit_into_any_window),
        PAGER_TEST(patterns_can_be_pasted),
        PAGER_TEST(what_is_kept_is_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
