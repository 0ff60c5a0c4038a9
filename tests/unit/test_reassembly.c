/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include <stdlib.h>

#include "wire/reassembly.h"

static int add(struct reassembly *r, uint64_t id, unsigned index, bool final, const char *contents,
               struct buf *whole)
{
    struct fragment f = {id, (uint16_t)index, final, (const uint8_t *)contents, strlen(contents)};
    return reassembly_add(r, &f, whole);
}

static void one_fragment(void **state)
{
    (void)state;
    struct reassembly *r = reassembly_new();
    struct buf whole = {0};
    buf_append_str(&whole, "from before");
    assert_int_equal(add(r, 1, 0, true, "abc", &whole), 1);
    check_bytes(whole.data, whole.len, "abc", 3);
    assert_int_equal(add(r, 2, 0, true, "", &whole), 1);
    assert_int_equal(whole.len, 0);
    buf_release(&whole);
    reassembly_free(r);
    reassembly_free(NULL);
}

static void every_order_of_four(void **state)
{
    (void)state;
    static const char *const parts[] = {"first ", "", "third ", "last"};
    struct reassembly *r = reassembly_new();
    struct buf whole = {0};
    uint64_t id = 0;
    for (unsigned order = 0; order < 256; order++) {
        unsigned seen = 0;
        for (unsigned i = 0; i < 4; i++)
            seen |= 1u << (order >> 2 * i & 3);
        if (seen != 15)
            continue;
        id++;
        for (unsigned i = 0; i < 4; i++) {
            unsigned part = order >> 2 * i & 3;
            assert_int_equal(add(r, id, part, part == 3, parts[part], &whole), i == 3);
            if (i < 3) /* at once again: a repetition */
                assert_int_equal(add(r, id, part, part == 3, parts[part], &whole), 0);
        }
        check_bytes(whole.data, whole.len, "first third last", 16);
    }
    assert_true(id == 24);
    buf_release(&whole);
    reassembly_free(r);
}

/* And the stray old datagram that must not destroy a large frame. */
static void S08_several_at_once(void **state)
{
    (void)state;
    struct reassembly *r = reassembly_new();
    struct buf whole = {0};
    for (uint64_t id = 1; id <= REASSEMBLY_SLOTS; id++)
        assert_int_equal(add(r, id, 0, false, "a", &whole), 0);
    for (uint64_t id = REASSEMBLY_SLOTS; id >= 1; id--) {
        assert_int_equal(add(r, id, 1, true, "b", &whole), 1);
        check_bytes(whole.data, whole.len, "ab", 2);
    }
    buf_release(&whole);
    reassembly_free(r);
}

static void the_oldest_gives_way(void **state)
{
    (void)state;
    struct reassembly *r = reassembly_new();
    struct buf whole = {0};
    for (uint64_t id = 10; id < 10 + REASSEMBLY_SLOTS; id++)
        assert_int_equal(add(r, id, 0, false, "a", &whole), 0);
    assert_int_equal(add(r, 5, 0, false, "a", &whole), ERR_REPLAY); /* older than all */
    assert_int_equal(add(r, 100, 1, false, "B", &whole), 0);        /* takes the place of 10 */
    assert_int_equal(add(r, 11, 1, true, "b", &whole), 1);
    assert_int_equal(add(r, 10, 1, true, "b", &whole), 0); /* its first part is gone */
    assert_int_equal(add(r, 10, 0, false, "a", &whole), 1);
    assert_int_equal(add(r, 100, 2, true, "C", &whole), 0); /* and no part of this one */
    assert_int_equal(add(r, 100, 0, false, "A", &whole), 1);
    check_bytes(whole.data, whole.len, "ABC", 3);
    buf_release(&whole);
    reassembly_free(r);
}

