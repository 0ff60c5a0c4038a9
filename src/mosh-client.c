/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * mosh-client: takes the key from the environment, makes the terminal raw, and carries bytes
 * between the session's state machine (session/client.h), the user's terminal and the network,
 * until that machine says that the session is over. Whatever happens, the terminal is left as it
 * was found.
 */

#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client-args.h"
#include "launch/say.h"
#include "probe-path.h"
#include "probe-terminal.h"
#include "session/client.h"
#include "session/pathcheck.h"
#include "sys/args.h"
#include "sys/clock.h"
#include "sys/endpoint.h"
#include "sys/hops.h"
#include "sys/libraries.h"
#include "sys/loop.h"
#include "sys/netwatch.h"
#include "sys/outq.h"
#include "sys/process.h"
#include "sys/sandbox.h"
#include "sys/sysrandom.h"
#include "sys/tty.h"
#include "sys/udp.h"
#include "terminal/display.h"
#include "terminal/handover.h"
#include "util/log.h"
#include "util/wipe.h"
#include "util/xalloc.h"

#define PROGRAM            CLIENT_ARGS_PROGRAM
#define DATAGRAM_BYTES_MAX 2048
#define KEYS_CHUNK_BYTES   16384
#define FAREWELL_MS        1000 /* how long a terminal that takes nothing is given at the end */
#define DRAIN_MS           250  /* and for what it has still to say */
#define SETUP_VARIABLE     "MOSH_SETUP" /* set by `mosh`: overlay/noanswer.h */
#define SINCE_VARIABLE     "MOSH_SINCE" /* set by `mosh -v`: when it began, on the system's clock */
#define SLEPT_MS           1000 /* so much later than it was to be: the machine, or we, stood still */

/* --- the client --- */

struct program {
    struct client *session;
    struct loop loop;
    msec_t now;
    struct endpoint server; /* as we were told */
    struct hops sockets;
    struct netwatch netwatch;
    size_t address;         /* of the server's, the one for which the size of datagrams was set */
    struct buf close_bytes; /* what the screen needs when we leave it in a hurry */
    struct outq screen;     /* bytes for the terminal; at most one frame */
    struct buf scratch;     /* a frame or a datagram in the making */
    enum sandbox_policy sandbox;
    msec_t heard; /* the first word of the server; MSEC_NEVER before */
    bool keys_closed;
    bool terminal_gone;
};

static void terminal_is_gone(struct program *p)
{
    p->terminal_gone = true;
    if (!p->keys_closed)
        client_keys_closed(p->session, p->now);
    p->keys_closed = true;
}

static void flush_screen(struct program *p)
{
    if (!p->terminal_gone && outq_flush(&p->screen, STDOUT_FILENO) != 0)
        terminal_is_gone(p);
}

static void queue_scratch(struct program *p)
{
    if (outq_append(&p->screen, p->scratch.data, p->scratch.len) != 0)
        log_debug("a frame of %zu bytes was too large", p->scratch.len);
    buf_clear(&p->scratch);
}

/* The next frame is made when the last one has left, so a slow terminal sees newer ones. */
static void draw(struct program *p)
{
    flush_screen(p);
    if (p->terminal_gone || !outq_empty(&p->screen))
        return;
    buf_clear(&p->scratch);
    client_draw(p->session, p->now, &p->scratch);
    queue_scratch(p);
    flush_screen(p);
}

/* A whole frame follows. */
static void open_screen(struct program *p)
{
    handover_begin(client_caps(p->session), &p->scratch);
    client_ask_terminal(p->session, p->now, &p->scratch);
    queue_scratch(p);
}

/* Nothing is allocated between taking the terminal over and telling it so: should there be no
   memory, either both have happened or neither, and what is undone is what was done. */
static void enter_terminal(struct program *p)
{
    buf_clear(&p->scratch);
    open_screen(p);
    if (tty_enter(p->close_bytes.data, p->close_bytes.len) != 0)
        terminal_is_gone(p);
    flush_screen(p);
}

/* What the terminal still has to say, or was about to, is ours: the shell would take it for typed
   text. */
