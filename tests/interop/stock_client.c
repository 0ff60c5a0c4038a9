/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What our display sends to a stock client arrives there: random programs write to our screen, its
 * differences go to a real stock mosh-client, and what that paints on its terminal is our screen.
 *
 * The client's own painting has a fault in the last row (D14), and paints nothing twice. So where
 * its terminal does not show our screen, it is asked to paint everything (Ctrl-L); what it paints
 * then is what it has.
 */

#include "config.h"

#include "../lib/program.h"
#include "../lib/unit.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "statesync/hostscreen.h"
#include "statesync/userstream.h"
#include "sys/clock.h"
#include "sys/pty.h"
#include "sys/udp.h"
#include "terminal/emulator.h"
#include "terminal/reduce.h"
#include "transport/transport.h"
#include "wire/packet.h"

#define SESSIONS  6
#define FRAMES    100 /* in each */
#define PATIENCE  250 /* ms, until it is asked to paint again */
#define LIMIT_MS  8000
#define PAINT_KEY 0x0C

static uint64_t running_seed;

struct session {
    struct transport *server;
    struct rng rng, chaff;
    int socket;
    struct endpoint peer;
    struct pty pty;
    pid_t client;
    struct emulator *terminal; /* that the stock client paints on */
    struct program program;
};

static void fill_chaff(void *context, uint8_t *out, size_t len)
{
    rng_fill(context, out, len);
}

static const char *stock_client(void)
{
    const char *bindir = getenv("STOCK_BINDIR");
    static char path[4096];

    snprintf(path, sizeof path, "%s/mosh-client", bindir ? bindir : "/usr/bin");
    return path;
}

