/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan.h"

#include <inttypes.h>
#include <stdlib.h>

static const char *const act_names[ACT_KINDS] = {
    [ACT_TYPE] = "type",       [ACT_RESIZE] = "resize",
    [ACT_STORM] = "storm",     [ACT_ROAM] = "roam",
    [ACT_MOVE] = "move",       [ACT_LINK] = "link",
    [ACT_CUT] = "cut",         [ACT_BUSY] = "busy",
    [ACT_REDRAW] = "redraw",   [ACT_UNREACHABLE] = "unreachable",
    [ACT_REACH] = "reach",     [ACT_CONGESTED] = "congested",
    [ACT_REFUSE] = "refuse",   [ACT_STEP] = "step",
    [ACT_STAND] = "stand",     [ACT_SLEEP] = "sleep",
    [ACT_STOP] = "stop",       [ACT_FORGE] = "forge",
    [ACT_WRITE] = "write",     [ACT_DEAF] = "deaf",
    [ACT_SILENCE] = "silence", [ACT_QUIET] = "quiet",
};

static const char *const program_names[PROGRAM_KINDS] = {
    [PROGRAM_SHELL] = "shell",
    [PROGRAM_EDITOR] = "editor",
    [PROGRAM_FLOODER] = "flooder",
    [PROGRAM_DEAF] = "deaf",
};

static const char *const link_names[ACT_NUMBERS] = {
    "delay", "jitter",   "loss", "duplicate", "corrupt", "reorder",
    "burst", "burst_ms", "rate", "queue",     "mtu",
};

/* --- links --- */

void plan_link_numbers(const struct link_profile *link, uint64_t numbers[ACT_NUMBERS])
{
    const uint64_t all[ACT_NUMBERS] = {link->delay_ms,    link->jitter_ms, link->loss,
                                       link->duplicate,   link->corrupt,   link->reorder,
                                       link->burst,       link->burst_ms,  link->bytes_per_s,
                                       link->queue_bytes, link->mtu_bytes};

    memcpy(numbers, all, sizeof all);
}

struct link_profile plan_link(const uint64_t n[ACT_NUMBERS])
{
    return (struct link_profile){
        .name = "plan",
        .delay_ms = n[0],
        .jitter_ms = n[1],
        .loss = (unsigned)n[2],
        .duplicate = (unsigned)n[3],
        .corrupt = (unsigned)n[4],
        .reorder = (unsigned)n[5],
        .burst = (unsigned)n[6],
        .burst_ms = n[7],
        .bytes_per_s = (size_t)n[8],
        .queue_bytes = (size_t)n[9],
        .mtu_bytes = (size_t)n[10],
    };
}

/* --- making plans --- */

void plan_add(struct plan *p, msec_t after_ms, enum act_kind kind, uint64_t a, uint64_t b,
              uint64_t c)
{
    if (p->count < PLAN_ACTS_MAX)
        p->acts[p->count++] = (struct act){.after_ms = after_ms, .kind = kind, .number = {a, b, c}};
}

void plan_add_link(struct plan *p, msec_t after_ms, const struct link_profile *link)
{
    plan_add(p, after_ms, ACT_LINK, 0, 0, 0);
    plan_link_numbers(link, p->acts[p->count - 1].number);
}

/* --- as text --- */

static void write_link(const uint64_t numbers[ACT_NUMBERS], FILE *out)
{
    for (size_t i = 0; i < ACT_NUMBERS; i++)
        if (numbers[i])
            fprintf(out, " %s=%" PRIu64, link_names[i], numbers[i]);
}

static void write_act(const struct act *e, FILE *out)
{
    size_t count = ACT_NUMBERS;

    fprintf(out, "at %" PRIu64 " %s", e->after_ms, act_names[e->kind]);
    if (e->kind == ACT_LINK) {
        write_link(e->number, out);
        count = 0;
    }
    while (count > 0 && e->number[count - 1] == 0)
        count--;
    for (size_t i = 0; i < count; i++)
        fprintf(out, " %" PRIu64, e->number[i]);
    fprintf(out, "\n");
}

