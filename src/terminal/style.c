/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/style.h"

#include <stddef.h>
#include <string.h>

/* The codes that follow "0", in the order in which stock mosh writes its own; the underline comes
   between the first three and the others. */
static const struct attribute_code {
    uint16_t attribute;
    char code;
} codes_before_underline[] = {{STYLE_BOLD, '1'}, {STYLE_FAINT, '2'}, {STYLE_ITALIC, '3'}},
  codes_after_underline[] = {
      {STYLE_BLINK, '5'},     {STYLE_RAPID_BLINK, '6'}, {STYLE_INVERSE, '7'},
      {STYLE_INVISIBLE, '8'}, {STYLE_STRUCK, '9'},
};
#define COUNT(array) (sizeof(array) / sizeof *(array))

struct style style_erased(const struct style *pen)
{
    return (struct style){.background = pen->background};
}

static void put_attributes(const struct attribute_code *codes, size_t count, uint16_t attributes,
                           struct buf *out)
{
    for (size_t i = 0; i < count && attributes != 0; i++) {
        if (attributes & codes[i].attribute) {
            buf_append_byte(out, ';');
            buf_append_byte(out, (uint8_t)codes[i].code);
        }
    }
}

static void put_underline(uint16_t underline, struct buf *out)
{
    static const char *const codes[] = {
        [UNDERLINE_NONE] = "",      [UNDERLINE_SINGLE] = ";4",   [UNDERLINE_DOUBLE] = ";21",
        [UNDERLINE_CURLY] = ";4:3", [UNDERLINE_DOTTED] = ";4:4", [UNDERLINE_DASHED] = ";4:5",
    };

    buf_append_str(out, codes[underline]);
}

/* The long form: 38, 48 or 58 and what follows. */
static void put_long_colour(uint32_t colour, uint64_t code, char separator, struct buf *out)
{
    uint32_t value = COLOUR_VALUE(colour);

    buf_append_dec(out, code);
    buf_append_byte(out, (uint8_t)separator);
    if (COLOUR_KIND(colour) == COLOUR_INDEXED) {
        buf_append_byte(out, '5');
        buf_append_byte(out, (uint8_t)separator);
        buf_append_dec(out, value & 0xFF);
        return;
    }
    buf_append_byte(out, '2');
    if (separator == ':')
        buf_append_byte(out, ':'); /* the place of the colour space */
    for (unsigned shift = 24; shift > 0; shift -= 8) {
        buf_append_byte(out, (uint8_t)separator);
        buf_append_dec(out, value >> (shift - 8) & 0xFF);
    }
}

/* `base` is 30 for the foreground and 40 for the background. */
static void put_colour(uint32_t colour, uint64_t base, enum style_form form, struct buf *out)
{
    uint32_t value = COLOUR_VALUE(colour);
    bool indexed = COLOUR_KIND(colour) == COLOUR_INDEXED;

    if (colour == COLOUR_DEFAULT)
        return;
    buf_append_byte(out, ';');
    if (indexed && value < 8)
        buf_append_dec(out, base + value);
    else if (indexed && value < 16 && form != STYLE_FORM_SET)
        buf_append_dec(out, base + 60 + value - 8);
    else
        put_long_colour(colour, base + 8, form == STYLE_FORM_REPORT ? ':' : ';', out);
}

void style_put_sgr(const struct style *s, enum style_form form, struct buf *out)
{
    buf_append_str(out, form == STYLE_FORM_REPORT ? "0" : "\033[0");
    put_attributes(codes_before_underline, COUNT(codes_before_underline), s->attributes, out);
    put_underline(s->underline, out);
    put_attributes(codes_after_underline, COUNT(codes_after_underline), s->attributes, out);
    put_colour(s->foreground, 30, form, out);
    put_colour(s->background, 40, form, out);
    if (s->attributes & STYLE_OVERLINE)
        buf_append_str(out, ";53");
    if (s->underline_colour != COLOUR_DEFAULT) {
        buf_append_byte(out, ';');
        put_long_colour(s->underline_colour, 58, ':', out);
    }
    buf_append_byte(out, 'm');
}

