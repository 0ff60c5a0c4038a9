/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/client_world.h"

/*
 * The client and the terminal that it runs in: what it asks, what it makes of the answers, and that
 * none of them ever becomes a key in the session.
 */

static void ask(struct world *w)
{
    struct buf out = {0};

    client_ask_terminal(w->client, w->now, &out);
    assert_true(out.len > 0);
    buf_release(&out);
}

static int set_up_asking(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    struct client_config config = client_defaults(w);

    config.probe = PROBE_ALL;
    set_up_with(w, &config);
    ask(w);
    *state = w;
    return 0;
}

static void check_typed_ends(struct world *w, const char *want)
{
    size_t len = strlen(want);

    assert_true(w->typed.len >= len);
    assert_memory_equal(w->typed.data + w->typed.len - len, want, len);
}

static const char *const answers[] = {
    "\x1bP>|XTerm(390)\x1b\\",
    "\x1b[?0u",
    "\x1b[>4;0m",
    "\x1b[?2026;2$y",
    "\x1bP1+r4D73=1b\x1b\\",
    "\x1bP0+r5375\x1b\\",
    "\x1b]10;rgb:ffff/ffff/ffff\x07",
    "\x1b]11;rgb:0000/0000/0000\x1b\\",
    "\x1b]4;3;rgb:0101/0202/0303\x07",
    "\x1b[6;18;9t",
    "\x1b[?62;22c",
};
#define ANSWERS (sizeof answers / sizeof *answers)

static void asks_only_if_it_may(void **state)
{
    struct world *w = *state;
    struct buf out = {0};

    client_ask_terminal(w->client, w->now, &out);
    client_ask_last(w->client, w->now, &out);
    assert_int_equal(out.len, 0);
    assert_false(client_terminal_owes(w->client, w->now));
    attach(w);
    press(w, answers[ANSWERS - 1]); /* which nobody waits for */
    run(w, 1000);
    check_typed(w, "[24x80]\x1b[?62;22c");
}

static void answers_do_not_reach_the_program(void **state)
{
    struct world *w = *state;

    attach(w);
    press(w, "a");
    for (size_t i = 0; i < ANSWERS; i++)
        press(w, answers[i]);
    press(w, "b");
    run(w, 1000);
    check_typed(w, "[24x80]ab");
    assert_string_equal(client_terminal(w->client)->identity, "XTerm(390)");
    assert_false(client_terminal_owes(w->client, w->now));
}

/* After hours, twice, amid typing. */
static void late_answers_do_not_reach_the_program(void **state)
{
    struct world *w = *state;

    attach(w);
    run(w, 7200000);
    for (size_t i = 0; i < ANSWERS; i++) {
        struct buf mixed = {0};

        buf_append_str(&mixed, "x");
        buf_append_str(&mixed, answers[i]);
        buf_append_str(&mixed, answers[i]);
        buf_append_str(&mixed, "y");
        buf_append_byte(&mixed, 0);
        press(w, (const char *)mixed.data);
        buf_release(&mixed);
    }
    run(w, 1000);
    check_typed(w, "[24x80]xyxyxyxyxyxyxyxyxyxyxy");
}

/* Cut at any place, with a pause that a network may make. */
static void cut_answers_do_not_reach_the_program(void **state)
{
    struct world *w = *state;

    attach(w);
    for (size_t i = 0; i < ANSWERS; i++) {
        size_t len = strlen(answers[i]);

        for (size_t cut = 1; cut < len; cut++) {
            bool size = answers[i][2] == '6' && cut < strlen("\x1b[6;18;");
            msec_t pause = cut == 1           ? PROBE_ESC_MS - 1
                           : cut == 2 || size ? PROBE_BEGIN_MS - 1
                                              : 900;

            client_keys(w->client, w->now, (const uint8_t *)answers[i], cut);
            run(w, pause);
            press(w, answers[i] + cut);
            ask(w);
        }
    }
    press(w, "z");
    run(w, 1000);
    check_typed(w, "[24x80]z");
}

/* A pause after the ESC may be longer than the key Esc can wait. The rest is still an answer. */
static void an_answer_is_known_without_its_esc(void **state)
{
    struct world *w = *state;

    attach(w);
    press(w, "\x1b");
    run(w, 500);
    press(w, "]11;rgb:0/0/0\x07z");
    run(w, 1000);
    check_typed(w, "[24x80]\x1bz");
}

