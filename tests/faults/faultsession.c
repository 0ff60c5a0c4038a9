/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * faultsession HOW PROGRAM FOLDER: a whole session in which something is made to fail, from the
 * start of the server to the end of all processes, without anybody at the keyboard. It plays the
 * user and the terminal, and judges what becomes of PROGRAM, which is mosh-server, mosh-client or
 * mosh. HOW is `direct`, for server and client alone, or `mosh`, for the wrapper and its ssh, which
 * is a script. FOLDER holds the programs: its mosh-server, mosh-client, mosh, ssh and inside.sh.
 *
 * FAULT_PRELOAD is what LD_PRELOAD is to be in PROGRAM; FAULT_WRAP are words put before its command
 * line, such as `strace -D ...`; PATIENCE_MS is how long nothing may happen. With FAULT_TOLD, a
 * program that ends the session amid it has to have told the other one, which then ends by itself.
 *
 * How busy the machine is changes no outcome: patience.h says what passes for time.
 *
 * Prints OUTCOME <TAB> what else is known. The outcomes are:
 *
 *   goes-on   the session was as if nothing had failed
 *   ends      PROGRAM has ended it: with a message wherever somebody could read one, a status other
 *             than 0, and the terminal as it was
 *   silent    the same, but it could not say anything
 *   waits     nothing went on, and SIGTERM has ended it, within ten seconds, as cleanly
 *   BROKEN    none of these; the rest of the line says why
 */

#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif

#include "../lib/outer.h"
#include "faultworld.h"
#include "patience.h"

enum {
    WRITTEN_MAX = 1 << 20,
    SAID_MAX = 1 << 16,
    SHOWN_MAX = 3000, /* of what was written, at the end */
    END_MS = 11000,   /* ten seconds, and a little */
};

struct world world;

static int64_t patience_ms;
static const char *step; /* what was waited for last */

void broken(const char *format, ...)
{
    size_t len = strlen(world.broken);
    va_list args;

    va_start(args, format);
    len += (size_t)snprintf(world.broken + len, sizeof world.broken - len, "%s", len ? "; " : "");
    if (len < sizeof world.broken)
        vsnprintf(world.broken + len, sizeof world.broken - len, format, args);
    va_end(args);
}

void die(const char *what)
{
    printf("BROKEN\tfaultsession: %s: %s\n", what, strerror(errno));
    exit(2);
}

/* --- the session --- */

enum progress { DONE, STUCK, OVER }; /* OVER: PROGRAM has ended the session before its end */

static bool is_over(void)
{
    if (strcmp(world.program, "mosh-server") == 0)
        return world.client && !server_is_there();
    return has_ended(world.client) != NULL;
}

static enum progress wait_for(const char *what)
{
    size_t from = world.written.len;
    int64_t end = patience_now_ms() + patience_ms;

    while (patience_now_ms() < end) {
        if (has(&world.written, from, what))
            return DONE;
        if (is_over())
            return OVER;
        pump(20);
    }
    return STUCK;
}

static enum progress play(void)
{
    static const struct {
        const char *typed, *seen;
    } steps[] = {
        {"", "inside-begins"},     {"one\r", "got-one"},
        {"look\r", "looked-all"},  {"other\r", "other-screen"},
        {"now\r", "now-back"},     {"\036[", "q to leave"},  /* looking back */
        {"qtwo\r", "got-two"},     {"three\r", "got-three"}, /* in another window */
        {"size\r", "size-30x100"},
    };
    struct winsize size = {.ws_row = 30, .ws_col = 100};

    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (strcmp(steps[i].seen, "got-three") == 0)
            ioctl(world.master, TIOCSWINSZ, &size);
        type(steps[i].typed);
        step = steps[i].seen;
        enum progress p = wait_for(step);
        if (p != DONE)
            return p;
    }
    step = "the end";
    type("end\r");
    return DONE;
}

/* Until the first line of the server has come, or it has ended. */
static enum progress wait_for_server(void)
{
    int64_t end = patience_now_ms() + patience_ms;

    while (patience_now_ms() < end) {
        const char *at = strstr(world.said.bytes, "MOSH CONNECT ");
        if (at && sscanf(at, "MOSH CONNECT %7s %31s", world.port, world.key) == 2 && server_pid())
            return DONE;
        if (world.said_fd < 0)
            return OVER;
        pump(20);
    }
    return STUCK;
}

