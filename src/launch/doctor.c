/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "launch/doctor.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launch/doctor_client.h"
#include "launch/doctor_print.h"
#include "launch/doctor_remote.h"
#include "launch/keeper.h"
#include "launch/progress.h"
#include "launch/quote.h"
#include "launch/say.h"
#include "launch/visible.h"
#include "sys/clock.h"
#include "util/wipe.h"

enum {
    READ_BYTES = 4096,
    LINE_BYTES_MAX = 4096, /* of what comes from the other machine; the rest of a line is dropped */
    CLIENT_BYTES_MAX = 65536,
    TERMINAL_MS_MAX = 10000,
    PATH_MS_MAX = 60000, /* for each address */
    LOG_QUIET_MS = 500,  /* the server's log has come when nothing more comes for so long */
    LOG_MS_MAX = 3000,
    GOODBYE_MS = 3000 /* for ssh to end */
};

#define PROBE_PROGRAM "cat" /* has keys echoed by its terminal, and does no harm */

struct doctor {
    const struct doctor_job *job;
    struct doctor_facts facts;
    struct doctor_report report;
    struct talk ssh;
    msec_t start;
    struct buf line; /* the beginning of one */
};

/* --- what the other machine says --- */

static void take_bytes(struct doctor *d, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] == '\n' || bytes[i] == '\r') {
            doctor_report_line(&d->report, (const char *)d->line.data, d->line.len);
            wipe(d->line.data, d->line.len); /* the key may have been in it */
            buf_clear(&d->line);
        } else if (d->line.len < LINE_BYTES_MAX) {
            buf_append_byte(&d->line, bytes[i]);
        }
    }
}

/* Reads what comes within a time. False at the end, or when nothing came. */
static bool read_some(struct doctor *d, int wait_ms)
{
    uint8_t bytes[READ_BYTES];
    struct pollfd p = {.fd = d->ssh.from, .events = POLLIN};
    int ready;
    ssize_t got;

    do
        ready = poll(&p, 1, wait_ms);
    while (ready < 0 && errno == EINTR);
    if (ready <= 0)
        return false;
    do
        got = read(d->ssh.from, bytes, sizeof bytes);
    while (got < 0 && errno == EINTR);
    if (got > 0)
        take_bytes(d, bytes, (size_t)got);
    wipe(bytes, sizeof bytes);
    return got > 0;
}

/* The server as `mosh` would start it, but for the program in the session, the log, and that it
   listens on all addresses, since all of them are to be measured. */
static void append_server_arguments(const struct doctor *d, struct buf *out)
{
    static char *program[] = {PROBE_PROGRAM, NULL};
    struct opts opts = *d->job->context->opts;
    struct command_context c = *d->job->context;
    struct words words = {0};

    opts.command = program;
    if (!opts.bind_server || strcmp(opts.bind_server, "ssh") == 0 ||
        strcmp(opts.bind_server, "any") == 0)
        opts.bind_server =
            "::"; /* with stock servers, too, this is every address of both families */
    c.opts = &opts;
    command_server_arguments(&c, &words);
    buf_append_str(out, "new -v");
    for (size_t i = 1; i < words.count; i++) { /* the first is "new" */
        buf_append_byte(out, ' ');
        quote_append(out, words.at[i]);
    }
    words_release(&words);
}

static struct words build_command(const struct doctor *d)
{
    const struct opts *o = d->job->context->opts;
    struct buf arguments = {0}, remote = {0};
    struct words command = {0};

    append_server_arguments(d, &arguments);
    buf_append_byte(&arguments, '\0');
    doctor_remote_command(o->server_given ? o->server : NULL, (const char *)arguments.data,
                          &remote);
    if (o->local) {
        words_add(&command, "/bin/sh");
        words_add(&command, "-c");
        words_add_buf(&command, &remote);
    } else {
        command_ssh_script(d->job->context, d->job->ssh, &remote, &command);
    }
    buf_release(&arguments);
    buf_release(&remote);
    return command;
}

/* Until the server has been started, or that has failed. */
static void ask_other_machine(struct doctor *d)
{
    struct doctor_ssh *s = &d->facts.ssh;
    struct words command = build_command(d);
    int err;

    setenv("SHELL", "/bin/sh", 1); /* ssh has it run our ProxyCommand, and not every one would do */
    if (d->facts.is_local)
        unsetenv("SSH_CONNECTION"); /* of a session that we are in ourselves */
    progress_step(d->facts.is_local ? "starting mosh-server on %s"
                                    : "asking %s, and starting mosh-server there",
                  d->facts.host);
    d->start = clock_now();
    err = talk_start(&d->ssh, command.at);
    if (err)
        die(STATUS_HERE, "cannot run %s: %s", command.at[0], strerror(-err));
    words_release(&command);
    while (!d->report.finished && read_some(d, -1)) {
        if (d->report.answered && !s->connected) {
            s->connected = DOCTOR_YES;
            s->ms = clock_now() - d->start;
        }
    }
    if (s->connected != DOCTOR_YES) {
        s->connected = DOCTOR_NO;
        s->ms = clock_now() - d->start;
    }
}

