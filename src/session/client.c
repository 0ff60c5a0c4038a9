/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/client_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "statesync/hostscreen.h"
#include "util/log.h"
#include "util/wipe.h"
#include "util/xalloc.h"

static const char *const predict_modes[] = {
    [PREDICT_ADAPTIVE] = "adaptive",
    [PREDICT_ALWAYS] = "always",
    [PREDICT_NEVER] = "never",
    [PREDICT_EXPERIMENTAL] = "experimental",
};

const char *client_predict_mode_name(enum predict_mode mode)
{
    return predict_modes[mode];
}

/* The index of a word; -1 if it is none of them. */
static int find_word(const char *const words[], size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(word, words[i]) == 0)
            return (int)i;
    }
    return -1;
}

bool client_parse_predict_mode(const char *value, enum predict_mode *mode)
{
    int found = find_word(predict_modes, sizeof predict_modes / sizeof predict_modes[0],
                          value ? value : "adaptive");

    if (found >= 0)
        *mode = (enum predict_mode)found;
    return found >= 0;
}

bool client_parse_predict_mark(const char *value, enum predict_mark *mark)
{
    static const char *const names[] = {
        [PREDICT_UNDERLINE] = "underline",
        [PREDICT_DOTTED] = "dotted",
        [PREDICT_DASHED] = "dashed",
        [PREDICT_FAINT] = "faint",
    };
    int found = find_word(names, sizeof names / sizeof names[0], value ? value : "underline");

    if (found >= 0)
        *mark = (enum predict_mark)found;
    return found >= 0;
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
    c->clock = steady_begin(now);
    c->transport = transport_new(&transport, now);
    ways_init(&c->ways, config->addresses ? config->addresses : 1, now);
    wipe(transport.key, sizeof transport.key);
    c->first_caps = c->caps = config->caps;
    c->news_due = MSEC_NEVER;
    c->gate.no_clipboard = config->no_clipboard;
    c->silent = config->silent;
    probe_init(&c->probe, config->probe);
    /* Before the size, which is what the server waits for to start the program. */
    client_tell_profile(c);
    userstream_put_resize(transport_local(c->transport), c->rows, c->cols);

    screen_copy(&c->drawn, client_screen(c));
    c->repaint = true;

    c->noanswer = config->server;
    c->version = config->version ? config->version : "";
    c->started = now;
    c->escape.key = config->escape_key;
    escape_quit_keys(&c->escape, quit_keys, sizeof quit_keys);
    overlay_init(&c->overlay, quit_keys, config->title_prefix, config->predict_mode,
                 config->predict_overwrite, now);
    c->overlay.pager = &c->lookback.pager;
    c->predict_mark = config->predict_mark;
    c->overlay.panel = &c->panel;
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
    buf_release(&c->panel);
    overlay_release(&c->overlay);
    lookback_release(&c->lookback);
    transport_free(c->transport);
    free(c);
}

struct userstream *client_typed(struct client *c)
{
    return transport_local(c->transport);
}

/* --- the server, as far as it was heard --- */

bool client_connected(const struct client *c)
{
    return transport_remote_num(c->transport) > 0;
}

msec_t client_contact_time(const struct client *c)
{
    return client_connected(c) ? transport_remote_time(c->transport) : c->started;
}

/* When the newest thing was sent that the server is known to have. If it has everything, the proof
   may be old because it was a repetition that arrived; nothing is late then. */
msec_t client_reply_time(const struct client *c)
{
    msec_t acked = transport_acked_time(c->transport);

    if (transport_acked_num(c->transport) == transport_sent_num(c->transport))
        return client_contact_time(c);
    return acked == MSEC_NEVER ? c->started : acked;
}

/* --- what was typed --- */

static size_t unacked_bytes(const struct client *c)
{
    const struct userstream *u = transport_local(c->transport);

    return userstream_bytes_since(u, userstream_start(u));
}

/* Whatever is unacknowledged may have to be sent again whole, so a paste goes in slices. */
void client_pass_on_waiting(struct client *c)
{
    size_t unacked = unacked_bytes(c), len;

    if (c->leaving || unacked >= CLIENT_UNACKED_BYTES_MAX)
        return;
    len = CLIENT_UNACKED_BYTES_MAX - unacked;
    if (len > c->waiting.len)
        len = c->waiting.len;
    userstream_put_keys(client_typed(c), c->waiting.data, len);
    buf_consume(&c->waiting, len);
}

