/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overlay/noanswer.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PORT_LOW   60001
#define PORT_HIGH  60999
#define LINE_BYTES 256

/* --- what is known --- */

static void take_ports(struct noanswer *n, const char *text)
{
    char *end;
    unsigned long low = strtoul(text, &end, 10), high = low;

    if (*end == ':')
        high = strtoul(end + 1, &end, 10);
    if (*end != '\0' || low == 0 || low > high || high > UINT16_MAX)
        return;
    n->port_low = (uint16_t)low;
    n->port_high = (uint16_t)high;
}

static void take_way(struct noanswer *n, const char *text)
{
    static const char *const ways[] = {
        [NOANSWER_PROXY] = "proxy",
        [NOANSWER_REPORTED] = "reported",
        [NOANSWER_LOCAL] = "local",
    };

    for (size_t i = NOANSWER_PROXY; i < sizeof ways / sizeof ways[0]; i++) {
        if (strcmp(text, ways[i]) == 0)
            n->way = (enum noanswer_way)i;
    }
}

/* It is an address and goes to the terminal. */
static void take_sees(struct noanswer *n, const char *text)
{
    static const char allowed[] = "0123456789abcdefABCDEF.:";

    size_t len = strspn(text, allowed);

    if (len <= NOANSWER_ADDRESS_MAX && text[len] == '\0')
        memcpy(n->sees, text, len + 1);
}

void noanswer_read_setup(struct noanswer *n, const char *words)
{
    static const struct {
        const char *name;
        void (*take)(struct noanswer *n, const char *text);
    } names[] = {{"ports=", take_ports}, {"sees=", take_sees}, {"way=", take_way}};

    while (words && *words) {
        size_t len = strcspn(words, " ");
        char word[LINE_BYTES];

        snprintf(word, sizeof word, "%.*s", (int)(len < sizeof word ? len : 0), words);
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
            size_t name_len = strlen(names[i].name);

            if (strncmp(word, names[i].name, name_len) == 0)
                names[i].take(n, word + name_len);
        }
        words += len + (words[len] == ' ');
    }
}

void noanswer_note(struct noanswer *n, enum noanswer_news news, const char *error)
{
    n->news[news]++;
    snprintf(n->error, sizeof n->error, "%s", error);
    for (char *c = n->error; *c; c++) /* it may be in any language */
        if (*c < ' ' || *c > '~')
            *c = '?';
}

/* --- words --- */

static PRINTF_LIKE(2, 3) void line(struct buf *out, const char *format, ...)
{
    char text[LINE_BYTES];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    buf_append_str(out, text);
    buf_append_byte(out, '\n');
}

static void say_what_was_tried(const struct noanswer *n, msec_t silence, struct buf *out)
{
    char span[32] = "", others[48] = "";

    if (silence > 0)
        snprintf(span, sizeof span, " for %" PRIu64 " s", silence / 1000);
    line(out, "Nothing has come back by UDP%s, though ssh got there. Tried was", span);
    if (n->others > 0)
        snprintf(others, sizeof others, ", and %zu more of its addresses", n->others);
    line(out, "%s, port %u (%s)%s.", n->address, n->port, n->is_ipv6 ? "IPv6" : "IPv4", others);
}

static const char *times(unsigned count, char text[32])
{
    if (count == 1)
        return "once";
    snprintf(text, 32, "%u times", count);
    return text;
}

static void say_what_is_known(const struct noanswer *n, struct buf *out)
{
    char count[32];

    if (n->news[NOANSWER_REFUSED] > 0)
        line(out, "The answer by ICMP, %s: nobody listens at that port.",
             times(n->news[NOANSWER_REFUSED], count));
    if (n->news[NOANSWER_UNREACHABLE] > 0)
        line(out, "The answer by ICMP, %s: %s.", times(n->news[NOANSWER_UNREACHABLE], count),
             n->error);
    if (n->news[NOANSWER_NOT_SENT] > 0)
        line(out, "This machine did not send it, %s: %s.", times(n->news[NOANSWER_NOT_SENT], count),
             n->error);
    if (n->news[NOANSWER_REFUSED] + n->news[NOANSWER_UNREACHABLE] + n->news[NOANSWER_NOT_SENT] == 0)
        line(out, "The network says nothing (no ICMP).");
}

static void advise_firewall(const struct noanswer *n, int number, struct buf *out)
{
    unsigned low = n->port_low ? n->port_low : PORT_LOW;
    unsigned high = n->port_low ? n->port_high : PORT_HIGH;
    char colon[16], dash[16];

    snprintf(colon, sizeof colon, low == high ? "%u" : "%u:%u", low, high);
    snprintf(dash, sizeof dash, low == high ? "%u" : "%u-%u", low, high);
    line(out, "%d. The server's firewall. To open it, as root at the server one of", number);
    line(out, "    ufw allow %s/udp", colon);
    line(out, "    firewall-cmd --add-port=%s/udp --permanent; firewall-cmd --reload", dash);
    line(out, "    nft add rule inet filter input udp dport %s accept", dash);
    line(out, "   and in a cloud, its own firewall (security group) as well.");
}

static void advise_network(const struct noanswer *n, int number, struct buf *out)
{
    (void)n;
    line(out, "%d. A network that lets no UDP through: try it from another one, or with", number);
    line(out, "   another port, which the server's firewall has to let in: mosh -p PORT");
}

static void advise_address(const struct noanswer *n, int number, struct buf *out)
{
    bool differs = n->sees[0] && strcmp(n->sees, n->address) != 0;
    const char *how = n->way == NOANSWER_REPORTED ? "local"
                      : n->way == NOANSWER_LOCAL  ? "proxy"
                                                  : "remote";

    line(out, "%d. Not the server's address, behind NAT or a jump host. Try", number);
    line(out, "    mosh --experimental-remote-ip=%s", how);
    line(out, "   or mosh -%c, if it has an %s address.", n->is_ipv6 ? '4' : '6',
         n->is_ipv6 ? "IPv4" : "IPv6");
    if (differs)
        line(out, "   The server says that it was reached at %s.", n->sees);
}

static void advise_here(const struct noanswer *n, int number, struct buf *out)
{
    line(out, "%d. This machine has no way there, or its own firewall lets nothing out.", number);
    line(out, "   Look at its network and VPN; or try mosh -%c.", n->is_ipv6 ? '4' : '6');
}

typedef void advice(const struct noanswer *n, int number, struct buf *out);

void noanswer_text(const struct noanswer *n, msec_t silence, struct buf *out)
{
    static advice *const silent[] = {advise_firewall, advise_network, advise_address, NULL};
    static advice *const refused[] = {advise_address, advise_firewall, advise_network, NULL};
    static advice *const not_sent[] = {advise_here, advise_address, advise_firewall, NULL};
    advice *const *causes = n->news[NOANSWER_REFUSED] > 0    ? refused
                            : n->news[NOANSWER_NOT_SENT] > 0 ? not_sent
                                                             : silent;

    say_what_was_tried(n, silence, out);
    say_what_is_known(n, out);
    line(out, "The likely causes, the likeliest first (\"mosh --doctor\" finds out which):");
    for (int i = 0; causes[i]; i++)
        causes[i](n, i + 1, out);
}
