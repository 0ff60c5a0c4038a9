/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_EMULATORS_H
#define MOSH_TESTS_EMULATORS_H

/* For tests of the emulator's parts, each of which is called without the parser before it. */

#include "screens.h"
#include "terminal/emulator_internal.h"

/* Each test has a new one of 5 rows and 10 columns. */
static struct emulator *e;

static inline int new_emulator(void **state)
{
    (void)state;
    e = emulator_new(EMULATOR_HOST, 5, 10);
    return 0;
}

static inline int free_emulator(void **state)
{
    (void)state;
    emulator_free(e);
    return 0;
}

#define EMULATOR_TEST(name) cmocka_unit_test_setup_teardown(name, new_emulator, free_emulator)

/* Parameters of a sequence, separated by semicolons. */
#define PARAMS(...)                                                                                \
    (&(struct params){.count = sizeof((uint16_t[]){__VA_ARGS__}) / sizeof(uint16_t),               \
                      .value = {__VA_ARGS__}})

static inline void put(const char *text)
{
    emulator_print_ascii(e, (const uint8_t *)text, strlen(text));
}

/* Rows 0 to 4 get the texts, and the cursor goes home. */
static inline void put_rows(const char *const texts[5])
{
    for (size_t row = 0; row < 5; row++) {
        emulator_move_to(e, row, 0);
        put(texts[row]);
    }
    emulator_move_to(e, 0, 0);
}

#define LETTERS ((const char *const[]){"aaa", "bbb", "ccc", "ddd", "eee"})

#define CHECK_ROW(row, text) assert_string_equal(row_text(&e->screen, row), text)

#define CHECK_CURSOR(row, col)                                                                     \
    do {                                                                                           \
        assert_int_equal(e->screen.cursor_row, row);                                               \
        assert_int_equal(e->screen.cursor_col, col);                                               \
    } while (0)

#endif
