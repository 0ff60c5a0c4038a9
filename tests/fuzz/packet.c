/* SPDX-License-Identifier: GPL-3.0-or-later */

/* S16, S17: what a peer that has the key may send, at either end, behind the cryptography: anything
   at all, or instructions in good order with numbers and contents at will. */

#include "fuzz.h"

#include "session/client.h"
#include "session/server.h"
#include "terminal/caps.h"
#include "wire/deflate.h"
#include "wire/fragment.h"
#include "wire/instruction.h"
#include "wire/packet.h"

struct world {
    struct server *server; /* one of the two is there */
    struct client *client;
    struct deflate *deflate;
    uint64_t sequence, fragment;
    msec_t now;
    struct buf out;
};

static struct transport *transport(const struct world *w)
{
    return w->server ? server_transport(w->server) : client_transport(w->client);
}

static void input(struct world *w, const struct buf *plain)
{
    struct transport_event event;
    int result = transport_input(transport(w), w->now, w->sequence++, plain->data, plain->len,
                                 false, &event);

    assert_in_range(-result, 0, -ERR_EXHAUSTED);
}

static void send_fragment(struct world *w, struct reader contents, uint16_t index, bool final)
{
    struct fragment f = {.id = w->fragment, .index = index, .final = final};
    struct buf fragment = {0}, plain = {0};

    f.contents = contents.at;
    f.contents_len = contents.left;
    fragment_encode(&f, &fragment);
    packet_encode(&(struct packet){.timestamp = packet_timestamp(w->now),
                                   .timestamp_reply = PACKET_NO_TIMESTAMP,
                                   .payload = fragment.data,
                                   .payload_len = fragment.len},
                  &plain);
    input(w, &plain);
    buf_release(&fragment);
    buf_release(&plain);
}

static void send_stream(struct world *w, const struct buf *bytes)
{
    struct buf stream = {0};

    if (deflate_compress(w->deflate, bytes->data, bytes->len, &stream) == 0) {
        w->fragment++;
        send_fragment(w, (struct reader){stream.data, stream.len}, 0, true);
    }
    buf_release(&stream);
}

/* Small numbers mostly, and the ends of the range. */
static uint64_t state_number(struct reader *in)
{
    uint8_t n = fuzz_byte(in);

    return n >= 0xF0 ? UINT64_MAX - (0xFFu - n) : n;
}

static void send_instruction(struct world *w, struct reader *in)
{
    struct instruction i = {0};
    struct buf bytes = {0};

    i.old_num = state_number(in);
    i.new_num = state_number(in);
    i.ack_num = state_number(in);
    i.throwaway_num = state_number(in);
    struct reader diff = fuzz_piece(in);
    buf_append(&i.diff, diff.at, diff.left);
    instruction_encode(&i, &bytes);
    send_stream(w, &bytes);
    instruction_release(&i);
    buf_release(&bytes);
}

static void act(struct world *w, struct reader *in)
{
    uint8_t kind = fuzz_byte(in);
    struct buf bytes = {0};
    struct reader piece;

    w->now += kind >> 3;
    switch (kind & 7) {
    case 0:
        piece = fuzz_piece(in);
        buf_append(&bytes, piece.at, piece.left);
        input(w, &bytes);
        break;
    case 1:
        w->fragment += fuzz_byte(in);
        send_fragment(w, fuzz_piece(in), (uint16_t)fuzz_byte(in), kind & 8);
        break;
    case 2:
        piece = fuzz_piece(in);
        buf_append(&bytes, piece.at, piece.left);
        send_stream(w, &bytes);
        break;
    case 3:
        w->sequence += (uint64_t)fuzz_byte(in) << (fuzz_byte(in) % 56);
        break;
    case 4:
        w->now += fuzz_number(in);
        break;
    default:
        send_instruction(w, in);
    }
    buf_release(&bytes);
}

static void live(struct world *w)
{
    if (w->server) {
        size_t rows, cols;
        const uint8_t *typed;
        size_t len = server_pty_input(w->server, &typed);
        server_tick(w->server, w->now);
        if (len > 0)
            server_pty_written(w->server, w->now, len);
        while (server_pull_winsize(w->server, &rows, &cols))
            assert_true(screen_size_valid((int64_t)rows, (int64_t)cols));
        while (server_pull_datagram(w->server, &w->out))
            assert_in_range(w->out.len, 1, PACKET_DATAGRAM_MAX);
    } else {
        buf_clear(&w->out);
        client_tick(w->client, w->now);
        client_draw(w->client, w->now, &w->out);
        while (client_pull_datagram(w->client, &w->out))
            assert_in_range(w->out.len, 1, PACKET_DATAGRAM_MAX);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader in = {.at = data, .left = size};
    struct world w = {.now = 100000, .deflate = deflate_new()};

    if (fuzz_byte(&in) & 1) {
        struct server_config config = {.rows = 24, .cols = 80, .random = fuzz_random};
        memcpy(config.key, fuzz_key, sizeof fuzz_key);
        w.server = server_new(&config, w.now);
    } else {
        struct client_config config = {.rows = 24,
                                       .cols = 80,
                                       .caps = caps_extended,
                                       .random = fuzz_random,
                                       .title_prefix = ""};
        memcpy(config.key, fuzz_key, sizeof fuzz_key);
        w.client = client_new(&config, w.now);
    }
    transport_set_network(transport(&w), false);
    transport_set_reports(transport(&w), true);
    transport_set_probes(transport(&w), true);
    while (in.left > 0) {
        act(&w, &in);
        live(&w);
    }
    server_free(w.server);
    client_free(w.client);
    deflate_free(w.deflate);
    buf_release(&w.out);
    return 0;
}
