/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <stdlib.h>

#include "launch/connectline.h"

/* The transcripts of S27 and R16: what comes from ssh, and what has to be made of it. */

#define KEY "4NeCCgvZFe2RnPgrcU1PQw"

struct transcript {
    const char *bytes;
    size_t len;
    enum connect_status status;
    unsigned port;              /* if found */
    const char *address;        /* NULL: none */
    const char *server_address; /* NULL: none */
    const char *text;           /* NULL: whatever */
};

#define BYTES(s) .bytes = s, .len = sizeof(s) - 1
#define FOUND(s, p, t)                                                                             \
    {                                                                                              \
        BYTES(s), .status = CONNECT_FOUND, .port = p, .text = t                                    \
    }
#define BAD(s)                                                                                     \
    {                                                                                              \
        BYTES(s), .status = CONNECT_BAD                                                            \
    }
#define TEXT(s, t)                                                                                 \
    {                                                                                              \
        BYTES(s), .status = CONNECT_MORE, .text = t                                                \
    }
#define CONNECT "MOSH CONNECT 60001 " KEY "\n"

/* clang-format off */
static const struct transcript transcripts[] = {
    /* R16: the plain case, and what it may be surrounded by */
    FOUND(CONNECT, 60001, ""),
    FOUND("MOSH CONNECT 60001 " KEY "\r\n", 60001, ""),
    FOUND("MOSH CONNECT 60001 " KEY, 60001, ""),
    FOUND("MOSH CONNECT 60001 " KEY " \t \r\n", 60001, ""),
    FOUND("MOSH CONNECT 1 " KEY "\n", 1, ""),
    FOUND("MOSH CONNECT 65535 " KEY "\n", 65535, ""),
    FOUND("MOSH CONNECT 60001 AAAAAAAAAAAAAAAAAAAAAA\n", 60001, ""),
    FOUND("MOSH CONNECT 60001 //////////+++++++++++w\n", 60001, ""),
    FOUND("\r\n\n" CONNECT, 60001, ""),
    FOUND("\n\n\n" CONNECT "MOSH CONNECT 2 " KEY "\n", 60001, ""),
    FOUND("Welcome\n" CONNECT, 60001, "Welcome\n"),
    FOUND("Welcome\r\n" CONNECT, 60001, "Welcome\r\n"),
    FOUND("Welcome\r\n\r\n" CONNECT, 60001, "Welcome\r\n"),
    FOUND("a\n\nb\n" CONNECT, 60001, "a\n\nb\n"),
    FOUND("a\r\n\r\nb\r\n" CONNECT, 60001, "a\r\n\nb\r\n"),
    FOUND("ls^H^Hexit\r\n\r\n" CONNECT, 60001, "ls^H^Hexit\r\n"),
    FOUND("$ prompt\r" CONNECT, 60001, "$ prompt\r"),
    FOUND("mosh-server: warning\nMOSH CONN\nMOSH\nMOS\n" CONNECT, 60001,
          "mosh-server: warning\nMOSH CONN\nMOSH\nMOS\n"),
    FOUND("MOSH CONNECTED\nMOSH IPX 1\nMOSH CONNECT\n" CONNECT, 60001,
          "MOSH CONNECTED\nMOSH IPX 1\nMOSH CONNECT\n"),
    FOUND("\xFF\xFE\x00\x1B[31m\n" CONNECT, 60001, NULL),
    FOUND("\0\n" CONNECT, 60001, NULL),
    {BYTES("MOSH IP 192.0.2.1\n" CONNECT), CONNECT_FOUND, 60001, "192.0.2.1", NULL, ""},
    {BYTES("MOSH IP 192.0.2.1\r\n" CONNECT), CONNECT_FOUND, 60001, "192.0.2.1", NULL, ""},
    {BYTES("MOSH IP 2001:db8::1\n" CONNECT), CONNECT_FOUND, 60001, "2001:db8::1", NULL, ""},
    {BYTES("MOSH IP fe80::1%eth0.5\n" CONNECT), CONNECT_FOUND, 60001, "fe80::1%eth0.5", NULL, ""},
    {BYTES("MOSH IP ::FFFF:192.0.2.7\n" CONNECT), CONNECT_FOUND, 60001, "192.0.2.7", NULL, ""},
    {BYTES("MOSH IP ::ffff:c000:207\n" CONNECT), CONNECT_FOUND, 60001, "::ffff:c000:207", NULL, ""},
    {BYTES("Hi\n\nMOSH SSH_CONNECTION 192.0.2.9 1234 192.0.2.1 22\r\n" CONNECT),
     CONNECT_FOUND, 60001, NULL, "192.0.2.1", "Hi\n"},
    {BYTES("MOSH SSH_CONNECTION ::1 1 ::ffff:10.0.0.1 22\n" CONNECT),
     CONNECT_FOUND, 60001, NULL, "10.0.0.1", ""},
    {BYTES("MOSH SSH_CONNECTION UNKNOWN 65535 UNKNOWN 65535\n" CONNECT),
     CONNECT_FOUND, 60001, NULL, NULL, ""},
    {BYTES("MOSH IP 192.0.2.1\nMOSH SSH_CONNECTION ::1 1 ::2 22\n" CONNECT),
     CONNECT_FOUND, 60001, "192.0.2.1", "::2", ""},

    /* no line of ours, so text for the user, also where it looks a little like one */
    TEXT("", ""),
    TEXT("\n\n", ""),
    TEXT("a\n\n", "a\n"),
    TEXT("password: ", "password: "),
    TEXT("bash: mosh-server: command not found\n", "bash: mosh-server: command not found\n"),
    TEXT(" " CONNECT, " " CONNECT),
    TEXT("x" CONNECT, "x" CONNECT),
    TEXT("$ " CONNECT, "$ " CONNECT),
    TEXT("mosh connect 60001 " KEY "\n", "mosh connect 60001 " KEY "\n"),
    TEXT("MOSH  CONNECT 60001 " KEY "\n", "MOSH  CONNECT 60001 " KEY "\n"),
    TEXT("MOSH\tCONNECT 60001 " KEY "\n", "MOSH\tCONNECT 60001 " KEY "\n"),
    TEXT("MOSHCONNECT 60001 " KEY "\n", "MOSHCONNECT 60001 " KEY "\n"),
    TEXT("\x1B[0m" CONNECT, "\x1B[0m" CONNECT),
    TEXT("\xEF\xBB\xBF" CONNECT, "\xEF\xBB\xBF" CONNECT),
    TEXT("MOSH CONNECT", "MOSH CONNECT"),
    TEXT("MOSH CONNECT\n", "MOSH CONNECT\n"),
    TEXT("MOSH", "MOSH"),
    TEXT("MOSH IP\n", "MOSH IP\n"),
    TEXT("MOSH IPS 1\n", "MOSH IPS 1\n"),
    TEXT("MOSH KEY x\n", "MOSH KEY x\n"),
    TEXT("MOSH SSH_CONNECTIONS\n", "MOSH SSH_CONNECTIONS\n"),

    /* lines that begin as one of ours and are none */
    BAD("MOSH CONNECT \n"),
    BAD("MOSH CONNECT  60001 " KEY "\n"),
    BAD("MOSH CONNECT 60001\n"),
    BAD("MOSH CONNECT 60001 \n"),
    BAD("MOSH CONNECT 60001  " KEY "\n"),
    BAD("MOSH CONNECT 60001\t" KEY "\n"),
    BAD("MOSH CONNECT " KEY " 60001\n"),
    BAD("MOSH CONNECT " KEY "\n"),
    BAD("MOSH CONNECT 0 " KEY "\n"),
    BAD("MOSH CONNECT 00000 " KEY "\n"),
    BAD("MOSH CONNECT 65536 " KEY "\n"),
    BAD("MOSH CONNECT 99999 " KEY "\n"),
    BAD("MOSH CONNECT 060001 " KEY "\n"),
    BAD("MOSH CONNECT 4294967297 " KEY "\n"),
    BAD("MOSH CONNECT 18446744073709551617 " KEY "\n"),
    BAD("MOSH CONNECT -1 " KEY "\n"),
    BAD("MOSH CONNECT +60001 " KEY "\n"),
    BAD("MOSH CONNECT 0x600 " KEY "\n"),
    BAD("MOSH CONNECT 6e4 " KEY "\n"),
    BAD("MOSH CONNECT 60001: " KEY "\n"),
    BAD("MOSH CONNECT 60,01 " KEY "\n"),
    BAD("MOSH CONNECT six " KEY "\n"),
    BAD("MOSH CONNECT 60001 short\n"),
    BAD("MOSH CONNECT 60001 4NeCCgvZFe2RnPgrcU1PQ\n"),
    BAD("MOSH CONNECT 60001 4NeCCgvZFe2RnPgrcU1PQ"),
    BAD("MOSH CONNECT 60001 " KEY "A\n"),
    BAD("MOSH CONNECT 60001 " KEY "==\n"),
    BAD("MOSH CONNECT 60001 " KEY " x\n"),
    BAD("MOSH CONNECT 60001 " KEY "x\n"),
    BAD("MOSH CONNECT 60001 " KEY "\0\n"),
    BAD("MOSH CONNECT 60001 " KEY "\x1B[0m\n"),
    BAD("MOSH CONNECT 60001 " KEY "$ prompt\n"),
    BAD("MOSH CONNECT 60001 4NeCCgvZFe2RnPgrcU1PQx\n"),
    BAD("MOSH CONNECT 60001 4NeCCgvZFe2RnPgrcU1PQ=\n"),
    BAD("MOSH CONNECT 60001 4NeCCgvZFe2RnPg-cU1PQw\n"),
    BAD("MOSH CONNECT 60001 4NeCCgvZFe2RnPg_cU1PQw\n"),
    BAD("MOSH CONNECT 60001 4NeCCgvZFe2RnPg cU1PQw\n"),
    BAD("MOSH CONNECT 60001 4NeCCgvZFe2RnPg\0cU1PQw\n"),
    BAD("MOSH CONNECT 60001 4NeCCgvZFe2RnPg'cU1PQw\n"),
    BAD("MOSH CONNECT 60001 \xC3\xA9NeCCgvZFe2RnPgrcU1PQw\n"),
    BAD("MOSH CONNECT 60001\0 " KEY "\n"),
    BAD("MOSH CONNECT 60001\r " KEY "\n"),
    {BYTES("MOSH IP 192.0.2.1\nMOSH ALSO 192.0.2.2\nMOSH ALSO ::1\n" CONNECT),
     CONNECT_FOUND, 60001, "192.0.2.1", NULL, ""},
    BAD("MOSH ALSO 192.0.2\n"),
    BAD("MOSH ALSO \n"),
    BAD("MOSH IP \n"),
    BAD("MOSH IP  192.0.2.1\n"),
    BAD("MOSH IP 192.0.2.1 x\n"),
    BAD("MOSH IP 192.0.2.1:22\n"),
    BAD("MOSH IP 192.0.2\n"),
    BAD("MOSH IP 192.0.2.256\n"),
    BAD("MOSH IP 3221225985\n"),
    BAD("MOSH IP 192.0.2.1%eth0\n"),
    BAD("MOSH IP host.example\n"),
    BAD("MOSH IP -1\n"),
    BAD("MOSH IP --help\n"),
    BAD("MOSH IP [::1]\n"),
    BAD("MOSH IP fe80::1%\n"),
    BAD("MOSH IP fe80::1%a b\n"),
    BAD("MOSH IP fe80::1%;id\n"),
    BAD("MOSH IP fe80::1%$(id)\n"),
    BAD("MOSH IP ::ffff:192.0.2.256\n"),
    BAD("MOSH IP %eth0\n"),
    BAD("MOSH IP 192.0.2.1\0\n"),
    BAD("MOSH IP 2001:db8::1%aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"),
    BAD("MOSH SSH_CONNECTION \n"),
    BAD("MOSH SSH_CONNECTION 192.0.2.9\n"),
    BAD("MOSH SSH_CONNECTION 192.0.2.9 1234 192.0.2.1\n"),
    BAD("MOSH SSH_CONNECTION 192.0.2.9 1234 192.0.2.1 22 5\n"),
    BAD("MOSH SSH_CONNECTION 192.0.2.9 1234  22\n"),
    BAD("MOSH SSH_CONNECTION  192.0.2.9 1234 192.0.2.1 22\n"),

    /* S27: one of each */
    {BYTES("MOSH IP 192.0.2.1\nMOSH IP 192.0.2.1\n" CONNECT), .status = CONNECT_REPEATED},
    {BYTES("MOSH IP 192.0.2.1\nMOSH IP ::1\n" CONNECT), .status = CONNECT_REPEATED},
    {BYTES("MOSH IP 192.0.2.1\nx\n\nMOSH IP ::1"), .status = CONNECT_REPEATED},
    {BYTES("MOSH SSH_CONNECTION ::1 1 ::2 22\nMOSH SSH_CONNECTION ::1 1 ::3 22\n" CONNECT),
     .status = CONNECT_REPEATED},
    {BYTES("MOSH SSH_CONNECTION U 1 U 22\nMOSH SSH_CONNECTION ::1 1 ::3 22\n" CONNECT),
     .status = CONNECT_REPEATED},
};
/* clang-format on */
enum { TRANSCRIPTS = sizeof transcripts / sizeof transcripts[0] };

