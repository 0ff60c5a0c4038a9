/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_TOKENS_H
#define MOSH_TERMINAL_TOKENS_H

/*
 * Cuts what a user's terminal sends into tokens: characters, controls, the sequences of function
 * keys, reports, answers, and pastes. The grammar is that of ECMA-48 with what terminals do beside
 * it: mouse reports with raw coordinates, the function keys of the Linux console (CSI [ A), rxvt's
 * (CSI 2 $), and ESC in front of anything for Alt.
 *
 * Every byte is given out once, in its order, as part of one token. Input may be cut anywhere:
 *
 *     while (tokens_next(&tokens, &modes, &input, &token))
 *         ...
 *     what is incomplete now waits for more; when nobody wants to wait:
 *     while (tokens_release(&tokens, &modes, &token))
 *         ...
 *
 * A terminal sends a string (OSC, DCS and so on) in one piece, with nothing but text in it. What
 * begins like one and is not was a key with Alt. Within a bracketed paste nothing is a key.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"

#define TOKENS_BYTES_MAX 1024 /* of one token; what is longer is no sequence */
#define TOKEN_ABSENT     UINT32_MAX

enum token_kind {
    TOKEN_CHARACTER, /* `code`; U+FFFD for bytes that are no UTF-8 */
    TOKEN_CONTROL,   /* `code`: C0 or DEL. An ESC that nothing follows is the key Esc. */
    TOKEN_ESCAPE,    /* ESC and a character or control, `code`: a key with Alt */
    TOKEN_CSI,       /* `code`: a TOKEN_KEY, and parameters */
    TOKEN_SS3,       /* `code`: the final byte; there may be a parameter */
    TOKEN_OSC,       /* strings: see token_text */
    TOKEN_DCS,
    TOKEN_STRING, /* SOS, PM, APC */
    TOKEN_MOUSE,  /* CSI M and raw bytes; `code`: the button as X10 counts them */
    TOKEN_PASTE,  /* bytes between the brackets, which are CSI 200 ~ and CSI 201 ~ */
    TOKEN_PART,   /* bytes of what is not complete, and was released; the rest may follow */
    TOKEN_BROKEN, /* bytes that began a sequence, and did not go on as one */
};

/* Names a sequence by its private marker, its intermediate byte and its final byte; 0 for none. */
#define TOKEN_KEY(marker, intermediate, final)                                                     \
    ((uint32_t)(marker) << 16 | (uint32_t)(intermediate) << 8 | (uint32_t)(final))

struct token {
    enum token_kind kind;
    uint32_t code;
    const uint8_t *bytes; /* from its first byte; borrowed until the next call */
    size_t len;
    size_t passed; /* so many of these were given out before, as TOKEN_PART or as the key Esc */
};

/* What decides what bytes mean. */
struct token_modes {
    bool pastes;     /* heed the brackets around a paste */
    bool mouse;      /* CSI M may be followed by raw bytes */
    bool mouse_utf8; /* which are characters */
};

/* {0} has read nothing. */
struct tokens {
    uint8_t held[TOKENS_BYTES_MAX];
    size_t start, end; /* of what is in `held` and belongs to no token yet */
    size_t passed;     /* of these */
    bool paste;
};

/* The next complete token of what is held and of `input`, all of which is taken in the end. */
bool tokens_next(struct tokens *t, const struct token_modes *modes, struct reader *input,
                 struct token *out);

/* The same of what is held, as nothing more is waited for. It is still remembered how a sequence
   began. False when everything has been given out. */
bool tokens_release(struct tokens *t, const struct token_modes *modes, struct token *out);

/* What waits for more, not counting what was given out. */
size_t tokens_waiting(const struct tokens *t, const uint8_t **bytes);

/* Forgets what was begun and has been given out. */
void tokens_forget(struct tokens *t);

/* Parameter `index` of a CSI or SS3 token, and the `sub`th number of it, between colons; from 0.
   TOKEN_ABSENT if it is not there or empty. */
uint32_t token_param(const struct token *t, size_t index, size_t sub);

/* What a string says: without its introducer and terminator. Returns its length. */
size_t token_text(const struct token *t, const uint8_t **text);

#endif
