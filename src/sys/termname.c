/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/termname.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PLAIN  "xterm"
#define COLOUR "xterm-256color"

/* Entries stand in a folder of their first letter, or where file names do not tell capitals from
   small letters, of its code. */
static bool stands_in(const char *dir, const char *name)
{
    char path[4096];

    snprintf(path, sizeof path, "%s/%c/%s", dir, name[0], name);
    if (access(path, R_OK) == 0)
        return true;
    snprintf(path, sizeof path, "%s/%02x/%s", dir, (unsigned)(unsigned char)name[0], name);
    return access(path, R_OK) == 0;
}

static bool is_described(const char *name)
{
    static const char *const dirs[] = {
        "/etc/terminfo",
        "/lib/terminfo",
        "/usr/share/terminfo",
        "/usr/lib/terminfo",
        "/usr/local/share/terminfo",
        "/usr/share/lib/terminfo",
        "/usr/local/lib/terminfo",
    };
    const char *own = getenv("TERMINFO"), *home = getenv("HOME");
    char path[4096];

    if (own && stands_in(own, name))
        return true;
    if (home && (size_t)snprintf(path, sizeof path, "%s/.terminfo", home) < sizeof path &&
        stands_in(path, name))
        return true;
    for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++)
        if (stands_in(dirs[i], name))
            return true;
    return false;
}

/* A small system may have the one and not the other. One that keeps its database elsewhere has
   both, as far as can be known. */
const char *termname_for(uint32_t colours)
{
    if (colours < 256 || (is_described(PLAIN) && !is_described(COLOUR)))
        return PLAIN;
    return COLOUR;
}
