/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bench_session SERVER CLIENT ROWS COLS FILE: a session of these two programs, in which a program
 * on the server writes the file. Prints, with tabs between: bytes, CPU seconds of the server,
 * seconds until the end is on the client's screen, CPU seconds of the client, and bytes and
 * datagrams to the client and to the server.
 *
 * bench_session --floor ROWS COLS FILE: bytes, and the CPU seconds that a program takes to read
 * them from a terminal which the same program writes them to, and do nothing with them: what no
 * server can do without.
 *
 * bench_session --memory SERVER CLIENT ROWS COLS: kB resident, private and proportional, of the
 * server and of the client, when the session is idle, after typing, and, of the server, when the
 * client has acknowledged none of many different screens.
 *
 * The program on the server is this one, too: --write FILE and --screens ROWS COLS.
 */

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "proc.h"
#include "session.h"
#include "sys/clock.h"

#define GO_KEY    0x01
#define READY     "ready-to-begin"
#define DONE      "all-is-written"
#define SCREENS   40 /* a server keeps 32 */
#define SCREEN_MS 120
#define TYPED     200

/* ---- the programs on the server ---- */

static void put_all(const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t put = write(1, bytes, len);
        if (put <= 0)
            exit(1);
        bytes += put;
        len -= (size_t)put;
    }
}

static void put_str(const char *s)
{
    put_all(s, strlen(s));
}

/* Echoes what is typed before. */
static void wait_for_go(void)
{
    char key = 0;

    while (read(0, &key, 1) == 1 && key != GO_KEY)
        put_all(&key, 1);
    if (key != GO_KEY)
        exit(0);
}

static void begin_program(void)
{
    struct termios tty;

    if (tcgetattr(0, &tty) < 0)
        die("terminal");
    tty.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
    tcsetattr(0, TCSANOW, &tty);
    put_str(READY);
    wait_for_go();
}

static int end_program(void)
{
    put_str("\033[m\r\n" DONE);
    wait_for_go();
    return 0;
}

static int write_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *bytes;
    size_t len;

    if (!file || fseek(file, 0, SEEK_END) < 0)
        die(path);
    len = (size_t)ftell(file);
    rewind(file);
    bytes = malloc(len);
    if (!bytes || fread(bytes, 1, len, file) != len)
        die(path);
    begin_program();
    put_all(bytes, len);
    return end_program();
}

/* Full screens of letters, each another one. */
static int write_screens(size_t rows, size_t cols)
{
    unsigned state = 1;

    begin_program();
    for (size_t n = 0; n < SCREENS; n++) {
        usleep(SCREEN_MS * 1000);
        put_str("\033[H");
        for (size_t i = 0; i < rows * cols - 1; i++) {
            state = state * 1103515245 + 12345;
            char letter = (char)('a' + (state >> 16) % 26);
            put_all(&letter, 1);
        }
    }
    return end_program();
}

/* ---- what is measured ---- */

static void measure_speed(const char *server, const char *client, size_t rows, size_t cols,
                          const char *self, const char *path)
{
    char *whole_path = realpath(path, NULL); /* the server goes home */
    const char *const command[] = {self, "--write", whole_path, NULL};
    struct session s;
    FILE *file = fopen(path, "rb");

    if (!whole_path || !file || fseek(file, 0, SEEK_END) < 0)
        die(path);
    session_open(&s, server, client, rows, cols, command);
    session_wait_for(&s, READY);
    session_go_on_for(&s, 300);
    double server_cpu = proc_cpu_seconds(s.server.pid), client_cpu = proc_cpu_seconds(s.client);
    struct relay_count up = s.relay.up, down = s.relay.down;
    msec_t begin = clock_now();
    session_type(&s, (const char[]){GO_KEY}, 1);
    session_wait_for(&s, DONE);
    msec_t took = clock_now() - begin;
    session_go_on_for(&s, 50);
    printf("%ld\t%.6f\t%.3f\t%.6f\t%zu\t%zu\t%zu\t%zu\n", ftell(file),
           proc_cpu_seconds(s.server.pid) - server_cpu, (double)took / 1000,
           proc_cpu_seconds(s.client) - client_cpu, s.relay.down.bytes - down.bytes,
           s.relay.down.datagrams - down.datagrams, s.relay.up.bytes - up.bytes,
           s.relay.up.datagrams - up.datagrams);
    session_close(&s);
    fclose(file);
    free(whole_path);
}

