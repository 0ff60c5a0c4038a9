/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Faults of the two machines: their clocks, their processes, the user's terminal, the program. */

#include "faults.h"

#include <inttypes.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "hostile.h"
#include "transport/rtt.h"

#define YEAR_MS (365 * DAY_MS)

/* --- clocks --- */

/* Every clock that the core gets is this one. That it asks for no other, scripts/check-symbols sees
   to. */
static void F11_clocks_that_jump_by_a_year(void **state)
{
    static const int64_t steps[] = {(int64_t)YEAR_MS, -(int64_t)YEAR_MS, (int64_t)12 * YEAR_MS};
    struct sim s;

    (void)state;
    for (uint64_t seed = 1; seed <= fault_seeds(); seed++)
        for (size_t i = 0; i < 3; i++)
            for (int side = CLIENT; side <= SERVER; side++) {
                begin(&s, "a clock that jumps", seed, PROGRAM_EDITOR);
                use(&s, 3 * SECOND_MS);
                sim_step_clock(&s, (enum side)side, steps[i]);
                use(&s, 3 * SECOND_MS);
                check(&s, !sim_over(&s), "the session has ended");
                finish(&s);
            }
}

static void F12_clocks_that_go_back_or_stand_still(void **state)
{
    struct sim s;

    (void)state;
    for (uint64_t seed = 1; seed <= fault_seeds(); seed++)
        for (int side = CLIENT; side <= SERVER; side++) {
            begin(&s, "a clock that goes back", seed, PROGRAM_SHELL);
            for (int i = 0; i < 50; i++) {
                sim_step_clock(&s, (enum side)side, -1 - 37 * i);
                use(&s, 200);
            }
            sim_stop_clock(&s, (enum side)side, true);
            use(&s, 5 * SECOND_MS);
            sim_stop_clock(&s, (enum side)side, false);
            finish(&s);
        }
}

/* --- sleep --- */

/* The first datagram leaves at once, and one round trip later the screen is that of the moment. */
static void F13_a_machine_that_sleeps(void **state)
{
    static const msec_t spans[] = {SECOND_MS, HOUR_MS, 7 * DAY_MS};
    struct sim s;

    (void)state;
    for (size_t i = 0; i < 3; i++)
        for (uint64_t seed = 1; seed <= fault_seeds(); seed++) {
            begin(&s, "sleep", seed, PROGRAM_SHELL);
            use(&s, 3 * SECOND_MS);
            s.asleep = true;
            sim_run(&s, s.now + spans[i]);
            uint64_t sent = client_stats(&s)->datagrams_sent;
            uint64_t num = transport_sent_num(server_transport(s.server));
            msec_t woke = s.now;
            sim_network_changed(&s);
            sim_run(&s, s.now + 100);
            check(&s, client_stats(&s)->datagrams_sent > sent, "nothing is sent after waking");
            check(&s, sim_run_to_newer(&s, num, woke + 40 + 50), "no new screen in time");
            check(&s, transport_srtt_ms(client_transport(s.client)) < RTT_SAMPLE_LIMIT_MS,
                  "the sleep is taken for the network");
            finish(&s);
        }
}

static void F14_a_process_that_is_stopped_for_two_minutes(void **state)
{
    struct sim s;

    (void)state;
    for (uint64_t seed = 1; seed <= fault_seeds(); seed++)
        for (int side = CLIENT; side <= SERVER; side++) {
            begin(&s, "stopped", seed, PROGRAM_EDITOR);
            use(&s, 3 * SECOND_MS);
            sim_stop(&s, (enum side)side, true);
            use(&s, 2 * MINUTE_MS);
            sim_stop(&s, (enum side)side, false);
            sim_run(&s, s.now + 5 * SECOND_MS);
            check(&s, transport_srtt_ms(client_transport(s.client)) <= SECOND_MS,
                  "the client takes the pause for the network");
            check(&s, transport_srtt_ms(server_transport(s.server)) <= SECOND_MS,
                  "the server takes the pause for the network");
            finish(&s);
        }
}

/* --- limits --- */

static void check_exhausted(struct sim *s, enum side side)
{
    use(s, 30 * SECOND_MS);
    session_heal(s);
    sim_run(s, s->now + 5 * MINUTE_MS);
    if (side == CLIENT)
        check(s, client_state(s->client) == CLIENT_KEY_EXHAUSTED, "the client goes on");
    else
        check(s, server_finished(s->server), "the server goes on");
    sim_release(s);
}

