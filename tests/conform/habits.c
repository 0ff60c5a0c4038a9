/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "habits.h"

#include <stdio.h>
#include <string.h>

#include "terminal/emulator_internal.h"
#include "util/utf8.h"
#include "util/width.h"

enum { WIDE_MAX = 64 };

/* Stock keeps both columns of a wide character apart. So does the model, with a character of its
   own for each. */
enum { LEAD = 0x2800, TRAIL = 0x28FF };

struct model {
    struct emulator *e;
    uint32_t habits, met;
    uint32_t wide[WIDE_MAX]; /* what LEAD and those after it stand for */
    size_t wides;
};

/* Whether a habit is to be followed here. */
static bool has(struct model *m, enum habit habit)
{
    m->met |= HABIT_BIT(habit);
    return m->habits & HABIT_BIT(habit);
}

/* --- functions that are there, but otherwise --- */

static void forget_wrap(struct model *m)
{
    if (m->e->wrap_pending && has(m, HABIT_WRAP))
        m->e->wrap_pending = false;
}

static int64_t clip(int64_t value, size_t first, size_t last)
{
    value = value < (int64_t)last ? value : (int64_t)last;
    return value > (int64_t)first ? value : (int64_t)first;
}

static void step(struct model *m, int64_t rows)
{
    struct emulator *e = m->e;
    int64_t row = clip((int64_t)e->screen.cursor_row + rows, e->origin ? e->top : 0,
                       (e->origin ? e->bottom : e->screen.rows) - 1);

    emulator_move_to(e, (size_t)row, e->screen.cursor_col);
}

static void align(struct model *m)
{
    struct emulator *e = m->e;
    struct screen *s = &e->screen;
    struct style style = style_erased(&s->pen);
    static const uint8_t letter[] = {'E'};

    for (size_t row = 0; row < s->rows; row++) {
        for (size_t col = 0; col < s->cols; col++)
            screen_put_ascii(s, row, col, letter, 1, pool_intern_style(s->pool, &style));
    }
    e->wrap_pending = false;
}

static void restore(struct model *m)
{
    struct emulator *e = m->e;
    const struct saved_cursor *saved = &e->saved[e->buffer];

    emulator_restore_cursor(e);
    if (!saved->is_set && has(m, HABIT_RESTORE))
        e->autowrap = true;
}

static void set_origin(struct model *m, bool on)
{
    emulator_home(m->e);
    m->e->origin = on;
}

/* A motion, or a character, is within the margins again. */
static void snap(struct model *m)
{
    struct emulator *e = m->e;

    if (e->origin && e->screen.cursor_row < e->top)
        e->screen.cursor_row = e->top;
}

static bool is_motion(uint32_t key)
{
    return key < 0x80 && key != 0 && strchr("ABCDGHILMZ`df", (int)key);
}

static void column_mode(struct model *m)
{
    emulator_erase_screen(m->e);
    emulator_home(m->e);
}

/* --- functions that are not there --- */

static enum habit missing_escape(uint32_t key)
{
    return strchr("()*+-./", (int)(key >> 8)) && key >> 8 ? HABIT_CHARSETS : HABIT_OTHER;
}

static enum habit missing_control(uint32_t code)
{
    switch (code) {
    case 0x0E:
    case 0x0F:
    case 0x8E:
    case 0x8F:
        return HABIT_CHARSETS;
    case 0x96:
    case 0x97:
        return HABIT_PROTECT;
    default:
        return HABIT_OTHER;
    }
}

static enum habit missing_csi(uint32_t key)
{
    switch (key) {
    case 'E':
    case 'F':
    case 'a':
    case 'e':
    case 'j':
    case 'k':
    case 'u':
        return HABIT_MOTION;
    case 'b':
        return HABIT_REPEAT;
    case 's':
    case PARSER_KEY(' ', '@'):
    case PARSER_KEY(' ', 'A'):
    case PARSER_KEY('\'', '}'):
    case PARSER_KEY('\'', '~'):
        return HABIT_SIDES;
    case PARSER_KEY('"', 'q'):
    case PARSER_KEY('?', 'J'):
    case PARSER_KEY('?', 'K'):
        return HABIT_PROTECT;
    default:
        return HABIT_OTHER;
    }
}

static bool has_csi(uint32_t key)
{
    return key == PARSER_KEY('>', 'c') || key == PARSER_KEY('!', 'p') ||
           key == PARSER_KEY('?', 'h') || key == PARSER_KEY('?', 'l') ||
           (key < 0x80 && strchr("@ABCDGHIJKLMPSTXZ`cdfghlmnr", (int)key));
}