static void tell_script(const struct doctor *d, const char *what)
{
    char line[48];
    int len = snprintf(line, sizeof line, "%s %ld\n", what, d->report.server.pid);

    if (d->report.server.pid > 0)
        write_all(d->ssh.to, line, (size_t)len);
}

/* Ends the server, unless it has ended by itself, and ssh. */
static void end_other_machine(struct doctor *d, bool server_knows)
{
    int status;

    if (d->report.server.started && !server_knows)
        tell_script(d, "end");
    status = talk_end(&d->ssh, GOODBYE_MS);
    d->facts.ssh.status = status >= 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    buf_wipe(&d->line);
}

static void keep_facts(struct doctor *d)
{
    struct doctor_facts *f = &d->facts;
    const struct connectline *lines = &d->report.lines;

    f->remote = d->report.remote;
    f->server = d->report.server;
    memcpy(f->server.words, d->report.words, sizeof f->server.words);
    memcpy(f->ssh.words, d->report.words, sizeof f->ssh.words);
    if (lines->address[0]) /* it is wiped together with the key */
        snprintf(f->ssh.address, sizeof f->ssh.address, "%s", lines->address);
    bool heard = d->report.heard;
    for (size_t i = 0; i < f->path_count; i++)
        heard = heard || f->path[i].answered;
    if (heard)
        f->server.heard = DOCTOR_YES;
    else
        f->server.heard = doctor_logs_arrivals(&f->server) ? DOCTOR_NO : DOCTOR_UNKNOWN;
}

/* --- this machine --- */

static void ask_client_of_terminal(struct doctor *d)
{
    struct words argv = {0};
    struct buf text = {0};
    int status = 0;

    words_add(&argv, d->facts.client);
    words_add(&argv, "--probe-terminal");
    struct capture c = {.argv = argv.at,
                        .keep_input = true,
                        .bytes_max = CLIENT_BYTES_MAX,
                        .time_max_ms = TERMINAL_MS_MAX};
    int err = capture(&c, &text, &status);
    if (err)
        die(STATUS_HERE, "cannot run %s: %s", d->facts.client, strerror(-err));
    doctor_read_terminal(&text, &d->facts.terminal);
    if (d->facts.terminal.is_terminal == DOCTOR_UNKNOWN)
        die(STATUS_HERE,
            "%s cannot tell of the terminal; --doctor needs the mosh-client of this version",
            d->facts.client);
    words_release(&argv);
    buf_release(&text);
}

/* --- the ways --- */

static struct doctor_path *add_path(struct doctor_facts *f, const struct endpoint *a)
{
    char ip[ENDPOINT_CHARS];

    endpoint_print_ip(a, ip);
    for (size_t i = 0; i < f->path_count; i++) {
        if (strcmp(f->path[i].address, ip) == 0)
            return &f->path[i];
    }
    if (f->path_count == DOCTOR_PATHS_MAX)
        return NULL;
    struct doctor_path *p = &f->path[f->path_count++];
    *p = (struct doctor_path){.is_ipv6 = strchr(ip, ':') != NULL};
    doctor_copy(p->address, sizeof p->address, ip, strlen(ip));
    return p;
}

/* What the server takes for its own address is of no use from here if it does not reach so far. */
static void add_reported(struct doctor *d, enum reach chosen_reach)
{
    const char *own = d->facts.remote.own_address;
    struct endpoint a;
    struct doctor_path *p;

    if (!own[0] || endpoint_parse(own, 0, &a) != 0)
        return;
    if (endpoint_reach(&a) < REACH_SITE && endpoint_reach(&a) != chosen_reach)
        return;
    if ((p = add_path(&d->facts, &a)))
        p->is_reported = true;
}

static void add_named(struct doctor *d)
{
    const struct route *route = d->job->context->route;
    bool is_one_family = route->family == FAMILY_INET || route->family == FAMILY_INET6;
    struct endpoints named;
    const char *why;

    if (resolve(route->hostname, 0, is_one_family ? route->family : FAMILY_ALL, &named, &why) < 0)
        return;
    for (size_t i = 0; i < named.count; i++) {
        struct doctor_path *p = add_path(&d->facts, &named.at[i]);
        if (p)
            p->is_named = true;
    }
}

/* Those that a client would go over to, should it hear nothing at the first one. */
static void add_others(struct doctor *d, const struct route *route, const char *chosen)
{
    const char *bind = d->job->context->opts->bind_server;
    struct buf others = {0};
    char ip[ENDPOINT_CHARS];
    struct endpoint a;

    if (bind && strcmp(bind, "any") != 0)
        return; /* then none is tried */
    route_others(route, &d->report.lines, chosen, &others);
    buf_append_byte(&others, '\0');
    for (const char *at = (const char *)others.data; *at;) {
        size_t len = strcspn(at, " ");
        doctor_copy(ip, sizeof ip, at, len);
        struct doctor_path *p = endpoint_parse(ip, 0, &a) == 0 ? add_path(&d->facts, &a) : NULL;
        if (p)
            p->is_tried = true;
        at += len + strspn(at + len, " ");
    }
    buf_release(&others);
}

