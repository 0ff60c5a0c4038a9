/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "launch/failure.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "launch/package.h"
#include "launch/remote.h"

enum { SSH_FAILED = 255, SHELL_NOT_FOUND = 127, SHELL_NOT_EXECUTABLE = 126 };

static PRINTF_LIKE(2, 3) void append(struct buf *out, const char *format, ...)
{
    char line[512];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    buf_append_str(out, line);
}

/* The form of each line that connectline.h names. */
static const char *expected_form(const char *tag)
{
    if (strcmp(tag, "MOSH CONNECT ") == 0)
        return "MOSH CONNECT, a port from 1 to 65535, and a key of 22 characters";
    if (strcmp(tag, "MOSH IP ") == 0)
        return "MOSH IP and a numeric address";
    if (strcmp(tag, "MOSH ALSO ") == 0)
        return "MOSH ALSO and a numeric address";
    return "MOSH SSH_CONNECTION, an address, a port, an address and a port";
}

static void explain_line(const struct failure *f, struct buf *out)
{
    int tag_len = (int)strlen(f->lines->tag) - 1; /* without its space */
    if (f->lines->status == CONNECT_REPEATED)
        append(out, "the answer from %s has a second line %.*s, so it cannot be trusted", f->host,
               tag_len, f->lines->tag);
    else
        append(out, "the answer from %s has a line %.*s that is not understood; expected %s",
               f->host, tag_len, f->lines->tag, expected_form(f->lines->tag));
}

static void explain_missing(const struct failure *f, struct buf *out)
{
    const struct package *package = package_find(f->lines->system);
    append(out, "%s was not found on %s", f->server, f->host);
    if (f->lines->missing)
        append(out, ", neither in the PATH nor in " REMOTE_PLACES);
    if (package)
        append(out, "; install it there (on %s: %s)", package->id, package->command);
    else
        append(out, "; install mosh there");
    append(out, ", or say where it is with --server=/PATH/TO/mosh-server");
}

static enum exit_status explain_status(const struct failure *f, int status, struct buf *out)
{
    const char *see = f->was_text_shown ? "; what it said is above" : ", and said nothing";
    if (f->lines->missing || status == SHELL_NOT_FOUND || (status != 0 && f->command_not_found)) {
        explain_missing(f, out);
        return STATUS_NO_SERVER;
    }
    if (status == SSH_FAILED && !f->is_local) {
        append(out, "%s could not connect to %s or log in there (status %d)%s", f->program, f->host,
               status, see);
        return STATUS_SSH;
    }
    if (status == SHELL_NOT_EXECUTABLE)
        append(out, "%s on %s cannot be executed (status %d)%s", f->server, f->host, status, see);
    else if (status != 0)
        append(out, "%s on %s failed with status %d%s", f->server, f->host, status, see);
    else
        append(out, "%s on %s ended without opening a session: no line MOSH CONNECT came%s",
               f->server, f->host, see);
    return STATUS_SERVER;
}

enum exit_status failure_explain(const struct failure *f, struct buf *out)
{
    int status = f->end.wait_status;
    if (f->lines->status == CONNECT_BAD || f->lines->status == CONNECT_REPEATED) {
        explain_line(f, out);
        return STATUS_ANSWER;
    }
    if (f->end.error) {
        append(out, "cannot run %s: %s", f->program, strerror(f->end.error));
        return STATUS_HERE;
    }
    if (WIFSIGNALED(status)) {
        append(out, "%s was ended by signal %d (%s) before a session was opened", f->program,
               WTERMSIG(status), strsignal(WTERMSIG(status)));
        return f->is_local ? STATUS_SERVER : STATUS_SSH;
    }
    return explain_status(f, WEXITSTATUS(status), out);
}

bool failure_says_not_found(const struct buf *text)
{
    static const char phrase[] = "ommand not found";
    return text->len > 0 && memmem(text->data, text->len, phrase, sizeof phrase - 1);
}
