/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/predict_world.h"

/* What may be shown: passwords, prompts, proofs. */

/* P2, R41 */
static void R41_password_after_enter_is_not_shown(void **state)
{
    struct world *w = *state;

    earn(w);
    type(w, "b");
    answer(w, "b");
    type(w, "\r");
    answer(w, "\r\nPassword: ");
    for (const char *c = "secret"; *c; c++) {
        type(w, (const char[]){*c, 0});
        check_row(w, 1, "Password:");
        sleep_ms(w, 70);
        acknowledge(w);
        check_row(w, 1, "Password:");
        sleep_ms(w, 170);
        check_row(w, 1, "Password:");
    }
    type(w, "\r");
    answer(w, "\r\n");
    sleep_ms(w, 1000);
    check_rest(w);
}

/* P2: typed before the question, whose first letters are those of the password. */
static void password_typed_ahead_is_not_shown(void **state)
{
    struct world *w = *state;

    earn(w);
    type(w, "\r");
    type(w, "Pas");
    type(w, "tiche12345");
    answer(w, "\r\n");
    check_row(w, 1, "");
    print(w, "Password: ");
    check_row(w, 1, "Password:");
    type(w, "6");
    check_row(w, 1, "Password:");
    acknowledge(w);
    check_row(w, 1, "Password:");
}

/* P2: the terminal itself echoes what comes before the program asks. That proves nothing. */
static void echo_of_what_was_typed_ahead_earns_nothing(void **state)
{
    struct world *w = *state;

    earn(w);
    type(w, "\rse");
    type(w, "cret");
    w->facts.echo_ack = w->facts.sent_num - 1;
    print(w, "\r\nse");
    check_row(w, 1, "se");
    answer(w, "cr");
    check_row(w, 1, "secr");
    type(w, "x");
    check_row(w, 1, "secr");
    /* Nor do two letters on a bare line. */
    answer(w, "etx");
    type(w, "a");
    answer(w, "a");
    type(w, "b");
    check_row(w, 1, "secretxa");
    answer(w, "b");
    type(w, "c");
    check_row(w, 1, "secretxabc");
}

/* P2: Enter is acknowledged, but its program is slow. */
static void echo_before_enter_shows_earns_nothing(void **state)
{
    struct world *w = *state;

    print(w, "\x1b[6;1Hstatus line\x1b[1;1H");
    earn(w);
    type(w, "\r");
    acknowledge(w);
    type(w, "s");
    answer(w, "\r\ns");
    type(w, "e");
    check_row(w, 1, "s");
}

/* P2: the question comes without an Enter, in the middle of a trusted epoch. */
static void password_after_a_single_key_is_not_shown(void **state)
{
    struct world *w = *state;

    earn(w);
    print(w, "\r\nPassword: ");
    type(w, "s");
    check_row(w, 1, "Password:");
    type(w, "e");
    check_row(w, 1, "Password:");

    struct world v;
    begin(&v, PREDICT_ALWAYS, false);
    earn(&v);
    type(&v, "y");
    print(&v, "y\r\nPassword: "); /* not acknowledged yet */
    type(&v, "s");
    check_row(&v, 0, "$ ay");
    check_row(&v, 1, "Password:");
    acknowledge(&v);
    sleep_ms(&v, 20);
    type(&v, "e");
    check_row(&v, 0, "$ ay");
    check_row(&v, 1, "Password:");
    end(&v);
}

/* P2: what every key gets proves nothing, even when it happens to be the key. Neither does what
   cannot be read. */
static void masks_prove_nothing(void **state)
{
    static const char *const outputs[][2] = {
        {"*", "*"}, {"\u2022", "\u2022"}, {"s", "\x1b[8ms"}, {"s", "\x1b[30;40ms"}};
    (void)state;

    for (size_t i = 0; i < sizeof outputs / sizeof outputs[0]; i++) {
        struct world w;
        begin(&w, PREDICT_ALWAYS, false);
        print(&w, "Password: ");
        type(&w, outputs[i][0]);
        answer(&w, outputs[i][1]);
        type(&w, "e");
        check_nothing_shown(&w);
        end(&w);
    }
}

