/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * S22: whatever a server sends, what the client writes to the user's terminal is in the grammar of
 * tests/lib/outer.h. The fuzz target has the client and the grammar; here it is given what programs
 * write, sequences of every kind among it, and noise.
 */

#include "../fuzz/fuzz.h"
#include "../lib/program.h"

enum { CHUNKS = 40 };

static void put_chunk(struct buf *out, const struct buf *chunk)
{
    size_t len = chunk->len < UINT16_MAX ? chunk->len : UINT16_MAX;

    buf_append_byte(out, (uint8_t)(len >> 8));
    buf_append_byte(out, (uint8_t)len);
    buf_append(out, chunk->data, len);
}

/* Strings of every kind with anything in them, questions, and what other terminals might obey. */
static void put_hostile(struct rng *rng, struct buf *out)
{
    static const char *const starts[] = {
        "\033]",     "\033P",      "\033_",       "\033^",        "\033X",      "\xC2\x9D",
        "\xC2\x90",  "\033]52;c;", "\033]52;p;?", "\033]4;1;?",   "\033]10;?",  "\033]8;;",
        "\033]777;", "\033]99;",   "\033]1337;",  "\033P$q",      "\033P+q",    "\033]0;",
        "\033]7;",   "\033]133;",  "\033]9;4;",   "\033[?6n",     "\033[c",     "\033[>c",
        "\033[18t",  "\033[21t",   "\033[?u",     "\033[?1000$p", "\033[>4;2m", "\033[5i",
        "\033[?5i",  "\033#8",     "\033[!p",     "\033c",        "\005",       "\033Z",
    };
    static const char *const ends[] = {"\a", "\033\\", "\xC2\x9C", "\030", "\032", "\033", ""};

    buf_append_str(out, starts[rng_below(rng, sizeof starts / sizeof *starts)]);
    for (size_t n = rng_below(rng, 40); n > 0; n--)
        buf_append_byte(
            out, (uint8_t)(rng_below(rng, 4) ? 0x20 + rng_below(rng, 0x5F) : rng_below(rng, 256)));
    buf_append_str(out, ends[rng_below(rng, sizeof ends / sizeof *ends)]);
}

static void S22_the_terminal_gets_its_grammar_alone(void **state)
{
    (void)state;
    const size_t quick = getenv("MOSH_TEST_CASES") ? 1 << 17 : 4 << 20; /* set under valgrind */
    const size_t bytes_max = quick_or_long(quick, 1000000000);
    size_t written = 0;

    for (uint64_t seed = 1; written < bytes_max; seed++) {
        struct rng rng = {seed};
        struct program program = {.rng = &rng, .rows = 10, .cols = 40, .contested = true};
        struct buf input = {0};
        for (size_t i = 0; i < CHUNKS; i++) {
            buf_clear(&program.out);
            program_burst(&program);
            for (size_t n = rng_below(&rng, 4); n > 0; n--)
                put_hostile(&rng, &program.out);
            put_chunk(&input, &program.out);
            written += program.out.len;
        }
        assert_int_equal(LLVMFuzzerTestOneInput(input.data, input.len), 0);
        buf_release(&input);
        buf_release(&program.out);
    }
    print_message("# figure S22: %zu bytes from servers, 0 violations\n", written);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S22_the_terminal_gets_its_grammar_alone),
    };

    return cmocka_run_group_tests_name("grammar", tests, NULL, NULL);
}
