/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "blackbox.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "crypto/base64.h"
#include "sys/clock.h"
#include "sys/sysrandom.h"

#define STREAM_MS    10000 /* so long a stream may take */
#define LINE_CHARS   512
#define DATAGRAM_MAX 2048

int blackbox_play(const char *fifo)
{
    struct termios raw;
    char bytes[4096];
    ssize_t len;
    int in;

    if (tcgetattr(STDOUT_FILENO, &raw) == 0) {
        cfmakeraw(&raw);
        tcsetattr(STDOUT_FILENO, TCSANOW, &raw);
    }
    in = open(fifo, O_RDONLY);
    while ((len = read(in, bytes, sizeof bytes)) > 0) {
        if (write(STDOUT_FILENO, bytes, (size_t)len) != len)
            break;
    }
    return 0;
}

static void NORETURN die(const char *what)
{
    fprintf(stderr, "differential: %s\n", what);
    exit(99);
}

static void make_fifo(struct blackbox *s)
{
    snprintf(s->folder, sizeof s->folder, "/tmp/mosh-differential.XXXXXX");
    if (!mkdtemp(s->folder))
        die("no folder");
    snprintf(s->fifo, sizeof s->fifo, "%s/fifo", s->folder);
    if (mkfifo(s->fifo, 0600) != 0)
        die("no fifo");
}

/* Reads "MOSH CONNECT PORT KEY" and "... pid = N". */
static void start_server(struct blackbox *s, const char *server, const char *self)
{
    char command[1024], line[LINE_CHARS], key[64] = "";
    unsigned port = 0;
    long pid = 0;
    FILE *said;

    snprintf(command, sizeof command,
             "LC_ALL=C.UTF-8 MOSH_SERVER_NETWORK_TMOUT=60 '%s' new -i 127.0.0.1 -c 256 -- '%s' "
             "--player '%s' 2>&1 </dev/null",
             server, self, s->fifo);
    said = popen(command, "r");
    if (!said)
        die("no server");
    while (fgets(line, sizeof line, said)) {
        char *at = strstr(line, "pid = ");
        if (at)
            pid = strtol(at + 6, NULL, 10);
        if (sscanf(line, "MOSH CONNECT %u %63s", &port, key) == 2)
            continue;
    }
    pclose(said);
    if (base64_decode_key(key, strlen(key), s->config.key) != 0 ||
        endpoint_parse("127.0.0.1", (uint16_t)port, &s->server) != 0)
        die("the server does not start");
    s->server_pid = (pid_t)pid;
}

/* One turn of the client's loop. */
static void turn(struct blackbox *s)
{
    struct pollfd fd = {.fd = s->udp, .events = POLLIN};
    struct udp_arrival arrival;
    struct buf out = {0};
    uint8_t bytes[DATAGRAM_MAX];

    client_tick(s->client, clock_now());
    while (client_pull_datagram(s->client, &out)) {
        if (udp_send(s->udp, &s->server, out.data, out.len) != 0)
            break;
    }
    buf_clear(&out);
    client_draw(s->client, clock_now(), &out); /* nobody looks at it */
    buf_release(&out);
    poll(&fd, 1, 5);
    while (udp_receive(s->udp, bytes, sizeof bytes, &arrival) == 1)
        (void)client_datagram(s->client, clock_now(), bytes, arrival.len, arrival.congested);
}

static void write_all(int fd, const uint8_t *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);
        if (n <= 0)
            die("the program in the session is gone");
        bytes += n;
        len -= (size_t)n;
    }
}

/* The program opens its end when it has started, and that is when the server knows the size. */
static void open_player(struct blackbox *s)
{
    msec_t limit = clock_now() + STREAM_MS;

    while (s->player < 0 && clock_now() < limit) {
        turn(s);
        s->player = open(s->fifo, O_WRONLY | O_NONBLOCK);
    }
    if (s->player < 0)
        die("the session does not begin");
    fcntl(s->player, F_SETFL, 0);
    while (client_screen(s->client)->rows != s->rows && clock_now() < limit)
        turn(s);
}

static bool title_is(const struct blackbox *s, const char *title)
{
    const struct text *shown = client_screen(s->client)->window_title;

    return shown && strcmp(shown->bytes, title) == 0;
}

bool blackbox_show(struct blackbox *s, const struct buf *stream)
{
    msec_t limit = clock_now() + STREAM_MS;
    char title[32], end[48];

    snprintf(title, sizeof title, "end %zu", ++s->shown);
    snprintf(end, sizeof end, "\033]2;%s\a", title);
    write_all(s->player, stream->data, stream->len);
    write_all(s->player, (const uint8_t *)end, strlen(end));
    while (!title_is(s, title) && clock_now() < limit)
        turn(s);
    return title_is(s, title);
}

/* What comes back shows that the server knows the size: before the first datagram, which says it,
   it does not know where to send. */
static void warm_up(struct blackbox *s)
{
    struct buf nothing = {0};

    buf_append_str(&nothing, "\033c");
    if (!blackbox_show(s, &nothing))
        die("nothing comes through");
    buf_release(&nothing);
}

void blackbox_begin(struct blackbox *s, const char *server, const char *self, size_t rows,
                    size_t cols)
{
    *s = (struct blackbox){.rows = rows,
                           .cols = cols,
                           .config = {.rows = rows,
                                      .cols = cols,
                                      .caps = caps_mirror,
                                      .silent = true,
                                      .escape_key = ESCAPE_KEY_NONE,
                                      .title_prefix = "",
                                      .predict_mode = PREDICT_NEVER,
                                      .random = sysrandom_chaff}};
    make_fifo(s);
    start_server(s, server, self);
    s->udp = udp_open(endpoint_family(&s->server));
    s->client = client_new(&s->config, clock_now());
    s->player = -1;
    open_player(s);
    warm_up(s);
}

void blackbox_end(struct blackbox *s)
{
    if (s->player >= 0)
        close(s->player);
    if (s->server_pid > 0)
        kill(s->server_pid, SIGTERM);
    client_free(s->client);
    close(s->udp);
    unlink(s->fifo);
    rmdir(s->folder);
}

void blackbox_take(const struct blackbox *s, struct picture *p)
{
    picture_take(p, client_screen(s->client));
}

static bool resize(struct blackbox *s, size_t cols)
{
    msec_t limit = clock_now() + STREAM_MS;

    client_resize(s->client, clock_now(), s->rows, cols);
    while (client_screen(s->client)->cols != cols && clock_now() < limit)
        turn(s);
    return client_screen(s->client)->cols == cols;
}

/* On a screen of another width everything is drawn again. */
bool blackbox_take_again(struct blackbox *s, struct picture *p)
{
    struct picture wider = {0};

    if (!resize(s, s->cols + 1))
        return false;
    blackbox_take(s, &wider);
    picture_resize(p, s->rows, s->cols);
    for (size_t row = 0; row < p->rows; row++)
        memcpy(picture_at(p, row, 0), picture_at(&wider, row, 0), p->cols * sizeof *p->cell);
    p->cursor_row = wider.cursor_row;
    p->cursor_col = wider.cursor_col;
    p->cursor_visible = wider.cursor_visible;
    p->reverse_video = wider.reverse_video;
    picture_release(&wider);
    return resize(s, s->cols);
}
