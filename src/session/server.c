/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/server_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "statesync/profile.h"
#include "statesync/userstream.h"
#include "util/log.h"
#include "util/wipe.h"
#include "util/xalloc.h"
#include "wire/hostmsg.h"

#define FAILED_STATUS 1 /* of the session, if not even its end can be reached */

struct server *server_new(const struct server_config *config, msec_t now)
{
    struct server *s = xcalloc(1, sizeof *s);
    bool sized = screen_size_valid((int64_t)config->rows, (int64_t)config->cols);
    struct transport_config transport = {
        .sending = SEAL_TO_CLIENT,
        .local_ops = &hostscreen_ops,
        .remote_ops = &userstream_ops,
        .local_initial = hostscreen_new(EMULATOR_HOST, sized ? config->rows : SCREEN_ROWS_DEFAULT,
                                        sized ? config->cols : SCREEN_COLS_DEFAULT),
        .remote_initial = userstream_new(),
        .collect_ms = SERVER_COLLECT_MS,
        .random = config->random,
        .random_context = config->random_context,
    };

    const struct hostmsg_server failed = {.ended = true, .status = FAILED_STATUS};
    hostmsg_put_server(&transport.last_word, &failed);
    memcpy(transport.key, config->key, sizeof transport.key);
    s->clock = steady_begin(now);
    s->transport = transport_new(&transport, now);
    wipe(transport.key, sizeof transport.key);
    buf_release(&transport.last_word);
    hostscreen_leave_zero(transport_local(s->transport));
    if (config->version)
        snprintf(s->info.version, sizeof s->info.version, "%s", config->version);
    hostscreen_set_serverinfo(transport_local(s->transport), &s->info);
    s->network_timeout_ms = config->network_timeout_ms;
    s->signal_timeout_ms = config->signal_timeout_ms;
    s->started = now;
    s->profile = profile_silent;
    s->held_since = MSEC_NEVER;
    s->look_again = MSEC_NEVER;
    s->pty_rows = config->rows;
    s->pty_cols = config->cols;
    return s;
}

void server_free(struct server *s)
{
    if (!s)
        return;
    transport_free(s->transport);
    buf_wipe(&s->input);
    free(s);
}

/* --- synchronized output --- */

static msec_t hold_deadline(const struct server *s)
{
    return s->held_since == MSEC_NEVER ? MSEC_NEVER : msec_after(s->held_since, SERVER_HOLD_MS);
}

static void end_hold(struct server *s)
{
    s->held_since = MSEC_NEVER;
    emulator_end_synchronized(hostscreen_emulator(live_screen(s)));
    transport_hold_local(s->transport, false);
}

/* No frame is taken from a screen that the program is just drawing, unless that takes too long. */
static void hold_tick(struct server *s, msec_t now)
{
    if (!emulator_synchronized(hostscreen_emulator(live_screen(s))) || now >= hold_deadline(s)) {
        end_hold(s);
        return;
    }
    if (s->held_since == MSEC_NEVER)
        s->held_since = now;
    transport_hold_local(s->transport, true);
}

/* --- the beginning of the end --- */

static bool client_known(const struct server *s)
{
    return transport_remote_time(s->transport) != MSEC_NEVER;
}

/* For how long a client that does not answer is told that the session ends. */
static msec_t goodbye_ms(const struct server *s, enum ending why)
{
    if (why == ENDING_ASKED)
        return SERVER_GOODBYE_MS;
    return s->network_timeout_ms ? msec_min(s->network_timeout_ms, SERVER_LINGER_MS)
                                 : SERVER_LINGER_MS;
}

static void begin_end(struct server *s, msec_t now, enum ending why)
{
    if (s->ending != NOT_ENDING)
        return;
    s->ending = why;
    buf_clear(&s->input);
    end_hold(s);
    transport_refuse_states(s->transport, false);
    transport_shutdown(s->transport, now, goodbye_ms(s, why));
    /* A client that is away can be told nothing now. It is waited for only if there is something
       that it would miss. */
    if (!client_known(s) || (!s->attached && why != ENDING_CHILD))
        s->finished = true;
}

static void tell_status(struct server *s, int status)
{
    struct serverinfo info = s->info;

    if (s->ending != NOT_ENDING || status < 0 || status > SERVERINFO_STATUS_MAX)
        return;
    info.ended = true;
    info.status = (uint8_t)status;
    hostscreen_set_serverinfo(live_screen(s), &info);
}

