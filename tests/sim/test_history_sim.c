/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Looking back at a flood's lines over bad networks: every line that the user's terminal shows is
 * compared with the server's, page by page, from the last one to the oldest that is kept.
 */

#include "sim.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "statesync/hostscreen.h"
#include "terminal/history.h"

#define ROWS       24
#define COLS       80
#define PAGE_MS    30000 /* a page is there within this time */
#define ESCAPE     "\x1e["
#define PAGE_UP    "\x02"
#define LINES_MAX  500000 /* of a session */
#define LINE_BYTES 56

static const struct link_profile profiles[] = {
    {.name = "perfect"},
    {.name = "loss 10 %", .delay_ms = 30, .jitter_ms = 20, .loss = 100},
    {.name = "loss 30 %", .delay_ms = 50, .jitter_ms = 20, .loss = 300},
    {.name = "reordering", .delay_ms = 40, .reorder = 300, .jitter_ms = 10},
    {.name = "duplication", .delay_ms = 40, .duplicate = 500, .jitter_ms = 60},
    {.name = "corruption", .delay_ms = 40, .corrupt = 200},
    {.name = "narrow", .delay_ms = 40, .bytes_per_s = 16000, .queue_bytes = 64000},
};
#define PROFILES (sizeof profiles / sizeof profiles[0])

static void press(struct sim *s, const char *keys)
{
    client_keys(s->client, s->now, (const uint8_t *)keys, strlen(keys));
}

static const struct history *truth(struct sim *s)
{
    return emulator_history(hostscreen_emulator(transport_local(server_transport(s->server))));
}

/* What a row of the user's terminal says, without blanks at the end. */
static const char *seen(struct sim *s, size_t row)
{
    const struct screen *screen = emulator_screen(s->terminal);
    static struct buf text;

    buf_clear(&text);
    for (size_t col = 0; col < screen->cols; col++)
        row_put_text(screen->row[row], col, &text);
    while (text.len > 0 && text.data[text.len - 1] == ' ')
        text.len--;
    buf_append_byte(&text, 0);
    return (const char *)text.data;
}

/* All lines that ever were in the server's history, by number: it forgets them sooner than a bad
   network has them shown. */
static char lines[LINES_MAX][LINE_BYTES];
static uint64_t line_count;

static void copy_line(struct sim *s, uint64_t number, char text[LINE_BYTES])
{
    static struct cell cells[SCREEN_SIDE_MAX];
    size_t used = history_used(truth(s), number);

    assert_true(number < LINES_MAX && used < LINE_BYTES);
    history_read(truth(s), number, cells);
    for (size_t col = 0; col < used; col++)
        text[col] = cells[col].glyph ? (char)cells[col].glyph : ' ';
    while (used > 0 && text[used - 1] == ' ')
        used--;
    text[used] = '\0';
}

static void run(struct sim *s, msec_t span)
{
    for (msec_t until = s->now + span; s->now < until;) {
        sim_run(s, msec_min(until, s->now + 100));
        if (!truth(s))
            continue;
        assert_true(history_oldest(truth(s)) <= line_count);
        for (; line_count < history_next(truth(s)); line_count++)
            copy_line(s, line_count, lines[line_count]);
    }
}

/* The number of the line in the first row below the bar, as the bar says it; from 0. */
static bool read_bar(struct sim *s, uint64_t *first)
{
    const char *bar = seen(s, 0);

    if (sscanf(bar, "mosh: lines %" SCNu64 "-", first) != 1)
        return false;
    --*first;
    return true;
}

static bool is_complete(struct sim *s, uint64_t first)
{
    uint64_t now;

    if (!read_bar(s, &now) || now != first)
        return false;
    for (size_t row = 1; row < ROWS; row++)
        if (strcmp(seen(s, row), "...") == 0)
            return false;
    return true;
}

/* Waits until the view begins at another line than `before`, and all of it is there; or until there
   are no other lines, since the server forgets them while they are asked for. */
static uint64_t wait_for_page(struct sim *s, uint64_t before)
{
    msec_t until = s->now + PAGE_MS;
    uint64_t first = before;

    while (s->now < until) {
        run(s, 10);
        if (read_bar(s, &first) && is_complete(s, first) &&
            (first != before || strstr(seen(s, 0), "older are gone")))
            return first;
    }
    for (size_t row = 0; row < ROWS; row++)
        print_error("%s\n", seen(s, row));
    sim_fail(s, "the page does not come");
}

