/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * foresee: types a scenario into a session with a real program over a network that is none, on a
 * clock that is none, so that minutes of a bad link take seconds, and says of each keystroke
 * whether our client has shown it at once, and if not, why.
 *
 *     foresee [--seed N] [--rtt MS] [--jitter MS] --record FILE --against REFERENCE
 *             [--silent] [--mode MODE] SCENARIO -- COMMAND...
 *
 * REFERENCE and FILE are those of `replay`, for `score`. To standard output goes a line for each
 * keystroke: NUMBER CAUSE MS, where the cause is `shown`, or why nothing was. `--silent`: client
 * and server tell each other nothing that stock mosh would not.
 */
#include "config.h"

#include <err.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../tests/lib/link.h"
#include "../../tests/lib/rng.h"
#include "overlay/predict_internal.h"
#include "quiet.h"
#include "session/client_internal.h"
#include "session/server.h"
#include "steps.h"
#include "trace.h"

#define SETTLE_MAX_MS 60000 /* for a screen in the middle */
#define LAST_WORDS_MS 20000 /* for what the last keystroke did */
#define CAUSE_MAX     64

struct foresee {
    msec_t now;
    struct rng rng;
    struct link *link;
    struct client *client;
    struct server *server;
    struct quiet program;
    bool started;
    char *const *command;

    struct reference reference;
    struct vtscreen *terminal; /* the user's */
    struct shot shown;
    FILE *record;

    const char *event; /* what is happening, */
    uint64_t epoch;    /* and what the newest epoch began with */
    char began[CAUSE_MAX];
};

static void random_bytes(void *context, uint8_t *out, size_t len)
{
    rng_fill(context, out, len);
}

/* --- why --- */

static const struct predict *engine(const struct foresee *f)
{
    return &f->client->overlay.predict;
}

static void watch_epoch(struct foresee *f)
{
    if (engine(f)->epoch == f->epoch)
        return;
    f->epoch = engine(f)->epoch;
    snprintf(f->began, sizeof f->began, "%s", f->event);
}

static const char *why(const struct foresee *f)
{
    const struct predict *p = engine(f);
    const struct prediction *newest = p->queue.count ? &p->queue.item[p->queue.count - 1] : NULL;
    static char text[2 * CAUSE_MAX];
    const struct facts *program = &p->program;
    const char *state = !program->known      ? "?"
                        : program->canonical ? (program->echo ? "lines" : "secret")
                                             : (program->echo ? "echo" : "keys");

    if (predict_shown(p, f->now) == p->queue.count && p->queue.count > 0 && newest->made == f->now)
        return "shown";
    if (!predict_pace_shows(&p->pace, p->mode))
        return "fast link";
    if (f->now < p->suppressed_until)
        return "after errors";
    snprintf(text, sizeof text, "%s after %s (%s%s)",
             newest && newest->made == f->now ? "unproved" : "place unknown", f->began, state,
             program->alternate ? ", screen" : "");
    return text;
}

/* --- the machines --- */

static void tell_facts(struct foresee *f)
{
    struct facts facts = pty_facts(&f->program.pty);

    if (facts.known && server_wants_facts(f->server))
        server_program_facts(f->server, &facts);
}

static bool run_program(struct foresee *f)
{
    struct buf out = {0};
    const uint8_t *input;
    size_t len, rows, cols, taken;
    bool moved = false;

    if (!server_child_released(f->server) || f->program.ended)
        return false;
    if (server_pull_winsize(f->server, &rows, &cols) && f->started)
        pty_resize(&f->program.pty, rows, cols);
    if (!f->started) {
        quiet_start(&f->program, f->reference.rows, f->reference.cols, f->command);
        moved = f->started = true;
    }
    len = server_pty_input(f->server, &input);
    taken = len ? quiet_give(&f->program, input, len) : 0;
    if (taken > 0) {
        server_pty_written(f->server, f->now, taken);
        moved = true;
    }
    if (moved)
        quiet_wait(&f->program, &out);
    else
        quiet_take(&f->program, &out); /* what came late, or by itself */
    if (out.len > 0)
        server_pty_output(f->server, f->now, out.data, out.len);
    moved |= out.len > 0;
    buf_release(&out);
    tell_facts(f);
    return moved;
}

