/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../lib/unit.h"

#include "../lib/textlog.h"
#include "transport/sender.h"

#define MAX        INSTRUCTION_SHUTDOWN
#define COLLECT_MS 5

/* A measured path: RTO 50, frame interval 20; so an acknowledgement is late after 150. */
#define FRAME_MS 20
#define LATE_MS  150
#define ACK_MS   (SENDER_ACK_DELAY_MS + 24) /* and half of what the RTO is above the round trip */

static struct sender s;
static struct rtt rtt;
static struct instruction out;
static msec_t now;

static int setup(void **state)
{
    (void)state;
    now = 10000;
    rtt_init(&rtt);
    rtt_sample(&rtt, 1);
    sender_init(&s, &textlog_ops, textlog_new(), COLLECT_MS, now);
    sender_heard(&s, now, MSEC_NEVER);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    sender_release(&s);
    instruction_release(&out);
    return 0;
}

static void type(const char *text)
{
    textlog_append(s.live, text, strlen(text));
}

static msec_t deadline(void)
{
    return msec_max(now, sender_deadline(&s, &rtt, now));
}

/* Moves the clock to the deadline and expects an instruction there, but not before. */
static void expect(msec_t after_ms, uint64_t old_num, uint64_t new_num, const char *text)
{
    assert_int_equal(deadline(), now + after_ms);
    if (after_ms > 0)
        assert_false(sender_make(&s, &rtt, now + after_ms - 1, &out));
    now += after_ms;
    assert_true(sender_make(&s, &rtt, now, &out));
    assert_int_equal(out.old_num, old_num);
    assert_int_equal(out.new_num, new_num);
    assert_true(out.throwaway_num <= out.old_num);
    if (!text) {
        assert_int_equal(out.diff.len, 0);
    } else {
        assert_true(out.diff.len >= 8);
        check_bytes(out.diff.data + 8, out.diff.len - 8, text, strlen(text));
    }
    sender_note_size(&s, &rtt, 60 + out.diff.len);
}

/* State 1, sent at `now` and acknowledged. */
static void greet(void)
{
    expect(0, 0, 1, NULL);
    assert_true(sender_acked(&s, now, 1));
}

static void says_hello_at_once_and_then_beats(void **state)
{
    (void)state;
    expect(0, 0, 1, NULL);
    expect(SENDER_HEARTBEAT_MS, 0, 2, NULL); /* state 1 is overdue: not a base */
    sender_acked(&s, now + 1, 2);
    expect(SENDER_HEARTBEAT_MS, 2, 3, NULL);
}

/* A server's heartbeat goes with the client's: one wake-up for both. */
static void a_server_beats_in_answer(void **state)
{
    (void)state;
    s.answers = true;
    greet();
    assert_int_equal(deadline(), now + SENDER_HEARTBEAT_MS + SENDER_BEAT_LATE_MS);
    now += 1000;
    sender_acknowledge(&s, &rtt, now, 7, false);
    assert_true(deadline() > now);
    now += 1500;
    sender_acknowledge(&s, &rtt, now, 8, false);
    expect(0, 1, 2, NULL);
    for (uint64_t num = 9; num < 20; num++) {
        assert_true(sender_acked(&s, now, sender_newest_num(&s)));
        now += SENDER_HEARTBEAT_MS;
        assert_true(deadline() > now);
        sender_acknowledge(&s, &rtt, now, num, false);
        expect(0, sender_acked_num(&s), sender_newest_num(&s) + 1, NULL);
    }
}

/* Section 19 of the protocol notes, 6: a lost hello costs a quarter of a second. */
static void hello_is_repeated_until_answered(void **state)
{
    (void)state;
    sender_release(&s);
    rtt_init(&rtt);
    sender_init(&s, &textlog_ops, textlog_new(), COLLECT_MS, now);
    type("size");
    expect(0, 0, 1, "size");
    expect(250, 0, 1, "size");
    expect(250, 0, 1, "size");
    expect(500, 0, 1, "size");
    expect(1000, 0, 1, "size");
    expect(1000, 0, 2, "size"); /* with the heartbeat a new number */
    sender_heard(&s, now, MSEC_NEVER);
    sender_acked(&s, now, 1);
    assert_true(deadline() > now + 1000);
}

static void changes_leave_at_once_and_are_spaced(void **state)
{
    (void)state;
    greet();
    now += 1000;
    type("a");
    expect(0, 1, 2, "a");
    type("b");
    /* Not yet acknowledged, but cheap: both go again from what the peer surely has. */
    expect(COLLECT_MS, 1, 3, "ab");
    assert_true(sender_acked(&s, now, 3));
    type("c");
    expect(FRAME_MS, 3, 4, "c");
    now += 5 * FRAME_MS;
    type("d");
    expect(0, 3, 5, "cd");
}

