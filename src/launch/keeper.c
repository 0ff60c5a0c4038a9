/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "launch/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launch/say.h"
#include "sys/clock.h"
#include "sys/loop.h"
#include "sys/process.h"
#include "util/wipe.h"

enum {
    READ_BYTES = 4096,
    REST_READS_MAX = 256, /* a full pipe of any system; what is left behind may write for ever */
};

/* What the program gets as 0, 1 and 2; -1 leaves one as it is. */
struct stdio {
    int in, out, err;
};

/* In the child. Signals are as a program expects them, whatever we do with them ourselves. */
static NORETURN void become(char *const *argv, const struct stdio *io, int report)
{
    sigset_t none;
    sigemptyset(&none);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGCHLD, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (io->in >= 0)
        dup2(io->in, STDIN_FILENO);
    dup2(io->out, STDOUT_FILENO);
    if (io->err >= 0)
        dup2(io->err, STDERR_FILENO);
    execvp(argv[0], argv);
    write_all(report, &errno, sizeof errno);
    _exit(127);
}

/* Returns the child or a negative errno. Not posix_spawn: it need not tell when exec fails, and
   does not under valgrind. */
static pid_t spawn(char *const *argv, const struct stdio *io)
{
    int report[2], error = 0;
    if (process_pipe(report) < 0)
        return -errno;
    pid_t child = fork();
    if (child == 0)
        become(argv, io, report[1]);
    if (child < 0)
        error = errno;
    close(report[1]);
    /* The end of the pipe, which exec closes, is good news. */
    if (child > 0 && read(report[0], &error, sizeof error) > 0)
        waitpid(child, NULL, 0);
    close(report[0]);
    return error ? -error : child;
}

static void close_pipe(const int ends[2])
{
    close(ends[0]);
    close(ends[1]);
}

/* --- in the keeper --- */

static void enter_login(void)
{
    const char *home = getenv("HOME");
    if (!home || !*home) {
        const struct passwd *pw = getpwuid(getuid());
        home = pw ? pw->pw_dir : "/";
    }
    unsetenv("SSH_CONNECTION");
    if (chdir(home) < 0)
        say("cannot change to the directory %s: the server starts here", home);
}

/* Hands on what can be read now; false at the end. The bytes may hold the session's key. */
static bool hand_on(int from, int to)
{
    uint8_t bytes[READ_BYTES];
    ssize_t got = read(from, bytes, sizeof bytes);
    if (got > 0)
        write_all(to, bytes, (size_t)got); /* fails when `mosh` is the client by now: discard */
    wipe(bytes, sizeof bytes);
    return got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN));
}

static bool has_more(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    int ready;

    do
        ready = poll(&p, 1, 0);
    while (ready < 0 && errno == EINTR);
    return ready > 0;
}

/* Returns when the program has ended, though others may still hold its output: an ssh that left
   a master connection behind, say. An errno where its end cannot be known. */
static int hand_on_until_end(struct loop *l, pid_t pid, int from, int to, int *status)
{
    bool open = true;
    pid_t ended;
    while ((ended = waitpid(pid, status, WNOHANG)) == 0 || (ended < 0 && errno == EINTR)) {
        loop_clear(l);
        loop_watch(l, open ? from : -1, POLLIN);
        loop_wait(l, clock_now(), MSEC_NEVER);
        if (open && loop_ready(l, from))
            open = hand_on(from, to);
    }
    int error = ended < 0 ? errno : 0;
    for (int i = 0; i < REST_READS_MAX && open && has_more(from); i++)
        open = hand_on(from, to);
    return error;
}

static void keep(const struct keeper_job *job, int output, int end_fd)
{
    static const int signals[] = {SIGCHLD, 0};
    struct keeper_end end = {0};
    struct loop l;
    int from[2] = {-1, -1}, in = -1;
    pid_t pid = 0;
    loop_init(&l, signals);
    if (job->shell)
        setenv("SHELL", job->shell, 1);
    if (job->as_login)
        enter_login();
    if ((job->no_input && (in = open("/dev/null", O_RDONLY | O_CLOEXEC)) < 0) ||
        process_pipe(from) < 0) {
        end.error = errno;
    } else {
        pid = spawn(job->argv, &(struct stdio){in, from[1], from[1]});
        close(from[1]);
        if (pid < 0)
            end.error = -pid;
    }
    process_null_stdio(
        process_open_null()); /* we may outlive `mosh`, and must not hold its terminal */
    if (!end.error)
        end.error = hand_on_until_end(&l, pid, from[0], output, &end.wait_status);
    write_all(end_fd, &end, sizeof end);
}

