/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/emulator_internal.h"

/*
 * Control sequences (ECMA-48 8.3, xterm). Counts are cut off at the edges of the screen before any
 * work is done, so that no number makes a sequence cost more than the screen (R50).
 */

static void cursor_up(struct emulator *e, const struct params *params)
{
    /* cppcheck-suppress duplicateExpression ; like its neighbours */
    csi_step(e, 'A' - 'A', csi_param(params, 0, 1));
}

static void cursor_down(struct emulator *e, const struct params *params)
{
    csi_step(e, 'B' - 'A', csi_param(params, 0, 1));
}

static void cursor_right(struct emulator *e, const struct params *params)
{
    csi_step(e, 'C' - 'A', csi_param(params, 0, 1));
}

static void cursor_left(struct emulator *e, const struct params *params)
{
    emulator_back(e, csi_param(params, 0, 1));
}

/* The row, or column, that a parameter names: in origin mode it counts from the margin. */
static size_t named_row(const struct emulator *e, size_t number)
{
    if (e->origin)
        return smaller(e->top + number - 1, e->bottom - 1);
    return number - 1;
}

static size_t named_column(const struct emulator *e, size_t number)
{
    if (e->origin)
        return smaller(e->left + number - 1, e->right - 1);
    return number - 1;
}

static void cursor_position(struct emulator *e, const struct params *params)
{
    emulator_move_to(e, named_row(e, csi_param(params, 0, 1)),
                     named_column(e, csi_param(params, 1, 1)));
}

static void cursor_row(struct emulator *e, const struct params *params)
{
    emulator_move_to(e, named_row(e, csi_param(params, 0, 1)), e->screen.cursor_col);
}

static void cursor_column(struct emulator *e, const struct params *params)
{
    emulator_move_to(e, e->screen.cursor_row, named_column(e, csi_param(params, 0, 1)));
}

/* HPR, VPR, HPB, VPB: unlike CUF and the like they take no notice of the margins, but in origin
   mode. */
static void position_right(struct emulator *e, const struct params *params)
{
    const struct screen *s = &e->screen;
    size_t limit = e->origin ? e->right - 1 : s->cols - 1;

    emulator_move_to(e, s->cursor_row, smaller(s->cursor_col + csi_param(params, 0, 1), limit));
}

static void position_down(struct emulator *e, const struct params *params)
{
    const struct screen *s = &e->screen;
    size_t limit = e->origin ? e->bottom - 1 : s->rows - 1;

    emulator_move_to(e, smaller(s->cursor_row + csi_param(params, 0, 1), limit), s->cursor_col);
}

static void position_left(struct emulator *e, const struct params *params)
{
    const struct screen *s = &e->screen;
    size_t limit = smaller(e->origin ? e->left : 0, s->cursor_col);

    emulator_move_to(e, s->cursor_row,
                     s->cursor_col - smaller(csi_param(params, 0, 1), s->cursor_col - limit));
}

static void position_up(struct emulator *e, const struct params *params)
{
    const struct screen *s = &e->screen;
    size_t limit = smaller(e->origin ? e->top : 0, s->cursor_row);

    emulator_move_to(e, s->cursor_row - smaller(csi_param(params, 0, 1), s->cursor_row - limit),
                     s->cursor_col);
}

static void next_line(struct emulator *e, const struct params *params)
{
    cursor_down(e, params);
    emulator_carriage_return(e);
}

static void previous_line(struct emulator *e, const struct params *params)
{
    cursor_up(e, params);
    emulator_carriage_return(e);
}

/* DECSLRM, which is SCOSC as long as DECLRMM is reset. */
static void set_side_margins(struct emulator *e, const struct params *params)
{
    size_t cols = e->screen.cols;
    size_t left = csi_param(params, 0, 1) - 1;
    size_t right = smaller(csi_param(params, 1, cols), cols);

    if (!e->side_margins) {
        emulator_save_cursor(e);
        return;
    }
    /* Two columns at least, but for a screen that has only one. */
    if (left + 1 >= right && !(left == 0 && right == cols))
        return;
    emulator_set_side_margins(e, left, right);
    emulator_home(e);
}

