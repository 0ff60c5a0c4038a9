/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/client_world.h"

#include <stdio.h>

#include "terminal/profile.h"

static void window_size_comes_first(void **state)
{
    struct world *w = *state;

    press(w, "ls");
    run(w, 50);
    check_typed(w, "[24x80]ls");
}

static void draws_what_the_server_has(void **state)
{
    struct world *w = *state;
    size_t drawn;

    attach(w);
    print(w, "hello\r\n\x1b[31mred");
    run(w, 1000);
    check_seen(w, 0, "$ hello");
    check_seen(w, 1, "red");
    drawn = w->drawn_bytes;
    run(w, 60000);
    assert_int_equal(w->drawn_bytes, drawn);
}

static void R5_says_that_nobody_answers_and_gives_up(void **state)
{
    struct world *w = *state;
    msec_t start = w->now;

    w->cut = true;
    run(w, 200);
    check_seen(w, 0, "");
    run(w, 100);
    assert_true(bar_says(w, "no answer yet from 192.0.2.1, UDP port 60001"));
    check_seen(w, 1, "");
    run(w, CLIENT_DIAGNOSE_MS);
    check_seen(w, 1, " Nothing has come back by UDP, though ssh got there. Tried was");
    client_network_says(w->client, NOANSWER_REFUSED, "Connection refused");
    run(w, 3000);
    check_seen(w, 3, " The answer by ICMP, once: nobody listens at that port.");
    run(w, 50000);
    assert_int_equal(client_state(w->client), CLIENT_RUNNING);
    run(w, 60000);
    assert_int_equal(client_state(w->client), CLIENT_NEVER_REACHED);
    assert_true(w->now <= start + CLIENT_CONNECT_GIVE_UP_MS + CLIENT_LEAVE_MS);
}

static void F12_gives_up_though_the_clock_steps_back(void **state)
{
    struct world *w = *state;

    w->cut = true;
    for (int i = 0; i < 3; i++) {
        run(w, 20000);
        assert_int_equal(client_state(w->client), CLIENT_RUNNING);
        w->now -= 30000;
    }
    run(w, CLIENT_LEAVE_MS);
    assert_int_equal(client_state(w->client), CLIENT_NEVER_REACHED);
}

static void late_answer_is_in_time(void **state)
{
    struct world *w = *state;

    w->cut = true;
    run(w, 51000); /* the next attempt is at most 3 s away */
    check_seen(w, 2, " 192.0.2.1, port 60001 (IPv4).");
    w->cut = false;
    print(w, "here");
    run(w, 3000);
    check_seen(w, 0, "here");
    assert_int_equal(client_state(w->client), CLIENT_RUNNING);
}

/* Junk that anybody can send shows nothing. */
static void S05_junk_shows_nothing(void **state)
{
    struct world *w = *state;
    uint8_t junk[100];
    size_t drawn;

    attach(w);
    drawn = w->drawn_bytes;
    for (size_t i = 0; i < 1000; i++) {
        rng_fill(&w->rng, junk, sizeof junk);
        assert_int_equal(client_datagram(w->client, w->now, junk, sizeof junk, false), ERR_AUTH);
        settle(w);
    }
    assert_int_equal(w->drawn_bytes, drawn);
}

/* The bar comes after the delay; after a minute the terminal is left in peace. */
static void F03_R23_silence_is_shown_quietly(void **state)
{
    struct world *w = *state;
    size_t draws;

    attach(w);
    run(w, 10000);
    w->cut = true;
    run(w, 3000);
    assert_false(bar_says(w, "without contact"));
    run(w, 7000);
    assert_true(bar_says(w, "without contact"));
    run(w, 60000);
    draws = w->draws;
    run(w, 3600000);
    assert_in_range(w->draws - draws, 59, 61);
    w->cut = false;
    run(w, 5000);
    check_seen(w, 0, "$");
}

/* An idle client sleeps. The bare server here wakes for its own heartbeat, too. */
static void R29_idle_client_sleeps(void **state)
{
    struct world *w = *state;

    attach(w);
    run(w, 10000);
    assert_true(run(w, 3600000) < 2 * 3600 / 3 * 3);
}

