/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/emulator_internal.h"

/*
 * SGR: the pen (ECMA-48 8.3.117; colours as in ITU-T T.416, and with semicolons as in xterm).
 *
 * A code stands alone, or has colons after it and means nothing without them. The colours 38, 48
 * and 58 also take the parameters after a semicolon: those are always consumed as a unit, valid or
 * not, so that no component of a colour is ever taken for a code of its own (R11).
 */

enum { SGR_UNDERLINE = 4, SGR_CODES = 108 };
enum { EFFECT_WORDS = 2 }; /* of a style; the last one has the link alone */
enum { COLOUR_SPACE_RGB = 2, COLOUR_SPACE_INDEXED = 5 };

/*
 * What a code does to the pen: bits go off, and then on. All of the pen is but a few words, so
 * every code costs the same, and no branch depends on which one it is; programs use them at random.
 *
 * What comes on is multiplied by a number, nearly always 1. For a code that has one with it, as 38
 * has a colour, `on` says with a 1 in which part of the pen the number goes.
 */
struct effect {
    struct style off, on;
    bool takes_colour;
};

#define ALL       UINT32_MAX
#define ANY_BLINK (STYLE_BLINK | STYLE_RAPID_BLINK) /* of the two ways one is in force */
#define ANY_LINE  UINT16_MAX
#define TAKES(part)                                                                                \
    {                                                                                              \
        .off.part = ALL, .on.part = 1, .takes_colour = true                                        \
    }

#define COLOUR(code, part, index)                                                                  \
    [(code) + (index) % 8] = {.off.part = ALL, .on.part = COLOUR_INDEXED | (index)}
#define EIGHT_COLOURS(code, part, first)                                                           \
    COLOUR(code, part, first), COLOUR(code, part, (first) + 1), COLOUR(code, part, (first) + 2),   \
        COLOUR(code, part, (first) + 3), COLOUR(code, part, (first) + 4),                          \
        COLOUR(code, part, (first) + 5), COLOUR(code, part, (first) + 6),                          \
        COLOUR(code, part, (first) + 7)

/* clang-format off */
static const struct effect effects[SGR_CODES] = {
    [0] = {.off = {.foreground = ALL, .background = ALL, .underline_colour = ALL,
                   .attributes = UINT16_MAX, .underline = ANY_LINE}}, /* OSC 8 alone ends a link */
    [1] = {.on.attributes = STYLE_BOLD},
    [2] = {.on.attributes = STYLE_FAINT},
    [3] = {.on.attributes = STYLE_ITALIC},
    [SGR_UNDERLINE] = {.off.underline = ANY_LINE, .on.underline = UNDERLINE_SINGLE},
    [5] = {.off.attributes = ANY_BLINK, .on.attributes = STYLE_BLINK},
    [6] = {.off.attributes = ANY_BLINK, .on.attributes = STYLE_RAPID_BLINK},
    [7] = {.on.attributes = STYLE_INVERSE},
    [8] = {.on.attributes = STYLE_INVISIBLE},
    [9] = {.on.attributes = STYLE_STRUCK},
    [21] = {.off.underline = ANY_LINE, .on.underline = UNDERLINE_DOUBLE},
    [22] = {.off.attributes = STYLE_BOLD | STYLE_FAINT},
    [23] = {.off.attributes = STYLE_ITALIC},
    [24] = {.off.underline = ANY_LINE},
    [25] = {.off.attributes = ANY_BLINK},
    [27] = {.off.attributes = STYLE_INVERSE},
    [28] = {.off.attributes = STYLE_INVISIBLE},
    [29] = {.off.attributes = STYLE_STRUCK},
    EIGHT_COLOURS(30, foreground, 0),
    [38] = TAKES(foreground),
    [39] = {.off.foreground = ALL},
    EIGHT_COLOURS(40, background, 0),
    [48] = TAKES(background),
    [49] = {.off.background = ALL},
    [53] = {.on.attributes = STYLE_OVERLINE},
    [55] = {.off.attributes = STYLE_OVERLINE},
    [58] = TAKES(underline_colour),
    [59] = {.off.underline_colour = ALL},
    EIGHT_COLOURS(90, foreground, 8),
    EIGHT_COLOURS(100, background, 8),
};
/* clang-format on */

static const struct effect nothing;

/* What was found at the front of some parameters: `taken` of them have `effect`, `times` so much.
 */
struct found {
    const struct effect *effect;
    uint32_t times;
    size_t taken;
};

