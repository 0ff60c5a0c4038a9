/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * faketerm HOW FOLDER COMMAND...: runs the command on a pseudo-terminal of 80x24 and plays the
 * terminal. In FOLDER, which exists:
 *
 *   keys     a FIFO that it makes; what is written there is typed
 *   written  all that the command has written so far
 *   state    on SIGUSR1 and at the end: what of a session is left in the terminal, and what was
 *            written that no terminal should be told; empty if all is as it was at the beginning
 *
 * HOW says what becomes of questions about the terminal:
 *
 *   now        each is answered at once
 *   late:MS    so many milliseconds later
 *   pieces     at once, but the answers arrive in pieces
 *   wrong      with nonsense, but for the last
 *   never      not at all
 *
 * It ends when the command and all that holds its terminal have ended.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "outer.h"

#define WRITTEN_MAX ((size_t)16 << 20)
#define ANSWERS_MAX 256

enum how { NOW, LATE, PIECES, WRONG, NEVER };

static const struct question {
    const char *asked, *answer, *nonsense;
} questions[] = {
    {"\033[>q", "\033P>|VTE(7600)\033\\", "\033P>|\033\\"},
    {"\033[?u", "\033[?0u", "\033[?u"},
    {"\033[?4m", "\033[>4;0m", "\033[>4m"},
    {"\033[?1016$p", "\033[?1016;2$y", "\033[?1016;9$y"},
    {"\033[?2026$p", "\033[?2026;2$y", "\033[?2026$y"},
    {"\033[?2027$p", "\033[?2027;0$y", "\033[?2027;7$y"},
    {"\033[?2031$p", "\033[?2031;2$y", "\033[?2031;0$y"},
    {"\033P+q536D756C78\033\\", "\033P1+r536D756C78=5C\033\\", "\033P0+r\033\\"},
    {"\033P+q5375\033\\", "\033P0+r5375\033\\", "\033P1+rzz\033\\"},
    {"\033P+q536574756C63\033\\", "\033P1+r536574756C63=5C\033\\", "\033P1+r\033\\"},
    {"\033P+q524742\033\\", "\033P1+r524742=38\033\\", "\033P0+r524742\033\\"},
    {"\033P+q4D73\033\\", "\033P0+r4D73\033\\", "\033P0+r4D73\033\\"},
    {"\033]10;?\a", "\033]10;rgb:dddd/dddd/dddd\a", "\033]10;red\a"},
    {"\033]11;?\a", "\033]11;rgb:1111/1111/1111\a", "\033]11;rgb:1\a"},
    {"\033]12;?\a", "\033]12;rgb:ffff/ffff/ffff\a", "\033]12;\a"},
    {"\033]4;0;?\a", "\033]4;0;rgb:0000/0000/0000\033\\", "\033]4;0;#\033\\"},
    {"\033]4;15;?\a", "\033]4;15;rgb:ffff/ffff/ffff\033\\", "\033]4;15;rgb:/\033\\"},
    {"\033[16t", "\033[6;18;9t", "\033[6;0;0t"},
    {"\033[14t", "\033[4;432;720t", "\033[4t"},
    {"\033[?996n", "\033[?997;1n", "\033[?997;9n"},
    {"\033[c", "\033[?62;22c", "\033[?62;22c"},
};
#define QUESTIONS (sizeof questions / sizeof *questions)

/* Bytes that are to be typed at a time. */
struct answer {
    int64_t due_ms;
    const char *bytes;
    size_t len;
};

static struct fake {
    enum how how;
    int64_t late_ms;
    const char *folder;
    int master, keys, log;
    uint8_t *written;
    size_t written_len, looked_at;
    struct answer answer[ANSWERS_MAX];
    size_t first, count;
} fake;

static volatile sig_atomic_t state_wanted;

static void want_state(int signal)
{
    (void)signal;
    state_wanted = 1;
}

static void die(const char *what)
{
    fprintf(stderr, "faketerm: %s: %s\n", what, strerror(errno));
    exit(99);
}

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static const char *path(const char *name)
{
    static char text[4096];

    snprintf(text, sizeof text, "%s/%s", fake.folder, name);
    return text;
}

static void write_state(void)
{
    struct outer outer;
    char what[1024] = "", temporary[4096];
    FILE *f;

    outer_init(&outer);
    outer.may_ask = true;
    outer_write(&outer, fake.written, fake.written_len);
    (void)outer_left(&outer, what, sizeof what);
    snprintf(temporary, sizeof temporary, "%s/state.new", fake.folder);
    f = fopen(temporary, "w");
    if (!f || fprintf(f, "%s\n", what) < 0 || fclose(f) != 0)
        die("state");
    if (rename(temporary, path("state")) != 0)
        die("state");
    state_wanted = 0;
}

/* --- answers --- */

static void promise(int64_t due_ms, const char *bytes, size_t len)
{
    if (fake.first == fake.count)
        fake.first = fake.count = 0;
    if (fake.count < ANSWERS_MAX)
        fake.answer[fake.count++] = (struct answer){due_ms, bytes, len};
}

