/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_CLIENT_WORLD_H
#define MOSH_TESTS_CLIENT_WORLD_H

#include "unit.h"

#include <stdlib.h>

#include "overlay/notify.h"
#include "session/client.h"
#include "statesync/hostscreen.h"
#include "statesync/userstream.h"

/*
 * The client against a bare transport that plays the server, over a network that is perfect or
 * cut, on a clock that jumps from one deadline to the next. What the client draws is fed to an
 * emulator: that is the user's terminal.
 */
struct world {
    struct client *client;
    struct transport *server;
    struct emulator *terminal;
    struct rng rng;
    msec_t now;
    bool cut;
    size_t drawn_bytes, draws;
    struct buf typed; /* all that the server got, with sizes in brackets */
    uint64_t typed_end;
};

static inline void seeded(void *context, uint8_t *out, size_t len)
{
    rng_fill(context, out, len);
}

static inline struct client_config client_defaults(struct world *w)
{
    return (struct client_config){
        .key = "0123456789abcdef",
        .rows = 24,
        .cols = 80,
        .caps = {.erase_chars = true, .back_color_erase = true, .title = true},
        .escape_key = ESCAPE_KEY_DEFAULT,
        .title_prefix = "[mosh] ",
        .server = {.address = "192.0.2.1", .port = 60001},
        .random = seeded,
        .random_context = &w->rng,
    };
}

static inline void set_up_with(struct world *w, const struct client_config *config)
{
    struct transport_config server = {
        .key = "0123456789abcdef",
        .sending = SEAL_TO_CLIENT,
        .local_ops = &hostscreen_ops,
        .remote_ops = &userstream_ops,
        .local_initial = hostscreen_new(EMULATOR_HOST, 24, 80),
        .remote_initial = userstream_new(),
        .collect_ms = 8,
        .random = seeded,
        .random_context = &w->rng,
    };

    w->now = 100000;
    w->client = client_new(config, w->now);
    w->server = transport_new(&server, w->now);
    w->terminal = emulator_new(EMULATOR_HOST, 24, 80);
}

static inline void clear(struct world *w)
{
    client_free(w->client);
    transport_free(w->server);
    emulator_free(w->terminal);
    buf_release(&w->typed);
    w->typed_end = 0;
}

static inline int set_up(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    struct client_config config = client_defaults(w);

    set_up_with(w, &config);
    *state = w;
    return 0;
}

static inline int tear_down(void **state)
{
    struct world *w = *state;

    clear(w);
    free(w);
    return 0;
}

static inline void draw(struct world *w)
{
    struct buf frame = {0};

    client_draw(w->client, w->now, &frame);
    emulator_write(w->terminal, frame.data, frame.len, NULL);
    w->drawn_bytes += frame.len;
    w->draws += frame.len > 0;
    buf_release(&frame);
}

static inline void write_keys(void *context, const uint8_t *keys, size_t len)
{
    buf_append(context, keys, len);
}

static inline void write_resize(void *context, size_t rows, size_t cols)
{
    buf_append_str(context, "[");
    buf_append_dec(context, rows);
    buf_append_str(context, "x");
    buf_append_dec(context, cols);
    buf_append_str(context, "]");
}

static inline void skip_profile(void *context, const uint8_t *profile, size_t len)
{
    (void)context;
    (void)profile;
    (void)len;
}

static inline void take_typed(struct world *w)
{
    static const struct userstream_visitor visitor = {
        .keys = write_keys,
        .resize = write_resize,
        .profile = skip_profile,
        .request = skip_profile,
    };
    const struct userstream *u = transport_remote(w->server);

    if (userstream_end(u) == w->typed_end)
        return;
    userstream_walk(u, w->typed_end, &visitor, &w->typed);
    w->typed_end = userstream_end(u);
}

static inline void settle(struct world *w)
{
    struct transport_event event;
    struct buf datagram = {0};
    bool moved = true;

    while (moved) {
        moved = false;
        client_tick(w->client, w->now);
        transport_tick(w->server, w->now);
        while (client_pull_datagram(w->client, &datagram)) {
            moved = true;
            if (w->cut)
                continue;
            (void)!transport_recv(w->server, w->now, datagram.data, datagram.len, false, &event);
            transport_set_attached(w->server, true);
            take_typed(w);
        }
        while (transport_pull(w->server, &datagram)) {
            moved = true;
            if (!w->cut)
                (void)!client_datagram(w->client, w->now, datagram.data, datagram.len, false);
        }
    }
    draw(w);
    buf_release(&datagram);
}

/* Returns how often it woke. */
static inline size_t run(struct world *w, msec_t span)
{
    msec_t end = w->now + span;
    size_t turns = 0;

    settle(w);
    while (w->now < end && client_state(w->client) == CLIENT_RUNNING) {
        msec_t next =
            msec_min(client_deadline(w->client, w->now), transport_deadline(w->server, w->now));

        assert_true(++turns < 400000);
        assert_true(next > w->now);
        w->now = msec_min(next, end);
        settle(w);
    }
    return turns;
}

static inline void print(struct world *w, const char *text)
{
    struct hostscreen *h = transport_local(w->server);

    emulator_write(hostscreen_emulator(h), (const uint8_t *)text, strlen(text), NULL);
}

static inline void resize_server(struct world *w, size_t rows, size_t cols)
{
    emulator_resize(hostscreen_emulator(transport_local(w->server)), rows, cols);
}

static inline void press(struct world *w, const char *keys)
{
    client_keys(w->client, w->now, (const uint8_t *)keys, strlen(keys));
    settle(w);
}

static inline void row_text(const struct screen *s, size_t row, struct buf *text)
{
    buf_clear(text);
    for (size_t col = 0; col < s->cols; col++)
        row_put_text(s->row[row], col, text);
    while (text->len > 0 && text->data[text->len - 1] == ' ')
        text->len--;
}

/* What the user sees in a row. */
static inline void check_seen(struct world *w, size_t row, const char *want)
{
    struct buf text = {0};

    row_text(emulator_screen(w->terminal), row, &text);
    check_bytes(text.data, text.len, want, strlen(want));
    buf_release(&text);
}

static inline bool bar_says(struct world *w, const char *part)
{
    struct buf text = {0};
    bool found;

    row_text(emulator_screen(w->terminal), 0, &text);
    buf_append_byte(&text, 0);
    found = strstr((const char *)text.data, part) != NULL;
    buf_release(&text);
    return found;
}

static inline void check_typed(struct world *w, const char *want)
{
    check_bytes(w->typed.data, w->typed.len, want, strlen(want));
}

static inline void attach(struct world *w)
{
    print(w, "$ ");
    run(w, 1000);
    check_seen(w, 0, "$");
}

#define WORLD_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
