/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "../../bench/lab/path.h"

#define MS 1000u

static struct path *path_with(const char *settings)
{
    struct path_params params = {0};
    struct path *p = path_new(7);

    assert_null(path_parse(settings, &params));
    path_set(p, &params);
    return p;
}

/* Packets of one byte, their number. */
static void send_number(struct path *p, uint64_t now_us, size_t number)
{
    uint8_t byte = (uint8_t)number;

    path_send(p, now_us, &byte, 1);
}

/* Takes all that arrives and checks that each does so exactly when it is said to. */
static size_t take_all(struct path *p, uint8_t *numbers, uint64_t *times)
{
    size_t count = 0, len;

    while (path_deadline_us(p) != PATH_NEVER) {
        uint64_t at = path_deadline_us(p);
        assert_null(path_deliver(p, at - 1, &len));
        const uint8_t *packet = path_deliver(p, at, &len);
        assert_non_null(packet);
        numbers[count] = packet[0];
        times[count++] = at;
    }
    return count;
}

static void delay_is_exact(void **state)
{
    (void)state;
    struct path *p = path_with("delay=10ms");
    uint8_t numbers[256];
    uint64_t times[256];

    for (size_t i = 0; i < 100; i++)
        send_number(p, 5 * MS + i * 333, i);
    assert_int_equal(take_all(p, numbers, times), 100);
    for (size_t i = 0; i < 100; i++) {
        assert_int_equal(numbers[i], i);
        assert_int_equal(times[i], 15 * MS + i * 333);
    }
    path_free(p);
}

static void jitter_keeps_the_order(void **state)
{
    (void)state;
    struct path *p = path_with("delay=10ms,jitter=5ms");
    uint8_t numbers[256];
    uint64_t times[256], late = 0;

    for (size_t i = 0; i < 200; i++)
        send_number(p, i * MS, i);
    assert_int_equal(take_all(p, numbers, times), 200);
    for (size_t i = 0; i < 200; i++) {
        assert_int_equal(numbers[i], i);
        assert_in_range(times[i] - i * MS, 10 * MS, 15 * MS);
        late += times[i] - i * MS > 12 * MS + 500;
    }
    assert_in_range(late, 50, 199);
    path_free(p);
}

static void bottleneck_and_its_queue(void **state)
{
    (void)state;
    struct path *p = path_with("rate=8kbit,queue=50"); /* a byte each millisecond */
    uint8_t packet[10] = {0}, numbers[256];
    uint64_t times[256];

    for (size_t i = 0; i < 20; i++) {
        packet[0] = (uint8_t)i;
        path_send(p, 0, packet, sizeof packet);
    }
    assert_int_equal(path_get_stats(p)->overflowed, 15);
    assert_int_equal(take_all(p, numbers, times), 5);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(times[i], (i + 1) * 10 * MS);
    path_send(p, 100 * MS, packet, sizeof packet); /* the queue has emptied */
    assert_int_equal(path_deadline_us(p), 110 * MS);
    path_free(p);
}

static void chances_come_out(void **state)
{
    (void)state;
    struct path *p = path_with("loss=29%,duplicate=10%,corrupt=5%,reorder=10%/1ms");
    const struct path_stats *s = path_get_stats(p);
    uint8_t packet[64] = {0x45};
    size_t len;

    for (size_t i = 0; i < 20000; i++) {
        path_send(p, i * MS, packet, sizeof packet);
        while (path_deliver(p, i * MS, &len))
            ;
    }
    assert_in_range(s->lost, 5600, 6000);
    assert_in_range(s->duplicated, 1300, 1550);
    assert_in_range(s->corrupted, 680, 890);
    assert_in_range(s->reordered, 1400, 1730);
    assert_int_equal(s->packets, 20000);
    path_free(p);
}

static void bursts_take_everything_for_a_while(void **state)
{
    (void)state;
    struct path *p = path_with("burst=1%/100ms");
    size_t len, lost_in_a_row = 0, longest = 0;

    for (size_t i = 0; i < 20000; i++) {
        uint64_t before = path_get_stats(p)->lost;
        send_number(p, i * 10 * MS, i);
        lost_in_a_row = path_get_stats(p)->lost > before ? lost_in_a_row + 1 : 0;
        longest = lost_in_a_row > longest ? lost_in_a_row : longest;
        while (path_deliver(p, i * 10 * MS, &len))
            ;
    }
    assert_in_range(longest, 10, 60);
    assert_in_range(path_get_stats(p)->lost, 1400, 2300); /* ten of each hundred */
    path_free(p);
}

