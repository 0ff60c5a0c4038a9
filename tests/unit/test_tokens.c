/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <stdio.h>

#include "terminal/tokens.h"

static const struct token_modes plain_modes = {.pastes = true};
static const struct token_modes mouse_modes = {.pastes = true, .mouse = true};
static const struct token_modes mouse_utf8_modes = {
    .pastes = true, .mouse = true, .mouse_utf8 = true};

/* Tokens as text: a letter for the kind, `code`, and the bytes that are new in it. */
static void describe(const struct token *t, struct buf *out)
{
    static const char letters[] = {
        [TOKEN_CHARACTER] = 'c', [TOKEN_CONTROL] = 'C', [TOKEN_ESCAPE] = 'A', [TOKEN_CSI] = 'S',
        [TOKEN_SS3] = '3',       [TOKEN_OSC] = ']',     [TOKEN_DCS] = 'P',    [TOKEN_STRING] = '_',
        [TOKEN_MOUSE] = 'm',     [TOKEN_PASTE] = 'p',   [TOKEN_PART] = '~',   [TOKEN_BROKEN] = '!',
    };
    char text[32];

    if (t->kind == TOKEN_PASTE) { /* may come in any pieces */
        for (size_t i = t->passed; i < t->len; i++) {
            snprintf(text, sizeof text, "p%02x ", t->bytes[i]);
            buf_append_str(out, text);
        }
        return;
    }
    snprintf(text, sizeof text, "%c%x/%zu", letters[t->kind], (unsigned)t->code, t->len);
    buf_append_str(out, text);
    if (t->passed) {
        snprintf(text, sizeof text, "-%zu", t->passed);
        buf_append_str(out, text);
    }
    buf_append_byte(out, ' ');
}

struct run {
    struct tokens tokens;
    struct buf said;  /* descriptions */
    struct buf given; /* the bytes that came out */
};

static void take(struct run *r, const struct token *t)
{
    assert_true(t->passed <= t->len);
    describe(t, &r->said);
    buf_append(&r->given, t->bytes + t->passed, t->len - t->passed);
}

static void feed(struct run *r, const struct token_modes *modes, const void *bytes, size_t len)
{
    struct reader input = {.at = bytes, .left = len};
    struct token token;

    while (tokens_next(&r->tokens, modes, &input, &token))
        take(r, &token);
    assert_int_equal(input.left, 0);
}

static void release(struct run *r, const struct token_modes *modes)
{
    const uint8_t *waiting;
    struct token token;

    while (tokens_release(&r->tokens, modes, &token))
        take(r, &token);
    assert_int_equal(tokens_waiting(&r->tokens, &waiting), 0);
}

static void drop(struct run *r)
{
    buf_release(&r->said);
    buf_release(&r->given);
    *r = (struct run){0};
}

static const char *said(struct run *r)
{
    if (r->said.len > 0 && r->said.data[r->said.len - 1] == ' ')
        r->said.len--;
    buf_append_byte(&r->said, 0);
    r->said.len--;
    return (const char *)r->said.data;
}

