/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BENCH_H
#define BENCH_H

#include "test.h"

struct bench_op {
	const char *name;
	bool (*setup)(void);	/* false: not possible here */
	void (*run)(void);
	unsigned int batch;	/* operations in one run */
	unsigned int loops;	/* 0: the usual number */
	bool child;		/* run by a guest domain, not by dom0 */
};

/* Ends with a NULL name. */
extern const struct bench_op bench_ops[];

/* How often each operation runs between markers for the plugin. */
#define BENCH_COUNTED	8

/*
 * Markers around what the plugin counts: movz xzr, #n does nothing, and no
 * compiler makes it. The plugin knows the encodings.
 */
static inline void bench_mark_start(void)
{
	asm volatile("movz xzr, #0x5858" : : : "memory");
}

static inline void bench_mark_stop(void)
{
	asm volatile("movz xzr, #0xffff" : : : "memory");
}

/* Does the command line ask for the counting run? */
bool bench_counting(void);

#endif
