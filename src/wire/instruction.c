/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/instruction.h"

#include "wire/pballoc.h"
#include "wire/transport.pb-c.h"

void instruction_release(struct instruction *i)
{
    buf_release(&i->diff);
    buf_release(&i->chaff);
    buf_release(&i->report);
    *i = (struct instruction){0};
}

void instruction_encode(const struct instruction *i, struct buf *out)
{
    Wire__Instruction pb = WIRE__INSTRUCTION__INIT;
    pb.has_protocol_version = true;
    pb.protocol_version = INSTRUCTION_VERSION;
    pb.has_old_num = true;
    pb.old_num = i->old_num;
    pb.has_new_num = true;
    pb.new_num = i->new_num;
    pb.has_ack_num = true;
    pb.ack_num = i->ack_num;
    pb.has_throwaway_num = true;
    pb.throwaway_num = i->throwaway_num;
    pb.has_diff = true;
    pb.diff = (ProtobufCBinaryData){i->diff.len, i->diff.data};
    pb.has_chaff = true;
    pb.chaff = (ProtobufCBinaryData){i->chaff.len, i->chaff.data};
    pb.has_report = i->report.len > 0;
    pb.report = (ProtobufCBinaryData){i->report.len, i->report.data};

    buf_reserve(out, wire__instruction__get_packed_size(&pb));
    out->len += wire__instruction__pack(&pb, out->data + out->len);
}

static void replace(struct buf *b, const ProtobufCBinaryData *bytes)
{
    buf_clear(b);
    buf_append(b, bytes->data, bytes->len);
}

int instruction_decode(const uint8_t *bytes, size_t len, struct instruction *out)
{
    struct pballoc memory;
    pballoc_init(&memory, PBALLOC_BYTES_MAX);
    int err = 0;
    ProtobufCMessage *message =
        pballoc_unpack(&memory, &wire__instruction__descriptor, bytes, len, &err);
    if (!message)
        return err;
    const Wire__Instruction *pb = (const Wire__Instruction *)message;
    if (pb->has_protocol_version && pb->protocol_version == INSTRUCTION_VERSION) {
        out->old_num = pb->old_num;
        out->new_num = pb->new_num;
        out->ack_num = pb->ack_num;
        out->throwaway_num = pb->throwaway_num;
        replace(&out->diff, &pb->diff);
        replace(&out->chaff, &pb->chaff);
        replace(&out->report, &pb->report);
    } else {
        err = ERR_VERSION;
    }
    pballoc_free(&memory, message);
    return err;
}