static void touch(const char *text)
{
    sender_touched(&s, now);
    type(text);
}

/* A program that writes in one piece is not kept waiting, one that writes in several is. */
static void R46_what_comes_in_pieces_is_collected(void **state)
{
    (void)state;
    greet();
    for (int i = 0; i < 3; i++) {
        now += 1000;
        touch("a");
        expect(0, sender_acked_num(&s), sender_newest_num(&s) + 1, "a");
        assert_true(sender_acked(&s, now, sender_newest_num(&s)));
    }
    now += 1000;
    touch("b");
    expect(0, 4, 5, "b");
    now += 2;
    touch("c");
    expect(SENDER_PIECE_MS, 4, 6, "bc");
    assert_true(sender_acked(&s, now, 6));
    now += 1000;
    touch("d"); /* the burst before was split */
    assert_int_equal(deadline(), now + SENDER_PIECE_MS);
    now += 1;
    touch("e");
    assert_int_equal(deadline(), now + SENDER_PIECE_MS);
    now += 1;
    touch("f");
    now += 1;
    touch("g"); /* no longer than that */
    expect(COLLECT_MS - 3, 6, 7, "defg");
    for (int i = 0; i < 4; i++) { /* it takes some in one piece to be trusted again */
        assert_true(sender_acked(&s, now, sender_newest_num(&s)));
        now += 1000;
        touch("f");
        expect(i < 3 ? SENDER_PIECE_MS : 0, sender_acked_num(&s), sender_newest_num(&s) + 1, "f");
    }
}

/* What is due is sent when it is, and arrives. */
static void deliver(void)
{
    now = deadline();
    assert_true(sender_make(&s, &rtt, now, &out));
    sender_note_size(&s, &rtt, 60 + out.diff.len);
    assert_true(sender_acked(&s, now, out.new_num));
}

/* However many bursts came in pieces, four in one piece have to follow. */
static void R46_trust_comes_back_soon(void **state)
{
    unsigned waited = 0;
    (void)state;
    greet();
    for (int i = 0; i < 10; i++) {
        now += 1000;
        touch("a");
        now += 1;
        touch("b");
        deliver();
    }
    for (int i = 0; i < 10; i++) {
        now += 1000;
        touch("c");
        waited += deadline() > now;
        deliver();
    }
    assert_int_equal(waited, 4);
}

/* An acknowledgement does not hold up what is typed next, and one that is owed takes it along. */
static void acks_do_not_hold_changes_up(void **state)
{
    (void)state;
    rtt_init(&rtt);
    rtt_sample(&rtt, 200);
    greet();
    now += 1000;
    sender_acknowledge(&s, &rtt, now, 7, true);
    expect(SENDER_ACK_DELAY_MS + SENDER_ACK_SLACK_MS_MAX, 1, 2, NULL);
    now += 1;
    type("a");
    expect(0, 1, 3, "a");
    now += 10; /* more than what may belong to "a" */
    type("b");
    assert_int_equal(deadline(), now + 90);
    sender_acknowledge(&s, &rtt, now, 8, true);
    expect(40, 1, 4, "ab");
}

/* On a slow path the datagrams would become more than they are worth. */
static void on_a_slow_path_an_ack_counts_as_a_change(void **state)
{
    (void)state;
    rtt_init(&rtt);
    rtt_sample(&rtt, 700);
    greet();
    now += 1000;
    sender_acknowledge(&s, &rtt, now, 7, true);
    expect(SENDER_ACK_DELAY_MS + SENDER_ACK_SLACK_MS_MAX, 1, 2, NULL);
    now += 1;
    type("a");
    expect(FRAME_MAX_MS - 1, 1, 3, "a");
}

/* A text is not urgent if it ends in a comma. */
static bool ends_urgently(const void *from, const void *to)
{
    const struct textlog *text = to;

    (void)from;
    return text->bytes.len == 0 || text->bytes.data[text->bytes.len - 1] != ',';
}

static void what_is_not_urgent_waits_for_company(void **state)
{
    (void)state;
    struct sync_ops ops = textlog_ops;
    ops.urgent = ends_urgently;
    s.ops = &ops;
    greet();
    now += 1000;
    type("a");
    expect(0, 1, 2, "a");
    assert_true(sender_acked(&s, now, 2));
    now += 10;
    type(",");
    expect(SENDER_LAZY_MS_MIN - 10, 2, 3, ",");
    assert_true(sender_acked(&s, now, 3));
    type("b"); /* it did not hold this up */
    expect(0, 3, 4, "b");
    assert_true(sender_acked(&s, now, 4));
    now += 10;
    type(",");
    now += 10;
    type("c");
    expect(0, 4, 5, ",c");
    s.ops = &textlog_ops;
}

