/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_OVERLAY_PREDICT_H
#define MOSH_OVERLAY_PREDICT_H

/*
 * Shows what keys will do before the server has answered. Nothing here changes what is sent, and
 * nothing waits for it: a prediction is drawn on a copy of the screen, compared with the screen
 * when the answer comes, and forgotten.
 *
 *   predict_keys   bytes of the user's terminal -> keys
 *   predict_edit   what a key does to a line of text
 *   predict_queue  keys without an answer, and how they compare with the screen
 *   predict_score  whether a key does what it is expected to do
 *   predict_written  where typed text was seen to appear in an editor
 *   predict_pace   whether the link is slow enough to show anything
 *   predict        what may be trusted, and what is done when it was wrong
 *
 * Trust comes before speed. Predictions belong to epochs. An epoch ends with every key that may
 * change what typing means (Enter, Tab, what is not known), and whenever the cursor is found where
 * no key has brought it. In a new one nothing is shown until the screen has proved that what is
 * typed appears; so a password does not appear here, because it does not appear there. For a
 * program that turns its echo off without any of these signs there is no help on this side.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "overlay/predict_keys.h"
#include "overlay/predict_pace.h"
#include "overlay/predict_prompt.h"
#include "overlay/predict_queue.h"
#include "overlay/predict_score.h"
#include "overlay/predict_vi.h"
#include "overlay/predict_written.h"
#include "terminal/facts.h"
#include "terminal/screen.h"
#include "util/msec.h"

#define PREDICT_BULK_BYTES   100 /* more in one piece is a paste: nothing is predicted */
#define PREDICT_CONTEXTS     16
#define PREDICT_ANSWERED     4
#define PREDICT_OPEN_MAX     64   /* keys that can be predicted anew after an error */
#define PREDICT_GRACE_MIN_MS 250  /* an echo may be so late after the acknowledgement, */
#define PREDICT_GRACE_MAX_MS 500  /* and so late if echoes have been late before */
#define PREDICT_ERRORS_MS    2000 /* two errors that were seen in so long are one too many, */
#define PREDICT_SUPPRESS_MS  2000 /* and nothing is shown for so long */

/* What else is known at a moment. */
struct predict_facts {
    uint64_t sent_num; /* our newest state that was sent */
    uint64_t echo_ack; /* of the newest screen: our state whose keys must show on it */
    msec_t frame_interval_ms;
    msec_t rtt_ms;        /* smoothed */
    struct facts program; /* of the newest screen */
};

/* The row where typing goes on. Columns are PREDICT_COL_UNKNOWN where they are not known. */
struct predict_line {
    size_t row;       /* SIZE_MAX: none */
    size_t floor;     /* where typed text began */
    size_t confirmed; /* the same, of text that was seen to appear */
    size_t end;       /* after the text */
    bool fixed;       /* text after the cursor does not make room for what is typed */
    bool styled;      /* `style` is how typed text appears */
    struct style style;
};

/* A key that has no answer yet, whether it was predicted or not. */
struct predict_open {
    struct predict_key key;
    uint64_t number; /* of the key, in the order of typing */
    uint64_t frame;  /* our state that has it */
    msec_t made;
    uint32_t job;              /* the program that was there then, or 0 */
    struct predict_place seen; /* where the cursor was then, on the newest screen */
    size_t typed_cols; /* how many columns the text takes that was typed before it on its line */
    bool ahead;        /* typed before it was known what program would read it */
    enum predict_vi_mode mode; /* in which it is read */
};

/* How predictions look that are not to be relied on. */
enum predict_mark { PREDICT_UNDERLINE, PREDICT_DOTTED, PREDICT_DASHED, PREDICT_FAINT };

struct predict {
    enum predict_mode mode;
    enum predict_mark mark; /* of what the user's terminal has; anybody may set it */
    bool overwrite;
    struct predict_reader reader;
    struct predict_pace pace;
    struct predict_score score[PREDICT_CONTEXTS][PREDICT_CLASSES];

