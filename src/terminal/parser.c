/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/parser.h"

#include <string.h>

#include "util/utf8.h"

enum state {
    STATE_GROUND,
    STATE_ESCAPE,
    STATE_ESCAPE_INTERMEDIATE,
    STATE_CSI_ENTRY,
    STATE_CSI_PARAM,
    STATE_CSI_INTERMEDIATE,
    STATE_CSI_IGNORE,
    STATE_OSC,
    STATE_OSC_ESCAPE, /* an ESC in the string: its end if a backslash follows */
    STATE_DCS,
    STATE_DCS_ESCAPE,
    STATE_STRING, /* SOS, PM and APC are all swallowed alike */
    STATE_COUNT,
};

enum action {
    ACTION_NONE,
    ACTION_PRINT,
    ACTION_EXECUTE,
    ACTION_CLEAR,
    ACTION_COLLECT,
    ACTION_PARAM,
    ACTION_ESC_DISPATCH,
    ACTION_CSI_DISPATCH,
    ACTION_STRING_START,
    ACTION_STRING_PUT,
    ACTION_OSC_END,
    ACTION_DCS_END,
};

/*
 * What a character does in each state: an action in the high half of the byte, the next state in
 * the low half. Characters from U+00A0 on count as a letter.
 *
 * A string that is not ended properly (by ST, or BEL for OSC) but broken off by CAN, SUB, another
 * C1 control or another escape sequence has no effect, as in xterm.
 */
/* clang-format off */
#define T(action, state) ((uint8_t)(ACTION_##action << 4 | STATE_##state))

#define ANYWHERE(escape, st) \
    [0x18]          = T(EXECUTE, GROUND), \
    [0x1A]          = T(EXECUTE, GROUND), \
    [0x1B]          = (escape), \
    [0x80 ... 0x8F] = T(EXECUTE, GROUND), \
    [0x90]          = T(STRING_START, DCS), \
    [0x91 ... 0x97] = T(EXECUTE, GROUND), \
    [0x98]          = T(NONE, STRING), \
    [0x99 ... 0x9A] = T(EXECUTE, GROUND), \
    [0x9B]          = T(CLEAR, CSI_ENTRY), \
    [0x9C]          = (st), \
    [0x9D]          = T(STRING_START, OSC), \
    [0x9E ... 0x9F] = T(NONE, STRING)

#define C0(transition) \
    [0x00 ... 0x17] = (transition), \
    [0x19]          = (transition), \
    [0x1C ... 0x1F] = (transition)

#define AFTER_ESCAPE(backslash) \
    [0x20 ... 0x2F] = T(COLLECT, ESCAPE_INTERMEDIATE), \
    [0x30 ... 0x4F] = T(ESC_DISPATCH, GROUND), \
    ['P']           = T(STRING_START, DCS), \
    ['Q' ... 'W']   = T(ESC_DISPATCH, GROUND), \
    ['X']           = T(NONE, STRING), \
    ['Y' ... 'Z']   = T(ESC_DISPATCH, GROUND), \
    ['[']           = T(CLEAR, CSI_ENTRY), \
    ['\\']          = (backslash), \
    [']']           = T(STRING_START, OSC), \
    ['^' ... '_']   = T(NONE, STRING), \
    [0x60 ... 0x7E] = T(ESC_DISPATCH, GROUND), \
    [0x7F]          = T(NONE, ESCAPE)

