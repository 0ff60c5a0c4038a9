/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/emulator_internal.h"

/* Modes: those of ECMA-48 (SM, RM), and DEC's and xterm's private ones (DECSET, DECRST). */

struct mode {
    uint32_t number;
    size_t flag; /* where in struct emulator the bool is that the mode switches, or 0 and */
    void (*set)(struct emulator *e, uint32_t number, bool on); /* what it does, if anything, and */
    bool (*is_set)(const struct emulator *e, uint32_t number); /* what it is; NULL: never set */
};

/* DECCOLM: the width is the user's to choose, so only the clearing is left of it. */
static void set_column_mode(struct emulator *e, uint32_t number, bool on)
{
    (void)number;
    (void)on;
    emulator_erase_screen(e);
    emulator_home(e);
}

static void set_origin(struct emulator *e, uint32_t number, bool on)
{
    (void)number;
    e->origin = on;
    emulator_home(e);
}

static bool origin_is_set(const struct emulator *e, uint32_t number)
{
    (void)number;
    return e->origin;
}

static void set_side_margins(struct emulator *e, uint32_t number, bool on)
{
    (void)number;
    e->side_margins = on;
    if (!on)
        emulator_set_side_margins(e, 0, e->screen.cols);
}

static bool side_margins_are_set(const struct emulator *e, uint32_t number)
{
    (void)number;
    return e->side_margins;
}

enum { MODE_ALTERNATE = 47, MODE_ALTERNATE_CLEARED = 1047 };

/* Mode 1047 clears the alternate buffer when it is left; with 47 that is as it was. */
static void set_alternate(struct emulator *e, uint32_t number, bool on)
{
    if (!on && number == MODE_ALTERNATE_CLEARED && e->buffer == BUFFER_ALTERNATE)
        emulator_erase_screen(e);
    emulator_show_buffer(e, on ? BUFFER_ALTERNATE : BUFFER_MAIN);
}

static bool alternate_is_shown(const struct emulator *e, uint32_t number)
{
    (void)number;
    return e->buffer == BUFFER_ALTERNATE;
}

static void save_cursor(struct emulator *e, uint32_t number, bool on)
{
    (void)number;
    if (on)
        emulator_save_cursor(e);
    else
        emulator_restore_cursor(e);
}

static bool cursor_is_saved(const struct emulator *e, uint32_t number)
{
    (void)number;
    return e->saved[e->buffer].is_set;
}

/* What full-screen programs use: the cursor is saved in the main buffer, and restored there. */
static void set_alternate_and_cursor(struct emulator *e, uint32_t number, bool on)
{
    if (on)
        emulator_save_cursor(e);
    set_alternate(e, number, on);
    if (on)
        emulator_erase_screen(e);
    else
        emulator_restore_cursor(e);
}

/* Of the kinds of reporting one is in force; to reset any of them turns it off. */
static void set_mouse_reporting(struct emulator *e, uint32_t number, bool on)
{
    e->screen.mouse_reporting = on ? (enum mouse_reporting)number : MOUSE_OFF;
}

static bool is_mouse_reporting(const struct emulator *e, uint32_t number)
{
    return (uint32_t)e->screen.mouse_reporting == number;
}

static void set_mouse_encoding(struct emulator *e, uint32_t number, bool on)
{
    e->screen.mouse_encoding = on ? (enum mouse_encoding)number : MOUSE_ENCODING_DEFAULT;
}

static bool is_mouse_encoding(const struct emulator *e, uint32_t number)
{
    return (uint32_t)e->screen.mouse_encoding == number;
}

/* Who asks for reports gets one at once, to begin with. */
static void set_size_reports(struct emulator *e, uint32_t number, bool on)
{
    (void)number;
    e->size_reports = on;
    if (on)
        reply_size_in_band(e);
}

static bool size_reports_are_set(const struct emulator *e, uint32_t number)
{
    (void)number;
    return e->size_reports;
}

#define FLAG(member) .flag = offsetof(struct emulator, member)
#define NEVER_SET    .set = NULL
#define ORIGIN       .set = set_origin, .is_set = origin_is_set
#define ALTERNATE    .set = set_alternate, .is_set = alternate_is_shown
#define SIDE_MARGINS .set = set_side_margins, .is_set = side_margins_are_set
#define SIZE_REPORTS .set = set_size_reports, .is_set = size_reports_are_set
#define REPORTING    .set = set_mouse_reporting, .is_set = is_mouse_reporting
#define ENCODING     .set = set_mouse_encoding, .is_set = is_mouse_encoding

