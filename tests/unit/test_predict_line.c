/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/predict_world.h"

/* What keys do to a line. */

/* P5: nothing left of where typed text began. */
static void prompt_is_not_rubbed_out(void **state)
{
    struct world *w = *state;

    earn(w);
    type(w, "\x7f");
    check_row(w, 0, "$");
    check_cursor(w, 0, 2);
    type(w, "\x7f\x7f");
    check_row(w, 0, "$");
    check_cursor(w, 0, 2);
    answer(w, "\b\x1b[K\a\a");
    sleep_ms(w, 1000);
    check_rest(w);
    type(w, "b");
    answer(w, "b");
    type(w, "\x1b[D\x1b[D\x1b[D");
    check_cursor(w, 0, 2);
}

/* P6 */
static void modified_arrows_are_not_plain_ones(void **state)
{
    static const char *const keys[] = {"\x1b[1;5D", "\x1b[1;3D", "\x1b[1;2D", "\033b"};
    (void)state;

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        struct world w;
        begin(&w, PREDICT_ALWAYS, false);
        earn(&w);
        type(&w, keys[i]);
        check_cursor(&w, 0, 3);
        end(&w);
    }
}

/* P7: a key, what it does in a shell with "$ one two" on the line, and what is to be seen. */
static const struct {
    const char *key, *effect, *row;
    size_t col;
} editing_keys[] = {
    {"\x01", "\x1b[1;3H", "$ one two", 2},
    {"\x1b[H", "\x1b[1;3H", "$ one two", 2},
    {"\x1bOH", "\x1b[1;3H", "$ one two", 2},
    {"\x1b[1~", "\x1b[1;3H", "$ one two", 2},
    {"\x02", "\b", "$ one two", 6},
    {"\x08", "\b\x1b[P", "$ one wo", 6},
    {"\x0b", "\x1b[K", "$ one t", 7},
    {"\x15", "\x1b[1;3H\x1b[5P", "$ wo", 2},
    {"\x17", "\b\x1b[P", "$ one wo", 6},
    {"\x1b\x7f", "\b\x1b[P", "$ one wo", 6},
    {"\x1b"
     "d",
     "\x1b[K", "$ one t", 7},
    {"\033b", "\b", "$ one two", 6},
    {"\x1b"
     "f",
     "\x1b[1;10H", "$ one two", 9},
    {"\x1b[1;5C", "\x1b[1;10H", "$ one two", 9},
    {"\x1b[1;3D", "\b", "$ one two", 6},
    {"\x1b[F", "\x1b[1;10H", "$ one two", 9},
    {"\x05", "\x1b[1;10H", "$ one two", 9},
    {"\x04", "\x1b[P", "$ one to", 7},
    {"\x1b[3~", "\x1b[P", "$ one to", 7},
};

/* The line with the cursor on the w. */
static void prepare_line(struct world *w)
{
    print(w, "\x1b[2J\x1b[1;1H$ ");
    type(w, "o");
    answer(w, "o");
    type(w, "ne two");
    answer(w, "ne two");
    type(w, "\x1b[D\x1b[D");
    answer(w, "\b\b");
}

static void editing_keys_are_learned(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof editing_keys / sizeof editing_keys[0]; i++) {
        struct world w;
        begin(&w, PREDICT_ALWAYS, false);
        for (size_t times = 0; times < 4; times++) {
            bool proved = times >= 2;
            prepare_line(&w);
            check_cursor(&w, 0, 7);
            type(&w, editing_keys[i].key);
            check_row(&w, 0, proved ? editing_keys[i].row : "$ one two");
            check_cursor(&w, 0, proved ? editing_keys[i].col : 7);
            answer(&w, editing_keys[i].effect);
            check_rest(&w);
        }
        /* In a program where it does something else, it is not believed any longer. */
        prepare_line(&w);
        type(&w, editing_keys[i].key);
        answer(&w, "\x1b[6;6HMenu: ");
        sleep_ms(&w, 3000);
        check_rest(&w);
        prepare_line(&w);
        sleep_ms(&w, 3000);
        type(&w, editing_keys[i].key);
        check_row(&w, 0, "$ one two");
        check_cursor(&w, 0, 7);
        end(&w);
    }
}

/* At a shell's prompt, and the server says which keys the terminal has for Ctrl-U and Ctrl-W, or
 * not. */
