/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "launch/serveropts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define PROGRAM       SERVEROPTS_PROGRAM
#define PORT_LOW      60001
#define PORT_HIGH     60999
#define TIMEOUT_MAX_S UINT32_MAX

static void print_usage(FILE *to)
{
    fputs("Usage: " PROGRAM " new [-s] [-v] [-i IP] [-p PORT[:PORT2]] [-c COLORS]"
          " [-l NAME=VALUE]... [-- COMMAND...]\n"
          "       " PROGRAM " --help | --version | --sandbox-status\n"
          "\n"
          "Starts a session for one mosh client and prints its port and key.\n"
          "\n"
          "  -s               listen on the address that ssh was reached at\n"
          "  -i IP            listen on this address only\n"
          "  -p PORT[:PORT2]  take the first free UDP port of these (default 60001:60999)\n"
          "  -c COLORS        colours of the user's terminal, which decide TERM\n"
          "  -l NAME=VALUE    of the client's locale, for the program, if it is installed here\n"
          "  -v               keep the standard streams open, and log to standard error\n"
          "  COMMAND          to run instead of a login shell\n",
          to);
}

void serveropts_print_version(FILE *to)
{
    fputs(ARGS_VERSION(PROGRAM), to);
}

/* -s: "CLIENT-IP CLIENT-PORT SERVER-IP SERVER-PORT", of which the third is wanted. */
static void take_ssh_address(struct serveropts *o)
{
    static const char mapped[] = "::ffff:";
    const char *connection = getenv("SSH_CONNECTION");
    const char *ip = o->ssh_ip;

    if (!connection || sscanf(connection, "%*s %*s %63s", o->ssh_ip) != 1) {
        args_warn(PROGRAM, "-s: SSH_CONNECTION does not name an address; listening on all");
        return;
    }
    if (strncasecmp(ip, mapped, sizeof mapped - 1) == 0)
        ip += sizeof mapped - 1;
    o->ip = ip;
}

static void take_ports(struct serveropts *o, const char *text)
{
    const char *wrong = args_port_range(text, &o->ports);

    if (!wrong)
        return;
    /* A wrapper looks for the words "Bad UDP port" to tell this from other failures. */
    args_fail(PROGRAM, "Bad UDP port or range \"%s\": %s; expected PORT or LOW:HIGH", text, wrong);
}

static void take_colors(struct serveropts *o, const char *text)
{
    bool negative = text[0] == '-'; /* -1 means none */
    uint64_t colors;

    if (args_decimal(text + negative, 0, INT32_MAX, &colors) != 0)
        args_fail(PROGRAM, "-c \"%s\": the number of colours is a decimal integer", text);
    o->colors_256 = !negative && colors >= 256;
}

static void take_locale(struct serveropts *o, const char *text)
{
    const char *equals = strchr(text, '=');

    if (!equals || equals == text)
        args_fail(PROGRAM, "-l \"%s\": expected NAME=VALUE", text);
    if (o->locale_count == CHARSET_SETTINGS_MAX)
        args_fail(PROGRAM, "-l: more than %d settings", CHARSET_SETTINGS_MAX);
    o->locale[o->locale_count++] = text;
}

static void take_option(struct serveropts *o, int letter)
{
    switch (letter) {
    case 's':
        take_ssh_address(o);
        break;
    case 'i':
        o->ip = optarg;
        break;
    case 'p':
        take_ports(o, optarg);
        break;
    case 'c':
        take_colors(o, optarg);
        break;
    case 'l':
        take_locale(o, optarg);
        break;
    case 'v':
        o->verbose = true;
        break;
    case '@': /* hints of wrappers, for servers that know more than others */
        if (strcmp(optarg, SERVEROPTS_EVERYWHERE) == 0)
            o->everywhere = true;
        break;
    case ':':
        args_fail(PROGRAM, "-%c: an argument is missing; see " PROGRAM " --help", optopt);
    default:
        args_warn(PROGRAM, "-%c is not known and is ignored", optopt);
        break;
    }
}

/* An unknown option or a stray word does not stop anything: wrappers of another version may send
   some. */
static void take_options(struct serveropts *o, int argc, char **argv)
{
    opterr = 0;
    optind = 2;
    while (optind < argc) {
        if (strncmp(argv[optind], "--", 2) == 0) {
            args_warn(PROGRAM, "%s is not known and is ignored", argv[optind++]);
            continue;
        }
        int letter = getopt(argc, argv, "+:@:i:p:c:svl:");
        if (letter == -1)
            optind++;
        else
            take_option(o, letter);
    }
}

/* The form of old: "mosh-server [IP [PORT[:PORT2]]]". */
static void take_words(struct serveropts *o, int argc, char **argv)
{
    if (argc > 3)
        args_fail(PROGRAM, "%s: a word too much; expected \"new\" and options, or IP and PORT",
                  argv[3]);
    if (argc > 1)
        o->ip = argv[1];
    if (argc > 2)
        take_ports(o, argv[2]);
}

/* A time-out in seconds from the environment, as milliseconds; 0 for none. */
static msec_t timeout_variable(const char *name)
{
    const char *text = getenv(name);
    uint64_t seconds = 0;

    if (text && args_decimal(text, 0, TIMEOUT_MAX_S, &seconds) != 0)
        args_warn(PROGRAM, "%s is ignored: \"%s\" is not a number of seconds", name, text);
    return seconds * 1000;
}

void serveropts_parse(struct serveropts *o, int argc, char **argv)
{
    *o = (struct serveropts){.ports = {PORT_LOW, PORT_HIGH}};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--") == 0) {
            o->command = argv[i + 1] ? argv + i + 1 : NULL;
            argc = i;
        } else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            print_usage(stdout);
            exit(0);
        } else if (strcmp(argv[i], "--version") == 0) {
            serveropts_print_version(stdout);
            exit(0);
        } else if (strcmp(argv[i], "--sandbox-status") == 0) {
            exit(sandbox_print_status(SANDBOX_SERVER));
        }
    }
    if (argc > 1 && strcmp(argv[1], "new") == 0)
        take_options(o, argc, argv);
    else
        take_words(o, argc, argv);
    if (o->everywhere && o->ssh_ip[0])
        o->ip = NULL;
    o->network_timeout_ms = timeout_variable("MOSH_SERVER_NETWORK_TMOUT");
    o->signal_timeout_ms = timeout_variable("MOSH_SERVER_SIGNAL_TMOUT");
    o->sandbox = sandbox_policy_of_user(PROGRAM);
}