static void check_result(const struct transcript *t, const struct connectline *c,
                         const struct buf *text)
{
    assert_int_equal(c->status, t->status);
    if (t->status == CONNECT_FOUND) {
        assert_int_equal(c->port, t->port);
        assert_int_equal(strlen(c->key), CONNECT_KEY_CHARS);
        assert_string_equal(c->address, t->address ? t->address : "");
        assert_string_equal(c->server_address, t->server_address ? t->server_address : "");
    }
    if (t->status == CONNECT_BAD || t->status == CONNECT_REPEATED)
        assert_non_null(c->tag);
    if (t->text) {
        assert_int_equal(text->len, strlen(t->text));
        assert_memory_equal(text->data ? text->data : (const uint8_t *)"", t->text, text->len);
    }
}

static void feed_in_pieces(const struct transcript *t, size_t first, size_t each)
{
    struct connectline c = {0};
    struct buf text = {0};
    size_t at = first < t->len ? first : t->len;
    (void)connectline_feed(&c, (const uint8_t *)t->bytes, at, &text);
    while (at < t->len) {
        size_t piece = each < t->len - at ? each : t->len - at;
        (void)connectline_feed(&c, (const uint8_t *)t->bytes + at, piece, &text);
        at += piece;
    }
    enum connect_status status = connectline_end(&c, &text);
    assert_int_equal(status, c.status);
    check_result(t, &c, &text);
    buf_release(&text);
    connectline_wipe(&c);
    assert_int_equal(c.key[0], 0);
}

