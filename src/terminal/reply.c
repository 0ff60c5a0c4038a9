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

/* DA1: a VT220 with selective erasing (6), national character sets (9), scrolling to the sides
   (21), colours (22) and access to the clipboard (52). Rectangles (28), and what else makes a
   VT420, there are not. */
void reply_attributes(struct emulator *e, const struct params *params)
{
    if (params->value[0] == 0)
        answer(e, "\033[?62;6;9;21;22;52c");
}

/* DA2, from which programs take what else they may ask. The number of an xterm that has SGR mouse
   reports also says that there are answers about colours, for which Emacs then waits two seconds.
   Where there are none it is libvterm's, by which vim knows these reports, too. */
void reply_secondary_attributes(struct emulator *e, const struct params *params)
{
    bool colours = e->profile.background != PROFILE_NO_COLOUR;

    if (params->value[0] == 0)
        answer(e, colours ? "\033[>0;277;0c" : "\033[>0;100;0c");
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
    /* In origin mode the cursor is within the margins. */
    size_t first_row = smaller(e->origin ? e->top : 0, s->cursor_row);
    size_t first_col = smaller(e->origin ? e->left : 0, s->cursor_col);

    answer_pair(e, begin, s->cursor_row - first_row + 1, s->cursor_col - first_col + 1, "R");
}

void reply_status(struct emulator *e, const struct params *params)
{
    if (params->value[0] == 5)
        answer(e, "\033[0n");
    else if (params->value[0] == 6)
        report_cursor(e, "\033[");
}

void reply_scheme(struct emulator *e)
{
    if (e->profile.scheme == SCHEME_DARK)
        answer(e, "\033[?997;1n");
    else if (e->profile.scheme == SCHEME_LIGHT)
        answer(e, "\033[?997;2n");
}

/* DSR in DEC's form: of the cursor (DECXCPR), the colour scheme, and of all the devices that this
   is not. */
void reply_private_status(struct emulator *e, const struct params *params)
{
    static const struct {
        uint16_t question;
        const char *answer;
    } fixed[] = {
        {15, "\033[?13n"},                            /* no printer */
        {25, "\033[?20n"},                            /* user-defined keys are not locked */
        {26, "\033[?27;1;0;0n"},                      /* a keyboard of North America */
        {53, "\033[?50n"},                            /* no locator */
        {55, "\033[?50n"},       {56, "\033[?57;0n"}, /* of no kind */
        {62, "\033[0*{"},                             /* no room for macros */
        {75, "\033[?70n"},                            /* no errors of the line */
        {85, "\033[?83n"},                            /* one session alone */
    };

    if (params->value[0] == 6)
        report_cursor(e, "\033[?");
    else if (params->value[0] == 996)
        reply_scheme(e);
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        if (params->value[0] == fixed[i].question)
            answer(e, fixed[i].answer);
    }
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
