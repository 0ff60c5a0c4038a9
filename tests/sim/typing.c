/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "typing.h"

#include <stdio.h>
#include <stdlib.h>

#include "../lib/stockpeer.h"
#include "session/client.h"
#include "session/echoack.h"
#include "session/server.h"
#include "statesync/hostscreen.h"
#include "statesync/userstream.h"

#define ROWS 24
#define COLS 80

#define KEY_MS_MIN   60
#define KEY_MS_MORE  150
#define WORD_MS_MORE 500
#define LINE_MS_MORE 900
#define PIECE_MS     2
#define WARM_UP_MS   8000
#define LAST_MS      60000
#define FLOOD_MS     4
#define CTRL_C       0x03
#define LINES_MAX    (ROWS - 4) /* then the screen is cleared: a position stands for one key */

static const uint8_t key[KEY_BYTES] = "sixteen bytes...";

struct stock_server {
    struct stockpeer *peer;
    struct echoack echoack;
    uint64_t delivered;
    struct buf input;
};

struct place {
    size_t row, col;
};

struct world {
    const struct typing *what;
    msec_t now;
    struct rng rng, chaff;
    struct link *link;
    size_t rows, cols;

    struct client *client;
    struct server *server;
    struct stockpeer *stock_client;
    struct stock_server stock_server;

    /* the user */
    size_t typed, shown; /* of the keys */
    msec_t typed_at[TYPING_KEYS_MAX], shown_at[TYPING_KEYS_MAX];
    msec_t next_key;
    size_t word_left;

    /* the program */
    struct place after[TYPING_KEYS_MAX]; /* where the cursor is when a key was echoed */
    struct place cursor;
    size_t echoed;
    struct buf output; /* yet to be written, in pieces */
    size_t pieces_left;
    msec_t next_piece;
    msec_t next_flood; /* MSEC_NEVER: it does not flood */
};

static void seeded(void *context, uint8_t *out, size_t len)
{
    rng_fill(context, out, len);
}

/* --- making the ends --- */

static void make_client(struct world *w)
{
    struct client_config config = {.rows = w->rows,
                                   .cols = w->cols,
                                   .escape_key = ESCAPE_KEY_NONE,
                                   .title_prefix = "",
                                   .predict_mode = PREDICT_NEVER,
                                   .random = seeded,
                                   .random_context = &w->chaff};

    if (w->what->client == OURS) {
        memcpy(config.key, key, sizeof key);
        w->client = client_new(&config, w->now);
        client_set_payload_max(w->client, TRANSPORT_PAYLOAD_IPV4);
        return;
    }
    struct userstream *user = userstream_new();
    w->stock_client =
        stockpeer_new(key, SEAL_TO_SERVER, &userstream_ops, user, &hostscreen_ops,
                      hostscreen_new(EMULATOR_MIRROR, w->rows, w->cols), &w->chaff, w->now);
    userstream_put_resize(user, w->rows, w->cols);
}

static void make_server(struct world *w)
{
    struct server_config config = {
        .rows = w->rows, .cols = w->cols, .random = seeded, .random_context = &w->chaff};

    if (w->what->server == OURS) {
        memcpy(config.key, key, sizeof key);
        w->server = server_new(&config, w->now);
        server_set_payload_max(w->server, TRANSPORT_PAYLOAD_IPV4);
        return;
    }
    struct hostscreen *screen = hostscreen_new(EMULATOR_HOST, w->rows, w->cols);
    w->stock_server.peer = stockpeer_new(key, SEAL_TO_CLIENT, &hostscreen_ops, screen,
                                         &userstream_ops, userstream_new(), &w->chaff, w->now);
    hostscreen_leave_zero(screen);
}

/* --- the stock server around its transport --- */

static void stock_keys(void *context, const uint8_t *keys, size_t len)
{
    struct stock_server *s = context;

    buf_append(&s->input, keys, len);
}