static void R5_network_errors_are_shown(void **state)
{
    struct world *w = *state;

    attach(w);
    client_send_result(w->client, w->now, "Network is unreachable");
    settle(w);
    assert_true(bar_says(w, "Network is unreachable"));
    client_send_result(w->client, w->now, NULL);
    run(w, 1100);
    check_seen(w, 0, "$");
}

static void F12_bar_goes_though_the_clock_steps_back(void **state)
{
    struct world *w = *state;

    attach(w);
    client_send_result(w->client, w->now, "Network is unreachable");
    settle(w);
    client_send_result(w->client, w->now, NULL);
    w->now -= 50000;
    run(w, 1100);
    check_seen(w, 0, "$");
}

static void escape_key_leads_commands(void **state)
{
    struct world *w = *state;

    attach(w);
    press(w, "\x1e");
    run(w, 20);
    assert_true(
        bar_says(w, ". quit, Ctrl-Z suspend, [ look back, i status, ^ send Ctrl-^, Esc go on"));
    press(w, "\x1e");
    run(w, 20);
    check_seen(w, 0, "$");
    press(w, "\x1e\x1a");
    assert_true(client_pull_suspend(w->client));
    assert_false(client_pull_suspend(w->client));
    press(w, "\x1exy");
    run(w, 1000);
    check_typed(w, "[24x80]\x1e\x1exy");
}

/* What a server sends in answer to a request, or without one, may be anything. */
static void S16_answers_that_are_none_change_nothing(void **state)
{
    struct world *w = *state;
    struct hostscreen *h = transport_local(w->server);

    attach(w);
    hostscreen_set_features(h, FEATURE_HISTORY);
    hostscreen_set_lines(h, text_new("\xff\xff", 2));
    run(w, 1000);
    press(w, "\x1e[");
    run(w, 1000);
    hostscreen_set_lines(h, text_new("\x0a", 1));
    run(w, 60000); /* it asks again, for less, and waits for longer */
    assert_true(bar_says(w, "q to leave"));
    hostscreen_set_lines(h, text_new("\x08", 1));
    run(w, 1000);
    press(w, "q");
    run(w, 1000);
    check_seen(w, 0, "$");
    press(w, "x");
    run(w, 1000);
    check_typed(w, "[24x80]x");
}

/* What of the user's looking back is no key is not for the program, either. */
static void looking_back_takes_pastes_and_the_wheel(void **state)
{
    struct world *w = *state;

    attach(w);
    hostscreen_set_features(transport_local(w->server), FEATURE_HISTORY);
    print(w, "\033[?2004h\033[?1003h\033[?1006h");
    run(w, 1000);
    press(w, "\x1e[");
    run(w, 100);
    press(w, "\x1b[<64;1;1M\x1b[<65;1;1M\x1b[<0;1;1M\x1b[<64;1;1m\x1b[I");
    press(w, "\x1b[200~pasted\x1b[201~");
    run(w, 1000);
    assert_true(bar_says(w, "looking back"));
    press(w, "q");
    press(w, "x");
    run(w, 1000);
    check_typed(w, "[24x80]x");
}

static void a_server_without_history_is_told_of(void **state)
{
    struct world *w = *state;

    attach(w);
    press(w, "\x1e[");
    run(w, 20);
    assert_true(bar_says(w, "keeps no lines"));
    press(w, "k");
    run(w, 2900);
    assert_true(bar_says(w, "keeps no lines"));
    run(w, 200);
    check_seen(w, 0, "$");
    check_typed(w, "[24x80]k");
}

/* The server of this world keeps none, but says that it could: the client waits for an answer as
   long as the user does. */