static const struct {
    const struct token_modes *modes;
    const char *bytes, *want;
} complete[] = {
    {&plain_modes, "ab", "c61/1 c62/1"},
    {&plain_modes, "\r\x1e\x7f", "Cd/1 C1e/1 C7f/1"},
    {&plain_modes, "\u00e9\u4e2d\U0001f600", "ce9/2 c4e2d/3 c1f600/4"},
    {&plain_modes, "\xff\xc3x", "cfffd/1 cfffd/1 c78/1"},
    {&plain_modes, "\033b\033\r\033\u00e9", "A62/2 Ad/2 Ae9/3"},
    {&plain_modes, "\033[A\033[1;5C\033[3~", "S41/3 S43/6 S7e/4"},
    {&plain_modes, "\033OA\033O5P", "341/3 350/4"},
    {&plain_modes, "\033\033[A", "C1b/1 S41/3"}, /* Alt-Up in rxvt and PuTTY */
    {&plain_modes, "\033\033OA", "C1b/1 341/3"},
    {&plain_modes, "\033[[A\033[[E", "S5b0041/4 S5b0045/4"}, /* F1 and F5 on the Linux console */
    {&plain_modes, "\033[2$x\033[2^\033[7@", "S24/4 c78/1 S5e/4 S40/4"}, /* rxvt */
    {&plain_modes, "\033[94;5u\033[97:65:97;2:1;65u", "S75/7 S75/18"},
    {&plain_modes, "\033[27;5;94~", "S7e/10"},
    {&plain_modes, "\033[?2026;2$y", "S3f2479/11"},
    {&plain_modes, "\033[?62;1c\033[>4;2m\033[<0;1;2M", "S3f0063/8 S3e006d/7 S3c004d/9"},
    {&plain_modes, "\033]11;rgb:0/0/0\033\\x", "]5d/16 c78/1"},
    {&plain_modes, "\033]11;rgb:0/0/0\ax", "]5d/15 c78/1"},
    {&plain_modes, "\033P>|term\033\\\033_G\033\\", "P50/10 _5f/5"},
    {&plain_modes, "\033]x\ry", "A5d/2 c78/1 Cd/1 c79/1"}, /* Alt-], and typing on */
    {&plain_modes, "\033P\033[A", "A50/2 S41/3"},
    {&plain_modes, "\033O\r", "A4f/2 Cd/1"},
    {&plain_modes, "\033[1\033[A", "!0/3 S41/3"},
    {&plain_modes, "\033[\r", "!0/2 Cd/1"},
    {&plain_modes, "\033[M !\"", "S4d/3 c20/1 c21/1 c22/1"},
    {&mouse_modes, "\033[M !\"x", "m0/6 c78/1"},
    {&mouse_modes, "\033[M#\xff\033", "m3/6"},
    {&mouse_utf8_modes, "\033[MC\u00e9\u0100x", "m23/8 c78/1"},
    {&plain_modes, "\033[200~\x1e.\033[A\033[201~x",
     "S7e/6 p1e p2e p1b p5b p41 S7e/6 c78/1"}, /* nothing is a key in a paste */
    {&plain_modes, "\033[200~\033[200~\033[201\033[201~",
     "S7e/6 p1b p5b p32 p30 p30 p7e p1b p5b p32 p30 p31 S7e/6"},
    {&plain_modes, "\033[201~x", "S7e/6 c78/1"},
};

static void names_what_it_finds(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof complete / sizeof *complete; i++) {
        struct run r = {0};

        feed(&r, complete[i].modes, complete[i].bytes, strlen(complete[i].bytes));
        assert_string_equal(said(&r), complete[i].want);
        check_bytes(r.given.data, r.given.len, complete[i].bytes, strlen(complete[i].bytes));
        drop(&r);
    }
}

static void cuts_change_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof complete / sizeof *complete; i++) {
        const char *bytes = complete[i].bytes;
        size_t len = strlen(bytes);

        for (size_t first = 0; first <= len; first++) {
            for (size_t second = first; second <= len; second++) {
                struct run r = {0};

                feed(&r, complete[i].modes, bytes, first);
                feed(&r, complete[i].modes, bytes + first, second - first);
                feed(&r, complete[i].modes, bytes + second, len - second);
                assert_string_equal(said(&r), complete[i].want);
                drop(&r);
            }
        }
    }
}

