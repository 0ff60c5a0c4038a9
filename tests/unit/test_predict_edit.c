/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "overlay/predict_edit.h"
#include "terminal/pool.h"
#include "util/grapheme.h"

/* What a key does to a line, beside a line editor of a few lines that knows nothing of cells. */

enum { COLS = 24, FLOOR = 2, TEXT_MAX = COLS - FLOOR - 1 };

/* --- the line editor --- */

struct editor {
    char text[TEXT_MAX + 1];
    size_t len, at;
};

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

static bool is_solid(char c)
{
    return c != ' ';
}

static size_t before(const struct editor *e, bool (*part)(char))
{
    size_t at = e->at;

    while (at > 0 && !part(e->text[at - 1]))
        at--;
    while (at > 0 && part(e->text[at - 1]))
        at--;
    return at;
}

static size_t after(const struct editor *e)
{
    size_t at = e->at;

    while (at < e->len && !is_word(e->text[at]))
        at++;
    while (at < e->len && is_word(e->text[at]))
        at++;
    return at;
}

static void cut(struct editor *e, size_t from, size_t to)
{
    memmove(e->text + from, e->text + to, e->len - to);
    e->len -= to - from;
    e->at = from;
}

static void edit(struct editor *e, struct predict_key key)
{
    switch (key.op) {
    case PREDICT_TEXT:
        memmove(e->text + e->at + 1, e->text + e->at, e->len - e->at);
        e->text[e->at++] = (char)key.code;
        e->len++;
        break;
    case PREDICT_LEFT:
        e->at--;
        break;
    case PREDICT_RIGHT:
        e->at++;
        break;
    case PREDICT_HOME:
        e->at = 0;
        break;
    case PREDICT_END:
        e->at = e->len;
        break;
    case PREDICT_WORD_LEFT:
        e->at = before(e, is_word);
        break;
    case PREDICT_WORD_RIGHT:
        e->at = after(e);
        break;
    case PREDICT_RUBOUT:
        cut(e, e->at - 1, e->at);
        break;
    case PREDICT_DELETE:
        cut(e, e->at, e->at + 1);
        break;
    case PREDICT_RUBOUT_WORD:
        cut(e, before(e, is_word), e->at);
        break;
    case PREDICT_RUBOUT_BLANKS:
        cut(e, before(e, is_solid), e->at);
        break;
    case PREDICT_DELETE_WORD:
        cut(e, e->at, after(e));
        break;
    case PREDICT_KILL_START:
        cut(e, 0, e->at);
        break;
    default:
        assert_int_equal(key.op, PREDICT_KILL_END);
        cut(e, e->at, e->len);
        break;
    }
}

/* What the editor would only ring the bell for: of this the caller knows where the text begins. */
static bool rings(const struct editor *e, enum predict_op op)
{
    switch (op) {
    case PREDICT_TEXT:
        return e->len == TEXT_MAX;
    case PREDICT_LEFT:
    case PREDICT_RUBOUT:
        return e->at == 0;
    case PREDICT_RIGHT:
    case PREDICT_DELETE:
        return e->at == e->len;
    default:
        return false;
    }
}

static struct predict_key draw_key(struct rng *r)
{
    static const enum predict_op ops[] = {
        PREDICT_LEFT,        PREDICT_RIGHT,         PREDICT_HOME,        PREDICT_END,
        PREDICT_WORD_LEFT,   PREDICT_WORD_RIGHT,    PREDICT_RUBOUT,      PREDICT_DELETE,
        PREDICT_RUBOUT_WORD, PREDICT_RUBOUT_BLANKS, PREDICT_DELETE_WORD, PREDICT_KILL_START,
        PREDICT_KILL_END,
    };

    if (rng_below(r, 8) < 5)
        return (struct predict_key){.op = PREDICT_TEXT,
                                    .code = (uint8_t) "ab7  -.~"[rng_below(r, 8)]};
    return (struct predict_key){.op = ops[rng_below(r, sizeof ops / sizeof ops[0])]};
}

static void check_line(const struct predict_text *t, const struct editor *e)
{
    assert_int_equal(t->col, FLOOR + e->at);
    assert_int_equal(t->end, FLOOR + e->len);
    for (size_t i = 0; i < e->len; i++)
        assert_int_equal(t->cell[FLOOR + i].glyph, (uint8_t)e->text[i]);
    assert_true(predict_all_blank(t->cell, FLOOR + e->len, COLS));
}

