/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "program.h"

#include <stdarg.h>
#include <stdio.h>

static size_t below(struct program *p, size_t limit)
{
    return rng_below(p->rng, limit);
}

static void put(struct program *p, const char *format, ...) PRINTF_LIKE(2, 3);
static void put(struct program *p, const char *format, ...)
{
    char text[256];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    buf_append_str(&p->out, text);
}

static void put_words(struct program *p)
{
    size_t len = 1 + below(p, below(p, 3) ? 6 : 2 * p->cols + 1);

    for (size_t i = 0; i < len; i++)
        put(p, "%c", below(p, 5) ? (char)('a' + below(p, 26)) : ' ');
}

/* More than a cell of stock mosh holds. */
#define MARKS                                                                                      \
    "x\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030A\u030B\u030C\u030D\u030E"        \
    "\u030F\u0310\u0311\u0312\u0313\u0314\u0315\u0316\u0317\u0318\u0319\u031A\u031B\u031C"

static void put_unusual_text(struct program *p)
{
    static const char *const settled[] = {"\u4E2D",  "\u6587",       "\uFF21",    "\u00E9",
                                          "\u2500",  "\u2502",       "\uAC00",    "\uFFFD",
                                          "e\u0301", "\u4E2D\u0301", "\U0001F600"};
    static const char *const contested[] = {"e\u0301",    "\u4E2D\u0301", "\U0001F600",
                                            "\u231A",     "\u0301",       "o\u0308\u0323",
                                            "\U0001F1E6", "\U00010330",   "\u200D"};

    static const char *const clusters[] = {
        "\u2764\uFE0F",
        "1\uFE0F\u20E3",
        "\U0001F469\u200D\U0001F469\u200D\U0001F467",
        "\U0001F1E9\U0001F1EA",
        "\U0001F44D\U0001F3FD",
        "\u0915\u094D\u0937",
        "\u0915\u093E",
        "\uFE0F",
        "\U0001F3F4\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F",
        "\u2764\uFE0F\u200D\U0001F525",
        MARKS};

    if (p->clusters && below(p, 4) == 0)
        put(p, "\033[?2027%c", below(p, 4) ? 'h' : 'l');
    for (size_t n = 1 + below(p, p->cols); n > 0; n--) {
        if (p->clusters && below(p, 3) == 0)
            put(p, "%s", clusters[below(p, sizeof clusters / sizeof *clusters)]);
        else if (p->contested && below(p, 3) == 0)
            put(p, "%s", contested[below(p, sizeof contested / sizeof *contested)]);
        else
            put(p, "%s", settled[below(p, sizeof settled / sizeof *settled)]);
    }
}

static void put_position(struct program *p)
{
    if (below(p, 4) == 0)
        put(p, "\033[%zuG", 1 + p->cols - below(p, p->cols < 3 ? p->cols : 3));
    else
        put(p, "\033[%zu;%zuH", 1 + below(p, p->rows), 1 + below(p, p->cols));
}

static void put_link(struct program *p)
{
    if (below(p, 2))
        put(p, "\033]8;;\a");
    else
        put(p, "\033]8;%s;http://h/%zu\a", below(p, 2) ? "id=i" : "", below(p, 3));
}

static void put_style(struct program *p)
{
    static const char *const styles[] = {"0",          "1",
                                         "3",          "4",
                                         "5",          "7",
                                         "8",          "31",
                                         "42",         "97",
                                         "104",        "49",
                                         "39",         "22",
                                         "24",         "27",
                                         "44",         "48;5;99",
                                         "38;2;1;2;3", "0",
                                         "0",          "2",
                                         "6",          "9",
                                         "21",         "4:3",
                                         "53",         "58:5:3",
                                         "4:5",        "58:2::9:8:7",
                                         "59",         "29",
                                         "55",         "48;2;200;100;0"};
    put(p, "\033[%sm", styles[below(p, sizeof styles / sizeof *styles)]);
}

static void put_edit(struct program *p)
{
    static const char finals[] = "JKX@PLMSTJK";
    char final = finals[below(p, sizeof finals - 1)];

    if (final == 'J' || final == 'K')
        put(p, "\033[%zu%c", below(p, 3), final);
    else
        put(p, "\033[%zu%c", 1 + below(p, below(p, 2) ? 3 : p->cols + p->rows), final);
}

static void put_lines(struct program *p)
{
    for (size_t n = 1 + below(p, p->rows); n > 0; n--) {
        if (below(p, 4))
            put(p, "a line of %zu\r\n", below(p, 1000));
        else
            put(p, "\r\n");
    }
}