/* --- leaving --- */

/* A server that has been silent, or that the network says is gone, will hardly answer; one that was
   there a moment ago is given the time to. */
static msec_t patience_ms(const struct client *c, msec_t now)
{
    bool silent =
        !client_connected(c) || msec_since(now, client_contact_time(c)) > NOTIFY_CONTACT_LATE_MS;

    return silent || c->send_failed ? CLIENT_LEAVE_SILENT_MS : CLIENT_LEAVE_MS;
}

void client_leave(struct client *c, msec_t now, const char *why)
{
    if (c->leaving)
        return;
    log_debug("leaving: %s", why);
    client_pass_on_waiting(c);
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
    client_leave(c, steady_advance(&c->clock, now), "the terminal is gone");
}

void client_signal(struct client *c, msec_t now, enum client_signal signal)
{
    now = steady_advance(&c->clock, now);
    if (signal == CLIENT_SIGNAL_END)
        client_leave(c, now, "a signal was received");
    else
        c->repaint = true;
}

/* --- the window --- */

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
        userstream_put_resize(client_typed(c), rows, cols);
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

static struct ways_news news(const struct client *c)
{
    return (struct ways_news){
        .heard = transport_heard_time(c->transport),
        .round_trip = transport_acked_time(c->transport),
        .waiting = transport_waiting_since(c->transport),
        .srtt_ms = transport_srtt_ms(c->transport),
    };
}

int client_datagram_from(struct client *c, msec_t now, size_t from, const uint8_t *bytes,
                         size_t len, bool congested)
{
    struct transport_event event;
    const struct ways_news before = news(c);
    int result;

    now = steady_advance(&c->clock, now);
    result = transport_recv(c->transport, now, bytes, len, congested, &event);
    if (event.new_state) {
        transport_set_reports(c->transport, client_server_features(c) & FEATURE_REPORT);
        transport_set_probes(c->transport, client_server_features(c) & FEATURE_PROBES);
    }
    if (!event.newest)
        return result;
    note_send_failed(c, now, false);
    notify_network_is_back(&c->overlay.notify, now);
    ways_heard(&c->ways, now, &before, event.acked, from);
    const struct ways_news after = news(c);
    ways_settle(&c->ways, &after);
    /* The server holds back what is large until it knows that we are where it sends to. */
    if (c->answer_due)
        transport_hurry(c->transport, now);
    c->answer_due = false;
    return result;
}

int client_datagram(struct client *c, msec_t now, const uint8_t *bytes, size_t len, bool congested)
{
    return client_datagram_from(c, now, WAYS_NONE, bytes, len, congested);
}

const struct buf *client_last_word(struct client *c)
{
    return transport_last_word(c->transport);
}

bool client_pull_datagram(struct client *c, struct buf *out)
{
    const struct ways_news n = news(c);

    if (!transport_pull(c->transport, out))
        return false;
    uint64_t sent = transport_get_stats(c->transport)->instructions_sent;
    if (sent != c->pulled) {
        c->beside = ways_beside(&c->ways, c->clock.now, &n);
        c->pulled = sent;
        c->pieces = 0;
    }
    if (++c->pieces > WAYS_BESIDE_DATAGRAMS || transport_pulled_probe(c->transport))
        c->beside = WAYS_NONE;
    return true;
}

bool client_pulled_probe(const struct client *c)
{
    return transport_pulled_probe(c->transport);
}

void client_refused(struct client *c)
{
    transport_refused(c->transport);
}

size_t client_address(const struct client *c)
{
    return c->ways.chosen;
}

size_t client_address_beside(const struct client *c)
{
    return c->beside;
}

bool client_in_doubt(const struct client *c, msec_t now)
{
    const struct ways_news n = news(c);

    return ways_in_doubt(&c->ways, steady_at(&c->clock, now), &n);
}

void client_send_result(struct client *c, msec_t now, const char *error)
{
    now = steady_advance(&c->clock, now);
    if (error) {
        notify_network_error(&c->overlay.notify, now, error);
        note_send_failed(c, now, true);
    } else {
        notify_network_works(&c->overlay.notify, now);
    }
}

void client_show_address(struct client *c, const char *address, bool is_ipv6)
{
    snprintf(c->noanswer.address, sizeof c->noanswer.address, "%s", address);
    c->noanswer.is_ipv6 = is_ipv6;
}

void client_network_says(struct client *c, enum noanswer_news news, const char *error)
{
    noanswer_note(&c->noanswer, news, error);
}

