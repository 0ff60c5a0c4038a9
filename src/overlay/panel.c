/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overlay/panel.h"

#define FIRST_ROW 1

static const struct style box_style = {
    .foreground = COLOUR_INDEXED | 7,
    .background = COLOUR_INDEXED | 4,
};

/* The line that begins at `*at`, which goes on to the next one. */
static struct reader take_line(const struct buf *text, size_t *at)
{
    const uint8_t *start = text->data + *at;
    const uint8_t *newline = memchr(start, '\n', text->len - *at);
    struct reader line = {start, newline ? (size_t)(newline - start) : text->len - *at};

    *at += line.left + (newline ? 1 : 0);
    return line;
}

static size_t longest_line(const struct buf *text)
{
    size_t longest = 0;

    for (size_t at = 0; at < text->len;) {
        struct reader line = take_line(text, &at);
        if (line.left > longest)
            longest = line.left;
    }
    return longest;
}

/* With a blank on either side. */
static void draw_line(struct reader line, size_t width, size_t row, struct screen *s)
{
    uint32_t style = pool_intern_style(s->pool, &box_style);

    screen_erase(s, row, 0, width, &box_style);
    if (width < 2 || line.left == 0)
        return;
    if (line.left > width - 1)
        line.left = width - 1;
    screen_put_ascii(s, row, 1, line.at, line.left, style);
}

void panel_apply(const struct buf *text, struct screen *s)
{
    size_t row = FIRST_ROW, width = longest_line(text) + 2;

    if (text->len == 0)
        return;
    if (width > s->cols)
        width = s->cols;
    for (size_t at = 0; at < text->len && row < s->rows; row++)
        draw_line(take_line(text, &at), width, row, s);
    if (s->cursor_row >= FIRST_ROW && s->cursor_row < row && s->cursor_col < width)
        s->cursor_visible = false;
}
