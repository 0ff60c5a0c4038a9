/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pair.h"

#include <stdlib.h>

#include "textlog.h"
#include "util/xalloc.h"

/* So often may a pump turn without the clock going on before we call it a busy wait. */
#define ROUNDS_PER_MOMENT_MAX 200

const uint8_t pair_key[KEY_BYTES] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

static void seeded_random(void *context, uint8_t *out, size_t len)
{
    rng_fill(context, out, len);
}

static struct transport *new_transport(struct pair *p, enum side side)
{
    struct transport_config config = {
        .sending = side == CLIENT ? SEAL_TO_SERVER : SEAL_TO_CLIENT,
        .local_ops = &textlog_ops,
        .remote_ops = &textlog_ops,
        .local_initial = textlog_new(),
        .remote_initial = textlog_new(),
        .collect_ms = side == CLIENT ? 1 : 8,
        .random = seeded_random,
        .random_context = &p->side[side].rng,
    };
    memcpy(config.key, pair_key, KEY_BYTES);
    struct transport *t = transport_new(&config, p->now);
    transport_set_payload_max(t, p->payload_max);
    return t;
}

void pair_init(struct pair *p, uint64_t seed, const struct link_profile *profile)
{
    *p = (struct pair){.seed = seed, .profile_name = profile->name};
    p->now = 1000000 + seed % 65536; /* so that the timestamps wrap somewhere */
    p->payload_max = TRANSPORT_PAYLOAD_IPV4;
    p->link = link_new(seed, profile);
    for (int side = 0; side < 2; side++) {
        struct endpoint *e = &p->side[side];
        e->rng.state = seed * 2 + (uint64_t)side;
        e->transport = new_transport(p, side);
        e->tap = wiretap_new(pair_key, side == CLIENT ? SEAL_TO_SERVER : SEAL_TO_CLIENT);
        e->last_sent = e->last_content_sent = e->reply_time = MSEC_NEVER;
    }
}

void pair_release(struct pair *p)
{
    link_free(p->link);
    for (int side = 0; side < 2; side++) {
        transport_free(p->side[side].transport);
        wiretap_free(p->side[side].tap);
        free(p->side[side].ends);
    }
}

static void check(const struct pair *p, bool ok, const char *complaint)
{
    if (!ok)
        fail_msg("seed %llu, profile %s: %s", (unsigned long long)p->seed, p->profile_name,
                 complaint);
}

static uint8_t letter_at(const struct pair *p, enum side side, uint64_t position)
{
    if (p->dense)
        return (uint8_t)rng_next(&(struct rng){position * 2 + (uint64_t)side});
    return (uint8_t)((position * 7 + (position >> 8) + (uint64_t)side * 3) & 0xFF);
}

/* --- what is sent --- */

static const struct numbered_end *find_end(const struct endpoint *e, uint64_t num)
{
    for (size_t i = e->ends_count; i-- > 0;)
        if (e->ends[i].num == num)
            return &e->ends[i];
    return NULL;
}

static void check_content(struct pair *p, struct endpoint *e, const struct instruction *in)
{
    const struct numbered_end *base = find_end(e, in->old_num);
    check(p, base || in->old_num == 0, "a base that was never sent");
    uint64_t base_end = base ? base->end : 0, end = base_end;
    if (in->diff.len > 0) {
        check(p, textlog_diff_base(&in->diff) == base_end, "a diff that does not fit its base");
        end = textlog_diff_end(&in->diff);
        e->contents++;
        e->last_content_sent = p->now;
    }
    e->instructions++;
    e->last_sent = p->now;
    const struct numbered_end *known = find_end(e, in->new_num);
    if (known) {
        check(p, known->end == end, "one number, two contents");
        return;
    }
    if (e->ends_count == e->ends_cap) {
        e->ends_cap = e->ends_cap ? e->ends_cap * 2 : 64;
        e->ends = xreallocarray(e->ends, e->ends_cap, sizeof *e->ends);
    }
    e->ends[e->ends_count++] = (struct numbered_end){in->new_num, end};
}