/* In whatever order they came. */
static void the_oldest_is_not_the_first(void **state)
{
    (void)state;
    struct buf whole = {0};
    for (uint64_t oldest = 0; oldest < REASSEMBLY_SLOTS; oldest++) {
        struct reassembly *r = reassembly_new();
        for (uint64_t i = 0; i < REASSEMBLY_SLOTS; i++)
            assert_int_equal(add(r, i == oldest ? 10 : 20 + i, 0, false, "a", &whole), 0);
        assert_int_equal(add(r, 40, 0, false, "a", &whole), 0);
        for (uint64_t i = 0; i < REASSEMBLY_SLOTS; i++)
            if (i != oldest)
                assert_int_equal(add(r, 20 + i, 1, true, "b", &whole), 1);
        assert_int_equal(add(r, 10, 1, true, "b", &whole), 0);
        reassembly_free(r);
    }
    buf_release(&whole);
}

/* Whose place is taken first, though older ones are under way. */
static void a_completed_one_makes_room(void **state)
{
    (void)state;
    struct buf whole = {0};
    for (uint64_t newest = 0; newest < REASSEMBLY_SLOTS; newest++) {
        struct reassembly *r = reassembly_new();
        for (uint64_t i = 0; i < REASSEMBLY_SLOTS; i++)
            assert_int_equal(add(r, i == newest ? 30 : 10 + i, 0, false, "a", &whole), 0);
        assert_int_equal(add(r, 30, 1, true, "b", &whole), 1);
        assert_int_equal(add(r, 31, 0, false, "a", &whole), 0);
        for (uint64_t i = 0; i < REASSEMBLY_SLOTS; i++)
            if (i != newest)
                assert_int_equal(add(r, 10 + i, 1, true, "b", &whole), 1);
        reassembly_free(r);
    }
    buf_release(&whole);
}

static void S08_completed_ids_are_refused(void **state)
{
    (void)state;
    struct reassembly *r = reassembly_new();
    struct buf whole = {0};
    assert_int_equal(add(r, 50, 0, true, "x", &whole), 1);
    buf_clear(&whole);
    assert_int_equal(add(r, 50, 0, true, "x", &whole), ERR_REPLAY);
    assert_int_equal(add(r, 50, 3, false, "x", &whole), ERR_REPLAY);
    assert_int_equal(whole.len, 0);
    assert_int_equal(add(r, 49, 0, true, "x", &whole), 1); /* late, but never completed */
    assert_int_equal(add(r, 49, 0, true, "x", &whole), ERR_REPLAY);
    assert_int_equal(add(r, 50, 0, true, "x", &whole), ERR_REPLAY);
    assert_int_equal(add(r, 110, 0, true, "x", &whole), 1);
    assert_int_equal(add(r, 50, 0, true, "x", &whole), ERR_REPLAY);
    assert_int_equal(add(r, 51, 0, true, "x", &whole), 1);
    assert_int_equal(add(r, 1000, 0, true, "x", &whole), 1);
    assert_int_equal(add(r, 112, 0, true, "x", &whole), ERR_REPLAY); /* too old to tell */
    assert_int_equal(add(r, 937, 0, true, "x", &whole), 1);
    assert_int_equal(add(r, 936, 0, true, "x", &whole), ERR_REPLAY);
    assert_int_equal(add(r, UINT64_MAX, 0, true, "x", &whole), 1);
    assert_int_equal(add(r, UINT64_MAX, 0, true, "x", &whole), ERR_REPLAY);
    assert_int_equal(add(r, 0, 0, true, "x", &whole), ERR_REPLAY);
    buf_release(&whole);
    reassembly_free(r);
}

/* Ids around the newest one, against a table that remembers everything. */
static void S08_completed_ids_are_those_of_a_set(void **state)
{
    (void)state;
    enum { IDS = 100000, WINDOW = 64, REACH = 70 };
    bool *was_completed = calloc(IDS + REACH, sizeof *was_completed);
    struct reassembly *r = reassembly_new();
    struct buf whole = {0};
    struct rng rng = {4};
    assert_int_equal(add(r, REACH, 0, true, "x", &whole), 1);
    was_completed[REACH] = true;
    for (size_t newest = REACH; newest < IDS;) {
        size_t id = newest + REACH / (1 + rng_below(&rng, REACH)) - rng_below(&rng, REACH);
        bool refused = was_completed[id] || id + WINDOW <= newest;
        assert_int_equal(add(r, id, 0, true, "x", &whole), refused ? ERR_REPLAY : 1);
        was_completed[id] |= !refused;
        newest = id > newest ? id : newest;
    }
    free(was_completed);
    buf_release(&whole);
    reassembly_free(r);
}