/* What was there before proves nothing. */
static void text_that_was_there_proves_nothing(void **state)
{
    struct world *w = *state;

    print(w, "$ abc\b\b\b");
    type(w, "a");
    answer(w, "a");
    type(w, "x");
    check_row(w, 0, "$ abc");
}

/* P2: the server says that the program hides what it reads. */
static void nothing_is_shown_where_echo_is_off(void **state)
{
    struct world *w = *state;

    w->facts.program = (struct facts){.known = true, .echo = true, .canonical = true};
    print(w, "$ ");
    w->now += 1000;
    type(w, "a");
    answer(w, "a");
    type(w, "b");
    check_row(w, 0, "$ ab");
    w->facts.program.echo = false;
    update(w);
    check_rest(w);
    type(w, "c");
    check_rest(w);
    acknowledge(w);
    type(w, "d");
    w->facts.program.echo = true; /* what was typed until now was hidden all the same */
    update(w);
    w->now += 1000;
    type(w, "e");
    check_nothing_shown(w);
    answer(w, "e");
    w->now += 1000;
    type(w, "f");
    answer(w, "f");
    type(w, "g");
    check_row(w, 0, "$ aefg");
}

/* P2: line editors read without the terminal's echo, and do it themselves. */
static void line_editors_have_no_echo(void **state)
{
    struct world *w = *state;

    w->facts.program = (struct facts){.known = true};
    earn(w);
    type(w, "b");
    check_row(w, 0, "$ ab");
}

/* --- P2: where the terminal echoes, before a program has asked --- */

/* An echo proves nothing of a program that has just asked, or will. */
static void echo_of_the_terminal_proves_little(void **state)
{
    struct world *w = *state;

    reads_lines(w, true);
    print(w, "Name? ");
    type(w, "a");
    answer(w, "a");
    type(w, "b");
    check_nothing_shown(w);
    answer(w, "b");
    w->now += 1000; /* it has not turned its echo off */
    type(w, "c");
    answer(w, "c");
    type(w, "d");
    check_row(w, 0, "Name? abcd");
}

/* Without a question even less, unless the program has read a line in this way before. */
static void bare_lines_are_for_those_who_read_them(void **state)
{
    struct world *w = *state;

    reads_lines(w, true);
    for (char key[] = "a"; key[0] < 'f'; key[0]++) {
        w->now += 1000;
        type(w, key);
        check_nothing_shown(w);
        answer(w, key);
    }
    type(w, "\r");
    answer(w, "\r\n");
    for (char key[] = "k"; key[0] < 'n'; key[0]++) {
        w->now += 1000;
        type(w, key);
        answer(w, key);
    }
    type(w, "x");
    check_row(w, 1, "klmx");
}

/* What shows when the program has begun to read by itself was echoed before that. */
static void what_the_terminal_echoed_proves_nothing_of_the_next_program(void **state)
{
    struct world *w = *state;

    reads_lines(w, true);
    print(w, "Enter code ");
    w->now += 1000;
    type(w, "a");
    type(w, "b");
    print(w, "a");
    w->now += 100;
    reads_keys(w, 9);
    answer(w, "b");
    type(w, "c");
    check_nothing_shown(w);
}

/* Who asks for a password in words is not trusted, whatever shows. */
static void words_that_ask_for_a_password(void **state)
{
    static const char *const questions[] = {
        "Password: ", "[sudo] password for me: ", "Enter passphrase for key 'k': ",        "PIN: ",
        "Passwort: ", "\u5bc6\u7801\uff1a",       "\u043f\u0430\u0440\u043e\u043b\u044c: "};
    struct world *w = *state;

    for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++) {
        use_mode(w, PREDICT_EXPERIMENTAL, false);
        print(w, questions[i]);
        for (size_t n = 0; n < 5; n++) {
            type(w, "s");
            check_nothing_shown(w);
            answer(w, "s");
        }
    }
    use_mode(w, PREDICT_ALWAYS, false);
    learn_prompt(w, "~/passwords$ ");
    type(w, "s");
    check_row(w, 0, "~/passwords$ ls");
    answer(w, "s my-pass: ");
    sleep_ms(w, 1000);
    type(w, "x");
    answer(w, "x");
    type(w, "y");
    check_row(w, 0, "~/passwords$ ls my-pass: xy");
}

/* --- going on where the cursor was lost --- */

