/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bench_emulator [KILOBYTES [ROUNDS [PAYLOAD]]]: how fast our emulator takes each payload, or that
 * one alone, beside Debian's libvterm. Both run in turns in this one process, so that what disturbs
 * the machine disturbs both; the medians count. Then what a frame costs.
 */

#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <vterm.h>

#include "payloads.h"
#include "statesync/hostscreen.h"
#include "terminal/emulator.h"

#define ROUNDS_MAX  99
#define CHUNK_BYTES 4096 /* what a read from a pty gives */

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, compare);
    return values[count / 2];
}

static double run_ours(const struct buf *in, size_t rows, size_t cols)
{
    struct emulator *e = emulator_new(EMULATOR_HOST, rows, cols);
    struct buf reply = {0};
    double begin = seconds();

    for (size_t at = 0; at < in->len; at += CHUNK_BYTES) {
        size_t len = in->len - at < CHUNK_BYTES ? in->len - at : CHUNK_BYTES;
        emulator_write(e, in->data + at, len, &reply);
    }
    double took = seconds() - begin;
    emulator_free(e);
    buf_release(&reply);
    return took;
}

static double run_libvterm(const struct buf *in, size_t rows, size_t cols)
{
    VTerm *v = vterm_new((int)rows, (int)cols);
    VTermScreen *screen = vterm_obtain_screen(v);

    vterm_set_utf8(v, 1);
    vterm_screen_enable_altscreen(screen, 1);
    vterm_screen_set_damage_merge(screen, VTERM_DAMAGE_SCROLL);
    vterm_screen_reset(screen, 1);
    double begin = seconds();
    for (size_t at = 0; at < in->len; at += CHUNK_BYTES) {
        size_t len = in->len - at < CHUNK_BYTES ? in->len - at : CHUNK_BYTES;
        vterm_input_write(v, (const char *)in->data + at, len);
    }
    vterm_screen_flush_damage(screen);
    double took = seconds() - begin;
    vterm_free(v);
    return took;
}

/* Returns the ratio of the medians. */
static double bench_payload(const struct payload *p, size_t bytes, size_t rounds, size_t rows,
                            size_t cols)
{
    struct buf plain = {0}, in = {0};
    double ours[ROUNDS_MAX], theirs[ROUNDS_MAX];

    payload_make(p, &plain, bytes, rows, cols);
    payload_as_tty(&plain, &in);
    for (size_t i = 0; i < rounds; i++) {
        ours[i] = run_ours(&in, rows, cols);
        theirs[i] = run_libvterm(&in, rows, cols);
    }
    double megabytes = (double)in.len / 1e6;
    double fast = megabytes / median(ours, rounds), slow = megabytes / median(theirs, rounds);
    printf("%-12s %9.1f %9.1f %8.1f   %s\n", p->name, fast, slow, fast / slow, p->what);
    fflush(stdout);
    buf_release(&plain);
    buf_release(&in);
    return fast / slow;
}

static void bench_size(size_t bytes, size_t rounds, const char *wanted, size_t rows, size_t cols)
{
    size_t count = 0;
    double sum = 0, worst = INFINITY;

    printf("\nraw emulation at %zux%zu, MB/s, %zu rounds\n", cols, rows, rounds);
    printf("%-12s %9s %9s %8s\n", "payload", "ours", "libvterm", "ratio");
    for (size_t i = 0; i < payload_count; i++) {
        if (wanted && strcmp(payloads[i].name, wanted) != 0)
            continue;
        count++;
        double ratio = bench_payload(&payloads[i], bytes, rounds, rows, cols);
        sum += log(ratio);
        worst = ratio < worst ? ratio : worst;
    }
    printf("geometric mean of the ratios %.1f, lowest %.1f\n", exp(sum / (double)count), worst);
}

