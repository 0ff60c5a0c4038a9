/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/transport_internal.h"

#include <stdlib.h>

#include "util/xalloc.h"

struct transport *transport_new(const struct transport_config *config, msec_t now)
{
    struct transport *t = xcalloc(1, sizeof *t);
    t->sending = config->sending;
    t->no_repeats = config->no_repeats;
    t->random = config->random;
    t->random_context = config->random_context;
    t->seal = seal_new(config->key, config->sending);
    t->deflate = deflate_new();
    t->reassembly = reassembly_new();
    rtt_init(&t->rtt);
    echo_init(&t->echo);
    passage_init(&t->passage, config->sending == SEAL_TO_SERVER);
    sender_init(&t->sender, config->local_ops, config->local_initial, config->collect_ms, now);
    t->sender.answers = config->sending == SEAL_TO_CLIENT;
    receiver_init(&t->receiver, config->remote_ops, config->remote_initial);
    lastword_init(&t->lastword, &config->last_word);
    pathmtu_begin(&t->pathmtu, TRANSPORT_PAYLOAD_MINIMUM, 0);
    t->attached = config->sending == SEAL_TO_SERVER;
    t->clock = steady_begin(now);
    t->heard = MSEC_NEVER;
    t->sealed = MSEC_NEVER;
    t->give_up_at = MSEC_NEVER;
    return t;
}

void transport_free(struct transport *t)
{
    if (!t)
        return;
    seal_free(t->seal);
    deflate_free(t->deflate);
    reassembly_free(t->reassembly);
    sender_release(&t->sender);
    receiver_release(&t->receiver);
    outgoing_release(&t->outgoing);
    lastword_release(&t->lastword);
    buf_wipe(&t->incoming.diff);
    buf_wipe(&t->leaving.diff);
    instruction_release(&t->incoming);
    instruction_release(&t->leaving);
    instruction_release(&t->probe);
    buf_wipe(&t->plain);
    buf_wipe(&t->joined);
    buf_wipe(&t->message);
    free(t);
}

/* --- objects --- */

void *transport_local(struct transport *t)
{
    return t->sender.live;
}

const void *transport_remote(const struct transport *t)
{
    return receiver_newest(&t->receiver);
}

uint64_t transport_remote_num(const struct transport *t)
{
    return receiver_newest_num(&t->receiver);
}

msec_t transport_remote_time(const struct transport *t)
{
    return steady_for_caller(&t->clock, receiver_newest_time(&t->receiver));
}

uint64_t transport_sent_num(const struct transport *t)
{
    return sender_newest_num(&t->sender);
}

uint64_t transport_acked_num(const struct transport *t)
{
    return sender_acked_num(&t->sender);
}

msec_t transport_acked_time(const struct transport *t)
{
    return steady_for_caller(&t->clock, sender_acked_time(&t->sender));
}

void transport_touched(struct transport *t, msec_t now)
{
    sender_touched(&t->sender, steady_advance(&t->clock, now));
}

void transport_refuse_states(struct transport *t, bool refuse)
{
    receiver_refuse(&t->receiver, refuse);
}

void transport_hold_local(struct transport *t, bool hold)
{
    sender_hold(&t->sender, hold);
}

/* --- the path --- */

void transport_set_reports(struct transport *t, bool on)
{
    t->report.on = on;
    if (!on)
        t->report.known = t->probes = false;
}

void transport_set_probes(struct transport *t, bool on)
{
    t->probes = on && t->report.on;
}

const struct pathreport *transport_peer_report(const struct transport *t)
{
    return t->report.known ? &t->report.theirs : NULL;
}

msec_t transport_heard_time(const struct transport *t)
{
    return steady_for_caller(&t->clock, t->heard);
}

msec_t transport_srtt_ms(const struct transport *t)
{
    return rtt_srtt_ms(&t->rtt);
}

msec_t transport_rto_ms(const struct transport *t)
{
    return rtt_rto_ms(&t->rtt);
}

msec_t transport_frame_interval_ms(const struct transport *t)
{
    return sender_interval_ms(&t->sender, &t->rtt);
}

msec_t transport_waiting_since(const struct transport *t)
{
    return steady_for_caller(&t->clock, sender_waiting_since(&t->sender));
}

void transport_hurry(struct transport *t, msec_t now)
{
    sender_hurry(&t->sender, steady_advance(&t->clock, now));
}

void transport_path_changed(struct transport *t, msec_t now)
{
    steady_advance(&t->clock, now);
    outgoing_cancel(&t->outgoing);
    passage_init(&t->passage, t->passage.refusable);
    pathmtu_begin(&t->pathmtu, t->pathmtu.usual, t->pathmtu.headers);
    rtt_path_changed(&t->rtt);
    report_path_changed(&t->report);
    sender_restart(&t->sender, t->clock.now);
}

/* Beyond any round trip that counts, so that the echo of one kind of timestamp is never taken for
   that of the other. */
#define CHALLENGE_MIN 16384

void transport_challenge(struct transport *t, bool on)
{
    if (on) {
        uint8_t bytes[2];
        t->random(t->random_context, bytes, sizeof bytes);
        t->challenge = (uint16_t)(CHALLENGE_MIN + (bytes[0] << 8 | bytes[1]) % (UINT16_MAX / 2));
    }
    t->challenging = on;
}

const struct transport_stats *transport_get_stats(const struct transport *t)
{
    return &t->stats;
}

struct seal *transport_seal(struct transport *t)
{
    return t->seal;
}

void transport_skip(struct transport *t, uint64_t state_num)
{
    sender_skip(&t->sender, t->clock.now, state_num);
}