static void assemblies_left_behind_are_forgotten(void **state)
{
    (void)state;
    struct reassembly *r = reassembly_new();
    struct buf whole = {0};
    for (uint64_t id = 1; id <= REASSEMBLY_SLOTS; id++)
        assert_int_equal(add(r, id, 0, false, "a", &whole), 0);
    assert_int_equal(add(r, 500, 0, true, "x", &whole), 1);
    /* All slots are free again, for newer and for older ids of the window alike. */
    for (uint64_t id = 450; id < 450 + REASSEMBLY_SLOTS; id++)
        assert_int_equal(add(r, id, 0, false, "a", &whole), 0);
    for (uint64_t id = 450; id < 450 + REASSEMBLY_SLOTS; id++)
        assert_int_equal(add(r, id, 1, true, "b", &whole), 1);
    buf_release(&whole);
    reassembly_free(r);
}

/* On each of these stock mosh would end. */
static void S16_contradictions_end_the_assembly(void **state)
{
    (void)state;
    static const struct {
        struct {
            unsigned index;
            bool final;
            const char *contents;
        } parts[4];
    } cases[] = {
        {{{0, false, "a"}, {0, false, "b"}}}, /* other contents */
        {{{0, false, "a"}, {0, false, ""}}},  /* shorter */
        {{{1, false, "a"}, {1, true, "a"}}},  /* suddenly the last */
        {{{1, true, "a"}, {1, false, "a"}}},  /* no longer the last */
        {{{1, true, "a"}, {2, false, "b"}}},  /* beyond the last */
        {{{1, true, "a"}, {2, true, "b"}}},   /* two last ones */
        {{{2, true, "a"}, {1, true, "b"}}},   /* the same, backwards */
        {{{5, false, "a"}, {1, true, "b"}}},  /* below what was there */
        {{{1, false, "a"}, {0, true, "b"}}},  /* the only one, and another */
        {{{2, false, "x"}, {0, false, "a"}, {1, true, "b"}}},
    };
    struct reassembly *r = reassembly_new();
    struct buf whole = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t id = i + 1;
        int result = 0;
        for (size_t n = 0; n < 4 && cases[i].parts[n].contents; n++) {
            assert_int_equal(result, 0);
            result = add(r, id, cases[i].parts[n].index, cases[i].parts[n].final,
                         cases[i].parts[n].contents, &whole);
        }
        if (result != ERR_MALFORMED)
            fail_msg("case %zu: %d", i, result);
        assert_int_equal(whole.len, 0);
        /* Nothing of it is left: the id may be sent again. */
        assert_int_equal(add(r, id, 1, true, "b", &whole), 0);
        assert_int_equal(add(r, id, 0, false, "a", &whole), 1);
        check_bytes(whole.data, whole.len, "ab", 2);
        buf_clear(&whole);
    }
    buf_release(&whole);
    reassembly_free(r);
}

static void the_highest_index_costs_no_more_than_its_contents(void **state)
{
    (void)state;
    struct reassembly *r = reassembly_new();
    struct buf whole = {0};
    assert_int_equal(add(r, 1, FRAGMENT_INDEX_MAX, true, "z", &whole), 0);
    for (unsigned i = 1; i < FRAGMENT_INDEX_MAX; i++)
        assert_int_equal(add(r, 1, i, false, "y", &whole), 0);
    assert_int_equal(add(r, 1, 0, false, "a", &whole), 1);
    assert_int_equal(whole.len, FRAGMENT_INDEX_MAX + 1);
    assert_int_equal(whole.data[0], 'a');
    assert_int_equal(whole.data[1], 'y');
    assert_int_equal(whole.data[FRAGMENT_INDEX_MAX], 'z');

    struct fragment beyond = {2, FRAGMENT_INDEX_MAX + 1, true, NULL, 0};
    assert_int_equal(reassembly_add(r, &beyond, &whole), ERR_MALFORMED);
    buf_release(&whole);
    reassembly_free(r);
}

