/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/emulator_internal.h"

#include <string.h>

/*
 * Device control strings, of which only two are known, both questions: DECRQSS for the state of
 * something that a control sequence sets, and XTGETTCAP for a terminfo entry. The answers hold
 * nothing of the question (S25).
 */

static void put_colour(struct buf *out, unsigned base, uint32_t colour)
{
    uint32_t value = COLOUR_VALUE(colour);

    if (colour == COLOUR_DEFAULT)
        return;
    buf_append_byte(out, ';');
    if (COLOUR_KIND(colour) == COLOUR_INDEXED && value < 8) {
        buf_append_dec(out, base + value);
        return;
    }
    if (COLOUR_KIND(colour) == COLOUR_INDEXED && value < 16) {
        buf_append_dec(out, base + 60 + value - 8);
        return;
    }
    buf_append_dec(out, base + 8);
    if (COLOUR_KIND(colour) == COLOUR_INDEXED) {
        buf_append_str(out, ":5:");
        buf_append_dec(out, value);
        return;
    }
    buf_append_str(out, ":2:");
    for (unsigned shift = 24; shift > 0; shift -= 8) {
        buf_append_byte(out, ':');
        buf_append_dec(out, value >> (shift - 8) & 0xFF);
    }
}

/* The sequence that sets this pen. Colours are written with colons, which are clear in a list. */
static void put_pen(const struct emulator *e, struct buf *out)
{
    static const struct {
        uint16_t attribute;
        const char *code;
    } codes[] = {
        {STYLE_BOLD, ";1"},   {STYLE_FAINT, ";2"},     {STYLE_ITALIC, ";3"},
        {STYLE_BLINK, ";5"},  {STYLE_INVERSE, ";7"},   {STYLE_INVISIBLE, ";8"},
        {STYLE_STRUCK, ";9"}, {STYLE_OVERLINE, ";53"},
    };
    const struct style *pen = &e->screen.pen;

    buf_append_byte(out, '0');
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (pen->attributes & codes[i].attribute)
            buf_append_str(out, codes[i].code);
    }
    if (pen->underline != UNDERLINE_NONE)
        buf_append_str(out, ";4");
    put_colour(out, 30, pen->foreground);
    put_colour(out, 40, pen->background);
    buf_append_byte(out, 'm');
}

static void put_margins(const struct emulator *e, struct buf *out)
{
    buf_append_dec(out, e->top + 1);
    buf_append_byte(out, ';');
    buf_append_dec(out, e->bottom);
    buf_append_byte(out, 'r');
}

static void put_side_margins(const struct emulator *e, struct buf *out)
{
    buf_append_dec(out, e->left + 1);
    buf_append_byte(out, ';');
    buf_append_dec(out, e->right);
    buf_append_byte(out, 's');
}

static void put_protection(const struct emulator *e, struct buf *out)
{
    buf_append_str(out, e->protecting && !e->guarded_area ? "1\"q" : "0\"q");
}

/* DECRQSS: the final characters of the sequence are the question. */
static void report_setting(struct emulator *e, const uint8_t *name, size_t len)
{
    struct buf *out = reply_room(e);
    void (*put)(const struct emulator *e, struct buf *out) = NULL;

    if (!out)
        return;
    if (len == 1 && *name == 'm')
        put = put_pen;
    else if (len == 1 && *name == 'r')
        put = put_margins;
    else if (len == 1 && *name == 's')
        put = put_side_margins;
    else if (len == 2 && memcmp(name, "\"q", 2) == 0)
        put = put_protection;
    buf_append_str(out, put ? "\033P1$r" : "\033P0$r");
    if (put)
        put(e, out);
    buf_append_str(out, "\033\\");
}

/* XTGETTCAP: a program that has no answer waits for it; that there is no such entry sends it to
   the terminfo that it has. We know neither the name of the user's terminal nor its colours. */
static void refuse_capability(struct emulator *e)
{
    struct buf *out = reply_room(e);

    if (out)
        buf_append_str(out, "\033P0+r\033\\");
}

void dcs_dispatch(struct emulator *e, const uint8_t *bytes, size_t len)
{
    if (len < 2 || bytes[1] != 'q')
        return;
    if (bytes[0] == '$')
        report_setting(e, bytes + 2, len - 2);
    else if (bytes[0] == '+')
        refuse_capability(e);
}
