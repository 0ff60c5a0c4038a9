/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/pathcheck.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "statesync/hostscreen.h"
#include "statesync/userstream.h"
#include "transport/transport.h"
#include "util/wipe.h"
#include "util/xalloc.h"

enum {
    ROWS = 50,
    COLS = 100,
    SCREEN_KEYS = 2400, /* letters of six bits that fill one datagram and a half; all that is typed
                           has to fit a line, 4095 bytes, or the terminal echoes no more */
    ECHO_KEYS = 6,      /* so many of the last are looked for on the screen */
    TRIES = 3,          /* for a size that seems not to get through */
    TRIES_LOSSY = 10,
    HURRY_MS = 500,   /* between greetings, while nobody answers */
    PATIENCE_MS = 200 /* beyond two round trips: servers may be slow to acknowledge */
};

enum stage { STAGE_CONTACT, STAGE_EXCHANGES, STAGE_SIZES, STAGE_SCREEN, STAGE_CLOSING, STAGE_OVER };

struct pathcheck {
    struct transport *transport;
    random_fn *random;
    void *random_context;
    struct pathcheck_result result[PATHCHECK_PATHS_MAX];
    bool is_ipv6[PATHCHECK_PATHS_MAX];
    bool refused[PATHCHECK_PATHS_MAX];
    size_t count, current;
    size_t best; /* the first one that answered, or `count` */

    enum stage stage;
    msec_t stage_start, due;
    struct buf typed;
    bool screen_done;

    /* of a path: */
    uint64_t numbered_before, received_before;
    msec_t rtt_sum_ms;

    /* of an exchange, or of a size: */
    uint64_t awaited; /* newest state when the key was typed: a newer one is waited for */
    msec_t key_time;
    bool looks_for_echo;
    uint64_t repeated_before, round_trips_before;
    msec_t repeat_time;
    size_t packet, passed, lost; /* sizes of IP packets: the one that is tried, and what is known */
    size_t hint;                 /* what a router said; 0 */
    unsigned tries;
    bool too_large;
};

struct pathcheck *pathcheck_new(const struct pathcheck_config *config, msec_t now)
{
    struct pathcheck *c = xcalloc(1, sizeof *c);
    struct transport_config t = {
        .sending = SEAL_TO_SERVER,
        .local_ops = &userstream_ops,
        .remote_ops = &hostscreen_ops,
        .local_initial = userstream_new(),
        .remote_initial = hostscreen_new(EMULATOR_MIRROR, ROWS, COLS),
        .no_repeats = true,
        .random = config->random,
        .random_context = config->random_context,
    };

    assert(config->path_count > 0 && config->path_count <= PATHCHECK_PATHS_MAX);
    memcpy(t.key, config->key, sizeof t.key);
    c->transport = transport_new(&t, now);
    wipe(t.key, sizeof t.key);
    transport_set_payload_max(c->transport, TRANSPORT_PAYLOAD_MINIMUM);
    c->random = config->random;
    c->random_context = config->random_context;
    c->count = c->best = config->path_count;
    memcpy(c->is_ipv6, config->is_ipv6, sizeof c->is_ipv6);
    userstream_put_resize(transport_local(c->transport), ROWS, COLS);
    c->stage_start = now;
    c->due = msec_after(now, HURRY_MS);
    return c;
}

void pathcheck_free(struct pathcheck *c)
{
    if (!c)
        return;
    transport_free(c->transport);
    buf_release(&c->typed);
    free(c);
}

static struct pathcheck_result *result(struct pathcheck *c)
{
    return &c->result[c->current];
}

/* Of IP and UDP. */
static size_t header_bytes(const struct pathcheck *c, size_t path)
{
    return c->is_ipv6[path] ? 48 : 28;
}

static const struct transport_stats *stats(const struct pathcheck *c)
{
    return transport_get_stats(c->transport);
}

/* --- keys --- */

/* Letters of which no six in a row come twice, as good as never. */
static void type(struct pathcheck *c, size_t count)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-";
    struct userstream *u = transport_local(c->transport);
    size_t from = c->typed.len;

    for (size_t i = 0; i < count; i++) {
        uint8_t byte;
        c->random(c->random_context, &byte, 1);
        buf_append_byte(&c->typed, (uint8_t)letters[byte % (sizeof letters - 1)]);
    }
    userstream_put_keys(u, c->typed.data + from, count);
}

