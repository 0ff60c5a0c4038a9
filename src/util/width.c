/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "util/width.h"

#include "util/width_table.h"

int width_of(uint32_t c)
{
    if (c >= 0x20 && c < 0x7F)
        return 1; /* nearly all there ever is */
    if (c > 0x10FFFF)
        return -1;
    int bits = width_blocks[width_index[c >> 8]][(c & 0xFF) >> 2] >> (c & 3) * 2 & 3;
    return bits == 3 ? -1 : bits;
}