    struct predict_queue queue;
    struct predict_place base; /* where the cursor is before the first of the queue */

    struct predict_open open[PREDICT_OPEN_MAX];
    size_t open_count;
    uint32_t answered[PREDICT_ANSWERED]; /* characters that were answered, the newest first, or 0 */
    uint64_t keys;                       /* so many were typed */
    uint64_t frame;                      /* our state that has the newest key */
    uint64_t echo_ack;                   /* the newest one that is answered */
    uint32_t last_code;      /* the character that was typed last; 0: something else was */
    uint64_t boundary_frame; /* the last one that may have changed what typing means */
    struct predict_place boundary_place; /* where the cursor was then, */
    struct screen boundary_screen;       /* and the newest screen, {0} at first */
    size_t boundary_keys;                /* how many were typed after it, */
    size_t boundary_cols;                /* and how many columns the text among them takes, */
    struct predict_typed typed;          /* and what they are */
    bool lost;                           /* where the cursor will be is not known */
    uint64_t resume_frame;               /* and cannot be before this one is answered, */
    uint64_t unseen_frame;               /* or this one: the keys up to it are not in `open` */

    uint64_t epoch;
    bool trusted;     /* what is typed in this epoch may be shown */
    bool provisional; /* because it always was so at this prompt; not proved yet */
    uint64_t earning; /* the epoch that `earned` belongs to */
    unsigned earned;
    msec_t unrest;        /* when the screen last did what no key explains, or a line was ended */
    msec_t rtt_ms;        /* smoothed */
    msec_t modes_since;   /* when another program, or one that reads otherwise, was last seen */
    uint32_t windows_job; /* a program with several windows, in which shells are; 0: none */
    uint32_t bare_job;    /* a program that has read a line without asking for it; 0: none */
    uint64_t bare_frame;  /* our state with the Enter that ended it */

    struct predict_line line;
    struct predict_prompts prompts;
    struct predict_written written;
    struct predict_vi vi;
    size_t goal;          /* the column that Up and Down try to keep, */
    uint64_t goal_number; /* as long as nothing was typed after this key */
    struct facts program; /* of the newest screen */

    struct row *seen;                /* the row with the cursor as it was at the last update, */
    struct predict_place seen_place; /* and the cursor; NULL at first */

    size_t rows, cols;      /* of the newest screen */
    size_t mark_row;        /* a row to find again when the screen has scrolled, */
    uint64_t mark_identity; /* and its identity; 0 if there is none */

    msec_t lateness;         /* how late echoes usually are, after the acknowledgement */
    msec_t error;            /* when an error was last seen, or never */
    msec_t suppressed_until; /* nothing is shown before */

    uint64_t right, wrong; /* predictions that were settled, whether they were seen or not */
};

/* `overwrite`: what is typed takes the place of what stands there. */
void predict_init(struct predict *p, enum predict_mode mode, bool overwrite);
void predict_release(struct predict *p);

/* Forgets all predictions, as when the window was resized. */
void predict_reset(struct predict *p);

/* Compares with the newest authoritative screen. Call when there may be a new one, and when the
   deadline has passed. */
void predict_update(struct predict *p, msec_t now, const struct predict_facts *facts,
                    const struct screen *screen);

/* Takes what was sent of one read from the user's terminal; predict_update comes first. */
void predict_keys(struct predict *p, msec_t now, const struct predict_facts *facts,
                  const struct screen *screen, const uint8_t *bytes, size_t len);

/* Draws on a copy of the screen of the last update. */
void predict_apply(const struct predict *p, msec_t now, struct screen *frame);

/* When predict_update next has something to do, or what predict_apply draws changes; MSEC_NEVER if
   only a new screen or a key can bring that. */
msec_t predict_deadline(const struct predict *p, msec_t now);

#endif
