/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "util/text.h"

static void copies_its_bytes_and_ends_them(void **state)
{
    (void)state;
    char bytes[] = "a\0b";
    struct text *t = text_new(bytes, 3);
    bytes[0] = 'x';
    check_bytes(t->bytes, t->len + 1, "a\0b", 4);
    text_unref(t);
    struct text *none = text_new(NULL, 0);
    assert_int_equal(none->len, 0);
    assert_string_equal(none->bytes, "");
    text_unref(none);
}

static void counts_references(void **state)
{
    (void)state;
    struct text *t = text_new("title", 5);
    assert_ptr_equal(text_ref(t), t);
    text_unref(t);
    assert_string_equal(t->bytes, "title");
    text_unref(t);
    assert_null(text_ref(NULL));
    text_unref(NULL);
}

static void never_set_is_not_empty(void **state)
{
    (void)state;
    struct text *empty = text_new("", 0), *a = text_new("ab", 2), *b = text_new("ab", 2),
                *c = text_new("ac", 2), *longer = text_new("abc", 3);
    assert_true(text_equal(NULL, NULL));
    assert_false(text_equal(NULL, empty));
    assert_false(text_equal(empty, NULL));
    assert_true(text_equal(a, a));
    assert_true(text_equal(a, b));
    assert_false(text_equal(a, c));
    assert_false(text_equal(a, longer));
    text_unref(empty);
    text_unref(a);
    text_unref(b);
    text_unref(c);
    text_unref(longer);
}

static void replace_takes_the_reference_over(void **state)
{
    (void)state;
    struct text *slot = NULL;
    text_replace(&slot, text_new("one", 3));
    assert_int_equal(slot->refs, 1);
    text_replace(&slot, text_ref(slot)); /* by itself: must not free what it puts in */
    assert_string_equal(slot->bytes, "one");
    assert_int_equal(slot->refs, 1);
    text_replace(&slot, NULL);
    assert_null(slot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_its_bytes_and_ends_them),
        cmocka_unit_test(counts_references),
        cmocka_unit_test(never_set_is_not_empty),
        cmocka_unit_test(replace_takes_the_reference_over),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