static void restore_cursor(struct emulator *e, const struct params *params)
{
    (void)params;
    emulator_restore_cursor(e);
}

/* No more than a row of them: what a program draws so are lines and blanks within one row. */
static void repeat(struct emulator *e, const struct params *params)
{
    emulator_repeat(e, smaller(csi_param(params, 0, 1), e->screen.cols));
}

static void tab_forward(struct emulator *e, const struct params *params)
{
    const struct screen *s = &e->screen;
    size_t last = emulator_line_end(e) - 1, col = s->cursor_col;

    for (size_t n = csi_param(params, 0, 1); n > 0 && col < last; n--)
        col = tabs_next(&e->tabs, col, last);
    if (col != s->cursor_col)
        emulator_move_to(e, s->cursor_row, col);
}

static void tab_backward(struct emulator *e, const struct params *params)
{
    const struct screen *s = &e->screen;
    size_t col = s->cursor_col;

    for (size_t n = csi_param(params, 0, 1); n > 0 && col > 0; n--)
        col = tabs_previous(&e->tabs, col);
    if (e->origin && col < e->left)
        col = smaller(e->left, s->cursor_col);
    if (col != s->cursor_col)
        emulator_move_to(e, s->cursor_row, col);
}

static void tab_clear(struct emulator *e, const struct params *params)
{
    if (params->value[0] == 0)
        tabs_unset(&e->tabs, e->screen.cursor_col);
    else if (params->value[0] == 3)
        tabs_clear(&e->tabs);
}

/* DECST8C */
static void tab_default(struct emulator *e, const struct params *params)
{
    if (params->value[0] == 5)
        tabs_init(&e->tabs);
}

static void set_margins(struct emulator *e, const struct params *params)
{
    size_t top = csi_param(params, 0, 1) - 1;
    size_t bottom = smaller(csi_param(params, 1, e->screen.rows), e->screen.rows);

    bool whole_screen = top == 0 && bottom == e->screen.rows;

    /* Two rows at least, but for a screen that has only one. */
    if (top + 1 >= bottom && !whole_screen)
        return;
    emulator_set_margins(e, top, bottom);
    emulator_home(e);
}

/* Here 0 is not 1 but the user's own style, as in most terminals. */
static void set_cursor_style(struct emulator *e, const struct params *params)
{
    struct registers *r = &e->screen.registers;

    if (params->value[0] > CURSOR_STYLE_MAX)
        return;
    r->cursor_style = (uint8_t)params->value[0];
    r->cursor_blink = false;
}

static void soft_reset(struct emulator *e, const struct params *params)
{
    (void)params;
    emulator_soft_reset(e);
}

/* clang-format off */
csi_handler *const csi_plain[CSI_PLAIN_KEYS] = {
    ['@'] = edit_insert_characters,     /* ICH */
    ['A'] = cursor_up,                  /* CUU */
    ['B'] = cursor_down,                /* CUD */
    ['C'] = cursor_right,               /* CUF */
    ['D'] = cursor_left,                /* CUB */
    ['E'] = next_line,                  /* CNL */
    ['F'] = previous_line,              /* CPL */
    ['G'] = cursor_column,              /* CHA */
    ['H'] = cursor_position,            /* CUP */
    ['I'] = tab_forward,                /* CHT */
    ['J'] = erase_display,              /* ED */
    ['K'] = erase_line,                 /* EL */
    ['L'] = edit_insert_lines,          /* IL */
    ['M'] = edit_delete_lines,          /* DL */
    ['P'] = edit_delete_characters,     /* DCH */
    ['S'] = edit_scroll_up,             /* SU */
    ['T'] = edit_scroll_down,           /* SD */
    ['X'] = erase_characters,           /* ECH */
    ['Z'] = tab_backward,               /* CBT */
    ['^'] = edit_scroll_down,           /* SD */
    ['`'] = cursor_column,              /* HPA */
    ['a'] = position_right,             /* HPR */
    ['b'] = repeat,                     /* REP */
    ['c'] = reply_attributes,           /* DA1 */
    ['d'] = cursor_row,                 /* VPA */
    ['e'] = position_down,              /* VPR */
    ['f'] = cursor_position,            /* HVP */
    ['g'] = tab_clear,                  /* TBC */
    ['h'] = mode_set,                   /* SM */
    ['j'] = position_left,              /* HPB */
    ['k'] = position_up,                /* VPB */
    ['l'] = mode_reset,                 /* RM */
    ['m'] = sgr_apply,                  /* SGR */
    ['n'] = reply_status,               /* DSR */
    ['r'] = set_margins,                /* DECSTBM */
    ['s'] = set_side_margins,           /* DECSLRM, SCOSC */
    ['t'] = window_operation,           /* XTWINOPS */
    ['u'] = restore_cursor,             /* SCORC */
};
/* clang-format on */

