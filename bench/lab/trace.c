/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace.h"

#include <err.h>
#include <stdlib.h>

#include "util/xalloc.h"

struct reference_header {
    uint32_t rows, cols;
};

struct shot_header {
    uint32_t cursor_row, cursor_col;
};

static FILE *open_file(const char *path, const char *mode)
{
    FILE *file = fopen(path, mode);

    if (!file)
        err(EXIT_FAILURE, "%s", path);
    return file;
}

static void put(FILE *file, const void *bytes, size_t len)
{
    if (len && fwrite(bytes, 1, len, file) != len)
        err(EXIT_FAILURE, "writing a recording");
}

static bool get(FILE *file, void *bytes, size_t len)
{
    return len == 0 || fread(bytes, 1, len, file) == len;
}

FILE *reference_create(const char *path, size_t rows, size_t cols)
{
    struct reference_header header = {(uint32_t)rows, (uint32_t)cols};
    FILE *file = open_file(path, "wb");

    put(file, &header, sizeof header);
    return file;
}

void reference_add(FILE *file, const struct shot *s)
{
    struct shot_header header = {(uint32_t)s->cursor_row, (uint32_t)s->cursor_col};

    put(file, &header, sizeof header);
    put(file, s->cell, s->rows * s->cols * sizeof *s->cell);
}

static bool read_shot(FILE *file, struct shot *s)
{
    struct shot_header header;

    if (!get(file, &header, sizeof header) ||
        !get(file, s->cell, s->rows * s->cols * sizeof *s->cell))
        return false;
    s->cursor_row = header.cursor_row;
    s->cursor_col = header.cursor_col;
    return true;
}

void reference_read(const char *path, struct reference *r)
{
    struct reference_header header;
    FILE *file = open_file(path, "rb");
    size_t count = 0;

    if (!get(file, &header, sizeof header) || header.rows > 1000 || header.cols > 1000)
        errx(EXIT_FAILURE, "%s is no reference", path);
    *r = (struct reference){.rows = header.rows, .cols = header.cols};
    for (;;) {
        r->shots = xreallocarray(r->shots, count + 1, sizeof *r->shots);
        shot_init(&r->shots[count], r->rows, r->cols);
        if (!read_shot(file, &r->shots[count]))
            break;
        count++;
    }
    shot_release(&r->shots[count]);
    fclose(file);
    if (count == 0)
        errx(EXIT_FAILURE, "%s is empty", path);
    r->count = count - 1;
}

void reference_release(struct reference *r)
{
    for (size_t i = 0; i <= r->count; i++)
        shot_release(&r->shots[i]);
    free(r->shots);
    *r = (struct reference){0};
}

FILE *trace_create(const char *path)
{
    return open_file(path, "wb");
}

void trace_add(FILE *file, enum trace_kind kind, uint64_t at_us, const void *bytes, size_t len)
{
    struct event event = {.kind = (uint8_t)kind, .len = (uint32_t)len, .at_us = at_us};

    put(file, &event, sizeof event);
    put(file, bytes, len);
}

FILE *trace_open(const char *path)
{
    return open_file(path, "rb");
}

bool trace_next(FILE *file, struct event *event, struct buf *bytes)
{
    buf_clear(bytes);
    if (!get(file, event, sizeof *event))
        return false;
    buf_reserve(bytes, event->len);
    if (!get(file, bytes->data, event->len))
        return false;
    bytes->len = event->len;
    return true;
}