/* --- in `mosh` --- */

/* Forks twice, so that the keeper is nobody's child who will not wait for it. Returns 0 in the
   caller, 1 in the keeper, or a negative errno. */
static int fork_orphan(void)
{
    pid_t middle = fork();
    if (middle == 0) {
        pid_t orphan = fork();
        if (orphan == 0)
            return 1;
        _exit(orphan < 0 ? errno : 0);
    }
    int status;
    if (middle < 0)
        return -errno;
    while (waitpid(middle, &status, 0) < 0) {
        if (errno != EINTR)
            return -errno;
    }
    return WIFEXITED(status) ? -WEXITSTATUS(status) : -EAGAIN;
}

int keeper_start(struct keeper *k, const struct keeper_job *job)
{
    int output[2], end[2];
    if (process_pipe(output) < 0)
        return -errno;
    if (process_pipe(end) < 0) {
        int err = -errno;
        close_pipe(output);
        return err;
    }
    int forked = fork_orphan();
    if (forked < 0) {
        close_pipe(output);
        close_pipe(end);
        return forked;
    }
    if (forked == 1) {
        close(output[0]);
        close(end[0]);
        keep(job, output[1], end[1]);
        _exit(0);
    }
    close(output[1]);
    close(end[1]);
    *k = (struct keeper){.output = output[0], .end = end[0]};
    return 0;
}

int keeper_finish(struct keeper *k, struct keeper_end *end)
{
    ssize_t got;
    do
        got = read(k->end, end, sizeof *end);
    while (got < 0 && errno == EINTR);
    close(k->output);
    close(k->end);
    return got == sizeof *end ? 0 : -1;
}

/* --- a program that only answers --- */

/* Reads to the end; 0, or -ETIMEDOUT. */
static int gather(int from, const struct capture *c, struct buf *out)
{
    msec_t deadline = msec_after(clock_now(), c->time_max_ms);
    for (;;) {
        msec_t now = clock_now();
        if (now >= deadline)
            return -ETIMEDOUT;
        struct pollfd p = {.fd = from, .events = POLLIN};
        if (poll(&p, 1, (int)(deadline - now)) <= 0)
            continue;
        uint8_t bytes[READ_BYTES];
        ssize_t got = read(from, bytes, sizeof bytes);
        if (got == 0 || (got < 0 && errno != EINTR))
            return 0;
        size_t room = c->bytes_max > out->len ? c->bytes_max - out->len : 0;
        if (got > 0)
            buf_append(out, bytes, (size_t)got < room ? (size_t)got : room);
    }
}

int capture(const struct capture *c, struct buf *out, int *wait_status)
{
    int from[2], null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0)
        return -errno;
    if (process_pipe(from) < 0) {
        int err = -errno;
        close(null);
        return err;
    }
    struct stdio io = {c->keep_input ? -1 : null, from[1], c->quiet ? null : -1};
    pid_t pid = spawn(c->argv, &io);
    int err = pid < 0 ? pid : 0;
    close(null);
    close(from[1]);
    if (!err) {
        err = gather(from[0], c, out);
        if (err)
            kill(pid, SIGKILL);
        while (waitpid(pid, wait_status, 0) < 0 && errno == EINTR)
            ;
    }
    close(from[0]);
    return err;
}

/* --- a program that is spoken with --- */

int talk_start(struct talk *t, char *const *argv)
{
    int to[2], from[2];
    if (process_pipe(to) < 0)
        return -errno;
    if (process_pipe(from) < 0) {
        int err = -errno;
        close_pipe(to);
        return err;
    }
    pid_t pid = spawn(argv, &(struct stdio){to[0], from[1], from[1]});
    close(to[0]);
    close(from[1]);
    if (pid < 0) {
        close(to[1]);
        close(from[0]);
        return pid;
    }
    signal(SIGPIPE, SIG_IGN); /* it may end while we speak */
    *t = (struct talk){.pid = pid, .to = to[1], .from = from[0]};
    return 0;
}

int talk_end(struct talk *t, unsigned time_max_ms)
{
    struct capture rest = {.bytes_max = 0, .time_max_ms = time_max_ms};
    struct buf ignored = {0};
    int status = -1;
    close(t->to);
    bool was_ended = gather(t->from, &rest, &ignored) < 0;
    if (was_ended)
        kill(t->pid, SIGTERM);
    while (waitpid(t->pid, &status, 0) < 0 && errno == EINTR)
        ;
    close(t->from);
    buf_release(&ignored);
    return was_ended ? -1 : status;
}
