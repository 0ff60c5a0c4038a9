/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The emulator inside a mosh-server that we cannot look into (blackbox.h), compared with ours: the
 * program in the session writes streams (streams.h), one after the other. libvterm has the third
 * vote. With stock's server, a difference has to be one that is known (habits.h).
 *
 *   differential SERVER [COUNT [FIRST [ROWSxCOLS]]]      as TAP; COUNT streams of each class
 *   differential --exact SERVER [COUNT [FIRST [ROWSxCOLS]]]   for a server of ours: all is the same
 *   differential --player FIFO              the program in the session
 *   differential SERVER - <BYTES            what each makes of some bytes
 *   differential --print CLASS SEED         a stream, for a screen of 24 x 80
 *   differential --judge CLASS COUNT FIRST  without a server: where libvterm differs from ours
 *   differential --habits                   the known differences, and what they are
 *
 * A stream with a difference that is not known is shown, without the parts that it is not about.
 * CLASS=N tries one class alone; VERBOSE=HABIT shows the streams with a known difference, too.
 */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "blackbox.h"
#include "habits.h"
#include "judge.h"
#include "picture.h"
#include "streams.h"
#include "terminal/emulator.h"

#define ALL_OF_IT   (PICTURE_TEXT | PICTURE_STYLE | PICTURE_CURSOR)
#define WORDS_CHARS 512

/* With whom libvterm goes where ours and the server's differ. */
enum vote { VOTE_OURS, VOTE_SERVER, VOTE_NEITHER, VOTES };

/* A difference, or none. */
struct finding {
    bool same, known, lost; /* lost: there is none between the emulators, but on the way */
    bool judge_alone;       /* same, and libvterm has something else */
    uint32_t habits;        /* known: what it is */
    enum vote vote;
    char words[WORDS_CHARS];
};

struct tally {
    size_t streams, same, lost, known, unknown, judge_alone;
    size_t habit[HABIT_COUNT][VOTES];
};

static bool exact;
static size_t tests_run, tests_failed;

static void result(bool passed, const char *class, const char *what)
{
    tests_run++;
    tests_failed += !passed;
    printf("%s %zu - %s streams: %s\n", passed ? "ok" : "not ok", tests_run, class, what);
}

/* --- comparing --- */

/* What a stock client cannot be told is not asked for. */
static void make_plainer(struct picture *p)
{
    for (size_t i = 0; i < p->rows * p->cols; i++) {
        if (p->cell[i].attributes & STYLE_RAPID_BLINK)
            p->cell[i].attributes |= STYLE_BLINK;
        p->cell[i].attributes &=
            (uint16_t) ~(STYLE_FAINT | STYLE_STRUCK | STYLE_OVERLINE | STYLE_RAPID_BLINK);
        if (p->cell[i].underline)
            p->cell[i].underline = UNDERLINE_SINGLE;
    }
}

static void draw_ours(struct picture *p, const struct blackbox *b, const struct buf *stream)
{
    struct emulator *e = emulator_new(EMULATOR_HOST, b->rows, b->cols);

    emulator_write(e, stream->data, stream->len, NULL);
    picture_take(p, emulator_screen(e));
    if (exact)
        make_plainer(p);
    emulator_free(e);
}

/* libvterm does not survive all that there is among odd streams, and does not come back from some.
   So it looks at them in a process of its own, and has no vote when that ends early. */
static void draw_judge(struct picture *p, const struct blackbox *b, const struct buf *stream)
{
    enum { SECONDS = 2 };
    const size_t cells = b->rows * b->cols * sizeof *p->cell, size = sizeof *p + cells;
    struct judge *judge = judge_new(b->rows, b->cols);
    uint8_t *shared;
    int status = 1;
    pid_t pid;

    if (!judge)
        return;
    shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid = shared == MAP_FAILED ? -1 : fork();
    if (pid == 0) {
        alarm(SECONDS);
        judge_write(judge, stream->data, stream->len);
        judge_take(judge, p);
        memcpy(shared, p, sizeof *p);
        memcpy(shared + sizeof *p, p->cell, cells);
        _exit(0);
    }
    if (pid > 0 && waitpid(pid, &status, 0) == pid && status == 0) {
        struct picture_cell *cell;
        picture_resize(p, b->rows, b->cols);
        cell = p->cell;
        memcpy(p, shared, sizeof *p);
        p->cell = cell;
        memcpy(cell, shared + sizeof *p, cells);
    }
    if (shared != MAP_FAILED)
        munmap(shared, size);
    judge_free(judge);
}

