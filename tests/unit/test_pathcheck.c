/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Ways to a server, good and bad, and whether they are seen to be so. The server is ours, and its
   program a terminal that echoes; the time is virtual. */

#include "../lib/link.h"
#include "../lib/unit.h"

#include <stdlib.h>

#include "session/pathcheck.h"
#include "session/server.h"

enum { PATHS = 3, V4 = 28, V6 = 48, RUN_MS_MAX = 120000 };

struct way {
    bool out, back;      /* datagrams get through */
    size_t packet_max;   /* larger ones do not; 0: no limit */
    size_t says_max;     /* and the one who drops them says what it would take */
    bool leaves_nothing; /* larger ones than packet_max do not even leave */
};

struct world {
    struct pathcheck *check;
    struct server *server;
    struct link *link;
    struct rng rng;
    msec_t now;
    struct way way[PATHS];
    size_t header[PATHS];
    size_t count, client_at; /* where the server sends to */
    bool mute;               /* the program echoes nothing */
};

static const uint8_t key[KEY_BYTES] = "0123456789abcdef";

static void seeded(void *context, uint8_t *out, size_t len)
{
    rng_fill(context, out, len);
}

static void set_up(struct world *w, const struct link_profile *profile, size_t count)
{
    struct pathcheck_config check = {
        .path_count = count, .random = seeded, .random_context = &w->rng};
    struct server_config server = {.random = seeded, .random_context = &w->rng};

    *w = (struct world){.now = 100000, .count = count, .rng = {7}};
    memcpy(check.key, key, sizeof key);
    memcpy(server.key, key, sizeof key);
    for (size_t i = 0; i < count; i++) {
        w->way[i] = (struct way){.out = true, .back = true};
        check.is_ipv6[i] = i == 1;
        w->header[i] = check.is_ipv6[i] ? V6 : V4;
    }
    w->link = link_new(1, profile);
    w->check = pathcheck_new(&check, w->now);
    w->server = server_new(&server, w->now);
    server_set_payload_max(w->server, 1252);
}

static void tear_down(struct world *w)
{
    pathcheck_free(w->check);
    server_free(w->server);
    link_free(w->link);
}

/* The way's number travels in front. */
static void send(struct world *w, enum link_direction direction, size_t way,
                 const struct buf *datagram)
{
    struct buf both = {0};

    buf_append_byte(&both, (uint8_t)way);
    buf_append(&both, datagram->data, datagram->len);
    link_send(w->link, w->now, direction, both.data, both.len);
    buf_release(&both);
}

static void pull_check(struct world *w)
{
    struct buf datagram = {0};
    size_t path;

    while (pathcheck_pull(w->check, &datagram, &path)) {
        const struct way *way = &w->way[path];
        size_t packet = datagram.len + w->header[path];
        bool fits = !way->packet_max || packet <= way->packet_max;
        assert_true(packet <= PATHCHECK_PACKET_MAX);
        if (!fits && (way->says_max || way->leaves_nothing))
            pathcheck_too_large(w->check, path, way->says_max);
        if (fits && way->out)
            send(w, LINK_TO_SERVER, path, &datagram);
    }
    buf_release(&datagram);
}

static void pull_server(struct world *w)
{
    struct buf datagram = {0};
    const uint8_t *typed;
    size_t len;

    while ((len = server_pty_input(w->server, &typed)) > 0) {
        struct buf echo = {0};
        buf_append(&echo, typed, len);
        server_pty_written(w->server, w->now, len);
        if (!w->mute)
            server_pty_output(w->server, w->now, echo.data, echo.len);
        buf_release(&echo);
    }
    size_t rows, cols;
    while (server_pull_winsize(w->server, &rows, &cols))
        ;
    while (server_pull_datagram(w->server, &datagram)) {
        const struct way *way = &w->way[w->client_at];
        size_t packet = datagram.len + w->header[w->client_at];
        if (way->back && (!way->packet_max || packet <= way->packet_max))
            send(w, LINK_TO_CLIENT, w->client_at, &datagram);
    }
    buf_release(&datagram);
}

