/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "judge.h"

#include <string.h>

#include "util/utf8.h"
#include "util/xalloc.h"

#ifdef HAVE_VTERM

#include <stdlib.h>
#include <vterm.h>

struct judge {
    VTerm *vterm;
    bool cursor_visible, reverse_video;
};

static int on_property(VTermProp property, VTermValue *value, void *user)
{
    struct judge *j = user;

    if (property == VTERM_PROP_CURSORVISIBLE)
        j->cursor_visible = value->boolean;
    if (property == VTERM_PROP_REVERSE)
        j->reverse_video = value->boolean;
    return 1;
}

struct judge *judge_new(size_t rows, size_t cols)
{
    static const VTermScreenCallbacks callbacks = {.settermprop = on_property};
    struct judge *j = xcalloc(1, sizeof *j);

    j->vterm = vterm_new((int)rows, (int)cols);
    j->cursor_visible = true;
    vterm_set_utf8(j->vterm, 1);
    vterm_screen_set_callbacks(vterm_obtain_screen(j->vterm), &callbacks, j);
    vterm_screen_enable_altscreen(vterm_obtain_screen(j->vterm), 1);
    vterm_screen_reset(vterm_obtain_screen(j->vterm), 1);
    return j;
}

void judge_free(struct judge *j)
{
    if (j)
        vterm_free(j->vterm);
    free(j);
}

void judge_write(struct judge *j, const uint8_t *bytes, size_t len)
{
    char answers[4096];

    vterm_input_write(j->vterm, (const char *)bytes, len);
    while (vterm_output_read(j->vterm, answers, sizeof answers) > 0)
        ;
}

void judge_resize(struct judge *j, size_t rows, size_t cols)
{
    vterm_set_size(j->vterm, (int)rows, (int)cols);
}

static uint32_t colour_of(const VTermColor *c, bool is_default)
{
    if (is_default)
        return COLOUR_DEFAULT;
    if (VTERM_COLOR_IS_INDEXED(c))
        return COLOUR_INDEXED | c->indexed.idx;
    return COLOUR_RGB | (uint32_t)c->rgb.red << 16 | (uint32_t)c->rgb.green << 8 | c->rgb.blue;
}

static void take_text(struct picture_cell *to, const VTermScreenCell *from)
{
    size_t len = 0;

    for (size_t i = 0; i < VTERM_MAX_CHARS_PER_CELL && from->chars[i]; i++) {
        char utf8[UTF8_BYTES_MAX];
        bool valid = from->chars[i] <= 0x10FFFF && (from->chars[i] & 0x1FF800) != 0xD800;
        size_t bytes = utf8_encode(valid ? from->chars[i] : 0xFFFD, utf8);
        if (len + bytes < PICTURE_TEXT_MAX) {
            memcpy(to->text + len, utf8, bytes);
            len += bytes;
        }
    }
    if (len > 0)
        to->text[len] = 0;
}

static void take_cell(const struct judge *j, struct picture *p, size_t row, size_t col)
{
    struct picture_cell *to = picture_at(p, row, col);
    VTermPos at = {.row = (int)row, .col = (int)col};
    VTermScreenCell from;

    vterm_screen_get_cell(vterm_obtain_screen(j->vterm), at, &from);
    if (from.chars[0] == UINT32_MAX) {
        *to = *picture_at(p, row, col - 1); /* the right half looks as the left one does */
        to->text[0] = 0;
        return;
    }
    take_text(to, &from);
    to->foreground = colour_of(&from.fg, VTERM_COLOR_IS_DEFAULT_FG(&from.fg));
    to->background = colour_of(&from.bg, VTERM_COLOR_IS_DEFAULT_BG(&from.bg));
    to->underline = (uint16_t)from.attrs.underline;
    to->attributes =
        (uint16_t)((from.attrs.bold ? STYLE_BOLD : 0) | (from.attrs.italic ? STYLE_ITALIC : 0) |
                   (from.attrs.blink ? STYLE_BLINK : 0) | (from.attrs.strike ? STYLE_STRUCK : 0) |
                   ((from.attrs.reverse != 0) != j->reverse_video ? STYLE_INVERSE : 0));
}

void judge_take(struct judge *j, struct picture *p)
{
    int rows, cols;
    VTermPos cursor;

    vterm_get_size(j->vterm, &rows, &cols);
    picture_resize(p, (size_t)rows, (size_t)cols);
    for (size_t row = 0; row < p->rows; row++) {
        for (size_t col = 0; col < p->cols; col++)
            take_cell(j, p, row, col);
    }
    vterm_state_get_cursorpos(vterm_obtain_state(j->vterm), &cursor);
    p->cursor_row = (size_t)cursor.row;
    p->cursor_col = (size_t)cursor.col;
    p->cursor_visible = j->cursor_visible;
    p->reverse_video = j->reverse_video;
}

#else

struct judge *judge_new(size_t rows, size_t cols)
{
    (void)rows;
    (void)cols;
    return NULL;
}

void judge_free(struct judge *j)
{
    (void)j;
}

void judge_write(struct judge *j, const uint8_t *bytes, size_t len)
{
    (void)j;
    (void)bytes;
    (void)len;
}

void judge_resize(struct judge *j, size_t rows, size_t cols)
{
    (void)j;
    (void)rows;
    (void)cols;
}

void judge_take(struct judge *j, struct picture *p)
{
    (void)j;
    (void)p;
}

#endif
