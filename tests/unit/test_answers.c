/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "../lib/unit.h"

#include "../lib/answers.h"

#include <stdlib.h>

#include "terminal/emulator.h"

/* --- what a program may write --- */

static const char *any(struct rng *rng, const char *const *of, size_t count)
{
    return of[rng_below(rng, count)];
}
#define ANY(rng, of) any(rng, of, sizeof of / sizeof *of)

static void put_csi(struct rng *rng, struct buf *out)
{
    static const char *const values[] = {"0",  "1",   "2",    "5",    "6",    "8",    "11",    "13",
                                         "14", "15",  "16",   "18",   "19",   "20",   "21",    "22",
                                         "25", "26",  "53",   "55",   "56",   "62",   "69",    "75",
                                         "85", "996", "1049", "2026", "2031", "2048", "99999", ""};
    static const char finals[] = "@ABCDEFGHIJKLMPSTXZ`abcdefghijklmnpqrstuvwxyz{|}~";
    static const char *const markers[] = {"", "", "?", ">", "=", "<"};
    static const char *const intermediates[] = {"", "", "", "$", " ", "\"", "'", "*", "!"};

    buf_append_str(out, "\033[");
    buf_append_str(out, ANY(rng, markers));
    for (size_t n = rng_below(rng, 4); n > 0; n--) {
        buf_append_str(out, ANY(rng, values));
        buf_append_byte(out, rng_below(rng, 8) ? ';' : ':');
    }
    buf_append_str(out, ANY(rng, values));
    buf_append_str(out, ANY(rng, intermediates));
    buf_append_byte(out, (uint8_t)finals[rng_below(rng, sizeof finals - 1)]);
}

static void put_string(struct rng *rng, struct buf *out)
{
    static const char *const begins[] = {"\033]4;1;", "\033]10;", "\033]11;",   "\033]12;",
                                         "\033]0;",   "\033]2;",  "\033]52;c;", "\033]7;",
                                         "\033]8;;",  "\033P$q",  "\033P+q",    "\033P",
                                         "\033_G",    "\033^",    "\033]99;"};
    static const char *const parts[] = {"?",    "m",      "r",    "s",          "\"q",  "\"p",
                                        " q",   "544e",   "Co",   "536d756C78", ";",    "?;?",
                                        "#123", "secret", "\x1b", "file:///",   "5463", "436f"};
    static const char *const ends[] = {"\a", "\033\\", "\xc2\x9c", "\x18", ""};

    buf_append_str(out, ANY(rng, begins));
    for (size_t n = 1 + rng_below(rng, 3); n > 0; n--)
        buf_append_str(out, ANY(rng, parts));
    buf_append_str(out, ANY(rng, ends));
}

static void put_output(struct rng *rng, struct buf *out)
{
    static const char *const others[] = {"\033Z", "\033[?4m", "\033[?u", "\xc2\x9a",
                                         "\005",  "secret",   "\033c",   "\033[!p"};

    switch (rng_below(rng, 5)) {
    case 0:
        put_string(rng, out);
        break;
    case 1:
        buf_append_str(out, ANY(rng, others));
        break;
    default:
        put_csi(rng, out);
        break;
    }
}

static struct profile random_profile(struct rng *rng)
{
    struct profile p = profile_silent;

    if (rng_below(rng, 4) == 0)
        return p;
    p.features = (uint32_t)rng_next(rng);
    p.abilities = (uint32_t)rng_next(rng);
    p.colours = rng_below(rng, 2) ? 256 : PROFILE_COLOURS_MAX;
    p.background = (uint32_t)rng_below(rng, 1 << 24);
    p.foreground = (uint32_t)rng_below(rng, 1 << 24);
    p.palette[1] = (uint32_t)rng_below(rng, 1 << 24);
    p.cell_width = (uint16_t)rng_below(rng, PROFILE_PIXELS_MAX);
    p.cell_height = (uint16_t)rng_below(rng, PROFILE_PIXELS_MAX);
    p.scheme = (enum profile_scheme)rng_below(rng, 3);
    memcpy(p.name, "secret", sizeof "secret");
    return p;
}

static void check_language(const struct buf *reply, size_t *seen)
{
    const char *text = (const char *)reply->data;

    for (size_t at = 0, len; at < reply->len; at += len) {
        len = word_length(text + at, seen);
        if (len == 0)
            fail_msg("an answer of no known form: %.40s", text + at + 1);
    }
}

static void S25_answers_are_of_a_fixed_language(void **state)
{
    (void)state;
    const char *cases = getenv("MOSH_TEST_CASES");
    size_t runs = cases ? strtoul(cases, NULL, 10) : quick_or_long(4000, 2000000);
    struct rng rng = {25};
    struct buf bytes = {0}, reply = {0};
    size_t seen[WORDS] = {0}, written = 0;

    for (size_t i = 0; i < runs; i++) {
        struct emulator *e = emulator_new(EMULATOR_HOST, 1 + rng_below(&rng, 30), 80);
        buf_clear(&reply);
        for (size_t k = 0; k < 3; k++) {
            struct profile profile = random_profile(&rng);
            emulator_set_profile(e, &profile, &reply);
            buf_clear(&bytes);
            for (size_t n = 0; n < 20; n++)
                put_output(&rng, &bytes);
            emulator_write(e, bytes.data, bytes.len, &reply);
            written += bytes.len;
            emulator_resize(e, 1 + rng_below(&rng, 30), 1 + rng_below(&rng, 100));
            emulator_report_size(e, &reply);
        }
        buf_append_byte(&reply, 0);
        reply.len--;
        check_language(&reply, seen);
        emulator_free(e);
    }
    /* All of the language is used, or a word of it would be there for nothing. */
    if (runs >= 4000)
        for (size_t i = 0; i < WORDS; i++)
            if (seen[i] == 0)
                fail_msg("never answered: %s", language[i] + 1);
    print_message("# figure S25: %zu bytes from programs, 0 answers of another form\n", written);
    buf_release(&bytes);
    buf_release(&reply);
}

/* A client's mirror answers nothing at all, whatever a server sends. */
static void S25_mirrors_are_silent(void **state)
{
    (void)state;
    struct rng rng = {26};
    struct buf bytes = {0}, reply = {0};
    struct emulator *e = emulator_new(EMULATOR_MIRROR, 24, 80);

    for (size_t i = 0; i < 20000; i++)
        put_output(&rng, &bytes);
    emulator_write(e, bytes.data, bytes.len, &reply);
    assert_int_equal(reply.len, 0);
    emulator_free(e);
    buf_release(&bytes);
    buf_release(&reply);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(S25_answers_are_of_a_fixed_language, compile, forget),
        cmocka_unit_test(S25_mirrors_are_silent),
    };

    return cmocka_run_group_tests_name("answers", tests, NULL, NULL);
}
