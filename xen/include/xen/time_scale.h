/* SPDX-License-Identifier: GPL-2.0-only */
/* Conversion between a counter's ticks and nanoseconds, exact for the life of a machine. */
#ifndef XEN_TIME_SCALE_H
#define XEN_TIME_SCALE_H

#include <xen/types.h>

struct time_scale {
	uint64_t mult;		/* 0.64 fixed point */
	unsigned int shift;
};

/*
 * For x * num / den; both 1 to 2^32. What it leaves out is below one part in 2^63:
 * with 32 bits after the point, a 54 MHz counter's deadlines would come a
 * millisecond early after three days, each to be waited for in a busy loop.
 */
struct time_scale time_scale_of(uint64_t num, uint64_t den);

/* Rounded down. x * num / den below 2^63, and x below 2^63 / (num / den + 1). */
static inline uint64_t time_scale(const struct time_scale *s, uint64_t x)
{
	return (unsigned __int128)(x << s->shift) * s->mult >> 64;
}

#endif