static void keys_are_not_held_up(void **state)
{
    enum { SENT_MS = 25 }; /* the transport leaves some time between two datagrams */
    static const struct {
        const char *keys;
        msec_t held;
    } cases[] = {
        {"a", 0},
        {"\x1b[A", 0},
        {"\x1bOA", 0},
        {"\x1b[1;5", 0},
        {"\x1bO", 0},
        {"\xc3", 0},
        {"\x1bx", 0},
        {"\x1b]a", 0},
        {"\x1b", PROBE_ESC_MS},
        {"\x1b[", PROBE_BEGIN_MS},
        {"\x1b]", PROBE_BEGIN_MS},
        {"\x1bP", PROBE_BEGIN_MS},
        {"\x1b[?", PROBE_ANSWER_MS},
        {"\x1b]11;", PROBE_ANSWER_MS},
    };
    struct world *w = *state;

    attach(w);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t len = strlen(cases[i].keys);

        buf_clear(&w->typed);
        run(w, 5000);
        press(w, cases[i].keys);
        run(w, cases[i].held + SENT_MS);
        check_bytes(w->typed.data, w->typed.len, cases[i].keys, len);
        press(w, "\r"); /* ends what was begun */
        run(w, 1000);
    }
}

static void the_menu_hears_esc(void **state)
{
    struct world *w = *state;

    attach(w);
    press(w, "\x1e");
    run(w, 20);
    assert_true(bar_says(w, ". quit,"));
    press(w, "\x1b[?62;22c"); /* no key */
    run(w, 20);
    assert_true(bar_says(w, ". quit,"));
    press(w, "\x1b");
    run(w, 50);
    check_seen(w, 0, "$");
    run(w, 1000);
    check_typed(w, "[24x80]");
}

static void pasted_text_is_no_command(void **state)
{
    struct world *w = *state;
    const char paste[] = "\x1b[200~a\x1e.\x1b[?62;22c\x0c\x1b[201~";

    attach(w);
    for (size_t i = 0; i < sizeof paste - 1; i++) {
        client_keys(w->client, w->now, (const uint8_t *)paste + i, 1);
        run(w, 30);
    }
    run(w, 1000);
    assert_int_equal(client_state(w->client), CLIENT_RUNNING);
    buf_append_byte(&w->typed, 0);
    assert_string_equal((char *)w->typed.data, "[24x80]\x1b[200~a\x1e.\x1b[?62;22c\x0c\x1b[201~");
}

/* Who is left waits for what the terminal owes, or may be saying just now. */
static void what_the_terminal_owes_is_drained(void **state)
{
    struct world *w = *state;
    struct buf out = {0};

    attach(w);
    client_ask_last(w->client, w->now, &out);
    assert_int_equal(out.len, 0); /* a question is open */
    assert_true(client_terminal_owes(w->client, w->now));
    client_drain(w->client, w->now, (const uint8_t *)"\x1b]11;rgb:1/2/3\x07\x1b[?6", 19);
    assert_true(client_terminal_owes(w->client, w->now));
    client_drain(w->client, w->now, (const uint8_t *)"2cx", 3);
    assert_false(client_terminal_owes(w->client, w->now));

    client_ask_last(w->client, w->now, &out);
    assert_int_equal(out.len, 0); /* it has nothing to say */
    print(w, "\x1b[?1003h");
    run(w, 1000);
    client_ask_last(w->client, w->now, &out);
    assert_true(out.len > 0); /* it may be telling where the mouse is */
    assert_true(client_terminal_owes(w->client, w->now));
    assert_false(client_terminal_owes(w->client, w->now + 60000));
    buf_release(&out);
}

/* Draws as the program would; what came out is left in `out`. */
static void draw_to(struct world *w, struct buf *out)
{
    buf_clear(out);
    client_tick(w->client, w->now);
    client_draw(w->client, w->now, out);
    emulator_write(w->terminal, out->data, out->len, NULL);
    buf_append_byte(out, 0);
    out->len--;
}

static void get_from_server(struct world *w)
{
    struct transport_event event;
    struct buf datagram = {0};

    for (int i = 0; i < 100; i++, w->now += 10) {
        client_tick(w->client, w->now);
        transport_tick(w->server, w->now);
        while (client_pull_datagram(w->client, &datagram))
            (void)!transport_recv(w->server, w->now, datagram.data, datagram.len, false, &event);
        while (transport_pull(w->server, &datagram))
            (void)!client_datagram(w->client, w->now, datagram.data, datagram.len, false);
    }
    buf_release(&datagram);
}

