/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_LAUNCH_DOCTOR_VERDICT_H
#define MOSH_LAUNCH_DOCTOR_VERDICT_H

/*
 * From facts to findings: what is wrong, what to do about it, and whether a session would work.
 * Pure, and the only place where anything is judged.
 */

#include "launch/doctor_facts.h"

/* In the order of a session's start; the first that holds is the verdict. */
enum doctor_outcome {
    VERDICT_WELL,          /* a session would work */
    VERDICT_BAD_TERMINAL,  /* the client would not start on this terminal */
    VERDICT_NO_SSH,        /* ssh cannot connect or log in, or there is no shell */
    VERDICT_NO_SERVER,     /* no mosh-server there */
    VERDICT_SERVER_FAILS,  /* it does not start: too old, no UTF-8 locale, ... */
    VERDICT_NO_UDP,        /* no datagram comes back, from whatever address; or no large one */
    VERDICT_WRONG_ADDRESS, /* none from the address that mosh would use, but from another */
    VERDICT_ENDED_EARLY,   /* the server would be ended as soon as ssh is */
    VERDICTS
};

/* The exit status: that which `mosh` itself would end with, where there is one. mosh(1) has them.
 */
int doctor_exit_status(enum doctor_outcome outcome);

/* In a word, for machines, and in a sentence, without its full stop. */
const char *doctor_outcome_name(enum doctor_outcome outcome);
const char *doctor_outcome_text(enum doctor_outcome outcome);

/* Names for machines; they stay as they are. */
#define DOCTOR_FINDINGS                                                                            \
    X(TERM_UNKNOWN, "term-unknown")                                                                \
    X(TERMINAL_SILENT, "terminal-silent")                                                          \
    X(SSH_FAILED, "ssh-failed")                                                                    \
    X(NO_SHELL, "no-shell")                                                                        \
    X(SERVER_MISSING, "server-missing")                                                            \
    X(SERVER_BAD_PORT, "server-takes-no-port-range")                                               \
    X(SERVER_LOCALE, "server-needs-utf8-locale")                                                   \
    X(SERVER_FAILED, "server-failed")                                                              \
    X(SERVER_DIED, "server-died")                                                                  \
    X(SERVER_OLD, "server-old")                                                                    \
    X(NO_ADDRESS, "address-unknown")                                                               \
    X(UDP_UNSENT, "udp-not-sent")                                                                  \
    X(UDP_BLOCKED, "udp-blocked")                                                                  \
    X(UDP_BLOCKED_OUT, "udp-blocked-to-server")                                                    \
    X(UDP_BLOCKED_BACK, "udp-blocked-from-server")                                                 \
    X(ADDRESS_WRONG, "address-wrong")                                                              \
    X(ADDRESS_DETOUR, "address-detour")                                                            \
    X(ADDRESS_SILENT, "address-silent")                                                            \
    X(BOUND_WRONG, "server-bound-to-loopback")                                                     \
    X(KILLED_AT_LOGOUT, "killed-at-logout")                                                        \
    X(KILLED_WITH_SERVICE, "killed-with-ssh-service")                                              \
    X(LOSS, "loss")                                                                                \
    X(MTU_SMALL, "mtu-small")                                                                      \
    X(MTU_BLACK_HOLE, "mtu-black-hole")                                                            \
    X(LARGE_SCREENS, "large-screens-lost")                                                         \
    X(NO_ECHO, "no-echo")                                                                          \
    X(LOCALE_NONE, "no-utf8-locale")                                                               \
    X(LOCALE_OTHER, "locale-not-utf8")

enum doctor_code {
#define X(code, name) FOUND_##code,
    DOCTOR_FINDINGS
#undef X
        FOUND_CODES
};
const char *doctor_code_name(enum doctor_code code);

struct doctor_finding {
    enum doctor_code code;
    bool is_fault; /* a session does not work with it; else it is a remark */
    char what[320];
    char advice[320]; /* what to do; "" where there is nothing to be done */
};

#define DOCTOR_FINDINGS_MAX 24

struct doctor_verdict {
    enum doctor_outcome outcome;
    struct doctor_finding at[DOCTOR_FINDINGS_MAX];
    size_t count;
};

void doctor_judge(const struct doctor_facts *f, struct doctor_verdict *out);

#endif
