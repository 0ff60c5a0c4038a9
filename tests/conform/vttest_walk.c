/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Walks through Debian's vttest without anybody at the keyboard. vttest runs on a pseudo-terminal
 * whose terminal is our emulator, in this process; what the emulator answers goes back. Wherever
 * vttest waits, the screen is taken and compared with the one that was reviewed and is kept in the
 * folder vttest/ (ITEM.screens), and with the screen of a second emulator that was fed with the
 * same bytes. Where the two differ, vttest/DIFFERENCES has the reason.
 *
 *   vttest FOLDER              every item that FOLDER/ITEMS lists, as TAP
 *   vttest FOLDER ITEM...      these alone
 *   vttest --update FOLDER...  writes the screens instead; whoever does that reviews them
 *   vttest --streams DIR FOLDER...  leaves what vttest wrote in DIR/ITEM.STOP, up to each stop
 *
 * An item is the way through the menus, such as 11.2.3; a number may switch something and stay in
 * its menu. Every item has a vttest of its own, so none depends on what another left behind.
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "judge.h"
#include "picture.h"
#include "sys/pty.h"
#include "terminal/emulator.h"
#include "util/xalloc.h"

#define ROWS      24
#define COLS      80
#define ITEM_MAX  48
#define STOPS_MAX 200
#define WAIT_MS   20000 /* so long vttest may take from one stop to the next */
/* So long it has to wait for a key before that counts as a stop, if it has not said that it does.
   The kernel may take its time to hand over what was written on a busy machine. */
#define QUIET_MS   1000
#define LINE_CHARS 512

/* A run of vttest through one item. */
struct walk {
    const char *item;
    const char *way; /* what is left of it */
    struct pty pty;
    pid_t child;        /* 0 once it has ended */
    long switches_then; /* how often it had gone to sleep when something was typed */
    struct emulator *ours;
    struct judge *judge;
    struct buf tail;    /* of what vttest wrote: the end of it */
    struct buf stream;  /* all of it */
    struct buf screens; /* what the stops looked like */
    struct buf doubts;  /* where the judge saw something else */
    size_t stops;
    const char *trouble;
};

enum stop {
    STOP_NONE,   /* it is still at work */
    STOP_RETURN, /* at "Push <RETURN>" */
    STOP_MENU,   /* at the question of a menu */
    STOP_INPUT,  /* waits for something that it does not name: an answer of the terminal, say */
    STOP_END,    /* has ended */
};

static bool updating;
static const char *streams; /* where what vttest wrote is left, if anywhere */
static const char *folder;
static size_t tests_run, tests_failed;

/* --- vttest's process --- */

static void become_vttest(struct pty *pty)
{
    char *const command[] = {"vttest", "24x80.80", NULL};

    signal(SIGPIPE, SIG_DFL);
    setenv("TERM", "xterm", 1);
    setenv("LC_ALL", "C", 1);
    unsetenv("LINES");
    unsetenv("COLUMNS");
    if (pty_take_over(pty) == 0)
        execvp(command[0], command);
    _exit(127);
}

static void walk_begin(struct walk *w, const char *item)
{
    const char *failed;

    *w = (struct walk){.item = item, .way = item, .switches_then = -1};
    w->ours = emulator_new(EMULATOR_HOST, ROWS, COLS);
    w->judge = judge_new(ROWS, COLS);
    if (pty_open(&w->pty, ROWS, COLS, &failed) != 0) {
        fprintf(stderr, "vttest: %s: %s\n", failed, strerror(errno));
        exit(99);
    }
    w->child = fork();
    if (w->child == 0)
        become_vttest(&w->pty);
    /* The slave stays open, to be asked how much input is pending. */
}

static void walk_end(struct walk *w)
{
    if (w->child > 0) {
        kill(w->child, SIGKILL);
        waitpid(w->child, NULL, 0);
    }
    pty_close_slave(&w->pty);
    pty_close(&w->pty);
    emulator_free(w->ours);
    judge_free(w->judge);
    buf_release(&w->tail);
    buf_release(&w->stream);
    buf_release(&w->screens);
    buf_release(&w->doubts);
}

