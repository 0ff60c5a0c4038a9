/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * echo serve ADDRESS PORT: sends every datagram back.
 * echo ask ADDRESS PORT COUNT MS: sends so many, one every MS milliseconds, and prints
 *
 *     ANSWERS REPEATED OVERTAKEN LEAST MEDIAN P99 MOST
 *
 * of which the last four are times of the round trip in milliseconds.
 */
#include "config.h"

#include <err.h>
#include <netdb.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define COUNT_MAX 100000
#define LAST_US   1000000 /* for answers after the last question */

static uint64_t sent_us[COUNT_MAX];
static bool answered[COUNT_MAX];
static double took_ms[COUNT_MAX];

struct answers {
    size_t count, repeated, overtaken;
    uint32_t newest;
};

static uint64_t now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static int open_socket(const char *address, const char *port,
                       int (*use)(int, const struct sockaddr *, socklen_t))
{
    struct addrinfo hints = {.ai_socktype = SOCK_DGRAM,
                             .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV},
                    *found;
    int error = getaddrinfo(address, port, &hints, &found), fd;

    if (error)
        errx(EXIT_FAILURE, "%s port %s: %s", address, port, gai_strerror(error));
    fd = socket(found->ai_family, SOCK_DGRAM, 0);
    if (fd < 0 || use(fd, found->ai_addr, found->ai_addrlen) < 0)
        err(EXIT_FAILURE, "%s port %s", address, port);
    freeaddrinfo(found);
    return fd;
}

static _Noreturn void serve(int fd)
{
    static uint8_t bytes[65536];

    for (;;) {
        struct sockaddr_storage from;
        socklen_t len = sizeof from;
        ssize_t got = recvfrom(fd, bytes, sizeof bytes, 0, (struct sockaddr *)&from, &len);
        if (got >= 0)
            (void)!sendto(fd, bytes, (size_t)got, 0, (struct sockaddr *)&from, len);
    }
}

static void take_answer(int fd, struct answers *a)
{
    uint32_t number;

    if (recv(fd, &number, sizeof number, 0) != sizeof number || number >= COUNT_MAX)
        return;
    a->overtaken += number < a->newest && !answered[number];
    a->repeated += answered[number];
    if (answered[number])
        return;
    answered[number] = true;
    took_ms[a->count++] = (double)(now_us() - sent_us[number]) / 1000;
    a->newest = number > a->newest ? number : a->newest;
}

static void take_answers_until(int fd, struct answers *a, uint64_t until_us)
{
    for (;;) {
        uint64_t now = now_us();
        struct pollfd poll = {fd, POLLIN, 0};
        struct timespec left = {0};
        if (now < until_us)
            left = (struct timespec){(time_t)((until_us - now) / 1000000),
                                     (long)((until_us - now) % 1000000 * 1000)};
        if (ppoll(&poll, 1, &left, NULL) > 0)
            take_answer(fd, a);
        else
            return;
    }
}

static int by_size(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static void ask(int fd, uint32_t count, uint64_t interval_us)
{
    struct answers a = {0};
    uint64_t next = now_us();

    for (uint32_t number = 0; number < count; number++) {
        sent_us[number] = now_us();
        (void)!send(fd, &number, sizeof number, 0);
        next += interval_us;
        take_answers_until(fd, &a, next);
    }
    take_answers_until(fd, &a, next + LAST_US);
    qsort(took_ms, a.count, sizeof *took_ms, by_size);
    printf("%zu %zu %zu", a.count, a.repeated, a.overtaken);
    if (a.count > 0)
        printf(" %.2f %.2f %.2f %.2f", took_ms[0], took_ms[a.count / 2],
               took_ms[a.count * 99 / 100], took_ms[a.count - 1]);
    printf("\n");
}

int main(int argc, char *argv[])
{
    if (argc == 4 && strcmp(argv[1], "serve") == 0)
        serve(open_socket(argv[2], argv[3], bind));
    if (argc != 6 || strcmp(argv[1], "ask") != 0 || strtoul(argv[4], NULL, 10) > COUNT_MAX)
        errx(2, "Usage: echo serve ADDRESS PORT | echo ask ADDRESS PORT COUNT MS");
    ask(open_socket(argv[2], argv[3], connect), (uint32_t)strtoul(argv[4], NULL, 10),
        (uint64_t)(strtod(argv[5], NULL) * 1000));
    return EXIT_SUCCESS;
}