/* Returns how many of the rows were lines of the history. */
static size_t check_page(struct sim *s, uint64_t first, size_t rows)
{
    size_t checked = 0;

    for (size_t row = 1; row < rows; row++) {
        uint64_t number = first + row - 1;
        if (number >= line_count)
            continue;
        if (strcmp(seen(s, row), lines[number]) != 0) {
            print_error("row %zu is '%s', and line %" PRIu64 " '%s'\n", row, seen(s, row), number,
                        lines[number]);
            sim_fail(s, "a line is wrong");
        }
        checked++;
    }
    return checked;
}

static const struct link_profile good = {.name = "good", .delay_ms = 20};

static void begin(struct sim *s, size_t i)
{
    uint64_t seed = 1 + i;

    while (rng_next(&(struct rng){seed}) & 1) /* such a client announces nothing (sim_init) */
        seed += PROFILES;
    line_count = 0;
    sim_init(s, seed, &good, PROGRAM_FLOODER, ROWS, COLS);
    run(s, 2000);
    s->what = profiles[i % PROFILES].name;
    link_set_profile(s->link, &profiles[i % PROFILES]);
    sim_type(s, (const uint8_t *)"x", 1);
    run(s, 1500);
}

static void settle_down(struct sim *s)
{
    for (int i = 0; i < 100 && s->program.flooding; i++) {
        if (i == 0)
            sim_type(s, (const uint8_t *)"x", 1);
        run(s, 500);
    }
    run(s, 10000);
}

/* On a good network in the end, or the bar may still be there. */
static void check_rest(struct sim *s)
{
    press(s, "q");
    settle_down(s);
    link_set_profile(s->link, &good);
    run(s, 20000);
    sim_check_screens(s);
}

static void every_line_is_right(void **state)
{
    (void)state;
    for (size_t i = 0; i < PROFILES; i++) {
        struct sim s;
        uint64_t first, before;
        size_t checked = 0;

        begin(&s, i);
        settle_down(&s);
        press(&s, ESCAPE);
        first = wait_for_page(&s, UINT64_MAX);
        assert_true(history_next(truth(&s)) > 1000);
        assert_int_equal(first, history_next(truth(&s)) + 1);
        while (first > history_oldest(truth(&s))) {
            before = first;
            press(&s, PAGE_UP);
            first = wait_for_page(&s, before);
            assert_true(first + ROWS - 2 == before || first == history_oldest(truth(&s)));
            checked += check_page(&s, first, ROWS);
        }
        assert_true(checked >= history_next(truth(&s)) - history_oldest(truth(&s)));
        check_rest(&s);
        sim_release(&s);
    }
}

/* The program goes on writing: what is shown is one moment's, and no line is missing at its seam.
 */
static void a_flood_goes_on_behind(void **state)
{
    (void)state;
    for (size_t i = 0; i < PROFILES; i++) {
        struct sim s;
        uint64_t first = UINT64_MAX;

        begin(&s, i);
        press(&s, ESCAPE);
        for (int page = 0; page < 5; page++) {
            uint64_t before = first;
            first = wait_for_page(&s, before);
            if (first == before)
                break;
            assert_true(s.program.flooding);
            run(&s, 200);
            /* The last row of the first page has been written since. */
            assert_int_equal(check_page(&s, first, page == 0 ? ROWS - 1 : ROWS),
                             page == 0 ? ROWS - 2 : ROWS - 1);
            press(&s, PAGE_UP);
        }
        check_rest(&s);
        sim_release(&s);
    }
}

/* For a client that cannot ask nothing is kept. */
static void others_get_none(void **state)
{
    (void)state;
    uint64_t seed = 1;
    struct sim s;

    while (!(rng_next(&(struct rng){seed}) & 1)) /* as a stock client (sim_init) */
        seed++;
    sim_init(&s, seed, &good, PROGRAM_FLOODER, ROWS, COLS);
    run(&s, 2000);
    sim_type(&s, (const uint8_t *)"x", 1);
    run(&s, 1000);
    assert_null(truth(&s));
    press(&s, ESCAPE);
    run(&s, 100);
    assert_non_null(strstr(seen(&s, 0), "keeps no lines"));
    settle_down(&s);
    sim_check_screens(&s);
    sim_release(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_is_right),
        cmocka_unit_test(a_flood_goes_on_behind),
        cmocka_unit_test(others_get_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
