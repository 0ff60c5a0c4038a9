/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/messages.h"
#include "../lib/screens.h"

#include <stdio.h>

#include "statesync/hostscreen.h"
#include "statesync/lines.h"
#include "terminal/display.h"
#include "terminal/history.h"
#include "util/smaller.h"
#include "wire/hostmsg.h"
#include "wire/lines.pb-c.h"

#define OPS hostscreen_ops

static void feed(struct emulator *e, const char *bytes)
{
    emulator_write(e, (const uint8_t *)bytes, strlen(bytes), NULL);
}

/* A server's emulator, and a client's. */
struct ends {
    struct emulator *host, *mirror;
    struct buf bytes;
    struct lines lines;
};

static struct ends new_ends(size_t rows, size_t cols)
{
    struct ends ends = {.host = emulator_new(EMULATOR_HOST, rows, cols),
                        .mirror = emulator_new(EMULATOR_MIRROR, rows, cols)};

    emulator_keep_history(ends.host);
    return ends;
}

static void free_ends(struct ends *ends)
{
    lines_release(&ends->lines);
    emulator_free(ends->host);
    emulator_free(ends->mirror);
    buf_release(&ends->bytes);
}

static void fetch(struct ends *ends, uint64_t first, uint32_t count)
{
    struct lines_request request = {.number = 7, .first = first, .count = count};

    lines_release(&ends->lines);
    buf_clear(&ends->bytes);
    lines_encode(&request, ends->host, &caps_extended, &ends->bytes);
    assert_true(ends->bytes.len <= LINES_ANSWER_BYTES + 1024);
    assert_int_equal(lines_decode(ends->bytes.data, ends->bytes.len,
                                  emulator_screen(ends->mirror)->pool, &ends->lines),
                     0);
    assert_int_equal(ends->lines.request, 7);
}

/* Whether a row that was fetched has what the history has. Numbers of styles and clusters are each
   side's own. */
static void check_same(const struct ends *ends, size_t index)
{
    const struct history *h = emulator_history(ends->host);
    const struct row *r = ends->lines.row[index];
    const struct pool *pool = emulator_screen(ends->host)->pool;
    uint64_t number = ends->lines.first + index;
    static struct cell cells[SCREEN_SIDE_MAX];

    history_read(h, number, cells);
    assert_int_equal(r->wrapped, history_wrapped(h, number));
    for (size_t col = 0; col < history_used(h, number); col++) {
        struct cell got = col < r->used ? r->cell[col] : (struct cell){0};
        assert_true(
            style_equal(pool_style(r->pool, got.style), pool_style(pool, cells[col].style)));
        if (got.glyph & CELL_CLUSTER) {
            struct cluster_text text = pool_cluster(r->pool, got.glyph);
            struct cluster_text other = pool_cluster(pool, cells[col].glyph);
            assert_true(cells[col].glyph & CELL_CLUSTER);
            check_bytes(text.bytes, text.len, other.bytes, other.len);
        } else {
            /* The display may write a short stretch of erased cells as spaces. */
            if (cell_is_erased(cells[col]) && got.glyph == ' ')
                got.glyph = 0;
            assert_int_equal(got.glyph, cells[col].glyph);
        }
    }
}

static void check_all_same(struct ends *ends)
{
    const struct history *h = emulator_history(ends->host);
    uint64_t next = history_oldest(h);

    while (next < history_next(h)) {
        fetch(ends, next, LINES_COUNT_MAX);
        assert_int_equal(ends->lines.first, next);
        assert_true(ends->lines.count > 0);
        for (size_t i = 0; i < ends->lines.count; i++)
            check_same(ends, i);
        next += ends->lines.count;
    }
}

static void requests_round_trip(void **state)
{
    (void)state;
    struct rng rng = {3};

    for (int i = 0; i < 1000; i++) {
        struct lines_request r = {rng_next(&rng), rng_next(&rng),
                                  (uint32_t)rng_below(&rng, LINES_COUNT_MAX + 1)};
        struct lines_request got = {0};
        struct buf bytes = {0};
        lines_request_encode(&r, &bytes);
        assert_true(bytes.len <= LINES_REQUEST_BYTES_MAX);
        assert_int_equal(lines_request_decode(bytes.data, bytes.len, &got), 0);
        assert_int_equal(got.number, r.number);
        assert_int_equal(got.first, r.first);
        assert_int_equal(got.count, r.count);
        buf_release(&bytes);
    }
}

