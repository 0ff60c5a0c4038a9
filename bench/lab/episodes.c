/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * episodes KIND COUNT SEED -- COMMAND...: what happens to a session now and then, measured on host
 * a of a lab. COMMAND is a client that becomes a session with a shell of the laboratory
 * (`session`).
 *
 *     flood     Ctrl-C while a program writes without end, until the prompt is there
 *     roam      the client's address goes away, and seconds later it has another
 *     wake      the client is stopped and the link is dead, and seconds later both are back
 *     outage    the link is dead, and seconds later it is back, and nobody tells
 *     idle      nothing for 30 seconds
 *
 * In the middle three the screen changes on the far side meanwhile, and what is measured is the
 * time from the moment when the link works again until that is shown. Prints the milliseconds, or
 * "never", on a line for each episode. Of idle sessions it prints four numbers: datagrams from a to
 * b and from b to a, and how often client and server were woken.
 */
#include "config.h"

#include <dirent.h>
#include <err.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../tests/lib/rng.h"
#include "user.h"

#define ROWS 24
#define COLS 80

#define SECOND_US   1000000u
#define START_US    (60 * SECOND_US)
#define GIVE_UP_US  (30 * SECOND_US)
#define FLOOD_US    (2 * SECOND_US) /* it has filled the queue by then */
#define CHANGE_US   (2 * SECOND_US) /* after its command, the screen changes ... */
#define BREAK_US    (1 * SECOND_US) /* ... when the link is already dead, ... */
#define AWAY_US     (5 * SECOND_US) /* ... which it is for so long */
#define SPREAD_US   (1 * SECOND_US) /* and up to so much longer */
#define IDLE_US     (30 * SECOND_US)
#define IDLE_GAP_US (10 * SECOND_US) /* what the start of a session brought about is over then */

struct episodes {
    struct user user;
    struct rng rng;
    size_t done;
};

static void wait_us(struct episodes *e, uint64_t us)
{
    user_wait(&e->user, user_now_us() + us);
}

/* Runs a command of the system, such as ip. */
static void run(const char *command)
{
    if (system(command) != 0)
        errx(EXIT_FAILURE, "failed: %s", command);
}

static void set_link(const char *settings)
{
    char command[512];
    const char *lab = getenv("LAB");

    snprintf(command, sizeof command, "'%s' set both %s", lab ? lab : "lab", settings);
    run(command);
}

static void type_line(struct episodes *e, const char *text)
{
    user_paste(&e->user, text);
    user_press(&e->user, "Enter");
}

static bool row_begins(const struct shot *s, size_t row, const char *text)
{
    const uint32_t *cell = s->cell + row * s->cols;

    for (size_t i = 0; text[i]; i++)
        if (cell[i] != (text[i] == ' ' ? 0 : (uint32_t)text[i]))
            return false;
    return true;
}

/* Whether the cursor is behind a prompt, and nothing is typed. */
static bool at_prompt(const struct shot *s)
{
    return s->cursor_col == 5 && row_begins(s, s->cursor_row, "lab") &&
           s->cell[s->cursor_row * s->cols + 5] == 0;
}

/* Waits until the prompt is there and, if `first` is not NULL, the first row begins so. */
static bool await_prompt(struct episodes *e, const char *first, uint64_t at_most_us)
{
    uint64_t give_up = user_now_us() + at_most_us;

    for (;;) {
        user_look(&e->user);
        if (at_prompt(&e->user.now) && (!first || row_begins(&e->user.now, 0, first)))
            return true;
        if (e->user.ended || user_now_us() >= give_up)
            return false;
        user_take_output(&e->user, give_up);
    }
}

static void report(bool shown, uint64_t since_us)
{
    if (shown)
        printf("%.1f\n", (double)(user_now_us() - since_us) / 1000);
    else
        printf("never\n");
    fflush(stdout);
}

/* A prompt on the first row. */
static void begin(struct episodes *e)
{
    type_line(e, "clear");
    if (!await_prompt(e, "lab", GIVE_UP_US))
        errx(EXIT_FAILURE, "there is no prompt");
    wait_us(e, rng_below(&e->rng, SPREAD_US));
}

static void flood(struct episodes *e)
{
    uint64_t since;

    begin(e);
    type_line(e, "./flood");
    wait_us(e, FLOOD_US + rng_below(&e->rng, SPREAD_US));
    since = user_now_us();
    user_press(&e->user, "Ctrl-C");
    report(await_prompt(e, NULL, GIVE_UP_US), since);
}

