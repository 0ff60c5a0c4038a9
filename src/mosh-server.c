/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * mosh-server: opens a port and a pseudo-terminal, says on standard output where it is and under
 * which key, detaches, and carries bytes between the session's state machine (session/server.h)
 * and the world until that machine is finished.
 *
 * The first process reads the arguments, binds and opens, so that what can fail fails in front of
 * the user; it ends when it has announced the session. The second is the server. Its children, the
 * keeper of the login record and the user's program, are forked before the key exists and before
 * the server gives up what it does not need (sys/sandbox.h).
 */

#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "launch/serveropts.h"
#include "session/server.h"
#include "sys/args.h"
#include "sys/charset.h"
#include "sys/child.h"
#include "sys/clock.h"
#include "sys/endpoint.h"
#include "sys/libraries.h"
#include "sys/listener.h"
#include "sys/loop.h"
#include "sys/process.h"
#include "sys/pty.h"
#include "sys/sandbox.h"
#include "sys/sysrandom.h"
#include "sys/tty.h"
#include "sys/utmp.h"
#include "util/log.h"
#include "util/wipe.h"
#include "util/xalloc.h"

#define PROGRAM            SERVEROPTS_PROGRAM
#define DATAGRAM_BYTES_MAX 2048
#define OUTPUT_CHUNK_BYTES 16384
#define OUTPUT_TURN_BYTES  65536   /* of the program's output in one turn of the loop */
#define OUTPUT_LAST_BYTES  1048576 /* of what it left behind when it ended */
#define STATUS_WAIT_MS     500     /* who has closed the terminal may still have to end */
#define DROPS_TOLD_MS      10000   /* how often the log may tell of what anybody can send */

/* --- the server --- */

enum record { RECORD_NONE, RECORD_CLIENT, RECORD_NO_CLIENT };

struct program {
    struct server *session;
    struct loop loop;
    msec_t now;
    struct listener listener;
    struct peer peer; /* where the newest authentic datagram came from */
    struct pty pty;
    bool pty_done; /* nothing more comes from there */
    struct child child;
    bool is_command;   /* whose status the client is told */
    int status;        /* of what it ended with; negative before */
    msec_t status_due; /* the terminal is closed, and its end is waited for, but no longer */
    struct utmp utmp;
    enum record record; /* what utmp says of this login */
    char recorded_ip[ENDPOINT_CHARS];
    uint64_t drops;   /* datagrams without effect since the log told of some */
    msec_t drops_due; /* when it may again */
    struct buf datagram;
    uint8_t chunk[OUTPUT_CHUNK_BYTES]; /* of the program's output, as it is read */
};

static void end_session(struct program *p)
{
    p->status_due = MSEC_NEVER;
    server_child_ended(p->session, p->now, p->is_command ? p->status : -1);
}

/* A program that ends closes the terminal first, and only then can be asked for its status. */
static void child_is_gone(struct program *p)
{
    p->pty_done = true;
    if (p->is_command && p->status < 0)
        p->status_due = msec_after(p->now, STATUS_WAIT_MS);
    else
        end_session(p);
}

/* Hands over up to `bytes_max` of the program's output. */
static void take_output(struct program *p, size_t bytes_max)
{
    uint8_t *chunk = p->chunk;

    for (size_t taken = 0; taken < bytes_max && server_wants_output(p->session);) {
        ssize_t n = read(p->pty.master, chunk, sizeof p->chunk);
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
            return;
        if (n <= 0) { /* EIO: every descriptor of the other side is closed */
            child_is_gone(p);
            return;
        }
        server_pty_output(p->session, p->now, chunk, (size_t)n);
        taken += (size_t)n;
    }
}

/* The program has ended, or the terminal has: what was written before still counts. */
static void end_output(struct program *p)
{
    take_output(p, OUTPUT_LAST_BYTES);
    if (!p->pty_done)
        child_is_gone(p);
}

static void give_input(struct program *p)
{
    const uint8_t *bytes;
    size_t len;

    while (!p->pty_done && (len = server_pty_input(p->session, &bytes)) > 0) {
        ssize_t n = write(p->pty.master, bytes, len);
        if (n > 0)
            server_pty_written(p->session, p->now, (size_t)n);
        else if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
            end_output(p);
        else
            return; /* the program does not read: nobody waits for it (R1) */
    }
}

/* Once in each turn: two system calls are little beside what a turn takes. */
static void tell_facts(struct program *p)
{
    struct facts facts;

    if (p->pty_done || !server_wants_facts(p->session))
        return;
    facts = pty_facts(&p->pty);
    if (facts.known)
        server_program_facts(p->session, &facts);
}

