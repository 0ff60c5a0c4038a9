/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "overlay/overlay.h"
#include "session/escape.h"
#include "session/lookback.h"
#include "session/outer.h"
#include "statesync/hostscreen.h"
#include "statesync/profile.h"
#include "statesync/userstream.h"
#include "terminal/display.h"
#include "terminal/handover.h"
#include "terminal/keypress.h"
#include "util/log.h"
#include "util/wipe.h"
#include "util/xalloc.h"

#define CTRL_L 0x0C

/* What the bar's message is about; the later ones matter more. */
enum topic {
    TOPIC_NONE,
    TOPIC_CONNECTING,
    TOPIC_NO_HISTORY,
    TOPIC_PAGER,
    TOPIC_ESCAPE,
    TOPIC_LEAVING
};

struct client {
    struct transport *transport;
    struct caps first_caps; /* what was known of the terminal before it was asked */
    struct caps caps;       /* and is known by now */
    bool caps_changed;
    bool silent;
    struct buf profile; /* what the server was told last */
    struct buf learned; /* bytes for the terminal that follow from that */
    uint16_t port;
    msec_t started;
    size_t rows, cols; /* of the user's terminal */

    struct tokens tokens; /* what the terminal sends */
    msec_t tokens_since;  /* when what waits in there was begun */
    struct probe probe;
    struct escape escape;
    bool suspend;
    struct buf waiting; /* typed, and not yet in the user's stream */

    struct lookback lookback;
    msec_t no_history_until; /* for so long the bar says that there is nothing to look back at */

    struct overlay overlay;
    enum topic topic;

    struct screen drawn; /* the last frame */
    bool repaint;        /* who knows what the terminal shows by now */
    struct event_gate gate;
    msec_t news_due; /* when what the last frame had to keep back can be written */

    const char *leaving; /* why, for the bar; NULL while we stay */
    bool send_failed;    /* since the server was last heard */
};

int client_parse_escape_key(const char *value, bool *understood)
{
    return escape_parse(value, understood);
}

bool client_parse_predict_mode(const char *value, enum predict_mode *mode)
{
    static const char *const names[] = {
        [PREDICT_ADAPTIVE] = "adaptive",
        [PREDICT_ALWAYS] = "always",
        [PREDICT_NEVER] = "never",
        [PREDICT_EXPERIMENTAL] = "experimental",
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(value ? value : "adaptive", names[i]) == 0) {
            *mode = (enum predict_mode)i;
            return true;
        }
    }
    return false;
}

/* Tells the server what is new about us and our terminal. */
static void tell_profile(struct client *c)
{
    struct probe_facts facts = c->probe.facts;

    /* A terminal that does not tell the size of a cell may tell that of all of them. */
    if (!facts.cell_width && facts.area_width >= c->cols && facts.area_height >= c->rows) {
        facts.cell_width = (uint16_t)(facts.area_width / c->cols);
        facts.cell_height = (uint16_t)(facts.area_height / c->rows);
    }
    struct profile profile = outer_profile(&c->caps, &facts);
    struct buf encoded = {0};

    profile_encode(&profile, &encoded);
    if (!c->silent && !c->leaving &&
        (encoded.len != c->profile.len ||
         memcmp(encoded.data, c->profile.data, encoded.len) != 0)) {
        userstream_put_profile(transport_local(c->transport), encoded.data, encoded.len);
        buf_swap(&c->profile, &encoded);
    }
    buf_release(&encoded);
}

struct client *client_new(const struct client_config *config, msec_t now)
{
    struct client *c = xcalloc(1, sizeof *c);
    bool sized = screen_size_valid((int64_t)config->rows, (int64_t)config->cols);
    struct transport_config transport = {
        .sending = SEAL_TO_SERVER,
        .local_ops = &userstream_ops,
        .remote_ops = &hostscreen_ops,
        .local_initial = userstream_new(),
        .collect_ms = CLIENT_COLLECT_MS,
        .random = config->random,
        .random_context = config->random_context,
    };
    char quit_keys[32];

