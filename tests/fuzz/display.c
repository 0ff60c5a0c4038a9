/* SPDX-License-Identifier: GPL-3.0-or-later */

/* R3: who shows a screen and is given the difference to another shows that. For stock's clients and
   for ours. */

#include "fuzz.h"

#include "../lib/looks.h"
#include "terminal/display.h"
#include "terminal/emulator.h"

#define FRAMES_MAX 16

static void follow(struct emulator *reader, const struct caps *caps, const struct screen *from,
                   const struct screen *to, struct buf *diff)
{
    buf_clear(diff);
    display_diff(caps, from, to, diff);
    emulator_write(reader, diff->data, diff->len, NULL);
    check_emulator(reader, caps, to);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader in = {.at = data, .left = size};
    size_t rows = 1 + fuzz_byte(&in) % 12, cols = 1 + fuzz_byte(&in) % 30;
    struct emulator *program = emulator_new(EMULATOR_HOST, rows, cols), *before = NULL;
    struct emulator *stock = emulator_new(EMULATOR_MIRROR, rows, cols);
    struct emulator *ours = emulator_new(EMULATOR_MIRROR, rows, cols);
    struct buf diff = {0};

    for (size_t frame = 0; frame < FRAMES_MAX && in.left > 0; frame++) {
        struct reader piece = fuzz_piece(&in);
        struct emulator *now;
        emulator_write(program, piece.at, piece.left, NULL);
        now = emulator_clone(program);
        const struct screen *from = before ? emulator_screen(before) : NULL;
        follow(stock, &caps_mirror, from, emulator_screen(now), &diff);
        follow(ours, &caps_extended, from, emulator_screen(now), &diff);
        emulator_free(before);
        before = now;
    }
    emulator_free(before);
    emulator_free(program);
    emulator_free(stock);
    emulator_free(ours);
    buf_release(&diff);
    return 0;
}