static void take_signals(struct program *p)
{
    static const int ends[] = {SIGTERM, SIGINT, SIGQUIT};

    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        if (loop_signalled(ends[i]))
            server_signal(p->session, p->now, SERVER_SIGNAL_END);
    }
    if (loop_signalled(SIGUSR1))
        server_signal(p->session, p->now, SERVER_SIGNAL_USR1);
    /* The session ends with the program, though others that it started may hold the terminal. */
    if (loop_signalled(SIGCHLD) && child_reap(&p->child, &p->status)) {
        if (!p->pty_done)
            end_output(p);
        else if (p->status_due != MSEC_NEVER)
            end_session(p);
    }
}

_Static_assert(sizeof(struct peer) <= PATHS_ADDRESS_BYTES, "a peer is an address of a path");

static struct path_address path_address(const struct peer *peer)
{
    struct path_address a = {.len = sizeof *peer};

    memcpy(a.bytes, peer, sizeof *peer);
    return a;
}

static struct peer path_peer(const struct path_address *a)
{
    struct peer peer;

    memcpy(&peer, a->bytes, sizeof peer);
    return peer;
}

static void note_address(struct program *p, const struct peer *from)
{
    struct endpoint a = peer_endpoint(from);
    char text[ENDPOINT_CHARS];

    if (memcmp(&p->peer, from, sizeof *from) == 0)
        return;
    endpoint_print(&a, text);
    log_debug("the client is at %s", text);
    if (p->peer.family != from->family)
        server_set_network(p->session, from->family == AF_INET6);
    p->peer = *from;
}

static void note_drop(struct program *p, size_t len, int why)
{
    p->drops++;
    if (p->now < p->drops_due)
        return;
    log_debug("%" PRIu64 " datagrams had no effect, the last one, of %zu bytes: %s", p->drops, len,
              err_string(why));
    p->drops = 0;
    p->drops_due = msec_after(p->now, DROPS_TOLD_MS);
}

static void take_datagrams(struct program *p, size_t socket)
{
    uint8_t bytes[DATAGRAM_BYTES_MAX];
    struct udp_arrival arrival;
    struct peer from;
    struct transport_event event;
    int got = 1;

    for (int i = 0; i < UDP_BATCH; i++) {
        got = listener_receive(&p->listener, socket, bytes, sizeof bytes, &arrival, &from);
        if (got != 1)
            break;
        const struct path_address address = path_address(&from);
        int result = server_datagram_from(p->session, p->now, &address, bytes, arrival.len,
                                          arrival.congested, &event);
        if (result != 0)
            note_drop(p, arrival.len, result);
        if (event.newest)
            note_address(p, &from);
    }
    if (got < 0)
        loop_rest(&p->loop);
}

static void take_network(struct program *p)
{
    for (size_t i = 0; i < p->listener.count; i++) {
        if (loop_ready(&p->loop, p->listener.fd[i]))
            take_datagrams(p, i);
    }
}

static int send_datagram(const struct program *p, const struct path_address *to)
{
    const struct peer peer = path_peer(to);

    if (server_pulled_probe(p->session))
        return listener_probe(&p->listener, &peer, p->datagram.data, p->datagram.len);
    return listener_send(&p->listener, &peer, p->datagram.data, p->datagram.len);
}

static void send_datagrams(struct program *p)
{
    while (server_pull_datagram(p->session, &p->datagram)) {
        const struct path_address *to = server_client_address(p->session);
        if (!to)
            continue;
        int error = send_datagram(p, to);
        if (error)
            log_debug("sending failed: %s", strerror(error));
        if (error == EMSGSIZE)
            server_refused(p->session);
    }
}

/* What was typed before a new size is given before it, what was typed after it afterwards. */
static void follow_user(struct program *p)
{
    size_t rows, cols;

    give_input(p);
    while (server_pull_winsize(p->session, &rows, &cols)) {
        pty_resize(&p->pty, rows, cols);
        give_input(p);
    }
    if (server_child_released(p->session)) /* to a terminal of the right size */
        child_release(&p->child, server_profile(p->session)->colours);
}

static void keep_record(struct program *p)
{
    msec_t silence = msec_since(p->now, server_client_time(p->session));

    if (silence < UTMP_DETACH_MS) {
        char ip[ENDPOINT_CHARS];
        const struct endpoint client = peer_endpoint(&p->peer);
        endpoint_print_ip(&client, ip);
        if (p->record == RECORD_CLIENT && strcmp(ip, p->recorded_ip) == 0)
            return;
        memcpy(p->recorded_ip, ip, sizeof ip);
        p->record = RECORD_CLIENT;
        utmp_set(&p->utmp, ip);
    } else if (p->record == RECORD_CLIENT) {
        p->record = RECORD_NO_CLIENT;
        utmp_set(&p->utmp, NULL);
    }
}

