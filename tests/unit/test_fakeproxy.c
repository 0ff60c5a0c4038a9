/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launch/fakeproxy.h"
#include "launch/say.h"
#include "sys/clock.h"

/* A listening socket on an address of the loopback interface, and its port. */
static int listen_at(uint32_t ip, uint16_t *port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in sin = {.sin_family = AF_INET, .sin_addr = {htonl(ip)}};
    socklen_t len = sizeof sin;
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&sin, sizeof sin), 0);
    assert_int_equal(listen(fd, 5), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&sin, &len), 0);
    *port = ntohs(sin.sin_port);
    return fd;
}

static void add(struct endpoints *list, const char *address, uint16_t port)
{
    struct endpoints one;
    const char *why;
    assert_int_equal(resolve(address, port, FAMILY_ALL, &one, &why), 0);
    list->at[list->count++] = one.at[0];
}

/* Where the first address does not take the connection, the next one does. */
static void R35_dials_on_until_one_answers(void **state)
{
    (void)state;
    uint16_t port;
    size_t winner = 9;
    struct endpoints list = {.count = 0};
    int listener = listen_at(INADDR_LOOPBACK, &port);
    add(&list, "::1", port); /* nobody listens there */
    add(&list, "127.0.0.2", port);
    add(&list, "127.0.0.1", port);
    int fd = dial(&list, &winner);
    assert_true(fd >= 0);
    assert_int_equal(winner, 2);
    close(fd);
    close(listener);
}

/* One that is silent costs its head start alone. A full queue of a listener is such silence. */
static void a_silent_address_costs_a_head_start(void **state)
{
    (void)state;
    uint16_t silent_port, port;
    size_t winner = 9;
    int silent = listen_at(INADDR_LOOPBACK, &silent_port);
    int listener = listen_at(INADDR_LOOPBACK, &port);
    assert_int_equal(listen(silent, 0), 0);
    struct sockaddr_in sin = {.sin_family = AF_INET,
                              .sin_addr = {htonl(INADDR_LOOPBACK)},
                              .sin_port = htons(silent_port)};
    int filler[3];
    for (size_t i = 0; i < 3; i++) {
        filler[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        (void)connect(filler[i], (struct sockaddr *)&sin, sizeof sin);
    }
    struct endpoints list = {.count = 0};
    add(&list, "127.0.0.1", silent_port);
    add(&list, "127.0.0.1", port);
    msec_t before = clock_now();
    int fd = dial(&list, &winner);
    msec_t took = clock_now() - before;
    assert_true(fd >= 0);
    assert_int_equal(winner, 1);
    assert_true(took >= DIAL_HEAD_START_MS && took < 10 * DIAL_HEAD_START_MS);
    close(fd);
    for (size_t i = 0; i < 3; i++)
        close(filler[i]);
    close(silent);
    close(listener);
}

static void says_whose_error_it_was(void **state)
{
    (void)state;
    uint16_t port;
    size_t winner = 9;
    struct endpoints list = {.count = 0};
    close(listen_at(INADDR_LOOPBACK, &port));
    add(&list, "127.0.0.1", port);
    add(&list, "127.0.0.2", port);
    assert_int_equal(dial(&list, &winner), -ECONNREFUSED);
    assert_int_equal(winner, 1);
}

/* The whole: as ssh runs it, with a socket for standard output. */
static void hands_the_connection_over(void **state)
{
    (void)state;
    uint16_t port;
    int sockets[2], errors[2];
    int listener = listen_at(INADDR_LOOPBACK, &port);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), 0);
    assert_int_equal(pipe(errors), 0);
    pid_t pid = fork();
    if (pid == 0) {
        char digits[8];
        snprintf(digits, sizeof digits, "%u", port);
        dup2(sockets[1], STDOUT_FILENO);
        dup2(errors[1], STDERR_FILENO);
        _exit(fakeproxy_run("127.0.0.1", digits, FAMILY_PREFER_INET));
    }
    close(sockets[1]);
    close(errors[1]);
    char byte, text[128] = "";
    union {
        struct cmsghdr align;
        char space[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec body = {.iov_base = &byte, .iov_len = 1};
    struct msghdr message = {.msg_iov = &body,
                             .msg_iovlen = 1,
                             .msg_control = control.space,
                             .msg_controllen = sizeof control.space};
    assert_int_equal(recvmsg(sockets[0], &message, 0), 1);
    struct cmsghdr *c = CMSG_FIRSTHDR(&message);
    assert_non_null(c);
    assert_int_equal(c->cmsg_type, SCM_RIGHTS);
    int fd, status;
    memcpy(&fd, CMSG_DATA(c), sizeof fd);
    assert_true(read(errors[0], text, sizeof text - 1) > 0);
    assert_string_equal(text, "MOSH IP 127.0.0.1\n");
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    /* the descriptor is the connection, and blocking */
    int accepted = accept(listener, NULL, NULL);
    assert_int_equal(write(accepted, "ssh", 3), 3);
    assert_int_equal(read(fd, text, sizeof text), 3);
    close(accepted);
    close(fd);
    close(sockets[0]);
    close(errors[0]);
    close(listener);
}

static void fails_in_words_where_nobody_listens(void **state)
{
    (void)state;
    uint16_t port;
    int errors[2];
    close(listen_at(INADDR_LOOPBACK, &port));
    assert_int_equal(pipe(errors), 0);
    pid_t pid = fork();
    if (pid == 0) {
        char digits[8];
        snprintf(digits, sizeof digits, "%u", port);
        dup2(errors[1], STDERR_FILENO);
        _exit(fakeproxy_run("127.0.0.1", digits, FAMILY_PREFER_INET));
    }
    close(errors[1]);
    int status;
    char text[256] = "";
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(WEXITSTATUS(status), STATUS_HERE);
    assert_true(read(errors[0], text, sizeof text - 1) > 0);
    assert_non_null(strstr(text, "cannot connect to 127.0.0.1"));
    assert_non_null(strstr(text, "refused"));
    close(errors[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(R35_dials_on_until_one_answers),
        cmocka_unit_test(a_silent_address_costs_a_head_start),
        cmocka_unit_test(says_whose_error_it_was),
        cmocka_unit_test(hands_the_connection_over),
        cmocka_unit_test(fails_in_words_where_nobody_listens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
