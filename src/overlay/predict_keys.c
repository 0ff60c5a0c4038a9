/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overlay/predict_keys.h"

#define BEL 0x07
#define ESC 0x1B
#define DEL 0x7F

/* ESC O and ESC \ come from the parser as these. */
#define SINGLE_SHIFT      0x8F
#define STRING_TERMINATOR 0x9C

static const struct predict_key nothing = {.op = PREDICT_NOTHING};
static const struct predict_key unknown = {.op = PREDICT_UNKNOWN};

struct binding {
    uint32_t code;
    enum predict_op op;
    enum predict_class class;
};

/* clang-format off */
static const struct binding controls[] = {
    {0x01, PREDICT_HOME,          PREDICT_CLASS_CTRL_A},
    {0x02, PREDICT_LEFT,          PREDICT_CLASS_CTRL_B},
    {0x04, PREDICT_DELETE,        PREDICT_CLASS_CTRL_D},
    {0x05, PREDICT_END,           PREDICT_CLASS_CTRL_E},
    {0x06, PREDICT_RIGHT,         PREDICT_CLASS_CTRL_F},
    {0x08, PREDICT_RUBOUT,        PREDICT_CLASS_CTRL_H},
    {0x0B, PREDICT_KILL_END,      PREDICT_CLASS_CTRL_K},
    {0x0D, PREDICT_ENTER,         PREDICT_CLASS_TEXT},
    {0x15, PREDICT_KILL_START,    PREDICT_CLASS_CTRL_U},
    {0x17, PREDICT_RUBOUT_BLANKS, PREDICT_CLASS_CTRL_W},
    {0, PREDICT_UNKNOWN, 0},
};

/* ESC and a letter. */
static const struct binding escapes[] = {
    {'b', PREDICT_WORD_LEFT,   PREDICT_CLASS_ALT_B},
    {'d', PREDICT_DELETE_WORD, PREDICT_CLASS_ALT_D},
    {'f', PREDICT_WORD_RIGHT,  PREDICT_CLASS_ALT_F},
    {0, PREDICT_UNKNOWN, 0},
};

/* The final byte after ESC [ or ESC O. */
static const struct binding finals[] = {
    {'A', PREDICT_UP,    PREDICT_CLASS_UP},
    {'B', PREDICT_DOWN,  PREDICT_CLASS_DOWN},
    {'C', PREDICT_RIGHT, PREDICT_CLASS_RIGHT},
    {'D', PREDICT_LEFT,  PREDICT_CLASS_LEFT},
    {'F', PREDICT_END,   PREDICT_CLASS_END},
    {'H', PREDICT_HOME,  PREDICT_CLASS_HOME},
    {0, PREDICT_UNKNOWN, 0},
};

/* The number before a final tilde. Brackets around a paste are no keys. */
static const struct binding tildes[] = {
    {1,   PREDICT_HOME,    PREDICT_CLASS_HOME},
    {3,   PREDICT_DELETE,  PREDICT_CLASS_DELETE},
    {4,   PREDICT_END,     PREDICT_CLASS_END},
    {7,   PREDICT_HOME,    PREDICT_CLASS_HOME},
    {8,   PREDICT_END,     PREDICT_CLASS_END},
    {200, PREDICT_NOTHING, 0},
    {201, PREDICT_NOTHING, 0},
    {0, PREDICT_UNKNOWN, 0},
};

/* The final byte where the key's modifier is Ctrl, and Alt. */
static const struct binding with_ctrl[] = {
    {'C', PREDICT_WORD_RIGHT, PREDICT_CLASS_CTRL_RIGHT},
    {'D', PREDICT_WORD_LEFT,  PREDICT_CLASS_CTRL_LEFT},
    {0, PREDICT_UNKNOWN, 0},
};
static const struct binding with_alt[] = {
    {'C', PREDICT_WORD_RIGHT, PREDICT_CLASS_ALT_RIGHT},
    {'D', PREDICT_WORD_LEFT,  PREDICT_CLASS_ALT_LEFT},
    {0, PREDICT_UNKNOWN, 0},
};

static const struct predict_key backspace = {
    .op = PREDICT_RUBOUT, .class = PREDICT_CLASS_BACKSPACE};
static const struct predict_key alt_backspace = {
    .op = PREDICT_RUBOUT_WORD, .class = PREDICT_CLASS_ALT_BACKSPACE};
/* clang-format on */

static struct predict_key look_up(const struct binding *b, uint32_t code)
{
    while (b->code && b->code != code)
        b++;
    return (struct predict_key){.op = b->op, .class = b->class};
}

void predict_reader_release(struct predict_reader *r)
{
    parser_release(&r->parser);
    *r = (struct predict_reader){0};
}

void predict_reader_clear(struct predict_reader *r)
{
    predict_reader_release(r);
}

/* --- sequences --- */

static struct predict_key with_modifier(uint32_t code, uint16_t modifier)
{
    enum { ALT = 3, CTRL = 5 }; /* 1 + bits, as xterm sends them */

    if (modifier == CTRL)
        return look_up(with_ctrl, code);
    return modifier == ALT ? look_up(with_alt, code) : unknown;
}

