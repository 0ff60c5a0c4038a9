/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/display.h"

#include "terminal/paint.h"
#include "terminal/reduce.h"
#include "terminal/scroll.h"

/* Panes that scroll one by one; what scrolls beyond so many is painted. */
#define SCROLLS_MAX 8

static void put_osc(struct buf *out, const char *command, const struct text *text)
{
    buf_append_str(out, "\033]");
    buf_append_str(out, command);
    buf_append_byte(out, ';');
    if (text)
        buf_append(out, text->bytes, text->len);
    buf_append_byte(out, '\a');
}

/* One sequence for both where they are the same; nothing for what was never set. */
static void put_titles(const struct screen *from, const struct screen *to, struct buf *out)
{
    const struct text *shown_icon = from ? from->icon_name : NULL;
    const struct text *shown_title = from ? from->window_title : NULL;
    bool icon = !text_equal(shown_icon, to->icon_name);
    bool title = !text_equal(shown_title, to->window_title);

    if (icon && title && text_equal(to->icon_name, to->window_title)) {
        put_osc(out, "0", to->window_title);
        return;
    }
    if (icon)
        put_osc(out, "1", to->icon_name);
    if (title)
        put_osc(out, "2", to->window_title);
}

/* All modes of mouse reports and of their encodings, from the weakest on. */
static const struct modelist all_mouse_reports = {
    {MOUSE_X10, MOUSE_VT200, MOUSE_HIGHLIGHT, MOUSE_BUTTON, MOUSE_ANY}, 5};
static const struct modelist all_mouse_encodings = {
    {MOUSE_ENCODING_UTF8, MOUSE_ENCODING_SGR, MOUSE_ENCODING_URXVT}, 3};
static const struct modelist none;

/* `known`: the terminal is in the modes of `from`; else in any of `all`. */
static void put_mouse(const struct modelist *from, const struct modelist *to, bool known,
                      const struct modelist *all, struct buf *out)
{
    if (!known)
        modelist_put(all, &none, out);
    modelist_put(known ? from : &none, to, out);
}

/* Reports in pixels are for programs that were told there are such. */
static void put_encoding(const struct caps *caps, const struct modelist *from,
                         const struct modelist *to, bool known, struct buf *out)
{
    struct modelist all = all_mouse_encodings;

    if (caps->pixel_mouse)
        modelist_set(&all, MOUSE_ENCODING_PIXELS, true);
    put_mouse(from, to, known, &all, out);
}

static void put_keypad(const struct caps *caps, const struct screen *from, const struct screen *to,
                       bool known, struct buf *out)
{
    if (caps->keypad && (!known || from->application_keypad != to->application_keypad))
        buf_append_str(out, to->application_keypad ? "\033=" : "\033>");
}

/* Keyboard protocols; programs may use those alone that the user's terminal has. */
static void put_keyboard(const struct caps *caps, const struct screen *from,
                         const struct screen *to, bool known, struct buf *out)
{
    if (caps->kitty_keyboard && (!known || from->kitty_flags != to->kitty_flags)) {
        buf_append_str(out, "\033[=");
        buf_append_dec(out, to->kitty_flags);
        buf_append_str(out, ";1u");
    }
    if (caps->modify_other_keys && (!known || from->modify_other_keys != to->modify_other_keys)) {
        buf_append_str(out, "\033[>4;");
        buf_append_dec(out, to->modify_other_keys);
        buf_append_byte(out, 'm');
    }
}

/* What the terminal's input is like. `known`: the terminal is in the modes of `from`. */
static void put_input_modes(const struct caps *caps, const struct screen *from,
                            const struct screen *to, bool known, struct buf *out)
{
    static const struct screen initial;

    if (!from)
        from = &initial;
    if (!known || from->bracketed_paste != to->bracketed_paste)
        modelist_put_mode(out, 2004, to->bracketed_paste);
    put_mouse(&from->mouse_reporting, &to->mouse_reporting, known, &all_mouse_reports, out);
    if (!known || from->focus_reporting != to->focus_reporting)
        modelist_put_mode(out, 1004, to->focus_reporting);
    put_encoding(caps, &from->mouse_encoding, &to->mouse_encoding, known, out);
    put_keypad(caps, from, to, known, out);
    put_keyboard(caps, from, to, known, out);
    /* Some terminals have this one on unless told otherwise, and their users count on it: it is
       switched off only after it was switched on. */
    if (from->alternate_scroll != to->alternate_scroll || (!known && to->alternate_scroll))
        modelist_put_mode(out, 1007, to->alternate_scroll);
}

/* Within margins, or the whole screen where there are none to set: by line feeds where lines leave
   at the top of the screen, as a program would, and by deleting or inserting lines elsewhere. */
static void put_scroll_in_margins(struct paint *p, const struct scroll *s, size_t count)
{
    bool margins = s->bottom < p->to->rows;

    if (margins) {
        paint_csi2(p, s->top + 1, s->bottom, 'r');
        p->cursor = CURSOR_UNKNOWN;
    }
    if (s->count > 0 && s->top == 0) {
        if (p->cursor == CURSOR_KNOWN && p->row == s->bottom - 1)
            paint_move(p, s->bottom - 1, 0);
        else
            paint_move_hidden(p, s->bottom - 1, 0);
        while (count-- > 0)
            buf_append_byte(p->out, '\n');
    } else {
        paint_move_hidden(p, s->top, 0);
        paint_csi(p, count, s->count > 0 ? 'M' : 'L');
    }
    if (margins) {
        buf_append_str(p->out, "\033[r");
        p->cursor = CURSOR_UNKNOWN;
    }
}

