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

    if (t->kind == TOKEN_PASTE)
        pager_paste(&l->pager, t->bytes + t->passed, t->len - t->passed);
    else if (keypress_read(t, &k))
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
    l->served = count > 0;
}

static void ask(struct lookback *l, msec_t now, struct userstream *user)
{
    uint64_t first;
    uint32_t count;

    if (l->patience_ms == 0) {
        l->patience_ms = LOOKBACK_PATIENCE_MS;
        l->most = PAGER_PAGE_LINES;
    }
    l->waiting = pager_wants(&l->pager, l->most, &first, &count);
    if (!l->waiting)
        return;
    send_request(l, user, first, count);
    l->late = msec_after(now, l->patience_ms);
}

static void note_late(struct lookback *l)
{
    l->waiting = false;
    if (l->most > LOOKBACK_LINES_MIN)
        l->most = l->most / 2;
    else
        l->patience_ms = msec_min(2 * l->patience_ms, LOOKBACK_PATIENCE_MAX_MS);
}

static void note_answer(struct lookback *l, uint64_t request)
{
    if (request != l->requests)
        return;
    l->waiting = false;
    l->most = 2 * l->most < LOOKBACK_LINES_MAX ? 2 * l->most : LOOKBACK_LINES_MAX;
    l->patience_ms = LOOKBACK_PATIENCE_MS;
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
    note_answer(l, lines.request);
    for (size_t i = 0; i < lines.count; i++)
        pager_add_line(&l->pager, lines.first + i, lines.row[i]);
    lines_release(&lines);
    pager_lines_added(&l->pager);
}

void lookback_update(struct lookback *l, msec_t now, const struct hostscreen *screen,
                     struct userstream *user)
{
    struct text *answer = hostscreen_lines(screen);
    uint64_t oldest, next;

    if (l->pager.open && hostscreen_history(screen, &oldest, &next))
        pager_set_numbers(&l->pager, hostscreen_screen(screen), oldest, next);
    if (answer != l->answer) {
        if (answer)
            take_lines(l, screen, answer);
        text_replace(&l->answer, text_ref(answer));
    }
    if (!l->pager.open) {
        l->waiting = false;
        if (l->served)
            send_request(l, user, 0, 0);
        return;
    }
    if (l->waiting && now >= l->late)
        note_late(l);
    if (!l->waiting)
        ask(l, now, user);
}

msec_t lookback_deadline(const struct lookback *l)
{
    return l->waiting ? l->late : MSEC_NEVER;
}
