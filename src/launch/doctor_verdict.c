/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "launch/doctor_verdict.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "launch/package.h"
#include "launch/resolve.h"
#include "launch/say.h"

#define DEFAULT_PORTS "60001:60999"

enum { SHELL_NOT_EXECUTABLE = 126, SHELL_NOT_FOUND = 127 };

enum {
    /* What mosh sends fits these: its datagrams with the headers of IPv4 and of IPv6. */
    PACKET_NEEDED_V4 = 1280,
    PACKET_NEEDED_V6 = 1264,
    LOST_MANY = 2,     /* of twenty; and a tenth of what comes back */
    LOST_TOO_MANY = 6, /* for what needs several to be told from bad luck */
    ADVICE_PORTS_CHARS = 24
};

const char *doctor_code_name(enum doctor_code code)
{
    static const char *const names[] = {
#define X(code, name) name,
        DOCTOR_FINDINGS
#undef X
    };
    return names[code];
}

static const struct outcome {
    int status;
    const char *name, *text;
} outcomes[VERDICTS] = {
    [VERDICT_WELL] = {0, "well", "A session would work"},
    [VERDICT_BAD_TERMINAL] = {STATUS_HERE, "bad-terminal", "No session: not on this terminal"},
    [VERDICT_NO_SSH] = {STATUS_SSH, "no-ssh", "No session: ssh does not get there"},
    [VERDICT_NO_SERVER] = {STATUS_NO_SERVER, "no-server", "No session: there is no mosh-server"},
    [VERDICT_SERVER_FAILS] = {STATUS_SERVER, "server-fails",
                              "No session: mosh-server does not start"},
    [VERDICT_NO_UDP] = {STATUS_NO_ANSWER, "no-udp", "No session: UDP does not get through"},
    [VERDICT_WRONG_ADDRESS] = {249, "wrong-address",
                               "No session: mosh would use the wrong address"},
    [VERDICT_ENDED_EARLY] = {248, "ended-early",
                             "No session: mosh-server would be ended as soon as ssh is"},
};

int doctor_exit_status(enum doctor_outcome outcome)
{
    return outcomes[outcome].status;
}

const char *doctor_outcome_name(enum doctor_outcome outcome)
{
    return outcomes[outcome].name;
}

const char *doctor_outcome_text(enum doctor_outcome outcome)
{
    return outcomes[outcome].text;
}

/* --- findings --- */

static PRINTF_LIKE(3, 4) struct doctor_finding *find(struct doctor_verdict *v,
                                                     enum doctor_code code, const char *what, ...)
{
    struct doctor_finding *found = &v->at[v->count];
    va_list args;

    if (v->count + 1 < DOCTOR_FINDINGS_MAX)
        v->count++;
    *found = (struct doctor_finding){.code = code};
    va_start(args, what);
    vsnprintf(found->what, sizeof found->what, what, args);
    va_end(args);
    return found;
}

static PRINTF_LIKE(2, 3) void advise(struct doctor_finding *found, const char *advice, ...)
{
    va_list args;

    va_start(args, advice);
    vsnprintf(found->advice, sizeof found->advice, advice, args);
    va_end(args);
}

static void fault(struct doctor_verdict *v, struct doctor_finding *found,
                  enum doctor_outcome outcome)
{
    found->is_fault = true;
    if (v->outcome == VERDICT_WELL || outcome < v->outcome)
        v->outcome = outcome;
}

static const char *host(const struct doctor_facts *f)
{
    return f->is_local ? "this machine" : f->host;
}

/* --- this side --- */

static void judge_terminal(const struct doctor_facts *f, struct doctor_verdict *v)
{
    const struct doctor_terminal *t = &f->terminal;

    if (t->is_terminal != DOCTOR_YES)
        return; /* nobody sits there: nothing can be said of where they will */
    if (t->has_entry == DOCTOR_NO && !t->entry_guessed) {
        struct doctor_finding *found =
            t->term[0]
                ? find(v, FOUND_TERM_UNKNOWN, "terminfo does not know the terminal \"%s\"", t->term)
                : find(v, FOUND_TERM_UNKNOWN, "TERM is not set");
        advise(found, "set TERM to what this terminal is: TERM=xterm-256color mosh %s", f->host);
        fault(v, found, VERDICT_BAD_TERMINAL);
    } else if (t->asked && t->answered == DOCTOR_NO) {
        advise(find(v, FOUND_TERMINAL_SILENT, "the terminal has not answered what it can do"),
               "if odd characters show when a session begins: MOSH_NO_PROBE=1 mosh %s", f->host);
    }
}

