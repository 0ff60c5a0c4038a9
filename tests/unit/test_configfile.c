/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "launch/configfile.h"

static int read_text(const char *text, const char *host, struct settings *s, struct buf *complaint)
{
    return configfile_parse(text, strlen(text), "FILE", host, s, complaint);
}

static void check_value(const char *text, const char *host, enum option_id o, const char *value)
{
    struct settings s = {0};
    struct buf complaint = {0};
    assert_int_equal(read_text(text, host, &s, &complaint), 0);
    const char *got = settings_get(&s, o);
    if (value)
        assert_string_equal(got, value);
    else
        assert_null(s.at[o].value);
    settings_release(&s);
    buf_release(&complaint);
}

static void reads_the_forms_that_ssh_reads(void **state)
{
    (void)state;
    check_value("Predict always", "h", OPTION_PREDICT, "always");
    check_value("predict always\n", "h", OPTION_PREDICT, "always");
    check_value("\tPREDICT\talways  \r\n", "h", OPTION_PREDICT, "always");
    check_value("Predict=always", "h", OPTION_PREDICT, "always");
    check_value("Predict = always", "h", OPTION_PREDICT, "always");
    check_value("Predict \"always\" # a comment", "h", OPTION_PREDICT, "always");
    check_value("\n# Predict never\n  # more\n\nPredict always", "h", OPTION_PREDICT, "always");
    check_value("TitlePrefix \"on \\\"h\\\": \"", "h", OPTION_TITLE_PREFIX, "on \"h\": ");
    check_value("TitlePrefix \"\"", "h", OPTION_TITLE_PREFIX, "");
    check_value("SSHCommand ssh -o \"A b\" # no comment", "h", OPTION_SSH,
                "ssh -o \"A b\" # no comment");
    check_value("ServerCommand = env A=b mosh-server", "h", OPTION_SERVER, "env A=b mosh-server");
    check_value("SendLocale LANG LC_*", "h", OPTION_SEND_LOCALE, "LANG LC_*");
    check_value("SSHPty no", "h", OPTION_SSH_PTY, "no");
    check_value("EscapeKey ^B", "h", OPTION_ESCAPE_KEY, "^B");
    check_value("", "h", OPTION_PORT, NULL);
}

static void heeds_the_first_value_for_the_host(void **state)
{
    (void)state;
    static const char text[] = "Host *.org !bad.org\n"
                               "  Port 1\n"
                               "Host \"a\" B\n"
                               "  Port 2\n"
                               "  Port 3\n"
                               "Host *\n"
                               "  Port 4\n"
                               "  Predict never\n";
    check_value(text, "good.org", OPTION_PORT, "1");
    check_value(text, "bad.org", OPTION_PORT, "4");
    check_value(text, "a", OPTION_PORT, "2");
    check_value(text, "b", OPTION_PORT, "2");
    check_value(text, "c", OPTION_PORT, "4");
    check_value(text, "a", OPTION_PREDICT, "never");
    check_value("Port 5\nHost a\nPort 6\n", "a", OPTION_PORT, "5");
}

static void what_was_said_before_stands(void **state)
{
    (void)state;
    struct settings s = {0};
    struct buf complaint = {0};
    assert_int_equal(settings_set(&s, OPTION_PORT, "9", SOURCE_OPTION, "--port", &complaint), 0);
    assert_int_equal(read_text("Port 1\nPredict never\n", "h", &s, &complaint), 0);
    assert_string_equal(settings_get(&s, OPTION_PORT), "9");
    assert_string_equal(s.at[OPTION_PORT].origin, "option --port");
    assert_string_equal(settings_get(&s, OPTION_PREDICT), "never");
    assert_string_equal(s.at[OPTION_PREDICT].origin, "FILE:2");
    settings_release(&s);
    buf_release(&complaint);
}

