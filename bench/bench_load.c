/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What many sessions, many starts, and a long session take. Linux only. Lines with tabs between.
 *
 * bench_load --many SERVER CLIENT COUNT SECONDS: COUNT sessions at a time, all on this machine,
 * first idle, then with somebody at each who types a key every half second, both for so many
 * seconds. Prints for each: what, sessions, and for a session kB private and proportional of server
 * and client, and milliseconds of CPU of server and client for a minute.
 *
 * bench_load --cycles SERVER CLIENT COUNT: connects COUNT times to a program that ends at once, and
 * waits until client and server are gone. Prints how many that were, and the seconds.
 *
 * bench_load --soak SERVER CLIENT SECONDS: a session whose program draws all the time, over a link
 * that is cut, loses, and moves. Prints, a line a minute: minutes, kB private and resident of
 * server and client, and how often the program's clock was seen.
 *
 * The program on the server is this one, too: --echo, --end, --draw.
 */

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "proc.h"
#include "session.h"
#include "sys/clock.h"

enum {
    ROWS = 24,
    COLS = 80,
    MANY_MAX = 2000,
    KEY_MS = 500,
    SETTLE_MS = 2000,
    PHASE_MS = 7000, /* of the link in a soak */
    MINUTE_MS = 60000,
};

#define READY "ready-to-begin"

/* ---- the programs on the server ---- */

static void make_raw(void)
{
    struct termios tty;

    if (tcgetattr(0, &tty) < 0)
        die("terminal");
    tty.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    tcsetattr(0, TCSANOW, &tty);
}

static int run_echo(void)
{
    char key;

    make_raw();
    printf(READY "\r\n");
    fflush(stdout);
    while (read(0, &key, 1) == 1 && write(1, &key, 1) == 1)
        ;
    return 0;
}

/* Lines and full screens in many colours, ten a second, and what is typed. */
static int run_draw(void)
{
    struct pollfd key = {.fd = 0, .events = POLLIN};
    unsigned n = 0;
    char byte;

    make_raw();
    printf(READY "\r\n");
    fflush(stdout);
    for (;; n++) {
        if (n % 50 == 49)
            printf("\033[2J\033[H");
        for (unsigned i = 0; i < (n % 10 == 0 ? 20u : 1u); i++)
            printf("\033[38;5;%umline %u of a build that does not end \xC3\xA9\xE4\xB8\xAD "
                   "%u\033[m\r\n",
                   (n + i) % 256, n, i * n);
        fflush(stdout);
        if (poll(&key, 1, 100) > 0 && (read(0, &byte, 1) != 1 || write(1, &byte, 1) != 1))
            return 0;
    }
}

/* ---- many sessions ---- */

struct crowd {
    struct session *session;
    struct pollfd *ready; /* three for each */
    size_t count;
};

/* What one session takes, on average. */
struct share {
    double server_private, server_proportional, client_private, client_proportional; /* kB */
    double server_cpu, client_cpu;                                                   /* seconds */
};

static void serve(struct crowd *c, int wait_ms)
{
    for (size_t i = 0; i < c->count; i++) {
        struct session *s = &c->session[i];
        c->ready[3 * i] = (struct pollfd){.fd = s->pty.master, .events = POLLIN};
        c->ready[3 * i + 1] = (struct pollfd){.fd = s->relay.client_side, .events = POLLIN};
        c->ready[3 * i + 2] = (struct pollfd){.fd = s->relay.server_side, .events = POLLIN};
    }
    if (poll(c->ready, 3 * c->count, wait_ms) <= 0)
        return;
    for (size_t i = 0; i < c->count; i++)
        if (c->ready[3 * i].revents || c->ready[3 * i + 1].revents || c->ready[3 * i + 2].revents)
            session_turn(&c->session[i], 0);
}

/* `keys`: somebody types at each. */
static void serve_for(struct crowd *c, msec_t span, bool keys)
{
    msec_t now = clock_now(), end = now + span, next_key = now;

    for (; now < end; now = clock_now()) {
        if (keys && now >= next_key) {
            for (size_t i = 0; i < c->count; i++)
                session_type(&c->session[i], "x", 1);
            next_key += KEY_MS;
        }
        serve(c, 20);
    }
}

static struct share share_of(const struct crowd *c)
{
    struct share sum = {0};

    for (size_t i = 0; i < c->count; i++) {
        struct proc_memory server = proc_memory(c->session[i].server.pid);
        struct proc_memory client = proc_memory(c->session[i].client);
        sum.server_private += (double)server.private_kb / (double)c->count;
        sum.server_proportional += (double)server.proportional_kb / (double)c->count;
        sum.client_private += (double)client.private_kb / (double)c->count;
        sum.client_proportional += (double)client.proportional_kb / (double)c->count;
        sum.server_cpu += proc_cpu_seconds(c->session[i].server.pid) / (double)c->count;
        sum.client_cpu += proc_cpu_seconds(c->session[i].client) / (double)c->count;
    }
    return sum;
}

static void report(const char *what, struct crowd *c, msec_t span, bool keys)
{
    struct share before = share_of(c), after;

    serve_for(c, span, keys);
    after = share_of(c);
    printf("%s\t%zu\t%.0f\t%.0f\t%.0f\t%.0f\t%.1f\t%.1f\n", what, c->count, after.server_private,
           after.server_proportional, after.client_private, after.client_proportional,
           (after.server_cpu - before.server_cpu) * 60e6 / (double)span,
           (after.client_cpu - before.client_cpu) * 60e6 / (double)span);
    fflush(stdout);
}

