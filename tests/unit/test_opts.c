/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <stdbool.h>
#include <stdio.h>
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

/* What the environment holds while a line is read; in NAME=VALUE form. */
static const char *const *environment;

static char *get(const char *name)
{
    for (size_t i = 0; environment && environment[i]; i++) {
        size_t len = strlen(name);
        if (strncmp(environment[i], name, len) == 0 && environment[i][len] == '=')
            return (char *)environment[i] + len + 1;
    }
    return NULL;
}

static void drop_line(struct line *l)
{
    buf_release(&l->complaint);
    opts_release(&l->o);
}

static void read_line(struct line *l, const char *const *words)
{
    drop_line(l); /* the one before */
    *l = (struct line){.argv = {(char *)"mosh"}, .argc = 1};
    for (; words && *words; words++)
        l->argv[l->argc++] = (char *)*words;
    l->action = opts_parse(&l->o, l->argc, l->argv, &l->complaint);
    if (l->action == OPTS_CONNECT &&
        settings_take_environment(&l->o.settings, get, &l->complaint) < 0)
        l->action = OPTS_WRONG;
    if (l->action != OPTS_WRONG)
        opts_settle(&l->o);
    buf_append_byte(&l->complaint, '\0');
}

#define WORDS(...)   ((const char *const[]){__VA_ARGS__, NULL})
#define READ(l, ...) read_line(l, WORDS(__VA_ARGS__))

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
    assert_string_equal(l.o.predict, "adaptive");
    assert_false(l.o.server_given);
    assert_string_equal(l.o.send_locale, "LANG LANGUAGE LC_*");
    assert_null(l.o.port);
    assert_null(l.o.bind_server);
    assert_int_equal(l.o.family, FAMILY_PREFER_INET);
    assert_false(l.o.family_given);
    assert_true(l.o.ssh_pty);
    assert_false(l.o.local);
    assert_true(l.o.init);
    assert_false(l.o.predict_overwrite);
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
    assert_true(l.o.server_given);
    assert_string_equal(l.o.ssh, "s -p 1");
    assert_string_equal(l.o.predict, "never");
    assert_string_equal(l.o.port, "60000:60010");
    assert_string_equal(l.o.bind_server, "::1");
    assert_int_equal(l.o.family, FAMILY_INET6);
    assert_true(l.o.family_given);
    assert_false(l.o.ssh_pty);
    assert_false(l.o.init);
    assert_true(l.o.predict_overwrite);
    assert_int_equal(l.o.remote_ip, REMOTE_IP_REMOTE);
    READ(&l, "-a", "--no-predict-overwrite", "-4", "--init", "--no-ssh-pty", "--ssh-pty", "--local",
         "--bind-server=any", "h");
    assert_string_equal(l.o.predict, "always");
    assert_false(l.o.predict_overwrite);
    assert_int_equal(l.o.family, FAMILY_INET);
    assert_true(l.o.init);
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
    assert_string_equal(l.o.predict, "adaptive");
    assert_string_equal(l.o.command[0], "-a");
    assert_string_equal(l.o.command[1], "--");
    drop_line(&l);
}

