/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a test says. Every check prints one TAP line; the worst outcome of all
 * is the verdict of the test. A test that checks nothing is an error.
 */
#ifndef GUEST_REPORT_H
#define GUEST_REPORT_H

#include "types.h"

enum verdict {
	VERDICT_NONE,
	VERDICT_SUCCESS,
	VERDICT_SKIP,		/* cannot be tested here */
	VERDICT_ERROR,		/* the test itself broke */
	VERDICT_FAILURE,	/* the hypervisor broke */
};

/* Formats: %s %c %d %u %x %ld %lu %lx %p %%, with width and zero fill. */
int vsnprintk(char *buf, size_t size, const char *fmt, va_list ap);
int snprintk(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);
void printk(const char *fmt, ...) __printf(1, 2);

/* One check. The text names what is right, not what is wrong. Returns ok. */
bool check(bool ok, const char *fmt, ...) __printf(2, 3);

/* The same; on failure the two values are printed in hex and decimal. */
bool check_value(s64 got, s64 want, const char *fmt, ...) __printf(3, 4);
#define check_eq(got, want, ...) check_value((s64)(got), (s64)(want), __VA_ARGS__)

void report_skip(const char *fmt, ...) __printf(1, 2);
void report_error(const char *fmt, ...) __printf(1, 2);

/* Prints the verdict and powers the machine off. */
void report_finish(void) __noreturn;

/* Stops a test whose further checks make no sense. */
#define require(cond, ...)						\
	do {								\
		if (!check(cond, __VA_ARGS__))				\
			report_finish();				\
	} while (0)

#endif
