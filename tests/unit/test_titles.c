/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <stdio.h>

#include "terminal/titles.h"

static struct title_stack stack;
static struct text *title;

static int release(void **state)
{
    (void)state;
    title_stack_clear(&stack);
    text_replace(&title, NULL);
    return 0;
}

static void set(const char *text)
{
    text_replace(&title, text_new(text, strlen(text)));
}

static void the_last_comes_back_first(void **state)
{
    (void)state;
    set("one");
    title_stack_push(&stack, title);
    set("two");
    title_stack_push(&stack, title);
    set("three");
    title_stack_pop(&stack, &title);
    assert_string_equal(title->bytes, "two");
    title_stack_pop(&stack, &title);
    assert_string_equal(title->bytes, "one");
    title_stack_pop(&stack, &title); /* nothing is left: it stays */
    assert_string_equal(title->bytes, "one");
}

static void never_set_comes_back_as_such(void **state)
{
    (void)state;
    title_stack_push(&stack, NULL);
    set("x");
    title_stack_pop(&stack, &title);
    assert_null(title);
}

static void the_oldest_are_lost(void **state)
{
    (void)state;
    char name[8];

    for (int i = 0; i < 3 * TITLES_SAVED_MAX; i++) {
        snprintf(name, sizeof name, "%d", i);
        set(name);
        title_stack_push(&stack, title);
    }
    for (int i = 0; i < TITLES_SAVED_MAX; i++)
        title_stack_pop(&stack, &title);
    assert_int_equal(stack.count, 0);
    snprintf(name, sizeof name, "%d", 2 * TITLES_SAVED_MAX);
    assert_string_equal(title->bytes, name);
}

static void a_copy_outlives_its_model(void **state)
{
    (void)state;
    struct title_stack copy;

    set("kept");
    title_stack_push(&stack, title);
    title_stack_copy(&copy, &stack);
    title_stack_clear(&stack);
    text_replace(&title, NULL);
    title_stack_pop(&copy, &title);
    assert_string_equal(title->bytes, "kept");
    title_stack_clear(&copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_last_comes_back_first, release),
        cmocka_unit_test_teardown(never_set_comes_back_as_such, release),
        cmocka_unit_test_teardown(the_oldest_are_lost, release),
        cmocka_unit_test_teardown(a_copy_outlives_its_model, release),
    };
    return cmocka_run_group_tests_name("titles", tests, NULL, NULL);
}
