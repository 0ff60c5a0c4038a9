/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bench_instructions [NAME]: what tests/instructions.sh counts with callgrind. Each piece of work,
 * or the one of that name, goes through `measured`, and a line is printed of each, in their order:
 * its name, and by how much its instructions are to be divided. Alone, the program measures
 * nothing.
 */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "payloads.h"
#include "statesync/hostscreen.h"
#include "terminal/emulator.h"

#define WARM_BYTES     8000 /* until the tables have grown, and the screen scrolls */
#define MEASURED_BYTES 20000
#define FRAME_BYTES    200

/* callgrind knows it by its name. */
void measured(void (*run)(void *), void *context);
__attribute__((noinline)) void measured(void (*run)(void *), void *context)
{
    run(context);
    __asm__ volatile("" ::: "memory"); /* no tail call, which would leave too early */
}

struct work {
    struct hostscreen *live;
    void *last; /* the snapshot that a difference is taken from */
    struct buf in, diff;
    size_t at, end;
};

static void begin(struct work *w, const char *payload, size_t rows, size_t cols)
{
    struct buf plain = {0};

    *w = (struct work){.live = hostscreen_new(EMULATOR_HOST, rows, cols)};
    hostscreen_leave_zero(w->live); /* as the server does */
    payload_make(payload_find(payload), &plain, WARM_BYTES + MEASURED_BYTES, rows, cols);
    payload_as_tty(&plain, &w->in);
    buf_release(&plain);
    w->at = WARM_BYTES;
    w->end = WARM_BYTES + MEASURED_BYTES;
    emulator_write(hostscreen_emulator(w->live), w->in.data, w->at, NULL);
    w->last = hostscreen_ops.clone(w->live);
}

static void finish(struct work *w)
{
    hostscreen_ops.free(w->last);
    hostscreen_ops.free(w->live);
    buf_release(&w->in);
    buf_release(&w->diff);
}

static void emulate(void *context)
{
    struct work *w = context;

    emulator_write(hostscreen_emulator(w->live), w->in.data + w->at, w->end - w->at, NULL);
}

static const char *wanted; /* NULL: all */

/* Runs it if it is wanted. */
static void count(void (*run)(void *), struct work *w, int divisor, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
static void count(void (*run)(void *), struct work *w, int divisor, const char *format, ...)
{
    char name[64];
    va_list args;

    va_start(args, format);
    vsnprintf(name, sizeof name, format, args);
    va_end(args);
    if (wanted && strcmp(name, wanted) != 0)
        return;
    measured(run, w);
    printf("%s %d\n", name, divisor);
}

static void count_bytes(const char *payload, size_t rows, size_t cols)
{
    struct work w;

    begin(&w, payload, rows, cols);
    /* The snapshot would make the first lines be copied. */
    hostscreen_ops.free(w.last);
    w.last = NULL;
    count(emulate, &w, MEASURED_BYTES, "%s-%zux%zu", payload, cols, rows);
    finish(&w);
}

/* As the server does it: output, a snapshot, the difference to the one before. */
static void make_frames(void *context)
{
    struct work *w = context;

    for (; w->at + FRAME_BYTES <= w->end; w->at += FRAME_BYTES) {
        emulator_write(hostscreen_emulator(w->live), w->in.data + w->at, FRAME_BYTES, NULL);
        void *next = hostscreen_ops.clone(w->live);
        buf_clear(&w->diff);
        hostscreen_ops.diff(w->last, next, &w->diff);
        hostscreen_ops.free(w->last);
        w->last = next;
    }
}

static void count_frames(const char *payload, size_t rows, size_t cols)
{
    struct work w;

    begin(&w, payload, rows, cols);
    count(make_frames, &w, MEASURED_BYTES / FRAME_BYTES, "frame-%s-%zux%zu", payload, cols, rows);
    finish(&w);
}

static void make_difference(void *context)
{
    struct work *w = context;

    hostscreen_ops.diff(w->last, w->live, &w->diff);
}

/* Writes `changed` rows of a screen full of text anew, and takes the difference. */
static void count_difference(size_t changed, size_t rows, size_t cols)
{
    struct work w;
    struct buf text = {0};
    struct emulator *e;

    begin(&w, "plain", rows, cols);
    e = hostscreen_emulator(w.live);
    for (size_t row = 0; row < changed; row++) {
        buf_append_str(&text, "\033[");
        buf_append_dec(&text, row + 1);
        buf_append_str(&text, ";1H");
        for (size_t col = 0; col < cols; col++)
            buf_append_byte(&text, (uint8_t)('!' + (row + col) % 90));
    }
    emulator_write(e, text.data, text.len, NULL);
    if (changed == 0) /* something else than the cells */
        emulator_write(e, (const uint8_t *)"\a", 1, NULL);
    count(make_difference, &w, 1, "diff-%zu-%zux%zu", changed, cols, rows);
    buf_release(&text);
    finish(&w);
}

int main(int argc, char **argv)
{
    static const char *const frames[] = {"plain", "log", "styled", "alternate", "region", "tui"};
    static const size_t heights[] = {24, 60, 200};

#ifndef __OPTIMIZE__
    return 77;
#endif
    wanted = argc > 1 ? argv[1] : NULL;
    for (size_t i = 0; i < payload_count; i++)
        if (strcmp(payloads[i].name, "yes") != 0)
            count_bytes(payloads[i].name, 24, 80);
    for (size_t i = 0; i < sizeof heights / sizeof *heights; i++)
        count_bytes("yes", heights[i], 80);
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
        count_frames(frames[i], 24, 80);
        count_frames(frames[i], 60, 200);
    }
    count_difference(60, 60, 200);
    count_difference(1, 60, 200);
    count_difference(0, 60, 200);
    return 0;
}