static bool wait_for_end(pid_t pid, int64_t ms)
{
    int64_t end = patience_now_ms() + ms;

    while (pid && !has_ended(pid) && patience_now_ms() < end)
        pump(20);
    return !pid || has_ended(pid);
}

/* The server's process goes first if it goes badly. */
static enum progress wait_for_the_end(void)
{
    int64_t end = patience_now_ms() + END_MS;

    while (!has_ended(world.client) && patience_now_ms() < end) {
        const struct ended *server = has_ended(server_pid());
        if (server && server->status != 0)
            return OVER;
        pump(20);
    }
    return has_ended(world.client) ? DONE : STUCK;
}

static bool wait_for_all(int64_t ms)
{
    int64_t end = patience_now_ms() + ms;

    while (each_child(NULL, 0) > 0 && patience_now_ms() < end) {
        pump(10);
        if (world.is_mosh) /* what it has started may go on, or only begin, without it */
            each_child("mosh-server", SIGKILL);
    }
    return each_child(NULL, 0) == 0;
}

/* --- judging --- */

static void check_terminal(void)
{
    struct termios after;
    struct outer outer;
    char what[512];

    drain();
    if (tcgetattr(world.slave, &after) != 0)
        die("tcgetattr");
    if (after.c_iflag != world.before.c_iflag || after.c_oflag != world.before.c_oflag ||
        after.c_lflag != world.before.c_lflag || after.c_cflag != world.before.c_cflag ||
        memcmp(after.c_cc, world.before.c_cc, sizeof after.c_cc) != 0)
        broken("the terminal is not as it was: lflag %x", (unsigned)after.c_lflag);
    /* What mosh says while one waits is not the client's. */
    const char *from =
        world.is_mosh ? strstr(world.written.bytes, "\033[?1049h") : world.written.bytes;
    size_t len = from ? world.written.len - (size_t)(from - world.written.bytes) : 0;
    outer_init(&outer);
    outer.may_ask = true;
    outer_write(&outer, (const uint8_t *)from, len);
    (void)outer_left(&outer, what, sizeof what);
    /* Whether the wheel was made arrows before, nobody can ask in a hurry. */
    if (what[0] && strcmp(what, " mode 1007 is 1") != 0)
        broken("left in the terminal:%s", what);
}

/* The key was told on the first line of the server, and nowhere else. */
static void check_key(void)
{
    const char *first = strstr(world.said.bytes, "MOSH CONNECT ");

    if (!world.key[0])
        return;
    if (has(&world.written, 0, world.key) ||
        (first && strstr(first + 20 + strlen(world.key), world.key)))
        broken("the key was shown");
}

static void end_the_rest(void)
{
    pid_t server = server_pid();

    world.killed = true;
    if (server && !has_ended(server))
        kill(server, SIGKILL);
    if (world.client && !has_ended(world.client))
        kill(world.client, SIGKILL);
    if (wait_for_all(5000))
        return;
    broken("left behind: %d processes", each_child(NULL, 0));
    while (each_child(NULL, SIGKILL) > 0)
        pump(10);
}

static const char *judge_end(void)
{
    drain();
    if (world.is_mosh || strcmp(world.program, "mosh-client") == 0) {
        const struct ended *e = has_ended(world.client);
        if (!e || !WIFEXITED(e->status))
            return "BROKEN";
        if (WEXITSTATUS(e->status) == 0 || WEXITSTATUS(e->status) == 7)
            broken("status %d", WEXITSTATUS(e->status));
        if (!has(&world.written, 0, "mosh: ") && !has(&world.written, 0, "mosh-client: "))
            return "silent";
        return "ends";
    }
    if (has(&world.said, 0, "ended by signal"))
        broken("a signal ended the server's process");
    if (!world.key[0] && !has(&world.said, 0, "mosh-server: "))
        return "silent";
    return "ends";
}

/* From when something that was typed has come back, until the end is asked for: then each end knows
   where the other one is, and neither has begun to leave. */
static bool is_amid_the_session(void)
{
    return step && strcmp(step, "inside-begins") != 0 && strcmp(step, "got-one") != 0 &&
           strcmp(step, "the end") != 0;
}