static void judge_ssh(const struct doctor_facts *f, struct doctor_verdict *v)
{
    enum { STATUS_OF_SSH = 255 };
    const struct doctor_ssh *s = &f->ssh;
    const char *said = s->words[0] ? s->words : "it said nothing";
    struct doctor_finding *found;

    if (s->connected == DOCTOR_YES)
        return;
    if (f->is_local || (s->status != STATUS_OF_SSH && s->status != -1)) {
        found = find(v, FOUND_NO_SHELL, "no shell has run on %s (status %d): %s", host(f),
                     s->status, said);
        advise(found, "see to it that this prints \"hello\": ssh %s sh -c \"'echo hello'\"",
               f->host);
    } else {
        found = find(v, FOUND_SSH_FAILED, "ssh cannot connect or log in: %s", said);
        advise(found, "see to it that this logs in: ssh %s", f->host);
    }
    fault(v, found, VERDICT_NO_SSH);
}

/* --- the server --- */

static void judge_missing(const struct doctor_facts *f, struct doctor_verdict *v)
{
    const struct package *package = package_find(f->remote.system);
    struct doctor_finding *found =
        find(v, FOUND_SERVER_MISSING, "mosh-server was not found on %s", host(f));

    if (package)
        advise(found, "on %s: %s; or say where it is: --server=/PATH/TO/mosh-server", host(f),
               package->command);
    else
        advise(found, "install mosh on %s, or say where it is: --server=/PATH/TO/mosh-server",
               host(f));
    fault(v, found, VERDICT_NO_SERVER);
}

static const char *version(const struct doctor_facts *f)
{
    return f->server.version[0] ? f->server.version : "of unknown version";
}

static void judge_failed(const struct doctor_facts *f, struct doctor_verdict *v)
{
    const struct doctor_server *s = &f->server;
    const struct doctor_remote *r = &f->remote;
    struct doctor_finding *found;

    if (s->says_bad_port && f->port_asked && strchr(f->port_asked, ':')) {
        found =
            find(v, FOUND_SERVER_BAD_PORT,
                 "mosh-server %s on %s is too old to take a range of ports", version(f), host(f));
        advise(found, "update mosh on %s to 1.4.0 or later, or give one port: -p %.*s", host(f),
               (int)strcspn(f->port_asked, ":"), f->port_asked);
    } else if (s->says_locale && s->kind != DOCTOR_KIND_OURS) {
        found = find(v, FOUND_SERVER_LOCALE,
                     "mosh-server %s on %s needs a UTF-8 locale, and has \"%s\"", version(f),
                     host(f), r->locale[0] ? r->locale : "POSIX");
        if (r->utf8_locale[0])
            advise(found, "--server=\"env LC_ALL=%s mosh-server\"", r->utf8_locale);
        else
            advise(found,
                   "install a UTF-8 locale on %s, or this version's mosh-server, which needs none",
                   host(f));
    } else {
        found = find(v, FOUND_SERVER_FAILED, "mosh-server %s on %s failed (status %d): %s",
                     version(f), host(f), s->status, s->words[0] ? s->words : "it said nothing");
        if (s->status == SHELL_NOT_EXECUTABLE)
            advise(found, "make it executable, or say where another one is: --server=PATH");
        else if (s->status == SHELL_NOT_FOUND)
            advise(found, "install what it lacks, or say where another one is: --server=PATH");
        else if (f->is_local)
            advise(found, "see what it says: %s new -v", f->command);
        else
            advise(found, "see what it says: ssh %s %s new -v", f->host, f->command);
    }
    fault(v, found, VERDICT_SERVER_FAILS);
}

