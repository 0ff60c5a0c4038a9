/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The user's input, on its way from the client to the program. */

#include "session/server_internal.h"
#include "statesync/lines.h"
#include "statesync/profile.h"
#include "statesync/userstream.h"
#include "util/log.h"
#include "util/smaller.h"
#include "util/width.h"
#include "wire/instruction.h"

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
void server_deliver_reply(struct server *s, struct buf *reply)
{
    if (reply->len <= SERVER_INPUT_QUEUE_BYTES &&
        s->input.len <= SERVER_INPUT_QUEUE_BYTES - reply->len)
        buf_append(&s->input, reply->data, reply->len);
    buf_release(reply);
}

/* The keys before the resize are in the queue, and whoever empties it writes before it looks for
   a new size; a program that does not read them is not kept from learning the size. What comes
   after it waits until the pty has it; of several that do, for the newest. */
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
    if (!s->winsize_due)
        s->before_winsize = s->input.len;
    s->winsize_due = true;
    emulator_report_size(emulator, &report);
    server_deliver_reply(s, &report);
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
    transport_set_reports(s->transport, common_features(&s->profile) & FEATURE_REPORT);
    transport_set_probes(s->transport, common_features(&s->profile) & FEATURE_PROBES);
    if (hostscreen_features(live_screen(s)) & FEATURE_HISTORY)
        emulator_keep_history(hostscreen_emulator(live_screen(s)));
    emulator_set_profile(hostscreen_emulator(live_screen(s)), &s->profile, &reply);
    server_deliver_reply(s, &reply);
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

void server_acknowledge_echo(struct server *s, uint64_t num)
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
void server_note_given(struct server *s, msec_t now)
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
void server_deliver(struct server *s, msec_t now)
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
    server_note_given(s, now);
}

size_t server_pty_input(const struct server *s, const uint8_t **bytes)
{
    *bytes = s->input.data;
    return s->winsize_due ? smaller(s->before_winsize, s->input.len) : s->input.len;
}

void server_pty_written(struct server *s, msec_t now, size_t len)
{
    buf_consume(&s->input, len);
    s->before_winsize -= smaller(s->before_winsize, len);
    refuse_while_full(s);
    server_note_given(s, steady_advance(&s->clock, now));
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
