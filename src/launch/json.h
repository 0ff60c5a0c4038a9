/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_LAUNCH_JSON_H
#define MOSH_LAUNCH_JSON_H

/*
 * Writes JSON (RFC 8259): objects and lists within each other, with commas, indentation and escapes
 * where they belong. Within an object each value has a key; in a list it is NULL. Texts may hold
 * any bytes: what is no UTF-8 becomes U+FFFD.
 */

#include <stdbool.h>
#include <stdint.h>

#include "util/buf.h"

#define JSON_DEPTH_MAX 8

/* {.out = ...} is ready for use. */
struct json {
    struct buf *out;
    unsigned depth;
    bool has_members[JSON_DEPTH_MAX + 1];
    char closing[JSON_DEPTH_MAX + 1];
};

void json_begin(struct json *j, const char *key, char bracket); /* '{' or '[' */
void json_end(struct json *j);
void json_text(struct json *j, const char *key, const char *text); /* "" is null */
void json_number(struct json *j, const char *key, int64_t n);
void json_bool(struct json *j, const char *key, bool b);
void json_null(struct json *j, const char *key);

#endif
