/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_LAUNCH_ROUTE_H
#define MOSH_LAUNCH_ROUTE_H

/*
 * How the server's address is found. UDP has to go where ssh went, but ssh does not tell where that
 * was, and there are three ways to know, none of them always right.
 *
 * ROUTE_PROXY: we make ssh's TCP connection for it (launch/fakeproxy.h), and so know the address,
 * for names with several addresses too. But that takes the place of a ProxyJump or a ProxyCommand,
 * without which the host may be out of reach; and a ControlMaster that is logged in already cannot
 * be used, so the user would have to log in once more.
 *
 * ROUTE_REPORTED: the remote shell tells which address of its own it sees (SSH_CONNECTION). This
 * works with any ssh, but behind address translation that is not the address to use.
 *
 * ROUTE_LOCAL: we look up the name ourselves, and ssh gets the address. Names that have a meaning
 * in ssh's configuration alone cannot be used.
 *
 * Left to itself, `mosh` asks `ssh -G` and takes ROUTE_PROXY wherever it takes nothing away, which
 * is nearly everywhere. Where there is a jump host, a proxy command, a live master or a bound
 * source address, ssh is left alone and the address is a reported one, checked against what the
 * name means here (route_pick). So it is with an ssh that does not know -G, since it may not know
 * the options of the proxy way either.
 */

#include "launch/connectline.h"
#include "launch/opts.h"
#include "launch/resolve.h"
#include "launch/words.h"

enum route_way { ROUTE_PROXY, ROUTE_REPORTED, ROUTE_LOCAL };

struct route {
    enum route_way way;
    enum family family;
    bool is_indirect;       /* ssh goes through another host or program */
    bool is_automatic;      /* a reported address may be replaced by a better one */
    char *jump;             /* which one, in a word or two, or NULL; owned */
    char *hostname;         /* what ssh looks up, without user and brackets; owned */
    struct endpoints named; /* what that name means here, if it was looked up */
};

/* `ssh` are the words of --ssh; runs it to ask for its configuration. */
void route_choose(const struct opts *o, const struct words *ssh, struct route *out);

/* The address for the client, from what the lines said. Returns 0, or -1 if there is none. */
int route_address(struct route *r, const struct connectline *c, struct endpoint *out) MUST_CHECK;

/*
 * Appends the other addresses at which the server may be found, for the client to try when it hears
 * nothing at `chosen`: what the name means, and what the server itself sees of the connection.
 * Blanks are between them. What reaches no farther than a machine or a link is left out, if
 * `chosen` does.
 */
void route_others(const struct route *r, const struct connectline *c, const char *chosen,
                  struct buf *out);

/*
 * Chooses between the address that the server reported (or NULL) and those of its name. A reported
 * address that is one of the name's is certain. Otherwise the one of wider reach wins: a server
 * behind address translation reports a private one. Among equals a public one is believed as it was
 * reported, since a name may have more addresses than the resolver shows at a time; and so is a
 * private one behind a jump host, where the name may mean something else here.
 */
const struct endpoint *route_pick(const struct endpoint *reported, const struct endpoints *named,
                                  bool is_indirect);

/* Of [user@]host, the host; without brackets. To be freed. */
char *route_host(const char *destination);

/* [user@]host as ssh takes it: without brackets, or with `address` for the host. To be freed. */
char *route_destination(const char *destination, const char *address);

#endif
