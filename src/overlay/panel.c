/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overlay/panel.h"

#define FIRST_ROW 1

static const struct style box_style = {
    .foreground = COLOUR_INDEXED | 7,
    .background = COLOUR_INDEXED | 4,
};

static size_t line_length(const uint8_t *at, const uint8_t *end)
{
    const uint8_t *newline = memchr(at, '\n', (size_t)(end - at));

    return (size_t)((newline ? newline : end) - at);
}

static size_t longest_line(const struct buf *text)
{
    const uint8_t *at = text->data, *end = text->data + text->len;
    size_t longest = 0;

    while (at < end) {
        size_t len = line_length(at, end);

        if (len > longest)
            longest = len;
        at += len + 1;
    }
    return longest;
}

/* With a blank on either side. */
static void draw_line(const uint8_t *line, size_t len, size_t width, size_t row, struct screen *s)
{
    uint32_t style = pool_intern_style(s->pool, &box_style);

    screen_erase(s, row, 0, width, &box_style);
    if (width < 2 || len == 0)
        return;
    if (len > width - 1)
        len = width - 1;
    screen_put_ascii(s, row, 1, line, len, style);
}

void panel_apply(const struct buf *text, struct screen *s)
{
    const uint8_t *at = text->data, *end = text->data + text->len;
    size_t row = FIRST_ROW, width = longest_line(text) + 2;

    if (text->len == 0)
        return;
    if (width > s->cols)
        width = s->cols;
    for (; at < end && row < s->rows; row++) {
        size_t len = line_length(at, end);

        draw_line(at, len, width, row, s);
        at += len + 1;
    }
    if (s->cursor_row >= FIRST_ROW && s->cursor_row < row && s->cursor_col < width)
        s->cursor_visible = false;
}