static bool has_escape(uint32_t key)
{
    return key == '7' || key == '8' || key == 'c' || key == PARSER_KEY('#', '8');
}

static bool has_control(uint32_t code)
{
    return (code >= 7 && code <= 0x0D) || code == 0x84 || code == 0x85 || code == 0x88 ||
           code == 0x8D;
}

static enum habit missing_mode(uint32_t mode)
{
    switch (mode) {
    case 47:
    case 1047:
    case 1048:
    case 1049:
        return HABIT_SCREENS;
    case 69:
        return HABIT_SIDES;
    default:
        return HABIT_MODE;
    }
}

static bool has_private_mode(uint32_t mode)
{
    static const uint16_t modes[] = {1,    3,    5,    6,    7,    9,    25,   1000, 1001,
                                     1002, 1003, 1004, 1005, 1006, 1007, 1015, 2004};

    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        if (modes[i] == mode)
            return true;
    }
    return false;
}

/* Passes on what it has of the modes, one by one. */
static void modes(struct model *m, uint32_t key, const struct params *params)
{
    for (size_t i = 0; i < params->count; i++) {
        struct params one = {.count = 1, .value = {params->value[i]}};
        bool private = key >> 8 != 0;
        if (private && one.value[0] == 3 && has(m, HABIT_COLUMNS)) {
            column_mode(m);
        } else if (private && one.value[0] == 6 && has(m, HABIT_ORIGIN)) {
            set_origin(m, key == PARSER_KEY('?', 'h'));
        } else if (private ? has_private_mode(one.value[0]) : one.value[0] == 4) {
            csi_dispatch(m->e, key, &one);
        } else {
            if (!has(m, missing_mode(one.value[0])))
                csi_dispatch(m->e, key, &one);
        }
    }
}

/* --- SGR --- */

static bool has_rendition(uint32_t code)
{
    return code <= 1 || (code >= 3 && code <= 5) || code == 7 || code == 8 ||
           (code >= 22 && code <= 28 && code != 26) || (code >= 30 && code <= 37) || code == 39 ||
           (code >= 40 && code <= 47) || code == 49 || (code >= 90 && code <= 97) ||
           (code >= 100 && code <= 107);
}

/* How many parameters from `i` on are one thing, for stock. */
static size_t unit(const struct params *p, size_t i)
{
    size_t left = p->count - i;

    if (p->value[i] != 38 && p->value[i] != 48)
        return 1;
    if (left >= 3 && p->value[i + 1] == 5)
        return 3;
    if (left >= 5 && p->value[i + 1] == 2)
        return 5;
    return 1;
}

static void rendition(struct model *m, const struct params *params)
{
    size_t taken;

    for (size_t i = 0; i < params->count; i += taken) {
        struct params part = {0};
        bool colour = params->value[i] == 38 || params->value[i] == 48 || params->value[i] == 58;
        taken = unit(params, i);
        if (colour && taken == 1) {
            if (has(m, HABIT_SGR_TAIL))
                continue;
            taken = params->count - i; /* ours finds out */
            if (params->value[i] == 58 && taken >= 3)
                taken = params->value[i + 1] == 2 && taken >= 5 ? 5
                        : params->value[i + 1] == 5             ? 3
                        : params->value[i + 1] == 2             ? taken
                                                                : 1;
        } else if (!colour && !has_rendition(params->value[i]) && has(m, HABIT_SGR)) {
            continue;
        }
        part.count = (uint8_t)taken;
        memcpy(part.value, params->value + i, taken * sizeof *part.value);
        sgr_apply(m->e, &part);
    }
}

/* --- dispatching --- */

