/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <inttypes.h>
#include <stdio.h>

#include "wire/deflate.h"
#include "wire/hostmsg.h"

/* What a walk visited, as text; a call that finds `stop_after` at 0 returns ERR_LIMIT. */
struct trace {
    struct buf text;
    int stop_after;
};

static int stop(struct trace *t)
{
    return t->stop_after-- == 0 ? ERR_LIMIT : 0;
}

static int on_bytes(void *context, const uint8_t *bytes, size_t len)
{
    struct trace *t = context;
    buf_append_str(&t->text, "bytes ");
    buf_append(&t->text, bytes, len);
    buf_append_str(&t->text, ";");
    return stop(t);
}

static int on_resize(void *context, int32_t cols, int32_t rows)
{
    struct trace *t = context;
    char line[64];
    snprintf(line, sizeof line, "resize %d %d;", (int)cols, (int)rows);
    buf_append_str(&t->text, line);
    return stop(t);
}

static int on_echo_ack(void *context, uint64_t echo_ack_num)
{
    struct trace *t = context;
    char line[64];
    snprintf(line, sizeof line, "echo %" PRIu64 ";", echo_ack_num);
    buf_append_str(&t->text, line);
    return stop(t);
}

static int on_announcement(void *context, uint32_t features)
{
    struct trace *t = context;
    char line[64];
    snprintf(line, sizeof line, "features %" PRIu32 ";", features);
    buf_append_str(&t->text, line);
    return stop(t);
}

static int on_event(void *context, const struct hostmsg_event *event)
{
    struct trace *t = context;
    char line[64];
    snprintf(line, sizeof line, "event %" PRIu64 " %" PRIu32 " ", event->number, event->kind);
    buf_append_str(&t->text, line);
    if (event->name.left)
        buf_append(&t->text, event->name.at, event->name.left);
    buf_append_str(&t->text, ",");
    if (event->text.left)
        buf_append(&t->text, event->text.at, event->text.left);
    buf_append_str(&t->text, ";");
    return stop(t);
}

static int on_history(void *context, uint64_t oldest, uint64_t next, const uint8_t *lines,
                      size_t len)
{
    struct trace *t = context;
    char line[64];
    snprintf(line, sizeof line, "history %" PRIu64 " %" PRIu64 " ", oldest, next);
    buf_append_str(&t->text, line);
    if (lines) {
        buf_append_str(&t->text, "'");
        buf_append(&t->text, lines, len);
        buf_append_str(&t->text, "'");
    } else {
        buf_append_str(&t->text, "-");
    }
    buf_append_str(&t->text, ";");
    return stop(t);
}

static int on_facts(void *context, const struct hostmsg_facts *f)
{
    struct trace *t = context;
    char line[64];
    snprintf(line, sizeof line, "facts %u %u %u %u %u;", (unsigned)f->modes, (unsigned)f->erase,
             (unsigned)f->kill, (unsigned)f->word_erase, (unsigned)f->job);
    buf_append_str(&t->text, line);
    return stop(t);
}

static int on_server(void *context, const struct hostmsg_server *s)
{
    struct trace *t = context;
    char line[64];
    snprintf(line, sizeof line, "server %d %u '%.*s';", s->ended, (unsigned)s->status,
             (int)s->version.left, (const char *)s->version.at);
    buf_append_str(&t->text, line);
    return stop(t);
}

static const struct hostmsg_visitor visitor = {.bytes = on_bytes,
                                               .resize = on_resize,
                                               .echo_ack = on_echo_ack,
                                               .announcement = on_announcement,
                                               .event = on_event,
                                               .facts = on_facts,
                                               .history = on_history,
                                               .server = on_server};

static void check_walk(const uint8_t *bytes, size_t len, int stop_after, int result,
                       const char *trace)
{
    struct trace t = {.stop_after = stop_after};
    assert_int_equal(hostmsg_walk(bytes, len, &visitor, &t), result);
    buf_append_byte(&t.text, '\0');
    assert_string_equal((char *)t.text.data, trace);
    buf_release(&t.text);
}

static void check_walk_hex(const char *hex, int result, const char *trace)
{
    uint8_t bytes[1024];
    size_t len = unhex(hex, bytes);
    check_walk(bytes, len, -1, result, trace);
}

static void the_server_is_a_field_of_its_own(void **state)
{
    (void)state;
    struct hostmsg_server server = {.version = {(const uint8_t *)"2.0", 3}};
    struct buf msg = {0};

    hostmsg_put_server(&msg, &server);
    check_hex(msg.data, msg.len, "0a08 e23e 05 1203322e30");
    server = (struct hostmsg_server){.ended = true, .status = 0};
    hostmsg_put_server(&msg, &server);
    check_walk(msg.data, msg.len, -1, 0, "server 0 0 '2.0';server 1 0 '';");
    buf_release(&msg);
}

/* Field 1000, which stock passes over. */
static void announcement_is_a_field_of_its_own(void **state)
{
    (void)state;
    struct buf msg = {0};

    hostmsg_put_announcement(&msg, 5);
    check_hex(msg.data, msg.len, "0a05 c23e 02 0805");
    check_walk(msg.data, msg.len, -1, 0, "features 5;");
    buf_release(&msg);
}

