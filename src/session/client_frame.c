/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/client_internal.h"

#include <stdio.h>
#include <string.h>

#include "statesync/hostscreen.h"
#include "terminal/display.h"
#include "terminal/handover.h"

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
    if (!client_connected(c) && msec_since(now, c->started) >= CLIENT_CONNECT_BAR_MS)
        return TOPIC_CONNECTING;
    return TOPIC_NONE;
}

static void update_panel(struct client *c, msec_t now)
{
    buf_clear(&c->panel);
    if (c->escape.panel && !c->leaving)
        client_status_text(c, now, &c->panel);
    else if (c->topic == TOPIC_CONNECTING && msec_since(now, c->started) >= CLIENT_DIAGNOSE_MS)
        noanswer_text(&c->noanswer, 0, &c->panel);
}

static void update_bar(struct client *c, msec_t now)
{
    struct notify *notify = &c->overlay.notify;
    enum topic topic = current_topic(c, now);
    char text[NOTIFY_TEXT_MAX + 1] = "";

    notify_set_contact(notify, client_contact_time(c), client_reply_time(c));
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
        snprintf(text, sizeof text, "no answer yet from %s, UDP port %u", c->noanswer.address,
                 (unsigned)c->noanswer.port);
    if (text[0])
        notify_message(notify, now, text, true, topic == TOPIC_CONNECTING);
}

void client_update_bar(struct client *c, msec_t now)
{
    update_bar(c, now);
    update_panel(c, now);
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
    bool changed = !text_equal(frame->clipboard, c->drawn.clipboard);

    if (!changed || (!c->gate.no_clipboard && event_gate_clipboard(&c->gate, now)))
        return;
    text_replace(&frame->clipboard, text_ref(c->drawn.clipboard));
    if (!c->gate.no_clipboard)
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

/* What the terminal has not would be no mark at all, or look like a real underline. */
static enum predict_mark mark_for(const struct client *c)
{
    bool has = c->predict_mark == PREDICT_FAINT ? c->caps.faint : c->caps.underline_styles;

    return has ? c->predict_mark : PREDICT_UNDERLINE;
}

void client_draw(struct client *c, msec_t now, struct buf *out)
{
    struct screen frame;

    now = steady_advance(&c->clock, now);
    c->overlay.predict.mark = mark_for(c);
    screen_copy(&frame, client_screen(c));
    overlay_apply(&c->overlay, now, &frame, c->rows, c->cols);
    show(c, now, &frame, out);
}

void client_draw_last(struct client *c, msec_t now, struct buf *out)
{
    struct screen frame;

    screen_copy(&frame, client_screen(c));
    overlay_fit(&frame, c->rows, c->cols);
    show(c, steady_advance(&c->clock, now), &frame, out);
}
