/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <stdlib.h>

#include "launch/opts.h"

/* Reads a command line given as words up to NULL. The options keep pointers into it. */
struct line {
    char *argv[16];
    int argc;
    struct opts o;
    struct buf complaint;
    enum opts_action action;
};

static void read_line(struct line *l, const char *env_predict, const char *const *words)
{
    buf_release(&l->complaint); /* of the line before */
    *l = (struct line){.argv = {(char *)"mosh"}, .argc = 1};
    for (; words && *words; words++)
        l->argv[l->argc++] = (char *)*words;
    l->action = opts_parse(&l->o, l->argc, l->argv, env_predict, &l->complaint);
    buf_append_byte(&l->complaint, '\0');
}

static void drop_line(struct line *l)
{
    buf_release(&l->complaint);
}

#define WORDS(...)   ((const char *const[]){__VA_ARGS__, NULL})
#define READ(l, ...) read_line(l, NULL, WORDS(__VA_ARGS__))

static void has_the_defaults(void **state)
{
    (void)state;
    struct line l = {0};
    READ(&l, "user@host");
    assert_int_equal(l.action, OPTS_CONNECT);
    assert_string_equal(l.o.host, "user@host");
    assert_null(l.o.command[0]);
    assert_string_equal(l.o.client, "mosh-client");
    assert_string_equal(l.o.server, "mosh-server");
    assert_string_equal(l.o.ssh, "ssh");
    assert_null(l.o.predict);
    assert_null(l.o.port);
    assert_null(l.o.bind_server);
    assert_int_equal(l.o.family, FAMILY_PREFER_INET);
    assert_false(l.o.family_given);
    assert_true(l.o.ssh_pty);
    assert_false(l.o.local);
    assert_int_equal(l.o.init, CHOICE_DEFAULT);
    assert_int_equal(l.o.predict_overwrite, CHOICE_DEFAULT);
    assert_int_equal(l.o.remote_ip, REMOTE_IP_AUTO);
    drop_line(&l);
}

static void takes_every_option(void **state)
{
    (void)state;
    struct line l = {0};
    READ(&l, "--client=c", "--server", "env A=b s", "--ssh=s -p 1", "--no-ssh-pty",
         "--predict=never", "-o", "-p", "60000:60010", "--family=INET6", "--bind-server=::1",
         "--no-init", "--experimental-remote-ip=remote", "h");
    assert_int_equal(l.action, OPTS_CONNECT);
    assert_string_equal(l.o.client, "c");
    assert_string_equal(l.o.server, "env A=b s");
    assert_string_equal(l.o.ssh, "s -p 1");
    assert_string_equal(l.o.predict, "never");
    assert_string_equal(l.o.port, "60000:60010");
    assert_string_equal(l.o.bind_server, "::1");
    assert_int_equal(l.o.family, FAMILY_INET6);
    assert_true(l.o.family_given);
    assert_false(l.o.ssh_pty);
    assert_int_equal(l.o.init, CHOICE_NO);
    assert_int_equal(l.o.predict_overwrite, CHOICE_YES);
    assert_int_equal(l.o.remote_ip, REMOTE_IP_REMOTE);
    READ(&l, "-a", "--no-predict-overwrite", "-4", "--init", "--no-ssh-pty", "--ssh-pty", "--local",
         "--bind-server=any", "h");
    assert_string_equal(l.o.predict, "always");
    assert_int_equal(l.o.predict_overwrite, CHOICE_NO);
    assert_int_equal(l.o.family, FAMILY_INET);
    assert_int_equal(l.o.init, CHOICE_YES);
    assert_true(l.o.ssh_pty);
    assert_true(l.o.local);
    READ(&l, "-n6p0", "h");
    assert_string_equal(l.o.predict, "never");
    assert_int_equal(l.o.family, FAMILY_INET6);
    assert_string_equal(l.o.port, "0");
    READ(&l, "--help");
    assert_int_equal(l.action, OPTS_HELP);
    READ(&l, "--version", "--nonsense");
    assert_int_equal(l.action, OPTS_VERSION);
    READ(&l, "--fake-proxy", "--family=inet", "--", "fe80::1%lo", "22");
    assert_int_equal(l.action, OPTS_FAKE_PROXY);
    assert_string_equal(l.o.host, "fe80::1%lo");
    assert_string_equal(l.o.command[0], "22");
    drop_line(&l);
}

