/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "launch/sshconfig.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util/xalloc.h"

/* Keyword and value are cut out of a copy of the line, so both end with NUL. */
static void take_line(struct sshconfig *c, const char *keyword, const char *value)
{
    bool is_set = *value && strcasecmp(value, "none") != 0;
    if (strcmp(keyword, "hostname") == 0) {
        free(c->hostname);
        c->hostname = xstrdup(value);
    } else if (strcmp(keyword, "proxyjump") == 0 || strcmp(keyword, "proxycommand") == 0) {
        c->is_indirect = c->is_indirect || is_set;
        if (is_set && !c->jump)
            c->jump = xstrdup(strcmp(keyword, "proxyjump") == 0 ? value : "a proxy command");
    } else if (strcmp(keyword, "controlpath") == 0) {
        c->may_have_master = is_set;
    } else if (strcmp(keyword, "bindaddress") == 0 || strcmp(keyword, "bindinterface") == 0) {
        c->is_bound = c->is_bound || is_set;
    } else if (strcmp(keyword, "addressfamily") == 0) {
        c->has_family = strcmp(value, "any") != 0 && family_parse(value, &c->family);
    }
}

int sshconfig_parse(const char *text, size_t len, struct sshconfig *out)
{
    struct sshconfig found = {0};
    while (len > 0) {
        const char *newline = memchr(text, '\n', len);
        size_t line_len = newline ? (size_t)(newline - text) : len;
        char *line = xmalloc(line_len + 1);
        memcpy(line, text, line_len);
        line[line_len] = '\0';
        char *value = strchr(line, ' ');
        if (value) {
            *value = '\0';
            take_line(&found, line, value + 1);
        }
        free(line);
        size_t taken = newline ? line_len + 1 : line_len;
        text += taken;
        len -= taken;
    }
    if (!found.hostname || !*found.hostname) {
        sshconfig_release(&found);
        return -1;
    }
    *out = found;
    return 0;
}

void sshconfig_release(struct sshconfig *c)
{
    free(c->hostname);
    free(c->jump);
    *c = (struct sshconfig){0};
}
