/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "launch/doctor_remote.h"

#include <stdlib.h>
#include <string.h>

#include "launch/quote.h"
#include "launch/remote.h"
#include "sys/args.h"
#include "util/wipe.h"

/* --- the script --- */

#define SAY "say() { echo \"MOSH DOCTOR $1=$2\"; }; echo; "

#define SYSTEM                                                                                     \
    REMOTE_SYSTEM "say system \"$system\"; say distribution \"$PRETTY_NAME\"; "                    \
                  "say user \"$(id -un 2>/dev/null)\"; "

/* The version is told by the first line: "mosh-server (mosh 1.4.0) [build mosh 1.4.0]". */
#define SERVER                                                                                     \
    "if [ -n \"$server\" ]; then "                                                                 \
    "say server \"$(command -v \"$server\" 2>/dev/null || echo \"$server\")\"; "                   \
    "say version \"$(eval \"$1 --version\" 2>&1 </dev/null | head -n 1)\"; fi; "

#define LOCALE                                                                                     \
    "say locale \"${LC_ALL:-${LC_CTYPE:-$LANG}}\"; "                                               \
    "if command -v locale >/dev/null 2>&1; then say charset \"$(locale charmap 2>/dev/null)\"; "   \
    "all=$(locale -a 2>/dev/null); "                                                               \
    "say utf8 \"$( (echo \"$all\" | grep -i \"^C[.]utf-*8$\"; echo \"$all\" | "                    \
    "grep -i \"[.]utf-*8$\") | head -n 1)\"; fi; "

/* systemd ends what a user leaves behind at logout if it is told to, but for those who linger; and
   all that belongs to a service ends with it. */
#define LOGOUT                                                                                     \
    "if [ -d /run/systemd/system ]; then say logind yes; "                                         \
    "say kills \"$(busctl --timeout=3 get-property org.freedesktop.login1 "                        \
    "/org/freedesktop/login1 "                                                                     \
    "org.freedesktop.login1.Manager KillUserProcesses 2>/dev/null)\"; "                            \
    "cat /etc/systemd/logind.conf /etc/systemd/logind.conf.d/*.conf 2>/dev/null | "                \
    "grep \"^Kill\" | while read -r line; do say logind-conf \"$line\"; done; "                    \
    "if [ -e \"/var/lib/systemd/linger/$(id -un)\" ]; then say lingers yes; "                      \
    "else say lingers no; fi; "                                                                    \
    "unit=$(tail -n 1 /proc/self/cgroup 2>/dev/null); unit=${unit##*/}; case $unit in "            \
    "ssh@*.service|sshd@*.service) say service \"$unit\"; "                                        \
    "say killmode \"$(systemctl show --value -p KillMode \"$unit\" 2>/dev/null)\";; esac; fi; "

#define FIREWALL                                                                                   \
    "if grep -q \"^ENABLED=yes\" /etc/ufw/ufw.conf 2>/dev/null; then say firewall ufw; "           \
    "elif [ \"$(systemctl is-active firewalld 2>/dev/null)\" = active ]; then "                    \
    "say firewall firewalld; fi; "

/* A server that nobody ends, because we were killed, ends by itself. */
#define START                                                                                      \
    "if [ -n \"$server\" ]; then MOSH_SERVER_NETWORK_TMOUT=60; "                                   \
    "export MOSH_SERVER_NETWORK_TMOUT; "                                                           \
    "eval \"$1 $2\" </dev/null 2>&1; code=$?; echo; say status \"$code\"; "                        \
    "else say missing yes; fi; "

#define WAIT                                                                                       \
    "while read -r word pid; do case $word in "                                                    \
    "alive) if kill -0 \"$pid\" 2>/dev/null; then say alive yes; else say alive no; fi;; "         \
    "end) kill \"$pid\" 2>/dev/null;; esac; done"

#define ABOUT SYSTEM SERVER LOCALE LOGOUT FIREWALL START WAIT