static msec_t record_deadline(const struct program *p)
{
    if (p->record != RECORD_CLIENT)
        return MSEC_NEVER;
    return msec_after(server_client_time(p->session), UTMP_DETACH_MS);
}

static msec_t deadline(const struct program *p)
{
    return msec_min(msec_min(server_deadline(p->session, p->now), record_deadline(p)),
                    p->status_due);
}

static void wait_for_something(struct program *p)
{
    const uint8_t *bytes;

    loop_clear(&p->loop);
    for (size_t i = 0; i < p->listener.count; i++)
        loop_watch(&p->loop, p->listener.fd[i], POLLIN);
    if (!p->pty_done) {
        short pty_events = 0;
        if (server_wants_output(p->session))
            pty_events |= POLLIN;
        if (server_pty_input(p->session, &bytes) > 0)
            pty_events |= POLLOUT;
        if (pty_events) /* else even a hang-up, which never ends, would wake us */
            loop_watch(&p->loop, p->pty.master, pty_events);
    }
    loop_wait(&p->loop, p->now, deadline(p));
    p->now = clock_now();
}

static void run(struct program *p)
{
    while (!server_finished(p->session)) {
        wait_for_something(p);
        take_signals(p);
        if (p->now >= p->status_due)
            end_session(p);
        take_network(p);
        if (loop_ready(&p->loop, p->pty.master) & ~POLLOUT)
            take_output(p, OUTPUT_TURN_BYTES);
        tell_facts(p);
        server_tick(p->session, p->now);
        follow_user(p);
        send_datagrams(p);
        keep_record(p);
    }
}

/* --- start and end --- */

/* What the server tells the process that announces it. */
struct announcement {
    uint16_t port;
    char key[KEY_CHARS + 1];
};

static struct program *in_session; /* from when there may be somebody to take leave of */

/* The last words of a process that may not even allocate. */
static void out_of_memory(void)
{
    static const char text[] = PROGRAM ": out of memory\n";
    struct program *p = in_session;
    const struct path_address *to = p ? server_client_address(p->session) : NULL;
    const struct buf *word;

    (void)!write(STDERR_FILENO, text, sizeof text - 1);
    for (int i = 0; to && i < TRANSPORT_LAST_WORDS && (word = server_last_word(p->session)); i++) {
        const struct peer peer = path_peer(to);
        if (listener_send(&p->listener, &peer, word->data, word->len) != 0)
            return;
    }
}

static void print_log_line(void *context, const char *line)
{
    (void)context;
    fprintf(stderr, PROGRAM ": %s\n", line);
}

/* On the address that was asked for, or else on all of them: behind translators and balancers the
   one that ssh was told is often not one of ours (R36). */
static void bind_port(struct program *p, const struct serveropts *o)
{
    const uint16_t low = o->ports.low, high = o->ports.high;
    struct endpoint wanted;
    bool bound = false;

    if (o->ip && endpoint_parse(o->ip, 0, &wanted) != 0) {
        args_warn(PROGRAM, "\"%s\" is not a numeric address; listening on all", o->ip);
    } else if (o->ip) {
        bound = listener_open(&p->listener, &wanted, low, high) == 0;
        if (!bound)
            args_warn(PROGRAM, "cannot listen on %s: %s; trying all addresses", o->ip,
                      strerror(errno));
    }
    if (bound || listener_open(&p->listener, NULL, low, high) == 0)
        return;
    if (low == high)
        args_fail(PROGRAM, "cannot listen on UDP port %u: %s", low, strerror(errno));
    args_fail(PROGRAM, "cannot listen on any UDP port from %u to %u: %s", low, high,
              strerror(errno));
}

/* Makes the key and the session, and says so through `report`. */
static void begin_session(struct program *p, struct server_config *config, int report)
{
    struct announcement a = {.port = p->listener.port};

    if (sysrandom_key(config->key, sizeof config->key) != 0)
        args_fail(PROGRAM, "the system has no random bytes for a key: %s", strerror(errno));
    base64_encode_key(config->key, a.key);
    p->now = clock_now();
    p->session = server_new(config, p->now);
    in_session = p;
    server_set_network(p->session, true); /* which fits both */
    wipe(config->key, sizeof config->key);
    ssize_t told;
    do
        told = write(report, &a, sizeof a);
    while (told < 0 && errno == EINTR);
    wipe(&a, sizeof a);
    if (told != (ssize_t)sizeof a) /* nobody will ever know of this session */
        args_fail(PROGRAM, "cannot tell of the session: %s", strerror(errno));
    close(report);
}

