/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/tokens.h"

#include <assert.h>
#include <string.h>

#include "util/utf8.h"

#define BEL 0x07
#define ESC 0x1B
#define DEL 0x7F

#define INCOMPLETE ((size_t)0)

static const uint8_t paste_end[] = "\033[201~";
#define PASTE_END_LEN (sizeof paste_end - 1)

/* Bytes that are looked at, from the first of a token on. */
struct window {
    const uint8_t *at;
    size_t len; /* at most TOKENS_BYTES_MAX */
    bool last;  /* nothing follows */
};

static bool is_control(uint8_t byte)
{
    return byte < ' ' || byte == DEL;
}

static size_t found(struct token *out, enum token_kind kind, uint32_t code, size_t len)
{
    out->kind = kind;
    out->code = code;
    return len;
}

/* One that is not complete for lack of bytes is INCOMPLETE; for lack of room, it is broken. */
static size_t unfinished(struct token *out, const struct window *w)
{
    if (w->len < TOKENS_BYTES_MAX)
        return INCOMPLETE;
    return found(out, TOKEN_BROKEN, 0, w->len);
}

/* --- characters --- */

static size_t scan_utf8(const struct window *w, size_t from, uint32_t *code)
{
    struct utf8_decoder decoder = {0};

    for (size_t i = from; i < w->len; i++) {
        switch (utf8_feed(&decoder, w->at[i], code)) {
        case UTF8_MORE:
            break;
        case UTF8_DONE:
            return i + 1;
        case UTF8_BROKEN:
            return i;
        }
    }
    return INCOMPLETE;
}

static size_t scan_character(const struct window *w, size_t from, enum token_kind kind,
                             struct token *out)
{
    uint32_t code = 0;
    size_t len = scan_utf8(w, from, &code);

    return len == INCOMPLETE ? unfinished(out, w) : found(out, kind, code, len);
}

/* --- sequences --- */

/* The bytes of a report after CSI M. Characters beyond 7 bits have two bytes in one of the modes.
 */
static size_t scan_mouse(const struct window *w, bool utf8, struct token *out)
{
    enum { FIRST = 3, COUNT = 3, OFFSET = 32, TWO_BYTES_FROM = 0xC0 };
    size_t at = FIRST;

    for (size_t i = 0; i < COUNT; i++) {
        if (at >= w->len)
            return INCOMPLETE;
        at += utf8 && w->at[at] >= TWO_BYTES_FROM ? 2 : 1;
    }
    if (at > w->len)
        return INCOMPLETE;
    return found(out, TOKEN_MOUSE, w->at[FIRST] < OFFSET ? 0 : w->at[FIRST] - OFFSET, at);
}

static size_t scan_csi(const struct window *w, const struct token_modes *modes, struct token *out)
{
    uint32_t marker = 0, intermediate = 0;
    size_t i = 2;

    if (w->len == i)
        return INCOMPLETE;
    if (w->at[i] == 'M' && modes->mouse)
        return scan_mouse(w, modes->mouse_utf8, out);
    if (w->at[i] == '[' || (w->at[i] >= '<' && w->at[i] <= '?'))
        marker = w->at[i++];
    for (; i < w->len; i++) {
        uint8_t byte = w->at[i];
        if (is_control(byte) || byte > DEL)
            return found(out, TOKEN_BROKEN, 0, i);
        if (byte >= '@' || (byte == '$' && marker == 0 && i > 2)) /* the latter is rxvt's */
            return found(out, TOKEN_CSI, TOKEN_KEY(marker, intermediate, byte), i + 1);
        if (byte < '0')
            intermediate = byte;
    }
    return unfinished(out, w);
}

static size_t scan_ss3(const struct window *w, struct token *out)
{
    size_t i = 2;

    while (i < w->len && ((w->at[i] >= '0' && w->at[i] <= '9') || w->at[i] == ';'))
        i++;
    if (i == w->len)
        return unfinished(out, w);
    if (is_control(w->at[i]) || w->at[i] > DEL)
        return found(out, TOKEN_ESCAPE, 'O', 2);
    return found(out, TOKEN_SS3, w->at[i], i + 1);
}

