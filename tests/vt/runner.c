/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs terminal scripts; README.md in this folder describes them. */

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coverage.h"

#include "terminal/display.h"
#include "terminal/emulator.h"
#include "terminal/emulator_internal.h"
#include "util/buf.h"

#define LINE_BYTES_MAX 65536
#define ARGS_MAX       4

struct arg {
    char bytes[LINE_BYTES_MAX];
    size_t len;
};

struct script {
    const char *file;
    size_t line;
    size_t checks, failures;
    struct emulator *emulator;
    struct emulator *shown; /* as it was at the last `diff` */
    struct buf reply;
    struct profile profile; /* of the client */
    uint64_t events_seen;
    struct arg arg[ARGS_MAX];
    size_t arg_count;
};

static void NORETURN PRINTF_LIKE(2, 3) die(const struct script *s, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fprintf(stderr, "%s:%zu: ", s->file, s->line);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    exit(99); /* for automake: an error of the test, not of what it tests */
}

/* Reading a line: a word is bare, or in double quotes and then with the escapes of C and \e. */

static int hex_value(char c)
{
    return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

static char read_escape(const struct script *s, const char **at)
{
    static const char names[] = "abefnrtv\\\"", values[] = "\a\b\033\f\n\r\t\v\\\"";
    const char *c = *at, *name = *c ? strchr(names, *c) : NULL;
    int value = 0, digits = 0;

    if (name) {
        *at = c + 1;
        return values[name - names];
    }
    if (*c == 'x') {
        for (c++; digits < 2 && isxdigit((unsigned char)*c); c++, digits++)
            value = value * 16 + hex_value(*c);
    } else {
        for (; digits < 3 && *c >= '0' && *c <= '7'; c++, digits++)
            value = value * 8 + *c - '0';
    }
    if (digits == 0)
        die(s, "unknown escape \\%c", **at);
    *at = c;
    return (char)value;
}

static const char *read_word(const struct script *s, const char *at, struct arg *arg)
{
    bool quoted = *at == '"';

    arg->len = 0;
    for (at += quoted; quoted ? *at != '"' : *at && !isspace((unsigned char)*at);) {
        if (!*at)
            die(s, "no closing quote");
        char c = *at++;
        if (quoted && c == '\\')
            c = read_escape(s, &at);
        arg->bytes[arg->len++] = c;
    }
    arg->bytes[arg->len] = '\0';
    return at + quoted;
}

static void read_line(struct script *s, const char *at)
{
    s->arg_count = 0;
    for (;;) {
        while (isspace((unsigned char)*at))
            at++;
        if (!*at || *at == '#')
            return;
        if (s->arg_count == ARGS_MAX)
            die(s, "too many words");
        at = read_word(s, at, &s->arg[s->arg_count++]);
    }
}

static size_t number(const struct script *s, size_t index)
{
    char *end;
    unsigned long long n = strtoull(s->arg[index].bytes, &end, 10);

    if (*end || s->arg[index].len == 0)
        die(s, "not a number: %s", s->arg[index].bytes);
    return (size_t)n;
}

static bool on_or_off(const struct script *s, size_t index)
{
    bool on = strcmp(s->arg[index].bytes, "on") == 0;

    if (!on && strcmp(s->arg[index].bytes, "off") != 0)
        die(s, "neither on nor off: %s", s->arg[index].bytes);
    return on;
}

/* Saying what is wrong. */

static void print_escaped(const char *label, const char *bytes, size_t len)
{
    fprintf(stderr, "  %s \"", label);
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c == 033)
            fputs("\\e", stderr);
        else if (c == '"' || c == '\\')
            fprintf(stderr, "\\%c", c);
        else if (c < 0x20 || c == 0x7F)
            fprintf(stderr, "\\x%02x", c);
        else
            fputc(c, stderr);
    }
    fputs("\"\n", stderr);
}

static void expect_bytes(struct script *s, const struct arg *want, const void *got, size_t got_len)
{
    s->checks++;
    if (want->len == got_len && (got_len == 0 || memcmp(want->bytes, got, got_len) == 0))
        return;
    s->failures++;
    fprintf(stderr, "%s:%zu: %s\n", s->file, s->line, s->arg[0].bytes);
    print_escaped("expected", want->bytes, want->len);
    print_escaped("got     ", got, got_len);
}

