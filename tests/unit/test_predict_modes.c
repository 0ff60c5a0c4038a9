/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/predict_session.h"

/*
 * R41 in an editor like vi, which asks for the key that a text is encrypted with, and in one of its
 * windows runs a shell, in which a program asks for a password. These show a sign for each key, or
 * nothing. What is typed has the look of commands.
 */

#define ROWS     8
#define COLS     30
#define SEEDS    1500
#define TEXT_MAX 20
#define LINES    (ROWS - 1)

enum mode { COMMAND, OPERATOR, INSERT, LAST_ROW, KEY, SHELL, PASSWORD };

static struct {
    enum mode mode;
    char line[LINES][TEXT_MAX + 1];
    size_t count, row, col;
    char command[TEXT_MAX + 1]; /* in the last row, or in the shell */
    size_t secret;              /* so many signs */
    bool silent, crypts_all;    /* each text is opened with a key */
    const char *todo;           /* what the user will type */
    char plan[64];
} vi;

/* --- what it shows --- */

static const char *last_row(void)
{
    static char text[COLS];

    switch (vi.mode) {
    case INSERT:
        return "-- INSERT --";
    case LAST_ROW:
        snprintf(text, sizeof text, ":%s", vi.command);
        return text;
    case KEY:
        snprintf(text, sizeof text, "Enter it: %.*s", vi.silent ? 0 : (int)vi.secret, "**********");
        return text;
    default:
        return "";
    }
}

static void draw(struct session *s)
{
    char text[64];
    size_t row = vi.row, col = vi.col;

    print(s, "\x1b[H");
    for (size_t i = 0; i < LINES; i++) {
        bool shell = i == 0 && vi.mode >= SHELL;
        print(s, shell ? "$ " : i < vi.count ? "" : "~");
        print(s, shell ? vi.command : i < vi.count ? vi.line[i] : "");
        print(s, "\x1b[K\r\n");
    }
    print(s, last_row());
    print(s, "\x1b[K");
    if (vi.mode == LAST_ROW || vi.mode == KEY)
        row = ROWS - 1, col = strlen(last_row());
    if (vi.mode == SHELL)
        row = 0, col = 2 + strlen(vi.command);
    if (vi.mode == PASSWORD)
        row = 1, col = 0;
    snprintf(text, sizeof text, "\x1b[%zu;%zuH", row + 1, col + 1);
    print(s, text);
}

/* --- what it does --- */

static size_t length(void)
{
    return strlen(vi.line[vi.row]);
}

static void stay_on_text(void)
{
    size_t len = length();

    if (vi.mode == COMMAND && vi.col >= len)
        vi.col = len > 0 ? len - 1 : 0;
}

static void open_line(size_t row)
{
    if (vi.count < LINES) {
        memmove(vi.line + row + 1, vi.line + row, (vi.count - row) * sizeof vi.line[0]);
        vi.line[row][0] = '\0';
        vi.count++;
        vi.row = row;
    }
    vi.col = 0;
}

static void begin_insertion(char command)
{
    vi.mode = INSERT;
    if (command == 'o' || command == 'O')
        open_line(vi.row + (command == 'o'));
    if (command == 'a' && length() > 0)
        vi.col++;
    if (command == 'A')
        vi.col = length();
    if (command == 'I')
        vi.col = strspn(vi.line[vi.row], " ");
}

static void take_command(char code)
{
    size_t len = length();

    if (code && strchr("iaIAoO", code)) {
        begin_insertion(code);
    } else if (code == ':') {
        vi.mode = LAST_ROW;
        vi.command[0] = '\0';
    } else if (code == 'd') {
        vi.mode = OPERATOR;
    } else if (code == 'x' && len > 0) {
        memmove(vi.line[vi.row] + vi.col, vi.line[vi.row] + vi.col + 1, len - vi.col);
    } else if (code == 'j' && vi.row + 1 < vi.count) {
        vi.row++;
    } else if (code == 'k' && vi.row > 0) {
        vi.row--;
    } else if (code == 'h' && vi.col > 0) {
        vi.col--;
    } else if (code == 'l') {
        vi.col++;
    } else if (code == '0' || code == '$') {
        vi.col = code == '0' ? 0 : len;
    }
}

