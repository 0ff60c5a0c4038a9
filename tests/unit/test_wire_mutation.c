/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "wire/deflate.h"
#include "wire/hostmsg.h"
#include "wire/instruction.h"
#include "wire/packet.h"
#include "wire/reassembly.h"
#include "wire/usermsg.h"

/*
 * S16: valid messages, changed a little, go through every decoder. Each must take or refuse them;
 * what else could go wrong is for the sanitizers to see.
 */

enum { ROUNDS = 20000 };

/* One to four small changes: bits, bytes, pieces cut out, repeated, or put in. */
static void mutate(struct rng *rng, const struct buf *from, struct buf *to)
{
    buf_clear(to);
    buf_append(to, from->data, from->len);
    for (size_t n = 1 + rng_below(rng, 4); n > 0; n--) {
        size_t at = rng_below(rng, to->len + 1), left = to->len - at;
        size_t span = left ? rng_below(rng, left < 16 ? left + 1 : 16) : 0;
        struct buf tail = {0};
        if (left) /* an empty buffer has no data to point into */
            buf_append(&tail, to->data + at, left);
        switch (rng_below(rng, 5)) {
        case 0:
            if (left)
                to->data[at] ^= (uint8_t)(1 << rng_below(rng, 8));
            break;
        case 1:
            if (left)
                to->data[at] = (uint8_t)rng_next(rng);
            break;
        case 2:
            to->len = at;
            buf_append(to, tail.data + span, left - span);
            break;
        case 3:
            to->len = at;
            buf_append(to, tail.data, span);
            buf_append(to, tail.data, left);
            break;
        default:
            to->len = at;
            for (size_t i = 0; i < span; i++)
                buf_append_byte(to, (uint8_t)rng_next(rng));
            buf_append(to, tail.data, left);
        }
        buf_release(&tail);
    }
}

static void check_code(int code)
{
    if (code > 1 || code < ERR_EXHAUSTED)
        fail_msg("result %d", code);
}

static int count_bytes(void *context, const uint8_t *bytes, size_t len)
{
    assert_true(len > 0);
    size_t *sum = context;
    for (size_t i = 0; i < len; i++)
        *sum += bytes[i]; /* reads all of it, for the address sanitizer */
    return 0;
}

static int count_size(void *context, int32_t cols, int32_t rows)
{
    *(size_t *)context += (size_t)cols ^ (size_t)rows;
    return 0;
}

static int count_number(void *context, uint64_t n)
{
    *(size_t *)context += (size_t)n;
    return 0;
}

static void make_usermsg(struct rng *rng, struct buf *out)
{
    uint8_t keys[40];
    buf_clear(out);
    for (size_t n = rng_below(rng, 5); n > 0; n--) {
        if (rng_below(rng, 5) == 0) {
            rng_fill(rng, keys, sizeof keys);
            usermsg_put_profile(out, keys, rng_below(rng, sizeof keys));
        } else if (rng_below(rng, 8) == 0) {
            rng_fill(rng, keys, sizeof keys);
            usermsg_put_request(out, keys, rng_below(rng, sizeof keys));
        } else if (rng_below(rng, 3) == 0) {
            usermsg_put_resize(out, (int32_t)rng_below(rng, 300), (int32_t)rng_below(rng, 100));
        } else {
            size_t len = rng_below(rng, sizeof keys);
            rng_fill(rng, keys, len);
            usermsg_put_keys(out, keys, len);
        }
    }
}

static int count_features(void *context, uint32_t features)
{
    return count_number(context, features);
}

static int count_history(void *context, uint64_t oldest, uint64_t next, const uint8_t *lines,
                         size_t len)
{
    (void)oldest;
    (void)next;
    return lines && len > 0 ? count_bytes(context, lines, len) : 0;
}

static void make_hostmsg(struct rng *rng, struct buf *out)
{
    uint8_t bytes[80];
    buf_clear(out);
    hostmsg_put_echo_ack(out, rng_next(rng) >> rng_below(rng, 64));
    if (rng_below(rng, 2))
        hostmsg_put_resize(out, (int32_t)rng_below(rng, 300), (int32_t)rng_below(rng, 100));
    size_t len = rng_below(rng, sizeof bytes);
    rng_fill(rng, bytes, len);
    hostmsg_put_bytes(out, bytes, len);
    if (rng_below(rng, 2))
        hostmsg_put_announcement(out, (uint32_t)rng_next(rng));
    if (rng_below(rng, 2)) {
        const struct hostmsg_event event = {.number = rng_next(rng),
                                            .kind = (uint32_t)rng_next(rng),
                                            .name = {bytes, len / 2},
                                            .text = {bytes, len}};
        hostmsg_put_event(out, &event);
    }
    if (rng_below(rng, 2)) {
        const struct hostmsg_facts facts = {.modes = (uint32_t)rng_below(rng, 32),
                                            .erase = (uint32_t)rng_below(rng, 300),
                                            .job = (uint32_t)rng_next(rng)};
        hostmsg_put_facts(out, &facts);
    }
    if (rng_below(rng, 2)) {
        const struct hostmsg_server server = {.ended = rng_below(rng, 2),
                                              .status = (uint32_t)rng_below(rng, 300),
                                              .version = {bytes, len}};
        hostmsg_put_server(out, &server);
    }
    if (rng_below(rng, 2))
        hostmsg_put_history(out, rng_next(rng) >> rng_below(rng, 64), rng_next(rng),
                            rng_below(rng, 2) ? bytes : NULL, len);
}

static int count_facts(void *context, const struct hostmsg_facts *facts)
{
    size_t *sum = context;
    *sum += facts->modes + facts->erase + facts->kill + facts->word_erase + facts->job;
    return 0;
}

