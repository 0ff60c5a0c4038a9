/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "probe-path.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "session/pathcheck.h"
#include "sys/clock.h"
#include "sys/icmp.h"
#include "sys/loop.h"
#include "sys/sandbox.h"
#include "sys/sysrandom.h"
#include "sys/udp.h"
#include "util/wipe.h"

enum { DATAGRAM_BYTES_MAX = 2048, OUTPUT_BYTES = 8192, REPORT_CHARS = 64 };

struct path {
    struct endpoint server;
    char ip[ENDPOINT_CHARS];
    int fd;                    /* -1: it could not be opened */
    bool is_whole;             /* no datagram is cut on its way */
    char report[REPORT_CHARS]; /* what the network says, "" for nothing */
    char reporter[ENDPOINT_CHARS];
};

struct probe_run {
    struct pathcheck *check;
    struct loop loop;
    msec_t now;
    struct path path[PATHCHECK_PATHS_MAX];
    size_t count;
    struct buf datagram;
};

static void open_path(struct path *p, const struct endpoint *server)
{
    *p = (struct path){.server = *server, .fd = udp_open(endpoint_family(server))};
    if (p->fd < 0) {
        snprintf(p->report, sizeof p->report, "%s", strerror(errno));
        snprintf(p->reporter, sizeof p->reporter, "%s", PROBE_PATH_HERE);
    } else {
        p->is_whole = udp_forbid_fragments(p->fd, endpoint_family(server), true) == 0;
    }
    endpoint_print_ip(server, p->ip);
}

static void note_report(struct probe_run *r, size_t i, const char *text, const char *reporter)
{
    struct path *p = &r->path[i];

    pathcheck_refused(r->check, i);
    snprintf(p->report, sizeof p->report, "%s", text);
    snprintf(p->reporter, sizeof p->reporter, "%s", reporter);
}

static void take_reports(struct probe_run *r, size_t i)
{
    struct icmp_report report;

    for (int n = 0; n < UDP_BATCH && icmp_take(r->path[i].fd, &report) == 1; n++) {
        char reporter[ENDPOINT_CHARS] = "";
        if (report.error == EMSGSIZE) {
            pathcheck_too_large(r->check, i, report.packet_max);
            continue;
        }
        if (report.is_local)
            strcpy(reporter, PROBE_PATH_HERE);
        else if (report.from.len > 0)
            endpoint_print_ip(&report.from, reporter);
        note_report(r, i, report.text, reporter);
    }
}

static void take_datagrams(struct probe_run *r, size_t i)
{
    uint8_t bytes[DATAGRAM_BYTES_MAX];
    struct udp_arrival arrival;

    for (int n = 0; n < UDP_BATCH; n++) {
        int got = udp_receive(r->path[i].fd, bytes, sizeof bytes, &arrival);
        if (got < 0)
            loop_rest(&r->loop);
        if (got != 1)
            return;
        pathcheck_datagram(r->check, r->now, i, bytes, arrival.len, arrival.congested);
    }
}

static void send_datagrams(struct probe_run *r)
{
    size_t i;

    while (pathcheck_pull(r->check, &r->datagram, &i)) {
        struct path *p = &r->path[i];
        int error = p->fd < 0 ? 0 : udp_send(p->fd, &p->server, r->datagram.data, r->datagram.len);
        if (p->fd < 0)
            pathcheck_refused(r->check, i);
        else if (error == EMSGSIZE)
            pathcheck_too_large(r->check, i, 0);
        else if (error)
            note_report(r, i, strerror(error), PROBE_PATH_HERE);
        if (error)
            take_reports(r, i); /* what the network has said before may come as an error, too */
    }
}

