/* SPDX-License-Identifier: GPL-2.0-only */
/* A test is a function; CHECK() that fails ends it. TAP on standard output. */
#ifndef UNIT_H
#define UNIT_H

#include <xen/lib.h>
#include <xen/sched.h>
#include <asm/host.h>

struct unit_test {
	const char *name;
	void (*fn)(void);
};

#define TEST(n)									\
	static void n(void);							\
	static const struct unit_test test_##n __used __section("unit_tests")	\
	__aligned(16) = { #n, n };						\
	static void n(void)

/* Ends the running test as failed. */
void unit_fail(const char *file, int line, const char *what, long got, long want)
	__attribute__((__noreturn__));

#define CHECK(c) do { if (!(c)) unit_fail(__FILE__, __LINE__, #c, 0, 1); } while (0)
#define CHECK_EQ(got, want) do {						\
	long g_ = (long)(got), w_ = (long)(want);				\
	if (g_ != w_)								\
		unit_fail(__FILE__, __LINE__, #got " == " #want, g_, w_);	\
} while (0)

/* The C library's; the hypervisor has no use for it. */
char *strstr(const char *s, const char *what);

#endif
