/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Replays recordings of real programs (scripts/record made them), as TAP:
 *
 *   replay FOLDER              all that FOLDER/NAMES lists
 *   replay FOLDER NAME...      these alone
 *
 * For each one: the screens that a second emulator draws, at every piece of output
 * (FOLDER/DIFFERENCES has the reason where it draws others); the same screen however the bytes are
 * cut (R8); the same screen at the other end of diffs, with all that we can say and with stock's
 * vocabulary (R44).
 *
 *   replay --bytes NAME.rec.gz PERCENT     writes so much of the recording to standard output
 *   replay --against TEXT NAME.rec.gz PERCENT   compares the screen with lines of text with SGR
 *                                          sequences, from another terminal; says what differs
 *   replay --shown TEXT BYTES ROWS COLS    the same with what our emulator shows of BYTES, as far
 * as a stock client can show it
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"
#include "picture.h"
#include "recording.h"
#include "terminal/display.h"
#include "terminal/emulator.h"
#include "terminal/emulator_internal.h"

#define DIFF_BYTES 4096 /* of a recording, from one diff to the next */
#define CUTS       20   /* ways to cut a recording */
#define LINE_CHARS 512

static size_t tests_run, tests_failed;

static void result(bool passed, const char *name, const char *what)
{
    tests_run++;
    tests_failed += !passed;
    printf("%s %zu - %s: %s\n", passed ? "ok" : "not ok", tests_run, name, what);
}

/* Answers go nowhere: the program that had them is gone. */
static void feed(struct emulator *e, const struct recording *r, size_t from, size_t to)
{
    emulator_write(e, r->bytes.data + from, to - from, NULL);
}

/* --- against the second emulator --- */

/* Counts the pieces after which it draws something else; *first is the first difference. */
static size_t count_differences(const struct recording *r, char first[LINE_CHARS])
{
    struct emulator *ours = emulator_new(EMULATOR_HOST, r->rows, r->cols);
    struct judge *judge = judge_new(r->rows, r->cols);
    struct picture ours_seen = {0}, judged = {0};
    size_t count = 0;

    for (size_t i = 0; judge && i < r->pieces; i++) {
        const struct recording_piece *p = &r->piece[i];
        feed(ours, r, p->at, p->at + p->len);
        judge_write(judge, r->bytes.data + p->at, p->len);
        picture_take(&ours_seen, emulator_screen(ours));
        judge_take(judge, &judged);
        const char *difference = picture_difference(
            &ours_seen, &judged, PICTURE_TEXT | PICTURE_STYLE | PICTURE_CURSOR, JUDGE_ATTRIBUTES);
        if (difference && count++ == 0)
            snprintf(first, LINE_CHARS, "after byte %zu (ours, libvterm's): %s", p->at + p->len,
                     difference);
    }
    picture_release(&ours_seen);
    picture_release(&judged);
    judge_free(judge);
    emulator_free(ours);
    return count;
}

static bool is_listed(const char *folder, const char *name)
{
    char file_name[512], line[LINE_CHARS];
    size_t len = strlen(name);
    bool listed = false;
    FILE *file;

    snprintf(file_name, sizeof file_name, "%s/DIFFERENCES", folder);
    file = fopen(file_name, "r");
    while (file && fgets(line, sizeof line, file))
        listed |= strncmp(line, name, len) == 0 && line[len] == ' ';
    if (file)
        fclose(file);
    return listed;
}

static void check_judge(const struct recording *r, const char *folder, const char *name)
{
    char first[LINE_CHARS] = "";
    size_t count = count_differences(r, first);
    bool listed = is_listed(folder, name);

#ifdef HAVE_VTERM
    result((count > 0) == listed, name,
           listed ? "libvterm differs as listed" : "libvterm draws the same screens");
    if (count > 0 && !listed)
        printf("# %zu of %zu screens differ; %s\n", count, r->pieces, first);
    if (count == 0 && listed)
        printf("# it is listed in DIFFERENCES, but there is none\n");
#else
    (void)listed;
    (void)count;
#endif
}

/* --- cut anywhere --- */

