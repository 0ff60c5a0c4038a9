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

/* A cluster is what came before its last code point, and that. Its text follows from these, and is
   apart from them: who looks for a cluster does not need it. */
struct cluster {
    uint32_t before; /* a code point, or a cluster's number with CELL_CLUSTER; 0 for nothing */
    uint32_t code;
};
struct cluster_text {
    uint8_t len;
    char bytes[CLUSTER_BYTES_MAX];
};

static void add_plain_style(struct pool *p)
{
    static const struct style plain;

    intern_put(&p->styles, &plain, &p->last_style_number);
    assert(p->last_style_number == 0);
}

struct pool *pool_new(void)
{
    struct pool *p = xcalloc(1, sizeof *p);

    p->refs = 1;
    intern_init(&p->styles, sizeof(struct style), sizeof(struct style), POOL_STYLES_MAX);
    intern_init(&p->clusters, sizeof(struct cluster), sizeof(struct cluster), POOL_CLUSTERS_MAX);
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
    free(p->cluster_texts);
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

/* With what a cluster is made of. */
static void mark_cluster(struct pool *p, uint32_t glyph)
{
    while (glyph & CELL_CLUSTER && !p->clusters.in_use[glyph & CELL_CODE_MASK]) {
        intern_mark(&p->clusters, glyph & CELL_CODE_MASK);
        glyph = cluster_of(p, glyph)->before;
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
    return intern_put(&p->styles, s, &number) ? number : 0;
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

static struct cluster_text *text_of(const struct pool *p, uint32_t glyph)
{
    return &p->cluster_texts[glyph & CELL_CODE_MASK];
}

/* The text of a glyph; 0 has none. */
static struct cluster_text glyph_text(const struct pool *p, uint32_t glyph)
{
    struct cluster_text text = {0};

    if (glyph & CELL_CLUSTER)
        return *text_of(p, glyph);
    if (glyph != 0)
        text.len = (uint8_t)utf8_encode(glyph & CELL_CODE_MASK, text.bytes);
    return text;
}

static void set_text(struct pool *p, uint32_t number, const struct cluster *c)
{
    struct cluster_text text = glyph_text(p, c->before);
    char last[UTF8_BYTES_MAX];
    size_t added = utf8_encode(c->code, last);

    assert(text.len + added <= CLUSTER_BYTES_MAX);
    memcpy(text.bytes + text.len, last, added);
    text.len += (uint8_t)added;
    if (number >= p->cluster_texts_room) {
        p->cluster_texts_room = p->clusters.capacity;
        p->cluster_texts =
            xreallocarray(p->cluster_texts, p->cluster_texts_room, sizeof *p->cluster_texts);
    }
    p->cluster_texts[number] = text;
}

static uint32_t find_or_add_cluster(struct pool *p, uint32_t before, uint32_t code)
{
    struct cluster c = {before & (CELL_CLUSTER | CELL_CODE_MASK), code};
    uint32_t number;

    if (intern_find(&p->clusters, &c, &number))
        return number;
    if (!intern_put(&p->clusters, &c, &number))
        return POOL_NO_CLUSTER;
    set_text(p, number, &c);
    return number;
}

uint32_t pool_intern_cluster(struct pool *p, const char *utf8, size_t len)
{
    const uint8_t *at = (const uint8_t *)utf8, *end = at + len;
    uint32_t number, before;

    assert(len > 0 && len <= CLUSTER_BYTES_MAX);
    if (intern_is_crowded(&p->clusters)) /* not later: no row holds what the loop has added */
        make_room(p, &p->clusters, sweep_clusters);
    before = utf8_decode(&at);
    if (at == end)
        return find_or_add_cluster(p, 0, before);
    do {
        number = find_or_add_cluster(p, before, utf8_decode(&at));
        before = number | CELL_CLUSTER;
    } while (at < end && number != POOL_NO_CLUSTER);
    return number;
}

uint32_t pool_extend_cluster(struct pool *p, uint32_t glyph, uint32_t code, size_t taken_below)
{
    if (glyph & CELL_CLUSTER && text_of(p, glyph)->len >= taken_below)
        return POOL_NO_CLUSTER;
    if (intern_is_crowded(&p->clusters))
        make_room(p, &p->clusters, sweep_clusters);
    return find_or_add_cluster(p, glyph, code);
}

const char *pool_cluster(const struct pool *p, uint32_t number, size_t *len)
{
    assert(number < p->clusters.capacity && p->clusters.in_use[number]);
    *len = p->cluster_texts[number].len;
    return p->cluster_texts[number].bytes;
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

struct row **pool_blank_row(struct pool *p)
{
    return &p->blank;
}
