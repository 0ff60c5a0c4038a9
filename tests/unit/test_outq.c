/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "sys/clock.h"
#include "sys/outq.h"

#define BIG (1 << 20) /* more than a pipe holds */

struct fixture {
    struct outq q;
    int reader, writer;
};

static int set_up(void **state)
{
    static struct fixture f;
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    f.reader = ends[0];
    f.writer = ends[1];
    outq_init(&f.q, 2 * BIG);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    outq_release(&f->q);
    close(f->reader);
    if (f->writer >= 0)
        close(f->writer);
    return 0;
}

static uint8_t pattern(size_t i)
{
    return (uint8_t)(i * 31 + i / 251);
}

static void queue_big(struct outq *q)
{
    for (size_t i = 0; i < BIG; i++) {
        uint8_t byte = pattern(i);
        assert_int_equal(outq_append(q, &byte, 1), 0);
    }
}

/* F24: a descriptor that takes nothing delays nobody, and nothing is lost or repeated. */
static void slow_reader(void **state)
{
    struct fixture *f = *state;
    uint8_t chunk[10000];
    size_t got = 0;

    queue_big(&f->q);
    assert_int_equal(outq_flush(&f->q, f->writer), 0);
    assert_false(outq_empty(&f->q));
    size_t left = f->q.pending.len;
    assert_int_equal(outq_flush(&f->q, f->writer), 0);
    assert_int_equal(f->q.pending.len, left);
    while (got < BIG) {
        ssize_t n = read(f->reader, chunk, sizeof chunk);
        assert_true(n > 0);
        for (ssize_t i = 0; i < n; i++)
            assert_int_equal(chunk[i], pattern(got++));
        assert_int_equal(outq_flush(&f->q, f->writer), 0);
    }
    assert_true(outq_empty(&f->q));
}

/* The flag belongs to everyone who shares the descriptor's open file. */
static void flags_are_left_alone(void **state)
{
    struct fixture *f = *state;
    int before = fcntl(f->writer, F_GETFL);

    assert_false(before & O_NONBLOCK);
    queue_big(&f->q);
    assert_int_equal(outq_flush(&f->q, f->writer), 0);
    assert_int_equal(fcntl(f->writer, F_GETFL), before);

    assert_int_equal(fcntl(f->writer, F_SETFL, before | O_NONBLOCK), 0);
    assert_int_equal(outq_flush(&f->q, f->writer), 0);
    assert_true(fcntl(f->writer, F_GETFL) & O_NONBLOCK);
}

static void bound(void **state)
{
    struct fixture *f = *state;
    struct outq q;

    (void)f;
    outq_init(&q, 4);
    assert_int_equal(outq_append(&q, "abc", 3), 0);
    assert_int_equal(outq_append(&q, "de", 2), ERR_LIMIT);
    assert_int_equal(q.pending.len, 3);
    assert_int_equal(outq_append(&q, "d", 1), 0);
    assert_int_equal(outq_append(&q, "", 0), 0);
    assert_int_equal(outq_append(&q, "e", 1), ERR_LIMIT);
    check_bytes(q.pending.data, q.pending.len, "abcd", 4);
    outq_release(&q);
}

/* F25: a terminal that has vanished. */
static void broken(void **state)
{
    struct fixture *f = *state;
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    assert_int_equal(outq_append(&f->q, "abc", 3), 0);
    assert_int_equal(outq_flush(&f->q, ends[1]), -1);
    assert_int_equal(errno, EPIPE);
    assert_true(outq_empty(&f->q));
    close(ends[1]);
}

static void drain(void **state)
{
    struct fixture *f = *state;
    char got[3];

    assert_int_equal(outq_append(&f->q, "abc", 3), 0);
    assert_true(outq_drain(&f->q, f->writer, 1000));
    assert_int_equal(read(f->reader, got, sizeof got), 3);
    assert_memory_equal(got, "abc", 3);

    queue_big(&f->q);
    msec_t start = clock_now();
    assert_false(outq_drain(&f->q, f->writer, 30));
    assert_true(msec_since(clock_now(), start) >= 29);
    assert_true(outq_empty(&f->q));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(slow_reader, set_up, tear_down),
        cmocka_unit_test_setup_teardown(flags_are_left_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bound, set_up, tear_down),
        cmocka_unit_test_setup_teardown(broken, set_up, tear_down),
        cmocka_unit_test_setup_teardown(drain, set_up, tear_down),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