/* How often vttest has gone to sleep, by the kernel's count; -1 where it does not tell. */
static long sleeps(const struct walk *w)
{
    static const char label[] = "voluntary_ctxt_switches:";
    char name[64], line[128];
    long count = -1;
    FILE *file;

    snprintf(name, sizeof name, "/proc/%ld/status", (long)w->child);
    file = fopen(name, "r");
    while (file && fgets(line, sizeof line, file)) {
        if (strncmp(line, label, sizeof label - 1) == 0)
            count = strtol(line + sizeof label - 1, NULL, 10);
    }
    if (file)
        fclose(file);
    return count;
}

/* Whether vttest still sleeps as it did before the last thing that was typed: on a busy machine
   that can take a while to arrive. */
static bool has_not_noticed(const struct walk *w)
{
    return w->switches_then >= 0 && sleeps(w) == w->switches_then;
}

/* What was typed and vttest has not read yet. */
static bool input_pending(const struct walk *w)
{
    int bytes = 0;

    return ioctl(w->pty.slave, FIONREAD, &bytes) == 0 && bytes > 0;
}

/* Whether vttest has written all that it wants to and waits for a key, as the kernel sees it; where
   that is not for us to know, what it wrote has to do. */
static bool is_reading(const struct walk *w)
{
    char name[64], line[64] = "", reading[32];
    FILE *file;

    snprintf(name, sizeof name, "/proc/%ld/syscall", (long)w->child);
    snprintf(reading, sizeof reading, "%d 0x0 ", (int)SYS_read);
    file = fopen(name, "r");
    if (!file)
        return true;
    bool known = fgets(line, sizeof line, file) != NULL;
    fclose(file);
    return !known || strncmp(line, reading, strlen(reading)) == 0;
}

static void send_bytes(struct walk *w, const void *bytes, size_t len)
{
    if (len > 0)
        w->switches_then = sleeps(w);
    while (len > 0) {
        ssize_t n = write(w->pty.master, bytes, len);
        if (n < 0)
            return; /* it has ended, and that is seen where it is read */
        bytes = (const char *)bytes + n;
        len -= (size_t)n;
    }
}

static void send_line(struct walk *w, const char *text)
{
    char line[ITEM_MAX + 2];

    buf_clear(&w->tail);
    snprintf(line, sizeof line, "%s\r", text);
    send_bytes(w, line, strlen(line));
}

static bool ends_with(const struct buf *b, const char *text)
{
    size_t len = strlen(text);

    return b->len >= len && memcmp(b->data + b->len - len, text, len) == 0;
}

/* Whether the output ends with the line at which a menu waits. */
static bool ends_with_menu(const struct buf *b)
{
    static const char ask[] = "Enter choice number (0 - ";
    size_t len = sizeof ask - 1;

    for (size_t back = len; back <= b->len && back < len + 10; back++) {
        if (memcmp(b->data + b->len - back, ask, len) == 0)
            return ends_with(b, "): ");
    }
    return false;
}

static enum stop stop_now(const struct walk *w, int quiet_ms)
{
    if (has_not_noticed(w) || input_pending(w) || !is_reading(w))
        return STOP_NONE;
    if (ends_with_menu(&w->tail))
        return STOP_MENU;
    if (ends_with(&w->tail, "Push <RETURN>"))
        return STOP_RETURN;
    return quiet_ms >= QUIET_MS ? STOP_INPUT : STOP_NONE;
}

static void take_output(struct walk *w, const uint8_t *bytes, size_t len)
{
    struct buf reply = {0};

    emulator_write(w->ours, bytes, len, &reply);
    if (w->judge)
        judge_write(w->judge, bytes, len);
    buf_append(&w->tail, bytes, len);
    buf_append(&w->stream, bytes, len);
    send_bytes(w, reply.data, reply.len);
    buf_release(&reply);
}

static enum stop wait_for_stop(struct walk *w)
{
    int slow = getenv("SLOW") ? atoi(getenv("SLOW")) : 1, quiet_ms = 0;

