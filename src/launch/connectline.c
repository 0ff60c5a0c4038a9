/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "launch/connectline.h"

#include <arpa/inet.h>
#include <assert.h>
#include <string.h>
#include <strings.h>

#include "util/wipe.h"

enum { BLANK_LINES_MAX = 8, SSH_CONNECTION_WORDS = 4 };

struct tag {
    const char *text;
    bool (*parse)(struct connectline *c, char *rest);
};

/* --- the values --- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool parse_port(const char *s, uint16_t *out)
{
    uint32_t n = 0;
    size_t len = strlen(s);
    if (len == 0 || len > 5)
        return false;
    for (; *s; s++) {
        if (!is_digit(*s))
            return false;
        n = n * 10 + (uint32_t)(*s - '0');
    }
    if (n == 0 || n > UINT16_MAX)
        return false;
    *out = (uint16_t)n;
    return true;
}

/* 22 characters of base64 make 132 bits, four more than a key has: the last four must be zero. */
static bool is_key(const char *s)
{
    static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    return strlen(s) == CONNECT_KEY_CHARS && strspn(s, base64) == CONNECT_KEY_CHARS &&
           strchr("AQgw", s[CONNECT_KEY_CHARS - 1]);
}

/* A zone names an interface (RFC 4007): its index, or a name as systems give them. */
static bool is_zone(const char *s)
{
    return *s && s[strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                             "0123456789_.:-")] == '\0';
}

/* Copies a numeric address, written as its own family if it is an IPv4 one in IPv6's clothes. */
static bool copy_address(const char *s, char out[CONNECT_ADDRESS_MAX + 1])
{
    static const char mapped[] = "::ffff:";
    uint8_t binary[16];
    char plain[CONNECT_ADDRESS_MAX + 1];
    size_t len = strcspn(s, "%");
    const char *zone = s + len;
    if (strlen(s) > CONNECT_ADDRESS_MAX || (*zone && !is_zone(zone + 1)))
        return false;
    memcpy(plain, s, len);
    plain[len] = '\0';
    if (strncasecmp(plain, mapped, sizeof mapped - 1) == 0 &&
        inet_pton(AF_INET, plain + sizeof mapped - 1, binary) == 1)
        s += sizeof mapped - 1;
    else if (!(inet_pton(AF_INET6, plain, binary) == 1) &&
             !(inet_pton(AF_INET, plain, binary) == 1 && !*zone))
        return false;
    memcpy(out, s, strlen(s) + 1);
    return true;
}

/* --- the lines --- */

static bool parse_ip(struct connectline *c, char *rest)
{
    if (c->address[0]) {
        c->status = CONNECT_REPEATED;
        return false;
    }
    return copy_address(rest, c->address);
}

static bool parse_also(struct connectline *c, char *rest)
{
    char address[CONNECT_ADDRESS_MAX + 1];

    if (!copy_address(rest, address))
        return false;
    if (c->also_count < CONNECT_ALSO_MAX)
        memcpy(c->also[c->also_count++], address, sizeof address);
    return true;
}

/* Cuts off the word at *rest that ends with a single space; NULL if there is none. */
static char *cut_word(char **rest)
{
    char *word = *rest;
    char *space = strchr(word, ' ');
    if (!space || space == word)
        return NULL;
    *space = '\0';
    *rest = space + 1;
    return word;
}

static bool parse_ssh_connection(struct connectline *c, char *rest)
{
    const char *word[SSH_CONNECTION_WORDS];
    if (c->connection_seen) {
        c->status = CONNECT_REPEATED;
        return false;
    }
    for (size_t i = 0; i + 1 < SSH_CONNECTION_WORDS; i++) {
        word[i] = cut_word(&rest);
        if (!word[i])
            return false;
    }
    if (!*rest || strchr(rest, ' '))
        return false;
    c->connection_seen = true;
    /* sshd writes UNKNOWN where it was not reached through a socket; then there is no address. */
    if (!copy_address(word[2], c->server_address))
        c->server_address[0] = '\0';
    return true;
}

static bool parse_connect(struct connectline *c, char *rest)
{
    const char *port = cut_word(&rest);
    if (!port || !parse_port(port, &c->port) || !is_key(rest))
        return false;
    memcpy(c->key, rest, sizeof c->key);
    c->status = CONNECT_FOUND;
    return true;
}

