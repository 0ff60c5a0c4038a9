/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_LAUNCH_DOCTOR_H
#define MOSH_LAUNCH_DOCTOR_H

/*
 * `mosh --doctor`: goes all the way that a session goes, measures it, and says what is wrong and
 * what to do. This module collects; what it takes is apart, and pure:
 *
 *   doctor_remote   the script for the other machine, and what it says
 *   doctor_client   what mosh-client says of the terminal and of the ways to the server
 *   doctor_facts    all of that
 *   doctor_verdict  what follows from it
 *   doctor_table, doctor_json   how it is shown
 *
 * ssh is run once, with one command; it stays for as long as the server does, whose log says
 * whether datagrams come to it.
 */

#include "launch/command.h"

struct doctor_job {
    const struct command_context *context;
    const struct words *ssh;
    bool json;
};

/* Prints on standard output what was found, and returns the exit status. Ends the program if
   nothing can be found out. */
int doctor_run(const struct doctor_job *job);

#endif
