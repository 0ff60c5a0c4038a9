/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "crypto/seal.h"
#include "wire/deflate.h"
#include "wire/hostmsg.h"
#include "wire/instruction.h"
#include "wire/packet.h"
#include "wire/reassembly.h"
#include "wire/usermsg.h"

/*
 * R30: a session between stock programs goes up through all layers of ours, and what is found is
 * encoded again: datagrams, instructions and messages have to come out byte for byte as they were.
 * (Not the zlib streams, which may differ between versions of zlib.)
 */

enum { LINE_CHARS = 8192 };

/* What one side said. */
struct side {
    struct seal *opens, *closes;
    struct reassembly *reassembly;
    uint64_t next_sequence;
    size_t datagrams, instructions, fragments_max;
    bool shutdown;
    struct buf text;       /* all keys, or all bytes for the screen */
    int32_t cols, rows;    /* the last size */
    struct buf rebuilding; /* the message under way, encoded again by us */
};

static int on_keys(void *context, const uint8_t *keys, size_t len)
{
    struct side *s = context;
    buf_append(&s->text, keys, len);
    usermsg_put_keys(&s->rebuilding, keys, len);
    return 0;
}

static int on_user_resize(void *context, int32_t cols, int32_t rows)
{
    struct side *s = context;
    s->cols = cols;
    s->rows = rows;
    usermsg_put_resize(&s->rebuilding, cols, rows);
    return 0;
}

static int on_bytes(void *context, const uint8_t *bytes, size_t len)
{
    struct side *s = context;
    buf_append(&s->text, bytes, len);
    hostmsg_put_bytes(&s->rebuilding, bytes, len);
    return 0;
}

static int on_host_resize(void *context, int32_t cols, int32_t rows)
{
    struct side *s = context;
    s->cols = cols;
    s->rows = rows;
    hostmsg_put_resize(&s->rebuilding, cols, rows);
    return 0;
}

static int on_echo_ack(void *context, uint64_t echo_ack_num)
{
    struct side *s = context;
    hostmsg_put_echo_ack(&s->rebuilding, echo_ack_num);
    return 0;
}

/* Stock sends none of these. */
static int on_profile(void *context, const uint8_t *profile, size_t len)
{
    (void)context;
    (void)profile;
    fail_msg("a profile of %zu bytes", len);
    return 0;
}

static int on_announcement(void *context, uint32_t features)
{
    (void)context;
    fail_msg("an announcement of %u", (unsigned)features);
    return 0;
}

static int on_event(void *context, const struct hostmsg_event *event)
{
    (void)context;
    fail_msg("an event of kind %u", (unsigned)event->kind);
    return 0;
}

static int on_request(void *context, const uint8_t *request, size_t len)
{
    (void)context;
    (void)request;
    fail_msg("a request of %zu bytes", len);
    return 0;
}

static int on_facts(void *context, const struct hostmsg_facts *facts)
{
    (void)context;
    fail_msg("facts of modes %u", (unsigned)facts->modes);
    return 0;
}

static int on_history(void *context, uint64_t oldest, uint64_t next, const uint8_t *lines,
                      size_t len)
{
    (void)context;
    (void)lines;
    fail_msg("a history of lines %zu to %zu in %zu bytes", (size_t)oldest, (size_t)next, len);
    return 0;
}

static int on_server(void *context, const struct hostmsg_server *server)
{
    (void)context;
    fail_msg("a server of status %u", (unsigned)server->status);
    return 0;
}

static void check_instruction(struct side *s, bool from_client, const struct buf *encoded)
{
    static const struct usermsg_visitor user = {on_keys, on_user_resize, on_profile, on_request};
    static const struct hostmsg_visitor host = {on_bytes,        on_host_resize, on_echo_ack,
                                                on_announcement, on_event,       on_facts,
                                                on_history,      on_server};
    struct instruction i = {0};
    struct buf again = {0};
    assert_int_equal(instruction_decode(encoded->data, encoded->len, &i), 0);
    instruction_encode(&i, &again);
    check_bytes(again.data, again.len, encoded->data, encoded->len);
    assert_true(i.throwaway_num <= i.old_num && i.old_num <= i.new_num);
    assert_true(i.chaff.len <= INSTRUCTION_CHAFF_MAX);

    buf_clear(&s->rebuilding);
    int err = from_client ? usermsg_walk(i.diff.data, i.diff.len, &user, s)
                          : hostmsg_walk(i.diff.data, i.diff.len, &host, s);
    assert_int_equal(err, 0);
    check_bytes(s->rebuilding.data, s->rebuilding.len, i.diff.data, i.diff.len);
    s->instructions++;
    s->shutdown |= i.new_num == INSTRUCTION_SHUTDOWN;
    instruction_release(&i);
    buf_release(&again);
}

