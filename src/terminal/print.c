/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/emulator_internal.h"

#include <string.h>

#include "util/utf8.h"
#include "util/width.h"

/* Printing goes on at the start of the next row, and the text of the two belongs together. */
void emulator_wrap(struct emulator *e)
{
    struct screen *s = &e->screen;
    bool moved = emulator_line_feed(e);

    s->cursor_col = e->left;
    if (!moved || emulator_is_narrowed(e))
        return;
    if (s->cursor_row > 0)
        screen_set_wrapped(s, s->cursor_row - 1);
    else if (e->history && e->buffer == BUFFER_MAIN) /* a region of one row, which has just left */
        history_set_wrapped(e->history);
}

/* A character of `width` was printed, and ends `columns` to the right of the cursor. */
static inline void advance(struct emulator *e, size_t columns, size_t width)
{
    struct screen *s = &e->screen;
    size_t end = s->cursor_col + columns;

    if (emulator_marks(e))
        emulator_mark_printed(e, s->cursor_row, s->cursor_col, end);
    e->wrap_pending = end == emulator_line_end(e);
    e->mark_back = (uint8_t)(width - e->wrap_pending);
    s->cursor_col = end - e->wrap_pending;
}

/* Makes room for a wide character; false if there is none, and then it is not drawn (D2). A row
   that it leaves because only one column is free does not end in its text, so it is not wrapped. */
static bool make_room(struct emulator *e)
{
    struct screen *s = &e->screen;
    size_t end = emulator_line_end(e);

    if (s->cursor_col + 2 <= end)
        return true;
    if (!e->autowrap || e->right - e->left < 2)
        return false;
    screen_erase(s, s->cursor_row, s->cursor_col, end, &s->pen);
    (void)emulator_line_feed(e);
    s->cursor_col = e->left;
    return true;
}

/* False if there is no room for it. */
static bool print_spacing(struct emulator *e, uint32_t code, size_t width)
{
    struct screen *s = &e->screen;

    if (e->wrap_pending && e->autowrap)
        emulator_wrap(e);
    if (width == 2 && !make_room(e))
        return false;
    if (e->insert)
        emulator_insert_cells(e, width);
    screen_put(s, s->cursor_row, s->cursor_col, width == 2 ? code | CELL_WIDE : code,
               pool_intern_style(s->pool, &s->pen));
    advance(e, width, width);
    e->last_printed = code;
    return true;
}

void emulator_repeat(struct emulator *e, size_t count)
{
    uint32_t code = e->last_printed;

    for (; code != 0 && count > 0; count--)
        (void)print_spacing(e, code, (size_t)width_of(code));
}

static struct cell marked_cell(const struct emulator *e)
{
    return e->screen.row[e->screen.cursor_row]->cell[emulator_mark_col(e)];
}

/* Of very many code points in one cell only the first are taken; without mode 2027 as many as in
   stock mosh. */
static void add_to_cell(struct emulator *e, uint32_t code)
{
    enum { TAKEN_BELOW = CLUSTER_BYTES_MAX - UTF8_BYTES_MAX + 1 };

    row_join(screen_row(&e->screen, e->screen.cursor_row), emulator_mark_col(e), code,
             e->clusters ? TAKEN_BELOW : CLUSTER_STOCK_TAKES_BELOW);
}

/* Whether the character that was just printed, and takes one column, can take two. What cannot is
   never half of what asks for it. */
static bool can_widen(const struct emulator *e)
{
    if (e->wrap_pending && e->mark_back == 0)
        return e->autowrap && e->right - e->left >= 2;
    return e->mark_back == 1;
}

/* One that waits for a wrap, being in the last column, goes to the next row. */
static void widen(struct emulator *e)
{
    struct screen *s = &e->screen;
    struct cell cell = marked_cell(e);
    struct style style = *pool_style(s->pool, cell.style);
    bool pending = e->wrap_pending;

    if (pending)
        (void)make_room(e);
    if (e->insert)
        emulator_insert_cells(e, pending ? 2 : 1);
    if (!pending)
        s->cursor_col = emulator_mark_col(e);
    screen_put(s, s->cursor_row, s->cursor_col, cell.glyph | CELL_WIDE,
               pool_intern_style(s->pool, &style));
    advance(e, 2, 2);
}

/* Adds a code point that makes the character wide; false if there is no room for that. */
static bool add_widening(struct emulator *e, uint32_t code)
{
    bool is_wide = marked_cell(e).glyph & CELL_WIDE;

    if (!is_wide && !can_widen(e))
        return false;
    add_to_cell(e, code);
    if (!is_wide)
        widen(e);
    return true;
}

/* U+FE0F asks for the emoji, which is wide (R15). But a stock server does not know that, and so the
   client's mirror has to be told by mode 2027. */
static bool asks_for_emoji(const struct emulator *e, uint32_t code)
{
    return code == GRAPHEME_EMOJI_STYLE && (e->clusters || e->role == EMULATOR_HOST) &&
           grapheme_has_emoji_style(marked_cell(e).glyph); /* neither a cluster nor wide */
}

/*
 * A combining mark joins the character before it. Where there is none, it is printed on a no-break
 * space, so that no cell ever begins with a mark.
 */
