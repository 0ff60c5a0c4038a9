/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "launch/configfile.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "launch/pattern.h"

/* One reading of one file. */
struct reading {
    const char *name;
    unsigned line;
    const char *host;
    bool applies; /* the lines that follow are for our host */
    struct settings *settings;
    struct buf *complaint;
};

static PRINTF_LIKE(2, 3) int complain(struct reading *r, const char *format, ...)
{
    char text[1024];
    int len = snprintf(text, sizeof text, "%.300s:%u: ", r->name, r->line);
    va_list args;
    va_start(args, format);
    vsnprintf(text + len, sizeof text - (size_t)len, format, args);
    va_end(args);
    buf_clear(r->complaint);
    buf_append_str(r->complaint, text);
    return -1;
}

/* --- a line --- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\f';
}

static const char *skip_blanks(const char *at)
{
    while (is_blank(*at))
        at++;
    return at;
}

/* Takes one argument, which may be quoted, from *at; false at the end of the line, and with *at
   NULL where a quote is not closed. */
static bool take_argument(const char **at, struct words *out)
{
    struct buf word = {0};
    const char *p = skip_blanks(*at);
    bool quoted = false;
    if (!*p || *p == '#') {
        *at = p;
        return false;
    }
    for (; *p && (quoted || !is_blank(*p)); p++) {
        if (*p == '"')
            quoted = !quoted;
        else if (quoted && *p == '\\' && (p[1] == '"' || p[1] == '\\'))
            buf_append_byte(&word, (uint8_t) * ++p);
        else
            buf_append_byte(&word, (uint8_t)*p);
    }
    words_add_buf(out, &word);
    buf_release(&word);
    *at = quoted ? NULL : p;
    return !quoted;
}

static int take_arguments(struct reading *r, const char *keyword, const char *at, struct words *out)
{
    while (take_argument(&at, out))
        ;
    return at ? 0 : complain(r, "%s: a quote is not closed; expected \" at the end", keyword);
}

static int refuse_keyword(struct reading *r, const char *keyword)
{
    struct buf known = {0};
    for (enum option_id o = 0; o < OPTIONS; o++) {
        if (!options_table[o].keyword)
            continue;
        if (known.len > 0)
            buf_append_str(&known, ", ");
        buf_append_str(&known, options_table[o].keyword);
    }
    complain(r, "%.60s: not a keyword; expected %.*s or Host", keyword, (int)known.len,
             (const char *)known.data);
    buf_release(&known);
    return -1;
}

static int refuse_missing(struct reading *r, enum option_id o)
{
    struct buf expected = {0};
    option_expects(o, &expected);
    complain(r, "%s: its value is missing; expected %.*s", options_table[o].keyword,
             (int)expected.len, (const char *)expected.data);
    buf_release(&expected);
    return -1;
}

static int set(struct reading *r, enum option_id o, const char *value)
{
    struct settings ignored = {0};
    char origin[400];
    snprintf(origin, sizeof origin, "%.300s:%u", r->name, r->line);
    int err = settings_set(r->applies ? r->settings : &ignored, o, value, SOURCE_FILE, origin,
                           r->complaint);
    settings_release(&ignored);
    return err;
}

/* Names may be given as several arguments. */
static void join(struct words *w)
{
    struct buf all = {0};
    for (size_t i = 0; i < w->count; i++) {
        if (i > 0)
            buf_append_byte(&all, ' ');
        buf_append_str(&all, w->at[i]);
    }
    words_release(w);
    words_add_buf(w, &all);
    buf_release(&all);
}

static int take_setting(struct reading *r, enum option_id o, const char *rest)
{
    struct words arguments = {0};
    const char *keyword = options_table[o].keyword;
    if (options_table[o].is_rest)
        return *rest ? set(r, o, rest) : refuse_missing(r, o);
    int err = take_arguments(r, keyword, rest, &arguments);
    if (!err && arguments.count == 0)
        err = refuse_missing(r, o);
    if (!err && o == OPTION_SEND_LOCALE)
        join(&arguments);
    if (!err && arguments.count > 1)
        err = complain(r, "%s: %.60s is too much; expected one value, in quotes if it has blanks",
                       keyword, arguments.at[1]);
    if (!err)
        err = set(r, o, arguments.at[0]);
    words_release(&arguments);
    return err;
}

static int take_host(struct reading *r, const char *rest)
{
    struct words patterns = {0};
    int err = take_arguments(r, "Host", rest, &patterns);
    if (!err && patterns.count == 0)
        err = complain(r, "Host: its value is missing; expected patterns of host names");
    r->applies = pattern_match_any(&patterns, r->host);
    words_release(&patterns);
    return err;
}

