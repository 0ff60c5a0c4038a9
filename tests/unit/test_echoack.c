/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "session/echoack.h"
#include "statesync/hostscreen.h"

static void acknowledges_after_the_delay(void **state)
{
    (void)state;
    struct echoack e = {0};

    assert_int_equal(echoack_deadline(&e), MSEC_NEVER);
    assert_int_equal(echoack_take(&e, 1000), 0);
    echoack_record(&e, 1000, 3);
    /* The first record has a deadline too, or it would wait for something else to happen. */
    assert_int_equal(echoack_deadline(&e), 1000 + ECHO_ACK_DELAY_MS);
    echoack_record(&e, 1010, 4);
    echoack_record(&e, 1040, 7);
    assert_int_equal(echoack_take(&e, 1049), 0);
    assert_int_equal(echoack_take(&e, 1050), 3);
    assert_int_equal(echoack_deadline(&e), 1060);
    assert_int_equal(echoack_take(&e, 1090), 7);
    assert_int_equal(echoack_deadline(&e), MSEC_NEVER);
}

/* A table that is full makes acknowledgements late, never early, and goes on giving some. */
static void full_table_is_late_but_right(void **state)
{
    (void)state;
    struct echoack e = {0};
    uint64_t newest = 0;

    for (msec_t now = 1; now <= 2000; now++)
        for (uint64_t i = 0; i < 10; i++) {
            uint64_t due = echoack_take(&e, now);

            if (due) {
                assert_true((due - 1) / 10 + 1 + ECHO_ACK_DELAY_MS <= now);
                assert_true(due > newest);
                newest = due;
            }
            echoack_record(&e, now, (now - 1) * 10 + i + 1);
        }
    assert_true(newest > 19000);
}

/* As many as there is room for have each its own time; of more the last gives way to the newest. */
static void each_has_its_own_time(void **state)
{
    (void)state;
    struct echoack e = {0};

    for (uint64_t num = 1; num <= ECHOACK_RECORDS_MAX; num++)
        echoack_record(&e, 1000 + num, num);
    for (uint64_t num = 1; num < ECHOACK_RECORDS_MAX; num++)
        assert_int_equal(echoack_take(&e, 1000 + num + ECHO_ACK_DELAY_MS), num);
    for (uint64_t num = 1; num <= ECHOACK_RECORDS_MAX + 1; num++)
        echoack_record(&e, 2000, num);
    echoack_acknowledged(&e, ECHOACK_RECORDS_MAX);
    assert_int_equal(e.count, 1);
    assert_int_equal(echoack_take(&e, 2000 + ECHO_ACK_DELAY_MS), ECHOACK_RECORDS_MAX + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(acknowledges_after_the_delay),
        cmocka_unit_test(full_table_is_late_but_right),
        cmocka_unit_test(each_has_its_own_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
