/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/clock.h"

static void run_client(const char *program, const struct session *s)
{
    struct pty pty = s->pty;
    char port[8];

    snprintf(port, sizeof port, "%u", s->relay.port);
    setenv("MOSH_KEY", s->server.key, 1);
    setenv("TERM", "xterm-256color", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    if (pty_take_over(&pty) == 0)
        execl(program, program, "127.0.0.1", port, (char *)NULL);
    _exit(127);
}

void session_open(struct session *s, const char *server, const char *client, size_t rows,
                  size_t cols, const char *const *command)
{
    const char *failed;

    s->server = bench_server_start(server, command);
    relay_open(&s->relay, s->server.port);
    if (pty_open(&s->pty, rows, cols, &failed) < 0)
        die(failed);
    s->terminal = emulator_new(EMULATOR_HOST, rows, cols);
    s->client = fork();
    if (s->client < 0)
        die("fork");
    if (s->client == 0)
        run_client(client, s);
    pty_close_slave(&s->pty);
}

void session_close(struct session *s)
{
    kill(s->client, SIGKILL);
    waitpid(s->client, NULL, 0);
    bench_server_stop(&s->server);
    session_release(s);
}

void session_release(struct session *s)
{
    pty_close(&s->pty);
    relay_close(&s->relay);
    emulator_free(s->terminal);
}

void session_type(struct session *s, const char *bytes, size_t len)
{
    if (write(s->pty.master, bytes, len) != (ssize_t)len)
        die("typing");
}

static void read_client(struct session *s)
{
    struct buf reply = {0};
    uint8_t bytes[65536];
    ssize_t len = read(s->pty.master, bytes, sizeof bytes);

    if (len > 0)
        emulator_write(s->terminal, bytes, (size_t)len, &reply);
    if (reply.len > 0)
        session_type(s, (const char *)reply.data, reply.len);
    buf_release(&reply);
}

void session_turn(struct session *s, int wait_ms)
{
    struct pollfd ready[] = {{.fd = s->pty.master, .events = POLLIN},
                             {.fd = s->relay.client_side, .events = POLLIN},
                             {.fd = s->relay.server_side, .events = POLLIN}};

    poll(ready, 3, wait_ms);
    relay_pass(&s->relay);
    if (ready[0].revents)
        read_client(s);
}

bool session_shows(const struct session *s, const char *text)
{
    const struct screen *screen = emulator_screen(s->terminal);
    struct buf line = {0};
    bool found = false;

    for (size_t row = 0; row < screen->rows && !found; row++) {
        buf_clear(&line);
        for (size_t col = 0; col < screen->cols; col++)
            row_put_text(screen->row[row], col, &line);
        buf_append_byte(&line, 0);
        found = strstr((const char *)line.data, text);
    }
    buf_release(&line);
    return found;
}

void session_wait_for(struct session *s, const char *text)
{
    msec_t begin = clock_now();

    while (!session_shows(s, text)) {
        session_turn(s, 100);
        if (clock_now() - begin > SESSION_LIMIT_MS) {
            fprintf(stderr, "session: \"%s\" never appeared\n", text);
            session_close(s);
            exit(1);
        }
    }
}

void session_go_on_for(struct session *s, msec_t span)
{
    for (msec_t end = clock_now() + span, now; (now = clock_now()) < end;)
        session_turn(s, (int)(end - now));
}