static bool print_mark(struct emulator *e, uint32_t code)
{
    enum { NO_BREAK_SPACE = 0xA0 };

    if (marked_cell(e).glyph & CELL_TRAIL)
        e->mark_back++;
    if (cell_is_erased(marked_cell(e)))
        (void)print_spacing(e, NO_BREAK_SPACE, 1);
    if (asks_for_emoji(e, code))
        return add_widening(e, code);
    add_to_cell(e, code);
    return true;
}

/* Mode 2027: a cluster is as wide as the widest of its code points, and a flag is wide. */
static bool join(struct emulator *e, uint32_t code, int width)
{
    if (width == 2 || grapheme_is_regional_indicator(code))
        return add_widening(e, code);
    add_to_cell(e, code);
    return true;
}

/* Nothing joins what was not printed for want of room. */
static void print_in_cluster(struct emulator *e, uint32_t code, int width)
{
    struct grapheme g = e->grapheme;
    bool joins = grapheme_joins(&g, code), printed;

    if (width < 0)
        return;
    if (width == 0)
        printed = print_mark(e, code);
    else if (joins && !cell_is_erased(marked_cell(e)))
        printed = join(e, code, width);
    else
        printed = print_spacing(e, code, (size_t)width);
    e->grapheme = printed ? g : (struct grapheme){0}; /* a wrap has forgotten it */
}

void emulator_print(struct emulator *e, uint32_t code)
{
    int width = width_of(code);

    e->charsets.single = 0;
    if (e->clusters)
        print_in_cluster(e, code, width);
    else if (width > 0)
        (void)print_spacing(e, code, (size_t)width);
    else if (width == 0)
        (void)print_mark(e, code);
}

/* How much of a text goes in at once: up to the end of the line. Insertion moves nothing beside the
   margins, so there it stops where it comes between them. */
static size_t run_length(const struct emulator *e, size_t len)
{
    size_t col = e->screen.cursor_col, end = emulator_line_end(e);

    if (e->insert && col < e->left)
        end = smaller(end, e->left);
    return smaller(len, end - col);
}

static void put_ascii(struct emulator *e, const uint8_t *text, size_t len)
{
    struct screen *s = &e->screen;

    e->last_printed = text[len - 1];
    while (len > 0) {
        if (e->wrap_pending && e->autowrap)
            emulator_wrap(e);
        size_t count = run_length(e, len);
        if (e->insert)
            emulator_insert_cells(e, count);
        screen_put_ascii(s, s->cursor_row, s->cursor_col, text, count,
                         pool_intern_style(s->pool, &s->pen));
        advance(e, count, 1);
        text += count;
        len -= count;
    }
}

/* With mode 2027: of a text in ASCII only the first character may join what is before it, as a
   digit does U+0600, and only the last one matters to what follows. */
static void put_ascii_in_clusters(struct emulator *e, const uint8_t *text, size_t len)
{
    emulator_print(e, *text);
    if (len == 1)
        return;
    put_ascii(e, text + 1, len - 1);
    e->grapheme = (struct grapheme){0};
    (void)grapheme_joins(&e->grapheme, text[len - 1]);
}

void emulator_print_ascii(struct emulator *e, const uint8_t *text, size_t len)
{
    if (!charsets_are_ascii(&e->charsets)) {
        for (size_t i = 0; i < len; i++)
            emulator_print(e, charsets_translate(&e->charsets, text[i]));
    } else if (e->clusters) {
        put_ascii_in_clusters(e, text, len);
    } else {
        put_ascii(e, text, len);
    }
}

/* The common case: characters that take columns of their own, and marks on these, go straight into
   the row, up to its end. Returns where it stopped. */
static const uint8_t *print_run(struct emulator *e, const uint8_t *text, const uint8_t *end)
{
    struct screen *s = &e->screen;
    uint32_t last;

    /* What the next character makes of these is known elsewhere. */
    if (e->insert || e->wrap_pending || e->clusters)
        return text;
    const struct text_place place = {.row = s->cursor_row,
                                     .col = s->cursor_col,
                                     .end = emulator_line_end(e),
                                     .style = pool_intern_style(s->pool, &s->pen),
                                     .emoji_style = e->role == EMULATOR_HOST};
    size_t columns = screen_put_utf8(s, &place, &text, end, &last);
    if (columns > 0) {
        advance(e, columns, 1 + row_cuts(s->row[s->cursor_row], s->cursor_col + columns - 1));
        e->last_printed = last;
    }
    return text;
}

/* What is ASCII in it means something else in the character set that is in use. */
static const uint8_t *print_translated(struct emulator *e, const uint8_t *text, const uint8_t *end)
{
    uint32_t code;
    size_t len;

    for (; text < end && (len = utf8_take(text, (size_t)(end - text), &code)) > 0; text += len)
        emulator_print(e, code < 0x80 ? charsets_translate(&e->charsets, (uint8_t)code) : code);
    return text;
}

const uint8_t *emulator_print_utf8(struct emulator *e, const uint8_t *text, size_t len)
{
    const uint8_t *end = text + len;
    uint32_t code;

    e->charsets.single = 0; /* it does not begin with ASCII */
    if (!charsets_are_ascii(&e->charsets))
        return print_translated(e, text, end);
    while (text < end) {
        text = print_run(e, text, end);
        if (text == end || (len = utf8_take(text, (size_t)(end - text), &code)) == 0)
            break;
        emulator_print(e, code);
        text += len;
    }
    return text;
}
