/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "../lib/outer.h"
#include "../lib/unit.h"

#ifdef HAVE_VTERM
#include <vterm.h>
#endif

#include "terminal/display.h"
#include "terminal/emulator.h"
#include "terminal/handover.h"

static void write_str(struct emulator *e, const char *s)
{
    emulator_write(e, (const uint8_t *)s, strlen(s), NULL);
}

static void check_escapes(const struct buf *out, const char *want)
{
    check_bytes(out->data, out->len, want, strlen(want));
}

static bool contains(struct buf *out, const char *bytes)
{
    buf_append_byte(out, '\0');
    out->len--;
    return strstr((const char *)out->data, bytes) != NULL;
}

/* D7 */
static void leaves_the_terminal_as_programs_expect_it(void **state)
{
    (void)state;
    struct caps caps = {.enter_screen = "<smcup>", .leave_screen = "<rmcup>"};
    struct emulator *e = emulator_new(EMULATOR_HOST, 3, 10);
    struct buf out = {0};
    handover_begin(&caps, &out);
    check_escapes(&out, "<smcup>\033[?1h");
    buf_clear(&out);
    handover_end(&caps, emulator_screen(e), &out);
    check_escapes(&out, "\033[?1l\033[?5l\033[0m\033[?25h\033[?1003l\033[?1002l\033[?1001l"
                        "\033[?1000l\033[?9l\033[?1015l\033[?1006l\033[?1005l\033[?1004l"
                        "\033[?2004l<rmcup>");
    write_str(e, "\033[?1007h");
    buf_clear(&out);
    handover_end(&caps_mirror, emulator_screen(e), &out);
    assert_true(contains(&out, "\033[?1007l"));
    buf_release(&out);
    emulator_free(e);
}

/* Once, by the entry of the terminal or by us. */
static void R21_saves_and_restores_the_title(void **state)
{
    (void)state;
    struct caps caps = {.title = true, .enter_screen = "<smcup>", .leave_screen = "<rmcup>"};
    struct caps xterm = {.title = true,
                         .enter_screen = "\033[?1049h\033[22;0;0t",
                         .leave_screen = "\033[?1049l\033[23;0;0t"};
    struct buf out = {0};

    handover_begin(&caps, &out);
    check_escapes(&out, "<smcup>\033[22;0t\033[?1h");
    buf_clear(&out);
    handover_end(&caps, NULL, &out);
    assert_true(contains(&out, "\033[23;0t<rmcup>"));
    buf_clear(&out);
    handover_begin(&xterm, &out);
    check_escapes(&out, "\033[?1049h\033[22;0;0t\033[?1h");
    buf_clear(&out);
    handover_end(&xterm, NULL, &out);
    assert_false(contains(&out, "\033[23;0t"));
    buf_release(&out);
}

/* What a program may have done, alone and together. */
static const char *const deeds[] = {
    "\033[?1h\033=",
    "\033[?5h",
    "\033[?25l",
    "\033[?9h",
    "\033[?1000h",
    "\033[?1001h",
    "\033[?1002h\033[?1006h",
    "\033[?1003h\033[?1005h",
    "\033[?1015h",
    "\033[?1000h\033[?1016h",
    "\033[?1004h",
    "\033[?1007h",
    "\033[?2004h",
    "\033[?2026h",
    "\033[?2027h\U0001F469\u200D\U0001F467",
    "\033[?2031h",
    "\033[?2048h",
    "\033[=31u",
    "\033[>1u\033[?1049h\033[>7u",
    "\033[>4;2m",
    "\033[3 q",
    "\033[1;31;44mx",
    "\033[4:3;58:2::1:2:3my",
    "\033]8;;http://example.org\033\\link",
    "\033]0;title\a",
    "\033]1;icon\a\033]2;title\a",
    "\033]10;#123456\a\033]11;#654321\a\033]12;#111111\a",
    "\033]4;1;#123456\a",
    "\033]9;4;1;50\a",
    "\033]7;file://host/tmp\a\033]133;A\a",
    "\033]52;c;YQ==\a",
    "\033[2;3r\033[?6h",
    "\033[?69h\033[2;3s",
    "\033(0\016qqq",
    "\033[4h",
    "\033[?7l",
};
#define DEEDS (sizeof deeds / sizeof *deeds)