static void judge_version(const struct doctor_facts *f, struct doctor_verdict *v)
{
    const struct doctor_server *s = &f->server;
    char *dot;
    long major = strtol(s->version, &dot, 10), minor = *dot == '.' ? strtol(dot + 1, NULL, 10) : 0;

    if (s->kind != DOCTOR_KIND_STOCK || !s->version[0] || major > 1 || (major == 1 && minor >= 4))
        return;
    advise(find(v, FOUND_SERVER_OLD, "mosh-server %s on %s is older than 1.4.0: no 24-bit colours",
                s->version, host(f)),
           "update mosh on %s", host(f));
}

static void judge_locale(const struct doctor_facts *f, struct doctor_verdict *v)
{
    const struct doctor_remote *r = &f->remote;
    bool is_utf8 = strstr(r->charset, "UTF-8") || strstr(r->charset, "utf8");

    if (is_utf8 || !r->charset[0] || f->server.kind != DOCTOR_KIND_OURS)
        return;
    if (r->has_locale_list && !r->utf8_locale[0])
        advise(find(v, FOUND_LOCALE_NONE,
                    "%s has no UTF-8 locale: programs there take characters for bytes", host(f)),
               "install one on %s, C.UTF-8 for example; mosh itself needs none", host(f));
    else
        find(v, FOUND_LOCALE_OTHER, "the locale on %s is \"%s\"; programs in a session get UTF-8",
             host(f), r->locale[0] ? r->locale : "POSIX");
}

static void judge_server(const struct doctor_facts *f, struct doctor_verdict *v)
{
    const struct doctor_server *s = &f->server;
    /* The dynamic linker of a program that lacks a library ends it with the same status. */
    bool is_not_found = !s->started && s->status == SHELL_NOT_FOUND &&
                        !strstr(s->words, "shared librar") && !strstr(s->words, "shared object");

    if (s->found == DOCTOR_NO || is_not_found)
        judge_missing(f, v);
    else if (!f->server.started)
        judge_failed(f, v);
    else {
        judge_version(f, v);
        judge_locale(f, v);
    }
}

/*
 * logind.conf(5): with KillUserProcesses, what is in the session's scope ends with the session, for
 * those who linger, too. What systemd-run puts beside it ends with the user's last session, but not
 * for those who linger.
 */
static void judge_logout(const struct doctor_facts *f, struct doctor_verdict *v)
{
    const struct doctor_remote *r = &f->remote;
    bool excluded = r->is_excluded || (!r->has_exclude_list && strcmp(r->user, "root") == 0);
    bool is_beside = strstr(f->command, "systemd-run") != NULL;
    struct doctor_finding *found;

    if (f->is_local || !r->has_logind)
        return;
    if (r->kills == DOCTOR_YES && !excluded && !(is_beside && r->lingers == DOCTOR_YES)) {
        found = find(v, FOUND_KILLED_AT_LOGOUT,
                     "systemd-logind on %s ends what %s leaves behind (KillUserProcesses=yes)",
                     host(f), r->user);
        advise(found, "%s%s%s%s%s",
               r->lingers == DOCTOR_YES ? "" : "there: sudo loginctl enable-linger ",
               r->lingers == DOCTOR_YES ? "" : r->user,
               r->lingers == DOCTOR_YES || is_beside ? "" : "; then here: ",
               is_beside ? "" : "--server=\"systemd-run --user --scope --quiet mosh-server\"", "");
        fault(v, found, VERDICT_ENDED_EARLY);
    }
    if (r->service[0] && strcmp(r->killmode, "process") != 0 && strcmp(r->killmode, "none") != 0) {
        found = find(v, FOUND_KILLED_WITH_SERVICE,
                     "on %s, ssh is a service for each connection, and mosh-server ends with it",
                     host(f));
        advise(found, "there, in %.*s@.service: KillMode=process; or have PAM open a session",
               (int)strcspn(r->service, "@"), r->service);
        fault(v, found, VERDICT_ENDED_EARLY);
    }
}

/* --- the ways --- */

/* Which ports, as the tools want them. */
static void print_ports(const struct doctor_facts *f, char joint, char out[ADVICE_PORTS_CHARS])
{
    const char *ports = f->port_asked ? f->port_asked : DEFAULT_PORTS;

    snprintf(out, ADVICE_PORTS_CHARS, "%s", ports);
    char *colon = strchr(out, ':');
    if (colon)
        *colon = joint;
}

