/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "runner.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define SESSION_SECONDS_MAX 120 /* of a processor */
#define SHRINK_TRIES_MAX    600
#define JOBS_MAX            64

/* --- one process --- */

/* What a process says, a report after each session and one when it fails. */
struct report {
    uint64_t seed;
    bool failed;
    struct session_result result;
    char why[RUNNER_WHY_MAX];
};

static int report_to;
static uint64_t running_seed;

static void tell(const struct report *r)
{
    if (write(report_to, r, sizeof *r) != (ssize_t)sizeof *r)
        _exit(2);
}

static void tell_failure(const char *why)
{
    struct report r = {.seed = running_seed, .failed = true};

    snprintf(r.why, sizeof r.why, "%s", why);
    tell(&r);
    _exit(1);
}

static void run(const struct plan *p)
{
    struct report r = {.seed = p->seed};

    running_seed = p->seed;
    alarm(SESSION_SECONDS_MAX);
    session_run(p, &r.result);
    tell(&r);
}

/* As the process had them before cmocka took them. */
static void restore_signals(void)
{
    static const int signals[] = {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS};

    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        signal(signals[i], SIG_DFL);
}

struct job {
    pid_t pid;
    int from;
    uint64_t next, end; /* seeds: the one that runs, and after the last */
};

/* Runs a plan, or, if that is NULL, the job's seeds. */
static void start(struct job *j, const struct plan *p)
{
    int ends[2];

    if (pipe(ends) < 0)
        abort();
    fflush(NULL);
    j->pid = fork();
    if (j->pid < 0)
        abort();
    if (j->pid > 0) {
        close(ends[1]);
        j->from = ends[0];
        return;
    }
    close(ends[0]);
    report_to = ends[1];
    restore_signals();
    sim_set_failure_hook(tell_failure);
    if (p)
        run(p);
    for (uint64_t seed = j->next; !p && seed < j->end; seed++) {
        static struct plan drawn;

        plan_draw(&drawn, seed);
        run(&drawn);
    }
    _exit(0);
}

/* The next report; false at the end, when the process is gone and `status` says how. */
static bool listen_to(struct job *j, struct report *r, int *status)
{
    size_t got = 0;

    while (got < sizeof *r) {
        ssize_t n = read(j->from, (char *)r + got, sizeof *r - got);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        got += (size_t)n;
    }
    if (got == sizeof *r)
        return true;
    close(j->from);
    waitpid(j->pid, status, 0);
    return false;
}

static bool ended_badly(int status, char why[RUNNER_WHY_MAX])
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return false;
    if (WIFSIGNALED(status))
        snprintf(why, RUNNER_WHY_MAX, "ended by signal %d", WTERMSIG(status));
    else
        snprintf(why, RUNNER_WHY_MAX, "ended with status %d", WEXITSTATUS(status));
    return true;
}

bool runner_plan(const struct plan *p, char why[RUNNER_WHY_MAX])
{
    struct job j = {0};
    struct report r;
    bool failed = false;
    int status;

    start(&j, p);
    while (listen_to(&j, &r, &status)) {
        failed = r.failed;
        if (failed)
            snprintf(why, RUNNER_WHY_MAX, "%s", r.why);
    }
    return !failed && !ended_badly(status, why);
}

/* --- shrinking --- */

/* Numbers in what is said are not what it is about. */
static bool is_same(const char *a, const char *b)
{
    while (*a && *a == *b && !isdigit((unsigned char)*a)) {
        a++;
        b++;
    }
    return *a == *b || (isdigit((unsigned char)*a) && isdigit((unsigned char)*b));
}

struct shrinking {
    struct plan *best, *candidate;
    const char *why;
    unsigned tries;
};

/* Takes the candidate over if it fails alike. */
static bool attempt(struct shrinking *s)
{
    char why[RUNNER_WHY_MAX];

    if (s->tries >= SHRINK_TRIES_MAX)
        return false;
    s->tries++;
    if (runner_plan(s->candidate, why) || !is_same(why, s->why))
        return false;
    *s->best = *s->candidate;
    return true;
}

/* Without the events [from, from + len); what comes next comes as late as ever. */
static void leave_out(const struct plan *p, size_t from, size_t len, struct plan *out)
{
    msec_t waited = 0;

    *out = *p;
    for (size_t i = from; i < from + len; i++)
        waited += p->acts[i].after_ms;
    for (size_t i = from + len; i < p->count; i++)
        out->acts[i - len] = p->acts[i];
    out->count = p->count - len;
    if (from < out->count)
        out->acts[from].after_ms += waited;
    else if (waited > 0)
        plan_add(out, waited, ACT_QUIET, 0, 0, 0);
}

/* Half of all events, then quarters, and so on (delta debugging). */
static bool shorten(struct shrinking *s)
{
    bool any = false;

    for (size_t len = (s->best->count + 1) / 2; len > 0; len /= 2) {
        for (size_t from = 0; from + len <= s->best->count;) {
            leave_out(s->best, from, len, s->candidate);
            if (s->candidate->count < s->best->count && attempt(s))
                any = true;
            else
                from += len;
        }
    }
    return any;
}

