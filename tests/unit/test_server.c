/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <stdlib.h>

#include "session/server.h"
#include "statesync/hostscreen.h"
#include "statesync/lines.h"
#include "statesync/profile.h"
#include "statesync/userstream.h"
#include "transport/sender.h"

/*
 * The server against a bare transport that plays the client, over a network that is perfect or
 * cut, on a clock that jumps from one deadline to the next.
 */
struct world {
    struct server *server;
    struct transport *client;
    struct rng rng;
    msec_t now;
    bool cut;
    bool reads; /* the program reads its input, into `input` */
    struct buf input;
};

static void seeded(void *context, uint8_t *out, size_t len)
{
    rng_fill(context, out, len);
}

static void connect_client(struct world *w)
{
    struct transport_config config = {
        .key = "0123456789abcdef",
        .sending = SEAL_TO_SERVER,
        .local_ops = &userstream_ops,
        .remote_ops = &hostscreen_ops,
        .local_initial = userstream_new(),
        .remote_initial = hostscreen_new(EMULATOR_MIRROR, 24, 80),
        .collect_ms = 1,
        .random = seeded,
        .random_context = &w->rng,
    };

    w->client = transport_new(&config, w->now);
}

static struct server_config server_defaults(struct world *w)
{
    return (struct server_config){
        .key = "0123456789abcdef",
        .rows = 24,
        .cols = 80,
        .random = seeded,
        .random_context = &w->rng,
    };
}

static void set_up_with(struct world *w, const struct server_config *config)
{
    w->now = 100000;
    w->reads = true;
    w->server = server_new(config, w->now);
    connect_client(w);
}

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    struct server_config config = server_defaults(w);

    set_up_with(w, &config);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;

    server_free(w->server);
    transport_free(w->client);
    buf_release(&w->input);
    free(w);
    return 0;
}

static void reset_with(struct world *w, const struct server_config *config)
{
    server_free(w->server);
    transport_free(w->client);
    buf_clear(&w->input);
    set_up_with(w, config);
}

static void program_reads(struct world *w)
{
    const uint8_t *bytes;
    size_t len = server_pty_input(w->server, &bytes);

    if (!w->reads || len == 0)
        return;
    buf_append(&w->input, bytes, len);
    server_pty_written(w->server, w->now, len);
    server_tick(w->server, w->now);
}

/* Everything that happens at this very moment. */
static void settle(struct world *w)
{
    struct transport_event event;
    struct buf datagram = {0};
    bool moved = true;

    while (moved) {
        moved = false;
        server_tick(w->server, w->now);
        transport_tick(w->client, w->now);
        while (server_pull_datagram(w->server, &datagram)) {
            moved = true;
            if (!w->cut)
                (void)!transport_recv(w->client, w->now, datagram.data, datagram.len, false,
                                      &event);
        }
        while (transport_pull(w->client, &datagram)) {
            moved = true;
            if (!w->cut)
                (void)!server_datagram(w->server, w->now, datagram.data, datagram.len, false,
                                       &event);
            server_tick(w->server, w->now);
        }
        program_reads(w);
    }
    buf_release(&datagram);
}

static void run_until(struct world *w, msec_t end)
{
    size_t turns = 0;

    settle(w);
    while (w->now < end && !server_finished(w->server)) {
        msec_t next =
            msec_min(server_deadline(w->server, w->now), transport_deadline(w->client, w->now));

        assert_true(++turns < 400000);
        assert_true(next > w->now);
        w->now = msec_min(next, end);
        settle(w);
    }
}

static void run(struct world *w, msec_t span)
{
    run_until(w, w->now + span);
}

static void type(struct world *w, const char *keys)
{
    userstream_put_keys(transport_local(w->client), (const uint8_t *)keys, strlen(keys));
}

static void print(struct world *w, const char *text)
{
    server_pty_output(w->server, w->now, (const uint8_t *)text, strlen(text));
}

static void check_input(struct world *w, const char *want)
{
    check_bytes(w->input.data, w->input.len, want, strlen(want));
    buf_clear(&w->input);
}

/* What the client sees in a row. */
static void check_seen(struct world *w, size_t row, const char *want)
{
    const struct screen *s = hostscreen_screen(transport_remote(w->client));
    struct buf text = {0};

    for (size_t col = 0; col < s->cols; col++)
        row_put_text(s->row[row], col, &text);
    while (text.len > 0 && text.data[text.len - 1] == ' ')
        text.len--;
    check_bytes(text.data, text.len, want, strlen(want));
    buf_release(&text);
}

