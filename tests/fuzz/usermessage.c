/* SPDX-License-Identifier: GPL-3.0-or-later */

/* S16, S19: what a client may say that its user did. A log that has taken it tells the same to the
   next one. */

#include "fuzz.h"

#include "statesync/userstream.h"
#include "terminal/screen.h"

/* What a log says, written down. */
static void put(struct buf *out, char kind, const void *bytes, size_t len)
{
    buf_append_byte(out, (uint8_t)kind);
    buf_append_be64(out, len);
    buf_append(out, bytes, len);
}

static void take_keys(void *out, const uint8_t *keys, size_t len)
{
    buf_append(out, keys, len); /* in how many pieces they come means nothing */
}

static void take_size(void *out, size_t rows, size_t cols)
{
    assert_true(screen_size_valid((int64_t)rows, (int64_t)cols));
    put(out, 's', &(uint64_t){(uint64_t)rows << 32 | cols}, sizeof(uint64_t));
}

static void take_profile(void *out, const uint8_t *profile, size_t len)
{
    put(out, 'p', profile, len);
}

static void take_request(void *out, const uint8_t *request, size_t len)
{
    put(out, 'r', request, len);
}

static const struct userstream_visitor visitor = {take_keys, take_size, take_profile, take_request};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader in = {.at = data, .left = size};
    struct userstream *log = userstream_new(), *copy = userstream_new();
    struct userstream *start = userstream_ops.clone(log);
    struct buf diff = {0}, said = {0}, repeated = {0};

    while (in.left > 0) {
        struct reader piece = fuzz_piece(&in);
        struct userstream *next = userstream_ops.clone(log);
        if (userstream_ops.apply(next, piece.at, piece.left) == 0) {
            userstream_ops.free(log);
            log = next;
        } else {
            userstream_ops.free(next);
        }
    }
    userstream_walk(log, 0, &visitor, &said);
    userstream_ops.diff(start, log, &diff);
    assert_int_equal(userstream_ops.apply(copy, diff.data, diff.len), 0);
    userstream_walk(copy, 0, &visitor, &repeated);
    check_bytes(repeated.data, repeated.len, said.data, said.len);
    userstream_ops.free(start);
    userstream_ops.free(log);
    userstream_ops.free(copy);
    buf_release(&diff);
    buf_release(&said);
    buf_release(&repeated);
    return 0;
}
