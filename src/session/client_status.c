/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/client_internal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "overlay/panel.h"
#include "statesync/hostscreen.h"

static PRINTF_LIKE(3, 4) void line(struct buf *out, const char *name, const char *format, ...)
{
    char value[PANEL_LINE_MAX + 1], text[PANEL_LINE_MAX + 1];
    va_list args;

    va_start(args, format);
    vsnprintf(value, sizeof value, format, args);
    va_end(args);
    snprintf(text, sizeof text, "%-11s  %.*s", name, PANEL_LINE_MAX - 14, value);
    buf_append_str(out, text);
    buf_append_byte(out, '\n');
}

static void say_address(const struct client *c, struct buf *out)
{
    const struct noanswer *n = &c->noanswer;

    line(out, "server", "%s, UDP port %u (%s)", n->address, n->port, n->is_ipv6 ? "IPv6" : "IPv4");
    if (n->others > 0)
        line(out, "", "and %zu more of its addresses are known", n->others);
}

static void say_times(const struct client *c, msec_t now, struct buf *out)
{
    const struct transport_stats *s = transport_get_stats(c->transport);

    if (s->round_trips > 0)
        line(out, "round trip", "%" PRIu64 " ms; the newest %" PRIu64 " ms",
             transport_srtt_ms(c->transport), s->round_trip_ms);
    else
        line(out, "round trip", "not measured yet");
    if (client_connected(c))
        line(out, "last heard", "%" PRIu64 " s ago",
             msec_since(now, transport_heard_time(c->transport)) / 1000);
    else
        line(out, "last heard", "never");
}

/* What came late counts as lost until it is there. */
static void say_datagrams(const struct client *c, struct buf *out)
{
    const struct transport_stats *s = transport_get_stats(c->transport);
    uint64_t sent_here = s->datagrams_numbered;
    uint64_t lost = sent_here > s->datagrams_received ? sent_here - s->datagrams_received : 0;

    line(out, "datagrams",
         "%" PRIu64 " sent, %" PRIu64 " received, %" PRIu64 " lost on the way here",
         s->datagrams_sent, s->datagrams_received, lost);
    if (sent_here > 0)
        line(out, "loss", "%" PRIu64 ".%" PRIu64 " %%", 100 * lost / sent_here,
             1000 * lost / sent_here % 10);
    line(out, "transport",
         "a frame every %" PRIu64 " ms at most; %" PRIu64 " of %" PRIu64 " sent again",
         transport_frame_interval_ms(c->transport), s->instructions_repeated, s->instructions_sent);
}

static void say_predictions(const struct client *c, struct buf *out)
{
    const struct predict *p = &c->overlay.predict;

    line(out, "predictions", "%" PRIu64 " right, %" PRIu64 " wrong (%s)", p->right, p->wrong,
         client_predict_mode_name(p->mode));
}

static void say_versions(const struct client *c, struct buf *out)
{
    struct serverinfo info = hostscreen_serverinfo(transport_remote(c->transport));

    line(out, "versions", "mosh-client %s; mosh-server %s", c->version[0] ? c->version : "unknown",
         info.version[0] ? info.version : "of stock mosh, or before 2.0");
}

void client_status_text(const struct client *c, msec_t now, struct buf *out)
{
    say_address(c, out);
    say_times(c, now, out);
    say_datagrams(c, out);
    say_predictions(c, out);
    say_versions(c, out);
    buf_append_str(out, "Any key closes this.\n");
}
