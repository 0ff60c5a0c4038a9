/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/predict_world.h"

/* P4: prompts, and what is typed ahead of them. */

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

/* Nor is a key that was typed after an Enter that was the pager's. */
static void last_key_after_a_search_is_not_shown(void **state)
{
    struct world *w = *state;

    learn_prompt(w, "me$ ");
    type(w, "\r");
    reads_keys(w, 8);
    w->facts.program.alternate = true;
    answer(w, "\x1b[2J\x1b[6;1H/ab");
    type(w, "\r");
    type(w, "q");
    reads_keys(w, SHELL_JOB);
    w->facts.echo_ack = w->facts.sent_num - 1;
    print(w, "\x1b[2J\x1b[2;1Hme$ ");
    check_nothing_shown(w);
    acknowledge(w);
    type(w, "x");
    check_row(w, 1, "me$ x");
}

/* A prompt after a program with a screen of its own is a new one, though it may stand on the row
   where the last one stood. */
static void prompt_on_the_same_row(void **state)
{
    struct world *w = *state;

    learn_prompt(w, "me$ ");
    type(w, "\r");
    reads_keys(w, 8);
    w->facts.program.alternate = true;
    answer(w, "\x1b[1;1Hsome text\x1b[6;1H:");
    type(w, "q");
    reads_keys(w, SHELL_JOB);
    answer(w, "\x1b[1;1Hme$ \x1b[K\x1b[6;1H\x1b[K\x1b[1;5H");
    type(w, "x");
    check_row(w, 0, "me$ x");
}

/* What was typed ahead may stand there when the prompt is first seen, as far as it was read. */
static void typed_ahead_may_show_already(void **state)
{
    struct world *w = *state;

    learn_prompt(w, "me$ ");
    type(w, "\r");
    type(w, "x");
    type(w, "y");
    type(w, "z");
    w->facts.echo_ack = w->facts.sent_num - 1;
    print(w, "\r\nlong output\x1b[3;1Hme$ xy");
    check_row(w, 2, "me$ xyz");
    check_cursor(w, 2, 7);

    /* Something else, or less than what was read. */
    for (size_t i = 0; i < 2; i++) {
        use_mode(w, PREDICT_ALWAYS, false);
        learn_prompt(w, "me$ ");
        type(w, "\r");
        type(w, "x");
        type(w, "y");
        type(w, "z");
        w->facts.echo_ack = w->facts.sent_num - 1;
        print(w, i ? "\r\nlong output\x1b[3;1Hme$ x" : "\r\nlong output\x1b[3;1Hme$ xa");
        check_nothing_shown(w);
    }
}

/* With what was rubbed out of it. */
static void typed_ahead_may_have_been_corrected(void **state)
{
    struct world *w = *state;

    learn_prompt(w, "me$ ");
    type(w, "\r");
    type(w, "x");
    type(w, "y");
    type(w, "\x7f");
    type(w, "z");
    type(w, "a");
    w->facts.echo_ack = w->facts.sent_num - 1;
    print(w, "\r\nlong output\x1b[3;1Hme$ xz");
    check_row(w, 2, "me$ xza");
    type(w, "\x7f");
    check_row(w, 2, "me$ xz");
}

/* In a window, too, where the line that stands above ends at the border; and wherever on the line
   the cursor was. */
static void line_above_ends_at_the_border(void **state)
{
    struct world *w = *state;

    for (size_t i = 0; i < 2; i++) {
        use_mode(w, PREDICT_ALWAYS, false);
        print(w, "\x1b[1;21H\u2502other\x1b[2;21H\u2502window\x1b[3;21H\u2502here\x1b[H");
        reads_keys(w, SHELL_JOB);
        w->facts.program.alternate = true;
        learn_prompt(w, "me$ ");
        w->facts.program.alternate = true;
        type(w, "s");
        answer(w, "s");
        if (i) {
            type(w, "\x1b[D");
            answer(w, "\b");
        }
        type(w, "\r");
        type(w, "x");
        print(w, "\r\nme$ "); /* not acknowledged yet */
        check_row(w, 1, "me$ x...............\u2502window");
    }
}

/* Ctrl-D on an empty line ends a program. The prompt that shows before it is acknowledged is for
   what was typed after it, once it is. */
static void prompt_after_end_of_file(void **state)
{
    struct world *w = *state;

    learn_prompt(w, "me$ ");
    type(w, "\r");
    type(w, "\x04");
    w->facts.echo_ack = w->facts.sent_num - 1;
    print(w, "\r\nme$ ");
    type(w, "x");
    check_nothing_shown(w);
    w->facts.echo_ack = w->facts.sent_num - 1;
    update(w);
    check_row(w, 1, "me$ x");
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

/* What stands beyond a border is another window's. */
static void prompts_in_windows(void **state)
{
    struct world *w = *state;

    print(w, "\x1b[1;21H\u2502other\x1b[2;21H\u2502window\x1b[3;21H\u2502here\x1b[H");
    learn_prompt(w, "me$ ");
    type(w, "\r");
    answer(w, "\r\nme$ ");
    type(w, "x");
    check_row(w, 1, "me$ x...............\u2502window");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(known_prompt_is_trusted_at_once),
        WORLD_TEST(unknown_prompt_is_not_trusted),
        WORLD_TEST(facts_tell_line_editors),
        WORLD_TEST(prompt_ends_with_its_program),
        WORLD_TEST(typed_ahead_shows_at_the_prompt),
        WORLD_TEST(secret_for_the_second_command_is_not_shown),
        WORLD_TEST(prompt_drawn_again_is_no_answer),
        WORLD_TEST(keys_that_are_read_and_do_not_show_are_not_guessed),
        WORLD_TEST(last_key_of_a_pager_is_not_shown),
        WORLD_TEST(last_key_after_a_search_is_not_shown),
        WORLD_TEST(prompt_on_the_same_row),
        WORLD_TEST(typed_ahead_may_show_already),
        WORLD_TEST(typed_ahead_may_have_been_corrected),
        WORLD_TEST(line_above_ends_at_the_border),
        WORLD_TEST(prompt_after_end_of_file),
        WORLD_TEST(prompt_after_a_password),
        WORLD_TEST(prompts_may_change_in_front),
        WORLD_TEST(prompts_in_windows),
        WORLD_TEST(questions_are_not_taken_for_prompts),
        WORLD_TEST(marked_prompts_need_not_be_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