static bool deliver(struct foresee *f)
{
    const struct path_address from = {.bytes = {1}, .len = 1};
    enum link_direction direction;
    struct transport_event event;
    struct buf bytes = {0};
    bool moved = false;

    while (link_deliver(f->link, f->now, &direction, &bytes)) {
        moved = true;
        if (direction == LINK_TO_SERVER)
            (void)!server_datagram_from(f->server, f->now, &from, bytes.data, bytes.len, false,
                                        &event);
        else
            (void)!client_datagram(f->client, f->now, bytes.data, bytes.len, false);
    }
    buf_release(&bytes);
    return moved;
}

static bool send(struct foresee *f)
{
    struct buf bytes = {0};
    bool moved = false;

    while (client_pull_datagram(f->client, &bytes)) {
        link_send(f->link, f->now, LINK_TO_SERVER, bytes.data, bytes.len);
        moved = true;
    }
    while (server_pull_datagram(f->server, &bytes)) {
        link_send(f->link, f->now, LINK_TO_CLIENT, bytes.data, bytes.len);
        moved = true;
    }
    buf_release(&bytes);
    return moved;
}

static void draw(struct foresee *f)
{
    struct buf frame = {0};

    client_draw(f->client, f->now, &frame);
    if (frame.len > 0) {
        trace_add(f->record, EVENT_OUTPUT, f->now * 1000, frame.data, frame.len);
        vtscreen_write(f->terminal, frame.data, frame.len, NULL);
    }
    buf_release(&frame);
}

/* Everything that happens at this very moment. */
static void turn(struct foresee *f)
{
    bool again = true;

    while (again) {
        again = deliver(f);
        again |= run_program(f);
        client_tick(f->client, f->now);
        watch_epoch(f);
        server_tick(f->server, f->now);
        again |= send(f);
    }
    draw(f);
}

static bool shows(struct foresee *f, const struct shot *want)
{
    vtscreen_look(f->terminal, &f->shown);
    return f->shown.cursor_row == want->cursor_row && f->shown.cursor_col == want->cursor_col &&
           memcmp(f->shown.cell, want->cell, want->rows * want->cols * sizeof *want->cell) == 0;
}

/* Lets time pass until a screen is there, if it is not NULL; whether it came. */
static bool run(struct foresee *f, msec_t until, const struct shot *want)
{
    for (;;) {
        f->event = "the screen";
        turn(f);
        if (want && shows(f, want))
            return true;
        if (f->now >= until)
            return false;
        msec_t next = msec_min(link_deadline(f->link), client_deadline(f->client, f->now));
        next = msec_min(next, server_deadline(f->server, f->now));
        f->now = msec_min(until, msec_max(next, f->now + 1));
    }
}

/* --- the user --- */

static void press(struct foresee *f, size_t number, const struct step *s)
{
    struct buf bytes = {0};

    if (s->paste)
        buf_append_str(&bytes, s->text);
    else if (!vtscreen_key(f->terminal, s->text, &bytes))
        errx(EXIT_FAILURE, "there is no key '%s'", s->text);
    trace_add(f->record, EVENT_KEY, f->now * 1000, s->text, strlen(s->text));
    f->event = s->text[1] ? s->paste ? "a paste" : s->text : "text";
    client_keys(f->client, f->now, bytes.data, bytes.len);
    client_tick(f->client, f->now);
    watch_epoch(f);
    printf("%zu\t%s\t%" PRIu64 "\n", number, why(f), f->now);
    turn(f);
    buf_release(&bytes);
}

static void type(struct foresee *f, const struct step *steps, size_t count)
{
    const struct shot *shots = f->reference.shots;

    if (f->reference.count < count)
        errx(EXIT_FAILURE, "the reference is of another scenario or seed");
    if (!run(f, f->now + SETTLE_MAX_MS, &shots[0]))
        errx(EXIT_FAILURE, "the first screen did not come");
    for (size_t i = 0; i < count; i++) {
        if (steps[i].settle && !run(f, f->now + SETTLE_MAX_MS, &shots[i]))
            warnx("the screen before keystroke %zu did not come", i);
        run(f, f->now + steps[i].wait_ms, NULL);
        if (i == 0 || strcmp(steps[i].phase, steps[i - 1].phase) != 0)
            trace_add(f->record, EVENT_PHASE, f->now * 1000, steps[i].phase,
                      strlen(steps[i].phase));
        press(f, i, &steps[i]);
    }
    if (!run(f, f->now + LAST_WORDS_MS, &shots[count]))
        warnx("the last screen did not come");
}

