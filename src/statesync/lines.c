/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "statesync/lines.h"

#include <string.h>

#include "terminal/display.h"
#include "terminal/history.h"
#include "wire/lines.pb-c.h"
#include "wire/pballoc.h"
#include "util/smaller.h"

#define REQUEST_MEMORY_MAX 4096

/* --- requests --- */

void lines_request_encode(const struct lines_request *r, struct buf *out)
{
    Wire__LinesRequest pb = WIRE__LINES_REQUEST__INIT;

    pb.has_number = pb.has_first = pb.has_count = true;
    pb.number = r->number;
    pb.first = r->first;
    pb.count = r->count;
    buf_reserve(out, wire__lines_request__get_packed_size(&pb));
    out->len += wire__lines_request__pack(&pb, out->data + out->len);
}

int lines_request_decode(const uint8_t *bytes, size_t len, struct lines_request *r)
{
    struct pballoc memory;
    ProtobufCMessage *message;
    const Wire__LinesRequest *pb;
    int err = 0;

    if (len > LINES_REQUEST_BYTES_MAX)
        return ERR_LIMIT;
    pballoc_init(&memory, REQUEST_MEMORY_MAX);
    message = pballoc_unpack(&memory, &wire__lines_request__descriptor, bytes, len, &err);
    if (!message)
        return err;
    pb = (const Wire__LinesRequest *)message;
    *r = (struct lines_request){pb->number, pb->first, pb->count};
    pballoc_free(&memory, message);
    if (r->count > LINES_COUNT_MAX)
        r->count = LINES_COUNT_MAX;
    return 0;
}

/* --- answers --- */

/* Lines [first, first + count) of a history, cut to a number of columns. */
struct stretch {
    uint64_t first;
    size_t count, cols;
};

static struct stretch stretch_for(const struct lines_request *r, const struct history *h)
{
    uint64_t oldest = history_oldest(h), next = history_next(h), first = r->first;
    uint64_t count = smaller(r->count, LINES_COUNT_MAX);
    struct stretch s = {.cols = 1};

    if (first >= next) /* the newest */
        first = next > count ? next - count : 0;
    first = first > oldest ? first : oldest;
    count = count < next - first ? count : next - first;
    s.first = first;
    s.count = (size_t)count;
    for (uint64_t n = first; n < first + count; n++)
        if (history_used(h, n) > s.cols)
            s.cols = history_used(h, n);
    while (s.count > 1 && s.count * s.cols > SCREEN_CELLS_MAX)
        s.count /= 2;
    return s;
}

/* Puts a line into a row, which is as wide as the longest, or narrower. */
static void fill_row(struct screen *s, size_t row, const struct history *h, uint64_t number)
{
    struct cell cells[SCREEN_SIDE_MAX];
    size_t used = smaller(history_used(h, number), s->cols);
    struct row *r;

    if (used == 0)
        return;
    history_read(h, number, cells);
    r = screen_row(s, row);
    memcpy(r->cell, cells, used * sizeof *r->cell);
    r->used = (uint16_t)used;
    if (r->cell[used - 1].glyph & CELL_WIDE)
        screen_erase(s, row, used - 1, used, pool_style(s->pool, r->cell[used - 1].style));
}

static void put_text(const struct stretch *stretch, const struct emulator *e,
                     const struct caps *caps, struct buf *out)
{
    const struct history *h = emulator_history(e);
    struct screen lines;

    screen_init(&lines, emulator_screen(e)->pool, stretch->count, stretch->cols);
    for (size_t row = 0; row < stretch->count; row++)
        fill_row(&lines, row, h, stretch->first + row);
    buf_clear(out);
    display_diff(caps, NULL, &lines, out);
    screen_release(&lines);
}

static void note_wrapped(const struct stretch *stretch, const struct history *h,
                         uint8_t bits[LINES_COUNT_MAX / 8])
{
    for (size_t i = 0; i < stretch->count; i++)
        if (history_wrapped(h, stretch->first + i))
            bits[i / 8] |= (uint8_t)(1u << i % 8);
}

void lines_encode(const struct lines_request *r, struct emulator *e, const struct caps *caps,
                  struct buf *out)
{
    const struct history *h = emulator_history(e);
    struct stretch stretch = stretch_for(r, h);
    Wire__Lines pb = WIRE__LINES__INIT;
    uint8_t wrapped[LINES_COUNT_MAX / 8] = {0};
    struct buf text = {0};

    if (stretch.count > 0)
        put_text(&stretch, e, caps, &text);
    while (text.len > LINES_ANSWER_BYTES) {
        if (stretch.count > 1)
            stretch.count /= 2;
        else
            stretch.cols /= 2;
        put_text(&stretch, e, caps, &text);
    }
    note_wrapped(&stretch, h, wrapped);
    pb.has_request = pb.has_first = pb.has_rows = pb.has_cols = true;
    pb.request = r->number;
    pb.first = stretch.first;
    pb.rows = (uint32_t)stretch.count;
    pb.cols = (uint32_t)stretch.cols;
    pb.has_text = pb.has_wrapped = true;
    pb.text = (ProtobufCBinaryData){text.len, text.data};
    pb.wrapped = (ProtobufCBinaryData){(stretch.count + 7) / 8, wrapped};
    buf_reserve(out, wire__lines__get_packed_size(&pb));
    out->len += wire__lines__pack(&pb, out->data + out->len);
    buf_release(&text);
}

/* --- and back --- */

static struct row *trimmed(const struct row *source, bool wrapped)
{
    size_t cols = source->used > 0 ? source->used : 1;
    struct row *r = row_new(source->pool, cols);

    memcpy(r->cell, source->cell, cols * sizeof *r->cell);
    r->used = source->used;
    r->wrapped = wrapped;
    return r;
}

static bool is_sound(const Wire__Lines *pb)
{
    if (pb->rows > LINES_COUNT_MAX || pb->first > UINT64_MAX - pb->rows)
        return false;
    return pb->rows == 0 || screen_size_valid(pb->rows, pb->cols);
}

static void read_rows(const Wire__Lines *pb, struct pool *pool, struct lines *out)
{
    struct emulator *e = emulator_new_in(pool, EMULATOR_MIRROR, pb->rows, pb->cols);

    emulator_write(e, pb->text.data, pb->text.len, NULL);
    for (size_t i = 0; i < pb->rows; i++) {
        bool wrapped = i / 8 < pb->wrapped.len && pb->wrapped.data[i / 8] >> i % 8 & 1;
        out->row[i] = trimmed(emulator_screen(e)->row[i], wrapped);
    }
    emulator_free(e);
}

int lines_decode(const uint8_t *bytes, size_t len, struct pool *pool, struct lines *out)
{
    struct pballoc memory;
    ProtobufCMessage *message;
    const Wire__Lines *pb;
    int err = 0;

    if (len > LINES_ANSWER_BYTES_MAX)
        return ERR_LIMIT;
    pballoc_init(&memory, 2 * LINES_ANSWER_BYTES_MAX);
    message = pballoc_unpack(&memory, &wire__lines__descriptor, bytes, len, &err);
    if (!message)
        return err;
    pb = (const Wire__Lines *)message;
    if (is_sound(pb)) {
        *out = (struct lines){.request = pb->request, .first = pb->first, .count = pb->rows};
        if (pb->rows > 0)
            read_rows(pb, pool, out);
    } else {
        err = ERR_MALFORMED;
    }
    pballoc_free(&memory, message);
    return err;
}

void lines_release(struct lines *l)
{
    for (size_t i = 0; i < l->count; i++)
        row_unref(l->row[i]);
    l->count = 0;
}
