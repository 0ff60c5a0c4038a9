/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "launch/options.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "launch/quote.h"
#include "launch/resolve.h"
#include "sys/args.h"
#include "util/escapekey.h"

enum { HELP_COLUMN = 29, EXPECTS_BYTES_MAX = 256 };

/* --- what is accepted --- */

static bool check_port(const char *value, const char **why)
{
    struct port_range range;
    if (!*value)
        return false;
    *why = args_port_range(value, &range);
    return !*why;
}

static bool check_family(const char *value, const char **why)
{
    enum family family;
    (void)why;
    return family_parse(value, &family);
}

static bool check_bind_server(const char *value, const char **why)
{
    struct endpoint a;
    (void)why;
    return strcmp(value, "ssh") == 0 || strcmp(value, "any") == 0 ||
           endpoint_parse(value, 0, &a) == 0;
}

/* Nothing could be run without a name. */
static bool check_program(const char *value, const char **why)
{
    (void)why;
    return *value != '\0';
}

static bool check_command(const char *value, const char **why)
{
    struct words words = {0};
    bool split = quote_split(value, &words) == 0;
    bool blank = words.count == 0;
    words_release(&words);
    if (!split)
        *why = "a quote or a backslash in it is not completed";
    return split && !blank;
}

static bool check_escape_key(const char *value, const char **why)
{
    bool understood;
    (void)why;
    if (strcmp(value, "none") == 0)
        return true;
    (void)escapekey_parse(value, &understood);
    return understood && *value;
}

/* It goes to the terminal. */
static bool check_title_prefix(const char *value, const char **why)
{
    (void)why;
    return !args_has_controls(value);
}