static void attach(struct world *w)
{
    userstream_put_resize(transport_local(w->client), 24, 80);
    run(w, 1000);
    assert_true(server_attached(w->server));
}

static void keys_arrive_and_output_is_seen(void **state)
{
    struct world *w = *state;

    assert_false(server_child_released(w->server));
    assert_int_equal(server_client_time(w->server), MSEC_NEVER);
    attach(w);
    assert_true(server_child_released(w->server));
    type(w, "ls");
    run(w, 100);
    check_input(w, "ls");
    print(w, "ls\r\nfile");
    run(w, 1000);
    check_seen(w, 0, "ls");
    check_seen(w, 1, "file");
    assert_true(server_client_time(w->server) >= w->now - 3100);
}

/* The echo acknowledgement comes 50 ms after the keys, also the very first one. */
static void echo_is_acknowledged_in_time(void **state)
{
    struct world *w = *state;
    uint64_t num;

    attach(w);
    num = transport_sent_num(w->client);
    type(w, "x");
    run(w, 20);
    assert_true(hostscreen_echo_ack(transport_remote(w->client)) <= num);
    run(w, ECHO_ACK_DELAY_MS + 300);
    assert_true(hostscreen_echo_ack(transport_remote(w->client)) > num);
}

/* What waits for so long waits no longer because a clock is not where it was. */
static void F12_echo_is_acknowledged_though_the_clock_steps_back(void **state)
{
    struct world *w = *state;
    uint64_t num;

    attach(w);
    num = transport_sent_num(w->client);
    type(w, "x");
    run(w, 20);
    w->now -= 70000;
    run(w, ECHO_ACK_DELAY_MS + 300);
    assert_true(hostscreen_echo_ack(transport_remote(w->client)) > num);
}

/* Nor does time run away with every key that comes afterwards. */
static void F12_time_keeps_its_pace_though_the_clock_steps_back(void **state)
{
    struct world *w = *state;

    attach(w);
    w->now -= 50000;
    for (int i = 0; i < 10; i++) {
        type(w, "x");
        run(w, 100);
        assert_true(server_attached(w->server));
        assert_in_range(server_client_time(w->server), w->now - 200, w->now);
    }
}

static void echo_waits_for_a_program_that_does_not_read(void **state)
{
    struct world *w = *state;
    uint64_t num;

    attach(w);
    num = transport_sent_num(w->client);
    w->reads = false;
    type(w, "x");
    run(w, 5000);
    assert_true(hostscreen_echo_ack(transport_remote(w->client)) <= num);
    w->reads = true;
    run(w, 1000);
    assert_true(hostscreen_echo_ack(transport_remote(w->client)) > num);
}

static void announce_facts(struct world *w)
{
    static const uint8_t profile[] = {0x08, 0x80, 0x01}; /* features = 128 */

    userstream_put_profile(transport_local(w->client), profile, sizeof profile);
    attach(w);
}

/* Facts about the program come with what it has written, and without anything. */
static void facts_are_told_to_who_knows_them(void **state)
{
    struct world *w = *state;
    struct facts secret = {.known = true, .canonical = true, .erase = 0x7F, .job = 77}, got;

    attach(w);
    assert_false(server_wants_facts(w->server));
    server_program_facts(w->server, &secret);
    run(w, 1000);
    assert_false(hostscreen_facts(transport_remote(w->client)).known);
    announce_facts(w);
    assert_true(server_wants_facts(w->server));
    server_program_facts(w->server, &secret);
    run(w, 1000);
    got = hostscreen_facts(transport_remote(w->client));
    assert_true(facts_equal(&got, &secret));
    print(w, "\x1b[?1049h\x1b[?1h");
    run(w, 1000);
    got = hostscreen_facts(transport_remote(w->client));
    assert_true(got.alternate);
    assert_true(got.application_cursor);
}

/* After Enter and the like the client's predictions wait for it, so it does not wait for company.
 */