/* The words are for a message alone: what is none of a system's is left out. */
static bool parse_missing(struct connectline *c, char *rest)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789._- ";
    c->missing = true;
    if (strlen(rest) <= CONNECT_SYSTEM_MAX && rest[strspn(rest, allowed)] == '\0')
        memcpy(c->system, rest, strlen(rest) + 1);
    return true;
}

static const struct tag tags[] = {
    {"MOSH IP ", parse_ip},
    {"MOSH ALSO ", parse_also},
    {"MOSH SSH_CONNECTION ", parse_ssh_connection},
    {"MOSH CONNECT ", parse_connect},
    {"MOSH MISSING ", parse_missing},
};
enum { TAGS = sizeof tags / sizeof tags[0] };

/* The tag that the line begins with, or NULL. */
static const struct tag *find_tag(const struct connectline *c)
{
    for (size_t i = 0; i < TAGS; i++) {
        size_t len = strlen(tags[i].text);
        if (c->len >= len && memcmp(c->line, tags[i].text, len) == 0)
            return &tags[i];
    }
    return NULL;
}

static bool may_become_ours(const struct connectline *c)
{
    for (size_t i = 0; i < TAGS; i++) {
        size_t len = strlen(tags[i].text);
        if (memcmp(c->line, tags[i].text, c->len < len ? c->len : len) == 0)
            return true;
    }
    return false;
}

static void parse_line(struct connectline *c, const struct tag *tag)
{
    while (c->len > 0 && (c->line[c->len - 1] == ' ' || c->line[c->len - 1] == '\t'))
        c->len--;
    size_t tag_len = strlen(tag->text);
    c->tag = tag->text;
    c->line[c->len] = '\0'; /* there is room: a line is refused before it fills the array */
    bool whole = c->len > tag_len && strlen(c->line) == c->len;
    bool understood = whole && tag->parse(c, c->line + tag_len);
    if (!understood && c->status == CONNECT_MORE)
        c->status = CONNECT_BAD;
}

/* --- the stream --- */

static void release_text(struct connectline *c, struct buf *text)
{
    for (; c->blank_lines > 0; c->blank_lines--)
        buf_append_byte(text, '\n');
    buf_append(text, c->line, c->len);
    c->len = 0;
}

static void end_line(struct connectline *c, uint8_t end, struct buf *text)
{
    bool cr = end == '\r';
    if (!c->in_text && c->len == 0) { /* an empty line, or the second half of CR LF */
        if (!cr && c->after_cr == LF_IS_TEXT)
            buf_append_byte(text, end);
        else if (!cr && c->after_cr == LF_ENDS_LINE && c->blank_lines < BLANK_LINES_MAX)
            c->blank_lines++;
        if (!cr)
            c->after_cr = LF_ENDS_LINE;
        return;
    }
    const struct tag *tag = c->in_text ? NULL : find_tag(c);
    if (tag) {
        parse_line(c, tag);
    } else {
        release_text(c, text);
        buf_append_byte(text, end);
    }
    c->after_cr = !cr ? LF_ENDS_LINE : tag ? LF_IS_OURS : LF_IS_TEXT;
    c->in_text = false;
    c->len = 0;
}

static void take_byte(struct connectline *c, uint8_t byte, struct buf *text)
{
    if (byte == '\n' || byte == '\r') {
        end_line(c, byte, text);
    } else if (c->in_text) {
        buf_append_byte(text, byte);
    } else {
        c->after_cr = LF_ENDS_LINE;
        c->line[c->len++] = (char)byte;
        if (!may_become_ours(c)) {
            release_text(c, text);
            c->in_text = true;
        } else if (c->len == CONNECT_LINE_MAX) {
            const struct tag *tag = find_tag(c);
            assert(tag); /* none is as long as a line */
            c->tag = tag->text;
            c->status = CONNECT_BAD;
        }
    }
}

enum connect_status connectline_feed(struct connectline *c, const uint8_t *bytes, size_t len,
                                     struct buf *text)
{
    for (size_t i = 0; i < len && c->status == CONNECT_MORE; i++)
        take_byte(c, bytes[i], text);
    return c->status;
}

enum connect_status connectline_end(struct connectline *c, struct buf *text)
{
    if (c->status != CONNECT_MORE)
        return c->status;
    const struct tag *tag = c->in_text ? NULL : find_tag(c);
    if (tag)
        parse_line(c, tag);
    else if (c->len > 0) /* what is blank at the end is nothing to see */
        release_text(c, text);
    return c->status;
}

void connectline_wipe(struct connectline *c)
{
    wipe(c, sizeof *c);
}