void client_explain_silence(const struct client *c, msec_t now, struct buf *out)
{
    noanswer_text(&c->noanswer, msec_since(steady_at(&c->clock, now), c->started), out);
}

void client_set_network(struct client *c, bool is_ipv6)
{
    transport_set_network(c->transport, is_ipv6);
}

void client_set_payload_max(struct client *c, size_t udp_payload_bytes)
{
    transport_set_payload_max(c->transport, udp_payload_bytes);
}

bool client_hop_due(const struct client *c, msec_t now)
{
    const struct ways_news n = news(c);

    return client_state(c) == CLIENT_RUNNING &&
           ways_hop_due(&c->ways, steady_at(&c->clock, now), &n);
}

void client_hopped(struct client *c, msec_t now)
{
    now = steady_advance(&c->clock, now);
    ways_hopped(&c->ways, now);
    c->answer_due = true;
    transport_hurry(c->transport, now);
}

/*
 * The server learns of the new path by what is sent. It is told the profile once more, because that
 * is content: it is repeated until it is acknowledged, and acknowledged soon, by every server.
 */
void client_network_changed(struct client *c, msec_t now)
{
    log_debug("the network has changed");
    now = steady_advance(&c->clock, now);
    ways_network_changed(&c->ways, now);
    if (!c->silent && !c->leaving && client_connected(c) &&
        transport_waiting_since(c->transport) == MSEC_NEVER)
        userstream_put_profile(client_typed(c), c->profile.data, c->profile.len);
    transport_path_changed(c->transport, now);
}

/* --- time --- */

static msec_t connect_deadline(const struct client *c, msec_t now)
{
    static const msec_t steps[] = {CLIENT_CONNECT_BAR_MS, CLIENT_DIAGNOSE_MS};

    if (client_connected(c) || c->leaving)
        return MSEC_NEVER;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (now < msec_after(c->started, steps[i]))
            return msec_after(c->started, steps[i]);
    }
    return msec_after(c->started, CLIENT_CONNECT_GIVE_UP_MS);
}

void client_tick(struct client *c, msec_t caller_now)
{
    msec_t now = steady_advance(&c->clock, caller_now);

    if (!client_connected(c) && msec_since(now, c->started) >= CLIENT_CONNECT_GIVE_UP_MS)
        client_leave(c, now, "the server did not answer");
    if (client_tokens_deadline(c) <= now)
        client_keys(c, caller_now, NULL, 0);
    if (now >= c->news_due)
        c->news_due = MSEC_NEVER; /* a frame follows */
    client_pass_on_waiting(c);
    if (!c->leaving)
        lookback_update(&c->lookback, now, transport_remote(c->transport), client_typed(c));
    transport_tick(c->transport, now);
    client_compare_predictions(c, now);
    client_update_bar(c, now);
}

msec_t client_deadline(struct client *c, msec_t now)
{
    msec_t deadline;

    now = steady_advance(&c->clock, now);
    deadline = transport_deadline(c->transport, now);
    deadline = msec_min(deadline, overlay_deadline(&c->overlay, now));
    deadline = msec_min(deadline, client_tokens_deadline(c));
    deadline = msec_min(deadline, c->news_due);
    if (!c->leaving)
        deadline = msec_min(deadline, lookback_deadline(&c->lookback));
    if (c->escape.panel)
        deadline = msec_min(deadline, (now / CLIENT_STATUS_MS + 1) * CLIENT_STATUS_MS);
    if (now < c->no_history_until)
        deadline = msec_min(deadline, c->no_history_until);
    deadline = msec_min(deadline, connect_deadline(c, now));
    return steady_for_caller(&c->clock, deadline);
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
        return client_connected(c) ? CLIENT_UNANSWERED : CLIENT_NEVER_REACHED;
    case TRANSPORT_EXHAUSTED:
        return CLIENT_KEY_EXHAUSTED;
    }
    return CLIENT_RUNNING;
}

int client_exit_status(const struct client *c)
{
    struct serverinfo info = hostscreen_serverinfo(transport_remote(c->transport));

    return info.ended ? info.status : -1;
}

struct transport *client_transport(struct client *c)
{
    return c->transport;
}

uint32_t client_server_features(const struct client *c)
{
    return hostscreen_features(transport_remote(c->transport));
}

const struct screen *client_screen(const struct client *c)
{
    return hostscreen_screen(transport_remote(c->transport));
}