static void expect_number(struct script *s, const char *what, uint64_t want, uint64_t got)
{
    s->checks++;
    if (want == got)
        return;
    s->failures++;
    fprintf(stderr, "%s:%zu: %s: expected %" PRIu64 ", got %" PRIu64 "\n", s->file, s->line, what,
            want, got);
}

static void expect_bool(struct script *s, const char *what, bool want, bool got)
{
    s->checks++;
    if (want == got)
        return;
    s->failures++;
    fprintf(stderr, "%s:%zu: %s is %s\n", s->file, s->line, what, got ? "on" : "off");
}

static void expect_text(struct script *s, const struct text *got)
{
    static const struct arg never = {"never", 5};

    if (got)
        expect_bytes(s, &s->arg[1], got->bytes, got->len);
    else
        expect_bytes(s, &s->arg[1], never.bytes, never.len);
}

/* The commands. */

static void expect_no_reply(struct script *s)
{
    static const struct arg nothing;

    if (s->reply.len > 0)
        expect_bytes(s, &nothing, s->reply.data, s->reply.len);
    buf_clear(&s->reply);
}

static void start(struct script *s, enum emulator_role role)
{
    size_t rows = number(s, 1), cols = number(s, 2);

    if (!screen_size_valid((int64_t)rows, (int64_t)cols))
        die(s, "no such size");
    expect_no_reply(s);
    coverage_begin();
    emulator_free(s->emulator);
    emulator_free(s->shown);
    s->profile = profile_silent;
    s->emulator = emulator_new(role, rows, cols);
    s->events_seen = 0;
    s->shown = emulator_clone(s->emulator);
}

static void run_size(struct script *s)
{
    start(s, EMULATOR_HOST);
}

static void run_mirror(struct script *s)
{
    start(s, EMULATOR_MIRROR);
}

static void run_resize(struct script *s)
{
    emulator_resize(s->emulator, number(s, 1), number(s, 2));
    emulator_report_size(s->emulator, &s->reply);
}

static void write_bytes(struct script *s, const struct arg *arg)
{
    coverage_see((const uint8_t *)arg->bytes, arg->len);
    emulator_write(s->emulator, (const uint8_t *)arg->bytes, arg->len, &s->reply);
}

static void run_write(struct script *s)
{
    write_bytes(s, &s->arg[1]);
}

static void run_repeat(struct script *s)
{
    for (size_t n = number(s, 1); n > 0; n--)
        write_bytes(s, &s->arg[2]);
}

/* What stands at the place that arguments 1 and, if it names a cell, 2 give. */
static const struct row *row_at(const struct script *s)
{
    const struct screen *screen = emulator_screen(s->emulator);
    size_t row = number(s, 1);

    if (row >= screen->rows)
        die(s, "no such row");
    return screen->row[row];
}

static struct cell cell_at(const struct script *s)
{
    const struct row *r = row_at(s);
    size_t col = number(s, 2);

    if (col >= r->cols)
        die(s, "no such column");
    return r->cell[col];
}

static void run_row(struct script *s)
{
    const struct row *r = row_at(s);
    struct arg *want = &s->arg[2];
    struct buf got = {0};

    for (size_t col = 0; col < r->cols; col++)
        row_put_text(r, col, &got);
    while (got.len > 0 && got.data[got.len - 1] == ' ')
        got.len--;
    while (want->len > 0 && want->bytes[want->len - 1] == ' ')
        want->len--;
    expect_bytes(s, want, got.data, got.len);
    buf_release(&got);
}

static void run_erased(struct script *s)
{
    expect_bool(s, "erased", on_or_off(s, 3), cell_is_erased(cell_at(s)));
}

static void run_wrapped(struct script *s)
{
    expect_bool(s, "wrap flag", on_or_off(s, 2), row_at(s)->wrapped);
}

static void run_cursor(struct script *s)
{
    expect_number(s, "cursor's row", number(s, 1), emulator_screen(s->emulator)->cursor_row);
    expect_number(s, "cursor's column", number(s, 2), emulator_screen(s->emulator)->cursor_col);
}

static void run_pending(struct script *s)
{
    expect_bool(s, "pending wrap", on_or_off(s, 1), s->emulator->wrap_pending);
}

static void run_reply(struct script *s)
{
    expect_bytes(s, &s->arg[1], s->reply.data, s->reply.len);
    buf_clear(&s->reply);
}

