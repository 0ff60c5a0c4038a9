/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_OUTER_H
#define MOSH_TESTS_OUTER_H

/*
 * outer: a strict model of the user's terminal, as far as a session can leave traces in it. It
 * shares no code with the emulator. What a client writes that is not in this grammar is a fault: a
 * question where none may be, and whatever terminals might print.
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OUTER_MODES 2100

struct outer {
    bool mode[OUTER_MODES]; /* DEC private modes that are on */
    bool alternate;
    bool keypad;      /* application */
    int cursor_style; /* DECSCUSR */
    int other_keys;   /* modifyOtherKeys */
    int kitty[2][16]; /* flags: pushed ones, and the present ones on top; for each screen */
    int kitty_depth[2];
    bool pen, link;  /* not plain; open */
    bool margins;    /* set */
    bool colour[16]; /* OSC 10 to 19 set */
    bool palette;    /* OSC 4 */
    bool progress;
    int titles;         /* saved */
    bool title_changed; /* and not put back */
    bool may_ask;       /* questions are part of the grammar */
    size_t questions;
    char fault[160]; /* the first one; empty if there was none */
};

#define OUTER_FAULT(o, ...)                                                                        \
    do {                                                                                           \
        if (!(o)->fault[0])                                                                        \
            snprintf((o)->fault, sizeof(o)->fault, __VA_ARGS__);                                   \
    } while (0)
#define OUTER_REQUIRE(o, condition)                                                                \
    do {                                                                                           \
        if (!(condition))                                                                          \
            OUTER_FAULT(o, "not so: %s", #condition);                                              \
    } while (0)

static inline void outer_init(struct outer *o)
{
    *o = (struct outer){0};
    o->mode[7] = o->mode[25] = true;
}

static inline void outer_fail(struct outer *o, const uint8_t *at, size_t len)
{
    char text[128];
    size_t n = 0;

    for (size_t i = 0; i < len && n + 5 < sizeof text; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, at[i] < ' ' ? "\\x%02x" : "%c", at[i]);
    text[n] = 0;
    OUTER_FAULT(o, "not in the grammar: %s", text);
}

static inline void outer_mode(struct outer *o, int mode, bool on)
{
    static const int known[] = {1,    5,    7,    9,    12,   25,   1000, 1001, 1002, 1003, 1004,
                                1005, 1006, 1007, 1015, 1016, 1049, 2004, 2026, 2027, 2031};
    bool is_known = false;

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        is_known |= known[i] == mode;
    if (!is_known) {
        OUTER_FAULT(o, "mode %d", mode);
        return;
    }
    if (mode == 1049)
        o->alternate = on;
    else
        o->mode[mode] = on;
}

static inline int *outer_flags(struct outer *o)
{
    return &o->kitty[o->alternate][o->kitty_depth[o->alternate]];
}

static inline void outer_kitty(struct outer *o, char marker, const int *param)
{
    int *depth = &o->kitty_depth[o->alternate];

    switch (marker) {
    case '>':
        OUTER_REQUIRE(o, *depth < 15);
        *depth += *depth < 15;
        *outer_flags(o) = param[0];
        break;
    case '<':
        OUTER_REQUIRE(o, *depth > 0); /* what was not pushed belongs to somebody else */
        *depth -= *depth > 0;
        break;
    case '=':
        OUTER_REQUIRE(o, param[1] == 1);
        *outer_flags(o) = param[0];
        break;
    default:
        OUTER_FAULT(o, "CSI %c u", marker);
    }
}

/* `name`: marker, intermediate, final. */
static inline bool outer_csi(struct outer *o, const char *name, const int *param, size_t count)
{
    if (strcmp(name, "?h") == 0 || strcmp(name, "?l") == 0) {
        for (size_t i = 0; i < count; i++)
            outer_mode(o, param[i], name[1] == 'h');
    } else if (strcmp(name, "m") == 0) {
        o->pen = count > 1 || param[0] != 0;
    } else if (strcmp(name, "r") == 0) {
        o->margins = count > 1 || param[0] != 0;
    } else if (strcmp(name, " q") == 0) {
        o->cursor_style = param[0];
        o->mode[12] = false; /* a style says whether it blinks */
    } else if (strcmp(name, ">m") == 0) {
        OUTER_REQUIRE(o, param[0] == 4);
        o->other_keys = param[1];
    } else if (strlen(name) == 2 && name[1] == 'u' && name[0] != '?') {
        outer_kitty(o, name[0], param);
    } else if (strcmp(name, "t") == 0 && (param[0] == 22 || param[0] == 23)) {
        o->titles += param[0] == 22 ? 1 : -1;
        OUTER_REQUIRE(o, o->titles >= 0);
        if (param[0] == 23)
            o->title_changed = false;
    } else if (strcmp(name, "c") == 0 || strcmp(name, ">q") == 0 || strcmp(name, "?u") == 0 ||
               strcmp(name, "?m") == 0 || strcmp(name, "?$p") == 0 || strcmp(name, "?n") == 0 ||
               strcmp(name, "t") == 0) {
        o->questions++;
    } else {
        return strlen(name) == 1 && strchr("@ABCDGHJKLMPSTXZd", name[0]);
    }
    return true;
}

/* Those that terminals answer. A title or a link may end with a question mark, too. */
static inline bool outer_osc_asks(int number, const char *value)
{
    size_t len = value ? strlen(value) : 0;

    return (number == 4 || (number >= 10 && number <= 19) || number == 52) && len >= 2 &&
           strcmp(value + len - 2, ";?") == 0;
}

static inline bool outer_osc(struct outer *o, const char *text)
{
    int number = atoi(text);
    const char *value = strchr(text, ';');

    if (outer_osc_asks(number, value)) {
        o->questions++;
        return true;
    }
    switch (number) {
    case 0:
    case 1:
    case 2:
        o->title_changed = true;
        return value != NULL;
    case 4:
        o->palette = true;
        return value != NULL;
    case 104:
        o->palette = false;
        return value == NULL;
    case 8:
        o->link = value && strcmp(value, ";;") != 0;
        return value != NULL;
    case 9:
        if (value && strncmp(value, ";4;", 3) == 0)
            o->progress = value[3] != '0';
        return value != NULL;
    case 10:
    case 11:
    case 12:
        o->colour[number] = true;
        return value != NULL;
    case 110:
    case 111:
    case 112:
        o->colour[number - 100] = false;
        return value == NULL;
    case 7:
    case 52:
    case 99:
    case 133:
    case 777:
        return value != NULL;
    default:
        return false;
    }
}

static inline size_t outer_string(struct outer *o, const uint8_t *at, size_t len)
{
    char text[256];
    size_t i = 2, n = 0;

    while (i < len && at[i] != 7 && at[i] != 0x1B) {
        if (n + 1 < sizeof text)
            text[n++] = (char)at[i];
        i++;
    }
    text[n] = 0;
    if (i == len) {
        OUTER_FAULT(o, "a string without an end");
        return len;
    }
    if (at[1] == 'P')
        o->questions++;
    else if (!outer_osc(o, text))
        outer_fail(o, at, i);
    return at[i] == 7 ? i + 1 : i + 2;
}

static inline size_t outer_sequence(struct outer *o, const uint8_t *at, size_t len)
{
    int param[32] = {0};
    char name[4] = "";
    size_t i = 2, count = 1, n = 0;

    for (; i < len && at[i] < '@'; i++) {
        if (at[i] >= '0' && at[i] <= '9') {
            param[count - 1] = param[count - 1] * 10 + at[i] - '0';
        } else if (at[i] == ';' || at[i] == ':') {
            OUTER_REQUIRE(o, count < 32);
            count += count < 32;
        } else if (n < 2) {
            name[n++] = (char)at[i];
        }
    }
    if (i == len) {
        OUTER_FAULT(o, "a sequence without an end");
        return len;
    }
    name[n] = (char)at[i];
    if (!outer_csi(o, name, param, count))
        outer_fail(o, at, i + 1);
    return i + 1;
}

static inline void outer_write(struct outer *o, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len;) {
        if (bytes[i] != 0x1B) {
            if (bytes[i] < ' ' && !memchr("\a\b\n\r", bytes[i], 4))
                outer_fail(o, bytes + i, 1);
            i++;
            continue;
        }
        switch (i + 1 < len ? bytes[i + 1] : 0) {
        case '[':
            i += outer_sequence(o, bytes + i, len - i);
            break;
        case ']':
        case 'P':
            i += outer_string(o, bytes + i, len - i);
            break;
        case '=':
        case '>':
            o->keypad = bytes[i + 1] == '=';
            i += 2;
            break;
        default:
            outer_fail(o, bytes + i, i + 1 < len ? 2 : 1);
            i += 2;
        }
    }
    if (!o->may_ask)
        OUTER_REQUIRE(o, o->questions == 0);
}

