/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "launch/opts.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sys/args.h"

/* What getopt_long returns for a long option, and for one with --no- in front. */
enum { LONG = 256, DENIED = LONG + OPTIONS, NAME_BYTES_MAX = 40 };

/* All of one reading: where it writes, and what it is about. */
struct reading {
    struct opts *opts;
    struct buf *complaint;
    enum opts_action action;
};

static PRINTF_LIKE(2, 3) void complain(struct reading *r, const char *format, ...)
{
    char line[512];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    buf_clear(r->complaint);
    buf_append_str(r->complaint, line);
    r->action = OPTS_WRONG;
}

/* --- the table, as getopt wants it --- */

struct getopt_table {
    char letters[2 * OPTIONS + 3];
    struct option options[2 * OPTIONS + 1];
    char denials[OPTIONS][NAME_BYTES_MAX];
};

static void build_table(struct getopt_table *t)
{
    struct option *next = t->options;
    char *letter = t->letters;
    *letter++ = '+'; /* stop at the host */
    *letter++ = ':';
    for (int o = 0; o < OPTIONS; o++) {
        const struct option_entry *e = &options_table[o];
        int argument = e->kind == KIND_VALUE ? required_argument : no_argument;
        if (e->letter) {
            *letter++ = e->letter;
            if (argument == required_argument)
                *letter++ = ':';
        }
        if (e->name)
            *next++ = (struct option){e->name, argument, NULL, LONG + o};
        if (e->kind == KIND_CHOICE) {
            snprintf(t->denials[o], NAME_BYTES_MAX, "no-%s", e->name);
            *next++ = (struct option){t->denials[o], no_argument, NULL, DENIED + o};
        }
    }
    *letter = '\0';
    *next = (struct option){NULL, 0, NULL, 0};
}

static enum option_id option_by_letter(int letter)
{
    enum option_id o = 0;
    while (o < OPTIONS && options_table[o].letter != letter)
        o++;
    return o;
}

/* --- the line --- */

static void set(struct reading *r, enum option_id o, const char *value, const char *origin)
{
    if (settings_set(&r->opts->settings, o, value, SOURCE_OPTION, origin, r->complaint) < 0)
        r->action = OPTS_WRONG;
}

static void act(struct reading *r, enum option_id o)
{
    static const enum opts_action actions[OPTIONS] = {
        [OPTION_DOCTOR] = OPTS_DOCTOR,   [OPTION_FAKE_PROXY] = OPTS_FAKE_PROXY,
        [OPTION_HELP] = OPTS_HELP,       [OPTION_PRINT_CONFIG] = OPTS_PRINT_CONFIG,
        [OPTION_VERSION] = OPTS_VERSION,
    };
    r->action = actions[o];
}

static void take_option(struct reading *r, int found, const char *value)
{
    char origin[NAME_BYTES_MAX + 4];
    bool denied = found >= DENIED;
    enum option_id o = denied          ? (enum option_id)(found - DENIED)
                       : found >= LONG ? (enum option_id)(found - LONG)
                                       : option_by_letter(found);
    const struct option_entry *e = &options_table[o];
    if (e->name)
        snprintf(origin, sizeof origin, "--%s%s", denied ? "no-" : "", e->name);
    else
        snprintf(origin, sizeof origin, "-%c", e->letter);
    switch (e->kind) {
    case KIND_VALUE:
        set(r, o, value, origin);
        break;
    case KIND_CHOICE:
        set(r, o, denied ? "no" : "yes", origin);
        break;
    case KIND_ALIAS:
        set(r, e->alias_of, e->alias_value, origin);
        break;
    case KIND_ACTION:
        act(r, o);
        break;
    }
}

/* getopt has refused something: ':' for a missing value, '?' for the rest. */
static void refuse_option(struct reading *r, int why, const char *argument)
{
    bool is_long = strncmp(argument, "--", 2) == 0;
    if (why == ':')
        complain(r, "%s: needs a value; see mosh --help", argument);
    else if (!is_long)
        complain(r, "-%c: not an option; see mosh --help", optopt);
    else if (optopt)
        complain(r, "%s: takes no value; see mosh --help", argument);
    else
        complain(r, "%s: not an option, or short for more than one; see mosh --help", argument);
}

/* The host goes into argument vectors and messages. One that begins with '-' would be taken for an
   option by ssh; the others cannot be names. */
static void check_host(struct reading *r, const char *destination)
{
    const char *at = strrchr(destination, '@');
    const char *host = at ? at + 1 : destination;
    for (const char *p = destination; *p; p++) {
        unsigned char c = (unsigned char)*p;
        if (c <= ' ' || c == 0x7F) {
            complain(r, "%s: a host has no white space and no control characters in it",
                     destination);
            return;
        }
    }
    if (*host == '\0' || at == destination)
        complain(r, "\"%s\": not a host; expected [USER@]HOST", destination);
    else if (strpbrk(host, "'`\"$\\;&<>|(){}")) /* ssh gives it to a shell, for a ProxyCommand */
        complain(r, "%s: a host has no such characters in it; expected [USER@]HOST", destination);
    else if (*host == '-' || *destination == '-')
        complain(r, "%s: a host does not begin with \"-\"; expected [USER@]HOST", destination);
}