static size_t scan_string(const struct window *w, struct token *out)
{
    uint8_t introducer = w->at[1];
    enum token_kind kind = introducer == ']'   ? TOKEN_OSC
                           : introducer == 'P' ? TOKEN_DCS
                                               : TOKEN_STRING;

    for (size_t i = 2; i < w->len; i++) {
        if (w->at[i] == BEL && kind == TOKEN_OSC)
            return found(out, kind, introducer, i + 1);
        if (w->at[i] == ESC && i + 1 == w->len)
            break;
        if (w->at[i] == ESC && w->at[i + 1] == '\\')
            return found(out, kind, introducer, i + 2);
        if (is_control(w->at[i]))
            return found(out, TOKEN_ESCAPE, introducer, 2);
    }
    if (!w->last && w->len < TOKENS_BYTES_MAX)
        return INCOMPLETE;
    return found(out, TOKEN_ESCAPE, introducer, 2);
}

static size_t scan_escape(const struct window *w, const struct token_modes *modes,
                          struct token *out)
{
    if (w->len == 1)
        return INCOMPLETE;
    switch (w->at[1]) {
    case '[':
        return scan_csi(w, modes, out);
    case 'O':
        return scan_ss3(w, out);
    case ']':
    case 'P':
    case 'X':
    case '^':
    case '_':
        return scan_string(w, out);
    case ESC:
        return found(out, TOKEN_CONTROL, ESC, 1);
    default:
        return scan_character(w, 1, TOKEN_ESCAPE, out);
    }
}

/* --- pastes --- */

static size_t scan_paste(const struct window *w, struct token *out)
{
    const uint8_t *end = memchr(w->at, ESC, w->len);
    size_t same = 0;

    if (end != w->at)
        return found(out, TOKEN_PASTE, 0, end ? (size_t)(end - w->at) : w->len);
    while (same < PASTE_END_LEN && same < w->len && w->at[same] == paste_end[same])
        same++;
    if (same == PASTE_END_LEN)
        return found(out, TOKEN_CSI, '~', same);
    return same == w->len ? INCOMPLETE : found(out, TOKEN_PASTE, 0, 1);
}

/* --- tokens --- */

static size_t scan(const struct tokens *t, const struct window *w, const struct token_modes *modes,
                   struct token *out)
{
    if (t->paste)
        return scan_paste(w, out);
    if (w->at[0] == ESC)
        return scan_escape(w, modes, out);
    if (is_control(w->at[0]))
        return found(out, TOKEN_CONTROL, w->at[0], 1);
    return scan_character(w, 0, TOKEN_CHARACTER, out);
}

static void follow_brackets(struct tokens *t, const struct token_modes *modes,
                            const struct token *token)
{
    enum { BEGINS = 200, ENDS = 201 };
    uint32_t number;

    if (token->kind != TOKEN_CSI || token->code != '~')
        return;
    number = token_param(token, 0, 0);
    if (number == BEGINS && modes->pastes)
        t->paste = true;
    else if (number == ENDS)
        t->paste = false;
}

/* Gives out what was found at the window's beginning. */
static void give(struct tokens *t, const struct token_modes *modes, const struct window *w,
                 size_t len, struct token *out)
{
    out->bytes = w->at;
    out->len = len;
    out->passed = t->passed < len ? t->passed : len;
    t->passed -= out->passed;
    follow_brackets(t, modes, out);
}

static void take_from_held(struct tokens *t, size_t len)
{
    t->start += len;
    if (t->start == t->end)
        t->start = t->end = 0;
}

/* As much of the input as there is room for. */
static void hold(struct tokens *t, struct reader *input)
{
    size_t room;

    if (t->start > 0)
        memmove(t->held, t->held + t->start, t->end - t->start);
    t->end -= t->start;
    t->start = 0;
    room = TOKENS_BYTES_MAX > t->end ? TOKENS_BYTES_MAX - t->end : 0;
    if (room > input->left)
        room = input->left;
    if (room == 0)
        return;
    memcpy(t->held + t->end, input->at, room);
    t->end += room;
    input->at += room;
    input->left -= room;
}

/* The key Esc was given out, and what follows does not make a sequence of it: then that is a key of
   its own. */
