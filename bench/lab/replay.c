/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * replay: types a scenario into a program as a person would.
 *
 *     replay [--seed N] [--size ROWSxCOLS] --reference FILE SCENARIO -- COMMAND...
 *         waits after each keystroke until the screen is at rest, and writes what is on it
 *     replay [--seed N] [--limit SECONDS] --record FILE --against REFERENCE SCENARIO -- COMMAND...
 *         types at a person's pace, and writes down what came when; nothing after the limit
 *
 * The command runs in a pseudo-terminal whose screen is libvterm's. trace.h has the files.
 */
#include "config.h"

#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "steps.h"
#include "trace.h"
#include "user.h"

#define REST_US       80000     /* a screen is at rest when nothing has come for so long */
#define LONG_REST_US  1000000   /* ... or so long, where programs start */
#define REST_MAX_US   3000000   /* and is taken for it then */
#define START_MAX_US  150000000 /* for the first screen: ssh needs many round trips */
#define SETTLE_MAX_US 60000000  /* for a screen in the middle */
#define LAST_WORDS_US 20000000  /* for what the last keystroke did */

struct replay {
    struct user user;
    struct reference reference; /* of a recording */
    uint64_t limit_us;          /* how long a recording may take */
};

static void wait_for_rest(struct replay *r, uint64_t rest_us)
{
    uint64_t start = user_now_us(), quiet_from = start;

    while (!r->user.ended && user_now_us() < start + REST_MAX_US) {
        if (user_take_output(&r->user, quiet_from + rest_us))
            quiet_from = user_now_us();
        else
            break;
    }
    user_look(&r->user);
}

static bool shows(struct replay *r, const struct shot *want)
{
    const struct shot *now = &r->user.now;

    user_look(&r->user);
    return now->cursor_row == want->cursor_row && now->cursor_col == want->cursor_col &&
           memcmp(now->cell, want->cell, want->rows * want->cols * sizeof *want->cell) == 0;
}

static bool wait_for_screen(struct replay *r, const struct shot *want, uint64_t at_most_us)
{
    uint64_t give_up = user_now_us() + at_most_us;

    while (!shows(r, want)) {
        if (r->user.ended || user_now_us() >= give_up)
            return false;
        user_take_output(&r->user, give_up);
    }
    return true;
}

static void press(struct replay *r, const struct step *s)
{
    if (s->paste)
        user_paste(&r->user, s->text);
    else
        user_press(&r->user, s->text);
}

static void make_reference(struct replay *r, const char *path, const struct step *steps,
                           size_t count)
{
    FILE *file = reference_create(path, r->user.now.rows, r->user.now.cols);

    wait_for_rest(r, LONG_REST_US);
    reference_add(file, &r->user.now);
    for (size_t i = 0; i < count; i++) {
        press(r, &steps[i]);
        wait_for_rest(r, i + 1 < count && steps[i + 1].settle ? LONG_REST_US : REST_US);
        if (r->user.ended)
            errx(EXIT_FAILURE, "the program ended at keystroke %zu of %zu", i, count);
        reference_add(file, &r->user.now);
    }
    if (fclose(file) != 0)
        err(EXIT_FAILURE, "%s", path);
}

/* Waits until it is time for a step, at the latest until the end. */
static void await_step(struct replay *r, const struct step *steps, size_t i, uint64_t *next_us,
                       uint64_t end_us)
{
    if (steps[i].settle) {
        uint64_t now = user_now_us(), left = end_us > now ? end_us - now : 0;
        uint64_t at_most = left < SETTLE_MAX_US ? left : SETTLE_MAX_US;
        if (!wait_for_screen(r, &r->reference.shots[i], at_most))
            warnx("the screen before keystroke %zu did not come", i);
        *next_us = user_now_us();
    }
    *next_us += steps[i].wait_ms * 1000;
    user_wait(&r->user, *next_us < end_us ? *next_us : end_us);
}

static void make_recording(struct replay *r, const char *path, const struct step *steps,
                           size_t count)
{
    const struct reference *truth = &r->reference;
    uint64_t next, end;
    size_t i;

    if (truth->count < count)
        errx(EXIT_FAILURE, "the reference is of another scenario or seed");
    r->user.record = trace_create(path);
    if (!wait_for_screen(r, &truth->shots[0], START_MAX_US))
        errx(EXIT_FAILURE, "%s: the first screen did not come", path);
    next = user_now_us();
    end = r->limit_us ? next + r->limit_us : UINT64_MAX;
    for (i = 0; i < count && !r->user.ended; i++) {
        await_step(r, steps, i, &next, end);
        if (user_now_us() >= end)
            break;
        if (i == 0 || strcmp(steps[i].phase, steps[i - 1].phase) != 0)
            trace_add(r->user.record, EVENT_PHASE, user_now_us(), steps[i].phase,
                      strlen(steps[i].phase));
        press(r, &steps[i]);
    }
    if (i < count)
        warnx("%s: only %zu of %zu keystrokes", path, i, count);
    if (!wait_for_screen(r, &truth->shots[i], LAST_WORDS_US))
        warnx("%s: the last screen did not come", path);
    if (fclose(r->user.record) != 0)
        err(EXIT_FAILURE, "%s", path);
    r->user.record = NULL;
}

static _Noreturn void usage(void)
{
    fputs("Usage: replay [--seed N] [--size ROWSxCOLS] --reference FILE SCENARIO -- COMMAND...\n"
          "       replay [--seed N] [--limit SECONDS] --record FILE --against REFERENCE SCENARIO"
          " -- COMMAND...\n",
          stderr);
    exit(2);
}

int main(int argc, char *argv[])
{
    enum { SEED = 1, SIZE, LIMIT, REFERENCE, RECORD, AGAINST };
    static const struct option options[] = {{"seed", required_argument, NULL, SEED},
                                            {"size", required_argument, NULL, SIZE},
                                            {"limit", required_argument, NULL, LIMIT},
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
        else if (option == LIMIT)
            r.limit_us = strtoull(optarg, NULL, 10) * 1000000;
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
    user_start(&r.user, rows, cols, argv + optind + 2);
    if (reference)
        make_reference(&r, reference, steps, count);
    else
        make_recording(&r, record, steps, count);
    user_end(&r.user);
    if (against)
        reference_release(&r.reference);
    free(steps);
    return EXIT_SUCCESS;
}