static void looking_back_takes_the_keys(void **state)
{
    struct world *w = *state;

    attach(w);
    hostscreen_set_features(transport_local(w->server), FEATURE_HISTORY);
    print(w, "\033[?1003h\033[5;1Hfive");
    run(w, 1000);
    assert_int_equal(screen_mouse_reporting(emulator_screen(w->terminal)), MOUSE_ANY);
    press(w, "\x1e[");
    run(w, 100);
    assert_true(bar_says(w, "looking back"));
    assert_int_equal(screen_mouse_reporting(emulator_screen(w->terminal)), MOUSE_OFF);
    press(w, "kkjj \x1b[A\x1b[5~abc\r");
    print(w, "\033[5;1Hnews");
    run(w, 1000);
    check_seen(w, 4, "five");
    press(w, "\x1e^"); /* nor is the escape key sent */
    press(w, "q");
    run(w, 1000);
    check_seen(w, 0, "$");
    check_seen(w, 4, "news");
    assert_int_equal(screen_mouse_reporting(emulator_screen(w->terminal)), MOUSE_ANY);
    press(w, "x");
    run(w, 1000);
    check_typed(w, "[24x80]x");
}

static void user_quits_while_looking_back(void **state)
{
    struct world *w = *state;

    attach(w);
    hostscreen_set_features(transport_local(w->server), FEATURE_HISTORY);
    run(w, 1000);
    press(w, "\x1e[");
    press(w, "\x1e\x1a");
    assert_true(client_pull_suspend(w->client));
    press(w, "\x1e.");
    run(w, 5000);
    assert_int_equal(client_state(w->client), CLIENT_ENDED);
    check_typed(w, "[24x80]");
}

static void user_quits(void **state)
{
    struct world *w = *state;

    attach(w);
    press(w, "a\x1e.b");
    assert_true(bar_says(w, "leaving"));
    assert_false(client_wants_keys(w->client));
    press(w, "c");
    run(w, 5000);
    assert_int_equal(client_state(w->client), CLIENT_ENDED);
    check_typed(w, "[24x80]a");
}

/* F26, F28: bounded also when nobody answers; at once if that was to be expected. */
static void leaving_is_bounded(void **state)
{
    struct world *w = *state;
    msec_t start;

    attach(w);
    w->cut = true;
    start = w->now;
    client_signal(w->client, w->now, CLIENT_SIGNAL_END);
    run(w, 60000);
    assert_int_equal(client_state(w->client), CLIENT_UNANSWERED);
    assert_true(w->now - start <= 10000);
}

static void leaving_a_silent_server_is_quick(void **state)
{
    struct world *w = *state;
    msec_t start;

    attach(w);
    w->cut = true;
    run(w, 20000);
    start = w->now;
    press(w, "\x1e.");
    run(w, 60000);
    assert_int_equal(client_state(w->client), CLIENT_UNANSWERED);
    assert_true(w->now - start <= 1000);
}

/* F28: the network said that nobody is there, before the user left or since. */
static void leaving_a_server_that_is_gone_is_quick(void **state)
{
    struct world *w = *state;
    msec_t start;

    attach(w);
    w->cut = true;
    client_send_result(w->client, w->now, "Connection refused");
    start = w->now;
    press(w, "\x1e.");
    run(w, 60000);
    assert_int_equal(client_state(w->client), CLIENT_UNANSWERED);
    assert_true(w->now - start <= 1000);
}

static void a_server_found_gone_while_leaving(void **state)
{
    struct world *w = *state;
    msec_t start;

    attach(w);
    w->cut = true;
    start = w->now;
    press(w, "\x1e.");
    for (int i = 0; i < 10; i++) { /* each attempt is refused, and that does not add up */
        client_send_result(w->client, w->now, "Connection refused");
        run(w, 100);
    }
    assert_int_equal(client_state(w->client), CLIENT_UNANSWERED);
    assert_true(w->now - start <= 1000);
}