static void requests_are_checked(void **state)
{
    (void)state;
    struct lines_request r = {.count = 1000000}, got = {0};
    uint8_t zeros[LINES_REQUEST_BYTES_MAX + 1] = {0};
    struct buf bytes = {0};

    assert_int_equal(lines_request_decode(zeros, sizeof zeros, &got), ERR_LIMIT);
    assert_int_equal(lines_request_decode(zeros, 1, &got), ERR_MALFORMED);
    lines_request_encode(&r, &bytes);
    assert_int_equal(lines_request_decode(bytes.data, bytes.len, &got), 0);
    assert_int_equal(got.count, LINES_COUNT_MAX);
    for (uint32_t count = LINES_COUNT_MAX - 1; count <= LINES_COUNT_MAX + 1; count++) {
        r.count = count;
        buf_clear(&bytes);
        lines_request_encode(&r, &bytes);
        assert_int_equal(lines_request_decode(bytes.data, bytes.len, &got), 0);
        assert_int_equal(got.count, smaller(count, LINES_COUNT_MAX));
    }
    put_unknown(&bytes, LINES_REQUEST_BYTES_MAX - bytes.len);
    assert_int_equal(lines_request_decode(bytes.data, bytes.len, &got), 0);
    buf_release(&bytes);
}

static void no_lines_are_an_answer(void **state)
{
    (void)state;
    struct ends ends = new_ends(3, 10);

    fetch(&ends, 0, 10);
    assert_int_equal(ends.lines.count, 0);
    fetch(&ends, UINT64_MAX, 10);
    assert_int_equal(ends.lines.count, 0);
    free_ends(&ends);
}

static void gives_what_there_is(void **state)
{
    (void)state;
    struct ends ends = new_ends(3, 10);
    char text[32];

    for (int i = 0; i < 1000; i++) {
        snprintf(text, sizeof text, "%d\r\n", i);
        feed(ends.host, text);
    }
    fetch(&ends, 10, 5);
    assert_int_equal(ends.lines.first, 10);
    assert_int_equal(ends.lines.count, 5);
    fetch(&ends, UINT64_MAX, 20);
    assert_int_equal(ends.lines.first, 998 - 20);
    assert_int_equal(ends.lines.count, 20);
    fetch(&ends, 990, 20);
    assert_int_equal(ends.lines.first, 990);
    assert_int_equal(ends.lines.count, 8);
    fetch(&ends, 0, 1000000);
    assert_int_equal(ends.lines.count, LINES_COUNT_MAX);
    check_all_same(&ends);
    feed(ends.host, "\033[3J\r\n\r\n");
    fetch(&ends, 0, 5);
    assert_int_equal(ends.lines.first, 998);
    assert_int_equal(ends.lines.count, 2);
    free_ends(&ends);
}

static void rows_are_as_wide_as_they_are_used(void **state)
{
    (void)state;
    struct ends ends = new_ends(2, 30);

    feed(ends.host, "abc\r\n\r\n0123456789\r\n\r\n");
    fetch(&ends, 0, 10);
    assert_int_equal(ends.lines.count, 3);
    assert_int_equal(ends.lines.row[0]->cols, 3);
    assert_int_equal(ends.lines.row[1]->cols, 1);
    assert_int_equal(ends.lines.row[1]->used, 0);
    assert_int_equal(ends.lines.row[2]->cols, 10);
    free_ends(&ends);
}

static void everything_that_cells_show_arrives(void **state)
{
    (void)state;
    struct ends ends = new_ends(3, 12);

    feed(ends.host, "\033[1;31mred\033[m \033[4:3;58:2::1:2:3mcurly\033[m\r\n");
    feed(ends.host, "\xE4\xB8\xAD\xE6\x96\x87 e\xCC\x81 \xF0\x9F\x98\x80\r\n");
    feed(ends.host, "\033[44mblue\033[K\033[m\r\n");
    feed(ends.host, "text that goes on in the next of these lines\r\n");
    feed(ends.host, "0123456789\xE4\xB8\xAD\xE6\x96\x87\r\n");
    feed(ends.host, "0123456789A\xE4\xB8\xAD\r\n");
    feed(ends.host, "\033]8;;http://example.org/\033\\link\033]8;;\033\\\r\n");
    feed(ends.host, "\033[7mreverse   \033[m   \r\n\r\n\r\n\r\n");
    emulator_resize(ends.host, 3, 40);
    feed(ends.host, "a line of another width, which goes on, too, beyond the edge\r\n\r\n\r\n");
    check_all_same(&ends);
    free_ends(&ends);
}

