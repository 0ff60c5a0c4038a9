/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/emulator_internal.h"

#include <string.h>

/*
 * Device control strings, of which only two are known, both questions: DECRQSS for the state of
 * something that a control sequence sets, and XTGETTCAP (capability.c). The answers hold nothing of
 * the question (S25).
 */

/* The sequence that sets this pen. */
static void put_pen(const struct emulator *e, struct buf *out)
{
    style_put_sgr(&e->screen.pen, STYLE_FORM_REPORT, out);
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

static void put_cursor_style(const struct emulator *e, struct buf *out)
{
    buf_append_dec(out, e->screen.registers.cursor_style);
    buf_append_str(out, " q");
}

/* DECSCL: a VT220 with answers of seven bits. */
static void put_level(const struct emulator *e, struct buf *out)
{
    (void)e;
    buf_append_str(out, "62;1\"p");
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
    else if (len == 2 && memcmp(name, "\"p", 2) == 0)
        put = put_level;
    else if (len == 2 && memcmp(name, " q", 2) == 0)
        put = put_cursor_style;
    buf_append_str(out, put ? "\033P1$r" : "\033P0$r");
    if (put)
        put(e, out);
    buf_append_str(out, "\033\\");
}

void dcs_dispatch(struct emulator *e, const uint8_t *bytes, size_t len)
{
    if (len < 2 || bytes[1] != 'q')
        return;
    if (bytes[0] == '$')
        report_setting(e, bytes + 2, len - 2);
    else if (bytes[0] == '+')
        capability_report(e, bytes + 2, len - 2);
}