/* --- */

struct choices {
    uint64_t seed;
    struct link_profile link;
    bool silent;
    enum predict_mode mode;
    const char *record, *against;
};

static void begin(struct foresee *f, const struct choices *c)
{
    struct client_config client = {
        .key = "sixteen bytes...",
        .caps = {.erase_chars = true, .back_color_erase = true},
        .escape_key = ESCAPE_KEY_DEFAULT,
        .title_prefix = "",
        .silent = c->silent,
        .server = {.address = "192.0.2.1", .port = 60001},
        .predict_mode = c->mode,
        .random = random_bytes,
        .random_context = &f->rng,
    };
    struct server_config server = {
        .key = "sixteen bytes...",
        .random = random_bytes,
        .random_context = &f->rng,
    };

    reference_read(c->against, &f->reference);
    client.rows = server.rows = f->reference.rows;
    client.cols = server.cols = f->reference.cols;
    f->now = 1000000;
    f->rng = (struct rng){c->seed};
    f->link = link_new(c->seed, &c->link);
    f->client = client_new(&client, f->now);
    f->server = server_new(&server, f->now);
    f->terminal = vtscreen_new(f->reference.rows, f->reference.cols);
    shot_init(&f->shown, f->reference.rows, f->reference.cols);
    f->record = trace_create(c->record);
}

static void say_traffic(const struct foresee *f)
{
    const struct link_stats *up = link_get_stats(f->link, LINK_TO_SERVER);
    const struct link_stats *down = link_get_stats(f->link, LINK_TO_CLIENT);

    fprintf(stderr,
            "  %" PRIu64 " datagrams with %" PRIu64 " bytes up, %" PRIu64 " with %" PRIu64
            " down\n",
            up->sent, up->bytes, down->sent, down->bytes);
}

static void end(struct foresee *f)
{
    if (fclose(f->record) != 0)
        err(EXIT_FAILURE, "the recording");
    quiet_end(&f->program);
    shot_release(&f->shown);
    vtscreen_free(f->terminal);
    reference_release(&f->reference);
    server_free(f->server);
    client_free(f->client);
    link_free(f->link);
}

static _Noreturn void usage(void)
{
    fputs("Usage: foresee [--seed N] [--rtt MS] [--jitter MS] --record FILE --against REFERENCE\n"
          "               [--silent] [--mode MODE] SCENARIO -- COMMAND...\n",
          stderr);
    exit(2);
}

static int read_choices(int argc, char *argv[], struct choices *c)
{
    enum { SEED = 1, RTT, JITTER, RECORD, AGAINST, SILENT, MODE };
    static const struct option options[] = {
        {"seed", required_argument, NULL, SEED},       {"rtt", required_argument, NULL, RTT},
        {"jitter", required_argument, NULL, JITTER},   {"record", required_argument, NULL, RECORD},
        {"against", required_argument, NULL, AGAINST}, {"silent", no_argument, NULL, SILENT},
        {"mode", required_argument, NULL, MODE},       {0}};
    int option;

    while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1) {
        if (option == SEED)
            c->seed = strtoull(optarg, NULL, 10);
        else if (option == RTT)
            c->link.delay_ms = strtoull(optarg, NULL, 10) / 2;
        else if (option == JITTER)
            c->link.jitter_ms = strtoull(optarg, NULL, 10);
        else if (option == RECORD)
            c->record = optarg;
        else if (option == AGAINST)
            c->against = optarg;
        else if (option == SILENT)
            c->silent = true;
        else if (option != MODE || !client_parse_predict_mode(optarg, &c->mode))
            usage();
    }
    return optind;
}

int main(int argc, char *argv[])
{
    struct choices choices = {.seed = 1, .link = {.name = "virtual"}};
    int next = read_choices(argc, argv, &choices);
    struct foresee f = {0};
    struct step *steps;
    size_t count;

    if (argc - next < 3 || strcmp(argv[next + 1], "--") != 0 || !choices.record || !choices.against)
        usage();
    steps = steps_read(argv[next], choices.seed, &count);
    f.command = argv + next + 2;
    begin(&f, &choices);
    type(&f, steps, count);
    say_traffic(&f);
    end(&f);
    free(steps);
    return EXIT_SUCCESS;
}
