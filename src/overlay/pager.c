/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overlay/pager.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "overlay/pager_internal.h"
#include "util/utf8.h"
#include "util/xalloc.h"

#define CTRL(letter) ((letter)-64)
#define ESC          0x1B
#define DELETE       0x7F
#define WHEEL_ROWS   3

/* --- the lines that are kept --- */

static size_t slot_of(uint64_t number)
{
    return (size_t)(number % PAGER_LINES_MAX);
}

static void drop_line(struct pager *p, size_t slot)
{
    if (!p->line || !p->line[slot])
        return;
    p->cells -= p->line[slot]->cols;
    row_unref(p->line[slot]);
    p->line[slot] = NULL;
}

static void drop_lines_before(struct pager *p, uint64_t oldest)
{
    for (size_t slot = 0; p->line && slot < PAGER_LINES_MAX; slot++)
        if (p->number[slot] < oldest)
            drop_line(p, slot);
}

static struct row *line_at(const struct pager *p, uint64_t number)
{
    size_t slot = slot_of(number);

    return p->line && p->line[slot] && p->number[slot] == number ? p->line[slot] : NULL;
}

void pager_add_line(struct pager *p, uint64_t number, struct row *row)
{
    size_t slot = slot_of(number);

    if (!p->line) {
        p->line = xcalloc(PAGER_LINES_MAX, sizeof(struct row *));
        p->number = xcalloc(PAGER_LINES_MAX, sizeof *p->number);
    }
    if (p->cells + row->cols > PAGER_CELLS_MAX)
        drop_lines_before(p, UINT64_MAX);
    drop_line(p, slot);
    p->line[slot] = row_ref(row);
    p->number[slot] = number;
    p->cells += row->cols;
}

void pager_release(struct pager *p)
{
    drop_lines_before(p, UINT64_MAX);
    free(p->line);
    free(p->number);
    if (p->screen.rows)
        screen_release(&p->screen);
    *p = (struct pager){0};
}

/* --- positions --- */

int64_t pager_first(const struct pager *p)
{
    return p->numbered ? -(int64_t)(p->next - p->oldest) : 0;
}

int64_t pager_end(const struct pager *p)
{
    return (int64_t)p->screen.rows;
}

bool pager_is_missing(const struct pager *p, int64_t position)
{
    return position < 0 && !pager_row(p, position);
}

const struct row *pager_row(const struct pager *p, int64_t position)
{
    if (position < pager_first(p) || position >= pager_end(p))
        return NULL;
    if (position >= 0)
        return p->screen.row[position];
    return line_at(p, p->next - (uint64_t)-position);
}

static int64_t height(const struct pager *p)
{
    return p->rows > 1 ? (int64_t)p->rows - 1 : 1;
}

static void go_to(struct pager *p, int64_t top)
{
    int64_t last = pager_end(p) - height(p);

    if (top > last)
        top = last;
    p->top = top < pager_first(p) ? pager_first(p) : top;
}

void pager_show(struct pager *p, int64_t position)
{
    if (position < p->top || position >= p->top + height(p))
        go_to(p, position - height(p) / 2);
}

int64_t pager_bottom(const struct pager *p)
{
    int64_t end = p->top + height(p);

    return end < pager_end(p) ? end : pager_end(p);
}

/* --- the beginning, and what the server says --- */

static void take_screen(struct pager *p, const struct screen *screen)
{
    if (p->screen.rows)
        screen_release(&p->screen);
    screen_copy(&p->screen, screen);
}

void pager_open(struct pager *p, const struct screen *screen, size_t rows, size_t cols)
{
    take_screen(p, screen);
    p->open = true;
    p->numbered = false;
    p->rows = rows;
    p->cols = cols;
    p->prompt = 0;
    p->searching = p->found = p->not_found = false;
    go_to(p, pager_end(p));
}

void pager_resize(struct pager *p, size_t rows, size_t cols)
{
    int64_t bottom = pager_bottom(p);

    p->rows = rows;
    p->cols = cols;
    if (p->open)
        go_to(p, bottom - height(p));
}