static void stock_size(void *context, size_t rows, size_t cols)
{
    struct stock_server *s = context;

    emulator_resize(hostscreen_emulator(stockpeer_local(s->peer)), rows, cols);
}

static void stock_ignore(void *context, const uint8_t *bytes, size_t len)
{
    (void)context;
    (void)bytes;
    (void)len;
}

static void stock_server_datagram(struct stock_server *s, msec_t now, const struct buf *datagram)
{
    static const struct userstream_visitor visitor = {
        .keys = stock_keys, .resize = stock_size, .profile = stock_ignore, .request = stock_ignore};
    const struct userstream *user;

    if (!stockpeer_recv(s->peer, now, datagram->data, datagram->len))
        return;
    user = stockpeer_remote(s->peer);
    if (userstream_end(user) <= s->delivered)
        return;
    userstream_walk(user, s->delivered, &visitor, s);
    s->delivered = userstream_end(user);
    echoack_record(&s->echoack, now, stockpeer_remote_num(s->peer));
}

static void stock_server_tick(struct stock_server *s, msec_t now)
{
    uint64_t num = echoack_take(&s->echoack, now);

    if (num > 0)
        hostscreen_set_echo_ack(stockpeer_local(s->peer), num);
    stockpeer_tick(s->peer, now);
}

/* --- either kind --- */

static void tick(struct world *w)
{
    if (w->client)
        client_tick(w->client, w->now);
    else
        stockpeer_tick(w->stock_client, w->now);
    if (w->server)
        server_tick(w->server, w->now);
    else
        stock_server_tick(&w->stock_server, w->now);
}

static msec_t ends_deadline(struct world *w)
{
    msec_t client = w->client ? client_deadline(w->client, w->now)
                              : stockpeer_deadline(w->stock_client, w->now);
    msec_t server = w->server ? server_deadline(w->server, w->now)
                              : msec_min(stockpeer_deadline(w->stock_server.peer, w->now),
                                         echoack_deadline(&w->stock_server.echoack));

    return msec_min(client, server);
}

static bool pull(struct world *w)
{
    struct buf datagram = {0};
    bool moved = false;

    while (w->client ? client_pull_datagram(w->client, &datagram)
                     : stockpeer_pull(w->stock_client, w->now, &datagram)) {
        link_send(w->link, w->now, LINK_TO_SERVER, datagram.data, datagram.len);
        moved = true;
    }
    while (w->server ? server_pull_datagram(w->server, &datagram)
                     : stockpeer_pull(w->stock_server.peer, w->now, &datagram)) {
        link_send(w->link, w->now, LINK_TO_CLIENT, datagram.data, datagram.len);
        moved = true;
    }
    buf_release(&datagram);
    return moved;
}

static bool deliver(struct world *w)
{
    enum link_direction direction;
    struct transport_event event;
    struct buf d = {0};
    bool moved = false;

    while (link_deliver(w->link, w->now, &direction, &d)) {
        moved = true;
        if (direction == LINK_TO_SERVER && w->server)
            (void)!server_datagram(w->server, w->now, d.data, d.len, w->what->congested, &event);
        else if (direction == LINK_TO_SERVER)
            stock_server_datagram(&w->stock_server, w->now, &d);
        else if (w->client)
            (void)!client_datagram(w->client, w->now, d.data, d.len, w->what->congested);
        else
            (void)stockpeer_recv(w->stock_client, w->now, d.data, d.len);
    }
    buf_release(&d);
    return moved;
}

static void write_output(struct world *w, const uint8_t *bytes, size_t len)
{
    if (w->server)
        server_pty_output(w->server, w->now, bytes, len);
    else
        emulator_write(hostscreen_emulator(stockpeer_local(w->stock_server.peer)), bytes, len,
                       NULL);
}

/* --- the program --- */