/* Nothing outside of what is said to have changed has, and the key's own part is within it. */
static void check_change(const struct cell *was, const struct predict_text *t,
                         struct predict_change change)
{
    assert_true(change.from <= change.to && change.to <= COLS);
    assert_true(change.own <= change.to - change.from);
    for (size_t col = 0; col < COLS; col++)
        if (col < change.from || col >= change.to)
            assert_int_equal(t->cell[col].glyph, was[col].glyph);
}

static void keys_do_what_a_line_editor_does(void **state)
{
    struct rng r = {1};
    (void)state;

    for (size_t line = 0; line < quick_or_long(2000, 200000); line++) {
        struct cell cells[COLS] = {{.glyph = '$'}, {.glyph = ' '}}, was[COLS];
        struct predict_text t = {
            .cell = cells, .cols = COLS, .floor = FLOOR, .end = FLOOR, .col = FLOOR};
        struct editor e = {0};
        for (size_t i = 0; i < 60; i++) {
            struct predict_key key = draw_key(&r);
            struct predict_change change;
            if (rings(&e, key.op))
                continue;
            memcpy(was, cells, sizeof was);
            edit(&e, key);
            assert_true(predict_edit(&t, key, &change));
            check_line(&t, &e);
            check_change(was, &t, change);
        }
    }
}

/* --- what cannot be known --- */

struct line {
    struct pool *pool;
    struct cell cell[COLS];
    struct predict_text text;
    struct predict_change change;
};

static void begin(struct line *l)
{
    *l = (struct line){.pool = pool_new()};
    l->text = (struct predict_text){
        .pool = l->pool, .cell = l->cell, .cols = COLS, .end = PREDICT_COL_UNKNOWN};
}

static bool type(struct line *l, uint32_t code)
{
    return predict_edit(&l->text, (struct predict_key){.op = PREDICT_TEXT, .code = code},
                        &l->change);
}

static bool press(struct line *l, enum predict_op op)
{
    return predict_edit(&l->text, (struct predict_key){.op = op}, &l->change);
}

static void check_nothing_changed(const struct line *l, const struct line *was)
{
    assert_memory_equal(l->cell, was->cell, sizeof l->cell);
    assert_int_equal(l->text.col, was->text.col);
    assert_int_equal(l->text.end, was->text.end);
}

static void controls_are_no_text(void **state)
{
    struct line l, was;
    (void)state;

    begin(&l);
    type(&l, 'a');
    was = l;
    assert_false(type(&l, 0x7F));
    assert_false(type(&l, 0x1B));
    assert_false(type(&l, 0x9B));
    check_nothing_changed(&l, &was);
    pool_unref(l.pool);
}

/* Neither at the row's start nor on a blank: what the program makes of it is not known. */
static void a_mark_needs_a_character(void **state)
{
    struct line l, was;
    (void)state;

    begin(&l);
    was = l;
    assert_false(type(&l, 0x301));
    check_nothing_changed(&l, &was);
    type(&l, ' ');
    was = l;
    assert_false(type(&l, 0x301));
    check_nothing_changed(&l, &was);
    type(&l, 'e');
    assert_true(type(&l, 0x301));
    assert_int_equal(l.text.col, 2);
    assert_true(l.cell[1].glyph & CELL_CLUSTER);
    assert_int_equal(l.change.own, 1);
    was = l;
    assert_false(press(&l, PREDICT_RUBOUT)); /* the mark, or the whole? */
    check_nothing_changed(&l, &was);
    pool_unref(l.pool);
}

/* At the row's edge there is no second column, so the program will do something else. */
static void no_emoji_without_a_second_column(void **state)
{
    struct line l, was;
    (void)state;

    begin(&l);
    l.text.wide_emoji = true;
    l.text.col = COLS - 3;
    assert_true(type(&l, 0x2600));
    assert_true(type(&l, GRAPHEME_EMOJI_STYLE));
    assert_int_equal(l.text.col, COLS - 1);
    assert_true(l.cell[COLS - 3].glyph & CELL_WIDE);
    assert_int_equal(l.cell[COLS - 2].glyph, CELL_TRAIL);
    assert_true(type(&l, 0x2600));
    assert_int_equal(l.text.col, COLS);
    was = l;
    assert_false(type(&l, GRAPHEME_EMOJI_STYLE));
    check_nothing_changed(&l, &was);
    pool_unref(l.pool);
}

