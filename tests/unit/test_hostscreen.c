/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "statesync/hostscreen.h"
#include "terminal/profile.h"
#include "transport/receiver.h"
#include "wire/hostmsg.h"

#define OPS hostscreen_ops

static void feed(struct hostscreen *h, const char *bytes)
{
    emulator_write(hostscreen_emulator(h), (const uint8_t *)bytes, strlen(bytes), NULL);
}

static int apply(struct hostscreen *h, const struct buf *diff)
{
    return OPS.apply(h, diff->data, diff->len);
}

/* The text of a screen, its rows one after the other. */
static void check_row(const struct hostscreen *h, size_t row, const char *want)
{
    const struct screen *s = hostscreen_screen(h);
    struct buf text = {0};

    for (size_t col = 0; col < s->cols; col++)
        row_put_text(s->row[row], col, &text);
    while (text.len > 0 && text.data[text.len - 1] == ' ')
        text.len--;
    buf_append_byte(&text, 0);
    assert_string_equal((const char *)text.data, want);
    buf_release(&text);
}

static void mirror_follows(void **state)
{
    (void)state;
    struct hostscreen *live = hostscreen_new(EMULATOR_HOST, 5, 20), *zero = OPS.clone(live);
    struct hostscreen *mirror = hostscreen_new(EMULATOR_MIRROR, 24, 80);
    struct buf diff = {0};

    hostscreen_leave_zero(live);
    feed(live, "hello\r\nw\xc3\xb6rld");
    hostscreen_set_echo_ack(live, 7);
    OPS.diff(zero, live, &diff);
    assert_int_equal(apply(mirror, &diff), 0);
    check_row(mirror, 0, "hello");
    check_row(mirror, 1, "w\xc3\xb6rld");
    assert_int_equal(hostscreen_echo_ack(mirror), 7);
    assert_int_equal(hostscreen_screen(mirror)->rows, 5);
    assert_int_equal(hostscreen_screen(mirror)->cols, 20);

    struct hostscreen *one = OPS.clone(live);
    assert_true(OPS.equal(one, live));
    feed(live, "!\x1b]0;title\x07");
    assert_false(OPS.equal(one, live));
    buf_clear(&diff);
    OPS.diff(one, live, &diff);
    assert_int_equal(apply(mirror, &diff), 0);
    check_row(mirror, 1, "w\xc3\xb6rld!");
    assert_string_equal(hostscreen_screen(mirror)->window_title->bytes, "title");
    buf_release(&diff);
    OPS.free(live);
    OPS.free(zero);
    OPS.free(one);
    OPS.free(mirror);
}

static void equality_includes_everything_that_travels(void **state)
{
    (void)state;
    struct hostscreen *live = hostscreen_new(EMULATOR_HOST, 5, 20), *before;
    struct buf diff = {0};

    hostscreen_leave_zero(live);
    before = OPS.clone(live);
    OPS.diff(before, live, &diff);
    assert_int_equal(diff.len, 0);
    hostscreen_set_echo_ack(live, 1);
    assert_false(OPS.equal(before, live));
    OPS.diff(before, live, &diff);
    check_hex(diff.data, diff.len, "0a04 3a02 4001");
    OPS.free(before);
    before = OPS.clone(live);
    emulator_resize(hostscreen_emulator(live), 5, 21);
    assert_false(OPS.equal(before, live));
    OPS.free(before);
    OPS.free(live);
    buf_release(&diff);
}

/* The size of state 0 is not transmitted: the first difference says it even if nothing changed. */
static void size_travels_with_the_first_difference(void **state)
{
    (void)state;
    struct hostscreen *live = hostscreen_new(EMULATOR_HOST, 24, 80), *zero = OPS.clone(live);
    struct buf diff = {0};

    hostscreen_leave_zero(live);
    assert_false(OPS.equal(zero, live));
    OPS.diff(zero, live, &diff);
    check_hex(diff.data, diff.len, "0a06 1a04 2850 3018");
    OPS.free(live);
    OPS.free(zero);
    buf_release(&diff);
}

