/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * generate bash|zsh|fish: writes the shell's completion of mosh's command line to standard output,
 * from the table that --help comes from. `make update-completions` puts all three into the source.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "launch/options.h"

/* What a value is made of, where it is not words. */
enum value_kind { VALUE_NONE, VALUE_WORDS, VALUE_COMMAND, VALUE_FILE, VALUE_FREE };

static enum value_kind value_kind(enum option_id o)
{
    const struct option_entry *e = &options_table[o];
    if (e->kind != KIND_VALUE)
        return VALUE_NONE;
    if (o == OPTION_SSH || o == OPTION_CLIENT || o == OPTION_SERVER)
        return VALUE_COMMAND;
    if (o == OPTION_CONFIG)
        return VALUE_FILE;
    return e->words ? VALUE_WORDS : VALUE_FREE;
}

/* The beginning of the text of --help, as far as it says what the option is. */
static int description_len(const struct option_entry *e)
{
    size_t len = strcspn(e->help, e->words ? ",;(\n:" : ",;(\n");
    while (len > 0 && (e->help[len - 1] == ' ' || e->help[len - 1] == ':'))
        len--;
    return (int)len;
}

/* The description between single quotes, with a backslash before each of `special`. */
static void put_description(const struct option_entry *e, const char *special)
{
    for (int i = 0; i < description_len(e); i++) {
        if (strchr(special, e->help[i]))
            putchar('\\');
        if (e->help[i] == '\'')
            printf("'\\'");
        putchar(e->help[i]);
    }
}

static bool is_shown(enum option_id o)
{
    return options_table[o].help != NULL;
}

static void put_header(const char *first)
{
    printf("%s# SPDX-License-Identifier: GPL-3.0-or-later\n"
           "# Completion of mosh's command line. Made by completions/generate; do not edit.\n",
           first);
}

/* --- bash --- */

/* "-p | --port" */
static void bash_pattern(const struct option_entry *e)
{
    if (e->letter)
        printf("-%c | ", e->letter);
    printf("--%s", e->name);
}

static void bash_values(void)
{
    static const char *const replies[] = {
        [VALUE_COMMAND] = "mapfile -t COMPREPLY < <(compgen -c -- \"$cur\")",
        [VALUE_FILE] = "mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")",
    };
    for (enum option_id o = 0; o < OPTIONS; o++) {
        enum value_kind kind = value_kind(o);
        if (!is_shown(o) || kind == VALUE_NONE)
            continue;
        printf("    ");
        bash_pattern(&options_table[o]);
        printf(")\n");
        if (kind == VALUE_WORDS)
            printf("        mapfile -t COMPREPLY < <(compgen -W \"%s\" -- \"$cur\")\n",
                   options_table[o].words);
        else if (kind != VALUE_FREE)
            printf("        %s\n", replies[kind]);
        printf("        return\n        ;;\n");
    }
}

/* One line for each: options that have a value end in "=". */
static void bash_options(void)
{
    for (enum option_id o = 0; o < OPTIONS; o++) {
        const struct option_entry *e = &options_table[o];
        if (!is_shown(o))
            continue;
        printf("           ");
        if (e->letter)
            printf(" -%c", e->letter);
        if (e->name)
            printf(" --%s%s", e->name, e->kind == KIND_VALUE ? "=" : "");
        if (e->kind == KIND_CHOICE)
            printf(" --no-%s", e->name);
        putchar('\n');
    }
}

/* Letters whose value is the next word, as a pattern. */
static void bash_letters_with_value(void)
{
    for (enum option_id o = 0; o < OPTIONS; o++) {
        if (is_shown(o) && options_table[o].letter && value_kind(o) != VALUE_NONE)
            putchar(options_table[o].letter);
    }
}

static void bash(void)
{
    put_header("");
    printf("# shellcheck shell=bash\n"
           "\n"
           "_mosh() {\n"
           "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} i\n"
           "    COMPREPLY=()\n"
           "\n"
           "    # Bash breaks words at \"=\"; what stands before it is the option.\n"
           "    if [[ $cur == \"=\" ]]; then\n"
           "        cur=\n"
           "    elif [[ $prev == \"=\" ]] && ((COMP_CWORD >= 2)); then\n"
           "        prev=${COMP_WORDS[COMP_CWORD - 2]}\n"
           "    fi\n"
           "\n"
           "    # Behind the host there is a command.\n"
           "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
           "        case ${COMP_WORDS[i]} in\n"
           "        --) ;;\n"
           "        -[");
    bash_letters_with_value();
    printf("]) ((i++)) ;;\n"
           "        -*) [[ ${COMP_WORDS[i + 1]-} != \"=\" ]] || ((i += 2)) ;;\n"
           "        *) break ;;\n"
           "        esac\n"
           "    done\n"
           "    if ((i < COMP_CWORD)); then\n"
           "        if declare -F _command_offset >/dev/null; then\n"
           "            _command_offset $((i + 1))\n"
           "        else\n"
           "            mapfile -t COMPREPLY < <(compgen -c -- \"$cur\")\n"
           "        fi\n"
           "        return\n"
           "    fi\n"
           "\n"
           "    case $prev in\n");
    bash_values();
    printf("    esac\n"
           "    if [[ $cur == -* ]]; then\n"
           "        mapfile -t COMPREPLY < <(compgen -W \"\n");
    bash_options();
    printf("        \" -- \"$cur\")\n"
           "        [[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace 2>/dev/null\n"
           "    elif declare -F _known_hosts_real >/dev/null; then\n"
           "        _known_hosts_real -a -- \"$cur\"\n"
           "    else\n"
           "        mapfile -t COMPREPLY < <(compgen -A hostname -- \"$cur\")\n"
           "    fi\n"
           "}\n"
           "complete -F _mosh mosh\n");
}

