/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * faultsession HOW PROGRAM FOLDER: a whole session in which something is made to fail, from the
 * start of the server to the end of all processes, without anybody at the keyboard. It plays the
 * user and the terminal, and judges what becomes of PROGRAM, which is mosh-server, mosh-client or
 * mosh. HOW is `direct`, for server and client alone, or `mosh`, for the wrapper and its ssh, which
 * is a script. FOLDER holds the programs: its mosh-server, mosh-client, mosh, ssh and inside.sh.
 *
 * FAULT_PRELOAD is what LD_PRELOAD is to be in PROGRAM; FAULT_WRAP are words put before its command
 * line, such as `strace -D ...`; PATIENCE_MS is how long nothing may happen. With FAULT_TOLD, a
 * program that ends the session amid it has to have told the other one, which then ends by itself.
 *
 * How busy the machine is changes no outcome: patience.h says what passes for time.
 *
 * Prints OUTCOME <TAB> what else is known. The outcomes are:
 *
 *   goes-on   the session was as if nothing had failed
 *   ends      PROGRAM has ended it: with a message wherever somebody could read one, a status other
 *             than 0, and the terminal as it was
 *   silent    the same, but it could not say anything
 *   waits     nothing went on, and SIGTERM has ended it, within ten seconds, as cleanly
 *   BROKEN    none of these; the rest of the line says why
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif

#include "../lib/outer.h"
#include "patience.h"

enum {
    WRITTEN_MAX = 1 << 20,
    SAID_MAX = 1 << 16,
    WORDS_MAX = 64,
    CHILDREN_MAX = 64,
    SHOWN_MAX = 3000, /* of what was written, at the end */
    END_MS = 11000,   /* ten seconds, and a little */
};

struct text {
    char *bytes;
    size_t len, max;
};

struct ended {
    pid_t pid;
    int status; /* as waitpid has it */
    char name[32];
};

static struct {
    const char *program, *folder;
    bool is_mosh;
    int64_t patience_ms;
    int master, slave; /* the user's terminal */
    int said_fd;       /* the server's standard error and output */
    struct termios before;
    struct text written; /* on the terminal */
    struct text said;
    size_t answered;
    pid_t client; /* or mosh, which becomes it */
    struct ended ended[CHILDREN_MAX];
    size_t ended_count;
    char key[32], port[8];
    char paths[4096]; /* one after the other */
    size_t paths_len;
    const char *step; /* what was waited for last */
    bool ended_by_signal;
    bool killed; /* what is left is ended by us */
    char broken[1024];
} s;

static __attribute__((format(printf, 1, 2))) void broken(const char *format, ...)
{
    size_t len = strlen(s.broken);
    va_list args;

    va_start(args, format);
    len += (size_t)snprintf(s.broken + len, sizeof s.broken - len, "%s", len ? "; " : "");
    if (len < sizeof s.broken)
        vsnprintf(s.broken + len, sizeof s.broken - len, format, args);
    va_end(args);
}

static void die(const char *what)
{
    printf("BROKEN\tfaultsession: %s: %s\n", what, strerror(errno));
    exit(2);
}

/* --- processes --- */

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

static pid_t server_pid(void)
{
    const char *at = strstr(s.said.bytes, "pid = ");

    return at ? (pid_t)atol(at + 6) : 0;
}

static void reap(void)
{
    siginfo_t info = {0};

    while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0) {
        if (s.ended_count == CHILDREN_MAX)
            die("too many children");
        struct ended *e = &s.ended[s.ended_count++];
        e->pid = info.si_pid;
        read_name(e->pid, e->name, sizeof e->name);
        waitpid(e->pid, &e->status, 0);
        bool ours = strncmp(e->name, "mosh", 4) == 0;
        /* Who waits to become the program goes with its terminal. */
        bool waits = WTERMSIG(e->status) == SIGHUP && e->pid != server_pid();
        bool told = s.is_mosh && s.ended_by_signal && WTERMSIG(e->status) == SIGTERM;
        if (WIFSIGNALED(e->status) && !s.killed && ours && !waits && !told)
            broken("%s died of signal %d", e->name, WTERMSIG(e->status));
        info.si_pid = 0;
    }
}

static const struct ended *has_ended(pid_t pid)
{
    for (size_t i = 0; i < s.ended_count; i++) {
        if (s.ended[i].pid == pid)
            return &s.ended[i];
    }
    return NULL;
}

/* Sends the signal to children of that name; NULL for all. Returns how many there are. */
static int each_child(const char *name, int signal)
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

static bool server_is_there(void)
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
    char *text = s.paths + s.paths_len;
    size_t room = sizeof s.paths - s.paths_len;
    int len = snprintf(text, room, "%s%s/%s", before, s.folder, name);

    if (len < 0 || (size_t)len >= room)
        die("the folder's name is too long");
    s.paths_len += (size_t)len + 1;
    return text;
}

