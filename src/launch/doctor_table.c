/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "launch/doctor_print.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { COLUMNS = 80, LABEL = 10 };

/* Text that is wrapped at blanks, each line behind its indentation. */
static void wrap(struct buf *out, size_t col, size_t indent, const char *text)
{
    while (*text) {
        size_t word = strcspn(text, " ");
        if (col > indent && col + 1 + word > COLUMNS) {
            buf_append_byte(out, '\n');
            for (col = 0; col < indent; col++)
                buf_append_byte(out, ' ');
        } else if (col > indent) {
            buf_append_byte(out, ' ');
            col++;
        }
        buf_append(out, text, word);
        col += word;
        text += word + strspn(text + word, " ");
    }
    buf_append_byte(out, '\n');
}

/* A row: what it is about, and text. */
static PRINTF_LIKE(3, 4) void row(struct buf *out, const char *label, const char *format, ...)
{
    char head[LABEL + 1], text[1024];
    va_list args;

    snprintf(head, sizeof head, "%-*s", LABEL, label);
    buf_append_str(out, head);
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    wrap(out, LABEL, LABEL, text);
}

static const char *or_else(const char *text, const char *otherwise)
{
    return *text ? text : otherwise;
}

static void print_terminal(const struct doctor_terminal *t, struct buf *out)
{
    char colors[32] = "no colours";

    if (t->is_terminal != DOCTOR_YES) {
        row(out, "terminal", "none here: nobody was asked");
        return;
    }
    if (t->colors > 0)
        snprintf(colors, sizeof colors, "%ld colours", t->colors);
    row(out, "terminal", "%s, %s, %s%s", or_else(t->term, "TERM is not set"),
        t->has_entry == DOCTOR_YES ? "in terminfo"
        : t->entry_guessed         ? "not in terminfo, but like xterm"
                                   : "unknown to terminfo",
        colors,
        !t->asked                   ? "; not asked"
        : t->answered != DOCTOR_YES ? "; it does not answer"
        : t->identity[0] == '\0'    ? "; it answers"
                                    : "");
    if (t->identity[0])
        row(out, "", "it says that it is %s", t->identity);
    if (t->abilities[0])
        row(out, "", "it has %s", t->abilities);
}

static void print_ssh(const struct doctor_facts *f, struct buf *out)
{
    const struct doctor_ssh *s = &f->ssh;
    char where[2 * DOCTOR_TEXT_MAX] = "";

    if (f->is_local) {
        row(out, "ssh", "not used");
        return;
    }
    if (s->address[0])
        snprintf(where, sizeof where, " to %s", s->address);
    if (s->connected != DOCTOR_YES)
        row(out, "ssh", "failed after %llu ms", (unsigned long long)s->ms);
    else if (s->jump[0])
        row(out, "ssh", "a shell after %llu ms%s, through %s", (unsigned long long)s->ms, where,
            s->jump);
    else
        row(out, "ssh", "a shell after %llu ms%s, directly", (unsigned long long)s->ms, where);
}

static const char *after_logout(const struct doctor_remote *r)
{
    if (!r->has_logind || r->kills == DOCTOR_NO)
        return "sessions outlive the login";
    return r->kills == DOCTOR_YES ? "logind ends what outlives the login"
                                  : "whether sessions outlive the login is not known";
}

static void print_server(const struct doctor_facts *f, struct buf *out)
{
    const struct doctor_server *s = &f->server;
    const struct doctor_remote *r = &f->remote;

    if (f->ssh.connected != DOCTOR_YES)
        return;
    if (s->found == DOCTOR_NO)
        row(out, "server", "not found, on %s", or_else(r->distribution, r->system));
    else
        row(out, "server", "%s, version %s%s, on %s", or_else(s->path, f->command),
            or_else(s->version, "unknown"), s->kind == DOCTOR_KIND_OURS ? " in C" : "",
            or_else(r->distribution, r->system));
    row(out, "", "locale %s%s%s%s; %s", or_else(r->locale, "POSIX"), r->charset[0] ? " (" : "",
        r->charset, r->charset[0] ? ")" : "", after_logout(r));
    if (r->firewall[0])
        row(out, "", "%s is on", r->firewall);
}

