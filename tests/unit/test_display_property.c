/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * R3: whatever screens A and B are, a reader that shows A and is given the diff from A to B shows
 * B. Programs are random; the readers are our emulator in both roles, a strict model of a stock
 * client, a poorer terminal, and libvterm where there is one.
 *
 * Every chain of frames has a seed of its own. A failure prints it; MOSH_TEST_SEED=that starts with
 * the same chain.
 */

#include "config.h"

#include "../lib/looks.h"
#include "../lib/program.h"
#include "../lib/stock.h"

#include <stdio.h>
#include <stdlib.h>
#ifdef HAVE_VTERM
#include <vterm.h>
#endif

#include "terminal/cluster.h"
#include "terminal/display.h"
#include "terminal/emulator.h"
#include "terminal/reduce.h"
#include "util/utf8.h"

#define CHAINS 500
#define FRAMES 40 /* in a chain */
#define HELD   4  /* states that a server may still diff from */

static uint64_t running_seed; /* 0 between chains */

/* The mode of a group that is on; the test fails if more than one is. */
static unsigned chosen(const struct stock *s, const unsigned *modes, size_t count)
{
    unsigned found = 0;

    for (size_t i = 0; i < count; i++) {
        if (s->mode[modes[i]]) {
            assert_int_equal(found, 0);
            found = modes[i];
        }
    }
    return found;
}

static void check_stock_cells(const struct stock *got, const struct screen *want)
{
    struct buf text = {0};

    for (size_t row = 0; row < want->rows; row++) {
        for (size_t col = 0; col < want->cols; col++) {
            const struct stock_cell *cell = &got->cell[row * got->cols + col];
            struct cell c = want->row[row]->cell[col];
            if (c.glyph & CELL_TRAIL)
                continue; /* under a wide character, which hides it */
            buf_clear(&text);
            put_known_text(got->caps, want->row[row], col, &text);
            buf_append_byte(&text, 0);
            bool cut = is_cut(got->caps, want->row[row], col);
            const char *known = (const char *)text.data, *shown = cell->text[0] ? cell->text : " ";
            if (strncmp(shown, known, cut ? strlen(shown) : text.len) != 0 ||
                (cell->wide != (cell_width(c) == 2) && !cut) ||
                !is_reduced(got->caps, want, want->pool, &cell->style,
                            pool_style(want->pool, c.style)))
                fail_msg("row %zu, column %zu: \"%s\", not \"%s\"", row, col, cell->text,
                         (const char *)text.data);
        }
        /* The other way round it may differ: a row that comes to the bottom keeps its flag. */
        if (want->row[row]->wrapped && !got->wrapped[row] && !ends_cut(got->caps, want->row[row]))
            fail_msg("row %zu is not wrapped", row);
    }
    buf_release(&text);
}

static void check_stock(const struct stock *got, const struct screen *want)
{
    static const unsigned reports[] = {9, 1000, 1001, 1002, 1003};
    static const unsigned encodings[] = {1005, 1006, 1015};

    check_stock_cells(got, want);
    assert_int_equal(got->row, want->cursor_row);
    assert_int_equal(got->col, want->cursor_col);
    assert_true(is_reduced(got->caps, want, want->pool, &got->pen, &want->pen));
    assert_int_equal(got->mode[25], want->cursor_visible);
    assert_int_equal(got->mode[5], want->reverse_video);
    assert_int_equal(got->mode[2004], want->bracketed_paste);
    assert_int_equal(got->mode[1004], want->focus_reporting);
    assert_int_equal(got->mode[1007], want->alternate_scroll);
    assert_int_equal(chosen(got, reports, 5), screen_mouse_reporting(want));
    assert_int_equal(chosen(got, encodings, 3), screen_mouse_encoding(want));
    if (got->caps->title) {
        assert_string_equal(got->title, want->window_title ? want->window_title->bytes : "");
        assert_string_equal(got->icon, want->icon_name ? want->icon_name->bytes : "");
    }
}

#ifdef HAVE_VTERM
/* The character of a cell, without marks. */
static uint32_t first_code(const struct row *r, size_t col)
{
    struct buf text = {0};
    const uint8_t *at;
    uint32_t code;

    row_put_text(r, col, &text);
    at = text.data;
    code = utf8_decode(&at);
    buf_release(&text);
    return code;
}

