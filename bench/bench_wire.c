/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bench_wire SERVER SLICE ROWS COLS RECORDING...: what a server sends for the output of a program,
 * given to it in slices of so many bytes, each of which becomes a frame before the next one comes.
 * That leaves nothing to chance but how the pty cuts the slices, so that two servers can be
 * compared byte by byte.
 *
 * For each recording: its name, frames, bytes for the client's screen, and the same after
 * compression. With BENCH_SHOW=1 every frame is printed to standard error.
 *
 * The program on the server is this one again, called with --slices SLICE RECORDING. It gives the
 * next slice for each key; the client types one when the server has acknowledged the last.
 */

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "../tests/lib/wiretap.h"
#include "server.h"
#include "statesync/hostscreen.h"
#include "statesync/userstream.h"
#include "sys/clock.h"
#include "sys/sysrandom.h"
#include "sys/udp.h"
#include "transport/transport.h"
#include "wire/deflate.h"
#include "wire/hostmsg.h"
#include "wire/packet.h"

#define SILENCE_MS 15000 /* a server that says nothing for so long has failed */
#define NEXT_KEY   0x01
#define TAP_MAX    PACKET_DATAGRAM_MAX
#define READY      "ready" /* the program's title, once the terminal shows no keys any more, */
#define THE_END    "the end"
#define READY_MARK "\033]2;" READY "\a"
#define END_MARK   "\033[!p\033[H\033[2J\033]2;" THE_END "\a"

/* ---- the program ---- */

static void put_all(const void *data, size_t len)
{
    const uint8_t *bytes = data;

    while (len > 0) {
        ssize_t put = write(1, bytes, len);
        if (put <= 0)
            exit(1);
        bytes += put;
        len -= (size_t)put;
    }
}

/* What else is typed are the terminal's answers to the recording. */
static void wait_for_key(void)
{
    char key = 0;

    while (key != NEXT_KEY)
        if (read(0, &key, 1) != 1)
            exit(0);
}

static int give_slices(size_t slice, const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = malloc(slice);
    struct termios tty;
    size_t len;

    if (!file || !bytes || tcgetattr(0, &tty) < 0)
        die(path);
    tty.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
    tcsetattr(0, TCSANOW, &tty);
    put_all(READY_MARK, sizeof READY_MARK - 1);
    for (;;) {
        wait_for_key();
        len = fread(bytes, 1, slice, file);
        if (len == 0)
            break;
        put_all(bytes, len);
    }
    put_all(END_MARK, sizeof END_MARK - 1);
    for (;;)
        wait_for_key();
}

/* ---- the client ---- */

struct sums {
    size_t frames, host_bytes, compressed_bytes;
    uint64_t newest; /* state that was counted */
};

struct client {
    struct transport *transport;
    struct wiretap *tap;
    struct deflate *deflate;
    struct endpoint server;
    int socket;
    struct sums sums;
    struct buf last; /* bytes for the screen */
    bool show;
};

static int show_bytes(const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] == '\033')
            fputs("^[", stderr);
        else if (bytes[i] < 0x20 || bytes[i] == 0x7F)
            fprintf(stderr, "<%02x>", bytes[i]);
        else
            fputc(bytes[i], stderr);
    }
    fputc('\n', stderr);
    return 0;
}

static int count_bytes(void *context, const uint8_t *bytes, size_t len)
{
    struct client *c = context;
    bool again = len == c->last.len && memcmp(bytes, c->last.data, len) == 0;

    if (again)
        return 0;
    buf_clear(&c->last);
    buf_append(&c->last, bytes, len);
    c->sums.host_bytes += len;
    return c->show ? show_bytes(bytes, len) : 0;
}

static int pass_resize(void *context, int32_t cols, int32_t rows)
{
    (void)context, (void)cols, (void)rows;
    return 0;
}

static int pass_echo_ack(void *context, uint64_t num)
{
    (void)context, (void)num;
    return 0;
}

/* Counts a frame once, though it may be sent again, also with an acknowledgement that was not in it
   before. An acknowledgement alone is none. */
static void count(struct client *c, const struct instruction *i)
{
    static const struct hostmsg_visitor visitor = {
        .bytes = count_bytes, .resize = pass_resize, .echo_ack = pass_echo_ack};
    struct buf compressed = {0};
    size_t before = c->sums.host_bytes;

    if (i->new_num <= c->sums.newest || hostmsg_walk(i->diff.data, i->diff.len, &visitor, c) < 0)
        return;
    c->sums.newest = i->new_num;
    if (c->sums.host_bytes == before)
        return;
    if (deflate_compress(c->deflate, i->diff.data, i->diff.len, &compressed) < 0)
        die("deflate");
    c->sums.frames++;
    c->sums.compressed_bytes += compressed.len;
    buf_release(&compressed);
}

static void receive(struct client *c)
{
    uint8_t bytes[PACKET_DATAGRAM_MAX];
    struct udp_arrival arrival;
    struct transport_event event;
    const struct instruction *whole;

    while (udp_receive(c->socket, bytes, sizeof bytes, &arrival) > 0) {
        const char *complaint = wiretap_check(c->tap, bytes, arrival.len, TAP_MAX, &whole);
        if (complaint)
            fprintf(stderr, "bench_wire: %s\n", complaint);
        else if (whole)
            count(c, whole);
        if (transport_recv(c->transport, clock_now(), bytes, arrival.len, false, &event) < 0)
            continue;
    }
}

