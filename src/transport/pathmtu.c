/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/pathmtu.h"

#include <assert.h>

#include "util/log.h"

/* Of IP packets: what tunnels, PPPoE and clouds leave of 1500 bytes, that, and the largest that a
   receiver takes. A closer look would spare next to nothing. */
#define LARGEST (PATHMTU_PAYLOAD_MAX + PATHMTU_HEADERS_IPV4)
static const size_t packet_bytes[] = {1340, 1380, 1400, 1420, 1440,
                                      1460, 1480, 1492, 1500, LARGEST};

#define SIZES    (sizeof packet_bytes / sizeof packet_bytes[0])
#define ETHERNET (SIZES - 2) /* tried first */

static size_t payload(const struct pathmtu *m, size_t i)
{
    assert(i < SIZES); /* failed is no more than that, and passed no more than failed */
    return packet_bytes[i] - m->headers;
}

static bool has_ended(const struct pathmtu *m)
{
    return m->passed == m->failed;
}

/* The size that is tried next, of a search that has not ended. */
static size_t middle(const struct pathmtu *m)
{
    if (m->failed == SIZES && m->passed <= ETHERNET)
        return ETHERNET;
    return m->passed + (m->failed - m->passed) / 2;
}

/* The size that is tried next, now or when there is a new search. */
static size_t next_payload(const struct pathmtu *m)
{
    struct pathmtu again = *m;

    if (has_ended(m))
        again.failed = SIZES;
    return has_ended(&again) ? m->size : payload(m, middle(&again));
}

void pathmtu_begin(struct pathmtu *m, size_t usual, size_t headers)
{
    *m = (struct pathmtu){.usual = usual,
                          .headers = headers,
                          .size = usual,
                          .failed = SIZES,
                          .hole_ms = PATHMTU_BLACK_HOLE_MS,
                          .probes = m->probes};
}

/* --- what is sent --- */

static size_t datagrams(size_t bytes, size_t size)
{
    return (bytes + size - 1) / size;
}

static size_t spared(const struct pathmtu *m, size_t bytes)
{
    if (m->headers == 0)
        return 0;
    return datagrams(bytes, m->size) - datagrams(bytes, next_payload(m));
}

bool pathmtu_is_large(const struct pathmtu *m, size_t bytes)
{
    return spared(m, bytes) > 0;
}

void pathmtu_sent(struct pathmtu *m, uint64_t num, size_t bytes)
{
    m->spared += spared(m, bytes);
    if (m->size == m->usual || bytes <= m->usual)
        return;
    if (m->num == 0)
        m->first_num = num;
    m->num = num;
}

void pathmtu_acked(struct pathmtu *m, uint64_t num)
{
    if (num < m->first_num)
        return;
    m->failures = 0;
    m->first_num = m->num;
    if (num >= m->num)
        m->num = 0;
}

/* Back to what passes nearly everywhere. */
static void give_up(struct pathmtu *m, msec_t now)
{
    msec_t hole_ms = m->hole_ms;

    pathmtu_begin(m, m->usual, m->headers);
    m->failed = 0;
    m->search_at = msec_after(now, hole_ms);
    m->hole_ms = msec_min(2 * hole_ms, PATHMTU_RAISE_MS);
    log_debug("datagrams of %zu bytes again", m->size);
}

void pathmtu_retry(struct pathmtu *m, msec_t now, bool lossy)
{
    if (m->num == 0)
        return;
    m->failures++;
    if (!lossy || m->failures >= PATHMTU_FAILURES_LOSSY)
        give_up(m, now);
}

/* --- the search --- */

/* What the newest probe tried is known: nothing is smaller than `passed`, or as large as `failed`.
 */
static void narrow(struct pathmtu *m, msec_t now, size_t passed, size_t failed)
{
    m->awaited = false;
    m->tries = 0;
    m->passed = passed;
    m->failed = failed;
    if (has_ended(m))
        m->search_at = msec_after(now, PATHMTU_RAISE_MS);
}

static void pass(struct pathmtu *m, msec_t now)
{
    size_t i = middle(m);

    m->size = payload(m, i);
    log_debug("datagrams of up to %zu bytes", m->size);
    narrow(m, now, i + 1, m->failed);
}

static void fail(struct pathmtu *m, msec_t now)
{
    narrow(m, now, m->passed, middle(m));
}

size_t pathmtu_probe(struct pathmtu *m, msec_t now)
{
    if (m->awaited && now < m->answer_due)
        return 0;
    if (m->awaited && ++m->tries == PATHMTU_TRIES)
        fail(m, now);
    m->awaited = false;
    if (has_ended(m) && now >= m->search_at)
        m->failed = SIZES;
    return has_ended(m) || m->spared < PATHMTU_SPARED ? 0 : payload(m, middle(m));
}

void pathmtu_probed(struct pathmtu *m, msec_t now, msec_t answer_ms)
{
    m->probes++;
    m->spared = 0;
    m->awaited = true;
    m->answer_due = msec_after(now, msec_max(answer_ms, PATHMTU_SPACING_MS));
}

void pathmtu_arrived(struct pathmtu *m, msec_t now, uint32_t probe)
{
    if (m->awaited && probe == m->probes)
        pass(m, now);
}

bool pathmtu_refused(struct pathmtu *m, msec_t now, bool probe)
{
    if (probe)
        fail(m, now);
    else if (m->size > m->usual)
        give_up(m, now);
    else
        return false;
    return true;
}
