/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lab: two hosts on this machine, joined by a link whose delay, loss, rate and the like are chosen,
 * and can be changed while it is in use.
 *
 *     lab [--seed N] [--both S] [--a-to-b S] [--b-to-a S] -- COMMAND...    runs COMMAND on host a
 *
 * and for COMMAND, and what it starts,
 *
 *     lab in a|b COMMAND...                runs COMMAND on a host
 *     lab set both|a-to-b|b-to-a S         changes the link from now on
 *     lab stats                            counts of both directions, as JSON
 *
 * S is, for example, delay=50ms,jitter=5ms,loss=2%,rate=64kbit,queue=8000; path.h has all of it.
 * hosts.h has the addresses. The exit status is COMMAND's; 77 if this takes rights that are
 * missing.
 */
#include "config.h"

#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "hosts.h"
#include "path.h"

enum { A_TO_B, B_TO_A, DIRECTION_COUNT };
static const char *const direction_names[] = {[A_TO_B] = "a-to-b", [B_TO_A] = "b-to-a"};

#define BATCH 64 /* packets from one device before the other has its turn */

static _Noreturn void usage(void)
{
    fputs("Usage: lab [--seed N] [--both S] [--a-to-b S] [--b-to-a S] -- COMMAND...\n"
          "       lab in a|b COMMAND...\n"
          "       lab set both|a-to-b|b-to-a S\n"
          "       lab stats\n",
          stderr);
    exit(2);
}

static uint64_t now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/* --- settings --- */

/* Applies settings to one direction or both; returns NULL, or the word that is not understood. */
static const char *set_paths(struct path *paths[], const char *which, const char *settings)
{
    bool known = false;

    for (size_t i = 0; i < DIRECTION_COUNT; i++) {
        struct path_params params = *path_get(paths[i]);
        const char *wrong;
        if (strcmp(which, "both") != 0 && strcmp(which, direction_names[i]) != 0)
            continue;
        known = true;
        if ((wrong = path_parse(settings, &params)))
            return wrong;
        path_set(paths[i], &params);
    }
    return known ? NULL : which;
}

static size_t print_stats(struct path *paths[], char *out, size_t size)
{
    size_t len = 0;

    for (size_t i = 0; i < DIRECTION_COUNT; i++) {
        const struct path_stats *s = path_get_stats(paths[i]);
        len += (size_t)snprintf(
            out + len, size - len,
            "%s\"%s\": {\"packets\": %" PRIu64 ", \"bytes\": %" PRIu64 ", \"lost\": %" PRIu64
            ", \"overflowed\": %" PRIu64 ", \"duplicated\": %" PRIu64 ", \"corrupted\": %" PRIu64
            ", \"reordered\": %" PRIu64 ", \"delivered\": %" PRIu64 ", \"late\": %" PRIu64
            ", \"late_us_max\": %" PRIu64 "}%s",
            i == 0 ? "{" : "", direction_names[i], s->packets, s->bytes, s->lost, s->overflowed,
            s->duplicated, s->corrupted, s->reordered, s->delivered, s->late, s->late_us_max,
            i + 1 == DIRECTION_COUNT ? "}\n" : ", ");
    }
    return len;
}

/* --- control: a request is a line, the answer what is to be printed, after '+' or '-' --- */

static struct sockaddr_un control_address(const char *dir)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    snprintf(address.sun_path, sizeof address.sun_path, "%s/control", dir);
    return address;
}

static int listen_for_control(const char *dir)
{
    struct sockaddr_un address = control_address(dir);
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 8) < 0)
        err(EXIT_FAILURE, "%s", address.sun_path);
    return fd;
}

static void answer_control(int listener, struct path *paths[])
{
    char request[1024], answer[1024];
    size_t len;
    int fd = accept(listener, NULL, NULL);
    ssize_t got = fd < 0 ? -1 : recv(fd, request, sizeof request - 1, 0);

    if (got < 0) {
        close(fd);
        return;
    }
    request[got] = '\0';
    char *settings = strchr(request, ' ');
    if (settings) {
        *settings++ = '\0';
        const char *wrong = set_paths(paths, request, settings);
        len = (size_t)snprintf(answer, sizeof answer, wrong ? "-not understood: %s\n" : "+",
                               wrong ? wrong : "");
        len = len < sizeof answer ? len : sizeof answer - 1;
    } else {
        answer[0] = '+';
        len = 1 + print_stats(paths, answer + 1, sizeof answer - 1);
    }
    (void)!send(fd, answer, len, MSG_NOSIGNAL);
    close(fd);
}

static int ask_control(const char *dir, const char *request)
{
    struct sockaddr_un address = control_address(dir);
    char answer[1025];
    ssize_t got;
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0 ||
        send(fd, request, strlen(request), 0) < 0 ||
        (got = recv(fd, answer, sizeof answer - 1, 0)) < 1)
        err(EXIT_FAILURE, "%s", address.sun_path);
    close(fd);
    answer[got] = '\0';
    fputs(answer + 1, answer[0] == '+' ? stdout : stderr);
    return answer[0] == '+' ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* --- the link --- */

static void take_packets(int tun, struct path *path)
{
    static uint8_t packet[PATH_PACKET_MAX];

    for (size_t i = 0; i < BATCH; i++) {
        ssize_t len = read(tun, packet, sizeof packet);
        if (len <= 0)
            return;
        path_send(path, now_us(), packet, (size_t)len);
    }
}

/* A device that has no room loses the packet, as a network card would. */
static void give_packets(struct path *path, int tun)
{
    const uint8_t *packet;
    size_t len;

    while ((packet = path_deliver(path, now_us(), &len)))
        (void)!write(tun, packet, len);
}

