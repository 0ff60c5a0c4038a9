/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bulk send ADDRESS PORT: sends without end to whoever connects over TCP.
 * bulk take ADDRESS PORT [SECONDS]: connects, and takes what comes, until the other side ends or
 * for so long; then it prints how many bytes came in a second.
 */
#include <err.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONNECT_TRIES 100

static struct addrinfo *address_of(const char *address, const char *port)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV},
                    *found;
    int error = getaddrinfo(address, port, &hints, &found);

    if (error)
        errx(EXIT_FAILURE, "%s port %s: %s", address, port, gai_strerror(error));
    return found;
}

static void send_all(const char *address, const char *port)
{
    static const char zeros[65536];
    struct addrinfo *a = address_of(address, port);
    int on = 1, fd, listener = socket(a->ai_family, SOCK_STREAM, 0);

    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, a->ai_addr, a->ai_addrlen) < 0 || listen(listener, 1) < 0)
        err(EXIT_FAILURE, "port %s", port);
    freeaddrinfo(a);
    if ((fd = accept(listener, NULL, NULL)) < 0)
        err(EXIT_FAILURE, "accept");
    /* It soon fills a queue again that has overflowed. Where it is not allowed, another has to do.
     */
    (void)setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, "cubic", 5);
    while (send(fd, zeros, sizeof zeros, MSG_NOSIGNAL) > 0)
        ;
}

static int connect_to(const char *host, const char *port)
{
    struct addrinfo *a = address_of(host, port);

    for (int tries = 0; tries < CONNECT_TRIES; tries++) {
        int fd = socket(a->ai_family, SOCK_STREAM, 0);
        if (connect(fd, a->ai_addr, a->ai_addrlen) == 0) {
            freeaddrinfo(a);
            return fd;
        }
        close(fd);
        usleep(50000);
    }
    err(EXIT_FAILURE, "%s port %s", host, port);
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void take_all(const char *host, const char *port, double seconds)
{
    static char bytes[65536];
    int fd = connect_to(host, port);
    ssize_t got = read(fd, bytes, sizeof bytes);
    double start = now(), sum = 0;

    while (now() < start + seconds && (got = read(fd, bytes, sizeof bytes)) > 0)
        sum += (double)got;
    printf("%.0f\n", sum / (now() - start));
}

int main(int argc, char *argv[])
{
    if (argc == 4 && strcmp(argv[1], "send") == 0)
        send_all(argv[2], argv[3]);
    else if ((argc == 4 || argc == 5) && strcmp(argv[1], "take") == 0)
        take_all(argv[2], argv[3], argc == 5 ? strtod(argv[4], NULL) : 1e9);
    else
        errx(2, "Usage: bulk send ADDRESS PORT | bulk take ADDRESS PORT [SECONDS]");
    return EXIT_SUCCESS;
}