/* F28: anybody can forge such a message. It ends nothing, and the server's next word refutes it. */
static void a_forged_refusal_changes_nothing(void **state)
{
    struct world *w = *state;

    attach(w);
    client_send_result(w->client, w->now, "Connection refused");
    run(w, 100000);
    assert_int_equal(client_state(w->client), CLIENT_RUNNING);
    w->cut = true;
    press(w, "\x1e.");
    run(w, CLIENT_LEAVE_SILENT_MS + 1000);
    assert_int_equal(client_state(w->client), CLIENT_RUNNING);
    w->cut = false;
    run(w, CLIENT_LEAVE_MS);
    assert_int_equal(client_state(w->client), CLIENT_ENDED);
}

static void terminal_vanishes(void **state)
{
    struct world *w = *state;
    msec_t start;

    attach(w);
    start = w->now;
    client_keys_closed(w->client, w->now);
    run(w, 5000);
    assert_int_equal(client_state(w->client), CLIENT_ENDED);
    assert_true(w->now - start <= 1000);
}

static void server_ends(void **state)
{
    struct world *w = *state;
    struct buf last = {0};

    attach(w);
    print(w, "logout");
    transport_shutdown(w->server, w->now, 10000);
    run(w, 5000);
    assert_int_equal(client_state(w->client), CLIENT_ENDED);
    client_draw_last(w->client, w->now, &last);
    emulator_write(w->terminal, last.data, last.len, NULL);
    check_seen(w, 0, "$ logout");
    buf_release(&last);
}

/* The last frame leaves nothing of ours behind. */
static void last_frame_is_the_servers(void **state)
{
    struct world *w = *state;
    struct buf last = {0};

    print(w, "\x1b]0;vim\x07");
    attach(w);
    assert_string_equal(emulator_screen(w->terminal)->window_title->bytes, "[mosh] vim");
    press(w, "\x1e.");
    assert_true(bar_says(w, "leaving"));
    client_draw_last(w->client, w->now, &last);
    emulator_write(w->terminal, last.data, last.len, NULL);
    check_seen(w, 0, "$");
    assert_string_equal(emulator_screen(w->terminal)->window_title->bytes, "vim");
    buf_release(&last);
}

static void R21_title_is_not_touched_unasked(void **state)
{
    struct world *w = *state;

    attach(w);
    assert_null(emulator_screen(w->terminal)->window_title);
    assert_null(emulator_screen(w->terminal)->icon_name);
}

static void the_largest_sizes_are_passed_on(void **state)
{
    struct world *w = *state;

    attach(w);
    client_resize(w->client, w->now, SCREEN_SIDE_MAX, 1);
    run(w, 1000);
    client_resize(w->client, w->now, 1, SCREEN_SIDE_MAX);
    run(w, 1000);
    check_typed(w, "[24x80][4096x1][1x4096]");
}

/* A size that makes no sense changes nothing. */
static void R2_impossible_sizes_are_ignored(void **state)
{
    struct world *w = *state;

    attach(w);
    client_resize(w->client, w->now, 0, 0);
    client_resize(w->client, w->now, 0, 80);
    client_resize(w->client, w->now, 24, 0);
    client_resize(w->client, w->now, 65535, 65535);
    client_resize(w->client, w->now, SCREEN_SIDE_MAX + 1, 1);
    client_resize(w->client, w->now, 1, SCREEN_SIDE_MAX + 1);
    client_resize(w->client, w->now, SIZE_MAX, 1);
    client_resize(w->client, w->now, 1, SIZE_MAX);
    run(w, 1000);
    check_typed(w, "[24x80]");

    struct client_config config = client_defaults(w);
    config.rows = 0;
    config.cols = 0;
    clear(w);
    set_up_with(w, &config);
    run(w, 1000);
    check_typed(w, "[24x80]");
}

/* The frame has the window's size at once, whatever the server knows. */
static void frame_fits_the_window_at_once(void **state)
{
    struct world *w = *state;

    print(w, "top\x1b[24;1Hbottom\x1b[1;70Hright edge");
    run(w, 1000);
    print(w, "\x1b[24;7H");
    run(w, 1000);
    w->cut = true;
    emulator_resize(w->terminal, 10, 75);
    client_resize(w->client, w->now, 10, 75);
    settle(w);
    check_seen(w, 9, "bottom"); /* the cursor's row stays in view */
    emulator_resize(w->terminal, 30, 100);
    client_resize(w->client, w->now, 30, 100);
    settle(w);
    check_seen(w, 23, "bottom");
    assert_int_equal(emulator_screen(w->terminal)->cursor_row, 23);
    w->cut = false;
    run(w, 1000);
    check_typed(w, "[24x80][30x100]"); /* R38 */
    resize_server(w, 30, 100);
    print(w, "\x1b[30;1Hnew bottom");
    run(w, 1000);
    check_seen(w, 29, "new bottom");
}