static void echo_of_what_starts_something_is_acknowledged_at_once(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *keys;
        bool facts, canonical, at_once;
    } cases[] = {{"\r", true, false, true},
                 {"x", true, false, false},
                 {"\x1b[A", true, false, false},
                 {"\r", true, true, false},
                 {"\r", false, false, false}};
    struct facts shell = {.known = true, .job = 1};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct server_config config = server_defaults(w);
        uint64_t num;
        reset_with(w, &config);
        if (cases[i].facts)
            announce_facts(w);
        else
            attach(w);
        shell.canonical = cases[i].canonical;
        server_program_facts(w->server, &shell);
        run(w, 1000);
        num = transport_sent_num(w->client);
        type(w, cases[i].keys);
        run(w, ECHO_ACK_DELAY_MS - 1);
        print(w, "_"); /* what is sent for it would hold up the next */
        run(w, 2);
        assert_int_equal(hostscreen_echo_ack(transport_remote(w->client)) > num, cases[i].at_once);
        run(w, SENDER_LAZY_MS_MIN);
        assert_true(hostscreen_echo_ack(transport_remote(w->client)) > num);
    }
}

/* What is seen to be echoed is acknowledged with the echo: that is one datagram for a key, not two.
 */
static void an_echo_goes_with_its_acknowledgement(void **state)
{
    static const char *const echo[] = {"a", "*"};
    struct world *w = *state;

    for (size_t i = 0; i < 2; i++) {
        struct server_config config = server_defaults(w);
        uint64_t sent, num;
        reset_with(w, &config);
        attach(w);
        num = transport_sent_num(w->client);
        sent = transport_get_stats(server_transport(w->server))->datagrams_sent;
        type(w, "a");
        run(w, 5);
        print(w, echo[i]);
        run(w, SERVER_COLLECT_MS + 1);
        assert_int_equal(hostscreen_echo_ack(transport_remote(w->client)) > num, i == 0);
        run(w, 200);
        assert_true(hostscreen_echo_ack(transport_remote(w->client)) > num);
        assert_int_equal(transport_get_stats(server_transport(w->server))->datagrams_sent - sent,
                         i == 0 ? 1 : 2);
    }
}

/* So is the key with which a program has ended, when the shell reads again. */
static void echo_of_the_last_key_of_a_program_is_acknowledged_at_once(void **state)
{
    struct world *w = *state;
    struct facts program = {.known = true, .job = 1};

    for (uint32_t job = 1; job <= 2; job++) {
        struct server_config config = server_defaults(w);
        uint64_t num;
        reset_with(w, &config);
        announce_facts(w);
        program.job = 1;
        server_program_facts(w->server, &program);
        run(w, 1000);
        num = transport_sent_num(w->client);
        type(w, "q");
        run(w, 2);
        program.job = job;
        server_program_facts(w->server, &program);
        print(w, "$ ");
        run(w, ECHO_ACK_DELAY_MS - 3);
        print(w, "x");
        run(w, 2);
        assert_int_equal(hostscreen_echo_ack(transport_remote(w->client)) > num, job == 2);
        run(w, SENDER_LAZY_MS_MIN);
        assert_true(hostscreen_echo_ack(transport_remote(w->client)) > num);
    }
}

/* They cost no datagram of their own, but where a program begins to hide what it reads. */
static void facts_travel_with_what_is_sent_anyway(void **state)
{
    struct world *w = *state;
    struct facts shell = {.known = true, .job = 1}, got;
    struct facts command = {.known = true, .echo = true, .canonical = true, .job = 2};
    struct facts secret = {.known = true, .canonical = true, .job = 2};
    uint64_t num;

    announce_facts(w);
    server_program_facts(w->server, &shell);
    run(w, 1000);
    num = transport_remote_num(w->client);
    server_program_facts(w->server, &command);
    run(w, 1000);
    assert_int_equal(transport_remote_num(w->client), num);
    print(w, "x");
    run(w, 1000);
    got = hostscreen_facts(transport_remote(w->client));
    assert_true(facts_equal(&got, &command));
    server_program_facts(w->server, &secret);
    run(w, 1000);
    got = hostscreen_facts(transport_remote(w->client));
    assert_true(facts_equal(&got, &secret));
    server_program_facts(w->server, &shell);
    type(w, "y");
    run(w, 1000);
    got = hostscreen_facts(transport_remote(w->client));
    assert_true(facts_equal(&got, &shell));
}

/* A program may change its terminal after it has written, and then wait. */
static void facts_are_looked_at_again(void **state)
{
    struct world *w = *state;
    msec_t printed;

    announce_facts(w);
    run(w, 1000);
    print(w, "password: ");
    printed = w->now;
    run(w, SERVER_LOOK_AGAIN_MS - 1);
    check_seen(w, 0, "password:");
    assert_int_equal(server_deadline(w->server, w->now), printed + SERVER_LOOK_AGAIN_MS);
    run(w, 2);
    assert_true(server_deadline(w->server, w->now) > w->now + 100); /* once is enough */
}