void plan_write(const struct plan *p, FILE *out)
{
    uint64_t numbers[ACT_NUMBERS];

    fprintf(out, "seed %" PRIu64 "\nprogram %s\nwindow %zu %zu\naddresses %zu\npayload %zu\n",
            p->seed, program_names[p->program], p->rows, p->cols, p->addresses, p->payload);
    plan_link_numbers(&p->link, numbers);
    fprintf(out, "link");
    write_link(numbers, out);
    fprintf(out, "\nend %s %u\n", p->at_rest ? "rest" : "any", p->who);
    for (size_t i = 0; i < p->count; i++)
        write_act(&p->acts[i], out);
}

/* The next word of a line, which is cut there; NULL at its end. */
static char *word(char **line)
{
    char *start = *line + strspn(*line, " \t\r\n"), *end = start + strcspn(start, " \t\r\n");

    if (start == end)
        return NULL;
    *line = *end ? end + 1 : end;
    *end = '\0';
    return start;
}

static uint64_t number(char **line)
{
    const char *text = word(line);

    return text ? strtoull(text, NULL, 10) : 0;
}

static int find(const char *const names[], size_t count, const char *name)
{
    for (size_t i = 0; name && i < count; i++)
        if (strcmp(names[i], name) == 0)
            return (int)i;
    return -1;
}

static bool read_link(char **line, uint64_t numbers[ACT_NUMBERS])
{
    char *pair;

    while ((pair = word(line)) != NULL) {
        char *value = strchr(pair, '=');
        int at;

        if (!value)
            return false;
        *value++ = '\0';
        at = find(link_names, ACT_NUMBERS, pair);
        if (at < 0)
            return false;
        numbers[at] = strtoull(value, NULL, 10);
    }
    return true;
}

static bool read_act(struct plan *p, char *line)
{
    struct act e = {.after_ms = number(&line)};
    int kind = find(act_names, ACT_KINDS, word(&line));

    if (kind < 0 || p->count == PLAN_ACTS_MAX)
        return false;
    e.kind = (enum act_kind)kind;
    if (e.kind == ACT_LINK && !read_link(&line, e.number))
        return false;
    for (size_t i = 0; e.kind != ACT_LINK && i < ACT_NUMBERS; i++)
        e.number[i] = number(&line);
    p->acts[p->count++] = e;
    return true;
}

static bool read_line(struct plan *p, char *line)
{
    uint64_t numbers[ACT_NUMBERS] = {0};
    const char *what = word(&line);
    int program;

    if (!what || what[0] == '#')
        return true;
    if (strcmp(what, "at") == 0)
        return read_act(p, line);
    if (strcmp(what, "seed") == 0) {
        p->seed = number(&line);
    } else if (strcmp(what, "program") == 0) {
        program = find(program_names, PROGRAM_KINDS, word(&line));
        if (program < 0)
            return false;
        p->program = (enum program_kind)program;
    } else if (strcmp(what, "window") == 0) {
        p->rows = (size_t)number(&line);
        p->cols = (size_t)number(&line);
    } else if (strcmp(what, "addresses") == 0) {
        p->addresses = (size_t)number(&line);
    } else if (strcmp(what, "payload") == 0) {
        p->payload = (size_t)number(&line);
    } else if (strcmp(what, "link") == 0) {
        if (!read_link(&line, numbers))
            return false;
        p->link = plan_link(numbers);
    } else if (strcmp(what, "end") == 0) {
        const char *when = word(&line);
        p->at_rest = when && strcmp(when, "rest") == 0;
        p->who = (unsigned)number(&line) % 4;
    } else {
        return false;
    }
    return true;
}

bool plan_read(struct plan *p, FILE *in)
{
    char line[512];
    unsigned n = 0;

    *p = (struct plan){.rows = 24, .cols = 80, .addresses = 1, .payload = 500, .at_rest = true};
    p->link.name = "plan";
    while (fgets(line, sizeof line, in)) {
        n++;
        if (read_line(p, line))
            continue;
        fprintf(stderr, "line %u is not understood\n", n);
        return false;
    }
    return true;
}