/* Types one key, and remembers how things were before. */
static void type_key(struct pathcheck *c, msec_t now)
{
    c->awaited = transport_sent_num(c->transport);
    c->key_time = now;
    c->repeated_before = stats(c)->instructions_repeated;
    c->round_trips_before = stats(c)->round_trips;
    type(c, 1);
}

static bool is_answered(const struct pathcheck *c)
{
    return transport_acked_num(c->transport) > c->awaited;
}

static bool is_all_acked(const struct pathcheck *c)
{
    return transport_acked_num(c->transport) == transport_sent_num(c->transport);
}

/* Whether the last keys that were typed stand on the screen, which programs wrap. */
static bool is_echoed(const struct pathcheck *c)
{
    const struct screen *s = hostscreen_screen(transport_remote(c->transport));
    size_t wanted = c->typed.len < ECHO_KEYS ? c->typed.len : ECHO_KEYS, matched = 0;
    const uint8_t *keys = c->typed.data + c->typed.len - wanted;

    /* cppcheck-suppress knownConditionTrueFalse ; only where nothing was typed */
    for (size_t i = 0; i < s->rows * s->cols && matched < wanted; i++) {
        uint32_t glyph = s->row[i / s->cols]->cell[i % s->cols].glyph;
        if (glyph == keys[matched]) {
            matched++;
        } else if (matched > 0) {
            i -= matched; /* begin again behind where this began */
            matched = 0;
        }
    }
    return matched == wanted;
}

/* --- from stage to stage --- */

static void enter(struct pathcheck *c, msec_t now, enum stage stage)
{
    c->stage = stage;
    c->stage_start = now;
    c->due = MSEC_NEVER;
}

static void close_session(struct pathcheck *c, msec_t now)
{
    enter(c, now, STAGE_CLOSING);
    transport_set_padding(c->transport, 0);
    if (c->best == c->count) {
        c->stage = STAGE_OVER; /* nobody there to tell */
        return;
    }
    c->current = c->best;
    transport_set_payload_max(c->transport, TRANSPORT_PAYLOAD_MINIMUM);
    transport_shutdown(c->transport, now, PATHCHECK_CLOSE_MS);
}

static void end_path(struct pathcheck *c, msec_t now)
{
    struct pathcheck_result *r = result(c);
    uint64_t numbered = stats(c)->datagrams_numbered - c->numbered_before;
    uint64_t received = stats(c)->datagrams_received - c->received_before;

    if (r->answered)
        r->missing = numbered > received ? numbered - received : 0;
    if (r->round_trips)
        r->rtt_mean_ms = (c->rtt_sum_ms + r->round_trips / 2) / r->round_trips;
    if (r->answered)
        r->lost += PATHCHECK_EXCHANGES - r->exchanges;
    transport_set_padding(c->transport, 0);
    transport_set_payload_max(c->transport, TRANSPORT_PAYLOAD_MINIMUM);
    if (c->current + 1 == c->count) {
        close_session(c, now);
        return;
    }
    c->current++;
    c->rtt_sum_ms = 0;
    enter(c, now, STAGE_CONTACT);
    type(c, 1);
    transport_path_changed(c->transport, now);
    c->due = msec_after(now, HURRY_MS);
}

/* --- contact --- */

static msec_t contact_end(const struct pathcheck *c)
{
    return msec_after(c->stage_start,
                      c->refused[c->current] ? PATHCHECK_CONTACT_REFUSED_MS : PATHCHECK_CONTACT_MS);
}

static void contact(struct pathcheck *c, msec_t now)
{
    if (result(c)->answered && is_all_acked(c)) {
        enter(c, now, STAGE_EXCHANGES);
        type_key(c, now);
        c->looks_for_echo = true;
        c->due = msec_after(now, PATHCHECK_EXCHANGE_MS);
    } else if (now >= contact_end(c)) {
        end_path(c, now);
    } else if (now >= c->due) {
        transport_hurry(c->transport, now); /* greets again */
        c->due = msec_after(now, HURRY_MS);
    }
}

/* --- exchanges --- */

static void note_round_trip(struct pathcheck *c)
{
    struct pathcheck_result *r = result(c);
    msec_t rtt = stats(c)->round_trip_ms;

    if (stats(c)->round_trips == c->round_trips_before)
        return;
    c->round_trips_before = stats(c)->round_trips;
    r->rtt_min_ms = r->round_trips ? msec_min(r->rtt_min_ms, rtt) : rtt;
    r->rtt_max_ms = msec_max(r->rtt_max_ms, rtt);
    c->rtt_sum_ms += rtt;
    r->round_trips++;
}