static void cursor_keys_are_translated(void **state)
{
    struct world *w = *state;

    attach(w);
    type(w, "\x1bOA\x1bO");
    run(w, 30);
    type(w, "B");
    run(w, 10);
    check_input(w, "\x1b[A\x1b[B");
    print(w, "\x1b[?1h");
    type(w, "\x1bOC");
    run(w, 1000);
    check_input(w, "\x1bOC");
    print(w, "\x1b[?1l");
    type(w, "\x1bO"); /* Alt-O, after a while */
    run(w, 1000);
    check_input(w, "\x1bO");
}

/* The pty gets its size, and the program what was typed after that. */
static void take_size(struct world *w, size_t want_rows, size_t want_cols)
{
    size_t rows = 0, cols = 0;

    assert_true(server_pull_winsize(w->server, &rows, &cols));
    assert_int_equal(rows, want_rows);
    assert_int_equal(cols, want_cols);
    assert_false(server_pull_winsize(w->server, &rows, &cols));
    run(w, 1);
}

/* The size in the end is the window's, and a size that stays the same is not told twice. */
static void R38_last_size_wins(void **state)
{
    struct world *w = *state;
    size_t rows = 0, cols = 0;

    attach(w);
    assert_false(server_pull_winsize(w->server, &rows, &cols));
    for (size_t i = 1; i < 200; i++) {
        userstream_put_resize(transport_local(w->client), i, i + 1);
        run(w, i % 7);
    }
    type(w, "k");
    userstream_put_resize(transport_local(w->client), 40, 100);
    run(w, 1000);
    take_size(w, 40, 100);
    assert_int_equal(server_screen(w->server)->rows, 40);
    assert_int_equal(hostscreen_screen(transport_remote(w->client))->cols, 100);
    check_input(w, "k");
}

/* All of it arrives at once. */
static void what_is_typed_after_a_resize_comes_after_it(void **state)
{
    struct world *w = *state;
    const uint8_t *input;
    size_t rows, cols;

    attach(w);
    type(w, "abc");
    userstream_put_resize(transport_local(w->client), 40, 100);
    type(w, "de");
    userstream_put_resize(transport_local(w->client), 41, 101);
    type(w, "f");
    run(w, 1000);
    check_input(w, "abc");
    take_size(w, 41, 101);
    check_input(w, "def");
    w->reads = false; /* which does not keep the program from learning its size */
    type(w, "abc");
    userstream_put_resize(transport_local(w->client), 24, 80);
    type(w, "de");
    run(w, 1000);
    assert_int_equal(server_pty_input(w->server, &input), 3);
    server_pty_written(w->server, w->now, 2);
    check_bytes(input, server_pty_input(w->server, &input), "c", 1);
    assert_true(server_pull_winsize(w->server, &rows, &cols));
    check_bytes(input, server_pty_input(w->server, &input), "cde", 3);
}

/* The tty at the start may have any size. */
static void R2_impossible_sizes_are_no_obstacle(void **state)
{
    struct world *w = *state;
    static const size_t sizes[][2] = {{0, 0}, {0, 80}, {65535, 65535}, {5000, 1}, {SIZE_MAX, 2}};

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct server_config config = server_defaults(w);
        size_t rows = 0, cols = 0;

        config.rows = sizes[i][0];
        config.cols = sizes[i][1];
        reset_with(w, &config);
        attach(w);
        assert_true(server_pull_winsize(w->server, &rows, &cols));
        assert_int_equal(rows, 24);
        assert_int_equal(cols, 80);
    }
}

static void questions_of_the_program_are_answered(void **state)
{
    struct world *w = *state;

    attach(w);
    print(w, "\x1b[5n");
    run(w, 10);
    check_input(w, "\x1b[0n");
}

/* Mode 2048 */
static void program_reads_of_every_new_size(void **state)
{
    struct world *w = *state;

    attach(w);
    print(w, "\x1b[?2048h");
    run(w, 10);
    check_input(w, "\x1b[48;24;80;0;0t");
    type(w, "a");
    userstream_put_resize(transport_local(w->client), 30, 90);
    type(w, "b");
    run(w, 1000);
    check_input(w, "a");
    take_size(w, 30, 90);
    check_input(w, "\x1b[48;30;90;0;0tb");
    print(w, "\x1b[?2048l");
    userstream_put_resize(transport_local(w->client), 31, 91);
    run(w, 1000);
    check_input(w, "");
}

