/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "textlog.h"

#include <assert.h>
#include <stdlib.h>

#include "util/xalloc.h"

#define BASE_BYTES 8

struct textlog *textlog_new(void)
{
    return xcalloc(1, sizeof(struct textlog));
}

void textlog_append(struct textlog *t, const void *bytes, size_t len)
{
    buf_append(&t->bytes, bytes, len);
}

uint64_t textlog_end(const struct textlog *t)
{
    return t->start + t->bytes.len;
}

static void *clone(const void *state)
{
    const struct textlog *from = state;
    struct textlog *t = textlog_new();
    t->start = from->start;
    t->weight = from->weight;
    buf_append(&t->bytes, from->bytes.data, from->bytes.len);
    return t;
}

static void release(void *state)
{
    struct textlog *t = state;
    buf_release(&t->bytes);
    free(t);
}

static bool equal(const void *a, const void *b)
{
    return textlog_end(a) == textlog_end(b);
}

static void diff(const void *from, const void *to, struct buf *out)
{
    assert(out->len == 0);
    const struct textlog *t = to;
    uint64_t base = textlog_end(from), end = textlog_end(to);
    assert(base >= t->start && base <= end);
    if (base == end)
        return;
    buf_append_be64(out, base);
    buf_append(out, t->bytes.data + (base - t->start), (size_t)(end - base));
}

static int apply(void *state, const uint8_t *bytes, size_t len)
{
    struct textlog *t = state;
    struct reader r = {bytes, len};
    uint64_t base;
    if (reader_be64(&r, &base) < 0 || base != textlog_end(t))
        return ERR_MALFORMED;
    buf_append(&t->bytes, r.at, r.left);
    return 0;
}

static void subtract(void *state, const void *known)
{
    struct textlog *t = state;
    uint64_t end = textlog_end(known) < textlog_end(t) ? textlog_end(known) : textlog_end(t);
    if (end <= t->start)
        return;
    buf_consume(&t->bytes, (size_t)(end - t->start));
    t->start = end;
}

static size_t footprint(const void *state)
{
    const struct textlog *t = state;
    return t->weight ? t->weight : t->bytes.len;
}

uint64_t textlog_diff_base(const struct buf *d)
{
    struct reader r = {d->data, d->len};
    uint64_t base = 0;
    int rc = reader_be64(&r, &base);
    return rc < 0 ? UINT64_MAX : base;
}

uint64_t textlog_diff_end(const struct buf *d)
{
    return textlog_diff_base(d) + d->len - BASE_BYTES;
}

const struct sync_ops textlog_ops = {
    .clone = clone,
    .free = release,
    .equal = equal,
    .diff = diff,
    .apply = apply,
    .subtract = subtract,
    .footprint = footprint,
};