/* Whole, byte by byte, and cut at every place. */
static void R16_S27_F46_every_transcript_however_it_is_split(void **state)
{
    (void)state;
    for (size_t i = 0; i < TRANSCRIPTS; i++) {
        feed_in_pieces(&transcripts[i], transcripts[i].len, 1);
        feed_in_pieces(&transcripts[i], 0, 1);
        for (size_t cut = 1; cut < transcripts[i].len; cut++)
            feed_in_pieces(&transcripts[i], cut, SIZE_MAX);
    }
}

/* Each single byte of a good line that is changed makes a line that is bad, or no line of
   ours, or another good line with a canonical key and a valid port; never anything else. */
static void S27_a_changed_byte_is_never_half_believed(void **state)
{
    (void)state;
    static const char good[] = CONNECT;
    size_t found = 0;
    for (size_t at = 0; at + 1 < sizeof good - 1; at++) {
        for (int value = 0; value < 256; value++) {
            char line[sizeof good];
            struct connectline c = {0};
            struct buf text = {0};
            memcpy(line, good, sizeof good);
            line[at] = (char)value;
            (void)connectline_feed(&c, (const uint8_t *)line, sizeof good - 1, &text);
            if (connectline_end(&c, &text) == CONNECT_FOUND) {
                found++;
                assert_true(c.port >= 1);
                assert_memory_equal(line, "MOSH CONNECT ", 13);
                assert_int_equal(strspn(c.key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwx"
                                               "yz0123456789+/"),
                                 CONNECT_KEY_CHARS);
                assert_non_null(strchr("AQgw", c.key[CONNECT_KEY_CHARS - 1]));
            }
            buf_release(&text);
        }
    }
    /* The 14 bytes before the port as they are; of its digits, 0 to 6, then 0 to 5, then all; of
       the key, 21 characters of 64 kinds and the last of 4. */
    assert_int_equal(found, 14 + 7 + 6 + 3 * 10 + 21 * 64 + 4);
}

