/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_OVERLAY_OVERLAY_H
#define MOSH_OVERLAY_OVERLAY_H

/*
 * What the client adds to the server's screen before the user sees it. A frame is a copy of the
 * newest screen. Predictions are drawn on it as it is; then it is fitted to the window, which the
 * server may not have heard of yet, and passes through the other overlays, the last on top:
 *
 *   predict  what keys will do
 *   pager    instead of the screen, what the user looks back at
 *   panel    lines of text below the bar
 *   notify   the bar on the top row
 *   title    a prefix that tells this window from a local one
 */

#include "overlay/notify.h"
#include "overlay/pager.h"
#include "overlay/panel.h"
#include "overlay/predict.h"
#include "terminal/screen.h"
#include "util/msec.h"

struct overlay {
    struct predict predict;
    const struct pager *pager; /* borrowed; NULL: none */
    const struct buf *panel;   /* its text, borrowed; NULL or empty: none */
    struct notify notify;
    struct text *title_prefix; /* NULL for none */
};

/* `quit_keys` and `title_prefix` may be "" for none. */
void overlay_init(struct overlay *o, const char *quit_keys, const char *title_prefix,
                  enum predict_mode predict_mode, bool predict_overwrite, msec_t now);
void overlay_release(struct overlay *o);

/* Cuts a frame to the window's size or pads it with blanks. If the cursor's row would be cut off,
   rows go at the top instead. */
void overlay_fit(struct screen *frame, size_t rows, size_t cols);

/* Makes a copy of the newest screen the frame of a window of this size. */
void overlay_apply(const struct overlay *o, msec_t now, struct screen *frame, size_t rows,
                   size_t cols);

/* When what overlay_apply draws on the same screen will next look different. */
msec_t overlay_deadline(const struct overlay *o, msec_t now);

#endif