    c->rows = sized ? config->rows : SCREEN_ROWS_DEFAULT;
    c->cols = sized ? config->cols : SCREEN_COLS_DEFAULT;
    transport.remote_initial = hostscreen_new(EMULATOR_MIRROR, c->rows, c->cols);
    memcpy(transport.key, config->key, sizeof transport.key);
    c->transport = transport_new(&transport, now);
    wipe(transport.key, sizeof transport.key);
    c->first_caps = c->caps = config->caps;
    c->news_due = MSEC_NEVER;
    c->silent = config->silent;
    probe_init(&c->probe, config->probe);
    /* Before the size, which is what the server waits for to start the program. */
    tell_profile(c);
    userstream_put_resize(transport_local(c->transport), c->rows, c->cols);

    screen_copy(&c->drawn, client_screen(c));
    c->repaint = true;

    c->port = config->port;
    c->started = now;
    c->escape.key = config->escape_key;
    escape_quit_keys(&c->escape, quit_keys, sizeof quit_keys);
    overlay_init(&c->overlay, quit_keys, config->title_prefix, config->predict_mode,
                 config->predict_overwrite, now);
    c->overlay.pager = &c->lookback.pager;
    return c;
}

void client_free(struct client *c)
{
    if (!c)
        return;
    screen_release(&c->drawn);
    buf_wipe(&c->waiting);
    buf_release(&c->learned);
    buf_release(&c->profile);
    overlay_release(&c->overlay);
    lookback_release(&c->lookback);
    transport_free(c->transport);
    free(c);
}

static struct userstream *typed(struct client *c)
{
    return transport_local(c->transport);
}

/* --- the server, as far as it was heard --- */

static bool connected(const struct client *c)
{
    return transport_remote_num(c->transport) > 0;
}

static msec_t contact_time(const struct client *c)
{
    return connected(c) ? transport_remote_time(c->transport) : c->started;
}

/* When the newest thing was sent that the server is known to have. If it has everything, the proof
   may be old because it was a repetition that arrived; nothing is late then. */
static msec_t reply_time(const struct client *c)
{
    msec_t acked = transport_acked_time(c->transport);

    if (transport_acked_num(c->transport) == transport_sent_num(c->transport))
        return contact_time(c);
    return acked == MSEC_NEVER ? c->started : acked;
}

/* --- what was typed --- */

static size_t unacked_bytes(const struct client *c)
{
    const struct userstream *u = transport_local(c->transport);

    return userstream_bytes_since(u, userstream_start(u));
}

/* Whatever is unacknowledged may have to be sent again whole, so a paste goes in slices. */
static void pass_on_waiting(struct client *c)
{
    size_t unacked = unacked_bytes(c), len;

    if (c->leaving || unacked >= CLIENT_UNACKED_BYTES_MAX)
        return;
    len = CLIENT_UNACKED_BYTES_MAX - unacked;
    if (len > c->waiting.len)
        len = c->waiting.len;
    userstream_put_keys(typed(c), c->waiting.data, len);
    buf_consume(&c->waiting, len);
}

/* --- leaving --- */

/* A server that has been silent, or that the network says is gone, will hardly answer; one that was
   there a moment ago is given the time to. */
static msec_t patience_ms(const struct client *c, msec_t now)
{
    bool silent = !connected(c) || msec_since(now, contact_time(c)) > NOTIFY_CONTACT_LATE_MS;

    return silent || c->send_failed ? CLIENT_LEAVE_SILENT_MS : CLIENT_LEAVE_MS;
}

static void leave(struct client *c, msec_t now, const char *why)
{
    if (c->leaving)
        return;
    log_debug("leaving: %s", why);
    pass_on_waiting(c);
    c->leaving = why;
    transport_shutdown(c->transport, now, patience_ms(c, now));
}