/* A prompt is shown before its line ends, and a line of ours is not. */
static void text_does_not_wait_for_its_end(void **state)
{
    (void)state;
    struct connectline c = {0};
    struct buf text = {0};
    (void)connectline_feed(&c, (const uint8_t *)"Passphrase: ", 12, &text);
    assert_int_equal(text.len, 12);
    (void)connectline_feed(&c, (const uint8_t *)"\nMOSH CON", 9, &text);
    assert_int_equal(text.len, 13);
    (void)connectline_feed(&c, (const uint8_t *)"X", 1, &text);
    assert_int_equal(text.len, 22);
    buf_release(&text);
}

static void no_line_is_too_long(void **state)
{
    (void)state;
    struct buf in = {0}, text = {0};
    struct connectline c = {0};
    for (size_t i = 0; i < 3000000; i++)
        buf_append_byte(&in, 'x');
    buf_append_str(&in, "\n" CONNECT);
    assert_int_equal(connectline_feed(&c, in.data, in.len, &text), CONNECT_FOUND);
    assert_int_equal(text.len, 3000001);

    c = (struct connectline){0};
    buf_clear(&in);
    buf_append_str(&in, "MOSH CONNECT 60001 ");
    for (size_t i = 0; i < 3000000; i++)
        buf_append_byte(&in, 'x');
    assert_int_equal(connectline_feed(&c, in.data, in.len, &text), CONNECT_BAD);

    c = (struct connectline){0};
    buf_clear(&in);
    buf_clear(&text);
    for (size_t i = 0; i < 3000000; i++)
        buf_append_byte(&in, '\n');
    buf_append_byte(&in, 'x');
    assert_int_equal(connectline_feed(&c, in.data, in.len, &text), CONNECT_MORE);
    assert_true(text.len < 100);
    buf_release(&in);
    buf_release(&text);
}