/* Those that stock has, but otherwise; false: it has it as ours does. */
static bool csi_otherwise(struct model *m, uint32_t key, const struct params *params)
{
    struct emulator *e = m->e;
    size_t row = e->screen.cursor_row;
    bool pending = e->wrap_pending;
    bool narrow = e->top > 0 || e->bottom < e->screen.rows;

    switch (key) {
    case 'A':
    case 'B':
        if (!narrow || !has(m, HABIT_STEP))
            return false;
        step(m, (key == 'A' ? -1 : 1) * (int64_t)csi_param(params, 0, 1));
        return true;
    case 'I':
    case 'Z':
        csi_dispatch(e, key, params);
        if (pending && !e->wrap_pending && has(m, HABIT_TAB))
            e->wrap_pending = true;
        return true;
    case 'L':
    case 'M':
        csi_dispatch(e, key, params);
        if ((row < e->top || row >= e->bottom) && has(m, HABIT_LINES))
            emulator_move_to(e, row, 0);
        return true;
    case 'T':
        if (params->count < 2 || !has(m, HABIT_OTHER))
            return false;
        emulator_scroll(e, e->top, -(int64_t)csi_param(params, 0, 1));
        return true;
    case 'm':
        rendition(m, params);
        return true;
    case 'r':
        if (csi_param(params, 0, 1) != e->screen.rows ||
            csi_param(params, 1, e->screen.rows) <= e->screen.rows || e->screen.rows == 1 ||
            !has(m, HABIT_REGION))
            return false;
        emulator_set_margins(e, e->screen.rows - 1, e->screen.rows);
        emulator_home(e);
        return true;
    case 'h':
    case 'l':
    case PARSER_KEY('?', 'h'):
    case PARSER_KEY('?', 'l'):
        modes(m, key, params);
        return true;
    case PARSER_KEY('!', 'p'): {
        bool autowrap = e->autowrap;
        csi_dispatch(e, key, params);
        if (!autowrap && has(m, HABIT_SOFT))
            e->autowrap = false;
        return true;
    }
    default:
        return false;
    }
}

static bool keeps_wrap(uint32_t key)
{
    return key == 'I' || key == 'Z' || key == 'g' || key == 'm' || key == PARSER_KEY('?', 'h') ||
           key == PARSER_KEY('?', 'l');
}

/* Numbers that are too large, for both; ours has the largest then. */
static void leave_out_numbers(struct model *m, struct params *params)
{
    for (size_t i = 0; i < params->count; i++) {
        if (params->value[i] == PARSER_PARAM_VALUE_MAX && has(m, HABIT_NUMBER))
            params->value[i] = 0;
    }
}

static void csi(struct model *m, uint32_t key, struct params *params)
{
    leave_out_numbers(m, params);
    if (params->joined) {
        if (!has(m, HABIT_COLON))
            csi_dispatch(m->e, key, params);
        return;
    }
    if (!has_csi(key)) {
        if (!has(m, missing_csi(key)))
            csi_dispatch(m->e, key, params);
    } else if (!csi_otherwise(m, key, params)) {
        csi_dispatch(m->e, key, params);
    }
    if (is_motion(key))
        snap(m);
    if (!keeps_wrap(key))
        forget_wrap(m);
}

static void escape(struct model *m, uint32_t key)
{
    if (!has_escape(key)) {
        if (!has(m, missing_escape(key)))
            escape_dispatch(m->e, key);
    } else if (key == PARSER_KEY('#', '8') && has(m, HABIT_ALIGN)) {
        align(m);
    } else if (key == '8') {
        restore(m);
    } else {
        escape_dispatch(m->e, key);
    }
    forget_wrap(m);
}

static void control(struct model *m, uint32_t code)
{
    if (!has_control(code)) {
        if (!has(m, missing_control(code)))
            control_dispatch(m->e, code);
    } else {
        bool pending = m->e->wrap_pending;
        if (code == 0x85) /* NEL goes to column 1 first */
            snap(m);
        control_dispatch(m->e, code);
        if (code == '\t' && pending && !m->e->wrap_pending && has(m, HABIT_TAB))
            m->e->wrap_pending = true;
    }
    if (has_control(code) && code != 7 && code != 0x88)
        snap(m);
    if (code != '\t')
        forget_wrap(m);
}

/* --- text --- */

static uint32_t lead_for(struct model *m, uint32_t code)
{
    size_t i = 0;

    while (i < m->wides && m->wide[i] != code)
        i++;
    if (i == m->wides && i < WIDE_MAX)
        m->wide[m->wides++] = code;
    return (uint32_t)(LEAD + i);
}

/* As ours, and as two characters that know nothing of each other. */
static void wide(struct model *m, uint32_t code)
{
    struct emulator *e = m->e;
    struct screen *s = &e->screen;
    bool last = s->cursor_col + 1 == s->cols;

    m->met |= HABIT_BIT(HABIT_HALF);
    if (!(m->habits & HABIT_BIT(HABIT_HALF))) {
        emulator_print(e, code);
        return;
    }
    if (last && !e->wrap_pending && e->autowrap) {
        screen_erase(s, s->cursor_row, s->cursor_col, s->cols, &s->pen);
        emulator_move_to(e, s->cursor_row, 0);
        (void)emulator_line_feed(e);
    } else if (last && !e->autowrap) {
        if (has(m, HABIT_EDGE))
            emulator_print(e, lead_for(m, code));
        return;
    }
    emulator_print(e, lead_for(m, code));
    emulator_print(e, TRAIL);
    e->mark_back += emulator_mark_col(e) > 0; /* marks go to the character */
}

