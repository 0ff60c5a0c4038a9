/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/base64.h"

#include <string.h>

#include "util/wipe.h"

/* All ones if first <= c <= last, else 0; all three are below 256. */
static unsigned in_range(unsigned c, unsigned first, unsigned last)
{
    unsigned outside = (c - first) | (last - c); /* a difference below 0 sets the top bits */
    return (outside >> 8 & 1) - 1;
}

/* The value of a digit, or one with bit 8 set if `c` is none. */
static unsigned digit_value(unsigned c)
{
    unsigned upper = in_range(c, 'A', 'Z'), lower = in_range(c, 'a', 'z');
    unsigned number = in_range(c, '0', '9');
    unsigned plus = in_range(c, '+', '+'), slash = in_range(c, '/', '/');
    unsigned known = upper | lower | number | plus | slash;
    return (upper & (c - 'A')) | (lower & (c - 'a' + 26)) | (number & (c - '0' + 52)) |
           (plus & 62) | (slash & 63) | (~known & 0x100);
}

static char digit_char(unsigned value)
{
    return (char)((in_range(value, 0, 25) & (value + 'A')) |
                  (in_range(value, 26, 51) & (value - 26 + 'a')) |
                  (in_range(value, 52, 61) & (value - 52 + '0')) | (in_range(value, 62, 62) & '+') |
                  (in_range(value, 63, 63) & '/'));
}

int base64_decode_key(const char *chars, size_t len, uint8_t key[KEY_BYTES])
{
    if (len != KEY_CHARS)
        return BASE64_LENGTH;
    uint8_t bytes[KEY_BYTES];
    unsigned bits = 0, invalid = 0, waiting = 0;
    size_t at = 0;
    for (size_t i = 0; i < KEY_CHARS; i++) {
        unsigned value = digit_value((unsigned char)chars[i]);
        invalid |= value & 0x100;
        bits = (bits << 6 | (value & 0x3F)) & 0xFFFF;
        waiting += 6;
        if (waiting >= 8) {
            waiting -= 8;
            bytes[at++] = (uint8_t)(bits >> waiting);
        }
    }
    int result = invalid ? BASE64_ALPHABET : bits & 0xF ? BASE64_CANONICAL : 0;
    if (result == 0)
        memcpy(key, bytes, KEY_BYTES);
    wipe(bytes, sizeof bytes);
    return result;
}

void base64_encode_key(const uint8_t key[KEY_BYTES], char chars[KEY_CHARS + 1])
{
    unsigned bits = 0, waiting = 0;
    size_t at = 0;
    for (size_t i = 0; i < KEY_BYTES; i++) {
        bits = (bits << 8 | key[i]) & 0xFFFF;
        waiting += 8;
        while (waiting >= 6) {
            waiting -= 6;
            chars[at++] = digit_char(bits >> waiting & 0x3F);
        }
    }
    chars[at++] = digit_char(bits << (6 - waiting) & 0x3F);
    chars[at] = '\0';
}
