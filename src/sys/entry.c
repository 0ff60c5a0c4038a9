/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

/*
 * Where the programs begin, on x86-64 with a C library whose own start-up files are not made for
 * indirect branch tracking: the loader jumps here, as it must be to an ENDBR64, and from here it is
 * a plain jump. Old-style _init and _fini, the only others of these files that are called through
 * pointers, are left out (m4/flags.m4). So the programs are what their mark says.
 */
#ifdef OWN_ENTRY
__asm__(".text\n"
        ".globl mosh_entry\n"
        ".type mosh_entry, @function\n"
        "mosh_entry:\n"
        "    endbr64\n"
        "    jmp _start\n"
        ".size mosh_entry, . - mosh_entry\n");
#else
extern int entry_is_the_c_library; /* a file must declare something */
#endif