/* Each number, and each time, as small as it can be. */
static bool simplify_number(struct shrinking *s, size_t offset)
{
    uint64_t *number = (uint64_t *)(void *)((char *)s->candidate + offset);
    bool any = false;

    for (;;) {
        const uint64_t best = *(const uint64_t *)(const void *)((char *)s->best + offset);
        bool better = false;

        for (unsigned divisor = 0; divisor <= 2 && best > 0 && !better; divisor += 2) {
            *s->candidate = *s->best;
            *number = divisor ? best / divisor : 0;
            better = attempt(s);
        }
        if (!better)
            return any;
        any = true;
    }
}

static bool simplify(struct shrinking *s)
{
    bool any = false;

    for (size_t i = 0; i < s->best->count; i++) {
        const struct act *e = &s->best->acts[i];

        any |= simplify_number(s, (size_t)((const char *)&e->after_ms - (const char *)s->best));
        for (size_t n = 0; n < ACT_NUMBERS; n++)
            if (e->number[n] > 0)
                any |= simplify_number(
                    s, (size_t)((const char *)&e->number[n] - (const char *)s->best));
    }
    return any;
}

unsigned runner_shrink(struct plan *p, const char *why)
{
    struct shrinking s = {.best = p, .candidate = calloc(1, sizeof *p), .why = why};

    if (!s.candidate)
        abort();
    while (shorten(&s) || simplify(&s))
        continue;
    free(s.candidate);
    return s.tries;
}

/* --- many --- */

static void write_plan(const struct plan *p, const char *why)
{
    char name[64];
    FILE *out;

    snprintf(name, sizeof name, "sim-%" PRIu64 ".events", p->seed);
    out = fopen(name, "w");
    if (!out) {
        perror(name);
        return;
    }
    fprintf(out, "# %s\n", why);
    plan_write(p, out);
    fclose(out);
    fprintf(stderr, "%zu events of it are in %s\n", p->count, name);
}

static void explain(uint64_t seed, const char *why)
{
    static struct plan p;

    fprintf(stderr, "SIM_SEED=%" PRIu64 " fails: %s\n", seed, why);
    plan_draw(&p, seed);
    runner_shrink(&p, why);
    write_plan(&p, why);
}

static void add(struct runner_sums *sums, const struct session_result *r)
{
    sums->lasted_ms += r->lasted_ms;
    if (r->healed_ms > sums->healed_most_ms)
        sums->healed_most_ms = r->healed_ms;
    if (r->memory_most > sums->memory_most)
        sums->memory_most = r->memory_most;
}

/* Hears a job out. True if it has seeds left, after one that failed. */
static bool follow(struct job *j, struct runner_sums *sums)
{
    struct report r;
    char why[RUNNER_WHY_MAX] = "";
    int status;

    while (listen_to(j, &r, &status)) {
        if (r.failed) {
            snprintf(why, sizeof why, "%s", r.why);
            continue;
        }
        sums->sessions++;
        add(sums, &r.result);
        j->next = r.seed + 1;
    }
    if (!why[0] && !ended_badly(status, why))
        return false;
    sums->sessions++;
    sums->failures++;
    explain(j->next++, why);
    return j->next < j->end;
}

/* One of several processes that share the work: all of one part. */
static void run_part(uint64_t first, uint64_t runs, struct runner_sums *sums)
{
    struct job j = {.next = first, .end = first + runs};

    while (j.next < j.end) {
        start(&j, NULL);
        if (!follow(&j, sums))
            break;
    }
}

struct runner_sums runner_seeds(uint64_t first, uint64_t runs, unsigned jobs)
{
    struct runner_sums sums = {0};
    struct job parts[JOBS_MAX];

    if (jobs > JOBS_MAX)
        jobs = JOBS_MAX;
    if (jobs <= 1) {
        run_part(first, runs, &sums);
        return sums;
    }
    for (unsigned i = 0; i < jobs; i++) {
        uint64_t from = first + runs * i / jobs, to = first + runs * (i + 1) / jobs;
        int ends[2];

        if (pipe(ends) < 0)
            abort();
        fflush(NULL);
        parts[i].pid = fork();
        if (parts[i].pid < 0)
            abort();
        if (parts[i].pid == 0) {
            run_part(from, to - from, &sums);
            if (write(ends[1], &sums, sizeof sums) != (ssize_t)sizeof sums)
                _exit(2);
            _exit(0);
        }
        close(ends[1]);
        parts[i].from = ends[0];
    }
    for (unsigned i = 0; i < jobs; i++) {
        struct runner_sums part;
        int status;

        if (read(parts[i].from, &part, sizeof part) != (ssize_t)sizeof part)
            abort();
        close(parts[i].from);
        waitpid(parts[i].pid, &status, 0);
        sums.sessions += part.sessions;
        sums.failures += part.failures;
        add(&sums, &(struct session_result){.lasted_ms = part.lasted_ms,
                                            .healed_ms = part.healed_most_ms,
                                            .memory_most = part.memory_most});
    }
    return sums;
}