static char *in_folder(const char *name)
{
    return in_folder_after("", name);
}

static void start_server(void)
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
        exec_in(words, strcmp(s.program, "mosh-server") == 0);
    }
    close(ends[1]);
    s.said_fd = ends[0];
}

static void start_in_terminal(char **words)
{
    s.client = fork();
    if (s.client != 0)
        return;
    setsid();
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        dup2(s.slave, fd);
    (void)ioctl(STDIN_FILENO, TIOCSCTTY, 0);
    exec_in(words, strcmp(s.program, "mosh-server") != 0);
}

static void start_client(void)
{
    char *words[] = {in_folder("mosh-client"), "127.0.0.1", s.port, NULL};

    setenv("MOSH_KEY", s.key, 1);
    start_in_terminal(words);
}

static void start_mosh(void)
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

/* --- the terminal --- */

static void open_terminal(void)
{
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    const char *name;

    s.master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (s.master < 0 || grantpt(s.master) || unlockpt(s.master) || !(name = ptsname(s.master)))
        die("pty");
    s.slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (s.slave < 0 || tcgetattr(s.slave, &s.before) || ioctl(s.master, TIOCSWINSZ, &size))
        die(name);
}

static void type(const char *keys)
{
    if (write(s.master, keys, strlen(keys)) < 0)
        die("type");
}

/* Some of what the client asks. */
static void answer(void)
{
    static const char *const questions[][2] = {
        {"\033[>q", "\033P>|VTE(7600)\033\\"},
        {"\033[?2026$p", "\033[?2026;2$y"},
        {"\033]11;?\a", "\033]11;rgb:1111/1111/1111\a"},
        {"\033[c", "\033[?62;22c"},
    };

    for (; s.answered < s.written.len; s.answered++) {
        for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
            const char *asked = questions[i][0];
            size_t len = strlen(asked);
            if (len <= s.written.len - s.answered &&
                memcmp(s.written.bytes + s.answered, asked, len) == 0)
                type(questions[i][1]);
        }
    }
}

/* False at its end. */
static bool take(int fd, struct text *t)
{
    ssize_t n = read(fd, t->bytes + t->len, t->max - t->len - 1);

    if (n <= 0)
        return n < 0 && (errno == EINTR || errno == EAGAIN);
    t->len += (size_t)n;
    t->bytes[t->len] = '\0';
    return true;
}

static void pump(int wait_ms)
{
    struct pollfd fd[] = {{.fd = s.master, .events = POLLIN}, {.fd = s.said_fd, .events = POLLIN}};

    if (poll(fd, 2, wait_ms) > 0) {
        if (fd[0].revents & POLLIN)
            (void)take(s.master, &s.written);
        if (fd[1].revents && !take(s.said_fd, &s.said)) {
            close(s.said_fd);
            s.said_fd = -1;
        }
        if (strcmp(s.program, "mosh-server") == 0 || !s.killed)
            answer();
    }
    reap();
}

static void drain(void)
{
    struct pollfd fd = {.fd = s.master, .events = POLLIN};

    while (poll(&fd, 1, 0) > 0 && fd.revents & POLLIN && s.written.len + 1 < s.written.max)
        (void)take(s.master, &s.written);
}

static bool has(const struct text *t, size_t from, const char *what)
{
    return memmem(t->bytes + from, t->len - from, what, strlen(what)) != NULL;
}

/* --- the session --- */

enum progress { DONE, STUCK, OVER }; /* OVER: PROGRAM has ended the session before its end */

static bool is_over(void)
{
    if (strcmp(s.program, "mosh-server") == 0)
        return s.client && !server_is_there();
    return has_ended(s.client) != NULL;
}

static enum progress wait_for(const char *what)
{
    size_t from = s.written.len;
    int64_t end = patience_now_ms() + s.patience_ms;

    while (patience_now_ms() < end) {
        if (has(&s.written, from, what))
            return DONE;
        if (is_over())
            return OVER;
        pump(20);
    }
    return STUCK;
}

static enum progress play(void)
{
    static const struct {
        const char *typed, *seen;
    } steps[] = {
        {"", "inside-begins"},     {"one\r", "got-one"},
        {"look\r", "looked-all"},  {"other\r", "other-screen"},
        {"now\r", "now-back"},     {"\036[", "q to leave"},  /* looking back */
        {"qtwo\r", "got-two"},     {"three\r", "got-three"}, /* in another window */
        {"size\r", "size-30x100"},
    };
    struct winsize size = {.ws_row = 30, .ws_col = 100};

    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (strcmp(steps[i].seen, "got-three") == 0)
            ioctl(s.master, TIOCSWINSZ, &size);
        type(steps[i].typed);
        s.step = steps[i].seen;
        enum progress p = wait_for(s.step);
        if (p != DONE)
            return p;
    }
    s.step = "the end";
    type("end\r");
    return DONE;
}

