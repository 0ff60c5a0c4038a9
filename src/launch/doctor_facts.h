/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_LAUNCH_DOCTOR_FACTS_H
#define MOSH_LAUNCH_DOCTOR_FACTS_H

/*
 * What `mosh --doctor` found out, before anybody judges it: plain data, with no pointer to what it
 * owns. Texts come from other machines and may hold anything but a NUL; "" means not known.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DOCTOR_TEXT_MAX  127
#define DOCTOR_WORDS_MAX 511 /* of what a program said of its failure */
#define DOCTOR_PATHS_MAX 8

typedef char doctor_text[DOCTOR_TEXT_MAX + 1];

/* What is either so, or not, or not known. */
enum doctor_answer { DOCTOR_UNKNOWN, DOCTOR_NO, DOCTOR_YES };

/* The terminal here, by the client's word. */
struct doctor_terminal {
    enum doctor_answer is_terminal; /* UNKNOWN: the client does not know --probe-terminal */
    doctor_text term;
    enum doctor_answer has_entry; /* in terminfo */
    bool entry_guessed;           /* not there, but its name says what it is like */
    long colors;                  /* by terminfo; -1: none */
    bool asked;
    enum doctor_answer answered;
    uint64_t answered_ms;
    doctor_text identity;
    char abilities[DOCTOR_WORDS_MAX + 1]; /* words with blanks between them */
};

struct doctor_ssh {
    enum doctor_answer connected;     /* the remote shell has answered */
    uint64_t ms;                      /* until it did */
    int status;                       /* of ssh, where it did not; -1: it had to be ended */
    char words[DOCTOR_WORDS_MAX + 1]; /* the last that it said */
    doctor_text address;              /* that it connected to, if it is known */
    doctor_text jump;                 /* by ProxyJump or ProxyCommand; "" for a direct way */
    const char *way; /* as --experimental-remote-ip has it; or "none" with --local */
};

enum doctor_kind { DOCTOR_KIND_UNKNOWN, DOCTOR_KIND_OURS, DOCTOR_KIND_STOCK };

/* The other machine, by its shell's word. */
struct doctor_remote {
    doctor_text system;       /* words for launch/package.h */
    doctor_text distribution; /* for people */
    doctor_text user;
    doctor_text own_address; /* that ssh's server is at, as that machine sees it */
    doctor_text locale, charset;
    doctor_text utf8_locale; /* one that it has, C.UTF-8 if it can be */
    bool has_locale_list;    /* else nothing is known of utf8_locale */
    bool has_logind;
    enum doctor_answer kills;           /* KillUserProcesses, for those who are not excluded */
    bool is_excluded, has_exclude_list; /* from that; without a list it is root */
    enum doctor_answer lingers;         /* loginctl enable-linger */
    doctor_text service; /* ssh's server is a service for each connection, and this one ours; ... */
    doctor_text killmode; /* ... what becomes of its processes at its end: systemd.kill(5) */
    doctor_text firewall; /* "ufw" or "firewalld" where it is on */
};

struct doctor_server {
    enum doctor_answer found;
    doctor_text path;
    doctor_text version; /* "1.4.0" */
    enum doctor_kind kind;
    bool started; /* it announced a session */
    int status;   /* of its start; -1: not known */
    uint16_t port;
    long pid;                         /* 0: not known */
    enum doctor_answer heard;         /* datagrams from here came to it, by its log */
    enum doctor_answer alive;         /* after nothing came back from it */
    char words[DOCTOR_WORDS_MAX + 1]; /* the last that it said */
    bool says_bad_port, says_locale;  /* that it takes no range of ports, or only UTF-8 */
};

/* One address of the server, by the client's word. */
struct doctor_path {
    doctor_text address;
    bool is_ipv6;
    bool is_chosen;   /* mosh would use this one */
    bool is_tried;    /* and, if it hears nothing there, this one too */
    bool is_named;    /* the host's name means it, here */
    bool is_reported; /* the other machine says that it is its own */

    bool answered;
    uint64_t first_ms;
    uint64_t sent, received, missing; /* missing: of those that the server sent */
    unsigned exchanges, lost;
    bool has_rtt;
    uint64_t rtt_min_ms, rtt_mean_ms, rtt_max_ms;
    bool echoed;
    uint64_t echo_ms;
    unsigned packet_passed, packet_lost, packet_told,
        packet_received; /* bytes; 0: see pathcheck.h */
    bool has_packet;
    enum doctor_answer screen;    /* a screen that takes more than one datagram came back */
    doctor_text report, reporter; /* what the network says, and who */
    bool is_unsent;               /* it is this machine that says so: nothing has left it */
};

struct doctor_facts {
    const char *host;       /* as the user gave it */
    const char *client;     /* --client */
    const char *command;    /* --server */
    const char *port_asked; /* --port, or NULL */
    bool is_local;          /* --local: no ssh */
    /* A session's server would listen at own_address alone; but ours does not without
     * --bind-server. */
    bool binds_to_ssh, binds_everywhere_if_it_can;
    struct doctor_terminal terminal;
    struct doctor_ssh ssh;
    struct doctor_remote remote;
    struct doctor_server server;
    bool probed; /* the client has measured the paths */
    struct doctor_path path[DOCTOR_PATHS_MAX];
    size_t path_count;
};

/* Copies as much as there is room for, without control characters at its end. */
void doctor_copy(char *out, size_t size, const char *text, size_t len);

#endif
