/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_PROFILE_H
#define MOSH_TERMINAL_PROFILE_H

/*
 * What a client says of itself and of the user's terminal. The server learns from it what it may
 * send, and answers questions of programs with it. Plain data; statesync/profile.h says how it
 * travels. {0} with the colours unknown is a client that has said nothing, as stock's are.
 */

#include <stdbool.h>
#include <stdint.h>

/* What the client program understands beyond the vocabulary of stock mosh. */
enum profile_feature {
    FEATURE_STYLES = 1 << 0,    /* SGR of all kinds, with colons too */
    FEATURE_LINKS = 1 << 1,     /* OSC 8 */
    FEATURE_REGISTERS = 1 << 2, /* cursor style, colours, keyboard and mouse modes, directory ... */
    FEATURE_EVENTS = 1 << 3,    /* numbered events */
    FEATURE_CLUSTERS = 1 << 4,  /* mode 2027, if the width tables are the same */
    FEATURE_MARKS = 1 << 5,     /* OSC 133 */
    FEATURE_HISTORY = 1 << 6,   /* lines that left the screen */
    FEATURE_FACTS = 1 << 7,     /* facts about the program */
    FEATURE_SERVER = 1 << 8,    /* the server's version, and how its command ended */
    FEATURE_REPORT = 1 << 9,    /* what gets lost, and is marked by the network */
    FEATURE_PROBES = 1 << 10,   /* of the path's MTU */
};
#define FEATURES_KNOWN                                                                             \
    (FEATURE_STYLES | FEATURE_LINKS | FEATURE_REGISTERS | FEATURE_EVENTS | FEATURE_CLUSTERS |      \
     FEATURE_MARKS | FEATURE_HISTORY | FEATURE_FACTS | FEATURE_SERVER | FEATURE_REPORT |           \
     FEATURE_PROBES)

/* What the user's terminal has, as far as programs have to know it. */
enum profile_ability {
    CAN_KITTY_KEYBOARD = 1 << 0,
    CAN_MODIFY_OTHER_KEYS = 1 << 1,
    CAN_PIXEL_MOUSE = 1 << 2,
    CAN_UNDERLINE_STYLES = 1 << 3,
    CAN_UNDERLINE_COLOUR = 1 << 4,
    CAN_CLIPBOARD = 1 << 5, /* OSC 52 writes reach it */
    CAN_NOTIFY = 1 << 6,
    CAN_REPORT_SCHEME = 1 << 7,  /* mode 2031 */
    CAN_CLUSTERS = 1 << 8,       /* mode 2027 */
    CAN_READ_CLIPBOARD = 1 << 9, /* and its user lets programs do so */
};

enum profile_scheme { SCHEME_UNKNOWN, SCHEME_DARK, SCHEME_LIGHT };

#define PROFILE_PALETTE     16
#define PROFILE_NAME_BYTES  64
#define PROFILE_PIXELS_MAX  65535
#define PROFILE_COLOURS_MAX ((uint32_t)1 << 24)
#define PROFILE_NO_COLOUR   UINT32_MAX

struct profile {
    uint32_t features;      /* of enum profile_feature */
    uint32_t abilities;     /* of enum profile_ability */
    uint32_t width_version; /* of its tables of widths and clusters: WIDTH_TABLE_VERSION */
    uint32_t colours;       /* 8, 16, 256 or 1 << 24; 0: unknown */
    uint32_t foreground, background, cursor; /* 0xRRGGBB or PROFILE_NO_COLOUR */
    uint32_t palette[PROFILE_PALETTE];
    uint16_t cell_width, cell_height; /* in pixels; 0: unknown */
    enum profile_scheme scheme;
    char name[PROFILE_NAME_BYTES]; /* the terminal's own, printable ASCII, or empty */
};

/* A client that has said nothing. */
extern const struct profile profile_silent;

#endif
