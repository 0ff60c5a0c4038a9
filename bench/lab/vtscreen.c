/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vtscreen.h"

#include <stdlib.h>
#include <string.h>
#include <vterm.h>

#include "util/utf8.h"
#include "util/xalloc.h"

struct vtscreen {
    VTerm *vt;
    VTermScreen *screen;
    size_t rows, cols;
    struct buf *reply; /* while a function runs */
};

static void take_output(const char *bytes, size_t len, void *context)
{
    struct vtscreen *j = context;

    if (j->reply)
        buf_append(j->reply, bytes, len);
}

struct vtscreen *vtscreen_new(size_t rows, size_t cols)
{
    struct vtscreen *j = xcalloc(1, sizeof *j);

    j->rows = rows;
    j->cols = cols;
    j->vt = vterm_new((int)rows, (int)cols);
    vterm_set_utf8(j->vt, 1);
    vterm_output_set_callback(j->vt, take_output, j);
    j->screen = vterm_obtain_screen(j->vt);
    vterm_screen_enable_altscreen(j->screen, 1);
    vterm_screen_reset(j->screen, 1);
    return j;
}

void vtscreen_free(struct vtscreen *j)
{
    if (!j)
        return;
    vterm_free(j->vt);
    free(j);
}

void vtscreen_write(struct vtscreen *j, const uint8_t *bytes, size_t len, struct buf *reply)
{
    j->reply = reply;
    vterm_input_write(j->vt, (const char *)bytes, len);
    vterm_screen_flush_damage(j->screen);
    j->reply = NULL;
}

static bool named_key(const char *name, VTermKey *key)
{
    static const struct {
        const char *name;
        VTermKey key;
    } keys[] = {
        {"Enter", VTERM_KEY_ENTER},
        {"Tab", VTERM_KEY_TAB},
        {"Backspace", VTERM_KEY_BACKSPACE},
        {"Escape", VTERM_KEY_ESCAPE},
        {"Up", VTERM_KEY_UP},
        {"Down", VTERM_KEY_DOWN},
        {"Left", VTERM_KEY_LEFT},
        {"Right", VTERM_KEY_RIGHT},
        {"Delete", VTERM_KEY_DEL},
        {"Home", VTERM_KEY_HOME},
        {"End", VTERM_KEY_END},
        {"PageUp", VTERM_KEY_PAGEUP},
        {"PageDown", VTERM_KEY_PAGEDOWN},
    };

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (strcmp(name, keys[i].name) == 0) {
            *key = keys[i].key;
            return true;
        }
    }
    return false;
}

static bool one_character(const char *text, uint32_t *code)
{
    struct utf8_decoder decoder = {0};

    for (; *text; text++)
        if (utf8_feed(&decoder, (uint8_t)*text, code) == UTF8_DONE)
            return text[1] == '\0';
    return false;
}

bool vtscreen_key(struct vtscreen *j, const char *name, struct buf *out)
{
    VTermKey key;
    uint32_t code;
    bool known = true;

    j->reply = out;
    if (named_key(name, &key))
        vterm_keyboard_key(j->vt, key, VTERM_MOD_NONE);
    else if (strncmp(name, "Ctrl-", 5) == 0 && one_character(name + 5, &code))
        vterm_keyboard_unichar(j->vt, code | 0x20, VTERM_MOD_CTRL);
    else if (one_character(name, &code))
        vterm_keyboard_unichar(j->vt, code, VTERM_MOD_NONE);
    else
        known = false;
    j->reply = NULL;
    return known;
}

void shot_init(struct shot *s, size_t rows, size_t cols)
{
    *s = (struct shot){.rows = rows, .cols = cols};
    s->cell = xcalloc(rows * cols, sizeof *s->cell);
}

void shot_release(struct shot *s)
{
    free(s->cell);
    *s = (struct shot){0};
}

void vtscreen_look(struct vtscreen *j, struct shot *s)
{
    VTermPos at, cursor;

    for (size_t i = 0; i < j->rows * j->cols; i++) {
        VTermScreenCell cell;
        at.row = (int)(i / j->cols);
        at.col = (int)(i % j->cols);
        vterm_screen_get_cell(j->screen, at, &cell);
        s->cell[i] = cell.chars[0] == ' ' ? 0 : cell.chars[0]; /* a blank is a blank */
    }
    vterm_state_get_cursorpos(vterm_obtain_state(j->vt), &cursor);
    s->cursor_row = (size_t)cursor.row;
    s->cursor_col = (size_t)cursor.col;
}
