/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client-args.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probe-terminal.h"
#include "sys/args.h"
#include "sys/sandbox.h"
#include "sys/terminfo.h"
#include "sys/tty.h"
#include "util/escapekey.h"
#include "util/log.h"
#include "util/wipe.h"

#define PROGRAM      CLIENT_ARGS_PROGRAM
#define REMARK_BYTES 256

static void print_usage(FILE *to)
{
    fputs("Usage: MOSH_KEY=KEY " PROGRAM " [-v] [-# ARGS] IP PORT\n"
          "       " PROGRAM " -c\n"
          "       MOSH_KEY=KEY " PROGRAM " --probe IP... PORT\n"
          "       " PROGRAM " --probe-terminal\n"
          "       " PROGRAM " --help | --version | --sandbox-status\n"
          "\n"
          "Joins the session that mosh-server has announced with this port and key. The program\n"
          "mosh does both ends for you.\n"
          "\n"
          "  -c       print the number of colours of this terminal\n"
          "  -# ARGS  ignored; shows in the list of processes what mosh was called with\n"
          "  -v       log to standard error\n"
          "\n"
          "--probe measures the ways to a session's server and ends the session; --probe-terminal\n"
          "asks the terminal what it is. Both are for mosh --doctor.\n",
          to);
}

static void print_version(void)
{
    fputs(ARGS_VERSION(PROGRAM), stdout);
}

static NORETURN void print_colors(void)
{
    char remark[REMARK_BYTES];
    int colors;

    if (!terminfo_colors(&colors, remark, sizeof remark))
        args_fail(PROGRAM, "%s", remark);
    printf("%d\n", colors);
    exit(0);
}

static void print_log_line(void *context, const char *line)
{
    (void)context;
    fprintf(stderr, PROGRAM ": %s\r\n", line);
}

void client_args_options(int argc, char **argv)
{
    int letter;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            print_usage(stdout);
            exit(0);
        } else if (strcmp(argv[i], "--version") == 0) {
            print_version();
            exit(0);
        } else if (strcmp(argv[i], "--sandbox-status") == 0) {
            exit(sandbox_print_status(SANDBOX_CLIENT));
        }
    }
    opterr = 0;
    while ((letter = getopt(argc, argv, "+:#:cv")) != -1) {
        switch (letter) {
        case 'c':
            print_colors();
        case 'v':
            log_set_sink(print_log_line, NULL);
            break;
        case '#':
            break;
        case ':':
            args_fail(PROGRAM, "-%c: an argument is missing; see " PROGRAM " --help", optopt);
        default:
            args_fail(PROGRAM, "-%c: there is no such option; see " PROGRAM " --help", optopt);
        }
    }
    if (argc - optind != 2)
        args_fail(PROGRAM,
                  "expected two arguments, an address and a port, not %d; see " PROGRAM " --help",
                  argc - optind);
}

void client_args_server(char **words, struct endpoint *server, uint16_t *port)
{
    uint64_t number;

    if (args_decimal(words[1], 1, UINT16_MAX, &number) != 0)
        args_fail(PROGRAM, "port \"%s\": expected a decimal number from 1 to 65535", words[1]);
    *port = (uint16_t)number;
    if (endpoint_parse(words[0], *port, server) != 0)
        args_fail(PROGRAM, "address \"%s\": expected a numeric IPv4 or IPv6 address", words[0]);
}

static const char *key_complaint(int error)
{
    switch (error) {
    case BASE64_LENGTH:
        return "it has not the 22 characters of a key";
    case BASE64_ALPHABET:
        return "it has characters that no key has (a key is made of A-Z a-z 0-9 + /)";
    default:
        return "its last character cannot end a key (that is one of A Q g w)";
    }
}

/* The key is overwritten where the system keeps the environment that we were started with: others
   of this user could read it there (S15). */
void client_args_key(uint8_t key[KEY_BYTES])
{
    char *text = getenv("MOSH_KEY");

    if (!text)
        args_fail(PROGRAM, "MOSH_KEY is not set; it holds the key that mosh-server has announced");
    size_t len = strlen(text);
    int error = base64_decode_key(text, len, key);
    wipe(text, len);
    unsetenv("MOSH_KEY");
    if (error)
        args_fail(PROGRAM, "MOSH_KEY is not a key: %s", key_complaint(error));
}

void client_args_prediction(struct client_config *config)
{
    const char *display = getenv("MOSH_PREDICTION_DISPLAY");
    const char *overwrite = getenv("MOSH_PREDICTION_OVERWRITE");
    const char *mark = getenv("MOSH_PREDICTION_MARK");

    if (!client_parse_predict_mode(display, &config->predict_mode))
        args_fail(PROGRAM,
                  "MOSH_PREDICTION_DISPLAY is \"%s\": expected adaptive, always, never or"
                  " experimental",
                  display);
    if (!client_parse_predict_mark(mark, &config->predict_mark))
        args_fail(PROGRAM,
                  "MOSH_PREDICTION_MARK is \"%s\": expected underline, dotted, dashed or faint",
                  mark);
    config->predict_overwrite = overwrite && strcmp(overwrite, "yes") == 0;
}

/* What is in it would get to the terminal, so it had better be text. */
static const char *title_prefix(void)
{
    const char *prefix = getenv("MOSH_TITLE_PREFIX");

    if (getenv("MOSH_TITLE_NOPREFIX"))
        return "";
    if (prefix && args_has_controls(prefix)) {
        args_warn(PROGRAM, "MOSH_TITLE_PREFIX is ignored: it has control characters in it");
        prefix = NULL;
    }
    return prefix ? prefix : "[mosh] ";
}

void client_args_terminal(struct client_config *config)
{
    char remark[REMARK_BYTES];
    bool understood;

    if (!isatty(STDIN_FILENO))
        args_fail(PROGRAM, "standard input is not a terminal");
    if (!terminfo_load(&config->caps, remark, sizeof remark))
        args_fail(PROGRAM, "%s", remark);
    if (*remark)
        args_warn(PROGRAM, "%s", remark);
    if (getenv("MOSH_NO_TERM_INIT")) {
        config->caps.enter_screen[0] = '\0';
        config->caps.leave_screen[0] = '\0';
    }
    config->probe = isatty(STDOUT_FILENO) ? probe_terminal_extent(&config->caps) : PROBE_NOTHING;
    config->no_clipboard = getenv("MOSH_NO_CLIPBOARD") != NULL;
    config->caps.clipboard_read = getenv("MOSH_CLIPBOARD_READ") != NULL;
    config->title_prefix = title_prefix();
    config->escape_key = escapekey_parse(getenv("MOSH_ESCAPE_KEY"), &understood);
    if (!understood)
        args_warn(PROGRAM, "MOSH_ESCAPE_KEY is ignored: expected one ASCII character, or ^ and a"
                           " letter; not ^C, ^D, ^J, ^L or ^M");
    (void)tty_size(STDIN_FILENO, &config->rows, &config->cols);
}