/* The fewest habits with which the model has what the server has; false: not with all of them. */
static bool explain(const struct picture *server, const struct buf *stream, uint32_t *habits)
{
    struct picture model = {0};
    uint32_t met =
        habits_draw(&model, stream->data, stream->len, server->rows, server->cols, HABITS_ALL);
    bool known = !picture_difference(&model, server, ALL_OF_IT, UINT16_MAX);

    /* Where the character is that hangs over the edge cannot be seen. */
    if (!known && met & HABIT_BIT(HABIT_EDGE)) {
        *habits = HABIT_BIT(HABIT_EDGE);
        known = true;
    } else if (known) {
        *habits = met;
        for (enum habit h = 0; h < HABIT_COUNT; h++) {
            uint32_t fewer = *habits & ~HABIT_BIT(h);
            if (fewer == *habits)
                continue;
            habits_draw(&model, stream->data, stream->len, server->rows, server->cols, fewer);
            if (!picture_difference(&model, server, ALL_OF_IT, UINT16_MAX))
                *habits = fewer;
        }
    }
    picture_release(&model);
    return known;
}

/* libvterm keeps more of the pen in erased cells, so it votes on text and the cursor alone. */
static enum vote vote(const struct picture *ours, const struct picture *server,
                      const struct picture *judge)
{
    if (!judge->cell || !picture_difference(ours, server, PICTURE_TEXT | PICTURE_CURSOR, 0))
        return VOTE_NEITHER;
    if (!picture_difference(ours, judge, PICTURE_TEXT | PICTURE_CURSOR, 0))
        return VOTE_OURS;
    if (!picture_difference(server, judge, PICTURE_TEXT | PICTURE_CURSOR, 0))
        return VOTE_SERVER;
    return VOTE_NEITHER;
}

static bool is_same(struct finding *f, const struct picture *ours, const struct picture *server)
{
    const char *difference = picture_difference(ours, server, ALL_OF_IT, UINT16_MAX);

    snprintf(f->words, sizeof f->words, "%s", difference ? difference : "");
    return !difference;
}

/* False if the stream did not come through. */
static bool compare(struct blackbox *b, const struct buf *stream, struct finding *f)
{
    struct picture ours = {0}, server = {0}, judge = {0};
    bool arrived = blackbox_show(b, stream);

    *f = (struct finding){0};
    if (arrived) {
        blackbox_take(b, &server);
        draw_ours(&ours, b, stream);
        draw_judge(&judge, b, stream);
        f->same = is_same(f, &ours, &server);
        if (!f->same && !exact) {
            f->known = explain(&server, stream, &f->habits);
            if (!f->known) {
                arrived = blackbox_take_again(b, &server);
                f->same = f->lost = is_same(f, &ours, &server);
                f->known = !f->same && explain(&server, stream, &f->habits);
            }
            f->vote = vote(&ours, &server, &judge);
        }
        f->judge_alone = f->same && judge.cell &&
                         picture_difference(&ours, &judge, PICTURE_TEXT | PICTURE_CURSOR, 0);
    }
    picture_release(&ours);
    picture_release(&server);
    picture_release(&judge);
    return arrived;
}

/* --- streams --- */

