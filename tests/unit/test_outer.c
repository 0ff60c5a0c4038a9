/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "session/outer.h"

static struct probe_facts nothing_known(void)
{
    struct probe p;

    probe_init(&p, PROBE_ALL);
    return p.facts;
}

static struct caps known_as(const char *identity)
{
    struct probe_facts facts = nothing_known();
    struct caps caps = {.colours = 256};

    strcpy(facts.identity, identity);
    outer_learn(&caps, &facts);
    return caps;
}

static void no_answer_changes_nothing(void **state)
{
    struct probe_facts facts = nothing_known();
    struct caps before = {.colours = 8, .links = true, .faint = true, .kitty_keyboard = true};
    struct caps after = before;
    (void)state;

    outer_learn(&after, &facts);
    assert_memory_equal(&after, &before, sizeof before);
}

static void each_answer_counts(void **state)
{
    struct probe_facts facts = nothing_known();
    struct caps caps = {.colours = 8};
    (void)state;

    facts.true_colour = facts.underline_styles = facts.underline_colour = true;
    facts.synchronized_output = facts.clusters = facts.scheme_reports = facts.pixel_mouse = true;
    facts.kitty_keyboard = facts.modify_other_keys = facts.clipboard = true;
    facts.background = 0;
    facts.cursor = 0xFFFFFF;
    facts.palette[0] = 0;
    outer_learn(&caps, &facts);
    assert_int_equal(caps.colours, COLOURS_DIRECT);
    assert_true(caps.underline_styles && caps.double_underline && caps.underline_colour);
    assert_true(caps.synchronized_output && caps.clusters && caps.scheme_reports);
    assert_true(caps.kitty_keyboard && caps.modify_other_keys && caps.pixel_mouse);
    assert_true(caps.default_colours && caps.cursor_colour && caps.palette && caps.clipboard);
    assert_false(caps.progress || caps.notifications || caps.overline);
}

static void names_count(void **state)
{
    struct caps caps;
    (void)state;

    caps = known_as("XTerm(390)");
    assert_int_equal(caps.colours, COLOURS_DIRECT);
    assert_true(caps.cursor_style && caps.faint && caps.struck && caps.links);
    assert_false(caps.underline_styles || caps.progress || caps.notifications);
    caps = known_as("ghostty 1.2.0");
    assert_true(caps.underline_styles && caps.overline && caps.progress && caps.notifications);
    caps = known_as("VTE(7600)");
    assert_true(caps.underline_styles && caps.underline_colour);
    assert_false(caps.notifications || caps.clipboard);
    caps = known_as("nobody knows me 1.0");
    assert_true(caps.colours == COLOURS_DIRECT && caps.cursor_style);
    assert_false(caps.underline_styles);
}

static void looks_are_what_is_seen(void **state)
{
    struct caps a = {.colours = 256}, b = a;
    (void)state;

    b.kitty_keyboard = b.modify_other_keys = b.synchronized_output = b.scheme_reports = true;
    b.pixel_mouse = b.clipboard = true;
    b.notifications = NOTE_OSC9;
    assert_false(outer_looks_differ(&a, &b));
    b.underline_styles = true;
    assert_true(outer_looks_differ(&a, &b));
    b = a;
    b.colours = COLOURS_DIRECT;
    assert_true(outer_looks_differ(&a, &b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_answer_changes_nothing),
        cmocka_unit_test(each_answer_counts),
        cmocka_unit_test(names_count),
        cmocka_unit_test(looks_are_what_is_seen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
