/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "streams.h"

#include <stdbool.h>
#include <string.h>

#include "../lib/rng.h"

#define FUNCTIONS     6
#define FUNCTIONS_ODD 9

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

static void put_odd_number(struct maker *m)
{
    static const char *const numbers[] = {
        "",   "0",   "1",   "2",   "3",    "4",     "7",     "8",     "9",       "20",
        "21", "255", "256", "999", "4096", "65534", "65536", "99999", "0000002", "4294967297"};

    buf_append_str(&m->stream->bytes, numbers[below(m, sizeof numbers / sizeof *numbers)]);
}

/* In what is put, # is a number up to the larger side of the screen, % one up to 3, ^ a row, & a
   column, { a colour, a comma a number that may be anything. */
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
        else if (*what == ',')
            put_odd_number(m);
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

/* Whatever else there is: parameters that are odd, functions that hardly anybody knows, strings,
   malformed text. */
static const char *const odd[] = {
    "\x1b[0A",
    "\x1b[,B",
    "\x1b[,C",
    "\x1b[,D",
    "\x1b[,;,H",
    "\x1b[;H",
    "\x1b[;&H",
    "\x1b[^;&;,f",
    "\x1b[,d",
    "\x1b[,G",
    "\x1b[,J",
    "\x1b[,K",
    "\x1b[,X",
    "\x1b[,@",
    "\x1b[,P",
    "\x1b[,L",
    "\x1b[,M",
    "\x1b[,S",
    "\x1b[,T",
    "\x1b[,I",
    "\x1b[,Z",
    "\x1b[,g",
    "\x1b[,r",
    "\x1b[,;,r",
    "\x1b[^r",
    "\x1b[;^r",
    "\x1b[,m",
    "\x1b[38;5;,m",
    "\x1b[38;5m",
    "\x1b[48;2;1;2m",
    "\x1b[38m",
    "\x1b[1;38;2;10;20;30;4m",
    "\x1b[58;2;1;3;7;1m",
    "\x1b[58;5;4;7m",
    "\x1b[38:2:1:2:3m",
    "\x1b[48:5:{m",
    "\x1b[4:{m",
    "\x1b[1;3;4;5;7;8m",
    "\x1b[2;6;21;53m",
    "\x1b[22;23;24;25;27;28;29;55;59m",
    "\x1b[9{m",
    "\x1b[10{m",
    "\x1b[39;49m",
    "\x1b[?3h",
    "\x1b[?40h\x1b[?3l",
    "\x1b[?5h",
    "\x1b[?5l",
    "\x1b[?6;7h",
    "\x1b[?6;7l",
    "\x1b[?7;45;69h",
    "\x1b[?25l",
    "\x1b[?25h",
    "\x1b[?1047h",
    "\x1b[?1047l",
    "\x1b[?47h",
    "\x1b[?47l",
    "\x1b[?1048h",
    "\x1b[?1048l",
    "\x1b[?,h",
    "\x1b[?,l",
    "\x1b[,h",
    "\x1b[,l",
    "\x1b[?1000;1006h",
    "\x1b[?2004h",
    "\x1b[s",
    "\x1b[u",
    "\x1b[#b",
    "\x1b[#j",
    "\x1b[#k",
    "\x1b[!p",
    "\x1b#8",
    "\x1b"
    "c",
    "\x1bZ",
    "\x1b=",
    "\x1b>",
    "\x1b*0\x1bn",
    "\x1bN",
    "\x1bO",
    "\x1b~",
    "\x1b#3",
    "\x1b(A",
    "\x1b%G",
    "\x1b[c",
    "\x1b[>c",
    "\x1b[=c",
    "\x1b[%n",
    "\x1b[6n",
    "\x1b[?6n",
    "\x1b[18t",
    "\x1b[22t\x1b[23t",
    "\x1b[$p",
    "\x1b[>4;2m",
    "\x1b[?1u",
    "\x1b[2 q",
    "\x1b[5$x",
    "\x1b[1;1;3;3$z",
    "\x1b[#}",
    "\x1b[?5W",
    "\x1b[1<m",
    "\x1b[1?h",
    "\x1b[1\x08" /* a control within a sequence */
    "C",
    "\x1b[2\r\nD",
    "\x1b[\x1b[3C",
    "\x1b[4\x18",
    "\x1b[4\x1a",
    "\x1b[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17m",
    "\x1b]2;title\a",
    "\x1b]2;title\x1b\\",
    "\x1b]8;;http://example.com\a",
    "\x1b]8;;\a",
    "\x1b]4;1;?\a",
    "\x1b]52;c;YQ==\a",
    "\x1b]133;A\a",
    "\x1b]1",
    "\x1bP$qm\x1b\\",
    "\x1bP1;2|text\x1b\\",
    "\x1b_text\x1b\\",
    "\x1bXtext\x1b\\",
    "\xc2\x9b#C",
    "\xc2\x84",
    "\xc2\x85",
    "\xc2\x88",
    "\xc2\x8d",
    "\xc2\x96",
    "\xc2\x9d"
    "2;t\xc2\x9c",
    "\x01",
    "\x05",
    "\x0e",
    "\x0f",
    "\x7f",
    "\xff",
    "\xc3(",
    "\xe2\x82",
    "\xf0\x9f",
    "\xc3\xa9\xc3\xbc",
    "\xc2\xa0",
    "\xe2\x94\x80\xe2\x94\x82",
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
    else if ((m->class == STREAM_WIDE || m->class == STREAM_ODD) && below(m, 2))
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
    } while (m->class != STREAM_ODD && m->margins &&
             (strcmp(what, "\x1b[#A") == 0 || strcmp(what, "\x1b[#B") == 0));
    m->margins |= what[strlen(what) - 1] == 'r';
    return what;
}

static void put_function(struct maker *m)
{
    if (m->class == STREAM_ODD && below(m, 2))
        put(m, odd[below(m, sizeof odd / sizeof *odd)]);
    else if ((m->class == STREAM_XTERM && below(m, 2)) ||
             (m->class == STREAM_ODD && below(m, 4) == 0))
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
    for (size_t i = 0; i < (class == STREAM_ODD ? FUNCTIONS_ODD : FUNCTIONS); i++) {
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
    static const char *const names[] = {"plain", "wide", "xterm", "odd"};

    return names[class];
}
