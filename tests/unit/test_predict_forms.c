/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/predict_session.h"

/*
 * R41 in programs with a screen of their own: a form whose fields lie below one another, some for
 * secrets, which show a sign for each key, or nothing. The program reads keys, so the terminal says
 * nothing of which field hides what is typed. Keys lead from one field to another, or to another
 * page with other fields in the same places. In front of a field something stands that asks for it;
 * rows without that are lines of a text, where Enter leads to the next line and nowhere else.
 */

#define ROWS      8
#define COLS      30
#define SEEDS     1500
#define FIELD_MAX 8

struct field {
    size_t label; /* so many columns of it stand before what is typed */
    bool secret, silent;
    char text[FIELD_MAX + 1];
    size_t len, at;
};

static struct {
    struct field field[ROWS];
    size_t current;
    bool sticky; /* the cursor keeps its column, as in an editor; else it goes to the end */
} form;

static void put_cursor(struct session *s)
{
    const struct field *f = &form.field[form.current];
    char text[32];
    size_t col = f->label + (f->secret && f->silent ? 0 : f->at);

    snprintf(text, sizeof text, "\x1b[%zu;%zuH", form.current + 1, col + 1);
    print(s, text);
}

static void draw_field(struct session *s, size_t row)
{
    const struct field *f = &form.field[row];
    char text[64];

    snprintf(text, sizeof text, "\x1b[%zu;%zuH\x1b[K", row + 1, f->label + 1);
    print(s, text);
    for (size_t i = 0; i < f->len && !(f->secret && f->silent); i++)
        print(s, f->secret ? "*" : (const char[]){f->text[i], 0});
}

static void new_page(struct session *s)
{
    static const char labels[] = "name: word "; /* or part of it */

    print(s, "\x1b[2J");
    for (size_t row = 0; row < ROWS; row++) {
        char text[64];
        struct field *f = &form.field[row];
        *f = (struct field){.secret = chance(s, 3) == 0, .silent = chance(s, 2)};
        f->label = chance(s, 2) ? 6 * chance(s, 2) : chance(s, sizeof labels);
        if (f->secret && f->label == 0)
            f->label = 6;
        snprintf(text, sizeof text, "\x1b[%zu;1H%.*s", row + 1, (int)f->label, labels);
        print(s, text);
    }
    form.current = chance(s, ROWS);
    put_cursor(s);
}

static void move(struct session *s, bool down)
{
    size_t at = form.field[form.current].at;
    struct field *f;

    form.current = (form.current + (down ? 1 : ROWS - 1)) % ROWS;
    f = &form.field[form.current];
    f->at = !form.sticky || at > f->len ? f->len : at;
    put_cursor(s);
}

static void insert(struct session *s, struct session_key *k)
{
    struct field *f = &form.field[form.current];

    k->secret = f->secret;
    if (f->len == FIELD_MAX)
        return;
    memmove(f->text + f->at + 1, f->text + f->at, f->len - f->at);
    f->text[f->at++] = k->code[0];
    f->len++;
    draw_field(s, form.current);
    put_cursor(s);
}

static void rub_out(struct session *s)
{
    struct field *f = &form.field[form.current];

    if (f->at == 0)
        return;
    memmove(f->text + f->at - 1, f->text + f->at, f->len - f->at);
    f->at--;
    f->len--;
    draw_field(s, form.current);
    put_cursor(s);
}

static void take_key(struct session *s, struct session_key *k)
{
    struct field *f = &form.field[form.current];

    switch (k->code[0] == 0x1B ? k->code[2] : k->code[0]) {
    case 'A':
    case 'B':
        move(s, k->code[2] == 'B');
        break;
    case 'C':
    case 'F':
        f->at = k->code[2] == 'F' || f->at == f->len ? f->len : f->at + 1;
        put_cursor(s);
        break;
    case 'D':
    case 'H':
        f->at = k->code[2] == 'H' || f->at == 0 ? 0 : f->at - 1;
        put_cursor(s);
        break;
    case '\r':
        if (f->label > 0 && chance(s, 3) == 0)
            new_page(s);
        else
            move(s, true);
        break;
    case 0x7F:
        rub_out(s);
        break;
    default:
        insert(s, k);
    }
}

static void choose_key(struct session *s, char code[4])
{
    static const char *const keys[] = {"\x1b[A", "\x1b[B", "\x1b[A", "\x1b[B", "\x1b[C",
                                       "\x1b[D", "\x1b[F", "\x1b[H", "\r",     "\x7f"};

    if (chance(s, 100) < 65)
        code[0] = chance(s, 8) ? (char)('a' + chance(s, 26)) : ' ';
    else
        strcpy(code, keys[chance(s, sizeof keys / sizeof keys[0])]);
}

static void open_form(struct session *s)
{
    form.sticky = chance(s, 2);
    new_page(s);
}

static void R41_secrets_in_forms_are_never_shown(void **state)
{
    static const struct session_program program = {
        .rows = ROWS,
        .cols = COLS,
        .begin = open_form,
        .choose_key = choose_key,
        .take_key = take_key,
    };
    (void)state;

    run_sessions(&program, SEEDS, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(R41_secrets_in_forms_are_never_shown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