static void measure_many(const char *server, const char *client, size_t count, msec_t span,
                         const char *self)
{
    const char *const command[] = {self, "--echo", NULL};
    const struct rlimit files = {8 * MANY_MAX, 8 * MANY_MAX};
    struct crowd c = {.session = calloc(count, sizeof *c.session),
                      .ready = calloc(3 * count, sizeof *c.ready)};

    if (!c.session || !c.ready || setrlimit(RLIMIT_NOFILE, &files) < 0)
        die("resources");
    for (; c.count < count; c.count++) {
        session_open(&c.session[c.count], server, client, ROWS, COLS, command);
        session_wait_for(&c.session[c.count], READY);
        serve(&c, 0);
    }
    serve_for(&c, SETTLE_MS, false);
    report("idle", &c, span, false);
    report("typing", &c, span, true);
    for (size_t i = 0; i < c.count; i++)
        session_close(&c.session[i]);
    free(c.session);
    free(c.ready);
}

/* ---- many starts ---- */

/* Until it ends, while the wire works. */
static int wait_for_end(struct session *s, pid_t pid, const char *what)
{
    int status;

    for (msec_t begin = clock_now(); waitpid(pid, &status, WNOHANG) == 0;) {
        if (clock_now() - begin > SESSION_LIMIT_MS) {
            fprintf(stderr, "bench_load: the %s %d stays\n", what, (int)pid);
            exit(1);
        }
        session_turn(s, 5);
    }
    return status;
}

static void run_cycle(const char *server, const char *client, const char *self)
{
    const char *const command[] = {self, "--end", NULL};
    struct session s;
    int status;

    session_open(&s, server, client, ROWS, COLS, command);
    status = wait_for_end(&s, s.client, "client");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fprintf(stderr, "bench_load: the client ended with %d\n", status);
        exit(1);
    }
    (void)wait_for_end(&s, s.server.pid, "server");
    session_release(&s);
}

/* What they leave behind becomes a child of this process, and would still be there at the end. */
static void measure_cycles(const char *server, const char *client, size_t count, const char *self)
{
    msec_t begin = clock_now();
    pid_t left;

    if (prctl(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L) < 0)
        die("prctl");
    for (size_t i = 0; i < count; i++)
        run_cycle(server, client, self);
    printf("%zu\t%.1f\n", count, (double)(clock_now() - begin) / 1000);
    for (begin = clock_now(); (left = waitpid(-1, NULL, WNOHANG)) >= 0;) {
        if (left == 0 && clock_now() - begin > SESSION_LIMIT_MS) {
            fputs("bench_load: a process is left\n", stderr);
            exit(1);
        }
        usleep(1000);
    }
}

/* ---- a long session ---- */

/* What the link does for a while; in turns. */
static void change_link(struct relay *r, unsigned phase)
{
    r->cut_up = phase % 8 == 3 || phase % 8 == 6;
    r->cut_down = phase % 8 == 3 || phase % 8 == 5;
    r->lost_percent = phase % 8 == 1 ? 30 : phase % 8 == 2 ? 5 : 0;
    if (phase % 4 == 0)
        relay_move(r);
}

static void measure_soak(const char *server, const char *client, msec_t span, const char *self)
{
    const char *const command[] = {self, "--draw", NULL};
    struct session s;
    msec_t begin, now, next_line, next_key;
    unsigned phase = 0;

    session_open(&s, server, client, ROWS, COLS, command);
    session_wait_for(&s, READY);
    next_line = next_key = begin = clock_now();
    while ((now = clock_now()) - begin <= span) {
        if (now >= begin + phase * (msec_t)PHASE_MS)
            change_link(&s.relay, phase++);
        if (now >= next_key) {
            session_type(&s, "x", 1);
            next_key += KEY_MS;
        }
        if (now >= next_line) {
            struct proc_memory srv = proc_memory(s.server.pid), cli = proc_memory(s.client);
            printf("%lld\t%ld\t%ld\t%ld\t%ld\t%zu\t%zu\n", (long long)(now - begin) / MINUTE_MS,
                   srv.private_kb, srv.resident_kb, cli.private_kb, cli.resident_kb,
                   s.relay.up.datagrams, s.relay.down.datagrams);
            fflush(stdout);
            next_line += MINUTE_MS;
        }
        session_turn(&s, 50);
    }
    session_close(&s);
}

int main(int argc, char **argv)
{
    char self[4096];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    const char *what = argc > 1 ? argv[1] : "";
    size_t count = argc > 4 ? strtoul(argv[4], NULL, 10) : 0;

    self[len < 0 ? 0 : len] = 0;
    if (strcmp(what, "--echo") == 0)
        return run_echo();
    if (strcmp(what, "--draw") == 0)
        return run_draw();
    if (strcmp(what, "--end") == 0)
        return 0;
    if (argc == 6 && strcmp(what, "--many") == 0 && count > 0 && count <= MANY_MAX)
        measure_many(argv[2], argv[3], count, (msec_t)strtoul(argv[5], NULL, 10) * 1000, self);
    else if (argc == 5 && strcmp(what, "--cycles") == 0)
        measure_cycles(argv[2], argv[3], count, self);
    else if (argc == 5 && strcmp(what, "--soak") == 0)
        measure_soak(argv[2], argv[3], (msec_t)count * 1000, self);
    else
        return fputs("usage: bench_load --many|--cycles|--soak SERVER CLIENT COUNT-OR-SECONDS "
                     "[SECONDS]\n",
                     stderr),
               2;
    return 0;
}
