/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "util/utf8.h"

#include <assert.h>

static void expect(struct utf8_decoder *d, uint32_t bits, uint8_t missing, uint8_t lower,
                   uint8_t upper)
{
    *d = (struct utf8_decoder){bits, missing, lower, upper};
}

/*
 * The first byte of a character. The range of the second one is narrower after E0, ED, F0 and F4;
 * that excludes overlong forms, surrogates and values beyond U+10FFFF before a byte too many is
 * taken (table 3-7 of The Unicode Standard).
 */
static enum utf8_result feed_first(struct utf8_decoder *d, uint8_t byte, uint32_t *out)
{
    if (byte < 0x80) {
        *out = byte;
        return UTF8_DONE;
    }
    if (byte < 0xC2 || byte > 0xF4) {
        *out = UTF8_REPLACEMENT;
        return UTF8_DONE;
    }
    if (byte < 0xE0)
        expect(d, byte & 0x1Fu, 1, 0x80, 0xBF);
    else if (byte < 0xF0)
        expect(d, byte & 0x0Fu, 2, byte == 0xE0 ? 0xA0 : 0x80, byte == 0xED ? 0x9F : 0xBF);
    else
        expect(d, byte & 0x07u, 3, byte == 0xF0 ? 0x90 : 0x80, byte == 0xF4 ? 0x8F : 0xBF);
    return UTF8_MORE;
}

enum utf8_result utf8_feed(struct utf8_decoder *d, uint8_t byte, uint32_t *out)
{
    if (d->missing == 0)
        return feed_first(d, byte, out);
    if (byte < d->lower || byte > d->upper) {
        *d = (struct utf8_decoder){0};
        *out = UTF8_REPLACEMENT;
        return UTF8_BROKEN;
    }
    expect(d, d->partial << 6 | (byte & 0x3Fu), (uint8_t)(d->missing - 1), 0x80, 0xBF);
    if (d->missing > 0)
        return UTF8_MORE;
    *out = d->partial;
    return UTF8_DONE;
}

size_t utf8_encode(uint32_t c, char out[UTF8_BYTES_MAX])
{
    assert(c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF));
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

bool utf8_valid(const uint8_t *bytes, size_t len)
{
    struct utf8_decoder d = {0};
    for (size_t i = 0; i < len; i++) {
        bool starts = d.missing == 0;
        uint32_t c;
        enum utf8_result result = utf8_feed(&d, bytes[i], &c);
        /* A replacement character that was written out takes three bytes. */
        if (result == UTF8_BROKEN || (starts && result == UTF8_DONE && c == UTF8_REPLACEMENT))
            return false;
    }
    return d.missing == 0;
}
