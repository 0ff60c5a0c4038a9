/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session/echoack.h"
#include "session/echoed.h"
#include "statesync/hostscreen.h"
#include "statesync/lines.h"
#include "statesync/profile.h"
#include "statesync/userstream.h"
#include "terminal/keys.h"
#include "util/log.h"
#include "util/steady.h"
#include "util/width.h"
#include "util/wipe.h"
#include "util/xalloc.h"
#include "wire/hostmsg.h"
#include "wire/instruction.h"

#define FAILED_STATUS 1 /* of the session, if not even its end can be reached */

/* Why the session ends, and with it how long the other side is told so. */
enum ending {
    NOT_ENDING,
    ENDING_ASKED, /* a signal or a timeout: only the client's knowing is at stake */
    ENDING_CHILD, /* the last screen is news for a client that is away */
};

struct server {
    struct transport *transport;
    struct steady clock; /* of all times here */
    struct paths paths;  /* to the client; empty if there is but one */
    msec_t network_timeout_ms, signal_timeout_ms;
    msec_t started;
    bool attached;

    /* The user's stream up to item `delivered` went through the key translation into `input`,
       which the program has yet to read. */
    uint64_t delivered;
    struct keys keys;
    struct buf input;
    struct echoack echoack;
    struct echoed echoed;
    uint64_t unechoed; /* newest state in `input`, to be recorded once that is empty; 0: none */
    uint64_t given;    /* the newest one that was */

    struct facts facts; /* about the program, as they were told last */
    bool facts_due;     /* there is something else to send that they can go with */
    msec_t look_again;  /* when the facts about the program are to be looked at; MSEC_NEVER */
    msec_t held_since;  /* the program draws and wants to be waited for; MSEC_NEVER: it does not */

    size_t pty_rows, pty_cols;
    bool winsize_due;
    struct profile profile; /* of the client */
    struct serverinfo info; /* before the command's end */

    enum ending ending;
    bool finished;
};

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