static void note_echo(struct pathcheck *c, msec_t now)
{
    if (!c->looks_for_echo || !is_echoed(c))
        return;
    c->looks_for_echo = false;
    result(c)->echoed = true;
    result(c)->echo_ms = msec_since(now, c->key_time);
}

/* A repetition that is answered sooner than a datagram can travel was not needed: the answer was
   late, and nothing was lost. */
static bool was_lost(const struct pathcheck *c, msec_t now)
{
    const struct pathcheck_result *r = &c->result[c->current];

    if (stats(c)->instructions_repeated == c->repeated_before)
        return false;
    return !r->round_trips || msec_since(now, c->repeat_time) >= r->rtt_min_ms;
}

static void begin_sizes(struct pathcheck *c, msec_t now);

static void exchange(struct pathcheck *c, msec_t now)
{
    struct pathcheck_result *r = result(c);

    note_echo(c, now);
    /* The first key is looked for until it is there: the next one must not come before. */
    if (is_answered(c) && (!c->looks_for_echo || now >= c->due)) {
        c->looks_for_echo = false;
        r->exchanges++;
        r->lost += was_lost(c, now);
        if (r->exchanges == PATHCHECK_EXCHANGES) {
            begin_sizes(c, now);
            return;
        }
        type_key(c, now);
        c->due = msec_after(now, PATHCHECK_EXCHANGE_MS);
    } else if (now >= c->due || msec_since(now, c->stage_start) >= PATHCHECK_EXCHANGES_MS) {
        end_path(c, now);
    }
}

/* --- sizes --- */

static msec_t patience_ms(const struct pathcheck *c)
{
    return 2 * c->result[c->current].rtt_max_ms + PATIENCE_MS;
}

static void try_size(struct pathcheck *c, msec_t now, size_t packet)
{
    c->packet = packet;
    c->tries = 0;
    c->too_large = false;
    transport_set_payload_max(c->transport, packet - header_bytes(c, c->current));
    transport_set_padding(c->transport, packet - header_bytes(c, c->current));
    if (is_answered(c))
        type_key(c, now);
    else
        transport_hurry(c->transport, now); /* the same key, in a smaller datagram */
    c->due = msec_after(now, patience_ms(c));
}

static void begin_sizes(struct pathcheck *c, msec_t now)
{
    enter(c, now, STAGE_SIZES);
    c->passed = c->hint = 0;
    c->lost = PATHCHECK_PACKET_MAX + 1;
    try_size(c, now, PATHCHECK_PACKET_MAX);
}

/* What is worth knowing first is whether the common ones get through. */
static size_t next_size(const struct pathcheck *c)
{
    static const size_t common[] = {1280, PATHCHECK_PACKET_LOWEST};

    if (c->hint > c->passed && c->hint < c->lost)
        return c->hint;
    if (c->hint && c->hint == c->passed)
        return c->lost; /* the router was right: no need to look any closer */
    for (size_t i = 0; i < sizeof common / sizeof *common && c->passed == 0; i++) {
        if (common[i] < c->lost)
            return common[i];
    }
    return c->passed == 0 ? c->lost : c->passed + (c->lost - c->passed) / 2;
}

static void begin_screen(struct pathcheck *c, msec_t now)
{
    size_t payload =
        c->passed > header_bytes(c, c->current) ? c->passed - header_bytes(c, c->current) : 0;
    size_t usual = transport_payload_usual(c->is_ipv6[c->current]);

    result(c)->packet_passed = c->passed;
    result(c)->packet_told = c->hint;
    result(c)->packet_lost = c->lost > PATHCHECK_PACKET_MAX ? 0 : c->lost;
    transport_set_padding(c->transport, 0);
    transport_set_payload_max(c->transport, payload < usual ? payload : usual);
    if (c->screen_done) {
        end_path(c, now);
        return;
    }
    c->screen_done = true;
    enter(c, now, STAGE_SCREEN);
    result(c)->screen_tried = true;
    type(c, SCREEN_KEYS);
    c->due = msec_after(now, PATHCHECK_SCREEN_MS + patience_ms(c));
}

