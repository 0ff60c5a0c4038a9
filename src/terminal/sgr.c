/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>

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
 * For a code that has a number with it, as 38 has a colour, `on` says with a 1 in which part of the
 * pen the number goes, and `number_word` is 1 + the word of the pen that has this part.
 */
struct effect {
    struct style off, on;
    uint8_t number_word;
    bool takes_colour;
};

#define ALL       UINT32_MAX
#define ANY_BLINK (STYLE_BLINK | STYLE_RAPID_BLINK) /* of the two ways one is in force */
#define ANY_LINE  UINT16_MAX
#define TAKES(part)                                                                                \
    {                                                                                              \
        .off.part = ALL, .on.part = 1, .takes_colour = true,                                       \
        .number_word = 1 + offsetof(struct style, part) / sizeof(uint64_t)                         \
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
    [SGR_UNDERLINE] = {.off.underline = ANY_LINE,
                       .on.underline = UNDERLINE_SINGLE,
                       .number_word = 1 + offsetof(struct style, underline) / sizeof(uint64_t)},
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

static const struct effect *effect_of(unsigned code)
{
    return code < SGR_CODES ? &effects[code] : &nothing;
}

static inline uint64_t changed(uint64_t word, uint64_t off, uint64_t on)
{
    return (word & ~off) | on;
}

/* Applies codes from the front of `count` parameters, up to one that takes a colour. Returns how
   many these were. */
static inline size_t apply_plain(struct style *pen, const uint16_t *value, size_t count)
{
    uint64_t word[EFFECT_WORDS] = {pen->word[0], pen->word[1]};
    size_t i = 0;

    for (; i < count; i++) {
        const struct effect *effect = effect_of(value[i]);
        if (effect->takes_colour)
            break;
        for (size_t n = 0; n < EFFECT_WORDS; n++)
            word[n] = changed(word[n], effect->off.word[n], effect->on.word[n]);
    }
    for (size_t n = 0; n < EFFECT_WORDS; n++)
        pen->word[n] = word[n];
    return i;
}

/* What a code that has a number with it does. */
static inline void apply_number(struct style *pen, const struct effect *effect, uint32_t number)
{
    size_t n = effect->number_word - 1u;

    pen->word[n] = changed(pen->word[n], effect->off.word[n], effect->on.word[n] * number);
}

/* A colour, if there is such. */
static inline void apply_indexed(struct style *pen, const struct effect *effect, unsigned index)
{
    if (index <= 255)
        apply_number(pen, effect, COLOUR_INDEXED | index);
}

static inline void apply_rgb(struct style *pen, const struct effect *effect,
                             const uint16_t value[3])
{
    if ((value[0] | value[1] | value[2]) <= 255)
        apply_number(pen, effect,
                     COLOUR_RGB | (uint32_t)value[0] << 16 | (uint32_t)value[1] << 8 | value[2]);
}

/* `value[0]` and what is joined to it by colons. Anything else than 4:n, 38:5:n and 38:2:...
   means nothing. */
static void apply_joined(struct style *pen, const uint16_t *value, size_t count)
{
    const struct effect *effect = effect_of(value[0]);

    if (value[0] == SGR_UNDERLINE && count == 2 && value[1] <= UNDERLINE_DASHED)
        apply_number(pen, effect, value[1]);
    else if (effect->takes_colour && value[1] == COLOUR_SPACE_INDEXED && count == 3)
        apply_indexed(pen, effect, value[2]);
    else if (effect->takes_colour && value[1] == COLOUR_SPACE_RGB && count == 5)
        apply_rgb(pen, effect, value + 2);
    else if (effect->takes_colour && value[1] == COLOUR_SPACE_RGB && count >= 6)
        apply_rgb(pen, effect, value + 3); /* with a colour space, or its place */
}

/* Applies the colour at the front of `count` parameters, of which the first takes one. Returns how
   many belong to it: of one that is not complete, all. */
static inline size_t apply_colour(struct style *pen, const uint16_t *value, size_t count)
{
    const struct effect *effect = effect_of(value[0]);

    if (count >= 5 && value[1] == COLOUR_SPACE_RGB) {
        apply_rgb(pen, effect, value + 2);
        return 5;
    }
    if (count >= 3 && value[1] == COLOUR_SPACE_INDEXED) {
        apply_indexed(pen, effect, value[2]);
        return 3;
    }
    return count >= 2 && (value[1] == COLOUR_SPACE_RGB || value[1] == COLOUR_SPACE_INDEXED) ? count
                                                                                            : 1;
}

/* How many parameters from `first` on are joined by colons; at least that one. */
static size_t joined_count(const struct params *params, size_t first)
{
    size_t end = first + 1;

    while (end < params->count && params->joined >> end & 1)
        end++;
    return end - first;
}

/* Parameters of which some are joined. This and the next function are apart from sgr_apply, so that
   what is needed most need not save the registers that they need. */
static __attribute__((noinline)) void apply_with_joined(struct style *pen,
                                                        const struct params *params)
{
    for (size_t i = 0, count; i < params->count; i += count) {
        const uint16_t *value = params->value + i;
        count = joined_count(params, i);
        if (count > 1)
            apply_joined(pen, value, count);
        else if (effect_of(*value)->takes_colour)
            count = apply_colour(pen, value, params->count - i);
        else
            (void)apply_plain(pen, value, 1);
    }
}

/* Parameters of which the first takes a colour. */
static __attribute__((noinline)) void apply_from_colour(struct style *pen, const uint16_t *value,
                                                        size_t count)
{
    const uint16_t *end = value + count;

    while (value < end) {
        if (effect_of(*value)->takes_colour)
            value += apply_colour(pen, value, (size_t)(end - value));
        else
            value += apply_plain(pen, value, (size_t)(end - value));
    }
}

void sgr_apply(struct emulator *e, const struct params *params)
{
    struct style *pen = &e->screen.pen;
    size_t plain;

    if (params->joined) {
        apply_with_joined(pen, params);
        return;
    }
    plain = apply_plain(pen, params->value, params->count);
    if (plain < params->count)
        apply_from_colour(pen, params->value + plain, params->count - plain);
}
