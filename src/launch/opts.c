/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "launch/opts.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sys/endpoint.h"
#include "sys/args.h"

const char opts_usage[] =
    "Usage: mosh [OPTION]... [--] [USER@]HOST [COMMAND [ARGUMENT]...]\n"
    "\n"
    "Starts mosh-server on HOST over ssh and connects mosh-client to it. Options end at\n"
    "HOST; what follows it is run there instead of a login shell.\n"
    "\n"
    "  -a, --predict=always       echo keystrokes here before the server confirms them\n"
    "  -n, --predict=never        do not; other modes: adaptive (default), experimental\n"
    "  -o, --predict-overwrite    predicted characters overwrite instead of inserting\n"
    "  -4, --family=inet          use IPv4 only\n"
    "  -6, --family=inet6         use IPv6 only; others: auto, all, prefer-inet (default),\n"
    "                             prefer-inet6\n"
    "  -p, --port=PORT[:PORT]     UDP port, or range of ports, of the server\n"
    "      --bind-server=WHERE    ssh (the address that ssh reached), any, or an IP address\n"
    "      --ssh=COMMAND          the ssh to run, with options (default: ssh)\n"
    "      --no-ssh-pty           do not ask ssh for a terminal on the server\n"
    "      --client=PATH          mosh-client on this machine\n"
    "      --server=COMMAND       mosh-server on the other machine\n"
    "      --no-init              leave the terminal's alternate screen alone\n"
    "      --local                start the server on this machine, without ssh\n"
    "      --experimental-remote-ip=HOW\n"
    "                             how to learn the server's address: auto (default), proxy,\n"
    "                             local, remote\n"
    "      --help                 this text\n"
    "      --version              version and licence\n"
    "\n"
    "--predict-overwrite, --ssh-pty and --init can be denied with --no- in front.\n"
    "This version makes no predictions yet, whatever is asked for.\n";

enum long_option {
    OPT_CLIENT = 256,
    OPT_SERVER,
    OPT_PREDICT,
    OPT_NO_PREDICT_OVERWRITE,
    OPT_FAMILY,
    OPT_BIND_SERVER,
    OPT_SSH,
    OPT_SSH_PTY,
    OPT_NO_SSH_PTY,
    OPT_INIT,
    OPT_NO_INIT,
    OPT_LOCAL,
    OPT_REMOTE_IP,
    OPT_FAKE_PROXY,
    OPT_HELP,
    OPT_VERSION,
};

static const struct option long_options[] = {
    {"client", required_argument, NULL, OPT_CLIENT},
    {"server", required_argument, NULL, OPT_SERVER},
    {"predict", required_argument, NULL, OPT_PREDICT},
    {"predict-overwrite", no_argument, NULL, 'o'},
    {"no-predict-overwrite", no_argument, NULL, OPT_NO_PREDICT_OVERWRITE},
    {"family", required_argument, NULL, OPT_FAMILY},
    {"port", required_argument, NULL, 'p'},
    {"bind-server", required_argument, NULL, OPT_BIND_SERVER},
    {"ssh", required_argument, NULL, OPT_SSH},
    {"ssh-pty", no_argument, NULL, OPT_SSH_PTY},
    {"no-ssh-pty", no_argument, NULL, OPT_NO_SSH_PTY},
    {"init", no_argument, NULL, OPT_INIT},
    {"no-init", no_argument, NULL, OPT_NO_INIT},
    {"local", no_argument, NULL, OPT_LOCAL},
    {"experimental-remote-ip", required_argument, NULL, OPT_REMOTE_IP},
    {"fake-proxy", no_argument, NULL, OPT_FAKE_PROXY},
    {"help", no_argument, NULL, OPT_HELP},
    {"version", no_argument, NULL, OPT_VERSION},
    {NULL, 0, NULL, 0},
};

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

/* --- values --- */

static void set_port(struct reading *r, const char *value)
{
    struct port_range range;
    const char *why = *value ? args_port_range(value, &range) : "expected PORT or LOW:HIGH";
    if (why)
        complain(r, "--port %s: %s", value, why);
    else
        r->opts->port = value;
}

static bool is_predict_mode(const char *word)
{
    static const char *const modes[] = {"adaptive", "always", "never", "experimental"};
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        if (strcmp(word, modes[i]) == 0)
            return true;
    }
    return false;
}

static void set_predict(struct reading *r, const char *source, const char *value)
{
    if (is_predict_mode(value))
        r->opts->predict = value;
    else
        complain(r, "%s%s: not a prediction mode; expected adaptive, always, never or experimental",
                 source, value);
}

static void set_family(struct reading *r, const char *value)
{
    if (family_parse(value, &r->opts->family))
        r->opts->family_given = true;
    else
        complain(r,
                 "--family %s: not an address family; expected inet, inet6, auto, all, "
                 "prefer-inet or prefer-inet6",
                 value);
}