/* So that the pieces tell what they belong to, the first one is of three bytes. */
static void promise_pieces(const char *bytes, size_t len)
{
    enum { FIRST = 3, PAUSE_MS = 4 };
    int64_t due = now_ms();

    promise(due, bytes, FIRST);
    for (size_t i = FIRST; i < len; i += 5)
        promise(due += PAUSE_MS, bytes + i, len - i < 5 ? len - i : 5);
}

static void answer_question(const struct question *q)
{
    switch (fake.how) {
    case NOW:
        promise(now_ms(), q->answer, strlen(q->answer));
        break;
    case LATE:
        promise(now_ms() + fake.late_ms, q->answer, strlen(q->answer));
        break;
    case PIECES:
        promise_pieces(q->answer, strlen(q->answer));
        break;
    case WRONG:
        promise(now_ms(), q->nonsense, strlen(q->nonsense));
        break;
    case NEVER:
        break;
    }
}

/* Whether the bytes at `at` may still become a question. */
static bool look_at(size_t at)
{
    for (size_t i = 0; i < QUESTIONS; i++) {
        size_t len = strlen(questions[i].asked), left = fake.written_len - at;

        if (memcmp(fake.written + at, questions[i].asked, len < left ? len : left) != 0)
            continue;
        if (left < len)
            return true;
        answer_question(&questions[i]);
    }
    return false;
}

static void type_what_is_due(void)
{
    while (fake.first < fake.count && fake.answer[fake.first].due_ms <= now_ms()) {
        const struct answer *a = &fake.answer[fake.first++];
        if (write(fake.master, a->bytes, a->len) < 0)
            return;
    }
}

/* --- the terminal --- */

static bool take_written(void)
{
    ssize_t n = read(fake.master, fake.written + fake.written_len, WRITTEN_MAX - fake.written_len);

    if (n <= 0)
        return n < 0 && (errno == EINTR || errno == EAGAIN);
    if (write(fake.log, fake.written + fake.written_len, (size_t)n) != n)
        die("written");
    fake.written_len += (size_t)n;
    while (fake.looked_at < fake.written_len && !look_at(fake.looked_at))
        fake.looked_at++;
    return true;
}

static void take_keys(void)
{
    char bytes[4096];
    ssize_t n = read(fake.keys, bytes, sizeof bytes);

    if (n > 0 && write(fake.master, bytes, (size_t)n) < 0)
        return;
}

static void run(void)
{
    for (;;) {
        struct pollfd fd[] = {{.fd = fake.master, .events = POLLIN},
                              {.fd = fake.keys, .events = POLLIN}};
        int64_t wait = -1;

        if (fake.first < fake.count) {
            wait = fake.answer[fake.first].due_ms - now_ms();
            wait = wait < 0 ? 0 : wait;
        }
        if (poll(fd, 2, (int)wait) < 0 && errno != EINTR)
            die("poll");
        if (state_wanted)
            write_state();
        if (fd[0].revents && !take_written())
            return;
        if (fd[1].revents & POLLIN)
            take_keys();
        type_what_is_due();
    }
}

static pid_t start(char **command)
{
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    const char *name;
    pid_t pid;

    fake.master = posix_openpt(O_RDWR | O_NOCTTY);
    if (fake.master < 0 || grantpt(fake.master) || unlockpt(fake.master))
        die("pty");
    name = ptsname(fake.master);
    if (ioctl(fake.master, TIOCSWINSZ, &size))
        die("size");
    pid = fork();
    if (pid < 0)
        die("fork");
    if (pid > 0)
        return pid;
    setsid();
    for (int fd = 0; fd < 3; fd++)
        close(fd);
    if (open(name, O_RDWR) != 0 || dup(0) != 1 || dup(0) != 2)
        _exit(98);
    close(fake.master);
    close(fake.keys);
    close(fake.log);
    (void)ioctl(0, TIOCSCTTY, 0);
    execvp(command[0], command);
    _exit(97);
}

static bool parse_how(const char *text)
{
    static const char *const names[] = {
        [NOW] = "now", [PIECES] = "pieces", [WRONG] = "wrong", [NEVER] = "never", [LATE] = "late:"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strncmp(text, names[i], strlen(names[i])) == 0) {
            fake.how = (enum how)i;
            fake.late_ms = i == LATE ? atol(text + strlen(names[i])) : 0;
            return true;
        }
    }
    return false;
}

int main(int argc, char **argv)
{
    struct sigaction on_state = {.sa_handler = want_state};
    int status = 0;
    pid_t pid;

    if (argc < 4 || !parse_how(argv[1])) {
        fprintf(stderr, "usage: faketerm now|late:MS|pieces|wrong|never FOLDER COMMAND...\n");
        return 2;
    }
    fake.folder = argv[2];
    fake.written = malloc(WRITTEN_MAX);
    fake.log = open(path("written"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (!fake.written || fake.log < 0 || mkfifo(path("keys"), 0600) != 0)
        die(fake.folder);
    fake.keys = open(path("keys"), O_RDWR | O_NONBLOCK); /* never at its end */
    if (fake.keys < 0)
        die("keys");
    sigaction(SIGUSR1, &on_state, NULL);
    pid = start(argv + 3);
    run();
    write_state();
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 96;
}