/* What a server may not say. */
static void S16_S19_bad_differences_are_refused(void **state)
{
    (void)state;
    static const int32_t sizes[][2] = {{0, 0},    {-1, 24},     {80, -1},       {65535, 65535},
                                       {5000, 1}, {4096, 4096}, {1, INT32_MAX}, {INT32_MIN, 2}};
    struct hostscreen *mirror = hostscreen_new(EMULATOR_MIRROR, 24, 80);
    struct buf diff = {0};

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        buf_clear(&diff);
        hostmsg_put_resize(&diff, sizes[i][0], sizes[i][1]);
        assert_int_equal(apply(mirror, &diff), ERR_LIMIT);
    }
    buf_clear(&diff);
    hostmsg_put_echo_ack(&diff, 9);
    assert_int_equal(apply(mirror, &diff), 0);
    assert_int_equal(apply(mirror, &diff), 0);
    buf_clear(&diff);
    hostmsg_put_echo_ack(&diff, 8);
    assert_int_equal(apply(mirror, &diff), ERR_MALFORMED);
    assert_int_equal(hostscreen_echo_ack(mirror), 9);
    assert_true(OPS.apply(mirror, (const uint8_t *)"\x0a\x09\x12", 3) < 0);
    OPS.free(mirror);
    buf_release(&diff);
}

/* Questions in a difference have nobody to answer them. */
static void S16_questions_are_harmless(void **state)
{
    (void)state;
    static const char questions[] = "\x1b[c\x1b[>c\x1b[5n\x1b[6nok";
    struct hostscreen *mirror = hostscreen_new(EMULATOR_MIRROR, 24, 80);
    struct buf diff = {0};

    hostmsg_put_bytes(&diff, (const uint8_t *)questions, sizeof questions - 1);
    assert_int_equal(apply(mirror, &diff), 0);
    check_row(mirror, 0, "ok");
    OPS.free(mirror);
    buf_release(&diff);
}

/* Snapshots together are charged for what they hold, however they share it. */
static void footprints_add_up(void **state)
{
    (void)state;
    enum { ROWS = 50, COLS = 200, ROW_BYTES = sizeof(struct row) + COLS * sizeof(struct cell) };
    struct hostscreen *live = hostscreen_new(EMULATOR_HOST, ROWS, COLS), *copy;
    size_t alone, shared, changed;

    for (int i = 0; i < 60; i++)
        feed(live, "x\r\n");
    alone = OPS.footprint(live);
    assert_true(alone > (ROWS - 1) * ROW_BYTES);
    copy = OPS.clone(live);
    shared = OPS.footprint(copy);
    /* But for the room that a live screen has to scroll in. */
    assert_in_range(OPS.footprint(live), shared, shared + 2 * ROWS * sizeof(struct row *));
    shared = OPS.footprint(live);
    assert_true(shared < alone / 2 + 16384);
    feed(live, "\x1b[10;10Hchanged");
    changed = OPS.footprint(live);
    assert_in_range(changed, shared + ROW_BYTES / 2 - 64, shared + ROW_BYTES / 2 + 64);
    OPS.free(copy);
    assert_in_range(OPS.footprint(live), alone - 64, alone + 64);
    OPS.free(live);
}

static int by_address(const void *a, const void *b)
{
    const struct row *const *p = a, *const *q = b;

    return (*p > *q) - (*p < *q);
}

/* Bytes of all rows that the states hold, each one once. */
static size_t rows_held(const struct receiver *r)
{
    static const struct row *rows[RECEIVER_STATES_MAX * 100];
    size_t count = 0, bytes = 0;

    for (size_t i = 0; i < r->count; i++) {
        const struct screen *s = hostscreen_screen(r->states[i].state);
        assert_true(count + s->rows <= sizeof rows / sizeof *rows);
        for (size_t row = 0; row < s->rows; row++)
            rows[count++] = s->row[row];
    }
    qsort(rows, count, sizeof *rows, by_address);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || rows[i] != rows[i - 1])
            bytes += sizeof *rows[i] + rows[i]->cols * sizeof *rows[i]->cell;
    return bytes;
}

static void take_state(struct receiver *r, msec_t now, uint64_t num, uint64_t throwaway_num,
                       const char *written)
{
    struct instruction in = {.old_num = receiver_newest_num(r), .new_num = num};

    in.throwaway_num = throwaway_num;
    if (written)
        hostmsg_put_bytes(&in.diff, (const uint8_t *)written, strlen(written));
    (void)!receiver_input(r, now, &in);
    instruction_release(&in);
}

/*
 * What a server may have a client keep, measured in rows and not in what the receiver thinks.
 * Of two states that share their rows neither holds them alone, and each pair has others.
 */
