/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_OVERLAY_PREDICT_PROMPT_H
#define MOSH_OVERLAY_PREDICT_PROMPT_H

/*
 * Prompts of line editors: what they look like, and whether one waits for the next key. At such a
 * prompt what is typed will appear as it always did, so the first key need not wait for a proof.
 *
 * That is true of a prompt alone which answers the newest Enter. As long as another Enter is on
 * its way, what was typed after it is for the program that the older one starts, and that may be a
 * password; the terminal may have it in its queue for a long time. So each Enter is remembered
 * until a prompt has answered it, or until it is plain that it has been read. With more than one of
 * them nothing is taken for granted.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "terminal/facts.h"
#include "terminal/screen.h"

#define PREDICT_PROMPTS 6
#define PREDICT_STARTS  8
#define PREDICT_TYPED   64

#define PREDICT_TYPED_RUBOUT 0x7F

/* A row on which typed text has appeared from column `cols` on. */
struct predict_prompt {
    struct row *row;
    size_t cols;
    uint32_t job; /* the program's, or 0 */
};

/* A key that starts something, and which no prompt has answered. */
struct predict_start {
    uint64_t frame; /* our state that has it */
    uint32_t code;  /* of Enter: the character before it; 0: not known */
    bool enter;     /* Enter; else a key that may do anything */
};

/* Text that was typed after the newest key that may have started something, if it was nothing else
   but that and Backspace. */
struct predict_typed {
    uint32_t code[PREDICT_TYPED]; /* or PREDICT_TYPED_RUBOUT */
    size_t count;
    size_t read;   /* so many of them were answered */
    bool else_too; /* it was something else, too, or too much */
};

/* {0} is the state at the start. */
struct predict_prompts {
    struct predict_prompt known[PREDICT_PROMPTS]; /* the newest first */
    size_t count;
    bool waits;               /* the newest screen is that of a prompt which waits, */
    size_t typed;             /* behind which stands what so many keys have made that were typed, */
    size_t cols;              /* and so wide */
    uint64_t identity;        /* of the row of the newest prompt that was taken notice of, or 0 */
    uint64_t candidate;       /* of the newest prompt's row, */
    uint64_t candidate_frame; /* and our newest state when it was first seen */
    struct predict_start start[PREDICT_STARTS];
    size_t starts;
    bool alternate;           /* the alternate screen was shown, */
    uint64_t alternate_frame; /* and our state had been answered while it was */
};

void predict_prompts_forget(struct predict_prompts *k);

/* Where the line ends that goes on at a column: at a border between windows, or at the screen's
 * edge.
 */
size_t predict_line_cols(const struct screen *screen, size_t row, size_t from);

/* Whether a program edits the line by itself, as shells do, and not the terminal for it. */
bool predict_line_editor(const struct screen *screen, const struct facts *program);

/* Typed text has begun at column `cols` of a row. In a program with a screen of its own that is a
   prompt only if it ends as shells' prompts do. */
void predict_prompts_learn(struct predict_prompts *k, struct row *r, size_t cols,
                           const struct facts *program);

/* The newest prompt has deceived us. */
void predict_prompts_unlearn(struct predict_prompts *k);

/* Whether a sign that ends shells' prompts stands in the first columns of a row, with a blank after
   it. */
bool predict_prompt_stands(const struct row *r, size_t cols);

/* The width of the known prompt that a row begins with; 0 if there is none. */
size_t predict_prompts_cols(const struct predict_prompts *k, const struct screen *screen,
                            size_t row);

/* Our state `frame` has an Enter after this character (0: not known), or a key that may do
   anything; or that and more. `in_line`: what is typed
   next is not for the same program, as far as that can be seen. */
void predict_prompts_enter(struct predict_prompts *k, uint64_t frame, uint32_t code, bool in_line);
void predict_prompts_doubt(struct predict_prompts *k, uint64_t frame);
void predict_prompts_doubt_all(struct predict_prompts *k, uint64_t frame);

/* The prompt that was taken notice of is one for what was typed after state `frame` alone: nobody
   knows what the key did there that this has. */
void predict_prompts_again(struct predict_prompts *k, uint64_t frame);

/* Text of our state `frame` has appeared at the prompt on this row. */
void predict_prompts_typed(struct predict_prompts *k, uint64_t frame, const struct row *r);

/* Looks at the newest screen, when our newest state is `frame`. */
void predict_prompts_follow(struct predict_prompts *k, const struct screen *screen,
                            const struct facts *program, const struct predict_typed *typed,
                            uint64_t echo_ack, uint64_t frame);

enum predict_prompt_answer {
    PREDICT_PROMPT_NONE,   /* none that was not there before, or one that answers an older Enter */
    PREDICT_PROMPT_READY,  /* a new one; all keys that were typed before it showed were answered */
    PREDICT_PROMPT_ENTERED /* a new one, which waits for what was typed after the newest Enter */
};

/* Takes notice of a new prompt, after predict_prompts_follow. `read`: how many of the keys after
   the newest Enter were answered. */
enum predict_prompt_answer predict_prompts_answer(struct predict_prompts *k,
                                                  const struct screen *screen, uint64_t echo_ack,
                                                  size_t read);

#endif
