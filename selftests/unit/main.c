// SPDX-License-Identifier: GPL-2.0-only
/* Runs the tests one after the other on one fake machine. */
#include "unit.h"

extern const struct unit_test __start_unit_tests[], __stop_unit_tests[];

static void *escape[5];
static unsigned int nr, failed;

int printf(const char *fmt, ...);

void unit_fail(const char *file, int line, const char *what, long got, long want)
{
	printf("# %s:%d: %s: got %ld, want %ld\n", file, line, what, got, want);
	__builtin_longjmp(escape, 1);
}

static void run(const struct unit_test *t)
{
	nr++;
	if (__builtin_setjmp(escape)) {
		failed++;
		printf("not ok %u %s\n", nr, t->name);
		return;
	}
	host_run_as(NULL);
	t->fn();
	printf("ok %u %s\n", nr, t->name);
}

int main(void)
{
	unsigned int count = __stop_unit_tests - __start_unit_tests;

	host_boot(2);
	printf("TAP version 13\n1..%u\n", count);
	for (const struct unit_test *t = __start_unit_tests; t < __stop_unit_tests; t++)
		run(t);
	printf("%u passed, %u failed, 0 skipped\n", nr - failed, failed);
	return failed != 0;
}