static void everything_is_drawn_again_when_asked(void **state)
{
    struct world *w = *state;
    size_t drawn;

    attach(w);
    for (int disturbance = 0; disturbance < 3; disturbance++) {
        emulator_write(w->terminal, (const uint8_t *)"\x1b[2Jwall", 8, NULL);
        drawn = w->drawn_bytes;
        if (disturbance == 0)
            press(w, "\x0c");
        else if (disturbance == 1)
            client_signal(w->client, w->now, CLIENT_SIGNAL_RESUMED);
        else
            client_resize(w->client, w->now, 24, 80);
        settle(w);
        assert_true(w->drawn_bytes > drawn);
        check_seen(w, 0, "$");
    }
    run(w, 100);
    check_typed(w, "[24x80]\x0c");
}

/* Repainting neither repeats a bell and the clipboard nor loses new ones. */
static void news_survives_repainting(void **state)
{
    struct world *w = *state;

    attach(w);
    print(w, "\x07\x1b]52;c;Zmlyc3Q=\x07");
    run(w, 1000);
    assert_int_equal(emulator_screen(w->terminal)->bells, 1);
    press(w, "\x0c");
    assert_int_equal(emulator_screen(w->terminal)->bells, 1);
    client_signal(w->client, w->now, CLIENT_SIGNAL_RESUMED);
    print(w, "\x07\x1b]52;c;c2Vjb25k\x07");
    run(w, 1000);
    assert_int_equal(emulator_screen(w->terminal)->bells, 2);
    assert_string_equal(emulator_screen(w->terminal)->clipboard->bytes, "c2Vjb25k");
}

/* The user's terminal is an emulator, so what it got as a program is what counts there. */
static uint64_t written(const struct world *w)
{
    return events_newest(emulator_screen(w->terminal)->events);
}

static void events_are_written_once(void **state)
{
    struct world *w = *state;

    attach(w);
    hostscreen_set_features(transport_local(w->server), FEATURES_KNOWN);
    print(w, "\x1b]52;c;aGk=\x07");
    run(w, 1000);
    assert_int_equal(written(w), 1);
    print(w, "\x1b]52;c;aGk=\x07"); /* R13 */
    run(w, 1000);
    assert_int_equal(written(w), 2);
    press(w, "\x0c");
    client_signal(w->client, w->now, CLIENT_SIGNAL_RESUMED);
    run(w, 1000);
    assert_int_equal(written(w), 2);
}

/* A switch turns it off, for both ways in which it comes. */
static void S23_a_clipboard_that_is_not_wanted(void **state)
{
    struct world *w = *state;
    struct client_config config = client_defaults(w);

    config.no_clipboard = true;
    clear(w);
    set_up_with(w, &config);
    attach(w);
    print(w, "\x1b]52;c;aGk=\x07"
             "drawn");
    run(w, 1000);
    assert_int_equal(written(w), 0);
    hostscreen_set_features(transport_local(w->server), FEATURES_KNOWN);
    print(w, "\x1b]52;c;aGk=\x07");
    run(w, 1000);
    assert_int_equal(written(w), 0);
    assert_null(emulator_screen(w->terminal)->clipboard);
    assert_true(run(w, 10000) < 100); /* and nothing waits for it */
}

