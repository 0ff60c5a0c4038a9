/* SPDX-License-Identifier: GPL-3.0-or-later */

/* S11, S17, R45: two transports on a network that does what it likes with their datagrams. Nothing
   that was not said ever arrives, and when the network heals, all that was said does. */

#include "fuzz.h"

#include <stdlib.h>

#include "../lib/textlog.h"
#include "transport/transport.h"

#define UNDER_WAY_MAX 64
#define HEAL_MS       120000 /* far beyond every back-off */

struct datagram {
    int to;
    struct buf bytes;
};

struct world {
    struct transport *side[2];
    struct datagram under_way[UNDER_WAY_MAX];
    size_t count;
    uint64_t typed[2];
    msec_t now;
};

/* Byte number n of a log follows from n. */
static uint8_t byte_at(uint64_t n)
{
    return (uint8_t)(n * 151 + (n >> 8));
}

static void check_heard(const struct world *w, int side)
{
    const struct textlog *log = transport_remote(w->side[side]);

    assert_true(textlog_end(log) <= w->typed[1 - side]);
    for (size_t i = 0; i < log->bytes.len; i++)
        assert_int_equal(log->bytes.data[i], byte_at(log->start + i));
}

static void drop(struct world *w, size_t index)
{
    buf_release(&w->under_way[index].bytes);
    w->under_way[index] = w->under_way[--w->count];
}

static void pump(struct world *w)
{
    struct buf out = {0};

    for (int side = 0; side < 2; side++) {
        transport_tick(w->side[side], w->now);
        while (transport_pull(w->side[side], &out)) {
            if (w->count == UNDER_WAY_MAX)
                drop(w, 0);
            w->under_way[w->count++] = (struct datagram){.to = 1 - side, .bytes = out};
            out = (struct buf){0};
        }
    }
    buf_release(&out);
}

static void deliver(struct world *w, size_t index, bool keep, bool congested)
{
    struct datagram *d = &w->under_way[index];
    struct transport_event event;
    int side = d->to;

    (void)!transport_recv(w->side[side], w->now, d->bytes.data, d->bytes.len, congested, &event);
    if (event.new_state && side == 1)
        transport_set_attached(w->side[1], true);
    check_heard(w, side);
    if (!keep)
        drop(w, index);
}

static void type(struct world *w, int side, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        uint8_t byte = byte_at(w->typed[side]++);
        textlog_append(transport_local(w->side[side]), &byte, 1);
    }
    transport_touched(w->side[side], w->now);
}

static void act(struct world *w, struct reader *in)
{
    uint8_t what = fuzz_byte(in), number = fuzz_byte(in);
    size_t index = w->count ? number % w->count : 0;

    switch (what & 7) {
    case 0:
        type(w, what >> 7, number);
        break;
    case 1:
        if (w->count)
            drop(w, index);
        break;
    case 2:
    case 3:
        w->now += (msec_t)number << (what >> 4);
        break;
    case 4:
        if (w->count && w->under_way[index].bytes.len > 0)
            w->under_way[index].bytes.data[(what >> 3) % w->under_way[index].bytes.len] ^= 1;
        break;
    default:
        if (w->count)
            deliver(w, index, what & 0x40, what & 0x20);
        break;
    }
    pump(w);
}

static bool all_arrived(const struct world *w)
{
    return textlog_end(transport_remote(w->side[0])) == w->typed[1] &&
           textlog_end(transport_remote(w->side[1])) == w->typed[0];
}

static void heal(struct world *w)
{
    msec_t end = w->now + HEAL_MS;

    while (!all_arrived(w)) {
        msec_t next = msec_min(transport_deadline(w->side[0], w->now),
                               transport_deadline(w->side[1], w->now));
        pump(w);
        if (w->count > 0) {
            deliver(w, 0, false, false);
            w->now++;
            continue;
        }
        assert_true(w->now < end);
        w->now = next == MSEC_NEVER ? end : next > w->now ? next : w->now + 1;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader in = {.at = data, .left = size};
    struct world w = {.now = 100000};

    for (int side = 0; side < 2; side++) {
        struct transport_config config = {
            .sending = side == 0 ? SEAL_TO_SERVER : SEAL_TO_CLIENT,
            .local_ops = &textlog_ops,
            .remote_ops = &textlog_ops,
            .local_initial = textlog_new(),
            .remote_initial = textlog_new(),
            .random = fuzz_random,
        };
        memcpy(config.key, fuzz_key, sizeof fuzz_key);
        w.side[side] = transport_new(&config, w.now);
        transport_set_network(w.side[side], false);
        transport_set_reports(w.side[side], true);
        transport_set_probes(w.side[side], true);
    }
    type(&w, 0, 1); /* without a client the server knows nobody to send to */
    pump(&w);
    for (size_t i = 0; i < 400 && in.left > 0; i++)
        act(&w, &in);
    heal(&w);
    while (w.count > 0)
        drop(&w, 0);
    transport_free(w.side[0]);
    transport_free(w.side[1]);
    return 0;
}