/* Microseconds for a frame: `bytes` of output, a snapshot, and the difference to the last one. */
static double frame_microseconds(const struct buf *in, size_t bytes, size_t rows, size_t cols)
{
    struct hostscreen *live = hostscreen_new(EMULATOR_HOST, rows, cols);
    void *last = hostscreen_ops.clone(live);
    struct buf diff = {0}, reply = {0};
    size_t frames = 0;
    double begin = seconds();

    for (size_t at = 0; at + bytes <= in->len; at += bytes, frames++) {
        emulator_write(hostscreen_emulator(live), in->data + at, bytes, &reply);
        void *next = hostscreen_ops.clone(live);
        buf_clear(&diff);
        hostscreen_ops.diff(last, next, &diff);
        hostscreen_ops.free(last);
        last = next;
    }
    double took = seconds() - begin;
    hostscreen_ops.free(last);
    hostscreen_ops.free(live);
    buf_release(&diff);
    buf_release(&reply);
    return took * 1e6 / (double)frames;
}

static void bench_frames(size_t rounds, size_t rows, size_t cols)
{
    static const char *const names[] = {"plain", "log", "styled", "alternate", "region", "tui"};

    printf("\na frame at %zux%zu (emulation, snapshot, diff), microseconds\n", cols, rows);
    printf("%-12s %9s %9s\n", "payload", "200 B", "4 kB");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct buf plain = {0}, in = {0};
        double small[ROUNDS_MAX], large[ROUNDS_MAX];
        payload_make(payload_find(names[i]), &plain, 200 * 1000, rows, cols);
        payload_as_tty(&plain, &in);
        for (size_t round = 0; round < rounds; round++) {
            small[round] = frame_microseconds(&in, 200, rows, cols);
            large[round] = frame_microseconds(&in, 4096, rows, cols);
        }
        printf("%-12s %9.2f %9.2f\n", names[i], median(small, rounds), median(large, rounds));
        buf_release(&plain);
        buf_release(&in);
    }
}

/* What a server keeps for a client that is away: 32 screens that have no row in common. */
static void bench_memory(size_t rows, size_t cols)
{
    enum { SNAPSHOTS = 32 };
    struct hostscreen *live = hostscreen_new(EMULATOR_HOST, rows, cols);
    void *kept[SNAPSHOTS];
    size_t bytes = 0;

    for (size_t n = 0; n < SNAPSHOTS; n++) {
        struct buf screen = {0};
        buf_append_str(&screen, "\033[H");
        for (size_t i = 0; i < rows * cols; i++)
            buf_append_byte(&screen, (uint8_t)('!' + (7 * n + i + i / cols) % 90));
        emulator_write(hostscreen_emulator(live), screen.data, screen.len, NULL);
        kept[n] = hostscreen_ops.clone(live);
        buf_release(&screen);
    }
    for (size_t n = 0; n < SNAPSHOTS; n++)
        bytes += hostscreen_ops.footprint(kept[n]);
    printf("\n%d different screens at %zux%zu: %.2f MB, %zu bytes a cell\n", SNAPSHOTS, cols, rows,
           (double)bytes / 1e6, sizeof(struct cell));
    for (size_t n = 0; n < SNAPSHOTS; n++)
        hostscreen_ops.free(kept[n]);
    hostscreen_ops.free(live);
}

int main(int argc, char **argv)
{
    size_t bytes = (argc > 1 ? strtoul(argv[1], NULL, 10) : 2000) * 1000;
    size_t rounds = argc > 2 ? strtoul(argv[2], NULL, 10) : 7;
    const char *wanted = argc > 3 ? argv[3] : NULL;

    if (bytes == 0 || rounds == 0 || rounds > ROUNDS_MAX || (wanted && !payload_find(wanted))) {
        fputs("usage: bench_emulator [KILOBYTES [ROUNDS [PAYLOAD]]]\n", stderr);
        return 2;
    }
    bench_size(bytes, rounds, wanted, 24, 80);
    bench_size(bytes, rounds, wanted, 60, 200);
    if (wanted)
        return 0;
    bench_frames(rounds, 24, 80);
    bench_frames(rounds, 60, 200);
    bench_memory(60, 200);
    return 0;
}
