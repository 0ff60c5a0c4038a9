/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/outer.h"

#include <string.h>

#include "util/width.h"

enum {
    UNDERLINES = 1, /* all styles of them, and their colour */
    OVERLINE = 2,
    CLIPBOARD = 4,
    PROGRESS = 8,
};

/* Terminals that say who they are, with what they can do and cannot be asked for. */
static const struct terminal {
    const char *name; /* its identity begins with this */
    unsigned can;
    enum note_form notes;
} terminals[] = {
    {"contour", UNDERLINES | OVERLINE | CLIPBOARD, NOTE_OSC777},
    {"foot(", UNDERLINES | CLIPBOARD, NOTE_OSC777},
    {"ghostty", UNDERLINES | OVERLINE | CLIPBOARD | PROGRESS, NOTE_OSC777},
    {"iTerm2", UNDERLINES | CLIPBOARD, NOTE_OSC9},
    {"kitty(", UNDERLINES | CLIPBOARD, NOTE_OSC99},
    {"mintty", UNDERLINES | OVERLINE | PROGRESS, NOTE_NONE},
    {"tmux", CLIPBOARD, NOTE_NONE},
    {"VTE(", UNDERLINES | OVERLINE, NOTE_NONE},
    {"WezTerm", UNDERLINES | OVERLINE | CLIPBOARD, NOTE_OSC777},
    {"XTerm(", 0, NOTE_NONE},
};

/* Whoever knows how to say who it is, is no older than this. */
static void learn_age(struct caps *caps)
{
    caps->colours = COLOURS_DIRECT;
    caps->faint = caps->struck = true;
    caps->links = true;
    caps->cursor_style = true;
    caps->directory = caps->prompt_marks = true;
}

static void learn_identity(struct caps *caps, const char *identity)
{
    static const struct terminal unknown;
    const struct terminal *found = &unknown;
    unsigned can;

    if (!identity[0])
        return;
    learn_age(caps);
    for (size_t i = 0; i < sizeof terminals / sizeof *terminals; i++) {
        if (strncmp(identity, terminals[i].name, strlen(terminals[i].name)) == 0)
            found = &terminals[i];
    }
    can = found->can;
    caps->underline_styles |= (can & UNDERLINES) != 0;
    caps->underline_colour |= (can & UNDERLINES) != 0;
    caps->double_underline |= (can & UNDERLINES) != 0;
    caps->overline |= (can & OVERLINE) != 0;
    caps->clipboard |= (can & CLIPBOARD) != 0;
    if (found->notes != NOTE_NONE)
        caps->notifications = found->notes;
    caps->progress |= (can & PROGRESS) != 0;
}

void outer_learn(struct caps *caps, const struct probe_facts *facts)
{
    learn_identity(caps, facts->identity);
    if (facts->true_colour)
        caps->colours = COLOURS_DIRECT;
    caps->underline_styles |= facts->underline_styles;
    caps->double_underline |= facts->underline_styles;
    caps->underline_colour |= facts->underline_colour;
    caps->clipboard |= facts->clipboard;
    caps->synchronized_output |= facts->synchronized_output;
    caps->clusters |= facts->clusters;
    caps->clusters_set |= facts->clusters_set;
    caps->scheme_reports |= facts->scheme_reports;
    caps->pixel_mouse |= facts->pixel_mouse;
    caps->kitty_keyboard |= facts->kitty_keyboard;
    caps->modify_other_keys |= facts->modify_other_keys;
    caps->default_colours |= facts->background != PROBE_NO_COLOUR;
    caps->cursor_colour |= facts->cursor != PROBE_NO_COLOUR;
    caps->palette |= facts->palette[0] != PROBE_NO_COLOUR;
}

bool outer_looks_differ(const struct caps *a, const struct caps *b)
{
    struct caps same = *a;

    same.synchronized_output = b->synchronized_output;
    same.scheme_reports = b->scheme_reports;
    same.kitty_keyboard = b->kitty_keyboard;
    same.modify_other_keys = b->modify_other_keys;
    same.pixel_mouse = b->pixel_mouse;
    same.clusters_set = b->clusters_set;
    same.clipboard = b->clipboard;
    same.notifications = b->notifications;
    /* If bytes between the members differ, all is painted once more than is needed.
       NOLINTNEXTLINE(bugprone-suspicious-memory-comparison,cert-exp42-c,cert-flp37-c) */
    return memcmp(&same, b, sizeof same) != 0;
}

static uint32_t abilities(const struct caps *caps)
{
    const struct {
        bool has;
        enum profile_ability ability;
    } all[] = {
        {caps->kitty_keyboard, CAN_KITTY_KEYBOARD},
        {caps->modify_other_keys, CAN_MODIFY_OTHER_KEYS},
        {caps->pixel_mouse, CAN_PIXEL_MOUSE},
        {caps->underline_styles, CAN_UNDERLINE_STYLES},
        {caps->underline_colour, CAN_UNDERLINE_COLOUR},
        {caps->clipboard, CAN_CLIPBOARD},
        {caps->notifications != NOTE_NONE, CAN_NOTIFY},
        {caps->scheme_reports, CAN_REPORT_SCHEME},
        {caps->clusters, CAN_CLUSTERS},
        {caps->clipboard_read, CAN_READ_CLIPBOARD},
    };
    uint32_t abilities = 0;

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        abilities |= all[i].has ? all[i].ability : 0;
    return abilities;
}

_Static_assert(PROBE_NO_COLOUR == PROFILE_NO_COLOUR && PROBE_PALETTE == PROFILE_PALETTE &&
                   PROBE_IDENTITY_BYTES == PROFILE_NAME_BYTES && PROBE_DARK == (int)SCHEME_DARK &&
                   PROBE_LIGHT == (int)SCHEME_LIGHT,
               "what the terminal answers is what the server is told");

struct profile outer_profile(const struct caps *caps, const struct probe_facts *facts)
{
    struct profile p = {
        .features = FEATURES_KNOWN,
        .abilities = abilities(caps),
        .width_version = WIDTH_TABLE_VERSION,
        .colours = caps->colours,
        .foreground = facts->foreground,
        .background = facts->background,
        .cursor = facts->cursor,
        .cell_width = facts->cell_width,
        .cell_height = facts->cell_height,
        .scheme = (enum profile_scheme)facts->scheme,
    };

    memcpy(p.palette, facts->palette, sizeof p.palette);
    memcpy(p.name, facts->identity, sizeof p.name);
    return p;
}
