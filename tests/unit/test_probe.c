/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "session/probe.h"

static const struct token_modes modes = {.pastes = true};

/* Feeds what a terminal sends; returns what is not taken. */
static const char *feed_in(struct probe *p, struct tokens *tokens, const char *bytes, size_t len)
{
    static char rest[512];
    struct reader input = {.at = (const uint8_t *)bytes, .left = len};
    struct token token;
    size_t count = 0;
    bool news;

    while (tokens_next(tokens, &modes, &input, &token)) {
        if (probe_take(p, &token, &news))
            continue;
        memcpy(rest + count, token.bytes + token.passed, token.len - token.passed);
        count += token.len - token.passed;
    }
    rest[count] = '\0';
    return rest;
}

static const char *feed(struct probe *p, const char *bytes)
{
    struct tokens tokens = {0};

    return feed_in(p, &tokens, bytes, strlen(bytes));
}

static void ask(struct probe *p, enum probe_extent extent)
{
    struct buf out = {0};

    probe_init(p, extent);
    probe_ask(p, 1000, &out);
    buf_release(&out);
}

static bool asks(enum probe_extent extent, const char *question)
{
    struct probe p;
    struct buf out = {0};
    bool found;

    probe_init(&p, extent);
    probe_ask(&p, 1000, &out);
    buf_append_byte(&out, 0);
    found = strstr((const char *)out.data, question) != NULL;
    buf_release(&out);
    return found;
}

static void asks_as_far_as_it_may(void **state)
{
    (void)state;
    assert_true(asks(PROBE_ALL, "\033P+q536D756C78\033\\"));
    assert_true(asks(PROBE_ALL, "\033[?2026$p"));
    assert_true(asks(PROBE_ALL, "\033]4;15;?\a"));
    assert_true(asks(PROBE_PLAIN, "\033[?2026$p"));
    assert_false(asks(PROBE_PLAIN, "\033P"));
    assert_false(asks(PROBE_NOTHING, "\033"));
}

/* One answer each, and what is known after it. */
static void learns_from_answers(void **state)
{
    struct probe p;
    (void)state;

    ask(&p, PROBE_ALL);
    assert_string_equal(feed(&p, "\033P>|foot(1.16.2)\033\\"), "");
    assert_string_equal(p.facts.identity, "foot(1.16.2)");
    assert_string_equal(feed(&p, "\033[?0u"), "");
    assert_true(p.facts.kitty_keyboard);
    assert_string_equal(feed(&p, "\033[>4;0m"), "");
    assert_true(p.facts.modify_other_keys);
    assert_string_equal(feed(&p, "\033[?2026;2$y\033[?2027;1$y\033[?2031;2$y\033[?1016;2$y"), "");
    assert_true(p.facts.synchronized_output && p.facts.clusters);
    assert_true(p.facts.scheme_reports && p.facts.pixel_mouse);
    assert_string_equal(feed(&p, "\033[?2026;0$y\033[?2027;4$y"), "");
    assert_false(p.facts.synchronized_output || p.facts.clusters || p.facts.clusters_set);
    assert_string_equal(feed(&p, "\033[?2026;3$y\033[?2027;3$y"), "");
    assert_false(p.facts.synchronized_output);
    assert_true(p.facts.clusters && p.facts.clusters_set);
    assert_string_equal(feed(&p, "\033[?2027;2$y"), "");
    assert_true(p.facts.clusters && !p.facts.clusters_set);
    assert_string_equal(feed(&p, "\033P1+r536d756c78=5c455b343a25703125646d\033\\"), "");
    assert_true(p.facts.underline_styles);
    assert_false(p.facts.underline_colour);
    assert_string_equal(feed(&p, "\033P1+r524742=38\033\\\033P0+r4D73\033\\"), "");
    assert_true(p.facts.true_colour);
    assert_false(p.facts.clipboard);
    assert_string_equal(feed(&p, "\033P1+r4D73\033\\"), "");
    assert_true(p.facts.clipboard);
    assert_string_equal(feed(&p, "\033]10;rgb:ffff/8080/0000\033\\"), "");
    assert_int_equal(p.facts.foreground, 0xFF8000);
    assert_string_equal(feed(&p, "\033]11;rgb:f/8/0\a"), "");
    assert_int_equal(p.facts.background, 0xFF8800);
    assert_string_equal(feed(&p, "\033]12;rgba:12/34/56/80\a"), "");
    assert_int_equal(p.facts.cursor, 0x123456);
    assert_string_equal(feed(&p, "\033]4;15;rgb:0101/0202/0303\a"), "");
    assert_int_equal(p.facts.palette[15], 0x010203);
    assert_string_equal(feed(&p, "\033[6;18;9t"), "");
    assert_int_equal(p.facts.cell_height, 18);
    assert_int_equal(p.facts.cell_width, 9);
    assert_string_equal(feed(&p, "\033[4;432;720t"), "");
    assert_int_equal(p.facts.area_height, 432);
    assert_int_equal(p.facts.area_width, 720);
    assert_string_equal(feed(&p, "\033[?997;2n"), "");
    assert_int_equal(p.facts.scheme, PROBE_LIGHT);
    assert_true(probe_is_waiting(&p, 1000));
    assert_string_equal(feed(&p, "\033[?62;4;22c"), "");
    assert_false(probe_is_waiting(&p, 1000));
    assert_true(probe_has_answered(&p));
}