static void set_remote_ip(struct reading *r, const char *value)
{
    static const char *const ways[] = {
        [REMOTE_IP_AUTO] = "auto",
        [REMOTE_IP_PROXY] = "proxy",
        [REMOTE_IP_LOCAL] = "local",
        [REMOTE_IP_REMOTE] = "remote",
    };
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        if (strcmp(value, ways[i]) == 0) {
            r->opts->remote_ip = (enum opts_remote_ip)i;
            return;
        }
    }
    complain(r, "--experimental-remote-ip %s: expected auto, proxy, local or remote", value);
}

static void set_bind_server(struct reading *r, const char *value)
{
    struct endpoint a;
    if (strcmp(value, "ssh") == 0 || strcmp(value, "any") == 0 || endpoint_parse(value, 0, &a) == 0)
        r->opts->bind_server = value;
    else
        complain(r, "--bind-server %s: expected ssh, any, or a numeric IP address", value);
}

/* A program's name that cannot be empty, since nothing could be run then. */
static void set_command(struct reading *r, const char *option, const char *value, const char **out)
{
    if (*value)
        *out = value;
    else
        complain(r, "%s: the value is empty; expected a command", option);
}

/* --- the line --- */

static void take_option(struct reading *r, int option, const char *value)
{
    struct opts *o = r->opts;
    switch (option) {
    case OPT_CLIENT:
        set_command(r, "--client", value, &o->client);
        break;
    case OPT_SERVER:
        set_command(r, "--server", value, &o->server);
        o->server_given = true;
        break;
    case OPT_SSH:
        set_command(r, "--ssh", value, &o->ssh);
        break;
    case OPT_PREDICT:
        set_predict(r, "--predict ", value);
        break;
    case 'a':
        o->predict = "always";
        break;
    case 'n':
        o->predict = "never";
        break;
    case 'o':
    case OPT_NO_PREDICT_OVERWRITE:
        o->predict_overwrite = option == 'o' ? CHOICE_YES : CHOICE_NO;
        break;
    case OPT_FAMILY:
        set_family(r, value);
        break;
    case '4':
    case '6':
        set_family(r, option == '4' ? "inet" : "inet6");
        break;
    case 'p':
        set_port(r, value);
        break;
    case OPT_BIND_SERVER:
        set_bind_server(r, value);
        break;
    case OPT_SSH_PTY:
    case OPT_NO_SSH_PTY:
        o->ssh_pty = option == OPT_SSH_PTY;
        break;
    case OPT_INIT:
    case OPT_NO_INIT:
        o->init = option == OPT_INIT ? CHOICE_YES : CHOICE_NO;
        break;
    case OPT_LOCAL:
        o->local = true;
        break;
    case OPT_REMOTE_IP:
        set_remote_ip(r, value);
        break;
    case OPT_FAKE_PROXY:
        r->action = OPTS_FAKE_PROXY;
        break;
    case OPT_HELP:
        r->action = OPTS_HELP;
        break;
    case OPT_VERSION:
        r->action = OPTS_VERSION;
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
    if (r->action == OPTS_CONNECT && o->command[0] && o->command[0][0] == '-') {
        if (strcmp(o->command[0], "--") == 0)
            o->command++;
        else /* rather an option in the wrong place than a command */
            complain(r, "%s: options go before the host; a command goes after it, or after --",
                     o->command[0]);
    }
    if (r->action == OPTS_FAKE_PROXY && (!words[1] || words[2]))
        complain(r, "--fake-proxy: expected HOST PORT");
}

enum opts_action opts_parse(struct opts *o, int argc, char **argv, const char *env_predict,
                            struct buf *complaint)
{
    struct reading r = {.opts = o, .complaint = complaint, .action = OPTS_CONNECT};
    *o = (struct opts){
        .client = "mosh-client",
        .server = "mosh-server",
        .ssh = "ssh",
        .family = FAMILY_PREFER_INET,
        .ssh_pty = true,
    };
    opterr = 0; /* the messages are ours */
    optind = 0; /* begin anew (glibc, musl): tests read more than one line */
    while (r.action == OPTS_CONNECT || r.action == OPTS_FAKE_PROXY) {
        optopt = 0;
        int at = optind ? optind : 1;
        int option = getopt_long(argc, argv, "+:anop:46", long_options, NULL);
        if (option < 0)
            break;
        if (option == ':' || option == '?')
            refuse_option(&r, option, argv[at]);
        else
            take_option(&r, option, optarg);
    }
    if (r.action == OPTS_CONNECT || r.action == OPTS_FAKE_PROXY)
        take_words(&r, argv + optind);
    if (r.action == OPTS_CONNECT && !o->predict && env_predict)
        set_predict(&r, "the environment's MOSH_PREDICTION_DISPLAY=", env_predict);
    return r.action;
}