/* clang-format off */
static const struct mode modes[] = {
    {2, NEVER_SET},    /* KAM: the keyboard is never locked */
    {4, FLAG(insert)}, /* IRM */
    {20, NEVER_SET},   /* LNM: there is no newline mode */
};

static const struct mode private_modes[] = {
    {1,                      FLAG(application_cursor_keys)}, /* DECCKM */
    {3,                      .set = set_column_mode},        /* DECCOLM */
    {5,                      FLAG(screen.reverse_video)},    /* DECSCNM */
    {6,                      ORIGIN},                        /* DECOM */
    {7,                      FLAG(autowrap)},                /* DECAWM */
    {MOUSE_X10,              REPORTING},                     /* 9 */
    {25,                     FLAG(screen.cursor_visible)},   /* DECTCEM */
    {MODE_ALTERNATE,         ALTERNATE},                     /* 47 */
    {69,                     SIDE_MARGINS},                  /* DECLRMM */
    {MOUSE_VT200,            REPORTING},                     /* 1000 */
    {MOUSE_HIGHLIGHT,        REPORTING},                     /* 1001 */
    {MOUSE_BUTTON,           REPORTING},                     /* 1002 */
    {MOUSE_ANY,              REPORTING},                     /* 1003 */
    {1004,                   FLAG(screen.focus_reporting)},
    {MOUSE_ENCODING_UTF8,    ENCODING},                      /* 1005 */
    {MOUSE_ENCODING_SGR,     ENCODING},                      /* 1006 */
    {1007,                   FLAG(screen.alternate_scroll)},
    {MOUSE_ENCODING_URXVT,   ENCODING},                      /* 1015 */
    {MODE_ALTERNATE_CLEARED, ALTERNATE},                     /* 1047 */
    {1048,                   .set = save_cursor, .is_set = cursor_is_saved},
    {1049,                   .set = set_alternate_and_cursor, .is_set = alternate_is_shown},
    {2004,                   FLAG(screen.bracketed_paste)},
    {2026,                   FLAG(synchronized)},
    {2048,                   SIZE_REPORTS},
};
/* clang-format on */

const struct emulator_table mode_table = {modes, sizeof modes / sizeof *modes, sizeof *modes};
const struct emulator_table private_mode_table = {
    private_modes, sizeof private_modes / sizeof *private_modes, sizeof *private_modes};

static void set_each(struct emulator *e, const struct emulator_table *table,
                     const struct params *params, bool on)
{
    for (size_t i = 0; i < params->count; i++) {
        const struct mode *found = emulator_table_find(table, params->value[i]);
        if (!found)
            continue;
        if (found->set)
            found->set(e, found->number, on);
        else if (found->flag != 0)
            *(bool *)((char *)e + found->flag) = on;
    }
}

void mode_set(struct emulator *e, const struct params *params)
{
    set_each(e, &mode_table, params, true);
}

void mode_reset(struct emulator *e, const struct params *params)
{
    set_each(e, &mode_table, params, false);
}

void mode_set_private(struct emulator *e, const struct params *params)
{
    set_each(e, &private_mode_table, params, true);
}

void mode_reset_private(struct emulator *e, const struct params *params)
{
    set_each(e, &private_mode_table, params, false);
}

static enum mode_state state_in(const struct emulator *e, const struct emulator_table *table,
                                uint32_t number)
{
    const struct mode *found = emulator_table_find(table, number);

    if (!found)
        return MODE_UNKNOWN;
    if (found->flag != 0)
        return *(const bool *)((const char *)e + found->flag) ? MODE_IS_SET : MODE_IS_RESET;
    if (found->is_set)
        return found->is_set(e, number) ? MODE_IS_SET : MODE_IS_RESET;
    return MODE_NEVER_SET;
}

enum mode_state mode_state(const struct emulator *e, uint32_t number)
{
    return state_in(e, &mode_table, number);
}

enum mode_state mode_state_private(const struct emulator *e, uint32_t number)
{
    return state_in(e, &private_mode_table, number);
}