/* The oldest id gives way; one that is too large alone ends. */
static void S08_bytes_are_bounded(void **state)
{
    (void)state;
    enum { PART = 2000 };
    static char part[PART + 1];
    memset(part, 'x', PART);
    struct reassembly *r = reassembly_new();
    struct buf whole = {0};
    unsigned count = 0;
    int result;
    while ((result = add(r, 7, count, false, part, &whole)) == 0)
        count++;
    assert_int_equal(result, ERR_LIMIT);
    assert_true((size_t)count * PART <= REASSEMBLY_BYTES_MAX);
    assert_true((size_t)count * PART > REASSEMBLY_BYTES_MAX - REASSEMBLY_BYTES_MAX / 50);

    /* What is dropped is no longer counted: half the room, twice. */
    for (unsigned i = 0; i < count / 2; i++)
        assert_int_equal(add(r, 8, i, false, part, &whole), 0);
    for (unsigned i = 0; i < count / 2 - 1; i++)
        assert_int_equal(add(r, 9, i, false, part, &whole), 0);
    for (unsigned i = 0; i < count / 2 - 1; i++) /* now 8 has to go, not 9 */
        assert_int_equal(add(r, 10, i, false, part, &whole), 0);
    assert_int_equal(add(r, 9, count / 2 - 1, true, "end", &whole), 1);
    assert_int_equal(whole.len, (count / 2 - 1) * PART + 3);
    assert_int_equal(add(r, 8, count / 2, true, "end", &whole), 0);
    buf_release(&whole);
    reassembly_free(r);

    r = reassembly_new();
    char *huge = malloc(REASSEMBLY_BYTES_MAX + 2);
    memset(huge, 'x', REASSEMBLY_BYTES_MAX + 1);
    huge[REASSEMBLY_BYTES_MAX + 1] = '\0';
    assert_int_equal(add(r, 1, 0, true, huge, &whole), ERR_LIMIT);
    assert_int_equal(add(r, 1, 1, false, huge, &whole), ERR_LIMIT);
    free(huge);
    reassembly_free(r);
}

static int add_length(uint64_t id, unsigned index, bool final, size_t len, struct reassembly *r)
{
    static uint8_t contents[REASSEMBLY_BYTES_MAX + 1];
    struct fragment f = {id, (uint16_t)index, final, contents, len};
    struct buf whole = {0};
    int result = reassembly_add(r, &f, &whole);
    buf_release(&whole);
    return result;
}

/* What a fragment costs beside its contents is found out: it is the same for two as for one. */
static void S08_the_bound_is_exact(void **state)
{
    (void)state;
    struct reassembly *r = reassembly_new();
    uint64_t id = 1;
    size_t most = REASSEMBLY_BYTES_MAX;
    while (add_length(id, 1, false, most, r) == ERR_LIMIT)
        most--;
    size_t each = REASSEMBLY_BYTES_MAX - most;
    assert_in_range(each, 1, 64);
    assert_int_equal(add_length(++id, 0, true, most + 1, r), ERR_LIMIT);
    assert_int_equal(add_length(++id, 0, true, most, r), 1);
    assert_int_equal(add_length(++id, 0, false, 1000, r), 0);
    assert_int_equal(add_length(id, 1, false, most - 1000 - each, r), 0);
    assert_int_equal(add_length(++id, 0, false, 1000, r), 0);
    assert_int_equal(add_length(id, 1, false, most - 1000 - each + 1, r), ERR_LIMIT);
    reassembly_free(r);
}

