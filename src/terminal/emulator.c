/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/emulator.h"

#include <stdlib.h>

#include "terminal/emulator_internal.h"
#include "util/width.h"
#include "util/xalloc.h"

/* All that a reset puts back, but for the cells. */
static void set_initial_state(struct emulator *e)
{
    struct screen *s = &e->screen;

    emulator_reset_margins(e);
    e->side_margins = false;
    e->autowrap = true;
    e->insert = false;
    e->origin = false;
    e->application_cursor_keys = false;
    e->size_reports = false;
    e->synchronized = false;
    e->scheme_reports = false;
    e->newline = false;
    e->reverse_wrap = e->reverse_wrap_always = false;
    e->column_mode_allowed = e->column_mode_keeps = false;
    e->tab_wraps = false;
    e->national_charsets = false;
    e->saved_modes = (struct saved_modes){0};
    e->pens.count = 0;
    e->charsets = (struct charsets){0};
    e->protecting = e->guarded_area = false;
    e->clusters = false;
    e->last_printed = 0;
    tabs_init(&e->tabs);
    for (size_t i = 0; i < BUFFER_COUNT; i++)
        e->saved[i] = (struct saved_cursor){.autowrap = true};

    s->pen = (struct style){0};
    screen_set_link(s, 0);
    s->cursor_visible = true;
    s->reverse_video = false;
    s->bracketed_paste = false;
    s->focus_reporting = false;
    s->alternate_scroll = false;
    keyboard_reset(e);
    registers_reset(&s->registers);
    s->mouse_reporting = s->mouse_encoding = (struct modelist){0};
    s->application_keypad = false;
    emulator_move_to(e, 0, 0);
}

struct emulator *emulator_new_in(struct pool *pool, enum emulator_role role, size_t rows,
                                 size_t cols)
{
    struct emulator *e = xcalloc(1, sizeof *e);

    e->role = role;
    e->profile = profile_silent;
    screen_init(&e->screen, pool, rows, cols);
    e->hidden = hidden_new(pool, rows, cols);
    set_initial_state(e);
    return e;
}

struct emulator *emulator_new(enum emulator_role role, size_t rows, size_t cols)
{
    struct pool *pool = pool_new();
    struct emulator *e = emulator_new_in(pool, role, rows, cols);

    pool_unref(pool);
    return e;
}

void emulator_free(struct emulator *e)
{
    if (!e)
        return;
    if (e->history)
        pool_set_history(e->screen.pool, NULL);
    history_free(e->history);
    screen_release(&e->screen);
    hidden_unref(e->hidden);
    guard_unref(e->guard);
    guard_unref(e->hidden_guard);
    title_stack_clear(&e->icon_names);
    title_stack_clear(&e->window_titles);
    note_parts_release(&e->note_parts);
    parser_release(&e->parser);
    free(e);
}

struct emulator *emulator_clone(const struct emulator *e)
{
    struct emulator *copy = xmemdup(e, sizeof *e);

    copy->history = NULL;
    screen_copy(&copy->screen, &e->screen);
    copy->hidden->refs++;
    guard_ref(e->guard);
    guard_ref(e->hidden_guard);
    title_stack_copy(&copy->icon_names, &e->icon_names);
    title_stack_copy(&copy->window_titles, &e->window_titles);
    note_parts_ref(&copy->note_parts);
    parser_copy(&copy->parser, &e->parser);
    return copy;
}

/* Whether text that takes so many columns goes into the row as it is, and ends before the line. */
static inline bool fits_in_line(const struct emulator *e, size_t columns)
{
    return !(e->wrap_pending | e->insert | e->clusters | emulator_marks(e)) &&
           charsets_are_ascii(&e->charsets) &&
           e->screen.cursor_col + columns < emulator_line_end(e);
}

/* The last character that was printed takes `width` of `columns`. */
static inline void advance(struct emulator *e, size_t columns, size_t width, uint32_t last)
{
    e->screen.cursor_col += columns;
    e->mark_back = (uint8_t)width;
    e->last_printed = last;
}