static void frames_are_wrapped_where_that_is_known(void **state)
{
    struct world *w = *state;
    struct buf out = {0};

    attach(w);
    print(w, "\x1b[2;1Ha long line that is drawn at once with many words in it, more than a few, so"
             " that it takes its time; \x1b[31mand some colour\x1b[m");
    get_from_server(w);
    draw_to(w, &out);
    assert_null(strstr((char *)out.data, "2026"));
    press(w, "\x1b[?2026;2$y");
    print(w, "\x1b[Hanother long line that is drawn at once with many words in it, more than a few,"
             " so that it takes its time; \x1b[31mand some colour\x1b[m");
    get_from_server(w);
    draw_to(w, &out);
    assert_memory_equal(out.data, "\x1b[?2026h", 8);
    assert_string_equal((char *)out.data + out.len - 8, "\x1b[?2026l");
    assert_null(strstr((char *)out.data + 8, "\x1b[?2026h"));
    print(w, "x"); /* short: not worth it */
    get_from_server(w);
    draw_to(w, &out);
    assert_true(out.len > 0);
    assert_null(strstr((char *)out.data, "2026"));
    draw_to(w, &out);
    assert_int_equal(out.len, 0);
    buf_release(&out);
}

/* What shows differently for what was learned is drawn again; for nothing else is the screen. */
static void what_is_learned_shows(void **state)
{
    struct world *w = *state;
    struct client_config config = client_defaults(w);
    struct buf out = {0};

    clear(w);
    config.probe = PROBE_ALL;
    config.caps.colours = 256;
    set_up_with(w, &config);
    ask(w);
    attach(w);
    assert_false(client_pull_caps_change(w->client));
    client_keys(w->client, w->now, (const uint8_t *)"\x1bP1+r524742=38\x1b\\", 17);
    assert_true(client_pull_caps_change(w->client));
    assert_false(client_pull_caps_change(w->client));
    assert_int_equal(client_caps(w->client)->colours, COLOURS_DIRECT);
    draw_to(w, &out);
    assert_int_equal(out.len, 0); /* nothing here has such a colour */

    clear(w);
    set_up_with(w, &config);
    ask(w);
    print(w, "\x1b[38;2;1;2;3mtrue\x1b[m");
    run(w, 1000);
    assert_true(emulator_screen(w->terminal)->row[0]->used >= 4);
    client_keys(w->client, w->now, (const uint8_t *)"\x1bP1+r524742=38\x1b\\", 17);
    draw_to(w, &out);
    assert_non_null(strstr((char *)out.data, "38;2;1;2;3"));
    client_keys(w->client, w->now, (const uint8_t *)"\x1bP1+r524742=38\x1b\\", 17);
    draw_to(w, &out);
    assert_int_equal(out.len, 0); /* no news */
    client_keys(w->client, w->now, (const uint8_t *)"\x1b[?0u\x1b[?2031;2$y", 17);
    draw_to(w, &out);
    assert_string_equal((char *)out.data, "\x1b[>u\x1b[?2031h");
    buf_release(&out);
}

/* The window is filled at once, from what is known; what the server then says of the new size
   changes what is different, and nothing more. */
static void a_new_size_does_not_flicker(void **state)
{
    struct world *w = *state;
    struct buf out = {0};

    attach(w);
    print(w, "\x1b[2;1Hsome text");
    run(w, 1000);
    w->cut = true;
    for (size_t i = 0; i < 50; i++) { /* a window that is dragged */
        emulator_resize(w->terminal, 30 - i % 20, 90 - i);
        client_resize(w->client, w->now, 30 - i % 20, 90 - i);
        draw_to(w, &out);
        assert_non_null(strstr((char *)out.data, "some text"));
        run(w, 5);
    }
    emulator_resize(w->terminal, 20, 60);
    client_resize(w->client, w->now, 20, 60);
    draw_to(w, &out);
    check_seen(w, 1, "some text");
    w->cut = false;
    run(w, 1000);
    assert_int_equal(emulator_screen(w->terminal)->rows, 20);
    resize_server(w, 20, 60);
    print(w, "\x1b[20;1Hnew");
    get_from_server(w);
    draw_to(w, &out);
    assert_non_null(strstr((char *)out.data, "new"));
    assert_null(strstr((char *)out.data, "\x1b[2J"));
    check_seen(w, 1, "some text");
    check_typed_ends(w, "[20x60]");
    buf_release(&out);
}