static void the_environment_comes_after_the_line(void **state)
{
    (void)state;
    struct line l = {0};
    environment = WORDS("MOSH_PREDICTION_DISPLAY=experimental",
                        "MOSH_NO_TERM_INIT=", "MOSH_PREDICTION_OVERWRITE=yes",
                        "MOSH_TITLE_NOPREFIX=1", "MOSH_TITLE_PREFIX=x", "MOSH_ESCAPE_KEY=");
    READ(&l, "h");
    assert_string_equal(l.o.predict, "experimental");
    assert_false(l.o.init);
    assert_true(l.o.predict_overwrite);
    assert_string_equal(settings_get(&l.o.settings, OPTION_TITLE_PREFIX), "");
    assert_string_equal(settings_get(&l.o.settings, OPTION_ESCAPE_KEY), "none");
    assert_string_equal(l.o.settings.at[OPTION_INIT].origin, "environment MOSH_NO_TERM_INIT");
    READ(&l, "-n", "--init", "--no-predict-overwrite", "--title-prefix=t", "--escape-key=^b", "h");
    assert_string_equal(l.o.predict, "never");
    assert_true(l.o.init);
    assert_false(l.o.predict_overwrite);
    assert_string_equal(settings_get(&l.o.settings, OPTION_TITLE_PREFIX), "t");
    assert_string_equal(l.o.settings.at[OPTION_TITLE_PREFIX].origin, "option --title-prefix");
    assert_string_equal(settings_get(&l.o.settings, OPTION_ESCAPE_KEY), "^b");
    environment =
        WORDS("MOSH_PREDICTION_DISPLAY=Never", "MOSH_PREDICTION_OVERWRITE=x", "MOSH_ESCAPE_KEY=^C");
    READ(&l, "-n", "h");
    assert_int_equal(l.action, OPTS_CONNECT);
    assert_false(l.o.predict_overwrite);
    assert_string_equal(settings_get(&l.o.settings, OPTION_ESCAPE_KEY), "^^");
    READ(&l, "h");
    assert_int_equal(l.action, OPTS_WRONG);
    assert_string_equal((char *)l.complaint.data,
                        "the environment's MOSH_PREDICTION_DISPLAY=Never: expected adaptive, "
                        "always, never or experimental");
    environment = NULL;
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
        {{"--ssh=ssh 'x", "h"}, "--ssh ssh 'x", "not completed"},
        {{"--ssh= ", "h"}, "--ssh", "command"},
        {{"--escape-key=^C", "h"}, "^C", "not ^C, ^D, ^J, ^L or ^M"},
        {{"--escape-key=", "h"}, "--escape-key", "or none"},
        {{"--escape-key=ab", "h"}, "ab", "one ASCII character"},
        {{"--title-prefix=a\033b", "h"}, "--title-prefix", "without control characters"},
        {{"--send-locale=LC_$x", "h"}, "LC_$x", "or none"},
        {{"--print-config"}, "no host", "HOST"},
        {{"--fake-proxy", "h"}, "--fake-proxy", "HOST PORT"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct line l = {0};
        read_line(&l, cases[i].words);
        assert_int_equal(l.action, OPTS_WRONG);
        assert_non_null(strstr((char *)l.complaint.data, cases[i].argument));
        assert_non_null(strstr((char *)l.complaint.data, cases[i].accepted));
        assert_null(strchr((char *)l.complaint.data, '\n'));
        drop_line(&l);
    }
}

static void S27_refuses_what_is_no_host(void **state)
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

static bool usage_has(const struct buf *usage, const char *option)
{
    size_t len = strlen(option);
    for (size_t i = 0; i + len < usage->len; i++) {
        if (memcmp(usage->data + i, option, len) == 0 && strchr(" =,\n", usage->data[i + len]))
            return true;
    }
    return false;
}

/* The text of --help has every option in it but the internal one, in lines that fit. */
static void usage_is_complete(void **state)
{
    (void)state;
    struct buf usage = {0};
    char name[64];
    options_usage(&usage);
    for (enum option_id o = 0; o < OPTIONS; o++) {
        const struct option_entry *e = &options_table[o];
        snprintf(name, sizeof name, "--%s", e->name ? e->name : "");
        if (e->name)
            assert_int_equal(usage_has(&usage, name), e->help != NULL);
        snprintf(name, sizeof name, "-%c", e->letter);
        if (e->letter)
            assert_true(usage_has(&usage, name));
    }
    for (size_t i = 0, width = 0; i < usage.len; i++) {
        width = usage.data[i] == '\n' ? 0 : width + 1;
        assert_true(width <= 80);
    }
    buf_release(&usage);
}

/* What the table says of each must fit together. */
static void the_table_is_sound(void **state)
{
    (void)state;
    for (enum option_id o = 0; o < OPTIONS; o++) {
        const struct option_entry *e = &options_table[o];
        assert_true(e->name || e->letter);
        assert_int_equal(e->kind == KIND_VALUE, e->value != NULL);
        if (e->kind == KIND_VALUE)
            assert_true(e->words || (e->expects && e->check));
        if (e->keyword)
            assert_true(e->fallback || e->otherwise);
        if (e->fallback && *e->fallback)
            assert_null(option_refuses(o, e->fallback));
        if (e->keyword)
            assert_int_equal(option_by_keyword(e->keyword), o);
        if (e->kind == KIND_ALIAS)
            assert_null(option_refuses(e->alias_of, e->alias_value));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_the_defaults),
        cmocka_unit_test(takes_every_option),
        cmocka_unit_test(stops_at_the_host),
        cmocka_unit_test(the_environment_comes_after_the_line),
        cmocka_unit_test(names_what_is_wrong),
        cmocka_unit_test(S27_refuses_what_is_no_host),
        cmocka_unit_test(long_arguments_are_no_trouble),
        cmocka_unit_test(usage_is_complete),
        cmocka_unit_test(the_table_is_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