/* What of a session is left, or was wrong; false if all is as it was before. */
static inline bool outer_left(const struct outer *o, char *what, size_t size)
{
    size_t n = (size_t)snprintf(what, size, "%s", o->fault);

#define LEFT(condition, ...)                                                                       \
    do {                                                                                           \
        if ((condition) && n < size)                                                               \
            n += (size_t)snprintf(what + n, size - n, " " __VA_ARGS__);                            \
    } while (0)
    for (int mode = 0; mode < OUTER_MODES; mode++)
        LEFT(o->mode[mode] != (mode == 7 || mode == 25), "mode %d is %d", mode, o->mode[mode]);
    LEFT(o->alternate, "alternate screen");
    LEFT(o->keypad, "application keypad");
    LEFT(o->cursor_style, "cursor style %d", o->cursor_style);
    LEFT(o->other_keys, "modifyOtherKeys %d", o->other_keys);
    for (int screen = 0; screen < 2; screen++) {
        LEFT(o->kitty_depth[screen], "kitty flags pushed");
        LEFT(o->kitty[screen][o->kitty_depth[screen]], "kitty flags");
    }
    LEFT(o->pen, "pen");
    LEFT(o->link, "link");
    LEFT(o->margins, "margins");
    LEFT(o->palette, "palette");
    LEFT(o->progress, "progress");
    for (int i = 0; i < 16; i++)
        LEFT(o->colour[i], "OSC %d", i);
    LEFT(o->titles != 0, "titles saved");
    LEFT(o->title_changed, "title");
#undef LEFT
    return n > 0;
}

#endif
