/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/packet.h"

void packet_encode(const struct packet *p, struct buf *out)
{
    buf_reserve(out, PACKET_HEADER_BYTES + p->payload_len);
    buf_append_be16(out, p->timestamp);
    buf_append_be16(out, p->timestamp_reply);
    buf_append(out, p->payload, p->payload_len);
}

int packet_decode(const uint8_t *bytes, size_t len, struct packet *out)
{
    struct reader r = {bytes, len};
    struct packet p;
    if (reader_be16(&r, &p.timestamp) || reader_be16(&r, &p.timestamp_reply))
        return ERR_MALFORMED;
    p.payload = r.at;
    p.payload_len = r.left;
    *out = p;
    return 0;
}

uint16_t packet_timestamp(uint64_t now_ms)
{
    uint16_t stamp = (uint16_t)now_ms;
    return stamp == PACKET_NO_TIMESTAMP ? 0 : stamp;
}