static void begin_two_words(struct world *w, bool keys_told)
{
    begin(w, PREDICT_ALWAYS, false);
    reads_keys(w, SHELL_JOB);
    if (keys_told) {
        w->facts.program.kill = 0x15;
        w->facts.program.word_erase = 0x17;
    }
    print(w, "$ ");
    type(w, "o");
    answer(w, "o");
    type(w, "ne two");
    answer(w, "ne two");
}

/* P2: a shell's line editor takes Ctrl-U and Ctrl-W over from the terminal. What stands after the
   cursor may stay or not; and where it was wrong once it has to prove itself. */
static void keys_of_the_terminal_need_no_proof(void **state)
{
    static const struct {
        const char *key, *row;
    } cases[] = {{"\x15", "$"}, {"\x17", "$ one"}};

    for (size_t i = 0; i < 2; i++) {
        struct world w;
        begin_two_words(&w, false);
        type(&w, cases[i].key);
        check_row(&w, 0, "$ one two");
        answer(&w, "");
        sleep_ms(&w, 3000);
        end(&w);

        begin_two_words(&w, true);
        type(&w, "\x1b[D");
        answer(&w, "\b");
        type(&w, cases[i].key);
        check_row(&w, 0, "$ one two");
        end(&w);

        begin_two_words(&w, true);
        type(&w, cases[i].key);
        check_row(&w, 0, cases[i].row);
        acknowledge(&w);
        sleep_ms(&w, 5000);
        check_row(&w, 0, "$ one two");
        type(&w, "x");
        answer(&w, "x");
        type(&w, cases[i].key);
        check_row(&w, 0, "$ one twox");
        end(&w);
    }
    (void)state;
}

