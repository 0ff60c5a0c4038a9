/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recording.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "util/xalloc.h"

#define PIECE_BYTES_MAX 1000000

void recording_add(struct recording *r, uint64_t ms, const uint8_t *bytes, size_t len)
{
    r->piece = xreallocarray(r->piece, r->pieces + 1, sizeof *r->piece);
    r->piece[r->pieces++] = (struct recording_piece){.ms = ms, .at = r->bytes.len, .len = len};
    buf_append(&r->bytes, bytes, len);
}

void recording_release(struct recording *r)
{
    buf_release(&r->bytes);
    free(r->piece);
    *r = (struct recording){0};
}

static bool read_piece(struct recording *r, gzFile in)
{
    char line[64];
    uint64_t ms;
    size_t len;
    bool read = false;

    if (!gzgets(in, line, sizeof line))
        return false;
    if (sscanf(line, "%" SCNu64 " %zu", &ms, &len) != 2 || len > PIECE_BYTES_MAX)
        return false;
    uint8_t *bytes = xcalloc(len + 1, 1);
    if (gzfread(bytes, 1, len, in) == len) {
        recording_add(r, ms, bytes, len);
        read = true;
    }
    free(bytes);
    return read;
}

bool recording_read(struct recording *r, const char *file)
{
    gzFile in = gzopen(file, "rb");
    char line[64];
    bool read;

    *r = (struct recording){0};
    if (!in)
        return false;
    read =
        gzgets(in, line, sizeof line) && sscanf(line, "recording %zu %zu", &r->rows, &r->cols) == 2;
    while (read && read_piece(r, in))
        ;
    read = read && gzeof(in) && r->pieces > 0;
    gzclose(in);
    return read;
}

bool recording_write(const struct recording *r, const char *file)
{
    gzFile out = gzopen(file, "wb9");

    if (!out)
        return false;
    gzprintf(out, "recording %zu %zu\n", r->rows, r->cols);
    for (size_t i = 0; i < r->pieces; i++) {
        const struct recording_piece *p = &r->piece[i];
        gzprintf(out, "%" PRIu64 " %zu\n", p->ms, p->len);
        gzwrite(out, r->bytes.data + p->at, (unsigned)p->len);
    }
    return gzclose(out) == Z_OK;
}