static void drain_terminal(struct program *p)
{
    uint8_t bytes[KEYS_CHUNK_BYTES];
    msec_t end = msec_after(clock_now(), DRAIN_MS);

    for (p->now = clock_now(); p->now < end && client_terminal_owes(p->session, p->now);
         p->now = clock_now()) {
        loop_clear(&p->loop);
        loop_watch(&p->loop, STDIN_FILENO, POLLIN);
        loop_wait(&p->loop, p->now, end);
        if (!loop_ready(&p->loop, STDIN_FILENO))
            continue;
        ssize_t n = read(STDIN_FILENO, bytes, sizeof bytes);
        if (n <= 0)
            break;
        client_drain(p->session, p->now, bytes, (size_t)n);
        wipe(bytes, (size_t)n);
    }
}

/* Draws a last frame, without what is ours on it, and gives the terminal back with a word of
   farewell. With `keep`, what was on an alternate screen is repeated where the user stays. Returns
   whether the terminal took all of that. */
static bool leave_terminal(struct program *p, bool keep, const char *farewell)
{
    bool all;

    buf_clear(&p->scratch);
    client_draw_last(p->session, p->now, &p->scratch);
    handover_end(client_caps(p->session), client_screen(p->session), &p->scratch);
    if (!client_caps(p->session)->leave_screen[0]) /* which puts the cursor back where it was */
        buf_append_str(&p->scratch, "\r\n");
    else if (keep)
        display_print(client_caps(p->session), client_screen(p->session), &p->scratch);
    buf_append_str(&p->scratch, farewell);
    client_ask_last(p->session, p->now, &p->scratch);
    queue_scratch(p);
    /* Even if it seems to have gone: it may be its input alone that has come to an end. */
    all = outq_drain(&p->screen, STDOUT_FILENO, FAREWELL_MS);
    if (all && !p->terminal_gone)
        drain_terminal(p);
    tty_leave();
    return all;
}

static void take_window_size(struct program *p)
{
    size_t rows, cols;

    if (tty_size(STDIN_FILENO, &rows, &cols))
        client_resize(p->session, p->now, rows, cols);
}

static void terminal_is_ours_again(struct program *p)
{
    p->now = clock_now();
    client_signal(p->session, p->now, CLIENT_SIGNAL_RESUMED);
    take_window_size(p);
}

static void suspend(struct program *p)
{
    (void)leave_terminal(p, false, "[mosh is suspended.]\r\n");
    process_stop_group();
    enter_terminal(p);
    terminal_is_ours_again(p);
    client_network_changed(p->session, p->now);
}

static void take_signals(struct program *p)
{
    static const int ends[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGPIPE};

    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        if (loop_signalled(ends[i]))
            client_signal(p->session, p->now, CLIENT_SIGNAL_END);
    }
    if (loop_signalled(SIGTSTP))
        suspend(p);
    if (loop_signalled(SIGCONT)) { /* we were stopped without being asked */
        tty_again();
        buf_clear(&p->scratch);
        handover_end(client_caps(p->session), client_screen(p->session),
                     &p->scratch); /* what saves, restores */
        open_screen(p);
        terminal_is_ours_again(p);
        client_network_changed(p->session, p->now);
    }
    if (loop_signalled(SIGWINCH))
        take_window_size(p);
}

/* The terminal has told more of itself, and so there is more to undo. */
static void take_caps(struct program *p)
{
    if (!client_pull_caps_change(p->session))
        return;
    buf_clear(&p->close_bytes);
    handover_end(client_caps(p->session), NULL, &p->close_bytes);
    tty_set_close_bytes(p->close_bytes.data, p->close_bytes.len);
}

static void take_keys(struct program *p)
{
    uint8_t keys[KEYS_CHUNK_BYTES];
    ssize_t n = read(STDIN_FILENO, keys, sizeof keys);

    if (n > 0) {
        client_keys(p->session, p->now, keys, (size_t)n);
        wipe(keys, (size_t)n);
        take_caps(p);
    } else if (n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) {
        terminal_is_gone(p);
    }
}

/* --- network --- */

_Static_assert(HOPS_NOWHERE == WAYS_NONE, "the server's addresses have the same numbers");
_Static_assert(HOPS_SERVERS_MAX <= WAYS_MAX, "all of them may be tried");