static void show_stream(const struct buf *stream, uint64_t seed, const struct finding *f)
{
    static const char *const votes[] = {"libvterm as ours", "libvterm as the server",
                                        "libvterm as neither"};

    printf("# %llu:", (unsigned long long)seed);
    for (enum habit h = 0; f->known && h < HABIT_COUNT; h++) {
        if (f->habits & HABIT_BIT(h))
            printf(" %s", habit_name(h));
    }
    printf(" (ours, the server's) %s, %s: ", f->words, votes[f->vote]);
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

static bool try_parts(struct blackbox *b, const struct stream *stream, uint64_t parts,
                      struct buf *bytes, struct finding *f)
{
    buf_clear(bytes);
    buf_append_str(bytes, "\033c");
    stream_pick(stream, parts, bytes);
    buf_append_str(bytes, "\030"); /* CAN: whatever was begun is at its end */
    return compare(b, bytes, f);
}

static bool is_like(const struct finding *a, const struct finding *b)
{
    return a->same == b->same && a->known == b->known && a->habits == b->habits &&
           a->vote == b->vote;
}

/* Leaves out every part without which the finding is the same. */
static void reduce(struct blackbox *b, const struct stream *stream, struct buf *bytes,
                   struct finding *f)
{
    uint64_t parts = ((uint64_t)1 << stream->parts) - 1;
    struct finding fewer;

    for (size_t i = 0; i < stream->parts; i++) {
        uint64_t without = parts & ~((uint64_t)1 << i);
        if (try_parts(b, stream, without, bytes, &fewer) && is_like(&fewer, f))
            parts = without;
    }
    try_parts(b, stream, parts, bytes, f);
}

static bool is_shown(const struct finding *f)
{
    const char *name = getenv("VERBOSE");

    if (f->same)
        return false;
    for (enum habit h = 0; name && h < HABIT_COUNT; h++) {
        if (f->habits == HABIT_BIT(h) && strcmp(name, habit_name(h)) == 0)
            return true;
    }
    return !f->known;
}

static void count(struct tally *t, const struct finding *f)
{
    t->streams++;
    t->same += f->same;
    t->lost += f->lost;
    t->judge_alone += f->judge_alone;
    t->known += f->known;
    t->unknown += !f->same && !f->known;
    for (enum habit h = 0; f->known && h < HABIT_COUNT; h++)
        t->habit[h][f->vote] += f->habits >> h & 1;
}

static bool run_stream(struct blackbox *b, enum stream_class class, uint64_t seed, struct tally *t)
{
    struct stream stream;
    struct buf bytes = {0};
    struct finding f;
    bool arrived;

    stream_make(&stream, class, seed, b->rows, b->cols);
    arrived = try_parts(b, &stream, UINT64_MAX, &bytes, &f);
    if (arrived)
        count(t, &f);
    if (!arrived || is_shown(&f)) {
        if (arrived)
            reduce(b, &stream, &bytes, &f);
        show_stream(&bytes, seed, &f);
    }
    buf_release(&bytes);
    stream_release(&stream);
    return arrived;
}

/* --- ours and libvterm alone --- */

static bool differs_from_judge(const struct stream *stream, uint64_t parts,
                               const struct blackbox *b, struct buf *bytes, struct finding *f)
{
    struct picture ours = {0}, judge = {0};
    const char *difference = NULL;

    buf_clear(bytes);
    stream_pick(stream, parts, bytes);
    buf_append_str(bytes, "\030");
    draw_ours(&ours, b, bytes);
    draw_judge(&judge, b, bytes);
    if (judge.cell)
        difference = picture_difference(&ours, &judge, PICTURE_TEXT | PICTURE_CURSOR, 0);
    snprintf(f->words, sizeof f->words, "%s", difference ? difference : "");
    picture_release(&ours);
    picture_release(&judge);
    return difference != NULL;
}

/* What a difference is about: the functions that it takes, with `n` for numbers, `a` for text and
   `W` for what is not ASCII. */
static void put_shape(const struct stream *stream, uint64_t parts, struct buf *shape)
{
    struct buf bytes = {0};
    bool text = false;

    stream_pick(stream, parts & ~(uint64_t)1, &bytes);
    for (size_t i = 0; i < bytes.len; i++) {
        uint8_t c = bytes.data[i];
        uint8_t what = c >= '0' && c <= '9' && !text ? 'n' : c < 0x20 ? '\\' : c > 0x7E ? 'W' : c;
        if (c == 033)
            text = false;
        else if (text && c >= 0x20)
            what = c > 0x7E ? 'W' : 'a';
        if (shape->len == 0 || what != shape->data[shape->len - 1] || !strchr("naW", what))
            buf_append_byte(shape, what);
        if (c == 033 && i + 1 < bytes.len && bytes.data[i + 1] != '[') {
            buf_append_byte(shape, bytes.data[++i]);
            text = true;
        } else if (c >= 0x40 && c <= 0x7E && c != '[') {
            text = true;
        }
    }
    buf_append_byte(shape, 0);
    buf_release(&bytes);
}

static void judge_stream(const struct blackbox *b, enum stream_class class, uint64_t seed)
{
    struct stream stream;
    struct buf bytes = {0}, shape = {0};
    struct finding f = {.vote = VOTE_NEITHER};
    uint64_t parts;

    stream_make(&stream, class, seed, b->rows, b->cols);
    parts = ((uint64_t)1 << stream.parts) - 1;
    if (differs_from_judge(&stream, parts, b, &bytes, &f)) {
        for (size_t i = 0; i < stream.parts; i++) {
            if (differs_from_judge(&stream, parts & ~((uint64_t)1 << i), b, &bytes, &f))
                parts &= ~((uint64_t)1 << i);
        }
        differs_from_judge(&stream, parts, b, &bytes, &f);
        put_shape(&stream, parts, &shape);
        printf("%s\t%s\n", stream_class_name(class), (const char *)shape.data);
        show_stream(&bytes, seed, &f);
    }
    buf_release(&bytes);
    buf_release(&shape);
    stream_release(&stream);
}

static int judge_streams(enum stream_class class, size_t count, size_t first)
{
    struct blackbox b = {.rows = 8, .cols = 20};

    for (size_t i = 0; i < count; i++)
        judge_stream(&b, class, first + i);
    return 0;
}

static void report(const char *class, const struct tally *t)
{
    printf("# %s streams: %zu, the same %zu, known %zu, unknown %zu, lost on the way %zu, libvterm "
           "alone %zu\n",
           class, t->streams, t->same, t->known, t->unknown, t->lost, t->judge_alone);
    for (enum habit h = 0; h < HABIT_COUNT; h++) {
        const size_t *votes = t->habit[h];
        if (votes[VOTE_OURS] + votes[VOTE_SERVER] + votes[VOTE_NEITHER] > 0)
            printf("# known %s: %s, %zu with libvterm as ours, %zu as stock, %zu as neither\n",
                   class, habit_name(h), votes[VOTE_OURS], votes[VOTE_SERVER], votes[VOTE_NEITHER]);
    }
}

static void run_class(struct blackbox *b, enum stream_class class, size_t count, size_t first)
{
    const char *name = stream_class_name(class);
    struct tally t = {0};
    bool arrived = true;

    for (size_t i = 0; i < count && arrived; i++)
        arrived = run_stream(b, class, first + i, &t);
    result(arrived, name, "all came through");
    if (exact)
        result(t.same == count, name, "all is the same");
    else
        result(t.unknown == 0, name, "every difference is known");
    report(name, &t);
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

static void print_picture(const char *whose, const struct picture *p)
{
    struct buf text = {0};

    picture_print(p, &text);
    printf("%s:\n%.*s", whose, (int)text.len, (const char *)text.data);
    buf_release(&text);
}

/* What all make of the standard input. */
static void show_input(struct blackbox *b)
{
    struct picture p = {0};
    struct buf bytes = {0};
    int c;

    while ((c = getchar()) != EOF)
        buf_append_byte(&bytes, (uint8_t)c);
    if (blackbox_show(b, &bytes)) {
        blackbox_take_again(b, &p);
        print_picture("the server", &p);
    }
    habits_draw(&p, bytes.data, bytes.len, b->rows, b->cols, HABITS_ALL);
    print_picture("ours with all habits", &p);
    draw_ours(&p, b, &bytes);
    print_picture("ours", &p);
    draw_judge(&p, b, &bytes);
    print_picture("libvterm", &p);
    picture_release(&p);
    buf_release(&bytes);
}

static int print_habits(void)
{
    for (enum habit h = 0; h < HABIT_COUNT; h++)
        printf("%s\t%s\n", habit_name(h), habit_words(h));
    return 0;
}

static void NORETURN usage(void)
{
    fputs("usage: differential [--exact] SERVER [COUNT [FIRST [ROWSxCOLS]]]\n", stderr);
    exit(2);
}

int main(int argc, char **argv)
{
    size_t rows = 8, cols = 20;
    const char *only = getenv("CLASS");
    char self[512];
    struct blackbox b;

    if (argc == 3 && strcmp(argv[1], "--player") == 0)
        return blackbox_play(argv[2]);
    if (argc == 4 && strcmp(argv[1], "--print") == 0)
        return print_stream(argv[2], argv[3]);
    if (argc == 5 && strcmp(argv[1], "--judge") == 0)
        return judge_streams((enum stream_class)(strtoul(argv[2], NULL, 10) % STREAM_CLASSES),
                             strtoul(argv[3], NULL, 10), strtoul(argv[4], NULL, 10));
    if (argc == 2 && strcmp(argv[1], "--habits") == 0)
        return print_habits();
    exact = argc > 1 && strcmp(argv[1], "--exact") == 0;
    argv += exact;
    argc -= exact;
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    if (argc < 2 || len <= 0)
        usage();
    self[len] = 0;
    bool shows = argc == 3 && strcmp(argv[2], "-") == 0;
    size_t count = argc > 2 ? strtoul(argv[2], NULL, 10) : 100;
    size_t first = argc > 3 ? strtoul(argv[3], NULL, 10) : 0;
    if (argc > 4 && sscanf(argv[4], "%zux%zu", &rows, &cols) != 2)
        usage();
    signal(SIGPIPE, SIG_IGN);
    blackbox_begin(&b, argv[1], self, rows, cols);
    if (shows)
        show_input(&b);
    for (int class = STREAM_PLAIN; !shows && class < STREAM_CLASSES; class ++) {
        if (!only || strtol(only, NULL, 10) == class)
            run_class(&b, (enum stream_class) class, count, first);
    }
    blackbox_end(&b);
    printf("1..%zu\n", tests_run);
    return tests_failed ? 1 : 0;
}