/* Every datagram 30 % likely to be late by up to six, some twice; none may be lost. */
static void S08_a_network_that_reorders(void **state)
{
    (void)state;
    enum { IDS = 3000, PARTS_MAX = 5, DELAY_MAX = 6 };
    static struct sent {
        uint64_t id;
        unsigned index, parts;
        size_t when;
    } queue[IDS * PARTS_MAX * 2];
    struct rng rng = {8};
    size_t count = 0;
    for (uint64_t id = 1; id <= IDS; id++) {
        unsigned parts = 1 + (unsigned)rng_below(&rng, PARTS_MAX);
        for (unsigned i = 0; i < parts; i++)
            for (unsigned copy = 0; copy < 1 + (rng_below(&rng, 20) == 0); copy++) {
                size_t late = rng_below(&rng, 10) < 3 ? 1 + rng_below(&rng, DELAY_MAX) : 0;
                queue[count] = (struct sent){id, i, parts, count + late};
                count++;
            }
    }
    struct reassembly *r = reassembly_new();
    struct buf whole = {0};
    static uint8_t done[IDS + 1];
    size_t completed = 0;
    for (size_t now = 0; now < count + DELAY_MAX; now++) {
        size_t from = now < DELAY_MAX ? 0 : now - DELAY_MAX;
        for (size_t q = from; q <= now && q < count; q++) {
            const struct sent *s = &queue[q];
            if (s->when != now)
                continue;
            char contents[2] = {(char)('a' + s->index + s->id % 20), '\0'};
            int result = add(r, s->id, s->index, s->index == s->parts - 1, contents, &whole);
            if (result == ERR_REPLAY) {
                assert_int_equal(done[s->id], 1);
                continue;
            }
            assert_in_range(result, 0, 1);
            if (result == 1) {
                assert_int_equal(done[s->id]++, 0);
                assert_int_equal(whole.len, s->parts);
                for (unsigned i = 0; i < s->parts; i++)
                    assert_int_equal(whole.data[i], 'a' + i + s->id % 20);
                completed++;
            }
        }
    }
    assert_int_equal(completed, IDS);
    buf_release(&whole);
    reassembly_free(r);
}

/* Whatever comes, it is refused or joined, and memory stays in bounds. */
static void S16_noise(void **state)
{
    (void)state;
    struct rng rng = {16};
    struct reassembly *r = reassembly_new();
    struct buf whole = {0};
    static uint8_t contents[64];
    for (int i = 0; i < 200000; i++) {
        uint64_t word = rng_next(&rng);
        struct fragment f = {
            .id = word % 20 + (uint64_t)i / 1000,
            .index = (uint16_t)(word >> 8 & (word >> 60 ? 7 : FRAGMENT_INDEX_MAX)),
            .final = word >> 40 & 1,
            .contents = contents,
            .contents_len = (size_t)(word >> 44 & 3),
        };
        int result = reassembly_add(r, &f, &whole);
        assert_in_range(result - ERR_EXHAUSTED, 0, 1 - ERR_EXHAUSTED);
    }
    buf_release(&whole);
    reassembly_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_fragment),
        cmocka_unit_test(every_order_of_four),
        cmocka_unit_test(S08_several_at_once),
        cmocka_unit_test(the_oldest_gives_way),
        cmocka_unit_test(the_oldest_is_not_the_first),
        cmocka_unit_test(a_completed_one_makes_room),
        cmocka_unit_test(S08_completed_ids_are_refused),
        cmocka_unit_test(S08_completed_ids_are_those_of_a_set),
        cmocka_unit_test(assemblies_left_behind_are_forgotten),
        cmocka_unit_test(S16_contradictions_end_the_assembly),
        cmocka_unit_test(the_highest_index_costs_no_more_than_its_contents),
        cmocka_unit_test(S08_bytes_are_bounded),
        cmocka_unit_test(S08_the_bound_is_exact),
        cmocka_unit_test(S08_a_network_that_reorders),
        cmocka_unit_test(S16_noise),
    };
    return cmocka_run_group_tests_name("reassembly", tests, NULL, NULL);
}
