/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "statesync/userstream.h"

#include <stdlib.h>
#include <string.h>

#include "statesync/lines.h"
#include "statesync/profile.h"
#include "terminal/screen.h"
#include "util/text.h"
#include "util/xalloc.h"
#include "wire/usermsg.h"

/* The log is not searched for what nobody needs before it has grown to this many items. */
#define TRIM_ITEMS 4096

/* An item that is no typed byte: a resize, or what `text` is, if it is there. */
struct event {
    uint64_t item;
    int32_t rows, cols;
    struct text *text;
    bool is_request; /* for lines; else it is a profile */
};

/*
 * All snapshots of one stream share this. Item n is items.data[n - base]: the byte that was typed,
 * or a zero that stands for the entry of `events` (sorted by item) with the same number.
 */
struct log {
    struct userstream *states; /* list of all of them; the log ends with the last */
    uint64_t base;
    struct buf items;
    struct event *events;
    size_t event_count, event_cap;
    size_t text_bytes; /* of profiles */
    size_t trim_at;    /* items.len that makes a trim worth its search */
};

struct userstream {
    struct log *log;
    struct userstream *previous, *next;
    uint64_t start, end;
};

/* --- the log --- */

static uint64_t log_end(const struct log *l)
{
    return l->base + l->items.len;
}

static const uint8_t *log_at(const struct log *l, uint64_t item)
{
    return l->items.data + (size_t)(item - l->base);
}

