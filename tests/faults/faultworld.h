/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_FAULTWORLD_H
#define MOSH_TESTS_FAULTWORLD_H

/*
 * What a session in which something fails takes place in: the user's terminal, and the processes,
 * all of them descendants of this one. faultsession.c plays the user in it, and judges. There is
 * one world, so it is passed to nobody.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <termios.h>

enum { CHILDREN_MAX = 64 };

struct text {
    char *bytes; /* with a zero behind them */
    size_t len, max;
};

struct ended {
    pid_t pid;
    int status; /* as waitpid has it */
    char name[32];
};

struct world {
    const char *program, *folder; /* which of the three fails, and where all of them are */
    bool is_mosh;
    int master, slave; /* the user's terminal */
    int said_fd;       /* the server's standard error and output */
    struct termios before;
    struct text written; /* on the terminal */
    struct text said;    /* by the server */
    size_t answered;
    pid_t client; /* or mosh, which becomes it */
    struct ended ended[CHILDREN_MAX];
    size_t ended_count;
    char key[32], port[8];
    char paths[4096]; /* one after the other */
    size_t paths_len;
    bool ended_by_signal;
    bool killed; /* what is left is ended by us */
    char broken[1024];
};

extern struct world world;

/* Says that something is not as it has to be; all of that is told at the end. */
void broken(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The test itself cannot go on. */
void die(const char *what) __attribute__((noreturn));

/* --- faultprocess.c --- */

void start_server(void);
void start_client(void); /* once the port and the key are known */
void start_mosh(void);

/* Takes note of who has ended. */
void reap(void);
const struct ended *has_ended(pid_t pid); /* NULL: not yet */

pid_t server_pid(void); /* as the server has told it; 0 before */
bool server_is_there(void);

/* Sends the signal, if not 0, to children of that name; NULL for all. Returns how many there are.
 */
int each_child(const char *name, int signal);

/* --- faultterminal.c --- */

void open_terminal(void);
void type(const char *keys);

/* Takes what terminal and server have to say, for so long or until one has said something. */
void pump(int wait_ms);

/* Takes what the terminal has got already. */
void drain(void);

bool has(const struct text *t, size_t from, const char *what);

#endif
