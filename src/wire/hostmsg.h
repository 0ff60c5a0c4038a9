/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_WIRE_HOSTMSG_H
#define MOSH_WIRE_HOSTMSG_H

/*
 * The diff from server to client: bytes for the client's mirror of the screen, the screen's size,
 * the echo acknowledgement, and what the server announces. host.proto is its definition.
 * Conventions as in wire/usermsg.h.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"

void hostmsg_put_echo_ack(struct buf *msg, uint64_t echo_ack_num);
void hostmsg_put_resize(struct buf *msg, int32_t cols, int32_t rows);
void hostmsg_put_bytes(struct buf *msg, const uint8_t *bytes, size_t len);
void hostmsg_put_announcement(struct buf *msg, uint32_t features);

/* Something that happened once (PROTOCOL.md section 9). The bytes are borrowed. */
struct hostmsg_event {
    uint64_t number;
    uint32_t kind;
    struct reader name, text;
};
void hostmsg_put_event(struct buf *msg, const struct hostmsg_event *event);
/* What the server knows of the program (PROTOCOL.md section 9). */
struct hostmsg_facts {
    uint32_t modes; /* a sum of HOSTMSG_... */
    uint32_t erase, kill, word_erase;
    uint32_t job;
};
enum {
    HOSTMSG_ECHO = 1,
    HOSTMSG_CANONICAL = 2,
    HOSTMSG_ALTERNATE = 4,
    HOSTMSG_APPLICATION_CURSOR = 8,
};
void hostmsg_put_facts(struct buf *msg, const struct hostmsg_facts *facts);

/* Of the history: which lines [oldest, next) are kept, and if not NULL, encoded lines. */
void hostmsg_put_history(struct buf *msg, uint64_t oldest, uint64_t next, const uint8_t *lines,
                         size_t len);

/* What is to be known of the server (PROTOCOL.md section 9). */
struct hostmsg_server {
    bool ended; /* the command has, with `status` */
    uint32_t status;
    struct reader version; /* empty: nothing is said of it */
};
void hostmsg_put_server(struct buf *msg, const struct hostmsg_server *server);

struct hostmsg_visitor {
    int (*bytes)(void *context, const uint8_t *bytes, size_t len);
    int (*resize)(void *context, int32_t cols, int32_t rows);
    int (*echo_ack)(void *context, uint64_t echo_ack_num);
    int (*announcement)(void *context, uint32_t features);
    int (*event)(void *context, const struct hostmsg_event *event);
    int (*facts)(void *context, const struct hostmsg_facts *facts);
    int (*history)(void *context, uint64_t oldest, uint64_t next, const uint8_t *lines, size_t len);
    int (*server)(void *context, const struct hostmsg_server *server);
};

int hostmsg_walk(const uint8_t *bytes, size_t len, const struct hostmsg_visitor *v,
                 void *context) MUST_CHECK;

#endif