static void take_datagrams(struct program *p, int fd)
{
    uint8_t bytes[DATAGRAM_BYTES_MAX];
    struct udp_arrival arrival;
    bool authentic = false;
    int got = 1;

    for (int i = 0; i < UDP_BATCH; i++) {
        got = udp_receive(fd, bytes, sizeof bytes, &arrival);
        if (got != 1)
            break;
        size_t from = hops_server_at(&p->sockets, &arrival.from);
        authentic |= client_datagram_from(p->session, p->now, from, bytes, arrival.len,
                                          arrival.congested) == 0;
    }
    if (authentic && p->heard == MSEC_NEVER)
        p->heard = p->now;
    if (authentic)
        hops_heard(&p->sockets, p->now);
    if (got < 0)
        loop_rest(&p->loop);
}

/* What became of something that was sent, or was to be sent; 0: nothing bad. */
static void take_result(struct program *p, int error)
{
    static const int ours[] = {ENETUNREACH, ENETDOWN, EADDRNOTAVAIL, EAFNOSUPPORT, EPERM};
    enum noanswer_news news = error == ECONNREFUSED ? NOANSWER_REFUSED : NOANSWER_UNREACHABLE;

    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
        if (error == ours[i])
            news = NOANSWER_NOT_SENT;
    }
    if (error)
        client_network_says(p->session, news, strerror(error));
    client_send_result(p->session, p->now, error ? strerror(error) : NULL);
}

/* What the network says of datagrams that did not arrive. Those that were sent on the chance that
   the server has another address are nobody's concern. */
static void take_network_error(struct program *p, int fd)
{
    struct endpoint to;
    int error = udp_take_error(fd, &to);

    if (error && (to.len == 0 || hops_server_at(&p->sockets, &to) == client_address(p->session)))
        take_result(p, error);
}

/* Oldest socket first. The list may shrink while it is gone through, hence the copy. */
static void take_network(struct program *p)
{
    const struct hops sockets = p->sockets;

    for (size_t i = 0; i < sockets.count; i++) {
        short ready = loop_ready(&p->loop, sockets.fd[i]);
        if (ready & POLLERR)
            take_network_error(p, sockets.fd[i]);
        if (ready & POLLIN)
            take_datagrams(p, sockets.fd[i]);
    }
    if (loop_ready(&p->loop, p->netwatch.fd) &&
        netwatch_look(&p->netwatch, p->now, client_in_doubt(p->session, p->now)))
        client_network_changed(p->session, p->now);
}

static void fit_address(struct program *p)
{
    size_t address = client_address(p->session);

    if (address == p->address)
        return;
    char ip[ENDPOINT_CHARS];
    bool is_ipv6 = endpoint_family(&p->sockets.server[address]) == AF_INET6;

    p->address = address;
    endpoint_print_ip(&p->sockets.server[address], ip);
    client_show_address(p->session, ip, is_ipv6);
    client_set_network(p->session, is_ipv6);
}

static void take_new_port(struct program *p)
{
    if (!client_hop_due(p->session, p->now))
        return;
    hops_next(&p->sockets, p->now);
    client_hopped(p->session, p->now);
}

/* Whether it could be sent says nothing of the network. */
static void send_probe(struct program *p)
{
    int error =
        hops_probe(&p->sockets, client_address(p->session), p->scratch.data, p->scratch.len);

    if (error == EMSGSIZE)
        client_refused(p->session);
}

static void send_datagrams(struct program *p)
{
    while (client_pull_datagram(p->session, &p->scratch)) {
        if (client_pulled_probe(p->session)) {
            send_probe(p);
            continue;
        }
        int error = hops_send(&p->sockets, client_address(p->session),
                              client_address_beside(p->session), p->scratch.data, p->scratch.len);
        if (error == EMSGSIZE)
            client_refused(p->session);
        take_result(p, error);
    }
}

/* Waking up much too late means that the machine has slept: who knows where it is now. */
static void note_sleep(struct program *p, msec_t deadline)
{
    if (msec_since(p->now, deadline) > SLEPT_MS)
        client_network_changed(p->session, p->now);
}