/* The size of a cell may be told as that of the whole text; after a change of the window it may be
   another. */
static void pixels_are_told(void **state)
{
    struct world *w = *state;
    struct buf out = {0};

    attach(w);
    for (size_t i = 0; i < ANSWERS; i++) {
        if (answers[i][2] != '6')
            press(w, answers[i]);
    }
    press(w, "\x1b[4;480;1600t");
    assert_int_equal(client_terminal(w->client)->area_height, 480);
    client_resize(w->client, w->now, 24, 100);
    draw_to(w, &out);
    assert_non_null(strstr((char *)out.data, "\x1b[14t"));
    run(w, 1000);
    check_typed_ends(w, "[24x100]");
    buf_release(&out);
}

/* When the terminal tells that it has become light, or is looked at again, its colours may be
 * others. */
static void colours_are_followed(void **state)
{
    struct world *w = *state;
    struct buf out = {0};

    attach(w);
    for (size_t i = 0; i < ANSWERS; i++)
        press(w, answers[i]);
    run(w, 5000);
    client_keys(w->client, w->now, (const uint8_t *)"\x1b[?997;2n", 9);
    draw_to(w, &out);
    assert_non_null(strstr((char *)out.data, "\x1b]11;?\x07"));
    assert_int_equal(client_terminal(w->client)->scheme, PROBE_LIGHT);
    press(w, "\x1b]11;rgb:ffff/ffff/ffff\x07\x1b[?62c");
    assert_int_equal(client_terminal(w->client)->background, 0xFFFFFF);
    client_keys(w->client, w->now, (const uint8_t *)"\x1b[?997;1n", 9);
    draw_to(w, &out);
    assert_null(strstr((char *)out.data, "?\x07")); /* too soon */
    run(w, 2000);
    client_keys(w->client, w->now, (const uint8_t *)"\x1b[?997;1n", 9);
    draw_to(w, &out);
    assert_int_equal(out.len, 0); /* no news */
    client_keys(w->client, w->now, (const uint8_t *)"\x1b[I", 3);
    draw_to(w, &out);
    assert_non_null(strstr((char *)out.data, "\x1b]4;15;?\x07"));
    run(w, 1000);
    check_typed(w, "[24x80]\x1b[I");
    buf_release(&out);
}

/* With a keyboard protocol on, the escape key is a sequence, and works however it is cut. */
static void escape_key_is_heeded_in_pieces(void **state)
{
    static const char *const keys[] = {"\x1b[94;5u", "\x1b[54:94;6:1u", "\x1b[27;5;94~"};
    struct world *w = *state;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        size_t len = strlen(keys[i]);

        for (size_t cut = 1; cut < len; cut++) {
            struct client_config config = client_defaults(w);

            clear(w);
            config.caps.kitty_keyboard = config.caps.modify_other_keys = true;
            set_up_with(w, &config);
            attach(w);
            emulator_allow_keyboards(hostscreen_emulator(transport_local(w->server)), true, true);
            hostscreen_set_features(transport_local(w->server), FEATURES_KNOWN);
            print(w, i == 2 ? "\x1b[>4;2m" : "\x1b[=1u");
            run(w, 1000);
            client_keys(w->client, w->now, (const uint8_t *)keys[i], cut);
            run(w, cut == 1 ? CLIENT_HOLD_ESC_MS - 1 : CLIENT_HOLD_KEY_MS - 1);
            press(w, keys[i] + cut);
            run(w, 20);
            assert_true(bar_says(w, ". quit,"));
            press(w, "\x1b[94;5u");
            run(w, 1000);
            check_typed_ends(w, keys[i]);
            press(w, "\x1b[1;2");
            run(w, CLIENT_HOLD_KEY_MS + 50);
            check_typed_ends(w, "\x1b[1;2"); /* for so long only */
        }
    }
}

