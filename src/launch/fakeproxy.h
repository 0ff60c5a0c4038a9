/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_LAUNCH_FAKEPROXY_H
#define MOSH_LAUNCH_FAKEPROXY_H

/*
 * `mosh` as ssh's ProxyCommand: connects to the host, says on standard error where that was
 * ("MOSH IP ADDRESS", which `mosh` reads there), and hands the connection itself to ssh over the
 * socket that is its standard output (ProxyUseFdpass, OpenSSH 6.5 and later). So no process has to
 * copy ssh's traffic to and fro.
 *
 * The addresses of a name are tried in their order, each with a head start before the next (RFC
 * 8305), so that one that does not answer costs a quarter of a second and not minutes.
 */

#include "launch/resolve.h"
#include "util/err.h"

#define DIAL_HEAD_START_MS 250

/* Connects to the first address that answers and returns the socket, blocking and with
   close-on-exec, with the index of its address in *winner; or a negative errno, of the address
   *winner. */
int dial(const struct endpoints *list, size_t *winner) MUST_CHECK;

/* Returns the exit status. */
int fakeproxy_run(const char *host, const char *port, enum family family);

#endif
