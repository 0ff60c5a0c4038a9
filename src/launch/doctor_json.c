/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "launch/doctor_print.h"
#include "launch/json.h"

static void put_answer(struct json *j, const char *key, enum doctor_answer answer)
{
    if (answer == DOCTOR_UNKNOWN)
        json_null(j, key);
    else
        json_bool(j, key, answer == DOCTOR_YES);
}

static void put_number_if(struct json *j, const char *key, bool known, uint64_t n)
{
    if (known)
        json_number(j, key, (int64_t)n);
    else
        json_null(j, key);
}

/* Words with blanks between them, as a list. */
static void put_words(struct json *j, const char *key, const char *words)
{
    char word[DOCTOR_TEXT_MAX + 1];

    json_begin(j, key, '[');
    while (*words) {
        size_t len = strcspn(words, " ");
        doctor_copy(word, sizeof word, words, len);
        json_text(j, NULL, word);
        words += len + strspn(words + len, " ");
    }
    json_end(j);
}

static void put_terminal(struct json *j, const struct doctor_terminal *t)
{
    json_begin(j, "terminal", '{');
    put_answer(j, "present", t->is_terminal);
    json_text(j, "term", t->term);
    put_answer(j, "terminfo", t->has_entry);
    put_number_if(j, "colours", t->colors > 0, t->colors > 0 ? (uint64_t)t->colors : 0);
    put_answer(j, "answered", t->answered);
    put_number_if(j, "answered_ms", t->answered == DOCTOR_YES, t->answered_ms);
    json_text(j, "identity", t->identity);
    put_words(j, "abilities", t->abilities);
    json_end(j);
}

static void put_ssh(struct json *j, const struct doctor_facts *f)
{
    const struct doctor_ssh *s = &f->ssh;

    if (f->is_local) {
        json_null(j, "ssh");
        return;
    }
    json_begin(j, "ssh", '{');
    put_answer(j, "connected", s->connected);
    put_number_if(j, "ms", s->connected == DOCTOR_YES, s->ms);
    json_text(j, "address", s->address);
    json_text(j, "jump", s->jump);
    json_text(j, "address_found_by", s->way);
    json_end(j);
}

static void put_remote(struct json *j, const struct doctor_remote *r)
{
    json_begin(j, "host_facts", '{');
    json_text(j, "system", r->system);
    json_text(j, "distribution", r->distribution);
    json_text(j, "user", r->user);
    json_text(j, "own_address", r->own_address);
    json_text(j, "locale", r->locale);
    json_text(j, "charset", r->charset);
    json_text(j, "utf8_locale", r->utf8_locale);
    json_bool(j, "logind", r->has_logind);
    put_answer(j, "kill_user_processes", r->kills);
    put_answer(j, "lingers", r->lingers);
    json_text(j, "ssh_service", r->service);
    json_text(j, "firewall", r->firewall);
    json_end(j);
}

static void put_server(struct json *j, const struct doctor_server *s)
{
    json_begin(j, "server", '{');
    put_answer(j, "found", s->found);
    json_text(j, "path", s->path);
    json_text(j, "version", s->version);
    json_text(j, "kind",
              s->kind == DOCTOR_KIND_OURS    ? "c"
              : s->kind == DOCTOR_KIND_STOCK ? "stock"
                                             : "");
    json_bool(j, "started", s->started);
    put_number_if(j, "port", s->started, s->port);
    put_answer(j, "heard", s->heard);
    put_answer(j, "alive", s->alive);
    json_text(j, "words", s->started && s->alive != DOCTOR_NO ? "" : s->words);
    json_end(j);
}

static void put_path(struct json *j, const struct doctor_path *p)
{
    bool a = p->answered;

    json_begin(j, NULL, '{');
    json_text(j, "address", p->address);
    json_number(j, "family", p->is_ipv6 ? 6 : 4);
    json_bool(j, "chosen", p->is_chosen);
    json_bool(j, "tried", p->is_tried);
    json_bool(j, "of_name", p->is_named);
    json_bool(j, "of_server", p->is_reported);
    json_bool(j, "answered", a);
    json_text(j, "report", p->report);
    json_text(j, "reporter", p->reporter);
    put_number_if(j, "first_ms", a, p->first_ms);
    put_number_if(j, "rtt_min_ms", p->has_rtt, p->rtt_min_ms);
    put_number_if(j, "rtt_mean_ms", p->has_rtt, p->rtt_mean_ms);
    put_number_if(j, "rtt_max_ms", p->has_rtt, p->rtt_max_ms);
    put_number_if(j, "exchanges", a, p->exchanges);
    put_number_if(j, "lost", a, p->lost);
    put_number_if(j, "back_missing", a, p->missing);
    put_number_if(j, "back_received", a, p->received);
    put_number_if(j, "echo_ms", p->echoed, p->echo_ms);
    put_number_if(j, "mtu", p->packet_passed > 0, p->packet_passed);
    put_number_if(j, "mtu_failed", p->packet_lost > 0, p->packet_lost);
    put_number_if(j, "mtu_told", p->packet_told > 0, p->packet_told);
    put_number_if(j, "back_largest", p->packet_received > 0, p->packet_received);
    put_answer(j, "large_screen", p->screen);
    json_end(j);
}

void doctor_print_json(const struct doctor_facts *f, const struct doctor_verdict *v,
                       struct buf *out)
{
    struct json j = {.out = out};
    bool is_connected = f->ssh.connected == DOCTOR_YES;

    json_begin(&j, NULL, '{');
    json_text(&j, "host", f->host);
    json_text(&j, "verdict", doctor_outcome_name(v->outcome));
    json_number(&j, "status", doctor_exit_status(v->outcome));
    put_terminal(&j, &f->terminal);
    put_ssh(&j, f);
    if (is_connected) {
        put_remote(&j, &f->remote);
        put_server(&j, &f->server);
    } else {
        json_null(&j, "host_facts");
        json_null(&j, "server");
    }
    json_begin(&j, "paths", '[');
    for (size_t i = 0; f->probed && i < f->path_count; i++)
        put_path(&j, &f->path[i]);
    json_end(&j);
    json_begin(&j, "findings", '[');
    for (size_t i = 0; i < v->count; i++) {
        json_begin(&j, NULL, '{');
        json_text(&j, "code", doctor_code_name(v->at[i].code));
        json_bool(&j, "fault", v->at[i].is_fault);
        json_text(&j, "what", v->at[i].what);
        json_text(&j, "advice", v->at[i].advice);
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
}