/* Answers and keys at random, cut at random: the program gets the keys. */
static void random_answers_and_keys(void **state)
{
    static const char *const keys[] = {"a",        "\r",      "\x1b[A", "\x1b[1;5C",     "\x1bOP",
                                       "\xc3\xa9", "\x1b[3~", "\x1bx",  "\x1b[<35;1;1M", "\x1b[I"};
    struct world *w = *state;
    struct buf sent = {0}, want = {0};

    attach(w);
    print(w, "\x1b[?1003;1006;1004h");
    run(w, 1000);
    buf_clear(&w->typed);
    for (int round = 0; round < 2000; round++) {
        if (rng_below(&w->rng, 3) == 0) {
            buf_append_str(&sent, answers[rng_below(&w->rng, ANSWERS)]);
        } else {
            const char *key = keys[rng_below(&w->rng, sizeof keys / sizeof *keys)];
            buf_append_str(&sent, key);
            buf_append_str(&want, key);
        }
    }
    for (size_t at = 0; at < sent.len;) {
        size_t len = 1 + rng_below(&w->rng, 40);
        if (len > sent.len - at)
            len = sent.len - at;
        client_keys(w->client, w->now, sent.data + at, len);
        at += len;
        run(w, rng_below(&w->rng, PROBE_ESC_MS));
        if (rng_below(&w->rng, 50) == 0)
            ask(w);
    }
    run(w, 3000);
    check_bytes(w->typed.data, w->typed.len, want.data, want.len);
    buf_release(&sent);
    buf_release(&want);
}

/* Whatever the terminal sends: the session goes on, and the program gets no byte that was not
   typed, and all in their order. */
static void any_bytes_are_survived(void **state)
{
    static const char *const pieces[] = {
        "\x1b", "[",  "]",   "P",    "?",         ";",         "1", "4",    "6",    "c",
        "u",    "~",  "$y",  "\x07", "\x1b\\",    "\x1e",      ".", "\x1a", "\xff", "M",
        "<",    ">|", "1+r", "rgb:", "\x1b[200~", "\x1b[201~", "t", "11;"};
    struct world *w = *state;
    struct client_config config = client_defaults(w);
    struct buf sent = {0};
    size_t at = 0;

    clear(w);
    config.probe = PROBE_ALL;
    config.escape_key = ESCAPE_KEY_NONE;
    set_up_with(w, &config);
    ask(w);
    attach(w);
    print(w, "\x1b[?1003h");
    run(w, 1000);
    buf_clear(&w->typed);
    for (int round = 0; round < 5000; round++) {
        size_t from = sent.len;

        for (size_t n = 1 + rng_below(&w->rng, 12); n > 0; n--) {
            if (rng_below(&w->rng, 6) == 0)
                buf_append_byte(&sent, (uint8_t)rng_next(&w->rng));
            else
                buf_append_str(&sent, pieces[rng_below(&w->rng, sizeof pieces / sizeof *pieces)]);
        }
        client_keys(w->client, w->now, sent.data + from, sent.len - from);
        run(w, rng_below(&w->rng, 30));
    }
    run(w, 5000);
    assert_int_equal(client_state(w->client), CLIENT_RUNNING);
    for (size_t i = 0; i < w->typed.len; i++, at++) {
        while (at < sent.len && sent.data[at] != w->typed.data[i])
            at++;
        assert_true(at < sent.len);
    }
    assert_true(w->typed.len > sent.len / 2);
    buf_release(&sent);
}

/* What a terminal says of its clipboard, which only a program can have asked for, is the program's.
 */
static void clipboard_is_given_to_the_program(void **state)
{
    struct world *w = *state;

    attach(w);
    client_keys(w->client, w->now, (const uint8_t *)"\x1b]52;c;aGVsbG8=\x07", 16);
    run(w, 200);
    check_typed_ends(w, "\x1b]52;c;aGVsbG8=\x07");
}

#define ASKING_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_asking, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(asks_only_if_it_may),
        ASKING_TEST(answers_do_not_reach_the_program),
        ASKING_TEST(late_answers_do_not_reach_the_program),
        ASKING_TEST(cut_answers_do_not_reach_the_program),
        ASKING_TEST(an_answer_is_known_without_its_esc),
        ASKING_TEST(keys_are_not_held_up),
        ASKING_TEST(the_menu_hears_esc),
        ASKING_TEST(pasted_text_is_no_command),
        ASKING_TEST(what_the_terminal_owes_is_drained),
        ASKING_TEST(frames_are_wrapped_where_that_is_known),
        ASKING_TEST(what_is_learned_shows),
        WORLD_TEST(a_new_size_does_not_flicker),
        ASKING_TEST(pixels_are_told),
        ASKING_TEST(colours_are_followed),
        WORLD_TEST(escape_key_is_heeded_in_pieces),
        ASKING_TEST(clipboard_is_given_to_the_program),
        ASKING_TEST(random_answers_and_keys),
        WORLD_TEST(any_bytes_are_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
