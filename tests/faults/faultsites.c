/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * faultsites new FILE      makes an empty table for alloc.c
 * faultsites list FILE     a line for each call site: HASH, calls, where
 * faultsites calls FILE    how many allocations there were
 * faultsites failed FILE   how many of them failed
 */

#include "faulttable.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int make(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);

    return fd < 0 || ftruncate(fd, (off_t)sizeof(struct table)) != 0 || close(fd) != 0;
}

static void list(const struct table *t)
{
    for (size_t i = 0; i < SITES_MAX; i++) {
        const struct site *s = &t->site[i];
        if (s->hash)
            printf("%016" PRIx64 "\t%" PRIu64 "\t%s\n", s->hash, s->calls, s->text);
    }
}

int main(int argc, char **argv)
{
    const struct table *t;
    int fd;

    if (argc != 3)
        return 2;
    if (strcmp(argv[1], "new") == 0)
        return make(argv[2]);
    fd = open(argv[2], O_RDONLY);
    t = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *t, PROT_READ, MAP_SHARED, fd, 0);
    if (t == MAP_FAILED) {
        perror(argv[2]);
        return 1;
    }
    if (strcmp(argv[1], "list") == 0)
        list(t);
    else if (strcmp(argv[1], "calls") == 0)
        printf("%" PRIu32 "\n", t->calls);
    else
        printf("%" PRIu32 "\n", t->failed);
    return 0;
}
