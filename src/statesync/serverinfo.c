/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "statesync/serverinfo.h"

#include <string.h>

bool serverinfo_equal(const struct serverinfo *a, const struct serverinfo *b)
{
    return strcmp(a->version, b->version) == 0 && a->ended == b->ended && a->status == b->status;
}

static bool is_version(struct reader text)
{
    if (text.left == 0 || text.left > SERVERINFO_VERSION_MAX)
        return false;
    for (size_t i = 0; i < text.left; i++) {
        if (text.at[i] < ' ' || text.at[i] > '~')
            return false;
    }
    return true;
}

void serverinfo_take(struct serverinfo *info, const struct hostmsg_server *message)
{
    if (is_version(message->version)) {
        memcpy(info->version, message->version.at, message->version.left);
        info->version[message->version.left] = '\0';
    }
    if (message->ended && message->status <= SERVERINFO_STATUS_MAX) {
        info->ended = true;
        info->status = (uint8_t)message->status;
    }
}

void serverinfo_put_diff(const struct serverinfo *from, const struct serverinfo *to,
                         struct buf *out)
{
    struct hostmsg_server message = {.ended = to->ended, .status = to->status};

    if (serverinfo_equal(from, to))
        return;
    if (strcmp(from->version, to->version) != 0)
        message.version = (struct reader){(const uint8_t *)to->version, strlen(to->version)};
    hostmsg_put_server(out, &message);
}