/* Most text is ASCII. False: this has more to it. */
static inline bool print_within_line(struct emulator *e, const uint8_t *text, size_t len)
{
    struct screen *s = &e->screen;

    if (!fits_in_line(e, len))
        return false;
    screen_put_ascii(s, s->cursor_row, s->cursor_col, text, len,
                     pool_intern_style(s->pool, &s->pen));
    advance(e, len, 1, text[len - 1]);
    return true;
}

/* Of what is not, a character in a style of its own is put without the beginning of a run. */
static inline bool print_single(struct emulator *e, const struct parser_event *event)
{
    struct screen *s = &e->screen;
    int width;

    if (event->code_bytes == event->len || event->text[event->code_bytes] >= 0x20)
        return false;
    width = width_of(event->code);
    if (width <= 0 || !fits_in_line(e, (size_t)width))
        return false;
    screen_put(s, s->cursor_row, s->cursor_col, event->code | (width == 2 ? CELL_WIDE : 0),
               pool_intern_style(s->pool, &s->pen));
    advance(e, (size_t)width, (size_t)width, event->code);
    return true;
}

static inline void act(struct emulator *e, const struct parser_event *event, struct reader *input)
{
    switch (event->kind) {
    case PARSER_TEXT:
        if (!print_within_line(e, event->text, event->len))
            emulator_print_ascii(e, event->text, event->len);
        break;
    case PARSER_UTF8:
        parser_put_back(input, event,
                        print_single(e, event) ? event->text + event->code_bytes
                                               : emulator_print_utf8(e, event->text, event->len));
        break;
    case PARSER_CHARACTER:
        emulator_print(e, event->code);
        break;
    case PARSER_CONTROL:
        control_dispatch(e, event->code);
        break;
    case PARSER_ESCAPE:
        escape_dispatch(e, event->code);
        break;
    case PARSER_CSI:
        csi_dispatch(e, event->code, event->params);
        break;
    case PARSER_OSC:
        osc_dispatch(e,
                     (struct osc_text){event->text, event->len, event->cut, event->code == '\a'});
        parser_forget_string(&e->parser);
        break;
    case PARSER_DCS:
        dcs_dispatch(e, event->text, event->len);
        break;
    }
}

void emulator_write(struct emulator *e, const uint8_t *bytes, size_t len, struct buf *reply)
{
    struct reader input = {bytes, len};
    struct parser_event event = {0};

    e->reply = e->role == EMULATOR_HOST ? reply : NULL;
    e->input = &input;
    while (parser_next(&e->parser, &input, &event))
        act(e, &event, &input);
    e->reply = NULL;
    e->input = NULL;
}

size_t emulator_take_again(struct emulator *e, bool escape, uint8_t first, uint8_t last)
{
    struct reader *input = e->input;
    size_t count = 0, len = 1 + escape;

    while (input && input->left >= len && (!escape || input->at[0] == 0x1B) &&
           input->at[len - 1] >= first && input->at[len - 1] <= last) {
        input->at += len;
        input->left -= len;
        count++;
    }
    return count;
}

/* The mirror cuts as stock's does: its server draws everything again. */
void emulator_resize(struct emulator *e, size_t rows, size_t cols)
{
    struct screen *s = &e->screen;
    bool same_width = cols == s->cols;
    size_t above = 0;

    if (e->role == EMULATOR_HOST) {
        if (e->buffer == BUFFER_MAIN)
            emulator_keep_rows(e, s, screen_rows_above(s, rows));
        above = screen_keep_cursor(s, rows);
    }

    size_t row = s->cursor_row, col = s->cursor_col;
    screen_resize(s, rows, cols, &s->pen);
    if (s->cursor_row != row || s->cursor_col != col) /* what a mark would join may be away */
        e->mark_back = 0;
    guard_resize(&e->guard, above, rows, cols);
    emulator_resize_hidden_buffer(e, rows, cols);
    emulator_reset_margins(e);
    if (!same_width)
        e->wrap_pending = false;
}