static void advise_to_let_in(const struct doctor_facts *f, struct doctor_finding *found)
{
    char ports[ADVICE_PORTS_CHARS];

    if (strcmp(f->remote.firewall, "ufw") == 0) {
        print_ports(f, ':', ports);
        advise(found, "on %s: sudo ufw allow %s/udp", host(f), ports);
    } else if (strcmp(f->remote.firewall, "firewalld") == 0) {
        print_ports(f, '-', ports);
        advise(found,
               "on %s: sudo firewall-cmd --permanent --add-port=%s/udp && "
               "sudo firewall-cmd --reload",
               host(f), ports);
    } else {
        print_ports(f, '-', ports);
        advise(found,
               "let UDP %s in to %s: in its firewall (nft add rule inet filter input udp dport %s "
               "accept), and in what stands before it (router, security group)",
               ports, host(f), ports);
    }
}

/* "192.0.2.1: silence; 2001:db8::1: prohibited, says 2001:db8::ff" */
static void print_silences(const struct doctor_facts *f, char *out, size_t size)
{
    size_t len = 0;

    out[0] = '\0';
    for (size_t i = 0; i < f->path_count && len + 1 < size; i++) {
        const struct doctor_path *p = &f->path[i];
        int n = snprintf(out + len, size - len, "%s%s: %s%s%s", i ? "; " : "", p->address,
                         p->report[0] ? p->report : "silence", p->reporter[0] ? ", says " : "",
                         p->reporter);
        len = n < 0 || (size_t)n >= size - len ? size - 1 : len + (size_t)n;
    }
}

static const struct doctor_path *chosen_path(const struct doctor_facts *f)
{
    for (size_t i = 0; i < f->path_count; i++) {
        if (f->path[i].is_chosen)
            return &f->path[i];
    }
    return NULL;
}

static enum reach reach_of(const char *address)
{
    struct endpoint a;

    return endpoint_parse(address, 0, &a) == 0 ? endpoint_reach(&a) : REACH_NOBODY;
}

/* ssh went to an address that the other machine does not have: somebody between puts another one in
   its place. */
static bool is_translated(const struct doctor_facts *f)
{
    const struct doctor_path *p = chosen_path(f);
    const char *own = f->remote.own_address;

    return p && own[0] && strcmp(own, p->address) != 0 && reach_of(own) == REACH_SITE;
}

static bool is_all_unsent(const struct doctor_facts *f)
{
    bool all = f->path_count > 0;

    for (size_t i = 0; i < f->path_count; i++)
        all = all && f->path[i].is_unsent;
    return all;
}

static void judge_silence(const struct doctor_facts *f, struct doctor_verdict *v)
{
    char silences[200], ports[ADVICE_PORTS_CHARS];
    struct doctor_finding *found;

    print_silences(f, silences, sizeof silences);
    print_ports(f, '-', ports);
    if (f->server.alive == DOCTOR_NO) {
        found = find(v, FOUND_SERVER_DIED, "mosh-server on %s was started, and has ended: %s",
                     host(f), f->server.words[0] ? f->server.words : "it said nothing");
        advise(found, "see whether something there ends it: the system's log, SELinux, a limit");
        fault(v, found, VERDICT_SERVER_FAILS);
        return;
    }
    if (is_all_unsent(f)) {
        found =
            find(v, FOUND_UDP_UNSENT, "this machine sends nothing to %s (%s)", host(f), silences);
        advise(found,
               "look at its network, its routes, its VPN, and what its own firewall lets out");
    } else if (f->server.heard == DOCTOR_YES) {
        found = find(v, FOUND_UDP_BLOCKED_BACK,
                     "datagrams get to %s, but none comes back from UDP port %u (%s)", host(f),
                     f->server.port, silences);
        advise(found,
               "let answers from UDP %s out of %s and in to this machine: a firewall at either "
               "end, or on the way, drops them",
               ports, host(f));
    } else {
        bool is_known = f->server.heard == DOCTOR_NO;
        found = is_known
                    ? find(v, FOUND_UDP_BLOCKED_OUT, "no datagram gets to UDP port %u of %s (%s)",
                           f->server.port, host(f), silences)
                    : find(v, FOUND_UDP_BLOCKED,
                           "no datagram comes back from UDP port %u of %s, and this server "
                           "does not tell whether any arrives (%s)",
                           f->server.port, host(f), silences);
        if (is_translated(f))
            advise(found,
                   "%s is at %s behind address translation: have the router before it forward "
                   "UDP %s to there",
                   host(f), f->remote.own_address, ports);
        else if (f->ssh.jump[0] && !f->remote.firewall[0])
            advise(found,
                   "ssh goes through %s, and UDP cannot: %s has to be reachable from here by UDP "
                   "%s, by a VPN for example",
                   f->ssh.jump, host(f), ports);
        else
            advise_to_let_in(f, found);
    }
    fault(v, found, VERDICT_NO_UDP);
}

