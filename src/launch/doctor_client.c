/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "launch/doctor_client.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 512 };

/* Cuts the next line with a "=" in it into a name and a value; false at the end. */
static bool next_line(struct reader *r, char line[LINE_BYTES], char **value)
{
    while (r->left > 0) {
        const uint8_t *end = memchr(r->at, '\n', r->left);
        size_t len = end ? (size_t)(end - r->at) : r->left;
        doctor_copy(line, LINE_BYTES, (const char *)r->at, len);
        size_t taken = end ? len + 1 : len;
        r->at += taken;
        r->left -= taken;
        *value = strchr(line, '=');
        if (*value) {
            *(*value)++ = '\0';
            return true;
        }
    }
    return false;
}

static enum doctor_answer read_answer(const char *value)
{
    return strcmp(value, "yes") == 0  ? DOCTOR_YES
           : strcmp(value, "no") == 0 ? DOCTOR_NO
                                      : DOCTOR_UNKNOWN;
}

static bool read_number(const char *value, uint64_t *out)
{
    char *end;
    unsigned long long n = strtoull(value, &end, 10);

    if (*value < '0' || *value > '9' || *end)
        return false;
    *out = n;
    return true;
}

static void take_count(struct doctor_path *p, const char *name, uint64_t n)
{
    const struct field {
        const char *name;
        uint64_t *number;
        unsigned *count;
        bool *given;
    } fields[] = {
        {"sent", &p->sent, NULL, NULL},
        {"received", &p->received, NULL, NULL},
        {"missing", &p->missing, NULL, NULL},
        {"first_ms", &p->first_ms, NULL, NULL},
        {"exchanges", NULL, &p->exchanges, NULL},
        {"lost", NULL, &p->lost, NULL},
        {"rtt_min_ms", &p->rtt_min_ms, NULL, NULL},
        {"rtt_mean_ms", &p->rtt_mean_ms, NULL, &p->has_rtt},
        {"rtt_max_ms", &p->rtt_max_ms, NULL, NULL},
        {"echo_ms", &p->echo_ms, NULL, &p->echoed},
        {"packet_passed", NULL, &p->packet_passed, &p->has_packet},
        {"packet_lost", NULL, &p->packet_lost, NULL},
        {"packet_told", NULL, &p->packet_told, NULL},
        {"packet_received", NULL, &p->packet_received, NULL},
    };

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (strcmp(name, fields[i].name) != 0)
            continue;
        if (fields[i].number)
            *fields[i].number = n;
        if (fields[i].count)
            *fields[i].count = n <= 1000000 ? (unsigned)n : 1000000;
        if (fields[i].given)
            *fields[i].given = true;
    }
}

static void take_reporter(struct doctor_path *p, const char *value)
{
    p->is_unsent = strcmp(value, "here") == 0;
    if (p->is_unsent)
        value = "this machine";
    doctor_copy(p->reporter, sizeof p->reporter, value, strlen(value));
}

static void take_path(struct doctor_path *p, const char *name, const char *value)
{
    uint64_t n;

    if (strcmp(name, "answered") == 0)
        p->answered = read_answer(value) == DOCTOR_YES;
    else if (strcmp(name, "screen") == 0)
        p->screen = read_answer(value);
    else if (strcmp(name, "report") == 0)
        doctor_copy(p->report, sizeof p->report, value, strlen(value));
    else if (strcmp(name, "reporter") == 0)
        take_reporter(p, value);
    else if (read_number(value, &n))
        take_count(p, name, n);
}

void doctor_read_paths(const struct buf *text, struct doctor_path *paths, size_t count)
{
    struct reader r = {.at = text->data, .left = text->len};
    char line[LINE_BYTES], *value;

    while (next_line(&r, line, &value)) {
        char *dot = strchr(line, '.');
        uint64_t index;
        if (!dot)
            continue;
        *dot = '\0';
        if (read_number(line, &index) && index < count)
            take_path(&paths[index], dot + 1, value);
    }
}

static void add_ability(struct doctor_terminal *t, const char *name)
{
    size_t have = strlen(t->abilities), len = strlen(name);

    if (have + len + 2 > sizeof t->abilities)
        return;
    if (have > 0)
        t->abilities[have++] = ' ';
    memcpy(t->abilities + have, name, len + 1);
}

void doctor_read_terminal(const struct buf *text, struct doctor_terminal *out)
{
    struct reader r = {.at = text->data, .left = text->len};
    char line[LINE_BYTES], *value;
    uint64_t n;

    while (next_line(&r, line, &value)) {
        if (strcmp(line, "terminal") == 0) {
            out->is_terminal = read_answer(value);
        } else if (strcmp(line, "term") == 0) {
            doctor_copy(out->term, sizeof out->term, value, strlen(value));
        } else if (strcmp(line, "entry") == 0) {
            out->entry_guessed = strcmp(value, "guessed") == 0;
            out->has_entry = out->entry_guessed ? DOCTOR_NO : read_answer(value);
        } else if (strcmp(line, "colors") == 0) {
            out->colors = strcmp(value, "-1") == 0 ? -1 : read_number(value, &n) ? (long)n : 0;
        } else if (strcmp(line, "asked") == 0) {
            out->asked = read_answer(value) == DOCTOR_YES;
            if (out->asked && out->answered == DOCTOR_UNKNOWN)
                out->answered = DOCTOR_NO;
        } else if (strcmp(line, "answered_ms") == 0 && read_number(value, &n)) {
            out->answered = DOCTOR_YES;
            out->answered_ms = n;
        } else if (strcmp(line, "identity") == 0) {
            doctor_copy(out->identity, sizeof out->identity, value, strlen(value));
        } else if (strcmp(line, "ability") == 0) {
            add_ability(out, value);
        }
    }
}
