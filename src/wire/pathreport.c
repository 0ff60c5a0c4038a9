/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/pathreport.h"

#include "wire/pballoc.h"
#include "wire/transport.pb-c.h"

#define DECODING_BYTES_MAX 4096

void pathreport_encode(const struct pathreport *r, struct buf *out)
{
    Wire__PathReport pb = WIRE__PATH_REPORT__INIT;

    pb.has_loss = true;
    pb.loss = r->loss;
    pb.has_marked = true;
    pb.marked = r->marked;
    pb.has_probe = r->probe > 0;
    pb.probe = r->probe;
    pb.has_probes = r->probes > 0;
    pb.probes = r->probes;
    pb.has_arrived = r->arrived > 0;
    pb.arrived = r->arrived;
    buf_reserve(out, wire__path_report__get_packed_size(&pb));
    out->len += wire__path_report__pack(&pb, out->data + out->len);
}

int pathreport_decode(const uint8_t *bytes, size_t len, struct pathreport *out)
{
    struct pballoc memory;
    int err = 0;

    if (len > PATHREPORT_BYTES_MAX)
        return ERR_MALFORMED;
    pballoc_init(&memory, DECODING_BYTES_MAX);
    ProtobufCMessage *message =
        pballoc_unpack(&memory, &wire__path_report__descriptor, bytes, len, &err);
    if (!message)
        return ERR_MALFORMED;
    const Wire__PathReport *pb = (const Wire__PathReport *)message;
    if (!pb->has_loss || !pb->has_marked || pb->loss > PATHREPORT_LOSS_ALL)
        err = ERR_MALFORMED;
    else
        *out = (struct pathreport){.loss = pb->loss,
                                   .marked = pb->marked,
                                   .probe = pb->probe,
                                   .probes = pb->probes,
                                   .arrived = pb->arrived};
    pballoc_free(&memory, message);
    return err;
}
