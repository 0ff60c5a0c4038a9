/* SPDX-License-Identifier: GPL-3.0-or-later */

/* S22: whatever a server sends, what the client writes to the user's terminal is in the grammar of
   tests/lib/outer.h, and when the client has left, the terminal is as it was. */

#include "fuzz.h"

#include "../lib/outer.h"
#include "../lib/whole.h"
#include "session/client.h"
#include "terminal/handover.h"
#include "wire/hostmsg.h"

struct world {
    struct client *client;
    struct deflate *deflate;
    struct outer outer;
    uint64_t num;
    msec_t now;
};

/* The next state of the screen: the host bytes come as they are. */
static void show(struct world *w, struct reader host)
{
    struct instruction i = {.old_num = w->num, .new_num = w->num + 1, .throwaway_num = w->num};
    struct buf plain = {0};
    struct transport_event event;

    if (w->num == 0)
        hostmsg_put_resize(&i.diff, 40, 10);
    if (w->num == 0 && host.left & 1)
        hostmsg_put_announcement(&i.diff, UINT32_MAX);
    hostmsg_put_bytes(&i.diff, host.at, host.left);
    whole_encode(w->deflate, w->num + 1, &i, &plain);
    if (transport_input(client_transport(w->client), w->now, w->num, plain.data, plain.len, false,
                        &event) == 0)
        w->num++;
    instruction_release(&i);
    buf_release(&plain);
}

static void look(struct world *w, struct buf *out)
{
    outer_write(&w->outer, out->data, out->len);
    if (w->outer.fault[0])
        fail_msg("%s", w->outer.fault);
    buf_clear(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader in = {.at = data, .left = size};
    struct client_config config = {.rows = 10,
                                   .cols = 40,
                                   .caps = caps_extended,
                                   .random = fuzz_random,
                                   .title_prefix = "[m] "};
    struct world w = {.now = 100000, .deflate = deflate_new()};
    struct buf out = {0};
    char left[256];

    config.caps.mirror = false;
    strcpy(config.caps.enter_screen, "\033[?1049h");
    strcpy(config.caps.leave_screen, "\033[?1049l");
    memcpy(config.key, fuzz_key, sizeof fuzz_key);
    w.client = client_new(&config, w.now);
    outer_init(&w.outer);
    handover_begin(client_caps(w.client), &out);
    look(&w, &out);
    while (in.left > 0) {
        show(&w, fuzz_piece(&in));
        client_tick(w.client, w.now);
        client_draw(w.client, w.now, &out);
        look(&w, &out);
        w.now += 50;
    }
    client_draw_last(w.client, w.now, &out);
    handover_end(client_caps(w.client), client_screen(w.client), &out);
    look(&w, &out);
    if (outer_left(&w.outer, left, sizeof left))
        fail_msg("left behind: %s", left);
    client_free(w.client);
    deflate_free(w.deflate);
    buf_release(&out);
    return 0;
}