/* Scrolling in a region, as pagers and editors do it. */
static void put_region(struct program *p)
{
    size_t top = 1 + below(p, p->rows), bottom = top + below(p, p->rows - top + 1);

    put(p, "\033[%zu;%zur", top, bottom);
    put(p, "\033[%zu;1H", below(p, 2) ? top : bottom);
    for (size_t n = below(p, 4); n > 0; n--)
        put(p, below(p, 2) ? "\033M" : "\n");
    if (below(p, 2))
        put_words(p);
    if (below(p, 4))
        put(p, "\033[r");
}

/* The same beside side margins, which leave part of every row where it is. */
static void put_side_margins(struct program *p)
{
    static const char *const shifts[] = {"\033M",   "\n",      "\033[2S", "\033[T", "\033[ @",
                                         "\033[ A", "\033['}", "\033['~", "\0336",  "\0339",
                                         "\033[L",  "\033[M",  "\033[2@", "\033[P"};
    size_t left = 1 + below(p, p->cols), right = left + below(p, p->cols - left + 1);

    put(p, "\033[?69h\033[%zu;%zus", left, right);
    put(p, "\033[%zu;%zuH", 1 + below(p, p->rows), left + below(p, right - left + 1));
    for (size_t n = below(p, 4); n > 0; n--)
        put(p, "%s", shifts[below(p, sizeof shifts / sizeof *shifts)]);
    if (below(p, 2))
        put_words(p);
    if (below(p, 4))
        put(p, "\033[?69l");
}

static void put_mode(struct program *p)
{
    static const char *const modes[] = {"?5",    "?25",   "?2004", "?1004", "?1007", "?9",
                                        "?1000", "?1002", "?1003", "?1005", "?1006", "?1015",
                                        "?7",    "4",     "?6",    "?1001"};
    static const char *const keyboards[] = {"\033=",    "\033>",      "\033[=5u",
                                            "\033[=0u", "\033[>4;2m", "\033[>4m"};
    if (below(p, 4) == 0)
        put(p, "%s", keyboards[below(p, sizeof keyboards / sizeof *keyboards)]);
    put(p, "\033[%s%c", modes[below(p, sizeof modes / sizeof *modes)], below(p, 2) ? 'h' : 'l');
}

static void put_register(struct program *p)
{
    static const char *const registers[] = {
        "[3 q",        "[0 q",
        "[?12h",       "[?12l",
        "]12;red\a",   "]112\a",
        "]10;#123\a",  "]110\a",
        "]11;blue\a",  "]111\a",
        "]4;1;#abc\a", "]104;1\a",
        "]104\a",      "]9;4;1;20\a",
        "]9;4;0\a",    "]4;4;red;2;#123456\a",
        "]9;4;3\a",    "]7;file://h/x\a",
        "]7;\a",       "]133;A\a",
        "]133;B\a",    "]133;C\a",
        "]133;D\a",    "]133;B\a",
    };

    switch (below(p, 6)) {
    case 0:
        put(p, "\a");
        break;
    case 2:
    case 3:
        put(p, "\033%s", registers[below(p, sizeof registers / sizeof *registers)]);
        break;
    case 1:
        if (below(p, 4) == 0)
            put(p, "\033]9;note %zu\a", below(p, 10));
        else
            put(p, "\033]52;%s;aGk%zu\a", below(p, 2) ? "c" : "p", below(p, 3));
        break;
    default:
        put(p, "\033]%zu;title %zu\a", below(p, 3), below(p, 3));
    }
}

/* Bytes that no program would write (S22); at the end whatever they began is broken off. */
static void put_noise(struct program *p)
{
    static const char likely[] =
        "\033\033\033[[]?;;0123456789\x9B\xC2\xE4\xB8\xADmHJKLMPX@rhlncST\a\\";

    for (size_t n = 1 + below(p, 30); n > 0; n--) {
        bool any = below(p, 3) == 0;
        buf_append_byte(&p->out,
                        any ? (uint8_t)below(p, 256) : (uint8_t)likely[below(p, sizeof likely)]);
    }
    put(p, "\030");
}

void program_burst(struct program *p)
{
    for (size_t n = 1 + below(p, 8); n > 0; n--) {
        size_t kind = below(p, p->contested ? 43 : 40);
        if (kind < 10)
            put_words(p);
        else if (kind < 14)
            put_unusual_text(p);
        else if (kind < 20)
            put_position(p);
        else if (kind < 21)
            put_link(p);
        else if (kind < 25)
            put_style(p);
        else if (kind < 30)
            put_edit(p);
        else if (kind < 33)
            put_lines(p);
        else if (kind < 35)
            put_region(p);
        else if (kind < 36)
            put_side_margins(p);
        else if (kind < 37)
            put_mode(p);
        else if (kind < 38)
            put_register(p);
        else if (kind < 40)
            put(p, "%s", below(p, 2) ? "\b" : "\t");
        else
            put_noise(p);
    }
}