/* Until the first line of the server has come, or it has ended. */
static enum progress wait_for_server(void)
{
    int64_t end = patience_now_ms() + s.patience_ms;

    while (patience_now_ms() < end) {
        const char *at = strstr(s.said.bytes, "MOSH CONNECT ");
        if (at && sscanf(at, "MOSH CONNECT %7s %31s", s.port, s.key) == 2 && server_pid())
            return DONE;
        if (s.said_fd < 0)
            return OVER;
        pump(20);
    }
    return STUCK;
}

static bool wait_for_end(pid_t pid, int64_t ms)
{
    int64_t end = patience_now_ms() + ms;

    while (pid && !has_ended(pid) && patience_now_ms() < end)
        pump(20);
    return !pid || has_ended(pid);
}

/* The server's process goes first if it goes badly. */
static enum progress wait_for_the_end(void)
{
    int64_t end = patience_now_ms() + END_MS;

    while (!has_ended(s.client) && patience_now_ms() < end) {
        const struct ended *server = has_ended(server_pid());
        if (server && server->status != 0)
            return OVER;
        pump(20);
    }
    return has_ended(s.client) ? DONE : STUCK;
}

static bool wait_for_all(int64_t ms)
{
    int64_t end = patience_now_ms() + ms;

    while (each_child(NULL, 0) > 0 && patience_now_ms() < end) {
        pump(10);
        if (s.is_mosh) /* what it has started may go on, or only begin, without it */
            each_child("mosh-server", SIGKILL);
    }
    return each_child(NULL, 0) == 0;
}

/* --- judging --- */

static void check_terminal(void)
{
    struct termios after;
    struct outer outer;
    char what[512];

    drain();
    if (tcgetattr(s.slave, &after) != 0)
        die("tcgetattr");
    if (after.c_iflag != s.before.c_iflag || after.c_oflag != s.before.c_oflag ||
        after.c_lflag != s.before.c_lflag || after.c_cflag != s.before.c_cflag ||
        memcmp(after.c_cc, s.before.c_cc, sizeof after.c_cc) != 0)
        broken("the terminal is not as it was: lflag %x", (unsigned)after.c_lflag);
    /* What mosh says while one waits is not the client's. */
    const char *from = s.is_mosh ? strstr(s.written.bytes, "\033[?1049h") : s.written.bytes;
    size_t len = from ? s.written.len - (size_t)(from - s.written.bytes) : 0;
    outer_init(&outer);
    outer.may_ask = true;
    outer_write(&outer, (const uint8_t *)from, len);
    (void)outer_left(&outer, what, sizeof what);
    /* Whether the wheel was made arrows before, nobody can ask in a hurry. */
    if (what[0] && strcmp(what, " mode 1007 is 1") != 0)
        broken("left in the terminal:%s", what);
}

/* The key was told on the first line of the server, and nowhere else. */
static void check_key(void)
{
    const char *first = strstr(s.said.bytes, "MOSH CONNECT ");

    if (!s.key[0])
        return;
    if (has(&s.written, 0, s.key) || (first && strstr(first + 20 + strlen(s.key), s.key)))
        broken("the key was shown");
}

static void end_the_rest(void)
{
    pid_t server = server_pid();

    s.killed = true;
    if (server && !has_ended(server))
        kill(server, SIGKILL);
    if (s.client && !has_ended(s.client))
        kill(s.client, SIGKILL);
    if (wait_for_all(5000))
        return;
    broken("left behind: %d processes", each_child(NULL, 0));
    while (each_child(NULL, SIGKILL) > 0)
        pump(10);
}

static const char *judge_end(void)
{
    drain();
    if (s.is_mosh || strcmp(s.program, "mosh-client") == 0) {
        const struct ended *e = has_ended(s.client);
        if (!e || !WIFEXITED(e->status))
            return "BROKEN";
        if (WEXITSTATUS(e->status) == 0 || WEXITSTATUS(e->status) == 7)
            broken("status %d", WEXITSTATUS(e->status));
        if (!has(&s.written, 0, "mosh: ") && !has(&s.written, 0, "mosh-client: "))
            return "silent";
        return "ends";
    }
    if (has(&s.said, 0, "ended by signal"))
        broken("a signal ended the server's process");
    if (!s.key[0] && !has(&s.said, 0, "mosh-server: "))
        return "silent";
    return "ends";
}

/* From when something that was typed has come back, until the end is asked for: then each end knows
   where the other one is, and neither has begun to leave. */
