/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_OVERLAY_NOANSWER_H
#define MOSH_OVERLAY_NOANSWER_H

/*
 * Why nothing may have come back from a server that ssh could reach, in words: what was tried, what
 * the network said to it, and what can be done about each of the likely causes, the likeliest first
 * (R25). Pure. What the network says can be forged by anybody, so it only orders the causes.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"
#include "util/msec.h"

#define NOANSWER_ADDRESS_MAX 63
#define NOANSWER_ERROR_MAX   63

/* What the network says of something that was sent. */
enum noanswer_news {
    NOANSWER_REFUSED,     /* no such port there, says the other machine */
    NOANSWER_UNREACHABLE, /* it cannot get there, or may not, says one on the way */
    NOANSWER_NOT_SENT,    /* this machine has not even sent it */
    NOANSWER_NEWS
};

/* How `mosh` found the server's address. */
enum noanswer_way { NOANSWER_UNKNOWN, NOANSWER_PROXY, NOANSWER_REPORTED, NOANSWER_LOCAL };

struct noanswer {
    char address[NOANSWER_ADDRESS_MAX + 1]; /* what was tried */
    uint16_t port;
    bool is_ipv6;
    size_t others;                /* how many more addresses were */
    uint16_t port_low, port_high; /* where servers listen; 0: not known, and 60001 to 60999 */
    enum noanswer_way way;
    char sees[NOANSWER_ADDRESS_MAX + 1]; /* the server's own address, as ssh came to it; or "" */
    unsigned news[NOANSWER_NEWS];        /* how often it was said */
    char error[NOANSWER_ERROR_MAX + 1];  /* the system's words for the last of them */
};

/*
 * Takes over what `mosh` tells its client: words separated by blanks, of which those that are not
 * understood are ignored: "ports=LOW:HIGH", "way=proxy", "way=reported", "way=local", "sees=IP".
 */
void noanswer_read_setup(struct noanswer *n, const char *words);

void noanswer_note(struct noanswer *n, enum noanswer_news news, const char *error);

/* Appends lines of printable ASCII, each with its newline and none wider than 78 columns. With
   `silence`, how long it lasted; 0: it goes on. */
void noanswer_text(const struct noanswer *n, msec_t silence, struct buf *out);

#endif