static void pull(struct pair *p, enum side side)
{
    struct endpoint *e = &p->side[side];
    struct buf datagram = {0};
    while (transport_pull_within(e->transport, e->room ? e->room : SIZE_MAX, &datagram)) {
        const struct instruction *whole;
        const char *complaint =
            wiretap_check(e->tap, datagram.data, datagram.len, p->payload_max, &whole);
        check(p, complaint == NULL, complaint);
        if (whole)
            check_content(p, e, whole);
        bool refused = e->refused_bytes && datagram.len > e->refused_bytes;
        if (refused)
            transport_refused(e->transport);
        if (refused || (e->only_probes && !transport_pulled_probe(e->transport)))
            continue;
        link_send(p->link, p->now, side == CLIENT ? LINK_TO_SERVER : LINK_TO_CLIENT, datagram.data,
                  datagram.len);
    }
    buf_release(&datagram);
}

static void tick(struct pair *p, enum side side)
{
    transport_tick(p->side[side].transport, p->now);
    pull(p, side);
}

void pair_type(struct pair *p, enum side side, size_t len)
{
    struct textlog *log = transport_local(p->side[side].transport);
    for (size_t i = 0; i < len; i++) {
        uint8_t byte = letter_at(p, side, textlog_end(log));
        textlog_append(log, &byte, 1);
    }
    tick(p, side);
}

/* --- what arrives --- */

static void check_remote(struct pair *p, enum side side)
{
    struct endpoint *e = &p->side[side];
    const struct textlog *log = transport_remote(e->transport);
    uint64_t end = textlog_end(log);
    check(p, end >= e->remote_end, "what has arrived is taken back");
    check(p, e->remote_end >= log->start, "subtracted before it was seen");
    for (uint64_t at = e->remote_end; at < end; at++)
        check(p, log->bytes.data[at - log->start] == letter_at(p, 1 - side, at), "a wrong byte");
    e->remote_end = end;
}

static void deliver(struct pair *p)
{
    struct buf datagram = {0};
    enum link_direction direction;
    while (link_deliver(p->link, p->now, &direction, &datagram)) {
        enum side side = direction == LINK_TO_SERVER ? SERVER : CLIENT;
        struct endpoint *e = &p->side[side];
        struct transport_event event;
        (void)transport_recv(e->transport, p->now, datagram.data, datagram.len, p->congested,
                             &event);
        if (event.newest)
            transport_set_attached(e->transport, true);
        if (event.acked)
            e->reply_time = p->now;
        check_remote(p, side);
        tick(p, side);
    }
    buf_release(&datagram);
}

static msec_t next_event(struct pair *p)
{
    msec_t next = link_deadline(p->link);
    for (int side = 0; side < 2; side++)
        next = msec_min(next, transport_deadline(p->side[side].transport, p->now));
    return next;
}

static void turn(struct pair *p)
{
    p->rounds++;
    deliver(p);
    for (int side = 0; side < 2; side++)
        tick(p, side);
}

/* One turn at the next event, but not after `until`. False when the clock has come there. */
static bool step(struct pair *p, msec_t until, unsigned *at_once)
{
    msec_t next = next_event(p);
    if (next > until) {
        p->now = until;
        return false;
    }
    *at_once = next > p->now ? 0 : *at_once + 1;
    check(p, *at_once < ROUNDS_PER_MOMENT_MAX, "a busy wait");
    p->now = msec_max(p->now, next);
    turn(p);
    return true;
}

void pair_run(struct pair *p, msec_t until)
{
    unsigned at_once = 0;
    while (step(p, until, &at_once))
        continue;
}

void pair_run_for(struct pair *p, msec_t span)
{
    pair_run(p, p->now + span);
}

bool pair_has_all(const struct pair *p, enum side side)
{
    return p->side[side].remote_end == textlog_end(transport_local(p->side[1 - side].transport));
}

static bool at_rest(const struct pair *p)
{
    return pair_has_all(p, CLIENT) && pair_has_all(p, SERVER);
}

msec_t pair_converge(struct pair *p, msec_t limit)
{
    msec_t start = p->now;
    unsigned at_once = 0;
    while (!at_rest(p))
        if (!step(p, start + limit, &at_once))
            return MSEC_NEVER;
    return p->now - start;
}

bool side_over(const struct pair *p, enum side side)
{
    enum transport_phase phase = transport_phase(p->side[side].transport);
    return phase != TRANSPORT_RUNNING && phase != TRANSPORT_CLOSING;
}

bool pair_end(struct pair *p, msec_t limit)
{
    msec_t until = p->now + limit;
    unsigned at_once = 0;
    while (!side_over(p, CLIENT) || !side_over(p, SERVER))
        if (!step(p, until, &at_once))
            return false;
    return true;
}
