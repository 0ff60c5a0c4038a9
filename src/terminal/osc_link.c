/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/osc.h"

#include <string.h>

#include "terminal/emulator_internal.h"
#include "terminal/links.h"

/*
 * Hyperlinks: OSC 8 ; parameters ; URI, until another or an empty one. Of the parameters, id is
 * known: it says that cells that do not lie side by side are one link. What is not a link, or too
 * long for one, ends the link before it.
 */

static bool is_printable(const struct osc_text *text)
{
    for (size_t i = 0; i < text->len; i++) {
        if (text->bytes[i] < 0x20 || text->bytes[i] > 0x7E)
            return false;
    }
    return true;
}

/* The value of id among parameters with colons between them; empty if there is none. */
static struct osc_text find_id(const struct osc_text *parameters)
{
    const uint8_t *at = parameters->bytes, *end = at + parameters->len;

    while (at < end) {
        const uint8_t *colon = memchr(at, ':', (size_t)(end - at));
        const uint8_t *next = colon ? colon : end;
        if (next - at >= 3 && memcmp(at, "id=", 3) == 0)
            return (struct osc_text){.bytes = at + 3, .len = (size_t)(next - at - 3)};
        at = next + (colon != NULL);
    }
    return (struct osc_text){0};
}

void osc_link(struct emulator *e, const struct osc_text *text)
{
    char link[sizeof "id=;" + LINK_ID_BYTES_MAX + LINK_URI_BYTES_MAX];
    struct osc_text uri = *text, parameters = osc_first(&uri), id;
    size_t len = 0;

    if (!uri.bytes)
        return; /* there is no second semicolon */
    id = find_id(&parameters);
    if (uri.len == 0 || text->cut || uri.len > LINK_URI_BYTES_MAX || id.len > LINK_ID_BYTES_MAX ||
        !is_printable(text)) {
        screen_set_link(&e->screen, 0);
        return;
    }
    if (id.len > 0) {
        /* NOLINTNEXTLINE(bugprone-not-null-terminated-result): a length goes with it. */
        memcpy(link, "id=", 3);
        memcpy(link + 3, id.bytes, id.len);
        len = 3 + id.len;
    }
    link[len++] = ';';
    memcpy(link + len, uri.bytes, uri.len);
    screen_set_link(&e->screen, pool_intern_link(e->screen.pool, link, len + uri.len));
}
