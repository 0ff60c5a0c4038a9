/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs a fuzz target on the files, and on all files in the folders, that are its arguments. */

#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

static size_t runs;

static void replay_file(const char *path)
{
    uint8_t *bytes = NULL;
    size_t len = 0, got, cap = 0;
    FILE *f = fopen(path, "rb");

    if (!f) {
        perror(path);
        exit(1);
    }
    do {
        if (len == cap) {
            cap = cap ? 2 * cap : 4096;
            bytes = realloc(bytes, cap);
            if (!bytes)
                abort();
        }
        got = fread(bytes + len, 1, cap - len, f);
        len += got;
    } while (got > 0);
    fclose(f);
    /* Of exactly its size, so that a tool sees who reads beyond the end. */
    uint8_t *exact = malloc(len ? len : 1);
    if (!exact)
        abort();
    memcpy(exact, bytes, len);
    free(bytes);
    fprintf(stderr, "%s\n", path); /* the last one that is named is the one that failed */
    (void)LLVMFuzzerTestOneInput(exact, len);
    free(exact);
    runs++;
}

static void replay(const char *path)
{
    char name[4096];
    const struct dirent *entry;
    DIR *folder = opendir(path);

    if (!folder) {
        replay_file(path);
        return;
    }
    while ((entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        replay_file(name);
    }
    closedir(folder);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        replay(argv[i]);
    printf("%zu\n", runs);
    return runs > 0 ? 0 : 1;
}
