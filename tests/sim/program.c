/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "program.h"

#define ANSWER       "\x1b[0n" /* to DSR, the question that the editor asks */
#define ANSWER_BYTES 4
#define FLOOD_MS     8
#define FLOOD_LINES  40

void program_init(struct program *p, enum program_kind kind, uint64_t seed)
{
    *p = (struct program){.kind = kind, .rng = {seed}, .next = MSEC_NEVER};
    if (kind == PROGRAM_EDITOR || kind == PROGRAM_DEAF)
        p->next = 0;
}

void program_release(struct program *p)
{
    buf_release(&p->read);
}

/* --- writing --- */

/* Writes `what` with a number below `limit` in the place of each '#'. */
static void put(struct program *p, const char *what, size_t limit, struct buf *out)
{
    for (; *what; what++) {
        if (*what == '#')
            buf_append_dec(out, rng_below(&p->rng, limit));
        else
            buf_append_byte(out, (uint8_t)*what);
    }
}

static void shell_echo(uint8_t byte, struct buf *out)
{
    if (byte == '\r') {
        buf_append_str(out, "\r\n\x1b[1;32m$\x1b[0m ");
    } else if (byte < ' ' || byte == 0x7F) {
        buf_append_byte(out, '^');
        buf_append_byte(out, byte ^ 0x40u);
    } else {
        buf_append_byte(out, byte);
    }
}

static void paint_text(struct program *p, struct buf *out)
{
    static const char *const words[] = {
        "word ", "\xc3\xa9t\xc3\xa9 ", "\xe4\xbd\xa0\xe5\xa5\xbd", "e\xcc\x81", "\xf0\x9f\x98\x80",
        "|||||", "\xe2\x94\x80",       "long long line ",          "\t",        "wrap\r\naround"};
    size_t count = 1 + rng_below(&p->rng, 12);

    for (size_t i = 0; i < count; i++)
        buf_append_str(out, words[rng_below(&p->rng, sizeof words / sizeof words[0])]);
}

/* One function of a terminal, with arguments around the size of the screen. */
static void paint(struct program *p, size_t rows, size_t cols, struct buf *out)
{
    static const char *const functions[] = {
        "\x1b[#;#H",
        "\x1b[3#m",
        "\x1b[38;5;#;4#m",
        "\x1b[0m",
        "\x1b[#J",
        "\x1b[#K",
        "\x1b[#L",
        "\x1b[#M",
        "\x1b[#@",
        "\x1b[#P",
        "\x1b[#X",
        "\x1b[#S",
        "\x1b[#T",
        "\x1b[#;#r",
        "\x1b[r",
        "\x1bM",
        "\x1b[?25l",
        "\x1b[?25h",
        "\x1b[?1049h",
        "\x1b[?1049l",
        "\x1b]0;title #\x07",
        "\x1b[?2004h",
        "\x1b[?1002h\x1b[?1006h",
        "\x1b[?1002l",
        "\x1b[5n",
        "\x07",
        "\x1b[1;4;7m",
        "\x1b[?5h\x1b[?5l",
        "\x1b]52;c;aGVsbG8=\x07",
        "\n",
        "\x1b[H\x1b[2J",
        "\x1b[48;2;1;#;#m",
    };
    const char *function = functions[rng_below(&p->rng, sizeof functions / sizeof functions[0])];

    put(p, function, (rows > cols ? rows : cols) + 2, out);
    paint_text(p, out);
}

static void flood(struct program *p, struct buf *out)
{
    for (size_t i = 0; i < FLOOD_LINES; i++)
        put(p, "a line of an endless stream: # # #\r\n", 1000000, out);
}

/* --- reading --- */

/* Keeps what the user typed, passes over answers. */
static bool is_typed(struct program *p, uint8_t byte)
{
    static const char answer[] = ANSWER;

    if (p->curious || byte != (uint8_t)answer[p->answer_bytes])
        return true;
    p->answer_bytes = (uint8_t)((p->answer_bytes + 1) % ANSWER_BYTES);
    return false;
}

static void react(struct program *p, uint8_t byte, struct buf *out)
{
    switch (p->kind) {
    case PROGRAM_SHELL:
    case PROGRAM_DEAF:
        shell_echo(byte, out);
        break;
    case PROGRAM_FLOODER:
        p->flooding = !p->flooding && !p->calm;
        p->next = p->flooding ? 0 : MSEC_NEVER;
        if (!p->flooding)
            buf_append_str(out, "^C\r\n$ ");
        break;
    case PROGRAM_EDITOR:
        if (rng_below(&p->rng, 4) == 0)
            paint(p, 24, 80, out);
        else
            shell_echo(byte, out);
        break;
    case PROGRAM_KINDS:
        break;
    }
}

size_t program_input(struct program *p, const uint8_t *bytes, size_t len, struct buf *out)
{
    if (p->deaf)
        return 0;
    if (len > 1)
        len = 1 + rng_below(&p->rng, len); /* not always all of it */
    for (size_t i = 0; i < len; i++) {
        if (!is_typed(p, bytes[i]))
            continue;
        buf_append_byte(&p->read, bytes[i]);
        react(p, bytes[i], out);
    }
    return len;
}

/* --- by itself --- */

void program_wake(struct program *p, msec_t now, size_t rows, size_t cols, struct buf *out)
{
    if (now < p->next)
        return;
    if (p->kind == PROGRAM_FLOODER) {
        flood(p, out);
        p->next = now + FLOOD_MS;
    } else if (p->kind == PROGRAM_EDITOR) {
        paint(p, rows, cols, out);
        p->next = now + rng_below(&p->rng, 1500);
    } else {
        p->deaf = !p->deaf;
        p->next = now + rng_below(&p->rng, 4000);
    }
}

msec_t program_deadline(const struct program *p)
{
    return p->next;
}

void program_calm(struct program *p)
{
    p->deaf = false;
    p->flooding = false;
    p->calm = true;
    p->next = MSEC_NEVER;
}