/* `line` is NUL-terminated and may be changed. */
static int take_line(struct reading *r, char *line)
{
    size_t len = strlen(line);
    while (len > 0 && is_blank(line[len - 1]))
        line[--len] = '\0';
    char *keyword = line + (skip_blanks(line) - line);
    if (!*keyword || *keyword == '#')
        return 0;
    char *end = keyword + strcspn(keyword, " \t\r\f=");
    const char *rest = skip_blanks(end);
    if (*rest == '=')
        rest = skip_blanks(rest + 1);
    if (*end)
        *end = '\0';
    if (strcasecmp(keyword, "Host") == 0)
        return take_host(r, rest);
    enum option_id o = option_by_keyword(keyword);
    return o == OPTIONS ? refuse_keyword(r, keyword) : take_setting(r, o, rest);
}

int configfile_parse(const char *text, size_t len, const char *name, const char *host,
                     struct settings *s, struct buf *complaint)
{
    struct reading r = {
        .name = name, .host = host, .applies = true, .settings = s, .complaint = complaint};
    struct buf line = {0};
    int err = 0;
    while (!err && len > 0) {
        const char *newline = memchr(text, '\n', len);
        size_t line_len = newline ? (size_t)(newline - text) : len;
        r.line++;
        buf_clear(&line);
        buf_append(&line, text, line_len);
        buf_append_byte(&line, '\0');
        if (memchr(text, '\0', line_len))
            err = complain(&r, "a byte of value 0; expected text");
        else
            err = take_line(&r, (char *)line.data);
        size_t taken = newline ? line_len + 1 : line_len;
        text += taken;
        len -= taken;
    }
    buf_release(&line);
    return err;
}

/* --- files --- */

static int refuse_file(const char *path, const char *why, struct buf *complaint)
{
    char text[512];
    snprintf(text, sizeof text, "%.300s: %s", path, why);
    buf_clear(complaint);
    buf_append_str(complaint, text);
    return -1;
}

static const char *complain_of_file(const struct stat *st)
{
    if (S_ISDIR(st->st_mode))
        return "a directory; expected a file";
    if (st->st_uid != 0 && st->st_uid != getuid())
        return "it belongs to another user; expected you or root";
    if (S_ISREG(st->st_mode) && (st->st_mode & (S_IWGRP | S_IWOTH)))
        return "others can write it, and there may be commands in it; try chmod go-w";
    if (st->st_size > CONFIGFILE_BYTES_MAX)
        return "it is larger than 1 MiB";
    return NULL;
}

static int read_open_file(int fd, const char *path, struct buf *text, struct buf *complaint)
{
    struct stat st;
    uint8_t bytes[4096];
    ssize_t got;
    if (fstat(fd, &st) != 0)
        return refuse_file(path, strerror(errno), complaint);
    const char *why = complain_of_file(&st);
    if (why)
        return refuse_file(path, why, complaint);
    while ((got = read(fd, bytes, sizeof bytes)) > 0 && text->len <= CONFIGFILE_BYTES_MAX)
        buf_append(text, bytes, (size_t)got);
    return got < 0 ? refuse_file(path, strerror(errno), complaint) : 0;
}

static int load_file(const char *path, bool must_exist, const char *host, struct settings *s,
                     struct buf *complaint)
{
    struct buf text = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 && !must_exist && (errno == ENOENT || errno == ENOTDIR))
        return 0;
    if (fd < 0)
        return refuse_file(path, strerror(errno), complaint);
    int err = read_open_file(fd, path, &text, complaint);
    close(fd);
    if (!err)
        err = configfile_parse((const char *)text.data, text.len, path, host, s, complaint);
    buf_release(&text);
    return err;
}

/* Appends the path, with its NUL; false if there is no home. */
static bool user_file(struct buf *path)
{
    const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (base && *base == '/') { /* a relative one is to be ignored, says the specification */
        buf_append_str(path, base);
    } else {
        const struct passwd *pw = home && *home ? NULL : getpwuid(getuid());
        if (pw)
            home = pw->pw_dir;
        if (!home || !*home)
            return false;
        buf_append_str(path, home);
        buf_append_str(path, "/.config");
    }
    buf_append_str(path, "/mosh/config");
    buf_append_byte(path, '\0');
    return true;
}

int configfile_load(const char *file, const char *host, struct settings *s, struct buf *complaint)
{
    struct buf path = {0};
    int err = 0;
    if (file && strcmp(file, "none") == 0)
        return 0;
    if (file)
        return load_file(file, true, host, s, complaint);
    if (user_file(&path))
        err = load_file((const char *)path.data, false, host, s, complaint);
    buf_release(&path);
    return err ? err : load_file(SYSCONFDIR "/mosh/config", false, host, s, complaint);
}
