/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TRANSPORT_SENDER_H
#define MOSH_TRANSPORT_SENDER_H

/*
 * Keeps the peer's copy of our object up to date: numbered snapshots of what was sent, and the
 * decision when to send which difference.
 *
 *   sent[0]        newest state that the peer has acknowledged; nothing older is kept
 *   sent[count-1]  newest state that was sent
 *   live           the object as it is now
 *
 * Three things make an instruction due:
 *   a change     `live` is not what was sent last: at once, but not sooner than a frame interval
 *                after the last change that was sent; what is not urgent waits for half an interval
 *                more, and SENDER_LAZY_MS_MIN, because something may come with which it can go
 *   an ack       about SENDER_ACK_DELAY_MS after something new from the peer, and every
 *                SENDER_HEARTBEAT_MS anyway; whatever has changed rides along
 *   a retry      something that the peer has not acknowledged in time is sent again, as the
 *                difference from what it surely has; the longer the peer says nothing, the longer
 *                each retry waits
 *   a repeat     on a path that loses much, something small is sent again shortly after, without
 *                waiting for the acknowledgement that may be missing; a few times, each after twice
 *                the time
 *
 * A program may write in several pieces what belongs together. If the last changes came so, or the
 * path is a long one, the next one is collected until no more seem to come, for a short time at
 * most; else it leaves at once, and should a second piece follow all the same, that is collected.
 *
 * A change is based on the newest state that the peer probably has by now (all older ones were
 * sent within the last round trip or so), or, when that costs little more, on what it surely has,
 * which repairs losses before they are noticed.
 *
 * What is sent before its interval is over, as a second piece or with an acknowledgement, makes no
 * more frames in the end: over any longer time there is one each FRAME_MIN_MS at most.
 *
 * A change waits, too, while as much is under way as the path takes (transport/flight.h).
 *
 * While the peer is quiet (nothing acknowledged for longer than a round trip may take) all that
 * carries content is also paced by its size: full screens into a void would fill the queues of a
 * slow path just when it comes back. Keystrokes are too small to feel it.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transport/flight.h"
#include "transport/rtt.h"
#include "transport/sync.h"
#include "util/msec.h"
#include "wire/instruction.h"

#define SENDER_STATES_MAX          32
#define SENDER_ACK_DELAY_MS        100
#define SENDER_ACK_SLACK_MS_MAX    50
#define SENDER_HEARTBEAT_MS        3000
#define SENDER_BEAT_EARLY_MS       1000 /* a server's comes earlier if the client's has just come */
#define SENDER_BEAT_LATE_MS        100  /* and waits so long for that */
#define SENDER_HELLO_RETRY_MS      250  /* first retry while nothing was ever heard */
#define SENDER_PATIENT_MS          10000 /* an outage of that length is taken for a short one */
#define SENDER_RETRY_MAX_MS        1000  /* longest wait for a retry then; after it, a heartbeat */
#define SENDER_OUTAGE_MS           50    /* and half a round trip, between two retries meanwhile */
#define SENDER_SILENCE_MS          1000  /* the peer is back: heard again after so long */
#define SENDER_QUIET_BYTES_PER_MS  16
#define SENDER_RESTART_MS          50 /* a path may change as often as it likes: all goes again so often */
#define SENDER_PROSPECTIVE_BYTES   1000 /* a difference from the acknowledged state is preferred */
#define SENDER_PROSPECTIVE_SURPLUS 100  /* if smaller than that and larger by less than this */
#define SENDER_LAZY_MS_MAX         75   /* longest wait for what is not urgent, over the interval */
#define SENDER_LAZY_MS_MIN         105  /* but from a change on; the peer acknowledges that then */
#define SENDER_PIECE_MS            2    /* between two pieces of what belongs together */
#define SENDER_LONG_SRTT_MS        80   /* on a path as long a server waits for more pieces */
#define SENDER_PIECE_LONG_MS       3    /* between two there, with what the machine adds */
#define SENDER_SLOW_INTERVAL_MS    150  /* a path is slow if the frame interval is longer */
#define SENDER_ANSWER_PART         16   /* of an interval, by which an answer may come earlier */
#define SENDER_FRAMES_AHEAD_MS     200  /* what goes early does so within the rate of frames */
#define SENDER_SMALL_BYTES         300  /* of a datagram that may be repeated */
#define SENDER_REPEAT_MS           20   /* after which it is; then twice as long, and so on */
#define SENDER_REPEAT_BYTES_PER_S  2500 /* at most, for all repeats together ... */
#define SENDER_REPEAT_BYTES_MAX    4000 /* ... and at once, after a pause */
#define SENDER_EASED_MAX           4    /* doublings, from FRAME_MIN_MS to more than FRAME_MAX_MS */
#define SENDER_DIFF_BYTES_MAX      (((size_t)4 << 20) - 8192) /* fits, whatever zlib makes of it */

struct sent_state {
    uint64_t num;
    msec_t first_sent, last_sent;
    void *state;
};

struct sender {
    const struct sync_ops *ops;
    msec_t collect_ms;
    void *live;
    struct sent_state sent[SENDER_STATES_MAX + 1]; /* ascending by number; never empty */
    size_t count;

    uint64_t content_num; /* newest state that differed from the one before it */
    uint64_t ack_num;     /* newest state of the peer, for it to know */
    bool ack_owed;        /* something of the peer is not acknowledged yet */
    bool acked_any;       /* sent[0] is there because the peer acknowledged it */
    bool held;            /* the live object is not fit to be seen */
    bool closing;         /* all that is sent from now on is numbered INSTRUCTION_SHUTDOWN */

