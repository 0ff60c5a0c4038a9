/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/predict_world.h"

/* What may be shown: passwords, prompts, proofs. */

/* P2, R41 */
static void password_after_enter_is_not_shown(void **state)
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
    earn(w);
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
    type(w, "e");
    check_nothing_shown(w);
    answer(w, "e");
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

static void run_command(struct world *w, const char *prompt)
{
    type(w, "\r");
    print(w, "\x1b[?2004l\r\n");
    acknowledge(w);
    print(w, "output\r\n");
    print(w, "\x1b[?2004h");
    print(w, prompt);
}

/* P4: the shell is back at the prompt where typing was seen to appear. */
static void known_prompt_is_trusted_at_once(void **state)
{
    struct world *w = *state;

    print(w, "\x1b[?2004h");
    print(w, "me$ ");
    type(w, "l");
    answer(w, "l");
    run_command(w, "me$ ");
    type(w, "s");
    check_row(w, 2, "me$ s");
    assert_true(underlined(w, 2, 4)); /* not proved yet */
    type(w, "x");
    assert_true(underlined(w, 2, 5));
    answer(w, "sx");
    type(w, "y");
    check_row(w, 2, "me$ sxy");
    assert_false(underlined(w, 2, 6));
}

/* P4's guard: another prompt, another style, no line editor, or it was wrong before. */
static void unknown_prompt_is_not_trusted(void **state)
{
    static const char *const prompts[] = {"me# ",  "\x1b[31mme$ \x1b[m",      "me$ \x1b[?2004l",
                                          "me$  ", "me$ suggestion\x1b[3;5H", " me$ "};
    (void)state;

    for (size_t i = 0; i < sizeof prompts / sizeof prompts[0]; i++) {
        struct world w;
        begin(&w, PREDICT_ALWAYS, false);
        print(&w, "\x1b[?2004h");
        print(&w, "me$ ");
        type(&w, "l");
        answer(&w, "l");
        run_command(&w, prompts[i]);
        type(&w, "s");
        check_nothing_shown(&w);
        end(&w);
    }
    struct world *w = *state;
    print(w, "\x1b[?2004h");
    print(w, "me$ ");
    type(w, "l");
    answer(w, "l");
    type(w, "\r");
    type(w, "x"); /* ahead: it is not known when it will show */
    answer(w, "\r\nme$ ");
    type(w, "s");
    check_nothing_shown(w);
    answer(w, "xs");
    run_command(w, "me$ ");
    type(w, "s");
    acknowledge(w);
    sleep_ms(w, 1000);
    check_rest(w);
    run_command(w, "me$ ");
    type(w, "s");
    check_nothing_shown(w);
}

/* --- prompts, with facts from the server --- */

#define SHELL_JOB 7

static void reads_keys(struct world *w, uint32_t job)
{
    w->facts.program = (struct facts){.known = true, .job = job};
}

static void reads_lines(struct world *w, bool echo)
{
    w->facts.program = (struct facts){.known = true, .canonical = true, .echo = echo, .job = 9};
}

/* A shell at whose prompt typing was seen to appear; "l" stands there. */
static void learn_prompt(struct world *w, const char *prompt)
{
    reads_keys(w, SHELL_JOB);
    print(w, prompt);
    type(w, "l");
    answer(w, "l");
}

static void enter_acknowledged(struct world *w)
{
    w->facts.echo_ack = w->facts.sent_num;
}

/* P4: it needs no bracketed paste, if the server says who reads. */
static void facts_tell_line_editors(void **state)
{
    struct world *w = *state;

    learn_prompt(w, "me$ ");
    type(w, "\r");
    reads_lines(w, true);
    answer(w, "\r\noutput\r\n");
    reads_keys(w, SHELL_JOB);
    print(w, "me$ ");
    type(w, "s");
    check_row(w, 2, "me$ s");
    assert_true(underlined(w, 2, 4));
    answer(w, "s");
    type(w, "\r");
    reads_lines(w, true);
    answer(w, "\r\nme$ "); /* something that looks like it, and reads lines */
    type(w, "s");
    check_row(w, 3, "me$");
}

/* What was typed on seeing the prompt must not show when the program behind it has changed. */
static void prompt_ends_with_its_program(void **state)
{
    struct world *w = *state;

    learn_prompt(w, "me$ ");
    type(w, "\r");
    answer(w, "\r\nme$ ");
    reads_lines(w, true);
    type(w, "s");
    check_nothing_shown(w);
}