static void a_seed_decides_everything(void **state)
{
    (void)state;
    uint8_t numbers[2][256];
    uint64_t times[2][256];
    size_t counts[2];

    for (int run = 0; run < 2; run++) {
        struct path *p = path_with("delay=3ms,jitter=9ms,loss=20%,duplicate=20%,reorder=20%/50ms");
        for (size_t i = 0; i < 100; i++)
            send_number(p, i * MS, i);
        counts[run] = take_all(p, numbers[run], times[run]);
        path_free(p);
    }
    assert_int_equal(counts[0], counts[1]);
    assert_memory_equal(numbers[0], numbers[1], counts[0]);
    assert_memory_equal(times[0], times[1], counts[0] * sizeof times[0][0]);
}

/* The header is the network's, and a damaged one would not arrive. */
static void large_packets_vanish(void **state)
{
    (void)state;
    struct path *p = path_with("mtu=1280");
    static const uint8_t packet[1281] = {0x45};
    size_t len;

    path_send(p, 0, packet, 1281);
    assert_null(path_deliver(p, 0, &len));
    path_send(p, 0, packet, 1280);
    assert_non_null(path_deliver(p, 0, &len));
    assert_int_equal(len, 1280);
    assert_int_equal(path_get_stats(p)->lost, 1);
    path_free(p);
}

static void corruption_is_behind_the_header(void **state)
{
    (void)state;
    struct path *p = path_with("corrupt=100%");
    uint8_t packet[60] = {0x60};
    size_t len;

    for (size_t i = 0; i < 1000; i++) {
        path_send(p, i, packet, sizeof packet);
        const uint8_t *got = path_deliver(p, i, &len);
        assert_memory_equal(got, packet, 40);
        size_t bits = 0;
        for (size_t k = 40; k < len; k++)
            bits += (size_t)__builtin_popcount(got[k]);
        assert_int_equal(bits, 1);
    }
    path_free(p);
}

static void settings_are_understood(void **state)
{
    (void)state;
    struct path_params p = {0};

    assert_null(path_parse("delay=1.5ms,jitter=2s,loss=0.5,burst=1%/20ms,duplicate=3%", &p));
    assert_int_equal(p.delay_us, 1500);
    assert_int_equal(p.jitter_us, 2000000);
    assert_true(p.loss == 0.5 && p.burst == 0.01 && p.duplicate == 0.03);
    assert_int_equal(p.burst_us, 20000);
    assert_null(path_parse("rate=64kbit,queue=4000,reorder=10%/5ms,corrupt=1%,down", &p));
    assert_int_equal(p.rate_bytes, 8000);
    assert_int_equal(p.queue_bytes, 4000);
    assert_true(p.down && p.delay_us == 1500); /* what is not named stays */
    assert_null(path_parse("up,rate=2mbit", &p));
    assert_true(!p.down);
    assert_int_equal(p.rate_bytes, 250000);
    assert_null(path_parse("", &p));
}

static void faulty_settings_change_nothing(void **state)
{
    (void)state;
    static const char *const faulty[] = {"delay",      "delay=",      "delay=5",     "delay=ms",
                                         "delay=-1ms", "loss=101%",   "loss=2",      "speed=1",
                                         "rate=0kbit", "rate=5",      "burst=1%",    "down=1",
                                         "delay=1ms;", "delay=1ms x", "delay=nanms", "queue=1e10"};

    for (size_t i = 0; i < sizeof faulty / sizeof *faulty; i++) {
        struct path_params p = {.delay_us = 3};
        assert_ptr_equal(path_parse(faulty[i], &p), faulty[i]);
        assert_int_equal(p.delay_us, 3);
    }
    struct path_params p = {0};
    assert_string_equal(path_parse("delay=1ms,oops", &p), "oops");
    assert_int_equal(p.delay_us, 0);
}

static void what_is_late_is_counted(void **state)
{
    (void)state;
    struct path *p = path_with("delay=10ms");
    const struct path_stats *stats = path_get_stats(p);
    size_t len;

    send_number(p, 0, 1);
    send_number(p, 5 * MS, 2);
    assert_non_null(path_deliver(p, 10 * MS + PATH_LATE_US, &len)); /* in time, if barely */
    assert_int_equal(stats->late, 0);
    assert_non_null(path_deliver(p, 18 * MS, &len));
    assert_int_equal(stats->late, 1);
    assert_int_equal(stats->late_us_max, 3 * MS);
    path_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(delay_is_exact),
        cmocka_unit_test(jitter_keeps_the_order),
        cmocka_unit_test(bottleneck_and_its_queue),
        cmocka_unit_test(chances_come_out),
        cmocka_unit_test(bursts_take_everything_for_a_while),
        cmocka_unit_test(a_seed_decides_everything),
        cmocka_unit_test(large_packets_vanish),
        cmocka_unit_test(corruption_is_behind_the_header),
        cmocka_unit_test(what_is_late_is_counted),
        cmocka_unit_test(settings_are_understood),
        cmocka_unit_test(faulty_settings_change_nothing),
    };

    return cmocka_run_group_tests_name("path", tests, NULL, NULL);
}
