/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/emulator_internal.h"

/* Modes: those of ECMA-48 (SM, RM), and DEC's and xterm's private ones (DECSET, DECRST). */

struct mode {
    uint32_t number;
    size_t flag; /* where in struct emulator the bool is that the mode switches, or 0 and */
    void (*set)(struct emulator *e, uint32_t number, bool on); /* what it does, if anything, and */
    bool (*is_set)(const struct emulator *e, uint32_t number); /* what it is; NULL: */
    bool always;                                               /* always set, or never */
    bool (*exists)(const struct emulator *e); /* without it, it is never set; NULL: it does */
};

/* DECCOLM: the width is the user's to choose, so what goes with it is all that is left of it: the
   screen is cleared, there are no margins, the cursor is at home. As in xterm it has to be allowed
   before; not in stock mosh, but no stock server sends it. */
static void set_column_mode(struct emulator *e, uint32_t number, bool on)
{
    (void)number;
    (void)on;
    if (!e->column_mode_allowed)
        return;
    if (!e->column_mode_keeps)
        emulator_erase_screen(e);
    e->side_margins = false;
    emulator_reset_margins(e);
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

static void set_blink(struct emulator *e, uint32_t number, bool on)
{
    (void)number;
    registers_set_blink(&e->screen.registers, on);
}

static bool blink_is_set(const struct emulator *e, uint32_t number)
{
    (void)number;
    return registers_blink(&e->screen.registers);
}

static void set_mouse_reporting(struct emulator *e, uint32_t number, bool on)
{
    modelist_set(&e->screen.mouse_reporting, (uint16_t)number, on);
}

static bool is_mouse_reporting(const struct emulator *e, uint32_t number)
{
    return modelist_has(&e->screen.mouse_reporting, (uint16_t)number);
}

static void set_mouse_encoding(struct emulator *e, uint32_t number, bool on)
{
    modelist_set(&e->screen.mouse_encoding, (uint16_t)number, on);
}

static bool is_mouse_encoding(const struct emulator *e, uint32_t number)
{
    return modelist_has(&e->screen.mouse_encoding, (uint16_t)number);
}

static bool has_pixels(const struct emulator *e)
{
    return e->role == EMULATOR_MIRROR ||
           (e->profile.features & FEATURE_REGISTERS && e->profile.abilities & CAN_PIXEL_MOUSE);
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
#define ALWAYS_SET   .always = true
#define ORIGIN       .set = set_origin, .is_set = origin_is_set
#define ALTERNATE    .set = set_alternate, .is_set = alternate_is_shown
#define SIDE_MARGINS .set = set_side_margins, .is_set = side_margins_are_set
#define SIZE_REPORTS .set = set_size_reports, .is_set = size_reports_are_set
#define REPORTING    .set = set_mouse_reporting, .is_set = is_mouse_reporting
#define ENCODING     .set = set_mouse_encoding, .is_set = is_mouse_encoding

/* clang-format off */
static const struct mode modes[] = {
    {2, NEVER_SET},      /* KAM: the keyboard is never locked */
    {4, FLAG(insert)},   /* IRM */
    {12, ALWAYS_SET},    /* SRM: what is typed is shown by the program alone */
    {20, FLAG(newline)}, /* LNM */
};

static const struct mode private_modes[] = {
    {1,                      FLAG(application_cursor_keys)}, /* DECCKM */
    {2,                      ALWAYS_SET},                    /* DECANM: there is no VT52 here */
    {3,                      .set = set_column_mode},        /* DECCOLM */
    {4,                      NEVER_SET},                     /* DECSCLM: nothing scrolls smoothly */
    {5,                      FLAG(screen.reverse_video)},    /* DECSCNM */
    {6,                      ORIGIN},                        /* DECOM */
    {7,                      FLAG(autowrap)},                /* DECAWM */
    {MOUSE_X10,              REPORTING},                     /* 9 */
    {10,                     NEVER_SET},                     /* no tool bar, */
    {12,                     .set = set_blink, .is_set = blink_is_set},
    {18,                     NEVER_SET},                     /* DECPFF: no printer, */
    {19,                     NEVER_SET},                     /* DECPEX */
    {25,                     FLAG(screen.cursor_visible)},   /* DECTCEM */
    {30,                     NEVER_SET},                     /* no scroll bar, */
    {35,                     NEVER_SET},                     /* no fonts to change, */
    {38,                     NEVER_SET},                     /* DECTEK: no Tektronix */
    {40,                     FLAG(column_mode_allowed)},
    {41,                     FLAG(tab_wraps)},
    {42,                     FLAG(national_charsets)},       /* DECNRCM */
    {44,                     NEVER_SET},                     /* no bell near the margin */
    {45,                     FLAG(reverse_wrap)},            /* XTREVWRAP */
    {46,                     NEVER_SET},                     /* no log */
    {MODE_ALTERNATE,         ALTERNATE},                     /* 47 */
    {66,                     FLAG(screen.application_keypad)}, /* DECNKM */
    {69,                     SIDE_MARGINS},                  /* DECLRMM */
    {80,                     NEVER_SET},                     /* DECSDM: no pictures */
    {95,                     FLAG(column_mode_keeps)},       /* DECNCSM */
    {MOUSE_VT200,            REPORTING},                     /* 1000 */
    {MOUSE_HIGHLIGHT,        REPORTING},                     /* 1001 */
    {MOUSE_BUTTON,           REPORTING},                     /* 1002 */
    {MOUSE_ANY,              REPORTING},                     /* 1003 */
    {1004,                   FLAG(screen.focus_reporting)},
    {MOUSE_ENCODING_UTF8,    ENCODING},                      /* 1005 */
    {MOUSE_ENCODING_SGR,     ENCODING},                      /* 1006 */
    {1007,                   FLAG(screen.alternate_scroll)},
    {1010,                   NEVER_SET},                     /* the user scrolls, if anybody */
    {1011,                   NEVER_SET},
    {MOUSE_ENCODING_URXVT,   ENCODING},                      /* 1015 */
    {MOUSE_ENCODING_PIXELS,  ENCODING, .exists = has_pixels}, /* 1016 */
    {1034,                   NEVER_SET},                     /* what the keys of the user's */
    {1035,                   NEVER_SET},                     /* terminal send is not for us */
    {1036,                   NEVER_SET},                     /* to change, */
    {1037,                   NEVER_SET},
    {1039,                   NEVER_SET},
    {1040,                   NEVER_SET},                     /* nor its selection, */
    {1041,                   NEVER_SET},
    {1042,                   NEVER_SET},                     /* nor its window */
    {1043,                   NEVER_SET},
    {1045,                   FLAG(reverse_wrap_always)},     /* XTREVWRAP2 */
    {1046,                   ALWAYS_SET},                    /* there are two buffers */
    {MODE_ALTERNATE_CLEARED, ALTERNATE},                     /* 1047 */
    {1048,                   .set = save_cursor, .is_set = cursor_is_saved},
    {1049,                   .set = set_alternate_and_cursor, .is_set = alternate_is_shown},
    {1050,                   NEVER_SET},                     /* function keys of other terminals */
    {1051,                   NEVER_SET},
    {1052,                   NEVER_SET},
    {1053,                   NEVER_SET},
    {1060,                   NEVER_SET},
    {1061,                   NEVER_SET},
    {2004,                   FLAG(screen.bracketed_paste)},
    {2026,                   FLAG(synchronized)},
    {2027,                   FLAG(clusters)},
    {2031,                   FLAG(scheme_reports)},
    {2048,                   SIZE_REPORTS},
};
/* clang-format on */

const struct emulator_table mode_table = {modes, sizeof modes / sizeof *modes, sizeof *modes};
const struct emulator_table private_mode_table = {
    private_modes, sizeof private_modes / sizeof *private_modes, sizeof *private_modes};

static void set_one(struct emulator *e, const struct mode *mode, bool on)
{
    if (mode->exists && !mode->exists(e))
        return;
    if (mode->set)
        mode->set(e, mode->number, on);
    else if (mode->flag != 0)
        *(bool *)((char *)e + mode->flag) = on;
}

static void set_each(struct emulator *e, const struct emulator_table *table,
                     const struct params *params, bool on)
{
    for (size_t i = 0; i < params->count; i++) {
        const struct mode *found = emulator_table_find(table, params->value[i]);
        if (found)
            set_one(e, found, on);
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

static enum mode_state state_of(const struct emulator *e, const struct mode *mode)
{
    if (mode->exists && !mode->exists(e))
        return MODE_NEVER_SET;
    if (mode->flag != 0)
        return *(const bool *)((const char *)e + mode->flag) ? MODE_IS_SET : MODE_IS_RESET;
    if (mode->is_set)
        return mode->is_set(e, mode->number) ? MODE_IS_SET : MODE_IS_RESET;
    return mode->always ? MODE_ALWAYS_SET : MODE_NEVER_SET;
}

/* Where XTSAVE keeps a mode: a bit, and the word that it is in. */
_Static_assert(sizeof private_modes / sizeof *private_modes <= SAVED_MODES_MAX, "a bit for each");

static void save_one(struct emulator *e, const struct mode *mode)
{
    size_t index = (size_t)(mode - private_modes);
    uint64_t bit = (uint64_t)1 << index % 64;

    if (mode->set == save_cursor)
        emulator_save_cursor(e);
    e->saved_modes.is_saved[index / 64] |= bit;
    e->saved_modes.was_set[index / 64] &= ~bit;
    if (state_of(e, mode) == MODE_IS_SET)
        e->saved_modes.was_set[index / 64] |= bit;
}

/* Whether it matters when a mode was set. */
static bool is_ranked(const struct mode *mode)
{
    return mode->set == set_mouse_reporting || mode->set == set_mouse_encoding;
}

/* What is as it was stays untouched, so that nothing is cleared or moved for it. */
static void restore_one(struct emulator *e, const struct mode *mode)
{
    size_t index = (size_t)(mode - private_modes);
    uint64_t bit = (uint64_t)1 << index % 64;
    bool was_set = e->saved_modes.was_set[index / 64] & bit;

    if (!(e->saved_modes.is_saved[index / 64] & bit))
        return;
    if (mode->set == save_cursor)
        emulator_restore_cursor(e);
    else if (was_set != (state_of(e, mode) == MODE_IS_SET) || (was_set && is_ranked(mode)))
        set_one(e, mode, was_set);
}

static void each_private(struct emulator *e, const struct params *params,
                         void (*act)(struct emulator *e, const struct mode *mode))
{
    for (size_t i = 0; i < params->count; i++) {
        const struct mode *found = emulator_table_find(&private_mode_table, params->value[i]);
        if (found)
            act(e, found);
    }
}

void mode_save_private(struct emulator *e, const struct params *params)
{
    each_private(e, params, save_one);
}

void mode_restore_private(struct emulator *e, const struct params *params)
{
    each_private(e, params, restore_one);
}

static enum mode_state state_in(const struct emulator *e, const struct emulator_table *table,
                                uint32_t number)
{
    const struct mode *found = emulator_table_find(table, number);

    return found ? state_of(e, found) : MODE_UNKNOWN;
}

enum mode_state mode_state(const struct emulator *e, uint32_t number)
{
    return state_in(e, &mode_table, number);
}

enum mode_state mode_state_private(const struct emulator *e, uint32_t number)
{
    return state_in(e, &private_mode_table, number);
}