/* Anybody can forge what the network says, so it is a hint: of itself it ends nothing, and the
   next word of the server takes it back. */
static void note_send_failed(struct client *c, msec_t now, bool failed)
{
    if (c->send_failed == failed)
        return;
    c->send_failed = failed;
    if (c->leaving)
        transport_shutdown(c->transport, now, patience_ms(c, now));
}

void client_keys_closed(struct client *c, msec_t now)
{
    leave(c, now, "the terminal is gone");
}

void client_signal(struct client *c, msec_t now, enum client_signal signal)
{
    if (signal == CLIENT_SIGNAL_END)
        leave(c, now, "a signal was received");
    else
        c->repaint = true;
}

/* --- prediction --- */

static struct predict_facts predict_facts(const struct client *c)
{
    return (struct predict_facts){
        .sent_num = transport_sent_num(c->transport),
        .echo_ack = hostscreen_echo_ack(transport_remote(c->transport)),
        .frame_interval_ms = transport_frame_interval_ms(c->transport),
    };
}

static void compare_predictions(struct client *c, msec_t now)
{
    struct predict_facts facts = predict_facts(c);

    predict_update(&c->overlay.predict, now, &facts, client_screen(c));
}

/* What waits behind the first `behind` bytes has just been typed. Without any in front of it, it
   goes into the next state that the transport numbers; else nobody knows when it will be sent. */
static void predict(struct client *c, msec_t now, size_t behind)
{
    struct predict_facts facts = predict_facts(c);

    if (behind == c->waiting.len)
        return;
    if (behind > 0) {
        predict_reset(&c->overlay.predict);
        return;
    }
    compare_predictions(c, now);
    predict_keys(&c->overlay.predict, now, &facts, client_screen(c), c->waiting.data,
                 c->waiting.len);
}

/* --- what the user does --- */

static void send_token(struct client *c, const struct token *t)
{
    struct keypress k;

    buf_append(&c->waiting, t->bytes + t->passed, t->len - t->passed);
    if (keypress_read(t, &k) && k.byte == CTRL_L && k.event != KEYPRESS_UP)
        c->repaint = true;
}

static void look_back(struct client *c, msec_t now)
{
    if (!connected(c))
        return;
    if (client_server_features(c) & FEATURE_HISTORY)
        pager_open(&c->lookback.pager, client_screen(c), c->rows, c->cols);
    else
        c->no_history_until = msec_after(now, CLIENT_NO_HISTORY_MS);
}

static void carry_out(struct client *c, msec_t now, const struct token *t)
{
    enum escape_verdict verdict = escape_feed(&c->escape, t);

    /* While the user looks back, what is not for us is for the pager, and nothing is sent. */
    if (c->lookback.pager.open && verdict != ESCAPE_QUIT && verdict != ESCAPE_SUSPEND) {
        if (verdict == ESCAPE_SEND)
            lookback_token(&c->lookback, t);
        return;
    }
    switch (verdict) {
    case ESCAPE_SEND:
        send_token(c, t);
        break;
    case ESCAPE_SEND_KEY:
        buf_append(&c->waiting, c->escape.typed, c->escape.typed_len);
        break;
    case ESCAPE_SEND_TWO:
        buf_append(&c->waiting, c->escape.typed, c->escape.typed_len);
        send_token(c, t);
        break;
    case ESCAPE_SEND_ESC:
        buf_append(&c->waiting, t->bytes, 1);
        break;
    case ESCAPE_SWALLOW:
        break;
    case ESCAPE_QUIT:
        leave(c, now, "as you asked");
        break;
    case ESCAPE_SUSPEND:
        c->suspend = true;
        break;
    case ESCAPE_LOOK_BACK:
        look_back(c, now);
        break;
    }
}

