/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/tty.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define ROWS_DEFAULT 24
#define COLS_DEFAULT 80

static struct termios found, raw;
static uint8_t last_bytes[TTY_CLOSE_BYTES_MAX];
static size_t last_bytes_len;
static volatile sig_atomic_t entered;

/* TCSANOW everywhere: the other choices wait for output, which a stopped terminal never takes. */
static int set_modes(const struct termios *modes)
{
    while (tcsetattr(STDIN_FILENO, TCSANOW, modes) != 0) {
        if (errno != EINTR)
            return -1;
    }
    return 0;
}

void tty_set_close_bytes(const uint8_t *close_bytes, size_t len)
{
    assert(len <= sizeof last_bytes);
    last_bytes_len = 0;
    memcpy(last_bytes, close_bytes, len);
    last_bytes_len = len;
}

int tty_enter(const uint8_t *close_bytes, size_t len)
{
    if (tcgetattr(STDIN_FILENO, &found) != 0)
        return -1;
    raw = found;
    cfmakeraw(&raw);
#ifdef IUTF8
    raw.c_iflag |= IUTF8;
#endif
    tty_set_close_bytes(close_bytes, len);
    if (set_modes(&raw) != 0)
        return -1;
    entered = 1;
    return 0;
}

void tty_again(void)
{
    if (entered)
        (void)set_modes(&raw);
}

void tty_leave(void)
{
    if (entered)
        (void)set_modes(&found);
    entered = 0;
}

void tty_emergency(void)
{
    int error = errno;
    int flags = fcntl(STDOUT_FILENO, F_GETFL);

    if (entered) {
        if (flags >= 0)
            (void)fcntl(STDOUT_FILENO, F_SETFL, flags | O_NONBLOCK);
        if (write(STDOUT_FILENO, last_bytes, last_bytes_len) < 0)
            error = errno; /* nothing is left to try */
        if (flags >= 0)
            (void)fcntl(STDOUT_FILENO, F_SETFL, flags & ~O_NONBLOCK);
        tty_leave();
    }
    errno = error;
}

bool tty_size(int fd, size_t *rows, size_t *cols)
{
    struct winsize size = {0};
    bool known = ioctl(fd, TIOCGWINSZ, &size) == 0;

    *rows = known && size.ws_row ? size.ws_row : ROWS_DEFAULT;
    *cols = known && size.ws_col ? size.ws_col : COLS_DEFAULT;
    return known;
}