static void check_told(void)
{
    bool by_client = strcmp(world.program, "mosh-client") == 0;
    pid_t other = by_client ? server_pid() : world.client;

    if (!getenv("FAULT_TOLD") || world.is_mosh || !is_amid_the_session())
        return;
    if (!wait_for_end(other, END_MS))
        broken("the other end was not told");
    else if (!by_client && WEXITSTATUS(has_ended(other)->status) != 1)
        broken("the client's status is not that of a session that failed");
}

static void wait_for_handler(pid_t pid)
{
    int64_t end = patience_now_ms() + patience_ms;

    while (pid && !minds_signal(pid, SIGTERM) && patience_now_ms() < end)
        pump(20);
}

/* What neither goes on nor ends has to let itself be ended. */
static void end_by_signal(void)
{
    pid_t server = server_pid();

    wait_for_handler(server);
    wait_for_handler(world.is_mosh ? 0 : world.client); /* mosh has none */
    world.ended_by_signal = true;
    each_child("mosh-server", SIGTERM);
    if (world.client && !has_ended(world.client))
        kill(world.client, SIGTERM);
    if (!wait_for_end(world.client, END_MS))
        broken("%s does not end at SIGTERM", world.is_mosh ? "mosh" : "mosh-client");
    if (server && !wait_for_end(server, END_MS))
        broken("mosh-server does not end at SIGTERM");
}

static const char *run_session(void)
{
    enum progress p = DONE;

    if (world.is_mosh) {
        start_mosh();
    } else {
        start_server();
        p = wait_for_server();
        if (p == DONE)
            start_client();
        else if (p == STUCK)
            broken("mosh-server does not begin");
    }
    if (p == DONE)
        p = play();
    if (p == DONE)
        p = wait_for_the_end();
    if (p == DONE) {
        if (WEXITSTATUS(has_ended(world.client)->status) == 7) {
            if (!world.is_mosh && !wait_for_end(server_pid(), END_MS))
                broken("mosh-server does not end");
            return "goes-on";
        }
        p = OVER;
    }
    if (p == OVER) {
        const char *outcome = judge_end();
        check_told();
        return outcome;
    }
    end_by_signal();
    return "waits";
}

static void print_text(const char *name, const struct text *t)
{
    size_t from = t->len > SHOWN_MAX ? t->len - SHOWN_MAX : 0;

    printf("\t%s=", name);
    for (size_t i = from; i < t->len; i++) {
        unsigned char c = (unsigned char)t->bytes[i];
        if (c < ' ' || c > '~')
            printf("\\%03o", c);
        else
            putchar(c);
    }
}

static void print_ends(void)
{
    for (size_t i = 0; i < world.ended_count; i++) {
        const struct ended *e = &world.ended[i];
        if (WIFEXITED(e->status))
            printf(" %s:%d", e->name, WEXITSTATUS(e->status));
        else
            printf(" %s:signal-%d", e->name, WTERMSIG(e->status));
    }
}

static void new_text(struct text *t, size_t max)
{
    *t = (struct text){.bytes = calloc(max, 1), .max = max};
    if (!t->bytes)
        die("memory");
}

int main(int argc, char **argv)
{
    const char *patience = getenv("PATIENCE_MS");

    if (argc != 4)
        return 2;
    world.is_mosh = strcmp(argv[1], "mosh") == 0;
    world.program = argv[2];
    world.folder = argv[3];
    patience_ms = patience ? atol(patience) : 5000;
    world.said_fd = -1;
    new_text(&world.written, WRITTEN_MAX);
    new_text(&world.said, SAID_MAX);
    signal(SIGPIPE, SIG_IGN);
#ifdef PR_SET_CHILD_SUBREAPER
    prctl(PR_SET_CHILD_SUBREAPER, 1); /* without it, nothing is known of the server's end */
#endif
    open_terminal();
    int64_t start = patience_real_ms();
    const char *outcome = run_session();
    bool client_was_ended_by_us = world.client && !has_ended(world.client);
    end_the_rest();
    if (!client_was_ended_by_us)
        check_terminal();
    check_key();
    if (world.broken[0])
        printf("BROKEN\t%s: ", outcome);
    else
        printf("%s\t", outcome);
    printf("%s\tat \"%s\"\t%lld ms\t", world.broken, step ? step : "the start",
           (long long)(patience_real_ms() - start));
    print_ends();
    print_text("terminal", &world.written);
    print_text("server", &world.said);
    putchar('\n');
    return world.broken[0] != 0;
}
