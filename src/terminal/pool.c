/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/pool.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "terminal/history.h"
#include "terminal/row.h"
#include "util/utf8.h"
#include "util/xalloc.h"

/* As many as scroll by between two snapshots, so that a flood of lines allocates none. */
enum { SPARE_ROWS_MAX = 64 };

/* A cluster is what came before its last code point, and that. Its text is put together from these
   when it is asked for; most are drawn over before that. */
struct cluster {
    uint64_t key; /* what came before: a glyph (row.h) without its width, or 0 for nothing; and
                     above it the code point */
    uint64_t len; /* of the text, in bytes; no part of the key */
};
enum { CLUSTER_KEY_WORDS = 1, CLUSTER_CODE_SHIFT = 32 };

static uint32_t before_in(const struct cluster *c)
{
    return (uint32_t)c->key;
}

static uint32_t code_in(const struct cluster *c)
{
    return (uint32_t)(c->key >> CLUSTER_CODE_SHIFT);
}

static void add_plain_style(struct pool *p)
{
    static const struct style plain;

    p->last_style_number = intern_put(&p->styles, plain.word, STYLE_WORDS);
    assert(p->last_style_number == 0);
}

struct pool *pool_new(void)
{
    struct pool *p = xcalloc(1, sizeof *p);

    p->refs = 1;
    intern_init(&p->styles, sizeof(struct style), sizeof(struct style), POOL_STYLES_MAX);
    intern_init(&p->clusters, sizeof(struct cluster), CLUSTER_KEY_WORDS * sizeof(uint64_t),
                POOL_CLUSTERS_MAX);
    add_plain_style(p);
    return p;
}

static struct row *take_spare(struct pool *p)
{
    struct row *r = p->spare;

    if (r) {
        p->spare = r->next;
        p->spare_count--;
    }
    return r;
}

struct pool *pool_ref(struct pool *p)
{
    p->refs++;
    return p;
}

void pool_unref(struct pool *p)
{
    if (!p || --p->refs > 0)
        return;
    assert(!p->rows); /* each holds a reference */
    while (p->spare)
        free(take_spare(p));
    intern_release(&p->styles);
    intern_release(&p->clusters);
    links_release(&p->links);
    free(p);
}

static void mark_styles(void *context, const struct cell *cells, size_t count)
{
    struct pool *p = context;

    for (size_t col = 0; col < count; col++)
        intern_mark(&p->styles, cells[col].style);
}

static const struct cluster *cluster_of(const struct pool *p, uint32_t glyph)
{
    return intern_value(&p->clusters, glyph & CELL_CODE_MASK);
}

/* Whether the table has it. */
static bool is_numbered(uint32_t glyph)
{
    return (glyph & (CELL_CLUSTER | CELL_SPELLED)) == CELL_CLUSTER;
}

/* With what a cluster is made of. */
static void mark_cluster(struct pool *p, uint32_t glyph)
{
    while (is_numbered(glyph) && !p->clusters.in_use[glyph & CELL_CODE_MASK]) {
        intern_mark(&p->clusters, glyph & CELL_CODE_MASK);
        glyph = before_in(cluster_of(p, glyph));
    }
}

static void mark_clusters(void *context, const struct cell *cells, size_t count)
{
    struct pool *p = context;

    for (size_t col = 0; col < count; col++)
        mark_cluster(p, cells[col].glyph);
}

static void mark_all(struct pool *p, history_visitor *mark)
{
    for (const struct row *r = p->rows; r; r = r->next)
        mark(p, r->cell, r->used);
    if (p->history)
        history_visit(p->history, mark, p);
}

static void sweep_styles(struct pool *p)
{
    intern_sweep_begin(&p->styles);
    intern_mark(&p->styles, 0);
    mark_all(p, mark_styles);
    intern_sweep_end(&p->styles);
    p->last_style = (struct style){0};
    p->last_style_number = 0;
    p->last_erased_number = 0;
}

