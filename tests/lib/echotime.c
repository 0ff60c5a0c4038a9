/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * echotime ADDRESS PORT COUNT, with the key in MOSH_KEY: a client that types so many letters to a
 * program that echoes them, one every 50 ms, and prints how long it took until each was on the
 * server's screen: the median, the 99th percentile and the longest, in milliseconds, and how many
 * never came. Ends the session.
 */

#include "config.h"

#include <err.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crypto/base64.h"
#include "session/client.h"
#include "sys/clock.h"
#include "sys/endpoint.h"
#include "sys/sysrandom.h"
#include "sys/udp.h"

enum { ROWS = 60, COLS = 200, COUNT_MAX = 10000, PACE_MS = 50, PATIENCE_MS = 5000 };

static double typed[COUNT_MAX], took[COUNT_MAX];

static double now_precisely(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* The letters are the only text there is. */
static size_t letters(const struct client *c)
{
    const struct screen *s = client_screen(c);
    struct buf text = {0};
    size_t count = 0;

    for (size_t row = 0; row < s->rows; row++)
        for (size_t col = 0; col < s->cols; col++)
            row_put_text(s->row[row], col, &text);
    for (size_t i = 0; i < text.len; i++)
        count += text.data[i] == 'x';
    buf_release(&text);
    return count;
}

static void go_on(struct client *c, int fd, const struct endpoint *server)
{
    uint8_t bytes[2048];
    struct udp_arrival arrival;
    struct buf datagram = {0};
    msec_t now = clock_now();

    while (udp_receive(fd, bytes, sizeof bytes, &arrival) == 1)
        (void)!client_datagram(c, now, bytes, arrival.len, arrival.congested);
    client_tick(c, now);
    while (client_pull_datagram(c, &datagram))
        (void)!udp_send(fd, server, datagram.data, datagram.len);
    buf_release(&datagram);
}

static int compare(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

int main(int argc, char **argv)
{
    struct client_config config = {.rows = ROWS, .cols = COLS, .random = sysrandom_chaff};
    struct endpoint server;
    const char *key = getenv("MOSH_KEY");
    size_t count, sent = 0, seen = 0;

    config.title_prefix = "";
    if (argc != 4 || !key || base64_decode_key(key, strlen(key), config.key) != 0 ||
        endpoint_parse(argv[1], (uint16_t)atoi(argv[2]), &server) != 0)
        errx(2, "usage: MOSH_KEY=KEY echotime ADDRESS PORT COUNT");
    count = strtoul(argv[3], NULL, 10);
    if (count < 1 || count > COUNT_MAX)
        errx(2, "at most %d", COUNT_MAX);
    int fd = udp_open(endpoint_family(&server));
    if (fd < 0)
        err(1, "socket");
    struct client *c = client_new(&config, clock_now());
    double next = now_precisely() + 1000, last = next + PATIENCE_MS;
    while (seen < count && now_precisely() < last) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        (void)poll(&ready, 1, 1);
        if (sent < count && now_precisely() >= next) {
            typed[sent++] = now_precisely();
            client_keys(c, clock_now(), (const uint8_t *)"x", 1);
            next += PACE_MS;
            last = next + PATIENCE_MS;
        }
        go_on(c, fd, &server);
        for (size_t there = letters(c); seen < there && seen < sent; seen++)
            took[seen] = now_precisely() - typed[seen];
    }
    client_signal(c, clock_now(), CLIENT_SIGNAL_END);
    for (double end = now_precisely() + 2000;
         client_state(c) == CLIENT_RUNNING && now_precisely() < end;) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        (void)poll(&ready, 1, 10);
        go_on(c, fd, &server);
    }
    client_free(c);
    if (seen == 0)
        errx(1, "nothing was echoed");
    qsort(took, seen, sizeof *took, compare);
    printf("%.1f %.1f %.1f %zu\n", took[seen / 2], took[seen - 1 - seen / 100], took[seen - 1],
           count - seen);
    return 0;
}
