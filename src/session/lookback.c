/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/lookback.h"

#include "statesync/lines.h"
#include "util/log.h"

void lookback_release(struct lookback *l)
{
    pager_release(&l->pager);
    text_unref(l->answer);
}

/* Of the mouse there should be no reports; some may be on their way when it is turned off. */
static void wheel(struct lookback *l, const struct token *t)
{
    enum { WHEEL_UP = 64, WHEEL_DOWN = 65 };
    uint32_t button = token_param(t, 0, 0);

    if (t->kind == TOKEN_CSI && t->code == TOKEN_KEY('<', 0, 'M') &&
        (button == WHEEL_UP || button == WHEEL_DOWN))
        pager_wheel(&l->pager, button == WHEEL_UP);
}

void lookback_token(struct lookback *l, const struct token *t)
{
    struct keypress k;

    if (keypress_read(t, &k))
        pager_key(&l->pager, &k);
    else
        wheel(l, t);
}

static void send_request(struct lookback *l, struct userstream *user, uint64_t first,
                         uint32_t count)
{
    struct lines_request request = {++l->requests, first, count};
    struct buf encoded = {0};

    lines_request_encode(&request, &encoded);
    userstream_put_request(user, encoded.data, encoded.len);
    buf_release(&encoded);
    l->waiting = count > 0;
    l->served = count > 0;
}

static void take_lines(struct lookback *l, const struct hostscreen *screen,
                       const struct text *answer)
{
    struct lines lines;

    if (lines_decode((const uint8_t *)answer->bytes, answer->len, hostscreen_screen(screen)->pool,
                     &lines) != 0) {
        log_debug("an answer with lines is not understood");
        return;
    }
    if (lines.request == l->requests)
        l->waiting = false;
    for (size_t i = 0; i < lines.count; i++)
        pager_add_line(&l->pager, lines.first + i, lines.row[i]);
    lines_release(&lines);
    pager_lines_added(&l->pager);
}

void lookback_update(struct lookback *l, const struct hostscreen *screen, struct userstream *user)
{
    struct text *answer = hostscreen_lines(screen);
    uint64_t oldest, next, first;
    uint32_t count;

    if (l->pager.open && hostscreen_history(screen, &oldest, &next))
        pager_set_numbers(&l->pager, hostscreen_screen(screen), oldest, next);
    if (answer != l->answer) {
        if (answer)
            take_lines(l, screen, answer);
        text_replace(&l->answer, text_ref(answer));
    }
    if (!l->pager.open && l->served)
        send_request(l, user, 0, 0);
    else if (!l->waiting && pager_wants(&l->pager, &first, &count))
        send_request(l, user, first, count);
}
