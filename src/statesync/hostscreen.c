/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "statesync/hostscreen.h"

#include <stdlib.h>

#include "statesync/lines.h"
#include "terminal/display.h"
#include "terminal/history.h"
#include "terminal/profile.h"
#include "util/xalloc.h"
#include "wire/hostmsg.h"

struct hostscreen {
    struct emulator *emulator;
    uint64_t echo_ack;
    uint64_t awaited; /* the acknowledgement that the client waits for */
    uint32_t features;
    struct serverinfo info;
    struct facts facts;    /* as far as the terminal does not know them */
    bool told;             /* of the history, since lines of it were asked for: */
    uint64_t oldest, next; /* in snapshots, and in a mirror; a live emulator's are its history's */
    struct text *lines;    /* the newest answer; NULL: none */
    bool zero;             /* state 0, whose size the peer does not know */
};

struct hostscreen *hostscreen_new(enum emulator_role role, size_t rows, size_t cols)
{
    struct hostscreen *h = xcalloc(1, sizeof *h);

    h->emulator = emulator_new(role, rows, cols);
    h->zero = true;
    return h;
}

void hostscreen_leave_zero(struct hostscreen *h)
{
    h->zero = false;
}

struct emulator *hostscreen_emulator(struct hostscreen *h)
{
    return h->emulator;
}

const struct screen *hostscreen_screen(const struct hostscreen *h)
{
    return emulator_screen(h->emulator);
}

uint32_t hostscreen_features(const struct hostscreen *h)
{
    return h->features;
}

void hostscreen_set_features(struct hostscreen *h, uint32_t features)
{
    h->features = features;
}

/* The vocabulary for a client that has announced `features`. */
static struct caps caps_for(uint32_t features)
{
    struct caps caps = caps_mirror;

    if (features & FEATURE_STYLES) {
        caps.faint = caps_extended.faint;
        caps.struck = caps_extended.struck;
        caps.rapid_blink = caps_extended.rapid_blink;
        caps.overline = caps_extended.overline;
        caps.double_underline = caps_extended.double_underline;
        caps.underline_styles = caps_extended.underline_styles;
        caps.underline_colour = caps_extended.underline_colour;
    }
    if (features & FEATURE_LINKS)
        caps.links = caps_extended.links;
    if (features & FEATURE_CLUSTERS)
        caps.clusters = caps_extended.clusters;
    if (features & FEATURE_MARKS)
        caps.prompt_marks = caps_extended.prompt_marks;
    if (features & FEATURE_REGISTERS) {
        caps.cursor_style = caps_extended.cursor_style;
        caps.cursor_colour = caps_extended.cursor_colour;
        caps.default_colours = caps_extended.default_colours;
        caps.palette = caps_extended.palette;
        caps.directory = caps_extended.directory;
        caps.progress = caps_extended.progress;
        caps.keypad = caps_extended.keypad;
        caps.kitty_keyboard = caps_extended.kitty_keyboard;
        caps.modify_other_keys = caps_extended.modify_other_keys;
        caps.pixel_mouse = caps_extended.pixel_mouse;
        caps.scheme_reports = caps_extended.scheme_reports;
    }
    if (features & FEATURE_EVENTS) {
        caps.clipboard = caps_extended.clipboard;
        caps.notifications = caps_extended.notifications;
    }
    return caps;
}

struct caps hostscreen_caps(const struct hostscreen *h)
{
    return caps_for(h->features);
}

/* --- facts about the program --- */

void hostscreen_set_facts(struct hostscreen *h, const struct facts *facts)
{
    h->facts = *facts;
}

/* A mirror's terminal knows nothing of what does not travel with the screen. */
struct facts hostscreen_facts(const struct hostscreen *h)
{
    struct facts facts = h->facts;

    if (!(h->features & FEATURE_FACTS) || !facts.known)
        return (struct facts){0};
    facts.alternate |= emulator_shows_alternate(h->emulator);
    facts.application_cursor |= emulator_application_cursor_keys(h->emulator);
    return facts;
}