/* A bar in `bytes` is where nobody waited. */
static void what_was_released_is_remembered(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *want;
    } cases[] = {
        {"\033|x", "C1b/1 c78/1"},    /* Esc, and another key */
        {"\033|[A", "C1b/1 S41/3-1"}, /* Esc came early, and was part of a key */
        {"\033|[|A", "C1b/1 ~0/2-1 S41/3-2"},
        {"\033|\033|x", "C1b/1 C1b/1 c78/1"},
        {"\033|\x1e", "C1b/1 C1e/1"},
        {"\033|]x\r", "C1b/1 c5d/1 c78/1 Cd/1"},
        {"\033|]|x", "C1b/1 c5d/1 c78/1"},
        {"\033|]11;rgb:0/0/0\a", "C1b/1 ]5d/15-1"},
        {"\033]|x", "A5d/2 c78/1"}, /* Alt-] */
        {"\033]11;r|gb", "A5d/2 c31/1 c31/1 c3b/1 c72/1 c67/1 c62/1"},
        {"\033O|\r", "~0/2 A4f/2-2 Cd/1"},
        {"\033[1|;5C", "~0/3 S43/6-3"},
        {"\033[1|\r", "~0/3 !0/3-3 Cd/1"},
        {"\xc3|\xa9", "~0/1 ce9/2-1"},
        {"\xc3|x", "~0/1 cfffd/1-1 c78/1"},
        {"\033[200~a\033|b\033[20|1~x", "S7e/6 p61 ~0/1 p62 ~0/4 S7e/6-4 c78/1"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct run r = {0};

        for (const char *at = cases[i].bytes; *at;) {
            size_t len = strcspn(at, "|");
            feed(&r, &plain_modes, at, len);
            at += len;
            if (*at == '|') {
                release(&r, &plain_modes);
                at++;
            }
        }
        release(&r, &plain_modes);
        assert_string_equal(said(&r), cases[i].want);
        drop(&r);
    }
}

static void forgetting_begins_anew(void **state)
{
    struct run r = {0};
    (void)state;

    feed(&r, &plain_modes, "\033[1", 3);
    release(&r, &plain_modes);
    tokens_forget(&r.tokens);
    feed(&r, &plain_modes, "A", 1);
    assert_string_equal(said(&r), "~0/3 c41/1");
    drop(&r);
}

static void sequences_are_bounded(void **state)
{
    static const char *const beginnings[] = {"\033[", "\033]", "\033P", "\033O", "\033[?"};
    static char bytes[5 * TOKENS_BYTES_MAX];
    (void)state;

    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
        for (size_t piece = 1; piece < sizeof bytes; piece += 311) {
            struct run r = {0};
            const uint8_t *waiting;

            memset(bytes, '1', sizeof bytes);
            memcpy(bytes, beginnings[i], strlen(beginnings[i]));
            for (size_t at = 0; at < sizeof bytes; at += piece) {
                size_t len = sizeof bytes - at < piece ? sizeof bytes - at : piece;
                feed(&r, &plain_modes, bytes + at, len);
                assert_true(tokens_waiting(&r.tokens, &waiting) < TOKENS_BYTES_MAX);
            }
            check_bytes(r.given.data, r.given.len, bytes, sizeof bytes);
            drop(&r);
        }
    }
}

static size_t random_bytes(struct rng *rng, uint8_t *out, size_t max)
{
    static const char *const pieces[] = {
        "\033",
        "\033[",
        "\033]",
        "\033P",
        "\033O",
        "\033\\",
        "\a",
        "\033[200~",
        "\033[201~",
        "[",
        "M",
        ";",
        ":",
        "1",
        "27",
        "u",
        "~",
        "$y",
        "\xc3\xa9",
        "\xc3",
        "\xa9",
        "\xff",
        "a",
        "\r",
        "\x1e",
        "\033_",
        "?",
        "\033[M",
        "\033]11;rgb:1/2/3\033\\",
        "\033[1;5C",
        "\033P1+r\033\\",
        "\x7f",
        "O",
    };
    size_t len = 0, count = rng_below(rng, 40);

    for (size_t i = 0; i < count; i++) {
        const char *piece = pieces[rng_below(rng, sizeof pieces / sizeof *pieces)];
        if (len + strlen(piece) > max)
            break;
        memcpy(out + len, piece, strlen(piece));
        len += strlen(piece);
    }
    return len;
}

/* Nothing is lost, nothing changes its place, whatever comes and wherever it is cut; and cuts alone
   do not change what is found. */
