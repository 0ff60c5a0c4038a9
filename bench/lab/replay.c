/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * replay: types a scenario into a program as a person would.
 *
 *     replay [--seed N] [--size ROWSxCOLS] --reference FILE SCENARIO -- COMMAND...
 *         waits after each keystroke until the screen is at rest, and writes what is on it
 *     replay [--seed N] --record FILE --against REFERENCE SCENARIO -- COMMAND...
 *         types at a person's pace, and writes down what came when
 *
 * The command runs in a pseudo-terminal whose screen is libvterm's. trace.h has the files.
 */
#include "config.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "trace.h"
#include "steps.h"

#define REST_US       80000    /* a screen is at rest when nothing has come for so long */
#define REST_MAX_US   3000000  /* and is taken for it then */
#define START_MAX_US  60000000 /* for the first screen */
#define SETTLE_MAX_US 60000000 /* for a screen in the middle */
#define LAST_WORDS_US 20000000 /* for what the last keystroke did */

struct replay {
    struct vtscreen *terminal;
    struct shot now;
    int pty;
    bool ended;
    FILE *record;               /* NULL: not recording */
    struct reference reference; /* of a recording */
};

static uint64_t now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static void send_bytes(struct replay *r, const uint8_t *bytes, size_t len)
{
    while (len > 0) {
        ssize_t done = write(r->pty, bytes, len);
        if (done < 0 && errno != EINTR)
            return; /* it has ended, which the next read says */
        bytes += done < 0 ? 0 : done;
        len -= done < 0 ? 0 : (size_t)done;
    }
}

/* Takes what the program has written, waiting until a time at the most. False if nothing came. */
static bool take_output(struct replay *r, uint64_t until_us)
{
    static uint8_t bytes[65536];
    struct pollfd poll = {r->pty, POLLIN, 0};
    struct buf reply = {0};
    uint64_t now = now_us(), left = until_us > now ? until_us - now : 0;
    struct timespec timeout = {(time_t)(left / 1000000), (long)(left % 1000000 * 1000)};
    ssize_t got;

    if (ppoll(&poll, 1, &timeout, NULL) <= 0)
        return false;
    got = read(r->pty, bytes, sizeof bytes);
    if (got <= 0) {
        r->ended = true;
        return false;
    }
    if (r->record)
        trace_add(r->record, EVENT_OUTPUT, now_us(), bytes, (size_t)got);
    vtscreen_write(r->terminal, bytes, (size_t)got, &reply);
    send_bytes(r, reply.data, reply.len);
    buf_release(&reply);
    return true;
}

static void wait_for_rest(struct replay *r, uint64_t first_us)
{
    uint64_t start = now_us(), quiet_from = start + first_us;

    while (!r->ended && now_us() < start + REST_MAX_US) {
        if (take_output(r, quiet_from + REST_US))
            quiet_from = now_us();
        else
            break;
    }
    vtscreen_look(r->terminal, &r->now);
}

static bool shows(struct replay *r, const struct shot *want)
{
    vtscreen_look(r->terminal, &r->now);
    return r->now.cursor_row == want->cursor_row && r->now.cursor_col == want->cursor_col &&
           memcmp(r->now.cell, want->cell, want->rows * want->cols * sizeof *want->cell) == 0;
}

static bool wait_for_screen(struct replay *r, const struct shot *want, uint64_t at_most_us)
{
    uint64_t give_up = now_us() + at_most_us;

    while (!shows(r, want)) {
        if (r->ended || now_us() >= give_up)
            return false;
        take_output(r, give_up);
    }
    return true;
}

static void press(struct replay *r, const struct step *s)
{
    struct buf bytes = {0};

    if (s->paste)
        buf_append_str(&bytes, s->text);
    else if (!vtscreen_key(r->terminal, s->text, &bytes))
        errx(EXIT_FAILURE, "there is no key '%s'", s->text);
    if (r->record)
        trace_add(r->record, EVENT_KEY, now_us(), s->text, strlen(s->text));
    send_bytes(r, bytes.data, bytes.len);
    buf_release(&bytes);
}

