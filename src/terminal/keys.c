/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/keys.h"

#define ESC 0x1B

enum { PLAIN = 1, SHIFT = 2, CTRL = 5, CTRL_SHIFT = 6 }; /* as xterm counts modifiers */

/* --- xterm's forms --- */

static void put_final(struct buf *out, const char *introducer, char final)
{
    buf_append_str(out, introducer);
    buf_append_byte(out, (uint8_t) final);
}

static void put_modified(struct buf *out, uint32_t number, uint32_t modifier, char final)
{
    buf_append_str(out, "\033[");
    buf_append_dec(out, number);
    buf_append_byte(out, ';');
    buf_append_dec(out, modifier);
    buf_append_byte(out, (uint8_t) final);
}

static void put_cursor_key(const struct keys *k, char final, struct buf *out)
{
    put_final(out, k->modes.application_cursor_keys ? "\033O" : "\033[", final);
}

/* --- keys of others --- */

/* The letter of a key that xterm names by one: Home, End, F1 to F4. Else 0. */
static char letter_of(uint32_t number)
{
    switch (number) {
    case 1:
    case 7:
        return 'H';
    case 4:
    case 8:
        return 'F';
    case 11:
    case 12:
    case 13:
    case 14:
        return (char)('P' + (number - 11));
    default:
        return 0;
    }
}

static bool translate_number(const struct keys *k, uint32_t number, uint32_t modifier,
                             struct buf *out)
{
    char letter = letter_of(number);

    if (modifier != PLAIN && letter)
        put_modified(out, 1, modifier, letter);
    else if (modifier != PLAIN)
        put_modified(out, number, modifier, '~');
    else if (letter == 'H' || letter == 'F')
        put_cursor_key(k, letter, out);
    else if (letter)
        put_final(out, "\033O", letter);
    else
        return false;
    return true;
}

static bool translate_csi(const struct keys *k, const struct token *t, struct buf *out)
{
    uint32_t number = token_param(t, 0, 0);
    bool alone = number != TOKEN_ABSENT && token_param(t, 1, 0) == TOKEN_ABSENT &&
                 token_param(t, 0, 1) == TOKEN_ABSENT;

    if (t->code >= TOKEN_KEY('[', 0, 'A') && t->code <= TOKEN_KEY('[', 0, 'D'))
        put_final(out, "\033O", (char)('P' + ((t->code & 0xFF) - 'A')));
    else if (t->code == TOKEN_KEY('[', 0, 'E'))
        buf_append_str(out, "\033[15~");
    else if (t->code >= 'a' && t->code <= 'd' && number == TOKEN_ABSENT)
        put_modified(out, 1, SHIFT, (char)(t->code - 'a' + 'A'));
    else if (t->code == '~' && alone)
        return translate_number(k, number, PLAIN, out);
    else if (t->code == '$' && alone)
        return translate_number(k, number, SHIFT, out);
    else if (t->code == '^' && alone)
        return translate_number(k, number, CTRL, out);
    else if (t->code == '@' && alone)
        return translate_number(k, number, CTRL_SHIFT, out);
    else
        return false;
    return true;
}

static bool translate_ss3(const struct keys *k, const struct token *t, struct buf *out)
{
    bool cursor_key = (t->code >= 'A' && t->code <= 'D') || t->code == 'F' || t->code == 'H';

    if (token_param(t, 0, 0) != TOKEN_ABSENT)
        return false;
    if (cursor_key && !k->modes.application_cursor_keys)
        put_final(out, "\033[", (char)t->code);
    else if (t->code >= 'a' && t->code <= 'd' && !k->modes.kitty_keyboard)
        put_modified(out, 1, CTRL, (char)(t->code - 'a' + 'A'));
    else
        return false;
    return true;
}

static bool translate(const struct keys *k, const struct token *t, struct buf *out)
{
    if (t->kind == TOKEN_SS3)
        return translate_ss3(k, t, out);
    return t->kind == TOKEN_CSI && !k->modes.kitty_keyboard && translate_csi(k, t, out);
}

/* Of what is translated the ESC, which all forms begin with, may have been given out already. */
static void give(const struct keys *k, const struct token *t, struct buf *out)
{
    struct buf form = {0};

    if (t->passed <= 1 && translate(k, t, &form))
        buf_append(out, form.data + t->passed, form.len - t->passed);
    else
        buf_append(out, t->bytes + t->passed, t->len - t->passed);
    if (k->modes.newline && t->kind == TOKEN_CONTROL && t->code == '\r')
        buf_append_byte(out, '\n');
    buf_release(&form);
}

/* --- what is held back --- */

static struct token_modes token_modes(const struct keys *k)
{
    return (struct token_modes){.pastes = k->modes.bracketed_paste};
}

/* An ESC is not held, nor what an O follows that would not be translated. */
static bool may_wait(const struct keys *k)
{
    const uint8_t *bytes;
    size_t waiting = tokens_waiting(&k->tokens, &bytes), len = waiting + k->tokens.passed;

    if (waiting == 0 || len < 2 || k->tokens.passed > 1 || k->tokens.paste || bytes[0] != ESC)
        return false;
    return bytes[1] == '[' || (bytes[1] == 'O' && !k->modes.application_cursor_keys);
}

static void release(struct keys *k, struct buf *out)
{
    const struct token_modes modes = token_modes(k);
    struct token token;

    while (tokens_release(&k->tokens, &modes, &token))
        give(k, &token, out);
}

void keys_translate(struct keys *k, msec_t now, const struct keys_modes *modes,
                    const uint8_t *bytes, size_t len, struct buf *out)
{
    struct reader input = {.at = bytes, .left = len};
    struct token_modes of_tokens;
    struct token token;

    keys_flush(k, now, out);
    k->since = now;
    k->modes = *modes;
    of_tokens = token_modes(k);
    k->tokens.paste &= modes->bracketed_paste;
    while (tokens_next(&k->tokens, &of_tokens, &input, &token))
        give(k, &token, out);
    if (!may_wait(k))
        release(k, out);
}

/* What comes so late has nothing to do with what was before. */
void keys_flush(struct keys *k, msec_t now, struct buf *out)
{
    if (msec_since(now, k->since) < KEYS_HOLD_MS)
        return;
    release(k, out);
    if (!k->tokens.paste)
        tokens_forget(&k->tokens);
}

msec_t keys_deadline(const struct keys *k)
{
    const uint8_t *bytes;

    return tokens_waiting(&k->tokens, &bytes) > 0 ? msec_after(k->since, KEYS_HOLD_MS) : MSEC_NEVER;
}