/* The two addresses that host a has in turns. */
static void change_address(struct episodes *e, bool back)
{
    char command[128];
    unsigned last = e->done % 2 == (back ? 1 : 0) ? 1 : 3;

    snprintf(command, sizeof command, "ip addr %s 10.91.0.%u/24 dev link0", back ? "add" : "del",
             last);
    run(command);
}

/* What interrupts a session, and what mends it. */
static void interrupt(struct episodes *e, const char *kind)
{
    if (strcmp(kind, "roam") == 0) {
        change_address(e, false);
        return;
    }
    if (strcmp(kind, "wake") == 0)
        kill(e->user.program, SIGSTOP);
    set_link("down");
}

static uint64_t mend(struct episodes *e, const char *kind)
{
    uint64_t now;

    if (strcmp(kind, "roam") == 0) {
        now = user_now_us();
        change_address(e, true);
        return now;
    }
    set_link("up");
    now = user_now_us();
    if (strcmp(kind, "wake") == 0)
        kill(e->user.program, SIGCONT);
    return now;
}

static void absence(struct episodes *e, const char *kind)
{
    char command[64], screen[64];
    uint64_t since;

    begin(e);
    snprintf(command, sizeof command, "./later %g %zu", (double)CHANGE_US / SECOND_US, e->done);
    snprintf(screen, sizeof screen, "This is screen number %zu.", e->done);
    type_line(e, command);
    wait_us(e, BREAK_US);
    interrupt(e, kind);
    wait_us(e, AWAY_US + rng_below(&e->rng, SPREAD_US));
    since = mend(e, kind);
    report(await_prompt(e, screen, GIVE_UP_US), since);
}

/* How often the processes of a program were woken. */
static unsigned long wakeups(const char *name)
{
    unsigned long sum = 0, count;
    char path[300], line[256], is[64] = "";
    struct dirent *entry;
    DIR *proc = opendir("/proc");

    while (proc && (entry = readdir(proc))) {
        snprintf(path, sizeof path, "/proc/%s/status", entry->d_name);
        FILE *file = strchr("123456789", entry->d_name[0]) ? fopen(path, "r") : NULL;
        while (file && fgets(line, sizeof line, file)) {
            (void)sscanf(line, "Name: %63s", is);
            if (strcmp(is, name) == 0 && sscanf(line, "voluntary_ctxt_switches: %lu", &count) == 1)
                sum += count;
        }
        if (file)
            fclose(file);
    }
    if (proc)
        closedir(proc);
    return sum;
}

/* Packets that were sent from a to b, and from b to a. */
static void packets(unsigned long sent[2])
{
    char command[300];
    const char *lab = getenv("LAB");

    snprintf(command, sizeof command, "'%s' stats", lab ? lab : "lab");
    FILE *stats = popen(command, "r");
    if (!stats ||
        fscanf(stats, "{\"a-to-b\": {\"packets\": %lu%*[^}]}, \"b-to-a\": {\"packets\": %lu",
               &sent[0], &sent[1]) != 2)
        errx(EXIT_FAILURE, "failed: %s", command);
    pclose(stats);
}

static void idle(struct episodes *e)
{
    unsigned long before[2], after[2], client, server;

    begin(e);
    wait_us(e, IDLE_GAP_US);
    packets(before);
    client = wakeups("mosh-client");
    server = wakeups("mosh-server");
    wait_us(e, IDLE_US);
    client = wakeups("mosh-client") - client;
    server = wakeups("mosh-server") - server;
    packets(after);
    printf("%lu %lu %lu %lu\n", after[0] - before[0], after[1] - before[1], client, server);
    fflush(stdout);
}

int main(int argc, char *argv[])
{
    static const char *const kinds[] = {"flood", "roam", "wake", "outage", "idle"};
    struct episodes e = {0};
    const char *kind = NULL;

    for (size_t i = 0; argc >= 6 && i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(argv[1], kinds[i]) == 0)
            kind = kinds[i];
    if (!kind || strcmp(argv[4], "--") != 0)
        errx(2, "Usage: episodes flood|roam|wake|outage|idle COUNT SEED -- COMMAND...");
    e.rng.state = strtoull(argv[3], NULL, 10);
    user_start(&e.user, ROWS, COLS, argv + 5);
    if (!await_prompt(&e, NULL, START_US))
        errx(EXIT_FAILURE, "the first prompt did not come");
    for (size_t count = strtoul(argv[2], NULL, 10); e.done < count && !e.user.ended; e.done++) {
        if (strcmp(kind, "flood") == 0)
            flood(&e);
        else if (strcmp(kind, "idle") == 0)
            idle(&e);
        else
            absence(&e, kind);
    }
    user_end(&e.user);
    return EXIT_SUCCESS;
}