static int count_event(void *context, const struct hostmsg_event *event)
{
    size_t *sum = context;
    for (size_t i = 0; i < event->name.left; i++)
        *sum += event->name.at[i];
    for (size_t i = 0; i < event->text.left; i++)
        *sum += event->text.at[i];
    return 0;
}

static int count_server(void *context, const struct hostmsg_server *server)
{
    size_t *sum = context;
    for (size_t i = 0; i < server->version.left; i++)
        *sum += server->version.at[i];
    *sum += server->status + server->ended;
    return 0;
}

static void S16_messages(void **state)
{
    (void)state;
    static const struct usermsg_visitor user = {count_bytes, count_size, count_bytes, count_bytes};
    static const struct hostmsg_visitor host = {count_bytes,    count_size,  count_number,
                                                count_features, count_event, count_facts,
                                                count_history,  count_server};
    struct rng rng = {161};
    struct buf valid = {0}, changed = {0};
    size_t sum = 0, good = 0;
    for (int i = 0; i < ROUNDS; i++) {
        make_usermsg(&rng, &valid);
        assert_int_equal(usermsg_walk(valid.data, valid.len, &user, &sum), 0);
        mutate(&rng, &valid, &changed);
        int code = usermsg_walk(changed.data, changed.len, &user, &sum);
        check_code(code);
        good += code == 0;

        make_hostmsg(&rng, &valid);
        assert_int_equal(hostmsg_walk(valid.data, valid.len, &host, &sum), 0);
        mutate(&rng, &valid, &changed);
        check_code(hostmsg_walk(changed.data, changed.len, &host, &sum));
    }
    assert_in_range(good, ROUNDS / 20, ROUNDS - ROUNDS / 20); /* both ways are trodden */
    buf_release(&valid);
    buf_release(&changed);
}

static void S16_instructions(void **state)
{
    (void)state;
    struct rng rng = {162};
    struct buf valid = {0}, changed = {0}, again = {0};
    size_t good = 0;
    for (int n = 0; n < ROUNDS; n++) {
        struct instruction i = {
            rng_next(&rng), rng_next(&rng) >> 40, rng_next(&rng) >> 50, 1, {0}, {0}, {0}};
        make_hostmsg(&rng, &i.diff);
        if (n % 2)
            buf_append_str(&i.report, "\x08\x05\x10\x06");
        buf_append_str(&i.chaff, "chaff");
        buf_clear(&valid);
        instruction_encode(&i, &valid);
        mutate(&rng, &valid, &changed);
        int code = instruction_decode(changed.data, changed.len, &i);
        check_code(code);
        if (code == 0) { /* what was taken can be sent and taken again */
            buf_clear(&valid);
            instruction_encode(&i, &valid);
            assert_int_equal(instruction_decode(valid.data, valid.len, &i), 0);
            buf_clear(&again);
            instruction_encode(&i, &again);
            check_bytes(again.data, again.len, valid.data, valid.len);
            good++;
        }
        instruction_release(&i);
    }
    assert_in_range(good, ROUNDS / 20, ROUNDS - ROUNDS / 20);
    buf_release(&valid);
    buf_release(&changed);
    buf_release(&again);
}

static void S16_streams(void **state)
{
    (void)state;
    struct rng rng = {163};
    struct deflate *d = deflate_new();
    struct buf valid = {0}, packed = {0}, changed = {0}, out = {0};
    size_t refused = 0;
    for (int i = 0; i < ROUNDS; i++) {
        make_hostmsg(&rng, &valid);
        assert_int_equal(deflate_compress(d, valid.data, valid.len, &packed), 0);
        mutate(&rng, &packed, &changed);
        int code = deflate_expand(d, changed.data, changed.len, &out);
        check_code(code);
        refused += code < 0;
        assert_true(code == 0 || out.len == 0);
    }
    assert_true(refused > ROUNDS / 2); /* the checksum sees nearly all */
    buf_release(&valid);
    buf_release(&packed);
    buf_release(&changed);
    buf_release(&out);
    deflate_free(d);
}

/* Packet, fragment and reassembly in a row: three fragments of each instruction, all changed. */
static void S16_packets(void **state)
{
    (void)state;
    struct rng rng = {164};
    struct reassembly *r = reassembly_new();
    struct buf inner = {0}, valid = {0}, changed = {0}, whole = {0};
    size_t joined = 0;
    for (unsigned i = 0; i < ROUNDS; i++) {
        struct fragment f = {i / 3 + 1, (uint16_t)(i % 3), i % 3 == 2, (const uint8_t *)"text", 4};
        buf_clear(&inner);
        fragment_encode(&f, &inner);
        struct packet p = {1, 2, inner.data, inner.len}, got;
        buf_clear(&valid);
        packet_encode(&p, &valid);
        if (rng_below(&rng, 3) == 0)
            mutate(&rng, &valid, &changed);
        else
            buf_swap(&valid, &changed);
        if (packet_decode(changed.data, changed.len, &got) == 0 &&
            fragment_decode(got.payload, got.payload_len, &f) == 0) {
            if (f.id > i / 3 + 4) /* far ahead, so that all that follow would be too old */
                f.id = i / 3 + 1;
            int code = reassembly_add(r, &f, &whole);
            check_code(code);
            joined += code == 1;
        }
    }
    assert_true(joined > ROUNDS / 20);
    buf_release(&inner);
    buf_release(&valid);
    buf_release(&changed);
    buf_release(&whole);
    reassembly_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S16_messages),
        cmocka_unit_test(S16_instructions),
        cmocka_unit_test(S16_streams),
        cmocka_unit_test(S16_packets),
    };
    return cmocka_run_group_tests_name("wire mutation", tests, NULL, NULL);
}
