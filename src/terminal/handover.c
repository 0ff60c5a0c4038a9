/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal/handover.h"

#include <string.h>

#include "terminal/paint.h"

/* XTWINOPS 22 and 23; what follows says which of the titles: 0, all. */
#define TITLE_SAVE    "\033[22;"
#define TITLE_RESTORE "\033[23;"

/* In kitty's protocol: the flags so far are kept, and none is set; and they come back. */
#define KEYS_SAVE    "\033[>u"
#define KEYS_RESTORE "\033[<u"

/* Whether we are to save the title; xterm's terminfo entry does it together with the screen. */
static bool saves_title(const struct caps *caps)
{
    return caps->title && !strstr(caps->enter_screen, TITLE_SAVE);
}

void handover_begin(const struct caps *caps, struct buf *out)
{
    static const struct caps nothing;

    buf_append_str(out, caps->enter_screen);
    if (saves_title(caps))
        buf_append_str(out, TITLE_SAVE "0t");
    modelist_put_mode(out, 1, true); /* keys.h says why */
    handover_learn(&nothing, caps, out);
}

void handover_learn(const struct caps *known, const struct caps *caps, struct buf *out)
{
    if (caps->kitty_keyboard && !known->kitty_keyboard)
        buf_append_str(out, KEYS_SAVE);
    if (caps->scheme_reports && !known->scheme_reports)
        modelist_put_mode(out, 2031, true);
}

static void reset_modes(const unsigned *modes, size_t count, struct buf *out)
{
    for (size_t i = 0; i < count; i++)
        modelist_put_mode(out, modes[i], false);
}

/* Those that old terminals do not know, they may print. */
static void reset_newer(const struct caps *caps, const struct screen *shown, struct buf *out)
{
    if (caps->keypad && (!shown || shown->application_keypad))
        buf_append_str(out, "\033>");
    if (caps->pixel_mouse)
        modelist_put_mode(out, MOUSE_ENCODING_PIXELS, false);
    if (caps->modify_other_keys && (!shown || shown->modify_other_keys))
        buf_append_str(out, "\033[>4m");
    if (caps->kitty_keyboard)
        buf_append_str(out, KEYS_RESTORE);
    if (caps->scheme_reports)
        modelist_put_mode(out, 2031, false);
    if (caps->clusters && (!shown || caps->clusters_set))
        modelist_put_mode(out, 2027, caps->clusters_set);
}

void handover_end(const struct caps *caps, const struct screen *shown, struct buf *out)
{
    static const unsigned input[] = {1003, 1002, 1001, 1000, 9, 1015, 1006, 1005, 1004, 2004};

    if (caps->synchronized_output && !shown)
        buf_append_str(out, HANDOVER_FRAME_END);
    modelist_put_mode(out, 1, false);
    modelist_put_mode(out, 5, false);
    if (caps->links)
        buf_append_str(out, LINK_END);
    buf_append_str(out, "\033[0m");
    modelist_put_mode(out, 25, true);
    reset_modes(input, sizeof input / sizeof *input, out);
    if (shown && shown->alternate_scroll) /* on in some terminals from the start: display.c */
        modelist_put_mode(out, 1007, false);
    registers_put_reset(caps, shown ? &shown->registers : NULL, out);
    reset_newer(caps, shown, out);
    if (saves_title(caps))
        buf_append_str(out, TITLE_RESTORE "0t");
    buf_append_str(out, caps->leave_screen);
}
