/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SYS_UTMP_H
#define MOSH_SYS_UTMP_H

/*
 * The record of logins, which `w` and `who` show. Kept through libutempter where configure found
 * it; elsewhere nothing is recorded, and nothing is said about it (R40).
 *
 * The host field of a session is "ADDRESS via mosh [PID]" while its client is there, and
 * "mosh [PID]" once it has been silent for UTMP_DETACH_MS. There is none before a client was there
 * for the first time, so that what is still starting never looks like something left behind (R27).
 */

#include "util/msec.h"

#define UTMP_DETACH_MS 30000

/*
 * A process of its own keeps the record, and lives as long as the session: the record names it,
 * the library's helper may take its time there (F42), and it removes the record whatever end the
 * server comes to.
 */
struct utmp {
    int orders; /* a pipe; -1: nothing is recorded */
};

/* To be called before there is anything secret in memory. */
void utmp_start(struct utmp *u, int pty_master);

/* Records the client's printable address, or NULL for its absence. */
void utmp_set(struct utmp *u, const char *client);

/* Removes the record, if there is one. */
void utmp_stop(struct utmp *u);

/* Tells on standard output which other sessions of this user have lost their client. */
void utmp_show_detached(void);

#endif
