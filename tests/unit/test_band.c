/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/screens.h"

#include "terminal/band.h"

#define ROWS 5
#define COLS 8

/* What a screen shall hold, by the plainest of means. */
struct model {
    struct cell cell[ROWS][COLS];
    bool wrapped[ROWS];
    uint8_t marks[ROWS];
    uint16_t input[ROWS];
};

static void read_screen(struct model *m, const struct screen *s)
{
    for (size_t row = 0; row < ROWS; row++) {
        memcpy(m->cell[row], s->row[row]->cell, sizeof m->cell[row]);
        m->wrapped[row] = s->row[row]->wrapped;
        m->marks[row] = s->row[row]->marks;
        m->input[row] = s->row[row]->input;
    }
}

static struct cell erased(struct screen *s, const struct style *style)
{
    struct style plain = style_erased(style);

    return (struct cell){.style = pool_intern_style(s->pool, &plain)};
}

static void split(struct model *m, struct screen *s, size_t row, size_t col)
{
    if (col >= COLS || !(m->cell[row][col].glyph & CELL_TRAIL))
        return;
    m->wrapped[row] = m->wrapped[row] && col < COLS - 1;
    for (size_t at = col - 1; at <= col; at++)
        m->cell[row][at] = erased(s, pool_style(s->pool, m->cell[row][at].style));
}

static struct cell cell_or_fill(const struct model *m, const struct band *b, int64_t row,
                                int64_t col, struct cell fill)
{
    bool inside = row >= (int64_t)b->top && row < (int64_t)b->bottom && col >= (int64_t)b->left &&
                  col < (int64_t)b->right;

    return inside ? m->cell[row][col] : fill;
}

/* Every cell of the band becomes the one that is `down` rows below and `across` columns right. What
   is of whole rows stays; but no text goes on from a last column that has moved. */
static void move(struct model *m, struct screen *s, const struct band *b, int64_t down,
                 int64_t across, const struct style *style)
{
    struct cell fill = erased(s, style);
    struct model old;

    for (size_t row = b->top; row < b->bottom; row++) {
        m->wrapped[row] = m->wrapped[row] && b->right < COLS;
        split(m, s, row, b->left);
        split(m, s, row, b->right);
        if (across > 0 && across < (int64_t)(b->right - b->left))
            split(m, s, row, b->left + (size_t)across);
        if (across < 0 && -across < (int64_t)(b->right - b->left))
            split(m, s, row, b->right - (size_t)-across);
    }
    old = *m;
    for (size_t row = b->top; row < b->bottom; row++) {
        for (size_t col = b->left; col < b->right; col++)
            m->cell[row][col] =
                cell_or_fill(&old, b, (int64_t)row + down, (int64_t)col + across, fill);
    }
}

static void check_equal(const struct model *m, const struct screen *s)
{
    for (size_t row = 0; row < ROWS; row++) {
        for (size_t col = 0; col < COLS; col++) {
            if (!cell_equal(m->cell[row][col], s->row[row]->cell[col]))
                fail_msg("cell %zu, %zu: %s", row, col, row_text(s, row));
        }
        assert_int_equal(s->row[row]->wrapped, m->wrapped[row]);
        assert_int_equal(s->row[row]->marks, m->marks[row]);
        assert_int_equal(s->row[row]->input, m->input[row]);
    }
    check_invariants(s);
}

static size_t below(struct rng *rng, size_t limit)
{
    return rng_below(rng, limit);
}

static struct band any_band(struct rng *rng)
{
    size_t top = below(rng, ROWS), left = below(rng, COLS);

    return (struct band){top, top + 1 + below(rng, ROWS - top), left,
                         left + 1 + below(rng, COLS - left)};
}

