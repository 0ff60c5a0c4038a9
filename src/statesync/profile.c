/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "statesync/profile.h"

#include <string.h>

#include "wire/pballoc.h"
#include "wire/profile.pb-c.h"

#define DECODED_BYTES_MAX ((size_t)16 << 10)

static bool is_known(uint32_t colour)
{
    return colour != PROFILE_NO_COLOUR;
}

void profile_encode(const struct profile *p, struct buf *out)
{
    Wire__Profile pb = WIRE__PROFILE__INIT;
    uint32_t palette[PROFILE_PALETTE];

    pb.has_features = true;
    pb.features = p->features;
    pb.has_abilities = p->abilities != 0;
    pb.abilities = p->abilities;
    pb.has_width_version = true;
    pb.width_version = p->width_version;
    pb.has_colours = p->colours != 0;
    pb.colours = p->colours;
    pb.has_foreground = is_known(p->foreground);
    pb.foreground = p->foreground;
    pb.has_background = is_known(p->background);
    pb.background = p->background;
    pb.has_cursor = is_known(p->cursor);
    pb.cursor = p->cursor;
    memcpy(palette, p->palette, sizeof palette);
    pb.palette = palette;
    while (pb.n_palette < PROFILE_PALETTE && is_known(palette[pb.n_palette]))
        pb.n_palette++;
    pb.has_cell_width = pb.has_cell_height = p->cell_width && p->cell_height;
    pb.cell_width = p->cell_width;
    pb.cell_height = p->cell_height;
    pb.has_scheme = p->scheme != SCHEME_UNKNOWN;
    pb.scheme = p->scheme;
    pb.has_name = p->name[0] != '\0';
    pb.name = (ProtobufCBinaryData){strlen(p->name), (uint8_t *)(uintptr_t)p->name};
    buf_reserve(out, wire__profile__get_packed_size(&pb));
    out->len += wire__profile__pack(&pb, out->data + out->len);
}

static uint32_t colour(bool given, uint32_t value)
{
    return given && value <= 0xFFFFFF ? value : PROFILE_NO_COLOUR;
}

static uint32_t colour_count(uint32_t colours)
{
    bool possible =
        colours == 8 || colours == 16 || colours == 256 || colours == PROFILE_COLOURS_MAX;

    return possible ? colours : 0;
}

/* A name that is too long or has anything but printable ASCII is none. */
static void take_name(const ProtobufCBinaryData *name, char *out)
{
    if (name->len >= PROFILE_NAME_BYTES)
        return;
    for (size_t i = 0; i < name->len; i++)
        if (name->data[i] < 0x20 || name->data[i] > 0x7E)
            return;
    if (name->len > 0)
        memcpy(out, name->data, name->len);
}

static struct profile from_message(const Wire__Profile *pb)
{
    struct profile p = profile_silent;
    bool cell = pb->cell_width >= 1 && pb->cell_width <= PROFILE_PIXELS_MAX &&
                pb->cell_height >= 1 && pb->cell_height <= PROFILE_PIXELS_MAX;

    p.features = pb->features;
    p.abilities = pb->abilities;
    p.width_version = pb->width_version;
    p.colours = colour_count(pb->colours);
    p.foreground = colour(pb->has_foreground, pb->foreground);
    p.background = colour(pb->has_background, pb->background);
    p.cursor = colour(pb->has_cursor, pb->cursor);
    for (size_t i = 0; i < pb->n_palette && i < PROFILE_PALETTE; i++)
        p.palette[i] = colour(true, pb->palette[i]);
    p.cell_width = cell ? (uint16_t)pb->cell_width : 0;
    p.cell_height = cell ? (uint16_t)pb->cell_height : 0;
    if (pb->scheme == SCHEME_DARK || pb->scheme == SCHEME_LIGHT)
        p.scheme = (enum profile_scheme)pb->scheme;
    if (pb->has_name)
        take_name(&pb->name, p.name);
    return p;
}

int profile_decode(const uint8_t *bytes, size_t len, struct profile *p)
{
    struct pballoc memory;
    ProtobufCMessage *message;
    int err = 0;

    if (len > PROFILE_BYTES_MAX)
        return ERR_LIMIT;
    pballoc_init(&memory, DECODED_BYTES_MAX);
    message = pballoc_unpack(&memory, &wire__profile__descriptor, bytes, len, &err);
    if (!message)
        return err;
    *p = from_message((const Wire__Profile *)message);
    pballoc_free(&memory, message);
    return 0;
}