    for (int waited = 0; waited < WAIT_MS * (slow > 0 ? slow : 1); waited++) {
        struct pollfd fd = {.fd = w->pty.master, .events = POLLIN};
        uint8_t bytes[4096];
        if (poll(&fd, 1, 1) == 0) {
            enum stop stop = stop_now(w, quiet_ms++);
            if (stop != STOP_NONE)
                return stop;
            if (waitpid(w->child, NULL, WNOHANG) == w->child) {
                w->child = 0;
                return STOP_END;
            }
            continue;
        }
        quiet_ms = 0;
        ssize_t len = read(w->pty.master, bytes, sizeof bytes);
        if (len <= 0)
            return STOP_END;
        take_output(w, bytes, (size_t)len);
    }
    return STOP_NONE;
}

/* --- walking --- */

/* The next number of the way. */
static void choose(struct walk *w)
{
    char number[ITEM_MAX];
    size_t len = strcspn(w->way, ".");

    snprintf(number, sizeof number, "%.*s", (int)len, w->way);
    w->way += len + (w->way[len] == '.');
    send_line(w, number);
}

/* What vttest wrote until now, for whoever wants to show it to other terminals. */
static void leave_stream(const struct walk *w)
{
    char name[512];
    FILE *out;

    snprintf(name, sizeof name, "%s/%s.%02zu", streams, w->item, w->stops);
    out = fopen(name, "w");
    if (!out || fwrite(w->stream.data, 1, w->stream.len, out) != w->stream.len ||
        fclose(out) != 0) {
        fprintf(stderr, "vttest: %s: %s\n", name, strerror(errno));
        exit(99);
    }
}

static void judge_screen(struct walk *w, const struct picture *ours)
{
    struct picture judged = {0};
    char line[LINE_CHARS];
    const char *difference;

    judge_take(w->judge, &judged);
    difference = picture_difference(ours, &judged, PICTURE_TEXT | PICTURE_STYLE | PICTURE_CURSOR,
                                    JUDGE_ATTRIBUTES);
    if (difference) {
        snprintf(line, sizeof line, "%s stop %zu: %s\n", w->item, w->stops, difference);
        buf_append_str(&w->doubts, line);
    }
    picture_release(&judged);
}

static void take_screen(struct walk *w, enum stop stop)
{
    struct picture ours = {0};
    char line[LINE_CHARS];

    w->stops++;
    picture_take(&ours, emulator_screen(w->ours));
    snprintf(line, sizeof line, "==== %s stop %zu%s\n", w->item, w->stops,
             stop == STOP_INPUT ? ", waiting" : "");
    buf_append_str(&w->screens, line);
    picture_print(&ours, &w->screens);
    if (w->judge)
        judge_screen(w, &ours);
    if (streams)
        leave_stream(w);
    picture_release(&ours);
}

static void walk(struct walk *w)
{
    while (w->stops < STOPS_MAX) {
        enum stop stop = wait_for_stop(w);
        switch (stop) {
        case STOP_MENU:
            if (!*w->way)
                return;
            choose(w);
            break;
        case STOP_RETURN:
        case STOP_INPUT:
            take_screen(w, stop);
            send_line(w, "");
            break;
        case STOP_END:
            w->trouble = "vttest has ended";
            return;
        case STOP_NONE:
            w->trouble = "vttest neither goes on nor waits";
            return;
        }
    }
    w->trouble = "it does not end";
}

/* --- comparing --- */

static bool read_file(const char *name, struct buf *out)
{
    FILE *file = fopen(name, "r");
    uint8_t bytes[4096];
    size_t len;

    if (!file)
        return false;
    while ((len = fread(bytes, 1, sizeof bytes, file)) > 0)
        buf_append(out, bytes, len);
    fclose(file);
    return true;
}

static void result(bool passed, const char *item, const char *what)
{
    tests_run++;
    tests_failed += !passed;
    printf("%s %zu - vttest %s: %s\n", passed ? "ok" : "not ok", tests_run, item, what);
}

static int line_chars(const char *line)
{
    return (int)strcspn(line, "\n");
}