/* Taken, because they are answers, though they say nothing that could be believed. */
static void nonsense_is_not_believed(void **state)
{
    static const char *const answers[] = {
        "\033]10;red\a",
        "\033]10;rgb:1/2\a",
        "\033]10;rgb:/2/3\a",
        "\033]10;\a",
        "\033]11;rgb:gg/1/1\a",
        "\033[6;0;0t",
        "\033[6;70000;1t",
        "\033[6t",
        "\033[?997;3n",
        "\033[?2026;99$y",
        "\033[?2026$y",
        "\033P1+r\033\\",
        "\033P1+r53\033\\",
        "\033P1+r536D756C7800\033\\",
        "\033P0+r536D756C78\033\\",
        "\033P1+rzz\033\\",
    };
    struct probe p, before;
    (void)state;

    ask(&p, PROBE_ALL);
    before = p;
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        assert_string_equal(feed(&p, answers[i]), "");
        assert_memory_equal(&p.facts, &before.facts, sizeof p.facts);
    }
    assert_string_equal(feed(&p, "\033P>|a\xc2\x9b\xff"
                                 "b"
                                 "0123456789012345678901234567890123456789012345678901234567890123"
                                 "\033\\"),
                        "");
    assert_int_equal(strlen(p.facts.identity), PROBE_IDENTITY_BYTES - 1);
    assert_memory_equal(p.facts.identity, "ab0123", 6);
}

/* Only what was asked for is ours. */
static void the_rest_is_the_programs(void **state)
{
    static const char *const others[] = {
        "a",
        "\033[A",
        "\033[5;7R",
        "\033[0n",
        "\033[>1;10;0c",
        "\033[?1;2$y",
        "\033[8;24;80t",
        "\033[3;1;1t",
        "\033]52;c;YQ==\a",
        "\033]4;16;rgb:0/0/0\a",
        "\033]4;x\a",
        "\033]13;rgb:0/0/0\a",
        "\033]110\a",
        "\033P1$r0m\033\\",
        "\033P!|00\033\\",
        "\033[97;5u",
        "\033[I",
        "\033[<0;1;1M",
        "\033[?6n",
        "\033_Gi=1;OK\033\\",
        "\033[>0;2m",
        "\033[1;2c",
        "\033[4~",
        "\033[6~",
        "\033]4;;\a",
    };
    struct probe p;
    (void)state;

    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        ask(&p, PROBE_ALL);
        assert_string_equal(feed(&p, others[i]), others[i]);
    }
    ask(&p, PROBE_PLAIN);
    assert_string_equal(feed(&p, "\033P1+r\033\\"), "\033P1+r\033\\");
    ask(&p, PROBE_NOTHING); /* nothing was asked */
    assert_string_equal(feed(&p, "\033[?62c\033]11;rgb:0/0/0\a"), "\033[?62c\033]11;rgb:0/0/0\a");
    ask(&p, PROBE_ALL); /* within a paste nothing is an answer */
    assert_string_equal(feed(&p, "\033[200~\033[?62c\033[201~\033[?62c"),
                        "\033[200~\033[?62c\033[201~");
}

