/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * S15: when a session is over, its key is nowhere in the process's memory. All that can be written
 * to is searched for it, as one finds it in /proc/self/maps. The search knows the key by its
 * complement alone, so as not to find itself.
 */

#include "config.h"

#include "../lib/unit.h"

#include <inttypes.h>
#include <stdio.h>

#include "crypto/base64.h"
#include "session/client.h"
#include "session/server.h"
#include "util/wipe.h"

enum { PATTERN_MAX = 32, REGIONS_MAX = 512 };

struct pattern {
    uint8_t complement[PATTERN_MAX];
    size_t len;
};

static struct pattern raw, text;

static bool is_at(const volatile uint8_t *at, const struct pattern *p)
{
    for (size_t i = 0; i < p->len; i++)
        if (at[i] + p->complement[i] != UINT8_MAX)
            return false;
    return true;
}

static size_t count_in(uintptr_t from, uintptr_t to, const struct pattern *p)
{
    size_t found = 0;

    for (; from + p->len <= to; from++)
        found += is_at((const volatile uint8_t *)from, p);
    return found;
}

/* How often both are found. */
static size_t search_memory(void)
{
    static uintptr_t region[REGIONS_MAX][2];
    char line[512], rights[5];
    size_t count = 0, found = 0;
    FILE *f = fopen("/proc/self/maps", "r");

    assert_non_null(f);
    while (count < REGIONS_MAX && fgets(line, sizeof line, f)) {
        if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s", &region[count][0], &region[count][1],
                   rights) == 3 &&
            rights[0] == 'r' && rights[1] == 'w')
            count++;
    }
    assert_in_range(count, 1, REGIONS_MAX - 1);
    for (size_t i = 0; i < count; i++)
        found += count_in(region[i][0], region[i][1], &raw) +
                 count_in(region[i][0], region[i][1], &text);
    fclose(f); /* not before: its memory may be one of these regions, and go with it */
    return found;
}

static void complement(struct pattern *p, const void *bytes, size_t len)
{
    const uint8_t *at = bytes;

    p->len = len;
    for (size_t i = 0; i < len; i++)
        p->complement[i] = at[i] ^ 0xFF;
}

/* Makes a key, and remembers what to look for. */
static void make_key(uint8_t key[KEY_BYTES])
{
    static uint64_t seed = 15;
    struct rng rng = {seed++};
    char encoded[KEY_CHARS + 1];

    rng_fill(&rng, key, KEY_BYTES);
    base64_encode_key(key, encoded);
    complement(&raw, key, KEY_BYTES);
    complement(&text, encoded, KEY_CHARS);
    wipe(encoded, sizeof encoded);
}

static void seeded(void *context, uint8_t *out, size_t len)
{
    rng_fill(context, out, len);
}

static void exchange(struct client *client, struct server *server, msec_t now)
{
    struct transport_event event;
    struct buf datagram = {0};

    for (msec_t end = now + 2000; now < end; now += 20) {
        client_tick(client, now);
        server_tick(server, now);
        while (client_pull_datagram(client, &datagram))
            assert_int_equal(
                server_datagram(server, now, datagram.data, datagram.len, false, &event), 0);
        while (server_pull_datagram(server, &datagram))
            assert_int_equal(client_datagram(client, now, datagram.data, datagram.len, false), 0);
    }
    buf_release(&datagram);
}

static void S15_a_session_leaves_no_key_behind(void **state)
{
    (void)state;
#ifdef BUILD_INSTRUMENTED
    skip();
#endif
    struct rng rng = {1};
    struct server_config there = {.rows = 24, .cols = 80, .random = seeded, .random_context = &rng};
    struct client_config here = {.rows = 24,
                                 .cols = 80,
                                 .caps = {.title = true},
                                 .random = seeded,
                                 .random_context = &rng,
                                 .title_prefix = ""};

    make_key(there.key);
    memcpy(here.key, there.key, KEY_BYTES);
    struct client *client = client_new(&here, 1000);
    struct server *server = server_new(&there, 1000);
    wipe(here.key, sizeof here.key);
    wipe(there.key, sizeof there.key);
    exchange(client, server, 1000);
    assert_true(search_memory() > 0); /* in the ciphers, or the search would be none */
    client_free(client);
    server_free(server);
    size_t left = search_memory();
    print_message("# figure S15: %zu copies of the key after the end\n", left);
    assert_int_equal(left, 0);
}

/* Nor does whoever reads it from the text that ssh brings. */
static void S15_a_key_that_was_read_is_wiped(void **state)
{
    (void)state;
#ifdef BUILD_INSTRUMENTED
    skip();
#endif
    uint8_t key[KEY_BYTES];
    char encoded[KEY_CHARS + 1];

    make_key(key);
    base64_encode_key(key, encoded);
    wipe(key, sizeof key);
    assert_int_equal(base64_decode_key(encoded, KEY_CHARS, key), 0);
    assert_true(search_memory() >= 2);
    wipe(key, sizeof key);
    wipe(encoded, sizeof encoded);
    assert_int_equal(search_memory(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(S15_a_session_leaves_no_key_behind),
        cmocka_unit_test(S15_a_key_that_was_read_is_wiped),
    };

    return cmocka_run_group_tests_name("secrets", tests, NULL, NULL);
}