static void deliver(struct world *w)
{
    enum link_direction direction;
    struct buf datagram = {0};
    struct transport_event event;

    while (link_deliver(w->link, w->now, &direction, &datagram)) {
        size_t way = datagram.data[0];
        if (way >= w->count)
            continue; /* corrupted */
        if (direction == LINK_TO_CLIENT) {
            pathcheck_datagram(w->check, w->now, way, datagram.data + 1, datagram.len - 1, false);
            continue;
        }
        (void)!server_datagram(w->server, w->now, datagram.data + 1, datagram.len - 1, false,
                               &event);
        if (event.newest)
            w->client_at = way;
    }
    buf_release(&datagram);
}

/* Runs to the end, which has to come; how long it took. */
static msec_t run(struct world *w)
{
    msec_t start = w->now;
    size_t turns = 0;

    for (;;) {
        pathcheck_tick(w->check, w->now);
        pull_check(w);
        server_tick(w->server, w->now);
        pull_server(w);
        server_tick(w->server, w->now);
        pull_server(w);
        if (pathcheck_finished(w->check))
            break;
        assert_true(++turns < 100000);
        msec_t next = msec_min(pathcheck_deadline(w->check, w->now), link_deadline(w->link));
        next = msec_min(next, server_deadline(w->server, w->now));
        assert_true(next != MSEC_NEVER);
        w->now = msec_max(w->now, next);
        assert_true(w->now - start < RUN_MS_MAX);
        deliver(w);
    }
    return w->now - start;
}

static const struct pathcheck_result *of(const struct world *w, size_t path)
{
    return pathcheck_result(w->check, path);
}

static const struct link_profile near = {.name = "near", .delay_ms = 10};

static void check_is_well(const struct world *w, size_t path)
{
    const struct pathcheck_result *r = of(w, path);

    assert_true(r->answered);
    assert_true(r->first_ms >= 20 && r->first_ms <= 40);
    assert_int_equal(r->exchanges, PATHCHECK_EXCHANGES);
    assert_int_equal(r->lost, 0);
    assert_int_equal(r->missing, 0);
    assert_true(r->round_trips >= PATHCHECK_EXCHANGES);
    assert_true(r->rtt_min_ms >= 20 && r->rtt_max_ms <= 22);
    assert_true(r->rtt_mean_ms >= r->rtt_min_ms && r->rtt_mean_ms <= r->rtt_max_ms);
    assert_true(r->echoed);
    assert_true(r->echo_ms >= 20 && r->echo_ms <= 60);
    assert_int_equal(r->packet_passed, PATHCHECK_PACKET_MAX);
    assert_int_equal(r->packet_lost, 0);
}

static void a_good_way(void **state)
{
    struct world w;

    (void)state;
    set_up(&w, &near, 1);
    assert_true(run(&w) < 3000);
    check_is_well(&w, 0);
    assert_true(of(&w, 0)->screen_tried && of(&w, 0)->screen_filled);
    assert_int_equal(of(&w, 0)->packet_received, 1252 + V4);
    assert_true(pathcheck_closed(w.check));
    for (msec_t end = w.now + 1000; w.now < end && !server_finished(w.server); w.now++) {
        deliver(&w);
        server_tick(w.server, w.now);
    }
    assert_true(server_finished(w.server));
    tear_down(&w);
}

static void several_ways(void **state)
{
    struct world w;

    (void)state;
    set_up(&w, &near, 3);
    assert_true(run(&w) < 8000);
    for (size_t i = 0; i < 3; i++)
        check_is_well(&w, i);
    assert_true(of(&w, 0)->screen_filled);
    assert_false(of(&w, 1)->screen_tried); /* a server is the same on all of its addresses */
    assert_true(pathcheck_closed(w.check));
    tear_down(&w);
}

static void the_second_of_three_works(void **state)
{
    struct world w;

    (void)state;
    set_up(&w, &near, 3);
    w.way[0] = w.way[2] = (struct way){.out = false};
    msec_t took = run(&w);
    assert_true(took >= 2 * PATHCHECK_CONTACT_MS && took < 2 * PATHCHECK_CONTACT_MS + 5000);
    assert_false(of(&w, 0)->answered || of(&w, 2)->answered);
    assert_true(of(&w, 0)->sent >= 5); /* it was tried in earnest */
    assert_true(of(&w, 2)->sent >= 5);
    check_is_well(&w, 1);
    assert_true(of(&w, 1)->screen_filled);
    assert_true(pathcheck_closed(w.check));
    tear_down(&w);
}