static void events_come_one_by_one(void **state)
{
    (void)state;
    struct buf msg = {0};
    const struct hostmsg_event one = {
        7, 1, {(const uint8_t *)"c", 1}, {(const uint8_t *)"aGk=", 4}};
    const struct hostmsg_event empty = {.number = 8, .kind = 2};

    hostmsg_put_event(&msg, &one);
    check_hex(msg.data, msg.len, "0a10 ca3e 0d 0807 1001 1a0163 220461476b3d");
    hostmsg_put_event(&msg, &empty);
    check_walk(msg.data, msg.len, -1, 0, "event 7 1 c,aGk=;event 8 2 ,;");
    buf_release(&msg);
}

/* Field 1002. */
static void facts_are_a_field_of_their_own(void **state)
{
    (void)state;
    struct buf msg = {0};
    const struct hostmsg_facts some = {
        .modes = 3, .erase = 0x7F, .kill = 0x15, .word_erase = 0x17, .job = 300};
    const struct hostmsg_facts none = {0};

    hostmsg_put_facts(&msg, &some);
    check_hex(msg.data, msg.len, "0a0e d23e 0b 0803 107f 1815 2017 28ac02");
    hostmsg_put_facts(&msg, &none);
    check_walk(msg.data, msg.len, -1, 0, "facts 3 127 21 23 300;facts 0 0 0 0 0;");
    buf_release(&msg);
}

/* Field 1003. No lines are not the same as lines that say nothing. */
static void history_is_a_field_of_its_own(void **state)
{
    (void)state;
    struct buf msg = {0};

    hostmsg_put_history(&msg, 1, 300, NULL, 0);
    check_hex(msg.data, msg.len, "0a08 da3e 05 0801 10ac02");
    hostmsg_put_history(&msg, 1, 2, (const uint8_t *)"ab", 2);
    hostmsg_put_history(&msg, 0, 0, (const uint8_t *)"", 0);
    check_walk(msg.data, msg.len, -1, 0, "history 1 300 -;history 1 2 'ab';history 0 0 '';");
    buf_release(&msg);
}

/* Byte for byte what stock mosh writes. */
static void R30_golden_bytes(void **state)
{
    (void)state;
    struct buf msg = {0};
    hostmsg_put_echo_ack(&msg, 5);
    check_hex(msg.data, msg.len, "0a043a024005");
    hostmsg_put_resize(&msg, 80, 24);
    hostmsg_put_bytes(&msg, (const uint8_t *)"hi", 2);
    check_hex(msg.data, msg.len, "0a043a024005 0a061a0428503018 0a06120422026869");
    check_walk(msg.data, msg.len, -1, 0, "echo 5;resize 80 24;bytes hi;");
    check_walk(msg.data, msg.len, 0, ERR_LIMIT, "echo 5;");
    check_walk(msg.data, msg.len, 1, ERR_LIMIT, "echo 5;resize 80 24;");
    buf_clear(&msg);
    hostmsg_put_echo_ack(&msg, UINT64_MAX);
    check_walk(msg.data, msg.len, -1, 0, "echo 18446744073709551615;");
    buf_release(&msg);
}

static void as_stock_reads_it(void **state)
{
    (void)state;
    check_walk_hex("", 0, "");
    check_walk_hex("0a00", 0, "");
    check_walk_hex("0a0f 3a024005 1a0428503018 1203220161", 0, "bytes a;");
    check_walk_hex("0a0a 3a024005 1a0428503018", 0, "resize 80 24;");
    check_walk_hex("0a04 1200 3a00", 0, "");
    check_walk_hex("0a02 3a00", 0, "echo 0;");
    check_walk_hex("0a0a 12032201611203220162", 0, "bytes b;");
}

static void unknown_fields_are_ignored(void **state)
{
    (void)state;
    check_walk_hex("0a03fa7c00 0a05 1203220161", 0, "bytes a;");
    check_walk_hex("0a08 fa7c00 1203220161", 0, "bytes a;");
    check_walk_hex("0a08 1206220161fa7c00", 0, "bytes a;");
    check_walk_hex("fa7c03616263 0a04 3a024005 f87c07", 0, "echo 5;");
}

/* And nothing of a message is used unless all of it is good. */
static void S16_malformed_messages_are_not_visited(void **state)
{
    (void)state;
    check_walk_hex("0a05 1203220161 0a", ERR_MALFORMED, "");
    check_walk_hex("0a05 1203220161 0a05 1203220261", ERR_MALFORMED, "");
    check_walk_hex("0a05 1203220161 0805", ERR_MALFORMED, "");
    check_walk_hex("0a043a024005 0a04 3a034005", ERR_MALFORMED, "");
}

static void memory_is_bounded(void **state)
{
    (void)state;
    struct buf many = {0};
    while (many.len < DEFLATE_BYTES_MAX)
        buf_append(&many, "\x0A", 2);
    check_walk(many.data, many.len, -1, ERR_LIMIT, "");
    buf_release(&many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_server_is_a_field_of_its_own),
        cmocka_unit_test(announcement_is_a_field_of_its_own),
        cmocka_unit_test(events_come_one_by_one),
        cmocka_unit_test(facts_are_a_field_of_their_own),
        cmocka_unit_test(history_is_a_field_of_its_own),
        cmocka_unit_test(R30_golden_bytes),
        cmocka_unit_test(as_stock_reads_it),
        cmocka_unit_test(unknown_fields_are_ignored),
        cmocka_unit_test(S16_malformed_messages_are_not_visited),
        cmocka_unit_test(memory_is_bounded),
    };
    return cmocka_run_group_tests_name("hostmsg", tests, NULL, NULL);
}