static void echo(struct world *w, uint8_t byte)
{
    if (byte != '\r') {
        buf_append_byte(&w->output, byte);
        w->cursor.col++;
    } else if (w->cursor.row < LINES_MAX) {
        buf_append_str(&w->output, "\r\n\x1b[1;32mme@host\x1b[0m:~$ ");
        w->cursor = (struct place){w->cursor.row + 1, 11};
    } else {
        buf_append_str(&w->output, "\x1b[H\x1b[2J\x1b[1;32mme@host\x1b[0m:~$ ");
        w->cursor = (struct place){0, 11};
    }
    if (w->what->pieces > 1) { /* and there is a ruler, as in an editor */
        buf_append_str(&w->output, "\x1b[7m\x1b[24;70H");
        buf_append_dec(&w->output, w->echoed);
        buf_append_str(&w->output, "\x1b[0m\x1b[");
        buf_append_dec(&w->output, w->cursor.row + 1);
        buf_append_byte(&w->output, ';');
        buf_append_dec(&w->output, w->cursor.col + 1);
        buf_append_byte(&w->output, 'H');
    }
    w->after[w->echoed++] = w->cursor;
}

static void flood(struct world *w)
{
    struct buf out = {0};

    for (size_t i = 0; i < w->rows * w->cols / 8; i++) {
        buf_append_str(&out, w->what->true_colour ? "\x1b[38;2;0;" : "\x1b[38;5;");
        buf_append_dec(&out, rng_below(&w->rng, 256));
        if (w->what->true_colour) {
            buf_append_byte(&out, ';');
            buf_append_dec(&out, rng_below(&w->rng, 256));
        }
        buf_append_byte(&out, 'm');
        buf_append_byte(&out, (uint8_t)('a' + rng_below(&w->rng, 26)));
    }
    write_output(w, out.data, out.len);
    buf_release(&out);
    w->next_flood = w->now + FLOOD_MS;
}

static void interrupt(struct world *w)
{
    static const char answer[] = "\x1b[0m^C\x07\r\n$ ";

    w->next_flood = MSEC_NEVER;
    write_output(w, (const uint8_t *)answer, sizeof answer - 1);
}

static size_t pieces_of(const struct world *w, bool enter)
{
    if (w->what->editor)
        return enter ? 3 : w->echoed % 5 == 0 ? 2 : 1;
    return w->what->pieces ? w->what->pieces : 1;
}

static void begin_output(struct world *w, bool enter)
{
    w->pieces_left = pieces_of(w, enter);
    w->next_piece = w->now;
}

static void write_piece(struct world *w)
{
    size_t len = w->output.len / w->pieces_left;

    if (w->pieces_left == 1 || len == 0)
        len = w->output.len;
    write_output(w, w->output.data, len);
    buf_consume(&w->output, len);
    w->pieces_left--;
    w->next_piece = w->output.len > 0 ? w->now + PIECE_MS : MSEC_NEVER;
}

static bool run_program(struct world *w)
{
    static const struct facts line_editor = {.known = true, .job = 1};
    bool moved = false;
    const uint8_t *input;
    size_t len;

    if (w->server) {
        size_t rows, cols;
        (void)server_pull_winsize(w->server, &rows, &cols);
        if (w->what->editor)
            server_program_facts(w->server, &line_editor);
        len = server_pty_input(w->server, &input);
    } else {
        input = w->stock_server.input.data;
        len = w->stock_server.input.len;
    }
    for (size_t i = 0; i < len; i++) {
        if (input[i] == CTRL_C)
            interrupt(w);
        else
            echo(w, input[i]);
    }
    if (len > 0) {
        bool enter = memchr(input, '\r', len) != NULL;

        if (w->server)
            server_pty_written(w->server, w->now, len);
        else
            buf_consume(&w->stock_server.input, len);
        begin_output(w, enter);
        moved = true;
    }
    if (w->now >= w->next_flood) {
        flood(w);
        moved = true;
    }
    if (w->output.len > 0 && w->now >= w->next_piece) {
        write_piece(w);
        moved = true;
    }
    return moved;
}

/* --- the user --- */