/* The first line in which two texts differ, and the heading that it is under. */
static void say_difference(const char *want, const char *got)
{
    const char *heading = "";

    while (*want && *got) {
        int len = line_chars(want);
        if (len != line_chars(got) || strncmp(want, got, (size_t)len) != 0)
            break;
        if (strncmp(got, "====", 4) == 0)
            heading = got;
        want += len + (want[len] != 0);
        got += len + (got[len] != 0);
    }
    printf("# %.*s\n", line_chars(heading), heading);
    printf("# expected: %.*s\n", line_chars(want), want);
    printf("#      got: %.*s\n", line_chars(got), got);
}

static void check_screens(struct walk *w)
{
    char name[512];
    struct buf want = {0};

    snprintf(name, sizeof name, "%s/%s.screens", folder, w->item);
    if (updating) {
        FILE *out = fopen(name, "w");
        bool written = out && fwrite(w->screens.data, 1, w->screens.len, out) == w->screens.len;
        written = out && fclose(out) == 0 && written;
        result(written, w->item, "screens written");
        return;
    }
    if (!read_file(name, &want))
        printf("# there is no %s\n", name);
    buf_append_byte(&want, 0);
    buf_append_byte(&w->screens, 0);
    bool same = want.len == w->screens.len && memcmp(want.data, w->screens.data, want.len) == 0;
    result(same, w->item, "the screens that were reviewed");
    if (!same)
        say_difference((const char *)want.data, (const char *)w->screens.data);
    buf_release(&want);
}

/* Whether DIFFERENCES has a line that begins with the item, and so a reason. */
static bool reason_known(const char *item)
{
    char name[512], line[LINE_CHARS];
    size_t len = strlen(item);
    bool known = false;
    FILE *file;

    snprintf(name, sizeof name, "%s/DIFFERENCES", folder);
    file = fopen(name, "r");
    while (file && fgets(line, sizeof line, file))
        known |= strncmp(line, item, len) == 0 && line[len] == ' ';
    if (file)
        fclose(file);
    return known;
}

static void check_doubts(struct walk *w)
{
    bool doubted = w->doubts.len > 0, listed = reason_known(w->item);

    if (!w->judge)
        return;
    result(doubted == listed, w->item,
           listed ? "a second emulator differs as listed" : "a second emulator sees the same");
    if (doubted && !listed) {
        buf_append_byte(&w->doubts, 0);
        printf("# (ours, libvterm's) %s", (const char *)w->doubts.data);
    } else if (listed && !doubted) {
        printf("# it is listed in DIFFERENCES, but there is none\n");
    }
}

static void run_item(const char *item)
{
    struct walk w;

    walk_begin(&w, item);
    walk(&w);
    if (w.trouble)
        result(false, item, w.trouble);
    check_screens(&w);
    check_doubts(&w);
    fflush(stdout);
    walk_end(&w);
}

static void run_listed(void)
{
    char name[512], line[LINE_CHARS];
    FILE *file;

    snprintf(name, sizeof name, "%s/ITEMS", folder);
    file = fopen(name, "r");
    if (!file) {
        fprintf(stderr, "vttest: %s: %s\n", name, strerror(errno));
        exit(99);
    }
    while (fgets(line, sizeof line, file)) {
        size_t len = strspn(line, "0123456789.");
        if (len > 0) {
            line[len] = 0;
            run_item(line);
        }
    }
    fclose(file);
}

int main(int argc, char **argv)
{
    int at = 1;

    signal(SIGPIPE, SIG_IGN);
    for (; at < argc && argv[at][0] == '-'; at++) {
        if (strcmp(argv[at], "--update") == 0)
            updating = true;
        else if (strcmp(argv[at], "--streams") == 0 && at + 1 < argc)
            streams = argv[++at];
    }
    if (at == argc) {
        fprintf(stderr, "usage: vttest [--update] [--streams DIR] FOLDER [ITEM...]\n");
        return 2;
    }
    folder = argv[at++];
    if (at == argc)
        run_listed();
    for (; at < argc; at++)
        run_item(argv[at]);
    printf("1..%zu\n", tests_run);
    return tests_failed ? 1 : 0;
}
