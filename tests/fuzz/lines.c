/* SPDX-License-Identifier: GPL-3.0-or-later */

/* S26, S27: what a remote host prints while a session starts. However it is cut into pieces, the
   same is found, and what is found has its form. */

#include "fuzz.h"

#include "launch/connectline.h"
#include "launch/visible.h"

static void check_found(const struct connectline *c)
{
    if (c->status != CONNECT_FOUND)
        return;
    assert_int_equal(strlen(c->key), CONNECT_KEY_CHARS);
    assert_true(c->port > 0);
    for (const char *at = c->address; *at; at++)
        assert_true(*at > ' ' && *at < 0x7F);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct connectline whole, cut;
    struct buf text[2] = {0}, shown = {0};
    struct rng rng = {.state = size};

    memset(&whole, 0, sizeof whole);
    memset(&cut, 0, sizeof cut);
    connectline_feed(&whole, data, size, &text[0]);
    connectline_end(&whole, &text[0]);
    for (size_t at = 0; at < size;) {
        size_t len = 1 + rng_below(&rng, size - at < 8 ? size - at : 8);
        connectline_feed(&cut, data + at, len, &text[1]);
        at += len;
    }
    connectline_end(&cut, &text[1]);
    assert_true(whole.status == cut.status && whole.port == cut.port);
    assert_string_equal(whole.key, cut.key);
    assert_string_equal(whole.address, cut.address);
    check_found(&whole);
    if (whole.status == CONNECT_MORE)
        check_bytes(text[1].data, text[1].len, text[0].data, text[0].len);
    buf_release(&text[0]);
    buf_release(&text[1]);
    buf_release(&shown);
    return 0;
}