/* Whether what is on the terminal would be drawn in other bytes. */
static bool looks_differ(const struct client *c, const struct caps *better)
{
    struct buf drawn = {0}, redrawn = {0};
    bool differ;

    if (!outer_looks_differ(&c->caps, better))
        return c->drawn.kitty_flags || c->drawn.modify_other_keys;
    display_diff(&c->caps, NULL, &c->drawn, &drawn);
    display_diff(better, NULL, &c->drawn, &redrawn);
    differ = drawn.len != redrawn.len || memcmp(drawn.data, redrawn.data, drawn.len) != 0;
    buf_release(&drawn);
    buf_release(&redrawn);
    return differ;
}

static void learn_caps(struct client *c)
{
    struct caps better = c->first_caps;

    outer_learn(&better, &c->probe.facts);
    if (memcmp(&better, &c->caps, sizeof better) == 0)
        return;
    c->repaint |= looks_differ(c, &better);
    handover_learn(&c->caps, &better, &c->learned);
    c->caps = better;
    c->caps_changed = true;
}

static void learn_from_answers(struct client *c)
{
    learn_caps(c);
    tell_profile(c);
}

/* The user may have chosen other colours: when the terminal tells that they have become dark or
   light, and while we were not looked at. */
static void follow_colours(struct client *c, msec_t now, const struct token *t)
{
    bool scheme = t->kind == TOKEN_CSI && t->code == TOKEN_KEY('?', 0, 'n');
    bool focus = t->kind == TOKEN_CSI && t->code == 'I';

    if (scheme || focus)
        probe_ask_colours_again(&c->probe, now, &c->learned);
}

static void take_token(struct client *c, msec_t now, const struct token *t)
{
    bool news;

    if (probe_take(&c->probe, t, &news)) {
        if (news) {
            learn_from_answers(c);
            follow_colours(c, now, t);
        }
        return;
    }
    follow_colours(c, now, t);
    if (!c->leaving)
        carry_out(c, now, t);
}

static struct token_modes token_modes(const struct client *c)
{
    return (struct token_modes){
        .pastes = true,
        .mouse = screen_mouse_reporting(&c->drawn) != MOUSE_OFF,
        .mouse_utf8 = screen_mouse_encoding(&c->drawn) == MOUSE_ENCODING_UTF8,
    };
}

/* The escape key may be a sequence, which must not get to the program in part. */
static msec_t key_hold_ms(const struct client *c, const uint8_t *bytes, size_t len)
{
    if (!c->drawn.kitty_flags && !c->drawn.modify_other_keys)
        return 0;
    if (bytes[0] != 0x1B || (len > 1 && bytes[1] != '['))
        return 0;
    return len == 1 ? CLIENT_HOLD_ESC_MS : CLIENT_HOLD_KEY_MS;
}

/* How long what is incomplete may wait. Nothing that was begun by a key which the program has got
   already does, and nothing in a paste. */
static msec_t hold_ms(const struct client *c)
{
    const uint8_t *bytes;
    size_t waiting = tokens_waiting(&c->tokens, &bytes);

    if (waiting == 0 || c->tokens.passed > 0 || c->tokens.paste)
        return 0;
    return msec_max(probe_hold_ms(&c->probe, bytes, waiting), key_hold_ms(c, bytes, waiting));
}

static msec_t tokens_deadline(const struct client *c)
{
    const uint8_t *bytes;

    if (tokens_waiting(&c->tokens, &bytes) == 0)
        return MSEC_NEVER;
    return msec_after(c->tokens_since, hold_ms(c));
}

/* What has waited long enough is passed on as it is. */
static void release_tokens(struct client *c, msec_t now)
{
    struct token_modes modes = token_modes(c);
    struct token token;

    if (tokens_deadline(c) > now)
        return;
    while (tokens_release(&c->tokens, &modes, &token))
        take_token(c, now, &token);
    c->tokens_since = now;
}

