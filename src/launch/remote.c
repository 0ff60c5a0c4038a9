/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "launch/remote.h"

#include "launch/quote.h"

#define START                                                                                      \
    "if [ -n \"$server\" ]; then exec \"$server\" \"$@\"; fi; " REMOTE_SYSTEM                      \
    "echo; echo \"MOSH MISSING $system\"; exit 127"

void remote_command(struct buf *out)
{
    buf_append_str(out, "sh -c ");
    quote_append(out, REMOTE_CONNECTION REMOTE_FIND START);
    buf_append_str(out, " mosh-server");
}
