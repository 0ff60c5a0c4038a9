/* SPDX-License-Identifier: GPL-3.0-or-later */

/* R2, R4, S19: output and sizes of the window in any order leave a screen in good order, whose
   memory is bounded. */

#include "fuzz.h"

#include "../lib/screens.h"
#include "terminal/emulator.h"

/* A screen of the largest size that is used here, both buffers, and what programs may set. */
#define FOOTPRINT_MAX ((size_t)16 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader in = {.at = data, .left = size};
    struct emulator *e = emulator_new(EMULATOR_HOST, 24, 80), *kept = NULL;
    struct buf answers = {0};

    emulator_allow_keyboards(e, true, true);
    emulator_keep_history(e);
    while (in.left > 0) {
        size_t rows = 1 + fuzz_byte(&in), cols = 1 + fuzz_byte(&in);
        struct reader piece = fuzz_piece(&in);
        size_t cells = emulator_screen(e)->rows * emulator_screen(e)->cols;
        clock_t began = clock();
        emulator_write(e, piece.at, piece.left, &answers);
        fuzz_check_work(began, piece.left, cells);
        check_invariants(emulator_screen(e));
        if (rows & 1)
            emulator_resize(e, rows, cols);
        check_invariants(emulator_screen(e));
        if (cols & 1) { /* a snapshot stays as it was */
            emulator_free(kept);
            kept = emulator_clone(e);
        }
    }
    if (kept)
        check_invariants(emulator_screen(kept));
    assert_in_range(emulator_footprint(e), 0, FOOTPRINT_MAX);
    emulator_free(kept);
    emulator_free(e);
    buf_release(&answers);
    return 0;
}