/* Text, widths and the cursor, as an independent terminal understood them. */
static void check_vterm(VTerm *vterm, const struct screen *want)
{
    VTermPos cursor;

    vterm_state_get_cursorpos(vterm_obtain_state(vterm), &cursor);
    assert_int_equal(cursor.row, want->cursor_row);
    assert_int_equal(cursor.col, want->cursor_col);
    for (size_t row = 0; row < want->rows; row++) {
        for (size_t col = 0; col < want->cols; col++) {
            struct cell c = want->row[row]->cell[col];
            VTermPos at = {.row = (int)row, .col = (int)col};
            VTermScreenCell got;
            if (c.glyph & CELL_TRAIL)
                continue;
            vterm_screen_get_cell(vterm_obtain_screen(vterm), at, &got);
            assert_int_equal(got.chars[0] ? got.chars[0] : ' ', first_code(want->row[row], col));
            assert_int_equal(got.width, cell_width(c));
        }
    }
}
#endif

/* ---- readers ---- */

struct readers {
    struct emulator *mirror;   /* of what stock gets */
    struct emulator *host;     /* of the same for one that may give U+FE0F a column */
    struct emulator *extended; /* of what a mirror gets that has announced all */
    struct emulator *user;     /* a terminal that can do some of it */
    struct stock stock, poor;
    struct caps poor_caps, user_caps, host_caps;
#ifdef HAVE_VTERM
    VTerm *vterm;
    bool vterm_is_lost;
#endif
};

#ifdef HAVE_VTERM
/* libvterm 0.1 has room for sixteen parameters, and writes more beyond it. */
static bool has_too_many_parameters(const struct buf *bytes)
{
    enum { VTERM_PARAMS_MAX = 16 };
    size_t separators = 0;

    for (size_t i = 0; i < bytes->len; i++) {
        uint8_t byte = bytes->data[i];
        if (byte == ';')
            separators++;
        else if (byte < '0' || byte > '9')
            separators = 0;
        if (separators >= VTERM_PARAMS_MAX)
            return true;
    }
    return false;
}
#endif

static void random_caps(struct rng *rng, struct caps *caps)
{
    static const uint32_t colours[] = {0, 8, 16, 256, COLOURS_DIRECT};

    *caps = (struct caps){.erase_chars = rng_below(rng, 2),
                          .back_color_erase = rng_below(rng, 2),
                          .title = rng_below(rng, 2),
                          .colours = colours[rng_below(rng, 5)],
                          .faint = rng_below(rng, 2),
                          .struck = rng_below(rng, 2),
                          .overline = rng_below(rng, 2),
                          .rapid_blink = rng_below(rng, 2),
                          .double_underline = rng_below(rng, 2),
                          .underline_styles = rng_below(rng, 2),
                          .underline_colour = rng_below(rng, 2),
                          .mirror = true,
                          .clusters = rng_below(rng, 2),
                          .links = rng_below(rng, 2),
                          .prompt_marks = false, /* a terminal cannot forget them */
                          .cursor_style = rng_below(rng, 2),
                          .cursor_colour = rng_below(rng, 2),
                          .default_colours = rng_below(rng, 2),
                          .palette = rng_below(rng, 2),
                          .progress = rng_below(rng, 2),
                          .directory = rng_below(rng, 2),
                          .keypad = rng_below(rng, 2),
                          .kitty_keyboard = rng_below(rng, 2),
                          .modify_other_keys = rng_below(rng, 2)};
}

/* One whose user's terminal has all keyboard protocols. */
static struct emulator *host_with_keyboards(size_t rows, size_t cols)
{
    struct emulator *e = emulator_new(EMULATOR_HOST, rows, cols);

    emulator_allow_keyboards(e, true, true);
    return e;
}