static struct hostscreen *live_screen(const struct server *s)
{
    return transport_local(s->transport);
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

/* --- the user's input --- */

struct delivery {
    struct server *server;
    msec_t now;
};

/* What is typed after it may be for another program. The client shows nothing of that before it
   knows that this was read. */
static bool starts_something(const uint8_t *bytes, size_t len)
{
    enum { ESC = 0x1B, SPACE = 0x20 };

    for (size_t i = 0; i < len; i++) {
        if (bytes[i] < SPACE && bytes[i] != ESC)
            return true;
    }
    return false;
}

static void deliver_keys(void *context, const uint8_t *keys, size_t len)
{
    struct delivery *d = context;
    struct server *s = d->server;
    struct emulator *emulator = hostscreen_emulator(live_screen(s));
    const struct screen *screen = emulator_screen(emulator);
    const struct keys_modes modes = {
        .application_cursor_keys = emulator_application_cursor_keys(emulator),
        .newline = emulator_newline(emulator),
        .bracketed_paste = screen->bracketed_paste,
        .kitty_keyboard = screen->kitty_flags != 0,
    };

    uint64_t num = transport_remote_num(s->transport);

    if (starts_something(keys, len))
        hostscreen_await_echo_ack(live_screen(s), num);
    echoed_typed(&s->echoed, screen, num, keys, len);
    keys_translate(&s->keys, d->now, &modes, keys, len, &s->input);
}

/* A reply that has no room is left out whole: half of one would be worse than none. */
static void deliver_reply(struct server *s, struct buf *reply)
{
    if (reply->len <= SERVER_INPUT_QUEUE_BYTES &&
        s->input.len <= SERVER_INPUT_QUEUE_BYTES - reply->len)
        buf_append(&s->input, reply->data, reply->len);
    buf_release(reply);
}

/* The keys before the resize are in the queue, and whoever empties it writes before it looks for
   a new size; a program that does not read them is not kept from learning the size. */
static void deliver_resize(void *context, size_t rows, size_t cols)
{
    struct delivery *d = context;
    struct server *s = d->server;
    struct emulator *emulator = hostscreen_emulator(live_screen(s));
    struct buf report = {0};

    emulator_resize(emulator, rows, cols);
    if (rows == s->pty_rows && cols == s->pty_cols)
        return;
    s->pty_rows = rows;
    s->pty_cols = cols;
    s->winsize_due = true;
    emulator_report_size(emulator, &report);
    deliver_reply(s, &report);
}

/* What both sides know. Clusters take tables that are the same. */
static uint32_t common_features(const struct profile *p)
{
    uint32_t features = p->features & FEATURES_KNOWN;

    if (p->width_version != WIDTH_TABLE_VERSION)
        features &= ~(uint32_t)FEATURE_CLUSTERS;
    return features;
}

/* One that says nothing sensible is as good as none. */
static void deliver_profile(void *context, const uint8_t *bytes, size_t len)
{
    struct delivery *d = context;
    struct server *s = d->server;
    struct buf reply = {0};

    if (profile_decode(bytes, len, &s->profile) != 0) {
        log_debug("the client's profile is not understood");
        return;
    }
    log_debug("the client knows %#x, its terminal can %#x and is '%s'",
              (unsigned)s->profile.features, (unsigned)s->profile.abilities, s->profile.name);
    hostscreen_set_features(live_screen(s), common_features(&s->profile));
    if (hostscreen_features(live_screen(s)) & FEATURE_HISTORY)
        emulator_keep_history(hostscreen_emulator(live_screen(s)));
    emulator_set_profile(hostscreen_emulator(live_screen(s)), &s->profile, &reply);
    deliver_reply(s, &reply);
}

/* The answer is a part of the screen until there is a newer one, or the client has enough. */
static void deliver_request(void *context, const uint8_t *bytes, size_t len)
{
    struct delivery *d = context;
    struct hostscreen *screen = live_screen(d->server);
    struct caps caps = hostscreen_caps(screen);
    struct lines_request request;
    struct buf answer = {0};

    if (lines_request_decode(bytes, len, &request) != 0 ||
        !(hostscreen_features(screen) & FEATURE_HISTORY))
        return;
    if (request.count > 0)
        lines_encode(&request, hostscreen_emulator(screen), &caps, &answer);
    hostscreen_set_lines(screen, answer.len > 0 ? text_new(answer.data, answer.len) : NULL);
    buf_release(&answer);
}

/* The client's states up to this one are echoed, as far as they will be. */
static void acknowledge_echo(struct server *s, uint64_t num)
{
    if (s->ending != NOT_ENDING || num <= hostscreen_echo_ack(live_screen(s)) ||
        num == INSTRUCTION_SHUTDOWN)
        return;
    hostscreen_set_echo_ack(live_screen(s), num);
    echoed_acknowledged(&s->echoed, num);
    echoack_acknowledged(&s->echoack, num);
    s->facts_due = true;
}

/* The delay before an echo acknowledgement begins when the program was given the keys. */
static void note_given(struct server *s, msec_t now)
{
    if (s->input.len > 0 || s->unechoed == 0)
        return;
    if (s->unechoed > hostscreen_echo_ack(live_screen(s)))
        echoack_record(&s->echoack, now, s->unechoed);
    s->given = s->unechoed;
    s->unechoed = 0;
}

/* While the queue is full the client keeps what comes next: its states are refused, everything
   else goes on as ever. */
static void refuse_while_full(struct server *s)
{
    transport_refuse_states(s->transport, s->input.len >= SERVER_INPUT_QUEUE_BYTES);
}

/* Takes what is new in the user's input. As nothing new comes while the queue is full, the queue
   grows past its limit by no more than one state, which the userstream bounds. */
static void deliver(struct server *s, msec_t now)
{
    static const struct userstream_visitor visitor = {.keys = deliver_keys,
                                                      .resize = deliver_resize,
                                                      .profile = deliver_profile,
                                                      .request = deliver_request};
    const struct userstream *user = transport_remote(s->transport);
    struct delivery delivery = {.server = s, .now = now};

    if (s->ending != NOT_ENDING) /* there is no program to read it, and the screen stays */
        return;
    if (userstream_end(user) <= s->delivered)
        return;
    userstream_walk(user, s->delivered, &visitor, &delivery);
    s->delivered = userstream_end(user);
    if (transport_remote_num(s->transport) != INSTRUCTION_SHUTDOWN)
        s->unechoed = transport_remote_num(s->transport);
    refuse_while_full(s);
    note_given(s, now);
}

size_t server_pty_input(const struct server *s, const uint8_t **bytes)
{
    *bytes = s->input.data;
    return s->input.len;
}

void server_pty_written(struct server *s, msec_t now, size_t len)
{
    buf_consume(&s->input, len);
    refuse_while_full(s);
    note_given(s, steady_advance(&s->clock, now));
}

bool server_pull_winsize(struct server *s, size_t *rows, size_t *cols)
{
    if (!s->winsize_due)
        return false;
    s->winsize_due = false;
    *rows = s->pty_rows;
    *cols = s->pty_cols;
    return true;
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
    acknowledge_echo(s, echoed_take(&s->echoed, emulator_screen(emulator)));
    deliver_reply(s, &reply);
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
        deliver(s, now);
    return result;
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
    acknowledge_echo(s, echoack_take(&s->echoack, now));
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
    note_given(s, now);
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
