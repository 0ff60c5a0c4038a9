/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_OVERLAY_PREDICT_QUEUE_H
#define MOSH_OVERLAY_PREDICT_QUEUE_H

/*
 * Predictions that are not settled yet, in the order of their keys, and how they compare with what
 * the server shows.
 *
 * A prediction is what one key does: cells in one row, and a place for the cursor. Together they
 * are a path: the cursor has to be at one of its places, and where it is tells how far the
 * program has come. Each also keeps what its cells showed before it, for a program that has not
 * come to it yet is not a program that disagrees.
 *
 * Rows are counted on the newest screen. A row may lie below it for a while: that is where text
 * goes that follows an Enter on the last row, until the screen scrolls.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "overlay/predict_edit.h"
#include "terminal/screen.h"
#include "util/msec.h"

#define PREDICT_QUEUE_MAX 512

struct predict_place {
    size_t row, col;
    bool wrapped; /* the start of a row, or still the last column of the row above */
};

struct prediction {
    struct predict_key key;
    uint64_t number;    /* of the key */
    uint64_t frame;     /* our state number whose echo shows it */
    uint64_t epoch;     /* see predict.c */
    msec_t made;        /* when the key was typed */
    msec_t answered;    /* when the server first said that it must have shown; or never */
    bool trusted;       /* may be shown */
    bool starts;        /* the first text on its line, with nothing after it */
    uint32_t job;       /* the program for which it was typed, or 0 */
    size_t typed_cols;  /* see struct predict_open */
    bool ahead;         /* typed before it was known what program would read it */
    bool reached;       /* the cursor was seen where the key found it */
    bool trial;         /* the key's class is put to the proof, */
    bool heir;          /* in the midst of what was trusted */
    bool provisional;   /* trusted in advance: to be marked as such */
    size_t floor;       /* where typed text began on its line, or PREDICT_COL_UNKNOWN */
    size_t row;         /* of the cells */
    size_t from, cols;  /* its columns; 0 cols when only the cursor moves */
    size_t own;         /* how many of them the key itself writes */
    uint32_t stood;     /* the glyph in the first of them, on the screen, when the key was typed */
    struct row *before; /* what they showed, with what was predicted; NULL without cells */
    struct row *after;  /* what they will show */
    struct predict_place cursor;
};

struct predict_queue {
    struct prediction *item; /* oldest first */
    size_t count, capacity;
};

void predict_queue_release(struct predict_queue *q);

/* Takes over the references to rows. There must be room. */
void predict_queue_push(struct predict_queue *q, const struct prediction *item);
void predict_queue_drop(struct predict_queue *q, size_t index);

/* Says that the screen has scrolled by so many rows (positive: up). */
void predict_queue_scroll(struct predict_queue *q, int64_t rows);

/* Writes the cells of a row as they will look, `screen->cols` of them. They are borrowed. */
void predict_queue_view(const struct predict_queue *q, const struct screen *screen, size_t row,
                        struct cell *cells);

bool predict_place_is(const struct predict_place *place, const struct screen *screen);

/* How far the cursor has come on the path that starts at `base`: the number of predictions whose
   place it has reached, the most if there are several; -1 if it is on none of them. */
int64_t predict_queue_reached(const struct predict_queue *q, const struct predict_place *base,
                              const struct screen *screen);

enum predict_verdict {
    PREDICT_CAME_TRUE,
    PREDICT_IS_LATE,  /* all is as it was before */
    PREDICT_IS_WRONG, /* something else is there */
};

/* `reached` is from above. Looks at what the key itself writes, not at what it pushed about. */
enum predict_verdict predict_queue_judge(const struct predict_queue *q, size_t index,
                                         const struct screen *screen, int64_t reached);

/* Whether what a prediction pushed about went where it was expected; for one that is right. */
bool predict_queue_pushed(const struct predict_queue *q, size_t index, const struct screen *screen);

#endif
