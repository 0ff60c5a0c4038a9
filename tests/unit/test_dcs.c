/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/emulators.h"

static struct buf reply;

static int listen(void **state)
{
    new_emulator(state);
    e->reply = &reply;
    return 0;
}

static int stop_listening(void **state)
{
    buf_release(&reply);
    return free_emulator(state);
}

static void ask(const char *question, const char *answer)
{
    dcs_dispatch(e, (const uint8_t *)question, strlen(question));
    check_bytes(reply.data, reply.len, answer, strlen(answer));
    buf_clear(&reply);
}

static void settings_are_told(void **state)
{
    (void)state;
    ask("$qm", "\033P1$r0m\033\\");
    e->screen.pen = (struct style){.foreground = COLOUR_RGB | 0x0102FF,
                                   .background = COLOUR_INDEXED | 9,
                                   .attributes = STYLE_BOLD,
                                   .underline = UNDERLINE_SINGLE};
    ask("$qm", "\033P1$r0;1;4;38:2::1:2:255;101m\033\\");
    emulator_set_margins(e, 1, 4);
    ask("$qr", "\033P1$r2;4r\033\\");
}

/* Protection of single characters; an area that is guarded is no such thing. */
static void protection_is_told(void **state)
{
    (void)state;
    ask("$q\"q", "\033P1$r0\"q\033\\");
    e->protecting = true;
    ask("$q\"q", "\033P1$r1\"q\033\\");
    emulator_start_guarded_area(e);
    ask("$q\"q", "\033P1$r0\"q\033\\");
}

static void what_is_not_known_has_no_answer_in_it(void **state)
{
    (void)state;
    ask("$q", "\033P0$r\033\\");
    ask("$q#", "\033P0$r\033\\");
    ask("$qm;reboot", "\033P0$r\033\\");
    ask("+q544e", "\033P0+r\033\\");
    ask("+q", "\033P0+r\033\\");
    ask("", "");
    ask("$", "");
    ask("q", "");
    ask("0;1;0q\"1;1;9;9", "");
}

static void nobody_listens(void **state)
{
    (void)state;
    e->reply = NULL;
    ask("$qm", "");
    ask("+q544e", "");
}

#define DCS_TEST(name) cmocka_unit_test_setup_teardown(name, listen, stop_listening)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DCS_TEST(settings_are_told),
        DCS_TEST(protection_is_told),
        DCS_TEST(what_is_not_known_has_no_answer_in_it),
        DCS_TEST(nobody_listens),
    };
    return cmocka_run_group_tests_name("dcs", tests, NULL, NULL);
}
