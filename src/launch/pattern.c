/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "launch/pattern.h"

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* When a character does not fit, the last `*` takes one more; earlier ones need not be tried again.
 */
bool pattern_match(const char *pattern, const char *text)
{
    const char *star = NULL, *resume = NULL;
    while (*text) {
        if (*pattern == '*') {
            star = pattern++;
            resume = text;
        } else if (*pattern && (*pattern == '?' || lower(*pattern) == lower(*text))) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star + 1;
            text = ++resume;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

bool pattern_match_any(const struct words *patterns, const char *text)
{
    bool matched = false;
    for (size_t i = 0; i < patterns->count; i++) {
        const char *p = patterns->at[i];
        if (*p == '!' && pattern_match(p + 1, text))
            return false;
        matched |= *p != '!' && pattern_match(p, text);
    }
    return matched;
}