/* What was typed ahead is shown as soon as there is a place for it. */
static void typed_ahead_shows_at_the_prompt(void **state)
{
    struct world *w = *state;

    learn_prompt(w, "me$ ");
    type(w, "\r");
    type(w, "x");
    type(w, "y");
    check_nothing_shown(w);
    print(w, "\r\noutput\r\nme$ "); /* below the whole line */
    check_row(w, 2, "me$ xy");
    check_cursor(w, 2, 6);
    type(w, "z");
    check_row(w, 2, "me$ xyz");
    answer(w, "xyz");
    check_rest(w);
}

/* P2: of two commands the second one may ask for a secret, and what follows is for that. */
static void secret_for_the_second_command_is_not_shown(void **state)
{
    struct world *w = *state;

    learn_prompt(w, "me$ ");
    type(w, "\r");
    type(w, "k");
    type(w, "\r");
    type(w, "S");
    enter_acknowledged(w);
    print(w, "\r\nme$ "); /* the first one has ended */
    check_nothing_shown(w);
    type(w, "T");
    check_nothing_shown(w);
    print(w, "k\r\nPassword: ");
    check_nothing_shown(w);
    reads_lines(w, false);
    answer(w, "");
    type(w, "U");
    type(w, "\r");
    check_nothing_shown(w);
    reads_keys(w, SHELL_JOB);
    print(w, "\r\nme$ "); /* not acknowledged yet */
    check_nothing_shown(w);
}

/* P2: a prompt that is drawn again answers nothing, be it in its place or elsewhere. */
static void prompt_drawn_again_is_no_answer(void **state)
{
    struct world *w = *state;

    learn_prompt(w, "me$ ");
    type(w, "\r");
    answer(w, "\r\nme$ ");
    type(w, "k\r");
    type(w, "S");
    print(w, "\rme$ ");
    check_row(w, 1, "me$ k");
    print(w, "\x1b[2J\x1b[3;1Hme$ ");
    assert_false(w->predict.provisional && w->predict.queue.count > 0);
    check_row(w, 2, "me$");
    print(w, "k\r\n"); /* Enter */
    check_row(w, 3, "");
}

/* Keys that the terminal has got, and that do not show, may be anywhere. */
static void keys_that_are_read_and_do_not_show_are_not_guessed(void **state)
{
    struct world *w = *state;

    learn_prompt(w, "me$ ");
    type(w, "\r");
    type(w, "x");
    answer(w, "\r\nme$ ");
    type(w, "s");
    check_nothing_shown(w);
}

/* The key that ends a pager is none for the shell. */
static void last_key_of_a_pager_is_not_shown(void **state)
{
    struct world *w = *state;

    learn_prompt(w, "me$ ");
    type(w, "\r");
    reads_keys(w, 8);
    w->facts.program.alternate = true;
    answer(w, "\x1b[2J\x1b[6;1H:");
    type(w, "q");
    reads_keys(w, SHELL_JOB);
    print(w, "\x1b[2J\x1b[2;1Hme$ ");
    check_nothing_shown(w);
    type(w, "x");
    check_nothing_shown(w);
    w->facts.echo_ack = w->facts.sent_num - 1;
    update(w);
    check_row(w, 1, "me$ x");
    type(w, "y");
    check_row(w, 1, "me$ xy");
}

/* After a password the prompt is as good as before. */
static void prompt_after_a_password(void **state)
{
    struct world *w = *state;

    learn_prompt(w, "me$ ");
    type(w, "\r");
    reads_lines(w, false);
    answer(w, "\r\nPassword: ");
    type(w, "S");
    acknowledge(w);
    type(w, "\r");
    reads_keys(w, SHELL_JOB);
    answer(w, "\r\nme$ ");
    type(w, "x");
    check_row(w, 2, "me$ x");
}

/* The same program's prompt with another directory in it; but not another program's. */
static void prompts_may_change_in_front(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *prompt;
        uint32_t job;
        bool shown;
    } cases[] = {{"~/src$ ", SHELL_JOB, true},
                 {"~/src$ ", 8, false},
                 {"~/src# ", SHELL_JOB, false},
                 {"~/src$  ", SHELL_JOB, false},
                 {"~/src\x1b[1m$\x1b[m ", SHELL_JOB, false}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        use_mode(w, PREDICT_ALWAYS, false);
        learn_prompt(w, "~$ ");
        type(w, "\r");
        reads_keys(w, cases[i].job);
        enter_acknowledged(w);
        print(w, "\r\n");
        print(w, cases[i].prompt);
        type(w, "x");
        if (cases[i].shown)
            check_row(w, 1, "~/src$ x");
        else
            check_nothing_shown(w);
    }
}

