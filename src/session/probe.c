/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/probe.h"

#include <stdlib.h>
#include <string.h>

#define LAST_QUESTION  "\033[c"           /* DA1 */
#define SIZE_QUESTIONS "\033[16t\033[14t" /* of a cell, and of the text */

enum { MISSING_MAX = 1000 };

void probe_init(struct probe *p, enum probe_extent extent)
{
    *p = (struct probe){.extent = extent};
    p->facts.foreground = p->facts.background = p->facts.cursor = PROBE_NO_COLOUR;
    for (size_t i = 0; i < PROBE_PALETTE; i++)
        p->facts.palette[i] = PROBE_NO_COLOUR;
}

/* --- questions --- */

/* Modes that we ask for, and capabilities, in terminfo's and in hexadecimal letters. */
static const struct mode {
    uint32_t number;
    size_t fact; /* offset of a bool in the facts */
} modes[] = {
    {1016, offsetof(struct probe_facts, pixel_mouse)},
    {2026, offsetof(struct probe_facts, synchronized_output)},
    {2027, offsetof(struct probe_facts, clusters)},
    {2031, offsetof(struct probe_facts, scheme_reports)},
};

static const struct capability {
    const char *hex;
    size_t fact;
} capabilities[] = {
    {"536D756C78", offsetof(struct probe_facts, underline_styles)},   /* Smulx */
    {"5375", offsetof(struct probe_facts, underline_styles)},         /* Su */
    {"536574756C63", offsetof(struct probe_facts, underline_colour)}, /* Setulc */
    {"524742", offsetof(struct probe_facts, true_colour)},            /* RGB */
    {"4D73", offsetof(struct probe_facts, clipboard)},                /* Ms */
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* OSC is ended by BEL here: more terminals understand that, and answer alike. */
static void ask_colours(struct buf *out)
{
    buf_append_str(out, "\033]10;?\a\033]11;?\a\033]12;?\a");
    for (size_t i = 0; i < PROBE_PALETTE; i++) {
        buf_append_str(out, "\033]4;");
        buf_append_dec(out, i);
        buf_append_str(out, ";?\a");
    }
}

void probe_ask(struct probe *p, msec_t now, struct buf *out)
{
    if (p->extent == PROBE_NOTHING)
        return;
    p->asked = true;
    buf_append_str(out, "\033[>q\033[?u\033[?4m"); /* XTVERSION, kitty's keyboard, XTQMODKEYS */
    for (size_t i = 0; i < COUNT(modes); i++) {
        buf_append_str(out, "\033[?");
        buf_append_dec(out, modes[i].number);
        buf_append_str(out, "$p");
    }
    for (size_t i = 0; p->extent == PROBE_ALL && i < COUNT(capabilities); i++) {
        buf_append_str(out, "\033P+q"); /* each alone: xterm stops at the first one unknown to it */
        buf_append_str(out, capabilities[i].hex);
        buf_append_str(out, "\033\\");
    }
    ask_colours(out);
    buf_append_str(out, SIZE_QUESTIONS "\033[?996n"); /* and dark or light */
    probe_ask_last(p, now, out);
}

void probe_ask_colours_again(struct probe *p, msec_t now, struct buf *out)
{
    if (!probe_has_answered(p) || p->facts.background == PROBE_NO_COLOUR ||
        msec_since(now, p->asked_at) < PROBE_COLOURS_MS)
        return;
    ask_colours(out);
    probe_ask_last(p, now, out);
}

void probe_ask_size_again(struct probe *p, struct buf *out)
{
    if (probe_has_answered(p) && (p->facts.cell_width || p->facts.area_width))
        buf_append_str(out, SIZE_QUESTIONS);
}

void probe_ask_last(struct probe *p, msec_t now, struct buf *out)
{
    if (p->extent == PROBE_NOTHING)
        return;
    p->asked = true;
    buf_append_str(out, LAST_QUESTION);
    p->asked_at = now;
    if (p->missing < MISSING_MAX)
        p->missing++;
}

bool probe_has_answered(const struct probe *p)
{
    return p->asked && p->missing == 0;
}

bool probe_is_waiting(const struct probe *p, msec_t now)
{
    return p->missing > 0 && msec_since(now, p->asked_at) < PROBE_PATIENCE_MS;
}

/* --- answers in text --- */

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One to four hexadecimal digits, of which all ones are full brightness (XParseColor). */
static bool take_channel(struct reader *text, uint32_t *out)
{
    enum { DIGITS_MAX = 4, FULL = 255 };
    uint32_t value = 0, full = 0;

    for (int i = 0; i < DIGITS_MAX && text->left > 0 && hex_digit(*text->at) >= 0; i++) {
        value = value << 4 | (uint32_t)hex_digit(*text->at);
        full = full << 4 | 0xF;
        text->at++;
        text->left--;
    }
    if (full == 0)
        return false;
    *out = (value * FULL + full / 2) / full;
    return true;
}

static bool take_prefix(struct reader *text, const char *prefix)
{
    size_t len = strlen(prefix);

    if (text->left < len || memcmp(text->at, prefix, len) != 0)
        return false;
    text->at += len;
    text->left -= len;
    return true;
}

/* "rgb:R/G/B", or "rgba:R/G/B/A"; what comes after B is of no interest. */
static uint32_t colour_of(struct reader text)
{
    uint32_t colour = 0, channel;

    if (!take_prefix(&text, "rgb:") && !take_prefix(&text, "rgba:"))
        return PROBE_NO_COLOUR;
    for (int i = 0; i < 3; i++) {
        if (i > 0 && !take_prefix(&text, "/"))
            return PROBE_NO_COLOUR;
        if (!take_channel(&text, &channel))
            return PROBE_NO_COLOUR;
        colour = colour << 8 | channel;
    }
    return colour;
}

static void learn_colour(uint32_t *fact, struct reader text, bool *news)
{
    uint32_t colour = colour_of(text);

    if (colour == PROBE_NO_COLOUR || *fact == colour)
        return;
    *fact = colour;
    *news = true;
}

static void learn(bool *fact, bool value, bool *news)
{
    *news |= *fact != value;
    *fact = value;
}

static bool *fact_at(struct probe *p, size_t offset)
{
    return (bool *)((char *)&p->facts + offset);
}

static bool take_palette_index(struct reader *text, size_t *index)
{
    size_t digits = 0;

    for (*index = 0; text->left > 0 && *text->at >= '0' && *text->at <= '9'; digits++) {
        *index = *index * 10 + (*text->at++ - '0');
        text->left--;
        if (*index >= PROBE_PALETTE)
            return false;
    }
    return digits > 0 && take_prefix(text, ";");
}

static bool take_osc(struct probe *p, struct reader text, bool *news)
{
    size_t index;

    if (take_prefix(&text, "10;"))
        learn_colour(&p->facts.foreground, text, news);
    else if (take_prefix(&text, "11;"))
        learn_colour(&p->facts.background, text, news);
    else if (take_prefix(&text, "12;"))
        learn_colour(&p->facts.cursor, text, news);
    else if (take_prefix(&text, "4;") && take_palette_index(&text, &index))
        learn_colour(&p->facts.palette[index], text, news);
    else
        return false;
    return true;
}

static void learn_identity(struct probe *p, struct reader text, bool *news)
{
    char identity[PROBE_IDENTITY_BYTES] = "";
    size_t len = 0;

    for (; text.left > 0 && len + 1 < sizeof identity; text.at++, text.left--) {
        if (*text.at >= ' ' && *text.at <= '~')
            identity[len++] = (char)*text.at;
    }
    *news |= strcmp(identity, p->facts.identity) != 0;
    memcpy(p->facts.identity, identity, sizeof identity);
}

/* "hex=value", or only "hex" for a flag. */
static void learn_capability(struct probe *p, struct reader text, bool *news)
{
    for (size_t i = 0; i < COUNT(capabilities); i++) {
        const char *hex = capabilities[i].hex;
        size_t same = 0;

        while (same < text.left && hex[same] && hex_digit((uint8_t)hex[same]) >= 0 &&
               hex_digit(text.at[same]) == hex_digit((uint8_t)hex[same]))
            same++;
        if (!hex[same] && (same == text.left || text.at[same] == '='))
            learn(fact_at(p, capabilities[i].fact), true, news);
    }
}

static bool take_dcs(struct probe *p, struct reader text, bool *news)
{
    if (take_prefix(&text, ">|"))
        learn_identity(p, text, news);
    else if (p->extent == PROBE_ALL && take_prefix(&text, "1+r"))
        learn_capability(p, text, news);
    else if (p->extent != PROBE_ALL || !take_prefix(&text, "0+r"))
        return false;
    return true;
}

/* --- answers in numbers --- */

/* DECRPM: 0 is not known to the terminal. A mode that is never set is as good as that, and so is
   one that is always, but for clusters, where that is what we want. */
static bool take_mode_report(struct probe *p, const struct token *t, bool *news)
{
    enum { CLUSTERS = 2027, SET = 1, RESET = 2, ALWAYS = 3 };
    uint32_t value = token_param(t, 1, 0);
    bool clusters = token_param(t, 0, 0) == CLUSTERS;

    if (clusters)
        learn(&p->facts.clusters_set, value == SET || value == ALWAYS, news);
    for (size_t i = 0; i < COUNT(modes); i++) {
        if (modes[i].number == token_param(t, 0, 0)) {
            learn(fact_at(p, modes[i].fact),
                  value == SET || value == RESET || (clusters && value == ALWAYS), news);
            return true;
        }
    }
    return false;
}

static void learn_size(const struct token *t, uint16_t *known_width, uint16_t *known_height,
                       bool *news)
{
    uint32_t height = token_param(t, 1, 0), width = token_param(t, 2, 0);

    if (height == 0 || height > PROBE_PIXELS_MAX || width == 0 || width > PROBE_PIXELS_MAX)
        return;
    *news |= *known_height != height || *known_width != width;
    *known_height = (uint16_t)height;
    *known_width = (uint16_t)width;
}

static void learn_scheme(struct probe *p, uint32_t value, bool *news)
{
    enum probe_scheme scheme = value == 1 ? PROBE_DARK : value == 2 ? PROBE_LIGHT : p->facts.scheme;

    *news |= scheme != p->facts.scheme;
    p->facts.scheme = scheme;
}

static bool take_csi(struct probe *p, const struct token *t, bool *news)
{
    enum { SCHEME = 997, CELL_SIZE = 6, AREA_SIZE = 4, OTHER_KEYS = 4 };
    uint32_t first = token_param(t, 0, 0);

    switch (t->code) {
    case TOKEN_KEY('?', 0, 'c'):
        if (p->missing > 0)
            p->missing--;
        return true;
    case TOKEN_KEY('?', 0, 'u'):
        learn(&p->facts.kitty_keyboard, true, news);
        return true;
    case TOKEN_KEY('?', '$', 'y'):
        return take_mode_report(p, t, news);
    case TOKEN_KEY('>', 0, 'm'):
        if (first != OTHER_KEYS)
            return false;
        learn(&p->facts.modify_other_keys, true, news);
        return true;
    case TOKEN_KEY('?', 0, 'n'):
        if (first != SCHEME)
            return false;
        learn_scheme(p, token_param(t, 1, 0), news);
        return true;
    case 't':
        if (first == CELL_SIZE)
            learn_size(t, &p->facts.cell_width, &p->facts.cell_height, news);
        else if (first == AREA_SIZE)
            learn_size(t, &p->facts.area_width, &p->facts.area_height, news);
        return first == CELL_SIZE || first == AREA_SIZE;
    default:
        return false;
    }
}

bool probe_take(struct probe *p, const struct token *t, bool *news)
{
    struct reader text = {0};

    *news = false;
    if (!p->asked)
        return false;
    switch (t->kind) {
    case TOKEN_CSI:
        return take_csi(p, t, news);
    case TOKEN_OSC:
        text.left = token_text(t, &text.at);
        return take_osc(p, text, news);
    case TOKEN_DCS:
        text.left = token_text(t, &text.at);
        return take_dcs(p, text, news);
    default:
        return false;
    }
}

/* --- beginnings --- */

msec_t probe_hold_ms(const struct probe *p, const uint8_t *bytes, size_t len)
{
    static const char *const beginnings[] = {
        "\033[?",  "\033[>4;", "\033]10;", "\033]11;", "\033]12;",
        "\033]4;", "\033P>|",  "\033P1+r", "\033P0+r",
    };
    /* End and Page Down begin like these, but have one semicolon at most. */
    static const char *const sizes[] = {"\033[4;", "\033[6;"};

    if (!p->asked || len == 0)
        return 0;
    for (size_t i = 0; i < COUNT(beginnings); i++) {
        size_t whole = strlen(beginnings[i]);

        if (memcmp(bytes, beginnings[i], len < whole ? len : whole) == 0) {
            if (len == 1)
                return PROBE_ESC_MS;
            return len == 2 ? PROBE_BEGIN_MS : PROBE_ANSWER_MS;
        }
    }
    for (size_t i = 0; i < COUNT(sizes); i++) {
        size_t whole = strlen(sizes[i]);

        if (memcmp(bytes, sizes[i], len < whole ? len : whole) == 0)
            return len > whole && memchr(bytes + whole, ';', len - whole) ? PROBE_ANSWER_MS
                                                                          : PROBE_BEGIN_MS;
    }
    return 0;
}