static void expect_diff(struct script *s, const struct caps *caps)
{
    struct buf out = {0};

    display_diff(caps, emulator_screen(s->shown), emulator_screen(s->emulator), &out);
    expect_bytes(s, &s->arg[1], out.data, out.len);
    buf_release(&out);
    emulator_free(s->shown);
    s->shown = emulator_clone(s->emulator);
}

static void run_diff(struct script *s)
{
    expect_diff(s, &caps_mirror);
}

static void run_extended(struct script *s)
{
    expect_diff(s, &caps_extended);
}

static void describe_colour(struct buf *out, const char *label, uint32_t colour)
{
    char text[32];

    if (colour == COLOUR_DEFAULT)
        return;
    if (COLOUR_KIND(colour) == COLOUR_RGB)
        snprintf(text, sizeof text, " %s=#%06x", label, (unsigned)COLOUR_VALUE(colour));
    else
        snprintf(text, sizeof text, " %s=%u", label, (unsigned)COLOUR_VALUE(colour));
    buf_append_str(out, text);
}

static void expect_style(struct script *s, const struct arg *want, const struct style *style)
{
    static const struct {
        uint16_t bit;
        const char *name;
    } attributes[] = {
        {STYLE_BOLD, " bold"},
        {STYLE_FAINT, " faint"},
        {STYLE_ITALIC, " italic"},
        {STYLE_BLINK, " blink"},
        {STYLE_INVERSE, " inverse"},
        {STYLE_INVISIBLE, " invisible"},
        {STYLE_STRUCK, " struck"},
        {STYLE_OVERLINE, " overline"},
        {STYLE_RAPID_BLINK, " rapid-blink"},
    };
    static const char *const underlines[] = {"",       " underline", " double-underline",
                                             " curly", " dotted",    " dashed"};
    const struct text *link = pool_link(emulator_screen(s->emulator)->pool, style->link);
    struct buf got = {0};

    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
        if (style->attributes & attributes[i].bit)
            buf_append_str(&got, attributes[i].name);
    }
    buf_append_str(&got, underlines[style->underline]);
    describe_colour(&got, "fg", style->foreground);
    describe_colour(&got, "bg", style->background);
    describe_colour(&got, "ul", style->underline_colour);
    if (link) {
        buf_append_str(&got, " link=");
        buf_append(&got, link->bytes, link->len);
    }
    if (got.len == 0)
        buf_append_str(&got, " plain");
    expect_bytes(s, want, got.data + 1, got.len - 1);
    buf_release(&got);
}

static void run_style(struct script *s)
{
    expect_style(s, &s->arg[3], pool_style(emulator_screen(s->emulator)->pool, cell_at(s).style));
}

static void run_pen(struct script *s)
{
    expect_style(s, &s->arg[1], &emulator_screen(s->emulator)->pen);
}

static void describe_number(struct buf *out, const char *label, unsigned value)
{
    if (value == 0)
        return;
    buf_append_str(out, label);
    buf_append_dec(out, value);
}

static void run_registers(struct script *s)
{
    const struct registers *r = &emulator_screen(s->emulator)->registers;
    struct buf got = {0};

    describe_number(&got, " cursor=", r->cursor_style);
    if (r->cursor_blink)
        buf_append_str(&got, " blink");
    describe_colour(&got, "colour", r->cursor_colour);
    describe_colour(&got, "fg", r->foreground);
    describe_colour(&got, "bg", r->background);
    for (unsigned i = 0; r->palette && i < PALETTE_COLOURS; i++) {
        char label[16];
        snprintf(label, sizeof label, "%u", i);
        describe_colour(&got, label, r->palette->colour[i]);
    }
    describe_number(&got, " progress=", r->progress);
    describe_number(&got, " percent=", r->percent);
    if (r->directory) {
        buf_append_byte(&got, ' ');
        buf_append(&got, r->directory->bytes, r->directory->len);
    }
    if (got.len == 0)
        buf_append_str(&got, " initial");
    expect_bytes(s, &s->arg[1], got.data + 1, got.len - 1);
    buf_release(&got);
}