static void put_anything(struct screen *s, struct rng *rng)
{
    struct style style = style_on((uint8_t)below(rng, 8));
    size_t row = below(rng, ROWS), col = below(rng, COLS - 1);
    uint32_t number = pool_intern_style(s->pool, below(rng, 2) ? &style : &style_plain);

    if (below(rng, 3) == 0)
        screen_put(s, row, col, 0x4E2D | CELL_WIDE, number);
    else if (below(rng, 6) == 0)
        screen_erase(s, row, 0, COLS, &style_plain);
    else
        screen_put(s, row, col, 'a' + (uint32_t)below(rng, 26), number);
    if (below(rng, 4) == 0)
        screen_set_wrapped(s, row);
    if (below(rng, 4) == 0)
        screen_set_marks(s, row, (uint8_t)below(rng, 8), (uint16_t)below(rng, COLS));
}

/* Against the model, whatever the band, the count and the cells. */
static void every_cell_is_where_it_shall_be(void **state)
{
    (void)state;
    struct rng rng = {20};
    struct pool *pool = pool_new();
    struct screen s, snapshot;
    struct model model, before;

    screen_init(&s, pool, ROWS, COLS);
    for (size_t i = 0; i < 20000; i++) {
        static const int64_t counts[] = {1, 1, 2, 3, 7, 8, 65535};
        struct band band = any_band(&rng);
        struct style fill = below(&rng, 3) ? style_plain : style_on((uint8_t)below(&rng, 8));
        int64_t count = counts[below(&rng, 7)] * (below(&rng, 2) ? 1 : -1);

        for (size_t n = below(&rng, 12); n > 0; n--)
            put_anything(&s, &rng);
        read_screen(&model, &s);
        before = model;
        screen_copy(&snapshot, &s);
        if (below(&rng, 2)) {
            move(&model, &s, &band, count, 0, &fill);
            band_scroll(&s, &band, count, &fill);
        } else {
            move(&model, &s, &band, 0, -count, &fill);
            band_shift(&s, &band, count, &fill);
        }
        check_equal(&model, &s);
        check_equal(&before, &snapshot);
        screen_release(&snapshot);
    }
    screen_release(&s);
    pool_unref(pool);
}

static void rows_keep_their_identities(void **state)
{
    (void)state;
    struct pool *pool = pool_new();
    struct screen s;
    struct band band = {0, 3, 2, 5};
    uint64_t identity[ROWS];

    screen_init(&s, pool, ROWS, COLS);
    for (size_t row = 0; row < ROWS; row++) {
        put_text(&s, row, 0, "abcdefgh");
        identity[row] = s.row[row]->identity;
    }
    band_scroll(&s, &band, 1, &style_plain);
    for (size_t row = 0; row < ROWS; row++)
        assert_true(s.row[row]->identity == identity[row]);
    assert_string_equal(row_text(&s, 2), "ab...fgh");
    /* Where nearly all of them moves, they move. */
    band = (struct band){0, 3, 1, 8};
    band_scroll(&s, &band, 1, &style_plain);
    assert_true(s.row[0]->identity == identity[1] && s.row[1]->identity == identity[2]);
    assert_string_equal(row_text(&s, 0), "abcdefgh");
    assert_string_equal(row_text(&s, 1), "ab...fgh");
    assert_string_equal(row_text(&s, 2), "a.......");
    assert_true(s.row[3]->identity == identity[3]);
    screen_release(&s);
    pool_unref(pool);
}

/* Nothing is copied where nothing is: a blank screen stays one of shared rows. */
static void blank_rows_stay_shared(void **state)
{
    (void)state;
    struct pool *pool = pool_new();
    struct screen s;
    struct band band = {0, ROWS, 2, 5};

    screen_init(&s, pool, ROWS, COLS);
    band_scroll(&s, &band, 2, &style_plain);
    band_shift(&s, &band, -1, &style_plain);
    for (size_t row = 1; row < ROWS; row++)
        assert_ptr_equal(s.row[row], s.row[0]);
    screen_release(&s);
    pool_unref(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_is_where_it_shall_be),
        cmocka_unit_test(rows_keep_their_identities),
        cmocka_unit_test(blank_rows_stay_shared),
    };

    return cmocka_run_group_tests_name("band", tests, NULL, NULL);
}
