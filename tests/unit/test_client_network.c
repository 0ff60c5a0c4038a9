/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the client knows of the server and of the network between them, and tells either side. */

#include "../lib/client_world.h"

/* All that there is to say before anything was heard. */
static void the_status_of_a_server_that_is_silent(void **state)
{
    struct world *w = *state;
    struct client_config config = client_defaults(w);

    config.version = "2.1";
    config.server =
        (struct noanswer){.address = "2001:db8::1", .port = 60001, .is_ipv6 = true, .others = 2};
    clear(w);
    set_up_with(w, &config);
    w->cut = true;
    run(w, 1000);
    press(w, "\x1ei");
    run(w, 100);
    check_seen(w, 1, " server       2001:db8::1, UDP port 60001 (IPv6)");
    check_seen(w, 2, "              and 2 more of its addresses are known");
    check_seen(w, 3, " round trip   not measured yet");
    check_seen(w, 4, " last heard   never");
}

/* Its version, when it is one that tells it; and how its command ended. */
static void what_a_server_says_of_itself(void **state)
{
    struct world *w = *state;
    struct hostscreen *h = transport_local(w->server);
    struct serverinfo info = {.version = "2.2"};

    attach(w);
    hostscreen_set_features(h, FEATURE_SERVER);
    hostscreen_set_serverinfo(h, &info);
    print(w, "x");
    run(w, 1000);
    assert_int_equal(client_exit_status(w->client), -1);
    press(w, "\x1ei");
    run(w, 100);
    check_seen(w, 8, " versions     mosh-client unknown; mosh-server 2.2");
    info.ended = true;
    info.status = 7;
    hostscreen_set_serverinfo(h, &info);
    transport_shutdown(w->server, w->now, 5000);
    run(w, 5000);
    assert_int_equal(client_state(w->client), CLIENT_ENDED);
    assert_int_equal(client_exit_status(w->client), 7);
}

/* --- the network --- */

static uint64_t items(const struct world *w)
{
    return userstream_end(transport_local(client_transport(w->client)));
}

/* There is something to acknowledge for a server of any kind, once, and if nothing else is. */
static void R24_a_change_of_the_network_is_told(void **state)
{
    struct world *w = *state;

    client_network_changed(w->client, w->now); /* there is nobody yet to tell */
    attach(w);
    run(w, 10000);
    assert_false(client_in_doubt(w->client, w->now));
    uint64_t before = items(w);
    client_network_changed(w->client, w->now);
    assert_int_equal(items(w), before + 1);
    assert_true(client_in_doubt(w->client, w->now));
    assert_true(client_hop_due(w->client, w->now));
    client_hopped(w->client, w->now);
    assert_false(client_hop_due(w->client, w->now));
    run(w, 1000);
    assert_false(client_in_doubt(w->client, w->now));

    w->cut = true;
    press(w, "x");
    before = items(w);
    client_network_changed(w->client, w->now);
    assert_int_equal(items(w), before); /* the key will do */
    w->cut = false;
    run(w, 5000);
    check_typed(w, "[24x80]x");
    assert_int_equal(client_address(w->client), 0);
    assert_int_equal(client_address_beside(w->client), WAYS_NONE);
}

/* Nor is anything said but the farewell by who leaves; and who has left hops nowhere. */
static void who_leaves_tells_nothing_more(void **state)
{
    struct world *w = *state;

    attach(w);
    w->cut = true;
    press(w, "\x1e.");
    uint64_t before = items(w);
    client_resize(w->client, w->now, 30, 90);
    client_network_changed(w->client, w->now);
    assert_int_equal(items(w), before);
    run(w, 60000);
    assert_int_not_equal(client_state(w->client), CLIENT_RUNNING);
    assert_false(client_hop_due(w->client, w->now + 60000));
}

static void R5_the_silence_is_explained(void **state)
{
    struct world *w = *state;
    struct buf text = {0};

    w->cut = true;
    client_show_address(w->client, "2001:db8::7", true);
    run(w, 3000);
    client_network_says(w->client, NOANSWER_REFUSED, "Connection refused");
    client_explain_silence(w->client, w->now, &text);
    buf_append_byte(&text, 0);
    assert_non_null(strstr((const char *)text.data, "2001:db8::7, port 60001 (IPv6)"));
    assert_non_null(strstr((const char *)text.data, "nobody listens at that port"));
    buf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(the_status_of_a_server_that_is_silent),
        WORLD_TEST(what_a_server_says_of_itself),
        WORLD_TEST(R24_a_change_of_the_network_is_told),
        WORLD_TEST(who_leaves_tells_nothing_more),
        WORLD_TEST(R5_the_silence_is_explained),
    };

    return cmocka_run_group_tests_name("client and network", tests, NULL, NULL);
}