static void diff_facts(const struct hostscreen *old, const struct hostscreen *new, struct buf *out)
{
    struct facts before = hostscreen_facts(old), after = hostscreen_facts(new);
    const struct hostmsg_facts message = {
        .modes = (after.echo ? HOSTMSG_ECHO : 0u) | (after.canonical ? HOSTMSG_CANONICAL : 0u) |
                 (after.alternate ? HOSTMSG_ALTERNATE : 0u) |
                 (after.application_cursor ? HOSTMSG_APPLICATION_CURSOR : 0u),
        .erase = after.erase,
        .kill = after.kill,
        .word_erase = after.word_erase,
        .job = after.job,
    };

    if (after.known && !facts_equal(&before, &after))
        hostmsg_put_facts(out, &message);
}

/* --- the server --- */

void hostscreen_set_serverinfo(struct hostscreen *h, const struct serverinfo *info)
{
    h->info = *info;
}

struct serverinfo hostscreen_serverinfo(const struct hostscreen *h)
{
    return h->features & FEATURE_SERVER ? h->info : (struct serverinfo){.ended = false};
}

static bool serverinfos_equal(const struct hostscreen *a, const struct hostscreen *b)
{
    struct serverinfo one = hostscreen_serverinfo(a), other = hostscreen_serverinfo(b);

    return serverinfo_equal(&one, &other);
}

static void diff_serverinfo(const struct hostscreen *old, const struct hostscreen *new,
                            struct buf *out)
{
    struct serverinfo before = hostscreen_serverinfo(old), after = hostscreen_serverinfo(new);

    serverinfo_put_diff(&before, &after, out);
}

/* --- the history --- */

struct kept {
    uint64_t oldest, next;
};

static struct kept kept_lines(const struct hostscreen *h)
{
    const struct history *history = emulator_history(h->emulator);

    if (!h->told)
        return (struct kept){0, 0};
    if (!history)
        return (struct kept){h->oldest, h->next};
    return (struct kept){history_oldest(history), history_next(history)};
}

bool hostscreen_history(const struct hostscreen *h, uint64_t *oldest, uint64_t *next)
{
    *oldest = kept_lines(h).oldest;
    *next = kept_lines(h).next;
    return h->told;
}

struct text *hostscreen_lines(const struct hostscreen *h)
{
    return h->lines;
}

void hostscreen_set_lines(struct hostscreen *h, struct text *lines)
{
    h->told = true;
    text_replace(&h->lines, lines);
}

uint64_t hostscreen_echo_ack(const struct hostscreen *h)
{
    return h->echo_ack;
}

void hostscreen_set_echo_ack(struct hostscreen *h, uint64_t state_num)
{
    assert(state_num >= h->echo_ack);
    h->echo_ack = state_num;
}

void hostscreen_await_echo_ack(struct hostscreen *h, uint64_t state_num)
{
    h->awaited = state_num;
}

/* --- the contract of transport/sync.h --- */

static void *hostscreen_clone(const void *state)
{
    const struct hostscreen *h = state;
    struct hostscreen *copy = xcalloc(1, sizeof *copy);

    copy->emulator = emulator_clone(h->emulator);
    copy->echo_ack = h->echo_ack;
    copy->awaited = h->awaited;
    copy->features = h->features;
    copy->facts = h->facts;
    copy->info = h->info;
    copy->told = h->told;
    copy->oldest = kept_lines(h).oldest;
    copy->next = kept_lines(h).next;
    copy->lines = text_ref(h->lines);
    copy->zero = h->zero;
    return copy;
}

static void hostscreen_free(void *state)
{
    struct hostscreen *h = state;

    if (!h)
        return;
    emulator_free(h->emulator);
    text_unref(h->lines);
    free(h);
}

static bool history_equal(const struct hostscreen *a, const struct hostscreen *b)
{
    return a->told == b->told && kept_lines(a).oldest == kept_lines(b).oldest &&
           kept_lines(a).next == kept_lines(b).next && text_equal(a->lines, b->lines);
}