/* What waits is overtaken, and the newest is not lost. */
static void S23_a_flood_of_clipboards_is_slowed_down(void **state)
{
    struct world *w = *state;
    char text[64];

    attach(w);
    for (int features = 0; features < 2; features++) {
        uint64_t before = written(w), after;
        hostscreen_set_features(transport_local(w->server), features ? FEATURES_KNOWN : 0);
        for (int i = 0; i < 100; i++) {
            snprintf(text, sizeof text, "\x1b]52;c;bjA%d\x07", 100 + i);
            print(w, text);
            run(w, 50);
        }
        after = written(w);
        assert_in_range(after - before, CLIPBOARD_BURST,
                        CLIPBOARD_BURST + 5000 / CLIPBOARD_REFILL_MS + 1);
        run(w, 60000);
        assert_string_equal(emulator_screen(w->terminal)->clipboard->bytes, "bjA199");
    }
}

static void paste(struct world *w, size_t bytes)
{
    static uint8_t page[16384];

    memset(page, 'x', sizeof page);
    for (size_t left = bytes, len; left > 0; left -= len) {
        len = left < sizeof page ? left : sizeof page;
        client_keys(w->client, w->now, page, len);
        run(w, 1);
    }
}

/* What may have to be sent again stays bounded, and all of it arrives. */
static void paste_is_sent_in_slices(void **state)
{
    struct world *w = *state;
    const struct userstream *sent = transport_local(client_transport(w->client));
    size_t size = 1000000;

    attach(w);
    w->cut = true;
    paste(w, size);
    run(w, 1000);
    assert_int_equal(userstream_bytes_since(sent, userstream_start(sent)),
                     CLIENT_UNACKED_BYTES_MAX);
    assert_true(client_wants_keys(w->client));
    w->cut = false;
    run(w, 30000);
    assert_int_equal(userstream_end(transport_remote(w->server)), size + 2); /* profile, size */
}

/* Of what is typed then as much goes on as there is room for, to the byte. */
static void a_paste_fills_the_room_there_is(void **state)
{
    struct world *w = *state;
    const struct userstream *sent = transport_local(client_transport(w->client));

    attach(w);
    w->cut = true;
    paste(w, CLIENT_UNACKED_BYTES_MAX - 2);
    paste(w, 1);
    assert_int_equal(userstream_bytes_since(sent, userstream_start(sent)),
                     CLIENT_UNACKED_BYTES_MAX - 1);
    paste(w, 100);
    assert_int_equal(userstream_bytes_since(sent, userstream_start(sent)),
                     CLIENT_UNACKED_BYTES_MAX);
}

static void terminal_keeps_what_is_too_much(void **state)
{
    struct world *w = *state;

    attach(w);
    w->cut = true;
    paste(w, CLIENT_UNACKED_BYTES_MAX);
    paste(w, CLIENT_WAITING_BYTES_MAX - 1);
    assert_true(client_wants_keys(w->client));
    paste(w, 1);
    assert_false(client_wants_keys(w->client));
}

/* The server takes no more of a paste, since its program reads nothing. */
static void R1_user_quits_behind_a_paste(void **state)
{
    struct world *w = *state;

    attach(w);
    transport_refuse_states(w->server, true);
    paste(w, 1000000);
    assert_true(client_wants_keys(w->client));
    press(w, "\x1e.");
    assert_true(bar_says(w, "leaving"));
    transport_refuse_states(w->server, false);
    run(w, CLIENT_LEAVE_MS);
    assert_int_equal(client_state(w->client), CLIENT_ENDED);
}

/* Room that there is when the user has quit is for nothing any more. */
static void user_quits_amid_a_paste(void **state)
{
    struct world *w = *state;
    const struct userstream *sent = transport_local(client_transport(w->client));

    attach(w);
    paste(w, 1000000);
    client_keys(w->client, w->now, (const uint8_t *)"\x1e.", 2);
    uint64_t end = userstream_end(sent);
    assert_true(end < 1000000);
    run(w, CLIENT_LEAVE_MS);
    assert_int_equal(client_state(w->client), CLIENT_ENDED);
    assert_int_equal(userstream_end(sent), end);
}

/* --- prediction --- */

