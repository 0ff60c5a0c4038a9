/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/emulators.h"

static void buffers_change_places(void **state)
{
    (void)state;
    put_rows(LETTERS);
    struct row *first = e->screen.row[0];
    emulator_show_buffer(e, BUFFER_ALTERNATE);
    CHECK_ROW(0, "..........");
    put("xyz");
    emulator_show_buffer(e, BUFFER_ALTERNATE); /* it is */
    CHECK_ROW(0, "xyz.......");
    emulator_show_buffer(e, BUFFER_MAIN);
    CHECK_ROW(0, "aaa.......");
    assert_ptr_equal(e->screen.row[0], first);
    emulator_show_buffer(e, BUFFER_ALTERNATE);
    CHECK_ROW(0, "xyz.......");
    emulator_show_buffer(e, BUFFER_MAIN);
    emulator_clear_hidden_buffer(e);
    emulator_show_buffer(e, BUFFER_ALTERNATE);
    CHECK_ROW(0, "..........");
}

static void a_clone_shares_the_rows_of_both(void **state)
{
    (void)state;
    put_rows(LETTERS);
    emulator_show_buffer(e, BUFFER_ALTERNATE);
    put_rows(LETTERS);
    size_t alone = emulator_footprint(e);
    struct emulator *clone = emulator_clone(e);
    assert_true(emulator_footprint(clone) < alone);
    for (size_t row = 0; row < 5; row++) {
        assert_ptr_equal(clone->screen.row[row], e->screen.row[row]);
        assert_ptr_equal(clone->hidden->screen.row[row], e->hidden->screen.row[row]);
    }
    emulator_free(clone);
    assert_int_equal(emulator_footprint(e), alone);
}

static void the_hidden_one_keeps_the_row_of_its_cursor(void **state)
{
    (void)state;
    put_rows(LETTERS);
    emulator_move_to(e, 3, 1);
    emulator_save_cursor(e);
    emulator_show_buffer(e, BUFFER_ALTERNATE);
    emulator_resize(e, 2, 4);
    emulator_show_buffer(e, BUFFER_MAIN);
    CHECK_ROW(0, "ccc.");
    CHECK_ROW(1, "ddd.");
    emulator_restore_cursor(e);
    CHECK_CURSOR(1, 1);
    assert_int_equal(e->hidden->screen.rows, 2);
    assert_int_equal(e->hidden->screen.cols, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMULATOR_TEST(buffers_change_places),
        EMULATOR_TEST(a_clone_shares_the_rows_of_both),
        EMULATOR_TEST(the_hidden_one_keeps_the_row_of_its_cursor),
    };
    return cmocka_run_group_tests_name("alternate", tests, NULL, NULL);
}
