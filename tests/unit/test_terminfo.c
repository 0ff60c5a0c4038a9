/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <stdlib.h>

#include "sys/terminfo.h"

static char remark[256];

static bool load(const char *term, struct caps *caps)
{
    setenv("TERM", term, 1);
    return terminfo_load(caps, remark, sizeof remark);
}

static int clean(void **state)
{
    (void)state;
    unsetenv("COLORTERM");
    unsetenv("TERM_PROGRAM");
    unsetenv("ConEmuPID");
    return 0;
}

/* The entries of every system with ncurses. */
static void first_guesses(void **state)
{
    struct caps caps;
    (void)state;

    assert_true(load("xterm-256color", &caps));
    assert_string_equal(remark, "");
    assert_int_equal(caps.colours, 256);
    assert_true(caps.title && caps.erase_chars && caps.links && caps.keypad);
    assert_false(caps.kitty_keyboard || caps.modify_other_keys || caps.synchronized_output);
    assert_false(caps.progress || caps.notifications || caps.clusters || caps.default_colours);
    assert_true(caps.enter_screen[0] && caps.leave_screen[0]);

    assert_true(load("xterm", &caps)); /* the entry has 8, and nobody's terminal has so few */
    assert_int_equal(caps.colours, 256);
    setenv("COLORTERM", "truecolor", 1);
    assert_true(load("xterm", &caps));
    assert_int_equal(caps.colours, COLOURS_DIRECT);
    setenv("COLORTERM", "yes", 1);
    assert_true(load("xterm", &caps));
    assert_int_equal(caps.colours, 256);

    assert_true(load("linux", &caps));
    assert_int_equal(caps.colours, 8);
    assert_false(caps.title || caps.links || caps.clipboard || caps.underline_styles);
    assert_false(load("dumb", &caps));
    assert_string_not_equal(remark, "");
}

/* Without an entry the name has to do. */
static void names_do(void **state)
{
    struct caps caps;
    (void)state;

    assert_true(load("xterm-that-nobody-has", &caps));
    assert_string_not_equal(remark, "");
    assert_int_equal(caps.colours, 256);
    assert_true(caps.enter_screen[0]);
    assert_false(load("nothing-that-anybody-has", &caps));
}

static void manners(void **state)
{
    static const struct {
        const char *term, *program;
        enum terminfo_manners want;
    } cases[] = {
        {"xterm", NULL, TERMINFO_TAKES_STRINGS},
        {"xterm-256color", NULL, TERMINFO_TAKES_STRINGS},
        {"xterm-kitty", NULL, TERMINFO_TAKES_STRINGS},
        {"foot", NULL, TERMINFO_TAKES_STRINGS},
        {"tmux-256color", NULL, TERMINFO_TAKES_STRINGS},
        {"rxvt-unicode-256color", NULL, TERMINFO_TAKES_STRINGS},
        {"screen-256color", NULL, TERMINFO_TAKES_QUESTIONS},
        {"putty", NULL, TERMINFO_TAKES_QUESTIONS},
        {"xterm-256color", "Apple_Terminal", TERMINFO_TAKES_QUESTIONS},
        {"xterm-256color", "iTerm.app", TERMINFO_TAKES_STRINGS},
        {"linux", NULL, TERMINFO_UNKNOWN},
        {"dumb", NULL, TERMINFO_UNKNOWN},
        {"vt100", NULL, TERMINFO_UNKNOWN},
        {"rxvt", NULL, TERMINFO_UNKNOWN},
        {"Eterm", NULL, TERMINFO_UNKNOWN},
        {"", NULL, TERMINFO_UNKNOWN},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        setenv("TERM", cases[i].term, 1);
        if (cases[i].program)
            setenv("TERM_PROGRAM", cases[i].program, 1);
        else
            unsetenv("TERM_PROGRAM");
        assert_int_equal(terminfo_manners(), cases[i].want);
    }
    setenv("ConEmuPID", "1", 1);
    setenv("TERM", "xterm", 1);
    assert_int_equal(terminfo_manners(), TERMINFO_TAKES_QUESTIONS);
    unsetenv("TERM");
    assert_int_equal(terminfo_manners(), TERMINFO_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(first_guesses, clean),
        cmocka_unit_test_setup(names_do, clean),
        cmocka_unit_test_setup(manners, clean),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