static const struct caps xterm_like = {
    .erase_chars = true,
    .back_color_erase = true,
    .title = true,
    .enter_screen = "\033[?1049h\033[22;0;0t",
    .leave_screen = "\033[?1049l\033[23;0;0t",
};

/* All that we know, on a terminal with an alternate screen, or without. */
static struct caps modern(bool alternate)
{
    struct caps caps = caps_extended;

    caps.scheme_reports = true;
    if (alternate) {
        strcpy(caps.enter_screen, xterm_like.enter_screen);
        strcpy(caps.leave_screen, xterm_like.leave_screen);
    }
    return caps;
}

struct session {
    const struct caps *caps;
    struct emulator *program;
    struct screen drawn;
    bool is_drawn;
    struct outer outer;
    struct buf written; /* all that the terminal got */
};

static void to_terminal(struct session *s, struct buf *bytes)
{
    outer_write(&s->outer, bytes->data, bytes->len);
    buf_append(&s->written, bytes->data, bytes->len);
    buf_release(bytes);
}

static void open_session(struct session *s, const struct caps *caps)
{
    struct profile profile = profile_silent;
    struct buf out = {0};

    *s = (struct session){.caps = caps, .program = emulator_new(EMULATOR_HOST, 6, 20)};
    profile.features = FEATURES_KNOWN;
    profile.abilities = (caps->kitty_keyboard ? CAN_KITTY_KEYBOARD : 0u) |
                        (caps->modify_other_keys ? CAN_MODIFY_OTHER_KEYS : 0u) |
                        (caps->pixel_mouse ? CAN_PIXEL_MOUSE : 0u);
    emulator_set_profile(s->program, &profile, NULL);
    outer_init(&s->outer);
    handover_begin(caps, &out);
    to_terminal(s, &out);
}

static void draw(struct session *s)
{
    const struct screen *now = emulator_screen(s->program);
    struct buf out = {0};

    display_diff(s->caps, s->is_drawn ? &s->drawn : NULL, now, &out);
    if (s->is_drawn)
        screen_release(&s->drawn);
    screen_copy(&s->drawn, now);
    s->is_drawn = true;
    to_terminal(s, &out);
}

static void check_clean(const struct outer *o)
{
    char what[512];

    if (outer_left(o, what, sizeof what))
        fail_msg("%s", what);
}

static void close_session(struct session *s)
{
    struct buf out = {0};

    handover_end(s->caps, s->is_drawn ? &s->drawn : NULL, &out);
    to_terminal(s, &out);
}

static void release_session(struct session *s)
{
    if (s->is_drawn)
        screen_release(&s->drawn);
    emulator_free(s->program);
    buf_release(&s->written);
}

/* D7: after any session the terminal is as it was. */
static void nothing_of_a_session_is_left(void **state)
{
    struct rng rng = {.state = 7};
    (void)state;

    for (int round = 0; round < 3000; round++) {
        struct caps with = modern(true), without = modern(false);
        const struct caps *all[] = {&xterm_like, &with, &without};
        struct session s;

        open_session(&s, all[rng_below(&rng, 3)]);
        for (size_t frames = rng_below(&rng, 4); frames > 0; frames--) {
            for (size_t i = rng_below(&rng, 4); i > 0; i--)
                write_str(s.program, deeds[rng_below(&rng, DEEDS)]);
            draw(&s);
        }
        close_session(&s);
        check_clean(&s.outer);
        release_session(&s);
    }
}

