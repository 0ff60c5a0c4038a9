/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/client_internal.h"

#include <string.h>

#include "session/outer.h"
#include "statesync/hostscreen.h"
#include "statesync/profile.h"
#include "terminal/display.h"
#include "terminal/handover.h"
#include "terminal/keypress.h"

#define CTRL_L 0x0C

/* --- prediction --- */

static struct predict_facts predict_facts(const struct client *c)
{
    return (struct predict_facts){
        .sent_num = transport_sent_num(c->transport),
        .echo_ack = hostscreen_echo_ack(transport_remote(c->transport)),
        .frame_interval_ms = transport_frame_interval_ms(c->transport),
        .rtt_ms = transport_srtt_ms(c->transport),
        .program = hostscreen_facts(transport_remote(c->transport)),
    };
}

void client_compare_predictions(struct client *c, msec_t now)
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
    client_compare_predictions(c, now);
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
    if (!client_connected(c))
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
    case ESCAPE_STATUS:
        break;
    case ESCAPE_QUIT:
        client_leave(c, now, "as you asked");
        break;
    case ESCAPE_SUSPEND:
        c->suspend = true;
        break;
    case ESCAPE_LOOK_BACK:
        look_back(c, now);
        break;
    }
}

/* --- what the terminal says of itself --- */

/* Tells the server what is new about us and our terminal. */
void client_tell_profile(struct client *c)
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
    /* If bytes between the members differ, all is painted once more than is needed.
       NOLINTNEXTLINE(bugprone-suspicious-memory-comparison,cert-exp42-c,cert-flp37-c) */
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
    client_tell_profile(c);
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

msec_t client_tokens_deadline(const struct client *c)
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

    if (client_tokens_deadline(c) > now)
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

    now = steady_advance(&c->clock, now);
    take_bytes(c, now, bytes, len);
    release_tokens(c, now);
    predict(c, now, behind);
    client_pass_on_waiting(c);
}

/* --- asking the terminal --- */

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

const struct probe_facts *client_terminal(const struct client *c)
{
    return &c->probe.facts;
}

void client_ask_terminal(struct client *c, msec_t now, struct buf *out)
{
    probe_ask(&c->probe, steady_advance(&c->clock, now), out);
}

/* What a terminal may be about to send without being asked. */
static bool sends_by_itself(const struct screen *s)
{
    return screen_mouse_reporting(s) != MOUSE_OFF || s->focus_reporting;
}

void client_ask_last(struct client *c, msec_t now, struct buf *out)
{
    if (probe_has_answered(&c->probe) && sends_by_itself(&c->drawn))
        probe_ask_last(&c->probe, steady_advance(&c->clock, now), out);
}

bool client_terminal_owes(const struct client *c, msec_t now)
{
    return probe_is_waiting(&c->probe, steady_at(&c->clock, now));
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
