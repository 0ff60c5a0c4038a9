/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/emulator_internal.h"

/*
 * What erases (ECMA-48 8.3.38 ECH, 39 ED, 41 EL), and what is kept from it: characters that DECSCA
 * protects are passed over by DECSEL and DECSED, and those of a guarded area (SPA, EPA) by all, as
 * in xterm. Margins do not matter here. What is erased gets the pen's background.
 */

/* Erases columns [from, to) of a row, but for protected characters if these count. */
static void erase_cells(struct emulator *e, size_t row, size_t from, size_t to, bool selective)
{
    struct screen *s = &e->screen;

    if (e->guard && (selective || e->guarded_area))
        guard_erase(e->guard, s, row, from, to, &s->pen);
    else
        screen_erase(s, row, from, to, &s->pen);
}

/* What a shell said of a row goes with the row, but not with its text: EL erases that, ED both. */
static void erase_rows(struct emulator *e, size_t from, size_t to, bool selective)
{
    for (size_t row = from; row < to; row++) {
        screen_set_marks(&e->screen, row, 0, 0);
        erase_cells(e, row, 0, e->screen.cols, selective);
    }
}

void emulator_erase_screen(struct emulator *e)
{
    guard_unref(e->guard);
    e->guard = NULL;
    erase_rows(e, 0, e->screen.rows, false);
    e->wrap_pending = false;
}

/* For EL and ED alike: 0 from the cursor on, 1 up to and with it, 2 all of the row. */
static void erase_in_row(struct emulator *e, uint16_t what, bool selective)
{
    const struct screen *s = &e->screen;
    size_t from = what == 0 ? s->cursor_col : 0;
    size_t to = what == 1 ? s->cursor_col + 1 : s->cols;

    erase_cells(e, s->cursor_row, from, to, selective);
    e->wrap_pending = false;
}

static void erase_in_line(struct emulator *e, uint16_t what, bool selective)
{
    if (what <= 2)
        erase_in_row(e, what, selective);
}

static void erase_in_display(struct emulator *e, uint16_t what, bool selective)
{
    const struct screen *s = &e->screen;

    if (what > 2)
        return;
    if (what == 2 || (what == 0 && s->cursor_col == 0))
        screen_set_marks(&e->screen, s->cursor_row, 0, 0);
    erase_in_row(e, what, selective);
    if (what != 0)
        erase_rows(e, 0, s->cursor_row, selective);
    if (what != 1)
        erase_rows(e, s->cursor_row + 1, s->rows, selective);
}

void erase_line(struct emulator *e, const struct params *params)
{
    erase_in_line(e, params->value[0], false);
}

/* 3, which is xterm's, leaves the screen alone and erases what scrolled off it. */
void erase_display(struct emulator *e, const struct params *params)
{
    if (params->value[0] == 3)
        emulator_forget_history(e);
    erase_in_display(e, params->value[0], false);
}

void erase_line_selectively(struct emulator *e, const struct params *params)
{
    erase_in_line(e, params->value[0], true);
}

void erase_display_selectively(struct emulator *e, const struct params *params)
{
    erase_in_display(e, params->value[0], true);
}

void erase_characters(struct emulator *e, const struct params *params)
{
    const struct screen *s = &e->screen;

    erase_cells(e, s->cursor_row, s->cursor_col,
                smaller(s->cursor_col + csi_param(params, 0, 1), s->cols), false);
    e->wrap_pending = false;
}

/* DECSCA. There is one protection at a time: that of a guarded area ends with it. */
void erase_protect(struct emulator *e, const struct params *params)
{
    if (params->value[0] > 2)
        return;
    e->protecting = params->value[0] == 1;
    if (e->protecting)
        e->guarded_area = false;
}

void emulator_start_guarded_area(struct emulator *e)
{
    e->protecting = e->guarded_area = true;
}

void emulator_end_guarded_area(struct emulator *e)
{
    e->protecting = false;
}

void emulator_mark_printed(struct emulator *e, size_t row, size_t from, size_t to)
{
    if (!e->guard)
        e->guard = guard_new(e->screen.rows, e->screen.cols);
    guard_mark(&e->guard, row, from, to, e->protecting);
}