static void take_bytes(struct client *c, msec_t now, const uint8_t *bytes, size_t len)
{
    struct token_modes modes = token_modes(c);
    struct reader input = {.at = bytes, .left = len};
    struct token token;
    const uint8_t *held;

    if (msec_since(now, c->tokens_since) >= CLIENT_STALE_KEY_MS)
        tokens_forget(&c->tokens);
    if (tokens_waiting(&c->tokens, &held) == 0)
        c->tokens_since = now;
    while (tokens_next(&c->tokens, &modes, &input, &token)) {
        take_token(c, now, &token);
        c->tokens_since = now;
    }
}

void client_keys(struct client *c, msec_t now, const uint8_t *bytes, size_t len)
{
    size_t behind = c->waiting.len;

    take_bytes(c, now, bytes, len);
    release_tokens(c, now);
    predict(c, now, behind);
    pass_on_waiting(c);
}

/* --- the terminal --- */

void client_ask_terminal(struct client *c, msec_t now, struct buf *out)
{
    probe_ask(&c->probe, now, out);
}

/* What a terminal may be about to send without being asked. */
static bool sends_by_itself(const struct screen *s)
{
    return screen_mouse_reporting(s) != MOUSE_OFF || s->focus_reporting;
}

void client_ask_last(struct client *c, msec_t now, struct buf *out)
{
    if (probe_has_answered(&c->probe) && sends_by_itself(&c->drawn))
        probe_ask_last(&c->probe, now, out);
}

bool client_terminal_owes(const struct client *c, msec_t now)
{
    return probe_is_waiting(&c->probe, now);
}

void client_drain(struct client *c, msec_t now, const uint8_t *bytes, size_t len)
{
    struct token_modes modes = token_modes(c);
    struct reader input = {.at = bytes, .left = len};
    struct token token;
    bool news;

    (void)now;
    while (tokens_next(&c->tokens, &modes, &input, &token))
        (void)probe_take(&c->probe, &token, &news);
}

/* The terminal may have rearranged what it showed, so everything is drawn again. */
void client_resize(struct client *c, msec_t now, size_t rows, size_t cols)
{
    (void)now;
    if (rows > SCREEN_SIDE_MAX || cols > SCREEN_SIDE_MAX ||
        !screen_size_valid((int64_t)rows, (int64_t)cols))
        return;
    c->repaint = true;
    probe_ask_size_again(&c->probe, &c->learned); /* with another font, too */
    if (c->rows == rows && c->cols == cols)
        return;
    predict_reset(&c->overlay.predict);
    pager_resize(&c->lookback.pager, rows, cols);
    c->rows = rows;
    c->cols = cols;
    if (!c->leaving)
        userstream_put_resize(typed(c), rows, cols);
}

bool client_wants_keys(const struct client *c)
{
    return !c->leaving && c->waiting.len < CLIENT_WAITING_BYTES_MAX;
}

bool client_pull_suspend(struct client *c)
{
    bool suspend = c->suspend;

    c->suspend = false;
    return suspend;
}

/* --- network --- */

int client_datagram(struct client *c, msec_t now, const uint8_t *bytes, size_t len, bool congested)
{
    struct transport_event event;
    int result = transport_recv(c->transport, now, bytes, len, congested, &event);

    if (event.newest)
        note_send_failed(c, now, false);
    return result;
}

bool client_pull_datagram(struct client *c, struct buf *out)
{
    return transport_pull(c->transport, out);
}

void client_send_result(struct client *c, msec_t now, const char *error)
{
    if (error) {
        notify_network_error(&c->overlay.notify, now, error);
        note_send_failed(c, now, true);
    } else {
        notify_network_works(&c->overlay.notify, now);
    }
}

void client_set_payload_max(struct client *c, size_t udp_payload_bytes)
{
    transport_set_payload_max(c->transport, udp_payload_bytes);
}

bool client_hop_due(const struct client *c, msec_t now)
{
    return transport_hop_due(c->transport, now);
}

