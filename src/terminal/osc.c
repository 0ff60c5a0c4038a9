/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/emulator_internal.h"

#include <string.h>

#include "util/utf8.h"

/*
 * Operating system commands: "number ; text". Every text ends up in the user's real terminal, so
 * each handler takes only what it knows to be harmless there.
 */

#define TITLE_CHARACTERS_MAX 256

struct command_text {
    const uint8_t *bytes; /* well-formed UTF-8 without controls */
    size_t len;
    bool cut; /* it was longer */
};

struct command {
    uint32_t number;
    void (*handle)(struct emulator *e, const struct command_text *text);
};

/* S24: no controls, and nothing that breaks lines or reorders what is shown beside the title. */
static bool fits_title(uint32_t c)
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

/* The caller holds the reference. */
static struct text *title_new(const struct command_text *text)
{
    char title[TITLE_CHARACTERS_MAX * UTF8_BYTES_MAX];
    size_t title_len = 0, characters = 0;
    struct utf8_decoder decoder = {0};
    uint32_t c;

    for (size_t i = 0; i < text->len && characters < TITLE_CHARACTERS_MAX; i++) {
        if (utf8_feed(&decoder, text->bytes[i], &c) != UTF8_DONE || !fits_title(c))
            continue;
        title_len += utf8_encode(c, title + title_len);
        characters++;
    }
    return text_new(title, title_len);
}

static void set_both_titles(struct emulator *e, const struct command_text *text)
{
    struct text *title = title_new(text);

    text_replace(&e->screen.icon_name, text_ref(title));
    text_replace(&e->screen.window_title, title);
}

static void set_icon_name(struct emulator *e, const struct command_text *text)
{
    text_replace(&e->screen.icon_name, title_new(text));
}

static void set_window_title(struct emulator *e, const struct command_text *text)
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
static void set_clipboard(struct emulator *e, const struct command_text *text)
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

static const struct command commands[] = {
    {0, set_both_titles},
    {1, set_icon_name},
    {2, set_window_title},
    {52, set_clipboard},
};

const struct emulator_table osc_table = {commands, sizeof commands / sizeof *commands,
                                         sizeof *commands};

void osc_dispatch(struct emulator *e, const uint8_t *bytes, size_t len, bool cut)
{
    enum { LARGER_THAN_ANY = 100000 };
    const struct command *found;
    uint32_t number = 0;
    size_t i = 0;

    for (; i < len && bytes[i] >= '0' && bytes[i] <= '9'; i++) {
        if (number < LARGER_THAN_ANY)
            number = number * 10 + (uint32_t)(bytes[i] - '0');
    }
    if (i == len || bytes[i] != ';')
        return;
    found = emulator_table_find(&osc_table, number);
    if (found)
        found->handle(e, &(struct command_text){bytes + i + 1, len - i - 1, cut});
}
