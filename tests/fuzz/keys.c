/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a user's terminal sends, cut anywhere: each byte belongs to one token, in order; and a
   client takes all of it. */

#include "fuzz.h"

#include "session/client.h"
#include "terminal/tokens.h"

/* The token's bytes that were not given out before are the next ones of the input. */
static void take(const struct token *t, const uint8_t **at)
{
    assert_true(t->passed <= t->len);
    if (t->len > t->passed)
        assert_memory_equal(t->bytes + t->passed, *at, t->len - t->passed);
    *at += t->len - t->passed;
}

static void cut_into_tokens(const uint8_t *data, size_t size)
{
    struct reader in = {.at = data, .left = size};
    struct tokens tokens = {0};
    struct token t;
    uint8_t how = fuzz_byte(&in);
    struct token_modes modes = {.pastes = how & 1, .mouse = how & 2, .mouse_utf8 = how & 4};
    struct rng rng = {.state = how};
    const uint8_t *at = in.at;

    while (in.left > 0) {
        size_t len = 1 + rng_below(&rng, in.left < 16 ? in.left : 16);
        struct reader piece = {.at = in.at, .left = len};
        in.at += len;
        in.left -= len;
        while (tokens_next(&tokens, &modes, &piece, &t))
            take(&t, &at);
        if (rng_below(&rng, 4) == 0) {
            while (tokens_release(&tokens, &modes, &t))
                take(&t, &at);
        }
    }
    while (tokens_release(&tokens, &modes, &t))
        take(&t, &at);
    assert_ptr_equal(at, data + size);
}

static void type_into_client(const uint8_t *data, size_t size)
{
    struct client_config config = {.rows = 24,
                                   .cols = 80,
                                   .caps = caps_extended,
                                   .probe = PROBE_ALL,
                                   .random = fuzz_random,
                                   .title_prefix = ""};
    struct reader in = {.at = data, .left = size};
    struct buf out = {0};
    msec_t now = 100000;

    memcpy(config.key, fuzz_key, sizeof fuzz_key);
    config.escape_key = fuzz_byte(&in) % 128;
    config.predict_mode = (enum predict_mode)(fuzz_byte(&in) & 3);
    struct client *client = client_new(&config, now);
    client_ask_terminal(client, now, &out);
    while (in.left > 0 && client_state(client) == CLIENT_RUNNING) {
        uint8_t head = fuzz_byte(&in);
        size_t len = in.left < 1u + head % 32u ? in.left : 1u + head % 32u;
        client_keys(client, now, in.at, len);
        in.at += len;
        in.left -= len;
        now += head >> 5;
        buf_clear(&out);
        client_tick(client, now);
        client_draw(client, now, &out);
        while (client_pull_datagram(client, &out))
            ;
    }
    client_free(client);
    buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 0)
        cut_into_tokens(data, size);
    type_into_client(data, size);
    return 0;
}
