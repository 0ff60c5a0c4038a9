/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/osc.h"

#include <string.h>

#include "terminal/emulator_internal.h"
#include "util/utf8.h"

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

/* S24: no controls, and nothing that breaks lines or reorders what is shown beside the title. */
static bool is_harmless(uint32_t c)
{
    static const uint32_t ranges[][2] = {
        {0x00, 0x1F},     {0x7F, 0x9F},     {0x061C, 0x061C},
        {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2066, 0x2069},
    };

    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        if (c >= ranges[i][0] && c <= ranges[i][1])
            return false;
    }
    return true;
}

struct text *osc_clean(const struct osc_text *text, size_t characters_max)
{
    struct utf8_decoder decoder = {0};
    struct buf clean = {0};
    struct text *result;
    uint32_t c;

    for (size_t i = 0; i < text->len && characters_max > 0; i++) {
        char utf8[UTF8_BYTES_MAX];
        if (utf8_feed(&decoder, text->bytes[i], &c) != UTF8_DONE || !is_harmless(c))
            continue;
        buf_append(&clean, utf8, utf8_encode(c, utf8));
        characters_max--;
    }
    result = text_new(clean.data, clean.len);
    buf_release(&clean);
    return result;
}

static struct text *title_new(const struct osc_text *text)
{
    return osc_clean(text, TITLE_CHARACTERS_MAX);
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

static bool is_base64(uint8_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
}

/* S23: only the clipboard itself, and only what can be its content. "?" would ask the user's
   terminal to give its clipboard away; half of a text that was cut is of no use. */
static void set_clipboard(struct emulator *e, const struct osc_text *text)
{
    static const char selection[] = {'c', ';'};
    const uint8_t *data;
    size_t len, digits;

    if (text->cut || text->len < sizeof selection ||
        memcmp(text->bytes, selection, sizeof selection) != 0)
        return;
    data = text->bytes + sizeof selection;
    len = text->len - sizeof selection;
    for (digits = len; digits > 0 && len - digits < 2 && data[digits - 1] == '='; digits--)
        ;
    for (size_t i = 0; i < digits; i++) {
        if (!is_base64(data[i]))
            return;
    }
    text_replace(&e->screen.clipboard, text_new(data, len));
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
    clean = osc_clean(text, DIRECTORY_BYTES_MAX);
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
    {52, set_clipboard, false},
    {104, osc_reset_palette, true},
    {110, osc_reset_foreground, true},
    {111, osc_reset_background, true},
    {112, osc_reset_cursor_colour, true},
};

const struct emulator_table osc_table = {commands, sizeof commands / sizeof *commands,
                                         sizeof *commands};

void osc_dispatch(struct emulator *e, const struct parser_event *event)
{
    enum { LARGER_THAN_ANY = 100000 };
    struct osc_text text = {event->text, event->len, event->cut, event->code == '\a'};
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