/* A question that ends as the one before it did is no shell's prompt. */
static void questions_are_not_taken_for_prompts(void **state)
{
    struct world *w = *state;

    learn_prompt(w, "login: ");
    type(w, "\r");
    answer(w, "\r\nPassword: ");
    type(w, "S");
    check_nothing_shown(w);
}

/* P4: OSC 133;B says where input begins. */
static void marked_prompts_need_not_be_known(void **state)
{
    struct world *w = *state;

    reads_keys(w, SHELL_JOB);
    print(w, "\x1b]133;A\x1b\\me$ \x1b]133;B\x1b\\");
    type(w, "x");
    check_row(w, 0, "me$ x");
    end(w);
    begin(w, PREDICT_ALWAYS, false);
    reads_lines(w, true);
    print(w, "\x1b]133;A\x1b\\me$ \x1b]133;B\x1b\\");
    type(w, "x");
    check_nothing_shown(w);
}

/* --- going on where the cursor was lost --- */

/* A command key of an editor, and text: what shows of it tells where the rest belongs. */
static void going_on_after_what_shows(void **state)
{
    struct world *w = *state;

    reads_keys(w, 8);
    print(w, "int a;\r\nint b;\x1b[1;1H");
    type(w, "\x1bo");
    type(w, "r");
    type(w, "s");
    type(w, "t");
    check_nothing_shown(w);
    print(w, "\x1b[2;1H\x1b[Lint rs"); /* no acknowledgement yet */
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
    print(w, "int a;");
    type(w, "\x1bo");
    type(w, "r");
    type(w, "s");
    print(w, "\r\nint ");
    check_nothing_shown(w);
    print(w, "r");
    check_row(w, 1, "int rs");
}

static void chance_is_not_taken_for_an_echo(void **state)
{
    struct world *w = *state;

    /* Moved behind an r that was there. */
    reads_keys(w, 8);
    print(w, "int r;\x1b[1;5H");
    type(w, "\x1bo");
    type(w, "r");
    type(w, "s");
    print(w, "\x1b[1;6H");
    check_nothing_shown(w);

    /* Which of two? */
    use_mode(w, PREDICT_ALWAYS, false);
    reads_keys(w, 8);
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
        WORLD_TEST(password_after_enter_is_not_shown),
        WORLD_TEST(nothing_is_shown_where_echo_is_off),
        WORLD_TEST(line_editors_have_no_echo),
        WORLD_TEST(password_typed_ahead_is_not_shown),
        WORLD_TEST(echo_of_what_was_typed_ahead_earns_nothing),
        WORLD_TEST(echo_before_enter_shows_earns_nothing),
        WORLD_TEST(password_after_a_single_key_is_not_shown),
        WORLD_TEST(masks_prove_nothing),
        WORLD_TEST(text_that_was_there_proves_nothing),
        WORLD_TEST(known_prompt_is_trusted_at_once),
        WORLD_TEST(unknown_prompt_is_not_trusted),
        WORLD_TEST(facts_tell_line_editors),
        WORLD_TEST(prompt_ends_with_its_program),
        WORLD_TEST(typed_ahead_shows_at_the_prompt),
        WORLD_TEST(secret_for_the_second_command_is_not_shown),
        WORLD_TEST(prompt_drawn_again_is_no_answer),
        WORLD_TEST(keys_that_are_read_and_do_not_show_are_not_guessed),
        WORLD_TEST(last_key_of_a_pager_is_not_shown),
        WORLD_TEST(prompt_after_a_password),
        WORLD_TEST(prompts_may_change_in_front),
        WORLD_TEST(questions_are_not_taken_for_prompts),
        WORLD_TEST(marked_prompts_need_not_be_known),
        WORLD_TEST(going_on_after_what_shows),
        WORLD_TEST(going_on_after_one_new_character),
        WORLD_TEST(chance_is_not_taken_for_an_echo),
        WORLD_TEST(trials_do_not_end_trust),
        WORLD_TEST(predictions_do_not_confirm_each_other),
        WORLD_TEST(spaces_are_evidence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
