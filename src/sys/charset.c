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

/* What the environment's locale is worth here. */
enum locale_state { LOCALE_MISSING, LOCALE_OTHER, LOCALE_UTF8 };

static enum locale_state current_locale(void)
{
    const char *name;

    if (!setlocale(LC_CTYPE, ""))
        return LOCALE_MISSING;
    name = nl_langinfo(CODESET);
    return strcasecmp(name, "UTF-8") == 0 || strcasecmp(name, "UTF8") == 0 ? LOCALE_UTF8
                                                                           : LOCALE_OTHER;
}

/* Asked of the C library: there need be no program `locale`. */
static bool is_installed(const char *name)
{
    locale_t found = newlocale(LC_CTYPE_MASK, name, (locale_t)0);

    if (found)
        freelocale(found);
    return found;
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

static void clear(void)
{
    for (size_t i = 0; i < VARIABLES; i++)
        unsetenv(variables[i]);
}

static void take_from_client(const char *const *settings, size_t count)
{
    clear();
    for (size_t i = 0; i < count; i++) {
        const char *equals = strchr(settings[i], '=');
        char *name = xstrdup(settings[i]);
        name[equals - settings[i]] = '\0';
        setenv(name, equals + 1, 1);
        free(name);
    }
}

/* A user may have a category or two in a language that is not installed here. The shell and others
   would complain of them at every start. */
static void drop_missing(void)
{
    for (size_t i = 0; i < VARIABLES; i++) {
        const char *value = getenv(variables[i]);
        if (strcmp(variables[i], "LANGUAGE") != 0 && value && *value && !is_installed(value))
            unsetenv(variables[i]);
    }
}

/* The character set alone, beside what else is set. Of the two, LC_ALL hides LC_CTYPE. */
static bool add_default(void)
{
    setenv(getenv("LC_ALL") ? "LC_ALL" : "LC_CTYPE", "C.UTF-8", 1);
    return current_locale() == LOCALE_UTF8;
}

static bool take_default(void)
{
    clear();
    setenv("LANG", "C.UTF-8", 1);
    return current_locale() == LOCALE_UTF8;
}

/* True if something was found; else it has to be put back. */
static bool settle(const char *const *settings, size_t count, char *const saved[VARIABLES])
{
    enum locale_state state = LOCALE_OTHER;

    if (count > 0) {
        take_from_client(settings, count);
        state = current_locale();
        if (state == LOCALE_UTF8) {
            drop_missing();
            return true;
        }
        put_back(saved);
    }
    if (state == LOCALE_MISSING)
        return take_default();
    state = current_locale();
    if (state == LOCALE_UTF8)
        return true;
    return state == LOCALE_MISSING ? take_default() : add_default();
}

void charset_settle(const char *const *settings, size_t count)
{
    char *saved[VARIABLES];

    save(saved);
    if (!settle(settings, count, saved))
        put_back(saved);
    for (size_t i = 0; i < VARIABLES; i++)
        free(saved[i]);
}