/* Mode 2026 */
static void nothing_half_drawn_is_seen(void **state)
{
    struct world *w = *state;

    attach(w);
    print(w, "old\x1b[?2026h\r\x1b[Khalf");
    type(w, "k");
    run(w, SERVER_HOLD_MS - 10);
    check_seen(w, 0, "");
    check_input(w, "k");
    print(w, " and half\x1b[?2026l");
    run(w, 100);
    check_seen(w, 0, "half and half");
    /* The next one may be under way when the last one is read. */
    print(w, "\x1b[?2026h\r\x1b[Kone\x1b[?2026l\x1b[?2026h");
    run(w, 20);
    check_seen(w, 0, "half and half");
    print(w, "\x1b[?2026l");
    run(w, 100);
    check_seen(w, 0, "one");
}

static void F12_drawing_unseen_ends_though_the_clock_steps_back(void **state)
{
    struct world *w = *state;

    attach(w);
    print(w, "\x1b[?2026hforgotten");
    run(w, SERVER_HOLD_MS - 10);
    check_seen(w, 0, "");
    w->now -= 70000;
    run(w, 60);
    check_seen(w, 0, "forgotten");
}

static void drawing_unseen_has_its_limits(void **state)
{
    struct world *w = *state;

    attach(w);
    print(w, "\x1b[?2026hforgotten");
    for (int i = 0; i < 14; i++) {
        print(w, "\x1b[?2026h.");
        run(w, 10);
        check_seen(w, 0, "");
    }
    run(w, 50);
    check_seen(w, 0, "forgotten..............");
    /* The mode is over with that. */
    print(w, "!\x1b[?2026$p");
    run(w, 100);
    check_seen(w, 0, "forgotten..............!");
    check_input(w, "\x1b[?2026;2$y");
    /* A reset ends it, and so does the end of the program. */
    print(w, "\x1b[?2026hx\x1b"
             "creset");
    run(w, 60);
    check_seen(w, 0, "reset");
    print(w, "\x1b[?2026h, ended");
    server_child_ended(w->server, w->now, -1);
    run(w, 60);
    check_seen(w, 0, "reset, ended");
}

/* A program that does not read stops the input, and nothing else. */
static void R1_F22_back_pressure(void **state)
{
    struct world *w = *state;
    static uint8_t page[16384];
    const uint8_t *bytes;
    size_t typed = 0;

    attach(w);
    w->reads = false;
    memset(page, 'x', sizeof page);
    for (size_t i = 0; i < 64; i++) {
        userstream_put_keys(transport_local(w->client), page, sizeof page);
        typed += sizeof page;
        run(w, 100);
        assert_true(server_pty_input(w->server, &bytes) <= SERVER_INPUT_QUEUE_BYTES + typed);
    }
    assert_in_range(server_pty_input(w->server, &bytes), SERVER_INPUT_QUEUE_BYTES,
                    2 * SERVER_INPUT_QUEUE_BYTES);
    for (size_t i = 0; i < 1000; i++) /* answers must not make it grow either */
        print(w, "\x1b[5n");
    assert_true(server_pty_input(w->server, &bytes) <= 2 * SERVER_INPUT_QUEUE_BYTES);
    print(w, "\r\nstill here");
    run(w, 2000);
    check_seen(w, 1, "still here");
    w->reads = true;
    run(w, 10000);
    assert_int_equal(w->input.len, typed);
    type(w, "end");
    run(w, 2000);
    assert_int_equal(w->input.len, typed + 3);
    assert_memory_equal(w->input.data + typed, "end", 3);
}

/* A client that leaves while its input is refused is let go. */
static void client_leaves_under_back_pressure(void **state)
{
    struct world *w = *state;
    static uint8_t page[65536];

    attach(w);
    w->reads = false;
    for (size_t i = 0; i < 10; i++) {
        userstream_put_keys(transport_local(w->client), page, sizeof page);
        run(w, 100);
    }
    transport_shutdown(w->client, w->now, 10000);
    run(w, 3000);
    assert_int_equal(transport_phase(w->client), TRANSPORT_CLOSED);
    assert_true(server_finished(w->server));
}