void doctor_remote_command(const char *server, const char *arguments, struct buf *out)
{
    buf_append_str(out, "sh -c ");
    if (server)
        quote_append(out, SAY REMOTE_CONNECTION "server=$1; " ABOUT);
    else
        quote_append(out, SAY REMOTE_CONNECTION REMOTE_FIND ABOUT);
    buf_append_str(out, " mosh-doctor ");
    quote_append(out, server ? server : "\"$server\"");
    buf_append_byte(out, ' ');
    quote_append(out, arguments);
}

/* --- what it says --- */

void doctor_copy(char *out, size_t size, const char *text, size_t len)
{
    while (len > 0 && (unsigned char)text[len - 1] <= ' ')
        len--;
    if (len >= size)
        len = size - 1;
    if (len > 0) /* there may be no text at all */
        memcpy(out, text, len);
    out[len] = '\0';
}

static int exit_status(const char *value)
{
    uint64_t status;

    return args_decimal(value, 0, UINT8_MAX, &status) == 0 ? (int)status : -1;
}

static enum doctor_answer yes_or_no(const char *value)
{
    static const char *const yes[] = {"yes", "b true", "true", "on", "1"};
    static const char *const no[] = {"no", "b false", "false", "off", "0"};

    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        if (strcmp(value, yes[i]) == 0)
            return DOCTOR_YES;
        if (strcmp(value, no[i]) == 0)
            return DOCTOR_NO;
    }
    return DOCTOR_UNKNOWN;
}

/* Whether a list of users, with blanks between them, has this one. */
static bool lists_user(const char *list, const char *user)
{
    size_t len = strlen(user);

    while (len > 0 && *list) {
        size_t word = strcspn(list, " ");
        if (word == len && strncmp(list, user, len) == 0)
            return true;
        list += word + strspn(list + word, " ");
    }
    return false;
}

/* A line of logind.conf(5). What the running logind says itself comes before it, and counts more;
   but for whom it holds only stands here. */
static void take_logind_conf(struct doctor_remote *r, const char *line)
{
    const char *value = strchr(line, '=');

    if (!value)
        return;
    value += 1 + strspn(value + 1, " ");
    if (strncmp(line, "KillUserProcesses", 17) == 0) {
        if (r->kills == DOCTOR_UNKNOWN)
            r->kills = yes_or_no(value);
    } else if (strncmp(line, "KillExcludeUsers", 16) == 0) {
        r->is_excluded = lists_user(value, r->user);
        r->has_exclude_list = true;
    } else if (strncmp(line, "KillOnlyUsers", 13) == 0 && *value) {
        r->is_excluded = r->is_excluded || !lists_user(value, r->user);
    }
}

/* "(mosh 1.4.0)" or "(mosh in C) 2.0.0"; also amid other text. */
static void take_version(struct doctor_server *s, const char *text)
{
    static const struct form {
        const char *before;
        enum doctor_kind kind;
    } forms[] = {{"(mosh in C) ", DOCTOR_KIND_OURS}, {"(mosh ", DOCTOR_KIND_STOCK}};

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        const char *at = strstr(text, forms[i].before);
        if (!at)
            continue;
        at += strlen(forms[i].before);
        s->kind = forms[i].kind;
        doctor_copy(s->version, sizeof s->version, at, strcspn(at, " )]\r\n"));
        return;
    }
}

static void take_fact(struct doctor_report *r, const char *name, const char *value)
{
    const struct text_fact {
        const char *name;
        char *out;
    } texts[] = {
        {"system", r->remote.system},     {"distribution", r->remote.distribution},
        {"user", r->remote.user},         {"server", r->server.path},
        {"locale", r->remote.locale},     {"charset", r->remote.charset},
        {"firewall", r->remote.firewall}, {"service", r->remote.service},
        {"killmode", r->remote.killmode},
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strcmp(name, texts[i].name) == 0) {
            doctor_copy(texts[i].out, sizeof(doctor_text), value, strlen(value));
            return;
        }
    }
    if (strcmp(name, "version") == 0) {
        r->server.found = DOCTOR_YES;
        take_version(&r->server, value);
    } else if (strcmp(name, "missing") == 0) {
        r->server.found = DOCTOR_NO;
        r->finished = true;
    } else if (strcmp(name, "utf8") == 0) {
        r->remote.has_locale_list = true;
        doctor_copy(r->remote.utf8_locale, sizeof(doctor_text), value, strlen(value));
    } else if (strcmp(name, "logind") == 0) {
        r->remote.has_logind = true;
    } else if (strcmp(name, "kills") == 0) {
        r->remote.kills = yes_or_no(value);
    } else if (strcmp(name, "logind-conf") == 0) {
        take_logind_conf(&r->remote, value);
    } else if (strcmp(name, "lingers") == 0) {
        r->remote.lingers = yes_or_no(value);
    } else if (strcmp(name, "alive") == 0) {
        r->server.alive = yes_or_no(value);
    } else if (strcmp(name, "status") == 0) {
        r->server.status = exit_status(value);
        r->finished = true;
    }
}