static void find_paths(struct doctor *d)
{
    const struct command_context *c = d->job->context;
    const char *bind = c->opts->bind_server;
    struct route route = *c->route;
    struct endpoint chosen;
    enum reach reach = REACH_NOBODY;
    int err = c->address ? endpoint_parse(c->address, 0, &chosen)
                         : route_address(&route, &d->report.lines, &chosen);

    if (err == 0) {
        struct doctor_path *p = add_path(&d->facts, &chosen);
        if (p)
            p->is_chosen = true;
        reach = endpoint_reach(&chosen);
    }
    if (c->opts->local || (bind && strcmp(bind, "ssh") != 0 && strcmp(bind, "any") != 0))
        return; /* there is one address that it listens at */
    if (err == 0)
        add_others(d, &route, d->facts.path[0].address);
    add_reported(d, reach);
    add_named(d);
}

/* Returns whether the server knows that the session is over. */
static bool measure_paths(struct doctor *d)
{
    struct doctor_facts *f = &d->facts;
    struct words argv = {0};
    struct buf text = {0};
    char port[8];
    int status = 0;

    words_add(&argv, f->client);
    words_add(&argv, "--probe");
    for (size_t i = 0; i < f->path_count; i++)
        words_add(&argv, f->path[i].address);
    snprintf(port, sizeof port, "%u", f->server.port);
    words_add(&argv, port);
    progress_step("measuring the way to %s, UDP port %u", f->path[0].address, f->server.port);
    setenv("MOSH_KEY", d->report.lines.key, 1);
    connectline_wipe(&d->report.lines);
    struct capture c = {.argv = argv.at,
                        .bytes_max = CLIENT_BYTES_MAX,
                        .time_max_ms = PATH_MS_MAX * (unsigned)f->path_count};
    int err = capture(&c, &text, &status);
    unsetenv("MOSH_KEY");
    if (err)
        die(STATUS_HERE, "%s --probe failed: %s", f->client, strerror(-err));
    doctor_read_paths(&text, f->path, f->path_count);
    buf_append_byte(&text, '\0');
    bool knows = text.len > 1 && strstr((const char *)text.data, "closed=yes");
    words_release(&argv);
    buf_release(&text);
    return knows;
}

/* Nothing came back. Is the server still there, and has it heard anything? Its log is under way
   while datagrams are, and may come by a slower way. */
static void ask_after_server(struct doctor *d)
{
    msec_t end = msec_after(clock_now(), LOG_MS_MAX);

    tell_script(d, "alive");
    while (clock_now() < end && read_some(d, LOG_QUIET_MS))
        ;
}

/* --- all of it --- */

static int print(const struct doctor *d, const struct doctor_verdict *v)
{
    struct buf text = {0}, shown = {0};
    struct visible visible = {0};

    if (d->job->json) {
        doctor_print_json(&d->facts, v, &shown);
    } else {
        doctor_print_table(&d->facts, v, &text);
        visible_put(&visible, text.data, text.len, &shown);
        visible_end(&visible, &shown);
    }
    bool done = say_result(&shown);
    buf_release(&text);
    buf_release(&shown);
    return done ? doctor_exit_status(v->outcome) : STATUS_HERE;
}

static const char *way_name(const struct doctor_job *job)
{
    static const char *const names[] = {
        [ROUTE_PROXY] = "proxy", [ROUTE_REPORTED] = "remote", [ROUTE_LOCAL] = "local"};

    return job->context->opts->local ? "none" : names[job->context->route->way];
}

int doctor_run(const struct doctor_job *job)
{
    static struct doctor d;
    static struct doctor_verdict verdict;
    const struct opts *o = job->context->opts;
    const struct route *route = job->context->route;
    bool server_knows = false;

    d = (struct doctor){.job = job};
    d.facts = (struct doctor_facts){
        .host = o->host,
        .client = o->client,
        .command = o->server,
        .port_asked = o->port,
        .is_local = o->local,
        .binds_to_ssh = !o->local &&
                        (o->bind_server ? strcmp(o->bind_server, "ssh") == 0 : !route->is_indirect),
        .binds_everywhere_if_it_can = !o->bind_server,
        .ssh = {.way = way_name(job)},
    };
    if (route->jump)
        doctor_copy(d.facts.ssh.jump, sizeof d.facts.ssh.jump, route->jump, strlen(route->jump));
    progress_hide();
    ask_client_of_terminal(&d);
    progress_show();
    ask_other_machine(&d);
    keep_facts(&d);
    if (d.facts.server.started) {
        find_paths(&d);
        if (d.facts.path_count > 0)
            server_knows = measure_paths(&d);
        if (!server_knows)
            ask_after_server(&d);
        d.facts.probed = true;
        keep_facts(&d);
    }
    end_other_machine(&d, server_knows);
    progress_end();
    doctor_judge(&d.facts, &verdict);
    return print(&d, &verdict);
}