static void start_again(struct world *w, enum predict_mode mode)
{
    struct client_config config = client_defaults(w);

    config.predict_mode = mode;
    clear(w);
    set_up_with(w, &config);
    attach(w);
}

/* The server's program echoes, and the server says which keys must show. */
static void echo(struct world *w, const char *text)
{
    print(w, text);
    hostscreen_set_echo_ack(transport_local(w->server), transport_remote_num(w->server));
    run(w, 300);
}

/* What is shown early is sent as ever, and the bar's commands are not typed text. */
static void R45_keys_are_shown_before_the_server_answers(void **state)
{
    struct world *w = *state;

    start_again(w, PREDICT_ALWAYS);
    press(w, "a");
    check_seen(w, 0, "$");
    run(w, 50);
    echo(w, "a");
    check_seen(w, 0, "$ a");
    press(w, "b");
    check_seen(w, 0, "$ ab");
    assert_int_equal(emulator_screen(w->terminal)->cursor_col, 4);
    press(w, "\x1e\x1e"); /* one escape key: not known what it does */
    press(w, "c");
    check_seen(w, 0, "$ ab");
    run(w, 50);
    check_typed(w, "[24x80]ab\x1e"
                   "c");

    start_again(w, PREDICT_NEVER);
    press(w, "a");
    run(w, 50);
    echo(w, "a");
    press(w, "b");
    check_seen(w, 0, "$ a");
}

/* Neither in the frame in which an acknowledgement and a key come together, nor later. */
static void R41_keys_without_echo_are_not_shown(void **state)
{
    struct world *w = *state;

    start_again(w, PREDICT_ALWAYS);
    for (const char *c = "secret"; *c; c++) {
        press(w, (const char[]){*c, 0});
        check_seen(w, 0, "$");
        run(w, 10);
        hostscreen_set_echo_ack(transport_local(w->server), transport_remote_num(w->server));
        check_seen(w, 0, "$");
    }
    run(w, 2000);
    check_seen(w, 0, "$");
}

/* What is typed while the network is gone wakes nobody. */
static void R29_predictions_in_an_outage_cost_nothing(void **state)
{
    struct world *w = *state;
    size_t turns_without, turns_with;

    start_again(w, PREDICT_ALWAYS);
    press(w, "a");
    run(w, 50);
    echo(w, "a");
    w->cut = true;
    press(w, "\x1b[D"); /* nothing to draw, but to send */
    run(w, 120000);
    turns_without = run(w, 600000);
    press(w, "b");
    run(w, 120000);
    turns_with = run(w, 600000);
    assert_in_range(turns_with, turns_without / 2, turns_without + 10);
}

static void prediction_modes_have_names(void **state)
{
    enum predict_mode mode = PREDICT_NEVER;
    (void)state;

    assert_true(client_parse_predict_mode(NULL, &mode) && mode == PREDICT_ADAPTIVE);
    assert_true(client_parse_predict_mode("always", &mode) && mode == PREDICT_ALWAYS);
    assert_true(client_parse_predict_mode("never", &mode) && mode == PREDICT_NEVER);
    assert_true(client_parse_predict_mode("experimental", &mode) && mode == PREDICT_EXPERIMENTAL);
    assert_true(client_parse_predict_mode("adaptive", &mode) && mode == PREDICT_ADAPTIVE);
    assert_false(client_parse_predict_mode("", &mode));
    assert_false(client_parse_predict_mode("Always", &mode));
}

static void prediction_marks_have_names(void **state)
{
    enum predict_mark mark = PREDICT_FAINT;
    (void)state;

    assert_true(client_parse_predict_mark(NULL, &mark) && mark == PREDICT_UNDERLINE);
    assert_true(client_parse_predict_mark("dotted", &mark) && mark == PREDICT_DOTTED);
    assert_true(client_parse_predict_mark("dashed", &mark) && mark == PREDICT_DASHED);
    assert_true(client_parse_predict_mark("faint", &mark) && mark == PREDICT_FAINT);
    assert_true(client_parse_predict_mark("underline", &mark) && mark == PREDICT_UNDERLINE);
    assert_false(client_parse_predict_mark("", &mark));
    assert_false(client_parse_predict_mark("bold", &mark));
}

