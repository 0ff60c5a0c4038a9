/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_PARSER_H
#define MOSH_TERMINAL_PARSER_H

/*
 * Cuts the bytes for a terminal into events: text, controls, sequences, strings. It follows the
 * state machine of DEC's terminals (ECMA-48 5.4 gives the grammar, vt100.net the machine), behind
 * a UTF-8 decoder: controls are recognised in decoded characters, so the two bytes of U+009B begin
 * a control sequence and a lone byte 9B is only malformed text.
 *
 * It knows no function of a terminal. The caller pulls events and acts on each before the next:
 *
 *     while (parser_next(&parser, &input, &event))
 *         ...
 *
 * Input may be cut anywhere; the state is kept between calls, and where it was cut changes nothing
 * but the lengths of the runs of text. Whatever comes, memory is bounded by the maxima below.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"
#include "util/utf8.h"

#define PARSER_PARAMS_MAX       32 /* a sequence with more is dropped whole */
#define PARSER_COLLECTED_MAX    3  /* private marker and intermediates; with more, the same */
#define PARSER_PARAM_VALUE_MAX  65535
#define PARSER_STRING_BYTES_MAX 16384 /* of one OSC or DCS; the rest is cut off */
#define PARSER_LONG_STRING_BYTES_MAX                                                               \
    (((size_t)136 << 10) + 64) /* of the one OSC that may be longer, the clipboard's: "52;" */

/* Parameters of a control sequence. There is at least one; an absent one is 0. */
struct params {
    uint32_t joined; /* bit i: a colon, not a semicolon, stands between i - 1 and i */
    uint8_t count;
    uint16_t value[PARSER_PARAMS_MAX]; /* those beyond PARSER_PARAM_VALUE_MAX are that */
};

enum parser_event_kind {
    PARSER_TEXT,      /* a run of printable ASCII: `text`, `len`, borrowed from the input */
    PARSER_UTF8,      /* all that is left of the input, from a character beyond U+009F on, which is
                         `code` and takes `code_bytes`: whoever takes this takes one or more
                         printable characters with utf8_take, and puts the rest back */
    PARSER_CHARACTER, /* `code`: one character from U+00A0 on, or U+FFFD for malformed input */
    PARSER_CONTROL,   /* `code`: C0 or C1; ESC @ to ESC _ come as the C1 control that they mean */
    PARSER_ESCAPE,    /* `code`: a PARSER_KEY */
    PARSER_CSI,       /* `code`: a PARSER_KEY, and `params` */
    PARSER_OSC,       /* `text`, `len`: UTF-8 without controls; `cut` if it was longer; `code`: what
                         ended it, BEL or the last character of ST */
    PARSER_DCS,       /* the same: parameters, intermediates and all */
};

/* Names a sequence: private marker and intermediates in their order, then the final byte. */
#define PARSER_KEY(collected, final) ((uint32_t)(collected) << 8 | (uint32_t)(final))

struct parser_event {
    enum parser_event_kind kind;
    uint32_t code;
    const struct params *params; /* borrowed until the next event */
    const uint8_t *text;         /* the same */
    size_t len;
    size_t code_bytes;
    bool cut;
};

/* {0} is one that has read nothing. */
struct parser {
    uint8_t state; /* 0: between sequences */
    uint8_t collected_count;
    bool overflow; /* the present sequence has too many parameters or intermediates */
    bool string_cut;
    uint32_t collected;
    struct utf8_decoder utf8;
    struct params params;
    struct buf string;
};

/* After the caller has used a string: a long one leaves no memory behind. */
void parser_forget_string(struct parser *p);

void parser_release(struct parser *p);
void parser_copy(struct parser *copy, const struct parser *p); /* `copy` is uninitialised */

/* Takes a piece of what is neither ASCII text nor a control between sequences; see parser_next.
   True if that completes an event. */
bool parser_take_rare(struct parser *p, struct reader *input, struct parser_event *event);

/* For PARSER_UTF8: the input goes on at `at`. */
static inline void parser_put_back(struct reader *input, const struct parser_event *event,
                                   const uint8_t *at)
{
    *input = (struct reader){at, (size_t)(event->text + event->len - at)};
}

static inline bool parser_is_printable_ascii(uint8_t byte)
{
    return byte >= 0x20 && byte <= 0x7E;
}

static inline bool parser_take_digit(const uint8_t **at, unsigned *value)
{
    unsigned digit = **at - (unsigned)'0';

    if (digit > 9)
        return false;
    *value = *value * 10 + digit;
    ++*at;
    return true;
}

/* All there are, where the end may be near; false if they go up to it. */
static inline bool parser_take_digits(const uint8_t **at, const uint8_t *end, unsigned *value)
{
    while (*at < end && parser_take_digit(at, value))
        ;
    return *at < end;
}

/* For parser_next: takes a control sequence, ESC [, at most one private marker, parameters and the
   final byte, if all of it is there and nothing in it is unusual. */
static inline bool parser_take_csi(struct parser *p, struct reader *input,
                                   struct parser_event *event)
{
    const uint8_t *at = input->at + 2, *end = input->at + input->left;
    struct params *params = &p->params;
    uint32_t marker = 0;
    uint64_t joined = 0; /* one bit more than there are parameters */
    unsigned count = 0;

    if (input->left < 3 || at[-1] != '[')
        return false;
    if (*at >= ':' && *at <= '?') { /* no digit: one comparison for nearly all sequences */
        if (*at == ':')
            return false;
        if (*at != ';')
            marker = *at++;
    }
    for (;; at++) {
        unsigned value = 0;
        if (end - at > 4) /* no need to look for the end at each */
            (void)(parser_take_digit(&at, &value) && parser_take_digit(&at, &value) &&
                   parser_take_digit(&at, &value) && parser_take_digit(&at, &value));
        else if (!parser_take_digits(&at, end, &value))
            return false;
        params->value[count++] = (uint16_t)value;
        if (*at != ';') {
            if (*at != ':')
                break;
            joined |= (uint64_t)1 << count;
        }
        if (count == PARSER_PARAMS_MAX)
            return false;
    }
    if (*at < 0x40 || *at > 0x7E)
        return false;
    params->joined = (uint32_t)joined;
    params->count = (uint8_t)count;
    event->kind = PARSER_CSI;
    event->code = PARSER_KEY(marker, *at);
    event->params = params;
    at++;
    *input = (struct reader){at, (size_t)(end - at)};
    return true;
}

/* Takes input up to the end of the next event, of which it sets what its kind has. False when there
   is no more input. Inline, because this is the loop that floods of output spend their time in. */
static inline bool parser_next(struct parser *p, struct reader *input, struct parser_event *event)
{
    while (input->left > 0) {
        const uint8_t *at = input->at, *end = at + input->left;
        bool between = p->state == 0 && p->utf8.missing == 0;

        if (between && parser_is_printable_ascii(*at)) {
            do
                at++;
            while (at < end && parser_is_printable_ascii(*at));
            event->kind = PARSER_TEXT;
            event->text = input->at;
            event->len = (size_t)(at - input->at);
            *input = (struct reader){at, (size_t)(end - at)};
            return true;
        }
        if (between && *at == 0x1B && parser_take_csi(p, input, event))
            return true;
        if (between && *at < 0x20 && *at != 0x1B) {
            event->kind = PARSER_CONTROL;
            event->code = *at;
            *input = (struct reader){at + 1, input->left - 1};
            return true;
        }
        struct parser_event rare = {0}; /* so that the others may stay in registers */
        if (parser_take_rare(p, input, &rare)) {
            *event = rare;
            return true;
        }
    }
    return false;
}

#endif