    msec_t ack_due;
    msec_t changed_since; /* when an urgent change was noticed; MSEC_NEVER if there is none */
    msec_t frame_free;    /* the next change may be sent from then on */
    msec_t frames_last;   /* so long last those sent so far, one each FRAME_MIN_MS */
    bool answers;         /* nearly all changes follow from something that the peer has sent */
    msec_t rest_due;      /* the rest of a change that was not collected may be; or MSEC_NEVER */
    msec_t last_change;   /* an urgent one was sent; MSEC_NEVER before the first */
    msec_t burst_start;   /* the first of the changes that belong together was made */
    msec_t burst_last;    /* and the last of them so far */
    bool burst_split;     /* they did not come in one piece */
    unsigned splits;      /* more of it: the last bursts did not, either */
    msec_t last_send;     /* MSEC_NEVER before the first */
    msec_t pace_ms;       /* how long content has to wait after the last one if the peer is quiet */
    msec_t hold_until;    /* no content before: the last difference was too large */
    msec_t restart_due;   /* the path is another one: all goes again; MSEC_NEVER: it is not */
    msec_t restarted;     /* when that last was to happen; MSEC_NEVER: never */
    msec_t heard;         /* something authentic was; MSEC_NEVER: never */
    msec_t retry_start;   /* the clock of the retry runs since then */
    msec_t retries_since; /* the last progress, of the kind that makes retries begin anew */
    unsigned retries;     /* since then */
    bool retry_prompted;  /* the way is open again: do not wait longer than for the first retry */
    msec_t progress;      /* last acknowledgement, or when there was first something to wait for */

    unsigned copies;  /* of something small; 1 on a path that loses little */
    unsigned repeats; /* that are left of what was sent last */
    msec_t repeat_due, repeat_ms;
    bool content;          /* what was sent last changes something */
    size_t content_bytes;  /* what the newest of that became that was sent */
    bool repeatable;       /* what was sent last: content, from what the peer surely has */
    uint32_t repeat_bytes; /* may be spent on repeats now */
    msec_t repeat_refill;  /* they were counted up to then */

    unsigned eased;       /* so often is the interval doubled for what is not small, because the */
    msec_t eased_at;      /* network marks it; since then. MSEC_NEVER: never */
    struct flight flight; /* large changes that are under way */
    struct buf resend_diff; /* kept for its memory */
};

/* Takes ownership of `initial`, which becomes state 0 and the live object. */
void sender_init(struct sender *s, const struct sync_ops *ops, void *initial, msec_t collect_ms,
                 msec_t now);
void sender_release(struct sender *s);

/* For tests of the limits: as if there had been states up to this number; never backwards. */
void sender_skip(struct sender *s, msec_t now, uint64_t num);

/* --- what was heard --- */

/* An authentic datagram arrived, `silence_ms` after the one before it. */
void sender_heard(struct sender *s, msec_t now, msec_t silence_ms);

/* The peer acknowledges a state. True if that was news; numbers that are not held are ignored. */
bool sender_acked(struct sender *s, msec_t now, uint64_t num);

/* The newest state of the peer. `urgent`: it carried content, so the peer waits for our word. */
void sender_acknowledge(struct sender *s, const struct rtt *rtt, msec_t now, uint64_t num,
                        bool urgent);

/* The network has marked something of ours, and the peer says so: its queues fill. What is not
   small leaves half as often, again for each round trip in which that happens, until it does not
   for a while; and less of what is large is under way. */
void sender_marked(struct sender *s, const struct rtt *rtt, msec_t now);

/* Of something small so many copies are sent; 1 is none but the first. */
void sender_set_copies(struct sender *s, unsigned copies);

/* --- what is to be sent --- */

/* The live object was changed just now. Only needed for finding out what comes in pieces. */
void sender_touched(struct sender *s, msec_t now);

/* From one change that is sent to the next. */
msec_t sender_interval_ms(const struct sender *s, const struct rtt *rtt);

/* When sender_make will next give something. */
msec_t sender_deadline(struct sender *s, const struct rtt *rtt, msec_t now);

/*
 * If something is due, fills everything in `out` but the chaff, notes it as sent and returns true.
 * A difference larger than SENDER_DIFF_BYTES_MAX is not sent: the peer then gets an empty step from
 * the last state, so that the session lives on, and the difference is tried again.
 */
bool sender_make(struct sender *s, const struct rtt *rtt, msec_t now, struct instruction *out);

/* How many bytes the last instruction became on the wire. */
void sender_note_size(struct sender *s, const struct rtt *rtt, size_t bytes);

/* While held, nothing of the live object is sent; empty steps go on, for the sake of the
   acknowledgements. To be let go before sender_close. */
void sender_hold(struct sender *s, bool hold);

/* Sends as soon as possible, because the way out has changed. */
void sender_hurry(struct sender *s, msec_t now);

/*
 * The path to the peer is another one, and what is under way on the old one counts as lost: all
 * that the peer may lack goes out from what it surely has, as a new state, after the time for
 * collecting. What was sent before, into the void, does not hold it up.
 */
void sender_restart(struct sender *s, msec_t now);

/* Since when something that was sent is not acknowledged; MSEC_NEVER if nothing is missing. */
msec_t sender_waiting_since(const struct sender *s);

/* From now on every state is the last one; changes of the live object after the next transmission
   are lost. */
void sender_close(struct sender *s, msec_t now);

msec_t sender_last_send(const struct sender *s); /* MSEC_NEVER before the first */
uint64_t sender_newest_num(const struct sender *s);
uint64_t sender_acked_num(const struct sender *s);
msec_t sender_acked_time(const struct sender *s); /* first_sent; MSEC_NEVER before an ack */

#endif
