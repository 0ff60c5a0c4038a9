/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_EMULATOR_INTERNAL_H
#define MOSH_TERMINAL_EMULATOR_INTERNAL_H

/*
 * The emulator from inside, for the files that share its work:
 *
 *   emulator  life, size, resets; gives each event of the parser to one of those below
 *   print     characters, combining marks, wrapping
 *   cursor    moving, margins, scrolling, saving
 *   alternate the two buffers
 *   control   C0 and C1 controls, escape sequences
 *   csi       control sequences, but for
 *   edit      those that shift text,
 *   erase     those that erase it,
 *   mode      those that set modes,
 *   sgr       those that set the pen,
 *   pen_stack those that put it aside, and
 *   reply     those that ask
 *   dcs       device control strings, which ask, too
 *   osc       operating system commands
 *   window    the size, and the titles that were put aside
 *
 * Two rules hold for every function of the terminal. One that is not known changes nothing at all
 * (R9); not even a pending wrap, which stock mosh forgets. One that moves the cursor, erases or
 * edits clears the pending wrap; one that only sets a mode, the pen or a tab stop leaves it, and so
 * does one that scrolls or shifts all of the region, as in xterm.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "terminal/charset.h"
#include "terminal/emulator.h"
#include "terminal/guard.h"
#include "terminal/history.h"
#include "terminal/osc.h"
#include "terminal/parser.h"
#include "terminal/screen.h"
#include "terminal/tabs.h"
#include "terminal/titles.h"
#include "util/grapheme.h"
#include "util/smaller.h"

/* What DECSC keeps. {0} with autowrap on is what DECRC restores when nothing was saved. */
struct saved_cursor {
    size_t row, col;
    struct style pen;
    struct charsets charsets;
    bool wrap_pending, autowrap, origin;
    bool protecting;
    bool is_set; /* something was saved */
};

/* What XTSAVE keeps: for each entry of the table of private modes a bit in either. */
enum { SAVED_MODES_MAX = 128 };
struct saved_modes {
    uint64_t is_saved[SAVED_MODES_MAX / 64];
    uint64_t was_set[SAVED_MODES_MAX / 64];
};

/* What XTPUSHSGR keeps. */
enum { PEN_STACK_MAX = 10 };
struct pen_stack {
    uint8_t count;
    struct pushed_pen {
        struct style pen;
        uint32_t parts; /* which of it comes back */
    } pushed[PEN_STACK_MAX];
};

/* A notification that comes in parts (osc_notify.c); NULL: nothing of it yet. */
struct note_parts {
    struct text *id, *title, *body;
};

void note_parts_release(struct note_parts *parts);
void note_parts_ref(const struct note_parts *parts);

/* xterm's two buffers, both as large as the screen. */
enum { BUFFER_MAIN, BUFFER_ALTERNATE, BUFFER_COUNT };

/* The buffer that is not shown: of its screen, the rows alone. Clones of an emulator share it. */
struct hidden {
    size_t refs;
    struct screen screen;
};

/* Flags of the kitty keyboard protocol that were put aside. */
enum { KEY_FLAGS_MAX = 16 };
struct key_flags {
    uint8_t count;
    uint8_t flags[KEY_FLAGS_MAX];
};

struct keyboard {
    bool kitty_allowed, other_keys_allowed; /* the user's terminal has these protocols */
    struct key_flags pushed[BUFFER_COUNT];
    uint8_t hidden[BUFFER_COUNT]; /* the flags of the buffer that is not shown */
};

struct emulator {
    enum emulator_role role;
    struct parser parser;
    struct screen screen;    /* holds the cursor and the pen too */
    struct hidden *hidden;   /* the buffer that is not shown */
    uint8_t buffer;          /* the one that is shown */
    struct history *history; /* what left the main buffer; NULL in all clones, and if not kept */
    struct buf *reply;       /* only while emulator_write runs; NULL: nobody listens */
    struct reader *input;    /* the same: what was not taken yet */

    size_t top, bottom; /* DECSTBM: the rows [top, bottom) scroll */
    size_t left, right; /* DECSLRM: the columns [left, right) of them; but with DECLRMM, all */
    bool side_margins;  /* DECLRMM */

    /* The last column was written. The cursor is still on it, but the next character belongs to
       the next row. */
    bool wrap_pending;
    /* Where a combining mark goes: so many columns before the cursor, where the last character was
       printed; or on it, where it was put. */
    uint8_t mark_back;
    struct grapheme grapheme; /* with mode 2027: what was printed, if nothing happened since */

    bool autowrap;                /* DECAWM */
    bool insert;                  /* IRM */
    bool origin;                  /* DECOM: rows count from `top`, columns from `left` */
    bool application_cursor_keys; /* DECCKM */