static void nothing_comes_back(void **state)
{
    struct world w;

    (void)state;
    for (int out = 0; out < 2; out++) {
        set_up(&w, &near, 1);
        w.way[0] = (struct way){.out = out, .back = false};
        msec_t took = run(&w);
        assert_true(took >= PATHCHECK_CONTACT_MS && took < PATHCHECK_CONTACT_MS + 100);
        assert_false(of(&w, 0)->answered);
        assert_int_equal(of(&w, 0)->lost, 0); /* nothing is known of that */
        assert_false(pathcheck_closed(w.check));
        assert_int_equal(server_attached(w.server), out);
        tear_down(&w);
    }
}

static void a_refusal_shortens_the_wait(void **state)
{
    struct world w;

    (void)state;
    set_up(&w, &near, 1);
    w.way[0] = (struct way){.out = false};
    pathcheck_refused(w.check, 0);
    assert_true(run(&w) <= PATHCHECK_CONTACT_REFUSED_MS);
    assert_false(of(&w, 0)->answered);
    tear_down(&w);
}

/* It may be forged. */
static void a_refusal_decides_nothing(void **state)
{
    struct world w;

    (void)state;
    set_up(&w, &near, 1);
    pathcheck_refused(w.check, 0);
    run(&w);
    check_is_well(&w, 0);
    tear_down(&w);
}

static void sizes_are_found_to_a_byte(void **state)
{
    static const size_t sizes[] = {1500, 1499, 1492, 1420, 1281, 1280, 1279, 1000, 577, 576};
    struct world w;

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        set_up(&w, &near, 1);
        w.way[0].packet_max = sizes[i];
        assert_true(run(&w) < 30000);
        assert_int_equal(of(&w, 0)->exchanges, PATHCHECK_EXCHANGES);
        assert_int_equal(of(&w, 0)->packet_passed, sizes[i]);
        assert_int_equal(of(&w, 0)->packet_lost, sizes[i] == 1500 ? 0 : sizes[i] + 1);
        assert_int_equal(of(&w, 0)->lost, 0);
        if (sizes[i] >= 1280)
            assert_true(of(&w, 0)->screen_filled);
        tear_down(&w);
    }
}

static void what_a_router_says_is_tried_first(void **state)
{
    struct world w;
    uint64_t silent;

    (void)state;
    set_up(&w, &near, 1);
    w.way[0].packet_max = 1400;
    run(&w);
    silent = of(&w, 0)->sent;
    tear_down(&w);

    set_up(&w, &near, 1);
    w.way[0] = (struct way){.out = true, .back = true, .packet_max = 1400, .says_max = 1400};
    run(&w);
    assert_int_equal(of(&w, 0)->packet_passed, 1400);
    assert_true(of(&w, 0)->sent + 10 < silent);
    tear_down(&w);

    /* One that lies does not keep us from finding it out. */
    set_up(&w, &near, 1);
    w.way[0] = (struct way){.out = true, .back = true, .packet_max = 1400, .says_max = 1450};
    run(&w);
    assert_int_equal(of(&w, 0)->packet_passed, 1400);
    tear_down(&w);
}

static void too_large_for_the_own_device(void **state)
{
    struct world w;

    (void)state;
    set_up(&w, &near, 1);
    w.way[0] = (struct way){.out = true, .back = true, .packet_max = 1300, .leaves_nothing = true};
    assert_true(run(&w) < 4000); /* nothing is waited for */
    assert_int_equal(of(&w, 0)->packet_passed, 1300);
    tear_down(&w);
}

static void only_the_smallest_get_through(void **state)
{
    struct world w;

    (void)state;
    set_up(&w, &near, 1);
    w.way[0].packet_max = 300;
    assert_true(run(&w) < 40000);
    assert_int_equal(of(&w, 0)->exchanges, PATHCHECK_EXCHANGES);
    assert_int_equal(of(&w, 0)->packet_passed, 0);
    assert_int_equal(of(&w, 0)->packet_lost, PATHCHECK_PACKET_LOWEST);
    assert_true(of(&w, 0)->screen_tried);
    assert_false(of(&w, 0)->screen_filled);
    tear_down(&w);
}

