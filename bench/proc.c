/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proc.h"

#include <stdio.h>
#include <string.h>

static FILE *open_file(pid_t pid, const char *name)
{
    char path[64];

    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    return fopen(path, "r");
}

double proc_cpu_seconds(pid_t pid)
{
    FILE *file = open_file(pid, "schedstat");
    unsigned long long nanoseconds = 0;

    if (!file)
        return 0;
    if (fscanf(file, "%llu", &nanoseconds) != 1)
        nanoseconds = 0;
    fclose(file);
    return (double)nanoseconds / 1e9;
}

struct proc_memory proc_memory(pid_t pid)
{
    FILE *file = open_file(pid, "smaps_rollup");
    struct proc_memory m = {0};
    char line[256];
    long kb;

    while (file && fgets(line, sizeof line, file)) {
        if (sscanf(line, "Rss: %ld", &kb) == 1)
            m.resident_kb = kb;
        else if (sscanf(line, "Private_Clean: %ld", &kb) == 1 ||
                 sscanf(line, "Private_Dirty: %ld", &kb) == 1)
            m.private_kb += kb;
        else if (sscanf(line, "Pss: %ld", &kb) == 1)
            m.proportional_kb = kb;
    }
    if (file)
        fclose(file);
    return m;
}