    bool newline;             /* LNM: a line feed is a carriage return, too */
    bool reverse_wrap;        /* 45: back from the left margin, where the row above wrapped */
    bool reverse_wrap_always; /* 1045: back from there in any case */
    bool column_mode_allowed; /* 40: DECCOLM does what is left of it here, */
    bool column_mode_keeps;   /* DECNCSM: but for the clearing */
    bool tab_wraps;           /* 41: a tab makes a pending wrap happen */
    bool national_charsets;   /* DECNRCM */

    struct charsets charsets;

    struct guard *guard, *hidden_guard; /* of either buffer; NULL: nothing is protected */
    bool protecting;                    /* DECSCA, SPA: what is printed is protected */
    bool guarded_area;                  /* from ED, EL and ECH, too */

    bool clusters; /* mode 2027: what the user takes for one character is one */

    uint32_t last_printed; /* what REP repeats; 0: nothing yet */

    struct saved_cursor saved[BUFFER_COUNT];
    struct saved_modes saved_modes;
    struct pen_stack pens;
    struct tabs tabs;
    struct title_stack icon_names, window_titles; /* put aside */
    struct note_parts note_parts;

    struct keyboard keyboard;
    struct profile profile; /* of the client */

    bool size_reports;   /* mode 2048: the program wants to read of every new size */
    bool synchronized;   /* mode 2026: it is drawing, and nothing is to be shown */
    bool scheme_reports; /* mode 2031: it wants to know of every change between dark and light */
};

/* emulator.c */
void emulator_reset(struct emulator *e);      /* RIS */
void emulator_soft_reset(struct emulator *e); /* DECSTR */
void emulator_forget_history(struct emulator *e);
void emulator_keep_rows(struct emulator *e, const struct screen *s, size_t count); /* the topmost */

/* The column, in the cursor's row, of the cell that a combining mark joins. */
static inline size_t emulator_mark_col(const struct emulator *e)
{
    return e->screen.cursor_col - e->mark_back;
}

/* print.c */
void emulator_print_ascii(struct emulator *e, const uint8_t *text, size_t len);
/* PARSER_UTF8: prints what is text from the front on, and returns where that ends. */
const uint8_t *emulator_print_utf8(struct emulator *e, const uint8_t *text, size_t len);
void emulator_print(struct emulator *e, uint32_t code);
void emulator_wrap(struct emulator *e);                 /* on to the next row, in one text */
void emulator_repeat(struct emulator *e, size_t count); /* the last character, marks aside */

/* The cursor was put where it is: what is printed next goes on from nothing. */
static inline void emulator_is_placed(struct emulator *e)
{
    e->wrap_pending = false;
    e->mark_back = 0;
    e->grapheme = (struct grapheme){0};
}

/* cursor.c: `row` and `col` count from the top left of the screen and are cut off at its edges. */
static inline void emulator_move_to(struct emulator *e, size_t row, size_t col)
{
    struct screen *s = &e->screen;

    s->cursor_row = smaller(row, s->rows - 1);
    s->cursor_col = smaller(col, s->cols - 1);
    emulator_is_placed(e);
}

void emulator_home(struct emulator *e);
void emulator_set_margins(struct emulator *e, size_t top, size_t bottom);
void emulator_set_side_margins(struct emulator *e, size_t left, size_t right);
void emulator_reset_margins(struct emulator *e); /* all four */
void emulator_carriage_return(struct emulator *e);
void emulator_back(struct emulator *e, size_t count); /* CUB; BS is one of them */
void emulator_save_cursor(struct emulator *e);
void emulator_restore_cursor(struct emulator *e);
void emulator_forget_saved_cursor(struct emulator *e);

/* alternate.c */
void emulator_show_buffer(struct emulator *e, uint8_t buffer);
struct hidden *hidden_new(struct pool *pool, size_t rows, size_t cols);
void hidden_unref(struct hidden *h);
void emulator_clear_hidden_buffer(struct emulator *e);
void emulator_resize_hidden_buffer(struct emulator *e, size_t rows, size_t cols);

/* One row down, or up; at the margin the region scrolls. The first is false if the cursor is stuck:
   on the last row of the screen, below the region, or on that of the region, beside it. */
bool emulator_line_feed(struct emulator *e);
void emulator_reverse_line_feed(struct emulator *e);

/* emulator.c: takes, from the front of the input, what has that form as often as it is there. For
   functions that are a byte or two and move every cell of the region: many of them move it once
   (R50). `first` and `last`: what the last byte of the form may be; before it there may be an ESC.
 */
size_t emulator_take_again(struct emulator *e, bool escape, uint8_t first, uint8_t last);

