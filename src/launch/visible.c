/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "launch/visible.h"

static void put_character(uint32_t c, struct buf *out)
{
    static const char hex[] = "0123456789abcdef";
    bool passes = c == '\n' || c == '\r' || c == '\t' || (c >= 0x20 && c < 0x7F) || c >= 0xA0;
    if (passes) {
        char bytes[UTF8_BYTES_MAX];
        buf_append(out, bytes, utf8_encode(c, bytes));
    } else if (c < 0x80) {
        buf_append_byte(out, '^');
        buf_append_byte(out, (uint8_t)(c ^ 0x40)); /* ESC: ^[, DEL: ^? */
    } else {
        buf_append_str(out, "\\x");
        buf_append_byte(out, (uint8_t)hex[c >> 4 & 15]);
        buf_append_byte(out, (uint8_t)hex[c & 15]);
    }
}

void visible_put(struct visible *v, const void *bytes, size_t len, struct buf *out)
{
    const uint8_t *at = bytes;
    while (len > 0) {
        uint32_t c;
        enum utf8_result result = utf8_feed(&v->utf8, *at, &c);
        if (result != UTF8_BROKEN) {
            at++;
            len--;
        }
        if (result != UTF8_MORE)
            put_character(c, out);
    }
}

void visible_end(struct visible *v, struct buf *out)
{
    if (v->utf8.missing > 0)
        put_character(UTF8_REPLACEMENT, out);
    *v = (struct visible){0};
}
