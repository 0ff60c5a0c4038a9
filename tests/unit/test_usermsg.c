/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <stdio.h>

#include "wire/deflate.h"
#include "wire/usermsg.h"

/* What a walk visited, as text; a call that finds `stop_after` at 0 returns ERR_LIMIT. */
struct trace {
    struct buf text;
    int stop_after;
};

static int stop(struct trace *t)
{
    return t->stop_after-- == 0 ? ERR_LIMIT : 0;
}

static int on_keys(void *context, const uint8_t *keys, size_t len)
{
    struct trace *t = context;
    buf_append_str(&t->text, "keys ");
    buf_append(&t->text, keys, len);
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

static int on_profile(void *context, const uint8_t *profile, size_t len)
{
    struct trace *t = context;
    buf_append_str(&t->text, "profile ");
    buf_append(&t->text, profile, len);
    buf_append_str(&t->text, ";");
    return stop(t);
}

static int on_request(void *context, const uint8_t *request, size_t len)
{
    struct trace *t = context;
    buf_append_str(&t->text, "request ");
    buf_append(&t->text, request, len);
    buf_append_str(&t->text, ";");
    return stop(t);
}

static const struct usermsg_visitor visitor = {on_keys, on_resize, on_profile, on_request};

static void check_walk(const uint8_t *bytes, size_t len, int stop_after, int result,
                       const char *trace)
{
    struct trace t = {.stop_after = stop_after};
    assert_int_equal(usermsg_walk(bytes, len, &visitor, &t), result);
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

/* Field 1000, which stock passes over. */
static void profile_is_a_field_of_its_own(void **state)
{
    (void)state;
    struct buf msg = {0};

    usermsg_put_profile(&msg, (const uint8_t *)"ab", 2);
    check_hex(msg.data, msg.len, "0a05 c23e 02 6162");
    usermsg_put_keys(&msg, (const uint8_t *)"x", 1);
    check_walk(msg.data, msg.len, -1, 0, "profile ab;keys x;");
    buf_release(&msg);
}

/* Field 1001. */
static void request_is_a_field_of_its_own(void **state)
{
    (void)state;
    struct buf msg = {0};

    usermsg_put_request(&msg, (const uint8_t *)"ab", 2);
    check_hex(msg.data, msg.len, "0a05 ca3e 02 6162");
    usermsg_put_keys(&msg, (const uint8_t *)"x", 1);
    check_walk(msg.data, msg.len, -1, 0, "request ab;keys x;");
    buf_release(&msg);
}

/* Byte for byte what stock mosh writes. */
static void R30_golden_bytes(void **state)
{
    (void)state;
    struct buf msg = {0};
    usermsg_put_resize(&msg, 80, 24);
    check_hex(msg.data, msg.len, "0a06 1a04 2850 3018");
    usermsg_put_keys(&msg, (const uint8_t *)"ls", 2);
    check_hex(msg.data, msg.len, "0a06 1a04 2850 3018  0a06 1204 2202 6c73");
    check_walk(msg.data, msg.len, -1, 0, "resize 80 24;keys ls;");
    buf_release(&msg);
}

static void walks_in_order_and_stops_when_told(void **state)
{
    (void)state;
    struct buf msg = {0};
    usermsg_put_keys(&msg, (const uint8_t *)"a", 1);
    usermsg_put_resize(&msg, 1, 65535);
    usermsg_put_keys(&msg, (const uint8_t *)"bc", 2);
    check_walk(msg.data, msg.len, -1, 0, "keys a;resize 1 65535;keys bc;");
    check_walk(msg.data, msg.len, 1, ERR_LIMIT, "keys a;resize 1 65535;");
    check_walk(msg.data, 0, -1, 0, "");
    buf_release(&msg);
}

static void as_stock_reads_it(void **state)
{
    (void)state;
    check_walk_hex("0a00", 0, "");                                /* an empty instruction */
    check_walk_hex("0a0a 1a0428503018 12022200", 0, "");          /* empty keys come first */
    check_walk_hex("0a0b 1a0428503018 1203220161", 0, "keys a;"); /* keys before resize */
    check_walk_hex("0a0a 12032201611203220162", 0, "keys b;");    /* the last one counts */
    check_walk_hex("0a08 1a022850 1a023018", 0, "resize 80 24;"); /* and parts are merged */
    check_walk_hex("0a02 1a00", 0, "resize 0 0;");                /* missing sizes */
    check_walk_hex("0a04 1a022850", 0, "resize 80 0;");
    check_walk_hex("0a0f 1a0d 28ffffffffffffffffff01 3018", 0, "resize -1 24;");
    check_walk_hex("0a08 1a06 28ffffffff07", 0, "resize 2147483647 0;");
    check_walk_hex("0a07 1a06 28ffffffff", ERR_MALFORMED, ""); /* one byte short */
    check_walk_hex("0a0d 1a0b 28ffffffff07 3080808004", 0, "resize 2147483647 8388608;");
}

/* Extensions: alone, beside a known field, inside one, beside the instructions. */
static void unknown_fields_are_ignored(void **state)
{
    (void)state;
    check_walk_hex("0a03fa7c00 0a05 1203220161", 0, "keys a;");
    check_walk_hex("0a08 fa7c00 1203220161", 0, "keys a;");
    check_walk_hex("0a08 1206220161fa7c00", 0, "keys a;");
    check_walk_hex("fa7c03616263 0a05 1203220161 f87c07", 0, "keys a;");
    check_walk_hex("0a0b fa7c0378797a 1203220161", 0, "keys a;");
}

/* And nothing of a message is used unless all of it is good. */
static void S16_malformed_messages_are_not_visited(void **state)
{
    (void)state;
    check_walk_hex("0a05 1203220161 0a", ERR_MALFORMED, "");
    check_walk_hex("0a05 1203220161 0a05 1203220261", ERR_MALFORMED, "");
    check_walk_hex("0a05 1203220161 08", ERR_MALFORMED, "");
    check_walk_hex("0a05 1203220161 0805", ERR_MALFORMED, "");
    check_walk_hex("0a05 1203220161 0b0c", ERR_MALFORMED, "");
}

/* Two bytes are an instruction, which takes a hundred when it is decoded. */
static void S16_S20_memory_is_bounded(void **state)
{
    (void)state;
    struct buf many = {0};
    while (many.len < DEFLATE_BYTES_MAX)
        buf_append(&many, "\x0A", 2);
    check_walk(many.data, many.len, -1, ERR_LIMIT, "");
    buf_clear(&many);
    for (int i = 0; i < 20000; i++) /* more than a window is ever resized in one message */
        usermsg_put_resize(&many, 80 + i % 2, 24);
    struct trace t = {.stop_after = -1};
    assert_int_equal(usermsg_walk(many.data, many.len, &visitor, &t), 0);
    assert_int_equal(t.text.len, 20000 * strlen("resize 80 24;"));
    buf_release(&t.text);
    buf_release(&many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(profile_is_a_field_of_its_own),
        cmocka_unit_test(request_is_a_field_of_its_own),
        cmocka_unit_test(R30_golden_bytes),
        cmocka_unit_test(walks_in_order_and_stops_when_told),
        cmocka_unit_test(as_stock_reads_it),
        cmocka_unit_test(unknown_fields_are_ignored),
        cmocka_unit_test(S16_malformed_messages_are_not_visited),
        cmocka_unit_test(S16_S20_memory_is_bounded),
    };
    return cmocka_run_group_tests_name("usermsg", tests, NULL, NULL);
}