static void S20_shared_rows_are_bounded_too(void **state)
{
    enum { ROWS = 100, COLS = 300, FILLING = 500, PAIRS = 250 };
    static char full[16 + ROWS * COLS];
    struct receiver r;
    uint64_t num = 0;
    msec_t now = 0;
    (void)state;

    receiver_init(&r, &hostscreen_ops, hostscreen_new(EMULATOR_MIRROR, ROWS, COLS));
    for (size_t i = 0; i < FILLING; i++)
        take_state(&r, now, ++num, 0, NULL);
    for (size_t pair = 0; pair < PAIRS; pair++) {
        size_t len = (size_t)snprintf(full, sizeof full, "\x1b[H");
        memset(full + len, 'a' + (int)(pair % 26), ROWS * COLS - 1);
        take_state(&r, now, num + 1, 2 * pair, full);
        take_state(&r, now, num + 2, 2 * pair + 1, "\x1b[H.");
        num = receiver_newest_num(&r);
        now += RECEIVER_FULL_PAUSE_MS; /* so that a full list makes room, again and again */
        assert_true(rows_held(&r) <= RECEIVER_BYTES_MAX + sizeof full * 16);
    }
    receiver_release(&r);
}

/* Brings `mirror`, a mirror of `from`, to `to`. */
static void bring(struct hostscreen *mirror, const struct hostscreen *from,
                  const struct hostscreen *to)
{
    struct buf diff = {0};

    OPS.diff(from, to, &diff);
    assert_int_equal(apply(mirror, &diff), 0);
    buf_release(&diff);
}

static const struct screen_event *newest(const struct hostscreen *h)
{
    const struct events *e = hostscreen_screen(h)->events;

    assert_non_null(e);
    return &e->event[e->count - 1];
}

/* The same text twice is two events. They arrive once, whatever states were lost. */
static void R13_events_travel_by_their_numbers(void **state)
{
    (void)state;
    struct hostscreen *live = hostscreen_new(EMULATOR_HOST, 5, 20), *a = OPS.clone(live), *b, *c;
    struct hostscreen *mirror = hostscreen_new(EMULATOR_MIRROR, 5, 20), *other;

    hostscreen_leave_zero(live);
    hostscreen_set_features(live, FEATURE_EVENTS);
    feed(live, "\x1b]52;p;aGk=\x07");
    b = OPS.clone(live);
    bring(mirror, a, b);
    assert_int_equal(events_newest(hostscreen_screen(mirror)->events), 1);
    assert_string_equal(newest(mirror)->name->bytes, "p");
    other = OPS.clone(mirror);
    feed(live, "\x1b]52;p;aGk=\x07\x1b]777;notify;title;body\x07");
    c = OPS.clone(live);
    assert_false(OPS.equal(b, c));
    bring(mirror, b, c);
    assert_int_equal(events_newest(hostscreen_screen(mirror)->events), 3);
    assert_string_equal(newest(mirror)->name->bytes, "title");
    assert_string_equal(newest(mirror)->text->bytes, "body");
    assert_null(hostscreen_screen(mirror)->clipboard); /* it came no second time as a state */
    feed(live, "\x1b]9;more\x07");
    bring(other, b, live); /* c was lost */
    assert_int_equal(events_newest(hostscreen_screen(other)->events), 4);
    assert_int_equal(hostscreen_screen(other)->events->count, 4);
    OPS.free(a);
    OPS.free(b);
    OPS.free(c);
    OPS.free(mirror);
    OPS.free(other);
    OPS.free(live);
}

/* Whoever has announced nothing gets the newest clipboard, and nothing else. */
static void without_the_feature_no_events(void **state)
{
    (void)state;
    struct hostscreen *live = hostscreen_new(EMULATOR_HOST, 5, 20), *a = OPS.clone(live);
    struct hostscreen *mirror = hostscreen_new(EMULATOR_MIRROR, 5, 20);
    struct buf diff = {0};

    hostscreen_leave_zero(live);
    feed(live, "\x1b]52;p;b25l\x07\x1b]52;;dHdv\x07\x1b]9;note\x07");
    OPS.diff(a, live, &diff);
    assert_int_equal(apply(mirror, &diff), 0);
    assert_null(hostscreen_screen(mirror)->events);
    assert_string_equal(hostscreen_screen(mirror)->clipboard->bytes, "dHdv");
    buf_release(&diff);
    OPS.free(a);
    OPS.free(mirror);
    OPS.free(live);
}