static bool equal_but_for_the_echo(const struct hostscreen *one, const struct hostscreen *other)
{
    struct facts facts = hostscreen_facts(one), other_facts = hostscreen_facts(other);

    return one->zero == other->zero && one->features == other->features &&
           facts_equal(&facts, &other_facts) && serverinfos_equal(one, other) &&
           history_equal(one, other) &&
           screen_equal(hostscreen_screen(one), hostscreen_screen(other));
}

static bool hostscreen_equal(const void *a, const void *b)
{
    const struct hostscreen *one = a, *other = b;

    return one->echo_ack == other->echo_ack && equal_but_for_the_echo(one, other);
}

/* Nobody waits for an echo acknowledgement alone. */
static bool hostscreen_urgent(const void *from, const void *to)
{
    return !equal_but_for_the_echo(from, to);
}

/* By whoever sees a line editor, at whose prompt it may go on. */
static bool hostscreen_awaited(const void *from, const void *to)
{
    const struct hostscreen *before = from, *after = to;
    struct facts program = hostscreen_facts(after);

    return program.known && !program.canonical && !program.echo &&
           before->echo_ack < after->awaited && after->echo_ack >= after->awaited;
}

/* An answer that is there no more is an empty one. */
static void diff_history(const struct hostscreen *old, const struct hostscreen *new,
                         struct buf *out)
{
    struct kept kept = kept_lines(new);
    const struct text *lines = new->lines;

    if (history_equal(old, new))
        return;
    if (text_equal(old->lines, lines))
        hostmsg_put_history(out, kept.oldest, kept.next, NULL, 0);
    else
        hostmsg_put_history(out, kept.oldest, kept.next,
                            (const uint8_t *)(lines ? lines->bytes : ""), lines ? lines->len : 0);
}

static struct reader text_reader(const struct text *text)
{
    return (struct reader){(const uint8_t *)text->bytes, text->len};
}

/* Those of `after` that are newer than all of `before`. */
static void put_events(const struct events *before, const struct events *after, struct buf *out)
{
    for (size_t i = 0; after && i < after->count; i++) {
        const struct screen_event *event = &after->event[i];
        const struct hostmsg_event message = {.number = event->number,
                                              .kind = event->kind,
                                              .name = text_reader(event->name),
                                              .text = text_reader(event->text)};
        if (event->number > events_newest(before))
            hostmsg_put_event(out, &message);
    }
}

/* Room for most frames at the first try. */
enum { FRAME_BYTES_FIRST = 1024 };

/* The order matters: the bytes assume the new size. */
static void hostscreen_diff(const void *from, const void *to, struct buf *out)
{
    const struct hostscreen *old = from, *new = to;
    const struct screen *before = hostscreen_screen(old), *after = hostscreen_screen(new);
    struct caps caps = caps_for(old->features);
    struct buf bytes = {0};

    if (old->zero && hostscreen_equal(old, new))
        return;
    buf_reserve(&bytes, FRAME_BYTES_FIRST);
    if (old->echo_ack != new->echo_ack)
        hostmsg_put_echo_ack(out, new->echo_ack);
    if (old->zero || before->rows != after->rows || before->cols != after->cols)
        hostmsg_put_resize(out, (int32_t)after->cols, (int32_t)after->rows);
    caps.clipboard = new->features &FEATURE_EVENTS; /* what comes as an event, comes as no other */
    display_diff(&caps, before, after, &bytes);
    if (old->features != new->features) {
        hostmsg_put_announcement(out, new->features);
        caps = caps_for(new->features);
        display_diff(&caps, NULL, after, &bytes);
    }
    if (bytes.len > 0)
        hostmsg_put_bytes(out, bytes.data, bytes.len);
    buf_release(&bytes);
    if (caps.clipboard)
        put_events(before->events, after->events, out);
    diff_facts(old, new, out);
    diff_serverinfo(old, new, out);
    diff_history(old, new, out);
}