static void check_datagram(struct side *s, bool from_client, struct deflate *d,
                           const uint8_t *datagram, size_t len)
{
    struct buf plain = {0}, again = {0}, whole = {0}, expanded = {0};
    struct packet p;
    struct fragment f;
    uint64_t sequence;
    assert_int_equal(seal_open(s->opens, datagram, len, &sequence, &plain), 0);
    assert_true(sequence >= s->next_sequence);
    s->next_sequence = sequence + 1;
    s->datagrams++;

    assert_int_equal(packet_decode(plain.data, plain.len, &p), 0);
    assert_int_equal(fragment_decode(p.payload, p.payload_len, &f), 0);
    struct buf inner = {0};
    fragment_encode(&f, &inner);
    p.payload = inner.data;
    p.payload_len = inner.len;
    buf_clear(&again);
    packet_encode(&p, &again);
    check_bytes(again.data, again.len, plain.data, plain.len);
    seal_skip(s->closes, sequence, 0);
    buf_clear(&again);
    assert_int_equal(seal_close(s->closes, plain.data, plain.len, &again), 0);
    check_bytes(again.data, again.len, datagram, len);

    if (f.index + 1u > s->fragments_max)
        s->fragments_max = f.index + 1u;
    int result = reassembly_add(s->reassembly, &f, &whole);
    assert_in_range(result, 0, 1);
    if (result == 1) {
        assert_int_equal(deflate_expand(d, whole.data, whole.len, &expanded), 0);
        check_instruction(s, from_client, &expanded);
    }
    buf_release(&plain);
    buf_release(&inner);
    buf_release(&again);
    buf_release(&whole);
    buf_release(&expanded);
}

static struct side side_new(const uint8_t key[KEY_BYTES], bool client)
{
    return (struct side){
        .opens = seal_new(key, client ? SEAL_TO_CLIENT : SEAL_TO_SERVER),
        .closes = seal_new(key, client ? SEAL_TO_SERVER : SEAL_TO_CLIENT),
        .reassembly = reassembly_new(),
    };
}

static void side_release(struct side *s)
{
    seal_free(s->opens);
    seal_free(s->closes);
    reassembly_free(s->reassembly);
    buf_release(&s->text);
    buf_release(&s->rebuilding);
}

static void R30_stock_session(void **state)
{
    (void)state;
    static char line[LINE_CHARS];
    static uint8_t datagram[LINE_CHARS / 2];
    FILE *file = fopen(VECTORS "/stock-session.txt", "r");
    assert_non_null(file);
    uint8_t key[KEY_BYTES];
    struct side client = {0}, server = {0};
    struct deflate *d = deflate_new();
    while (fgets(line, sizeof line, file)) {
        if (strncmp(line, "key ", 4) == 0) {
            assert_int_equal(base64_decode_key(line + 4, KEY_CHARS, key), 0);
            client = side_new(key, true);
            server = side_new(key, false);
        } else if (line[0] == '>' || line[0] == '<') {
            bool from_client = line[0] == '>';
            size_t len = unhex(line + 2, datagram);
            assert_true(len <= PACKET_DATAGRAM_MAX);
            check_datagram(from_client ? &client : &server, from_client, d, datagram, len);
        }
    }
    fclose(file);

    static const char typed[] =
        "echo h\xC3\xA9\rseq 300\rhead -c 6000 /dev/urandom | base64 -w 0\rexit\r";
    check_bytes(client.text.data, client.text.len, typed, strlen(typed));
    assert_int_equal(client.cols, 100);
    assert_int_equal(client.rows, 30);
    assert_int_equal(server.cols, 100);
    assert_int_equal(server.rows, 30);
    assert_int_equal(client.fragments_max, 1);
    assert_int_equal(server.fragments_max, 3);
    assert_true(server.shutdown);
    assert_true(client.instructions + server.instructions >= 25);
    side_release(&client);
    side_release(&server);
    deflate_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(R30_stock_session),
    };
    return cmocka_run_group_tests_name("stock vectors", tests, NULL, NULL);
}
