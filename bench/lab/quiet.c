/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "quiet.h"

#include <ctype.h>
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PROCESSES_MAX 4096
#define LOOKS         3 /* so often in a row all have to sleep, */
#define LOOK_MS       1 /* with so much time between */
#define START_MAX_MS  10000
#define WAIT_MAX_MS   2000 /* and who is not at rest then never is */

struct process {
    pid_t pid, parent;
    char state;
    bool ours;
};

void quiet_start(struct quiet *q, size_t rows, size_t cols, char *const command[])
{
    const char *failed = "";

    /* What makes itself independent, as tmux' server does, stays with us. */
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    *q = (struct quiet){0};
    if (pty_open(&q->pty, rows, cols, &failed) < 0)
        err(EXIT_FAILURE, "%s", failed);
    q->program = fork();
    if (q->program < 0)
        err(EXIT_FAILURE, "fork");
    if (q->program == 0) {
        if (pty_take_over(&q->pty) < 0)
            err(127, "the pseudo-terminal");
        setenv("TERM", "xterm-256color", 1);
        execvp(command[0], command);
        err(127, "%s", command[0]);
    }
    pty_close_slave(&q->pty);
    struct pollfd first = {q->pty.master, POLLIN, 0};
    poll(&first, 1, START_MAX_MS);
}

void quiet_end(struct quiet *q)
{
    pty_close(&q->pty);
    kill(q->program, SIGHUP);
    waitpid(q->program, NULL, 0);
}

size_t quiet_give(struct quiet *q, const uint8_t *bytes, size_t len)
{
    ssize_t n = write(q->pty.master, bytes, len);

    return n > 0 ? (size_t)n : 0;
}

bool quiet_take(struct quiet *q, struct buf *out)
{
    uint8_t bytes[4096];
    ssize_t n = read(q->pty.master, bytes, sizeof bytes);

    if (n > 0)
        buf_append(out, bytes, (size_t)n);
    else if (n == 0 || (errno != EAGAIN && errno != EINTR))
        q->ended = true;
    return n > 0;
}

/* --- processes --- */

/* PID (NAME) STATE PARENT ...: the name may have anything in it. */
static bool read_process(const char *name, struct process *p)
{
    char path[64], text[512];
    FILE *file;
    size_t len;
    const char *end;
    int parent;

    snprintf(path, sizeof path, "/proc/%.20s/stat", name);
    file = fopen(path, "r");
    if (!file)
        return false;
    len = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[len] = '\0';
    end = strrchr(text, ')');
    if (!end || sscanf(end, ") %c %d", &p->state, &parent) != 2)
        return false;
    p->pid = (pid_t)strtol(name, NULL, 10);
    p->parent = parent;
    p->ours = parent == getpid();
    return true;
}

static size_t read_processes(struct process *processes)
{
    DIR *folder = opendir("/proc");
    size_t count = 0;
    const struct dirent *entry;

    if (!folder)
        err(EXIT_FAILURE, "/proc");
    while (count < PROCESSES_MAX && (entry = readdir(folder))) {
        if (isdigit((unsigned char)entry->d_name[0]) &&
            read_process(entry->d_name, &processes[count]))
            count++;
    }
    closedir(folder);
    return count;
}

static bool is_ours(const struct process *processes, size_t count, pid_t pid)
{
    for (size_t i = 0; i < count; i++) {
        if (processes[i].pid == pid)
            return processes[i].ours;
    }
    return false;
}

/* Whether all that came of the program sleep; the dead count as sleeping. */
static bool all_sleep(void)
{
    static struct process processes[PROCESSES_MAX];
    size_t count = read_processes(processes);
    bool more = true;

    while (more) {
        more = false;
        for (size_t i = 0; i < count; i++) {
            if (!processes[i].ours && is_ours(processes, count, processes[i].parent))
                processes[i].ours = more = true;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (processes[i].ours && processes[i].state != 'S' && processes[i].state != 'Z')
            return false;
    }
    return true;
}

static long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void quiet_wait(struct quiet *q, struct buf *out)
{
    struct pollfd readable = {q->pty.master, POLLIN, 0};
    long give_up = now_ms() + WAIT_MAX_MS;
    unsigned looks = 0;

    while (!q->ended && looks < LOOKS && now_ms() < give_up) {
        if (poll(&readable, 1, LOOK_MS) > 0)
            looks = quiet_take(q, out) ? 0 : looks;
        else
            looks = all_sleep() ? looks + 1 : 0;
    }
}