/* edit.c: what shifts text. */
void emulator_scroll(struct emulator *e, size_t top, int64_t count); /* from `top` to the margin */
void emulator_scroll_up(struct emulator *e, int64_t count);   /* the region; what leaves is kept */
void emulator_scroll_line(struct emulator *e);                /* the same by one row */
void emulator_line_feeds(struct emulator *e, size_t count);   /* as many more after one */
void emulator_insert_cells(struct emulator *e, size_t count); /* at the cursor, up to the margin */
void emulator_back_index(struct emulator *e);                 /* DECBI */
void emulator_forward_index(struct emulator *e);              /* DECFI */

/* erase.c */
void emulator_erase_screen(struct emulator *e);       /* the cursor stays */
void emulator_start_guarded_area(struct emulator *e); /* SPA */
void emulator_end_guarded_area(struct emulator *e);   /* EPA */

/* Whether what is printed has to be marked, and doing so: it is protected, or was. */
static inline bool emulator_marks(const struct emulator *e)
{
    return e->guard || e->protecting;
}
void emulator_mark_printed(struct emulator *e, size_t row, size_t from, size_t to);

/* keyboard.c */
void keyboard_reset(struct emulator *e);
void keyboard_show_buffer(struct emulator *e, uint8_t from, uint8_t to);

/* The dispatchers: each finds a handler by number or key, or does nothing. */
typedef void control_handler(struct emulator *e);
enum { CONTROL_CODES = 0xA0 };
extern control_handler *const control_handlers[CONTROL_CODES]; /* NULL: none */
static inline void control_dispatch(struct emulator *e, uint32_t code)
{
    if (control_handlers[code])
        control_handlers[code](e);
}
void escape_dispatch(struct emulator *e, uint32_t key);
void dcs_dispatch(struct emulator *e, const uint8_t *bytes, size_t len);
void osc_dispatch(struct emulator *e, struct osc_text text);

/* A parameter; 0 and a missing one mean `absent`. */
static inline size_t csi_param(const struct params *params, size_t index, size_t absent)
{
    bool there = index == 0 || index < params->count;

    return there && params->value[index] > 0 ? params->value[index] : absent;
}

/* Control sequences: those without marker and intermediates, which are nearly all there ever are,
   by their final byte; and the others. NULL: not known. */
typedef void csi_handler(struct emulator *e, const struct params *params);
enum { CSI_PLAIN_KEYS = 0x80 };
extern csi_handler *const csi_plain[CSI_PLAIN_KEYS];
csi_handler *csi_find_marked(uint32_t key);
static inline csi_handler *csi_find(uint32_t key)
{
    return key < CSI_PLAIN_KEYS ? csi_plain[key] : csi_find_marked(key);
}

/* Handlers of csi.c's table that have a file of their own. */
void erase_line(struct emulator *e, const struct params *params);
void erase_line_selectively(struct emulator *e, const struct params *params);
void erase_display(struct emulator *e, const struct params *params);
void erase_display_selectively(struct emulator *e, const struct params *params);
void erase_characters(struct emulator *e, const struct params *params);
void erase_protect(struct emulator *e, const struct params *params);
void edit_insert_characters(struct emulator *e, const struct params *params);
void edit_delete_characters(struct emulator *e, const struct params *params);
void edit_insert_lines(struct emulator *e, const struct params *params);
void edit_delete_lines(struct emulator *e, const struct params *params);
void edit_insert_columns(struct emulator *e, const struct params *params);
void edit_delete_columns(struct emulator *e, const struct params *params);
void edit_scroll_up(struct emulator *e, const struct params *params);
void edit_scroll_down(struct emulator *e, const struct params *params);
void edit_scroll_left(struct emulator *e, const struct params *params);
void edit_scroll_right(struct emulator *e, const struct params *params);
void keyboard_set_flags(struct emulator *e, const struct params *params);
void keyboard_push_flags(struct emulator *e, const struct params *params);
void keyboard_pop_flags(struct emulator *e, const struct params *params);
void keyboard_report_flags(struct emulator *e, const struct params *params);
void keyboard_modify(struct emulator *e, const struct params *params);
void keyboard_do_not_modify(struct emulator *e, const struct params *params);
void keyboard_report_modify(struct emulator *e, const struct params *params);
void mode_set(struct emulator *e, const struct params *params);
void mode_reset(struct emulator *e, const struct params *params);
void mode_set_private(struct emulator *e, const struct params *params);
void mode_reset_private(struct emulator *e, const struct params *params);
void mode_save_private(struct emulator *e, const struct params *params);
void mode_restore_private(struct emulator *e, const struct params *params);
void pen_push(struct emulator *e, const struct params *params);
void pen_pop(struct emulator *e, const struct params *params);
void sgr_apply(struct emulator *e, const struct params *params);
void reply_attributes(struct emulator *e, const struct params *params);
void reply_secondary_attributes(struct emulator *e, const struct params *params);
void reply_tertiary_attributes(struct emulator *e, const struct params *params);
void reply_version(struct emulator *e, const struct params *params);
void reply_status(struct emulator *e, const struct params *params);
void reply_private_status(struct emulator *e, const struct params *params);
void reply_mode(struct emulator *e, const struct params *params);
void reply_private_mode(struct emulator *e, const struct params *params);
void window_operation(struct emulator *e, const struct params *params);