static bool is_amid_the_session(void)
{
    return s.step && strcmp(s.step, "inside-begins") != 0 && strcmp(s.step, "got-one") != 0 &&
           strcmp(s.step, "the end") != 0;
}

static void check_told(void)
{
    bool by_client = strcmp(s.program, "mosh-client") == 0;
    pid_t other = by_client ? server_pid() : s.client;

    if (!getenv("FAULT_TOLD") || s.is_mosh || !is_amid_the_session())
        return;
    if (!wait_for_end(other, END_MS))
        broken("the other end was not told");
    else if (!by_client && WEXITSTATUS(has_ended(other)->status) != 1)
        broken("the client's status is not that of a session that failed");
}

static void wait_for_handler(pid_t pid)
{
    int64_t end = patience_now_ms() + s.patience_ms;

    while (pid && !minds_signal(pid, SIGTERM) && patience_now_ms() < end)
        pump(20);
}

/* What neither goes on nor ends has to let itself be ended. */
static void end_by_signal(void)
{
    pid_t server = server_pid();

    wait_for_handler(server);
    wait_for_handler(s.is_mosh ? 0 : s.client); /* mosh has none */
    s.ended_by_signal = true;
    each_child("mosh-server", SIGTERM);
    if (s.client && !has_ended(s.client))
        kill(s.client, SIGTERM);
    if (!wait_for_end(s.client, END_MS))
        broken("%s does not end at SIGTERM", s.is_mosh ? "mosh" : "mosh-client");
    if (server && !wait_for_end(server, END_MS))
        broken("mosh-server does not end at SIGTERM");
}

static const char *run_session(void)
{
    enum progress p = DONE;

    if (s.is_mosh) {
        start_mosh();
    } else {
        start_server();
        p = wait_for_server();
        if (p == DONE)
            start_client();
        else if (p == STUCK)
            broken("mosh-server does not begin");
    }
    if (p == DONE)
        p = play();
    if (p == DONE)
        p = wait_for_the_end();
    if (p == DONE) {
        if (WEXITSTATUS(has_ended(s.client)->status) == 7) {
            if (!s.is_mosh && !wait_for_end(server_pid(), END_MS))
                broken("mosh-server does not end");
            return "goes-on";
        }
        p = OVER;
    }
    if (p == OVER) {
        const char *outcome = judge_end();
        check_told();
        return outcome;
    }
    end_by_signal();
    return "waits";
}

static void print_text(const char *name, const struct text *t)
{
    size_t from = t->len > SHOWN_MAX ? t->len - SHOWN_MAX : 0;

    printf("\t%s=", name);
    for (size_t i = from; i < t->len; i++) {
        unsigned char c = (unsigned char)t->bytes[i];
        if (c < ' ' || c > '~')
            printf("\\%03o", c);
        else
            putchar(c);
    }
}

static void print_ends(void)
{
    for (size_t i = 0; i < s.ended_count; i++) {
        const struct ended *e = &s.ended[i];
        if (WIFEXITED(e->status))
            printf(" %s:%d", e->name, WEXITSTATUS(e->status));
        else
            printf(" %s:signal-%d", e->name, WTERMSIG(e->status));
    }
}

static void new_text(struct text *t, size_t max)
{
    *t = (struct text){.bytes = calloc(max, 1), .max = max};
    if (!t->bytes)
        die("memory");
}

int main(int argc, char **argv)
{
    const char *patience = getenv("PATIENCE_MS");

    if (argc != 4)
        return 2;
    s.is_mosh = strcmp(argv[1], "mosh") == 0;
    s.program = argv[2];
    s.folder = argv[3];
    s.patience_ms = patience ? atol(patience) : 5000;
    s.said_fd = -1;
    new_text(&s.written, WRITTEN_MAX);
    new_text(&s.said, SAID_MAX);
    signal(SIGPIPE, SIG_IGN);
#ifdef PR_SET_CHILD_SUBREAPER
    prctl(PR_SET_CHILD_SUBREAPER, 1); /* without it, nothing is known of the server's end */
#endif
    open_terminal();
    int64_t start = patience_real_ms();
    const char *outcome = run_session();
    bool client_was_ended_by_us = s.client && !has_ended(s.client);
    end_the_rest();
    if (!client_was_ended_by_us)
        check_terminal();
    check_key();
    if (s.broken[0])
        printf("BROKEN\t%s: ", outcome);
    else
        printf("%s\t", outcome);
    printf("%s\tat \"%s\"\t%lld ms\t", s.broken, s.step ? s.step : "the start",
           (long long)(patience_real_ms() - start));
    print_ends();
    print_text("terminal", &s.written);
    print_text("server", &s.said);
    putchar('\n');
    return s.broken[0] != 0;
}
