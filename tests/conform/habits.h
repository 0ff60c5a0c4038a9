/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_HABITS_H
#define MOSH_TESTS_HABITS_H

/*
 * What the emulator of stock mosh 1.4.0 is known to do otherwise than ours, as a model: our
 * emulator, to which its habits are taught. Where ours differs from stock's and the model does not,
 * the difference is known, and the habits without which the model differs, too, say which it is.
 * Each is in tests/vt/DIFFERENCES.md with the reason why ours is as it is.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "picture.h"

/* clang-format off */
#define HABITS(X) \
    X(WRAP,       "a pending wrap is forgotten by what neither moves nor erases") \
    X(TAB,        "a pending wrap outlives CBT, CHT and HT") \
    X(STEP,       "CUU and CUD pass the margins") \
    X(ALIGN,      "DECALN moves nothing") \
    X(REGION,     "DECSTBM makes a region of the last row alone") \
    X(SOFT,       "DECSTR leaves autowrap alone") \
    X(ORIGIN,     "DECOM: home as the mode was before; the margins hold at the next motion") \
    X(RESTORE,    "DECRC without DECSC switches autowrap on") \
    X(LINES,      "IL and DL go to column 1 from outside the region, too") \
    X(COLUMNS,    "DECCOLM needs no permission and leaves the margins") \
    X(SGR,        "SGR without faint, struck, overlined and rapid text and kinds of underlines") \
    X(SGR_TAIL,   "SGR 58, and 38 and 48 when incomplete, leave their parameters to be read alone") \
    X(COLON,      "a colon makes a sequence nothing") \
    X(MODE,       "modes that it does not have") \
    X(SCREENS,    "one buffer of the screen") \
    X(SIDES,      "no side margins, and nothing that works by columns") \
    X(MOTION,     "no CNL, CPL, HPR, VPR, HPB, VPB, SCOSC, SCORC") \
    X(REPEAT,     "no REP") \
    X(PROTECT,    "no protected characters") \
    X(CHARSETS,   "no character sets") \
    X(OTHER,      "other functions that it does not have") \
    X(NUMBER,     "a parameter above 65535 is none") \
    X(HALF,       "half of a wide character stays") \
    X(EDGE,       "a wide character hangs over the edge without autowrap") \
    X(MARK,       "a mark alone stands where the last character stood")
/* clang-format on */

enum habit {
#define HABIT_ENUM(name, words) HABIT_##name,
    HABITS(HABIT_ENUM)
#undef HABIT_ENUM
        HABIT_COUNT
};

#define HABIT_BIT(habit) ((uint32_t)1 << (habit))
#define HABITS_ALL       (HABIT_BIT(HABIT_COUNT) - 1)

const char *habit_name(enum habit habit);
const char *habit_words(enum habit habit);

/* The picture that remains of a stream, with these habits. Returns those of them that it came
   across; with the others it would be the same. */
uint32_t habits_draw(struct picture *p, const uint8_t *bytes, size_t len, size_t rows, size_t cols,
                     uint32_t habits);

#endif