static void wait_for_something(struct program *p)
{
    msec_t deadline = client_deadline(p->session, p->now);

    loop_clear(&p->loop);
    for (size_t i = 0; i < p->sockets.count; i++)
        loop_watch(&p->loop, p->sockets.fd[i], POLLIN);
    if (p->now >= netwatch_due(&p->netwatch))
        loop_watch(&p->loop, p->netwatch.fd, POLLIN);
    else
        deadline = msec_min(deadline, netwatch_due(&p->netwatch));
    if (!p->keys_closed && client_wants_keys(p->session))
        loop_watch(&p->loop, STDIN_FILENO, POLLIN);
    if (!p->terminal_gone && !outq_empty(&p->screen))
        loop_watch(&p->loop, STDOUT_FILENO, POLLOUT);
    deadline = msec_max(deadline, p->now);
    loop_wait(&p->loop, p->now, deadline);
    p->now = clock_now();
    note_sleep(p, deadline);
}

static void run(struct program *p)
{
    for (;;) {
        take_new_port(p);
        client_tick(p->session, p->now);
        fit_address(p);
        send_datagrams(p);
        if (client_state(p->session) != CLIENT_RUNNING)
            break;
        draw(p);
        if (client_pull_suspend(p->session))
            suspend(p);
        wait_for_something(p);
        take_signals(p);
        take_network(p);
        if (loop_ready(&p->loop, STDIN_FILENO) & ~POLLOUT)
            take_keys(p);
    }
}

/* --- start and end --- */

static struct program *in_session; /* from when there is somebody to take leave of */

/* The last words of a process that may not even allocate. */
static void out_of_memory(void)
{
    static const char text[] = "\r\n" PROGRAM ": out of memory\r\n";
    struct program *p = in_session;
    const struct buf *word;

    tty_emergency();
    (void)!write(STDERR_FILENO, text, sizeof text - 1);
    for (int i = 0; p && i < TRANSPORT_LAST_WORDS && (word = client_last_word(p->session)); i++) {
        if (hops_send(&p->sockets, client_address(p->session), HOPS_NOWHERE, word->data,
                      word->len) != 0)
            return;
    }
}

static void explain_silence(const struct program *p)
{
    struct buf text = {0};

    client_explain_silence(p->session, p->now, &text);
    fprintf(stderr, "mosh: %.*s", (int)text.len, (const char *)text.data);
    buf_release(&text);
}

static void say_how_it_ended(const struct program *p)
{
    char server[ENDPOINT_CHARS];

    endpoint_print(&p->sockets.server[client_address(p->session)], server);
    switch (client_state(p->session)) {
    case CLIENT_NEVER_REACHED:
        explain_silence(p);
        break;
    case CLIENT_UNANSWERED:
        fprintf(stderr,
                "mosh: the server at %s has not confirmed the end of the session.\n"
                "mosh-server, and what it runs, may still be there.\n",
                server);
        break;
    case CLIENT_KEY_EXHAUSTED:
        fprintf(stderr, "mosh: the session's key has been used as much as is safe.\n");
        break;
    default:
        if (p->terminal_gone)
            fprintf(stderr, "mosh: the terminal has gone.\n");
        break;
    }
}

static void refuse_wrong_cipher(void)
{
    if (!seal_self_test())
        args_fail(PROGRAM, "the OpenSSL library here computes AES-OCB wrongly; refusing to run");
}

/* For messages. */
static void describe_server(const struct endpoint *server, struct noanswer *facts)
{
    char ip[ENDPOINT_CHARS];

    endpoint_print_ip(server, ip);
    snprintf(facts->address, sizeof facts->address, "%s", ip);
    facts->is_ipv6 = endpoint_family(server) == AF_INET6;
    noanswer_read_setup(facts, getenv(SETUP_VARIABLE));
}

/* More of the server's addresses, from the program that started it and from the resolver. */
static void open_network(struct program *p, struct client_config *config)
{
    const char *others = getenv("MOSH_OTHER_ADDRESSES");

    if (hops_init(&p->sockets, &p->server, p->now) != 0)
        args_fail(PROGRAM, "cannot open a UDP socket: %s", strerror(errno));
    if (others)
        hops_add_servers(&p->sockets, others);
    config->addresses = p->sockets.servers;
    netwatch_open(&p->netwatch, p->sockets.server, p->sockets.servers, p->now);
}

