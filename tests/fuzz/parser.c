/* SPDX-License-Identifier: GPL-3.0-or-later */

/* R8, S21: a program's output means the same however it is cut into pieces. */

#include "fuzz.h"

#include "../lib/screens.h"
#include "terminal/display.h"
#include "terminal/emulator.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader in = {.at = data, .left = size};
    struct rng rng = {.state = fuzz_number(&in)};
    enum emulator_role role = fuzz_byte(&in) & 1 ? EMULATOR_MIRROR : EMULATOR_HOST;
    struct pool *pool = pool_new();
    struct emulator *whole = emulator_new_in(pool, role, 10, 40);
    struct emulator *cut = emulator_new_in(pool, role, 10, 40);
    struct buf answers[2] = {0};
    clock_t began = clock();

    emulator_write(whole, in.at, in.left, &answers[0]);
    while (in.left > 0) {
        size_t len = 1 + rng_below(&rng, in.left < 8 ? in.left : 8);
        emulator_write(cut, in.at, len, &answers[1]);
        in.at += len;
        in.left -= len;
    }
    fuzz_check_work(began, 2 * size, 10 * 40);
    assert_true(screen_equal(emulator_screen(whole), emulator_screen(cut)));
    check_bytes(answers[1].data, answers[1].len, answers[0].data, answers[0].len);
    emulator_free(whole);
    emulator_free(cut);
    pool_unref(pool);
    buf_release(&answers[0]);
    buf_release(&answers[1]);
    return 0;
}
