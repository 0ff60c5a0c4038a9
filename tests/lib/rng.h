/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_TESTS_RNG_H
#define MOSH_TESTS_RNG_H

/* A small generator (splitmix64), so that a run is repeated by its seed. */

#include <stddef.h>
#include <stdint.h>

struct rng {
    uint64_t state;
};

static inline uint64_t rng_next(struct rng *r)
{
    uint64_t z = (r->state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static inline size_t rng_below(struct rng *r, size_t limit)
{
    return (size_t)(rng_next(r) % limit);
}

static inline void rng_fill(struct rng *r, uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)rng_next(r);
}

#endif