/* A command key of an editor, and text: what shows of it tells where the rest belongs. */
static void going_on_after_what_shows(void **state)
{
    struct world *w = *state;

    reads_keys(w, 8);
    w->facts.program.alternate = true;
    print(w, "int a;\r\nint b;\x1b[1;1H");
    type(w, "\x1bo");
    type(w, "r");
    type(w, "s");
    type(w, "t");
    check_nothing_shown(w);
    w->facts.echo_ack = 1;
    print(w, "\x1b[2;1H\x1b[Lint rs"); /* no acknowledgement of these yet */
    check_row(w, 1, "int rst");
    type(w, "u");
    check_row(w, 1, "int rstu");
    answer(w, "tu");
    check_rest(w);
}

/* One character is enough if the cursor has just gone over it, and it was not there before. */
static void going_on_after_one_new_character(void **state)
{
    struct world *w = *state;

    reads_keys(w, 8);
    w->facts.program.alternate = true;
    print(w, "int a;");
    type(w, "\x1bo");
    type(w, "r");
    type(w, "s");
    w->facts.echo_ack = 1;
    print(w, "\r\nint ");
    check_nothing_shown(w);
    print(w, "r");
    check_row(w, 1, "int rs");
}

/* What shows may be the effect of a key that has just been answered, and not of its like. */
static void answered_keys_are_not_taken_for_later_ones(void **state)
{
    struct world *w = *state;

    reads_keys(w, 8);
    w->facts.program.alternate = true;
    print(w, "int a;\x1b[1;1H");
    type(w, "\x1b");
    type(w, "l");
    type(w, "o");
    type(w, "n");
    type(w, "\x1b");
    type(w, "o");
    type(w, "r");
    w->facts.echo_ack = w->facts.sent_num - 4;
    print(w, "\x1b[4h\x1b[2;3Hl");
    print(w, "o");
    check_nothing_shown(w);
}

/* In a program with a screen of its own the cursor may be in another field by now, which shows what
   was typed into it before. */
static void what_was_typed_elsewhere_proves_nothing(void **state)
{
    struct world *w = *state;

    reads_keys(w, 8);
    w->facts.program.alternate = true;
    print(w, "word: ");
    type(w, "\x1b");
    acknowledge(w);
    type(w, "p");
    print(w, "p");
    type(w, " ");
    type(w, "\x1b[A"); /* where to? */
    type(w, "p");
    type(w, " ");
    type(w, "z");
    print(w, " ");
    check_row(w, 0, "word: p");
}

/* The cursor has come to a text that looks like what was typed. */
static void what_stood_there_proves_nothing(void **state)
{
    struct world *w = *state;

    reads_keys(w, 8);
    w->facts.program.alternate = true;
    print(w, "say pq\x1b[1;1H");
    type(w, "\x1b");
    w->facts.echo_ack = 1;
    type(w, "A");
    type(w, "p");
    type(w, "q");
    type(w, "s");
    print(w, "\x1b[1;7H");
    check_row(w, 0, "say pq");
}

static void chance_is_not_taken_for_an_echo(void **state)
{
    struct world *w = *state;

    /* Moved behind an r that was there. */
    reads_keys(w, 8);
    w->facts.program.alternate = true;
    print(w, "int r;\x1b[1;5H");
    type(w, "\x1bo");
    type(w, "r");
    type(w, "s");
    print(w, "\x1b[1;6H");
    check_nothing_shown(w);

    /* Which of two? */
    use_mode(w, PREDICT_ALWAYS, false);
    reads_keys(w, 8);
    w->facts.program.alternate = true;
    print(w, "x \x1b[1;3H");
    type(w, "\x1bo");
    type(w, "l");
    type(w, "s");
    type(w, "l");
    type(w, "s");
    print(w, "ls");
    check_nothing_shown(w);

    /* A mask. */
    use_mode(w, PREDICT_ALWAYS, false);
    reads_keys(w, 8);
    w->facts.program.alternate = true;
    print(w, "Pin: ");
    type(w, "\x1bo");
    type(w, "*");
    type(w, "*");
    type(w, "5");
    print(w, "**");
    check_nothing_shown(w);
}

