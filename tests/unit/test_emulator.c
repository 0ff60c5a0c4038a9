/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "../lib/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "terminal/emulator.h"
#include "terminal/emulator_internal.h"
#include "util/utf8.h"

/* What single functions do is tested by the scripts in tests/vt; here are the properties. */

static uint64_t seed = 1;

static void note_case(size_t number)
{
    print_error("case %zu of MOSH_TEST_SEED=%llu\n", number, (unsigned long long)seed);
}

static void write_text(struct emulator *e, const char *text)
{
    emulator_write(e, (const uint8_t *)text, strlen(text), NULL);
}

/* Random output of a program: characters of all kinds, known sequences, and near misses. */

static void put_sequence(struct rng *rng, struct buf *out)
{
    static const char finals[] = "@ABCDEFGHIJKLMPSTXWZ^`abcdefghjklmnpqrstu";
    static const char *const markers[] = {"", "", "", "", "?", ">", "!", "?"};
    static const char *const intermediates[] = {"'", " ", "\"", "#", "$"};
    static const unsigned values[] = {
        0,    1,    2,    3,    4,    5,     6,    7,    8,     20, 25, 38, 47, 48, 58, 1000,
        1006, 1015, 1047, 1049, 2004, 65535, 2026, 2048, 99999, 40, 41, 42, 45, 69, 95, 1045};

    buf_append_str(out, "\033[");
    buf_append_str(out, markers[rng_below(rng, sizeof markers / sizeof *markers)]);
    for (size_t n = rng_below(rng, 5); n > 0; n--) {
        buf_append_dec(out, values[rng_below(rng, sizeof values / sizeof *values)]);
        if (n > 1)
            buf_append_byte(out, rng_below(rng, 8) ? ';' : ':');
    }
    if (rng_below(rng, 30) == 0)
        buf_append_byte(out, (uint8_t)rng_below(rng, 0x40));
    if (rng_below(rng, 10) == 0)
        buf_append_str(out, intermediates[rng_below(rng, 5)]);
    buf_append_byte(out, (uint8_t)finals[rng_below(rng, sizeof finals - 1)]);
}

static void put_piece(struct rng *rng, struct buf *out)
{
    static const char *const pieces[] = {
        "a",
        "word ",
        "\xC3\xA9",
        "\xE4\xB8\xAD",
        "\xF0\x9F\x98\x80",
        "\xCC\x81",
        "\xE2\x80\x8D",
        "\r",
        "\n",
        "\b",
        "\t",
        "\r\n",
        "\033M",
        "\033D",
        "\033E",
        "\0337",
        "\0338",
        "\033#8",
        "\033H",
        "\033]0;t\a",
        "\xFF",
        "\033]52;c;QQ==",
        "\033\\",
        "\x18",
        "\033P1$q\033\\",
        "\033P$qm\033\\",
        "\033P$qr\033\\",
        "\033P+q544e\033\\",
        "\033[?25$p",
        "\033[4$p",
        "\033[=c",
        "\033[18t",
        "\xE4\xB8",
        "\033(0",
        "\033)0",
        "\016",
        "\017",
        "\033c",
        "01234567890123456789",
        "\033[?69h",
        "\033[2;5s",
        "\033[?69l",
        "\033['}",
        "\033['~",
        "\033[ @",
        "\033[2 A",
        "\0336",
        "\0339",
        "\033[1\"q",
        "\033[0\"q",
        "\033[?2J",
        "\033[?K",
        "\033V",
        "\033W",
        "\033[#{",
        "\033[#}",
        "\033[?45;1045h",
        "\033P$qs\033\\",
        "\033[?2027h",
        "\033[?2027l",
        "\xE2\x9D\xA4\xEF\xB8\x8F",
        "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7",
        "\xF0\x9F\x87\xA9",
        "\xF0\x9F\x8F\xBD",
        "\xE0\xA4\x95\xE0\xA5\x8D",
        "\xE0\xA4\xB7",
        "\xE1\x84\x80",
        "\xD8\x80",
        "\013",
        "\014",
    };
    const char *piece;

    switch (rng_below(rng, 4)) {
    case 0:
        put_sequence(rng, out);
        break;
    case 1:
        buf_append_byte(out, (uint8_t)rng_next(rng));
        break;
    default:
        piece = pieces[rng_below(rng, sizeof pieces / sizeof *pieces)];
        for (size_t n = rng_below(rng, 4) ? 1 : 1 + rng_below(rng, 6); n > 0; n--)
            buf_append_str(out, piece);
        break;
    }
}

