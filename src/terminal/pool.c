/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/pool.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "terminal/intern.h"
#include "terminal/row.h"
#include "util/xalloc.h"

/* Zero beyond `len`, so that equal clusters are equal bytes. */
struct cluster {
    uint8_t len;
    char bytes[CLUSTER_BYTES_MAX];
};

struct pool {
    size_t refs;
    struct intern styles;
    struct intern clusters;
    struct row *rows;
    struct row *blank;
    uint64_t identities; /* handed out so far */
    struct style last_style;
    uint32_t last_style_number;
};

static void add_plain_style(struct pool *p)
{
    static const struct style plain;

    intern_add(&p->styles, &plain, &p->last_style_number);
    assert(p->last_style_number == 0);
}

struct pool *pool_new(void)
{
    struct pool *p = xcalloc(1, sizeof *p);

    p->refs = 1;
    intern_init(&p->styles, sizeof(struct style), POOL_STYLES_MAX);
    intern_init(&p->clusters, sizeof(struct cluster), POOL_CLUSTERS_MAX);
    add_plain_style(p);
    return p;
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
    intern_release(&p->styles);
    intern_release(&p->clusters);
    free(p);
}

static void sweep_styles(struct pool *p)
{
    intern_sweep_begin(&p->styles);
    intern_mark(&p->styles, 0);
    for (const struct row *r = p->rows; r; r = r->next)
        for (size_t col = 0; col < r->used; col++)
            intern_mark(&p->styles, r->cell[col].style);
    intern_sweep_end(&p->styles);
    p->last_style = (struct style){0};
    p->last_style_number = 0;
}

static void sweep_clusters(struct pool *p)
{
    intern_sweep_begin(&p->clusters);
    for (const struct row *r = p->rows; r; r = r->next)
        for (size_t col = 0; col < r->used; col++)
            if (r->cell[col].glyph & CELL_CLUSTER)
                intern_mark(&p->clusters, r->cell[col].glyph & CELL_CODE_MASK);
    intern_sweep_end(&p->clusters);
}

uint32_t pool_intern_style(struct pool *p, const struct style *s)
{
    uint32_t number;

    if (style_equal(s, &p->last_style))
        return p->last_style_number;
    if (!intern_find(&p->styles, s, &number)) {
        if (intern_is_crowded(&p->styles))
            sweep_styles(p);
        if (!intern_add(&p->styles, s, &number))
            return 0;
    }
    p->last_style = *s;
    p->last_style_number = number;
    return number;
}

const struct style *pool_style(const struct pool *p, uint32_t number)
{
    return intern_value(&p->styles, number);
}

uint32_t pool_intern_cluster(struct pool *p, const char *utf8, size_t len)
{
    struct cluster c = {.len = (uint8_t)len};
    uint32_t number;

    assert(len > 0 && len <= CLUSTER_BYTES_MAX);
    memcpy(c.bytes, utf8, len);
    if (intern_find(&p->clusters, &c, &number))
        return number;
    if (intern_is_crowded(&p->clusters))
        sweep_clusters(p);
    return intern_add(&p->clusters, &c, &number) ? number : POOL_NO_CLUSTER;
}

const char *pool_cluster(const struct pool *p, uint32_t number, size_t *len)
{
    const struct cluster *c = intern_value(&p->clusters, number);

    *len = c->len;
    return c->bytes;
}

void pool_add_row(struct pool *p, struct row *r)
{
    r->previous = NULL;
    r->next = p->rows;
    if (p->rows)
        p->rows->previous = r;
    p->rows = r;
}

void pool_remove_row(struct pool *p, struct row *r)
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

uint64_t pool_new_identity(struct pool *p)
{
    return ++p->identities;
}

struct row **pool_blank_row(struct pool *p)
{
    return &p->blank;
}