/* What is taken back, and by which code. */
static const struct attribute_end {
    uint16_t attributes;
    uint8_t code;
} attribute_ends[] = {
    {STYLE_BOLD | STYLE_FAINT, 22},
    {STYLE_ITALIC, 23},
    {STYLE_BLINK | STYLE_RAPID_BLINK, 25},
    {STYLE_INVERSE, 27},
    {STYLE_INVISIBLE, 28},
    {STYLE_STRUCK, 29},
    {STYLE_OVERLINE, 55},
};

/* Takes back what `to` has not; of what one code takes back all has to be set again. Returns what
   of `to`'s attributes is still there. */
static uint16_t put_ends(const struct style *from, const struct style *to, struct buf *out)
{
    uint16_t left = from->attributes;

    for (size_t i = 0; i < COUNT(attribute_ends); i++) {
        uint16_t mask = attribute_ends[i].attributes;
        if (!(from->attributes & mask & ~to->attributes))
            continue;
        buf_append_byte(out, ';');
        buf_append_dec(out, attribute_ends[i].code);
        left = (uint16_t)(left & ~mask);
    }
    return left;
}

static void put_colour_change(uint32_t from, uint32_t to, uint64_t base, enum style_form form,
                              struct buf *out)
{
    if (from == to)
        return;
    if (to != COLOUR_DEFAULT) {
        put_colour(to, base, form, out);
        return;
    }
    buf_append_byte(out, ';');
    buf_append_dec(out, base + 9);
}

/* ";" and a code for all that changes. */
static void put_changes(const struct style *from, const struct style *to, enum style_form form,
                        struct buf *out)
{
    uint16_t left =
        (from->attributes & ~to->attributes) ? put_ends(from, to, out) : from->attributes;
    uint16_t coming = (uint16_t)(to->attributes & ~left);

    put_attributes(codes_before_underline, COUNT(codes_before_underline), coming, out);
    if (from->underline != to->underline)
        buf_append_str(out, to->underline == UNDERLINE_NONE ? ";24" : ";4");
    put_attributes(codes_after_underline, COUNT(codes_after_underline), coming, out);
    put_colour_change(from->foreground, to->foreground, 30, form, out);
    put_colour_change(from->background, to->background, 40, form, out);
    if (coming & STYLE_OVERLINE)
        buf_append_str(out, ";53");
}

/* Kinds of underlines and their colours are too new for all to know how they replace each other. */
static bool is_simple(const struct style *s)
{
    return s->underline <= UNDERLINE_SINGLE && s->underline_colour == COLOUR_DEFAULT;
}

static bool is_plain(const struct style *s)
{
    return s->attributes == 0 && s->underline == UNDERLINE_NONE &&
           s->foreground == COLOUR_DEFAULT && s->background == COLOUR_DEFAULT;
}

/* Whether the changes only add to, or replace, what there is: that is never longer than all. */
static bool takes_nothing_back(const struct style *from, const struct style *to)
{
    return !(from->attributes & ~to->attributes) &&
           (from->underline == UNDERLINE_NONE || to->underline != UNDERLINE_NONE) &&
           (from->foreground == COLOUR_DEFAULT || to->foreground != COLOUR_DEFAULT) &&
           (from->background == COLOUR_DEFAULT || to->background != COLOUR_DEFAULT);
}

/* Writes the changes as a sequence, whose first semicolon makes room for CSI. */
static void put_change_sequence(const struct style *from, const struct style *to,
                                enum style_form form, struct buf *out)
{
    size_t begin = out->len;

    buf_append_byte(out, '\033');
    put_changes(from, to, form, out);
    out->data[begin + 1] = '[';
    buf_append_byte(out, 'm');
}

void style_put_change(const struct style *from, const struct style *to, enum style_form form,
                      struct buf *out)
{
    size_t begin = out->len, whole_len, change_len;

    if (is_simple(from) && is_simple(to) && takes_nothing_back(from, to)) {
        put_change_sequence(from, to, form, out);
        return;
    }
    style_put_sgr(to, form, out);
    if (is_plain(to) || !is_simple(from) || !is_simple(to))
        return;
    whole_len = out->len - begin;
    put_change_sequence(from, to, form, out);
    change_len = out->len - begin - whole_len;
    if (change_len < whole_len) {
        memmove(out->data + begin, out->data + begin + whole_len, change_len);
        out->len = begin + change_len;
    } else {
        out->len = begin + whole_len;
    }
}
