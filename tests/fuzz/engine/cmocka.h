/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_FUZZ_CMOCKA_H
#define MOSH_TESTS_FUZZ_CMOCKA_H

/* For an engine, instead of cmocka: of its assertions those that fuzz targets use. One that fails
   ends the process by abort, which each engine takes for a crash. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define fail_msg(...)                                                                              \
    do {                                                                                           \
        fprintf(stderr, "%s:%d: ", __FILE__, __LINE__);                                            \
        fprintf(stderr, __VA_ARGS__);                                                              \
        fputc('\n', stderr);                                                                       \
        abort();                                                                                   \
    } while (0)

#define print_message(...)         fprintf(stderr, __VA_ARGS__)
#define assert_true(what)          ((what) ? (void)0 : engine_fail(__FILE__, __LINE__, #what))
#define assert_false(what)         assert_true(!(what))
#define assert_non_null(what)      assert_true((what) != NULL)
#define assert_null(what)          assert_true((what) == NULL)
#define assert_ptr_equal(a, b)     assert_true((a) == (b))
#define assert_int_equal(a, b)     engine_equal((uintmax_t)(a), (uintmax_t)(b), __FILE__, __LINE__, #a)
#define assert_int_not_equal(a, b) assert_true((uintmax_t)(a) != (uintmax_t)(b))
#define assert_in_range(value, least, most)                                                        \
    engine_range((uintmax_t)(value), (uintmax_t)(least), (uintmax_t)(most), __FILE__, __LINE__,    \
                 #value)
#define assert_memory_equal(a, b, len) assert_true(memcmp(a, b, len) == 0)
#define assert_string_equal(a, b)      assert_true(strcmp(a, b) == 0)

static inline _Noreturn void engine_fail(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: failed: %s\n", file, line, what);
    abort();
}

static inline void engine_equal(uintmax_t a, uintmax_t b, const char *file, int line,
                                const char *what)
{
    if (a != b) {
        fprintf(stderr, "%" PRIuMAX " is not %" PRIuMAX "\n", a, b);
        engine_fail(file, line, what);
    }
}

static inline void engine_range(uintmax_t value, uintmax_t least, uintmax_t most, const char *file,
                                int line, const char *what)
{
    if (value < least || value > most) {
        fprintf(stderr, "%" PRIuMAX " is not from %" PRIuMAX " to %" PRIuMAX "\n", value, least,
                most);
        engine_fail(file, line, what);
    }
}

#endif
