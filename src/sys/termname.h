/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SYS_TERMNAME_H
#define MOSH_SYS_TERMNAME_H

/* The name under which programs look our emulator up in the terminfo database. */

#include <stdint.h>

/* The best that this system describes, for a terminal of so many colours. Static. */
const char *termname_for(uint32_t colours);

#endif