/* A process that has no time to look at what was shown leaves it as clean, but for mode 1007. */
static void nothing_is_left_in_a_hurry(void **state)
{
    struct caps caps = modern(true);
    (void)state;

    for (size_t i = 0; i < DEEDS; i++) {
        struct session s;
        struct buf out = {0};

        open_session(&s, &caps);
        write_str(s.program, deeds[i]);
        buf_append_str(&out, HANDOVER_FRAME_BEGIN);
        to_terminal(&s, &out); /* and in the middle of a frame */
        draw(&s);
        handover_end(&caps, NULL, &out);
        to_terminal(&s, &out);
        s.outer.mode[1007] = false;
        check_clean(&s.outer);
        release_session(&s);
    }
}

/* What is learned later is done later, and undone all the same. */
static void what_is_learned_is_undone(void **state)
{
    struct caps caps = modern(true);
    struct session s;
    struct buf out = {0};
    (void)state;

    open_session(&s, &xterm_like);
    handover_learn(&xterm_like, &caps, &out);
    to_terminal(&s, &out);
    assert_int_equal(s.outer.kitty_depth[1], 1);
    assert_true(s.outer.mode[2031]);
    handover_learn(&caps, &caps, &out);
    assert_int_equal(out.len, 0);
    s.caps = &caps;
    close_session(&s);
    check_clean(&s.outer);
    release_session(&s);
}

/* sys/tty keeps what a process in a hurry writes; there is room for all of it. */
static void the_hurried_end_is_short(void **state)
{
    enum { TTY_CLOSE_BYTES_MAX = 512 }; /* of sys/tty.h */
    struct caps caps = modern(true);
    struct buf out = {0};
    (void)state;

    caps.clusters_set = true;
    memset(caps.leave_screen, 'x', sizeof caps.leave_screen - 1);
    handover_end(&caps, NULL, &out);
    assert_true(out.len <= TTY_CLOSE_BYTES_MAX);
    buf_release(&out);
}

#ifdef HAVE_VTERM
struct props {
    int value[VTERM_N_PROPS];
};

static int set_prop(VTermProp prop, VTermValue *value, void *user)
{
    struct props *props = user;

    if (vterm_get_prop_type(prop) == VTERM_VALUETYPE_BOOL)
        props->value[prop] = value->boolean;
    else if (vterm_get_prop_type(prop) == VTERM_VALUETYPE_INT)
        props->value[prop] = value->number;
    return 1;
}

/* The same, as an independent terminal understands it. */
static void libvterm_agrees(void **state)
{
    static const VTermStateCallbacks callbacks = {.settermprop = set_prop};
    struct caps caps = modern(true);
    (void)state;

    for (size_t i = 0; i < DEEDS; i++) {
        VTerm *vterm = vterm_new(6, 20);
        struct props props = {0}, before;
        struct session s;

        vterm_set_utf8(vterm, 1);
        vterm_state_set_callbacks(vterm_obtain_state(vterm), &callbacks, &props);
        vterm_state_reset(vterm_obtain_state(vterm), 1);
        before = props;
        open_session(&s, &caps);
        write_str(s.program, deeds[i]);
        draw(&s);
        close_session(&s);
        vterm_input_write(vterm, (const char *)s.written.data, s.written.len);
        /* its cursor's default shape is one of the shapes, and CSI 0 SP q is that */
        assert_memory_equal(&props, &before, sizeof props);
        release_session(&s);
        vterm_free(vterm);
    }
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaves_the_terminal_as_programs_expect_it),
        cmocka_unit_test(R21_saves_and_restores_the_title),
        cmocka_unit_test(nothing_of_a_session_is_left),
        cmocka_unit_test(nothing_is_left_in_a_hurry),
        cmocka_unit_test(what_is_learned_is_undone),
        cmocka_unit_test(the_hurried_end_is_short),
#ifdef HAVE_VTERM
        cmocka_unit_test(libvterm_agrees),
#endif
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