/* The panel tells how the session is, follows it, and goes by any key, which is not sent. */
static void the_status_is_shown_on_request(void **state)
{
    struct world *w = *state;

    print(w, "$ ");
    run(w, 1000);
    press(w, "\x1ei");
    run(w, 100);
    check_seen(w, 0, "$");
    check_seen(w, 1, " server       192.0.2.1, UDP port 60001 (IPv4)");
    check_seen(w, 3, " last heard   1 s ago");
    check_seen(w, 7, " predictions  0 right, 0 wrong (adaptive)");
    check_seen(w, 8, " versions     mosh-client unknown; mosh-server of stock mosh, or before 2.0");
    check_seen(w, 9, " Any key closes this.");
    w->cut = true;
    run(w, 3000);
    check_seen(w, 3, " last heard   4 s ago");
    w->cut = false;
    press(w, "x");
    run(w, 5000);
    check_seen(w, 1, "");
    check_typed(w, "[24x80]");
    press(w, "y");
    run(w, 1000);
    check_typed(w, "[24x80]y");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(window_size_comes_first),
        WORLD_TEST(draws_what_the_server_has),
        WORLD_TEST(R5_says_that_nobody_answers_and_gives_up),
        WORLD_TEST(F12_gives_up_though_the_clock_steps_back),
        WORLD_TEST(late_answer_is_in_time),
        WORLD_TEST(S05_junk_shows_nothing),
        WORLD_TEST(F03_R23_silence_is_shown_quietly),
        WORLD_TEST(R29_idle_client_sleeps),
        WORLD_TEST(R5_network_errors_are_shown),
        WORLD_TEST(F12_bar_goes_though_the_clock_steps_back),
        WORLD_TEST(the_status_is_shown_on_request),
        WORLD_TEST(escape_key_leads_commands),
        WORLD_TEST(S16_answers_that_are_none_change_nothing),
        WORLD_TEST(looking_back_takes_pastes_and_the_wheel),
        WORLD_TEST(a_server_without_history_is_told_of),
        WORLD_TEST(looking_back_takes_the_keys),
        WORLD_TEST(user_quits_while_looking_back),
        WORLD_TEST(user_quits),
        WORLD_TEST(leaving_is_bounded),
        WORLD_TEST(leaving_a_silent_server_is_quick),
        WORLD_TEST(leaving_a_server_that_is_gone_is_quick),
        WORLD_TEST(a_server_found_gone_while_leaving),
        WORLD_TEST(a_forged_refusal_changes_nothing),
        WORLD_TEST(terminal_vanishes),
        WORLD_TEST(server_ends),
        WORLD_TEST(last_frame_is_the_servers),
        WORLD_TEST(R21_title_is_not_touched_unasked),
        WORLD_TEST(the_largest_sizes_are_passed_on),
        WORLD_TEST(R2_impossible_sizes_are_ignored),
        WORLD_TEST(frame_fits_the_window_at_once),
        WORLD_TEST(everything_is_drawn_again_when_asked),
        WORLD_TEST(news_survives_repainting),
        WORLD_TEST(events_are_written_once),
        WORLD_TEST(S23_a_flood_of_clipboards_is_slowed_down),
        WORLD_TEST(S23_a_clipboard_that_is_not_wanted),
        WORLD_TEST(paste_is_sent_in_slices),
        WORLD_TEST(a_paste_fills_the_room_there_is),
        WORLD_TEST(terminal_keeps_what_is_too_much),
        WORLD_TEST(R1_user_quits_behind_a_paste),
        WORLD_TEST(user_quits_amid_a_paste),
        WORLD_TEST(R45_keys_are_shown_before_the_server_answers),
        WORLD_TEST(R41_keys_without_echo_are_not_shown),
        WORLD_TEST(R29_predictions_in_an_outage_cost_nothing),
        WORLD_TEST(prediction_modes_have_names),
        WORLD_TEST(prediction_marks_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