struct sequence {
    uint32_t key;
    csi_handler *handle;
};

/* clang-format off */
static const struct sequence marked[] = {
    {PARSER_KEY(' ', '@'), edit_scroll_left},               /* SL */
    {PARSER_KEY(' ', 'A'), edit_scroll_right},              /* SR */
    {PARSER_KEY(' ', 'q'), set_cursor_style},               /* DECSCUSR */
    {PARSER_KEY('!', 'p'), soft_reset},                     /* DECSTR */
    {PARSER_KEY('"', 'q'), erase_protect},                  /* DECSCA */
    {PARSER_KEY('#', 'p'), pen_push},                       /* XTPUSHSGR */
    {PARSER_KEY('#', 'q'), pen_pop},                        /* XTPOPSGR */
    {PARSER_KEY('#', '{'), pen_push},                       /* XTPUSHSGR */
    {PARSER_KEY('#', '}'), pen_pop},                        /* XTPOPSGR */
    {PARSER_KEY('$', 'p'), reply_mode},                     /* DECRQM */
    {PARSER_KEY('\'', '}'), edit_insert_columns},           /* DECIC */
    {PARSER_KEY('\'', '~'), edit_delete_columns},           /* DECDC */
    {PARSER_KEY('<', 'u'), keyboard_pop_flags},             /* kitty keyboard */
    {PARSER_KEY('=', 'c'), reply_tertiary_attributes},      /* DA3 */
    {PARSER_KEY('=', 'u'), keyboard_set_flags},             /* kitty keyboard */
    {PARSER_KEY('>', 'c'), reply_secondary_attributes},     /* DA2 */
    {PARSER_KEY('>', 'm'), keyboard_modify},                /* XTMODKEYS */
    {PARSER_KEY('>', 'n'), keyboard_do_not_modify},         /* the same, disable */
    {PARSER_KEY('>', 'q'), reply_version},                  /* XTVERSION */
    {PARSER_KEY('>', 'u'), keyboard_push_flags},            /* kitty keyboard */
    {PARSER_KEY('?', 'J'), erase_display_selectively},      /* DECSED */
    {PARSER_KEY('?', 'K'), erase_line_selectively},         /* DECSEL */
    {PARSER_KEY('?', 'W'), tab_default},                    /* DECST8C */
    {PARSER_KEY('?', 'h'), mode_set_private},               /* DECSET */
    {PARSER_KEY('?', 'l'), mode_reset_private},             /* DECRST */
    {PARSER_KEY('?', 'm'), keyboard_report_modify},         /* XTQMODKEYS */
    {PARSER_KEY('?', 'n'), reply_private_status},           /* DSR */
    {PARSER_KEY('?', 'r'), mode_restore_private},           /* XTRESTORE */
    {PARSER_KEY('?', 's'), mode_save_private},              /* XTSAVE */
    {PARSER_KEY('?', 'u'), keyboard_report_flags},          /* kitty keyboard */
    {PARSER_KEY('?' << 8 | '$', 'p'), reply_private_mode},  /* DECRQM */
};
/* clang-format on */

const struct emulator_table csi_table = {marked, sizeof marked / sizeof *marked, sizeof *marked};

csi_handler *csi_find_marked(uint32_t key)
{
    const struct sequence *found = emulator_table_find(&csi_table, key);

    return found ? found->handle : NULL;
}

bool csi_knows(uint32_t key)
{
    return csi_find(key) != NULL;
}
