/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SESSION_PROBE_H
#define MOSH_SESSION_PROBE_H

/*
 * Asks the user's terminal what it is and can do. Nobody waits for the answers: they come among
 * what is typed, some at once, some late, some never, and are taken out of it as long as the
 * session lasts; a terminal that has answered the last question, which all terminals know (DA1),
 * has answered all that it will. The programs in the session get their own answers from the server,
 * so what looks like an answer to one of these questions is one.
 *
 * A terminal may print what it does not understand. So after the questions the whole screen is to
 * be drawn.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "terminal/tokens.h"
#include "util/buf.h"
#include "util/msec.h"

#define PROBE_PALETTE        16
#define PROBE_IDENTITY_BYTES 64
#define PROBE_NO_COLOUR      UINT32_MAX
#define PROBE_PIXELS_MAX     65535

/* How long the beginning of an answer may wait for the rest of it. */
#define PROBE_ESC_MS    5    /* an ESC */
#define PROBE_BEGIN_MS  20   /* what may also be a key */
#define PROBE_ANSWER_MS 1000 /* what no key begins with */

/* Colours are not asked for more often than this. */
#define PROBE_COLOURS_MS 1000

/* After so long a terminal is not expected to answer any more. */
#define PROBE_PATIENCE_MS 10000

enum probe_extent {
    PROBE_NOTHING,
    PROBE_PLAIN, /* no device control strings: some terminals print these, or pass them on */
    PROBE_ALL,
};

enum probe_scheme { PROBE_SCHEME_UNKNOWN, PROBE_DARK, PROBE_LIGHT };

/* What is known from answers so far. */
struct probe_facts {
    bool synchronized_output; /* mode 2026 */
    bool clusters;            /* mode 2027 */
    bool clusters_set;        /* and it was on before we came */
    bool scheme_reports;      /* mode 2031 */
    bool pixel_mouse;         /* mode 1016 */
    bool kitty_keyboard;
    bool modify_other_keys;
    bool underline_styles, underline_colour, true_colour, clipboard; /* by XTGETTCAP */
    uint32_t foreground, background, cursor; /* 0xRRGGBB, or PROBE_NO_COLOUR */
    uint32_t palette[PROBE_PALETTE];
    uint16_t cell_width, cell_height; /* in pixels; 0: unknown */
    uint16_t area_width, area_height; /* the same of the whole text */
    enum probe_scheme scheme;
    char identity[PROBE_IDENTITY_BYTES]; /* name and version, printable ASCII; or empty */
};

struct probe {
    enum probe_extent extent;
    bool asked;
    unsigned missing; /* answers to the last question of each time that it was asked */
    msec_t asked_at;
    struct probe_facts facts;
};

void probe_init(struct probe *p, enum probe_extent extent);

/* Appends the questions, if the terminal may be asked. */
void probe_ask(struct probe *p, msec_t now, struct buf *out);

/* Appends the questions for colours, if these were answered before and not asked just now. */
void probe_ask_colours_again(struct probe *p, msec_t now, struct buf *out);

/* Appends the question for sizes in pixels, if that was answered before: the window is another. */
void probe_ask_size_again(struct probe *p, struct buf *out);

/* Appends the last question alone: when it is answered, all that was sent before was. */
void probe_ask_last(struct probe *p, msec_t now, struct buf *out);

/* Whether the token is an answer, which then belongs to nobody else; *news tells whether it changed
   the facts. */
bool probe_take(struct probe *p, const struct token *t, bool *news);

/* For how long what has come of a token may wait, in case an answer has been cut apart; 0 if it is
   none. */
msec_t probe_hold_ms(const struct probe *p, const uint8_t *bytes, size_t len);

/* Whether all that was asked has been answered, as far as it will be; and whether answers are still
   to be expected. */
bool probe_has_answered(const struct probe *p);
bool probe_is_waiting(const struct probe *p, msec_t now);

#endif
