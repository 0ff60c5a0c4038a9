/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <stdlib.h>

#include "launch/command.h"

/* Words are compared joined by '|', which none of them has in it. */
static void check_words(struct words *w, const char *expected)
{
    struct buf joined = {0};
    for (size_t i = 0; i < w->count; i++) {
        if (i > 0)
            buf_append_byte(&joined, '|');
        buf_append_str(&joined, w->at[i]);
    }
    buf_append_byte(&joined, '\0');
    assert_string_equal((const char *)joined.data, expected);
    buf_release(&joined);
    words_release(w);
}

struct fixture {
    struct opts opts;
    struct route route;
    struct command_context context;
    char *no_command[1];
};

static void set_up(struct fixture *f)
{
    static const char *const locale[] = {"LANG", "LANGUAGE", "LC_CTYPE", "LC_ALL"};
    for (size_t i = 0; i < sizeof locale / sizeof locale[0]; i++)
        unsetenv(locale[i]);
    *f = (struct fixture){
        .opts = {.client = "mosh-client",
                 .server = "mosh-server",
                 .ssh_pty = true,
                 .send_locale = "LANG LANGUAGE LC_*",
                 .host = "u@[::1]",
                 .family = FAMILY_PREFER_INET},
        .route = {.way = ROUTE_PROXY, .family = FAMILY_PREFER_INET},
    };
    f->opts.command = f->no_command;
    f->context = (struct command_context){
        .opts = &f->opts, .route = &f->route, .self = "/bin/mo sh%", .colors = 256};
}

static void tells_the_server_all_it_needs(void **state)
{
    (void)state;
    struct fixture f;
    struct words w = {0};
    set_up(&f);
    command_server_arguments(&f.context, &w);
    check_words(&w, "new|-c|256|-s|-@|everywhere");

    setenv("LC_ALL", "x y.UTF-8", 1);
    setenv("LANG", "", 1);
    f.opts.port = "1:2";
    f.opts.bind_server = "any";
    f.opts.command = (char *[]){(char *)"sh", (char *)"-c", (char *)"it's", NULL};
    command_server_arguments(&f.context, &w);
    check_words(&w, "new|-c|256|-p|1:2|-l|LANG=|-l|LC_ALL=x y.UTF-8|--|sh|-c|it's");
    f.opts.send_locale = "LC_*";
    command_server_arguments(&f.context, &w);
    check_words(&w, "new|-c|256|-p|1:2|-l|LC_ALL=x y.UTF-8|--|sh|-c|it's");
    f.opts.send_locale = "none";
    command_server_arguments(&f.context, &w);
    check_words(&w, "new|-c|256|-p|1:2|--|sh|-c|it's");
    set_up(&f);
}

static void binds_where_the_client_will_send(void **state)
{
    (void)state;
    struct fixture f;
    struct words w = {0};
    set_up(&f);
    f.opts.bind_server = "::1";
    command_server_arguments(&f.context, &w);
    check_words(&w, "new|-c|256|-i|::1");
    f.opts.bind_server = "ssh";
    f.route.is_indirect = true;
    command_server_arguments(&f.context, &w);
    check_words(&w, "new|-c|256|-s");
    f.opts.bind_server = NULL;
    command_server_arguments(&f.context, &w);
    check_words(&w, "new|-c|256");
    f.opts.local = true;
    f.context.address = "127.0.0.1";
    command_server_arguments(&f.context, &w);
    check_words(&w, "new|-c|256|-i|127.0.0.1");
}

static void runs_ssh_through_our_proxy(void **state)
{
    (void)state;
    struct fixture f;
    struct words ssh = {0}, arguments = {0}, w = {0};
    set_up(&f);
    words_add(&ssh, "my ssh");
    words_add(&ssh, "-p1");
    words_add(&arguments, "new");
    words_add(&arguments, "it's");
    f.opts.server = "env A=b mosh-server";
    f.opts.server_given = true;
    f.opts.family = FAMILY_INET;
    f.route.family = FAMILY_INET;
    command_ssh(&f.context, &ssh, &arguments, &w);
    check_words(&w, "my ssh|-p1|-n|-tt|-S|none|-o|ProxyCommand='/bin/mo sh%%' '--family=inet' "
                    "--fake-proxy -- %h %p|-o|ProxyUseFdpass=yes|u@::1|--|"
                    "env A=b mosh-server 'new' 'it'\\''s'");
    words_release(&ssh);
    words_release(&arguments);
}