/* The client says one thing more of itself. */
static void run_profile(struct script *s)
{
    struct profile *p = &s->profile;
    const char *name = s->arg[1].bytes, *given = s->arg[2].bytes;
    char *end;
    unsigned long value = strtoul(given, &end, 0);

    if (end == given || *end)
        die(s, "no number: %s", given);
    if (strcmp(name, "features") == 0)
        p->features = (uint32_t)value;
    else if (strcmp(name, "abilities") == 0)
        p->abilities = (uint32_t)value;
    else if (strcmp(name, "colours") == 0)
        p->colours = (uint32_t)value;
    else if (strcmp(name, "foreground") == 0)
        p->foreground = (uint32_t)value;
    else if (strcmp(name, "background") == 0)
        p->background = (uint32_t)value;
    else if (strcmp(name, "cursor") == 0)
        p->cursor = (uint32_t)value;
    else if (strcmp(name, "red") == 0)
        p->palette[1] = (uint32_t)value;
    else if (strcmp(name, "cell-width") == 0)
        p->cell_width = (uint16_t)value;
    else if (strcmp(name, "cell-height") == 0)
        p->cell_height = (uint16_t)value;
    else if (strcmp(name, "scheme") == 0)
        p->scheme = (enum profile_scheme)value;
    else
        die(s, "no such part of a profile: %s", name);
    emulator_set_profile(s->emulator, p, &s->reply);
}

static void run_title(struct script *s)
{
    expect_text(s, emulator_screen(s->emulator)->window_title);
}

static void run_icon(struct script *s)
{
    expect_text(s, emulator_screen(s->emulator)->icon_name);
}

static void run_clipboard(struct script *s)
{
    expect_text(s, emulator_screen(s->emulator)->clipboard);
}

static void describe_event(struct buf *out, const struct screen_event *event)
{
    static const char *const kinds[] = {
        [EVENT_CLIPBOARD] = " clipboard[", [EVENT_NOTE] = " note[", [EVENT_READ] = " read["};

    buf_append_str(out, kinds[event->kind]);
    buf_append(out, event->name->bytes, event->name->len);
    buf_append_str(out, "]");
    buf_append(out, event->text->bytes, event->text->len);
}

static void run_marks(struct script *s)
{
    const struct row *r = row_at(s);
    struct buf got = {0};

    buf_append_str(&got, r->marks & ROW_OUTPUT_END ? " D" : "");
    buf_append_str(&got, r->marks & ROW_PROMPT ? " A" : "");
    buf_append_str(&got, r->marks & ROW_OUTPUT ? " C" : "");
    describe_number(&got, " input=", r->input);
    if (got.len == 0)
        buf_append_str(&got, " none");
    expect_bytes(s, &s->arg[2], got.data + 1, got.len - 1);
    buf_release(&got);
}

static void run_input(struct script *s)
{
    size_t row = 0, col = 0;
    bool found = screen_input_start(emulator_screen(s->emulator), &row, &col);

    if (strcmp(s->arg[1].bytes, "none") == 0) {
        expect_bool(s, "input", false, found);
        return;
    }
    expect_bool(s, "input", true, found);
    expect_number(s, "row of the input", number(s, 1), row);
    expect_number(s, "column of the input", number(s, 2), col);
}

/* All since the last `events`. */
static void run_events(struct script *s)
{
    const struct events *events = emulator_screen(s->emulator)->events;
    struct buf got = {0};

    for (size_t i = 0; events && i < events->count; i++) {
        if (events->event[i].number > s->events_seen)
            describe_event(&got, &events->event[i]);
    }
    s->events_seen = events_newest(events);
    if (got.len == 0)
        buf_append_str(&got, " none");
    expect_bytes(s, &s->arg[1], got.data + 1, got.len - 1);
    buf_release(&got);
}

static void run_bells(struct script *s)
{
    expect_number(s, "bells", number(s, 1), emulator_screen(s->emulator)->bells);
}

static void run_mouse(struct script *s)
{
    expect_number(s, "mouse reporting", number(s, 1),
                  screen_mouse_reporting(emulator_screen(s->emulator)));
    expect_number(s, "mouse encoding", number(s, 2),
                  screen_mouse_encoding(emulator_screen(s->emulator)));
}

static void run_mode(struct script *s)
{
    const struct screen *screen = emulator_screen(s->emulator);
    const struct {
        size_t number;
        bool on;
    } modes[] = {
        {1, emulator_application_cursor_keys(s->emulator)},
        {5, screen->reverse_video},
        {25, screen->cursor_visible},
        {1004, screen->focus_reporting},
        {1007, screen->alternate_scroll},
        {2004, screen->bracketed_paste},
    };
    size_t i = 0;

    while (i < sizeof modes / sizeof *modes && modes[i].number != number(s, 1))
        i++;
    if (i == sizeof modes / sizeof *modes)
        die(s, "no such mode");
    expect_bool(s, "mode", on_or_off(s, 2), modes[i].on);
}

