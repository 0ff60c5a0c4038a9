/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_SYS_MOTD_H
#define MOSH_SYS_MOTD_H

/* Writes the messages of the day to standard output, as login programs do. */
void motd_show(void);

#endif