/* Half an interval more than one, but on no path more than 75 ms more. */
static void company_takes_longer_on_a_longer_path(void **state)
{
    static const struct {
        uint16_t srtt_ms;
        msec_t wait_ms;
    } paths[] = {{160, 80 + 40}, {200, 100 + 50}, {400, 200 + SENDER_LAZY_MS_MAX}};
    (void)state;
    struct sync_ops ops = textlog_ops;
    ops.urgent = ends_urgently;
    s.ops = &ops;
    greet();
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        rtt_init(&rtt);
        rtt_sample(&rtt, paths[i].srtt_ms);
        now += 1000;
        type("a");
        deliver();
        msec_t changed = now;
        now += 10;
        type(",");
        assert_int_equal(deadline(), changed + paths[i].wait_ms);
        deliver();
    }
    s.ops = &textlog_ops;
}

/* There is no change before it from which to wait. */
static void the_first_change_need_not_be_urgent(void **state)
{
    (void)state;
    struct sync_ops ops = textlog_ops;
    ops.urgent = ends_urgently;
    s.ops = &ops;
    greet();
    now += 1000;
    type(",");
    expect(0, 1, 2, ",");
    s.ops = &textlog_ops;
}

/* A text is awaited if it ends in a semicolon; that is not urgent, either. */
static bool ends_with(const void *to, char end)
{
    const struct textlog *text = to;

    return text->bytes.len > 0 && text->bytes.data[text->bytes.len - 1] == end;
}

static bool ends_urgently_or_not(const void *from, const void *to)
{
    (void)from;
    return !ends_with(to, ',') && !ends_with(to, ';');
}

static bool is_awaited(const void *from, const void *to)
{
    (void)from;
    return ends_with(to, ';');
}

static void what_is_awaited_is_not_held_up(void **state)
{
    (void)state;
    struct sync_ops ops = textlog_ops;
    ops.urgent = ends_urgently_or_not;
    ops.awaited = is_awaited;
    s.ops = &ops;
    greet();
    now += 1000;
    type("a");
    expect(0, 1, 2, "a");
    assert_true(sender_acked(&s, now, 2));
    now += 1;
    type(";");
    expect(0, 2, 3, ";");
    assert_true(sender_acked(&s, now, 3));
    type(",");
    expect(SENDER_LAZY_MS_MIN - 1, 3, 4, ",");
    s.ops = &textlog_ops;
}

/* --- a path that loses much --- */

/* The same state again, after 20, 40, 80 ms, and then the retry in its time. */
static void small_things_are_repeated(void **state)
{
    (void)state;
    greet();
    sender_set_copies(&s, 4);
    now += 1000;
    type("a");
    expect(0, 1, 2, "a");
    expect(SENDER_REPEAT_MS, 1, 2, "a");
    expect(2 * SENDER_REPEAT_MS, 1, 2, "a");
    expect(4 * SENDER_REPEAT_MS, 1, 2, "a");
    expect(LATE_MS - 7 * SENDER_REPEAT_MS, 1, 2, "a");
    /* What is newer takes the place of a repetition, and is repeated in turn. */
    assert_true(sender_acked(&s, now, 2));
    now += 1000;
    type("b");
    expect(0, 2, 3, "b");
    now += 10; /* more than belongs to "b" */
    type("c");
    expect(SENDER_REPEAT_MS - 10, 2, 4, "bc");
    expect(SENDER_REPEAT_MS, 2, 4, "bc");
    assert_true(sender_acked(&s, now, 4));
    assert_int_equal(deadline(), now + SENDER_HEARTBEAT_MS);
}

static void large_things_are_not_repeated(void **state)
{
    (void)state;
    char text[SENDER_SMALL_BYTES];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = 0;
    greet();
    sender_set_copies(&s, 4);
    now += 1000;
    type(text);
    expect(0, 1, 2, text);
    assert_int_equal(deadline(), now + LATE_MS);
}

