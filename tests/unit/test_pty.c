/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <termios.h>
#include <unistd.h>

#include "sys/pty.h"

static struct pty pty;

static int open_one(void **state)
{
    const char *failed;
    (void)state;

    return pty_open(&pty, 24, 80, &failed);
}

static int close_it(void **state)
{
    (void)state;
    pty_close(&pty);
    return 0;
}

static void change(void (*how)(struct termios *))
{
    struct termios t;

    assert_int_equal(tcgetattr(pty.slave, &t), 0);
    how(&t);
    assert_int_equal(tcsetattr(pty.slave, TCSANOW, &t), 0);
}

static void hide(struct termios *t)
{
    t->c_lflag &= ~(tcflag_t)ECHO;
}

static void read_keys(struct termios *t)
{
    t->c_lflag &= ~(tcflag_t)(ECHO | ICANON);
}

static void choose_keys(struct termios *t)
{
    t->c_lflag |= ECHO | ICANON | IEXTEN;
    t->c_cc[VERASE] = 8;
    t->c_cc[VKILL] = (cc_t)_POSIX_VDISABLE;
    t->c_cc[VWERASE] = 23;
}

/* What the program does to its side shows on ours at once. */
static void modes_are_the_programs(void **state)
{
    struct facts facts;
    (void)state;

    facts = pty_facts(&pty);
    assert_true(facts.known);
    assert_true(facts.echo);
    assert_true(facts.canonical);
    change(hide);
    facts = pty_facts(&pty);
    assert_true(facts.known);
    assert_false(facts.echo);
    assert_true(facts.canonical);
    change(read_keys);
    facts = pty_facts(&pty);
    assert_true(facts.known);
    assert_false(facts.echo);
    assert_false(facts.canonical);
    change(choose_keys);
    facts = pty_facts(&pty);
    assert_true(facts.known);
    assert_int_equal(facts.erase, 8);
    assert_int_equal(facts.kill, 0);
    assert_int_equal(facts.word_erase, 23);
}

static void no_terminal_has_no_modes(void **state)
{
    const struct pty none = {.master = -1, .slave = -1};
    (void)state;

    assert_false(pty_facts(&none).known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(modes_are_the_programs, open_one, close_it),
        cmocka_unit_test(no_terminal_has_no_modes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