/* A mouse report with `button` as X10 counts them. Only a press may move the cursor. */
static struct predict_key mouse(uint32_t button, bool released)
{
    enum { RELEASE = 3, MOTION = 32, WHEEL = 64 };

    if (released || button & (MOTION | WHEEL) || (button & RELEASE) == RELEASE)
        return nothing;
    return unknown;
}

/* Whether a sequence is a report and not a key: of position, status, attributes, modes, window. A
   function key with a modifier looks like a position in the first row; that one is no harm. */
static bool is_report(const struct parser_event *e)
{
    uint32_t final = e->code & 0xFF;

    return final == 'n' || final == 'c' || final == 'y' || final == 't' || final == 'I' ||
           final == 'O' || (final == 'R' && e->params->count == 2) ||
           e->code == PARSER_KEY('?', 'u');
}

static struct predict_key control_sequence(struct predict_reader *r, const struct screen *screen,
                                           const struct parser_event *e)
{
    enum { X10_REPORT_BYTES = 3, URXVT_OFFSET = 32 };
    const struct params *p = e->params;

    if (e->code == PARSER_KEY('<', 'M') || e->code == PARSER_KEY('<', 'm'))
        return mouse(p->value[0], e->code == PARSER_KEY('<', 'm'));
    if (e->code == 'M' && p->count == 3)
        return mouse(p->value[0] >= URXVT_OFFSET ? (uint32_t)p->value[0] - URXVT_OFFSET : 0, false);
    if (e->code == 'M' && screen->mouse_reporting != MOUSE_OFF) {
        r->mouse_left = X10_REPORT_BYTES;
        r->mouse_utf8 = screen->mouse_encoding == MOUSE_ENCODING_UTF8;
        return nothing;
    }
    if (is_report(e))
        return nothing;
    if (p->count > 1 && p->value[1] > 1)
        return with_modifier(e->code, p->value[1]);
    return e->code == '~' ? look_up(tildes, p->value[0]) : look_up(finals, e->code);
}

/* --- bytes --- */

static struct predict_key text(uint32_t code, bool shifted)
{
    if (shifted)
        return look_up(finals, code);
    if (code == UTF8_REPLACEMENT)
        return unknown;
    return (struct predict_key){.op = PREDICT_TEXT, .code = code};
}

static struct predict_key interpret(struct predict_reader *r, const struct screen *screen,
                                    const struct parser_event *e)
{
    bool shifted = r->single_shift;

    r->single_shift = false;
    switch (e->kind) {
    case PARSER_TEXT:
        return text(e->text[0], shifted);
    case PARSER_CHARACTER:
        return text(e->code, shifted);
    case PARSER_CONTROL:
        r->single_shift = e->code == SINGLE_SHIFT;
        return e->code == SINGLE_SHIFT || e->code == STRING_TERMINATOR ? nothing
                                                                       : look_up(controls, e->code);
    case PARSER_ESCAPE:
        return look_up(escapes, e->code);
    case PARSER_CSI:
        return control_sequence(r, screen, e);
    case PARSER_OSC:
    case PARSER_DCS:
        return nothing;
    }
    return unknown;
}

static struct predict_key mouse_byte(struct predict_reader *r, uint8_t byte)
{
    enum { OFFSET = 32, TWO_BYTES_FROM = 0xC0, BUTTON_COMES_FIRST = 3 };
    bool first = r->mouse_left == BUTTON_COMES_FIRST;

    if (!(r->mouse_utf8 && byte >= TWO_BYTES_FROM))
        r->mouse_left--;
    return first && byte >= OFFSET ? mouse((uint32_t)byte - OFFSET, false) : nothing;
}

/* With Alt these begin a string for a terminal. */
static bool begins_string(uint8_t byte)
{
    return byte == 'P' || byte == 'X' || byte == ']' || byte == '^' || byte == '_';
}

static struct predict_key parse(struct predict_reader *r, const struct screen *screen, uint8_t byte)
{
    struct reader input = {.at = &byte, .left = 1};
    struct parser_event event;
    struct predict_key key = nothing;

    /* A byte that breaks a character off makes two events. The first is no text then. */
    while (parser_next(&r->parser, &input, &event)) {
        struct predict_key next = interpret(r, screen, &event);
        if (key.op != PREDICT_UNKNOWN)
            key = next;
    }
    return key;
}

struct predict_key predict_reader_feed(struct predict_reader *r, const struct screen *screen,
                                       uint8_t byte, bool last)
{
    bool escaped = r->escape;

    if (r->mouse_left > 0)
        return mouse_byte(r, byte);
    r->escape = byte == ESC;
    if (escaped && begins_string(byte))
        r->string = true;
    else if (byte == ESC || byte == BEL)
        r->string = false;
    /* A terminal sends a string in one piece. What is not complete was a key with Alt. */
    if (byte == DEL || (last && r->string)) {
        predict_reader_clear(r);
        return byte != DEL ? unknown : escaped ? alt_backspace : backspace;
    }
    /* An Esc that comes alone is a key. What follows may still make a sequence of it. */
    if (byte == ESC && last) {
        (void)parse(r, screen, byte);
        return unknown;
    }
    return parse(r, screen, byte);
}