static void repeats_have_a_budget(void **state)
{
    (void)state;
    greet();
    sender_set_copies(&s, 4);
    size_t bytes = 0;
    for (int i = 0; i < 400; i++) {
        msec_t next = now + 145;
        sender_acked(&s, now, sender_newest_num(&s));
        type("x");
        for (; deadline() < next; now = deadline()) {
            uint64_t newest = sender_newest_num(&s);
            assert_true(sender_make(&s, &rtt, deadline(), &out));
            sender_note_size(&s, &rtt, 200);
            bytes += out.new_num == newest ? 200 : 0;
        }
        now = next;
    }
    assert_in_range(bytes, 50 * SENDER_REPEAT_BYTES_PER_S,
                    58 * SENDER_REPEAT_BYTES_PER_S + SENDER_REPEAT_BYTES_MAX);
}

/* From the start, and after a pause however long, and never more. */
static void the_budget_of_repeats_is_full_at_first(void **state)
{
    (void)state;
    sender_set_copies(&s, 2);
    for (uint64_t num = 1; num < 4; num++) {
        type("a");
        expect(0, num - 1, num, "a");
        assert_int_equal(s.repeat_bytes, SENDER_REPEAT_BYTES_MAX - 60 - out.diff.len);
        assert_true(sender_acked(&s, now, num));
        now += 3600 * 1000;
    }
}

/* While the peer is silent there is nothing but retries. */
static void a_silent_peer_gets_no_repeats(void **state)
{
    (void)state;
    greet();
    sender_set_copies(&s, 4);
    now += 1000;
    type("a");
    expect(0, 1, 2, "a");
    unsigned count = 0;
    for (msec_t start = now; now < start + 10000; now = deadline())
        if (sender_make(&s, &rtt, now, &out)) {
            sender_note_size(&s, &rtt, 80);
            count++;
        }
    assert_in_range(count, 10, 10000 / (rtt_srtt_ms(&rtt) / 2 + SENDER_OUTAGE_MS));
}

/* What is held is not fit to be seen; what is not of it goes on. */
static void held_content_is_not_sent(void **state)
{
    (void)state;
    greet();
    now += 1000;
    type("a");
    sender_hold(&s, true);
    sender_acknowledge(&s, &rtt, now, 7, true);
    expect(ACK_MS, 1, 2, NULL);
    assert_int_equal(out.ack_num, 7);
    assert_true(sender_acked(&s, now, 2));
    type("b");
    expect(SENDER_HEARTBEAT_MS, 2, 3, NULL);
    assert_true(sender_acked(&s, now, 3));
    sender_hold(&s, false);
    expect(0, 3, 4, "ab");
}

static void a_retry_is_held_too(void **state)
{
    (void)state;
    greet();
    now += 1000;
    type("a");
    expect(0, 1, 2, "a");
    type("b");
    sender_hold(&s, true);
    now += LATE_MS;
    assert_false(sender_make(&s, &rtt, now, &out));
    sender_hold(&s, false);
    expect(0, 1, 3, "ab");
}

