/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_JUDGE_H
#define MOSH_TESTS_JUDGE_H

/* A second emulator, which knows nothing of ours: libvterm. In a build without it nothing is ever
   judged, and judge_new returns NULL. */

#include "picture.h"

/* The attributes that it knows. */
#define JUDGE_ATTRIBUTES (STYLE_BOLD | STYLE_ITALIC | STYLE_BLINK | STYLE_INVERSE | STYLE_STRUCK)

struct judge;

struct judge *judge_new(size_t rows, size_t cols);
void judge_free(struct judge *j); /* NULL is allowed */
void judge_write(struct judge *j, const uint8_t *bytes, size_t len);
void judge_resize(struct judge *j, size_t rows, size_t cols);
void judge_take(struct judge *j, struct picture *p);

#endif
