/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/emulators.h"

static struct buf reply;

static int listen(void **state)
{
    new_emulator(state);
    e->reply = &reply;
    return 0;
}

static int stop_listening(void **state)
{
    buf_release(&reply);
    return free_emulator(state);
}

static void check_reply(const char *want)
{
    check_bytes(reply.data, reply.len, want, strlen(want));
    buf_clear(&reply);
}

static void says_that_it_is_well(void **state)
{
    (void)state;
    reply_status(e, PARAMS(5));
    check_reply("\033[0n");
}

static void says_where_the_cursor_is(void **state)
{
    (void)state;
    emulator_move_to(e, 2, 6);
    reply_status(e, PARAMS(6));
    check_reply("\033[3;7R");
    put("0123456789"); /* where a wrap is pending, it is in the last column */
    emulator_move_to(e, 3, 0);
    put("0123456789");
    reply_status(e, PARAMS(6));
    check_reply("\033[4;10R");
}

static void rows_count_as_they_do_for_cup(void **state)
{
    (void)state;
    emulator_set_margins(e, 2, 4);
    e->origin = true;
    emulator_home(e);
    reply_status(e, PARAMS(6));
    check_reply("\033[1;1R");
}

static void says_what_it_is_when_asked_rightly(void **state)
{
    (void)state;
    reply_attributes(e, PARAMS(0));
    assert_memory_equal(reply.data, "\033[?62", 5);
    buf_clear(&reply);
    reply_secondary_attributes(e, PARAMS(0));
    assert_memory_equal(reply.data, "\033[>", 3);
    buf_clear(&reply);
    reply_attributes(e, PARAMS(1));
    reply_secondary_attributes(e, PARAMS(1));
    reply_status(e, PARAMS(0));
    reply_status(e, PARAMS(7));
    check_reply("");
}

/* One by one, since answers in a row do not say to which question each of them belongs. */
static void each_device_has_its_own_answer(void **state)
{
    static const struct {
        uint16_t question;
        const char *answer;
    } cases[] = {
        {15, "\033[?13n"}, {25, "\033[?20n"}, {26, "\033[?27;1;0;0n"},
        {53, "\033[?50n"}, {55, "\033[?50n"}, {56, "\033[?57;0n"},
        {62, "\033[0*{"},  {75, "\033[?70n"}, {85, "\033[?83n"},
    };
    (void)state;

    for (uint16_t question = 7; question < 996; question++) {
        const char *want = "";
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
            if (cases[i].question == question)
                want = cases[i].answer;
        reply_private_status(e, PARAMS(question));
        check_reply(want);
    }
}

/* A program that asks without end and reads nothing fills no memory. */
static void answers_that_nobody_reads_are_bounded(void **state)
{
    (void)state;
    for (int i = 0; i < 100000; i++)
        reply_status(e, PARAMS(6));
    assert_in_range(reply.len, 60000, 70000);
    buf_clear(&reply);
    reply_status(e, PARAMS(5));
    check_reply("\033[0n");
}

/* The last answer is the one that reaches the bound. */
static void the_bound_is_exact(void **state)
{
    enum { BOUND = 65536 };
    static const uint8_t unread[BOUND];
    (void)state;

    buf_append(&reply, unread, BOUND - 1);
    reply_status(e, PARAMS(5));
    assert_int_equal(reply.len, BOUND - 1 + 4);
    buf_clear(&reply);
    buf_append(&reply, unread, BOUND);
    reply_status(e, PARAMS(5));
    reply_status(e, PARAMS(6));
    assert_int_equal(reply.len, BOUND);
}

static void nobody_listens(void **state)
{
    (void)state;
    e->reply = NULL;
    reply_status(e, PARAMS(5));
    reply_status(e, PARAMS(6));
    reply_attributes(e, PARAMS(0));
}

#define REPLY_TEST(name) cmocka_unit_test_setup_teardown(name, listen, stop_listening)

int main(void)
{
    const struct CMUnitTest tests[] = {
        REPLY_TEST(says_that_it_is_well),
        REPLY_TEST(says_where_the_cursor_is),
        REPLY_TEST(rows_count_as_they_do_for_cup),
        REPLY_TEST(says_what_it_is_when_asked_rightly),
        REPLY_TEST(each_device_has_its_own_answer),
        REPLY_TEST(answers_that_nobody_reads_are_bounded),
        REPLY_TEST(the_bound_is_exact),
        REPLY_TEST(nobody_listens),
    };
    return cmocka_run_group_tests_name("reply", tests, NULL, NULL);
}
