/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overlay/notify.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SECOND_MS ((msec_t)1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS   (60 * MINUTE_MS)

static const struct style bar_style = {
    .foreground = COLOUR_INDEXED | 7,
    .background = COLOUR_INDEXED | 4,
    .attributes = STYLE_BOLD,
};

void notify_init(struct notify *n, const char *quit_keys, msec_t now)
{
    memset(n, 0, sizeof *n);
    snprintf(n->hint, sizeof n->hint, "%s", quit_keys);
    notify_set_contact(n, now, now);
}

void notify_set_contact(struct notify *n, msec_t contact, msec_t reply)
{
    n->contact = contact;
    n->reply = reply;
}

void notify_message(struct notify *n, msec_t now, const char *text, bool permanent, bool with_hint)
{
    snprintf(n->message, sizeof n->message, "%s", text);
    n->message_expires = permanent ? MSEC_NEVER : msec_after(now, NOTIFY_MESSAGE_MS);
    n->message_without_hint = !with_hint;
}

void notify_clear(struct notify *n)
{
    n->message[0] = '\0';
}

void notify_network_error(struct notify *n, msec_t now, const char *text)
{
    snprintf(n->network_error, sizeof n->network_error, "%s", text);
    n->network_error_expires = msec_after(now, NOTIFY_NETWORK_MS);
}

/* The error stays readable for a moment even if the very next datagram leaves. */
void notify_network_works(struct notify *n, msec_t now)
{
    n->network_error_expires =
        msec_min(n->network_error_expires, msec_after(now, NOTIFY_MESSAGE_MS));
}

void notify_network_is_back(struct notify *n, msec_t now)
{
    n->network_error_expires = msec_min(n->network_error_expires, now);
}

/* --- what there is to say --- */

static bool has_message(const struct notify *n, msec_t now)
{
    return n->message[0] && now < n->message_expires;
}

static bool has_network_error(const struct notify *n, msec_t now)
{
    return n->network_error[0] && now < n->network_error_expires;
}

/* How long which of the two directions has been silent, if too long; NULL if neither. What comes
   from the server counts first: without it no acknowledgement can arrive. */
static const char *silence(const struct notify *n, msec_t now, msec_t *since)
{
    if (msec_since(now, n->contact) > NOTIFY_CONTACT_LATE_MS) {
        *since = n->contact;
        return "contact";
    }
    if (msec_since(now, n->reply) > NOTIFY_REPLY_LATE_MS) {
        *since = n->reply;
        return "reply";
    }
    return NULL;
}

static void format_span(msec_t span, char *out, size_t size)
{
    if (span < MINUTE_MS)
        snprintf(out, size, "%" PRIu64 " s", span / SECOND_MS);
    else if (span < HOUR_MS)
        snprintf(out, size, "%" PRIu64 " min", span / MINUTE_MS);
    else
        snprintf(out, size, "%" PRIu64 " h %02" PRIu64 " min", span / HOUR_MS,
                 span % HOUR_MS / MINUTE_MS);
}

/* As far as there is room. */
static void append(char text[NOTIFY_TEXT_MAX + 1], const char *what)
{
    size_t at = strlen(text), len = strnlen(what, NOTIFY_TEXT_MAX - at);

    memcpy(text + at, what, len);
    text[at + len] = '\0';
}

/* Writes the bar's text; false if there is none. */
static bool compose(const struct notify *n, msec_t now, char text[NOTIFY_TEXT_MAX + 1])
{
    bool message = has_message(n, now), network_error = has_network_error(n, now);
    msec_t since = 0;
    const char *what = silence(n, now, &since);
    char late[64] = "";

    if (!message && !network_error && !what)
        return false;
    if (what) {
        char span[32];

        format_span(msec_since(now, since), span, sizeof span);
        snprintf(late, sizeof late, "%s without %s", span, what);
    }
    text[0] = '\0';
    append(text, "mosh: ");
    append(text, message ? n->message : network_error ? n->network_error : late);
    if (message && network_error) {
        append(text, ": ");
        append(text, n->network_error);
    }
    if (what && (message || network_error)) {
        append(text, " (");
        append(text, late);
        append(text, ")");
    }
    if (n->hint[0] && !(message && n->message_without_hint)) {
        append(text, " [to quit: ");
        append(text, n->hint);
        append(text, "]");
    }
    return true;
}

/* --- drawing --- */

void notify_apply(const struct notify *n, msec_t now, struct screen *s)
{
    char text[NOTIFY_TEXT_MAX + 1];
    size_t len;

    if (!compose(n, now, text))
        return;
    for (char *c = text; *c; c++) /* an error's text may be in any language */
        if (*c < ' ' || *c > '~')
            *c = '?';
    len = strlen(text) < s->cols ? strlen(text) : s->cols;
    screen_erase(s, 0, 0, s->cols, &bar_style);
    screen_put_ascii(s, 0, 0, (const uint8_t *)text, len, pool_intern_style(s->pool, &bar_style));
    if (s->cursor_row == 0)
        s->cursor_visible = false;
}

/* --- time --- */

/* When the time since an event that is told once it is `late_ms` ago next changes. */
static msec_t next_change(msec_t event, msec_t late_ms, msec_t now)
{
    msec_t span = msec_since(now, event), step = span < MINUTE_MS ? SECOND_MS : MINUTE_MS;

    if (event == MSEC_NEVER)
        return MSEC_NEVER;
    if (span <= late_ms)
        return msec_after(event, late_ms + 1);
    return msec_after(event, (span / step + 1) * step);
}

msec_t notify_deadline(const struct notify *n, msec_t now)
{
    msec_t deadline = next_change(n->contact, NOTIFY_CONTACT_LATE_MS, now);

    if (msec_since(now, n->contact) <= NOTIFY_CONTACT_LATE_MS)
        deadline = msec_min(deadline, next_change(n->reply, NOTIFY_REPLY_LATE_MS, now));
    if (has_message(n, now))
        deadline = msec_min(deadline, n->message_expires);
    if (has_network_error(n, now))
        deadline = msec_min(deadline, n->network_error_expires);
    return deadline;
}
