/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "terminal/emulator_internal.h"

/*
 * Answers to the program's questions. They are fixed or numeric: nothing that the program sent is
 * ever returned (S25), since whoever wrote a file that is shown could type with it.
 */

/* Answers that the program does not read are worth nothing: with so many waiting, no more come. */
#define REPLY_BYTES_MAX 65536

struct buf *reply_room(const struct emulator *e)
{
    return e->reply && e->reply->len < REPLY_BYTES_MAX ? e->reply : NULL;
}

static void answer(struct emulator *e, const char *text)
{
    struct buf *out = reply_room(e);

    if (out)
        buf_append_str(out, text);
}

static void answer_pair(struct emulator *e, const char *begin, size_t a, size_t b, const char *end)
{
    struct buf *out = reply_room(e);

    if (!out)
        return;
    buf_append_str(out, begin);
    buf_append_dec(out, a);
    buf_append_byte(out, ';');
    buf_append_dec(out, b);
    buf_append_str(out, end);
}

/* DA1: a VT220 with colours (22) and access to the clipboard (52). */
void reply_attributes(struct emulator *e, const struct params *params)
{
    if (params->value[0] == 0)
        answer(e, "\033[?62;22;52c");
}

/* DA2: as libvterm, and for its sake: from this vim takes that there are SGR mouse reports. The
   number of a new xterm would say the same, but also that there are answers about colours, for
   which Emacs then waits two seconds. */
void reply_secondary_attributes(struct emulator *e, const struct params *params)
{
    if (params->value[0] == 0)
        answer(e, "\033[>0;100;0c");
}

/* DA3: a number of the unit, and here as in xterm of none. */
void reply_tertiary_attributes(struct emulator *e, const struct params *params)
{
    if (params->value[0] == 0)
        answer(e, "\033P!|00000000\033\\");
}

/* XTVERSION */
void reply_version(struct emulator *e, const struct params *params)
{
    if (params->value[0] == 0)
        answer(e, "\033P>|mosh(" PACKAGE_VERSION ")\033\\");
}

/* CPR and DECXCPR; in origin mode row and column count from the margins, as they do in CUP. */
static void report_cursor(struct emulator *e, const char *begin)
{
    const struct screen *s = &e->screen;
    size_t first_row = e->origin && s->cursor_row >= e->top ? e->top : 0;

    size_t first_col = e->origin && s->cursor_col >= e->left ? e->left : 0;

    answer_pair(e, begin, s->cursor_row - first_row + 1, s->cursor_col - first_col + 1, "R");
}

void reply_status(struct emulator *e, const struct params *params)
{
    if (params->value[0] == 5)
        answer(e, "\033[0n");
    else if (params->value[0] == 6)
        report_cursor(e, "\033[");
}

void reply_private_status(struct emulator *e, const struct params *params)
{
    if (params->value[0] == 6)
        report_cursor(e, "\033[?");
}

/* DECRQM */
void reply_mode(struct emulator *e, const struct params *params)
{
    uint32_t number = params->value[0];

    answer_pair(e, "\033[", number, mode_state(e, number), "$y");
}

void reply_private_mode(struct emulator *e, const struct params *params)
{
    uint32_t number = params->value[0];

    answer_pair(e, "\033[?", number, mode_state_private(e, number), "$y");
}

void reply_size(struct emulator *e)
{
    answer_pair(e, "\033[8;", e->screen.rows, e->screen.cols, "t");
}

/* The size in pixels, which would follow, is not known: zeros. */
void reply_size_in_band(struct emulator *e)
{
    answer_pair(e, "\033[48;", e->screen.rows, e->screen.cols, ";0;0t");
}
