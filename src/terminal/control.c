/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/emulator_internal.h"

enum { LINE_FEED = 0x0A, FORM_FEED = 0x0C }; /* and between them VT; all three do the same */

static void bell(struct emulator *e)
{
    e->screen.bells++;
}

static void backspace(struct emulator *e)
{
    /* A stock server believes the cursor to be one column past the edge, and so counts one
       backspace more than there are columns. */
    if (e->role == EMULATOR_MIRROR && e->wrap_pending)
        e->wrap_pending = false;
    else
        emulator_back(e, 1);
}

static void tab(struct emulator *e)
{
    const struct screen *s = &e->screen;
    size_t last;

    if (e->tab_wraps && e->wrap_pending && e->autowrap)
        emulator_wrap(e);
    last = emulator_line_end(e) - 1;
    /* In the last column there is nowhere to go, and a pending wrap stays. */
    if (s->cursor_col < last)
        emulator_move_to(e, s->cursor_row, tabs_next(&e->tabs, s->cursor_col, last));
}

static void index_down(struct emulator *e)
{
    (void)emulator_line_feed(e);
}

static void line_feed(struct emulator *e)
{
    index_down(e);
    if (e->newline)
        emulator_carriage_return(e);
    if (emulator_is_narrowed(e))
        emulator_line_feeds(e, emulator_take_again(e, false, LINE_FEED, FORM_FEED));
}

/* The line feed first: whether it scrolls depends on the column. */
static void next_line(struct emulator *e)
{
    index_down(e);
    emulator_carriage_return(e);
}

static void set_tab(struct emulator *e)
{
    tabs_set(&e->tabs, e->screen.cursor_col);
}

static void shift_out(struct emulator *e)
{
    e->charsets.shift = 1;
}

static void shift_in(struct emulator *e)
{
    e->charsets.shift = 0;
}

static void locking_shift_2(struct emulator *e)
{
    e->charsets.shift = 2;
}

static void locking_shift_3(struct emulator *e)
{
    e->charsets.shift = 3;
}

static void single_shift_2(struct emulator *e)
{
    e->charsets.single = 2;
}

static void single_shift_3(struct emulator *e)
{
    e->charsets.single = 3;
}

static void identify(struct emulator *e)
{
    static const struct params none = {.count = 1};

    reply_attributes(e, &none);
}

/* clang-format off */
control_handler *const control_handlers[CONTROL_CODES] = {
    [0x07] = bell,                       /* BEL */
    [0x08] = backspace,                  /* BS */
    [0x09] = tab,                        /* HT */
    [0x0A] = line_feed,                  /* LF */
    [0x0B] = line_feed,                  /* VT */
    [0x0C] = line_feed,                  /* FF */
    [0x0D] = emulator_carriage_return,   /* CR */
    [0x0E] = shift_out,                  /* SO, LS1 */
    [0x0F] = shift_in,                   /* SI, LS0 */
    [0x84] = index_down,                 /* IND */
    [0x85] = next_line,                  /* NEL */
    [0x88] = set_tab,                    /* HTS */
    [0x8D] = emulator_reverse_line_feed, /* RI */
    [0x8E] = single_shift_2,             /* SS2 */
    [0x8F] = single_shift_3,             /* SS3 */
    [0x96] = emulator_start_guarded_area, /* SPA */
    [0x97] = emulator_end_guarded_area,   /* EPA */
    [0x9A] = identify,                   /* DECID */
};
/* clang-format on */

bool control_knows(uint32_t code)
{
    return control_handlers[code] != NULL;
}

/* DECALN as in xterm: a screen full of E, no margins, the cursor at home. All rows are the same
   one, whose identity is that of no row: none is a sign that anything scrolled. */
static void alignment_pattern(struct emulator *e)
{
    static const uint8_t pattern[] = {'E'};
    struct screen *s = &e->screen;

    for (size_t col = 0; col < s->cols; col++)
        screen_put_ascii(s, 0, col, pattern, sizeof pattern, 0);
    s->row[0]->identity = 0;
    for (size_t row = 1; row < s->rows; row++) {
        row_unref(s->row[row]);
        s->row[row] = row_ref(s->row[0]);
    }
    guard_unref(e->guard);
    e->guard = NULL;
    emulator_reset_margins(e);
    e->origin = false;
    emulator_home(e);
}

struct escape {
    uint32_t key;
    void (*handle)(struct emulator *e);
};

static void application_keypad(struct emulator *e)
{
    e->screen.application_keypad = true;
}

static void numeric_keypad(struct emulator *e)
{
    e->screen.application_keypad = false;
}

/* clang-format off */
static const struct escape escapes[] = {
    {PARSER_KEY(0, '6'), emulator_back_index},     /* DECBI */
    {PARSER_KEY(0, '7'), emulator_save_cursor},    /* DECSC */
    {PARSER_KEY(0, '8'), emulator_restore_cursor}, /* DECRC */
    {PARSER_KEY(0, '9'), emulator_forward_index},  /* DECFI */
    {PARSER_KEY(0, '='), application_keypad},      /* DECKPAM */
    {PARSER_KEY(0, '>'), numeric_keypad},          /* DECKPNM */
    {PARSER_KEY(0, 'c'), emulator_reset},          /* RIS */
    {PARSER_KEY(0, 'n'), locking_shift_2},         /* LS2 */
    {PARSER_KEY(0, 'o'), locking_shift_3},         /* LS3 */
    {PARSER_KEY('#', '8'), alignment_pattern},     /* DECALN */
};
/* clang-format on */

const struct emulator_table escape_table = {escapes, sizeof escapes / sizeof *escapes,
                                            sizeof *escapes};

void escape_dispatch(struct emulator *e, uint32_t key)
{
    const struct escape *found = emulator_table_find(&escape_table, key);

    if (found)
        found->handle(e);
    else
        charsets_designate(&e->charsets, key, e->national_charsets);
}
