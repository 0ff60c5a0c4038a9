/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TERMINAL_HANDOVER_H
#define MOSH_TERMINAL_HANDOVER_H

/*
 * Taking the user's terminal over for a session, and giving it back as any program expects it. What
 * is between these the display writes. What the terminal had before, and we may have changed, is
 * saved and restored where terminals can do that (titles, kitty's keyboard flags), or else put back
 * to its default; what nothing has touched is left alone.
 */

#include "terminal/caps.h"
#include "terminal/screen.h"
#include "util/buf.h"

/* Before the first frame. */
void handover_begin(const struct caps *caps, struct buf *out);

/* What handover_begin would have done besides, had it known more: `caps` instead of `known`. */
void handover_learn(const struct caps *known, const struct caps *caps, struct buf *out);

/* After the last frame, which showed `shown`. NULL: anything may have been shown, or half of it. */
void handover_end(const struct caps *caps, const struct screen *shown, struct buf *out);

/* Around a frame that is to be seen whole or not at all (mode 2026). */
#define HANDOVER_FRAME_BEGIN "\033[?2026h"
#define HANDOVER_FRAME_END   "\033[?2026l"

#endif