/* The server may have forgotten lines that were fetched before: down to these there are no gaps. */
static uint64_t oldest_without_gap(const struct pager *p, uint64_t oldest)
{
    if (oldest > p->next)
        oldest = p->next;
    while (oldest > 0 && line_at(p, oldest - 1))
        oldest--;
    return oldest;
}

void pager_set_numbers(struct pager *p, const struct screen *screen, uint64_t oldest, uint64_t next)
{
    if (!p->open || oldest > next)
        return;
    if (p->numbered) {
        p->oldest = oldest_without_gap(p, oldest);
        go_to(p, p->top);
        return;
    }
    drop_lines_before(p, oldest);
    take_screen(p, screen);
    p->numbered = true;
    p->oldest = oldest;
    p->next = next;
    go_to(p, p->top);
}

/* --- which lines are wanted --- */

static uint64_t number_at(const struct pager *p, int64_t position)
{
    return p->next - (uint64_t)-position;
}

/* Asks for the missing lines around one of them, of which those are nearer that come first. */
static bool want(const struct pager *p, int64_t position, bool upwards, int64_t most,
                 uint64_t *first, uint32_t *count)
{
    int64_t from = position, to = position + 1;

    while (upwards && to - from < most && from > pager_first(p) && pager_is_missing(p, from - 1))
        from--;
    while (!upwards && to - from < most && to < 0 && pager_is_missing(p, to))
        to++;
    *first = number_at(p, from);
    *count = (uint32_t)(to - from);
    return true;
}

bool pager_wants(const struct pager *p, uint32_t most, uint64_t *first, uint32_t *count)
{
    int64_t ahead = 2 * height(p), bottom = pager_bottom(p);
    int64_t page = most < PAGER_PAGE_LINES ? most : PAGER_PAGE_LINES;

    if (!p->open)
        return false;
    if (!p->numbered) {
        *first = UINT64_MAX;
        *count = (uint32_t)page;
        return true;
    }
    for (int64_t i = bottom - 1; i >= p->top && i >= pager_first(p); i--)
        if (pager_is_missing(p, i))
            return want(p, i, true, page, first, count);
    if (p->searching && pager_is_missing(p, p->at))
        return want(p, p->at, p->searching_up, most, first, count);
    for (int64_t i = p->top - 1; i >= p->top - ahead && i >= pager_first(p); i--)
        if (pager_is_missing(p, i))
            return want(p, i, true, page, first, count);
    for (int64_t i = bottom; i < bottom + ahead && i < 0; i++)
        if (pager_is_missing(p, i))
            return want(p, i, false, page, first, count);
    return false;
}

void pager_lines_added(struct pager *p)
{
    if (p->open && p->searching)
        pager_search_on(p);
}

/* --- keys --- */

static void leave(struct pager *p)
{
    p->open = false;
    p->prompt = 0;
    p->searching = false;
}

static void append_character(struct pager_pattern *typed, uint32_t code)
{
    char utf8[UTF8_BYTES_MAX];
    size_t len = utf8_encode(code, utf8);

    if (len > sizeof typed->bytes - typed->len)
        return;
    memcpy(typed->bytes + typed->len, utf8, len);
    typed->len += len;
}

static void delete_character(struct pager_pattern *typed)
{
    while (typed->len > 0 && ((uint8_t)typed->bytes[--typed->len] & 0xC0) == 0x80)
        ;
}

/* An empty pattern stands for the last one. */
static void finish_prompt(struct pager *p)
{
    p->backward = p->prompt == '?';
    p->prompt = 0;
    if (p->typed.len > 0)
        p->pattern = p->typed;
    if (p->pattern.len > 0)
        pager_search(p, p->backward, p->typed.len > 0);
}

static void prompt_key(struct pager *p, const struct keypress *k)
{
    switch (k->byte) {
    case '\r':
    case '\n':
        finish_prompt(p);
        return;
    case ESC:
    case CTRL('C'):
    case CTRL('G'):
        p->prompt = 0;
        return;
    case '\b':
    case DELETE:
        if (p->typed.len == 0)
            p->prompt = 0;
        delete_character(&p->typed);
        return;
    case CTRL('U'):
        p->typed.len = 0;
        return;
    default:
        break;
    }
    if (k->byte >= ' ')
        append_character(&p->typed, (uint32_t)k->byte);
    else if (k->byte < 0 && k->code >= 0xA0 && k->function == 0)
        append_character(&p->typed, k->code);
}

