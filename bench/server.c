/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGS_MAX 32

void die(const char *what)
{
    perror(what);
    exit(1);
}

static void run(const char *program, const char *const *command, int output)
{
    const char *args[ARGS_MAX] = {program, "new", "-i", "127.0.0.1", "--"};
    size_t count = 5;

    while (*command && count + 1 < ARGS_MAX)
        args[count++] = *command++;
    if (dup2(output, 1) < 0 || dup2(output, 2) < 0 || !freopen("/dev/null", "r", stdin))
        _exit(126);
    setenv("LC_ALL", "C.UTF-8", 1);
    execv(program, (char *const *)args);
    _exit(127);
}

/* What it says before it detaches: port, key, and its process id. */
static int understand(const char *said, struct bench_server *s)
{
    const char *connect = strstr(said, "MOSH CONNECT "), *pid = strstr(said, "pid = ");
    unsigned port;
    int number;

    if (!connect || !pid || !strchr(pid, ']') ||
        sscanf(connect, "MOSH CONNECT %u %22s", &port, s->key) != 2 ||
        sscanf(pid, "pid = %d", &number) != 1 || strlen(s->key) != KEY_CHARS)
        return -1;
    s->port = (uint16_t)port;
    s->pid = number;
    return 0;
}

struct bench_server bench_server_start(const char *program, const char *const *command)
{
    struct bench_server s = {0};
    char said[4096] = "";
    size_t len = 0;
    ssize_t got;
    int ends[2];
    pid_t child;

    if (pipe(ends) < 0)
        die("pipe");
    child = fork();
    if (child < 0)
        die("fork");
    if (child == 0) {
        close(ends[0]);
        run(program, command, ends[1]);
    }
    close(ends[1]);
    /* Not to the end: some keep their output open until a client comes. */
    while (understand(said, &s) < 0 && len + 1 < sizeof said &&
           (got = read(ends[0], said + len, sizeof said - 1 - len)) > 0) {
        len += (size_t)got;
        said[len] = 0;
    }
    close(ends[0]);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
    if (understand(said, &s) < 0) {
        fprintf(stderr, "%s did not start:\n%s", program, said);
        exit(1);
    }
    return s;
}

void bench_server_stop(const struct bench_server *s)
{
    kill(s->pid, SIGTERM);
}