static uint64_t random_next(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

/* The whole at once; in pieces of 1 byte, of up to 7, and so on. */
static void check_cuts(const struct recording *r, const char *name)
{
    struct emulator *blank = emulator_new(EMULATOR_HOST, r->rows, r->cols);
    struct emulator *whole = emulator_clone(blank);
    uint64_t seed = 1;
    bool same = true;

    feed(whole, r, 0, r->bytes.len);
    for (size_t i = 0; i < CUTS; i++) {
        struct emulator *cut = emulator_clone(blank);
        size_t size_max = 1 + i * i * 6;
        for (size_t at = 0; at < r->bytes.len;) {
            size_t end = at + 1 + random_next(&seed) % size_max;
            end = end < r->bytes.len ? end : r->bytes.len;
            feed(cut, r, at, end);
            at = end;
        }
        same = same && screen_equal(emulator_screen(whole), emulator_screen(cut));
        emulator_free(cut);
    }
    result(same, name, "same screen however the bytes are cut");
    emulator_free(whole);
    emulator_free(blank);
}

/* --- through diffs --- */

/* What of a screen a stock client can show. */
static void impoverish(struct picture *p)
{
    for (size_t i = 0; i < p->rows * p->cols; i++) {
        p->cell[i].attributes &= (uint16_t) ~(STYLE_FAINT | STYLE_STRUCK | STYLE_OVERLINE);
        if (p->cell[i].underline)
            p->cell[i].underline = UNDERLINE_SINGLE;
    }
}

/* Cursor, modes, titles: all that is equal or not but for the rows, in which a space may stand for
   an erased cell. */
static bool rest_equal(const struct screen *a, const struct screen *b)
{
    struct screen with_rows_of_a = *b;

    with_rows_of_a.row = a->row;
    with_rows_of_a.bells = a->bells; /* many at once are rung as one */
    return screen_equal(a, &with_rows_of_a);
}

static const char *mirror_difference(const struct emulator *host, const struct emulator *mirror,
                                     bool stock)
{
    static char said[LINE_CHARS];
    struct picture want = {0}, got = {0};
    const char *difference;

    picture_take(&want, emulator_screen(host));
    picture_take(&got, emulator_screen(mirror));
    if (stock)
        impoverish(&want);
    difference =
        picture_difference(&want, &got, PICTURE_TEXT | PICTURE_STYLE | PICTURE_CURSOR, UINT16_MAX);
    if (!difference && !stock && !rest_equal(emulator_screen(host), emulator_screen(mirror)))
        difference = "modes, titles or the pen";
    if (difference)
        snprintf(said, sizeof said, "%s", difference);
    picture_release(&want);
    picture_release(&got);
    return difference ? said : NULL;
}

static void check_diffs(const struct recording *r, const char *name, bool stock)
{
    struct emulator *host = emulator_new(EMULATOR_HOST, r->rows, r->cols);
    struct emulator *mirror = emulator_clone(host), *sent = emulator_clone(host);
    const struct caps *caps = stock ? &caps_mirror : &caps_extended;
    const char *difference = NULL;
    size_t at = 0;

    mirror->role = EMULATOR_MIRROR;
    while (at < r->bytes.len && !difference) {
        size_t end = at + DIFF_BYTES < r->bytes.len ? at + DIFF_BYTES : r->bytes.len;
        struct buf diff = {0};
        feed(host, r, at, end);
        display_diff(caps, emulator_screen(sent), emulator_screen(host), &diff);
        emulator_write(mirror, diff.data, diff.len, NULL);
        emulator_free(sent);
        sent = emulator_clone(host);
        buf_release(&diff);
        at = end;
        difference = mirror_difference(host, mirror, stock);
    }
    result(!difference, name,
           stock ? "same screens through diffs for stock clients" : "same screens through diffs");
    if (difference)
        printf("# after byte %zu: %s\n", at, difference);
    emulator_free(host);
    emulator_free(mirror);
    emulator_free(sent);
}

/* --- running --- */

static void load(struct recording *r, const char *file)
{
    if (recording_read(r, file))
        return;
    fprintf(stderr, "replay: %s is no recording\n", file);
    exit(99);
}

static void replay(const char *folder, const char *name)
{
    struct recording r;
    char file[512];

    snprintf(file, sizeof file, "%s/%s.rec.gz", folder, name);
    load(&r, file);
    check_judge(&r, folder, name);
    check_cuts(&r, name);
    check_diffs(&r, name, false);
    check_diffs(&r, name, true);
    fflush(stdout);
    recording_release(&r);
}

static void replay_listed(const char *folder)
{
    char name[512];
    FILE *file;

    snprintf(name, sizeof name, "%s/NAMES", folder);
    file = fopen(name, "r");
    if (!file) {
        fprintf(stderr, "replay: there is no %s\n", name);
        exit(99);
    }
    while (fgets(name, sizeof name, file)) {
        name[strcspn(name, " \n")] = 0;
        if (*name && *name != '#')
            replay(folder, name);
    }
    fclose(file);
}

/* The end of so much of a recording, at the end of a piece. */
static size_t part_of(const struct recording *r, const char *percent)
{
    size_t index = r->pieces * strtoul(percent, NULL, 10) / 100;

    index = index > 0 ? index - 1 : 0;
    index = index < r->pieces ? index : r->pieces - 1;
    return r->piece[index].at + r->piece[index].len;
}

static int write_bytes(const char *file, const char *percent)
{
    struct recording r;

    load(&r, file);
    fwrite(r.bytes.data, 1, part_of(&r, percent), stdout);
    recording_release(&r);
    return 0;
}

/* Reads lines with SGR sequences as a terminal would. Line drawing characters may come as SO, the
   letter, SI. */
static void read_captured(const char *file, struct emulator *e)
{
    FILE *in = fopen(file, "r");
    char line[65536];
    bool first = true;

    emulator_write(e, (const uint8_t *)"\033)0", 3, NULL);
    while (in && fgets(line, sizeof line, in)) {
        line[strcspn(line, "\n")] = 0;
        if (!first)
            emulator_write(e, (const uint8_t *)"\r\n", 2, NULL);
        first = false;
        emulator_write(e, (const uint8_t *)line, strlen(line), NULL);
    }
    if (in)
        fclose(in);
}

/* Lines end with the last cell that was written: what colours erased cells after it have cannot be
   known, and is taken to be what we have. */
static void complete(struct picture *theirs, const struct picture *ours)
{
    for (size_t row = 0; row < theirs->rows; row++) {
        for (size_t col = theirs->cols; col > 0; col--) {
            static const struct picture_cell blank = {.text = " "};
            struct picture_cell *cell = picture_at(theirs, row, col - 1);
            const struct picture_cell *known = picture_at(ours, row, col - 1);
            if (memcmp(cell, &blank, sizeof blank) != 0 || strcmp(known->text, " ") != 0 ||
                known->attributes != 0)
                break;
            *cell = *known;
        }
    }
}

static int compare(const char *captured, const char *file, const char *percent)
{
    struct recording r;
    struct picture want = {0}, got = {0};
    const char *difference;

    load(&r, file);
    struct emulator *ours = emulator_new(EMULATOR_HOST, r.rows, r.cols);
    struct emulator *theirs = emulator_new(EMULATOR_HOST, r.rows, r.cols);
    feed(ours, &r, 0, part_of(&r, percent));
    read_captured(captured, theirs);
    picture_take(&got, emulator_screen(ours));
    picture_take(&want, emulator_screen(theirs));
    complete(&want, &got);
    difference = picture_difference(&got, &want, PICTURE_TEXT | PICTURE_STYLE, UINT16_MAX);
    if (difference)
        printf("(ours, theirs) %s\n", difference);
    picture_release(&want);
    picture_release(&got);
    emulator_free(ours);
    emulator_free(theirs);
    recording_release(&r);
    return difference != NULL;
}

/* What a stock client has to show of what a program wrote after a reset. */
static int compare_bytes(const char *captured, const char *file, const char *rows, const char *cols)
{
    struct emulator *ours =
        emulator_new(EMULATOR_HOST, strtoul(rows, NULL, 10), strtoul(cols, NULL, 10));
    struct emulator *theirs = emulator_clone(ours);
    struct picture want = {0}, got = {0};
    const char *difference;
    uint8_t bytes[4096];
    size_t len;
    FILE *in = fopen(file, "r");

    while (in && (len = fread(bytes, 1, sizeof bytes, in)) > 0)
        emulator_write(ours, bytes, len, NULL);
    if (in)
        fclose(in);
    read_captured(captured, theirs);
    picture_take(&got, emulator_screen(ours));
    picture_take(&want, emulator_screen(theirs));
    impoverish(&got);
    complete(&want, &got);
    difference = picture_difference(&got, &want, PICTURE_TEXT | PICTURE_STYLE, UINT16_MAX);
    if (difference)
        printf("(ours, theirs) %s\n", difference);
    picture_release(&want);
    picture_release(&got);
    emulator_free(ours);
    emulator_free(theirs);
    return difference != NULL;
}

int main(int argc, char **argv)
{
    if (argc == 6 && strcmp(argv[1], "--shown") == 0)
        return compare_bytes(argv[2], argv[3], argv[4], argv[5]);
    if (argc == 4 && strcmp(argv[1], "--bytes") == 0)
        return write_bytes(argv[2], argv[3]);
    if (argc == 5 && strcmp(argv[1], "--against") == 0)
        return compare(argv[2], argv[3], argv[4]);
    if (argc < 2) {
        fprintf(stderr, "usage: replay FOLDER [NAME...]\n");
        return 2;
    }
    if (argc == 2)
        replay_listed(argv[1]);
    for (int i = 2; i < argc; i++)
        replay(argv[1], argv[i]);
    printf("1..%zu\n", tests_run);
    return tests_failed ? 1 : 0;
}
