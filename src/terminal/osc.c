/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/osc.h"

#include <string.h>

#include "terminal/emulator_internal.h"
#include "terminal/harmless.h"

/* Operating system commands: "number ; text", or the number alone. */

#define TITLE_CHARACTERS_MAX 256

struct command {
    uint32_t number;
    void (*handle)(struct emulator *e, const struct osc_text *text);
    bool bare; /* it means something without a text, which is then empty */
};

bool osc_next(struct osc_text *text, struct osc_text *part)
{
    const uint8_t *semicolon;

    if (!text->bytes)
        return false;
    semicolon = text->len > 0 ? memchr(text->bytes, ';', text->len) : NULL;
    *part = *text;
    if (!semicolon) {
        *text = (struct osc_text){0};
        return true;
    }
    part->len = (size_t)(semicolon - text->bytes);
    text->bytes = semicolon + 1;
    text->len -= part->len + 1;
    return true;
}

struct osc_text osc_first(struct osc_text *text)
{
    struct osc_text part = {0};

    osc_next(text, &part);
    return part;
}

static struct text *title_new(const struct osc_text *text)
{
    return harmless_text(text->bytes, text->len, TITLE_CHARACTERS_MAX);
}

static void set_both_titles(struct emulator *e, const struct osc_text *text)
{
    struct text *title = title_new(text);

    text_replace(&e->screen.icon_name, text_ref(title));
    text_replace(&e->screen.window_title, title);
}

static void set_icon_name(struct emulator *e, const struct osc_text *text)
{
    text_replace(&e->screen.icon_name, title_new(text));
}

static void set_window_title(struct emulator *e, const struct osc_text *text)
{
    text_replace(&e->screen.window_title, title_new(text));
}

/* A URL of a file, with its host or without. Its bytes should be printable ASCII, but shells do not
   always see to that. */
static bool is_directory(const struct osc_text *text)
{
    static const char scheme[] = "file://";

    return text->len > sizeof scheme - 1 && memcmp(text->bytes, scheme, sizeof scheme - 1) == 0;
}

/* A URL that lost some of its characters would lead somewhere else. */
static void set_directory(struct emulator *e, const struct osc_text *text)
{
    struct text *clean;

    if (text->cut || text->len > DIRECTORY_BYTES_MAX)
        return;
    if (text->len == 0) {
        text_replace(&e->screen.registers.directory, NULL);
        return;
    }
    clean = harmless_text(text->bytes, text->len, DIRECTORY_BYTES_MAX);
    if (is_directory(text) && clean->len == text->len)
        text_replace(&e->screen.registers.directory, clean);
    else
        text_unref(clean);
}

static const struct command commands[] = {
    {0, set_both_titles, false},
    {1, set_icon_name, false},
    {2, set_window_title, false},
    {4, osc_set_palette, false},
    {7, set_directory, false},
    {8, osc_link, false},
    {9, osc_notify, false},
    {10, osc_set_foreground, false},
    {11, osc_set_background, false},
    {12, osc_set_cursor_colour, false},
    {52, osc_clipboard, false},
    {99, osc_notify_in_parts, false},
    {104, osc_reset_palette, true},
    {110, osc_reset_foreground, true},
    {111, osc_reset_background, true},
    {112, osc_reset_cursor_colour, true},
    {133, osc_mark, false},
    {633, osc_mark, false},
    {777, osc_notify_with_title, false},
};

const struct emulator_table osc_table = {commands, sizeof commands / sizeof *commands,
                                         sizeof *commands};

void osc_dispatch(struct emulator *e, struct osc_text text)
{
    enum { LARGER_THAN_ANY = 100000 };
    const struct command *found;
    uint32_t number = 0;

    for (; text.len > 0 && *text.bytes >= '0' && *text.bytes <= '9'; text.bytes++, text.len--) {
        if (number < LARGER_THAN_ANY)
            number = number * 10 + (uint32_t)(*text.bytes - '0');
    }
    if (text.len > 0 && *text.bytes != ';')
        return;
    found = emulator_table_find(&osc_table, number);
    if (!found || (text.len == 0 && !found->bare))
        return;
    if (text.len > 0) {
        text.bytes++;
        text.len--;
    } else {
        text.bytes = NULL;
    }
    found->handle(e, &text);
}