/* Junk does not postpone the end of a server that nobody comes to. */
static void S29_nobody_comes(void **state)
{
    struct world *w = *state;
    struct transport_event event;
    uint8_t junk[64] = {0};
    msec_t start = w->now;

    w->cut = true;
    while (!server_finished(w->server) && w->now < start + 100000) {
        rng_fill(&w->rng, junk, sizeof junk);
        assert_int_equal(server_datagram(w->server, w->now, junk, sizeof junk, false, &event),
                         ERR_AUTH);
        assert_false(event.newest);
        run(w, 500);
    }
    assert_int_equal(w->now, start + SERVER_ATTACH_MS);
}

/* F09: silence detaches; the first datagram after it attaches again. */
static void silence_detaches(void **state)
{
    struct world *w = *state;
    uint64_t sent;

    attach(w);
    w->cut = true;
    run(w, SERVER_DETACH_MS + 1000);
    assert_false(server_attached(w->server));
    sent = transport_get_stats(server_transport(w->server))->datagrams_sent;
    print(w, "meanwhile");
    run(w, 3600000);
    assert_false(server_finished(w->server));
    assert_int_equal(transport_get_stats(server_transport(w->server))->datagrams_sent, sent);
    w->cut = false;
    run(w, 5000);
    assert_true(server_attached(w->server));
    check_seen(w, 0, "meanwhile");
}

static void network_timeout_ends_the_session(void **state)
{
    struct world *w = *state;
    struct server_config config = server_defaults(w);

    config.network_timeout_ms = 20000;
    reset_with(w, &config);
    attach(w);
    run(w, 100000);
    assert_false(server_finished(w->server));
    w->cut = true;
    run(w, 15000);
    assert_false(server_finished(w->server));
    assert_true(server_wants_output(w->server));
    run(w, 100000);
    assert_true(server_finished(w->server));
}

/* It shortens the wait for a client, too. */
static void network_timeout_counts_from_the_start(void **state)
{
    struct world *w = *state;
    struct server_config config = server_defaults(w);
    msec_t start;

    config.network_timeout_ms = 20000;
    reset_with(w, &config);
    start = w->now;
    w->cut = true;
    run(w, 100000);
    assert_true(server_finished(w->server));
    assert_int_equal(w->now, start + 20000);
}

static void last_screen_is_delivered(void **state)
{
    struct world *w = *state;

    attach(w);
    print(w, "goodbye");
    server_child_ended(w->server, w->now, -1);
    assert_false(server_wants_output(w->server));
    print(w, " and never seen");
    run(w, 5000);
    assert_true(server_finished(w->server));
    check_seen(w, 0, "goodbye");
    assert_true(transport_peer_closing(w->client));
}

/* How a command ended is told to who knows of such things, with the last screen. */
static void a_command_s_status_is_told(void **state)
{
    struct world *w = *state;
    static const uint8_t profile[] = {0x08, 0x80, 0x02}; /* features = 256 */
    struct serverinfo info;

    userstream_put_profile(transport_local(w->client), profile, sizeof profile);
    attach(w);
    info = hostscreen_serverinfo(transport_remote(w->client));
    assert_false(info.ended);
    print(w, "goodbye");
    server_child_ended(w->server, w->now, 137);
    server_child_ended(w->server, w->now, 5); /* too late */
    run(w, 5000);
    check_seen(w, 0, "goodbye");
    info = hostscreen_serverinfo(transport_remote(w->client));
    assert_true(info.ended);
    assert_int_equal(info.status, 137);
    assert_true(server_finished(w->server));
}

static void nobody_else_is_told_a_status(void **state)
{
    struct world *w = *state;

    attach(w);
    server_child_ended(w->server, w->now, 137);
    run(w, 5000);
    assert_false(hostscreen_serverinfo(transport_remote(w->client)).ended);
    assert_true(server_finished(w->server));
}

/* Also if the client is away for many minutes when the program ends. */
static void R7_F20_last_screen_waits_for_the_client(void **state)
{
    struct world *w = *state;

    attach(w);
    w->cut = true;
    run(w, 60000);
    print(w, "goodbye");
    server_child_ended(w->server, w->now, -1);
    run(w, 1800000);
    assert_false(server_finished(w->server));
    w->cut = false;
    run(w, 10000);
    check_seen(w, 0, "goodbye");
    assert_true(transport_peer_closing(w->client));
    assert_true(server_finished(w->server));
}

static void client_is_not_waited_for_without_end(void **state)
{
    struct world *w = *state;
    msec_t start;

    attach(w);
    w->cut = true;
    start = w->now;
    server_child_ended(w->server, w->now, -1);
    run(w, 2 * (msec_t)SERVER_LINGER_MS);
    assert_true(server_finished(w->server));
    assert_int_equal(w->now, start + SERVER_LINGER_MS);
}

