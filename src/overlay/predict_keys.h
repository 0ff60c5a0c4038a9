/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_OVERLAY_PREDICT_KEYS_H
#define MOSH_OVERLAY_PREDICT_KEYS_H

/*
 * What the user typed, cut into keys, as far as prediction wants to know: text, keys that most
 * line editors understand alike, and keys that may do anything. What a terminal sends without a
 * key being pressed (reports, focus, the mouse on its way) is told apart from these, so that it
 * neither looks like text nor casts doubt on anything.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "terminal/screen.h"
#include "terminal/tokens.h"

/* What a key would do to a line of text. */
enum predict_op {
    PREDICT_NOTHING, /* no key was pressed */
    PREDICT_UNKNOWN, /* may do anything, anywhere */
    PREDICT_ESCAPE,  /* likewise, but it is known which key that was */
    PREDICT_TAB,     /* may do anything with the line, but leads nowhere else */
    PREDICT_TEXT,    /* `code` */
    PREDICT_ENTER,
    PREDICT_LEFT,
    PREDICT_RIGHT,
    PREDICT_UP,
    PREDICT_DOWN,
    PREDICT_HOME,
    PREDICT_END,
    PREDICT_WORD_LEFT,
    PREDICT_WORD_RIGHT,
    PREDICT_RUBOUT,        /* the character before the cursor */
    PREDICT_DELETE,        /* the one under it */
    PREDICT_RUBOUT_WORD,   /* letters and digits before the cursor */
    PREDICT_RUBOUT_BLANKS, /* all that is not blank before the cursor */
    PREDICT_DELETE_WORD,
    PREDICT_KILL_START, /* from the start of the line to the cursor */
    PREDICT_KILL_END,
    PREDICT_COMMAND, /* of an editor like vi; no key is this by itself */
};

/* Keys that have to prove separately that they do what their operation says: in one program Ctrl-A
   goes to the start of the line, in another it leads a command. */
enum predict_class {
    PREDICT_CLASS_TEXT, /* and Tab: they prove nothing in this way */
    PREDICT_CLASS_ENTER,
    PREDICT_CLASS_LEFT,
    PREDICT_CLASS_RIGHT,
    PREDICT_CLASS_UP,
    PREDICT_CLASS_DOWN,
    PREDICT_CLASS_BACKSPACE,
    PREDICT_CLASS_DELETE,
    PREDICT_CLASS_HOME,
    PREDICT_CLASS_END,
    PREDICT_CLASS_CTRL_LEFT,
    PREDICT_CLASS_CTRL_RIGHT,
    PREDICT_CLASS_ALT_LEFT,
    PREDICT_CLASS_ALT_RIGHT,
    PREDICT_CLASS_CTRL_A,
    PREDICT_CLASS_CTRL_B,
    PREDICT_CLASS_CTRL_D,
    PREDICT_CLASS_CTRL_E,
    PREDICT_CLASS_CTRL_F,
    PREDICT_CLASS_CTRL_H,
    PREDICT_CLASS_CTRL_K,
    PREDICT_CLASS_CTRL_U,
    PREDICT_CLASS_CTRL_W,
    PREDICT_CLASS_ALT_B,
    PREDICT_CLASS_ALT_D,
    PREDICT_CLASS_ALT_F,
    PREDICT_CLASS_ALT_BACKSPACE,
    PREDICT_CLASS_ESCAPE,
    PREDICT_CLASS_VI_MOVE, /* commands of editors like vi: within the row, */
    PREDICT_CLASS_VI_ROW,  /* to another one, */
    PREDICT_CLASS_VI_INSERT,
    PREDICT_CLASS_VI_DELETE,
    PREDICT_CLASS_VI_LINE, /* and those that go on in the last row */
    PREDICT_CLASSES,
};

struct predict_key {
    enum predict_op op;
    enum predict_class class;
    uint32_t code; /* of text */
};

/* Whether what is typed after a key may mean something else than before. */
static inline bool predict_is_boundary(struct predict_key key)
{
    return key.op == PREDICT_ENTER || key.op == PREDICT_UNKNOWN || key.op == PREDICT_ESCAPE ||
           key.op == PREDICT_TAB;
}

/* {0} is one that has read nothing. */
struct predict_reader {
    struct tokens tokens;
};

/* Forgets what has been begun. */
void predict_reader_clear(struct predict_reader *r);

/* The next key of `input`, in which nothing more is to come for a while; false when there is none.
   The screen says in which form mouse reports come. PREDICT_NOTHING is for what is no key. */
bool predict_reader_next(struct predict_reader *r, const struct screen *screen,
                         struct reader *input, struct predict_key *key);

#endif