static void run_client(const struct session *s, const uint8_t key[KEY_BYTES], uint16_t port)
{
    struct pty pty = s->pty;
    char printed[KEY_CHARS + 1], number[8];

    base64_encode_key(key, printed);
    snprintf(number, sizeof number, "%u", port);
    setenv("MOSH_KEY", printed, 1);
    setenv("TERM", "xterm-256color", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("MOSH_TITLE_NOPREFIX", "1", 1);
    if (pty_take_over(&pty) == 0)
        execl(stock_client(), stock_client(), "127.0.0.1", number, (char *)NULL);
    _exit(127);
}

static void session_open(struct session *s, uint64_t seed, size_t rows, size_t cols)
{
    struct transport_config config = {.sending = SEAL_TO_CLIENT,
                                      .local_ops = &hostscreen_ops,
                                      .remote_ops = &userstream_ops,
                                      .local_initial = hostscreen_new(EMULATOR_HOST, rows, cols),
                                      .remote_initial = userstream_new(),
                                      .collect_ms = 1,
                                      .random = fill_chaff,
                                      .random_context = &s->chaff};
    struct endpoint here, bound;
    const char *failed;

    *s = (struct session){.rng = {.state = seed}, .chaff = {.state = seed}};
    s->program = (struct program){.rng = &s->rng, .rows = rows, .cols = cols};
    rng_fill(&s->chaff, config.key, KEY_BYTES);
    s->server = transport_new(&config, clock_now());
    hostscreen_leave_zero(transport_local(s->server));
    assert_int_equal(endpoint_parse("127.0.0.1", 0, &here), 0);
    s->socket = udp_bind(&here, 0, 0, &bound);
    assert_true(s->socket >= 0);
    assert_int_equal(pty_open(&s->pty, rows, cols, &failed), 0);
    s->terminal = emulator_new(EMULATOR_HOST, rows, cols);
    s->client = fork();
    assert_true(s->client >= 0);
    if (s->client == 0)
        run_client(s, config.key, endpoint_port(&bound));
    pty_close_slave(&s->pty);
}

static void session_close(struct session *s)
{
    kill(s->client, SIGKILL);
    waitpid(s->client, NULL, 0);
    transport_free(s->server);
    emulator_free(s->terminal);
    pty_close(&s->pty);
    close(s->socket);
    buf_release(&s->program.out);
}

static void read_terminal(struct session *s)
{
    uint8_t bytes[16384];
    ssize_t len = read(s->pty.master, bytes, sizeof bytes);

    if (len > 0)
        emulator_write(s->terminal, bytes, (size_t)len, NULL);
}

static void read_socket(struct session *s)
{
    uint8_t bytes[PACKET_DATAGRAM_MAX];
    struct udp_arrival arrival;
    struct transport_event event;

    while (udp_receive(s->socket, bytes, sizeof bytes, &arrival) > 0) {
        int result = transport_recv(s->server, clock_now(), bytes, arrival.len, false, &event);
        assert_true(result <= 0);
        if (event.newest) {
            s->peer = arrival.from;
            transport_set_attached(s->server, true);
        }
    }
}

static void write_socket(struct session *s)
{
    struct buf datagram = {0};

    transport_tick(s->server, clock_now());
    while (transport_pull(s->server, &datagram))
        assert_int_equal(udp_send(s->socket, &s->peer, datagram.data, datagram.len), 0);
    buf_release(&datagram);
}

static void turn(struct session *s)
{
    struct pollfd ready[] = {{.fd = s->socket, .events = POLLIN},
                             {.fd = s->pty.master, .events = POLLIN}};
    msec_t now = clock_now(), deadline = transport_deadline(s->server, now);
    int wait = deadline == MSEC_NEVER || deadline > now + 20 ? 20 : (int)(deadline - now);

    assert_true(poll(ready, 2, wait < 0 ? 0 : wait) >= 0);
    read_socket(s);
    if (ready[1].revents & POLLIN)
        read_terminal(s);
    write_socket(s);
    assert_int_equal(waitpid(s->client, NULL, WNOHANG), 0); /* it lives (S22) */
}

/* ---- what it paints, and what it shall ---- */

static bool same_cell(const struct screen *got, const struct screen *want, size_t row, size_t col)
{
    const struct row *a = got->row[row], *b = want->row[row];
    const struct style *x = pool_style(a->pool, a->cell[col].style);
    struct style y = reduce_style(&caps_mirror, want->registers.palette,
                                  pool_style(b->pool, b->cell[col].style));
    struct buf p = {0}, q = {0};
    bool same;

    row_put_text(a, col, &p);
    row_put_text(b, col, &q);
    same = p.len == q.len && (p.len == 0 || memcmp(p.data, q.data, p.len) == 0) &&
           style_equal(x, &y) &&
           (a->cell[col].glyph & (CELL_WIDE | CELL_TRAIL)) ==
               (b->cell[col].glyph & (CELL_WIDE | CELL_TRAIL));
    buf_release(&p);
    buf_release(&q);
    return same;
}

static void describe(char *said, size_t size, const struct screen *got, const struct screen *want,
                     size_t row, size_t col)
{
    const struct screen *screens[] = {got, want};
    struct buf parts[2] = {{0}, {0}};

    for (size_t i = 0; i < 2; i++) {
        const struct row *r = screens[i]->row[row];
        buf_append_byte(&parts[i], '"');
        row_put_text(r, col, &parts[i]);
        buf_append_str(&parts[i], "\" ");
        style_put_sgr(pool_style(r->pool, r->cell[col].style), STYLE_FORM_REPORT, &parts[i]);
        buf_append_byte(&parts[i], 0);
    }
    snprintf(said, size, "row %zu, column %zu: %s, not %s", row, col, (char *)parts[0].data,
             (char *)parts[1].data);
    buf_release(&parts[0]);
    buf_release(&parts[1]);
}

static const char *text_of(const struct text *t)
{
    return t ? t->bytes : "";
}

/* NULL, or what differs. */
static const char *difference(const struct screen *got, const struct screen *want)
{
    static char said[128];

    for (size_t row = 0; row < want->rows; row++) {
        for (size_t col = 0; col < want->cols; col++) {
            if (same_cell(got, want, row, col))
                continue;
            describe(said, sizeof said, got, want, row, col);
            return said;
        }
    }
    if (got->cursor_visible != want->cursor_visible)
        return "the cursor's visibility";
    if (want->cursor_visible &&
        (got->cursor_row != want->cursor_row || got->cursor_col != want->cursor_col)) {
        snprintf(said, sizeof said, "the cursor at %zu, %zu, not %zu, %zu", got->cursor_row,
                 got->cursor_col, want->cursor_row, want->cursor_col);
        return said;
    }
    if (got->reverse_video != want->reverse_video ||
        got->bracketed_paste != want->bracketed_paste ||
        screen_mouse_reporting(got) != screen_mouse_reporting(want) ||
        screen_mouse_encoding(got) != screen_mouse_encoding(want))
        return "a mode";
    return strcmp(text_of(got->window_title), text_of(want->window_title)) == 0 ? NULL
                                                                                : "the title";
}

static struct emulator *our_emulator(struct session *s)
{
    return hostscreen_emulator(transport_local(s->server));
}

static void wait_until_shown(struct session *s)
{
    const struct screen *got = emulator_screen(s->terminal);
    const struct screen *want = emulator_screen(our_emulator(s));
    msec_t begin = clock_now(), asked = begin;
    const char *differs;

    while ((differs = difference(got, want)) != NULL) {
        turn(s);
        msec_t now = clock_now();
        if (now - begin > LIMIT_MS)
            fail_msg("the stock client's terminal differs: %s", differs);
        if (now - asked > PATIENCE) {
            assert_int_equal(write(s->pty.master, (const char[]){PAINT_KEY}, 1), 1);
            asked = now;
        }
    }
}

/* Where the stock client would not get to in its own painting. */
static void leave_last_row(struct session *s)
{
    const struct screen *screen = emulator_screen(our_emulator(s));
    static const char home[] = "\033[?6l\033[H";

    if (screen->cursor_row + 1 == screen->rows)
        emulator_write(our_emulator(s), (const uint8_t *)home, sizeof home - 1, NULL);
}

static void run_session(uint64_t seed, size_t rows, size_t cols)
{
    static const char begin[] = "\033]0;begin\a";
    struct session s;

    session_open(&s, seed, rows, cols);
    emulator_write(our_emulator(&s), (const uint8_t *)begin, sizeof begin - 1, NULL);
    wait_until_shown(&s);
    for (size_t frame = 0; frame < FRAMES; frame++) {
        buf_clear(&s.program.out);
        program_burst(&s.program);
        emulator_write(our_emulator(&s), s.program.out.data, s.program.out.len, NULL);
        leave_last_row(&s);
        wait_until_shown(&s);
    }
    session_close(&s);
}

static void a_stock_client_follows(void **state)
{
    const char *given = getenv("MOSH_TEST_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 0) : 1;
    (void)state;

    if (access(stock_client(), X_OK) != 0)
        skip();
    for (size_t i = 0; i < SESSIONS; i++) {
        running_seed = seed + i;
        run_session(running_seed, i % 2 ? 24 : 7, i % 2 ? 80 : 30);
    }
    running_seed = 0;
}

static int say_seed(void **state)
{
    (void)state;
    if (running_seed)
        print_error("MOSH_TEST_SEED=%llu\n", (unsigned long long)running_seed);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_stock_client_follows, say_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