/* However answers and keys are cut, answers vanish and keys arrive, in order. */
static void cuts_change_nothing(void **state)
{
    static const char mixed[] = "a\033]11;rgb:1/2/3\033\\b\033[A\033[?62;1cc\033P>|x\033\\\033[1;5C"
                                "\033P1+r4D73\033\\\xc3\xa9\033[?2026;2$yd\033]4;1;rgb:1/2/3\a\r";
    (void)state;

    for (size_t first = 0; first < sizeof mixed; first++) {
        for (size_t second = first; second < sizeof mixed; second++) {
            struct tokens tokens = {0};
            struct probe p;
            char rest[64] = "";

            ask(&p, PROBE_ALL);
            strcat(rest, feed_in(&p, &tokens, mixed, first));
            strcat(rest, feed_in(&p, &tokens, mixed + first, second - first));
            strcat(rest, feed_in(&p, &tokens, mixed + second, sizeof mixed - 1 - second));
            assert_string_equal(rest, "ab\033[Ac\033[1;5C\xc3\xa9"
                                      "d\r");
            assert_true(probe_has_answered(&p));
            assert_true(p.facts.clipboard && p.facts.synchronized_output);
        }
    }
}

/* Keys are not held up: only what may become an answer waits, and an ESC only while one is missing.
 */
static void holds_back_beginnings_alone(void **state)
{
    static const struct {
        const char *bytes;
        msec_t want;
    } cases[] = {
        {"\033", PROBE_ESC_MS},
        {"\033[", PROBE_BEGIN_MS},
        {"\033]", PROBE_BEGIN_MS},
        {"\033P", PROBE_BEGIN_MS},
        {"\033[?", PROBE_ANSWER_MS},
        {"\033[?62;", PROBE_ANSWER_MS},
        {"\033]1", PROBE_ANSWER_MS},
        {"\033[4", PROBE_BEGIN_MS},
        {"\033[6;5", PROBE_BEGIN_MS},
        {"\033[6;18;", PROBE_ANSWER_MS},
        {"\033]11;rgb:", PROBE_ANSWER_MS},
        {"\033]4;1", PROBE_ANSWER_MS},
        {"\033P1+r", PROBE_ANSWER_MS},
        {"\033]2", 0},
        {"\033O", 0},
        {"\033[1", 0},
        {"\033[1;5", 0},
        {"\033[<0;1", 0},
        {"\033Px", 0},
        {"\xc3", 0},
    };
    struct probe p;
    (void)state;

    ask(&p, PROBE_ALL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(probe_hold_ms(&p, (const uint8_t *)cases[i].bytes, strlen(cases[i].bytes)),
                         cases[i].want);
    (void)feed(&p, "\033[?1c");
    assert_int_equal(probe_hold_ms(&p, (const uint8_t *)"\033[?", 3), PROBE_ANSWER_MS);
    ask(&p, PROBE_NOTHING);
    assert_int_equal(probe_hold_ms(&p, (const uint8_t *)"\033[?", 3), 0);
}

static void patience_ends(void **state)
{
    struct probe p;
    (void)state;

    ask(&p, PROBE_ALL);
    assert_true(probe_is_waiting(&p, 1000 + PROBE_PATIENCE_MS - 1));
    assert_false(probe_is_waiting(&p, 1000 + PROBE_PATIENCE_MS));
    assert_false(probe_has_answered(&p));
    assert_string_equal(feed(&p, "\033[?1c\033[?1c"), ""); /* one more than was asked */
    assert_true(probe_has_answered(&p));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_as_far_as_it_may),
        cmocka_unit_test(learns_from_answers),
        cmocka_unit_test(nonsense_is_not_believed),
        cmocka_unit_test(the_rest_is_the_programs),
        cmocka_unit_test(cuts_change_nothing),
        cmocka_unit_test(holds_back_beginnings_alone),
        cmocka_unit_test(patience_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