static void readers_open(struct readers *r, struct rng *rng, size_t rows, size_t cols)
{
    r->poor_caps = (struct caps){.erase_chars = rng_below(rng, 2),
                                 .back_color_erase = rng_below(rng, 2),
                                 .title = rng_below(rng, 2),
                                 .colours = rng_below(rng, 2) ? 8 : 256};
    random_caps(rng, &r->user_caps);
    r->host_caps = caps_mirror;
    r->host_caps.stock_widths = false;
    r->extended = emulator_new(EMULATOR_MIRROR, rows, cols);
    r->user = host_with_keyboards(rows, cols);
    r->mirror = emulator_new(EMULATOR_MIRROR, rows, cols);
    r->host = emulator_new(EMULATOR_HOST, rows, cols);
    stock_init(&r->stock, &caps_mirror, rows, cols);
    stock_init(&r->poor, &r->poor_caps, rows, cols);
#ifdef HAVE_VTERM
    r->vterm_is_lost = false;
    r->vterm = vterm_new((int)rows, (int)cols);
    vterm_set_utf8(r->vterm, 1);
    vterm_screen_reset(vterm_obtain_screen(r->vterm), 1);
#endif
}

static void readers_close(struct readers *r)
{
    emulator_free(r->mirror);
    emulator_free(r->host);
    emulator_free(r->extended);
    emulator_free(r->user);
    stock_release(&r->stock);
    stock_release(&r->poor);
#ifdef HAVE_VTERM
    vterm_free(r->vterm);
#endif
}

static void readers_resize(struct readers *r, size_t rows, size_t cols)
{
    emulator_resize(r->mirror, rows, cols);
    emulator_resize(r->host, rows, cols);
    emulator_resize(r->extended, rows, cols);
    emulator_resize(r->user, rows, cols);
    stock_resize(&r->stock, rows, cols);
    stock_resize(&r->poor, rows, cols);
#ifdef HAVE_VTERM
    vterm_set_size(r->vterm, (int)rows, (int)cols);
#endif
}

/* Gives an emulator the diff, and checks it. */
static void follow(struct emulator *e, const struct caps *caps, const struct screen *from,
                   const struct screen *to)
{
    struct buf bytes = {0};

    display_diff(caps, from, to, &bytes);
    emulator_write(e, bytes.data, bytes.len, NULL);
    check_emulator(e, caps, to);
    buf_release(&bytes);
}

/* Gives all readers the diff, and checks them. `from` is NULL for a full drawing. */
static void readers_follow(struct readers *r, const struct screen *from, const struct screen *to,
                           bool with_vterm)
{
    struct buf bytes = {0};

    if (from && (from->rows != to->rows || from->cols != to->cols))
        readers_resize(r, to->rows, to->cols);
    follow(r->mirror, &caps_mirror, from, to);
    follow(r->host, &r->host_caps, from, to);
    follow(r->extended, &caps_extended, from, to);
    follow(r->user, &r->user_caps, from, to);
    display_diff(&caps_mirror, from, to, &bytes);
    stock_write(&r->stock, bytes.data, bytes.len);
#ifdef HAVE_VTERM
    r->vterm_is_lost |= has_too_many_parameters(&bytes);
    if (bytes.len && !r->vterm_is_lost)
        vterm_input_write(r->vterm, (const char *)bytes.data, bytes.len);
#endif
    buf_clear(&bytes);
    display_diff(&r->poor_caps, from, to, &bytes);
    stock_write(&r->poor, bytes.data, bytes.len);
    buf_release(&bytes);
    check_stock(&r->stock, to);
    check_stock(&r->poor, to);
#ifdef HAVE_VTERM
    if (with_vterm && !r->vterm_is_lost)
        check_vterm(r->vterm, to);
#endif
    (void)with_vterm;
}

/* Writes the last character of the cursor's row once more, in the style that a reader has it in. */
static void put_last_character(const struct caps *caps, const struct screen *shown, size_t col,
                               struct buf *bytes)
{
    const struct row *row = shown->row[shown->cursor_row];
    struct style style = *pool_style(shown->pool, row->cell[col].style);
    struct style pen = reduce_style(caps, shown->registers.palette, &shown->pen);

    style = reduce_style(caps, shown->registers.palette, &style);
    buf_clear(bytes);
    buf_append_str(bytes, "\033[");
    buf_append_dec(bytes, shown->cursor_row + 1);
    buf_append_byte(bytes, ';');
    buf_append_dec(bytes, col + 1);
    buf_append_byte(bytes, 'H');
    style_put_sgr(&style, STYLE_FORM_SET, bytes);
    row_put_text(row, col, bytes);
    style_put_sgr(&pen, STYLE_FORM_SET, bytes);
}

