/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * mosh: opens a session. It starts mosh-server on the other machine through ssh, reads the port and
 * the key of the new session from what ssh prints, and becomes mosh-client. main() tells the story;
 * the parts are in launch/.
 */

#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launch/command.h"
#include "launch/configfile.h"
#include "launch/connectline.h"
#include "launch/doctor.h"
#include "launch/failure.h"
#include "launch/fakeproxy.h"
#include "launch/keeper.h"
#include "launch/opts.h"
#include "launch/progress.h"
#include "launch/quote.h"
#include "launch/route.h"
#include "launch/say.h"
#include "launch/visible.h"
#include "sys/args.h"
#include "sys/clock.h"
#include "sys/process.h"
#include "util/wipe.h"
#include "util/xalloc.h"

enum { READ_BYTES = 4096, TEXT_KEPT_BYTES_MAX = 16384, CLIENT_MS_MAX = 10000 };

struct start {
    struct opts opts;
    char **argv;
    struct words ssh; /* --ssh, split */
    struct route route;
    char address[ENDPOINT_CHARS]; /* "" as long as it is not known */
    unsigned colors;
    struct connectline lines;
    struct visible visible;
    struct buf text; /* the beginning of what was shown to the user */
};

/* --- before ssh --- */

static void set_or_unset(const char *name, const char *value)
{
    if (value)
        setenv(name, value, 1);
    else
        unsetenv(name);
}

/* What was said on the command line or in a file. What the environment says is there already. */
static const char *said(const struct opts *o, enum option_id option)
{
    const struct setting *s = &o->settings.at[option];
    return s->source == SOURCE_OPTION || s->source == SOURCE_FILE ? s->value : NULL;
}

/* What the client is told by its environment. */
static void set_environment(const struct opts *o)
{
    const char *key = said(o, OPTION_ESCAPE_KEY), *prefix = said(o, OPTION_TITLE_PREFIX);
    set_or_unset("MOSH_NO_TERM_INIT", o->init ? NULL : "1");
    /* The output of a command has to stay to be read when the command is done. With the terminal's
       alternate screen it would vanish. */
    set_or_unset("MOSH_KEEP_SCREEN", o->command[0] ? "1" : NULL);
    set_or_unset("MOSH_PREDICTION_OVERWRITE", o->predict_overwrite ? "yes" : NULL);
    setenv("MOSH_PREDICTION_DISPLAY", o->predict, 1);
    if (key)
        setenv("MOSH_ESCAPE_KEY", strcmp(key, "none") == 0 ? "" : key, 1);
    if (prefix) {
        unsetenv("MOSH_TITLE_NOPREFIX");
        setenv("MOSH_TITLE_PREFIX", prefix, 1);
    }
    char pid[3 * sizeof(pid_t) + 1];
    snprintf(pid, sizeof pid, "%ld", (long)getpid()); /* the client's too: exec keeps it */
    setenv("MOSH_CLIENT_PID", pid, 1);
}

/* How many colours the terminal has, by the client's own count. */
static unsigned count_colors(const struct opts *o)
{
    struct words argv = {0};
    words_add(&argv, o->client);
    words_add(&argv, "-c");
    struct capture c = {.argv = argv.at, .bytes_max = 32, .time_max_ms = CLIENT_MS_MAX};
    struct buf answer = {0};
    int status = 0;
    int err = capture(&c, &answer, &status);
    if (err)
        die(STATUS_HERE, "cannot run %s: %s", o->client, strerror(-err));
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        die(STATUS_HERE, "%s -c failed, so the terminal's colours are not known; is TERM=%s right?",
            o->client, getenv("TERM") ? getenv("TERM") : "");
    words_release(&argv);
    buf_append_byte(&answer, '\0');
    long colors = strtol((const char *)answer.data, NULL, 10);
    buf_release(&answer);
    return colors < 0 || colors > INT_MAX ? 0 : (unsigned)colors;
}

