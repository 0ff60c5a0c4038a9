/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The emulator inside a mosh-server that we cannot look into, compared with ours: a session with
 * it, whose program writes streams (streams.h), one after the other, and whose client is in this
 * process. What the client has of the screen when all of a stream has come through is the server's
 * view. A title marks the end of a stream. libvterm has the third vote.
 *
 *   differential SERVER [COUNT [FIRST]]     as TAP; COUNT streams of each class
 *   differential --exact SERVER [COUNT [FIRST]]  for a server of ours: all has to be the same
 *   differential --player FIFO              the program in the session
 *   differential --print CLASS SEED         a stream, for a screen of 24 x 80
 *
 * VERBOSE=1 shows every stream with a difference, reduced to what it is about.
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "crypto/base64.h"
#include "judge.h"
#include "picture.h"
#include "session/client.h"
#include "streams.h"
#include "sys/clock.h"
#include "sys/sysrandom.h"
#include "sys/udp.h"
#include "terminal/emulator.h"

#define ROWS         8
#define COLS         20
#define STREAM_MS    10000 /* so long a stream may take */
#define LINE_CHARS   512
#define DATAGRAM_MAX 2048

struct session {
    char folder[64], fifo[96];
    struct endpoint server;
    struct client_config config;
    struct client *client;
    int udp, player; /* descriptors: of the network, and where streams are written to */
    pid_t server_pid;
    size_t shown; /* streams so far */
};

/* Who stands alone. */
enum verdict { VERDICT_SAME, VERDICT_SERVER, VERDICT_OURS, VERDICT_UNCLEAR, VERDICTS };

static bool exact;
static size_t tests_run, tests_failed;

static void result(bool passed, const char *class, const char *what)
{
    tests_run++;
    tests_failed += !passed;
    printf("%s %zu - %s streams: %s\n", passed ? "ok" : "not ok", tests_run, class, what);
}

/* --- the program in the session --- */

static int play(const char *fifo)
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

/* --- the session --- */

static void NORETURN die(const char *what)
{
    fprintf(stderr, "differential: %s\n", what);
    exit(99);
}

static void make_fifo(struct session *s)
{
    snprintf(s->folder, sizeof s->folder, "/tmp/mosh-differential.XXXXXX");
    if (!mkdtemp(s->folder))
        die("no folder");
    snprintf(s->fifo, sizeof s->fifo, "%s/fifo", s->folder);
    if (mkfifo(s->fifo, 0600) != 0)
        die("no fifo");
}

/* Reads "MOSH CONNECT PORT KEY" and "... pid = N". */
static void start_server(struct session *s, const char *server, const char *self)
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

