/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/paint.h"

/* A mark belongs to the row, or for the input to the cell, where the cursor is. */
static void put_mark(struct paint *p, size_t row, size_t col, char mark)
{
    paint_move_hidden(p, row, col);
    buf_append_str(p->out, "\033]133;");
    buf_append_byte(p->out, (uint8_t)mark);
    buf_append_byte(p->out, '\a');
}

/* As far as they are not `had`. */
static void put_marks(struct paint *p, size_t row, uint8_t had)
{
    static const struct {
        uint8_t mark;
        char letter;
    } letters[] = {{ROW_OUTPUT_END, 'D'}, {ROW_PROMPT, 'A'}, {ROW_OUTPUT, 'C'}};
    uint8_t marks = p->to->row[row]->marks & (uint8_t)~had;

    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        if (marks & letters[i].mark)
            put_mark(p, row, 0, letters[i].letter);
    }
}

static void paint_marks_of(struct paint *p, size_t row)
{
    const struct row *to = p->to->row[row], *shown = p->shown->row[row];
    uint8_t had = shown->marks;
    uint16_t input = shown->input;

    if (p->caps->mirror && (had & ~to->marks || (input != to->input && to->input == 0))) {
        put_mark(p, row, 0, '0');
        had = 0;
        input = 0;
    }
    put_marks(p, row, had);
    if (to->input != 0 && to->input != input)
        put_mark(p, row, to->input - 1u, 'B');
}

void paint_marks(struct paint *p)
{
    if (!p->caps->prompt_marks)
        return;
    for (size_t row = 0; row < p->to->rows; row++)
        if (p->to->row[row] != p->shown->row[row])
            paint_marks_of(p, row);
}