static void insert(char code)
{
    char *line = vi.line[vi.row];
    size_t len = length();

    if (code == 0x1B) {
        vi.mode = COMMAND;
        vi.col -= vi.col > 0;
    } else if (code == '\r') {
        open_line(vi.row + 1);
    } else if (code == 0x7F && vi.col > 0) {
        memmove(line + vi.col - 1, line + vi.col, len - vi.col + 1);
        vi.col--;
    } else if (code >= ' ' && code < 0x7F && len < TEXT_MAX) {
        memmove(line + vi.col + 1, line + vi.col, len - vi.col + 1);
        line[vi.col++] = code;
    }
}

static void add_to_command(char code)
{
    size_t len = strlen(vi.command);

    if (code == 0x7F && len > 0)
        vi.command[len - 1] = '\0';
    else if (code >= ' ' && code < 0x7F && len < TEXT_MAX)
        vi.command[len] = code, vi.command[len + 1] = '\0';
}

static void ask(struct session *s, enum mode mode)
{
    vi.mode = mode;
    vi.secret = 0;
    vi.silent = chance(s, 2);
}

/* Of another text. */
static void open_text(struct session *s)
{
    static const char *const lines[] = {"int main", "", "  return x;", "one two, three", "}"};

    vi.count = 1 + chance(s, LINES);
    for (size_t i = 0; i < vi.count; i++)
        strcpy(vi.line[i], lines[chance(s, sizeof lines / sizeof lines[0])]);
    vi.row = vi.col = 0;
    vi.mode = COMMAND;
    if (vi.crypts_all)
        ask(s, KEY);
}

static void run_command(struct session *s)
{
    char first = vi.command[0];

    vi.command[0] = '\0';
    if (vi.mode == SHELL) {
        if (first == 's')
            ask(s, PASSWORD);
        else if (first == 'e')
            vi.mode = COMMAND;
    } else if (first == 'X') {
        ask(s, KEY);
    } else if (first == 'e') {
        open_text(s);
    } else {
        vi.mode = first == 't' ? SHELL : COMMAND;
    }
}

static void take_line_key(struct session *s, char code)
{
    if (code == '\r')
        run_command(s);
    else if (code == 0x1B && vi.mode == LAST_ROW)
        vi.mode = COMMAND;
    else
        add_to_command(code);
}

static void take_secret(struct session_key *key)
{
    char code = key->code[0];

    key->secret = code >= ' ';
    vi.secret += code >= ' ' && vi.secret < 10;
    if (code == '\r')
        vi.mode = vi.mode == PASSWORD ? SHELL : COMMAND;
}

static void take_key(struct session *s, struct session_key *key)
{
    char code = key->code[0];

    switch (vi.mode) {
    case COMMAND:
        take_command(code);
        break;
    case OPERATOR:
        vi.line[vi.row][0] = code == 'd' ? '\0' : vi.line[vi.row][0];
        vi.mode = COMMAND;
        break;
    case INSERT:
        insert(code);
        break;
    case LAST_ROW:
    case SHELL:
        take_line_key(s, code);
        break;
    default:
        take_secret(key);
    }
    stay_on_text();
    draw(s);
}

/* --- the user --- */

static const char *choose_plan(struct session *s)
{
    static const char *const plans[] = {
        "ilong \x1b", "Axylo\x1b", "ohello\x1b", "iab\rcd\x1b", "jjk",  "0lx",          "$h",
        "dd",         ":w\r",      ":X\r",       ":ts\r",       ":t\r", "s\r",          "e\r",
        "iAox\r",     "aiIxkj\r",  "\x1b",       ":e\r",        "\r",   "A ix\x7f\x1b",
    };
    size_t from = 0;

    if (chance(s, 3) > 0)
        return plans[chance(s, sizeof plans / sizeof plans[0])];
    while (from < 1 + chance(s, 8)) /* anything */
        vi.plan[from++] = "abhijklotxAIOX: \r\x1b\x7f"[chance(s, 19)];
    vi.plan[from] = '\0';
    return vi.plan;
}

static void choose_key(struct session *s, char code[4])
{
    while (!vi.todo || !*vi.todo)
        vi.todo = choose_plan(s);
    code[0] = *vi.todo++;
}

static void open_vi(struct session *s)
{
    memset(&vi, 0, sizeof vi);
    vi.crypts_all = chance(s, 4) == 0;
    open_text(s);
    draw(s);
}

static void R41_secrets_in_editors_are_never_shown(void **state)
{
    static const struct session_program program = {
        .rows = ROWS,
        .cols = COLS,
        .begin = open_vi,
        .choose_key = choose_key,
        .take_key = take_key,
    };
    (void)state;

    run_sessions(&program, SEEDS, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(R41_secrets_in_editors_are_never_shown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