static void size(struct pathcheck *c, msec_t now)
{
    unsigned tries = result(c)->lost ? TRIES_LOSSY : TRIES;

    if (is_answered(c)) {
        c->passed = c->packet;
    } else if (c->too_large || (now >= c->due && ++c->tries >= tries)) {
        c->lost = c->packet;
    } else if (now >= c->due) {
        transport_hurry(c->transport, now); /* again */
        c->due = msec_after(now, patience_ms(c));
        return;
    } else {
        return;
    }
    size_t next = next_size(c);
    if (next == c->passed || next >= c->lost)
        begin_screen(c, now);
    else
        try_size(c, now, next);
}

/* --- a screen --- */

static void screen(struct pathcheck *c, msec_t now)
{
    result(c)->screen_filled = is_echoed(c);
    if (result(c)->screen_filled || now >= c->due)
        end_path(c, now);
}

/* --- what comes in --- */

void pathcheck_datagram(struct pathcheck *c, msec_t now, size_t path, const uint8_t *bytes,
                        size_t len, bool congested)
{
    struct transport_event event;

    assert(path < c->count);
    if (c->stage == STAGE_OVER ||
        transport_recv(c->transport, now, bytes, len, congested, &event) == ERR_AUTH)
        return;
    struct pathcheck_result *r = &c->result[path];
    r->received++;
    if (len + header_bytes(c, path) > r->packet_received)
        r->packet_received = len + header_bytes(c, path);
    if (path != c->current)
        return; /* late, from where we were before */
    if (!r->answered && c->stage == STAGE_CONTACT) {
        r->answered = true;
        r->first_ms = msec_since(now, c->stage_start);
        if (c->best == c->count)
            c->best = path;
        c->numbered_before = stats(c)->datagrams_numbered;
        c->received_before = stats(c)->datagrams_received;
        transport_hurry(c->transport, now);
    }
    if (c->stage == STAGE_EXCHANGES)
        note_round_trip(c);
}

void pathcheck_stop(struct pathcheck *c, msec_t now)
{
    if (c->stage != STAGE_CLOSING && c->stage != STAGE_OVER)
        close_session(c, now);
}

void pathcheck_refused(struct pathcheck *c, size_t path)
{
    c->refused[path] = true;
}

void pathcheck_too_large(struct pathcheck *c, size_t path, size_t packet_max)
{
    if (c->stage != STAGE_SIZES || path != c->current)
        return;
    if (packet_max >= PATHCHECK_PACKET_LOWEST && packet_max < PATHCHECK_PACKET_MAX)
        c->hint = packet_max;
    /* One that says so late speaks of a larger one, which was tried before. */
    c->too_large = packet_max == 0 || packet_max < c->packet;
}

void pathcheck_tick(struct pathcheck *c, msec_t now)
{
    switch (c->stage) {
    case STAGE_CONTACT:
        contact(c, now);
        break;
    case STAGE_EXCHANGES:
        exchange(c, now);
        break;
    case STAGE_SIZES:
        size(c, now);
        break;
    case STAGE_SCREEN:
        screen(c, now);
        break;
    case STAGE_CLOSING:
    case STAGE_OVER:
        break;
    }
    uint64_t repeated = stats(c)->instructions_repeated;
    transport_tick(c->transport, now);
    if (stats(c)->instructions_repeated != repeated)
        c->repeat_time = now;
    enum transport_phase phase = transport_phase(c->transport);
    if (phase != TRANSPORT_RUNNING && phase != TRANSPORT_CLOSING && c->stage != STAGE_OVER)
        c->stage = STAGE_OVER;
}

/* --- what goes out --- */

bool pathcheck_pull(struct pathcheck *c, struct buf *out, size_t *path)
{
    if (!transport_pull(c->transport, out))
        return false;
    *path = c->current;
    result(c)->sent++;
    return true;
}

msec_t pathcheck_deadline(struct pathcheck *c, msec_t now)
{
    msec_t due = c->due;

    if (c->stage == STAGE_OVER)
        return MSEC_NEVER;
    if (c->stage == STAGE_CONTACT)
        due = msec_min(due, contact_end(c));
    else if (c->stage == STAGE_EXCHANGES)
        due = msec_min(due, msec_after(c->stage_start, PATHCHECK_EXCHANGES_MS));
    return msec_min(due, transport_deadline(c->transport, now));
}

bool pathcheck_finished(const struct pathcheck *c)
{
    return c->stage == STAGE_OVER;
}

const struct pathcheck_result *pathcheck_result(const struct pathcheck *c, size_t path)
{
    assert(path < c->count);
    return &c->result[path];
}

bool pathcheck_closed(const struct pathcheck *c)
{
    return transport_phase(c->transport) == TRANSPORT_CLOSED;
}
