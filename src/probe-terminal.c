/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "probe-terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sys/clock.h"
#include "sys/process.h"
#include "sys/terminfo.h"
#include "sys/tty.h"
#include "util/buf.h"

enum { ANSWER_MS_MAX = 2000, REMARK_BYTES = 256, READ_BYTES = 4096 };

/* What a terminal might print of strings is gone with the alternate screen. */
enum probe_extent probe_terminal_extent(const struct caps *caps)
{
    if (getenv("MOSH_NO_PROBE"))
        return PROBE_NOTHING;
    switch (terminfo_manners()) {
    case TERMINFO_TAKES_STRINGS:
        return caps->enter_screen[0] ? PROBE_ALL : PROBE_PLAIN;
    case TERMINFO_TAKES_QUESTIONS:
        return PROBE_PLAIN;
    default:
        return PROBE_NOTHING;
    }
}

/* What is read and is no answer was typed meanwhile, and is lost. */
static void take_answers(struct probe *probe, msec_t start)
{
    static const struct token_modes modes = {0};
    struct tokens tokens = {0};
    uint8_t bytes[READ_BYTES];

    for (;;) {
        msec_t now = clock_now(), end = msec_after(start, ANSWER_MS_MAX);
        struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
        if (probe_has_answered(probe) || now >= end)
            return;
        if (poll(&p, 1, (int)(end - now)) <= 0)
            continue;
        ssize_t got = read(STDIN_FILENO, bytes, sizeof bytes);
        if (got <= 0)
            return;
        struct reader input = {.at = bytes, .left = (size_t)got};
        struct token token;
        bool news;
        while (tokens_next(&tokens, &modes, &input, &token))
            (void)probe_take(probe, &token, &news);
    }
}

static bool write_whole(const struct buf *bytes)
{
    for (size_t done = 0; done < bytes->len;) {
        ssize_t n = write(STDOUT_FILENO, bytes->data + done, bytes->len - done);
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            done += (size_t)n;
    }
    return true;
}

/* Standard output is the terminal meanwhile. How long the answers took, or MSEC_NEVER. */
static msec_t ask(struct probe *probe, const struct caps *caps)
{
    struct buf bytes = {0};
    msec_t start = clock_now();

    process_on_fatal_signal(tty_emergency);
    if (tty_enter((const uint8_t *)caps->leave_screen, strlen(caps->leave_screen)) == 0) {
        buf_append_str(&bytes, caps->enter_screen);
        probe_ask(probe, start, &bytes);
        if (write_whole(&bytes))
            take_answers(probe, start);
        buf_clear(&bytes);
        buf_append_str(&bytes, caps->leave_screen);
        (void)write_whole(&bytes);
        tty_leave();
    }
    buf_release(&bytes);
    return probe_has_answered(probe) ? clock_now() - start : MSEC_NEVER;
}

static void print_answers(FILE *to, const struct probe *probe, msec_t took)
{
    const struct probe_facts *f = &probe->facts;
    const struct ability {
        const char *name;
        bool has;
    } abilities[] = {
        {"synchronized-output", f->synchronized_output},
        {"clusters", f->clusters},
        {"kitty-keyboard", f->kitty_keyboard},
        {"modify-other-keys", f->modify_other_keys},
        {"underline-styles", f->underline_styles},
        {"true-colour", f->true_colour},
        {"clipboard", f->clipboard},
        {"pixel-mouse", f->pixel_mouse},
    };

    fprintf(to, "asked=%s\n", probe->asked ? "yes" : "no");
    if (took == MSEC_NEVER)
        return;
    fprintf(to, "answered_ms=%u\n", (unsigned)took);
    if (f->identity[0])
        fprintf(to, "identity=%s\n", f->identity);
    for (size_t i = 0; i < sizeof abilities / sizeof *abilities; i++) {
        if (abilities[i].has)
            fprintf(to, "ability=%s\n", abilities[i].name);
    }
}

/* The terminal takes the place of standard output, which goes to who reads our lines. NULL if there
   is none. */
static FILE *keep_output(void)
{
    int tty = open("/dev/tty", O_RDWR | O_CLOEXEC), kept;

    if (tty < 0)
        return NULL;
    kept = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (kept < 0 || dup2(tty, STDOUT_FILENO) < 0)
        return NULL;
    close(tty);
    return fdopen(kept, "w");
}

int probe_terminal(void)
{
    const char *term = getenv("TERM");
    char remark[REMARK_BYTES];
    struct caps caps = {0};
    struct probe probe;
    msec_t took = MSEC_NEVER;
    int colors = -1;
    bool is_terminal = isatty(STDIN_FILENO), known = terminfo_load(&caps, remark, sizeof remark);
    FILE *to = is_terminal ? keep_output() : stdout;

    if (!to)
        return 1;
    probe_init(&probe, known && is_terminal ? probe_terminal_extent(&caps) : PROBE_NOTHING);
    if (probe.extent != PROBE_NOTHING)
        took = ask(&probe, &caps);
    fprintf(to, "terminal=%s\nterm=%s\nentry=%s\n", is_terminal ? "yes" : "no", term ? term : "",
            !known      ? "no"
            : remark[0] ? "guessed"
                        : "yes");
    if (remark[0])
        fprintf(to, "remark=%s\n", remark);
    if (terminfo_colors(&colors, remark, sizeof remark))
        fprintf(to, "colors=%d\n", colors);
    print_answers(to, &probe, took);
    return fclose(to) == 0 && known && is_terminal ? 0 : 1;
}