static const uint8_t transitions[STATE_COUNT][0xA0] = {
    [STATE_GROUND] = {
        C0(T(EXECUTE, GROUND)),
        [0x20 ... 0x7E] = T(PRINT, GROUND),
        [0x7F]          = T(NONE, GROUND),
        ANYWHERE(T(CLEAR, ESCAPE), T(NONE, GROUND)),
    },
    [STATE_ESCAPE] = {
        C0(T(EXECUTE, ESCAPE)),
        AFTER_ESCAPE(T(ESC_DISPATCH, GROUND)),
        ANYWHERE(T(CLEAR, ESCAPE), T(NONE, GROUND)),
    },
    [STATE_ESCAPE_INTERMEDIATE] = {
        C0(T(EXECUTE, ESCAPE_INTERMEDIATE)),
        [0x20 ... 0x2F] = T(COLLECT, ESCAPE_INTERMEDIATE),
        [0x30 ... 0x7E] = T(ESC_DISPATCH, GROUND),
        [0x7F]          = T(NONE, ESCAPE_INTERMEDIATE),
        ANYWHERE(T(CLEAR, ESCAPE), T(NONE, GROUND)),
    },
    [STATE_CSI_ENTRY] = {
        C0(T(EXECUTE, CSI_ENTRY)),
        [0x20 ... 0x2F] = T(COLLECT, CSI_INTERMEDIATE),
        ['0' ... '9']   = T(PARAM, CSI_PARAM),
        [':']           = T(NONE, CSI_IGNORE),
        [';']           = T(PARAM, CSI_PARAM),
        ['<' ... '?']   = T(COLLECT, CSI_PARAM),
        [0x40 ... 0x7E] = T(CSI_DISPATCH, GROUND),
        [0x7F]          = T(NONE, CSI_ENTRY),
        ANYWHERE(T(CLEAR, ESCAPE), T(NONE, GROUND)),
    },
    [STATE_CSI_PARAM] = {
        C0(T(EXECUTE, CSI_PARAM)),
        [0x20 ... 0x2F] = T(COLLECT, CSI_INTERMEDIATE),
        ['0' ... ';']   = T(PARAM, CSI_PARAM),
        ['<' ... '?']   = T(NONE, CSI_IGNORE),
        [0x40 ... 0x7E] = T(CSI_DISPATCH, GROUND),
        [0x7F]          = T(NONE, CSI_PARAM),
        ANYWHERE(T(CLEAR, ESCAPE), T(NONE, GROUND)),
    },
    [STATE_CSI_INTERMEDIATE] = {
        C0(T(EXECUTE, CSI_INTERMEDIATE)),
        [0x20 ... 0x2F] = T(COLLECT, CSI_INTERMEDIATE),
        [0x30 ... 0x3F] = T(NONE, CSI_IGNORE),
        [0x40 ... 0x7E] = T(CSI_DISPATCH, GROUND),
        [0x7F]          = T(NONE, CSI_INTERMEDIATE),
        ANYWHERE(T(CLEAR, ESCAPE), T(NONE, GROUND)),
    },
    [STATE_CSI_IGNORE] = {
        C0(T(EXECUTE, CSI_IGNORE)),
        [0x20 ... 0x3F] = T(NONE, CSI_IGNORE),
        [0x40 ... 0x7E] = T(NONE, GROUND),
        [0x7F]          = T(NONE, CSI_IGNORE),
        ANYWHERE(T(CLEAR, ESCAPE), T(NONE, GROUND)),
    },
    [STATE_OSC] = {
        [0x00 ... 0x06] = T(NONE, OSC),
        [0x07]          = T(OSC_END, GROUND),
        [0x08 ... 0x17] = T(NONE, OSC),
        [0x19]          = T(NONE, OSC),
        [0x1C ... 0x1F] = T(NONE, OSC),
        [0x20 ... 0x7E] = T(STRING_PUT, OSC),
        [0x7F]          = T(NONE, OSC),
        ANYWHERE(T(CLEAR, OSC_ESCAPE), T(OSC_END, GROUND)),
    },
    [STATE_OSC_ESCAPE] = {
        C0(T(EXECUTE, ESCAPE)),
        AFTER_ESCAPE(T(OSC_END, GROUND)),
        ANYWHERE(T(CLEAR, ESCAPE), T(NONE, GROUND)),
    },
    [STATE_DCS] = {
        C0(T(NONE, DCS)),
        [0x20 ... 0x7E] = T(STRING_PUT, DCS),
        [0x7F]          = T(NONE, DCS),
        ANYWHERE(T(CLEAR, DCS_ESCAPE), T(DCS_END, GROUND)),
    },
    [STATE_DCS_ESCAPE] = {
        C0(T(EXECUTE, ESCAPE)),
        AFTER_ESCAPE(T(DCS_END, GROUND)),
        ANYWHERE(T(CLEAR, ESCAPE), T(NONE, GROUND)),
    },
    [STATE_STRING] = {
        C0(T(NONE, STRING)),
        [0x20 ... 0x7F] = T(NONE, STRING),
        ANYWHERE(T(CLEAR, ESCAPE), T(NONE, GROUND)),
    },
};
/* clang-format on */