static void turn(struct client *c)
{
    struct pollfd ready = {.fd = c->socket, .events = POLLIN};
    struct buf datagram = {0};
    msec_t now = clock_now(), deadline = transport_deadline(c->transport, now);
    int wait = deadline == MSEC_NEVER || deadline > now + 1000 ? 1000 : (int)(deadline - now);

    poll(&ready, 1, wait < 0 ? 0 : wait);
    receive(c);
    transport_tick(c->transport, clock_now());
    while (transport_pull(c->transport, &datagram))
        if (udp_send(c->socket, &c->server, datagram.data, datagram.len) != 0)
            continue;
    buf_release(&datagram);
}

static void open_client(struct client *c, const struct bench_server *s, size_t rows, size_t cols)
{
    struct transport_config config = {.sending = SEAL_TO_SERVER,
                                      .local_ops = &userstream_ops,
                                      .remote_ops = &hostscreen_ops,
                                      .local_initial = userstream_new(),
                                      .remote_initial = hostscreen_new(EMULATOR_MIRROR, rows, cols),
                                      .collect_ms = 1,
                                      .random = sysrandom_chaff};

    if (base64_decode_key(s->key, KEY_CHARS, config.key) < 0 ||
        endpoint_parse("127.0.0.1", s->port, &c->server) < 0)
        die("the server's key or port");
    c->transport = transport_new(&config, clock_now());
    c->tap = wiretap_new(config.key, SEAL_TO_CLIENT);
    c->deflate = deflate_new();
    c->socket = udp_open(AF_INET);
    if (c->socket < 0)
        die("socket");
    userstream_put_resize(transport_local(c->transport), rows, cols);
}

static void close_client(struct client *c)
{
    transport_free(c->transport);
    wiretap_free(c->tap);
    deflate_free(c->deflate);
    buf_release(&c->last);
    close(c->socket);
}

/* Some milliseconds of the session; since `begin` it must have said something. */
static void turn_since(struct client *c, msec_t begin)
{
    turn(c);
    if (clock_now() - begin > SILENCE_MS) {
        fputs("bench_wire: the server does not answer\n", stderr);
        exit(1);
    }
}

/* Types a key and waits until the server has given it to the program and half a tenth of a second
   to react. */
static void next_slice(struct client *c)
{
    msec_t begin = clock_now();
    uint64_t before = transport_sent_num(c->transport), typed = before;

    userstream_put_keys(transport_local(c->transport), (const uint8_t[]){NEXT_KEY}, 1);
    do {
        turn_since(c, begin);
        if (typed == before)
            typed = transport_sent_num(c->transport);
    } while (typed == before || hostscreen_echo_ack(transport_remote(c->transport)) < typed);
}

static bool is_titled(const struct client *c, const char *wanted)
{
    const struct text *title = hostscreen_screen(transport_remote(c->transport))->window_title;

    return title && strcmp(title->bytes, wanted) == 0;
}

/* What was sent before the program is ready does not count. */
static void wait_until_ready(struct client *c)
{
    msec_t begin = clock_now();

    while (!is_titled(c, READY))
        turn_since(c, begin);
    c->sums = (struct sums){.newest = c->sums.newest};
}

static void measure(const char *self, const char *program, const char *slice, size_t rows,
                    size_t cols, const char *path)
{
    char *whole_path = realpath(path, NULL); /* the server goes home */
    const char *const command[] = {self, "--slices", slice, whole_path, NULL};
    struct bench_server server;
    struct client c = {.show = getenv("BENCH_SHOW") != NULL};
    const char *name = strrchr(path, '/');
    struct sums sums;

    if (!whole_path)
        die(path);
    server = bench_server_start(program, command);
    open_client(&c, &server, rows, cols);
    wait_until_ready(&c);
    do {
        sums = c.sums; /* without the last frame, which the recording knows nothing of */
        next_slice(&c);
    } while (!is_titled(&c, THE_END));
    printf("%s\t%zu\t%zu\t%zu\n", name ? name + 1 : path, sums.frames, sums.host_bytes,
           sums.compressed_bytes);
    fflush(stdout);
    close_client(&c);
    bench_server_stop(&server);
    free(whole_path);
}

int main(int argc, char **argv)
{
    char self[4096];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);

    if (argc == 4 && strcmp(argv[1], "--slices") == 0)
        return give_slices(strtoul(argv[2], NULL, 10), argv[3]);
    if (argc < 6 || len < 0 || strtoul(argv[2], NULL, 10) == 0) {
        fputs("usage: bench_wire SERVER SLICE ROWS COLS RECORDING...\n", stderr);
        return 2;
    }
    self[len] = 0;
    for (int i = 5; i < argc; i++)
        measure(self, argv[1], argv[2], strtoul(argv[3], NULL, 10), strtoul(argv[4], NULL, 10),
                argv[i]);
    return 0;
}