/* What comes after the host is the command's, however much it looks like ours. */
static void stops_at_the_host(void **state)
{
    (void)state;
    struct line l = {0};
    READ(&l, "-4", "host", "ls", "-l", "--local", "--", "-6");
    assert_int_equal(l.action, OPTS_CONNECT);
    assert_false(l.o.local);
    assert_int_equal(l.o.family, FAMILY_INET);
    const char *const expected[] = {"ls", "-l", "--local", "--", "-6"};
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(l.o.command[i], expected[i]);
    assert_null(l.o.command[5]);
    READ(&l, "host", "--", "sh", "-c", "x");
    assert_string_equal(l.o.command[0], "sh");
    READ(&l, "host", "--");
    assert_null(l.o.command[0]);
    READ(&l, "--", "host", "--", "-a", "--");
    assert_null(l.o.predict);
    assert_string_equal(l.o.command[0], "-a");
    assert_string_equal(l.o.command[1], "--");
    drop_line(&l);
}

static void the_environment_chooses_predictions_last(void **state)
{
    (void)state;
    struct line l = {0};
    read_line(&l, "experimental", WORDS("h"));
    assert_string_equal(l.o.predict, "experimental");
    read_line(&l, "experimental", WORDS("-n", "h"));
    assert_string_equal(l.o.predict, "never");
    read_line(&l, "Never", WORDS("-n", "h"));
    assert_int_equal(l.action, OPTS_CONNECT);
    read_line(&l, "Never", WORDS("h"));
    assert_int_equal(l.action, OPTS_WRONG);
    assert_non_null(strstr((char *)l.complaint.data, "environment"));
    assert_non_null(strstr((char *)l.complaint.data, "MOSH_PREDICTION_DISPLAY=Never"));
    drop_line(&l);
}

/* Each complaint is one line that has the argument in it and what would be right. */
static void names_what_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *words[3];
        const char *argument, *accepted;
    } cases[] = {
        {{NULL}, "no host", "HOST"},
        {{"-4"}, "no host", "HOST"},
        {{"h", "-a"}, "-a", "before the host"},
        {{"h", "--ssh=x"}, "--ssh=x", "before the host"},
        {{"-x", "h"}, "-x", "--help"},
        {{"-4x", "h"}, "-x", "--help"},
        {{"--nonsense", "h"}, "--nonsense", "--help"},
        {{"--s", "h"}, "--s", "--help"},
        {{"--local=yes", "h"}, "--local=yes", "no value"},
        {{"--port"}, "--port", "value"},
        {{"-p"}, "-p", "value"},
        {{"--port=", "h"}, "--port", "LOW:HIGH"},
        {{"--port=x", "h"}, "x", "65535"},
        {{"--port=65536", "h"}, "65536", "65535"},
        {{"--port=-1", "h"}, "-1", "65535"},
        {{"--port= 1", "h"}, "--port", "65535"},
        {{"--port=1:", "h"}, "1:", "65535"},
        {{"--port=:1", "h"}, ":1", "65535"},
        {{"--port=1:2:3", "h"}, "1:2:3", "65535"},
        {{"--port=0:5", "h"}, "0:5", "port 0"},
        {{"--port=5:0", "h"}, "5:0", "range"},
        {{"--port=6:5", "h"}, "6:5", "range"},
        {{"--port=5:65536", "h"}, "5:65536", "65535"},
        {{"--port=99999999999999999999", "h"}, "99999999999999999999", "65535"},
        {{"--predict=Always", "h"}, "Always", "adaptive, always, never or experimental"},
        {{"--predict=", "h"}, "--predict", "adaptive, always, never or experimental"},
        {{"--family=ipx", "h"}, "ipx", "prefer-inet6"},
        {{"--bind-server=host.example", "h"}, "host.example", "numeric"},
        {{"--bind-server=", "h"}, "--bind-server", "numeric"},
        {{"--experimental-remote-ip=x", "h"}, "x", "proxy, local or remote"},
        {{"--ssh=", "h"}, "--ssh", "command"},
        {{"--client=", "h"}, "--client", "command"},
        {{"--server=", "h"}, "--server", "command"},
        {{"--fake-proxy", "h"}, "--fake-proxy", "HOST PORT"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct line l = {0};
        read_line(&l, NULL, cases[i].words);
        assert_int_equal(l.action, OPTS_WRONG);
        assert_non_null(strstr((char *)l.complaint.data, cases[i].argument));
        assert_non_null(strstr((char *)l.complaint.data, cases[i].accepted));
        assert_null(strchr((char *)l.complaint.data, '\n'));
        drop_line(&l);
    }
}