/* Index of the first event with number `item` or above. */
static size_t log_event_from(const struct log *l, uint64_t item)
{
    size_t low = 0, high = l->event_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (l->events[middle].item < item)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Takes over the event's text. */
static void log_append_event(struct log *l, struct event event)
{
    if (l->event_count == l->event_cap) {
        l->event_cap = l->event_cap ? l->event_cap * 2 : 8;
        l->events = xreallocarray(l->events, l->event_cap, sizeof *l->events);
    }
    event.item = log_end(l);
    l->text_bytes += event.text ? event.text->len : 0;
    l->events[l->event_count++] = event;
    buf_append_byte(&l->items, 0);
}

static void log_drop_text(struct log *l, struct event *event)
{
    l->text_bytes -= event->text ? event->text->len : 0;
    text_unref(event->text);
}

/* Forgets the items in front of every state's start. */
static void log_trim(struct log *l)
{
    uint64_t needed = log_end(l);
    size_t gone;

    for (const struct userstream *u = l->states; u; u = u->next)
        if (u->start < needed)
            needed = u->start;
    gone = log_event_from(l, needed);
    for (size_t i = 0; i < gone; i++)
        log_drop_text(l, &l->events[i]);
    if (gone > 0)
        memmove(l->events, l->events + gone, (l->event_count - gone) * sizeof *l->events);
    l->event_count -= gone;
    buf_consume(&l->items, (size_t)(needed - l->base));
    l->base = needed;
    l->trim_at = l->items.len * 2 > TRIM_ITEMS ? l->items.len * 2 : TRIM_ITEMS;
}

/* Whether so many items more are within the limits: typed bytes, and events with so much text. */
static bool log_has_room(struct log *l, size_t bytes, size_t events, size_t text_bytes)
{
    if (bytes + events > USERSTREAM_ITEMS_MAX || text_bytes > USERSTREAM_TEXT_MAX)
        return false;
    for (int attempt = 0; attempt < 2; attempt++) {
        if (l->items.len <= USERSTREAM_ITEMS_MAX - bytes - events &&
            l->event_count <= USERSTREAM_EVENTS_MAX - events &&
            l->text_bytes <= USERSTREAM_TEXT_MAX - text_bytes)
            return true;
        log_trim(l);
    }
    return false;
}

/* --- states --- */

static struct userstream *state_new(struct log *l, uint64_t start, uint64_t end)
{
    struct userstream *u = xcalloc(1, sizeof *u);

    u->log = l;
    u->start = start;
    u->end = end;
    u->next = l->states;
    if (u->next)
        u->next->previous = u;
    l->states = u;
    return u;
}

struct userstream *userstream_new(void)
{
    struct log *l = xcalloc(1, sizeof *l);

    l->trim_at = TRIM_ITEMS;
    return state_new(l, 0, 0);
}

static void *userstream_clone(const void *state)
{
    const struct userstream *u = state;

    return state_new(u->log, u->start, u->end);
}

static void userstream_free(void *state)
{
    struct userstream *u = state;
    struct log *l;

    if (!u)
        return;
    l = u->log;
    if (u->next)
        u->next->previous = u->previous;
    if (u->previous)
        u->previous->next = u->next;
    else
        l->states = u->next;
    free(u);
    if (!l->states) {
        buf_wipe(&l->items);
        for (size_t i = 0; i < l->event_count; i++)
            log_drop_text(l, &l->events[i]);
        free(l->events);
        free(l);
    }
}

/* States of one log are the same when they end at the same item, whatever each has forgotten. */
static bool userstream_equal(const void *a, const void *b)
{
    const struct userstream *one = a, *other = b;

    assert(one->log == other->log);
    return one->end == other->end;
}

static void userstream_subtract(void *state, const void *known)
{
    struct userstream *u = state;
    const struct userstream *k = known;
    uint64_t start = k->end < u->end ? k->end : u->end;

    assert(u->log == k->log);
    if (start <= u->start)
        return;
    u->start = start;
    if (u->log->items.len >= u->log->trim_at)
        log_trim(u->log);
}

static size_t userstream_footprint(const void *state)
{
    (void)state; /* the log is shared by all, and has a limit of its own */
    return sizeof(struct userstream);
}

/* --- growing --- */

void userstream_put_keys(struct userstream *u, const uint8_t *keys, size_t len)
{
    assert(u->end == log_end(u->log));
    buf_append(&u->log->items, keys, len);
    u->end += len;
}

/* The last item, if it is an event that is in no state but `u`; else NULL. */
static struct event *private_event_at_end(const struct userstream *u)
{
    const struct log *l = u->log;

    if (l->event_count == 0 || l->events[l->event_count - 1].item + 1 != u->end ||
        u->start == u->end)
        return NULL;
    for (const struct userstream *other = l->states; other; other = other->next)
        if (other != u && other->end >= u->end)
            return NULL;
    return &l->events[l->event_count - 1];
}

void userstream_put_resize(struct userstream *u, size_t rows, size_t cols)
{
    struct log *l = u->log;
    struct event *last = private_event_at_end(u);

    assert(u->end == log_end(l) && rows <= SCREEN_SIDE_MAX && cols <= SCREEN_SIDE_MAX);
    if (last && !last->text) {
        last->rows = (int32_t)rows;
        last->cols = (int32_t)cols;
        return;
    }
    log_append_event(l, (struct event){.rows = (int32_t)rows, .cols = (int32_t)cols});
    u->end++;
}

/* What is said last is what counts, as long as nobody has heard the other. */
static void put_text(struct userstream *u, const uint8_t *bytes, size_t len, bool is_request)
{
    struct log *l = u->log;
    struct event *last = private_event_at_end(u);

    assert(u->end == log_end(l));
    if (last && last->text && last->is_request == is_request) {
        l->text_bytes += len - last->text->len;
        text_replace(&last->text, text_new(bytes, len));
        return;
    }
    log_append_event(l, (struct event){.text = text_new(bytes, len), .is_request = is_request});
    u->end++;
}

void userstream_put_profile(struct userstream *u, const uint8_t *profile, size_t len)
{
    assert(len > 0 && len <= PROFILE_BYTES_MAX);
    put_text(u, profile, len, false);
}

void userstream_put_request(struct userstream *u, const uint8_t *request, size_t len)
{
    assert(len > 0 && len <= LINES_REQUEST_BYTES_MAX);
    put_text(u, request, len, true);
}

/* --- differences --- */

static void userstream_diff(const void *from, const void *to, struct buf *out)
{
    const struct userstream *old = from, *new = to;
    const struct log *l = new->log;
    uint64_t at = old->end;
    size_t i;

    assert(old->log == l && old->end <= new->end && old->end >= l->base);
    for (i = log_event_from(l, at); i < l->event_count && l->events[i].item < new->end; i++) {
        const struct event *e = &l->events[i];

        if (e->item > at)
            usermsg_put_keys(out, log_at(l, at), (size_t)(e->item - at));
        if (e->text && e->is_request)
            usermsg_put_request(out, (const uint8_t *)e->text->bytes, e->text->len);
        else if (e->text)
            usermsg_put_profile(out, (const uint8_t *)e->text->bytes, e->text->len);
        else
            usermsg_put_resize(out, e->cols, e->rows);
        at = e->item + 1;
    }
    if (at < new->end)
        usermsg_put_keys(out, log_at(l, at), (size_t)(new->end - at));
}

static int apply_keys(void *context, const uint8_t *keys, size_t len)
{
    struct userstream *u = context;
    struct log *l = u->log;
    uint64_t held = log_end(l) - u->end;
    size_t overlap = len < held ? len : (size_t)held;
    size_t event = log_event_from(l, u->end);

    if (overlap > 0) {
        if (event < l->event_count && l->events[event].item < u->end + overlap)
            return ERR_MALFORMED;
        if (memcmp(log_at(l, u->end), keys, overlap) != 0)
            return ERR_MALFORMED;
    }
    if (!log_has_room(l, len - overlap, 0, 0))
        return ERR_LIMIT;
    buf_append(&l->items, keys + overlap, len - overlap);
    u->end += len;
    return 0;
}

/* What is the next item already has to be the same. Takes over the event's text. */
static int apply_event(struct userstream *u, struct event event)
{
    struct log *l = u->log;
    int err = 0;

    if (u->end < log_end(l)) {
        size_t i = log_event_from(l, u->end);
        if (i == l->event_count || l->events[i].item != u->end || l->events[i].rows != event.rows ||
            l->events[i].cols != event.cols || l->events[i].is_request != event.is_request ||
            !text_equal(l->events[i].text, event.text))
            err = ERR_MALFORMED;
        text_unref(event.text);
    } else if (!log_has_room(l, 0, 1, event.text ? event.text->len : 0)) {
        text_unref(event.text);
        err = ERR_LIMIT;
    } else {
        log_append_event(l, event);
    }
    u->end += err == 0;
    return err;
}

static int apply_resize(void *context, int32_t cols, int32_t rows)
{
    return apply_event(context, (struct event){.rows = rows, .cols = cols});
}

static int apply_profile(void *context, const uint8_t *profile, size_t len)
{
    if (len > PROFILE_BYTES_MAX)
        return ERR_LIMIT;
    return apply_event(context, (struct event){.text = text_new(profile, len)});
}

static int apply_request(void *context, const uint8_t *request, size_t len)
{
    if (len > LINES_REQUEST_BYTES_MAX)
        return ERR_LIMIT;
    return apply_event(context, (struct event){.text = text_new(request, len), .is_request = true});
}

static int userstream_apply(void *state, const uint8_t *diff, size_t len)
{
    static const struct usermsg_visitor visitor = {.keys = apply_keys,
                                                   .resize = apply_resize,
                                                   .profile = apply_profile,
                                                   .request = apply_request};

    return usermsg_walk(diff, len, &visitor, state);
}

/* --- looking --- */

uint64_t userstream_start(const struct userstream *u)
{
    return u->start;
}

uint64_t userstream_end(const struct userstream *u)
{
    return u->end;
}

size_t userstream_bytes_since(const struct userstream *u, uint64_t item)
{
    if (item < u->start)
        item = u->start;
    if (item >= u->end)
        return 0;
    return (size_t)(u->end - item) -
           (log_event_from(u->log, u->end) - log_event_from(u->log, item));
}

/* Visits the event of index *i, whose item is `at`, and of resizes that follow each other only the
   last. Returns the item behind. */
static uint64_t walk_event(const struct userstream *u, size_t *i, uint64_t at,
                           const struct userstream_visitor *v, void *context)
{
    const struct log *l = u->log;
    const struct event *e = &l->events[*i], *last = NULL;

    if (e->text) {
        (e->is_request ? v->request : v->profile)(context, (const uint8_t *)e->text->bytes,
                                                  e->text->len);
        (*i)++;
        return at + 1;
    }
    for (; *i < l->event_count && at < u->end; (*i)++, at++) {
        e = &l->events[*i];
        if (e->item != at || e->text)
            break;
        if (screen_size_valid(e->rows, e->cols))
            last = e;
    }
    if (last)
        v->resize(context, (size_t)last->rows, (size_t)last->cols);
    return at;
}

void userstream_walk(const struct userstream *u, uint64_t from, const struct userstream_visitor *v,
                     void *context)
{
    const struct log *l = u->log;
    uint64_t at = from > u->start ? from : u->start;
    size_t i = log_event_from(l, at);

    while (at < u->end) {
        uint64_t stop = u->end;

        if (i < l->event_count && l->events[i].item < stop)
            stop = l->events[i].item;
        if (stop > at)
            v->keys(context, log_at(l, at), (size_t)(stop - at));
        at = stop < u->end ? walk_event(u, &i, stop, v, context) : stop;
    }
}

const struct sync_ops userstream_ops = {
    .clone = userstream_clone,
    .free = userstream_free,
    .equal = userstream_equal,
    .diff = userstream_diff,
    .apply = userstream_apply,
    .subtract = userstream_subtract,
    .footprint = userstream_footprint,
};
