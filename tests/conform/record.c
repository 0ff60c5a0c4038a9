/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Records what a program writes to its terminal; scripts/record says what is to be recorded. The
 * terminal is our emulator. What is to be typed comes on standard input, a step a line:
 *
 *   until TEXT      waits until the text is on the screen
 *   quiet           waits until nothing was written for a moment
 *   type KEYS       types; \r, \e, \t, \b, \\ and \xHH are understood
 *
 * At the end of the steps the program is hung up if it is still there.
 *
 *   record FILE ROWS COLS PROGRAM [ARGUMENT...]
 */

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "picture.h"
#include "recording.h"
#include "sys/clock.h"
#include "sys/pty.h"
#include "terminal/emulator.h"

#define UNTIL_MS   20000
#define QUIET_MS   400
#define LINE_CHARS 1024

struct session {
    struct pty pty;
    pid_t child;
    struct emulator *terminal;
    struct recording recording;
    uint64_t begin;
    bool ended;
};

static void NORETURN die(const char *what)
{
    fprintf(stderr, "record: %s\n", what);
    exit(1);
}

static void type(struct session *s, const void *bytes, size_t len)
{
    if (len > 0 && write(s->pty.master, bytes, len) != (ssize_t)len)
        s->ended = true;
}

/* Waits for output for so long, and takes it. False if there was none. */
static bool take_output(struct session *s, int ms)
{
    struct pollfd fd = {.fd = s->pty.master, .events = POLLIN};
    struct buf reply = {0};
    uint8_t bytes[4096];
    ssize_t len;

    if (s->ended || poll(&fd, 1, ms) <= 0)
        return false;
    len = read(s->pty.master, bytes, sizeof bytes);
    if (len <= 0) {
        s->ended = true;
        return false;
    }
    recording_add(&s->recording, clock_now() - s->begin, bytes, (size_t)len);
    emulator_write(s->terminal, bytes, (size_t)len, &reply);
    type(s, reply.data, reply.len);
    buf_release(&reply);
    return true;
}

static void print_screen(const struct session *s, struct buf *out)
{
    struct picture picture = {0};

    picture_take(&picture, emulator_screen(s->terminal));
    picture_print(&picture, out);
    picture_release(&picture);
    buf_append_byte(out, 0);
}

static bool shows(const struct session *s, const char *text)
{
    struct buf screen = {0};
    bool found;

    print_screen(s, &screen);
    found = strstr((const char *)screen.data, text) != NULL;
    buf_release(&screen);
    return found;
}

static void NORETURN give_up(const struct session *s, const char *text)
{
    struct buf screen = {0};

    print_screen(s, &screen);
    fprintf(stderr, "record: waited in vain for \"%s\" on\n%s", text, (const char *)screen.data);
    exit(1);
}

static void wait_until(struct session *s, const char *text)
{
    uint64_t limit = clock_now() + UNTIL_MS;

    while (!shows(s, text)) {
        take_output(s, 50);
        if (s->ended || clock_now() > limit)
            give_up(s, text);
    }
}

/* Replaces escapes in place; returns the length. */
static size_t unescape(char *text)
{
    static const char names[] = "rtnbe\\", values[] = "\r\t\n\b\033\\";
    char *to = text;

    for (const char *from = text; *from; from++) {
        const char *name = *from == '\\' && from[1] ? strchr(names, from[1]) : NULL;
        if (name) {
            *to++ = values[name - names];
            from++;
        } else if (strncmp(from, "\\x", 2) == 0) {
            char digits[3] = {from[2], from[3], 0};
            *to++ = (char)strtoul(digits, NULL, 16);
            from += 3;
        } else {
            *to++ = *from;
        }
    }
    return (size_t)(to - text);
}

static void run_step(struct session *s, char *line)
{
    char *argument = line + strcspn(line, " ");

    argument += *argument == ' ';
    if (strncmp(line, "until ", 6) == 0)
        wait_until(s, argument);
    else if (strcmp(line, "quiet") == 0)
        while (take_output(s, QUIET_MS))
            ;
    else if (strncmp(line, "type ", 5) == 0)
        type(s, argument, unescape(argument));
    else if (*line && *line != '#')
        die("unknown step");
}

static void begin(struct session *s, size_t rows, size_t cols, char **command)
{
    const char *failed;

    if (!screen_size_valid((int64_t)rows, (int64_t)cols) ||
        pty_open(&s->pty, rows, cols, &failed) != 0)
        die("no terminal");
    s->recording.rows = rows;
    s->recording.cols = cols;
    s->terminal = emulator_new(EMULATOR_HOST, rows, cols);
    s->begin = clock_now();
    s->child = fork();
    if (s->child == 0) {
        if (pty_take_over(&s->pty) == 0)
            execvp(command[0], command);
        _exit(127);
    }
    pty_close_slave(&s->pty);
}

int main(int argc, char **argv)
{
    struct session s = {0};
    char line[LINE_CHARS];

    if (argc < 5)
        die("usage: record FILE ROWS COLS PROGRAM [ARGUMENT...]");
    signal(SIGPIPE, SIG_IGN);
    begin(&s, strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10), argv + 4);
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        run_step(&s, line);
    }
    while (take_output(&s, QUIET_MS))
        ;
    kill(s.child, SIGHUP);
    waitpid(s.child, NULL, 0);
    if (!recording_write(&s.recording, argv[1]))
        die(strerror(errno));
    printf("%s: %zu bytes in %zu pieces\n", argv[1], s.recording.bytes.len, s.recording.pieces);
    pty_close(&s.pty);
    emulator_free(s.terminal);
    recording_release(&s.recording);
    return 0;
}
