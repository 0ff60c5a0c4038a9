/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "launch/json.h"

#include <assert.h>
#include <stdio.h>

#include "util/utf8.h"

static void put_string(struct json *j, const char *text)
{
    const uint8_t *at = (const uint8_t *)text;

    buf_append_byte(j->out, '"');
    for (size_t left = strlen(text), taken; left > 0; at += taken, left -= taken) {
        uint32_t code;
        taken = utf8_take(at, left, &code);
        if (*at == '"' || *at == '\\')
            buf_append_byte(j->out, '\\');
        if (taken > 0) {
            buf_append(j->out, at, taken);
            continue;
        }
        taken = 1;
        if (*at >= 0x80) {
            buf_append_str(j->out, "\xEF\xBF\xBD");
        } else {
            char escape[8];
            snprintf(escape, sizeof escape, "\\u%04x", *at);
            buf_append_str(j->out, escape);
        }
    }
    buf_append_byte(j->out, '"');
}

static void begin_line(struct json *j)
{
    buf_append_byte(j->out, '\n');
    for (unsigned i = 0; i < j->depth; i++)
        buf_append_str(j->out, "  ");
}

static void begin_value(struct json *j, const char *key)
{
    if (j->has_members[j->depth])
        buf_append_byte(j->out, ',');
    j->has_members[j->depth] = true;
    if (j->depth > 0)
        begin_line(j);
    if (key) {
        put_string(j, key);
        buf_append_str(j->out, ": ");
    }
}

void json_begin(struct json *j, const char *key, char bracket)
{
    begin_value(j, key);
    assert(j->depth < JSON_DEPTH_MAX);
    buf_append_byte(j->out, (uint8_t)bracket);
    j->depth++;
    j->has_members[j->depth] = false;
    j->closing[j->depth] = bracket == '{' ? '}' : ']';
}

void json_end(struct json *j)
{
    assert(j->depth > 0);
    bool had_members = j->has_members[j->depth];
    char closing = j->closing[j->depth];

    j->depth--;
    if (had_members)
        begin_line(j);
    buf_append_byte(j->out, (uint8_t)closing);
    if (j->depth == 0)
        buf_append_byte(j->out, '\n');
}

void json_text(struct json *j, const char *key, const char *text)
{
    if (!*text) {
        json_null(j, key);
        return;
    }
    begin_value(j, key);
    put_string(j, text);
}

void json_number(struct json *j, const char *key, int64_t n)
{
    char digits[24];

    begin_value(j, key);
    snprintf(digits, sizeof digits, "%lld", (long long)n);
    buf_append_str(j->out, digits);
}

void json_bool(struct json *j, const char *key, bool b)
{
    begin_value(j, key);
    buf_append_str(j->out, b ? "true" : "false");
}

void json_null(struct json *j, const char *key)
{
    begin_value(j, key);
    buf_append_str(j->out, "null");
}
