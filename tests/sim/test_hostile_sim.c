/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a hostile peer sends, what a hostile program writes, and queues that fill. */

#include "faults.h"

#include <inttypes.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hostile.h"
#include "network.h"
#include "transport/receiver.h"
#include "transport/sender.h"

#define MIB ((size_t)1 << 20)

/* --- streams --- */

static void F36_bombs_and_streams_that_end_early(void **state)
{
    static const enum forgery kinds[] = {FORGERY_BOMB, FORGERY_TRUNCATED, FORGERY_NO_STREAM,
                                         FORGERY_NONSENSE};
    size_t most = 0;
    struct sim s;

    (void)state;
    for (uint64_t seed = 1; seed <= fault_seeds(); seed++) {
        begin(&s, "bombs", seed, PROGRAM_EDITOR);
        use(&s, 2 * SECOND_MS);
        size_t before = s.oracles.memory_most;
        for (uint64_t i = 0; i < 40; i++) {
            network_forge(&s, i % 2 ? LINK_TO_CLIENT : LINK_TO_SERVER, kinds[i / 2 % 4], seed + i);
            use(&s, 300);
        }
        check(&s, client_stats(&s)->dropped_malformed > 0, "nothing arrived at the client");
        check(&s, server_stats(&s)->dropped_malformed > 0, "nothing arrived at the server");
        size_t grown = s.oracles.memory_most - before;
        most = grown > most ? grown : most;
        finish(&s);
    }
    print_message("# figure F36: %.1f MiB are kept after twenty bombs (at most 9)\n",
                  (double)most / MIB);
    assert_true(most <= 9 * MIB);
}

/* --- queues --- */

/* The server gets one state after the other, and the client never learns that it does. */
static void F37_a_queue_of_received_states_that_is_full(void **state)
{
    struct sim s;

    (void)state;
    for (uint64_t seed = 1; seed <= fault_seeds(); seed++) {
        begin(&s, "a full queue of states", seed, PROGRAM_SHELL);
        cut(&s, LINK_TO_CLIENT, true);
        for (int i = 0; i < 2 * RECEIVER_STATES_MAX; i++) {
            sim_type(&s, (const uint8_t *)"k", 1);
            sim_run(&s, s.now + 100);
        }
        check(&s, server_stats(&s)->dropped_other > 0, "the queue was never full");
        sim_run(&s, s.now + MINUTE_MS);
        cut(&s, LINK_TO_CLIENT, false);
        finish(&s);
    }
}

static void F38_hours_without_an_acknowledgement(void **state)
{
    struct sim s;

    (void)state;
    for (int side = CLIENT; side <= SERVER; side++)
        for (uint64_t seed = 1; seed <= (fault_seeds() + 3) / 4; seed++) {
            begin(&s, "hours without an acknowledgement", seed,
                  side == CLIENT ? PROGRAM_SHELL : PROGRAM_EDITOR);
            cut(&s, LINK_TO_CLIENT, true);
            if (side == CLIENT)
                cut(&s, LINK_TO_SERVER, true);
            for (int i = 0; i < 1200; i++) {
                sim_type(&s, (const uint8_t *)"k", 1);
                sim_run(&s, s.now + 9 * SECOND_MS);
            }
            check(&s, s.oracles.memory_most < 32 * MIB, "memory grows without acknowledgements");
            finish(&s);
        }
}

/* --- what a program writes --- */

static void write_text(struct sim *s, const char *text)
{
    struct buf out = {0};

    buf_append_str(&out, text);
    sim_write(s, &out);
    buf_release(&out);
}

static void write_hostile(struct sim *s, enum hostile what, uint64_t seed, size_t size)
{
    struct buf out = {0};

    hostile_write(what, seed, size, &out);
    sim_write(s, &out);
    buf_release(&out);
}

/* After whatever came, a full reset brings a terminal that is as ever. */
static void check_terminal_lives(struct sim *s)
{
    write_text(s, "\x1b"
                  "c\x1b[Halive");
    sim_run(s, s->now + 5 * SECOND_MS);
    check(s, terminal_says(s, 0, "alive"), "the terminal is not what it was");
}

static void F39_arguments_and_strings_without_end(void **state)
{
    const size_t endless = getenv("LONG") ? 256 * MIB : 2 * MIB;
    static const char *const ways_out[] = {"\x18", "\x1a", "\x1b\\", "\x1b[m"};
    struct sim s;

    (void)state;
    for (uint64_t seed = 1; seed <= fault_seeds(); seed++) {
        begin(&s, "arguments without end", seed, PROGRAM_SHELL);
        write_hostile(&s, HOSTILE_ARGUMENTS, seed, 400000); /* 100,000 of them in the first */
        check_terminal_lives(&s);
        size_t before = s.oracles.memory_most;
        for (size_t i = 0; i < endless / MIB; i++) {
            struct buf out = {0};
            hostile_write(HOSTILE_ENDLESS, seed, MIB, &out);
            out.data[0] = i ? 'x' : out.data[0]; /* it goes on */
            out.len--;                           /* without its end */
            sim_write(&s, &out);
            buf_release(&out);
            sim_run(&s, s.now + SECOND_MS);
        }
        check(&s, s.oracles.memory_most < before + 2 * MIB, "a string without end is kept");
        write_text(&s, ways_out[seed % 4]);
        sim_run(&s, s.now + SECOND_MS); /* if it was a question, the shell echoes the answers */
        write_text(&s, "\x1b[2J\x1b[Hback");
        sim_run(&s, s.now + SECOND_MS);
        check(&s, terminal_says(&s, 0, "back"), "no way out of a string");
        check_terminal_lives(&s);
        finish(&s);
    }
}

