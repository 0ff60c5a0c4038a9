/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Predictions over any screens and keys: a frame is in good order; what it shows that the screen
   does not was typed, or is what stood elsewhere in that row; and without the server's echo nothing
   is shown at all (P2). */

#include "fuzz.h"

#include "../lib/predict_world.h"

#define TYPED_MAX 4096

static uint8_t typed[TYPED_MAX];
static size_t typed_count;

static void remember(struct reader keys)
{
    for (size_t i = 0; i < keys.left && typed_count < TYPED_MAX; i++)
        typed[typed_count++] = keys.at[i];
}

static bool was_typed(uint32_t glyph)
{
    uint32_t code = glyph & CELL_CODE_MASK;

    if (code >= 0x80 || glyph & (CELL_CLUSTER | CELL_TRAIL))
        return true; /* of several bytes: the unit tests know better */
    for (size_t i = 0; i < typed_count; i++) {
        if (typed[i] == code)
            return true;
    }
    return false;
}

static bool stands_in(const struct row *r, uint32_t glyph)
{
    for (size_t col = 0; col < r->cols; col++) {
        if (r->cell[col].glyph == glyph)
            return true;
    }
    return false;
}

static void check_frame(const struct world *w, bool silent)
{
    struct screen frame;
    const struct screen *s = truth(w);

    draw(w, &frame); /* checks that it is in good order */
    for (size_t row = 0; row < s->rows; row++) {
        for (size_t col = 0; col < s->cols; col++) {
            uint32_t glyph = frame.row[row]->cell[col].glyph;
            if (glyph == s->row[row]->cell[col].glyph)
                continue;
            assert_false(silent);
            assert_true((glyph & CELL_CODE_MASK) <= ' ' || was_typed(glyph) ||
                        stands_in(s->row[row], glyph));
        }
    }
    screen_release(&frame);
}

static void key_in(struct world *w, struct reader keys)
{
    if (keys.left > 200)
        keys.left = 200;
    remember(keys);
    update(w);
    predict_keys(&w->predict, w->now, &w->facts, truth(w), keys.at, keys.left);
    w->facts.sent_num++;
    update(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader in = {.at = data, .left = size};
    struct world w;
    uint8_t mode = fuzz_byte(&in);
    bool silent = mode & 4; /* a program reads a line and does not show it */

    typed_count = 0;
    begin(&w, (enum predict_mode)(mode & 3), mode & 8);
    if (silent)
        w.facts.program = (struct facts){.known = true, .canonical = true};
    while (in.left > 0) {
        uint8_t what = fuzz_byte(&in);
        struct reader piece;
        switch (what & 7) {
        case 0:
        case 1:
            piece = fuzz_piece(&in);
            emulator_write(w.host, piece.at, piece.left, NULL);
            break;
        case 2:
            (void)sleep_ms(&w, what);
            break;
        case 3:
            acknowledge(&w);
            break;
        default:
            piece = (struct reader){in.at, in.left < 1u + (what >> 4) ? in.left : 1u + (what >> 4)};
            in.at += piece.left;
            in.left -= piece.left;
            key_in(&w, piece);
            break;
        }
        update(&w);
        check_frame(&w, silent);
    }
    end(&w);
    return 0;
}
