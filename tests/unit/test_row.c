/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "terminal/row.h"

static void copies_on_write_and_keeps_its_identity(void **state)
{
    (void)state;
    struct pool *p = pool_new();
    struct row *mine = row_new(p, 4), *theirs = row_ref(mine);
    uint64_t identity = mine->identity;
    row_own(&mine)->cell[0].glyph = 'a';
    mine->used = 1;
    assert_ptr_not_equal(mine, theirs);
    assert_int_equal(theirs->cell[0].glyph, 0);
    assert_int_equal(mine->identity, identity);
    assert_int_equal(theirs->identity, identity);
    struct row *same = mine;
    assert_ptr_equal(row_own(&mine), same); /* nobody shares it: written in place */
    row_unref(mine);
    row_unref(theirs);
    pool_unref(p);
}

static void blank_rows_are_shared_until_written(void **state)
{
    (void)state;
    struct pool *p = pool_new();
    struct row *a = row_blank(p, 4, 0), *b = row_blank(p, 4, 0), *other = row_blank(p, 5, 0);
    assert_ptr_equal(a, b);
    assert_ptr_not_equal(a, other);
    assert_int_equal(a->identity, 0);
    row_unref(other);
    row_own(&a)->cell[0].glyph = 'a';
    a->used = 1;
    assert_ptr_not_equal(a, b);
    assert_int_not_equal(a->identity, 0);
    row_unref(a);
    row_unref(b);
    pool_unref(p);
}

/* The last holder writes in place; the row must not be handed out as a blank one any more. */
static void a_written_blank_row_is_not_handed_out(void **state)
{
    (void)state;
    struct pool *p = pool_new();
    struct row *a = row_blank(p, 4, 0), *was = a;
    row_own(&a)->cell[0].glyph = 'a';
    a->used = 1;
    assert_ptr_equal(a, was);
    assert_int_not_equal(a->identity, 0);
    struct row *b = row_blank(p, 4, 0);
    assert_ptr_not_equal(a, b);
    assert_int_equal(b->used, 0);
    row_unref(a);
    row_unref(b);
    pool_unref(p);
}

static void a_blank_row_has_its_style_everywhere(void **state)
{
    (void)state;
    struct pool *p = pool_new();
    struct style s = {.background = COLOUR_INDEXED | 4};
    uint32_t style = pool_intern_style(p, &s);
    struct row *r = row_blank(p, 3, style), *plain = row_blank(p, 3, 0);
    assert_int_equal(r->used, 3);
    for (size_t col = 0; col < 3; col++)
        assert_true(cell_equal(r->cell[col], (struct cell){.style = style}));
    assert_false(row_equal(r, plain));
    row_unref(r);
    row_unref(plain);
    pool_unref(p);
}

static void equality_is_by_contents(void **state)
{
    (void)state;
    struct pool *p = pool_new();
    struct row *a = row_new(p, 4), *b = row_new(p, 4), *wider = row_new(p, 5);
    assert_true(row_equal(a, b));
    assert_false(row_equal(a, wider));
    b->used = 3; /* only a bound */
    assert_true(row_equal(a, b));
    b->cell[2].glyph = 'x';
    assert_false(row_equal(a, b));
    assert_false(row_equal(b, a));
    b->cell[2].glyph = 0;
    b->wrapped = true;
    assert_false(row_equal(a, b));
    row_unref(a);
    row_unref(b);
    row_unref(wider);
    pool_unref(p);
}

static void shows_its_text(void **state)
{
    (void)state;
    struct pool *p = pool_new();
    struct row *r = row_new(p, 6);
    struct buf out = {0};
    r->cell[0].glyph = 'a';
    r->cell[1].glyph = 0x4E2D | CELL_WIDE;
    r->cell[2].glyph = CELL_TRAIL;
    r->cell[4].glyph = pool_intern_cluster(p, "e\u0301", 3);
    r->cell[5].glyph = 0x1F600;
    r->used = 6;
    for (size_t col = 0; col < 6; col++)
        row_put_text(r, col, &out);
    check_bytes(out.data, out.len, "a\u4E2D e\u0301\U0001F600", 12);
    buf_release(&out);
    row_unref(r);
    pool_unref(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_on_write_and_keeps_its_identity),
        cmocka_unit_test(blank_rows_are_shared_until_written),
        cmocka_unit_test(a_written_blank_row_is_not_handed_out),
        cmocka_unit_test(a_blank_row_has_its_style_everywhere),
        cmocka_unit_test(equality_is_by_contents),
        cmocka_unit_test(shows_its_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
