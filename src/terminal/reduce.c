/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/reduce.h"

#include <stddef.h>

/* The 256 colours: 16 of their own, a cube of 6 x 6 x 6, 24 greys. */
#define CUBE_FIRST 16u
#define CUBE_SIDE  6u
#define GREY_FIRST 232u
#define GREYS      24u

/* How much a difference of red, green and blue is seen: of the sums of squares that are quick to
   take, the one that comes nearest to what eyes say. */
enum { RED_WEIGHT = 2, GREEN_WEIGHT = 4, BLUE_WEIGHT = 3, WEIGHTS = 9 };

/* The components of a grey, or of what is taken for one, differ by less than this. */
#define GREYISH_SPREAD 32

static const uint8_t cube_levels[CUBE_SIDE] = {0, 95, 135, 175, 215, 255};

static const uint32_t basic[16] = {
    0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
    0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
};

static int red(uint32_t rgb)
{
    return (int)(rgb >> 16 & 0xFF);
}

static int green(uint32_t rgb)
{
    return (int)(rgb >> 8 & 0xFF);
}

static int blue(uint32_t rgb)
{
    return (int)(rgb & 0xFF);
}

static uint32_t grey_rgb(uint32_t grey)
{
    return (8 + 10 * grey) * 0x010101u;
}

uint32_t palette_rgb(uint8_t index)
{
    unsigned n = index - CUBE_FIRST;

    if (index < CUBE_FIRST)
        return basic[index];
    if (index >= GREY_FIRST)
        return grey_rgb(index - GREY_FIRST);
    return (uint32_t)cube_levels[n / (CUBE_SIDE * CUBE_SIDE)] << 16 |
           (uint32_t)cube_levels[n / CUBE_SIDE % CUBE_SIDE] << 8 | cube_levels[n % CUBE_SIDE];
}

static int distance(uint32_t a, uint32_t b)
{
    int r = red(a) - red(b), g = green(a) - green(b), bl = blue(a) - blue(b);

    return RED_WEIGHT * r * r + GREEN_WEIGHT * g * g + BLUE_WEIGHT * bl * bl;
}

static unsigned nearest_level(int value)
{
    if (value < 48)
        return 0;
    return value < 115 ? 1 : (unsigned)(value - 35) / 40;
}

static unsigned nearest_grey(uint32_t rgb)
{
    int mean =
        (RED_WEIGHT * red(rgb) + GREEN_WEIGHT * green(rgb) + BLUE_WEIGHT * blue(rgb)) / WEIGHTS;

    if (mean <= 8)
        return 0;
    return mean >= 238 ? GREYS - 1 : (unsigned)(mean - 8 + 5) / 10;
}

/* The distance is a sum over the components, so the nearest of the cube is found for each alone,
   and the nearest grey from the mean. */
static uint8_t nearest_of_256(uint32_t rgb)
{
    unsigned cube = CUBE_FIRST + nearest_level(red(rgb)) * CUBE_SIDE * CUBE_SIDE +
                    nearest_level(green(rgb)) * CUBE_SIDE + nearest_level(blue(rgb));
    unsigned grey = nearest_grey(rgb);
    bool is_grey = distance(rgb, grey_rgb(grey)) < distance(rgb, palette_rgb((uint8_t)cube));

    return (uint8_t)(is_grey ? GREY_FIRST + grey : cube);
}

static bool is_greyish(uint32_t rgb)
{
    int least = red(rgb), most = red(rgb);

    least = green(rgb) < least ? green(rgb) : least;
    least = blue(rgb) < least ? blue(rgb) : least;
    most = green(rgb) > most ? green(rgb) : most;
    most = blue(rgb) > most ? blue(rgb) : most;
    return most - least < GREYISH_SPREAD;
}

/* Among so few, some colour is nearer to a grey than the greys are; but it would look wrong. */
static uint8_t nearest_of_basic(uint32_t rgb, size_t count)
{
    bool grey = is_greyish(rgb);
    size_t best = 0; /* black */

    for (size_t i = 1; i < count; i++) {
        if (distance(rgb, basic[i]) < distance(rgb, basic[best]) && (!grey || is_greyish(basic[i])))
            best = i;
    }
    return (uint8_t)best;
}

uint32_t reduce_colour(uint32_t colour, uint32_t colours)
{
    bool indexed = COLOUR_KIND(colour) == COLOUR_INDEXED;
    uint32_t value = COLOUR_VALUE(colour);

    if (colour == COLOUR_DEFAULT || colours == 0 || colours >= COLOURS_DIRECT)
        return colour;
    if (indexed && value < colours)
        return colour;
    if (colours >= PALETTE_COLOURS)
        return COLOUR_INDEXED | nearest_of_256(value);
    return COLOUR_INDEXED |
           nearest_of_basic(indexed ? palette_rgb((uint8_t)value) : value, colours < 16 ? 8 : 16);
}

static uint32_t find_colour(const struct caps *caps, const struct palette *palette, uint32_t colour)
{
    if (palette && !caps->palette && COLOUR_KIND(colour) == COLOUR_INDEXED &&
        palette->colour[COLOUR_VALUE(colour)] != COLOUR_DEFAULT)
        colour = palette->colour[COLOUR_VALUE(colour)];
    return reduce_colour(colour, caps->colours);
}

static uint16_t reduce_attributes(const struct caps *caps, uint16_t attributes)
{
    if (!caps->faint)
        attributes &= (uint16_t)~STYLE_FAINT;
    if (!caps->struck)
        attributes &= (uint16_t)~STYLE_STRUCK;
    if (!caps->overline)
        attributes &= (uint16_t)~STYLE_OVERLINE;
    if (!caps->rapid_blink && attributes & STYLE_RAPID_BLINK)
        attributes = (uint16_t)((attributes & ~STYLE_RAPID_BLINK) | STYLE_BLINK);
    return attributes;
}

static uint16_t reduce_underline(const struct caps *caps, uint16_t underline)
{
    bool shown = underline == UNDERLINE_DOUBLE ? caps->double_underline : caps->underline_styles;

    return underline <= UNDERLINE_SINGLE || shown ? underline : UNDERLINE_SINGLE;
}

struct style reduce_rare_style(const struct caps *caps, const struct palette *palette,
                               const struct style *s)
{
    struct style reduced = *s;

    reduced.foreground = find_colour(caps, palette, s->foreground);
    reduced.background = find_colour(caps, palette, s->background);
    reduced.underline_colour =
        caps->underline_colour ? find_colour(caps, palette, s->underline_colour) : COLOUR_DEFAULT;
    reduced.attributes = reduce_attributes(caps, s->attributes);
    reduced.underline = reduce_underline(caps, s->underline);
    if (!caps->links)
        reduced.link = 0;
    return reduced;
}