/* A session's server would listen where ssh's is reached, and nowhere else. */
static bool is_bound(const struct doctor_facts *f)
{
    return f->binds_to_ssh &&
           !(f->binds_everywhere_if_it_can && f->server.kind == DOCTOR_KIND_OURS);
}

/* Whether a client that hears nothing at the first address would be answered at this one. Behind
   address translation other addresses may lead to the one that the server listens at. */
static bool is_found(const struct doctor_facts *f, const struct doctor_path *p)
{
    const char *own = f->remote.own_address;

    if (!p->answered || !p->is_tried)
        return false;
    return !is_bound(f) || !own[0] || (strchr(own, ':') != NULL) == p->is_ipv6;
}

/* One address answers, and mosh would begin with another one. */
static void judge_choice(const struct doctor_facts *f, const struct doctor_path *chosen,
                         const struct doctor_path *better, struct doctor_verdict *v)
{
    bool goes_over = is_found(f, better);
    const char *whose = chosen->is_reported ? ", which is what the server takes for its own" : "";
    const char *purpose = goes_over ? "to spare the wait: " : "";
    struct doctor_finding *found =
        goes_over ? find(v, FOUND_ADDRESS_DETOUR,
                         "mosh begins with %s%s, where nothing answers, and then finds %s",
                         chosen->address, whose, better->address)
                  : find(v, FOUND_ADDRESS_WRONG,
                         "mosh would send to %s%s, where nothing answers; %s does", chosen->address,
                         whose, better->address);

    if (better->is_named && !chosen->is_named)
        advise(found, "%smosh --experimental-remote-ip=local %s", purpose, f->host);
    else if (better->is_reported && !chosen->is_reported)
        advise(found, "%smosh --experimental-remote-ip=remote %s", purpose, f->host);
    else
        advise(found, "%smosh -%c %s", purpose, better->is_ipv6 ? '6' : '4', f->host);
    if (!goes_over)
        fault(v, found, VERDICT_WRONG_ADDRESS);
}

static void judge_others(const struct doctor_facts *f, struct doctor_verdict *v)
{
    for (size_t i = 0; i < f->path_count; i++) {
        const struct doctor_path *p = &f->path[i];
        struct doctor_finding *found;
        if (p->answered || p->is_chosen || !p->is_named)
            continue; /* what a server behind address translation calls its own need not answer */
        found =
            find(v, FOUND_ADDRESS_SILENT, "nothing answers at %s, another address of %s (%s%s%s)",
                 p->address, host(f), p->report[0] ? p->report : "silence",
                 p->reporter[0] ? ", says " : "", p->reporter);
        advise(found, "mosh does not need it; but it could not go over to IPv%c if it had to",
               p->is_ipv6 ? '6' : '4');
    }
}

static void judge_sizes(const struct doctor_facts *f, const struct doctor_path *p,
                        struct doctor_verdict *v)
{
    unsigned needed = p->is_ipv6 ? PACKET_NEEDED_V6 : PACKET_NEEDED_V4;
    struct doctor_finding *found;

