/* SPDX-License-Identifier: GPL-3.0-or-later */

/* S08: pieces in any order, of several instructions. What is joined is what the pieces say, and
   never comes twice. */

#include "fuzz.h"

#include "wire/fragment.h"
#include "wire/reassembly.h"

#define IDS    8
#define PIECES 8

struct model {
    struct reader piece[IDS][PIECES];
    bool there[IDS][PIECES];
    bool complete[IDS];
};

static void check_whole(struct model *m, uint64_t id, unsigned last, const struct buf *whole)
{
    size_t at = 0;

    assert_false(m->complete[id]);
    m->complete[id] = true;
    for (unsigned i = 0; i <= last; i++) {
        struct reader piece = m->piece[id][i];
        assert_true(m->there[id][i] && piece.left <= whole->len - at);
        if (piece.left)
            assert_memory_equal(whole->data + at, piece.at, piece.left);
        at += piece.left;
    }
    assert_int_equal(at, whole->len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader in = {.at = data, .left = size};
    struct reassembly *r = reassembly_new();
    static struct model m;
    struct buf whole = {0}, bytes = {0};

    memset(&m, 0, sizeof m);
    while (in.left > 0) {
        unsigned head = fuzz_number(&in);
        struct reader piece = fuzz_piece(&in);
        struct fragment f = {.id = head % IDS, .index = (head >> 3) % PIECES}, again;
        unsigned index = f.index;
        uint64_t id = f.id;
        f.final = head & 0x100;
        if (head & 0x8000) { /* as it comes */
            if (fragment_decode(piece.at, piece.left, &f) == 0)
                (void)!reassembly_add(r, &f, &whole);
            break;
        }
        f.contents = piece.at;
        f.contents_len = piece.left;
        buf_clear(&bytes);
        fragment_encode(&f, &bytes);
        assert_int_equal(fragment_decode(bytes.data, bytes.len, &again), 0);
        assert_true(again.id == f.id && again.index == f.index && again.final == f.final);
        check_bytes(again.contents, again.contents_len, f.contents, f.contents_len);
        if (!m.there[id][index]) {
            m.there[id][index] = true;
            m.piece[id][index] = piece;
        } else if (m.piece[id][index].left != piece.left ||
                   memcmp(m.piece[id][index].at, piece.at, piece.left) != 0) {
            continue; /* no sender says two things of one piece */
        }
        if (reassembly_add(r, &f, &whole) == 1) {
            unsigned last = index;
            while (last + 1 < PIECES && m.there[id][last + 1])
                last++;
            for (; last > 0; last--) { /* which of them was final only the reassembly knows */
                size_t sum = 0;
                for (unsigned i = 0; i <= last; i++)
                    sum += m.piece[id][i].left;
                if (sum == whole.len)
                    break;
            }
            check_whole(&m, id, last, &whole);
        }
    }
    reassembly_free(r);
    buf_release(&whole);
    buf_release(&bytes);
    return 0;
}
