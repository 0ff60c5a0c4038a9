/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/colour.h"

#include <string.h>

#include "util/hex.h"

#define DIGITS_MAX 4 /* of a component */

static const struct name {
    const char *name;
    uint32_t rgb;
} names[] = {
    {"black", 0x000000},     {"white", 0xFFFFFF},    {"red", 0xFF0000},
    {"green", 0x00FF00},     {"blue", 0x0000FF},     {"yellow", 0xFFFF00},
    {"cyan", 0x00FFFF},      {"magenta", 0xFF00FF},  {"gray", 0xBEBEBE},
    {"grey", 0xBEBEBE},      {"orange", 0xFFA500},   {"pink", 0xFFC0CB},
    {"purple", 0xA020F0},    {"brown", 0xA52A2A},    {"navy", 0x000080},
    {"maroon", 0xB03060},    {"violet", 0xEE82EE},   {"turquoise", 0x40E0D0},
    {"gold", 0xFFD700},      {"salmon", 0xFA8072},   {"coral", 0xFF7F50},
    {"tomato", 0xFF6347},    {"khaki", 0xF0E68C},    {"orchid", 0xDA70D6},
    {"darkgray", 0xA9A9A9},  {"darkgrey", 0xA9A9A9}, {"lightgray", 0xD3D3D3},
    {"lightgrey", 0xD3D3D3},
};

/* A component of `len` digits as 8 bits: rounded, so that F, FF and FFFF are all full. */
static bool component(const uint8_t *text, size_t len, uint32_t *value)
{
    uint32_t number = 0, full = (1u << 4 * len) - 1;

    for (size_t i = 0; i < len; i++) {
        if (hex_digit(text[i]) < 0)
            return false;
        number = number << 4 | (uint32_t)hex_digit(text[i]);
    }
    *value = (number * 255 + full / 2) / full;
    return true;
}

/* #RGB: here the digits given are the upper ones, as X has it. */
static bool parse_hash(const uint8_t *text, size_t len, uint32_t *rgb)
{
    size_t digits = len / 3;

    if (len % 3 != 0 || digits == 0 || digits > DIGITS_MAX)
        return false;
    *rgb = 0;
    for (size_t i = 0; i < 3; i++) {
        const uint8_t *at = text + i * digits;
        uint32_t value;
        if (!component(at, digits, &value))
            return false;
        *rgb = *rgb << 8 | (uint32_t)hex_digit(at[0]) << 4 |
               (digits > 1 ? (uint32_t)hex_digit(at[1]) : 0);
    }
    return true;
}

/* R/G/B */
static bool parse_slashes(const uint8_t *text, size_t len, uint32_t *rgb)
{
    size_t start = 0;

    *rgb = 0;
    for (size_t i = 0; i < 3; i++) {
        size_t end = start;
        uint32_t value;
        while (end < len && text[end] != '/')
            end++;
        if (end == start || end - start > DIGITS_MAX || (end == len) != (i == 2) ||
            !component(text + start, end - start, &value))
            return false;
        *rgb = *rgb << 8 | value;
        start = end + 1;
    }
    return true;
}

/* Case and blanks do not count. */
static bool is_name(const uint8_t *text, size_t len, const char *name)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] == ' ')
            continue;
        if (*name == '\0' || (text[i] | 0x20) != *name++)
            return false;
    }
    return *name == '\0';
}

bool colour_parse(const uint8_t *text, size_t len, uint32_t *rgb)
{
    if (len > 0 && text[0] == '#')
        return parse_hash(text + 1, len - 1, rgb);
    if (len > 4 && memcmp(text, "rgb:", 4) == 0)
        return parse_slashes(text + 4, len - 4, rgb);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (is_name(text, len, names[i].name)) {
            *rgb = names[i].rgb;
            return true;
        }
    }
    return false;
}

void colour_put(uint32_t rgb, struct buf *out)
{
    static const char digits[] = "0123456789abcdef";

    buf_append_str(out, "rgb");
    for (unsigned shift = 24; shift > 0; shift -= 8) {
        buf_append_byte(out, shift == 24 ? ':' : '/');
        buf_append_byte(out, (uint8_t)digits[rgb >> (shift - 4) & 0xF]);
        buf_append_byte(out, (uint8_t)digits[rgb >> (shift - 8) & 0xF]);
    }
}