static void mark(struct model *m, uint32_t code)
{
    struct emulator *e = m->e;
    struct screen *s = &e->screen;
    struct cell cell = s->row[s->cursor_row]->cell[emulator_mark_col(e)];

    if (!cell_is_erased(cell) || !has(m, HABIT_MARK)) {
        emulator_print(e, code);
        return;
    }
    screen_put(s, s->cursor_row, emulator_mark_col(e), 0xA0, cell.style);
    emulator_print(e, code);
    e->wrap_pending = s->cursor_col + 1 >= s->cols;
    if (!e->wrap_pending) {
        s->cursor_col++;
        e->mark_back++;
    }
}

static void print(struct model *m, uint32_t code)
{
    int width = width_of(code);

    if (width == 2)
        wide(m, code);
    else if (width == 0)
        mark(m, code);
    else
        emulator_print(m->e, code);
    snap(m);
}

static void ascii(struct model *m, const uint8_t *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        emulator_print_ascii(m->e, text + i, 1);
        snap(m);
    }
}

/* Takes what is text at the front; returns where that ends. */
static const uint8_t *text(struct model *m, const uint8_t *at, size_t len)
{
    const uint8_t *end = at + len;
    uint32_t code;
    size_t taken;

    for (; at < end && (taken = utf8_take(at, (size_t)(end - at), &code)) > 0; at += taken) {
        if (code < 0x80)
            ascii(m, at, 1);
        else
            print(m, code);
    }
    return at;
}

static void act(struct model *m, struct reader *input, const struct parser_event *event)
{
    switch (event->kind) {
    case PARSER_TEXT:
        ascii(m, event->text, event->len);
        break;
    case PARSER_UTF8:
        parser_put_back(input, event, text(m, event->text, event->len));
        break;
    case PARSER_CHARACTER:
        print(m, event->code);
        break;
    case PARSER_CONTROL:
        control(m, event->code);
        break;
    case PARSER_ESCAPE:
        escape(m, event->code);
        break;
    case PARSER_CSI: {
        struct params params = *event->params;
        csi(m, event->code, &params);
        break;
    }
    case PARSER_OSC:
        if (event->code == '\\') /* ESC \ is a function that is not there */
            forget_wrap(m);
        parser_forget_string(&m->e->parser);
        break;
    case PARSER_DCS:
        forget_wrap(m);
        break;
    }
}

/* --- the picture --- */

/* The model's two characters are the wide one again; half of one is what stock shows of it. */
static void join_halves(const struct model *m, struct picture *p)
{
    for (size_t i = 0; i < p->rows * p->cols; i++) {
        struct picture_cell *c = &p->cell[i];
        struct reader in = {(const uint8_t *)c->text, strlen(c->text)};
        struct utf8_decoder decoder = {0};
        uint32_t code = 0;
        while (in.left > 0 && utf8_feed(&decoder, *in.at, &code) == UTF8_MORE) {
            in.at++;
            in.left--;
        }
        if (code == TRAIL) { /* its character is gone */
            *c = (struct picture_cell){.text = " ", .background = c->background};
        } else if (code >= LEAD && code < LEAD + m->wides) {
            char marks[PICTURE_TEXT_MAX];
            snprintf(marks, sizeof marks, "%.*s", (int)(in.left - 1), (const char *)in.at + 1);
            size_t len = utf8_encode(m->wide[code - LEAD], c->text);
            snprintf(c->text + len, sizeof c->text - len, "%.40s", marks);
            if ((i + 1) % p->cols != 0) {
                c[1] = c[0];
                c[1].text[0] = 0;
                i++;
            }
        }
    }
}

uint32_t habits_draw(struct picture *p, const uint8_t *bytes, size_t len, size_t rows, size_t cols,
                     uint32_t habits)
{
    struct model m = {.e = emulator_new(EMULATOR_HOST, rows, cols), .habits = habits};
    struct reader input = {bytes, len};
    struct parser_event event = {0};

    while (parser_next(&m.e->parser, &input, &event))
        act(&m, &input, &event);
    picture_take(p, emulator_screen(m.e));
    join_halves(&m, p);
    emulator_free(m.e);
    return m.met;
}

const char *habit_name(enum habit habit)
{
    static const char *const names[] = {
#define HABIT_NAME(name, words) #name,
        HABITS(HABIT_NAME)
#undef HABIT_NAME
    };

    return names[habit];
}

const char *habit_words(enum habit habit)
{
    static const char *const words[] = {
#define HABIT_WORDS(name, words) words,
        HABITS(HABIT_WORDS)
#undef HABIT_WORDS
    };

    return words[habit];
}
