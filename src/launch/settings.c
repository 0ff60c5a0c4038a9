/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "launch/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/xalloc.h"

enum { COMPLAINT_BYTES_MAX = 512, PRINT_COLUMN = 40 };

void settings_release(struct settings *s)
{
    for (enum option_id o = 0; o < OPTIONS; o++) {
        free(s->at[o].value);
        free(s->at[o].origin);
    }
    *s = (struct settings){0};
}

const char *settings_get(const struct settings *s, enum option_id o)
{
    return s->at[o].value ? s->at[o].value : options_table[o].fallback;
}

bool settings_is_yes(const struct settings *s, enum option_id o)
{
    return strcmp(settings_get(s, o), "yes") == 0;
}

/* --- setting --- */

static void complain(enum option_id o, const char *value, enum settings_source source,
                     const char *origin, const char *why, struct buf *complaint)
{
    char line[COMPLAINT_BYTES_MAX];
    if (!*value)
        value = "\"\"";
    if (source == SOURCE_OPTION)
        snprintf(line, sizeof line, "%s %.200s: %s", origin, value, why);
    else if (source == SOURCE_ENVIRONMENT)
        snprintf(line, sizeof line, "the environment's %s=%.200s: %s", origin, value, why);
    else
        snprintf(line, sizeof line, "%.150s: %s %.150s: %s", origin, options_table[o].keyword,
                 value, why);
    buf_clear(complaint);
    buf_append_str(complaint, line);
}

static char *describe(enum settings_source source, const char *origin)
{
    struct buf text = {0};
    if (source == SOURCE_OPTION)
        buf_append_str(&text, "option ");
    else if (source == SOURCE_ENVIRONMENT)
        buf_append_str(&text, "environment ");
    buf_append_str(&text, origin);
    buf_append_byte(&text, '\0');
    char *copy = xstrdup((const char *)text.data);
    buf_release(&text);
    return copy;
}

int settings_set(struct settings *s, enum option_id o, const char *value,
                 enum settings_source source, const char *origin, struct buf *complaint)
{
    struct setting *at = &s->at[o];
    if (at->value && source != SOURCE_OPTION && source != SOURCE_FILE)
        return 0; /* what is in the environment may be anything, if it does not count */
    const char *why = option_refuses(o, value);
    if (why) {
        complain(o, value, source, origin, why, complaint);
        return -1;
    }
    if (at->value && source != SOURCE_OPTION)
        return 0;
    free(at->value);
    free(at->origin);
    *at = (struct setting){xstrdup(value), source, describe(source, origin)};
    return 0;
}

/* Some were never refused, whatever they were. */
static const char *tolerate(enum option_id o, const char *value)
{
    if (o == OPTION_PREDICT_OVERWRITE)
        return strcmp(value, "yes") == 0 ? "yes" : "no";
    if (o == OPTION_ESCAPE_KEY && !*value)
        return "none";
    return (o == OPTION_ESCAPE_KEY || o == OPTION_TITLE_PREFIX) && option_refuses(o, value) ? NULL
                                                                                            : value;
}

int settings_take_environment(struct settings *s, char *(*get)(const char *name),
                              struct buf *complaint)
{
    for (enum option_id o = 0; o < OPTIONS; o++) {
        for (size_t i = 0; i < 2 && options_table[o].variables[i].name; i++) {
            const struct option_variable *v = &options_table[o].variables[i];
            const char *value = get(v->name);
            if (value)
                value = v->means ? v->means : tolerate(o, value);
            if (value && settings_set(s, o, value, SOURCE_ENVIRONMENT, v->name, complaint) < 0)
                return -1;
        }
    }
    return 0;
}

/* --- showing --- */

/* As a file would have it. */
static void append_value(enum option_id o, const char *value, struct buf *out)
{
    bool plain = options_table[o].is_rest || (*value && !strpbrk(value, " \t\"#\\"));
    if (plain) {
        buf_append_str(out, value);
        return;
    }
    buf_append_byte(out, '"');
    for (; *value; value++) {
        if (*value == '"' || *value == '\\')
            buf_append_byte(out, '\\');
        buf_append_byte(out, (uint8_t)*value);
    }
    buf_append_byte(out, '"');
}

void settings_print(const struct settings *s, struct buf *out)
{
    for (enum option_id o = 0; o < OPTIONS; o++) {
        const char *value = settings_get(s, o);
        size_t start = out->len;
        if (!options_table[o].keyword)
            continue;
        if (!value)
            buf_append_str(out, "# ");
        buf_append_str(out, options_table[o].keyword);
        if (value) {
            buf_append_byte(out, ' ');
            append_value(o, value, out);
        }
        do
            buf_append_byte(out, ' ');
        while (out->len - start < PRINT_COLUMN);
        buf_append_str(out, "# ");
        buf_append_str(out, s->at[o].origin ? s->at[o].origin : "default");
        if (!value) {
            buf_append_str(out, ": ");
            buf_append_str(out, options_table[o].otherwise);
        }
        buf_append_byte(out, '\n');
    }
}