/* ---- a reader that does nothing ---- */

/* Takes what is there, and waits for more, until `end` was read. */
static void read_until(int terminal, const char *end)
{
    static char bytes[65536 + 1];
    struct pollfd ready = {.fd = terminal, .events = POLLIN};
    ssize_t len;

    for (;;) {
        poll(&ready, 1, SESSION_LIMIT_MS);
        while ((len = read(terminal, bytes, sizeof bytes - 1)) > 0) {
            size_t tail = (size_t)len < 2 * strlen(end) ? (size_t)len : 2 * strlen(end);
            bytes[len] = 0;
            if (strstr(bytes + len - tail, end))
                return;
        }
        if (ready.revents != POLLIN)
            die("the terminal");
    }
}

static pid_t start_writer(struct pty *pty, const char *self, const char *path)
{
    pid_t child = fork();

    if (child < 0)
        die("fork");
    if (child > 0) {
        pty_close_slave(pty);
        return child;
    }
    if (pty_take_over(pty) == 0)
        execl(self, self, "--write", path, (char *)NULL);
    _exit(127);
}

static void measure_floor(size_t rows, size_t cols, const char *self, const char *path)
{
    const char go = GO_KEY, *failed;
    FILE *file = fopen(path, "rb");
    struct pty pty;

    if (!file || fseek(file, 0, SEEK_END) < 0)
        die(path);
    if (pty_open(&pty, rows, cols, &failed) < 0)
        die(failed);
    pid_t child = start_writer(&pty, self, path);
    read_until(pty.master, READY);
    double before = proc_cpu_seconds(getpid());
    if (write(pty.master, &go, 1) != 1)
        die("typing");
    read_until(pty.master, DONE);
    printf("%ld\t%.6f\n", ftell(file), proc_cpu_seconds(getpid()) - before);
    pty_close(&pty);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    fclose(file);
}

static void print_memory(const char *when, pid_t pid)
{
    struct proc_memory m = proc_memory(pid);

    printf("%s\t%ld\t%ld\t%ld\n", when, m.resident_kb, m.private_kb, m.proportional_kb);
}

static void measure_memory(const char *server, const char *client, const char *rows,
                           const char *cols, const char *self)
{
    const char *const command[] = {self, "--screens", rows, cols, NULL};
    struct session s;

    session_open(&s, server, client, strtoul(rows, NULL, 10), strtoul(cols, NULL, 10), command);
    session_wait_for(&s, READY);
    session_go_on_for(&s, 1000);
    print_memory("server idle", s.server.pid);
    print_memory("client idle", s.client);
    for (size_t i = 0; i < TYPED; i++) {
        session_type(&s, "x", 1);
        session_go_on_for(&s, 10);
    }
    session_go_on_for(&s, 500);
    print_memory("server typing", s.server.pid);
    print_memory("client typing", s.client);
    session_type(&s, (const char[]){GO_KEY}, 1);
    session_go_on_for(&s, SCREEN_MS / 2);
    s.relay.cut_up = true;
    session_go_on_for(&s, SCREENS * SCREEN_MS + 1500);
    print_memory("server unacknowledged", s.server.pid);
    session_close(&s);
}

int main(int argc, char **argv)
{
    char self[4096];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);

    self[len < 0 ? 0 : len] = 0;
    if (argc == 3 && strcmp(argv[1], "--write") == 0)
        return write_file(argv[2]);
    if (argc == 4 && strcmp(argv[1], "--screens") == 0)
        return write_screens(strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10));
    if (argc == 5 && strcmp(argv[1], "--floor") == 0)
        measure_floor(strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10), self, argv[4]);
    else if (argc == 6 && strcmp(argv[1], "--memory") == 0)
        measure_memory(argv[2], argv[3], argv[4], argv[5], self);
    else if (argc == 6)
        measure_speed(argv[1], argv[2], strtoul(argv[3], NULL, 10), strtoul(argv[4], NULL, 10),
                      self, argv[5]);
    else
        return fputs("usage: bench_session [--memory|--floor] [SERVER CLIENT] ROWS COLS [FILE]\n",
                     stderr),
               2;
    return 0;
}