static void put_output(struct rng *rng, size_t pieces, struct buf *out)
{
    for (; pieces > 0; pieces--)
        put_piece(rng, out);
}

/* The invariants of screen.h and of struct emulator. */

static void check_row(const struct screen *s, const struct row *r)
{
    assert_int_equal(r->cols, s->cols);
    assert_true(r->used <= r->cols);
    for (size_t col = 0; col < r->cols; col++) {
        uint32_t glyph = r->cell[col].glyph;
        assert_true(!(glyph & CELL_WIDE) ||
                    (col + 1 < r->cols && r->cell[col + 1].glyph == CELL_TRAIL));
        assert_true(!(glyph & CELL_TRAIL) || (col > 0 && r->cell[col - 1].glyph & CELL_WIDE));
        assert_true(col < r->used || (glyph == 0 && r->cell[col].style == 0));
    }
}

static void check_invariants(const struct emulator *e)
{
    const struct screen *s = emulator_screen(e);

    assert_true(s->cursor_row < s->rows && s->cursor_col < s->cols);
    assert_true(e->top < e->bottom && e->bottom <= s->rows);
    assert_true(e->mark_back <= s->cursor_col);
    assert_true(e->left < e->right && e->right <= s->cols);
    assert_true(e->side_margins || (e->left == 0 && e->right == s->cols));
    assert_true(!e->wrap_pending || s->cursor_col + 1 == e->right || s->cursor_col + 1 == s->cols);
    for (size_t row = 0; row < s->rows; row++)
        check_row(s, s->row[row]);
    assert_false(s->row[s->rows - 1]->wrapped);
    assert_true(e->hidden->screen.rows == s->rows && e->hidden->screen.cols == s->cols);
    for (size_t row = 0; row < s->rows; row++)
        check_row(s, e->hidden->screen.row[row]);
    assert_false(e->hidden->screen.row[s->rows - 1]->wrapped);
}

/* Two emulators of different pools: compares what can be seen, and the modes. */
static void check_same(const struct emulator *a, const struct emulator *b)
{
    const struct screen *s = emulator_screen(a), *t = emulator_screen(b);
    struct buf x = {0}, y = {0};

    assert_int_equal(s->cursor_row, t->cursor_row);
    assert_int_equal(s->cursor_col, t->cursor_col);
    assert_true(style_equal(&s->pen, &t->pen));
    assert_int_equal(s->bells, t->bells);
    assert_true(text_equal(s->window_title, t->window_title));
    assert_true(text_equal(s->clipboard, t->clipboard));
    assert_true(modelist_equal(&s->mouse_reporting, &t->mouse_reporting));
    assert_true(modelist_equal(&s->mouse_encoding, &t->mouse_encoding));
    assert_int_equal(s->application_keypad, t->application_keypad);
    assert_int_equal(a->wrap_pending, b->wrap_pending);
    assert_int_equal(a->top, b->top);
    assert_int_equal(a->bottom, b->bottom);
    assert_int_equal(a->left, b->left);
    assert_int_equal(a->right, b->right);
    for (size_t row = 0; row < s->rows; row++) {
        assert_int_equal(s->row[row]->wrapped, t->row[row]->wrapped);
        for (size_t col = 0; col < s->cols; col++) {
            const struct cell *c = &s->row[row]->cell[col], *d = &t->row[row]->cell[col];
            assert_int_equal(cell_is_erased(*c), cell_is_erased(*d));
            assert_true(style_equal(pool_style(s->pool, c->style), pool_style(t->pool, d->style)));
            row_put_text(s->row[row], col, &x);
            row_put_text(t->row[row], col, &y);
            assert_int_equal(guard_covers(a->guard, row, col), guard_covers(b->guard, row, col));
        }
    }
    check_bytes(x.data, x.len, y.data, y.len);
    buf_release(&x);
    buf_release(&y);
}