/* --- the ways --- */

static void print_ms(uint64_t ms, char out[24])
{
    if (ms == 0)
        snprintf(out, 24, "<1 ms");
    else
        snprintf(out, 24, "%llu ms", (unsigned long long)ms);
}

static void print_path(const struct doctor_path *p, int width, struct buf *out)
{
    char line[512], first[24], rtt[48] = "-", echo[24] = "-", mtu[24] = "-", there[24], back[48];
    uint64_t all = p->received + p->missing;

    if (!p->answered) {
        snprintf(line, sizeof line, "%*s%-*s %c %s%s%s\n", LABEL, "", width, p->address,
                 p->is_chosen ? '*' : ' ', p->report[0] ? p->report : "silence",
                 p->reporter[0] ? ", says " : "", p->reporter);
        buf_append_str(out, line);
        return;
    }
    print_ms(p->first_ms, first);
    if (p->echoed)
        print_ms(p->echo_ms, echo);
    if (p->has_rtt)
        snprintf(rtt, sizeof rtt, "%llu/%llu/%llu", (unsigned long long)p->rtt_min_ms,
                 (unsigned long long)p->rtt_mean_ms, (unsigned long long)p->rtt_max_ms);
    if (p->has_packet && p->packet_passed > 0)
        snprintf(mtu, sizeof mtu, "%u", p->packet_passed);
    else if (p->has_packet)
        snprintf(mtu, sizeof mtu, "<%u", p->packet_lost);
    snprintf(there, sizeof there, "%u/20", p->lost);
    snprintf(back, sizeof back, "%llu/%llu", (unsigned long long)p->missing,
             (unsigned long long)all);
    snprintf(line, sizeof line, "%*s%-*s %c %7s %9s %6s %6s %6s %7s\n", LABEL, "", width,
             p->address, p->is_chosen ? '*' : ' ', first, rtt, there, back, mtu, echo);
    buf_append_str(out, line);
}

static void print_paths(const struct doctor_facts *f, struct buf *out)
{
    int width = (int)strlen("address");
    char line[256];

    if (!f->server.started || !f->probed)
        return;
    for (size_t i = 0; i < f->path_count; i++) {
        int len = (int)strlen(f->path[i].address);
        width = len > width ? len : width;
    }
    snprintf(line, sizeof line, "%-*s%-*s   %7s %9s %6s %6s %6s %7s\n", LABEL, "UDP", width,
             "address", "first", "RTT in ms", "lost", "back", "MTU", "echo");
    buf_append_str(out, line);
    for (size_t i = 0; i < f->path_count; i++)
        print_path(&f->path[i], width, out);
}

/* --- the verdict --- */

static void print_finding(const struct doctor_finding *found, struct buf *out)
{
    static const char arrow[] = "-> ";

    row(out, found->is_fault ? "PROBLEM" : "remark", "%s", found->what);
    if (!found->advice[0])
        return;
    for (int i = 0; i < LABEL; i++)
        buf_append_byte(out, ' ');
    buf_append_str(out, arrow);
    wrap(out, LABEL + sizeof arrow - 1, LABEL + sizeof arrow - 1, found->advice);
}

void doctor_print_table(const struct doctor_facts *f, const struct doctor_verdict *v,
                        struct buf *out)
{
    print_terminal(&f->terminal, out);
    print_ssh(f, out);
    print_server(f, out);
    print_paths(f, out);
    buf_append_byte(out, '\n');
    for (int faults = 1; faults >= 0; faults--) { /* what matters most comes first */
        for (size_t i = 0; i < v->count; i++) {
            if (v->at[i].is_fault == faults)
                print_finding(&v->at[i], out);
        }
    }
    buf_append_str(out, doctor_outcome_text(v->outcome));
    buf_append_str(out, ".\n");
}
