/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/motd.h"

#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOTD_BYTES_MAX ((size_t)256 << 10)

/* Regular files alone: a FIFO in the place of one would have the login wait for ever. */
static bool show_file(const char *path)
{
    char chunk[4096];
    struct stat s;
    ssize_t n;
    size_t shown = 0;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

    if (fd < 0)
        return false;
    if (fstat(fd, &s) != 0 || !S_ISREG(s.st_mode)) {
        close(fd);
        return false;
    }
    while (shown < MOTD_BYTES_MAX && (n = read(fd, chunk, sizeof chunk)) > 0) {
        if (write(STDOUT_FILENO, chunk, (size_t)n) < 0)
            break;
        shown += (size_t)n;
    }
    close(fd);
    return true;
}

void motd_show(void)
{
    if (!show_file("/run/motd.dynamic"))
        (void)show_file("/var/run/motd.dynamic");
    (void)show_file("/etc/motd");
}