/* Random output at random sizes: all of it is fetched and compared. */
static void random_lines_arrive(void **state)
{
    (void)state;
    static const char *const pieces[] = {"a",
                                         "word ",
                                         "\xC3\xA9",
                                         "\xE4\xB8\xAD",
                                         "\r\n",
                                         "\r\n",
                                         "\t",
                                         "\033[1;7m",
                                         "\033[m",
                                         "\033[48;2;1;2;3m",
                                         "\033[K",
                                         "\033[38;5;200m",
                                         "a long run of text ",
                                         "\xCC\x81",
                                         "\033[4:2m",
                                         "\033[3;5H",
                                         "\033[5@"};
    struct rng rng = {11};

    for (int round = 0; round < 40; round++) {
        struct ends ends = new_ends(2 + rng_below(&rng, 10), 2 + rng_below(&rng, 60));
        for (int i = 0; i < 800; i++) {
            feed(ends.host, pieces[rng_below(&rng, sizeof pieces / sizeof *pieces)]);
            if (rng_below(&rng, 200) == 0)
                emulator_resize(ends.host, 2 + rng_below(&rng, 10), 2 + rng_below(&rng, 60));
        }
        check_all_same(&ends);
        free_ends(&ends);
    }
}

/* As many as have room; and of a line that has none, a part. */
static void answers_are_bounded(void **state)
{
    (void)state;
    struct ends ends = new_ends(2, SCREEN_CELLS_MAX / 300);
    struct buf line = {0};
    char text[64];

    for (unsigned i = 0; i < SCREEN_CELLS_MAX / 300; i++) {
        snprintf(text, sizeof text, "\033[38;2;%u;%u;1;48;2;3;%u;%um%c", i >> 8, i & 255, i >> 4,
                 255 - (i & 255), 'a' + i % 26);
        buf_append_str(&line, text);
    }
    buf_append_str(&line, "\r\n");
    emulator_write(ends.host, line.data, line.len, NULL);
    feed(ends.host, "short\r\n\r\n");
    fetch(&ends, 0, LINES_COUNT_MAX);
    assert_int_equal(ends.lines.count, 1);
    assert_in_range(ends.lines.row[0]->used, 400, SCREEN_CELLS_MAX / 300 - 1);
    fetch(&ends, 1, LINES_COUNT_MAX);
    assert_int_equal(ends.lines.count, 1);
    for (int i = 0; i < 3; i++)
        emulator_write(ends.host, line.data, line.len, NULL);
    free_ends(&ends);
    buf_release(&line);
}

static void wide_lines_are_few_at_a_time(void **state)
{
    (void)state;
    struct ends ends = new_ends(2, SCREEN_SIDE_MAX);

    for (int i = 0; i < 300; i++)
        feed(ends.host, "\033[4096Gx\r\n");
    fetch(&ends, 0, LINES_COUNT_MAX);
    assert_in_range(ends.lines.count, 1, SCREEN_CELLS_MAX / SCREEN_SIDE_MAX);
    check_all_same(&ends);
    free_ends(&ends);
}

/* So many that they are a screen of the largest size. */
static void as_many_cells_as_a_screen_may_have(void **state)
{
    enum { ROWS = 250 };
    (void)state;
    struct ends ends = new_ends(2, SCREEN_CELLS_MAX / ROWS);

    feed(ends.host, "\033[9999Gx\r\n");
    for (int i = 0; i < 300; i++)
        feed(ends.host, "\r\n");
    fetch(&ends, 0, ROWS);
    assert_int_equal(ends.lines.count, ROWS);
    free_ends(&ends);
}

/* Whatever a server says, there are rows or there is an error. */
static void S16_changed_answers_are_harmless(void **state)
{
    (void)state;
    struct ends ends = new_ends(3, 20);
    struct rng rng = {5};
    size_t good = 0;

    for (int i = 0; i < 40; i++)
        feed(ends.host, "some text \033[1mthat wraps around\033[m\r\n");
    fetch(&ends, 0, 20);
    for (int i = 0; i < 20000; i++) {
        struct buf changed = {0};
        struct lines lines = {0};
        size_t len;
        buf_append(&changed, ends.bytes.data, ends.bytes.len);
        for (size_t n = 1 + rng_below(&rng, 4); n > 0; n--)
            changed.data[rng_below(&rng, i % 2 ? 24 : changed.len)] = (uint8_t)rng_next(&rng);
        len = rng_below(&rng, 4) ? changed.len : rng_below(&rng, changed.len);
        if (lines_decode(changed.data, len, emulator_screen(ends.mirror)->pool, &lines) == 0) {
            good++;
            assert_true(lines.count <= LINES_COUNT_MAX);
            for (size_t row = 0; row < lines.count; row++)
                assert_true(lines.row[row]->cols >= 1 &&
                            lines.row[row]->used <= lines.row[row]->cols);
            lines_release(&lines);
        }
        buf_release(&changed);
    }
    assert_in_range(good, 1000, 19000);
    free_ends(&ends);
}

