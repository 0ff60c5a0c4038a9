/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/registers.h"

#include <stddef.h>
#include <string.h>

#include "terminal/colour.h"
#include "terminal/style.h"

static const struct registers initial;

/* --- how each is written: when the terminal has `from`, or NULL: nobody knows what --- */

static void put_cursor(const struct registers *from, const struct registers *to, struct buf *out)
{
    bool blinks = from && from->cursor_blink;

    if (!from || from->cursor_style != to->cursor_style) {
        buf_append_str(out, "\033[");
        buf_append_dec(out, to->cursor_style);
        buf_append_str(out, " q");
        blinks = false; /* unless the style itself does */
    }
    if (to->cursor_style == 0 && blinks != to->cursor_blink)
        buf_append_str(out, to->cursor_blink ? "\033[?12h" : "\033[?12l");
}

/* OSC 10, 11 or 12 sets, and the same number and 100 resets. */
static void put_colour(uint32_t colour, unsigned number, struct buf *out)
{
    buf_append_str(out, "\033]");
    buf_append_dec(out, colour == COLOUR_DEFAULT ? number + 100 : number);
    if (colour != COLOUR_DEFAULT) {
        buf_append_byte(out, ';');
        colour_put(COLOUR_VALUE(colour), out);
    }
    buf_append_byte(out, '\a');
}

static void put_foreground(const struct registers *from, const struct registers *to,
                           struct buf *out)
{
    (void)from;
    put_colour(to->foreground, 10, out);
}

static void put_background(const struct registers *from, const struct registers *to,
                           struct buf *out)
{
    (void)from;
    put_colour(to->background, 11, out);
}

static void put_cursor_colour(const struct registers *from, const struct registers *to,
                              struct buf *out)
{
    (void)from;
    put_colour(to->cursor_colour, 12, out);
}

static void put_palette(const struct registers *from, const struct registers *to, struct buf *out)
{
    if (!from)
        buf_append_str(out, "\033]104\a");
    palette_put(from ? from->palette : NULL, to->palette, out);
}

static void put_progress(const struct registers *from, const struct registers *to, struct buf *out)
{
    (void)from;
    buf_append_str(out, "\033]9;4;");
    buf_append_dec(out, to->progress);
    if (to->progress != PROGRESS_NONE) {
        buf_append_byte(out, ';');
        buf_append_dec(out, to->percent);
    }
    buf_append_byte(out, '\a');
}

static void put_directory(const struct registers *from, const struct registers *to, struct buf *out)
{
    (void)from;
    buf_append_str(out, "\033]7;");
    if (to->directory)
        buf_append(out, to->directory->bytes, to->directory->len);
    buf_append_byte(out, '\a');
}

/* --- the table --- */

static bool same_palette(const struct registers *a, const struct registers *b)
{
    return palette_equal(a->palette, b->palette);
}

static bool same_directory(const struct registers *a, const struct registers *b)
{
    return text_equal(a->directory, b->directory);
}

/* Those without a function are equal if `size` bytes at `offset` are. */
#define CAN(member)                .cap = offsetof(struct caps, member)
#define BYTES(first, size_of_them) .offset = offsetof(struct registers, first), .size = size_of_them
#define MEMBER(member)             BYTES(member, sizeof initial.member)

static const struct reg {
    size_t cap; /* where in struct caps the bool is that says whether the terminal has it */
    bool (*equal)(const struct registers *a, const struct registers *b);
    size_t offset, size;
    void (*put)(const struct registers *from, const struct registers *to, struct buf *out);
} table[] = {
    {CAN(cursor_style), BYTES(cursor_style, 2), .put = put_cursor},
    {CAN(cursor_colour), MEMBER(cursor_colour), .put = put_cursor_colour},
    {CAN(default_colours), MEMBER(foreground), .put = put_foreground},
    {CAN(default_colours), MEMBER(background), .put = put_background},
    {CAN(palette), .equal = same_palette, .put = put_palette},
    {CAN(progress), BYTES(progress, 2), .put = put_progress},
    {CAN(directory), .equal = same_directory, .put = put_directory},
};
#define COUNT (sizeof table / sizeof *table)

_Static_assert(offsetof(struct registers, cursor_blink) ==
                       offsetof(struct registers, cursor_style) + 1 &&
                   offsetof(struct registers, percent) == offsetof(struct registers, progress) + 1,
               "these are compared together");
_Static_assert(sizeof(struct registers) ==
                   4 + sizeof(uint32_t[3]) + sizeof(struct palette *) + sizeof(struct text *),
               "there is no padding that could differ");

static bool is_equal(const struct reg *r, const struct registers *a, const struct registers *b)
{
    if (r->equal)
        return r->equal(a, b);
    return memcmp((const char *)a + r->offset, (const char *)b + r->offset, r->size) == 0;
}

static bool has(const struct caps *caps, const struct reg *r)
{
    return *(const bool *)((const char *)caps + r->cap);
}

void registers_release(struct registers *r)
{
    palette_unref(r->palette);
    text_unref(r->directory);
    *r = initial;
}

void registers_copy(struct registers *copy, const struct registers *r)
{
    *copy = *r;
    palette_ref(r->palette);
    text_ref(r->directory);
}

bool registers_equal(const struct registers *a, const struct registers *b)
{
    if (memcmp(a, b, sizeof *a) == 0) /* as nearly always */
        return true;
    for (size_t i = 0; i < COUNT; i++) {
        if (!is_equal(&table[i], a, b))
            return false;
    }
    return true;
}

void registers_reset(struct registers *r)
{
    struct text *directory = text_ref(r->directory);

    registers_release(r);
    r->directory = directory;
}

void registers_set_blink(struct registers *r, bool on)
{
    if (r->cursor_style == 0)
        r->cursor_blink = on;
    else
        r->cursor_style = (uint8_t)((r->cursor_style + 1) / 2 * 2 - on);
}

bool registers_blink(const struct registers *r)
{
    return r->cursor_style == 0 ? r->cursor_blink : r->cursor_style % 2 == 1;
}

void registers_put(const struct caps *caps, const struct registers *from,
                   const struct registers *to, struct buf *out)
{
    const struct registers *base = from || caps->mirror ? from : &initial;

    for (size_t i = 0; i < COUNT; i++) {
        if (has(caps, &table[i]) && (!base || !is_equal(&table[i], base, to)))
            table[i].put(base, to, out);
    }
}

void registers_put_reset(const struct caps *caps, const struct registers *shown, struct buf *out)
{
    for (size_t i = 0; i < COUNT; i++) {
        if (has(caps, &table[i]) && (!shown || !is_equal(&table[i], shown, &initial)))
            table[i].put(shown, &initial, out);
    }
}