static void clear_sequence(struct parser *p)
{
    p->collected = 0;
    p->collected_count = 0;
    p->overflow = false;
    p->params.joined = 0;
    p->params.count = 1;
    p->params.value[0] = 0;
}

static void collect(struct parser *p, uint32_t code)
{
    if (p->collected_count == PARSER_COLLECTED_MAX) {
        p->overflow = true;
        return;
    }
    p->collected = p->collected << 8 | code;
    p->collected_count++;
}

static void add_to_param(struct parser *p, uint32_t code)
{
    struct params *params = &p->params;

    if (code == ';' || code == ':') {
        if (params->count == PARSER_PARAMS_MAX) {
            p->overflow = true;
            return;
        }
        if (code == ':')
            params->joined |= (uint32_t)1 << params->count;
        params->value[params->count++] = 0;
        return;
    }
    /* In a sequence that is to be dropped, the digits may go where they like. */
    uint32_t value = params->value[params->count - 1] * 10u + (code - '0');
    params->value[params->count - 1] =
        (uint16_t)(value < PARSER_PARAM_VALUE_MAX ? value : PARSER_PARAM_VALUE_MAX);
}

static size_t string_max(const struct parser *p)
{
    bool clipboard = p->state == STATE_OSC && memcmp(p->string.data, "52;", 3) == 0;

    return clipboard ? PARSER_LONG_STRING_BYTES_MAX : PARSER_STRING_BYTES_MAX;
}

static void put_string(struct parser *p, uint32_t code)
{
    char bytes[UTF8_BYTES_MAX];
    size_t len = utf8_encode(code, bytes);
    bool full =
        p->string.len + len > PARSER_STRING_BYTES_MAX && p->string.len + len > string_max(p);

    if (p->string_cut || full) {
        p->string_cut = true;
        return;
    }
    buf_append(&p->string, bytes, len);
}

/* The next three fill in the event of their name and say whether there is one. */

static bool end_escape(const struct parser *p, uint32_t code, struct parser_event *event)
{
    if (p->overflow || code > 0x7E)
        return false;
    if (p->collected_count == 0 && code >= 0x40 && code <= 0x5F)
        *event = (struct parser_event){.kind = PARSER_CONTROL, .code = code + 0x40};
    else
        *event =
            (struct parser_event){.kind = PARSER_ESCAPE, .code = PARSER_KEY(p->collected, code)};
    return true;
}

static bool end_csi(const struct parser *p, uint32_t code, struct parser_event *event)
{
    if (p->overflow || code > 0x7E)
        return false;
    *event = (struct parser_event){
        .kind = PARSER_CSI, .code = PARSER_KEY(p->collected, code), .params = &p->params};
    return true;
}

static bool end_string(const struct parser *p, enum parser_event_kind kind, uint32_t code,
                       struct parser_event *event)
{
    *event = (struct parser_event){.kind = kind,
                                   .code = code,
                                   .text = p->string.data,
                                   .len = p->string.len,
                                   .cut = p->string_cut};
    return true;
}

