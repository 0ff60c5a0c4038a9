/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_STATESYNC_USERSTREAM_H
#define MOSH_STATESYNC_USERSTREAM_H

/*
 * The client's object: everything that the user typed, every size that the window had, what the
 * client said of itself (statesync/profile.h), and which lines it asked for, in order. It only
 * grows at its end, so a snapshot is a position in a log that all snapshots share, and the
 * difference of two is the stretch between them.
 *
 * A peer could send two different texts for one stretch. The log is written once: a diff whose
 * overlap with it disagrees is refused.
 *
 * Items are counted from the start of the session: a byte, a resize, a profile, a request
 * is one. A size that no screen can have is kept as an item, so that both ends count alike, but
 * never visited.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transport/sync.h"

/* What the log may hold beyond what every snapshot has forgotten; more is refused (ERR_LIMIT). */
#define USERSTREAM_ITEMS_MAX  ((size_t)4 << 20)
#define USERSTREAM_EVENTS_MAX ((size_t)1 << 18) /* all but typed bytes */
#define USERSTREAM_TEXT_MAX   ((size_t)1 << 20) /* bytes of profiles, requests */

struct userstream;

extern const struct sync_ops userstream_ops; /* for states made here */

struct userstream *userstream_new(void); /* state 0: nothing typed */

/* For the newest state of the log alone. */
void userstream_put_keys(struct userstream *u, const uint8_t *keys, size_t len);

/* Takes the place of a resize at the end that no snapshot has seen: a window that is dragged for
   an hour without a network leaves one item. The size must be one that a screen can have. */
void userstream_put_resize(struct userstream *u, size_t rows, size_t cols);

/* Takes the place of a profile at the end, as a resize does. At most PROFILE_BYTES_MAX. */
void userstream_put_profile(struct userstream *u, const uint8_t *profile, size_t len);

/* A request for lines that left the screen (statesync/lines.h), in the same way. */
void userstream_put_request(struct userstream *u, const uint8_t *request, size_t len);

/* Number of the first item that was not subtracted, and of the one after the last. */
uint64_t userstream_start(const struct userstream *u);
uint64_t userstream_end(const struct userstream *u);

/* Bytes of typed text between an item number and the end. */
size_t userstream_bytes_since(const struct userstream *u, uint64_t item);

struct userstream_visitor {
    void (*keys)(void *context, const uint8_t *keys, size_t len);
    void (*resize)(void *context, size_t rows, size_t cols);
    void (*profile)(void *context, const uint8_t *profile, size_t len);
    void (*request)(void *context, const uint8_t *request, size_t len);
};

/* Visits the items from number `from` on. Of resizes that follow each other directly only the
   last is visited. What was subtracted is skipped. */
void userstream_walk(const struct userstream *u, uint64_t from, const struct userstream_visitor *v,
                     void *context);

#endif