/* No sequence number comes twice: the wiretap sees to it. */
static void F16_S10_the_last_numbers(void **state)
{
    struct sim s;

    (void)state;
    for (int side = CLIENT; side <= SERVER; side++)
        for (uint64_t left = 0; left < 12; left += 3) {
            begin(&s, "the last sequence numbers", 1, PROGRAM_SHELL);
            struct transport *t =
                side == CLIENT ? client_transport(s.client) : server_transport(s.server);
            seal_skip(transport_seal(t), SEAL_SEQUENCE_MAX - left, 0);
            check_exhausted(&s, (enum side)side);

            begin(&s, "the last blocks of the key", 1, PROGRAM_SHELL);
            t = side == CLIENT ? client_transport(s.client) : server_transport(s.server);
            seal_skip(transport_seal(t), 0, SEAL_BLOCKS_MAX - 20 * left);
            check_exhausted(&s, (enum side)side);

            begin(&s, "the last numbers of states", 1, PROGRAM_SHELL);
            t = side == CLIENT ? client_transport(s.client) : server_transport(s.server);
            transport_skip(t, INSTRUCTION_SHUTDOWN - 3 - left);
            check_exhausted(&s, (enum side)side);
        }
}

/* --- the program --- */

static void F22_a_program_that_reads_nothing(void **state)
{
    size_t most = 0;
    struct sim s;

    (void)state;
    for (uint64_t seed = 1; seed <= fault_seeds(); seed++) {
        begin(&s, "a program that reads nothing", seed, PROGRAM_SHELL);
        s.program.deaf = true;
        for (int i = 0; i < 100; i++) {
            const uint8_t *input;
            session_type(&s, seed + (uint64_t)i, 16000);
            sim_run(&s, s.now + 200);
            size_t queued = server_pty_input(s.server, &input);
            most = queued > most ? queued : most;
        }
        check(&s, !client_wants_keys(s.client) || s.typed.len < 100 * 16000 + 1, "all was taken");
        sim_resize(&s, 30, 90);
        sim_run(&s, s.now + 2 * SECOND_MS);
        check(&s, s.pty_rows == 30 || !server_child_released(s.server) || s.typed.len > 0,
              "the size does not arrive");
        finish(&s);
    }
    print_message("# figure F22: %zu bytes queued (at most %d)\n", most,
                  2 * SERVER_INPUT_QUEUE_BYTES);
    assert_in_range(most, SERVER_INPUT_QUEUE_BYTES / 2, 2 * SERVER_INPUT_QUEUE_BYTES);
}

/* Of the flood only frames are sent (oracles.c: how many), and it can be stopped. */
static void F23_a_program_that_floods(void **state)
{
    msec_t longest = 0;
    struct sim s;

    (void)state;
    for (uint64_t seed = 1; seed <= fault_seeds(); seed++) {
        begin(&s, "a flood", seed, PROGRAM_FLOODER);
        sim_type(&s, (const uint8_t *)"x", 1);
        sim_run(&s, s.now + 20 * SECOND_MS);
        size_t memory = s.oracles.memory_most;
        sim_run(&s, s.now + 20 * SECOND_MS);
        check(&s, s.oracles.memory_most <= memory + (1 << 20), "memory grows in a flood");
        msec_t pressed = s.now;
        sim_type(&s, (const uint8_t *)"\x03", 1);
        while (s.program.flooding && s.now < pressed + SECOND_MS)
            sim_run(&s, s.now + 1);
        uint64_t num = transport_sent_num(server_transport(s.server));
        (void)sim_run_to_newer(&s, num, pressed + SECOND_MS);
        longest = msec_max(longest, s.now - pressed);
        finish(&s);
    }
    print_message("# figure F23: %" PRIu64 " ms from Ctrl-C to the screen (at most %d)\n", longest,
                  40 + 100);
    assert_in_range(longest, 40, 40 + 100);
}

/* --- the terminal --- */

static void F24_a_terminal_that_takes_nothing(void **state)
{
    struct sim s;

    (void)state;
    for (uint64_t seed = 1; seed <= fault_seeds(); seed++) {
        begin(&s, "a terminal that blocks", seed, PROGRAM_FLOODER);
        sim_type(&s, (const uint8_t *)"x", 1);
        s.terminal_busy = true;
        sim_run(&s, s.now + 30 * SECOND_MS);
        size_t memory = s.oracles.memory_most;
        sim_run(&s, s.now + MINUTE_MS);
        check(&s, s.oracles.memory_most <= memory + (1 << 20), "memory grows behind a terminal");
        uint64_t frames = s.oracles.frames_shown;
        program_calm(&s.program);
        sim_run(&s, s.now + SECOND_MS);
        s.terminal_busy = false;
        sim_run(&s, s.now + 10);
        check(&s, s.oracles.frames_shown <= frames + 2, "old frames are shown");
        sim_check_screens(&s);
        s.terminal_busy = true;
        client_signal(s.client, s.now, CLIENT_SIGNAL_END);
        sim_run(&s, s.now + 2 * SECOND_MS);
        check(&s, client_state(s.client) == CLIENT_ENDED, "no end in two seconds");
        sim_release(&s);
    }
}

