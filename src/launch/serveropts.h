/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_LAUNCH_SERVEROPTS_H
#define MOSH_LAUNCH_SERVEROPTS_H

/*
 * What mosh-server is told: by its arguments, and by its environment. Wrappers of many versions
 * call it, so it goes on where it can: what it does not know it remarks on and ignores.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "sys/args.h"
#include "sys/charset.h"
#include "sys/sandbox.h"
#include "util/msec.h"

#define SERVEROPTS_PROGRAM "mosh-server"

/* Of -@, with -s: the address that ssh was reached at is not needed, since the client knows others
   of this machine, too, and answers leave from the one that was asked. Other servers ignore it. */
#define SERVEROPTS_EVERYWHERE "everywhere"

struct serveropts {
    const char *ip;  /* to listen on, as given; NULL: every address */
    char ssh_ip[64]; /* what -s found; `ip` points into it then */
    bool everywhere; /* a hint: instead of that, every address will do */
    struct port_range ports;
    bool colors_256;
    bool verbose;
    const char *locale[CHARSET_SETTINGS_MAX]; /* NAME=VALUE */
    size_t locale_count;
    char *const *command;      /* ended by NULL; NULL: a login shell */
    msec_t network_timeout_ms; /* 0: none, here and below */
    msec_t signal_timeout_ms;
    enum sandbox_policy sandbox;
};

/* Fills *o, whose strings are borrowed from `argv` and from *o itself: it must stay where it is.
   Ends the process for --help and the like, and for what cannot be gone on with. */
void serveropts_parse(struct serveropts *o, int argc, char **argv);

void serveropts_print_version(FILE *to);

#endif