/* Noise made of the pieces of our lines: nothing crashes, and splitting changes nothing. */
static void noise_is_read_alike_in_any_pieces(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "MOSH ",    "MOSH CONNECT ",
        "MOSH IP ", "MOSH SSH_CONNECTION ",
        "60001 ",   KEY,
        "\n",       "\r",
        "\r\n",     "\n\n",
        "::1",      " ",
        "x",        "M",
        "\xFF",
    };
    struct rng rng = {.state = 27};
    for (int round = 0; round < 3000; round++) {
        struct buf in = {0}, whole_text = {0}, text = {0};
        struct connectline whole = {0}, c = {0};
        for (size_t n = rng_below(&rng, 20); n > 0; n--)
            buf_append_str(&in, pieces[rng_below(&rng, sizeof pieces / sizeof pieces[0])]);
        (void)connectline_feed(&whole, in.data, in.len, &whole_text);
        (void)connectline_end(&whole, &whole_text);
        for (size_t i = 0; i < in.len; i++)
            (void)connectline_feed(&c, in.data + i, 1, &text);
        (void)connectline_end(&c, &text);
        assert_int_equal(c.status, whole.status);
        assert_string_equal(c.address, whole.address);
        assert_string_equal(c.key, whole.key);
        assert_int_equal(text.len, whole_text.len);
        if (text.len)
            assert_memory_equal(text.data, whole_text.data, text.len);
        buf_release(&in);
        buf_release(&whole_text);
        buf_release(&text);
    }
}

/* What the script says where there is no server; it is for a message alone. */
static void R18_hears_of_a_system_without_a_server(void **state)
{
    (void)state;
    static const struct {
        const char *line, *system;
    } cases[] = {
        {"\r\nMOSH MISSING Linux linuxmint ubuntu debian\r\n", "Linux linuxmint ubuntu debian"},
        {"MOSH MISSING FreeBSD  \n", "FreeBSD"},
        {"MOSH MISSING Linux a;b\n", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct connectline c = {0};
        struct buf text = {0};
        assert_int_equal(
            connectline_feed(&c, (const uint8_t *)cases[i].line, strlen(cases[i].line), &text),
            CONNECT_MORE);
        assert_true(c.missing);
        assert_string_equal(c.system, cases[i].system);
        assert_int_equal(text.len, 0);
        buf_release(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(R16_S27_F46_every_transcript_however_it_is_split),
        cmocka_unit_test(S27_a_changed_byte_is_never_half_believed),
        cmocka_unit_test(text_does_not_wait_for_its_end),
        cmocka_unit_test(no_line_is_too_long),
        cmocka_unit_test(noise_is_read_alike_in_any_pieces),
        cmocka_unit_test(R18_hears_of_a_system_without_a_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
