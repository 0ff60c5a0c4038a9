/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "transport/outgoing.h"

static void start(struct outgoing *o, const char *contents)
{
    struct buf b = {0};

    buf_append_str(&b, contents);
    outgoing_start(o, &b);
    buf_release(&b);
}

static void check_next(struct outgoing *o, size_t room, uint64_t id, uint16_t index,
                       const char *contents, bool final)
{
    struct fragment f;

    assert_true(outgoing_next(o, room, &f));
    assert_true(f.id == id);
    assert_int_equal(f.index, index);
    assert_int_equal(f.final, final);
    check_bytes(f.contents, f.contents_len, contents, strlen(contents));
}

static void check_none(struct outgoing *o)
{
    struct fragment f;

    assert_false(o->pending);
    assert_false(outgoing_next(o, 10, &f));
}

static void cuts_to_the_room_that_there_is(void **state)
{
    struct outgoing o = {0};
    (void)state;
    check_none(&o);
    start(&o, "abcdefgh");
    check_next(&o, 3, 1, 0, "abc", false);
    check_next(&o, 1, 1, 1, "d", false); /* the network takes less now */
    check_next(&o, 4, 1, 2, "efgh", true);
    check_none(&o);
    start(&o, "all");
    check_next(&o, 3, 2, 0, "all", true);
    check_none(&o);
    outgoing_release(&o);
}

/* A stock peer ends when one id stands for two contents: not even a broken-off one is used again.
 */
static void every_start_has_an_id_of_its_own(void **state)
{
    struct outgoing o = {0};
    (void)state;
    start(&o, "first");
    check_next(&o, 2, 1, 0, "fi", false);
    outgoing_cancel(&o);
    check_none(&o);
    start(&o, "first");
    check_next(&o, 2, 2, 0, "fi", false);
    start(&o, "second"); /* over one that is under way */
    check_next(&o, 100, 3, 0, "second", true);
    outgoing_release(&o);
}

static void the_largest_instruction_has_indices_enough(void **state)
{
    enum { CONTENTS = 4 << 20, ROOM = 500 - 38 };
    struct outgoing o = {0};
    struct buf b = {0};
    struct fragment f;
    size_t total = 0, count = 0;
    (void)state;
    buf_reserve(&b, CONTENTS);
    memset(b.data, 'x', CONTENTS);
    b.len = CONTENTS;
    outgoing_start(&o, &b);
    while (outgoing_next(&o, ROOM, &f)) {
        assert_int_equal(f.index, count);
        total += f.contents_len;
        count++;
        assert_int_equal(f.final, total == CONTENTS);
    }
    assert_int_equal(total, CONTENTS);
    assert_true(count <= FRAGMENT_INDEX_MAX + 1u);
    buf_release(&b);
    outgoing_release(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_to_the_room_that_there_is),
        cmocka_unit_test(every_start_has_an_id_of_its_own),
        cmocka_unit_test(the_largest_instruction_has_indices_enough),
    };
    return cmocka_run_group_tests_name("outgoing", tests, NULL, NULL);
}