static bool check_send_locale(const char *value, const char **why)
{
    (void)why;
    return *value &&
           value[strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_*? abcdefghijklmnopqrstuvwxyz")] == '\0';
}

/* --- the table --- */

/* clang-format off */
const struct option_entry options_table[OPTIONS] = {
    [OPTION_PREDICT] = {
        .name = "predict", .value = "MODE", .keyword = "Predict",
        .words = "adaptive always never experimental", .fallback = "adaptive",
        .variables = {{"MOSH_PREDICTION_DISPLAY", NULL}},
        .help = "when to show what is typed before the server does:\n"
                "adaptive (default), always, never, experimental"},
    [OPTION_ALWAYS] = {
        KIND_ALIAS, .letter = 'a', .alias_of = OPTION_PREDICT, .alias_value = "always",
        .help = "the same as --predict=always"},
    [OPTION_NEVER] = {
        KIND_ALIAS, .letter = 'n', .alias_of = OPTION_PREDICT, .alias_value = "never",
        .help = "the same as --predict=never"},
    [OPTION_PREDICT_OVERWRITE] = {
        KIND_CHOICE, "predict-overwrite", 'o', .keyword = "PredictOverwrite", .fallback = "no",
        .variables = {{"MOSH_PREDICTION_OVERWRITE", NULL}},
        .help = "predicted text overwrites instead of inserting"},
    [OPTION_FAMILY] = {
        .name = "family", .value = "FAMILY", .keyword = "AddressFamily",
        .words = "inet inet6 auto all prefer-inet prefer-inet6", .check = check_family,
        .otherwise = "prefer-inet, unless ssh's AddressFamily says otherwise",
        .help = "addresses to use: inet, inet6, auto, all,\n"
                "prefer-inet (default), prefer-inet6"},
    [OPTION_INET] = {
        KIND_ALIAS, .letter = '4', .alias_of = OPTION_FAMILY, .alias_value = "inet",
        .help = "the same as --family=inet: IPv4 only"},
    [OPTION_INET6] = {
        KIND_ALIAS, .letter = '6', .alias_of = OPTION_FAMILY, .alias_value = "inet6",
        .help = "the same as --family=inet6: IPv6 only"},
    [OPTION_PORT] = {
        .name = "port", .letter = 'p', .value = "PORT[:PORT]", .keyword = "Port",
        .expects = "PORT or LOW:HIGH", .check = check_port,
        .otherwise = "the server's, 60001:60999",
        .help = "UDP port of the server, or a range of ports"},
    [OPTION_BIND_SERVER] = {
        .name = "bind-server", .value = "WHERE", .keyword = "BindServer", .words = "ssh any",
        .expects = "ssh, any, or a numeric IP address", .check = check_bind_server,
        .otherwise = "ssh, but any behind a jump host or a proxy",
        .help = "where the server listens: ssh (the address that ssh\n"
                "reached), any, or an IP address"},
    [OPTION_SSH] = {
        .name = "ssh", .value = "COMMAND", .keyword = "SSHCommand", .fallback = "ssh",
        .expects = "a command", .check = check_command, .is_rest = true,
        .help = "the ssh to run, with options (default: ssh)"},
    [OPTION_SSH_PTY] = {
        KIND_CHOICE, "ssh-pty", .keyword = "SSHPty", .fallback = "yes",
        .help = "ask ssh for a terminal on the server (default)"},
    [OPTION_CLIENT] = {
        .name = "client", .value = "PATH", .keyword = "ClientCommand", .fallback = "mosh-client",
        .expects = "a command", .check = check_program, .is_rest = true,
        .help = "mosh-client on this machine"},
    [OPTION_SERVER] = {
        .name = "server", .value = "COMMAND", .keyword = "ServerCommand",
        .expects = "a command", .check = check_program, .is_rest = true,
        .otherwise = "mosh-server, which is looked for",
        .help = "mosh-server on the other machine (default: it is\n"
                "looked for)"},
    [OPTION_INIT] = {
        KIND_CHOICE, "init", .keyword = "AlternateScreen", .fallback = "yes",
        .variables = {{"MOSH_NO_TERM_INIT", "no"}},
        .help = "use the terminal's alternate screen (default)"},
    [OPTION_ESCAPE_KEY] = {
        .name = "escape-key", .value = "KEY", .keyword = "EscapeKey", .fallback = "^^",
        .expects = "one ASCII character, ^ and a letter, or none; but not ^C, ^D, ^J, ^L or ^M",
        .check = check_escape_key, .variables = {{"MOSH_ESCAPE_KEY", NULL}},
        .help = "the key that leads commands, such as ^B; none for\n"
                "none (default: ^^, which is Ctrl-^)"},
    [OPTION_TITLE_PREFIX] = {
        .name = "title-prefix", .value = "TEXT", .keyword = "TitlePrefix", .fallback = "[mosh] ",
        .expects = "a text without control characters", .check = check_title_prefix,
        .variables = {{"MOSH_TITLE_NOPREFIX", ""}, {"MOSH_TITLE_PREFIX", NULL}},
        .help = "what stands before window titles; may be empty"},
    [OPTION_SEND_LOCALE] = {
        .name = "send-locale", .value = "NAMES", .keyword = "SendLocale",
        .fallback = "LANG LANGUAGE LC_*",
        .expects = "names of variables, which may have * and ? in them, or none",
        .check = check_send_locale,
        .help = "locale variables that the server is told of, as in\n"
                "\"LANG LC_*\"; none for none"},
    [OPTION_LOCAL] = {
        KIND_CHOICE, "local", .fallback = "no",
        .help = "start the server on this machine, without ssh"},
    [OPTION_REMOTE_IP] = {
        .name = "experimental-remote-ip", .value = "HOW", .keyword = "RemoteIP",
        .words = "auto proxy local remote", .fallback = "auto",
        .help = "how to learn the server's address: auto (default),\n"
                "proxy, local, remote"},
    [OPTION_VERBOSE] = {
        KIND_CHOICE, "verbose", 'v', .keyword = "Verbose", .fallback = "no",
        .help = "tell each step of the start, with its time"},
    [OPTION_QUIET] = {
        KIND_CHOICE, "quiet", 'q', .keyword = "Quiet", .fallback = "no",
        .help = "show nothing of the start but what fails"},
    [OPTION_DOCTOR] = {
        KIND_ACTION, "doctor",
        .help = "check all that a session with HOST takes, and say\n"
                "what is wrong and what to do"},
    [OPTION_JSON] = {
        KIND_CHOICE, "json", .fallback = "no",
        .help = "with --doctor: for machines"},
    [OPTION_CONFIG] = {
        .name = "config", .letter = 'F', .value = "FILE", .expects = "a file, or none",
        .check = check_program,
        .help = "read this configuration alone; none for none"},
    [OPTION_PRINT_CONFIG] = {
        KIND_ACTION, "print-config",
        .help = "print what is configured for HOST, and where"},
    [OPTION_HELP] = {
        KIND_ACTION, "help",
        .help = "this text"},
    [OPTION_VERSION] = {
        KIND_ACTION, "version",
        .help = "version and licence"},
    [OPTION_FAKE_PROXY] = {.kind = KIND_ACTION, .name = "fake-proxy"},
};
/* clang-format on */

/* --- asking it --- */

static bool is_among(const char *words, const char *value)
{
    size_t len = strlen(value);
    while (*words) {
        size_t word = strcspn(words, " ");
        if (word == len && memcmp(words, value, len) == 0)
            return true;
        words += word + (words[word] == ' ');
    }
    return false;
}

static const char *words_of(const struct option_entry *e)
{
    return e->kind == KIND_CHOICE ? "yes no" : e->words;
}

/* "a, b or c" */
static void append_words(const char *words, struct buf *out)
{
    while (*words) {
        size_t len = strcspn(words, " ");
        buf_append(out, words, len);
        words += len + (words[len] == ' ');
        if (*words)
            buf_append_str(out, strchr(words, ' ') ? ", " : " or ");
    }
}

void option_expects(enum option_id o, struct buf *out)
{
    const struct option_entry *e = &options_table[o];
    if (e->expects)
        buf_append_str(out, e->expects);
    else
        append_words(words_of(e), out);
}

const char *option_refuses(enum option_id o, const char *value)
{
    static char expected[EXPECTS_BYTES_MAX];
    const struct option_entry *e = &options_table[o];
    const char *why = NULL;
    struct buf text = {0};
    if (e->check ? e->check(value, &why) : is_among(words_of(e), value))
        return NULL;
    if (why)
        return why;
    option_expects(o, &text);
    snprintf(expected, sizeof expected, "expected %.*s", (int)text.len, (const char *)text.data);
    buf_release(&text);
    return expected;
}

enum option_id option_by_keyword(const char *keyword)
{
    for (enum option_id o = 0; o < OPTIONS; o++) {
        if (options_table[o].keyword && strcasecmp(options_table[o].keyword, keyword) == 0)
            return o;
    }
    return OPTIONS;
}

/* --- the usage --- */

static void append_names(const struct option_entry *e, struct buf *out)
{
    const char letter[] = {'-', e->letter, '\0'};
    buf_append_str(out, "  ");
    buf_append_str(out, e->letter ? letter : "  ");
    if (!e->name)
        return;
    buf_append_str(out, e->letter ? ", --" : "  --");
    buf_append_str(out, e->name);
    if (e->value) {
        buf_append_byte(out, '=');
        buf_append_str(out, e->value);
    }
}

static void append_blanks(size_t count, struct buf *out)
{
    for (; count > 0; count--)
        buf_append_byte(out, ' ');
}

static void append_option(const struct option_entry *e, struct buf *out)
{
    size_t start = out->len;
    append_names(e, out);
    size_t width = out->len - start;
    if (width >= HELP_COLUMN) {
        buf_append_byte(out, '\n');
        width = 0;
    }
    append_blanks(HELP_COLUMN - width, out);
    for (const char *line = e->help; *line;) {
        size_t len = strcspn(line, "\n");
        buf_append(out, line, len);
        buf_append_byte(out, '\n');
        line += len + (line[len] == '\n');
        if (*line)
            append_blanks(HELP_COLUMN, out);
    }
}

/* "--a, --b and --c" */
static void append_deniable(struct buf *out)
{
    size_t left = 0;
    for (enum option_id o = 0; o < OPTIONS; o++)
        left += options_table[o].kind == KIND_CHOICE;
    for (enum option_id o = 0; o < OPTIONS; o++) {
        if (options_table[o].kind != KIND_CHOICE)
            continue;
        left--;
        buf_append_str(out, "--");
        buf_append_str(out, options_table[o].name);
        buf_append_str(out, left > 1 ? ", " : left == 1 ? " and " : "");
    }
}

void options_usage(struct buf *out)
{
    buf_append_str(out,
                   "Usage: mosh [OPTION]... [--] [USER@]HOST [COMMAND [ARGUMENT]...]\n"
                   "\n"
                   "Starts mosh-server on HOST over ssh and connects mosh-client to it. Options\n"
                   "end at HOST; what follows it is run there instead of a login shell.\n"
                   "\n");
    for (enum option_id o = 0; o < OPTIONS; o++) {
        if (options_table[o].help)
            append_option(&options_table[o], out);
    }
    buf_append_byte(out, '\n');
    append_deniable(out);
    buf_append_str(out, "\ncan be denied with --no- in front.\n");
}