static void sweep_clusters(struct pool *p)
{
    intern_sweep_begin(&p->clusters);
    mark_all(p, mark_clusters);
    intern_sweep_end(&p->clusters);
}

/* Sweeps; and once more if there is so much left that the history may be what fills the table. */
static void make_room(struct pool *p, struct intern *table, void (*sweep)(struct pool *p))
{
    sweep(p);
    if (!p->history || table->live <= table->max / 4)
        return;
    history_shrink(p->history, table->max / 4);
    sweep(p);
}

static inline uint32_t find_or_add_style(struct pool *p, const struct style *s)
{
    uint32_t number;

    if (intern_is_crowded(&p->styles))
        make_room(p, &p->styles, sweep_styles);
    number = intern_put(&p->styles, s->word, STYLE_WORDS);
    return number != INTERN_NONE ? number : 0;
}

uint32_t pool_change_style(struct pool *p, const struct style *s)
{
    p->last_style_number = find_or_add_style(p, s);
    p->last_style = *s;
    return p->last_style_number;
}

uint32_t pool_change_erased(struct pool *p, const struct style *pen)
{
    struct style erased;

    if (p->last_erased_number != 0 && pen->background == p->last_erased)
        return p->last_erased_number;
    erased = style_erased(pen);
    p->last_erased_number = find_or_add_style(p, &erased);
    p->last_erased = erased.background;
    return p->last_erased_number;
}

const struct style *pool_style(const struct pool *p, uint32_t number)
{
    return intern_value(&p->styles, number);
}