void server_child_ended(struct server *s, msec_t now, int status)
{
    log_debug("the program has ended, status %d", status);
    tell_status(s, status);
    begin_end(s, steady_advance(&s->clock, now), ENDING_CHILD);
}

void server_signal(struct server *s, msec_t now, enum server_signal signal)
{
    now = steady_advance(&s->clock, now);
    if (signal == SERVER_SIGNAL_USR1 && s->signal_timeout_ms && client_known(s) &&
        msec_since(now, transport_remote_time(s->transport)) < s->signal_timeout_ms)
        return;
    if (s->ending != NOT_ENDING || !s->attached)
        s->finished = true;
    begin_end(s, now, ENDING_ASKED);
}

/* --- the program's output --- */

bool server_wants_output(const struct server *s)
{
    return s->ending == NOT_ENDING && !s->finished && !transport_peer_closing(s->transport);
}

void server_pty_output(struct server *s, msec_t now, const uint8_t *bytes, size_t len)
{
    struct emulator *emulator = hostscreen_emulator(live_screen(s));
    struct buf reply = {0};

    now = steady_advance(&s->clock, now);
    if (!server_wants_output(s))
        return;
    emulator_write(emulator, bytes, len, &reply);
    server_acknowledge_echo(s, echoed_take(&s->echoed, emulator_screen(emulator)));
    server_deliver_reply(s, &reply);
    transport_touched(s->transport, now);
    s->facts_due = true;
    hold_tick(s, now);
    if (server_wants_facts(s) && s->look_again == MSEC_NEVER)
        s->look_again = msec_after(now, SERVER_LOOK_AGAIN_MS);
}

/* Nothing tells us when a program changes the modes of its terminal. Nearly all do it just before
   or after they write or read something. */
bool server_wants_facts(const struct server *s)
{
    return s->ending == NOT_ENDING && hostscreen_features(live_screen(s)) & FEATURE_FACTS;
}

void server_program_facts(struct server *s, const struct facts *facts)
{
    s->facts = *facts;
}

/* That the program hides what it reads is urgent. All else can wait for what is sent anyway: each
   command of a shell changes it twice. When another program begins to read, the client waits to
   hear which keys the one before it has got. */
static void facts_tick(struct server *s)
{
    struct facts told = hostscreen_facts(live_screen(s));

    if (!server_wants_facts(s) || !s->facts.known)
        return;
    if (!s->facts_due && told.known && (s->facts.echo || !s->facts.canonical))
        return;
    s->facts_due = false;
    if (told.known && told.job != s->facts.job)
        hostscreen_await_echo_ack(live_screen(s), s->unechoed ? s->unechoed : s->given);
    hostscreen_set_facts(live_screen(s), &s->facts);
}

/* --- network --- */

static void set_attached(struct server *s, bool attached)
{
    if (s->attached == attached)
        return;
    log_debug(attached ? "the client is there" : "the client is silent");
    s->attached = attached;
    transport_set_attached(s->transport, attached);
}

/* The client is where this datagram came from. When that is somewhere else than before, or is known
   for certain at last, all that it may lack is sent there. */
static void follow_client(struct server *s, msec_t now, const struct path_address *from, size_t len,
                          const struct transport_event *event)
{
    const struct path_arrival arrival = {
        .from = from,
        .bytes = len,
        .sent_num = transport_sent_num(s->transport),
        .acked_num = transport_acked_num(s->transport),
        .answered = event->answered,
    };
    enum paths_change change = paths_heard(&s->paths, now, &arrival);

    if (change == PATHS_MOVED || change == PATHS_OPENED)
        transport_path_changed(s->transport, now);
    if (change == PATHS_FIRST || change == PATHS_MOVED)
        transport_challenge(s->transport, true);
    if (paths_confirmed(&s->paths))
        transport_challenge(s->transport, false);
}

int server_datagram_from(struct server *s, msec_t now, const struct path_address *from,
                         const uint8_t *bytes, size_t len, bool congested,
                         struct transport_event *event)
{
    int result = server_datagram(s, now, bytes, len, congested, event);

    if (event->newest)
        follow_client(s, s->clock.now, from, len, event);
    return result;
}

int server_datagram(struct server *s, msec_t now, const uint8_t *bytes, size_t len, bool congested,
                    struct transport_event *event)
{
    int result;

