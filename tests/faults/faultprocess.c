/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The processes of a session in which something fails: faultworld.h. */

#include "config.h"

#include "faultworld.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS_MAX = 64 };

/* A zombie still has its name. */
static void read_name(pid_t pid, char *name, size_t size)
{
    char path[64];
    FILE *f;

    snprintf(path, sizeof path, "/proc/%ld/comm", (long)pid);
    name[0] = '\0';
    f = fopen(path, "r");
    if (!f)
        return;
    if (fgets(name, (int)size, f))
        name[strcspn(name, "\n")] = '\0';
    fclose(f);
}

pid_t server_pid(void)
{
    const char *at = strstr(world.said.bytes, "pid = ");

    return at ? (pid_t)atol(at + 6) : 0;
}

void reap(void)
{
    siginfo_t info = {0};

    while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0) {
        if (world.ended_count == CHILDREN_MAX)
            die("too many children");
        struct ended *e = &world.ended[world.ended_count++];
        e->pid = info.si_pid;
        read_name(e->pid, e->name, sizeof e->name);
        waitpid(e->pid, &e->status, 0);
        bool ours = strncmp(e->name, "mosh", 4) == 0;
        /* Who waits to become the program goes with its terminal. */
        bool waits = WTERMSIG(e->status) == SIGHUP && e->pid != server_pid();
        bool told = world.is_mosh && world.ended_by_signal && WTERMSIG(e->status) == SIGTERM;
        if (WIFSIGNALED(e->status) && !world.killed && ours && !waits && !told)
            broken("%s died of signal %d", e->name, WTERMSIG(e->status));
        info.si_pid = 0;
    }
}

const struct ended *has_ended(pid_t pid)
{
    for (size_t i = 0; i < world.ended_count; i++) {
        if (world.ended[i].pid == pid)
            return &world.ended[i];
    }
    return NULL;
}

int each_child(const char *name, int signal)
{
    char path[64], its[32];
    long pid;
    int count = 0;
    FILE *f;

    snprintf(path, sizeof path, "/proc/self/task/%ld/children", (long)getpid());
    f = fopen(path, "r");
    if (!f)
        die(path);
    while (fscanf(f, "%ld", &pid) == 1) {
        read_name((pid_t)pid, its, sizeof its);
        if (name && strcmp(name, its) != 0)
            continue;
        count++;
        if (signal)
            kill((pid_t)pid, signal);
    }
    fclose(f);
    return count;
}

bool server_is_there(void)
{
    return each_child("mosh-server", 0) > 0;
}

static void exec_in(char **words, bool is_program)
{
    char *line[WORDS_MAX] = {0}, *wrap = getenv("FAULT_WRAP"), *preload = getenv("FAULT_PRELOAD");
    size_t n = 0;

    if (is_program && wrap) {
        for (char *word = strtok(strdup(wrap), " "); word; word = strtok(NULL, " "))
            line[n++] = word;
    }
    for (; *words && n + 1 < WORDS_MAX; words++)
        line[n++] = *words;
    if (is_program && preload)
        setenv("LD_PRELOAD", preload, 1);
    execvp(line[0], line);
    dprintf(STDERR_FILENO, "faultsession: cannot run %s\n", line[0]);
    _exit(99);
}

/* Stays for as long as we do. */
static char *in_folder_after(const char *before, const char *name)
{
    char *text = world.paths + world.paths_len;
    size_t room = sizeof world.paths - world.paths_len;
    int len = snprintf(text, room, "%s%s/%s", before, world.folder, name);

    if (len < 0 || (size_t)len >= room)
        die("the folder's name is too long");
    world.paths_len += (size_t)len + 1;
    return text;
}

static char *in_folder(const char *name)
{
    return in_folder_after("", name);
}

void start_server(void)
{
    char *words[] = {
        in_folder("mosh-server"), "new", "-i", "127.0.0.1", "-p", "0", "-c", "256", "--", "sh",
        in_folder("inside.sh"),   NULL};
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0)
        die("pipe");
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_RDONLY);
        dup2(null, STDIN_FILENO);
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        exec_in(words, strcmp(world.program, "mosh-server") == 0);
    }
    close(ends[1]);
    world.said_fd = ends[0];
}

static void start_in_terminal(char **words)
{
    world.client = fork();
    if (world.client != 0)
        return;
    setsid();
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        dup2(world.slave, fd);
    (void)ioctl(STDIN_FILENO, TIOCSCTTY, 0);
    exec_in(words, strcmp(world.program, "mosh-server") != 0);
}

void start_client(void)
{
    char *words[] = {in_folder("mosh-client"), "127.0.0.1", world.port, NULL};

    setenv("MOSH_KEY", world.key, 1);
    start_in_terminal(words);
}

void start_mosh(void)
{
    char *ssh = in_folder_after("--ssh=", "ssh");
    char *client = in_folder_after("--client=", "mosh-client");
    char *server = in_folder_after("--server=", "mosh-server");
    char *words[] = {in_folder("mosh"),
                     ssh,
                     client,
                     server,
                     "--config=none",
                     "--experimental-remote-ip=local",
                     "-p",
                     "0",
                     "127.0.0.1",
                     "--",
                     "sh",
                     in_folder("inside.sh"),
                     NULL};
    start_in_terminal(words);
}