/* Where output is cut changes nothing, neither on the screen nor in the answers. */
static void R8_output_may_be_cut_anywhere(void **state)
{
    (void)state;
    struct rng rng = {seed};
    struct buf bytes = {0}, reply = {0}, reply_apart = {0};

    for (size_t i = 0; i < 5000; i++) {
        struct emulator *whole = emulator_new(EMULATOR_HOST, 4, 9);
        struct emulator *apart = emulator_new(EMULATOR_HOST, 4, 9);

        buf_clear(&bytes);
        buf_clear(&reply);
        buf_clear(&reply_apart);
        put_output(&rng, 25, &bytes);
        emulator_write(whole, bytes.data, bytes.len, &reply);
        /* Byte by byte, or in pieces of any length. */
        for (size_t at = 0, piece; at < bytes.len; at += piece) {
            piece = i % 2 ? 1 : 1 + rng_below(&rng, 12);
            piece = piece < bytes.len - at ? piece : bytes.len - at;
            emulator_write(apart, bytes.data + at, piece, &reply_apart);
        }
        if (reply.len != reply_apart.len || whole->screen.cursor_col != apart->screen.cursor_col)
            note_case(i);
        check_bytes(reply.data, reply.len, reply_apart.data, reply_apart.len);
        check_same(whole, apart);
        emulator_free(whole);
        emulator_free(apart);
    }
    buf_release(&bytes);
    buf_release(&reply);
    buf_release(&reply_apart);
}

/* Nothing that a program writes, and no size, breaks anything. */
static void R4_random_output_keeps_the_invariants(void **state)
{
    (void)state;
    struct rng rng = {seed + 1};
    struct buf bytes = {0};

    for (size_t i = 0; i < 150; i++) {
        struct emulator *e = emulator_new(i % 2 ? EMULATOR_MIRROR : EMULATOR_HOST,
                                          1 + rng_below(&rng, 6), 1 + rng_below(&rng, 12));
        for (size_t n = 0; n < 100; n++) {
            buf_clear(&bytes);
            put_output(&rng, 10, &bytes);
            emulator_write(e, bytes.data, bytes.len, NULL);
            if (rng_below(&rng, 10) == 0)
                emulator_resize(e, 1 + rng_below(&rng, 6), 1 + rng_below(&rng, 12));
            check_invariants(e);
        }
        emulator_free(e);
    }
    buf_release(&bytes);
}

static void the_program_learns_who_answers(void **state)
{
    (void)state;
    struct emulator *e = emulator_new(EMULATOR_HOST, 24, 80);
    struct buf reply = {0};
    const char *question = "\033[>q\033[>0q\033[>1q",
               *answer = "\033P>|mosh(" PACKAGE_VERSION ")\033\\";

    emulator_write(e, (const uint8_t *)question, strlen(question), &reply);
    assert_int_equal(reply.len, 2 * strlen(answer));
    assert_memory_equal(reply.data, answer, strlen(answer));
    emulator_free(e);
    buf_release(&reply);
}

static void answers_that_nobody_takes_are_bounded(void **state)
{
    (void)state;
    struct emulator *e = emulator_new(EMULATOR_HOST, 24, 80);
    struct buf reply = {0};

    for (size_t i = 0; i < 100000; i++)
        emulator_write(e, (const uint8_t *)"\033[6n\033[c", 7, &reply);
    assert_in_range(reply.len, 60000, 70000);
    emulator_free(e);
    buf_release(&reply);
}