    if (p->screen == DOCTOR_NO && p->lost < LOST_TOO_MANY) {
        found = find(v, FOUND_LARGE_SCREENS,
                     "large screens do not come back: of %s's datagrams the largest here had %u "
                     "bytes",
                     host(f), p->packet_received);
        advise(found,
               "lower the MTU of the interface that leads here, on %s: ip link set DEV mtu "
               "%u; or use this version's mosh-server",
               host(f), p->packet_passed ? p->packet_passed : 576);
        fault(v, found, VERDICT_NO_UDP);
    }
    if (!p->has_packet || !p->packet_lost)
        return;
    if (p->packet_passed < needed) {
        found =
            p->packet_passed
                ? find(v, FOUND_MTU_SMALL, "packets over %u bytes do not get to %s in one piece",
                       p->packet_passed, host(f))
                : find(v, FOUND_MTU_SMALL, "packets of %u bytes do not get to %s in one piece",
                       p->packet_lost, host(f));
        advise(found, "mosh needs %u; find the tunnel on the way, or lower the MTU here", needed);
    } else if (!p->packet_told) {
        found = find(v, FOUND_MTU_BLACK_HOLE,
                     "packets over %u bytes vanish on the way to %s, and no router says so",
                     p->packet_passed, host(f));
        advise(found, "nothing for mosh, which sends smaller ones; ssh and others may hang: MTU %u",
               p->packet_passed);
    }
}

static void judge_quality(const struct doctor_facts *f, const struct doctor_path *p,
                          struct doctor_verdict *v)
{
    uint64_t back = p->received + p->missing;

    if (p->lost >= LOST_MANY || (p->missing >= LOST_MANY && p->missing * 10 >= back))
        advise(find(v, FOUND_LOSS,
                    "the way to %s loses datagrams: %u of 20 there, %u of %u on the way back",
                    host(f), p->lost, (unsigned)p->missing, (unsigned)back),
               "mosh goes on, with delays now and then; a better network would help");
    if (!p->echoed)
        advise(find(v, FOUND_NO_ECHO, "keys get to %s, but their echo was not seen", host(f)),
               "see whether a program started there can use a terminal: ssh -t %s cat", f->host);
    judge_sizes(f, p, v);
}

/* The server would listen where ssh's server is reached; a relay on the same machine (sslh,
   haproxy) makes that the loopback interface. */
static void judge_bind(const struct doctor_facts *f, struct doctor_verdict *v)
{
    const struct doctor_path *p = chosen_path(f);
    struct doctor_finding *found;

    if (!is_bound(f) || !p || reach_of(f->remote.own_address) != REACH_HOST ||
        reach_of(p->address) == REACH_HOST)
        return;
    found = find(v, FOUND_BOUND_WRONG,
                 "ssh comes in to %s over its loopback interface, where mosh-server would listen",
                 host(f));
    advise(found, "mosh --bind-server=any %s", f->host);
    fault(v, found, VERDICT_WRONG_ADDRESS);
}

static void judge_paths(const struct doctor_facts *f, struct doctor_verdict *v)
{
    const struct doctor_path *chosen = chosen_path(f), *better = NULL;

    for (size_t i = 0; i < f->path_count; i++) { /* the first one that a client would find */
        const struct doctor_path *p = &f->path[i];
        if (p->answered && (!better || (!is_found(f, better) && is_found(f, p))))
            better = p;
    }
    if (!chosen) {
        struct doctor_finding *found =
            find(v, FOUND_NO_ADDRESS, "the address of %s is not known", host(f));
        advise(found, "mosh --experimental-remote-ip=%s %s",
               strcmp(f->ssh.way, "local") == 0 ? "remote" : "local", f->host);
        fault(v, found, VERDICT_WRONG_ADDRESS);
        return;
    }
    if (!better) {
        judge_silence(f, v);
        return;
    }
    if (!chosen->answered)
        judge_choice(f, chosen, better, v);
    judge_bind(f, v);
    judge_others(f, v);
    judge_quality(f, chosen->answered ? chosen : better, v);
}

void doctor_judge(const struct doctor_facts *f, struct doctor_verdict *out)
{
    *out = (struct doctor_verdict){.outcome = VERDICT_WELL};
    judge_terminal(f, out);
    judge_ssh(f, out);
    if (f->ssh.connected != DOCTOR_YES)
        return;
    judge_server(f, out);
    judge_logout(f, out);
    if (f->server.started && f->probed)
        judge_paths(f, out);
}