/* Bytes of a code point in UTF-8; 0 has none. */
static inline uint32_t code_bytes(uint32_t code)
{
    if (code < 0x80)
        return code > 0;
    return code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

/* The same of a glyph. */
static uint32_t glyph_bytes(const struct pool *p, uint32_t glyph)
{
    if (glyph & CELL_SPELLED)
        return code_bytes(glyph & CELL_LETTER_MASK) + code_bytes(cell_mark(glyph)) +
               code_bytes(cell_other_mark(glyph));
    return glyph & CELL_CLUSTER ? (uint32_t)cluster_of(p, glyph)->len
                                : code_bytes(glyph & CELL_CODE_MASK);
}

static inline uint32_t find_or_add_cluster(struct pool *p, uint32_t before, uint32_t code)
{
    const struct cluster c = {.key = before | (uint64_t)code << CLUSTER_CODE_SHIFT,
                              .len = glyph_bytes(p, before) + code_bytes(code)};
    uint32_t number;

    if (cell_takes_mark(before, code))
        return cell_with_mark(before, code);
    assert(c.len <= CLUSTER_BYTES_MAX);
    number = intern_put(&p->clusters, &c.key, CLUSTER_KEY_WORDS);
    return number == INTERN_NONE ? POOL_NO_CLUSTER : number | CELL_CLUSTER;
}

uint32_t pool_intern_cluster(struct pool *p, const char *utf8, size_t len)
{
    const uint8_t *at = (const uint8_t *)utf8, *end = at + len;
    uint32_t before;

    assert(len > 0 && len <= CLUSTER_BYTES_MAX);
    if (intern_is_crowded(&p->clusters)) /* not later: no row holds what the loop has added */
        make_room(p, &p->clusters, sweep_clusters);
    before = utf8_decode(&at);
    if (at == end)
        return find_or_add_cluster(p, 0, before);
    do
        before = find_or_add_cluster(p, before, utf8_decode(&at));
    while (at < end && before != POOL_NO_CLUSTER);
    return before;
}

uint32_t pool_extend_cluster(struct pool *p, uint32_t glyph, uint32_t code, size_t taken_below)
{
    glyph &= ~CELL_WIDE;
    if (glyph_bytes(p, glyph) >= taken_below)
        return POOL_NO_CLUSTER;
    if (cell_takes_mark(glyph, code))
        return cell_with_mark(glyph, code);
    if (intern_is_crowded(&p->clusters))
        make_room(p, &p->clusters, sweep_clusters);
    return find_or_add_cluster(p, glyph, code);
}

/* Writes a code point so that it ends at `end`; returns where it begins. */
static size_t put_before(struct cluster_text *text, size_t end, uint32_t code)
{
    char utf8[UTF8_BYTES_MAX];
    size_t len = code ? utf8_encode(code, utf8) : 0;

    memcpy(text->bytes + end - len, utf8, len);
    return end - len;
}

struct cluster_text pool_cluster(const struct pool *p, uint32_t glyph)
{
    struct cluster_text text;
    size_t begin = text.len = glyph_bytes(p, glyph);

    for (; is_numbered(glyph); glyph = before_in(cluster_of(p, glyph)))
        begin = put_before(&text, begin, code_in(cluster_of(p, glyph)));
    if (glyph & CELL_SPELLED) {
        begin = put_before(&text, begin, cell_other_mark(glyph));
        begin = put_before(&text, begin, cell_mark(glyph));
        glyph &= CELL_LETTER_MASK;
    }
    begin = put_before(&text, begin, glyph);
    assert(begin == 0);
    return text;
}

/* Only styles that are in use keep a link. */
static void sweep_links(struct pool *p)
{
    sweep_styles(p);
    for (uint32_t n = 0; n < p->styles.capacity; n++) {
        if (p->styles.in_use[n])
            links_mark(&p->links, pool_style(p, n)->link);
    }
    links_sweep(&p->links);
}

static void make_room_for_links(struct pool *p)
{
    sweep_links(p);
    if (!p->history || (p->links.live < LINKS_MAX / 2 && p->links.bytes < LINKS_BYTES_MAX / 2))
        return;
    history_shrink(p->history, LINKS_BYTES_MAX / LINK_URI_BYTES_MAX / 4);
    sweep_links(p);
}

uint32_t pool_intern_link(struct pool *p, const char *text, size_t len)
{
    uint32_t number = links_find(&p->links, text, len);

    if (number != 0)
        return number;
    if (links_want_sweep(&p->links, len))
        make_room_for_links(p);
    return links_add(&p->links, text, len);
}

struct text *pool_link(const struct pool *p, uint32_t number)
{
    return links_text(&p->links, number);
}

void pool_set_history(struct pool *p, struct history *h)
{
    p->history = h;
}

static void list_row(struct pool *p, struct row *r)
{
    r->previous = NULL;
    r->next = p->rows;
    if (p->rows)
        p->rows->previous = r;
    p->rows = r;
}

static void unlist_row(struct pool *p, struct row *r)
{
    if (r->previous)
        r->previous->next = r->next;
    else
        p->rows = r->next;
    if (r->next)
        r->next->previous = r->previous;
    if (p->blank == r)
        p->blank = NULL;
}

struct row *pool_take_row(struct pool *p, size_t cols)
{
    struct row *r = take_spare(p);

    if (!r || r->cols != cols) {
        free(r); /* the screen has another width now: the spare ones go one by one */
        r = xcalloc(1, sizeof *r + cols * sizeof *r->cell);
        r->cols = (uint16_t)cols;
    }
    r->pool = pool_ref(p);
    r->refs = 1;
    r->identity = ++p->identities;
    list_row(p, r);
    return r;
}

void pool_give_row(struct row *r)
{
    struct pool *p = r->pool;

    unlist_row(p, r);
    if (p->spare_count == SPARE_ROWS_MAX || (p->spare && p->spare->cols != r->cols)) {
        free(r);
    } else {
        memset(r->cell, 0, r->used * sizeof *r->cell);
        r->used = 0;
        r->wrapped = false;
        r->marks = 0;
        r->input = 0;
        r->next = p->spare;
        p->spare = r;
        p->spare_count++;
    }
    pool_unref(p);
}