static void large_differences_build_on_what_is_under_way(void **state)
{
    (void)state;
    char text[2000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = 0;
    greet();
    now += 1000;
    type(text);
    expect(0, 1, 2, text);
    type("b");
    expect(COLLECT_MS, 2, 3, "b");
    assert_int_equal(out.throwaway_num, 1);
}

static void acks_wait_a_little_and_ride_along(void **state)
{
    (void)state;
    greet();
    now += 1000;
    sender_acknowledge(&s, &rtt, now, 7, true);
    expect(ACK_MS, 1, 2, NULL);
    assert_int_equal(out.ack_num, 7);
    now += 1000;
    sender_acked(&s, now, 2);
    sender_acknowledge(&s, &rtt, now, 8, true);
    type("a");
    expect(0, 2, 3, "a");
    assert_int_equal(out.ack_num, 8);
    assert_true(deadline() >= now + LATE_MS);
    /* What carries no content is not worth an answer of its own. */
    sender_acked(&s, now, 3);
    sender_acknowledge(&s, &rtt, now, 9, false);
    assert_int_equal(deadline(), now + SENDER_HEARTBEAT_MS);
}

/* An outage: the peer is asked all the time, then less and less often. */
static void retries_back_off(void **state)
{
    (void)state;
    greet();
    now += 1000;
    msec_t sent = now;
    type("a");
    expect(0, 1, 2, "a");
    sender_note_size(&s, &rtt, 80);
    expect(LATE_MS, 1, 2, "a");
    msec_t quick = rtt_srtt_ms(&rtt) / 2 + SENDER_OUTAGE_MS;
    unsigned count = 0;
    for (msec_t wait = quick; now<sent + 60000; count += now> sent + SENDER_PATIENT_MS) {
        msec_t next = deadline();
        if (next < sent + SENDER_PATIENT_MS - 1000)
            assert_int_equal(next - now, quick);
        assert_in_range(next - now, wait, SENDER_HEARTBEAT_MS);
        wait = next - now;
        now = next;
        assert_true(sender_make(&s, &rtt, now, &out));
        assert_int_equal(out.old_num, 1);
    }
    assert_in_range(count, 18, 25);
    sender_acked(&s, now, sender_newest_num(&s));
    assert_int_equal(deadline(), now + SENDER_HEARTBEAT_MS);
}

static msec_t frame_after(size_t bytes)
{
    msec_t start;

    sender_acked(&s, now, sender_newest_num(&s));
    now += 1000;
    type("a");
    now = deadline();
    assert_true(sender_make(&s, &rtt, now, &out));
    s.content_bytes = bytes;
    now += 1000;
    type("b");
    now = deadline();
    assert_true(sender_make(&s, &rtt, now, &out));
    s.content_bytes = bytes;
    start = now;
    now += COLLECT_MS; /* what would be the rest of it */
    type("c");
    return s.frame_free - start;
}

/* Each round trip with marks halves the rate of what is not small; without, it comes back. */
static void marks_make_frames_fewer(void **state)
{
    (void)state;
    greet();
    assert_int_equal(frame_after(SENDER_SMALL_BYTES + 1), FRAME_MIN_MS);
    sender_marked(&s, &rtt, now);
    sender_marked(&s, &rtt, now);
    assert_int_equal(s.eased, 1);
    for (unsigned i = 2; i < 10; i++) {
        now += rtt_srtt_ms(&rtt) + FRAME_MAX_MS;
        sender_marked(&s, &rtt, now);
        assert_int_equal(s.eased, i < SENDER_EASED_MAX ? i : SENDER_EASED_MAX);
    }
    type("a");
    now = deadline();
    s.content_bytes = SENDER_SMALL_BYTES + 1;
    assert_true(sender_make(&s, &rtt, now, &out));
    assert_int_equal(s.frame_free - now, FRAME_MAX_MS);
    s.content_bytes = SENDER_SMALL_BYTES; /* keys and their echoes are no burden */
    now = s.frame_free;
    type("a");
    assert_true(sender_make(&s, &rtt, now, &out));
    assert_int_equal(s.frame_free - now, FRAME_MIN_MS);
    for (int i = 0; i < 20; i++) {
        now += 1000;
        type("a");
        now = deadline();
        (void)sender_make(&s, &rtt, now, &out);
    }
    assert_int_equal(s.eased, 0);
    assert_int_equal(frame_after(SENDER_SMALL_BYTES + 1), FRAME_MIN_MS);
}

/* What is large does not fill the queue of a path that may be back at any time. */
static void large_retries_back_off_at_once(void **state)
{
    (void)state;
    greet();
    now += 1000;
    type("a");
    expect(0, 1, 2, "a");
    static const msec_t waits[] = {LATE_MS, LATE_MS, 2 * LATE_MS, 4 * LATE_MS, 1000, 1000};
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
        sender_note_size(&s, &rtt, SENDER_SMALL_BYTES + 1);
        expect(waits[i], 1, i < 5 ? 2 : 3, "a");
    }
}

/* So are those for a peer that is heard, but takes nothing: its program does not read. */
static void a_peer_that_refuses_is_asked_less_and_less_often(void **state)
{
    unsigned count = 0;

    (void)state;
    greet();
    now += 1000;
    type("a");
    expect(0, 1, 2, "a");
    sender_note_size(&s, &rtt, 80);
    for (msec_t start = now; now < start + 60000; now += 10) {
        if (now % 100 == 0)
            sender_heard(&s, now, 500);
        if (sender_make(&s, &rtt, now, &out))
            count++;
    }
    assert_in_range(count, 18, 30);
}

static void retries_begin_anew_after_progress(void **state)
{
    (void)state;
    greet();
    now += 1000;
    type("a");
    expect(0, 1, 2, "a");
    for (int i = 0; i < 4; i++) {
        now = deadline();
        assert_true(sender_make(&s, &rtt, now, &out));
    }
    assert_true(sender_acked(&s, now, 2));
    now += 1000;
    type("b");
    expect(0, 2, 3, "b");
    expect(LATE_MS, 2, 3, "b");
}

