/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hostile.h"

#include "../lib/rng.h"

#define CAN "\x18"

static const char finals[] = "@ABCDEFGHIJKLMPSTXZ`abcdefghijklmnpqrstuvwxyz";

static void put_number(struct rng *rng, struct buf *out)
{
    static const char *const numbers[] = {
        "0",          "1",     "2147483647", "2147483648", "4294967295",
        "4294967296", "65535", "999999999",  "-1",         "18446744073709551616"};

    if (rng_below(rng, 3) == 0)
        buf_append_dec(out, rng_below(rng, 200));
    else
        buf_append_str(out, numbers[rng_below(rng, sizeof numbers / sizeof numbers[0])]);
}

/* One sequence of few or of very many arguments. */
static void put_sequence(struct rng *rng, size_t arguments, struct buf *out)
{
    static const char *const leaders[] = {"", "?", ">", "=", "<"};
    static const char *const middles[] = {"", "", "", "$", "\"", " ", "!", "*"};

    buf_append_str(out, "\x1b[");
    buf_append_str(out, leaders[rng_below(rng, 4) ? 0 : rng_below(rng, 5)]);
    for (size_t i = 0; i < arguments; i++) {
        put_number(rng, out);
        buf_append_byte(out, rng_below(rng, 5) ? ';' : ':');
    }
    buf_append_str(out, middles[rng_below(rng, sizeof middles / sizeof middles[0])]);
    buf_append_byte(out, (uint8_t)finals[rng_below(rng, sizeof finals - 1)]);
}

static void put_arguments(struct rng *rng, size_t end, struct buf *out)
{
    put_sequence(rng, end / 4, out);
    while (out->len < end)
        put_sequence(rng, rng_below(rng, 6), out);
}

static void put_endless(struct rng *rng, size_t end, struct buf *out)
{
    static const char *const starts[] = {"\x1b]0;",   "\x1b]52;c;", "\x1bP+q", "\x1bP$q",  "\x1b_G",
                                         "\x1b]8;;x", "\x1b^",      "\x1bX",   "\x1b]4;1;"};

    buf_append_str(out, starts[rng_below(rng, sizeof starts / sizeof starts[0])]);
    while (out->len < end)
        buf_append_byte(out, (uint8_t)('0' + rng_below(rng, 60)));
}

static void put_bytes(struct rng *rng, size_t end, struct buf *out)
{
    while (out->len < end)
        buf_append_byte(out, (uint8_t)rng_next(rng));
}

static void put_escapes(struct rng *rng, size_t end, struct buf *out)
{
    while (out->len < end) {
        size_t dice = rng_below(rng, 10);

        if (dice < 5) {
            put_sequence(rng, rng_below(rng, 3), out);
        } else if (dice < 7) {
            buf_append_byte(out, 0x1B);
            buf_append_byte(out, (uint8_t)(' ' + rng_below(rng, 0x5F)));
        } else {
            buf_append_byte(out, (uint8_t)(rng_below(rng, 2) ? rng_below(rng, 0x20)
                                                             : 'a' + rng_below(rng, 26)));
        }
    }
}

static void put_utf8(struct rng *rng, size_t end, struct buf *out)
{
    static const char *const bad[] = {"\xC0\x80",         "\xED\xA0\x80", "\xF4\x90\x80\x80",
                                      "\xE4\xBD",         "\x80",         "\xFF\xFE",
                                      "\xF0\x9F\x98\x80", "\xEF\xBB\xBF", "\xE2\x80\xAE",
                                      "\xF5\x80\x80\x80", "\xC3",         "\xE0\x80\xAF"};

    while (out->len < end) {
        buf_append_str(out, bad[rng_below(rng, sizeof bad / sizeof bad[0])]);
        if (rng_below(rng, 3) == 0)
            buf_append_byte(out, 'x');
    }
}

static void put_combining(struct rng *rng, size_t end, struct buf *out)
{
    buf_append_byte(out, 'e');
    while (out->len < end) { /* U+0300 to U+036F */
        size_t mark = 0x300 + rng_below(rng, 0x70);

        buf_append_byte(out, (uint8_t)(0xC0 | mark >> 6));
        buf_append_byte(out, (uint8_t)(0x80 | (mark & 0x3F)));
    }
}

static void put_wide(struct rng *rng, size_t end, struct buf *out)
{
    static const char *const parts[] = {"\x1b[999C",
                                        "\xe4\xbd\xa0",
                                        "\xcc\x81",
                                        "\x1b[?7l",
                                        "\x1b[?7h",
                                        "\x08",
                                        "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb",
                                        "\x1b[1K",
                                        "\x1b[P",
                                        "\x1b[4h",
                                        "\x1b[4l",
                                        "\xef\xb8\x8f",
                                        "\x1b[2;5r\x1b[3;5H"};

    while (out->len < end)
        buf_append_str(out, parts[rng_below(rng, sizeof parts / sizeof parts[0])]);
}

void hostile_write(enum hostile what, uint64_t seed, size_t size, struct buf *out)
{
    static void (*const put[HOSTILES])(struct rng *, size_t, struct buf *) = {
        [HOSTILE_ARGUMENTS] = put_arguments, [HOSTILE_ENDLESS] = put_endless,
        [HOSTILE_BYTES] = put_bytes,         [HOSTILE_ESCAPES] = put_escapes,
        [HOSTILE_UTF8] = put_utf8,           [HOSTILE_COMBINING] = put_combining,
        [HOSTILE_WIDE] = put_wide,
    };
    struct rng rng = {seed};

    if (what >= HOSTILES)
        return;
    put[what](&rng, out->len + size, out);
    buf_append_str(out, CAN);
}
