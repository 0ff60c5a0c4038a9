/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "terminal/registers.h"
#include "terminal/style.h"

static void check_put(const struct caps *caps, const struct registers *from,
                      const struct registers *to, const char *want)
{
    struct buf out = {0};

    registers_put(caps, from, to, &out);
    check_bytes(out.data, out.len, want, strlen(want));
    buf_release(&out);
}

static void check_reset(const struct caps *caps, const struct registers *shown, const char *want)
{
    struct buf out = {0};

    registers_put_reset(caps, shown, &out);
    check_bytes(out.data, out.len, want, strlen(want));
    buf_release(&out);
}

static const struct registers initial;
static struct registers set;

static int set_all(void **state)
{
    (void)state;
    set = (struct registers){.cursor_style = 4,
                             .progress = PROGRESS_RUNNING,
                             .percent = 7,
                             .cursor_colour = COLOUR_RGB | 0xFF0000,
                             .foreground = COLOUR_RGB | 0x010203,
                             .background = COLOUR_RGB,
                             .directory = text_new("file://h/", 9)};
    palette_set(&set.palette, 1, COLOUR_RGB | 0x111111);
    return 0;
}

static int release_all(void **state)
{
    (void)state;
    registers_release(&set);
    return 0;
}

#define EVERYTHING                                                                                 \
    "\033[4 q\033]12;rgb:ff/00/00\a\033]10;rgb:01/02/03\a\033]11;rgb:00/00/00\a"                   \
    "\033]4;1;rgb:11/11/11\a\033]9;4;1;7\a\033]7;file://h/\a"
#define NOTHING "\033[0 q\033]112\a\033]110\a\033]111\a\033]104\a\033]9;4;0\a\033]7;\a"

static struct caps terminal(void)
{
    struct caps caps = caps_extended;

    caps.mirror = false;
    return caps;
}

static void only_what_differs_is_written(void **state)
{
    (void)state;
    struct caps caps = terminal();

    check_put(&caps, &initial, &set, EVERYTHING);
    check_put(&caps, &set, &set, "");
    check_put(&caps, &set, &initial, NOTHING);
}

/* What nobody has set on the user's terminal may still not be as it was delivered: the user's own
   shell may have chosen its colours. */
static void what_no_program_touched_is_left_alone(void **state)
{
    (void)state;
    struct caps caps = terminal();

    check_put(&caps, NULL, &initial, "");
    check_put(&caps, NULL, &set, EVERYTHING);
    check_reset(&caps, &initial, "");
    check_reset(&caps, &set, NOTHING);
    check_reset(&caps, NULL, NOTHING);
}

/* A mirror is nobody else's, and has to be what it shall. */
static void an_unknown_mirror_is_set_whole(void **state)
{
    (void)state;
    check_put(&caps_extended, NULL, &initial, NOTHING);
    check_put(&caps_extended, NULL, &set,
              "\033[4 q\033]12;rgb:ff/00/00\a\033]10;rgb:01/02/03\a\033]11;rgb:00/00/00\a\033]104\a"
              "\033]4;1;rgb:11/11/11\a\033]9;4;1;7\a\033]7;file://h/\a");
}

static void what_a_terminal_does_not_have_it_does_not_get(void **state)
{
    (void)state;
    struct caps cursor = {.cursor_style = true};

    check_put(&caps_mirror, &initial, &set, "");
    check_put(&caps_mirror, NULL, &set, "");
    check_reset(&caps_mirror, NULL, "");
    check_put(&cursor, &initial, &set, "\033[4 q");
    check_reset(&cursor, &set, "\033[0 q");
}

static void copies_are_equal_and_independent(void **state)
{
    (void)state;
    struct registers copy;

    registers_copy(&copy, &set);
    assert_true(registers_equal(&copy, &set));
    palette_set(&copy.palette, 1, COLOUR_RGB | 0x222222);
    assert_false(registers_equal(&copy, &set));
    assert_int_equal(set.palette->colour[1], COLOUR_RGB | 0x111111);
    palette_set(&copy.palette, 1, COLOUR_RGB | 0x111111);
    assert_true(registers_equal(&copy, &set));
    palette_set(&copy.palette, 1, COLOUR_DEFAULT);
    assert_null(copy.palette);
    registers_reset(&copy);
    assert_int_equal(copy.cursor_style, 0);
    assert_non_null(copy.directory);
    registers_release(&copy);
    assert_non_null(set.palette);
}

static void each_register_counts(void **state)
{
    (void)state;
    for (int i = 0; i < 9; i++) {
        struct registers copy;
        registers_copy(&copy, &set);
        switch (i) {
        case 0:
            copy.cursor_style++;
            break;
        case 1:
            copy.cursor_blink = true;
            break;
        case 2:
            copy.progress++;
            break;
        case 3:
            copy.percent++;
            break;
        case 4:
            copy.cursor_colour++;
            break;
        case 5:
            copy.foreground++;
            break;
        case 6:
            copy.background++;
            break;
        case 7:
            palette_set(&copy.palette, 255, COLOUR_RGB);
            break;
        default:
            text_replace(&copy.directory, NULL);
        }
        assert_false(registers_equal(&copy, &set));
        registers_release(&copy);
    }
}

#define REGISTERS_TEST(name) cmocka_unit_test_setup_teardown(name, set_all, release_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        REGISTERS_TEST(only_what_differs_is_written),
        REGISTERS_TEST(what_no_program_touched_is_left_alone),
        REGISTERS_TEST(an_unknown_mirror_is_set_whole),
        REGISTERS_TEST(what_a_terminal_does_not_have_it_does_not_get),
        REGISTERS_TEST(copies_are_equal_and_independent),
        REGISTERS_TEST(each_register_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