static void a_peer_that_is_back_is_not_kept_waiting(void **state)
{
    (void)state;
    greet();
    now += 1000;
    type("a");
    expect(0, 1, 2, "a");
    while (deadline() < now + 1000) {
        now = deadline();
        assert_true(sender_make(&s, &rtt, now, &out));
        sender_note_size(&s, &rtt, 80);
    }
    now += 500;
    sender_heard(&s, now, SENDER_SILENCE_MS - 1);
    assert_true(deadline() > now);
    sender_heard(&s, now, SENDER_SILENCE_MS);
    assert_int_equal(deadline() <= now, true);
    assert_true(sender_make(&s, &rtt, now, &out));
    assert_true(deadline() > now + 500); /* once */
}

/* F03: a screen that changes all the time, and a peer that says nothing. */
static void a_quiet_peer_is_not_flooded(void **state)
{
    (void)state;
    char text[3000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = 0;
    greet();
    size_t bytes = 0;
    msec_t start = now;
    while (now < start + 40000) {
        /* Like a screen, the difference does not grow. */
        struct textlog *live = s.live;
        if (textlog_end(live) < sizeof text)
            type(text);
        else
            type("y");
        now = msec_max(now + 1, msec_min(deadline(), now + 20));
        if (sender_make(&s, &rtt, now, &out)) {
            bytes += out.diff.len + 60;
            sender_note_size(&s, &rtt, out.diff.len + 60);
        }
    }
    assert_true(bytes < 40000 * (SENDER_QUIET_BYTES_PER_MS + 1) + 60000);
}

/* While it is too early for content, what the peer waits for still goes. */
static void acks_do_not_drag_content_along_to_a_quiet_peer(void **state)
{
    (void)state;
    static char text[60000];
    memset(text, 'x', sizeof text - 1);
    greet();
    now += 1000;
    type(text);
    expect(0, 1, 2, text);
    now += LATE_MS;
    sender_acknowledge(&s, &rtt, now, 7, true);
    expect(ACK_MS, 2, 3, NULL);
    type("more");
    sender_acknowledge(&s, &rtt, now, 8, true);
    now += 1;
    assert_true(deadline() <= now + ACK_MS);
}

/* F38: states 2 to 62 without an acknowledgement. */
static void the_middle_is_evicted(void **state)
{
    (void)state;
    greet();
    for (uint64_t n = 2; n <= 62; n++) {
        now += FRAME_MS + COLLECT_MS;
        type("x");
        while (sender_newest_num(&s) < n) {
            now = msec_max(now, deadline());
            assert_true(sender_make(&s, &rtt, now, &out));
            assert_int_equal(out.throwaway_num, 1);
        }
        assert_true(s.count <= SENDER_STATES_MAX);
    }
    assert_int_equal(s.count, SENDER_STATES_MAX);
    assert_int_equal(s.sent[0].num, 1);
    assert_int_equal(s.sent[31].num, 62);
    for (uint64_t n = 18; n < 48; n++)
        assert_false(sender_acked(&s, now, n));
    assert_true(sender_acked(&s, now, 17));
    assert_true(sender_acked(&s, now, 50));
    assert_true(sender_acked(&s, now, 62));
    assert_int_equal(s.count, 1);
}

static void acks_of_nothing_are_ignored(void **state)
{
    (void)state;
    greet();
    now += 1000;
    type("a");
    expect(0, 1, 2, "a");
    assert_false(sender_acked(&s, now, 0));
    assert_false(sender_acked(&s, now, 1));
    assert_false(sender_acked(&s, now, 3));
    assert_false(sender_acked(&s, now, MAX)); /* nobody said farewell */
    assert_int_equal(sender_acked_num(&s), 1);
    assert_int_equal(sender_acked_time(&s), 10000);
    assert_true(sender_acked(&s, now, 2));
    assert_false(sender_acked(&s, now, 1));
    assert_int_equal(sender_acked_time(&s), now);
}

static void a_change_that_is_taken_back_after_a_loss_arrives(void **state)
{
    (void)state;
    /* A text cannot shrink, so what was sent is put there by hand: states 2 and 3, of which 3 is
       as 1 was. */
    greet();
    now += 1000;
    type("a");
    expect(0, 1, 2, "a");
    buf_clear(&((struct textlog *)s.live)->bytes);
    s.sent[2] = (struct sent_state){3, now, now, textlog_ops.clone(s.live)};
    s.count = 3;
    s.content_num = 3;
    expect(LATE_MS, 1, 3, NULL);
}

static void farewell_carries_the_last_words(void **state)
{
    (void)state;
    greet();
    now += 1000;
    type("bye");
    sender_close(&s, now);
    expect(0, 1, MAX, "bye");
    type("lost"); /* too late: one number, one content */
    expect(RTO_MIN_MS, 1, MAX, "bye");
    expect(RTO_MIN_MS, 1, MAX, "bye");
    expect(2 * RTO_MIN_MS, 1, MAX, "bye");
    assert_true(sender_acked(&s, now, MAX));
    /* The last word: what the peer may forget says that we know. */
    expect(0, MAX, MAX, NULL);
    assert_int_equal(out.throwaway_num, MAX);
}

static void the_peers_farewell_is_confirmed_again_and_again(void **state)
{
    (void)state;
    greet();
    now += 1000;
    type("useless");
    sender_acknowledge(&s, &rtt, now, MAX, false);
    expect(0, 1, 2, NULL);
    assert_int_equal(out.ack_num, MAX);
    expect(RTO_MIN_MS, 2, 3, NULL);
    assert_int_equal(out.ack_num, MAX);
}

/* Both at once: what we have is still for the peer, which waits for it. */
static void both_leave_with_their_last_words(void **state)
{
    (void)state;
    greet();
    now += 1000;
    type("bye");
    sender_close(&s, now);
    sender_acknowledge(&s, &rtt, now, MAX, false);
    expect(0, 1, MAX, "bye");
    assert_int_equal(out.ack_num, MAX);
    expect(RTO_MIN_MS, 1, MAX, "bye");
    assert_int_equal(out.ack_num, MAX);
}

/* Of what the peer left behind when it went, nothing goes again. */
static void repeats_end_with_the_peers_farewell(void **state)
{
    (void)state;
    greet();
    sender_set_copies(&s, 4);
    now += 1000;
    type("a");
    expect(0, 1, 2, "a");
    sender_acknowledge(&s, &rtt, now, MAX, false);
    for (msec_t start = now; now < start + 5000; now = deadline())
        if (sender_make(&s, &rtt, now, &out)) {
            assert_int_equal(out.ack_num, MAX);
            assert_int_equal(out.diff.len, 0);
            sender_note_size(&s, &rtt, 80);
        }
}

static void a_farewell_before_anything_was_sent(void **state)
{
    (void)state;
    sender_acknowledge(&s, &rtt, now, MAX, false);
    expect(0, 0, 1, NULL);
    assert_int_equal(out.ack_num, MAX);
    /* nor does a new path bring back what the peer does not want */
    type("useless");
    sender_restart(&s, now);
    expect(COLLECT_MS, 1, 2, NULL);
    expect(RTO_MIN_MS, 2, 3, NULL);
}

/* --- another path --- */

/* All that was sent goes again, under a new number, by which the path is known to be another. */
static void a_restart_has_a_new_number(void **state)
{
    (void)state;
    greet();
    now += 1000;
    type("a");
    expect(0, 1, 2, "a");
    sender_restart(&s, now);
    sender_restart(&s, now); /* two reasons, one restart */
    expect(COLLECT_MS, 1, 3, "a");
    assert_true(sender_acked(&s, now, 3));
    /* With nothing to say it is empty, and no retry. */
    now += SENDER_RESTART_MS;
    sender_restart(&s, now);
    expect(COLLECT_MS, 3, 4, NULL);
    assert_int_equal(s.retries, 0);
}

/* An address that changes all the time. */
static void restarts_have_a_rate(void **state)
{
    (void)state;
    greet();
    now += SENDER_RESTART_MS;
    type("a");
    expect(0, 1, 2, "a");
    sender_restart(&s, now);
    expect(COLLECT_MS, 1, 3, "a");
    sender_restart(&s, now + 1);
    now += 1;
    /* What cannot wait meanwhile does not take the place of the restart. */
    sender_hurry(&s, now);
    expect(0, 3, 4, NULL);
    expect(SENDER_RESTART_MS - 1, 1, 5, "a");
}

static void what_is_too_large_does_not_wedge(void **state)
{
    (void)state;
    greet();
    now += 1000;
    struct textlog *live = s.live;
    buf_reserve(&live->bytes, SENDER_DIFF_BYTES_MAX);
    memset(live->bytes.data, 'x', SENDER_DIFF_BYTES_MAX);
    live->bytes.len = SENDER_DIFF_BYTES_MAX;
    unsigned count = 0;
    for (msec_t start = now; now < start + 30000; now = deadline()) {
        if (!sender_make(&s, &rtt, now, &out))
            continue;
        assert_int_equal(out.diff.len, 0);
        count++;
        if (count > 1) /* it is received, and acknowledged */
            sender_acked(&s, now, out.new_num);
    }
    assert_in_range(count, 9, 60);
    live->bytes.len = 5;
    now += SENDER_HEARTBEAT_MS;
    assert_true(sender_make(&s, &rtt, now, &out));
    assert_int_equal(out.diff.len, 13);
}

/* To the byte. */
static void what_is_just_not_too_large_is_sent(void **state)
{
    enum { TEXTLOG_HEAD = 8 };
    const size_t most = SENDER_DIFF_BYTES_MAX - TEXTLOG_HEAD;
    struct textlog *live = s.live;
    (void)state;
    greet();
    buf_reserve(&live->bytes, most + 1);
    memset(live->bytes.data, 'x', most + 1);
    for (size_t less = 0; less <= 1; less++) {
        live->bytes.len = most + 1 - less;
        now += 1000;
        assert_true(sender_make(&s, &rtt, now, &out));
        assert_int_equal(out.diff.len, less ? SENDER_DIFF_BYTES_MAX : 0);
    }
}

/* Whatever happens, in any order: the rules hold, and at its deadline the sender has work. */
static void survives_anything(void **state)
{
    (void)state;
    struct rng rng = {11};
    for (int round = 0; round < 30; round++) {
        for (int i = 0; i < 1000; i++) {
            uint64_t span = sender_newest_num(&s) + 2 - sender_acked_num(&s);
            switch (rng_below(&rng, 8)) {
            case 0:
                type("word");
                break;
            case 1:
                sender_acked(&s, now, sender_acked_num(&s) + rng_below(&rng, span));
                break;
            case 2:
                sender_acknowledge(&s, &rtt, now, (uint64_t)i, rng_below(&rng, 2));
                break;
            case 3:
                sender_heard(&s, now, rng_below(&rng, 2000));
                break;
            case 4:
                rtt_sample(&rtt, rng_below(&rng, 800));
                break;
            case 5:
                now += rng_below(&rng, 100);
                break;
            case 6:
                sender_hurry(&s, now);
                break;
            default:
                now = msec_max(now, deadline());
                assert_true(sender_make(&s, &rtt, now, &out));
                assert_true(out.throwaway_num <= out.old_num);
                assert_true(out.old_num < out.new_num);
                assert_true(out.throwaway_num == sender_acked_num(&s));
                assert_true(deadline() > now);
                sender_note_size(&s, &rtt, out.diff.len);
            }
        }
        teardown(NULL);
        out = (struct instruction){0};
        setup(NULL);
    }
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(says_hello_at_once_and_then_beats),
        TEST(a_server_beats_in_answer),
        TEST(hello_is_repeated_until_answered),
        TEST(changes_leave_at_once_and_are_spaced),
        TEST(R46_what_comes_in_pieces_is_collected),
        TEST(R46_trust_comes_back_soon),
        TEST(acks_do_not_hold_changes_up),
        TEST(on_a_slow_path_an_ack_counts_as_a_change),
        TEST(what_is_not_urgent_waits_for_company),
        TEST(company_takes_longer_on_a_longer_path),
        TEST(the_first_change_need_not_be_urgent),
        TEST(what_is_awaited_is_not_held_up),
        TEST(small_things_are_repeated),
        TEST(large_things_are_not_repeated),
        TEST(repeats_have_a_budget),
        TEST(the_budget_of_repeats_is_full_at_first),
        TEST(a_silent_peer_gets_no_repeats),
        TEST(held_content_is_not_sent),
        TEST(a_retry_is_held_too),
        TEST(large_differences_build_on_what_is_under_way),
        TEST(acks_wait_a_little_and_ride_along),
        TEST(retries_back_off),
        TEST(marks_make_frames_fewer),
        TEST(large_retries_back_off_at_once),
        TEST(a_peer_that_refuses_is_asked_less_and_less_often),
        TEST(retries_begin_anew_after_progress),
        TEST(a_peer_that_is_back_is_not_kept_waiting),
        TEST(a_quiet_peer_is_not_flooded),
        TEST(acks_do_not_drag_content_along_to_a_quiet_peer),
        TEST(the_middle_is_evicted),
        TEST(acks_of_nothing_are_ignored),
        TEST(a_change_that_is_taken_back_after_a_loss_arrives),
        TEST(farewell_carries_the_last_words),
        TEST(the_peers_farewell_is_confirmed_again_and_again),
        TEST(both_leave_with_their_last_words),
        TEST(repeats_end_with_the_peers_farewell),
        TEST(a_farewell_before_anything_was_sent),
        TEST(a_restart_has_a_new_number),
        TEST(restarts_have_a_rate),
        TEST(what_is_too_large_does_not_wedge),
        TEST(what_is_just_not_too_large_is_sent),
        TEST(survives_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