/* Makes a wrap pending that the server knows nothing about, if that changes nothing else. Not for
   libvterm, which then gives another place for the cursor. */
static void readers_make_wrap_pending(struct readers *r, const struct screen *shown)
{
    const struct row *row = shown->row[shown->cursor_row];
    size_t col = shown->cols - 1;
    struct buf bytes = {0};

    if (row->cell[col].glyph & CELL_TRAIL)
        col--;
    if (shown->cursor_col + 1 != shown->cols || row->wrapped || cell_is_erased(row->cell[col]) ||
        pool_style(shown->pool, row->cell[col].style)->link != shown->pen.link ||
        is_cut(&caps_mirror, row, col))
        return;
    put_last_character(&caps_mirror, shown, col, &bytes);
    emulator_write(r->mirror, bytes.data, bytes.len, NULL);
    emulator_write(r->host, bytes.data, bytes.len, NULL);
    stock_write(&r->stock, bytes.data, bytes.len);
    put_last_character(&caps_extended, shown, col, &bytes);
    emulator_write(r->extended, bytes.data, bytes.len, NULL);
    put_last_character(&r->user_caps, shown, col, &bytes);
    emulator_write(r->user, bytes.data, bytes.len, NULL);
    put_last_character(&r->poor_caps, shown, col, &bytes);
    stock_write(&r->poor, bytes.data, bytes.len);
    buf_release(&bytes);
}

/* ---- the properties ---- */

/* Earlier states and a mirror of each, as both ends of a connection hold them. */
struct held {
    struct emulator *server, *mirror, *extended;
};

static void let_go(struct held *held)
{
    emulator_free(held->server);
    emulator_free(held->mirror);
    emulator_free(held->extended);
}

static void hold(struct held *held, const struct emulator *server, const struct readers *r)
{
    let_go(held);
    held->server = emulator_clone(server);
    held->mirror = emulator_clone(r->mirror);
    held->extended = emulator_clone(r->extended);
}

/* A diff from any state that is held, as after a loss. */
static void check_held(const struct emulator *server, const struct emulator *reader,
                       const struct caps *caps, const struct screen *to)
{
    const struct screen *from = emulator_screen(server);
    struct emulator *copy = emulator_clone(reader);

    if (from->rows != to->rows || from->cols != to->cols)
        emulator_resize(copy, to->rows, to->cols);
    follow(copy, caps, from, to);
    emulator_free(copy);
}

static void check_all_held(const struct held held[HELD], const struct screen *to)
{
    for (size_t i = 0; i < HELD; i++) {
        if (!held[i].server)
            continue;
        check_held(held[i].server, held[i].mirror, &caps_mirror, to);
        check_held(held[i].server, held[i].extended, &caps_extended, to);
    }
}

static size_t random_side(struct rng *rng, size_t limit)
{
    return 1 + rng_below(rng, rng_below(rng, 2) ? limit : limit / 4);
}

static void run_chain(uint64_t seed, bool contested, bool clusters)
{
    struct rng rng = {.state = seed};
    size_t rows = random_side(&rng, 12), cols = random_side(&rng, 40);
    struct emulator *server = host_with_keyboards(rows, cols), *before;
    struct held held[HELD] = {0};
    struct readers readers;
    struct program p = {
        .rng = &rng, .rows = rows, .cols = cols, .contested = contested, .clusters = clusters};

    readers_open(&readers, &rng, rows, cols);
    for (size_t frame = 0; frame < FRAMES; frame++) {
        before = emulator_clone(server);
        if (rng_below(&rng, 3) == 0)
            readers_make_wrap_pending(&readers, emulator_screen(before));
        if (rng_below(&rng, 30) == 0) {
            p.rows = random_side(&rng, 12);
            p.cols = random_side(&rng, 40);
            emulator_resize(server, p.rows, p.cols);
        }
        buf_clear(&p.out);
        program_burst(&p);
        emulator_write(server, p.out.data, p.out.len, NULL);
        readers_follow(&readers, emulator_screen(before), emulator_screen(server), !contested);
        if (rng_below(&rng, 4) == 0)
            check_all_held(held, emulator_screen(server));
        if (rng_below(&rng, 8) == 0)
            hold(&held[rng_below(&rng, HELD)], server, &readers);
        emulator_free(before);
    }
    for (size_t i = 0; i < HELD; i++)
        let_go(&held[i]);
    readers_close(&readers);
    buf_release(&p.out);
    emulator_free(server);
}

