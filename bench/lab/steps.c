/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steps.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../tests/lib/rng.h"
#include "util/xalloc.h"

/* A practised typist: about six characters a second in a burst, pauses between words, and some
   longer ones to think, which make it four characters a second in all. */
#define KEY_MS_MIN            60
#define KEY_MS_SPREAD         150
#define WORD_MS_MIN           120
#define WORD_MS_SPREAD        500
#define THOUGHTS_PER_THOUSAND 120 /* of the words */
#define THOUGHT_MS_MIN        800
#define THOUGHT_MS_SPREAD     2000
#define LINE_MS_MIN           250
#define LINE_MS_SPREAD        900
#define MISTAKES_PER_THOUSAND 25

struct maker {
    struct step *steps;
    size_t count;
    struct rng rng;
    uint32_t pause_ms; /* to be added to the next step */
    bool settle;
    char phase[PHASE_MAX];
    size_t choices;             /* `either` lines so far, ... */
    char chosen[STEP_TEXT_MAX]; /* ... and which of them it is to be */
};

static uint32_t draw(struct maker *m, size_t below)
{
    return (uint32_t)rng_below(&m->rng, below);
}

static void add(struct maker *m, uint32_t wait_ms, bool paste, const char *text, size_t len)
{
    struct step *s;

    if (m->count == STEPS_MAX || len >= STEP_TEXT_MAX)
        errx(EXIT_FAILURE, "the scenario is too long");
    s = &m->steps[m->count++];
    *s = (struct step){.wait_ms = m->pause_ms + wait_ms, .settle = m->settle, .paste = paste};
    memcpy(s->text, text, len);
    memcpy(s->phase, m->phase, sizeof s->phase);
    m->pause_ms = 0;
    m->settle = false;
}

static void add_key(struct maker *m, const char *name)
{
    uint32_t wait = KEY_MS_MIN + draw(m, KEY_MS_SPREAD);

    if (strcmp(name, "Enter") == 0)
        wait = LINE_MS_MIN + draw(m, LINE_MS_SPREAD);
    add(m, wait, false, name, strlen(name));
}

/* One to three wrong characters, and as many corrections. */
static void make_mistake(struct maker *m)
{
    size_t count = 1 + draw(m, 3);
    char wrong[2] = {0};

    for (size_t i = 0; i < count; i++) {
        wrong[0] = (char)('a' + draw(m, 26));
        add_key(m, wrong);
    }
    m->pause_ms += 150;
    for (size_t i = 0; i < count; i++)
        add_key(m, "Backspace");
}

/* Bytes of the UTF-8 character at `text`. */
static size_t character_len(const char *text)
{
    size_t len = 1;

    while (((uint8_t)text[len] & 0xC0) == 0x80)
        len++;
    return len;
}

static uint32_t pause_between_words(struct maker *m)
{
    uint32_t pause = WORD_MS_MIN + draw(m, WORD_MS_SPREAD);

    if (draw(m, 1000) < THOUGHTS_PER_THOUSAND)
        pause += THOUGHT_MS_MIN + draw(m, THOUGHT_MS_SPREAD);
    return pause;
}

static void type(struct maker *m, const char *text)
{
    while (*text) {
        size_t len = character_len(text);
        uint32_t wait = KEY_MS_MIN + draw(m, KEY_MS_SPREAD);
        if (draw(m, 1000) < MISTAKES_PER_THOUSAND)
            make_mistake(m);
        if (*text == ' ')
            m->pause_ms += pause_between_words(m) - KEY_MS_MIN;
        add(m, wait, false, text, len);
        text += len;
    }
}

static bool press(struct maker *m, char *rest)
{
    char *blank = strchr(rest, ' ');
    unsigned long times = 1;

    if (blank) {
        *blank = '\0';
        times = strtoul(blank + 1, NULL, 10);
    }
    if (times < 1 || times > 100)
        return false;
    while (times-- > 0)
        add_key(m, rest);
    return true;
}

/* Each of n choices is the one with the same chance. */
static bool add_choice(struct maker *m, const char *text)
{
    if (strlen(text) >= sizeof m->chosen)
        return false;
    if (draw(m, ++m->choices) == 0)
        strcpy(m->chosen, text);
    return true;
}

static void end_choices(struct maker *m)
{
    if (m->choices > 0)
        type(m, m->chosen);
    m->choices = 0;
}

static bool begin_phase(struct maker *m, const char *name)
{
    if (strlen(name) >= sizeof m->phase)
        return false;
    strcpy(m->phase, name);
    return true;
}

static bool take_line(struct maker *m, char *line)
{
    char *rest = strchr(line, ' ');

    rest = rest ? rest + 1 : line + strlen(line);
    if (strncmp(line, "either ", 7) == 0)
        return add_choice(m, rest);
    end_choices(m);
    if (*line == '#' || *line == '\0')
        return true;
    if (strncmp(line, "phase ", 6) == 0)
        return begin_phase(m, rest);
    if (strncmp(line, "type ", 5) == 0)
        type(m, rest);
    else if (strncmp(line, "key ", 4) == 0)
        return press(m, rest);
    else if (strncmp(line, "paste ", 6) == 0)
        add(m, LINE_MS_MIN, true, rest, strlen(rest));
    else if (strncmp(line, "think ", 6) == 0)
        m->pause_ms += (uint32_t)strtoul(rest, NULL, 10);
    else if (strcmp(line, "settle") == 0)
        m->settle = true;
    else
        return false;
    return true;
}

struct step *steps_read(const char *path, uint64_t seed, size_t *count)
{
    struct maker m = {.rng = {seed}, .phase = "-"};
    FILE *file = fopen(path, "r");
    char line[1024];
    size_t number = 0;

    if (!file)
        err(EXIT_FAILURE, "%s", path);
    m.steps = xreallocarray(NULL, STEPS_MAX, sizeof *m.steps);
    while (fgets(line, sizeof line, file)) {
        number++;
        line[strcspn(line, "\n")] = '\0';
        if (!take_line(&m, line))
            errx(EXIT_FAILURE, "%s:%zu: not understood: %s", path, number, line);
    }
    end_choices(&m);
    fclose(file);
    *count = m.count;
    return m.steps;
}