static void F40_what_is_no_text(void **state)
{
    static const enum hostile kinds[] = {HOSTILE_UTF8, HOSTILE_COMBINING, HOSTILE_WIDE,
                                         HOSTILE_BYTES};
    struct sim s;

    (void)state;
    for (uint64_t seed = 1; seed <= fault_seeds(); seed++) {
        begin(&s, "what is no text", seed, PROGRAM_SHELL);
        for (size_t i = 0; i < 4; i++) {
            /* a million marks on one character */
            write_hostile(&s, kinds[i], seed, kinds[i] == HOSTILE_COMBINING ? 2000000 : 20000);
            sim_run(&s, s.now + 10 * SECOND_MS);
            sim_check_screens(&s);
            check_terminal_lives(&s);
        }
        check(&s, s.oracles.memory_most < 16 * MIB, "marks are kept");
        finish(&s);
    }
}

/* --- copies of a machine --- */

/* What a copy of a machine seals in half a minute, after it has been away for so long. */
static void run_copy(struct sim *s, enum side side, msec_t away, uint64_t random,
                     struct buf *nonces)
{
    s->nonces[side] = nonces;
    s->rng.state ^= random; /* the system's random bytes are not copied */
    sim_step_clock(s, side, (int64_t)away);
    use(s, 30 * SECOND_MS);
}

/* The same in a process of its own, which is as good a copy as a snapshot. */
static void run_copy_apart(struct sim *s, enum side side, msec_t away, uint64_t random,
                           struct buf *nonces)
{
    uint8_t bytes[4096];
    int ends[2];
    ssize_t n;

    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        run_copy(s, side, away, random, nonces);
        for (size_t at = 0; at < nonces->len; at += 8)
            if (write(ends[1], nonces->data + at, 8) != 8)
                _exit(1);
        _exit(0);
    }
    close(ends[1]);
    while ((n = read(ends[0], bytes, sizeof bytes)) > 0)
        buf_append(nonces, bytes, (size_t)n);
    close(ends[0]);
    waitpid(pid, NULL, 0);
}

static size_t count_common(const struct buf *a, const struct buf *b)
{
    size_t common = 0;

    for (size_t i = 0; i + 8 <= a->len; i += 8)
        for (size_t j = 0; j + 8 <= b->len; j += 8)
            common += memcmp(a->data + i, b->data + j, 8) == 0;
    return common;
}

/* The machine goes on, and two copies of it are woken later, at the same time. */
static void F15_S10_copies_of_a_machine_share_no_nonce(void **state)
{
    static const msec_t away[] = {6 * SECOND_MS, MINUTE_MS, HOUR_MS, 30 * DAY_MS};
    size_t nonces = 0;
    struct sim s;

    (void)state;
    for (size_t i = 0; i < 4; i++)
        for (int side = CLIENT; side <= SERVER; side++) {
            struct buf seen[3] = {{0}};

            begin(&s, "copies", 1 + i, PROGRAM_EDITOR);
            use(&s, 5 * SECOND_MS);
            run_copy_apart(&s, (enum side)side, away[i], 11, &seen[0]);
            run_copy_apart(&s, (enum side)side, away[i], 12, &seen[1]);
            run_copy(&s, (enum side)side, 0, 0, &seen[2]);
            for (int k = 0; k < 3; k++) {
                check(&s, seen[k].len > 8 * 50, "hardly anything was sealed");
                check(&s, count_common(&seen[k], &seen[(k + 1) % 3]) == 0,
                      "a nonce is used by two copies");
                nonces += seen[k].len / 8;
            }
            s.nonces[side] = NULL;
            finish(&s);
            for (int k = 0; k < 3; k++)
                buf_release(&seen[k]);
        }
    print_message("# figure S10: %zu datagrams of 24 copies, no nonce twice\n", nonces);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(F36_bombs_and_streams_that_end_early),
        cmocka_unit_test(F37_a_queue_of_received_states_that_is_full),
        cmocka_unit_test(F38_hours_without_an_acknowledgement),
        cmocka_unit_test(F39_arguments_and_strings_without_end),
        cmocka_unit_test(F40_what_is_no_text),
        cmocka_unit_test(F15_S10_copies_of_a_machine_share_no_nonce),
    };
    return cmocka_run_group_tests_name("hostile peers and programs", tests, NULL, NULL);
}
