/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "util/err.h"
#include "wire/pballoc.h"
#include "wire/usermsg.h"
#include "wire/user.pb-c.h"

static int unpack(size_t bytes_max, const uint8_t *bytes, size_t len, size_t *used)
{
    struct pballoc p;
    int err = 0;

    pballoc_init(&p, bytes_max);
    ProtobufCMessage *message =
        pballoc_unpack(&p, &wire__user_message__descriptor, bytes, len, &err);
    if (message)
        pballoc_free(&p, message);
    *used = bytes_max - p.left_bytes;
    return message ? 0 : err;
}

static void messages_within_the_bound_are_decoded(void **state)
{
    struct buf bytes = {0};
    size_t used;
    (void)state;
    usermsg_put_resize(&bytes, 80, 24);
    usermsg_put_keys(&bytes, (const uint8_t *)"keys", 4);
    assert_int_equal(unpack(PBALLOC_BYTES_MAX, bytes.data, bytes.len, &used), 0);
    assert_true(used > 0);
    /* and one byte less is not enough */
    size_t needed = used;
    assert_int_equal(unpack(needed, bytes.data, bytes.len, &used), 0);
    assert_int_equal(unpack(needed - 1, bytes.data, bytes.len, &used), ERR_LIMIT);
    buf_release(&bytes);
}

/* Two bytes ask for an instruction of more than a hundred. Nothing leaks on the way out,
   as the sanitizers see. */
static void S16_S20_a_message_that_swells_is_given_up(void **state)
{
    enum { INSTRUCTIONS = 1000000 };
    struct buf bytes = {0};
    size_t used;
    (void)state;
    for (size_t i = 0; i < INSTRUCTIONS; i++)
        buf_append(&bytes, "\x0a\x00", 2);
    assert_int_equal(unpack(PBALLOC_BYTES_MAX, bytes.data, bytes.len, &used), ERR_LIMIT);
    assert_true(used <= PBALLOC_BYTES_MAX);
    buf_release(&bytes);
}

static void malformed_is_another_error(void **state)
{
    size_t used;
    (void)state;
    assert_int_equal(unpack(PBALLOC_BYTES_MAX, (const uint8_t *)"\x0a\x05", 2, &used),
                     ERR_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_within_the_bound_are_decoded),
        cmocka_unit_test(S16_S20_a_message_that_swells_is_given_up),
        cmocka_unit_test(malformed_is_another_error),
    };
    return cmocka_run_group_tests_name("pballoc", tests, NULL, NULL);
}
