/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overlay/overlay.h"

#include <string.h>

#include "util/text.h"

void overlay_init(struct overlay *o, const char *quit_keys, const char *title_prefix,
                  enum predict_mode predict_mode, bool predict_overwrite, msec_t now)
{
    predict_init(&o->predict, predict_mode, predict_overwrite);
    notify_init(&o->notify, quit_keys, now);
    o->pager = NULL;
    o->panel = NULL;
    o->title_prefix = title_prefix[0] ? text_new(title_prefix, strlen(title_prefix)) : NULL;
}

void overlay_release(struct overlay *o)
{
    predict_release(&o->predict);
    text_unref(o->title_prefix);
    o->title_prefix = NULL;
}

void overlay_fit(struct screen *frame, size_t rows, size_t cols)
{
    static const struct style plain = {0};

    if (frame->rows == rows && frame->cols == cols)
        return;
    screen_keep_cursor(frame, rows);
    screen_resize(frame, rows, cols, &plain);
}

static struct text *prefixed(const struct text *prefix, const struct text *title)
{
    struct buf joined = {0};
    struct text *result;

    buf_append(&joined, prefix->bytes, prefix->len);
    buf_append(&joined, title->bytes, title->len);
    result = text_new(joined.data, joined.len);
    buf_release(&joined);
    return result;
}

/* A title that no program has set stays the terminal's own. An icon name gets the prefix only
   where it is the window's title under another name. */
static void apply_title(const struct text *prefix, struct screen *frame)
{
    bool same = text_equal(frame->icon_name, frame->window_title);

    if (!frame->window_title)
        return;
    text_replace(&frame->window_title, prefixed(prefix, frame->window_title));
    if (same)
        text_replace(&frame->icon_name, text_ref(frame->window_title));
}

void overlay_apply(const struct overlay *o, msec_t now, struct screen *frame, size_t rows,
                   size_t cols)
{
    predict_apply(&o->predict, now, frame);
    overlay_fit(frame, rows, cols);
    if (o->pager)
        pager_apply(o->pager, frame);
    if (o->panel)
        panel_apply(o->panel, frame);
    notify_apply(&o->notify, now, frame);
    if (o->title_prefix)
        apply_title(o->title_prefix, frame);
}

msec_t overlay_deadline(const struct overlay *o, msec_t now)
{
    return msec_min(predict_deadline(&o->predict, now), notify_deadline(&o->notify, now));
}
