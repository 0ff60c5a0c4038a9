/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "util/err.h"

#include <stddef.h>

const char *err_string(int code)
{
    static const char *const phrases[] = {
        "no error",
        [-ERR_MALFORMED] = "malformed",
        [-ERR_AUTH] = "not authentic",
        [-ERR_REPLAY] = "seen before or too old",
        [-ERR_LIMIT] = "over a limit",
        [-ERR_VERSION] = "another protocol version",
        [-ERR_BASE] = "refers to a state that is not held",
        [-ERR_EXHAUSTED] = "the key is used up",
    };
    const int count = sizeof phrases / sizeof phrases[0];
    return code <= 0 && code > -count ? phrases[-code] : "unknown error";
}
