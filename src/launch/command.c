/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "launch/command.h"

#include <stdlib.h>
#include <string.h>

#include "launch/pattern.h"
#include "launch/quote.h"
#include "launch/serveropts.h"
#include "launch/remote.h"

static void words_add_number(struct words *w, unsigned n)
{
    struct buf digits = {0};
    buf_append_dec(&digits, n);
    words_add_buf(w, &digits);
    buf_release(&digits);
}

/* --- mosh-server --- */

static void add_bind(const struct command_context *c, struct words *out)
{
    const char *where = c->opts->bind_server;
    if (!where && c->opts->local)
        where = c->address;
    /* Behind a jump host or a proxy, the address that its ssh server sees may be another one than
       the client will send to (loopback, for a tunnel); so there the server listens on all. */
    if (!where)
        where = c->route->is_indirect ? "any" : "ssh";
    if (strcmp(where, "ssh") == 0) {
        words_add(out, "-s");
        if (!c->opts->bind_server) { /* nobody has asked for that address alone */
            words_add(out, "-@");
            words_add(out, SERVEROPTS_EVERYWHERE);
        }
    } else if (strcmp(where, "any") != 0) {
        words_add(out, "-i");
        words_add(out, where);
    }
}

/* The user's locale, or as much of it as is to be told. */
static void add_locale(const struct command_context *c, struct words *out)
{
    static const char *const names[] = {
        "LANG",       "LANGUAGE",     "LC_CTYPE",       "LC_NUMERIC",        "LC_TIME",
        "LC_COLLATE", "LC_MONETARY",  "LC_MESSAGES",    "LC_PAPER",          "LC_NAME",
        "LC_ADDRESS", "LC_TELEPHONE", "LC_MEASUREMENT", "LC_IDENTIFICATION", "LC_ALL",
    };
    struct buf setting = {0};
    struct words patterns = {0};
    int err =
        quote_split(c->opts->send_locale, &patterns); /* it was checked: there are no quotes */
    for (size_t i = 0; !err && i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);
        if (!value || !pattern_match_any(&patterns, names[i]))
            continue;
        buf_append_str(&setting, names[i]);
        buf_append_byte(&setting, '=');
        buf_append_str(&setting, value);
        words_add(out, "-l");
        words_add_buf(out, &setting);
    }
    buf_release(&setting);
    words_release(&patterns);
}

void command_server_arguments(const struct command_context *c, struct words *out)
{
    words_add(out, "new");
    words_add(out, "-c");
    words_add_number(out, c->colors);
    add_bind(c, out);
    if (c->opts->port) {
        words_add(out, "-p");
        words_add(out, c->opts->port);
    }
    add_locale(c, out);
    if (c->opts->command[0]) {
        words_add(out, "--");
        for (char **word = c->opts->command; *word; word++)
            words_add(out, *word);
    }
}

int command_local_server(const struct command_context *c, const struct words *server_arguments,
                         struct words *out)
{
    int err = quote_split(c->opts->server, out);
    if (!err)
        words_add_all(out, server_arguments);
    return err;
}

/* --- ssh --- */

/* Stock's form, for a command of the user's own: it goes to the login shell as it is. */
static const char report_connection[] =
    "sh -c '[ -n \"$SSH_CONNECTION\" ] && "
    "printf \"\\nMOSH SSH_CONNECTION %s\\n\" \"$SSH_CONNECTION\"' ; ";

static void append_remote_command(const struct command_context *c,
                                  const struct words *server_arguments, struct buf *out)
{
    if (!c->opts->server_given) {
        remote_command(out);
    } else {
        if (c->route->way == ROUTE_REPORTED)
            buf_append_str(out, report_connection);
        buf_append_str(out, c->opts->server);
    }
    for (size_t i = 0; i < server_arguments->count; i++) {
        buf_append_byte(out, ' ');
        quote_append(out, server_arguments->at[i]);
    }
}

/* ssh reads the value twice: for its own %-sequences, and by the shell. */
static void add_proxy(const struct command_context *c, struct words *out)
{
    struct buf self = {0};
    struct buf option = {0};
    for (const char *p = c->self; *p; p++) {
        if (*p == '%')
            buf_append_byte(&self, '%');
        buf_append_byte(&self, (uint8_t)*p);
    }
    buf_append_byte(&self, '\0');
    buf_append_str(&option, "ProxyCommand=");
    quote_append(&option, (const char *)self.data);
    buf_append_str(&option, " '--family=");
    buf_append_str(&option, family_name(c->route->family));
    buf_append_str(&option, "' --fake-proxy -- %h %p");
    words_add(out, "-S");
    words_add(out, "none");
    words_add(out, "-o");
    words_add_buf(out, &option);
    words_add(out, "-o");
    words_add(out, "ProxyUseFdpass=yes");
    buf_release(&option);
    buf_release(&self);
}

static void add_destination(const struct command_context *c, struct words *out)
{
    if (c->route->way == ROUTE_PROXY)
        add_proxy(c, out);
    else if (c->opts->family == FAMILY_INET)
        words_add(out, "-4");
    else if (c->opts->family == FAMILY_INET6)
        words_add(out, "-6");
    char *destination =
        route_destination(c->opts->host, c->route->way == ROUTE_LOCAL ? c->address : NULL);
    words_add(out, destination);
    free(destination);
    words_add(out, "--");
}

/*
 * -n keeps ssh from reading what is meant for the client. Passwords it asks for on /dev/tty all the
 * same. -tt has the server run on a terminal, whose hangup ends a server that
 * hangs before it has detached.
 */
void command_ssh(const struct command_context *c, const struct words *ssh,
                 const struct words *server_arguments, struct words *out)
{
    struct buf remote = {0};
    words_add_all(out, ssh);
    words_add(out, "-n");
    if (c->opts->ssh_pty)
        words_add(out, "-tt");
    add_destination(c, out);
    append_remote_command(c, server_arguments, &remote);
    words_add_buf(out, &remote);
    buf_release(&remote);
}

void command_ssh_script(const struct command_context *c, const struct words *ssh,
                        const struct buf *remote, struct words *out)
{
    struct buf copy = {0};
    buf_append(&copy, remote->data, remote->len);
    words_add_all(out, ssh);
    words_add(out, "-T");
    add_destination(c, out);
    words_add_buf(out, &copy);
    buf_release(&copy);
}

/* --- mosh-client --- */

void command_client(const struct opts *o, char *const *argv, const char *address, unsigned port,
                    struct words *out)
{
    struct buf line = {0};
    buf_append_str(&line, "-#");
    for (char *const *word = argv + 1; *word; word++) {
        buf_append_byte(&line, ' ');
        buf_append_str(&line, *word);
    }
    buf_append_str(&line, " |");
    words_add(out, o->client);
    words_add_buf(out, &line);
    words_add(out, address);
    words_add_number(out, port);
    buf_release(&line);
}