/* Takes one character; true if it completes an event. */
static bool step(struct parser *p, uint32_t code, struct parser_event *event)
{
    uint8_t transition = transitions[p->state][code < 0xA0 ? code : 'A'];

    p->state = transition & 0x0F;
    switch ((enum action)(transition >> 4)) {
    case ACTION_NONE:
        return false;
    case ACTION_PRINT:
        *event = (struct parser_event){.kind = PARSER_CHARACTER, .code = code};
        return true;
    case ACTION_EXECUTE:
        *event = (struct parser_event){.kind = PARSER_CONTROL, .code = code};
        return true;
    case ACTION_CLEAR:
        clear_sequence(p);
        return false;
    case ACTION_COLLECT:
        collect(p, code);
        return false;
    case ACTION_PARAM:
        add_to_param(p, code);
        return false;
    case ACTION_ESC_DISPATCH:
        return end_escape(p, code, event);
    case ACTION_CSI_DISPATCH:
        return end_csi(p, code, event);
    case ACTION_STRING_START:
        buf_clear(&p->string);
        p->string_cut = false;
        return false;
    case ACTION_STRING_PUT:
        put_string(p, code);
        return false;
    case ACTION_OSC_END:
        return end_string(p, PARSER_OSC, code, event);
    case ACTION_DCS_END:
        return end_string(p, PARSER_DCS, code, event);
    }
    return false;
}

/*
 * Nearly all input is whole in one piece: text, controls, and control sequences without
 * intermediates. This shortcut, and those of parser_next, take it where it stands. Each takes one
 * event from the front, or changes nothing that is looked at again and declines; then the table
 * above decides, a character at a time. Both ways give the same events
 * (tests/unit/test_parser.c).
 */

/* A run of text is as long as whoever decodes it finds: looking for its end first would mean to
   look at each character twice. */
static bool take_utf8(struct reader *input, struct parser_event *event)
{
    event->code_bytes = utf8_take(input->at, input->left, &event->code);
    if (event->code_bytes == 0)
        return false;
    event->kind = PARSER_UTF8;
    event->text = input->at;
    event->len = input->left;
    input->at += input->left;
    input->left = 0;
    return true;
}

/* Decodes the next character; false if the input ends before it does. */
static bool take_character(struct parser *p, struct reader *input, uint32_t *code)
{
    while (input->left > 0) {
        uint8_t byte = *input->at;
        enum utf8_result result = UTF8_DONE;

        if (p->utf8.missing == 0 && byte < 0x80)
            *code = byte;
        else
            result = utf8_feed(&p->utf8, byte, code);
        if (result == UTF8_BROKEN)
            return true;
        input->at++;
        input->left--;
        if (result == UTF8_DONE)
            return true;
    }
    return false;
}

/* Apart from the shortcuts, so that those need not save the registers that this needs. */
static __attribute__((noinline)) bool take_by_table(struct parser *p, struct reader *input,
                                                    struct parser_event *event)
{
    uint32_t code;

    do {
        if (!take_character(p, input, &code))
            return false;
        if (step(p, code, event))
            return true;
    } while (p->state != STATE_GROUND);
    return false;
}

bool parser_take_rare(struct parser *p, struct reader *input, struct parser_event *event)
{
    if (p->state == STATE_GROUND && p->utf8.missing == 0 && take_utf8(input, event))
        return true;
    return take_by_table(p, input, event);
}

void parser_forget_string(struct parser *p)
{
    if (p->string.cap > PARSER_STRING_BYTES_MAX)
        buf_release(&p->string);
}

void parser_release(struct parser *p)
{
    buf_release(&p->string);
    *p = (struct parser){0};
}

void parser_copy(struct parser *copy, const struct parser *p)
{
    *copy = *p;
    copy->string = (struct buf){0};
    /* Outside a string its text has been used up. */
    if (p->state >= STATE_OSC && p->state <= STATE_DCS_ESCAPE)
        buf_append(&copy->string, p->string.data, p->string.len);
}