static void run(struct probe_run *r)
{
    for (;;) {
        pathcheck_tick(r->check, r->now);
        send_datagrams(r);
        if (pathcheck_finished(r->check))
            return;
        loop_clear(&r->loop);
        for (size_t i = 0; i < r->count; i++)
            loop_watch(&r->loop, r->path[i].fd, POLLIN);
        loop_wait(&r->loop, r->now, pathcheck_deadline(r->check, r->now));
        r->now = clock_now();
        if (loop_signalled(SIGTERM) || loop_signalled(SIGINT) || loop_signalled(SIGHUP))
            pathcheck_stop(r->check, r->now);
        for (size_t i = 0; i < r->count; i++) {
            short ready = 0;
            if (r->path[i].fd >= 0)
                ready = loop_ready(&r->loop, r->path[i].fd);
            if (ready & POLLERR)
                take_reports(r, i);
            if (ready & POLLIN)
                take_datagrams(r, i);
        }
    }
}

static void print_result(size_t i, const struct path *p, const struct pathcheck_result *r)
{
    printf("%zu.address=%s\n%zu.answered=%s\n%zu.sent=%" PRIu64 "\n", i, p->ip, i,
           r->answered ? "yes" : "no", i, r->sent);
    if (p->report[0])
        printf("%zu.report=%s\n", i, p->report);
    if (p->report[0] && p->reporter[0])
        printf("%zu.reporter=%s\n", i, p->reporter);
    if (!r->answered)
        return;
    printf("%zu.first_ms=%" PRIu64 "\n%zu.received=%" PRIu64 "\n%zu.missing=%" PRIu64 "\n", i,
           r->first_ms, i, r->received, i, r->missing);
    printf("%zu.exchanges=%u\n%zu.lost=%u\n", i, r->exchanges, i, r->lost);
    if (r->round_trips)
        printf("%zu.rtt_min_ms=%" PRIu64 "\n%zu.rtt_mean_ms=%" PRIu64 "\n%zu.rtt_max_ms=%" PRIu64
               "\n",
               i, r->rtt_min_ms, i, r->rtt_mean_ms, i, r->rtt_max_ms);
    if (r->echoed)
        printf("%zu.echo_ms=%" PRIu64 "\n", i, r->echo_ms);
    if (p->is_whole && (r->packet_passed || r->packet_lost))
        printf("%zu.packet_passed=%zu\n%zu.packet_lost=%zu\n%zu.packet_told=%zu\n", i,
               r->packet_passed, i, r->packet_lost, i, r->packet_told);
    printf("%zu.packet_received=%zu\n", i, r->packet_received);
    if (r->screen_tried)
        printf("%zu.screen=%s\n", i, r->screen_filled ? "yes" : "no");
}

/* All that is needed is open by now. The C library would ask what standard output is. */
static void confine(const char *program)
{
    static char buffer[OUTPUT_BYTES];

    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    sandbox_confine(program, SANDBOX_CLIENT, sandbox_policy_of_user(program));
}

int probe_path(const char *program, const struct endpoint *servers, size_t count,
               uint8_t key[KEY_BYTES])
{
    static const int signals[] = {SIGTERM, SIGINT, SIGHUP, 0};
    struct pathcheck_config config = {.path_count = count, .random = sysrandom_chaff};
    struct probe_run r = {.count = count};
    int status = 1;

    memcpy(config.key, key, KEY_BYTES);
    wipe(key, KEY_BYTES);
    for (size_t i = 0; i < count; i++) {
        config.is_ipv6[i] = endpoint_family(&servers[i]) == AF_INET6;
        open_path(&r.path[i], &servers[i]);
    }
    loop_init(&r.loop, signals);
    r.now = clock_now();
    r.check = pathcheck_new(&config, r.now);
    wipe(config.key, sizeof config.key);
    confine(program);
    run(&r);
    for (size_t i = 0; i < count; i++) {
        print_result(i, &r.path[i], pathcheck_result(r.check, i));
        if (pathcheck_result(r.check, i)->answered)
            status = 0;
        if (r.path[i].fd >= 0)
            close(r.path[i].fd);
    }
    printf("closed=%s\n", pathcheck_closed(r.check) ? "yes" : "no");
    pathcheck_free(r.check);
    buf_wipe(&r.datagram);
    return fflush(stdout) == 0 ? status : 1;
}