static void start_prompt(struct pager *p, char prompt)
{
    p->prompt = prompt;
    p->typed.len = 0;
    p->searching = p->not_found = false;
}

/* What a key that has no character does; 0 for those that do nothing. */
static int byte_for(uint32_t function)
{
    switch (function) {
    case 'A': /* Up */
    case KEYPRESS_KITTY(57419):
        return 'k';
    case 'B': /* Down */
    case KEYPRESS_KITTY(57420):
        return 'j';
    case KEYPRESS_NUMBER(5): /* PgUp */
    case KEYPRESS_KITTY(57421):
        return CTRL('B');
    case KEYPRESS_NUMBER(6): /* PgDn */
    case KEYPRESS_KITTY(57422):
        return CTRL('F');
    case 'H': /* Home */
    case KEYPRESS_NUMBER(1):
    case KEYPRESS_NUMBER(7):
    case KEYPRESS_KITTY(57423):
        return 'g';
    case 'F': /* End */
    case KEYPRESS_NUMBER(4):
    case KEYPRESS_NUMBER(8):
    case KEYPRESS_KITTY(57424):
        return 'G';
    default:
        return 0;
    }
}

static void move(struct pager *p, int byte)
{
    int64_t page = height(p) > 1 ? height(p) - 1 : 1; /* a row stays in view */

    switch (byte) {
    case 'k':
    case CTRL('P'):
    case CTRL('Y'):
        go_to(p, p->top - 1);
        break;
    case 'j':
    case '\r':
    case '\n':
    case CTRL('N'):
    case CTRL('E'):
        go_to(p, p->top + 1);
        break;
    case CTRL('B'):
    case 'b':
        go_to(p, p->top - page);
        break;
    case CTRL('F'):
    case 'f':
    case ' ':
        go_to(p, p->top + page);
        break;
    case CTRL('U'):
    case 'u':
        go_to(p, p->top - (height(p) + 1) / 2);
        break;
    case CTRL('D'):
    case 'd':
        go_to(p, p->top + (height(p) + 1) / 2);
        break;
    case 'g':
    case '<':
        go_to(p, pager_first(p));
        break;
    case 'G':
    case '>':
        go_to(p, pager_end(p));
        break;
    default:
        break;
    }
}

static void command(struct pager *p, int byte)
{
    switch (byte) {
    case 'q':
    case 'Q':
        leave(p);
        break;
    case ESC:
    case CTRL('C'):
        if (p->searching) /* the first only ends the search */
            p->searching = false;
        else
            leave(p);
        break;
    case '/':
    case '?':
        start_prompt(p, (char)byte);
        break;
    case 'n':
    case 'N':
        if (p->pattern.len > 0)
            pager_search(p, p->backward != (byte == 'N'), false);
        break;
    default:
        p->searching = p->not_found = false;
        move(p, byte);
        break;
    }
}

void pager_key(struct pager *p, const struct keypress *k)
{
    int byte = k->function ? byte_for(k->function) : k->byte;

    if (!p->open || k->event == KEYPRESS_UP || k->modifiers & KEYPRESS_ALT ||
        keypress_is_modifier(k))
        return;
    if (p->prompt)
        prompt_key(p, k);
    else if (byte > 0)
        command(p, byte);
}

void pager_paste(struct pager *p, const uint8_t *bytes, size_t len)
{
    struct utf8_decoder decoder = {0};

    for (size_t i = 0; p->prompt && i < len && bytes[i] >= ' ' && bytes[i] != DELETE; i++) {
        uint32_t code;
        enum utf8_result result = utf8_feed(&decoder, bytes[i], &code);
        if (result == UTF8_DONE && code != UTF8_REPLACEMENT)
            append_character(&p->typed, code);
        i -= result == UTF8_BROKEN; /* it has to be fed again */
    }
}

void pager_wheel(struct pager *p, bool up)
{
    if (p->open && !p->prompt)
        go_to(p, p->top + (up ? -WHEEL_ROWS : WHEEL_ROWS));
}