static void client_asks_for_the_end(void **state)
{
    struct world *w = *state;

    attach(w);
    type(w, "last words");
    transport_shutdown(w->client, w->now, 10000);
    run(w, 3000);
    check_input(w, "last words");
    assert_true(server_finished(w->server));
    assert_int_equal(transport_phase(w->client), TRANSPORT_CLOSED);
}

static void signal_ends_the_session(void **state)
{
    struct world *w = *state;

    attach(w);
    print(w, "seen");
    server_signal(w->server, w->now, SERVER_SIGNAL_END);
    assert_false(server_finished(w->server));
    run(w, 3000);
    assert_true(server_finished(w->server));
    assert_true(transport_peer_closing(w->client));
    check_seen(w, 0, "seen");
}

/* F26: within ten seconds if the client does not answer. */
static void signal_ends_within_bounds(void **state)
{
    struct world *w = *state;
    msec_t start;

    attach(w);
    w->cut = true;
    start = w->now;
    server_signal(w->server, w->now, SERVER_SIGNAL_END);
    run(w, 60000);
    assert_true(server_finished(w->server));
    assert_true(w->now <= start + 10000);
}

static void second_signal_ends_at_once(void **state)
{
    struct world *w = *state;

    attach(w);
    w->cut = true;
    server_child_ended(w->server, w->now, -1);
    run(w, 1000);
    assert_false(server_finished(w->server));
    server_signal(w->server, w->now, SERVER_SIGNAL_END);
    assert_true(server_finished(w->server));
}

static void signal_without_a_client_ends_at_once(void **state)
{
    struct world *w = *state;

    server_signal(w->server, w->now, SERVER_SIGNAL_END);
    assert_true(server_finished(w->server));
}

static void usr1_spares_a_living_session(void **state)
{
    struct world *w = *state;
    struct server_config config = server_defaults(w);

    config.signal_timeout_ms = 30000;
    reset_with(w, &config);
    attach(w);
    server_signal(w->server, w->now, SERVER_SIGNAL_USR1);
    run(w, 5000);
    assert_true(server_wants_output(w->server));
    w->cut = true;
    run(w, 31000);
    server_signal(w->server, w->now, SERVER_SIGNAL_USR1);
    assert_false(server_wants_output(w->server));
    run(w, 30000);
    assert_true(server_finished(w->server));
}

/* By the signal alone where no time is set, and where nobody is there whom it could end. */
static void usr1_ends_what_has_no_time(void **state)
{
    struct world *w = *state;
    struct server_config config = server_defaults(w);

    attach(w);
    server_signal(w->server, w->now, SERVER_SIGNAL_USR1);
    assert_false(server_wants_output(w->server));
    config.signal_timeout_ms = 30000;
    reset_with(w, &config);
    server_signal(w->server, w->now, SERVER_SIGNAL_USR1);
    assert_true(server_finished(w->server));
}

static void last_screen_waits_no_longer_than_for_a_client(void **state)
{
    struct world *w = *state;
    struct server_config config = server_defaults(w);

    config.network_timeout_ms = 60000;
    reset_with(w, &config);
    attach(w);
    w->cut = true;
    run(w, 50000);
    server_child_ended(w->server, w->now, 0);
    run(w, 59000);
    assert_false(server_finished(w->server));
    run(w, 2000);
    assert_true(server_finished(w->server));
}

/* --- what a client says --- */

static void announce(struct world *w, uint32_t features)
{
    struct profile profile = {.features = features};
    struct buf encoded = {0};

    profile_encode(&profile, &encoded);
    userstream_put_profile(transport_local(w->client), encoded.data, encoded.len);
    buf_release(&encoded);
    attach(w);
}

static void its_version_is_told_to_who_asks(void **state)
{
    struct world *w = *state;
    struct server_config config = server_defaults(w);

    config.version = "2.0.1";
    reset_with(w, &config);
    attach(w);
    assert_string_equal(hostscreen_serverinfo(transport_remote(w->client)).version, "");
    announce(w, FEATURE_SERVER);
    assert_string_equal(hostscreen_serverinfo(transport_remote(w->client)).version, "2.0.1");
}

