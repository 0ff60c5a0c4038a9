/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/keys.h"

enum { STATE_GROUND, STATE_ESCAPE, STATE_SS3 };

/* A byte that is passed on as it is. Alt with a cursor key sends ESC before the key's own ESC. */
static void pass(struct keys *k, uint8_t byte, struct buf *out)
{
    buf_append_byte(out, byte);
    k->state = byte == 0x1B ? STATE_ESCAPE : STATE_GROUND;
}

static void take(struct keys *k, msec_t now, bool application_cursor_keys, uint8_t byte,
                 struct buf *out)
{
    bool cursor_key = (byte >= 'A' && byte <= 'D') || byte == 'F' || byte == 'H';

    /* In application mode the key is right as it is, and there is nothing to wait for. */
    if (k->state == STATE_ESCAPE && byte == 'O' && !application_cursor_keys) {
        k->state = STATE_SS3;
        k->held_since = now;
        return;
    }
    if (k->state == STATE_SS3)
        buf_append_byte(out, cursor_key && !application_cursor_keys ? '[' : 'O');
    pass(k, byte, out);
}

void keys_translate(struct keys *k, msec_t now, bool application_cursor_keys, const uint8_t *bytes,
                    size_t len, struct buf *out)
{
    keys_flush(k, now, out);
    for (size_t i = 0; i < len; i++)
        take(k, now, application_cursor_keys, bytes[i], out);
}

void keys_flush(struct keys *k, msec_t now, struct buf *out)
{
    /* No cursor key has claimed the O. */
    if (k->state == STATE_SS3 && now >= keys_deadline(k))
        pass(k, 'O', out);
}

msec_t keys_deadline(const struct keys *k)
{
    return k->state == STATE_SS3 ? msec_after(k->held_since, KEYS_HOLD_MS) : MSEC_NEVER;
}
