/* SPDX-License-Identifier: GPL-3.0-or-later */

/* S25: whatever a program writes, the answers are words of the language in tests/lib/answers.h. */

#include "config.h"

#include "fuzz.h"

#include "../lib/answers.h"
#include "terminal/emulator.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool ready;
    static size_t seen[WORDS];
    struct emulator *e = emulator_new(EMULATOR_HOST, 24, 80);
    struct buf answers = {0};
    clock_t began;

    if (!ready)
        ready = compile(NULL) == 0;
    began = clock();
    emulator_allow_keyboards(e, true, true);
    emulator_write(e, data, size, &answers);
    fuzz_check_work(began, size, 24 * 80);
    emulator_resize(e, 30, 100);
    emulator_report_size(e, &answers);
    for (size_t at = 0; at < answers.len;) {
        char text[1024]; /* no word is longer */
        size_t len = answers.len - at < sizeof text - 1 ? answers.len - at : sizeof text - 1;
        memcpy(text, answers.data + at, len);
        text[len] = 0;
        size_t word = word_length(text, seen);
        if (word == 0)
            fail_msg("not in the language: %s", text);
        at += word;
    }
    emulator_free(e);
    buf_release(&answers);
    return 0;
}
