/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/osc.h"

#include "terminal/emulator_internal.h"

/*
 * What shells say of their prompts: OSC 133 ; A before a prompt, B before the user's input, C
 * before a command's output, D after it; editors' terminals have the same as OSC 633. What stands
 * behind the letter, as the command's status, is not kept.
 */

/* In a server's bytes: this row has no marks any more. */
#define NO_MARKS '0'

void osc_mark(struct emulator *e, const struct osc_text *text)
{
    struct screen *s = &e->screen;
    const struct row *r = s->row[s->cursor_row];
    uint8_t marks = r->marks;
    uint16_t input = r->input;

    if (text->len == 0 || (text->len > 1 && text->bytes[1] != ';'))
        return;
    switch (text->bytes[0]) {
    case 'A':
        marks |= ROW_PROMPT;
        if (e->role == EMULATOR_HOST)
            input = 0; /* that of the prompt before */
        break;
    case 'B':
        input = (uint16_t)(s->cursor_col + 1);
        break;
    case 'C':
        marks |= ROW_OUTPUT;
        break;
    case 'D':
        marks |= ROW_OUTPUT_END;
        break;
    case NO_MARKS:
        if (e->role == EMULATOR_MIRROR)
            marks = 0, input = 0;
        break;
    }
    screen_set_marks(s, s->cursor_row, marks, input);
}
