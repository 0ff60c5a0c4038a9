/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/charset.h"

#include <langinfo.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util/xalloc.h"

static const char *const variables[] = {
    "LANG",       "LANGUAGE",     "LC_CTYPE",       "LC_NUMERIC",        "LC_TIME",
    "LC_COLLATE", "LC_MONETARY",  "LC_MESSAGES",    "LC_PAPER",          "LC_NAME",
    "LC_ADDRESS", "LC_TELEPHONE", "LC_MEASUREMENT", "LC_IDENTIFICATION", "LC_ALL",
};
#define VARIABLES (sizeof variables / sizeof variables[0])

static bool is_utf8(void)
{
    const char *name;

    if (!setlocale(LC_CTYPE, ""))
        return false;
    name = nl_langinfo(CODESET);
    return strcasecmp(name, "UTF-8") == 0 || strcasecmp(name, "UTF8") == 0;
}

static void save(char *saved[VARIABLES])
{
    for (size_t i = 0; i < VARIABLES; i++) {
        const char *value = getenv(variables[i]);
        saved[i] = value ? xstrdup(value) : NULL;
    }
}

static void put_back(char *const saved[VARIABLES])
{
    for (size_t i = 0; i < VARIABLES; i++) {
        if (saved[i])
            setenv(variables[i], saved[i], 1);
        else
            unsetenv(variables[i]);
    }
}

static void take_from_client(const char *const *settings, size_t count)
{
    for (size_t i = 0; i < VARIABLES; i++)
        unsetenv(variables[i]);
    for (size_t i = 0; i < count; i++) {
        const char *equals = strchr(settings[i], '=');
        char *name = xstrdup(settings[i]);
        name[equals - settings[i]] = '\0';
        setenv(name, equals + 1, 1);
        free(name);
    }
}

/* Of the two, LC_ALL hides LC_CTYPE. */
static void take_default(void)
{
    setenv(getenv("LC_ALL") ? "LC_ALL" : "LC_CTYPE", "C.UTF-8", 1);
}

void charset_settle(const char *const *settings, size_t count)
{
    char *saved[VARIABLES];

    if (is_utf8())
        return;
    save(saved);
    if (count > 0)
        take_from_client(settings, count);
    if (count == 0 || !is_utf8()) {
        put_back(saved);
        take_default();
        if (!is_utf8())
            put_back(saved);
    }
    for (size_t i = 0; i < VARIABLES; i++)
        free(saved[i]);
}
