/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * flood ADDRESS PORT BYTES [RATE]: sends datagrams of so many random bytes, RATE of them in a
 * second or as many as it can, until it is told to end (TERM). Says then how many have left, and
 * how many came back.
 */

#include "config.h"

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "rng.h"

#define BURST 16

static volatile sig_atomic_t over;

static void end(int signal)
{
    (void)signal;
    over = 1;
}

static uint64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* Waits until `count` datagrams are due. */
static void keep_rate(uint64_t start, uint64_t count, uint64_t rate)
{
    uint64_t due = start + count * 1000000000 / rate, now = now_ns();
    struct timespec pause = {0};

    if (now >= due)
        return;
    pause.tv_sec = (time_t)((due - now) / 1000000000);
    pause.tv_nsec = (long)((due - now) % 1000000000);
    nanosleep(&pause, NULL);
}

int main(int argc, char **argv)
{
    static uint8_t bytes[65507], answer[65507];
    struct sigaction on_end = {.sa_handler = end};
    struct sockaddr_in to = {.sin_family = AF_INET};
    struct rng rng = {1};
    uint64_t sent = 0, returned = 0;

    if (argc < 4 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1)
        errx(2, "usage: flood ADDRESS PORT BYTES [RATE]");
    to.sin_port = htons((uint16_t)atoi(argv[2]));
    size_t len = strtoul(argv[3], NULL, 10);
    uint64_t rate = argc > 4 ? strtoul(argv[4], NULL, 10) : 0;
    if (len > sizeof bytes)
        errx(2, "a datagram has at most %zu bytes", sizeof bytes);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd < 0)
        err(1, "socket");
    sigaction(SIGTERM, &on_end, NULL);
    sigaction(SIGINT, &on_end, NULL);
    rng_fill(&rng, bytes, len);
    for (uint64_t start = now_ns(); !over;) {
        for (int i = 0; i < BURST; i++, sent++) {
            uint64_t noise = rng_next(&rng);
            memcpy(bytes, &noise, len < sizeof noise ? len : sizeof noise);
            if (sendto(fd, bytes, len, 0, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINTR)
                sent--;
        }
        while (recv(fd, answer, sizeof answer, MSG_DONTWAIT) >= 0)
            returned++;
        if (rate)
            keep_rate(start, sent, rate);
    }
    printf("sent %llu, came back %llu\n", (unsigned long long)sent, (unsigned long long)returned);
    close(fd);
    return 0;
}
