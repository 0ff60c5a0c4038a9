/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bulk send PORT: sends without end to whoever connects over TCP.
 * bulk take ADDRESS PORT: connects, and takes what comes, until the other side ends.
 */
#include <arpa/inet.h>
#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECT_TRIES 100

static struct sockaddr_in address_of(const char *address, const char *port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};

    if (inet_pton(AF_INET, address, &a.sin_addr) != 1)
        errx(EXIT_FAILURE, "no address: %s", address);
    return a;
}

static void send_all(const char *port)
{
    static const char zeros[65536];
    struct sockaddr_in a = address_of("0.0.0.0", port);
    int listener = socket(AF_INET, SOCK_STREAM, 0), fd;

    if (bind(listener, (struct sockaddr *)&a, sizeof a) < 0 || listen(listener, 1) < 0)
        err(EXIT_FAILURE, "port %s", port);
    if ((fd = accept(listener, NULL, NULL)) < 0)
        err(EXIT_FAILURE, "accept");
    while (send(fd, zeros, sizeof zeros, MSG_NOSIGNAL) > 0)
        ;
}

static void take_all(const char *host, const char *port)
{
    static char bytes[65536];
    struct sockaddr_in a = address_of(host, port);
    int fd = -1;

    for (int tries = 0; tries < CONNECT_TRIES; tries++) {
        fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0)
            break;
        close(fd);
        fd = -1;
        usleep(50000);
    }
    if (fd < 0)
        err(EXIT_FAILURE, "%s port %s", host, port);
    while (read(fd, bytes, sizeof bytes) > 0)
        ;
}

int main(int argc, char *argv[])
{
    if (argc == 3 && strcmp(argv[1], "send") == 0)
        send_all(argv[2]);
    else if (argc == 4 && strcmp(argv[1], "take") == 0)
        take_all(argv[2], argv[3]);
    else
        errx(2, "Usage: bulk send PORT | bulk take ADDRESS PORT");
    return EXIT_SUCCESS;
}