/* Facts that cannot be are ignored, and the rest of the difference is not. */
static void facts_are_checked(void **state)
{
    (void)state;
    static const struct hostmsg_facts wrong[] = {
        {.modes = 3, .erase = 256}, {.modes = 3, .kill = UINT32_MAX}, {.word_erase = 1000}};
    struct hostscreen *mirror = hostscreen_new(EMULATOR_MIRROR, 24, 80);
    struct hostmsg_facts right = {.modes = UINT32_MAX, .erase = 127, .job = UINT32_MAX};
    struct facts got;
    struct buf diff = {0};

    hostmsg_put_facts(&diff, &right); /* not announced */
    assert_int_equal(apply(mirror, &diff), 0);
    assert_false(hostscreen_facts(mirror).known);
    buf_clear(&diff);
    hostmsg_put_announcement(&diff, FEATURE_FACTS);
    hostmsg_put_facts(&diff, &right);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        hostmsg_put_facts(&diff, &wrong[i]);
    hostmsg_put_bytes(&diff, (const uint8_t *)"hi", 2);
    assert_int_equal(apply(mirror, &diff), 0);
    got = hostscreen_facts(mirror);
    assert_true(got.known && got.echo && got.canonical && got.alternate);
    assert_int_equal(got.erase, 127);
    assert_int_equal(got.job, UINT32_MAX);
    check_row(mirror, 0, "hi");
    buf_clear(&diff);
    hostmsg_put_announcement(&diff, 0);
    assert_int_equal(apply(mirror, &diff), 0);
    assert_false(hostscreen_facts(mirror).known);
    buf_release(&diff);
    OPS.free(mirror);
}

/* A mirror that hears of new features is given what it could not be given before. */
static void features_enrich_the_mirror(void **state)
{
    (void)state;
    struct hostscreen *live = hostscreen_new(EMULATOR_HOST, 5, 20), *zero = OPS.clone(live);
    struct hostscreen *mirror = hostscreen_new(EMULATOR_MIRROR, 5, 20);
    struct buf diff = {0};

    hostscreen_leave_zero(live);
    feed(live, "\x1b[4:3;2mcurly\x1b[m\r\n\a");
    OPS.diff(zero, live, &diff);
    assert_int_equal(apply(mirror, &diff), 0);
    check_row(mirror, 0, "curly");
    const struct screen *got = hostscreen_screen(mirror);
    const struct style *style = pool_style(got->pool, got->row[0]->cell[0].style);
    assert_int_equal(style->underline, UNDERLINE_SINGLE);
    assert_int_equal(style->attributes, 0);
    assert_int_equal(hostscreen_features(mirror), 0);

    struct hostscreen *poor = OPS.clone(live);
    hostscreen_set_features(live, FEATURE_STYLES);
    assert_false(OPS.equal(poor, live));
    feed(live, "\a");
    buf_clear(&diff);
    OPS.diff(poor, live, &diff);
    assert_int_equal(apply(mirror, &diff), 0);
    assert_int_equal(hostscreen_features(mirror), FEATURE_STYLES);
    got = hostscreen_screen(mirror);
    assert_int_equal(got->bells, hostscreen_screen(live)->bells);
    style = pool_style(got->pool, got->row[0]->cell[0].style);
    assert_int_equal(style->underline, UNDERLINE_CURLY);
    assert_int_equal(style->attributes, STYLE_FAINT);

    /* From then on nothing is drawn twice. */
    struct hostscreen *rich = OPS.clone(live);
    feed(live, "x");
    buf_clear(&diff);
    OPS.diff(rich, live, &diff);
    assert_true(diff.len < 12);
    assert_int_equal(apply(mirror, &diff), 0);
    check_row(mirror, 1, "x");
    buf_release(&diff);
    OPS.free(zero);
    OPS.free(poor);
    OPS.free(rich);
    OPS.free(mirror);
    OPS.free(live);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mirror_follows),
        cmocka_unit_test(R13_events_travel_by_their_numbers),
        cmocka_unit_test(without_the_feature_no_events),
        cmocka_unit_test(facts_are_checked),
        cmocka_unit_test(features_enrich_the_mirror),
        cmocka_unit_test(equality_includes_everything_that_travels),
        cmocka_unit_test(size_travels_with_the_first_difference),
        cmocka_unit_test(S16_S19_bad_differences_are_refused),
        cmocka_unit_test(S16_questions_are_harmless),
        cmocka_unit_test(footprints_add_up),
        cmocka_unit_test(S20_shared_rows_are_bounded_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
