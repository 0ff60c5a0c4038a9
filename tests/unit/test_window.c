/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/emulators.h"

static void set(struct text **slot, const char *text)
{
    text_replace(slot, text_new(text, strlen(text)));
}

static void titles_are_put_aside(void **state)
{
    (void)state;
    struct screen *s = &e->screen;

    set(&s->icon_name, "icon");
    set(&s->window_title, "window");
    window_operation(e, PARAMS(22, 2));
    window_operation(e, PARAMS(22, 1));
    set(&s->icon_name, "x");
    set(&s->window_title, "x");
    window_operation(e, PARAMS(23, 2));
    assert_string_equal(s->window_title->bytes, "window");
    assert_string_equal(s->icon_name->bytes, "x");
    window_operation(e, PARAMS(23, 1));
    assert_string_equal(s->icon_name->bytes, "icon");
}

static void no_title_is_told(void **state)
{
    (void)state;
    struct buf reply = {0};

    e->reply = &reply;
    set(&e->screen.window_title, "secret");
    set(&e->screen.icon_name, "secret");
    for (uint16_t number = 0; number < 100; number++)
        window_operation(e, PARAMS(number));
    buf_append_byte(&reply, 0);
    assert_null(strstr((const char *)reply.data, "secret"));
    assert_non_null(strstr((const char *)reply.data, "\033[8;5;10t"));
    buf_release(&reply);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(titles_are_put_aside),
        EMULATOR_TEST(no_title_is_told),
    };
    return cmocka_run_group_tests_name("window", tests, NULL, NULL);
}
