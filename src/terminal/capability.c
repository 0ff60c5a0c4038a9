/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/emulator_internal.h"
#include "util/hex.h"

#include <string.h>

/*
 * XTGETTCAP: questions for entries of terminfo, by names in hexadecimal. What programs cannot learn
 * from the entry of $TERM is answered from what the client said of its terminal. Names and values
 * of the answers come from this table, and nothing of the question returns (S25).
 *
 * A program that has no answer waits for it. So a name that is not here, and every name while
 * nothing is known of the terminal, is refused: that sends the program to the terminfo that it has.
 */

static bool always(const struct profile *p)
{
    (void)p;
    return true;
}

static bool has_256_colours(const struct profile *p)
{
    return p->colours >= 256;
}

static bool has_few_colours(const struct profile *p)
{
    return p->colours > 0; /* those who have 256 were found before */
}

static bool has_direct_colours(const struct profile *p)
{
    return p->colours == PROFILE_COLOURS_MAX;
}

static bool has_styles(const struct profile *p)
{
    return p->features & FEATURE_STYLES && p->abilities & CAN_UNDERLINE_STYLES;
}

static bool has_underline_colour(const struct profile *p)
{
    return p->features & FEATURE_STYLES && p->abilities & CAN_UNDERLINE_COLOUR;
}

static bool has_cursor_style(const struct profile *p)
{
    return p->features & FEATURE_REGISTERS;
}

static bool has_clipboard(const struct profile *p)
{
    return p->abilities & CAN_CLIPBOARD;
}

/* Of several with one name the first counts whose condition holds. No value: a flag. */
static const struct capability {
    const char *name, *value;
    bool (*holds)(const struct profile *p);
} capabilities[] = {
    {"TN", "xterm-256color", has_256_colours},
    {"TN", "xterm", always},
    {"Co", "256", has_256_colours},
    {"Co", "8", has_few_colours},
    {"colors", "256", has_256_colours},
    {"colors", "8", has_few_colours},
    {"RGB", "8", has_direct_colours}, /* bits of each component */
    {"Tc", NULL, has_direct_colours},
    {"Su", NULL, has_styles},
    {"Smulx", "\033[4:%p1%dm", has_styles},
    {"Setulc", "\033[58:2::%p1%{65536}%/%d:%p1%{256}%/%{255}%&%d:%p1%{255}%&%dm",
     has_underline_colour},
    {"Ss", "\033[%p1%d q", has_cursor_style},
    {"Se", "\033[0 q", has_cursor_style},
    {"Ms", "\033]52;%p1%s;%p2%s\033\\", has_clipboard},
    {"Sync", "\033[?2026%?%p1%{1}%-%tl%eh%;", always},
};

#define NAME_BYTES_MAX 8

/* False if it is no name in hexadecimal, or one that is longer than any here. */
static bool read_name(const uint8_t *hex, size_t len, char name[NAME_BYTES_MAX + 1])
{
    if (len == 0 || len % 2 != 0 || len / 2 > NAME_BYTES_MAX)
        return false;
    for (size_t i = 0; i < len; i += 2) {
        int high = hex_digit(hex[i]), low = hex_digit(hex[i + 1]);
        if (high < 0 || low < 0 || (high == 0 && low == 0))
            return false;
        name[i / 2] = (char)(high << 4 | low);
    }
    name[len / 2] = '\0';
    return true;
}

static const struct capability *find(const struct emulator *e, const uint8_t *hex, size_t len)
{
    char name[NAME_BYTES_MAX + 1];

    if (e->profile.features == 0 || !read_name(hex, len, name))
        return NULL;
    for (size_t i = 0; i < sizeof capabilities / sizeof *capabilities; i++)
        if (strcmp(capabilities[i].name, name) == 0 && capabilities[i].holds(&e->profile))
            return &capabilities[i];
    return NULL;
}

static void put_hex(struct buf *out, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";

    for (; *text; text++) {
        buf_append_byte(out, (uint8_t)digits[(uint8_t)*text >> 4]);
        buf_append_byte(out, (uint8_t)digits[(uint8_t)*text & 0xF]);
    }
}

/* Each name has an answer of its own. */
static void report(struct emulator *e, const uint8_t *hex, size_t len)
{
    const struct capability *found = find(e, hex, len);
    struct buf *out = reply_room(e);

    if (!out)
        return;
    buf_append_str(out, found ? "\033P1+r" : "\033P0+r");
    if (found)
        put_hex(out, found->name);
    if (found && found->value) {
        buf_append_byte(out, '=');
        put_hex(out, found->value);
    }
    buf_append_str(out, "\033\\");
}

void capability_report(struct emulator *e, const uint8_t *names, size_t len)
{
    const uint8_t *end = names + len, *at = names;

    for (;;) {
        const uint8_t *semicolon = at < end ? memchr(at, ';', (size_t)(end - at)) : NULL;
        report(e, at, (size_t)((semicolon ? semicolon : end) - at));
        if (!semicolon)
            return;
        at = semicolon + 1;
    }
}