static void answers_beyond_the_limits_are_refused(void **state)
{
    (void)state;
    struct pool *p = pool_new();
    struct lines lines;
    static uint8_t large[LINES_ANSWER_BYTES_MAX + 1];
    /* rows = 257; rows = 256, cols = 4096; rows = 1, cols = 0; first = MAX, rows = 1, cols = 1 */
    static const char *const bad[] = {"18 8102 20 01", "18 8002 20 8020", "18 01 20 00",
                                      "10 ffffffffffffffffff01 18 01 20 01"};

    assert_int_equal(lines_decode(large, sizeof large, p, &lines), ERR_LIMIT);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint8_t bytes[64];
        size_t len = unhex(bad[i], bytes);
        assert_int_equal(lines_decode(bytes, len, p, &lines), ERR_MALFORMED);
    }
    pool_unref(p);
}

static int decode(const struct buf *bytes, struct lines *lines)
{
    struct pool *p = pool_new();
    int rc = lines_decode(bytes->data, bytes->len, p, lines);

    pool_unref(p);
    return rc;
}

/* To the byte: as many rows, the last of all lines, as long, and as much memory. */
static void answers_at_the_limits_are_taken(void **state)
{
    (void)state;
    static const char *const good[] = {"18 8002 20 01", "10 feffffffffffffffff01 18 01 20 01"};
    struct lines lines;
    struct buf bytes = {0};

    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        uint8_t hex[64];
        buf_clear(&bytes);
        buf_append(&bytes, hex, unhex(good[i], hex));
        assert_int_equal(decode(&bytes, &lines), 0);
        lines_release(&lines);
    }
    buf_clear(&bytes);
    put_unknown(&bytes, LINES_ANSWER_BYTES_MAX);
    assert_int_equal(decode(&bytes, &lines), 0);
    for (size_t over = 0; over <= 1; over++) {
        const size_t most = 2 * LINES_ANSWER_BYTES_MAX + over;
        buf_clear(&bytes);
        for (int i = 0; i < 4000; i++) /* which take much more than they are long */
            put_unknown(&bytes, 4);
        put_unknown(&bytes, 1 + most - message_weight(&wire__lines__descriptor, &bytes) -
                                sizeof(ProtobufCMessageUnknownField));
        assert_int_equal(message_weight(&wire__lines__descriptor, &bytes), most);
        assert_int_equal(decode(&bytes, &lines), over ? ERR_LIMIT : 0);
    }
    buf_release(&bytes);
}

/* --- as a part of the screen's state --- */

static void check_numbers(const struct hostscreen *h, bool told, uint64_t oldest, uint64_t next)
{
    uint64_t got_oldest, got_next;

    assert_int_equal(hostscreen_history(h, &got_oldest, &got_next), told);
    assert_int_equal(got_oldest, oldest);
    assert_int_equal(got_next, next);
}

static void advance(struct hostscreen *from, struct hostscreen *to, struct hostscreen *mirror)
{
    struct buf diff = {0};
    struct hostscreen *again = OPS.clone(to);

    OPS.diff(from, to, &diff);
    assert_int_equal(OPS.apply(mirror, diff.data, diff.len), 0);
    buf_clear(&diff);
    OPS.diff(to, again, &diff);
    assert_int_equal(diff.len, 0);
    OPS.free(again);
    buf_release(&diff);
}