static bool esc_was_a_key(const struct tokens *t, const struct token *now)
{
    return t->passed == 1 && t->held[t->start] == ESC &&
           (now->kind == TOKEN_ESCAPE || now->kind == TOKEN_CONTROL);
}

static bool next_of_held(struct tokens *t, const struct token_modes *modes, bool last,
                         struct token *out)
{
    while (t->end > t->start) {
        struct window w = {.at = t->held + t->start, .len = t->end - t->start, .last = last};
        size_t len = scan(t, &w, modes, out);

        if (len == INCOMPLETE)
            return false;
        if (esc_was_a_key(t, out)) {
            tokens_forget(t);
            continue;
        }
        give(t, modes, &w, len, out);
        take_from_held(t, len);
        return true;
    }
    return false;
}

static bool next_of_input(struct tokens *t, const struct token_modes *modes, struct reader *input,
                          struct token *out)
{
    struct window w = {.at = input->at, .len = input->left};
    size_t len;

    if (input->left == 0)
        return false;
    if (w.len > TOKENS_BYTES_MAX)
        w.len = TOKENS_BYTES_MAX;
    len = scan(t, &w, modes, out);
    if (len == INCOMPLETE) {
        hold(t, input);
        return false;
    }
    give(t, modes, &w, len, out);
    input->at += len;
    input->left -= len;
    return true;
}

bool tokens_next(struct tokens *t, const struct token_modes *modes, struct reader *input,
                 struct token *out)
{
    while (t->end > t->start) {
        size_t had = input->left;

        if (next_of_held(t, modes, false, out))
            return true;
        if (t->end > t->start) {
            hold(t, input);
            if (input->left == had)
                return false;
        }
    }
    return next_of_input(t, modes, input, out);
}

static void give_part(struct tokens *t, struct token *out)
{
    *out = (struct token){
        .kind = TOKEN_PART,
        .bytes = t->held + t->start,
        .len = t->end - t->start,
        .passed = t->passed,
    };
    if (out->len == 1 && out->bytes[0] == ESC && !t->paste) {
        out->kind = TOKEN_CONTROL;
        out->code = ESC;
    }
    t->passed = out->len;
}

bool tokens_release(struct tokens *t, const struct token_modes *modes, struct token *out)
{
    if (next_of_held(t, modes, true, out))
        return true;
    if (t->end - t->start == t->passed)
        return false;
    give_part(t, out);
    return true;
}

size_t tokens_waiting(const struct tokens *t, const uint8_t **bytes)
{
    *bytes = t->held + t->start;
    return t->end - t->start - t->passed;
}

void tokens_forget(struct tokens *t)
{
    size_t passed = t->passed;

    t->passed = 0;
    take_from_held(t, passed);
}

/* --- what is in a token --- */

/* The next number at *at, which moves past it. */
static uint32_t take_number(const uint8_t **at, const uint8_t *end)
{
    enum { LARGE = 100000000 };
    const uint8_t *p = *at;
    uint32_t n = 0;

    while (p < end && *p >= '0' && *p <= '9') {
        if (n < LARGE)
            n = n * 10 + (*p - '0');
        p++;
    }
    if (p == *at)
        return TOKEN_ABSENT;
    *at = p;
    return n;
}

uint32_t token_param(const struct token *t, size_t index, size_t sub)
{
    const uint8_t *p = t->bytes + 2, *end = t->bytes + t->len;
    size_t i = 0, j = 0;

    if (t->kind != TOKEN_CSI && t->kind != TOKEN_SS3)
        return TOKEN_ABSENT;
    if (p < end && *p >= '<' && *p <= '?')
        p++;
    for (;; p++) {
        uint32_t n = take_number(&p, end);
        if (i == index && j == sub)
            return n;
        if (p == end || (*p != ';' && *p != ':'))
            return TOKEN_ABSENT;
        if (*p == ':') {
            j++;
        } else {
            i++;
            j = 0;
        }
    }
}

size_t token_text(const struct token *t, const uint8_t **text)
{
    size_t terminator;

    assert(t->kind == TOKEN_OSC || t->kind == TOKEN_DCS || t->kind == TOKEN_STRING);
    terminator = t->bytes[t->len - 1] == BEL ? 1 : 2;
    *text = t->bytes + 2;
    return t->len - 2 - terminator;
}