static const struct screen *seen(const struct world *w)
{
    return w->client ? client_screen(w->client)
                     : hostscreen_screen(stockpeer_remote(w->stock_client));
}

static void look(struct world *w)
{
    const struct screen *screen = seen(w);

    for (size_t i = w->echoed; i > w->shown; i--) {
        if (w->after[i - 1].row != screen->cursor_row || w->after[i - 1].col != screen->cursor_col)
            continue;
        while (w->shown < i)
            w->shown_at[w->shown++] = w->now;
    }
}

static msec_t pause_ms(struct world *w, uint8_t last)
{
    msec_t ms = KEY_MS_MIN + rng_below(&w->rng, KEY_MS_MORE);

    if (w->what->every_ms)
        return w->what->every_ms;
    if (last == ' ')
        ms += rng_below(&w->rng, WORD_MS_MORE);
    if (last == '\r')
        ms += 200 + rng_below(&w->rng, LINE_MS_MORE);
    return ms;
}

static uint8_t choose_key(struct world *w)
{
    if (w->word_left > 0) {
        w->word_left--;
        return (uint8_t)('a' + rng_below(&w->rng, 26));
    }
    w->word_left = 1 + rng_below(&w->rng, 8);
    return rng_below(&w->rng, 5) == 0 || w->typed % 50 > 38 ? '\r' : ' ';
}

static void press(struct world *w, uint8_t byte)
{
    if (w->client)
        client_keys(w->client, w->now, &byte, 1);
    else
        userstream_put_keys(stockpeer_local(w->stock_client), &byte, 1);
}

static void type(struct world *w)
{
    uint8_t byte = choose_key(w);

    press(w, byte);
    w->typed_at[w->typed++] = w->now;
    w->next_key = w->now + pause_ms(w, byte);
}

/* --- all together --- */

static void settle(struct world *w)
{
    bool again = true;

    for (unsigned turns = 0; again; turns++) {
        assert_true(turns < 1000);
        again = deliver(w);
        again |= run_program(w);
        tick(w);
        again |= pull(w);
    }
    look(w);
}

static void run(struct world *w, msec_t until)
{
    settle(w);
    while (w->now < until) {
        msec_t next = msec_min(ends_deadline(w), link_deadline(w->link));

        if (w->output.len > 0)
            next = msec_min(next, w->next_piece);
        next = msec_min(next, w->next_flood);
        assert_true(next > w->now);
        w->now = msec_min(next, until);
        settle(w);
    }
}

static void count_traffic(struct world *w, struct delays *out, const struct link_stats before[2])
{
    for (int d = 0; d < 2; d++) {
        const struct link_stats *now = link_get_stats(w->link, (enum link_direction)d);
        out->datagrams[d] += now->sent - before[d].sent;
        out->bytes[d] += now->bytes - before[d].bytes;
    }
    out->srtt_ms[0] = w->client ? transport_srtt_ms(client_transport(w->client))
                                : stockpeer_srtt_ms(w->stock_client);
    out->srtt_ms[1] = w->server ? transport_srtt_ms(server_transport(w->server))
                                : stockpeer_srtt_ms(w->stock_server.peer);
}

static void note_delay(struct delays *out, msec_t ms)
{
    out->count++;
    out->sum_ms += ms;
    out->keys[msec_min(ms, TYPING_DELAY_MS_MAX)]++;
}

static void release(struct world *w)
{
    link_free(w->link);
    client_free(w->client);
    server_free(w->server);
    stockpeer_free(w->stock_client);
    stockpeer_free(w->stock_server.peer);
    buf_release(&w->stock_server.input);
    buf_release(&w->output);
    free(w);
}

static struct world *begin(const struct typing *t)
{
    struct world *w = calloc(1, sizeof *w);

    assert_non_null(w);
    *w = (struct world){.what = t, .now = 1000000, .rng = {t->seed}, .chaff = {t->seed + 1}};
    w->next_flood = MSEC_NEVER;
    w->rows = t->rows ? t->rows : ROWS;
    w->cols = t->cols ? t->cols : COLS;
    w->link = link_new(t->seed, t->link);
    make_client(w);
    make_server(w);
    run(w, w->now + WARM_UP_MS);
    return w;
}