static void session_begin(struct session *s, const char *server, const char *self)
{
    *s = (struct session){.config = {.rows = ROWS,
                                     .cols = COLS,
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
}

static void session_end(struct session *s)
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

/* One turn of the client's loop. */
static void turn(struct session *s)
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
static void open_player(struct session *s)
{
    msec_t limit = clock_now() + STREAM_MS;

    while (s->player < 0 && clock_now() < limit) {
        turn(s);
        s->player = open(s->fifo, O_WRONLY | O_NONBLOCK);
    }
    if (s->player < 0)
        die("the session does not begin");
    fcntl(s->player, F_SETFL, 0);
    while (client_screen(s->client)->rows != ROWS && clock_now() < limit)
        turn(s);
}

static bool title_is(const struct session *s, const char *title)
{
    const struct text *shown = client_screen(s->client)->window_title;

    return shown && strcmp(shown->bytes, title) == 0;
}

/* Whether the stream came through. */
static bool session_show(struct session *s, const struct buf *stream)
{
    msec_t limit = clock_now() + STREAM_MS;
    char title[32], end[48];

    snprintf(title, sizeof title, "end %zu", ++s->shown);
    snprintf(end, sizeof end, "\x18\033]2;%s\a", title);
    write_all(s->player, stream->data, stream->len);
    write_all(s->player, (const uint8_t *)end, strlen(end));
    while (!title_is(s, title) && clock_now() < limit)
        turn(s);
    return title_is(s, title);
}

/* --- comparing --- */

static void draw_ours(struct picture *p, const struct buf *stream)
{
    struct emulator *e = emulator_new(EMULATOR_HOST, ROWS, COLS);

    emulator_write(e, stream->data, stream->len, NULL);
    picture_take(p, emulator_screen(e));
    for (size_t i = 0; i < p->rows * p->cols; i++) {
        p->cell[i].attributes &= (uint16_t) ~(STYLE_FAINT | STYLE_STRUCK | STYLE_OVERLINE);
        if (p->cell[i].underline)
            p->cell[i].underline = UNDERLINE_SINGLE;
    }
    emulator_free(e);
}

static void draw_judge(struct picture *p, const struct buf *stream)
{
    struct judge *judge = judge_new(ROWS, COLS);

    if (!judge)
        return;
    judge_write(judge, stream->data, stream->len);
    judge_take(judge, p);
    judge_free(judge);
}

/* libvterm keeps more of the pen in erased cells, so it votes on text and the cursor alone. */
static enum verdict vote(const struct picture *ours, const struct picture *server,
                         const struct picture *judge, const char **said)
{
    static char words[LINE_CHARS];
    const char *difference =
        picture_difference(ours, server, PICTURE_TEXT | PICTURE_STYLE | PICTURE_CURSOR, UINT16_MAX);

    if (!difference)
        return VERDICT_SAME;
    snprintf(words, sizeof words, "%s", difference);
    *said = words;
    if (!judge->cell || picture_difference(ours, server, PICTURE_TEXT | PICTURE_CURSOR, 0) == NULL)
        return VERDICT_UNCLEAR;
    if (!picture_difference(ours, judge, PICTURE_TEXT | PICTURE_CURSOR, 0))
        return VERDICT_SERVER;
    if (!picture_difference(server, judge, PICTURE_TEXT | PICTURE_CURSOR, 0))
        return VERDICT_OURS;
    return VERDICT_UNCLEAR;
}

static void show_stream(const struct buf *stream, uint64_t seed, enum verdict verdict,
                        const char *said)
{
    static const char *const who[] = {"same", "server alone", "ours alone", "unclear"};

    printf("# %llu, %s (ours, the server's): %s: ", (unsigned long long)seed, who[verdict], said);
    for (size_t i = 0; i < stream->len; i++) {
        uint8_t c = stream->data[i];
        if (c == 033)
            printf("\\e");
        else if (c < 0x20 || c > 0x7E)
            printf("\\x%02x", c);
        else
            putchar(c);
    }
    putchar('\n');
}

/* Without the parts that it is not about. */
static enum verdict try_parts(struct session *s, const struct stream *stream, uint64_t parts,
                              struct buf *bytes, const char **said, bool *arrived)
{
    struct picture ours = {0}, server = {0}, judge = {0};
    enum verdict verdict = VERDICT_SAME;

    buf_clear(bytes);
    buf_append_str(bytes, "\033c");
    stream_pick(stream, parts, bytes);
    *arrived = session_show(s, bytes);
    if (*arrived) {
        picture_take(&server, client_screen(s->client));
        draw_ours(&ours, bytes);
        draw_judge(&judge, bytes);
        verdict = vote(&ours, &server, &judge, said);
    }
    picture_release(&ours);
    picture_release(&server);
    picture_release(&judge);
    return verdict;
}

/* Leaves out every part without which the verdict is the same. */
static void reduce(struct session *s, const struct stream *stream, enum verdict verdict,
                   struct buf *bytes, const char **said)
{
    uint64_t parts = ((uint64_t)1 << stream->parts) - 1;
    bool arrived = true;

    for (size_t i = 0; i < stream->parts && arrived; i++) {
        uint64_t fewer = parts & ~((uint64_t)1 << i);
        if (try_parts(s, stream, fewer, bytes, said, &arrived) == verdict)
            parts = fewer;
    }
    try_parts(s, stream, parts, bytes, said, &arrived);
}

static enum verdict run_stream(struct session *s, enum stream_class class, uint64_t seed,
                               bool *arrived)
{
    struct stream stream;
    struct buf bytes = {0};
    const char *said = NULL;
    enum verdict verdict;

    stream_make(&stream, class, seed, ROWS, COLS);
    verdict = try_parts(s, &stream, UINT64_MAX, &bytes, &said, arrived);
    if (verdict == VERDICT_OURS || (verdict != VERDICT_SAME && getenv("VERBOSE"))) {
        reduce(s, &stream, verdict, &bytes, &said);
        show_stream(&bytes, seed, verdict, said);
    }
    buf_release(&bytes);
    stream_release(&stream);
    return verdict;
}

static void run_class(struct session *s, enum stream_class class, size_t count, size_t first)
{
    const char *name = stream_class_name(class);
    size_t verdicts[VERDICTS] = {0};
    bool arrived = true;

    for (size_t i = 0; i < count && arrived; i++)
        verdicts[run_stream(s, class, first + i, &arrived)]++;
    result(arrived, name, "all came through");
    if (exact)
        result(verdicts[VERDICT_SAME] == count, name, "all is the same");
    else
        result(verdicts[VERDICT_OURS] == 0, name, "ours is never alone");
    printf("# %s: %zu the same, %zu the server alone, %zu ours alone, %zu unclear\n", name,
           verdicts[VERDICT_SAME], verdicts[VERDICT_SERVER], verdicts[VERDICT_OURS],
           verdicts[VERDICT_UNCLEAR]);
    fflush(stdout);
}

static int print_stream(const char *class, const char *seed)
{
    struct stream stream;

    stream_make(&stream, (enum stream_class)(strtoul(class, NULL, 10) % STREAM_CLASSES),
                strtoul(seed, NULL, 10), 24, 80);
    fwrite(stream.bytes.data, 1, stream.bytes.len, stdout);
    stream_release(&stream);
    return 0;
}

int main(int argc, char **argv)
{
    char self[512];
    struct session s;
    int at = 1;

    if (argc == 3 && strcmp(argv[1], "--player") == 0)
        return play(argv[2]);
    if (argc == 4 && strcmp(argv[1], "--print") == 0)
        return print_stream(argv[2], argv[3]);
    exact = argc > 1 && strcmp(argv[1], "--exact") == 0;
    at += exact;
    if (at >= argc)
        die("usage: differential [--exact] SERVER [COUNT [FIRST]]");
    const char *server = argv[at];
    size_t count = at + 1 < argc ? strtoul(argv[at + 1], NULL, 10) : 100;
    size_t first = at + 2 < argc ? strtoul(argv[at + 2], NULL, 10) : 0;
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    if (len <= 0)
        die("where am I?");
    self[len] = 0;
    signal(SIGPIPE, SIG_IGN);
    session_begin(&s, server, self);
    open_player(&s);
    for (int class = STREAM_PLAIN; class <= (exact ? STREAM_XTERM : STREAM_WIDE); class ++)
        run_class(&s, (enum stream_class) class, count, first);
    session_end(&s);
    printf("1..%zu\n", tests_run);
    return tests_failed ? 1 : 0;
}