/* S27 */
static void refuses_what_is_no_host(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",      "-h",      "--",      "a b",     "a\tb", "a\nb",  "a\x1Bz", "a\x7F", "user@",
        "@",     "@host",   "user@-h", "-u@host", "h;id", "h`id`", "$(id)",  "h|x",   "h&",
        "a@b'c", "h>\\tmp", "(h)",     "{h}",     "h\"",  "u@\rh", " h",     "h ",    "-",
    };
    static const char *const good[] = {
        "h",         "u@h",     "DOMAIN\\u@h", "::1",       "[::1]", "u@[fe80::1%eth0]",
        "127.0.0.1", "a_b-c.d", "u@e@h",       "h\xC3\xA9",
    };
    struct line l = {0};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        READ(&l, "--", bad[i]);
        assert_int_equal(l.action, OPTS_WRONG);
        drop_line(&l);
    }
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        READ(&l, "--", good[i]);
        assert_int_equal(l.action, OPTS_CONNECT);
        drop_line(&l);
    }
}

static void long_arguments_are_no_trouble(void **state)
{
    (void)state;
    struct line l = {0};
    char *word = malloc(200001);
    assert_non_null(word);
    memset(word, 'x', 200000);
    word[200000] = '\0';
    READ(&l, "--family", word, "h");
    assert_int_equal(l.action, OPTS_WRONG);
    assert_true(l.complaint.len < 1000);
    drop_line(&l);
    READ(&l, word, word);
    assert_int_equal(l.action, OPTS_CONNECT);
    drop_line(&l);
    free(word);
}

/* The text of --help has every option in it but the internal one. */
static void usage_is_complete(void **state)
{
    (void)state;
    static const char *const options[] = {
        "--client",
        "--server",
        "--ssh",
        "--no-ssh-pty",
        "--predict",
        "-a",
        "-n",
        "-o",
        "--family",
        "-4",
        "-6",
        "-p",
        "--port",
        "--bind-server",
        "--no-init",
        "--local",
        "--help",
        "--version",
        "auto",
        "prefer-inet6",
        "--predict-overwrite",
        "--experimental-remote-ip",
    };
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
        assert_non_null(strstr(opts_usage, options[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_the_defaults),
        cmocka_unit_test(takes_every_option),
        cmocka_unit_test(stops_at_the_host),
        cmocka_unit_test(the_environment_chooses_predictions_last),
        cmocka_unit_test(names_what_is_wrong),
        cmocka_unit_test(refuses_what_is_no_host),
        cmocka_unit_test(long_arguments_are_no_trouble),
        cmocka_unit_test(usage_is_complete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