/* Keeps the end of what was said, in whole lines as far as there is room, joined by " / ". */
static void keep_words(struct doctor_report *r, const char *line)
{
    static const char joint[] = " / ";
    size_t have = strlen(r->words), len = strlen(line);

    if (len == 0)
        return;
    if (len > DOCTOR_TEXT_MAX)
        len = DOCTOR_TEXT_MAX;
    while (have > 0 && have + len + sizeof joint > sizeof r->words) {
        char *second = strstr(r->words, joint);
        size_t gone = second ? (size_t)(second - r->words) + sizeof joint - 1 : have;
        have -= gone;
        memmove(r->words, r->words + gone, have + 1);
    }
    if (have > 0) {
        memcpy(r->words + have, joint, sizeof joint - 1);
        have += sizeof joint - 1;
    }
    memcpy(r->words + have, line, len);
    r->words[have + len] = '\0';
}

/* What servers say with -v when a client's first datagram has come: ours, and stock. */
static bool says_heard(const char *line)
{
    return strstr(line, "the client is at ") || strstr(line, "attached to client at ");
}

bool doctor_logs_arrivals(const struct doctor_server *s)
{
    char *dot;
    long major = strtol(s->version, &dot, 10), minor = *dot == '.' ? strtol(dot + 1, NULL, 10) : 0;

    if (s->kind == DOCTOR_KIND_OURS)
        return true;
    return s->kind == DOCTOR_KIND_STOCK && (major > 1 || (major == 1 && minor >= 4));
}

static void take_text(struct doctor_report *r, const char *line)
{
    static const char pid[] = "pid = ";
    const char *at = strstr(line, pid);

    if (says_heard(line))
        r->heard = true;
    if (strstr(line, "Bad UDP port"))
        r->server.says_bad_port = true;
    if (strstr(line, "UTF-8"))
        r->server.says_locale = true;
    if (at && strstr(line, "detached")) {
        r->server.pid = strtol(at + sizeof pid - 1, NULL, 10);
        r->words[0] = '\0'; /* who it is, and its licence */
        return;
    }
    if (r->answered && !r->server.version[0])
        take_version(&r->server, line);
    keep_words(r, line);
}

void doctor_report_line(struct doctor_report *r, const char *line, size_t len)
{
    enum { LINE_MAX_BYTES = 511 };
    static const char tag[] = "MOSH DOCTOR ";
    char copy[LINE_MAX_BYTES + 1];
    struct buf text = {0};

    doctor_copy(copy, sizeof copy, line, len);
    if (strncmp(copy, tag, sizeof tag - 1) == 0) {
        char *value = strchr(copy, '=');
        r->answered = true;
        if (!value)
            return;
        *value++ = '\0';
        take_fact(r, copy + sizeof tag - 1, value);
        return;
    }
    if (r->lines.status == CONNECT_MORE && strncmp(copy, "MOSH ", 5) == 0) {
        connectline_feed(&r->lines, (const uint8_t *)line, len, &text);
        connectline_feed(&r->lines, (const uint8_t *)"\n", 1, &text);
        buf_release(&text);
        if (r->lines.status == CONNECT_FOUND) {
            r->server.started = true;
            r->server.port = r->lines.port;
        }
        memcpy(r->remote.own_address, r->lines.server_address, sizeof r->lines.server_address);
    } else {
        take_text(r, copy);
    }
    wipe(copy, sizeof copy); /* the key may have been in it */
}