static void make_reference(struct replay *r, const char *path, const struct step *steps,
                           size_t count)
{
    FILE *file = reference_create(path, r->now.rows, r->now.cols);

    wait_for_rest(r, 1000000);
    reference_add(file, &r->now);
    for (size_t i = 0; i < count && !r->ended; i++) {
        press(r, &steps[i]);
        wait_for_rest(r, i + 1 < count && steps[i + 1].settle ? 1000000 : 0);
        reference_add(file, &r->now);
    }
    if (fclose(file) != 0)
        err(EXIT_FAILURE, "%s", path);
}

static void make_recording(struct replay *r, const char *path, const struct step *steps,
                           size_t count)
{
    const struct reference *truth = &r->reference;
    uint64_t next;

    if (truth->count < count)
        errx(EXIT_FAILURE, "the reference is of another scenario or seed");
    r->record = trace_create(path);
    if (!wait_for_screen(r, &truth->shots[0], START_MAX_US))
        errx(EXIT_FAILURE, "%s: the first screen did not come", path);
    next = now_us();
    for (size_t i = 0; i < count && !r->ended; i++) {
        if (steps[i].settle && !wait_for_screen(r, &truth->shots[i], SETTLE_MAX_US))
            warnx("%s: the screen before keystroke %zu did not come", path, i);
        if (steps[i].settle)
            next = now_us();
        next += steps[i].wait_ms * 1000;
        while (!r->ended && now_us() < next)
            take_output(r, next);
        press(r, &steps[i]);
    }
    if (!wait_for_screen(r, &truth->shots[count], LAST_WORDS_US))
        warnx("%s: the last screen did not come", path);
    if (fclose(r->record) != 0)
        err(EXIT_FAILURE, "%s", path);
    r->record = NULL;
}

static pid_t start(struct replay *r, size_t rows, size_t cols, char *const command[])
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
    pid_t child = forkpty(&r->pty, NULL, NULL, &size);

    if (child < 0)
        err(EXIT_FAILURE, "forkpty");
    if (child == 0) {
        setenv("TERM", "xterm-256color", 1);
        execvp(command[0], command);
        err(127, "%s", command[0]);
    }
    fcntl(r->pty, F_SETFD, FD_CLOEXEC);
    r->terminal = vtscreen_new(rows, cols);
    shot_init(&r->now, rows, cols);
    return child;
}

static _Noreturn void usage(void)
{
    fputs("Usage: replay [--seed N] [--size ROWSxCOLS] --reference FILE SCENARIO -- COMMAND...\n"
          "       replay [--seed N] --record FILE --against REFERENCE SCENARIO -- COMMAND...\n",
          stderr);
    exit(2);
}

int main(int argc, char *argv[])
{
    enum { SEED = 1, SIZE, REFERENCE, RECORD, AGAINST };
    static const struct option options[] = {{"seed", required_argument, NULL, SEED},
                                            {"size", required_argument, NULL, SIZE},
                                            {"reference", required_argument, NULL, REFERENCE},
                                            {"record", required_argument, NULL, RECORD},
                                            {"against", required_argument, NULL, AGAINST},
                                            {0}};
    const char *reference = NULL, *record = NULL, *against = NULL;
    struct replay r = {0};
    size_t rows = 24, cols = 80, count;
    uint64_t seed = 1;
    int option;

    while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1) {
        if (option == SEED)
            seed = strtoull(optarg, NULL, 10);
        else if (option == SIZE && sscanf(optarg, "%zux%zu", &rows, &cols) != 2)
            usage();
        else if (option == REFERENCE)
            reference = optarg;
        else if (option == RECORD)
            record = optarg;
        else if (option == AGAINST)
            against = optarg;
        else if (option == '?')
            usage();
    }
    if (argc - optind < 3 || strcmp(argv[optind + 1], "--") != 0 || !reference == !record ||
        !record != !against)
        usage();

    struct step *steps = steps_read(argv[optind], seed, &count);
    if (against) {
        reference_read(against, &r.reference);
        rows = r.reference.rows;
        cols = r.reference.cols;
    }
    pid_t child = start(&r, rows, cols, argv + optind + 2);
    if (reference)
        make_reference(&r, reference, steps, count);
    else
        make_recording(&r, record, steps, count);
    kill(child, SIGHUP);
    close(r.pty);
    waitpid(child, NULL, 0);
    vtscreen_free(r.terminal);
    shot_release(&r.now);
    if (against)
        reference_release(&r.reference);
    free(steps);
    return EXIT_SUCCESS;
}
