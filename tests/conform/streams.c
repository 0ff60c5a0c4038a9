/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "streams.h"

#include <stdbool.h>
#include <string.h>

#include "../lib/rng.h"

#define FUNCTIONS 6

struct maker {
    struct stream *stream;
    struct rng rng;
    size_t rows, cols;
    enum stream_class class;
    bool margins; /* were set */
};

static size_t below(struct maker *m, size_t limit)
{
    return rng_below(&m->rng, limit);
}

/* In what is put, # is a number up to the larger side of the screen, % one up to 3, ^ a row, & a
   column, { a colour. */
static void put(struct maker *m, const char *what)
{
    struct buf *out = &m->stream->bytes;

    for (; *what; what++) {
        if (*what == '#')
            buf_append_dec(out, below(m, below(m, 4) ? 5 : m->cols + 3));
        else if (*what == '%')
            buf_append_dec(out, below(m, 4));
        else if (*what == '^')
            buf_append_dec(out, 1 + below(m, m->rows));
        else if (*what == '&')
            buf_append_dec(out, 1 + below(m, m->cols));
        else if (*what == '{')
            buf_append_dec(out, below(m, 8));
        else
            buf_append_byte(out, (uint8_t)*what);
    }
}

static const char *const plain[] = {
    "\x1b[^;&H",
    "\x1b[^;&f",
    "\x1b[H",
    "\x1b[^d",
    "\x1b[&G",
    "\x1b[&`",
    "\x1b[#A",
    "\x1b[#B",
    "\x1b[#C",
    "\x1b[#D",
    "\x1b[%J",
    "\x1b[%K",
    "\x1b[#X",
    "\x1b[#@",
    "\x1b[#P",
    "\x1b[#L",
    "\x1b[#M",
    "\x1b[#S",
    "\x1b[#T",
    "\x1b[^;^r",
    "\x1b[r",
    "\x1b[4h",
    "\x1b[4l",
    "\x1b[?7l",
    "\x1b[?7h",
    "\x1b[?6h",
    "\x1b[?6l",
    "\x1b[3{m",
    "\x1b[4{m",
    "\x1b[0m",
    "\x1b[1m",
    "\x1b[4;7m",
    "\x1b[27m",
    "\x1b"
    "7",
    "\x1b"
    "8",
    "\x1b[#I",
    "\x1b[#Z",
    "\x1bH",
    "\x1b[g",
    "\x1bM",
    "\x1b"
    "D",
    "\x1b"
    "E",
    "\r",
    "\n",
    "\b",
    "\t",
    "\r\n",
    "\x1b[38;5;1{m",
    "\x1b[m",
    "\x1b[48;5;20{m",
    "\v",
    "\n\n\n",
    "\b\b\b",
};

static const char *const xterm[] = {
    "\x1b[?69h\x1b[&;&s",
    "\x1b[?69h\x1b[&;&s",
    "\x1b[?69l",
    "\x1b[s",
    "\x1b[# @",
    "\x1b[# A",
    "\x1b[#'}",
    "\x1b[#'~",
    "\x1b"
    "6",
    "\x1b"
    "9",
    "\x1b[1\"q",
    "\x1b[0\"q",
    "\x1b[?%J",
    "\x1b[?%K",
    "\x1b[#E",
    "\x1b[#F",
    "\x1b[#a",
    "\x1b[#e",
    "\x1b(0",
    "\x1b(B",
    "\x1b)0\x0e",
    "\x0f",
    "\x1b[?1049h",
    "\x1b[?1049l",
    "\x1b[?45h",
    "\x1b[20h",
    "\x1b[20l",
    "\x1b[3m",
    "\x1b[9m",
    "\x1b[21m",
    "\x1b[58;5;3m",
    "\x1b[38:5:2m",
    "\x1b[4:3m",
};

/* Sometimes up to the last column, so that a wrap is pending. */
static void put_text(struct maker *m)
{
    static const char *const narrow[] = {"a", "bc", "def", "ghij klm", "nopqrstuvwxyz", " ", "-=-"};
    static const char *const wide[] = {"\xe4\xbd\xa0", "x\xe5\xa5\xbdy", "e\xcc\x81",
                                       "\xed\x95\x9c\xea\xb8\x80",
                                       "\xef\xbc\xa1\xef\xbc\xa2\xef\xbc\xa3"};

    if (below(m, 4) == 0)
        put(m, "\x1b[999Cz");
    else if (m->class == STREAM_WIDE && below(m, 2))
        put(m, wide[below(m, sizeof wide / sizeof *wide)]);
    else
        put(m, narrow[below(m, sizeof narrow / sizeof *narrow)]);
}

/* CUU and CUD stop at the margins, as the VT100's do; neither stock mosh nor libvterm stops there,
   and DIFFERENCES.md says so. One finding is enough. */
static const char *pick_plain(struct maker *m)
{
    const char *what;

    do {
        what = plain[below(m, sizeof plain / sizeof *plain)];
    } while (m->margins && (strcmp(what, "\x1b[#A") == 0 || strcmp(what, "\x1b[#B") == 0));
    m->margins |= what[strlen(what) - 1] == 'r';
    return what;
}

static void put_function(struct maker *m)
{
    if (m->class == STREAM_XTERM && below(m, 2))
        put(m, xterm[below(m, sizeof xterm / sizeof *xterm)]);
    else
        put(m, pick_plain(m));
}

static void begin_part(struct maker *m)
{
    m->stream->part[m->stream->parts++] = m->stream->bytes.len;
}

/* Letters in every row, some of them up to the edge. */
static void fill(struct maker *m)
{
    for (size_t row = 0; row < m->rows; row++) {
        buf_append_str(&m->stream->bytes, row ? "\r\n" : "\x1b[H");
        for (size_t col = below(m, 4) ? below(m, m->cols) : m->cols; col > 0; col--)
            buf_append_byte(&m->stream->bytes, (uint8_t)('A' + row));
    }
    put(m, "\x1b[^;&H");
}

void stream_make(struct stream *s, enum stream_class class, uint64_t seed, size_t rows, size_t cols)
{
    struct maker m = {
        .stream = s, .rng = {seed * 8 + class}, .rows = rows, .cols = cols, .class = class};

    *s = (struct stream){0};
    begin_part(&m);
    fill(&m);
    for (size_t i = 0; i < FUNCTIONS; i++) {
        begin_part(&m);
        put_function(&m);
        begin_part(&m);
        if (below(&m, 3))
            put_text(&m);
    }
    s->part[s->parts] = s->bytes.len;
}

void stream_pick(const struct stream *s, uint64_t parts, struct buf *out)
{
    for (size_t i = 0; i < s->parts; i++) {
        if (parts >> i & 1)
            buf_append(out, s->bytes.data + s->part[i], s->part[i + 1] - s->part[i]);
    }
}

void stream_release(struct stream *s)
{
    buf_release(&s->bytes);
    *s = (struct stream){0};
}

const char *stream_class_name(enum stream_class class)
{
    static const char *const names[] = {"plain", "wide", "xterm"};

    return names[class];
}