static uint64_t first_seed(void)
{
    const char *given = getenv("MOSH_TEST_SEED");

    return given ? strtoull(given, NULL, 0) : 1;
}

static size_t chains(void)
{
    const char *given = getenv("MOSH_TEST_CASES");

    return given ? strtoull(given, NULL, 0) : CHAINS;
}

static void R3_readers_follow_a_program(void **state)
{
    (void)state;
    uint64_t seed = first_seed();
    for (size_t i = 0; i < chains(); i++) {
        running_seed = seed + i;
        run_chain(running_seed, running_seed % 3 > 0, running_seed % 3 > 1);
    }
    running_seed = 0;
}

/* A screen that no program drew: any cells anywhere. */
static void random_screen(struct rng *rng, struct pool *pool, size_t rows, size_t cols,
                          struct screen *s)
{
    static const uint32_t codes[] = {'a', 'b', ' ', 0x4E00, 0x6587, 0xE9, 0x1F600};

    screen_init(s, pool, rows, cols);
    for (size_t n = rng_below(rng, 2 * rows * cols + 1); n > 0; n--) {
        size_t row = rng_below(rng, rows), col = rng_below(rng, cols);
        uint32_t code = codes[rng_below(rng, sizeof codes / sizeof *codes)];
        struct style style = rng_below(rng, 3) ? style_plain : style_on(4);
        if (rng_below(rng, 4) == 0)
            screen_erase(s, row, col, col + 1 + rng_below(rng, cols - col), &style);
        else if (width_of(code) == 1 || col + 1 < cols)
            put_codes(s, row, col, (const uint32_t[]){code, 0}, &style);
    }
    for (size_t row = 0; row < rows; row++)
        if (rng_below(rng, 2))
            screen_set_wrapped(s, row);
    s->cursor_row = rng_below(rng, rows);
    s->cursor_col = rng_below(rng, cols);
    s->cursor_visible = rng_below(rng, 2);
    s->pen = rng_below(rng, 2) ? style_plain : style_on(2);
}

/* The second is the first, scrolled about and drawn on, or has nothing to do with it. */
static void run_pair(uint64_t seed)
{
    struct rng rng = {.state = seed};
    size_t rows = random_side(&rng, 8), cols = random_side(&rng, 12);
    struct pool *pool = pool_new();
    struct screen a, b;
    struct readers readers;

    random_screen(&rng, pool, rows, cols, &a);
    if (rng_below(&rng, 2)) {
        random_screen(&rng, pool, rows, cols, &b);
    } else {
        screen_copy(&b, &a);
        for (size_t n = rng_below(&rng, 4); n > 0; n--) {
            size_t top = rng_below(&rng, rows);
            screen_scroll(&b, top, top + 1 + rng_below(&rng, rows - top),
                          (int64_t)rng_below(&rng, 5) - 2, &style_plain);
        }
        put_codes(&b, rng_below(&rng, rows), rng_below(&rng, cols), (const uint32_t[]){'x', 0},
                  &style_plain);
    }
    readers_open(&readers, &rng, rows, cols);
    readers_follow(&readers, NULL, &a, false);
    if (rng_below(&rng, 3) == 0)
        readers_make_wrap_pending(&readers, &a);
    readers_follow(&readers, &a, &b, false);
    readers_follow(&readers, NULL, &a, false); /* over whatever is there */
    readers_close(&readers);
    screen_release(&a);
    screen_release(&b);
    pool_unref(pool);
}

static void R3_any_screen_becomes_any_other(void **state)
{
    (void)state;
    uint64_t seed = first_seed();
    for (size_t i = 0; i < 4 * chains(); i++) {
        running_seed = seed + i;
        run_pair(running_seed);
    }
    running_seed = 0;
}

static int say_seed(void **state)
{
    (void)state;
    if (running_seed)
        print_error("MOSH_TEST_SEED=%llu\n", (unsigned long long)running_seed);
    running_seed = 0;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(R3_any_screen_becomes_any_other, say_seed),
        cmocka_unit_test_teardown(R3_readers_follow_a_program, say_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