static const struct effect *effect_of(unsigned code)
{
    return code < SGR_CODES ? &effects[code] : &nothing;
}

/* A colour, if there is such. */
static struct found indexed(struct found f, unsigned index)
{
    if (index <= 255)
        f.times = COLOUR_INDEXED | index;
    else
        f.effect = &nothing;
    return f;
}

static struct found rgb(struct found f, const uint16_t value[3])
{
    if ((value[0] | value[1] | value[2]) <= 255)
        f.times = COLOUR_RGB | (uint32_t)value[0] << 16 | (uint32_t)value[1] << 8 | value[2];
    else
        f.effect = &nothing;
    return f;
}

/* `value[0]` and what is joined to it by colons. Anything else than 4:n, 38:5:n and 38:2:...
   means nothing. */
static struct found find_joined(const uint16_t *value, size_t count)
{
    struct found f = {.effect = effect_of(value[0]), .times = 1, .taken = count};

    if (value[0] == SGR_UNDERLINE && count == 2 && value[1] <= UNDERLINE_DASHED)
        f.times = value[1];
    else if (f.effect->takes_colour && value[1] == COLOUR_SPACE_INDEXED && count == 3)
        f = indexed(f, value[2]);
    else if (f.effect->takes_colour && value[1] == COLOUR_SPACE_RGB && count == 5)
        f = rgb(f, value + 2);
    else if (f.effect->takes_colour && value[1] == COLOUR_SPACE_RGB && count >= 6)
        f = rgb(f, value + 3); /* with a colour space, or its place */
    else
        f.effect = &nothing;
    return f;
}

/* A colour with semicolons: `value[0]` is its code, `count` parameters are left. An incomplete one
   has all of them. */
static inline struct found find_colour(struct found f, const uint16_t *value, size_t count)
{
    bool is_indexed = count >= 2 && value[1] == COLOUR_SPACE_INDEXED;
    bool is_rgb = count >= 2 && value[1] == COLOUR_SPACE_RGB;
    size_t needed = is_rgb ? 5 : is_indexed ? 3 : 1;

    f.taken = needed <= count ? needed : count;
    if (is_rgb && count >= 5)
        return rgb(f, value + 2);
    if (is_indexed && count >= 3)
        return indexed(f, value[2]);
    f.effect = &nothing;
    return f;
}

/* How many parameters from `first` on are joined by colons; at least that one. */
static size_t joined_count(const struct params *params, size_t first)
{
    size_t end = first + 1;

    while (end < params->count && params->joined >> end & 1)
        end++;
    return end - first;
}

static inline uint64_t changed(uint64_t word, uint64_t off, uint64_t on)
{
    return (word & ~off) | on;
}

/* Parameters from `first` on, among which are colours, or some that are joined. Apart from the
   others, so that those need not save the registers that this needs. */
static __attribute__((noinline)) void apply_any(struct style *pen, const struct params *params,
                                                size_t first)
{
    uint64_t word[EFFECT_WORDS] = {pen->word[0], pen->word[1]};

    for (size_t i = first; i < params->count;) {
        const uint16_t *value = params->value + i;
        struct found f = {.effect = effect_of(value[0]), .times = 1, .taken = 1};
        size_t joined = params->joined ? joined_count(params, i) : 1;
        if (joined > 1)
            f = find_joined(value, joined);
        else if (f.effect->takes_colour)
            f = find_colour(f, value, params->count - i);
        for (size_t n = 0; n < EFFECT_WORDS; n++)
            word[n] = changed(word[n], f.effect->off.word[n], f.effect->on.word[n] * f.times);
        i += f.taken;
    }
    for (size_t n = 0; n < EFFECT_WORDS; n++)
        pen->word[n] = word[n];
}

/* Nearly all there are stand alone. */
void sgr_apply(struct emulator *e, const struct params *params)
{
    struct style *pen = &e->screen.pen;
    uint64_t word[EFFECT_WORDS] = {pen->word[0], pen->word[1]};
    size_t i = 0, alone = params->joined ? 0 : params->count;

    for (; i < alone; i++) {
        const struct effect *effect = effect_of(params->value[i]);
        if (effect->takes_colour)
            break;
        for (size_t n = 0; n < EFFECT_WORDS; n++)
            word[n] = changed(word[n], effect->off.word[n], effect->on.word[n]);
    }
    for (size_t n = 0; n < EFFECT_WORDS; n++)
        pen->word[n] = word[n];
    if (i < params->count)
        apply_any(pen, params, i);
}
