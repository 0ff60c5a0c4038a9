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

static void ask_for(const char *name, const char *value)
{
    struct buf question = {0}, answer = {0};

    buf_append_str(&question, "+q");
    for (const char *at = name; *at; at++) {
        buf_append_byte(&question, (uint8_t) "0123456789abcdef"[*at >> 4]);
        buf_append_byte(&question, (uint8_t) "0123456789abcdef"[*at & 15]);
    }
    dcs_dispatch(e, question.data, question.len);
    buf_append_str(&answer, value ? "\033P1+r" : "\033P0+r");
    for (const char *at = name; value && *at; at++) {
        buf_append_byte(&answer, (uint8_t) "0123456789ABCDEF"[*at >> 4]);
        buf_append_byte(&answer, (uint8_t) "0123456789ABCDEF"[*at & 15]);
    }
    if (value && *value)
        buf_append_byte(&answer, '=');
    for (const char *at = value; value && *at; at++) {
        buf_append_byte(&answer, (uint8_t) "0123456789ABCDEF"[*at >> 4]);
        buf_append_byte(&answer, (uint8_t) "0123456789ABCDEF"[*at & 15]);
    }
    buf_append_str(&answer, "\033\\");
    check_bytes(reply.data, reply.len, (const char *)answer.data, answer.len);
    buf_clear(&reply);
    buf_release(&question);
    buf_release(&answer);
}

/* Each takes both: that it travels, and that the user's terminal can do it. */
static void S25_capabilities_are_those_of_the_users_terminal(void **state)
{
    static const char colour[] = "\033[58:2::%p1%{65536}%/%d:%p1%{256}%/%{255}%&%d:%p1%{255}%&%dm";
    struct profile *p = &e->profile;
    (void)state;

    p->features = FEATURE_STYLES;
    p->abilities = CAN_UNDERLINE_STYLES;
    ask_for("Su", "");
    ask_for("Setulc", NULL);
    p->abilities = CAN_UNDERLINE_COLOUR;
    ask_for("Su", NULL);
    ask_for("Setulc", colour);
    p->features = FEATURE_REGISTERS;
    ask_for("Setulc", NULL);
    ask_for("Se", "\033[0 q");

    static const struct {
        uint32_t colours;
        const char *answer;
    } cases[] = {{0, NULL}, {1, "8"}, {255, "8"}, {256, "256"}, {PROFILE_COLOURS_MAX, "256"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        p->colours = cases[i].colours;
        ask_for("Co", cases[i].answer);
        ask_for("Tc", cases[i].colours == PROFILE_COLOURS_MAX ? "" : NULL);
    }
    ask("+q436f", "\033P1+r436F=323536\033\\");
    static const char *const others[] = {
        "+q436", "+q43g6", "+q4g6f", "+q4300", "+q4301", "+q00", "+q436f6f6f6f6f6f6f6f"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        ask(others[i], "\033P0+r\033\\");
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
        DCS_TEST(S25_capabilities_are_those_of_the_users_terminal),
        DCS_TEST(nobody_listens),
    };
    return cmocka_run_group_tests_name("dcs", tests, NULL, NULL);
}