/* --- zsh --- */

/* Of "what it is:ACTION"; the texts in brackets have \, : and ] quoted. */
static void zsh_value(enum option_id o)
{
    const struct option_entry *e = &options_table[o];
    static const char *const actions[] = {
        [VALUE_COMMAND] = "_command_names -e", [VALUE_FILE] = "_files", [VALUE_FREE] = ""};
    enum value_kind kind = value_kind(o);
    if (kind == VALUE_NONE)
        return;
    printf(":%s:", e->name);
    if (kind == VALUE_WORDS)
        printf("(%s)", e->words);
    else
        printf("%s", actions[kind]);
}

static void zsh_line(enum option_id o, const char *excludes, const char *names)
{
    const struct option_entry *e = &options_table[o];
    printf("  '(%s)'%s'[", excludes, names);
    put_description(e, "\\:]");
    putchar(']');
    zsh_value(o);
    printf("' \\\n");
}

static void zsh_option(enum option_id o)
{
    const struct option_entry *e = &options_table[o];
    bool valued = e->kind == KIND_VALUE;
    char names[128], both[128];
    if (!e->name) {
        snprintf(names, sizeof names, "-%c", e->letter);
        zsh_line(o, "", names);
        return;
    }
    if (e->letter) {
        snprintf(both, sizeof both, "-%c --%s", e->letter, e->name);
        snprintf(names, sizeof names, valued ? "{-%c+,--%s=}" : "{-%c,--%s}", e->letter, e->name);
    } else {
        snprintf(both, sizeof both, "--%s", e->name);
        snprintf(names, sizeof names, valued ? "--%s=" : "--%s", e->name);
    }
    if (e->kind == KIND_CHOICE) {
        size_t len = strlen(both);
        snprintf(both + len, sizeof both - len, " --no-%s", e->name);
    }
    zsh_line(
        o, e->kind == KIND_ACTION && o != OPTION_DOCTOR && o != OPTION_PRINT_CONFIG ? "- *" : both,
        names);
    if (e->kind == KIND_CHOICE)
        printf("  '(%s)--no-%s[not\\: --%s]' \\\n", both, e->name, e->name);
}

static void zsh(void)
{
    put_header("#compdef mosh\n");
    printf("\n# -A \"-*\": options end at the host.\n"
           "_arguments -s -A \"-*\" \\\n");
    for (enum option_id o = 0; o < OPTIONS; o++) {
        if (is_shown(o))
            zsh_option(o);
    }
    printf("  '1:host:_hosts' \\\n"
           "  '(-):command: _command_names -e' \\\n"
           "  '*::arguments: _normal'\n");
}

/* --- fish --- */

static void fish_option(enum option_id o)
{
    static const char *const values[] = {
        [VALUE_NONE] = "",
        [VALUE_COMMAND] = " -x -a '(__fish_complete_command)'",
        [VALUE_FILE] = " -r -F",
        [VALUE_FREE] = " -x",
    };
    const struct option_entry *e = &options_table[o];
    enum value_kind kind = value_kind(o);
    printf("complete -c mosh");
    if (e->letter)
        printf(" -s %c", e->letter);
    if (e->name)
        printf(" -l %s", e->name);
    if (kind == VALUE_WORDS)
        printf(" -x -a '%s'", e->words);
    else
        printf("%s", values[kind]);
    printf(" -d '");
    put_description(e, "\\");
    printf("'\n");
    if (e->kind == KIND_CHOICE)
        printf("complete -c mosh -l no-%s -d 'not: --%s'\n", e->name, e->name);
}

static void fish(void)
{
    put_header("");
    printf("\ncomplete -c mosh -f -a '(__fish_complete_user_at_hosts)'\n");
    for (enum option_id o = 0; o < OPTIONS; o++) {
        if (is_shown(o))
            fish_option(o);
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*write)(void);
    } shells[] = {{"bash", bash}, {"fish", fish}, {"zsh", zsh}};
    for (size_t i = 0; argc == 2 && i < sizeof shells / sizeof shells[0]; i++) {
        if (strcmp(argv[1], shells[i].name) == 0) {
            shells[i].write();
            return ferror(stdout) || fflush(stdout) != 0;
        }
    }
    fprintf(stderr, "generate: expected bash, fish or zsh\n");
    return 2;
}
