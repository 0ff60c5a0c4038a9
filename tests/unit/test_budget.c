/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a peer that has the key can cost us: memory, as the system sees it. How long it took is
 * printed, and is no check, since the machine has other things to do.
 */

#include "config.h"

#include "../lib/unit.h"
#include "../lib/whole.h"

#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "session/client.h"
#include "statesync/hostscreen.h"
#include "statesync/userstream.h"
#include "wire/deflate.h"
#include "wire/hostmsg.h"
#include "wire/instruction.h"
#include "wire/usermsg.h"

#define MIB ((size_t)1 << 20)

/* Sanitizers keep what was freed, and have memory of their own. */
#if defined __linux__ && !defined BUILD_INSTRUMENTED
#define MEASURED true
#else
#define MEASURED false
#endif

/* What is resident now, in bytes; 0 where the system does not tell. */
static size_t resident(void)
{
    unsigned long all, pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");

    if (!f)
        return 0;
    if (fscanf(f, "%lu %lu", &all, &pages) != 2)
        pages = 0;
    fclose(f);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* By how much the most that ever was resident exceeds what was before. */
static size_t growth(size_t before)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    size_t most = (size_t)u.ru_maxrss * 1024;
    return most > before ? most - before : 0;
}

/* --- streams that swell --- */

/* `size` zeros as a zlib stream. */
static void make_bomb(size_t size, struct buf *out)
{
    static uint8_t zeros[1 << 16], packed[1 << 16];
    z_stream z = {0};
    int rc;

    assert_int_equal(deflateInit(&z, 9), Z_OK);
    for (size_t done = 0; done < size || z.avail_out == 0;) {
        z.next_out = packed;
        z.avail_out = sizeof packed;
        if (z.avail_in == 0 && done < size) {
            z.next_in = zeros;
            z.avail_in = sizeof zeros;
            done += sizeof zeros;
        }
        assert_int_equal(deflate(&z, Z_NO_FLUSH), Z_OK);
        buf_append(out, packed, sizeof packed - z.avail_out);
    }
    do {
        z.next_out = packed;
        z.avail_out = sizeof packed;
        rc = deflate(&z, Z_FINISH);
        buf_append(out, packed, sizeof packed - z.avail_out);
    } while (rc == Z_OK);
    assert_int_equal(rc, Z_STREAM_END);
    deflateEnd(&z);
}

static void S18_a_bomb_costs_little_memory(void **state)
{
    (void)state;
    const size_t size = quick_or_long(32 * MIB, 1024 * MIB);
    struct deflate *d = deflate_new();
    struct buf bomb = {0}, out = {0};

    make_bomb(size, &bomb);
    size_t before = resident();
    double took = 1;
    for (int i = 0; i < 5; i++) { /* the least counts: what else runs here costs caches */
        double start = seconds();
        assert_int_equal(deflate_expand(d, bomb.data, bomb.len, &out), ERR_LIMIT);
        double time = seconds() - start;
        took = time < took ? time : took;
        assert_int_equal(out.len, 0);
    }
    size_t grown = growth(before);
    print_message("# figure S18: %zu MiB of zeros: %.1f ms, %.1f MiB (at most 9)\n", size / MIB,
                  took * 1000, (double)grown / (double)MIB);
    if (MEASURED)
        assert_true(grown <= 9 * MIB);
    buf_release(&bomb);
    buf_release(&out);
    deflate_free(d);
}

/* --- sizes that no screen has --- */

static const int32_t sizes[][2] = {
    {0, 0},         {0, 80},         {24, 0},        {-1, -1},       {-1, 24},  {24, -1},
    {65535, 65535}, {1, INT32_MAX},  {INT32_MAX, 1}, {4097, 1},      {1, 4097}, {4096, 4096},
    {INT32_MIN, 1}, {INT32_MIN, -1}, {1001, 1000},   {65536, 65536},
};