static void run_keyboards(struct script *s)
{
    emulator_allow_keyboards(s->emulator, on_or_off(s, 1), on_or_off(s, 2));
}

static void run_keyboard(struct script *s)
{
    expect_number(s, "kitty flags", number(s, 1), emulator_screen(s->emulator)->kitty_flags);
    expect_number(s, "modifyOtherKeys", number(s, 2),
                  emulator_screen(s->emulator)->modify_other_keys);
}

static const struct command {
    const char *name;
    size_t args;
    void (*run)(struct script *s);
} commands[] = {
    {"size", 2, run_size},         {"mirror", 2, run_mirror},
    {"resize", 2, run_resize},     {"write", 1, run_write},
    {"repeat", 2, run_repeat},     {"row", 2, run_row},
    {"erased", 3, run_erased},     {"wrapped", 2, run_wrapped},
    {"cursor", 2, run_cursor},     {"wrap-pending", 1, run_pending},
    {"reply", 1, run_reply},       {"style", 3, run_style},
    {"pen", 1, run_pen},           {"title", 1, run_title},
    {"icon", 1, run_icon},         {"clipboard", 1, run_clipboard},
    {"bells", 1, run_bells},       {"mouse", 2, run_mouse},
    {"mode", 2, run_mode},         {"diff", 1, run_diff},
    {"extended", 1, run_extended}, {"registers", 1, run_registers},
    {"profile", 2, run_profile},   {"keyboards", 2, run_keyboards},
    {"events", 1, run_events},     {"marks", 2, run_marks},
    {"input", 2, run_input},       {"keyboard", 2, run_keyboard},
};

static void run_line(struct script *s)
{
    size_t i = 0;

    while (i < sizeof commands / sizeof *commands && strcmp(commands[i].name, s->arg[0].bytes) != 0)
        i++;
    if (i == sizeof commands / sizeof *commands)
        die(s, "unknown command: %s", s->arg[0].bytes);
    if (s->arg_count != commands[i].args + 1)
        die(s, "%s takes %zu words", commands[i].name, commands[i].args);
    if (!s->emulator && commands[i].run != run_size && commands[i].run != run_mirror)
        die(s, "no size yet");
    commands[i].run(s);
}

/* *checks is how many were made. */
static bool run_file(const char *file, size_t *checks)
{
    static char line[LINE_BYTES_MAX];
    static struct script s;
    FILE *in = fopen(file, "r");

    s.file = file;
    s.line = s.checks = s.failures = 0;
    if (!in)
        die(&s, "cannot be read");
    while (fgets(line, sizeof line, in)) {
        s.line++;
        read_line(&s, line);
        if (s.arg_count > 0)
            run_line(&s);
    }
    fclose(in);
    if (s.line == 0)
        die(&s, "nothing in it");
    expect_no_reply(&s);
    emulator_free(s.emulator);
    emulator_free(s.shown);
    s.emulator = s.shown = NULL;
    buf_release(&s.reply);
    *checks = s.checks;
    return s.failures == 0;
}

/* Runs them only to see what they use. */
static int run_for_coverage(int count, char **files)
{
    size_t checks;

    for (int i = 0; i < count; i++)
        (void)run_file(files[i], &checks);
    return coverage_report() == 0 ? 0 : 1;
}

/* Prints for each file whether all went well, and how many checks there were. */
static int run_for_score(int count, char **files)
{
    for (int i = 0; i < count; i++) {
        size_t checks = 0;
        bool ok = run_file(files[i], &checks);
        printf("%s %zu %s\n", ok ? "ok" : "bad", checks, files[i]);
    }
    return 0;
}

/* Prints TAP, with a check for each file. */
int main(int argc, char **argv)
{
    bool passed = argc > 1;
    size_t checks;

    if (argc > 1 && strcmp(argv[1], "--coverage") == 0)
        return run_for_coverage(argc - 2, argv + 2);
    if (argc > 1 && strcmp(argv[1], "--score") == 0)
        return run_for_score(argc - 2, argv + 2);
    printf("1..%d\n", argc - 1);
    for (int i = 1; i < argc; i++) {
        bool ok = run_file(argv[i], &checks);
        printf("%s %d - %s\n", ok ? "ok" : "not ok", i, argv[i]);
        passed &= ok;
    }
    return passed ? 0 : 1;
}
