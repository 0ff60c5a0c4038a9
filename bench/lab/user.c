/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "user.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "trace.h"

uint64_t user_now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

void user_start(struct user *u, size_t rows, size_t cols, char *const command[])
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};

    u->program = forkpty(&u->pty, NULL, NULL, &size);
    if (u->program < 0)
        err(EXIT_FAILURE, "forkpty");
    if (u->program == 0) {
        signal(SIGHUP, SIG_DFL); /* which is how it ends; nohup may have started us */
        setenv("TERM", "xterm-256color", 1);
        execvp(command[0], command);
        err(127, "%s", command[0]);
    }
    fcntl(u->pty, F_SETFD, FD_CLOEXEC);
    u->terminal = vtscreen_new(rows, cols);
    shot_init(&u->now, rows, cols);
}

void user_end(struct user *u)
{
    kill(u->program, SIGHUP);
    close(u->pty);
    waitpid(u->program, NULL, 0);
    vtscreen_free(u->terminal);
    shot_release(&u->now);
}

static void send_bytes(struct user *u, const uint8_t *bytes, size_t len)
{
    while (len > 0) {
        ssize_t done = write(u->pty, bytes, len);
        if (done < 0 && errno != EINTR)
            return; /* it has ended, which the next read says */
        bytes += done < 0 ? 0 : done;
        len -= done < 0 ? 0 : (size_t)done;
    }
}

bool user_take_output(struct user *u, uint64_t until_us)
{
    static uint8_t bytes[65536];
    struct pollfd poll = {u->pty, POLLIN, 0};
    struct buf reply = {0};
    uint64_t now = user_now_us(), left = until_us > now ? until_us - now : 0;
    struct timespec timeout = {(time_t)(left / 1000000), (long)(left % 1000000 * 1000)};
    ssize_t got;

    if (ppoll(&poll, 1, &timeout, NULL) <= 0)
        return false;
    got = read(u->pty, bytes, sizeof bytes);
    if (got <= 0) {
        u->ended = true;
        return false;
    }
    if (u->record)
        trace_add(u->record, EVENT_OUTPUT, user_now_us(), bytes, (size_t)got);
    vtscreen_write(u->terminal, bytes, (size_t)got, &reply);
    send_bytes(u, reply.data, reply.len);
    buf_release(&reply);
    return true;
}

void user_wait(struct user *u, uint64_t until_us)
{
    while (!u->ended && user_now_us() < until_us)
        user_take_output(u, until_us);
}

void user_look(struct user *u)
{
    vtscreen_look(u->terminal, &u->now);
}

static void send_and_record(struct user *u, const char *name, const struct buf *bytes)
{
    if (u->record)
        trace_add(u->record, EVENT_KEY, user_now_us(), name, strlen(name));
    send_bytes(u, bytes->data, bytes->len);
}

void user_press(struct user *u, const char *key)
{
    struct buf bytes = {0};

    if (!vtscreen_key(u->terminal, key, &bytes))
        errx(EXIT_FAILURE, "there is no key '%s'", key);
    send_and_record(u, key, &bytes);
    buf_release(&bytes);
}

void user_paste(struct user *u, const char *text)
{
    struct buf bytes = {0};

    buf_append_str(&bytes, text);
    send_and_record(u, text, &bytes);
    buf_release(&bytes);
}