static void numbers_travel_once_they_were_asked_for(void **state)
{
    (void)state;
    struct hostscreen *live = hostscreen_new(EMULATOR_HOST, 3, 10), *before = OPS.clone(live);
    struct hostscreen *mirror = hostscreen_new(EMULATOR_MIRROR, 3, 10);
    struct text *answer = text_new("answer", 6);
    struct buf diff = {0};

    emulator_keep_history(hostscreen_emulator(live));
    hostscreen_leave_zero(live);
    feed(hostscreen_emulator(live), "a\r\nb\r\nc\r\nd");
    advance(before, live, mirror);
    check_numbers(mirror, false, 0, 0);
    assert_null(hostscreen_lines(mirror));

    OPS.free(before);
    before = OPS.clone(live);
    hostscreen_set_lines(live, text_ref(answer));
    assert_false(OPS.equal(before, live));
    advance(before, live, mirror);
    check_numbers(live, true, 0, 1);
    check_numbers(mirror, true, 0, 1);
    assert_true(text_equal(hostscreen_lines(mirror), answer));

    /* The numbers of a snapshot stay those of its screen. */
    OPS.free(before);
    before = OPS.clone(live);
    feed(hostscreen_emulator(live), "\r\ne");
    check_numbers(before, true, 0, 1);
    check_numbers(live, true, 0, 2);
    advance(before, live, mirror);
    check_numbers(mirror, true, 0, 2);
    assert_true(text_equal(hostscreen_lines(mirror), answer));

    OPS.free(before);
    before = OPS.clone(live);
    hostscreen_set_lines(live, NULL);
    feed(hostscreen_emulator(live), "\033[3J");
    advance(before, live, mirror);
    check_numbers(mirror, true, 2, 2);
    assert_null(hostscreen_lines(mirror));

    OPS.free(before);
    before = OPS.clone(live);
    OPS.diff(before, live, &diff);
    assert_int_equal(diff.len, 0);
    OPS.free(before);
    OPS.free(live);
    OPS.free(mirror);
    text_unref(answer);
}

/* Nobody pays who does not look back. */
static void nothing_is_told_unasked(void **state)
{
    (void)state;
    struct hostscreen *with = hostscreen_new(EMULATOR_HOST, 3, 10), *a = OPS.clone(with);
    struct hostscreen *without = hostscreen_new(EMULATOR_HOST, 3, 10), *b = OPS.clone(without);
    struct buf one = {0}, other = {0};

    emulator_keep_history(hostscreen_emulator(with));
    feed(hostscreen_emulator(with), "a\r\nb\r\nc\r\nd");
    feed(hostscreen_emulator(without), "a\r\nb\r\nc\r\nd");
    OPS.diff(a, with, &one);
    OPS.diff(b, without, &other);
    check_bytes(one.data, one.len, other.data, other.len);
    buf_release(&one);
    buf_release(&other);
    OPS.free(with);
    OPS.free(a);
    OPS.free(without);
    OPS.free(b);
}

static void impossible_numbers_are_refused(void **state)
{
    (void)state;
    struct hostscreen *mirror = hostscreen_new(EMULATOR_MIRROR, 3, 10);
    static uint8_t large[LINES_ANSWER_BYTES_MAX + 1];
    struct buf diff = {0};

    hostmsg_put_history(&diff, 5, 4, NULL, 0);
    assert_int_equal(OPS.apply(mirror, diff.data, diff.len), ERR_MALFORMED);
    buf_clear(&diff);
    hostmsg_put_history(&diff, 0, 4, large, sizeof large);
    assert_int_equal(OPS.apply(mirror, diff.data, diff.len), ERR_LIMIT);
    buf_clear(&diff);
    hostmsg_put_history(&diff, 0, 4, large, sizeof large - 1);
    assert_int_equal(OPS.apply(mirror, diff.data, diff.len), 0);
    buf_release(&diff);
    OPS.free(mirror);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_round_trip),
        cmocka_unit_test(requests_are_checked),
        cmocka_unit_test(no_lines_are_an_answer),
        cmocka_unit_test(gives_what_there_is),
        cmocka_unit_test(rows_are_as_wide_as_they_are_used),
        cmocka_unit_test(everything_that_cells_show_arrives),
        cmocka_unit_test(random_lines_arrive),
        cmocka_unit_test(answers_are_bounded),
        cmocka_unit_test(wide_lines_are_few_at_a_time),
        cmocka_unit_test(as_many_cells_as_a_screen_may_have),
        cmocka_unit_test(S16_changed_answers_are_harmless),
        cmocka_unit_test(answers_beyond_the_limits_are_refused),
        cmocka_unit_test(answers_at_the_limits_are_taken),
        cmocka_unit_test(numbers_travel_once_they_were_asked_for),
        cmocka_unit_test(nothing_is_told_unasked),
        cmocka_unit_test(impossible_numbers_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