/* Without margins: lines are deleted where they leave and inserted where they come in. What is
   below goes away and comes back, which a user would see and a mirror does not mind. */
static void put_scroll_twice(struct paint *p, const struct scroll *s, size_t count)
{
    bool up = s->count > 0;

    paint_move_hidden(p, up ? s->top : s->bottom - count, 0);
    paint_csi(p, count, 'M');
    paint_move_hidden(p, up ? s->bottom - count : s->top, 0);
    paint_csi(p, count, 'L');
}

static void put_scroll(struct paint *p, const struct scroll *s)
{
    size_t count = (size_t)(s->count < 0 ? -s->count : s->count);

    paint_prepare_scroll(p);
    if (p->caps->mirror && s->bottom < p->to->rows)
        put_scroll_twice(p, s, count);
    else
        put_scroll_in_margins(p, s, count);
}

/* Scrolls and paints on a terminal that shows `from`. */
static void update_picture(struct paint *p, const struct screen *from)
{
    static const struct style plain;
    struct screen scrolled = {0};
    struct scroll scroll;

    p->shown = from;
    for (size_t i = 0; i < SCROLLS_MAX && scroll_find(p->shown, p->to, &scroll); i++) {
        if (i == 0)
            screen_copy(&scrolled, from);
        p->shown = &scrolled;
        put_scroll(p, &scroll);
        screen_scroll(&scrolled, scroll.top, scroll.bottom, scroll.count, &plain);
    }
    paint_rows(p);
    paint_marks(p);
    if (p->shown == &scrolled)
        screen_release(&scrolled);
    p->shown = NULL;
}

/* Clears the terminal, whatever is on it, and paints. */
static void draw_picture(struct paint *p)
{
    struct screen blank;

    buf_append_str(p->out, "\033[r");
    if (p->caps->links)
        buf_append_str(p->out, LINK_END);
    paint_reset_pen(p);
    buf_append_str(p->out, "\033[H\033[2J");
    p->cursor = CURSOR_KNOWN;
    p->row = p->col = 0;
    p->cursor_visible = true;
    paint_set_cursor_visible(p, false);
    screen_init(&blank, p->to->pool, p->to->rows, p->to->cols);
    p->shown = &blank;
    paint_rows(p);
    paint_marks(p);
    p->shown = NULL;
    screen_release(&blank);
}

/* Where the terminal's cursor and pen are when a diff from `from` begins. */
static void start_from(struct paint *p, const struct screen *from)
{
    bool last_col = from->cursor_col + 1 == from->cols;

    p->cursor = last_col ? CURSOR_MAYBE_WRAPPING : CURSOR_KNOWN;
    p->row = from->cursor_row;
    p->col = from->cursor_col;
    p->cursor_visible = from->cursor_visible;
    p->pen = reduce_style(p->caps, from->registers.palette, &from->pen);
    p->pen_number = PAINT_NO_NUMBER;
}

/* Whether what `from` shows has the right colours already: a terminal that cannot be told of a
   palette has to be painted again. */
static bool shows_palette(const struct caps *caps, const struct screen *from,
                          const struct screen *to)
{
    return caps->palette || palette_equal(from->registers.palette, to->registers.palette);
}

void display_diff(const struct caps *caps, const struct screen *from, const struct screen *to,
                  struct buf *out)
{
    struct paint p = {.caps = caps, .to = to, .out = out};
    bool known = from && from->rows == to->rows && from->cols == to->cols;

    if (from && screen_equal(from, to))
        return;
    if (from && from->bells != to->bells)
        buf_append_byte(out, '\a');
    if (caps->title)
        put_titles(from, to, out);
    /* A repaint is no reason to take the user's clipboard. What travels as an event does not go
       here. */
    if (from && to->clipboard && !(caps->mirror && caps->clipboard) &&
        !text_equal(from->clipboard, to->clipboard))
        put_osc(out, "52;c", to->clipboard);
    if (!known || from->reverse_video != to->reverse_video)
        modelist_put_mode(out, 5, to->reverse_video);
    if (known && shows_palette(caps, from, to)) {
        start_from(&p, from);
        update_picture(&p, from);
    } else {
        draw_picture(&p);
    }
    if (p.cursor < CURSOR_MAYBE_WRAPPING || p.row != to->cursor_row || p.col != to->cursor_col)
        paint_move(&p, to->cursor_row, to->cursor_col);
    paint_set_cursor_visible(&p, to->cursor_visible);
    paint_set_pen(&p, &to->pen);
    put_input_modes(caps, from, to, known, out);
    registers_put(caps, from ? &from->registers : NULL, &to->registers, out);
}

/* One past the last column that shows anything. */
static size_t row_end(const struct row *r)
{
    size_t end = r->used;

    while (end > 0 && cell_equal(r->cell[end - 1], (struct cell){0}))
        end--;
    return end;
}

static void print_row(const struct caps *caps, const struct palette *palette, const struct row *r,
                      struct buf *out)
{
    uint32_t number = 0;

    for (size_t col = 0, end = row_end(r); col < end; col++) {
        if (r->cell[col].style != number) {
            number = r->cell[col].style;
            struct style style = reduce_style(caps, palette, pool_style(r->pool, number));
            style_put_sgr(&style, reduce_form(caps), out);
        }
        row_put_text(r, col, out);
    }
    buf_append_str(out, number ? "\033[0m\r\n" : "\r\n");
}

void display_print(const struct caps *caps, const struct screen *s, struct buf *out)
{
    size_t rows = s->rows;

    while (rows > 0 && row_end(s->row[rows - 1]) == 0)
        rows--;
    for (size_t row = 0; row < rows; row++)
        print_row(caps, s->registers.palette, s->row[row], out);
}
