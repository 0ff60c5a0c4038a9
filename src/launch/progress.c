/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "launch/progress.h"

#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "launch/say.h"
#include "launch/visible.h"
#include "sys/clock.h"
#include "sys/tty.h"

#define MAKE_ROOM "\033D\033M" /* there is a line beneath, and the column is the same */
#define BENEATH   "\0337\033E" /* remember the cursor, go to the beginning of that line */
#define BACK      "\033[K\0338"
#define ERASE     "\033[K" MAKE_ROOM BENEATH BACK /* this line from the cursor on, and that one */

enum { STEP_BYTES_MAX = 256 };

static struct {
    enum progress_manner manner;
    msec_t start;
    char step[STEP_BYTES_MAX];
    volatile sig_atomic_t drawn;
} progress;

static const int deadly[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

/* --- the terminal --- */

/* Beneath the cursor, in at most `width` columns. */
static void append_line(const char *text, size_t width, struct buf *out)
{
    struct visible v = {0};
    struct buf line = {0};
    visible_put(&v, text, strlen(text), &line);
    buf_append_str(out, MAKE_ROOM BENEATH);
    /* Host names are ASCII; of anything else a column too few is shown. */
    buf_append(out, line.data, line.len < width ? line.len : width);
    buf_append_str(out, BACK);
    buf_release(&line);
}

static bool can_draw(void)
{
    const char *term = getenv("TERM");
    return isatty(STDERR_FILENO) && term && *term && strcmp(term, "dumb") != 0 &&
           strcmp(term, "unknown") != 0;
}

static void erase(void)
{
    if (!progress.drawn)
        return;
    progress.drawn = 0;
    write_all(STDERR_FILENO, ERASE, sizeof ERASE - 1);
}

/* SA_RESETHAND has put the default action back. */
static void vanish(int signal)
{
    erase();
    raise(signal);
}

static void draw(void)
{
    struct buf out = {0};
    size_t rows, cols;
    if (!progress.step[0])
        return;
    tty_size(STDERR_FILENO, &rows, &cols);
    if (progress.drawn)
        buf_append_str(&out, ERASE);
    append_line(progress.step, cols > 1 ? cols - 1 : 1, &out);
    progress.drawn = 1;
    write_all(STDERR_FILENO, out.data, out.len);
    buf_release(&out);
}

/* --- the steps --- */

void progress_begin(enum progress_manner manner, msec_t start)
{
    progress.manner = manner == PROGRESS_LINE && !can_draw() ? PROGRESS_NOTHING : manner;
    progress.start = start;
    if (progress.manner != PROGRESS_LINE)
        return;
    for (size_t i = 0; i < sizeof deadly / sizeof deadly[0]; i++) {
        struct sigaction before;
        struct sigaction vanishing = {.sa_handler = vanish, .sa_flags = (int)SA_RESETHAND};
        if (sigaction(deadly[i], NULL, &before) == 0 && before.sa_handler == SIG_DFL)
            sigaction(deadly[i], &vanishing, NULL);
    }
    say_before(progress_hide);
}

void progress_step(const char *format, ...)
{
    va_list args;
    if (progress.manner == PROGRESS_NOTHING)
        return;
    va_start(args, format);
    vsnprintf(progress.step, sizeof progress.step, format, args);
    va_end(args);
    msec_t since = msec_since(clock_now(), progress.start);
    if (progress.manner == PROGRESS_STEPS)
        say("%" PRIu64 ".%03" PRIu64 " s: %s", since / 1000, since % 1000, progress.step);
    else
        draw();
}

void progress_hide(void)
{
    erase();
}

void progress_show(void)
{
    if (progress.manner == PROGRESS_LINE)
        draw();
}

void progress_end(void)
{
    erase();
    progress.step[0] = '\0';
}