static void no_byte_is_lost(void **state)
{
    struct rng rng = {.state = 20};
    uint8_t bytes[1024];
    (void)state;

    for (int round = 0; round < 20000; round++) {
        const struct token_modes *modes = rng_below(&rng, 2) ? &plain_modes : &mouse_modes;
        size_t len = random_bytes(&rng, bytes, sizeof bytes);
        struct run whole = {0}, cut = {0}, impatient = {0};

        feed(&whole, modes, bytes, len);
        for (size_t at = 0; at < len;) {
            size_t piece = 1 + rng_below(&rng, 9);
            if (piece > len - at)
                piece = len - at;
            feed(&cut, modes, bytes + at, piece);
            feed(&impatient, modes, bytes + at, piece);
            if (rng_below(&rng, 2))
                release(&impatient, modes);
            if (rng_below(&rng, 5) == 0)
                tokens_forget(&impatient.tokens);
            at += piece;
        }
        assert_string_equal(said(&whole), said(&cut));
        release(&whole, modes);
        release(&cut, modes);
        release(&impatient, modes);
        check_bytes(whole.given.data, whole.given.len, bytes, len);
        check_bytes(cut.given.data, cut.given.len, bytes, len);
        check_bytes(impatient.given.data, impatient.given.len, bytes, len);
        drop(&whole);
        drop(&cut);
        drop(&impatient);
    }
}

static struct token only(const char *bytes)
{
    static struct tokens tokens;
    struct reader input = {.at = (const uint8_t *)bytes, .left = strlen(bytes)};
    struct token token;

    tokens = (struct tokens){0};
    assert_true(tokens_next(&tokens, &plain_modes, &input, &token));
    assert_int_equal(input.left, 0);
    return token;
}

static void parameters(void **state)
{
    struct token t = only("\033[97:65;;3:2;99999999999u");
    (void)state;

    assert_int_equal(token_param(&t, 0, 0), 97);
    assert_int_equal(token_param(&t, 0, 1), 65);
    assert_int_equal(token_param(&t, 0, 2), TOKEN_ABSENT);
    assert_int_equal(token_param(&t, 1, 0), TOKEN_ABSENT);
    assert_int_equal(token_param(&t, 2, 0), 3);
    assert_int_equal(token_param(&t, 2, 1), 2);
    assert_true(token_param(&t, 3, 0) >= 99999999 && token_param(&t, 3, 0) != TOKEN_ABSENT);
    assert_int_equal(token_param(&t, 4, 0), TOKEN_ABSENT);
    t = only("\033[?2026;2$y");
    assert_int_equal(token_param(&t, 0, 0), 2026);
    assert_int_equal(token_param(&t, 1, 0), 2);
    t = only("\033[97::122;5u");
    assert_int_equal(token_param(&t, 0, 1), TOKEN_ABSENT);
    assert_int_equal(token_param(&t, 0, 2), 122);
    t = only("\033[A");
    assert_int_equal(token_param(&t, 0, 0), TOKEN_ABSENT);
    t = only("x");
    assert_int_equal(token_param(&t, 0, 0), TOKEN_ABSENT);
}

static void texts(void **state)
{
    static const char *const strings[] = {"\033]11;rgb:0/0/0\033\\", "\033]11;rgb:0/0/0\a",
                                          "\033P11;rgb:0/0/0\033\\"};
    (void)state;

    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
        struct token t = only(strings[i]);
        const uint8_t *text;
        size_t len = token_text(&t, &text);
        check_bytes(text, len, "11;rgb:0/0/0", 12);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_what_it_finds),
        cmocka_unit_test(cuts_change_nothing),
        cmocka_unit_test(what_was_released_is_remembered),
        cmocka_unit_test(forgetting_begins_anew),
        cmocka_unit_test(sequences_are_bounded),
        cmocka_unit_test(no_byte_is_lost),
        cmocka_unit_test(parameters),
        cmocka_unit_test(texts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