void client_hopped(struct client *c, msec_t now)
{
    transport_hopped(c->transport, now);
}

/* --- the bar --- */

static enum topic current_topic(const struct client *c, msec_t now)
{
    if (c->leaving)
        return TOPIC_LEAVING;
    if (c->escape.pending)
        return TOPIC_ESCAPE;
    if (c->lookback.pager.open)
        return TOPIC_PAGER;
    if (now < c->no_history_until)
        return TOPIC_NO_HISTORY;
    if (!connected(c) && msec_since(now, c->started) >= CLIENT_CONNECT_BAR_MS)
        return TOPIC_CONNECTING;
    return TOPIC_NONE;
}

static void update_bar(struct client *c, msec_t now)
{
    struct notify *notify = &c->overlay.notify;
    enum topic topic = current_topic(c, now);
    char text[NOTIFY_TEXT_MAX + 1] = "";

    notify_set_contact(notify, contact_time(c), reply_time(c));
    if (topic == c->topic && topic != TOPIC_PAGER)
        return;
    c->topic = topic;
    notify_clear(notify);
    if (topic == TOPIC_LEAVING)
        snprintf(text, sizeof text, "leaving: %s", c->leaving);
    else if (topic == TOPIC_ESCAPE)
        escape_help(&c->escape, text, sizeof text);
    else if (topic == TOPIC_PAGER)
        pager_status(&c->lookback.pager, text);
    else if (topic == TOPIC_NO_HISTORY)
        snprintf(text, sizeof text, "this server keeps no lines to look back at");
    else if (topic == TOPIC_CONNECTING)
        snprintf(text, sizeof text, "no answer yet on UDP port %u", (unsigned)c->port);
    if (text[0])
        notify_message(notify, now, text, true, topic == TOPIC_CONNECTING);
}

/* --- drawing --- */

/* Draws everything, but for bells and the clipboard: they are no picture that could be lost. What
   they brought since the last frame is still to come. So are changes of registers, since what a
   terminal has that should have nothing is known from the last frame alone. */
static void draw_everything(const struct client *c, const struct screen *frame, struct buf *out)
{
    struct screen without_news;

    screen_copy(&without_news, frame);
    without_news.bells = c->drawn.bells;
    text_replace(&without_news.clipboard, text_ref(c->drawn.clipboard));
    registers_release(&without_news.registers);
    registers_copy(&without_news.registers, &c->drawn.registers);
    display_diff(&c->caps, NULL, &without_news, out);
    display_diff(&c->caps, &without_news, frame, out);
    screen_release(&without_news);
}

/* A terminal that can shows a frame when it is complete. What is short comes in one piece anyway.
 */
static void wrap_frame(struct buf *out, size_t start)
{
    const size_t begin = sizeof HANDOVER_FRAME_BEGIN - 1;

    if (out->len - start <= CLIENT_FRAME_SHORT_BYTES)
        return;
    buf_append_str(out, HANDOVER_FRAME_BEGIN);
    memmove(out->data + start + begin, out->data + start, out->len - begin - start);
    memcpy(out->data + start, HANDOVER_FRAME_BEGIN, begin);
    buf_append_str(out, HANDOVER_FRAME_END);
}

/* S23: a server that has no events writes the clipboard as often as we, too. */
static void hold_clipboard_back(struct client *c, msec_t now, struct screen *frame)
{
    if (text_equal(frame->clipboard, c->drawn.clipboard) || event_gate_clipboard(&c->gate, now))
        return;
    text_replace(&frame->clipboard, text_ref(c->drawn.clipboard));
    c->news_due = event_gate_opens(&c->gate);
}

