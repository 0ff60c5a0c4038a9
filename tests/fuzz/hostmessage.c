/* SPDX-License-Identifier: GPL-3.0-or-later */

/* S16, S19: what a server may say of the screen. Whatever is taken is a screen in good order. */

#include "fuzz.h"

#include "../lib/screens.h"
#include "statesync/hostscreen.h"

/* More than one screen can take at the largest size, with all that programs may set. */
#define FOOTPRINT_MAX ((size_t)64 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader in = {.at = data, .left = size};
    struct hostscreen *screen = hostscreen_new(EMULATOR_MIRROR, 24, 80);

    while (in.left > 0) {
        struct reader piece = fuzz_piece(&in);
        struct hostscreen *next = hostscreen_ops.clone(screen);
        if (hostscreen_ops.apply(next, piece.at, piece.left) == 0) {
            hostscreen_ops.free(screen);
            screen = next;
        } else {
            hostscreen_ops.free(next);
        }
        check_invariants(hostscreen_screen(screen));
        assert_in_range(hostscreen_ops.footprint(screen), 0, FOOTPRINT_MAX);
    }
    hostscreen_ops.free(screen);
    return 0;
}