static void split_ssh(struct start *s)
{
    if (quote_split(s->opts.ssh, &s->ssh) < 0) /* it was checked */
        die(STATUS_HERE, "--ssh %s: not a command", s->opts.ssh);
}

static void find_address(struct start *s)
{
    const char *why;
    if (resolve(s->route.hostname, 0, s->route.family, &s->route.named, &why) < 0)
        die(STATUS_HERE, "cannot find the address of %s: %s", s->route.hostname, why);
    endpoint_print_ip(&s->route.named.at[0], s->address);
}

/* How ssh can run this very program again. */
static const char *own_path(char **argv)
{
    static char path[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", path, sizeof path - 1);
    if (len <= 0)
        return argv[0]; /* found by the PATH, as we were */
    path[len] = '\0';
    return access(path, X_OK) == 0 ? path : argv[0]; /* an upgrade may have removed the file */
}

/* --- ssh --- */

static struct command_context new_context(struct start *s)
{
    return (struct command_context){
        .opts = &s->opts,
        .route = &s->route,
        .self = own_path(s->argv),
        .address = s->address[0] ? s->address : NULL,
        .colors = s->colors,
    };
}

static struct words build_command(struct start *s)
{
    struct command_context c = new_context(s);
    struct words arguments = {0};
    struct words command = {0};
    command_server_arguments(&c, &arguments);
    if (!s->opts.local)
        command_ssh(&c, &s->ssh, &arguments, &command);
    else if (command_local_server(&c, &arguments, &command) < 0)
        die(STATUS_HERE, "--server %s: a quote or a backslash in it is not completed",
            s->opts.server);
    words_release(&arguments);
    return command;
}

static void show(struct start *s, const struct buf *text)
{
    struct buf shown = {0};
    if (text->len == 0)
        return;
    visible_put(&s->visible, text->data, text->len, &shown);
    progress_hide();
    write_all(STDOUT_FILENO, shown.data, shown.len);
    if (text->data[text->len - 1] == '\n')
        progress_show();
    if (s->text.len + text->len <= TEXT_KEPT_BYTES_MAX)
        buf_append(&s->text, text->data, text->len);
    buf_release(&shown);
}

/* What the lines say of how far it has got, once: the first comes from our proxy, the second from
   the script on the other machine. */
static void tell_progress(const struct connectline *lines, bool *connected, bool *logged_in)
{
    if (!*connected && lines->address[0])
        progress_step("connected to %s, logging in", lines->address);
    if (!*logged_in && lines->connection_seen)
        progress_step("logged in, starting mosh-server");
    *connected = lines->address[0];
    *logged_in = lines->connection_seen;
}

/* Reads until the session is known or the program has ended, and shows what is for the user. */
static void read_lines(struct start *s, const struct keeper *k)
{
    uint8_t bytes[READ_BYTES];
    struct buf text = {0};
    enum connect_status status = CONNECT_MORE;
    bool connected = false, logged_in = false;
    while (status == CONNECT_MORE) {
        ssize_t got = read(k->output, bytes, sizeof bytes);
        if (got < 0 && errno == EINTR)
            continue;
        buf_clear(&text);
        if (got > 0)
            status = connectline_feed(&s->lines, bytes, (size_t)got, &text);
        else
            status = connectline_end(&s->lines, &text);
        show(s, &text);
        tell_progress(&s->lines, &connected, &logged_in);
        if (got <= 0)
            break;
    }
    wipe(bytes, sizeof bytes); /* the key was in it */
    buf_release(&text);
}

static NORETURN void fail(struct start *s, struct keeper *k, const char *program)
{
    struct buf why = {0};
    char *host = route_host(s->opts.host);
    struct failure f = {
        .host = s->opts.local ? "this machine" : host,
        .server = s->opts.server,
        .program = program,
        .is_local = s->opts.local,
        .was_text_shown = s->text.len > 0,
        .command_not_found = failure_says_not_found(&s->text),
        .lines = &s->lines,
    };
    if (s->lines.status == CONNECT_MORE && keeper_finish(k, &f.end) < 0)
        die(STATUS_HERE, "the process that ran %s was lost", program);
    enum exit_status status = failure_explain(&f, &why);
    buf_append_byte(&why, '\0');
    connectline_wipe(&s->lines);
    die(status, "%s", (const char *)why.data);
}

static void run_server(struct start *s)
{
    struct words command = build_command(s);
    struct keeper_job job = {
        .argv = command.at,
        /* ssh has the shell run our ProxyCommand, and not every shell would read its quotes */
        .shell = s->route.way == ROUTE_PROXY && !s->opts.local ? "/bin/sh" : NULL,
        .no_input = !s->opts.local, /* ssh would set raw mode, and undo the client's when it ends */
        .as_login = s->opts.local,
    };
    struct keeper k;
    if (s->opts.local)
        progress_step("starting mosh-server");
    else
        progress_step("connecting to %s by %s", s->opts.host, s->ssh.at[0]);
    int err = keeper_start(&k, &job);
    if (err)
        die(STATUS_HERE, "cannot run %s: %s", command.at[0], strerror(-err));
    read_lines(s, &k);
    if (s->lines.status != CONNECT_FOUND)
        fail(s, &k, command.at[0]);
    words_release(&command);
    /* The keeper's pipes close with exec, and not before: see launch/keeper.h. */
}

/* --- after ssh --- */

static void choose_address(struct start *s)
{
    struct endpoint a;
    if (s->address[0])
        return;
    if (route_address(&s->route, &s->lines, &a) < 0)
        die(STATUS_ANSWER, "the server is running, but its address is not known%s",
            s->route.way == ROUTE_PROXY
                ? "; does the ssh command ignore ProxyCommand? Try --experimental-remote-ip=remote"
                : "; try --experimental-remote-ip=local");
    endpoint_print_ip(&a, s->address);
}

/* For the client's explanation, should it hear nothing: see overlay/noanswer.h. */
static void tell_setup(const struct start *s)
{
    static const char *const ways[] = {
        [ROUTE_PROXY] = "proxy", [ROUTE_REPORTED] = "reported", [ROUTE_LOCAL] = "local"};
    struct buf words = {0};
    buf_append_str(&words, "way=");
    buf_append_str(&words, s->opts.local ? "none" : ways[s->route.way]);
    if (s->opts.port) {
        buf_append_str(&words, " ports=");
        buf_append_str(&words, s->opts.port);
    }
    if (s->lines.server_address[0]) {
        buf_append_str(&words, " sees=");
        buf_append_str(&words, s->lines.server_address);
    }
    buf_append_byte(&words, '\0');
    setenv("MOSH_SETUP", (const char *)words.data, 1);
    buf_release(&words);
}

/* Where the server listens at one address alone, there is no use in trying others. */
static void tell_other_addresses(const struct start *s)
{
    const char *where = s->opts.bind_server;
    struct buf others = {0};
    if (!s->opts.local && (!where || strcmp(where, "any") == 0))
        route_others(&s->route, &s->lines, s->address, &others);
    buf_append_byte(&others, '\0');
    if (others.data[0])
        setenv("MOSH_OTHER_ADDRESSES", (const char *)others.data, 1);
    else
        unsetenv("MOSH_OTHER_ADDRESSES");
    buf_release(&others);
}

static NORETURN void become_client(struct start *s)
{
    struct words client = {0};
    command_client(&s->opts, s->argv, s->address, s->lines.port, &client);
    progress_step("waiting for %s, UDP port %u", s->address, s->lines.port);
    progress_end();
    /* In the environment and not among the arguments, which all users of the machine can read. */
    setenv("MOSH_KEY", s->lines.key, 1);
    tell_setup(s);
    tell_other_addresses(s);
    connectline_wipe(&s->lines);
    execvp(client.at[0], client.at);
    die(STATUS_HERE, "cannot run %s: %s", client.at[0], strerror(errno));
}

/* Releases the text. Returns the exit status. */
static int print(struct buf *text)
{
    bool printed = say_result(text);

    buf_release(text);
    return printed ? EXIT_SUCCESS : STATUS_HERE;
}

static int print_version(void)
{
    struct buf text = {0};
    buf_append_str(&text, ARGS_VERSION("mosh"));
    return print(&text);
}

static int print_usage(void)
{
    struct buf text = {0};
    options_usage(&text);
    return print(&text);
}

static int print_config(const struct opts *o)
{
    struct buf text = {0};
    settings_print(&o->settings, &text);
    return print(&text);
}

/* What neither the command line nor the environment has said may be in a file. */
static void read_config(struct opts *o)
{
    struct buf complaint = {0};
    char *host = route_host(o->host);
    if (settings_take_environment(&o->settings, getenv, &complaint) < 0 ||
        configfile_load(settings_get(&o->settings, OPTION_CONFIG), host, &o->settings, &complaint) <
            0)
        die(STATUS_HERE, "%.*s", (int)complaint.len, (const char *)complaint.data);
    free(host);
    opts_settle(o);
}

static void begin_progress(const struct opts *o)
{
    msec_t now = clock_now();
    char since[24];
    snprintf(since, sizeof since, "%" PRIu64, now);
    set_or_unset("MOSH_SINCE", o->verbose ? since : NULL); /* the client tells the last step */
    progress_begin(o->verbose ? PROGRESS_STEPS : o->quiet ? PROGRESS_NOTHING : PROGRESS_LINE, now);
}

/* How the server is to be started, and its address to be found. */
static void find_way(struct start *s)
{
    if (s->opts.local) {
        s->route = (struct route){.way = ROUTE_LOCAL, .family = s->opts.family};
        s->route.hostname = route_host(s->opts.host);
    } else {
        split_ssh(s);
        progress_step("asking %s for its configuration", s->ssh.at[0]);
        route_choose(&s->opts, &s->ssh, &s->route);
    }
    if (s->route.way == ROUTE_LOCAL) {
        progress_step("looking up %s", s->route.hostname);
        find_address(s);
    }
}

static NORETURN void connect_session(struct start *s)
{
    begin_progress(&s->opts);
    set_environment(&s->opts);
    s->colors = count_colors(&s->opts);
    find_way(s);
    run_server(s);
    choose_address(s);
    become_client(s);
}

static int examine(struct start *s)
{
    begin_progress(&s->opts);
    find_way(s);
    struct command_context c = new_context(s);
    return doctor_run(&(struct doctor_job){.context = &c, .ssh = &s->ssh, .json = s->opts.json});
}

/* Without memory there is no say(). */
static void out_of_memory(void)
{
    static const char text[] = "mosh: out of memory\n";
    progress_hide();
    write_all(STDERR_FILENO, text, sizeof text - 1);
}

int main(int argc, char **argv)
{
    static struct start s;
    struct buf complaint = {0};
    process_open_stdio();
    xalloc_set_hook(out_of_memory);
    signal(SIGCHLD, SIG_DFL); /* it may have been ignored by who started us: no status then */
    unsetenv("MOSH_KEY");     /* of another session, if at all: not for ssh to see */
    s.argv = argv;
    switch (opts_parse(&s.opts, argc, argv, &complaint)) {
    case OPTS_HELP:
        return print_usage();
    case OPTS_VERSION:
        return print_version();
    case OPTS_FAKE_PROXY:
        opts_settle(&s.opts);
        return fakeproxy_run(s.opts.host, s.opts.command[0], s.opts.family);
    case OPTS_WRONG:
        die(STATUS_HERE, "%.*s", (int)complaint.len, (const char *)complaint.data);
    case OPTS_PRINT_CONFIG:
        read_config(&s.opts);
        return print_config(&s.opts);
    case OPTS_DOCTOR:
        read_config(&s.opts);
        return examine(&s);
    case OPTS_CONNECT:
        read_config(&s.opts);
        break;
    }
    connect_session(&s);
}