/* Takes `frame` over. */
static void show(struct client *c, msec_t now, struct screen *frame, struct buf *out)
{
    size_t start;

    c->news_due = MSEC_NEVER;
    hold_clipboard_back(c, now, frame);
    buf_append(out, c->learned.data, c->learned.len);
    buf_clear(&c->learned);
    start = out->len;
    if (c->repaint)
        draw_everything(c, frame, out);
    else
        display_diff(&c->caps, &c->drawn, frame, out);
    if (c->caps.synchronized_output)
        wrap_frame(out, start);
    events_put(&c->caps, frame->events, &c->gate, now, out);
    c->news_due = msec_min(c->news_due, events_deadline(frame->events, &c->gate));
    c->repaint = false;
    screen_release(&c->drawn);
    c->drawn = *frame;
}

void client_draw(struct client *c, msec_t now, struct buf *out)
{
    struct screen frame;

    screen_copy(&frame, client_screen(c));
    overlay_apply(&c->overlay, now, &frame, c->rows, c->cols);
    show(c, now, &frame, out);
}

void client_draw_last(struct client *c, msec_t now, struct buf *out)
{
    struct screen frame;

    screen_copy(&frame, client_screen(c));
    overlay_fit(&frame, c->rows, c->cols);
    show(c, now, &frame, out);
}

/* --- time --- */

static msec_t connect_deadline(const struct client *c, msec_t now)
{
    msec_t bar = msec_after(c->started, CLIENT_CONNECT_BAR_MS);

    if (connected(c) || c->leaving)
        return MSEC_NEVER;
    return now < bar ? bar : msec_after(c->started, CLIENT_CONNECT_GIVE_UP_MS);
}

void client_tick(struct client *c, msec_t now)
{
    if (!connected(c) && msec_since(now, c->started) >= CLIENT_CONNECT_GIVE_UP_MS)
        leave(c, now, "the server did not answer");
    if (tokens_deadline(c) <= now)
        client_keys(c, now, NULL, 0);
    if (now >= c->news_due)
        c->news_due = MSEC_NEVER; /* a frame follows */
    pass_on_waiting(c);
    if (!c->leaving)
        lookback_update(&c->lookback, now, transport_remote(c->transport), typed(c));
    transport_tick(c->transport, now);
    compare_predictions(c, now);
    update_bar(c, now);
}

msec_t client_deadline(struct client *c, msec_t now)
{
    msec_t deadline = transport_deadline(c->transport, now);

    deadline = msec_min(deadline, overlay_deadline(&c->overlay, now));
    deadline = msec_min(deadline, tokens_deadline(c));
    deadline = msec_min(deadline, c->news_due);
    if (!c->leaving)
        deadline = msec_min(deadline, lookback_deadline(&c->lookback));
    if (now < c->no_history_until)
        deadline = msec_min(deadline, c->no_history_until);
    return msec_min(deadline, connect_deadline(c, now));
}

/* --- the end, and what others want to know --- */

enum client_end client_state(const struct client *c)
{
    switch (transport_phase(c->transport)) {
    case TRANSPORT_RUNNING:
    case TRANSPORT_CLOSING:
        break;
    case TRANSPORT_CLOSED:
        return CLIENT_ENDED;
    case TRANSPORT_ABANDONED:
        return connected(c) ? CLIENT_UNANSWERED : CLIENT_NEVER_REACHED;
    case TRANSPORT_EXHAUSTED:
        return CLIENT_KEY_EXHAUSTED;
    }
    return CLIENT_RUNNING;
}

struct transport *client_transport(struct client *c)
{
    return c->transport;
}

const struct caps *client_caps(const struct client *c)
{
    return &c->caps;
}

bool client_pull_caps_change(struct client *c)
{
    bool changed = c->caps_changed;

    c->caps_changed = false;
    return changed;
}

uint32_t client_server_features(const struct client *c)
{
    return hostscreen_features(transport_remote(c->transport));
}

const struct probe_facts *client_terminal(const struct client *c)
{
    return &c->probe.facts;
}

const struct screen *client_screen(const struct client *c)
{
    return hostscreen_screen(transport_remote(c->transport));
}