static void S24_no_title_holds_a_control_or_a_separator(void **state)
{
    (void)state;
    struct emulator *e = emulator_new(EMULATOR_HOST, 2, 10);
    size_t kept = 0;

    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        char bytes[16] = "\033]2;x";
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        size_t len = 5 + utf8_encode(c, bytes + 5);
        bytes[len] = '\a';
        emulator_write(e, (const uint8_t *)bytes, len + 1, NULL);
        const struct text *title = emulator_screen(e)->window_title;
        if (title && title->len > 1)
            kept++;
        /* Whatever state a control has left: the title is whole, or has nothing of it. */
        bool forbidden = c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x061C || c == 0x200E ||
                         c == 0x200F || (c >= 0x2028 && c <= 0x202E) ||
                         (c >= 0x2066 && c <= 0x2069);
        if (title)
            assert_int_equal(title->len > 1, !forbidden);
        write_text(e, "\030\033]2;\a");
    }
    assert_int_equal(kept, 0x110000 - 0x800 - 32 - 33 - 3 - 7 - 4);
    emulator_free(e);
}

static void a_clone_goes_its_own_way(void **state)
{
    (void)state;
    struct emulator *e = emulator_new(EMULATOR_HOST, 3, 10);

    write_text(e, "abc\033[1;3");
    struct emulator *clone = emulator_clone(e);
    assert_true(screen_equal(emulator_screen(e), emulator_screen(clone)));
    write_text(e, "1mX");
    write_text(clone, "2mY");
    assert_int_equal(emulator_screen(e)->pen.foreground, COLOUR_INDEXED | 1);
    assert_int_equal(emulator_screen(clone)->pen.foreground, COLOUR_INDEXED | 2);
    assert_int_equal(emulator_screen(e)->row[0]->cell[3].glyph, 'X');
    assert_int_equal(emulator_screen(clone)->row[0]->cell[3].glyph, 'Y');
    assert_ptr_equal(emulator_screen(e)->row[1], emulator_screen(clone)->row[1]);
    emulator_free(e);
    assert_int_equal(emulator_screen(clone)->row[0]->cell[0].glyph, 'a');
    emulator_free(clone);
}

/* F40: marks without end cost neither memory nor time. */
static void marks_without_end(void **state)
{
    (void)state;
    struct emulator *e = emulator_new(EMULATOR_HOST, 3, 10);
    struct buf bytes = {0}, text = {0};

    for (size_t i = 0; i < 1000000; i++)
        buf_append_str(&bytes, "\xCC\x81");
    emulator_write(e, bytes.data, bytes.len, NULL);
    row_put_text(emulator_screen(e)->row[0], 0, &text);
    assert_true(text.len <= CLUSTER_BYTES_MAX);
    assert_int_equal(emulator_screen(e)->cursor_col, 1);
    emulator_free(e);
    buf_release(&bytes);
    buf_release(&text);
}

static void the_tables_are_sorted(void **state)
{
    (void)state;
    const struct emulator_table *const tables[] = {&escape_table, &csi_table, &mode_table,
                                                   &private_mode_table, &osc_table};

    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        const char *entry = tables[i]->entries;
        for (size_t n = 1; n < tables[i]->count; n++, entry += tables[i]->entry_size)
            assert_true(*(const uint32_t *)(const void *)entry <
                        *(const uint32_t *)(const void *)(entry + tables[i]->entry_size));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(R8_output_may_be_cut_anywhere),
        cmocka_unit_test(R4_random_output_keeps_the_invariants),
        cmocka_unit_test(the_program_learns_who_answers),
        cmocka_unit_test(answers_that_nobody_takes_are_bounded),
        cmocka_unit_test(S24_no_title_holds_a_control_or_a_separator),
        cmocka_unit_test(a_clone_goes_its_own_way),
        cmocka_unit_test(marks_without_end),
        cmocka_unit_test(the_tables_are_sorted),
    };
    const char *given = getenv("MOSH_TEST_SEED");

    if (given)
        seed = strtoull(given, NULL, 0);
    return cmocka_run_group_tests_name("emulator", tests, NULL, NULL);
}