static void take_words(struct reading *r, char **words)
{
    struct opts *o = r->opts;
    if (!words[0]) {
        complain(r, "no host is given; expected mosh [OPTION]... [USER@]HOST [COMMAND]...");
        return;
    }
    o->host = words[0];
    o->command = words + 1;
    check_host(r, o->host);
    if (r->action != OPTS_FAKE_PROXY && o->command[0] && o->command[0][0] == '-') {
        if (strcmp(o->command[0], "--") == 0)
            o->command++;
        else /* rather an option in the wrong place than a command */
            complain(r, "%s: options go before the host; a command goes after it, or after --",
                     o->command[0]);
    }
    if (r->action != OPTS_DOCTOR && settings_is_yes(&o->settings, OPTION_JSON))
        complain(r, "--json: only --doctor has something to say in JSON");
    if (r->action == OPTS_DOCTOR && o->command[0])
        complain(r, "--doctor: takes no command; expected mosh --doctor [OPTION]... [USER@]HOST");
    if (r->action == OPTS_FAKE_PROXY && (!words[1] || words[2]))
        complain(r, "--fake-proxy: expected HOST PORT");
}

/* Whether there is more to read: what only prints needs no host. */
static bool goes_on(const struct reading *r)
{
    return r->action == OPTS_CONNECT || r->action == OPTS_DOCTOR || r->action == OPTS_FAKE_PROXY ||
           r->action == OPTS_PRINT_CONFIG;
}

enum opts_action opts_parse(struct opts *o, int argc, char **argv, struct buf *complaint)
{
    struct reading r = {.opts = o, .complaint = complaint, .action = OPTS_CONNECT};
    struct getopt_table table;
    *o = (struct opts){.host = NULL};
    build_table(&table);
    opterr = 0; /* the messages are ours */
    optind = 0; /* begin anew (glibc, musl): tests read more than one line */
    while (goes_on(&r)) {
        optopt = 0;
        int at = optind ? optind : 1;
        int option = getopt_long(argc, argv, table.letters, table.options, NULL);
        if (option < 0)
            break;
        if (option == ':' || option == '?')
            refuse_option(&r, option, argv[at]);
        else
            take_option(&r, option, optarg);
    }
    if (goes_on(&r))
        take_words(&r, argv + optind);
    return r.action;
}

/* --- all that was said --- */

static enum opts_remote_ip remote_ip(const char *word)
{
    static const char *const ways[] = {
        [REMOTE_IP_AUTO] = "auto",
        [REMOTE_IP_PROXY] = "proxy",
        [REMOTE_IP_LOCAL] = "local",
        [REMOTE_IP_REMOTE] = "remote",
    };
    size_t i = 0;
    while (i + 1 < sizeof ways / sizeof ways[0] && strcmp(word, ways[i]) != 0)
        i++;
    return (enum opts_remote_ip)i;
}

void opts_settle(struct opts *o)
{
    const struct settings *s = &o->settings;
    const char *server = settings_get(s, OPTION_SERVER), *family = settings_get(s, OPTION_FAMILY);
    o->client = settings_get(s, OPTION_CLIENT);
    o->server = server ? server : "mosh-server";
    o->server_given = server;
    o->ssh = settings_get(s, OPTION_SSH);
    o->predict = settings_get(s, OPTION_PREDICT);
    o->predict_overwrite = settings_is_yes(s, OPTION_PREDICT_OVERWRITE);
    o->family = FAMILY_PREFER_INET;
    o->family_given = family && family_parse(family, &o->family);
    o->port = settings_get(s, OPTION_PORT);
    o->bind_server = settings_get(s, OPTION_BIND_SERVER);
    o->send_locale = settings_get(s, OPTION_SEND_LOCALE);
    o->ssh_pty = settings_is_yes(s, OPTION_SSH_PTY);
    o->init = settings_is_yes(s, OPTION_INIT);
    o->local = settings_is_yes(s, OPTION_LOCAL);
    o->json = settings_is_yes(s, OPTION_JSON);
    o->quiet = settings_is_yes(s, OPTION_QUIET);
    o->verbose = settings_is_yes(s, OPTION_VERBOSE);
    o->remote_ip = remote_ip(settings_get(s, OPTION_REMOTE_IP));
}

void opts_release(struct opts *o)
{
    settings_release(&o->settings);
    *o = (struct opts){.host = NULL};
}