static void wide_characters_do_not_fit_into_one_column(void **state)
{
    struct line l, was;
    (void)state;

    begin(&l);
    l.text.col = COLS - 1;
    was = l;
    assert_false(type(&l, 0x4E2D));
    check_nothing_changed(&l, &was);
    l.cell[0].glyph = 0x4E2D | CELL_WIDE;
    l.cell[1].glyph = CELL_TRAIL;
    l.text.col = 1; /* within a character, where no editor has its cursor */
    was = l;
    assert_false(type(&l, 'a'));
    check_nothing_changed(&l, &was);
    pool_unref(l.pool);
}

static void nothing_is_left_of_the_row(void **state)
{
    struct line l, was;
    (void)state;

    begin(&l);
    l.text.floor = PREDICT_COL_UNKNOWN;
    was = l;
    assert_false(press(&l, PREDICT_LEFT));
    assert_false(press(&l, PREDICT_RUBOUT));
    assert_false(press(&l, PREDICT_HOME));
    assert_false(press(&l, PREDICT_KILL_START));
    check_nothing_changed(&l, &was);
    pool_unref(l.pool);
}

/* Left of where the user's text begins, too; and keys that are not for one line. */
static void keys_before_the_text_are_not_known(void **state)
{
    static const enum predict_op ops[] = {
        PREDICT_HOME,        PREDICT_WORD_LEFT, PREDICT_WORD_RIGHT,
        PREDICT_DELETE,      PREDICT_KILL_END,  PREDICT_DELETE_WORD,
        PREDICT_RUBOUT_WORD, PREDICT_UP,        PREDICT_ENTER};
    struct line l, was;
    (void)state;

    begin(&l);
    for (const char *c = "one two"; *c; c++)
        type(&l, (uint8_t)*c);
    l.text.floor = 4;
    l.text.col = 2;
    was = l;
    for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++) {
        assert_false(press(&l, ops[i]));
        check_nothing_changed(&l, &was);
    }
    l.text.floor = 0;
    assert_false(press(&l, PREDICT_UP));
    assert_false(press(&l, PREDICT_ENTER));
    assert_true(press(&l, PREDICT_WORD_RIGHT));
    assert_int_equal(l.text.col, 3);
    pool_unref(l.pool);
}

/* A line that fills the row may go on below it. */
static void a_full_row_may_go_on_elsewhere(void **state)
{
    struct line l, was;
    (void)state;

    begin(&l);
    for (size_t col = 0; col < COLS; col++)
        type(&l, 'a');
    assert_int_equal(l.text.col, COLS);
    l.text.col = 3;
    was = l;
    assert_false(press(&l, PREDICT_END));
    assert_false(press(&l, PREDICT_WORD_RIGHT));
    check_nothing_changed(&l, &was);
    l.text.col = COLS - 1;
    assert_false(press(&l, PREDICT_RIGHT));
    pool_unref(l.pool);
}

static void what_looks_alike(void **state)
{
    (void)state;
    assert_true(predict_alike(0, ' ') && predict_alike(' ', 0xA0) && predict_alike('a', 'a'));
    assert_false(predict_alike('a', ' ') || predict_alike(0, 'a') || predict_alike('a', 'b'));
    assert_true(predict_bar('|') && predict_bar(0xA6) && predict_bar(0x2500) &&
                predict_bar(0x257F));
    assert_false(predict_bar(0x24FF) || predict_bar(0x2580) || predict_bar('!'));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_do_what_a_line_editor_does),
        cmocka_unit_test(controls_are_no_text),
        cmocka_unit_test(a_mark_needs_a_character),
        cmocka_unit_test(no_emoji_without_a_second_column),
        cmocka_unit_test(wide_characters_do_not_fit_into_one_column),
        cmocka_unit_test(nothing_is_left_of_the_row),
        cmocka_unit_test(keys_before_the_text_are_not_known),
        cmocka_unit_test(a_full_row_may_go_on_elsewhere),
        cmocka_unit_test(what_looks_alike),
    };
    return cmocka_run_group_tests_name("edits of a line", tests, NULL, NULL);
}