static int apply_bytes(void *context, const uint8_t *bytes, size_t len)
{
    struct hostscreen *h = context;

    emulator_write(h->emulator, bytes, len, NULL);
    return 0;
}

static int apply_resize(void *context, int32_t cols, int32_t rows)
{
    struct hostscreen *h = context;

    if (!screen_size_valid(rows, cols))
        return ERR_LIMIT;
    emulator_resize(h->emulator, (size_t)rows, (size_t)cols);
    return 0;
}

static int apply_echo_ack(void *context, uint64_t echo_ack_num)
{
    struct hostscreen *h = context;

    if (echo_ack_num < h->echo_ack)
        return ERR_MALFORMED;
    h->echo_ack = echo_ack_num;
    return 0;
}

static int apply_announcement(void *context, uint32_t features)
{
    struct hostscreen *h = context;

    h->features = features;
    if (!(features & FEATURE_FACTS))
        h->facts = (struct facts){0};
    if (!(features & FEATURE_SERVER))
        h->info = (struct serverinfo){.ended = false};
    return 0;
}

static int apply_server(void *context, const struct hostmsg_server *server)
{
    struct hostscreen *h = context;

    if (h->features & FEATURE_SERVER)
        serverinfo_take(&h->info, server);
    return 0;
}

/* What cannot be is ignored; what we do not know yet is, too. */
static int apply_facts(void *context, const struct hostmsg_facts *f)
{
    struct hostscreen *h = context;

    if (f->erase > UINT8_MAX || f->kill > UINT8_MAX || f->word_erase > UINT8_MAX ||
        !(h->features & FEATURE_FACTS))
        return 0;
    h->facts = (struct facts){
        .known = true,
        .echo = f->modes & HOSTMSG_ECHO,
        .canonical = f->modes & HOSTMSG_CANONICAL,
        .alternate = f->modes & HOSTMSG_ALTERNATE,
        .application_cursor = f->modes & HOSTMSG_APPLICATION_CURSOR,
        .erase = (uint8_t)f->erase,
        .kill = (uint8_t)f->kill,
        .word_erase = (uint8_t)f->word_erase,
        .job = f->job,
    };
    return 0;
}

static int apply_event(void *context, const struct hostmsg_event *event)
{
    struct hostscreen *h = context;

    emulator_take_event(h->emulator, event->number, event->kind, event->name, event->text);
    return 0;
}

static int apply_history(void *context, uint64_t oldest, uint64_t next, const uint8_t *lines,
                         size_t len)
{
    struct hostscreen *h = context;

    if (oldest > next)
        return ERR_MALFORMED;
    if (len > LINES_ANSWER_BYTES_MAX)
        return ERR_LIMIT;
    h->told = true;
    h->oldest = oldest;
    h->next = next;
    if (lines)
        text_replace(&h->lines, len > 0 ? text_new(lines, len) : NULL);
    return 0;
}

static int hostscreen_apply(void *state, const uint8_t *diff, size_t len)
{
    static const struct hostmsg_visitor visitor = {.bytes = apply_bytes,
                                                   .resize = apply_resize,
                                                   .echo_ack = apply_echo_ack,
                                                   .announcement = apply_announcement,
                                                   .event = apply_event,
                                                   .facts = apply_facts,
                                                   .history = apply_history,
                                                   .server = apply_server};
    struct hostscreen *h = state;

    h->zero = false;
    return hostmsg_walk(diff, len, &visitor, h);
}

static size_t hostscreen_footprint(const void *state)
{
    const struct hostscreen *h = state;

    return sizeof *h + emulator_footprint(h->emulator) +
           (h->lines ? h->lines->len / h->lines->refs + 1 : 0);
}

const struct sync_ops hostscreen_ops = {
    .clone = hostscreen_clone,
    .free = hostscreen_free,
    .equal = hostscreen_equal,
    .urgent = hostscreen_urgent,
    .awaited = hostscreen_awaited,
    .diff = hostscreen_diff,
    .apply = hostscreen_apply,
    .footprint = hostscreen_footprint,
};
