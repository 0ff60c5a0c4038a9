/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/osc.h"

#include <string.h>

#include "terminal/emulator_internal.h"

/*
 * Notifications: OSC 9 ; text, OSC 777 ; notify ; title ; body, and those of kitty, OSC 99. What
 * ConEmu made of OSC 9 begins with a number; of these, only progress (9;4;state;percent) is known.
 */

static bool parse_number(const struct osc_text *text, unsigned max, unsigned *value)
{
    *value = 0;
    for (size_t i = 0; i < text->len; i++) {
        if (text->bytes[i] < '0' || text->bytes[i] > '9')
            return false;
        *value = *value * 10 + (unsigned)(text->bytes[i] - '0');
        if (*value > max)
            return false;
    }
    return text->len > 0;
}

/* A percentage that is missing is that of before where the state goes on with it, as when a
   program is paused, and otherwise 0. */
static void set_progress(struct registers *r, struct osc_text *left)
{
    struct osc_text part;
    unsigned state, percent;

    if (!osc_next(left, &part) || !parse_number(&part, PROGRESS_STATE_MAX, &state))
        return;
    if (!osc_next(left, &part) || !parse_number(&part, 100, &percent))
        percent = state == PROGRESS_FAILED || state == PROGRESS_PAUSED ? r->percent : 0;
    if (state == PROGRESS_NONE || state == PROGRESS_UNKNOWN)
        percent = 0;
    r->progress = (uint8_t)state;
    r->percent = (uint8_t)percent;
}

/* What a server writes is no program's. */
static void notify(struct emulator *e, struct reader title, struct reader body)
{
    if (e->role == EMULATOR_HOST)
        events_add_note(&e->screen.events, title, body);
}

void osc_notify(struct emulator *e, const struct osc_text *text)
{
    enum { CONEMU_PROGRESS = 4, CONEMU_MAX = 12 };
    struct osc_text left = *text, part = osc_first(&left);
    unsigned number;

    if (!parse_number(&part, CONEMU_MAX, &number))
        notify(e, (struct reader){0}, osc_reader(text));
    else if (number == CONEMU_PROGRESS)
        set_progress(&e->screen.registers, &left);
}

static bool is_word(const struct osc_text *text, const char *word)
{
    return text->len == strlen(word) &&
           (text->len == 0 || memcmp(text->bytes, word, text->len) == 0);
}

void osc_notify_with_title(struct emulator *e, const struct osc_text *text)
{
    struct osc_text left = *text, word = osc_first(&left), title;

    if (is_word(&word, "notify") && osc_next(&left, &title))
        notify(e, osc_reader(&title), osc_reader(&left));
}

/* --- OSC 99 ; key=value:key=value ; payload --- */

#define PART_BYTES_MAX 4096 /* of a title or body that comes in parts; the rest is left out */

struct metadata {
    struct osc_text id; /* empty: none */
    char payload;       /* t or b, or something else: neither title nor body */
    bool more;          /* other parts follow */
    bool base64;
};

static void take_pair(struct metadata *m, const uint8_t *pair, size_t len)
{
    struct osc_text value;

    if (len < 2 || pair[1] != '=')
        return;
    value = (struct osc_text){.bytes = pair + 2, .len = len - 2};
    switch (pair[0]) {
    case 'i':
        m->id = value;
        break;
    case 'p':
        m->payload = is_word(&value, "title") ? 't' : is_word(&value, "body") ? 'b' : '\0';
        break;
    case 'd':
        m->more = is_word(&value, "0");
        break;
    case 'e':
        m->base64 = is_word(&value, "1");
        break;
    }
}

static struct metadata read_metadata(const struct osc_text *text)
{
    struct metadata m = {.id = {.bytes = text->bytes}, .payload = 't'};
    const uint8_t *at = text->bytes, *end = at + text->len;

    while (at < end) {
        const uint8_t *colon = memchr(at, ':', (size_t)(end - at));
        const uint8_t *next = colon ? colon : end;
        take_pair(&m, at, (size_t)(next - at));
        at = colon ? colon + 1 : end;
    }
    return m;
}

static int base64_value(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Up to where it is base64. */
static void append_base64(struct buf *out, const struct osc_text *text)
{
    uint32_t bits = 0;
    unsigned count = 0;

    for (size_t i = 0; i < text->len && base64_value(text->bytes[i]) >= 0; i++) {
        bits = bits << 6 | (uint32_t)base64_value(text->bytes[i]);
        count += 6;
        if (count >= 8) {
            count -= 8;
            buf_append_byte(out, (uint8_t)(bits >> count & 0xFF));
        }
    }
}

static void append_part(struct text **slot, const struct metadata *m,
                        const struct osc_text *payload)
{
    struct buf joined = {0};

    if (*slot)
        buf_append(&joined, (*slot)->bytes, (*slot)->len);
    if (m->base64)
        append_base64(&joined, payload);
    else if (payload->len > 0)
        buf_append(&joined, payload->bytes, payload->len);
    text_replace(slot, text_new(joined.data, smaller(joined.len, PART_BYTES_MAX)));
    buf_release(&joined);
}

static struct reader text_reader(const struct text *text)
{
    return text ? (struct reader){(const uint8_t *)text->bytes, text->len} : (struct reader){0};
}

/* One notification at a time is put together; parts of another one end it unseen. */
void osc_notify_in_parts(struct emulator *e, const struct osc_text *text)
{
    struct note_parts *parts = &e->note_parts;
    struct osc_text payload = *text, pairs = osc_first(&payload);
    struct metadata m;

    if (text->cut || !payload.bytes)
        return;
    m = read_metadata(&pairs);
    if (!parts->id || !is_word(&m.id, parts->id->bytes))
        note_parts_release(parts);
    if (!parts->id)
        parts->id = text_new(m.id.bytes, smaller(m.id.len, PART_BYTES_MAX));
    if (m.payload == 't')
        append_part(&parts->title, &m, &payload);
    else if (m.payload == 'b')
        append_part(&parts->body, &m, &payload);
    if (m.more)
        return;
    notify(e, text_reader(parts->title), text_reader(parts->body));
    note_parts_release(parts);
}

void note_parts_release(struct note_parts *parts)
{
    text_unref(parts->id);
    text_unref(parts->title);
    text_unref(parts->body);
    *parts = (struct note_parts){0};
}

void note_parts_ref(const struct note_parts *parts)
{
    text_ref(parts->id);
    text_ref(parts->title);
    text_ref(parts->body);
}