/* File, line, the word, and what is accepted; also in lines for other hosts. */
static void names_what_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *text, *complaint;
    } cases[] = {
        {"\nPridict never\n",
         "FILE:2: Pridict: not a keyword; expected Predict, PredictOverwrite, AddressFamily, Port, "
         "BindServer, SSHCommand, SSHPty, ClientCommand, ServerCommand, AlternateScreen, "
         "EscapeKey, "
         "TitlePrefix, SendLocale, RemoteIP, Verbose, Quiet or Host"},
        {"Predict Never\n",
         "FILE:1: Predict Never: expected adaptive, always, never or experimental"},
        {"Host other\n\nPort 70000\n", "FILE:3: Port 70000: "},
        {"Port\n", "FILE:1: Port: its value is missing; expected PORT or LOW:HIGH"},
        {"Port =\n", "FILE:1: Port: its value is missing; expected PORT or LOW:HIGH"},
        {"SSHCommand\n", "FILE:1: SSHCommand: its value is missing; expected a command"},
        {"Port 1 2\n",
         "FILE:1: Port: 2 is too much; expected one value, in quotes if it has blanks"},
        {"TitlePrefix \"a\n", "FILE:1: TitlePrefix: a quote is not closed; expected \" at the end"},
        {"SSHPty maybe\n", "FILE:1: SSHPty maybe: expected yes or no"},
        {"Host\n", "FILE:1: Host: its value is missing; expected patterns of host names"},
        {"Match all\n", "FILE:1: Match: not a keyword; expected "},
        {"EscapeKey \"\"\n", "FILE:1: EscapeKey \"\": expected one ASCII character, "},
        {"BindServer nowhere\n",
         "FILE:1: BindServer nowhere: expected ssh, any, or a numeric IP address"},
        {"Predict never\nPredict x\n",
         "FILE:2: Predict x: expected adaptive, always, never or experimental"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct settings s = {0};
        struct buf complaint = {0};
        size_t len = strlen(cases[i].complaint);
        assert_int_equal(read_text(cases[i].text, "h", &s, &complaint), -1);
        buf_append_byte(&complaint, '\0');
        assert_true(complaint.len > len);
        assert_memory_equal(complaint.data, cases[i].complaint, len);
        assert_null(strchr((char *)complaint.data, '\n'));
        settings_release(&s);
        buf_release(&complaint);
    }
    struct settings s = {0};
    struct buf complaint = {0};
    assert_int_equal(configfile_parse("Port 1\0\n", 8, "FILE", "h", &s, &complaint), -1);
    buf_release(&complaint);
    settings_release(&s);
}

/* Whatever is in a file, it is read to its end or refused. */
static void noise_is_read_or_refused(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "Host ", "Port ", "1",     "\n",       "\"", "#",    "=",     " ",           "!", "*",
        "\t",    "\\",    "never", "Predict ", "x",  "\xFF", "Title", "SSHCommand ", "\r"};
    struct rng rng = {.state = 5};
    for (int round = 0; round < 5000; round++) {
        struct settings s = {0};
        struct buf text = {0}, complaint = {0};
        for (size_t i = rng_below(&rng, 12); i > 0; i--)
            buf_append_str(&text, pieces[rng_below(&rng, sizeof pieces / sizeof pieces[0])]);
        int err = configfile_parse((const char *)text.data, text.len, "FILE", "h", &s, &complaint);
        assert_int_equal(err != 0, complaint.len > 0);
        buf_release(&text);
        buf_release(&complaint);
        settings_release(&s);
    }
}

/* What is printed is a configuration that says the same. */
static void what_is_printed_can_be_read(void **state)
{
    (void)state;
    struct settings s = {0}, again = {0};
    struct buf printed = {0}, complaint = {0};
    static const char text[] = "Port 1:2\nTitlePrefix \"a \\\"b\\\\ #\"\nSSHCommand ssh -p 1\n"
                               "SendLocale LC_ALL\nEscapeKey none\n";
    assert_int_equal(read_text(text, "h", &s, &complaint), 0);
    settings_print(&s, &printed);
    buf_append_byte(&printed, '\0');
    assert_non_null(strstr((char *)printed.data, "\nPort 1:2  "));
    assert_non_null(strstr((char *)printed.data, "# FILE:1\n"));
    /* Commands are the rest of their line, so their comment has to go. */
    for (char *line = (char *)printed.data; (line = strstr(line, "Command ")); line++)
        memset(strchr(line, '#'), ' ', strcspn(strchr(line, '#'), "\n"));
    assert_int_equal(read_text((char *)printed.data, "h", &again, &complaint), 0);
    for (enum option_id o = 0; o < OPTIONS; o++) {
        if (options_table[o].keyword && settings_get(&s, o))
            assert_string_equal(settings_get(&again, o), settings_get(&s, o));
    }
    settings_release(&s);
    settings_release(&again);
    buf_release(&printed);
    buf_release(&complaint);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_forms_that_ssh_reads),
        cmocka_unit_test(heeds_the_first_value_for_the_host),
        cmocka_unit_test(what_was_said_before_stands),
        cmocka_unit_test(names_what_is_wrong),
        cmocka_unit_test(noise_is_read_or_refused),
        cmocka_unit_test(what_is_printed_can_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
