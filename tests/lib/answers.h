/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_ANSWERS_H
#define MOSH_TESTS_ANSWERS_H

/* The language of the terminal's answers, for a unit test and for a fuzz target. */

#include <regex.h>
#include <stdio.h>

/*
 * S25: whatever a program writes, the terminal's answers are words of this language: constants, and
 * numbers that the terminal knows. In particular nothing that was written comes back.
 */
#define N   "[0-9]{1,10}"
#define RGB "rgb:[0-9a-f]{4}/[0-9a-f]{4}/[0-9a-f]{4}"
#define ST  "\033\\\\"
#define SGR "[0-9;:]{1,200}"

static const char *const language[] = {
    "\033\\[\\?62;6;9;21;22;52c",                          /* DA1 */
    "\033\\[>0;(100|277);0c",                              /* DA2 */
    "\033P!\\|00000000" ST,                                /* DA3 */
    "\033P>\\|mosh\\(" PACKAGE_VERSION "\\)" ST,           /* XTVERSION */
    "\033\\[0n",                                           /* DSR */
    "\033\\[\\??" N ";" N "R",                             /* CPR, DECXCPR */
    "\033\\[\\?(13|20|27;1;0;0|50|57;0|70|83|997;[12])n",  /* DSR in DEC's form */
    "\033\\[0\\*\\{",                                      /* the same, of macros */
    "\033\\[1t|\033\\[3;0;0t|\033\\[[45689];" N ";" N "t", /* XTWINOPS */
    "\033\\[48;" N ";" N ";" N ";" N "t",                  /* mode 2048 */
    "\033\\][Ll]" ST,                                      /* titles, which are not told */
    "\033\\[\\??" N ";[0-4]\\$y",                          /* DECRPM */
    "\033P0\\$r" ST,                                       /* DECRQSS */
    "\033P1\\$r(" SGR "m|" N ";" N "[rs]|[01]\"q|62;1\"p|[0-6] q)" ST, /* the same, known */
    "\033P0\\+r" ST,                                                   /* XTGETTCAP */
    "\033P1\\+r([0-9A-F]{2}){2,8}(=([0-9A-F]{2}){1,80})?" ST,          /* the same, known */
    "\033\\]4;" N ";" RGB "(\a|" ST ")",                               /* OSC 4 */
    "\033\\]1[012];" RGB "(\a|" ST ")",                                /* OSC 10 to 12 */
    "\033\\[\\?" N "u", /* kitty's keyboard protocol */
    "\033\\[>4;[0-2]m", /* XTQMODKEYS */
};
#define WORDS (sizeof language / sizeof *language)

static regex_t answer_words[WORDS];

static inline int compile(void **state)
{
    (void)state;
    for (size_t i = 0; i < WORDS; i++) {
        char anchored[512];
        snprintf(anchored, sizeof anchored, "^(%s)", language[i]);
        assert_int_equal(regcomp(&answer_words[i], anchored, REG_EXTENDED), 0);
    }
    return 0;
}

static inline int forget(void **state)
{
    (void)state;
    for (size_t i = 0; i < WORDS; i++)
        regfree(&answer_words[i]);
    return 0;
}

/* The word at the start of a text; counts it. 0 if there is none. */
static inline size_t word_length(const char *text, size_t *seen)
{
    for (size_t i = 0; i < WORDS; i++) {
        regmatch_t match;
        if (regexec(&answer_words[i], text, 1, &match, 0) == 0) {
            seen[i]++;
            return (size_t)match.rm_eo;
        }
    }
    return 0;
}

#endif