static void leaves_ssh_alone_otherwise(void **state)
{
    (void)state;
    struct fixture f;
    struct words ssh = {0}, arguments = {0}, w = {0};
    set_up(&f);
    words_add(&ssh, "ssh");
    f.opts.ssh_pty = false;
    f.opts.server_given = true;
    f.opts.family = FAMILY_INET6;
    f.route.way = ROUTE_LOCAL;
    f.context.address = "fe80::1%lo";
    command_ssh(&f.context, &ssh, &arguments, &w);
    check_words(&w, "ssh|-n|-6|u@fe80::1%lo|--|mosh-server");
    f.opts.family = FAMILY_PREFER_INET6;
    f.opts.host = "far";
    f.route.way = ROUTE_REPORTED;
    command_ssh(&f.context, &ssh, &arguments, &w);
    check_words(&w, "ssh|-n|far|--|sh -c '[ -n \"$SSH_CONNECTION\" ] && printf \"\\nMOSH "
                    "SSH_CONNECTION %s\\n\" \"$SSH_CONNECTION\"' ; mosh-server");
    words_release(&ssh);
}

/* It is looked for where it may be; and what no shell may see within the quotes is not there.
 */
static void R18_looks_for_a_server_that_was_not_given(void **state)
{
    (void)state;
    struct fixture f;
    struct words ssh = {0}, arguments = {0}, w = {0};
    set_up(&f);
    words_add(&ssh, "ssh");
    words_add(&arguments, "new");
    for (int reported = 0; reported <= 1; reported++) {
        f.route.way = reported ? ROUTE_REPORTED : ROUTE_PROXY;
        command_ssh(&f.context, &ssh, &arguments, &w);
        const char *remote = w.at[w.count - 1];
        const char *script = strchr(remote, '\'') + 1, *end = strchr(script, '\'');
        assert_memory_equal(remote, "sh -c '", 7);
        assert_string_equal(end, "' mosh-server 'new'");
        assert_int_equal(memchr(script, '!', (size_t)(end - script)) ||
                             memchr(script, '\\', (size_t)(end - script)) ||
                             memchr(script, '\n', (size_t)(end - script)),
                         0);
        assert_non_null(strstr(script, "MOSH SSH_CONNECTION"));
        words_release(&w);
    }
    words_release(&ssh);
    words_release(&arguments);
}

static void splits_a_local_server_itself(void **state)
{
    (void)state;
    struct fixture f;
    struct words arguments = {0}, w = {0};
    set_up(&f);
    words_add(&arguments, "new");
    f.opts.server = "env 'A=b c' mosh-server";
    assert_int_equal(command_local_server(&f.context, &arguments, &w), 0);
    check_words(&w, "env|A=b c|mosh-server|new");
    f.opts.server = "mosh-server '";
    assert_true(command_local_server(&f.context, &arguments, &w) < 0);
    words_release(&arguments);
    words_release(&w);
}

/* The key is not among the arguments, and there is no parameter through which it could be. */
static void S15_gives_the_client_address_and_port(void **state)
{
    (void)state;
    struct fixture f;
    struct words w = {0};
    set_up(&f);
    char *argv[] = {(char *)"mosh", (char *)"-4", (char *)"far", NULL};
    command_client(&f.opts, argv, "192.0.2.1", 60001, &w);
    check_words(&w, "mosh-client|-# -4 far ||192.0.2.1|60001");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_the_server_all_it_needs),
        cmocka_unit_test(binds_where_the_client_will_send),
        cmocka_unit_test(runs_ssh_through_our_proxy),
        cmocka_unit_test(leaves_ssh_alone_otherwise),
        cmocka_unit_test(R18_looks_for_a_server_that_was_not_given),
        cmocka_unit_test(splits_a_local_server_itself),
        cmocka_unit_test(S15_gives_the_client_address_and_port),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
