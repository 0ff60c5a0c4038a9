/* SPDX-License-Identifier: GPL-3.0-or-later */

/* S01, S07: datagrams as they come from anybody. What is not sealed with the key has no effect and
   no answer, at either end; a second decoder says what is. */

#include "fuzz.h"

#include "crypto/seal.h"
#include "session/server.h"
#include "transport/transport.h"

static bool is_sealed(const uint8_t *bytes, size_t len)
{
    struct seal *seal = seal_new(fuzz_key, SEAL_TO_CLIENT);
    struct buf plain = {0};
    uint64_t sequence;
    bool sealed = seal_open(seal, bytes, len, &sequence, &plain) == 0;

    buf_release(&plain);
    seal_free(seal);
    return sealed;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader in = {.at = data, .left = size};
    struct server_config config = {.rows = 24, .cols = 80, .random = fuzz_random};
    struct transport_event event;
    struct buf out = {0};
    bool spoken_to = false;

    memcpy(config.key, fuzz_key, sizeof fuzz_key);
    struct server *server = server_new(&config, 1000);
    for (msec_t now = 1000; in.left > 0; now += 10) {
        struct reader piece = fuzz_piece(&in);
        int result = server_datagram(server, now, piece.at, piece.left, false, &event);
        bool sealed = is_sealed(piece.at, piece.left);
        if (!sealed)
            assert_true(result != 0 && !event.newest && !event.new_state && !event.acked);
        spoken_to |= sealed;
        server_tick(server, now);
        while (server_pull_datagram(server, &out))
            assert_true(spoken_to);
    }
    server_free(server);
    buf_release(&out);
    return 0;
}
