/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wiretap.h"

#include <stdlib.h>

#include "util/xalloc.h"
#include "wire/deflate.h"
#include "wire/fragment.h"
#include "wire/packet.h"
#include "wire/pathreport.h"

struct wiretap {
    struct seal *seal;
    struct deflate *deflate;
    uint64_t next_sequence;
    uint64_t id, next_index; /* of the fragments under way; index 0 expected after a final one */
    uint64_t newest_num, throwaway_num;
    bool cuts;
    struct buf plain, joined, message;
    struct instruction instruction;
};

struct wiretap *wiretap_new(const uint8_t key[KEY_BYTES], enum seal_direction sender)
{
    struct wiretap *w = xcalloc(1, sizeof *w);
    w->seal = seal_new(key, sender == SEAL_TO_SERVER ? SEAL_TO_CLIENT : SEAL_TO_SERVER);
    w->deflate = deflate_new();
    return w;
}

void wiretap_allow_cuts(struct wiretap *w)
{
    w->cuts = true;
}

void wiretap_free(struct wiretap *w)
{
    if (!w)
        return;
    seal_free(w->seal);
    deflate_free(w->deflate);
    buf_release(&w->plain);
    buf_release(&w->joined);
    buf_release(&w->message);
    instruction_release(&w->instruction);
    free(w);
}

/* A probe of the path's MTU is a datagram of its own that says nothing. */
static bool is_probe(const struct instruction *i)
{
    struct pathreport report;

    return pathreport_decode(i->report.data, i->report.len, &report) == 0 && report.probe > 0;
}

static const char *check_probe(const struct wiretap *w, const struct packet *p,
                               const struct fragment *f)
{
    const struct instruction *i = &w->instruction;

    if (f->index != 0 || !f->final)
        return "a probe in pieces";
    if (i->diff.len > 0 || i->old_num >= i->new_num || i->new_num > w->throwaway_num)
        return "a probe with contents";
    if (p->timestamp != PACKET_NO_TIMESTAMP || p->timestamp_reply != PACKET_NO_TIMESTAMP)
        return "a probe with a time";
    return NULL;
}

static const char *check_instruction(struct wiretap *w)
{
    const struct instruction *i = &w->instruction;
    if (i->chaff.len > INSTRUCTION_CHAFF_MAX)
        return "too much chaff";
    if (i->throwaway_num > i->old_num)
        return "throwaway above the base";
    if (i->old_num >= i->new_num && i->new_num != INSTRUCTION_SHUTDOWN)
        return "base not below the state";
    if (i->new_num < w->newest_num)
        return "an older state after a newer one";
    if (i->throwaway_num < w->throwaway_num)
        return "throwaway goes back";
    w->newest_num = i->new_num;
    w->throwaway_num = i->throwaway_num;
    return NULL;
}

static const char *check_fragment(struct wiretap *w, const struct packet *p,
                                  const struct fragment *f, const struct instruction **whole)
{
    if (w->cuts && f->id > w->id && f->index == 0)
        w->next_index = 0;
    if (w->next_index == 0) {
        if (f->id <= w->id)
            return "a fragment id is used again";
        buf_clear(&w->joined);
    } else if (f->id != w->id) {
        return "an instruction is not sent to its end";
    }
    if (f->index != w->next_index)
        return "fragments out of order";
    w->id = f->id;
    w->next_index = f->final ? 0 : w->next_index + 1;
    buf_append(&w->joined, f->contents, f->contents_len);
    if (!f->final)
        return NULL;
    if (deflate_expand(w->deflate, w->joined.data, w->joined.len, &w->message) < 0)
        return "no zlib stream";
    if (instruction_decode(w->message.data, w->message.len, &w->instruction) < 0)
        return "no instruction";
    if (is_probe(&w->instruction))
        return check_probe(w, p, f);
    *whole = &w->instruction;
    return check_instruction(w);
}

const char *wiretap_check(struct wiretap *w, const uint8_t *datagram, size_t len,
                          size_t payload_max, const struct instruction **whole)
{
    uint64_t sequence;
    struct packet packet;
    struct fragment fragment;
    *whole = NULL;
    if (len > payload_max)
        return "datagram too large";
    if (seal_open(w->seal, datagram, len, &sequence, &w->plain) < 0)
        return "not sealed";
    if (sequence < w->next_sequence)
        return "a sequence number is used again";
    w->next_sequence = sequence + 1;
    if (packet_decode(w->plain.data, w->plain.len, &packet) < 0 ||
        fragment_decode(packet.payload, packet.payload_len, &fragment) < 0)
        return "plaintext too short";
    return check_fragment(w, &packet, &fragment, whole);
}
