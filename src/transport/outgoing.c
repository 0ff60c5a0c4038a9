/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/outgoing.h"

#include <assert.h>

void outgoing_release(struct outgoing *o)
{
    buf_wipe(&o->contents);
    *o = (struct outgoing){0};
}

void outgoing_start(struct outgoing *o, struct buf *contents)
{
    assert(contents->len > 0);
    buf_swap(&o->contents, contents);
    o->cut_bytes = 0;
    o->index = 0;
    o->id++;
    o->pending = true;
}

void outgoing_cancel(struct outgoing *o)
{
    o->pending = false;
}

bool outgoing_next(struct outgoing *o, size_t room, struct fragment *out)
{
    if (!o->pending)
        return false;
    size_t left = o->contents.len - o->cut_bytes;
    size_t piece = left < room ? left : room;
    assert(piece > 0 && o->index <= FRAGMENT_INDEX_MAX);
    *out = (struct fragment){
        .id = o->id,
        .index = o->index++,
        .final = piece == left,
        .contents = o->contents.data + o->cut_bytes,
        .contents_len = piece,
    };
    o->cut_bytes += piece;
    o->pending = !out->final;
    return true;
}
