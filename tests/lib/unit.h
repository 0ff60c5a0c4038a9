/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_UNIT_H
#define MOSH_TESTS_UNIT_H

/* cmocka with the headers that it wants included before it, and what many tests need. */

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "rng.h"

/* For what cannot be tested here. cmocka's own says "not ok" in TAP, which counts as a failure. */
#undef skip
#define skip()                                                                                     \
    do {                                                                                           \
        print_message("# skipped: %s\n", __func__);                                                \
        return;                                                                                    \
    } while (0)

/* How much is tried: LONG=1 asks for what takes minutes. */
static inline size_t quick_or_long(size_t quick, size_t in_full)
{
    return getenv("LONG") ? in_full : quick;
}

/* Whether qemu-user runs this (scripts/check says so), which has not all that the kernel has. */
static inline bool is_emulated(void)
{
    return getenv("MOSH_TEST_EMULATED") != NULL;
}

/* Bytes from hexadecimal digits; blanks are skipped. Returns how many. */
static inline size_t unhex(const char *hex, uint8_t *out)
{
    size_t digits = 0;
    for (; *hex; hex++) {
        const char *all = "0123456789abcdef", *at = strchr(all, *hex);
        if (*hex == ' ' || *hex == '\n')
            continue;
        assert_non_null(at);
        uint8_t value = (uint8_t)(at - all);
        out[digits / 2] = (uint8_t)(digits % 2 ? out[digits / 2] << 4 | value : value);
        digits++;
    }
    assert_int_equal(digits % 2, 0);
    return digits / 2;
}

/* Compares two byte strings; `want` may be NULL if its length is 0. */
static inline void check_bytes(const void *got, size_t got_len, const void *want, size_t want_len)
{
    assert_int_equal(got_len, want_len);
    if (want_len)
        assert_memory_equal(got, want, want_len);
}

/* The same, with what is wanted in hexadecimal. */
static inline void check_hex(const void *got, size_t got_len, const char *want_hex)
{
    uint8_t want[4096];
    size_t want_len = unhex(want_hex, want);
    check_bytes(got, got_len, want, want_len);
}

#endif
