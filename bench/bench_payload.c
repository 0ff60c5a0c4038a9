/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bench_payload NAME BYTES ROWS COLS: writes a payload to standard output, as a program would.
 * bench_payload --list: their names, and what they are.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "payloads.h"

int main(int argc, char **argv)
{
    const struct payload *p;
    struct buf out = {0};

    if (argc == 2 && strcmp(argv[1], "--list") == 0) {
        for (size_t i = 0; i < payload_count; i++)
            printf("%s\t%s\n", payloads[i].name, payloads[i].what);
        return 0;
    }
    p = argc == 5 ? payload_find(argv[1]) : NULL;
    if (!p) {
        fputs("usage: bench_payload NAME BYTES ROWS COLS\n       bench_payload --list\n", stderr);
        return 2;
    }
    payload_make(p, &out, strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10),
                 strtoul(argv[4], NULL, 10));
    if (fwrite(out.data, 1, out.len, stdout) != out.len || fflush(stdout) != 0) {
        perror("bench_payload");
        return 1;
    }
    buf_release(&out);
    return 0;
}
