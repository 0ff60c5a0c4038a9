/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overlay/predict_keys.h"

#include "terminal/keypress.h"
#include "util/utf8.h"

#define DEL 0x7F

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
    {0x09, PREDICT_TAB,           PREDICT_CLASS_TEXT},
    {0x0B, PREDICT_KILL_END,      PREDICT_CLASS_CTRL_K},
    {0x0D, PREDICT_ENTER,         PREDICT_CLASS_ENTER},
    {0x15, PREDICT_KILL_START,    PREDICT_CLASS_CTRL_U},
    {0x17, PREDICT_RUBOUT_BLANKS, PREDICT_CLASS_CTRL_W},
    {0x1B, PREDICT_ESCAPE,        PREDICT_CLASS_ESCAPE},
    {0, PREDICT_UNKNOWN, 0},
};

/* ESC and a letter. */
static const struct binding escapes[] = {
    {'b', PREDICT_WORD_LEFT,   PREDICT_CLASS_ALT_B},
    {'d', PREDICT_DELETE_WORD, PREDICT_CLASS_ALT_D},
    {'f', PREDICT_WORD_RIGHT,  PREDICT_CLASS_ALT_F},
    {0, PREDICT_UNKNOWN, 0},
};

/* Keys without a character: the final byte after ESC [ or ESC O, or the number before a tilde. */
static const struct binding functions[] = {
    {'A', PREDICT_UP,    PREDICT_CLASS_UP},
    {'B', PREDICT_DOWN,  PREDICT_CLASS_DOWN},
    {'C', PREDICT_RIGHT, PREDICT_CLASS_RIGHT},
    {'D', PREDICT_LEFT,  PREDICT_CLASS_LEFT},
    {'F', PREDICT_END,   PREDICT_CLASS_END},
    {'H', PREDICT_HOME,  PREDICT_CLASS_HOME},
    {KEYPRESS_NUMBER(1), PREDICT_HOME,   PREDICT_CLASS_HOME},
    {KEYPRESS_NUMBER(3), PREDICT_DELETE, PREDICT_CLASS_DELETE},
    {KEYPRESS_NUMBER(4), PREDICT_END,    PREDICT_CLASS_END},
    {KEYPRESS_NUMBER(7), PREDICT_HOME,   PREDICT_CLASS_HOME},
    {KEYPRESS_NUMBER(8), PREDICT_END,    PREDICT_CLASS_END},
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

void predict_reader_clear(struct predict_reader *r)
{
    *r = (struct predict_reader){0};
}

/* A key without a character. */
static struct predict_key function_key(const struct keypress *k)
{
    if (k->modifiers == KEYPRESS_CTRL)
        return look_up(with_ctrl, k->function);
    if (k->modifiers == KEYPRESS_ALT)
        return look_up(with_alt, k->function);
    return k->modifiers ? unknown : look_up(functions, k->function);
}

static struct predict_key character_key(const struct keypress *k)
{
    if (k->modifiers == KEYPRESS_ALT)
        return k->byte == DEL ? alt_backspace : look_up(escapes, k->code);
    if (k->modifiers & (KEYPRESS_ALT | KEYPRESS_OTHER_MODIFIERS))
        return unknown;
    if (k->byte == DEL)
        return k->modifiers & KEYPRESS_CTRL ? unknown : backspace;
    if (k->byte >= 0 && k->byte < ' ')
        return look_up(controls, (uint32_t)k->byte);
    if (k->modifiers & ~(unsigned)KEYPRESS_SHIFT || k->code == UTF8_REPLACEMENT)
        return unknown;
    return (struct predict_key){.op = PREDICT_TEXT, .code = k->code};
}

/* A mouse report with `button` as X10 counts them. Only a press may move the cursor. */
static struct predict_key mouse(uint32_t button, bool released)
{
    enum { RELEASE = 3, MOTION = 32, WHEEL = 64 };

    if (released || button & (MOTION | WHEEL) || (button & RELEASE) == RELEASE)
        return nothing;
    return unknown;
}

/* What came without a key. */
static struct predict_key report(const struct token *t)
{
    enum { URXVT_OFFSET = 32 };
    uint32_t first;

    if (t->kind == TOKEN_MOUSE)
        return mouse(t->code, false);
    if (t->kind != TOKEN_CSI)
        return t->kind == TOKEN_BROKEN ? unknown : nothing;
    first = token_param(t, 0, 0);
    if (t->code == TOKEN_KEY('<', 0, 'M'))
        return mouse(first == TOKEN_ABSENT ? 0 : first, false);
    if (t->code == 'M')
        return mouse(first != TOKEN_ABSENT && first >= URXVT_OFFSET ? first - URXVT_OFFSET : 0,
                     false);
    return nothing;
}

static struct predict_key interpret(const struct token *t)
{
    struct keypress k;

    if (!keypress_read(t, &k))
        return report(t);
    if (k.event == KEYPRESS_UP || keypress_is_modifier(&k))
        return nothing;
    return k.function ? function_key(&k) : character_key(&k);
}

bool predict_reader_next(struct predict_reader *r, const struct screen *screen,
                         struct reader *input, struct predict_key *key)
{
    const struct token_modes modes = {
        .mouse = screen_mouse_reporting(screen) != MOUSE_OFF,
        .mouse_utf8 = screen_mouse_encoding(screen) == MOUSE_ENCODING_UTF8,
    };
    struct token token;

    if (!tokens_next(&r->tokens, &modes, input, &token) &&
        !tokens_release(&r->tokens, &modes, &token))
        return false;
    *key = interpret(&token);
    return true;
}