static void S19_impossible_sizes_cost_nothing(void **state)
{
    (void)state;
    struct hostscreen *screen = hostscreen_new(EMULATOR_MIRROR, 24, 80);
    struct userstream *user = userstream_new();
    struct buf diff = {0};
    size_t before = resident();
    double start = seconds();

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        buf_clear(&diff);
        hostmsg_put_resize(&diff, sizes[i][0], sizes[i][1]);
        assert_true(hostscreen_ops.apply(screen, diff.data, diff.len) < 0);
        assert_int_equal(hostscreen_screen(screen)->rows, 24);
        assert_int_equal(hostscreen_screen(screen)->cols, 80);
        buf_clear(&diff);
        usermsg_put_resize(&diff, sizes[i][0], sizes[i][1]);
        (void)!userstream_ops.apply(user, diff.data, diff.len);
    }
    double took = seconds() - start;
    size_t grown = growth(before);
    print_message("# figure S19: %zu sizes at either end: %.1f ms, %zu KiB (at most 1024)\n",
                  sizeof sizes / sizeof *sizes, took * 1000, grown >> 10);
    if (MEASURED)
        assert_true(grown <= MIB);
    buf_release(&diff);
    hostscreen_ops.free(screen);
    userstream_ops.free(user);
}

/* --- screens that a server never lets us forget --- */

enum { ROWS = 100, COLS = 300, SCREENS = 1100 };

struct world {
    struct client *client;
    struct deflate *deflate;
    struct buf host;
    uint64_t sequence;
    msec_t now;
};

static void seeded(void *context, uint8_t *out, size_t len)
{
    rng_fill(context, out, len);
}

/* Returns what the client says to a state that is based on its newest one. */
static int show(struct world *w, uint64_t throwaway, bool resize)
{
    struct transport *t = client_transport(w->client);
    struct instruction i = {.old_num = transport_remote_num(t)};
    struct buf plain = {0};
    struct transport_event event;

    i.new_num = i.old_num + 1;
    i.throwaway_num = throwaway;
    if (resize)
        hostmsg_put_resize(&i.diff, COLS, ROWS);
    hostmsg_put_bytes(&i.diff, w->host.data, w->host.len);
    whole_encode(w->deflate, w->sequence, &i, &plain);
    int rc = transport_input(t, w->now, w->sequence++, plain.data, plain.len, false, &event);
    w->now += 50;
    client_tick(w->client, w->now);
    instruction_release(&i);
    buf_release(&plain);
    return rc;
}

static void S20_a_thousand_screens_are_bounded(void **state)
{
    (void)state;
    struct rng rng = {20};
    struct client_config config = {.rows = ROWS,
                                   .cols = COLS,
                                   .caps = {.title = true},
                                   .random = seeded,
                                   .random_context = &rng,
                                   .title_prefix = ""};
    struct world w = {.now = 100000, .deflate = deflate_new()};
    size_t before = resident(), taken = 0;

    w.client = client_new(&config, w.now);
    for (size_t n = 0; n < SCREENS; n++) {
        buf_clear(&w.host);
        buf_append_str(&w.host, "\033[H");
        for (size_t i = 0; i < ROWS * COLS - 1; i++)
            buf_append_byte(&w.host, (uint8_t)('a' + rng_below(&rng, 26)));
        taken += show(&w, 0, n == 0) == 0;
    }
    size_t grown = growth(before);
    assert_true(taken > 8);
    assert_true(taken < SCREENS); /* or the bound was not met */
    assert_int_equal(client_state(w.client), CLIENT_RUNNING);
    print_message(
        "# figure S20: %d screens of %dx%d, of which %zu were kept: %.1f MiB (at most 64)\n",
        SCREENS, COLS, ROWS, taken, (double)grown / (double)MIB);
    if (MEASURED)
        assert_true(grown <= 64 * MIB);

    /* Once the server lets go, it goes on. */
    w.now += 20000;
    buf_clear(&w.host);
    buf_append_str(&w.host, "\033[Hgoes on");
    (void)show(&w, transport_remote_num(client_transport(w.client)), false);
    const struct screen *s = client_screen(w.client);
    struct buf text = {0};
    for (size_t col = 0; col < 7; col++)
        row_put_text(s->row[0], col, &text);
    check_bytes(text.data, text.len, "goes on", 7);
    buf_release(&text);
    buf_release(&w.host);
    client_free(w.client);
    deflate_free(w.deflate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* What costs least comes first: the most that was resident does not go back. */
        cmocka_unit_test(S19_impossible_sizes_cost_nothing),
        cmocka_unit_test(S18_a_bomb_costs_little_memory),
        cmocka_unit_test(S20_a_thousand_screens_are_bounded),
    };

    return cmocka_run_group_tests_name("budget", tests, NULL, NULL);
}
