/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_WIRE_USERMSG_H
#define MOSH_WIRE_USERMSG_H

/*
 * The diff from client to server: typed bytes and changes of the window's size, in order, and
 * what the client says of itself. user.proto is its definition.
 */

#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"

/* Append one instruction each to a UserMessage under construction; an empty buf is an empty one. */
void usermsg_put_keys(struct buf *msg, const uint8_t *keys, size_t len);
void usermsg_put_resize(struct buf *msg, int32_t cols, int32_t rows);
void usermsg_put_profile(struct buf *msg, const uint8_t *profile, size_t len);
void usermsg_put_request(struct buf *msg, const uint8_t *request, size_t len);

/* Called for each instruction in order; each may return a negative code to stop the walk. */
struct usermsg_visitor {
    int (*keys)(void *context, const uint8_t *keys, size_t len);
    int (*resize)(void *context, int32_t cols, int32_t rows);
    int (*profile)(void *context, const uint8_t *profile, size_t len);
    int (*request)(void *context, const uint8_t *request, size_t len);
};

/*
 * Instructions without a known field are skipped, and so are empty ones; of several known fields in
 * one the first named above counts, as with stock mosh. Profiles, requests and sizes are handed
 * over as they came (0 if missing): the visitor checks them. Returns 0, ERR_MALFORMED, ERR_LIMIT,
 * or what a visitor returned; nothing is visited unless the whole message is well-formed.
 */
int usermsg_walk(const uint8_t *bytes, size_t len, const struct usermsg_visitor *v,
                 void *context) MUST_CHECK;

#endif