    now = steady_advance(&s->clock, now);
    result = transport_recv(s->transport, now, bytes, len, congested, event);
    if (event->newest)
        set_attached(s, true);
    if (event->new_state)
        server_deliver(s, now);
    return result;
}

void server_set_network(struct server *s, bool is_ipv6)
{
    transport_set_network(s->transport, is_ipv6);
}

void server_set_payload_max(struct server *s, size_t udp_payload_bytes)
{
    transport_set_payload_max(s->transport, udp_payload_bytes);
}

bool server_pull_datagram(struct server *s, struct buf *out)
{
    if (!paths_current(&s->paths))
        return transport_pull(s->transport, out);
    if (!transport_pull_within(s->transport, paths_room(&s->paths), out))
        return false;
    paths_sent(&s->paths, out->len);
    return true;
}

bool server_pulled_probe(const struct server *s)
{
    return transport_pulled_probe(s->transport);
}

void server_refused(struct server *s)
{
    transport_refused(s->transport);
}

const struct path_address *server_client_address(const struct server *s)
{
    return paths_current(&s->paths);
}

const struct buf *server_last_word(struct server *s)
{
    return transport_last_word(s->transport);
}

/* --- time --- */

static void echoack_tick(struct server *s, msec_t now)
{
    server_acknowledge_echo(s, echoack_take(&s->echoack, now));
}

/* When silence next means something: no client at all, nobody to send to, a session forgotten. */
static msec_t attach_deadline(const struct server *s)
{
    msec_t span = SERVER_ATTACH_MS;

    if (s->network_timeout_ms)
        span = msec_min(span, s->network_timeout_ms);
    return client_known(s) ? MSEC_NEVER : msec_after(s->started, span);
}

static msec_t detach_deadline(const struct server *s)
{
    if (!s->attached)
        return MSEC_NEVER;
    return msec_after(transport_heard_time(s->transport), SERVER_DETACH_MS);
}

static msec_t idle_deadline(const struct server *s)
{
    if (s->ending != NOT_ENDING || !s->network_timeout_ms || !client_known(s))
        return MSEC_NEVER;
    return msec_after(transport_remote_time(s->transport), s->network_timeout_ms);
}

static void life_tick(struct server *s, msec_t now)
{
    enum transport_phase phase;

    if (now >= detach_deadline(s))
        set_attached(s, false);
    if (now >= idle_deadline(s))
        begin_end(s, now, ENDING_ASKED);
    transport_tick(s->transport, now);
    phase = transport_phase(s->transport);
    if (phase != TRANSPORT_RUNNING && phase != TRANSPORT_CLOSING)
        s->finished = true;
    if (now >= attach_deadline(s))
        s->finished = true;
}

void server_tick(struct server *s, msec_t now)
{
    now = steady_advance(&s->clock, now);
    if (now >= s->look_again)
        s->look_again = MSEC_NEVER; /* that we were woken is all that was wanted */
    hold_tick(s, now);
    keys_flush(&s->keys, now, &s->input);
    server_note_given(s, now);
    echoack_tick(s, now);
    facts_tick(s);
    life_tick(s, now);
}

msec_t server_deadline(struct server *s, msec_t now)
{
    msec_t deadline;

    now = steady_advance(&s->clock, now);
    deadline = transport_deadline(s->transport, now);
    deadline = msec_min(deadline, hold_deadline(s));
    deadline = msec_min(deadline, keys_deadline(&s->keys));
    if (s->ending == NOT_ENDING)
        deadline = msec_min(deadline, s->look_again);
    deadline = msec_min(deadline, echoack_deadline(&s->echoack));
    deadline = msec_min(deadline, attach_deadline(s));
    deadline = msec_min(deadline, detach_deadline(s));
    deadline = msec_min(deadline, idle_deadline(s));
    return steady_for_caller(&s->clock, deadline);
}

/* --- what others want to know --- */

bool server_child_released(const struct server *s)
{
    return client_known(s);
}

msec_t server_client_time(const struct server *s)
{
    return steady_for_caller(&s->clock, transport_remote_time(s->transport));
}

bool server_attached(const struct server *s)
{
    return s->attached;
}

bool server_finished(const struct server *s)
{
    return s->finished;
}

const struct profile *server_profile(const struct server *s)
{
    return &s->profile;
}

struct transport *server_transport(struct server *s)
{
    return s->transport;
}

const struct screen *server_screen(const struct server *s)
{
    return hostscreen_screen(live_screen(s));
}