static struct timespec until(uint64_t deadline_us)
{
    uint64_t now = now_us(), left = deadline_us > now ? deadline_us - now : 0;

    return (struct timespec){.tv_sec = (time_t)(left / 1000000),
                             .tv_nsec = (long)(left % 1000000 * 1000)};
}

/* Carries packets until a child ends. */
static void carry(const struct hosts *h, struct path *paths[], int control, int signals)
{
    struct pollfd polls[] = {
        {h->tun[0], POLLIN, 0}, {h->tun[1], POLLIN, 0}, {control, POLLIN, 0}, {signals, POLLIN, 0}};

    for (;;) {
        uint64_t a = path_deadline_us(paths[A_TO_B]), b = path_deadline_us(paths[B_TO_A]);
        uint64_t next = a < b ? a : b;
        struct timespec timeout = until(next);
        if (ppoll(polls, sizeof polls / sizeof *polls, next == PATH_NEVER ? NULL : &timeout, NULL) <
                0 &&
            errno != EINTR)
            err(EXIT_FAILURE, "ppoll");
        if (polls[0].revents)
            take_packets(h->tun[0], paths[A_TO_B]);
        if (polls[1].revents)
            take_packets(h->tun[1], paths[B_TO_A]);
        give_packets(paths[A_TO_B], h->tun[1]);
        give_packets(paths[B_TO_A], h->tun[0]);
        if (polls[2].revents)
            answer_control(control, paths);
        if (polls[3].revents)
            return;
    }
}

/* Packets are not to wait for whatever else the machine does. Where that is not allowed they may,
   and the counts of what was late say so. */
static void hurry(void)
{
    struct sched_param first = {.sched_priority = 2};

    (void)sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &first);
    prctl(PR_SET_TIMERSLACK, 1UL); /* nanoseconds; else 50 microseconds */
}

/* A signal to us ends the command, and the end of the command ends us. */
static int watch_signals(void)
{
    sigset_t set;
    int fd;

    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    if ((fd = signalfd(-1, &set, SFD_CLOEXEC)) < 0)
        err(EXIT_FAILURE, "signalfd");
    return fd;
}

static int run_lab(struct path *paths[], char *const command[])
{
    struct hosts hosts;
    int signals, control, status;
    pid_t child;

    prctl(PR_SET_PDEATHSIG, SIGTERM); /* nobody is left to whom it matters */
    hosts_open(&hosts);
    signals = watch_signals();
    control = listen_for_control(hosts.dir);
    child = hosts_run(&hosts, command);
    hurry();
    carry(&hosts, paths, control, signals);
    kill(child, SIGKILL); /* if it has not ended of itself, it is us who shall */
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static uint64_t parse_seed(const char *text)
{
    char *end;
    uint64_t seed = strtoull(text, &end, 10);

    if (end == text || *end)
        errx(2, "--seed takes a number, not '%s'", text);
    return seed;
}

static void apply_option(struct path *paths[], const char *which, const char *settings)
{
    const char *wrong = set_paths(paths, which, settings);

    if (wrong)
        errx(2, "--%s: not understood: %s", which, wrong);
}

static int make_lab(int argc, char *argv[])
{
    enum { SEED = 1, BOTH, TO_B, TO_A };
    static const struct option options[] = {{"seed", required_argument, NULL, SEED},
                                            {"both", required_argument, NULL, BOTH},
                                            {"a-to-b", required_argument, NULL, TO_B},
                                            {"b-to-a", required_argument, NULL, TO_A},
                                            {0}};
    struct path *paths[DIRECTION_COUNT];
    uint64_t seed = 1;
    int option, status;

    /* The seed first: the paths are made from it. */
    while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1)
        if (option == SEED)
            seed = parse_seed(optarg);
        else if (option == '?')
            usage();
    for (size_t i = 0; i < DIRECTION_COUNT; i++)
        paths[i] = path_new(seed * DIRECTION_COUNT + i);
    optind = 1;
    while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1)
        if (option != SEED)
            apply_option(paths, option == BOTH ? "both" : direction_names[option - TO_B], optarg);
    if (optind >= argc)
        usage();
    status = run_lab(paths, argv + optind);
    for (size_t i = 0; i < DIRECTION_COUNT; i++)
        path_free(paths[i]);
    return status;
}

/* Inside a lab. */
static int serve_command(const char *dir, int argc, char *argv[])
{
    char request[1024];

    if (argc >= 4 && strcmp(argv[1], "in") == 0) {
        hosts_enter(dir, argv[2]);
        execvp(argv[3], argv + 3);
        err(127, "%s", argv[3]);
    }
    if (argc == 4 && strcmp(argv[1], "set") == 0) {
        if ((size_t)snprintf(request, sizeof request, "%s %s", argv[2], argv[3]) >= sizeof request)
            errx(2, "too long: %s", argv[3]);
        return ask_control(dir, request);
    }
    if (argc == 2 && strcmp(argv[1], "stats") == 0)
        return ask_control(dir, "stats");
    usage();
}

int main(int argc, char *argv[])
{
    static const char *const commands[] = {"in", "set", "stats"};
    const char *dir = getenv("LAB_DIR");

    for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(argv[1], commands[i]) != 0)
            continue;
        if (!dir)
            errx(2, "'lab %s' is for a command that was started by lab", commands[i]);
        return serve_command(dir, argc, argv);
    }
    if (argc < 2)
        usage();
    return make_lab(argc, argv);
}
