/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/emulator_internal.h"

/*
 * Keyboard protocols: the flags of kitty's, of which each buffer has a stack, and the level of
 * xterm's modifyOtherKeys. They are a matter between the program and the user's terminal; here they
 * are kept, so that the client can ask the terminal for the same.
 *
 * A program asks first whether there is such a protocol, and one that gets no answer does without.
 * So towards a client that cannot do it nothing of this exists.
 */

#include <string.h>

#define FLAGS 0x1F /* those that the protocol knows */

enum { SET_FLAGS = 1, ADD_FLAGS, CLEAR_FLAGS };

static bool speaks_kitty(const struct emulator *e)
{
    return e->role == EMULATOR_MIRROR || e->keyboard.kitty_allowed;
}

static bool speaks_xterm(const struct emulator *e)
{
    return e->role == EMULATOR_MIRROR || e->keyboard.other_keys_allowed;
}

void keyboard_set_flags(struct emulator *e, const struct params *params)
{
    uint8_t flags = (uint8_t)(csi_param(params, 0, 0) & FLAGS);
    uint8_t *now = &e->screen.kitty_flags;

    if (!speaks_kitty(e))
        return;
    switch (csi_param(params, 1, SET_FLAGS)) {
    case SET_FLAGS:
        *now = flags;
        break;
    case ADD_FLAGS:
        *now |= flags;
        break;
    case CLEAR_FLAGS:
        *now &= (uint8_t)~flags;
        break;
    }
}

/* When the stack is full the oldest entry goes. */
void keyboard_push_flags(struct emulator *e, const struct params *params)
{
    struct key_flags *stack = &e->keyboard.pushed[e->buffer];

    if (!speaks_kitty(e))
        return;
    if (stack->count == KEY_FLAGS_MAX) {
        memmove(stack->flags, stack->flags + 1, KEY_FLAGS_MAX - 1);
        stack->count--;
    }
    stack->flags[stack->count++] = e->screen.kitty_flags;
    e->screen.kitty_flags = (uint8_t)(csi_param(params, 0, 0) & FLAGS);
}

/* Who pops more than was pushed resets all. */
void keyboard_pop_flags(struct emulator *e, const struct params *params)
{
    struct key_flags *stack = &e->keyboard.pushed[e->buffer];
    size_t count = csi_param(params, 0, 1);

    if (!speaks_kitty(e))
        return;
    if (count > stack->count) {
        stack->count = 0;
        e->screen.kitty_flags = 0;
    } else {
        stack->count = (uint8_t)(stack->count - count);
        e->screen.kitty_flags = stack->flags[stack->count];
    }
}

void keyboard_report_flags(struct emulator *e, const struct params *params)
{
    (void)params;
    if (!e->reply || !speaks_kitty(e))
        return;
    buf_append_str(e->reply, "\033[?");
    buf_append_dec(e->reply, e->screen.kitty_flags);
    buf_append_byte(e->reply, 'u');
}

/* XTMODKEYS: of the resources that it sets, modifyOtherKeys is the fourth. None: all are reset. */
void keyboard_modify(struct emulator *e, const struct params *params)
{
    enum { OTHER_KEYS = 4, LEVEL_MAX = 2 };
    size_t resource = csi_param(params, 0, OTHER_KEYS), level = csi_param(params, 1, 0);

    if (speaks_xterm(e) && resource == OTHER_KEYS && level <= LEVEL_MAX)
        e->screen.modify_other_keys = (uint8_t)level;
}

/* CSI > 4 n: modifyOtherKeys is switched off. */
void keyboard_do_not_modify(struct emulator *e, const struct params *params)
{
    if (csi_param(params, 0, 0) == 4)
        e->screen.modify_other_keys = 0;
}

void keyboard_report_modify(struct emulator *e, const struct params *params)
{
    if (!e->reply || !speaks_xterm(e) || csi_param(params, 0, 0) != 4)
        return;
    buf_append_str(e->reply, "\033[>4;");
    buf_append_dec(e->reply, e->screen.modify_other_keys);
    buf_append_byte(e->reply, 'm');
}

void keyboard_reset(struct emulator *e)
{
    memset(e->keyboard.pushed, 0, sizeof e->keyboard.pushed);
    memset(e->keyboard.hidden, 0, sizeof e->keyboard.hidden);
    e->screen.kitty_flags = 0;
    e->screen.modify_other_keys = 0;
}

void keyboard_show_buffer(struct emulator *e, uint8_t from, uint8_t to)
{
    e->keyboard.hidden[from] = e->screen.kitty_flags;
    e->screen.kitty_flags = e->keyboard.hidden[to];
}

void emulator_allow_keyboards(struct emulator *e, bool kitty, bool modify_other_keys)
{
    e->keyboard.kitty_allowed = kitty;
    e->keyboard.other_keys_allowed = modify_other_keys;
    if (!kitty) {
        memset(e->keyboard.pushed, 0, sizeof e->keyboard.pushed);
        memset(e->keyboard.hidden, 0, sizeof e->keyboard.hidden);
        e->screen.kitty_flags = 0;
    }
    if (!modify_other_keys)
        e->screen.modify_other_keys = 0;
}