/* P7: one error that was seen weighs more than many times when all went well. */
/* Where the terminal edits the line, it is known which keys do so; others it shows. */
static void lines_that_the_terminal_edits(void **state)
{
    static const struct {
        const char *typed, *key;
        uint8_t erase;
        const char *row; /* what shows */
    } cases[] = {
        {"one two", "\x7f", 0x7F, "name: one tw"},
        {"one two", "\x08", 0x08, "name: one tw"},
        {"one two", "\x7f", 0x08, "name: one two"},
        {"one two", "\x08", 0x7F, "name: one two"},
        {"one two", "\x17", 0x7F, "name: one"},
        {"one two. ", "\x17", 0x7F, "name: one"},
        {"one t_o", "\x17", 0x7F, "name: one t_o"},
        {"one t\u00e9", "\x17", 0x7F, "name: one t\u00e9"},
        {"one two", "\x15", 0x7F, "name:"},
        {"one two", "\x1b[D", 0x7F, "name: one two"},
        {"one two", "\x01", 0x7F, "name: one two"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct world w;
        begin(&w, PREDICT_ALWAYS, false);
        reads_lines(&w, true);
        w.facts.program.erase = cases[i].erase;
        w.facts.program.kill = 0x15;
        w.facts.program.word_erase = 0x17;
        print(&w, "name: ");
        w.now += 1000;
        for (const char *c = cases[i].typed; *c; c++) {
            char text[3] = {*c};
            if (*c & 0x80) /* a char has a sign here, and none there */
                text[1] = *++c;
            type(&w, text);
            answer(&w, text);
        }
        type(&w, cases[i].key);
        check_row(&w, 0, cases[i].row);
        end(&w);
    }
}

static void one_error_is_enough(void **state)
{
    struct world *w = *state;

    for (size_t times = 0; times < 15; times++) {
        prepare_line(w);
        type(w, "\x01");
        answer(w, "\x1b[1;3H");
    }
    prepare_line(w);
    type(w, "\x01");
    check_cursor(w, 0, 2);
    acknowledge(w);
    sleep_ms(w, 3000);
    prepare_line(w);
    type(w, "\x01");
    check_cursor(w, 0, 7);
}

/* P7: what was learned in one kind of program is not believed in another. */
static void editing_keys_are_learned_by_context(void **state)
{
    struct world *w = *state;

    for (size_t times = 0; times < 3; times++) {
        prepare_line(w);
        type(w, "\x01");
        answer(w, "\x1b[1;3H");
    }
    print(w, "\x1b[?1002h");
    prepare_line(w);
    type(w, "\x01");
    check_cursor(w, 0, 7);
}

/* Types what is echoed, then goes back some columns. */
static void type_and_go_back(struct world *w, const char *text, size_t columns, size_t lefts)
{
    type(w, (const char[]){text[0], 0});
    answer(w, (const char[]){text[0], 0});
    type(w, text + 1);
    answer(w, text + 1);
    for (size_t i = 0; i < lefts; i++)
        type(w, "\x1b[D");
    answer(w, (const char[]){0x1B, '[', (char)('0' + columns), 'D', 0});
}

/* P8: the text makes room; borders, right prompts and other panes stay. */
static void insertion_pushes_the_text_alone(void **state)
{
    static const struct {
        const char *around, *typed;
        size_t columns, lefts;
        const char *key, *want;
    } cases[] = {
        {"", "axyz", 3, 3, "b", "$ abxyz"},
        {"", "axyz one", 7, 7, "b", "$ abxyz one"},
        {"", "axyz  one", 8, 8, "b", "$ abxyz  one"},
        {"\x1b[1;11Hright", "axyz", 3, 3, "b", "$ abxyz...right"},
        {"", "ax | wc", 6, 6, "b", "$ abx | wc"},
        {"\x1b[1;8H|pane\x1b[2;8H|pane", "ax", 1, 1, "b", "$ abx..|pane"},
        {"\x1b[1;7H\u2502pane\x1b[2;7H\u2502pane", "axy", 2, 2, "b", "$ abxy\u2502pane"},
        {"", "a\u4e2d\u6587", 4, 2, "b", "$ ab\u4e2d-\u6587-"}, /* P9 */
        {"\x1b[1;9H|\x1b[2;9H|", "a\u4e2d\u6587", 4, 2, "\u4e00", "$ a\u4e00-\u4e2d-.|"},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct world w;
        begin(&w, PREDICT_ALWAYS, false);
        print(&w, cases[i].around);
        print(&w, "\x1b[1;1H$ ");
        type_and_go_back(&w, cases[i].typed, cases[i].columns, cases[i].lefts);
        type(&w, cases[i].key);
        check_row(&w, 0, cases[i].want);
        end(&w);
    }
}

/* P8: where the user's own text ends is not known, two blanks end the text. */
static void two_blanks_end_the_text(void **state)
{
    struct world *w = *state;

    print(w, "one two   right\x1b[1;5H");
    type(w, "a");
    answer(w, "\x1b[@a");
    type(w, "b");
    check_row(w, 0, "one abtwo  right");
}

/* P8: what a shell suggests after the cursor is typed over, not pushed on. */
static void suggestions_are_not_pushed(void **state)
{
    struct world *w = *state;

    earn(w);
    print(w, "\x1b[90mbcd\x1b[m\b\b\b");
    type(w, "b");
    check_row(w, 0, "$ abcd");
    check_cursor(w, 0, 4);
    type(w, "x");
    check_row(w, 0, "$ abxd");
}

/* P8: also where it is not known how far the user's own text goes. */
static void suggestions_are_known_by_their_style(void **state)
{
    struct cell cells[6] = {{'a', 1}, {'b', 2}, {'c', 2}};
    struct predict_text text = {
        .cell = cells,
        .cols = 6,
        .floor = 0,
        .end = PREDICT_COL_UNKNOWN,
        .col = 1,
        .style = 1,
    };
    struct predict_change change;
    struct predict_key key = {.op = PREDICT_TEXT, .code = 'b'};
    (void)state;

    assert_true(predict_edit(&text, key, &change));
    assert_int_equal(change.to - change.from, 1);
    text.end = PREDICT_COL_UNKNOWN;
    key.code = 'x'; /* no suggestion would be that */
    assert_true(predict_edit(&text, key, &change));
    assert_int_equal(change.to - change.from, 2);
}

/* P8: the row is in overwrite mode, as the first edit shows; and no epoch ends for that. */
static void overwriting_is_learned(void **state)
{
    struct world *w = *state;

    print(w, "one two\x1b[1;5H");
    type(w, "a");
    answer(w, "a");
    type(w, "b");
    check_row(w, 0, "one abo");
    answer(w, "b");
    type(w, "\x7f"); /* may bring the old text back */
    check_nothing_shown(w);
}

/* P9 */
static void wide_and_combining_characters_are_predicted(void **state)
{
    struct world *w = *state;

    earn(w);
    type(w, "\u4e2d");
    check_row(w, 0, "$ a\u4e2d-");
    check_cursor(w, 0, 5);
    type(w, "\xe6");
    type(w, "\x96");
    check_row(w, 0, "$ a\u4e2d-");
    type(w, "\x87");
    check_row(w, 0, "$ a\u4e2d-\u6587-");
    type(w, "e\u0301");
    check_row(w, 0, "$ a\u4e2d-\u6587-e\u0301");
    check_cursor(w, 0, 8);
    answer(w, "\u4e2d\u6587e\u0301");
    check_rest(w);
    type(w, "\u00e9");
    check_row(w, 0, "$ a\u4e2d-\u6587-e\u0301\u00e9");
    type(w, "\x7f");
    check_row(w, 0, "$ a\u4e2d-\u6587-e\u0301");
    answer(w, "\u00e9\b\x1b[K\b\x1b[K"); /* now on its own: rub out the wide ones */
    sleep_ms(w, 3000);
    type(w, "x");
    answer(w, "x");
    type(w, "\u4e2d\x7f");
    check_row(w, 0, "$ a\u4e2d-\u6587-x");
}

/* P9's guard: not all agree on the width of these. */
static void contested_widths_are_not_shown(void **state)
{
    static const char *const characters[] = {"\U0001F600", "\u200d", "\ufe0f", "\u231a"};
    (void)state;

    for (size_t i = 0; i < sizeof characters / sizeof characters[0]; i++) {
        struct world w;
        begin(&w, PREDICT_ALWAYS, false);
        earn(&w);
        type(&w, characters[i]);
        check_nothing_shown(&w);
        end(&w);
    }
}

/* With a server whose tables are ours: also those that U+FE0F makes wide, at once. */
static void emoji_are_predicted_where_widths_agree(void **state)
{
    struct world *w = *state;

    reads_keys(w, SHELL_JOB);
    earn(w);
    type(w, "\U0001F600");
    check_row(w, 0, "$ a\U0001F600-");
    answer(w, "\U0001F600");
    check_rest(w);
    type(w, "\u2764\ufe0f");
    check_row(w, 0, "$ a\U0001F600-\u2764\ufe0f-");
    check_cursor(w, 0, 7);
    type(w, "x");
    check_row(w, 0, "$ a\U0001F600-\u2764\ufe0f-x");
    answer(w, "\u2764\ufe0fx");
    check_rest(w);
    type(w, "\x1b[D");
    type(w, "\u2764\ufe0f"); /* in front of other text */
    check_row(w, 0, "$ a\U0001F600-\u2764\ufe0f-\u2764\ufe0f-x");
    check_cursor(w, 0, 9);
    answer(w, "\b\u2764\ufe0fx\b");
    check_rest(w);
}

static void last_column_wraps(void **state)
{
    struct world *w = *state;

    print(w, "\x1b[1;38H$");
    type(w, "a");
    answer(w, "a");
    type(w, "b");
    check_cursor(w, 1, 0);
    answer(w, "b"); /* the wrap is still to come */
    check_nothing_shown(w);
    type(w, "c");
    answer(w, "c");
    type(w, "d");
    check_row(w, 1, "cd");
}

/* P11: in an editor the arrows prove themselves; they do not vouch for text. */
static void arrows_are_learned_without_text(void **state)
{
    struct world *w = *state;

    print(w, "some text\r\nof three\r\nlines here\x1b[2;4H");
    for (size_t i = 0; i < 2; i++) {
        type(w, "\x1b[C");
        check_nothing_shown(w);
        answer(w, "\x1b[C");
        type(w, "\x1b[B");
        check_nothing_shown(w);
        answer(w, "\x1b[B");
        type(w, "\x1b[A");
        check_nothing_shown(w);
        answer(w, "\x1b[A");
    }
    type(w, "\x1b[C");
    check_cursor(w, 1, 6);
    type(w, "\x1b[B");
    check_cursor(w, 2, 6);
    type(w, "\x1b[A");
    check_cursor(w, 1, 6);
    type(w, "x");
    check_cursor(w, 1, 6);
    check_row(w, 1, "of three");
}

/* P15: typed text looks like typed text, not like the prompt. */
static void style_is_that_of_typed_text(void **state)
{
    struct world *w = *state;

    print(w, "\x1b[32m$\x1b[m");
    type(w, "a");
    type(w, "b");
    w->facts.echo_ack = 1;
    print(w, "\x1b[33ma");
    assert_int_equal(seen_style(w, 0, 2).foreground, COLOUR_INDEXED | 3);
    answer(w, "\x1b[33mb\x1b[36m\x1b[1;2H");
    sleep_ms(w, 1000);
    type(w, "c");
    answer(w, "\x1b[33mc");
    type(w, "d");
    assert_int_equal(seen_style(w, 0, 2).foreground, COLOUR_INDEXED | 3);
    answer(w, "\x1b[33md");
    type(w, "\x1b[D\x1b[D"); /* behind the prompt */
    type(w, "x");
    check_row(w, 0, "$xd"); /* this line is overwritten */
    assert_int_equal(seen_style(w, 0, 1).foreground, COLOUR_INDEXED | 3);
}

/* --- Enter in an editor --- */

static void begin_editing(struct world *w)
{
    reads_keys(w, 8);
    w->facts.program.alternate = true;
    print(w, "first");
    type(w, "a");
    answer(w, "a");
}

/* At the end of the text it leads to the next row, when it has done so twice. */
static void enter_goes_on_in_an_editor(void **state)
{
    struct world *w = *state;

    begin_editing(w);
    for (int i = 0; i < 2; i++) {
        type(w, "\r");
        check_nothing_shown(w);
        type(w, "b");
        check_nothing_shown(w);
        w->facts.echo_ack = w->facts.sent_num - 1;
        print(w, "\r\n"); /* what is typed is the same text as before */
        check_row(w, (size_t)i + 1, "b");
        answer(w, "b");
    }
    type(w, "\r");
    check_cursor(w, 3, 0);
    type(w, "c");
    check_row(w, 3, "c");
    answer(w, "\r\nc");
    check_rest(w);
}

/* But not where that would push text down, and not for shells. */
static void enter_is_nothing_to_rely_on(void **state)
{
    struct world *w = *state;

    begin_editing(w);
    for (int i = 0; i < 2; i++) {
        type(w, "\r");
        answer(w, "\r\n");
    }
    print(w, "\x1b[4;1Hbelow\x1b[3;1H");
    type(w, "d");
    answer(w, "d");
    type(w, "e");
    check_row(w, 2, "de");
    answer(w, "e");
    type(w, "\r");
    check_nothing_shown(w);
    type(w, "f");
    check_nothing_shown(w);

    use_mode(w, PREDICT_ALWAYS, false);
    begin_editing(w);
    print(w, "\r\nme$ "); /* a window with a shell */
    type(w, "a");
    answer(w, "a");
    for (int i = 0; i < 2; i++) {
        type(w, "\r");
        answer(w, "\r\n");
        type(w, "g");
        answer(w, "g");
    }
    type(w, "\r");
    type(w, "f");
    check_nothing_shown(w);
}

/* An editor may shift a line that comes to the edge. */
static void edge_is_left_alone(void **state)
{
    struct world *w = *state;

    reads_keys(w, 8);
    w->facts.program.alternate = true;
    print(w, "text\x1b[1;36H");
    type(w, "a");
    answer(w, "a");
    type(w, "b");
    check_row(w, 0, "text...............................ab");
    type(w, "c");
    check_row(w, 0, "text...............................ab");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(prompt_is_not_rubbed_out),
        WORLD_TEST(modified_arrows_are_not_plain_ones),
        WORLD_TEST(editing_keys_are_learned),
        WORLD_TEST(keys_of_the_terminal_need_no_proof),
        WORLD_TEST(lines_that_the_terminal_edits),
        WORLD_TEST(one_error_is_enough),
        WORLD_TEST(editing_keys_are_learned_by_context),
        WORLD_TEST(insertion_pushes_the_text_alone),
        WORLD_TEST(two_blanks_end_the_text),
        WORLD_TEST(suggestions_are_not_pushed),
        WORLD_TEST(suggestions_are_known_by_their_style),
        WORLD_TEST(overwriting_is_learned),
        WORLD_TEST(wide_and_combining_characters_are_predicted),
        WORLD_TEST(contested_widths_are_not_shown),
        WORLD_TEST(emoji_are_predicted_where_widths_agree),
        WORLD_TEST(last_column_wraps),
        WORLD_TEST(arrows_are_learned_without_text),
        WORLD_TEST(style_is_that_of_typed_text),
        WORLD_TEST(enter_goes_on_in_an_editor),
        WORLD_TEST(enter_is_nothing_to_rely_on),
        WORLD_TEST(edge_is_left_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
