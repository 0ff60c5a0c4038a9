/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/fragment.h"

#define FINAL_BIT 0x8000u

void fragment_encode(const struct fragment *f, struct buf *out)
{
    assert(f->index <= FRAGMENT_INDEX_MAX);
    buf_reserve(out, FRAGMENT_HEADER_BYTES + f->contents_len);
    buf_append_be64(out, f->id);
    buf_append_be16(out, (uint16_t)(f->index | (f->final ? FINAL_BIT : 0)));
    buf_append(out, f->contents, f->contents_len);
}

int fragment_decode(const uint8_t *bytes, size_t len, struct fragment *out)
{
    struct reader r = {bytes, len};
    struct fragment f;
    uint16_t word;
    if (reader_be64(&r, &f.id) || reader_be16(&r, &word))
        return ERR_MALFORMED;
    f.final = word & FINAL_BIT;
    f.index = word & FRAGMENT_INDEX_MAX;
    f.contents = r.at;
    f.contents_len = r.left;
    *out = f;
    return 0;
}
