/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "payloads.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "util/utf8.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* --- chance, always the same: xorshift64* --- */

static uint64_t state;

static void seed(const char *name)
{
    state = 0x9E3779B97F4A7C15u;
    for (; *name; name++)
        state = (state ^ (uint8_t)*name) * 0x100000001B3u;
}

static unsigned below(unsigned limit)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (unsigned)((state * 0x2545F4914F6CDD1Du) >> 33) % limit;
}

/* --- pieces --- */

static void put(struct buf *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put(struct buf *out, const char *format, ...)
{
    char text[256];
    va_list args;

    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    buf_append(out, text, (size_t)len < sizeof text ? (size_t)len : sizeof text - 1);
}

static void put_code(struct buf *out, uint32_t code)
{
    char utf8[UTF8_BYTES_MAX];

    buf_append(out, utf8, utf8_encode(code, utf8));
}

static const char *word(void)
{
    static const char *const words[] = {
        "the",     "session", "of",     "a",      "terminal", "is",       "kept",  "alive", "when",
        "network", "changes", "and",    "screen", "arrives",  "again",    "after", "sleep", "in",
        "another", "place",   "with",   "all",    "that",     "programs", "wrote", "to",    "it",
        "buffer",  "state",   "packet", "number", "window",   "0x7ffe12", "1024",  "-O2",   "main"};

    return words[below(COUNT(words))];
}

static void put_words(struct buf *out, size_t columns)
{
    for (size_t end = out->len + columns; out->len < end;)
        put(out, "%s ", word());
}

/* --- lines --- */

static void make_plain(struct buf *out, size_t min, size_t rows, size_t cols)
{
    (void)rows, (void)cols;
    while (out->len < min) {
        put_words(out, 200 + below(400));
        put(out, "\n");
    }
}

static void make_yes(struct buf *out, size_t min, size_t rows, size_t cols)
{
    (void)rows, (void)cols;
    while (out->len < min)
        buf_append(out, "y\n", 2);
}

static void make_log(struct buf *out, size_t min, size_t rows, size_t cols)
{
    (void)rows, (void)cols;
    while (out->len < min) {
        switch (below(6)) {
        case 0:
            put(out, "make[%u]: Entering directory '/build/%s/%s'\n", below(4), word(), word());
            break;
        case 1:
            put(out,
                "\033[01m\033[K%s/%s.c:%u:%u:\033[m\033[K \033[01;35m\033[Kwarning: \033[m\033[K",
                word(), word(), below(900), below(80));
            put(out, "unused variable '\033[01m\033[K%s\033[m\033[K'\n", word());
            break;
        case 2:
            put(out, "[%3u%%] \033[32mBuilding C object %s/%s.c.o\033[0m\n", below(101), word(),
                word());
            break;
        default:
            put(out, "gcc -std=gnu11 -Wall -Wextra -O2 -g -I../src -I. -c -o %s/%s.o ../%s/%s.c\n",
                word(), word(), word(), word());
        }
    }
}

static void make_source(struct buf *out, size_t min, size_t rows, size_t cols)
{
    (void)rows, (void)cols;
    while (out->len < min) {
        put(out, "static int %s_%s(struct %s *%s, size_t len)\n{\n", word(), word(), word(),
            word());
        for (unsigned n = 2 + below(12); n > 0; n--) {
            static const char *const indents[] = {"    ", "        ", "\t", "\t\t", "            "};
            put(out, "%sif (%s[%u].%s != %s(", indents[below(5)], word(), below(64), word(),
                word());
            put(out, "%s)) return -1; /* %s %s */\n", word(), word(), word());
        }
        put(out, "    return 0;\n}\n\n");
    }
}

/* As ls --color, grep or a prompt: a few words in one style. */
static void make_styled(struct buf *out, size_t min, size_t rows, size_t cols)
{
    (void)rows, (void)cols;
    while (out->len < min) {
        for (unsigned n = 4; n > 0; n--) {
            put(out, "\033[0m\033[%s%um", below(2) ? "01;" : "", 31 + below(6));
            put_words(out, 8 + below(12));
        }
        put(out, "\033[0m\n");
    }
}

/* Each character in a style of its own. */
static void make_sgr(struct buf *out, size_t min, size_t rows, size_t cols)
{
    (void)rows;
    while (out->len < min) {
        for (size_t col = 0; col < cols; col++)
            put(out, "\033[%u;%u;%um%c", below(8), 30 + below(8), 40 + below(8), 'a' + below(26));
        put(out, "\033[m\n");
    }
}

/* A gradient, as the viewers of pictures draw with half blocks. */
static void make_truecolour(struct buf *out, size_t min, size_t rows, size_t cols)
{
    unsigned line = 0;

    (void)rows;
    for (; out->len < min; line++) {
        for (unsigned col = 0; col < cols; col++)
            put(out, "\033[38;2;%u;%u;%um\033[48;2;%u;%u;%um\xe2\x96\x80", col * 3 & 255,
                line * 5 & 255, (col + line) & 255, col * 3 & 255, (line * 5 + 2) & 255,
                (col + line + 1) & 255);
        put(out, "\033[0m\n");
    }
}

/* --- characters beyond ASCII --- */

static void make_cjk(struct buf *out, size_t min, size_t rows, size_t cols)
{
    (void)rows, (void)cols;
    while (out->len < min) {
        for (unsigned n = 30 + below(60); n > 0; n--)
            put_code(out, below(8) ? 0x4E00 + below(0x5000) : 0x3041 + below(80));
        put(out, "\n");
    }
}

static void make_emoji(struct buf *out, size_t min, size_t rows, size_t cols)
{
    (void)rows, (void)cols;
    while (out->len < min) {
        for (unsigned n = 6 + below(12); n > 0; n--) {
            put_code(out, 0x1F600 + below(0x50));
            if (below(4) == 0) {
                put_code(out, 0x2764); /* and asked to be an emoji */
                put_code(out, 0xFE0F);
            }
            put(out, " %s ", word());
        }
        put(out, "\n");
    }
}

static void make_combining(struct buf *out, size_t min, size_t rows, size_t cols)
{
    (void)rows, (void)cols;
    while (out->len < min) {
        for (unsigned n = 20 + below(50); n > 0; n--) {
            put_code(out, 'a' + below(26));
            for (unsigned marks = below(3); marks > 0; marks--)
                put_code(out, 0x300 + below(0x30));
        }
        put(out, "\n");
    }
}

/* Letters of Russian and Greek, and a few of French and German among ASCII. */
static void make_latin(struct buf *out, size_t min, size_t rows, size_t cols)
{
    (void)rows, (void)cols;
    while (out->len < min) {
        bool mixed = below(2);
        for (unsigned n = 10 + below(8); n > 0; n--) {
            for (unsigned letters = 2 + below(8); letters > 0; letters--)
                put_code(out, mixed ? (below(3) ? 'a' + below(26) : 0xE0 + below(30))
                                    : (below(4) ? 0x430 + below(32) : 0x3B1 + below(24)));
            put(out, " ");
        }
        put(out, "\n");
    }
}

/* --- full screens --- */

static void make_motion(struct buf *out, size_t min, size_t rows, size_t cols)
{
    while (out->len < min) {
        switch (below(5)) {
        case 0:
            put(out, "\033[%uC%c", 1 + below(9), 'a' + below(26));
            break;
        case 1:
            put(out, "\033[%uD%c", 1 + below(9), 'a' + below(26));
            break;
        case 2:
            put(out, "\033[%uA\r", 1 + below(4));
            break;
        case 3:
            put(out, "\033[%uB%c", 1 + below(4), 'a' + below(26));
            break;
        default:
            put(out, "\033[%u;%uH", 1 + below((unsigned)rows), 1 + below((unsigned)cols));
        }
    }
}

static void make_alternate(struct buf *out, size_t min, size_t rows, size_t cols)
{
    put(out, "\033[?1049h\033[H\033[2J");
    while (out->len < min)
        put(out, "\033[%u;%uH\033[%um%s", 1 + below((unsigned)rows), 1 + below((unsigned)cols),
            31 + below(7), word());
    put(out, "\033[m\033[?1049l");
}

/* Short lines at the bottom, and now and then back up by reverse line feeds. */
static void make_scroll(struct buf *out, size_t min, size_t rows, size_t cols)
{
    (void)cols;
    while (out->len < min) {
        for (size_t n = 3 * rows; n > 0; n--)
            put(out, "%s\n", word());
        put(out, "\033[H");
        for (size_t n = rows; n > 0; n--)
            put(out, "\033M%s\r", word());
        put(out, "\033[%zu;1H\033[2S%s\033[1T", rows, word());
    }
}

static void make_region(struct buf *out, size_t min, size_t rows, size_t cols)
{
    (void)cols;
    while (out->len < min) {
        size_t top = 1 + below((unsigned)rows / 3);
        size_t bottom = rows - below((unsigned)rows / 3);
        put(out, "\033[%zu;%zur\033[%zu;1H", top, bottom, bottom);
        for (unsigned n = 20; n > 0; n--)
            put(out, "\n%s %s", word(), word());
        put(out, "\033[%zu;1H\033[2L%s\033[%zu;1H\033[1M", top + 1, word(), top + 2);
    }
    put(out, "\033[r");
}

/* A monitor of processes: a header, bars, a table, all drawn again and again. */
static void make_tui(struct buf *out, size_t min, size_t rows, size_t cols)
{
    while (out->len < min) {
        put(out, "\033[H\033[1m %s - up %u days, load %u.%02u\033[m\033[K", word(), below(300),
            below(9), below(100));
        for (unsigned cpu = 1; cpu <= 2; cpu++) {
            unsigned busy = below((unsigned)cols - 12);
            put(out, "\033[%u;1H\033[36m%3u\033[39m\033[1m[\033[22;32m", cpu + 1, cpu);
            for (unsigned i = 0; i < (unsigned)cols - 12; i++)
                buf_append_byte(out, i < busy ? '|' : ' ');
            put(out, "\033[90m%3u%%\033[39m\033[1m]\033[m\033[K", below(101));
        }
        put(out, "\033[4;1H\033[30;42m%-*s\033[m", (int)(cols < 200 ? cols : 200),
            "  PID USER      PRI  NI  VIRT   RES   SHR S CPU% MEM%   TIME+  Command");
        for (size_t row = 5; row < rows; row++) {
            if (below(4) == 0)
                continue; /* as it was */
            put(out, "\033[%zu;1H%5u %-8s %3u %3u ", row, below(60000), word(), 20, 0);
            put(out, "\033[36m%4u\033[39mM %4uM %4uM %c ", below(9999), below(999), below(99), 'S');
            put(out, "\033[32m%2u.%u\033[39m %2u.%u  %u:%02u.%02u \033[1m%s\033[22m/%s -%c\033[K",
                below(100), below(10), below(100), below(10), below(60), below(60), below(100),
                word(), word(), 'a' + below(26));
        }
        put(out, "\033[%zu;1H\033[7mF1\033[27mHelp \033[7mF10\033[27mQuit\033[K", rows);
    }
}

/* A bar that grows in its line, as wget, cargo and npm draw. */
static void make_progress(struct buf *out, size_t min, size_t rows, size_t cols)
{
    unsigned width = (unsigned)(cols < 200 ? cols : 200) - 16;

    (void)rows;
    for (unsigned done = 0; out->len < min; done = (done + 1) % (width + 1)) {
        put(out, "\r\033[K\033[1;32m%3u%%\033[0m [", done * 100 / width);
        for (unsigned i = 0; i < width; i++)
            buf_append_byte(out, i < done ? '=' : i == done ? '>' : ' ');
        put(out, "] %u/s", below(1000));
        if (done == width)
            put(out, "\n");
    }
}

const struct payload payloads[] = {
    {"plain", "long plain lines", make_plain},
    {"yes", "y and newline", make_yes},
    {"log", "a build log", make_log},
    {"source", "source code", make_source},
    {"styled", "words in colours", make_styled},
    {"sgr", "dense SGR", make_sgr},
    {"truecolour", "true colour", make_truecolour},
    {"cjk", "CJK, three bytes", make_cjk},
    {"emoji", "emoji, four bytes", make_emoji},
    {"combining", "combining marks", make_combining},
    {"latin", "two-byte letters", make_latin},
    {"motion", "cursor motion", make_motion},
    {"alternate", "random writes, alternate screen", make_alternate},
    {"scroll", "scrolling whole", make_scroll},
    {"region", "scrolling in regions", make_region},
    {"tui", "a monitor drawn again and again", make_tui},
    {"progress", "a progress bar", make_progress},
};
const size_t payload_count = COUNT(payloads);

const struct payload *payload_find(const char *name)
{
    for (size_t i = 0; i < payload_count; i++)
        if (strcmp(payloads[i].name, name) == 0)
            return &payloads[i];
    return NULL;
}

void payload_make(const struct payload *p, struct buf *out, size_t bytes_min, size_t rows,
                  size_t cols)
{
    seed(p->name);
    p->make(out, out->len + bytes_min, rows, cols);
}

void payload_as_tty(const struct buf *in, struct buf *out)
{
    for (size_t i = 0; i < in->len; i++) {
        if (in->data[i] == '\n')
            buf_append_byte(out, '\r');
        buf_append_byte(out, in->data[i]);
    }
}