/* A key that proves its worth in the midst of trusted text leaves the trust as it was. */
static void trials_do_not_end_trust(void **state)
{
    struct world *w = *state;

    earn(w);
    type(w, "\x01");
    type(w, "b");
    check_nothing_shown(w);
    w->facts.echo_ack = w->facts.sent_num - 1;
    print(w, "\x1b[1;3H");
    check_row(w, 0, "$ ba");
}

/* P13: only what the server shows confirms anything, whatever is on the user's screen. */
static void predictions_do_not_confirm_each_other(void **state)
{
    struct world *w = *state;

    earn(w);
    type(w, "b");
    check_row(w, 0, "$ ab");
    w->facts.echo_ack = w->facts.sent_num; /* the acknowledgement comes together with a key */
    type(w, "c");
    sleep_ms(w, 1000);
    check_nothing_shown(w);
    type(w, "d");
    check_nothing_shown(w);
}

/* Of a program that reads keys, what appears is proof enough, before it is acknowledged; of a
   terminal that echoes it is none. */
static void evidence_need_not_be_acknowledged(void **state)
{
    struct world *w = *state;

    reads_keys(w, 8);
    print(w, "Say: ");
    type(w, "a");
    type(w, "b");
    check_nothing_shown(w);
    print(w, "a");
    check_row(w, 0, "Say: ab");
    type(w, "c");
    check_row(w, 0, "Say: abc");
    print(w, "b");
    print(w, "c");
    acknowledge(w);
    check_rest(w);

    use_mode(w, PREDICT_ALWAYS, false);
    reads_lines(w, true);
    print(w, "Say: ");
    sleep_ms(w, 1000);
    type(w, "a");
    type(w, "b");
    print(w, "a");
    check_nothing_shown(w);
    w->facts.echo_ack = w->facts.sent_num - 1;
    update(w);
    check_row(w, 0, "Say: ab");
}

/* P14 */
static void spaces_are_evidence(void **state)
{
    struct world *w = *state;

    print(w, "$ ");
    type(w, " ");
    check_cursor(w, 0, 2);
    answer(w, " ");
    type(w, "a");
    check_row(w, 0, "$  a");

    struct world v;
    begin(&v, PREDICT_ALWAYS, false);
    print(&v, "Password: ");
    type(&v, " ");
    acknowledge(&v);
    type(&v, "a");
    check_nothing_shown(&v);
    sleep_ms(&v, 1000);
    type(&v, "b");
    check_nothing_shown(&v);
    sleep_ms(&v, 1000);
    acknowledge(&v);
    sleep_ms(&v, 1000);
    type(&v, " \x7f"); /* comes back to where it was */
    acknowledge(&v);
    type(&v, "c");
    check_nothing_shown(&v);
    end(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(R41_password_after_enter_is_not_shown),
        WORLD_TEST(nothing_is_shown_where_echo_is_off),
        WORLD_TEST(line_editors_have_no_echo),
        WORLD_TEST(password_typed_ahead_is_not_shown),
        WORLD_TEST(echo_of_what_was_typed_ahead_earns_nothing),
        WORLD_TEST(echo_before_enter_shows_earns_nothing),
        WORLD_TEST(password_after_a_single_key_is_not_shown),
        WORLD_TEST(masks_prove_nothing),
        WORLD_TEST(text_that_was_there_proves_nothing),
        WORLD_TEST(echo_of_the_terminal_proves_little),
        WORLD_TEST(bare_lines_are_for_those_who_read_them),
        WORLD_TEST(what_the_terminal_echoed_proves_nothing_of_the_next_program),
        WORLD_TEST(words_that_ask_for_a_password),
        WORLD_TEST(going_on_after_what_shows),
        WORLD_TEST(going_on_after_one_new_character),
        WORLD_TEST(answered_keys_are_not_taken_for_later_ones),
        WORLD_TEST(what_was_typed_elsewhere_proves_nothing),
        WORLD_TEST(what_stood_there_proves_nothing),
        WORLD_TEST(chance_is_not_taken_for_an_echo),
        WORLD_TEST(trials_do_not_end_trust),
        WORLD_TEST(predictions_do_not_confirm_each_other),
        WORLD_TEST(evidence_need_not_be_acknowledged),
        WORLD_TEST(spaces_are_evidence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
