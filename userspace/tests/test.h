/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The smallest harness that does the job. A test program has main() with the
 * cases one after the other and ends with "return test_end();". A failed CHECK
 * is reported and the program goes on.
 */
#ifndef TEST_H
#define TEST_H

#include <stdio.h>
#include <string.h>

static int test_passed, test_failed, test_skipped;

#define CHECK(cond)							\
	do {								\
		if (cond) {						\
			test_passed++;					\
		} else {						\
			test_failed++;					\
			printf("%s:%d: %s\n", __FILE__, __LINE__, #cond); \
		}							\
	} while (0)

/* Compares strings and shows both when they differ; NULL equals only NULL. */
#define CHECK_STR(got, want) test_str(__FILE__, __LINE__, (got), (want))
/* Compares integers, shown as unsigned 64-bit numbers. */
#define CHECK_EQ(got, want)						\
	test_eq(__FILE__, __LINE__, #got, (unsigned long long)(got),	\
		(unsigned long long)(want))

#define SKIP(why)							\
	do {								\
		test_skipped++;						\
		printf("%s:%d: skipped: %s\n", __FILE__, __LINE__, (why)); \
	} while (0)

static inline void test_str(const char *file, int line, const char *got, const char *want)
{
	if (got == want || (got && want && !strcmp(got, want))) {
		test_passed++;
		return;
	}
	test_failed++;
	printf("%s:%d: got \"%s\", want \"%s\"\n", file, line, got ? got : "(null)",
	       want ? want : "(null)");
}

static inline void test_eq(const char *file, int line, const char *what,
			   unsigned long long got, unsigned long long want)
{
	if (got == want) {
		test_passed++;
		return;
	}
	test_failed++;
	printf("%s:%d: %s is %#llx, want %#llx\n", file, line, what, got, want);
}

static inline int test_end(void)
{
	printf("%d passed, %d failed, %d skipped\n", test_passed, test_failed, test_skipped);
	return test_failed != 0;
}

#endif