static NORETURN void serve(struct program *p, const struct serveropts *o,
                           struct server_config *config, int report)
{
    static const int signals[] = {SIGTERM, SIGINT, SIGQUIT, SIGUSR1, SIGCHLD, 0};
    p->is_command = o->command != NULL;
    const struct child_options child = {.command = o->command, .colors_256 = o->colors_256};

    /* A session of our own: what becomes of ssh's is no concern of ours (R16). */
    (void)setsid();
    utmp_start(&p->utmp, p->pty.master);
    if (child_start(&p->child, &p->pty, &child) != 0)
        args_fail(PROGRAM, "cannot start a process for the session: %s", strerror(errno));
    int null = o->verbose ? -1 : process_open_null();
    /* Only now: the two children, who wait for us, shall have none of it. */
    sandbox_confine(PROGRAM, SANDBOX_SERVER, o->sandbox);
    loop_init(&p->loop, signals); /* from when it is told of, it can be asked to end */
    begin_session(p, config, report);
    if (o->verbose)
        log_set_sink(print_log_line, NULL);
    else
        process_null_stdio(null);
    run(p);
    in_session = NULL;
    utmp_stop(&p->utmp);
    pty_close(&p->pty);
    server_free(p->session);
    buf_release(&p->datagram);
    if (o->verbose)
        fputs("[" PROGRAM " is exiting.]\n", stderr);
    exit(0);
}

/* Prints what the wrapper waits for. Returns the exit status. */
static int announce(int report, pid_t server)
{
    struct announcement a;
    ssize_t n;

    do
        n = read(report, &a, sizeof a);
    while (n < 0 && errno == EINTR);
    if (n != (ssize_t)sizeof a) {
        int status = 0;
        if (n < 0) {
            args_warn(PROGRAM, "cannot learn of the session: %s", strerror(errno));
            kill(server, SIGTERM); /* it waits for a client that nobody will send */
        }
        if (waitpid(server, &status, 0) == server && n == 0 && WIFSIGNALED(status))
            args_warn(PROGRAM, "the server's process was ended by signal %d", WTERMSIG(status));
        return 1; /* or it has said why */
    }
    /* What was typed ahead may have been echoed: begin a new line. */
    printf("%sMOSH CONNECT %u %s\n", isatty(STDIN_FILENO) ? "\r\n" : "", a.port, a.key);
    bool told = fflush(stdout) == 0;
    int error = errno;
    wipe(&a, sizeof a);
    if (!told) { /* nobody will ever come */
        args_warn(PROGRAM, "cannot print the key of the session: %s", strerror(error));
        kill(server, SIGTERM);
        return 1;
    }
    serveropts_print_version(stderr);
    fprintf(stderr, "[mosh-server is running detached, pid = %ld]\n", (long)server);
    if (isatty(STDOUT_FILENO))
        (void)tcdrain(STDOUT_FILENO); /* the terminal may go as soon as we do */
    return 0;
}

static int detach(struct program *p, const struct serveropts *o, struct server_config *config)
{
    int report[2];
    pid_t server;

    fflush(NULL);
    if (process_pipe(report) != 0 || (server = fork()) < 0)
        args_fail(PROGRAM, "cannot start a process for the server: %s", strerror(errno));
    if (server == 0) {
        close(report[0]);
        serve(p, o, config, report[1]);
    }
    close(report[1]);
    return announce(report[0], server);
}

int main(int argc, char **argv)
{
    struct program program = {.status = -1, .status_due = MSEC_NEVER};
    struct server_config config = {.random = sysrandom_chaff, .version = PACKAGE_VERSION};
    struct serveropts options;
    const char *failed;

    process_open_stdio();
    process_close_inherited();
    process_protect();
    signal(SIGHUP, SIG_IGN); /* ssh may hang up at any moment from here on */
    signal(SIGPIPE, SIG_IGN);
    xalloc_set_hook(out_of_memory);
    serveropts_parse(&options, argc, argv);
    config.network_timeout_ms = options.network_timeout_ms;
    config.signal_timeout_ms = options.signal_timeout_ms;
    charset_settle(options.locale, options.locale_count);
    libraries_warn(PROGRAM);
    if (!seal_self_test())
        args_fail(PROGRAM, "the OpenSSL library here computes AES-OCB wrongly; refusing to run");
    bind_port(&program, &options);
    (void)tty_size(STDIN_FILENO, &config.rows, &config.cols);
    if (pty_open(&program.pty, config.rows, config.cols, &failed) != 0)
        args_fail(PROGRAM, "%s: %s", failed, strerror(errno));
    return detach(&program, &options, &config);
}