/* capability.c: XTGETTCAP. */
void capability_report(struct emulator *e, const uint8_t *names, size_t len);

/* window.c: the size, unasked (mode 2048). */
void reply_size_in_band(struct emulator *e);

/* Whether the user's colours are dark or light (mode 2031), if that is known. */
void reply_scheme(struct emulator *e);

/* reply.c: where an answer can be written, or NULL. All answers go through here. */
struct buf *reply_room(const struct emulator *e);

/* mode.c: what DECRPM says of a mode. */
enum mode_state {
    MODE_UNKNOWN = 0,
    MODE_IS_SET = 1,
    MODE_IS_RESET = 2,
    MODE_ALWAYS_SET = 3,
    MODE_NEVER_SET = 4,
};
enum mode_state mode_state(const struct emulator *e, uint32_t number);
enum mode_state mode_state_private(const struct emulator *e, uint32_t number);

/* A dispatch table: entries sorted by their key, an uint32_t and the first member of each. */
struct emulator_table {
    const void *entries;
    size_t count, entry_size;
};

/* All of them, so that a test can see that they are sorted. */
extern const struct emulator_table escape_table, csi_table, mode_table, private_mode_table,
    osc_table;

/* Whether there is such a function, so that a test can see that all are tested. */
bool csi_knows(uint32_t key);
bool control_knows(uint32_t code);

/* The entry with a key, or NULL. */
const void *emulator_table_find(const struct emulator_table *table, uint32_t key);

/* Whether there are columns beside the scrolling region. */
static inline bool emulator_is_narrowed(const struct emulator *e)
{
    return e->right - e->left < e->screen.cols;
}

/* Whether a motion to the left may go on in the row above. */
static inline bool emulator_wraps_back(const struct emulator *e)
{
    return e->reverse_wrap || e->reverse_wrap_always;
}

/* Where a motion to the right ends, and text wraps: at the right margin, or at the screen's edge
   for a cursor beyond it. It is the column after the last one. */
static inline size_t emulator_line_end(const struct emulator *e)
{
    return e->screen.cursor_col < e->right ? e->right : e->screen.cols;
}

/* Whether the cursor is between the side margins. */
static inline bool emulator_is_between(const struct emulator *e)
{
    return e->screen.cursor_col >= e->left && e->screen.cursor_col < e->right;
}

static inline size_t csi_within(int64_t place, size_t first, size_t last)
{
    place = place < (int64_t)last ? place : (int64_t)last;
    return (size_t)(place > (int64_t)first ? place : (int64_t)first);
}

/*
 * CUU, CUD, CUF, and CUB if it does not go on from the left margin to the row above; by the
 * distance of their final byte from 'A'. Full-screen programs mix them in ways that no processor
 * foresees, so no branch depends on which of them it is.
 *
 * CUU and CUD stop at the margins if the cursor starts within them, as in xterm. In stock mosh they
 * do not, but no stock server sends them.
 */
enum { CSI_STEPS = 4 };
static inline void csi_step(struct emulator *e, size_t direction, size_t count)
{
    static const struct {
        int8_t row, col;
    } unit[CSI_STEPS] = {{-1, 0}, {1, 0}, {0, 1}, {0, -1}};
    struct screen *s = &e->screen;
    const size_t row = s->cursor_row, col = s->cursor_col;
    const size_t row_end = row < e->bottom ? e->bottom : s->rows;
    const size_t row_limit = row >= e->top ? e->top : 0, col_limit = col >= e->left ? e->left : 0;

    s->cursor_row =
        csi_within((int64_t)row + (int64_t)count * unit[direction].row, row_limit, row_end - 1);
    s->cursor_col = csi_within((int64_t)col + (int64_t)count * unit[direction].col, col_limit,
                               emulator_line_end(e) - 1);
    emulator_is_placed(e);
}

static inline void csi_dispatch(struct emulator *e, uint32_t key, const struct params *params)
{
    csi_handler *handle;

    if (key == 'm') { /* the only one in which colons have a meaning */
        sgr_apply(e, params);
    } else if (params->joined) {
        return;
    } else if (key - 'A' < CSI_STEPS && !emulator_wraps_back(e)) {
        csi_step(e, key - 'A', csi_param(params, 0, 1));
    } else if ((handle = csi_find(key))) {
        e->grapheme = (struct grapheme){0}; /* what was printed may have gone elsewhere */
        handle(e, params);
    }
}

#endif