/* A frame has one size: the last one. */
static void F29_sizes_in_a_storm_and_sizes_that_are_none(void **state)
{
    static const size_t odd[][2] = {{0, 0}, {1, 1}, {1, 4096}, {0, 80}, {4096, 1}, {65535, 65535}};
    struct sim s;

    (void)state;
    for (uint64_t seed = 1; seed <= fault_seeds(); seed++) {
        struct rng rng = {seed};
        begin(&s, "a storm of sizes", seed, PROGRAM_EDITOR);
        s.disturbed = true;
        for (int second = 0; second < 3; second++) {
            uint64_t before = transport_sent_num(client_transport(s.client));
            for (int i = 0; i < 1000; i++) {
                if (rng_below(&rng, 20) == 0)
                    sim_resize(&s, odd[i % 6][0], odd[i % 6][1]);
                else
                    sim_resize(&s, 1 + rng_below(&rng, 60), 1 + rng_below(&rng, 200));
                sim_run(&s, s.now + 1);
            }
            check(&s,
                  transport_sent_num(client_transport(s.client)) - before <=
                      ORACLE_INSTRUCTIONS_PER_SECOND_MAX,
                  "more states than frames");
        }
        s.disturbed = false;
        sim_resize(&s, 33, 99);
        sim_run(&s, s.now + SECOND_MS);
        check(&s, s.pty_rows == 33 && s.pty_cols == 99, "the last size does not win");
        finish(&s);
    }
}

/* --- idle --- */

/* Both machines run, nobody types, and nothing is written. `skipped` is how much of such a time has
   passed already: clocks and numbers are as they would be then. */
static void be_idle(msec_t skipped, msec_t span)
{
    struct sim s;

    begin(&s, "idle", 1, PROGRAM_SHELL);
    for (int side = CLIENT; side <= SERVER; side++) {
        struct transport *t =
            side == CLIENT ? client_transport(s.client) : server_transport(s.server);
        sim_step_clock(&s, (enum side)side, (int64_t)skipped);
        seal_skip(transport_seal(t), seal_next_sequence(transport_seal(t)) + skipped / 3000, 0);
        transport_skip(t, transport_sent_num(t) + skipped / 3000);
    }
    sim_run(&s, s.now + MINUTE_MS);
    uint64_t before = client_stats(&s)->datagrams_sent;
    sim_run(&s, s.now + span);
    uint64_t sent = client_stats(&s)->datagrams_sent - before;
    check(&s, sent <= span / 3000 * 105 / 100 + 10, "an idle client sends too much");
    check(&s, client_state(s.client) == CLIENT_RUNNING, "the client has ended");
    finish(&s);
}

static void fail_alone(const char *why)
{
    print_error("%s\n", why);
    _exit(1);
}

/* A part of the time in each process, one for each processor. */
static void F09_an_idle_year(void **state)
{
    const msec_t span = getenv("LONG") ? YEAR_MS : is_slow_here() ? DAY_MS / 4 : 8 * DAY_MS;
    long parts = sysconf(_SC_NPROCESSORS_ONLN);
    time_t start = time(NULL);
    struct rusage used;
    int failed = 0, status;

    (void)state;
    parts = parts < 1 ? 1 : parts > 16 ? 16 : parts;
    for (long i = 0; i < parts; i++) {
        pid_t pid = fork();

        assert_true(pid >= 0);
        if (pid > 0)
            continue;
        sim_set_failure_hook(fail_alone);
        be_idle(span / (msec_t)parts * (msec_t)i, span / (msec_t)parts);
        _exit(0);
    }
    for (long i = 0; i < parts; i++)
        failed += wait(&status) < 0 || status != 0;
    getrusage(RUSAGE_CHILDREN, &used);
    print_message("# figure F09: %.0f days idle in %.0f s, %.1f s of %ld processors\n",
                  (double)span / (double)DAY_MS, difftime(time(NULL), start),
                  (double)used.ru_utime.tv_sec + (double)used.ru_utime.tv_usec / 1e6, parts);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(F11_clocks_that_jump_by_a_year),
        cmocka_unit_test(F12_clocks_that_go_back_or_stand_still),
        cmocka_unit_test(F13_a_machine_that_sleeps),
        cmocka_unit_test(F14_a_process_that_is_stopped_for_two_minutes),
        cmocka_unit_test(F16_S10_the_last_numbers),
        cmocka_unit_test(F22_a_program_that_reads_nothing),
        cmocka_unit_test(F23_a_program_that_floods),
        cmocka_unit_test(F24_a_terminal_that_takes_nothing),
        cmocka_unit_test(F29_sizes_in_a_storm_and_sizes_that_are_none),
        cmocka_unit_test(F09_an_idle_year),
    };
    return cmocka_run_group_tests_name("faults of the machines", tests, NULL, NULL);
}
