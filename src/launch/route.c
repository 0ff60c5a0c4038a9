/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "launch/route.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "launch/keeper.h"
#include "launch/sshconfig.h"
#include "util/xalloc.h"

/* ssh answers at once. The limits are for programs that only pretend to be ssh. */
enum { ASK_MS_MAX = 5000, ASK_BYTES_MAX = 65536 };

char *route_host(const char *destination)
{
    const char *at = strrchr(destination, '@');
    return host_without_brackets(at ? at + 1 : destination);
}

char *route_destination(const char *destination, const char *address)
{
    const char *at = strrchr(destination, '@');
    size_t user_len = at ? (size_t)(at + 1 - destination) : 0;
    char *host = address ? xstrdup(address) : route_host(destination);
    size_t host_size = strlen(host) + 1;
    char *both = xmalloc(user_len + host_size);
    memcpy(both, destination, user_len);
    memcpy(both + user_len, host, host_size);
    free(host);
    return both;
}

/* Runs ssh with further words before the destination; true if it succeeded. */
static bool ask_ssh(const struct words *ssh, const char *option, const char *argument,
                    const char *destination, struct buf *answer)
{
    struct words argv = {0};
    int status = 0;
    words_add_all(&argv, ssh);
    words_add(&argv, option);
    if (argument)
        words_add(&argv, argument);
    words_add(&argv, destination);
    struct capture c = {
        .argv = argv.at,
        .quiet = true, /* what is wrong, ssh will say again when it is run in earnest */
        .bytes_max = ASK_BYTES_MAX,
        .time_max_ms = ASK_MS_MAX,
    };
    int err = capture(&c, answer, &status);
    words_release(&argv);
    return !err && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int ask_config(const struct words *ssh, const char *destination, struct sshconfig *out)
{
    struct buf text = {0};
    int err = -1;
    if (ask_ssh(ssh, "-G", NULL, destination, &text))
        err = sshconfig_parse((const char *)text.data, text.len, out);
    buf_release(&text);
    return err;
}

static bool has_master(const struct words *ssh, const char *destination)
{
    struct buf ignored = {0};
    bool alive = ask_ssh(ssh, "-O", "check", destination, &ignored);
    buf_release(&ignored);
    return alive;
}

static void choose_automatically(const struct opts *o, const struct words *ssh, struct route *r)
{
    struct sshconfig config;
    char *destination = route_destination(o->host, NULL);
    r->is_automatic = true;
    r->way = ROUTE_REPORTED;
    if (ask_config(ssh, destination, &config) < 0)
        goto out;
    r->is_indirect = config.is_indirect;
    r->jump = config.jump ? xstrdup(config.jump) : NULL;
    if (config.has_family && !o->family_given)
        r->family = config.family;
    if (!config.is_indirect && !config.is_bound &&
        !(config.may_have_master && has_master(ssh, destination)))
        r->way = ROUTE_PROXY;
    free(r->hostname);
    r->hostname = host_without_brackets(config.hostname);
    sshconfig_release(&config);
out:
    free(destination);
}

void route_choose(const struct opts *o, const struct words *ssh, struct route *out)
{
    *out = (struct route){.family = o->family, .hostname = route_host(o->host)};
    switch (o->remote_ip) {
    case REMOTE_IP_PROXY:
        out->way = ROUTE_PROXY;
        break;
    case REMOTE_IP_LOCAL:
        out->way = ROUTE_LOCAL;
        break;
    case REMOTE_IP_REMOTE:
        out->way = ROUTE_REPORTED;
        break;
    case REMOTE_IP_AUTO:
        choose_automatically(o, ssh, out);
        break;
    }
}

const struct endpoint *route_pick(const struct endpoint *reported, const struct endpoints *named,
                                  bool is_indirect)
{
    if (!reported)
        return named->count > 0 ? &named->at[0] : NULL;
    if (named->count == 0)
        return reported;
    for (size_t i = 0; i < named->count; i++) {
        if (endpoint_equal(reported, &named->at[i]))
            return reported;
    }
    enum reach far = endpoint_reach(reported), near = endpoint_reach(&named->at[0]);
    if (far != near)
        return far > near ? reported : &named->at[0];
    return is_indirect || far == REACH_WORLD ? reported : &named->at[0];
}

int route_address(struct route *r, const struct connectline *c, struct endpoint *out)
{
    struct endpoint reported;
    const char *why;
    if (c->address[0]) /* from our own proxy, or from a command that knows better than we do */
        return endpoint_parse(c->address, 0, out);
    bool has_report = c->server_address[0] && endpoint_parse(c->server_address, 0, &reported) == 0;
    /* Asking the resolver may take its time; not where the answer could change nothing. */
    bool is_certain = has_report && endpoint_reach(&reported) == REACH_WORLD;
    if (!r->is_automatic || is_certain || resolve(r->hostname, 0, r->family, &r->named, &why) < 0)
        r->named.count = 0;
    const struct endpoint *picked =
        route_pick(has_report ? &reported : NULL, &r->named, r->is_indirect);
    if (!picked)
        return -1;
    *out = *picked;
    return 0;
}

/* --- the other addresses --- */

struct others {
    const struct route *route;
    struct endpoints found; /* the chosen one first */
};

static bool is_wanted(const struct others *o, const struct endpoint *a)
{
    enum reach nearest = endpoint_reach(&o->found.at[0]);
    enum family family = o->route->family;

    if (endpoint_reach(a) < (nearest < REACH_SITE ? nearest : REACH_SITE) ||
        (family == FAMILY_INET && endpoint_family(a) != AF_INET) ||
        (family == FAMILY_INET6 && endpoint_family(a) != AF_INET6))
        return false;
    for (size_t i = 0; i < o->found.count; i++) {
        if (endpoint_equal(&o->found.at[i], a))
            return false;
    }
    return o->found.count < ENDPOINTS_MAX;
}

static void add_other(struct others *o, const struct endpoint *a)
{
    struct endpoint plain = *a;

    endpoint_set_port(&plain, 0);
    if (is_wanted(o, &plain))
        o->found.at[o->found.count++] = plain;
}

static void add_other_text(struct others *o, const char *ip)
{
    struct endpoint a;

    if (ip[0] && endpoint_parse(ip, 0, &a) == 0)
        add_other(o, &a);
}

void route_others(const struct route *r, const struct connectline *c, const char *chosen,
                  struct buf *out)
{
    struct others o = {.route = r};
    char ip[ENDPOINT_CHARS];

    if (endpoint_parse(chosen, 0, &o.found.at[0]) != 0)
        return;
    o.found.count = 1;
    for (size_t i = 0; i < c->also_count; i++)
        add_other_text(&o, c->also[i]);
    for (size_t i = 0; i < r->named.count; i++)
        add_other(&o, &r->named.at[i]);
    add_other_text(&o, c->server_address);
    for (size_t i = 1; i < o.found.count; i++) {
        endpoint_print_ip(&o.found.at[i], ip);
        if (i > 1)
            buf_append_byte(out, ' ');
        buf_append_str(out, ip);
    }
}
