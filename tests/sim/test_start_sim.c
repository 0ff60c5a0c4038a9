/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How many round trips there are between the start of the client and the program's first output on
 * the user's screen: one, with nothing before it that would have to be agreed upon, whatever the
 * path. On the virtual clock, where nothing else takes time; see HACKING.md for the whole way from
 * the command.
 */

#include "sim.h"

#include <stdio.h>

#define ROUND_TRIPS 1
#define DELAY_MS    1000 /* one way: much more than all that is waited for on purpose */
#define WAITED_MS   60   /* frames are gathered, and what the clock rounds */

static bool shows(const struct emulator *terminal, const char *text)
{
    const struct screen *screen = emulator_screen(terminal);
    struct buf row = {0};
    bool found;

    for (size_t col = 0; col < screen->cols; col++)
        row_put_text(screen->row[0], col, &row);
    found = row.len >= strlen(text) && memcmp(row.data, text, strlen(text)) == 0;
    buf_release(&row);
    return found;
}

static void the_first_output_takes_one_round_trip(void **state)
{
    static const struct link_profile profile = {.name = "a long way", .delay_ms = DELAY_MS};

    (void)state;
    for (uint64_t seed = 1; seed <= 8; seed++) { /* clients of both kinds, by its lowest bit */
        struct sim s;
        bool prompted = false;
        msec_t start;

        sim_init(&s, seed, &profile, PROGRAM_SHELL, 24, 80);
        start = s.now;
        s.disturbed = true;
        program_calm(&s.program);
        while (!shows(s.terminal, "$ ") && s.now < start + 10 * DELAY_MS) {
            sim_run(&s, s.now + 1);
            if (server_child_released(s.server) && !prompted) {
                server_pty_output(s.server, s.now, (const uint8_t *)"$ ", 2);
                server_tick(s.server, s.now);
                prompted = true;
            }
        }
        assert_true(prompted);
        if (s.now - start > ROUND_TRIPS * 2 * DELAY_MS + WAITED_MS)
            print_error("seed %u: %u ms\n", (unsigned)seed, (unsigned)(s.now - start));
        assert_in_range(s.now - start, 2 * DELAY_MS, ROUND_TRIPS * 2 * DELAY_MS + WAITED_MS);
        sim_release(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_output_takes_one_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