static void what_is_no_status_is_not_told(void **state)
{
    struct world *w = *state;
    static const int statuses[] = {-1, 0, 1, SERVERINFO_STATUS_MAX, SERVERINFO_STATUS_MAX + 1};

    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        bool told = statuses[i] >= 0 && statuses[i] <= SERVERINFO_STATUS_MAX;
        struct server_config config = server_defaults(w);
        reset_with(w, &config);
        announce(w, FEATURE_SERVER);
        server_child_ended(w->server, w->now, statuses[i]);
        run(w, 5000);
        struct serverinfo info = hostscreen_serverinfo(transport_remote(w->client));
        assert_int_equal(info.ended, told);
        assert_int_equal(info.status, told ? statuses[i] : 0);
        assert_true(server_finished(w->server));
    }
}

static void request(struct world *w, const void *bytes, size_t len)
{
    userstream_put_request(transport_local(w->client), bytes, len);
    type(w, "x");
    run(w, 1000);
    check_input(w, "x");
}

static bool has_lines(const struct world *w)
{
    return hostscreen_lines(transport_remote(w->client)) != NULL;
}

/* Requests for lines that are none, or of who has not said that it knows of lines. */
static void S16_nonsense_of_a_client_is_passed_over(void **state)
{
    struct world *w = *state;
    struct buf good = {0};

    lines_request_encode(&(struct lines_request){1, 0, 10}, &good);
    attach(w);
    request(w, good.data, good.len);
    assert_false(has_lines(w));
    announce(w, FEATURE_HISTORY);
    request(w, "\xff", 1);
    assert_false(has_lines(w));
    userstream_put_profile(transport_local(w->client), (const uint8_t *)"\xff\xff", 2);
    request(w, "\x0a", 1);
    assert_false(has_lines(w));
    request(w, good.data, good.len); /* what is known of the client is still known */
    assert_true(has_lines(w));
    buf_release(&good);
}

#define WORLD_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(keys_arrive_and_output_is_seen),
        WORLD_TEST(echo_is_acknowledged_in_time),
        WORLD_TEST(F12_time_keeps_its_pace_though_the_clock_steps_back),
        WORLD_TEST(F12_echo_is_acknowledged_though_the_clock_steps_back),
        WORLD_TEST(echo_waits_for_a_program_that_does_not_read),
        WORLD_TEST(facts_are_told_to_who_knows_them),
        WORLD_TEST(echo_of_what_starts_something_is_acknowledged_at_once),
        WORLD_TEST(an_echo_goes_with_its_acknowledgement),
        WORLD_TEST(echo_of_the_last_key_of_a_program_is_acknowledged_at_once),
        WORLD_TEST(facts_travel_with_what_is_sent_anyway),
        WORLD_TEST(facts_are_looked_at_again),
        WORLD_TEST(cursor_keys_are_translated),
        WORLD_TEST(R38_last_size_wins),
        WORLD_TEST(what_is_typed_after_a_resize_comes_after_it),
        WORLD_TEST(R2_impossible_sizes_are_no_obstacle),
        WORLD_TEST(questions_of_the_program_are_answered),
        WORLD_TEST(program_reads_of_every_new_size),
        WORLD_TEST(nothing_half_drawn_is_seen),
        WORLD_TEST(F12_drawing_unseen_ends_though_the_clock_steps_back),
        WORLD_TEST(drawing_unseen_has_its_limits),
        WORLD_TEST(R1_F22_back_pressure),
        WORLD_TEST(client_leaves_under_back_pressure),
        WORLD_TEST(S29_nobody_comes),
        WORLD_TEST(silence_detaches),
        WORLD_TEST(network_timeout_ends_the_session),
        WORLD_TEST(network_timeout_counts_from_the_start),
        WORLD_TEST(last_screen_is_delivered),
        WORLD_TEST(a_command_s_status_is_told),
        WORLD_TEST(nobody_else_is_told_a_status),
        WORLD_TEST(R7_F20_last_screen_waits_for_the_client),
        WORLD_TEST(client_is_not_waited_for_without_end),
        WORLD_TEST(client_asks_for_the_end),
        WORLD_TEST(signal_ends_the_session),
        WORLD_TEST(signal_ends_within_bounds),
        WORLD_TEST(second_signal_ends_at_once),
        WORLD_TEST(signal_without_a_client_ends_at_once),
        WORLD_TEST(usr1_ends_what_has_no_time),
        WORLD_TEST(last_screen_waits_no_longer_than_for_a_client),
        WORLD_TEST(its_version_is_told_to_who_asks),
        WORLD_TEST(what_is_no_status_is_not_told),
        WORLD_TEST(S16_nonsense_of_a_client_is_passed_over),
        WORLD_TEST(usr1_spares_a_living_session),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