static void begin(struct program *p, struct client_config *config)
{
    static const int signals[] = {SIGTERM, SIGINT,  SIGHUP,   SIGQUIT, SIGPIPE,
                                  SIGTSTP, SIGCONT, SIGWINCH, 0};

    refuse_wrong_cipher();
    p->now = clock_now();
    p->heard = MSEC_NEVER;
    open_network(p, config);
    outq_init(&p->screen, BUF_BYTES_MAX);
    describe_server(&p->server, &config->server);
    config->server.others = p->sockets.servers - 1;
    p->session = client_new(config, p->now);
    wipe(config->key, sizeof config->key);
    in_session = p;
    p->address = HOPS_NOWHERE;
    handover_end(client_caps(p->session), NULL, &p->close_bytes);
    loop_init(&p->loop, signals);
    process_on_fatal_signal(tty_emergency);
    sandbox_confine(PROGRAM, SANDBOX_CLIENT, p->sandbox);
    enter_terminal(p);
}

/* The last of the steps that `mosh -v` tells, with the time since the first of them. */
static void say_when_it_began(const struct program *p)
{
    const char *text = getenv(SINCE_VARIABLE);
    uint64_t since;

    if (!text || args_decimal(text, 0, UINT64_MAX, &since) != 0 || p->heard == MSEC_NEVER)
        return;
    msec_t span = msec_since(p->heard, since);
    fprintf(stderr, "mosh: %" PRIu64 ".%03" PRIu64 " s: the first answer came by UDP\n",
            span / 1000, span % 1000);
}

static int exit_status(const struct program *p)
{
    int status = client_exit_status(p->session);

    if (client_state(p->session) == CLIENT_ENDED && !p->terminal_gone)
        return status > 0 ? status : 0;
    return client_state(p->session) == CLIENT_NEVER_REACHED && getenv(SETUP_VARIABLE)
               ? STATUS_NO_ANSWER
               : 1;
}

static int finish(struct program *p)
{
    /* A terminal that takes nothing would hold us up with our messages, too. */
    bool keep = getenv("MOSH_KEEP_SCREEN") != NULL;
    bool listens = leave_terminal(p, keep, "[mosh is exiting.]\r\n");
    int status = exit_status(p);

    if (listens) {
        say_when_it_began(p);
        say_how_it_ended(p);
    }
    in_session = NULL;
    client_free(p->session);
    hops_release(&p->sockets);
    netwatch_close(&p->netwatch);
    outq_release(&p->screen);
    buf_wipe(&p->scratch);
    buf_release(&p->close_bytes);
    return status;
}

/* --- for mosh --doctor --- */

/* The words are addresses and a port. */
static int probe(char **words, int count)
{
    struct endpoint servers[PATHCHECK_PATHS_MAX];
    uint8_t key[KEY_BYTES];
    uint16_t port;

    if (count < 2 || count > PATHCHECK_PATHS_MAX + 1)
        args_fail(PROGRAM, "--probe: expected 1 to %d addresses and a port", PATHCHECK_PATHS_MAX);
    for (int i = 0; i + 1 < count; i++)
        client_args_server((char *[]){words[i], words[count - 1]}, &servers[i], &port);
    client_args_key(key);
    refuse_wrong_cipher();
    return probe_path(PROGRAM, servers, (size_t)(count - 1), key);
}

int main(int argc, char **argv)
{
    struct program program = {0};
    struct client_config config = {.random = sysrandom_chaff, .version = PACKAGE_VERSION};

    process_open_stdio();
    process_protect();
    xalloc_set_hook(out_of_memory);
    if (argc > 1 && strcmp(argv[1], "--probe") == 0)
        return probe(argv + 2, argc - 2);
    if (argc > 1 && strcmp(argv[1], "--probe-terminal") == 0)
        return probe_terminal();
    client_args_options(argc, argv);
    libraries_warn(PROGRAM);
    client_args_server(argv + optind, &program.server, &config.server.port);
    client_args_key(config.key);
    client_args_prediction(&config);
    program.sandbox = sandbox_policy_of_user(PROGRAM);
    client_args_terminal(&config);
    begin(&program, &config);
    run(&program);
    return finish(&program);
}