msec_t typing_interrupt(const struct typing *t, msec_t flood_ms)
{
    struct world *w = begin(t);
    uint64_t bells = seen(w)->bells;
    msec_t pressed;

    w->next_flood = w->now;
    run(w, w->now + flood_ms);
    pressed = w->now;
    press(w, CTRL_C);
    while (seen(w)->bells == bells && w->now < pressed + LAST_MS)
        run(w, w->now + 1);
    pressed = w->now - pressed;
    release(w);
    return pressed;
}

msec_t typing_repaint(const struct typing *t)
{
    struct world *w = begin(t);
    uint64_t bells = seen(w)->bells;
    msec_t start = w->now;

    press(w, 'r');
    for (int i = 0; i < 8; i++)
        flood(w);
    interrupt(w);
    while (seen(w)->bells == bells && w->now < start + LAST_MS)
        run(w, w->now + 1);
    start = w->now - start;
    release(w);
    return start;
}

static void cut(struct world *w, bool down)
{
    link_set_down(w->link, LINK_TO_SERVER, down);
    link_set_down(w->link, LINK_TO_CLIENT, down);
}

msec_t typing_outage(const struct typing *t, msec_t outage_ms)
{
    struct world *w = begin(t);
    uint64_t bells = seen(w)->bells;
    msec_t mended;

    press(w, 'r');
    run(w, w->now + WARM_UP_MS / 8 + rng_below(&w->rng, WARM_UP_MS));
    cut(w, true);
    run(w, w->now + outage_ms / 3);
    interrupt(w);
    run(w, w->now + outage_ms - outage_ms / 3);
    cut(w, false);
    mended = w->now;
    while (seen(w)->bells == bells && w->now < mended + LAST_MS)
        run(w, w->now + 1);
    mended = w->now - mended;
    release(w);
    return mended;
}

void typing_run(const struct typing *t, struct delays *out)
{
    struct world *w = begin(t);
    struct link_stats before[2];

    assert_true(t->keys <= TYPING_KEYS_MAX);
    before[0] = *link_get_stats(w->link, LINK_TO_SERVER);
    before[1] = *link_get_stats(w->link, LINK_TO_CLIENT);
    while (w->typed < t->keys) {
        type(w);
        run(w, w->next_key);
    }
    count_traffic(w, out, before);
    run(w, w->now + LAST_MS);
    for (size_t i = 0; i < w->typed; i++) {
        if (i >= w->shown)
            out->lost++;
        else
            note_delay(out, w->shown_at[i] - w->typed_at[i]);
    }
    release(w);
}

double delays_mean(const struct delays *d)
{
    return (double)d->sum_ms / (double)d->count;
}

msec_t delays_percentile(const struct delays *d, unsigned percent)
{
    size_t at = d->count * percent / 100, below = 0;
    msec_t ms = 0;

    if (at >= d->count)
        at = d->count - 1;
    while (below + d->keys[ms] <= at)
        below += d->keys[ms++];
    return ms;
}

void delays_print(const char *what, const struct delays *d)
{
    printf("# %-28s median %5llu mean %7.1f p90 %5llu p99 %5llu max %5llu lost %zu;"
           " up %llu (%llu B) down %llu (%llu B); srtt %llu %llu\n",
           what, (unsigned long long)delays_percentile(d, 50), delays_mean(d),
           (unsigned long long)delays_percentile(d, 90),
           (unsigned long long)delays_percentile(d, 99),
           (unsigned long long)delays_percentile(d, 100), d->lost,
           (unsigned long long)d->datagrams[0], (unsigned long long)d->bytes[0],
           (unsigned long long)d->datagrams[1], (unsigned long long)d->bytes[1],
           (unsigned long long)d->srtt_ms[0], (unsigned long long)d->srtt_ms[1]);
}