/* 200 exchanges over each network: as many are seen to be lost as are. */
static void losses_are_counted(void **state)
{
    static const struct link_profile none = {.name = "none", .delay_ms = 40, .jitter_ms = 20};
    static const struct link_profile some = {.name = "some", .delay_ms = 40, .loss = 100};
    unsigned lost[2] = {0}, ended[2] = {0};
    uint64_t missing[2] = {0}, received[2] = {0};

    (void)state;
    for (unsigned lossy = 0; lossy < 2; lossy++) {
        for (unsigned seed = 0; seed < 10; seed++) {
            struct world w;
            set_up(&w, lossy ? &some : &none, 1);
            link_free(w.link);
            w.link = link_new(seed, lossy ? &some : &none);
            run(&w);
            assert_true(of(&w, 0)->answered);
            lost[lossy] += of(&w, 0)->lost;
            ended[lossy] += of(&w, 0)->exchanges;
            missing[lossy] += of(&w, 0)->missing;
            received[lossy] += of(&w, 0)->received;
            tear_down(&w);
        }
    }
    assert_int_equal(ended[0], 200);
    assert_int_equal(lost[0], 0);
    assert_int_equal(missing[0], 0);
    assert_true(ended[1] >= 195);
    assert_true(lost[1] >= 10 && lost[1] <= 40); /* 10 % of 200, and some of the answers */
    assert_true(missing[1] * 20 >= received[1] && missing[1] * 5 <= received[1]);
}

static void a_program_that_says_nothing(void **state)
{
    struct world w;

    (void)state;
    set_up(&w, &near, 1);
    w.mute = true;
    assert_true(run(&w) < PATHCHECK_EXCHANGE_MS + PATHCHECK_SCREEN_MS + 3000);
    assert_int_equal(of(&w, 0)->exchanges, PATHCHECK_EXCHANGES);
    assert_int_equal(of(&w, 0)->lost, 0);
    assert_false(of(&w, 0)->echoed);
    assert_false(of(&w, 0)->screen_filled);
    tear_down(&w);
}

/* A session that was joined is not left behind. */
static void a_check_that_is_stopped_ends_the_session(void **state)
{
    struct world w;

    (void)state;
    set_up(&w, &near, 3);
    w.way[2].out = false;
    for (size_t i = 0; i < 200; i++, w.now++) { /* somewhere in the middle */
        pathcheck_tick(w.check, w.now);
        pull_check(&w);
        server_tick(w.server, w.now);
        pull_server(&w);
        deliver(&w);
    }
    assert_true(of(&w, 0)->answered);
    pathcheck_stop(w.check, w.now);
    assert_true(run(&w) < PATHCHECK_CLOSE_MS);
    assert_true(pathcheck_closed(w.check));
    tear_down(&w);

    set_up(&w, &near, 1);
    w.way[0].out = false;
    pathcheck_stop(w.check, w.now);
    assert_int_equal(run(&w), 0); /* nobody there to tell */
    tear_down(&w);
}

/* What anybody can send changes nothing. */
static void junk_is_nothing(void **state)
{
    struct world w;
    uint8_t junk[100];

    (void)state;
    set_up(&w, &near, 1);
    w.way[0].out = false;
    for (size_t i = 0; i < 1000; i++) {
        rng_fill(&w.rng, junk, sizeof junk);
        pathcheck_datagram(w.check, w.now, 0, junk, i % sizeof junk, false);
    }
    assert_false(of(&w, 0)->answered);
    assert_int_equal(of(&w, 0)->received, 0);
    run(&w);
    assert_false(of(&w, 0)->answered);
    tear_down(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_way),
        cmocka_unit_test(several_ways),
        cmocka_unit_test(the_second_of_three_works),
        cmocka_unit_test(nothing_comes_back),
        cmocka_unit_test(a_refusal_shortens_the_wait),
        cmocka_unit_test(a_refusal_decides_nothing),
        cmocka_unit_test(sizes_are_found_to_a_byte),
        cmocka_unit_test(what_a_router_says_is_tried_first),
        cmocka_unit_test(too_large_for_the_own_device),
        cmocka_unit_test(only_the_smallest_get_through),
        cmocka_unit_test(losses_are_counted),
        cmocka_unit_test(a_program_that_says_nothing),
        cmocka_unit_test(a_check_that_is_stopped_ends_the_session),
        cmocka_unit_test(junk_is_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