void emulator_take_event(struct emulator *e, uint64_t number, uint32_t kind, struct reader name,
                         struct reader text)
{
    events_take(&e->screen.events, number, kind, name, text);
}

void emulator_report_size(struct emulator *e, struct buf *reply)
{
    e->reply = reply;
    if (e->size_reports)
        reply_size_in_band(e);
    e->reply = NULL;
}

void emulator_set_profile(struct emulator *e, const struct profile *profile, struct buf *reply)
{
    bool registers = profile->features & FEATURE_REGISTERS;

    struct profile before = e->profile;

    e->profile = *profile;
    emulator_allow_keyboards(e, registers && profile->abilities & CAN_KITTY_KEYBOARD,
                             registers && profile->abilities & CAN_MODIFY_OTHER_KEYS);
    e->reply = reply;
    if (e->size_reports &&
        (before.cell_width != profile->cell_width || before.cell_height != profile->cell_height))
        reply_size_in_band(e);
    if (e->scheme_reports && before.scheme != profile->scheme)
        reply_scheme(e);
    e->reply = NULL;
}

bool emulator_synchronized(const struct emulator *e)
{
    return e->synchronized;
}

void emulator_end_synchronized(struct emulator *e)
{
    e->synchronized = false;
}

void emulator_keep_history(struct emulator *e)
{
    if (e->history)
        return;
    e->history = history_new();
    pool_set_history(e->screen.pool, e->history);
}

const struct history *emulator_history(const struct emulator *e)
{
    return e->history;
}

void emulator_forget_history(struct emulator *e)
{
    if (e->history)
        history_clear(e->history);
}

void emulator_keep_rows(struct emulator *e, const struct screen *s, size_t count)
{
    if (!e->history)
        return;
    for (size_t row = 0; row < count; row++)
        history_push(e->history, s->row[row]);
}

/*
 * What the program has told the world around the screen stays: titles, clipboard, bells. A real
 * terminal keeps them too; stock mosh would empty the user's clipboard.
 */
void emulator_reset(struct emulator *e)
{
    emulator_show_buffer(e, BUFFER_MAIN);
    set_initial_state(e);
    emulator_erase_screen(e);
    emulator_clear_hidden_buffer(e);
    emulator_forget_history(e);
    title_stack_clear(&e->icon_names);
    title_stack_clear(&e->window_titles);
}

void emulator_soft_reset(struct emulator *e)
{
    e->reverse_wrap = e->reverse_wrap_always = false;
    e->national_charsets = false;
    e->protecting = e->guarded_area = false;
    e->insert = false;
    e->origin = false;
    e->autowrap = true;
    e->application_cursor_keys = false;
    e->charsets = (struct charsets){0};
    e->screen.cursor_visible = true;
    e->screen.pen = (struct style){0};
    screen_set_link(&e->screen, 0);
    e->side_margins = false;
    emulator_reset_margins(e);
    emulator_forget_saved_cursor(e);
}

size_t emulator_footprint(const struct emulator *e)
{
    return sizeof *e + screen_footprint(&e->screen) +
           screen_footprint(&e->hidden->screen) / e->hidden->refs +
           (e->history ? history_footprint(e->history) : 0) + guard_footprint(e->guard) +
           guard_footprint(e->hidden_guard);
}

const struct screen *emulator_screen(const struct emulator *e)
{
    return &e->screen;
}

bool emulator_shows_alternate(const struct emulator *e)
{
    return e->buffer == BUFFER_ALTERNATE;
}

bool emulator_application_cursor_keys(const struct emulator *e)
{
    return e->application_cursor_keys;
}

bool emulator_newline(const struct emulator *e)
{
    return e->newline;
}

static int compare_key(const void *key, const void *entry)
{
    uint32_t a = *(const uint32_t *)key, b = *(const uint32_t *)entry;

    return (a > b) - (a < b);
}

const void *emulator_table_find(const struct emulator_table *table, uint32_t key)
{
    return bsearch(&key, table->entries, table->count, table->entry_size, compare_key);
}
