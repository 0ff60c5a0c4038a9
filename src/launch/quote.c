/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "launch/quote.h"

#include <string.h>

void quote_append(struct buf *out, const char *word)
{
    buf_append_byte(out, '\'');
    for (; *word; word++) {
        if (strchr("'\\!", *word)) {
            buf_append_str(out, "'\\"); /* close, the character by itself, open again */
            buf_append_byte(out, (uint8_t)*word);
            buf_append_byte(out, '\'');
        } else {
            buf_append_byte(out, (uint8_t)*word);
        }
    }
    buf_append_byte(out, '\'');
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

/* Takes a backslash pair at *at. Between double quotes the backslash only stands before some. */
static int take_escaped(const char **at, bool in_double_quotes, struct buf *word)
{
    char next = (*at)[1];
    if (next == '\0')
        return QUOTE_DANGLING;
    *at += 2;
    if (next == '\n')
        return 0; /* a line that goes on */
    if (in_double_quotes && !strchr("$`\"\\", next))
        buf_append_byte(word, '\\');
    buf_append_byte(word, (uint8_t)next);
    return 0;
}

/* Takes a quoted stretch; *at is at its opening quote and is left behind its closing one. */
static int take_quoted(const char **at, struct buf *word)
{
    char quote = *(*at)++;
    while (**at != quote) {
        if (**at == '\0')
            return QUOTE_UNTERMINATED;
        if (**at == '\\' && quote == '"') {
            if (take_escaped(at, true, word) < 0)
                return QUOTE_UNTERMINATED;
        } else {
            buf_append_byte(word, (uint8_t) * (*at)++);
        }
    }
    (*at)++;
    return 0;
}

static int take_word(const char **at, struct buf *word)
{
    int err = 0;
    while (!err && **at != '\0' && !is_blank(**at)) {
        if (**at == '\'' || **at == '"')
            err = take_quoted(at, word);
        else if (**at == '\\')
            err = take_escaped(at, false, word);
        else
            buf_append_byte(word, (uint8_t) * (*at)++);
    }
    return err;
}

int quote_split(const char *command, struct words *out)
{
    struct words found = {0};
    struct buf word = {0};
    int err = 0;
    for (;;) {
        while (is_blank(*command))
            command++;
        if (*command == '\0')
            break;
        err = take_word(&command, &word);
        if (err)
            break;
        words_add_buf(&found, &word);
    }
    if (!err)
        words_add_all(out, &found);
    words_release(&found);
    buf_release(&word);
    return err;
}
