// SPDX-License-Identifier: GPL-2.0-only
#include "report.h"
#include "child.h"
#include "hypercall.h"
#include "test.h"

static enum verdict worst;
static unsigned int checks;
static volatile unsigned int lock;

/* Tests check on several CPUs: lines and counts must not mix. */
static void report_lock(void)
{
	while (__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE))
		sched_op(SCHEDOP_yield, NULL);
}

static void report_unlock(void)
{
	__atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
}

static void raise_to(enum verdict v)
{
	if (v > worst)
		worst = v;
}

static void result(enum verdict v, const char *text, const char *suffix)
{
	report_lock();
	raise_to(v);
	checks++;
	printk("%sok %u - %s%s\n", v == VERDICT_FAILURE || v == VERDICT_ERROR ? "not " : "",
	       checks, text, suffix);
	report_unlock();
}

bool check(bool ok, const char *fmt, ...)
{
	char text[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintk(text, sizeof(text), fmt, ap);
	va_end(ap);
	result(ok ? VERDICT_SUCCESS : VERDICT_FAILURE, text, "");
	return ok;
}

bool check_value(s64 got, s64 want, const char *fmt, ...)
{
	char text[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintk(text, sizeof(text), fmt, ap);
	va_end(ap);
	result(got == want ? VERDICT_SUCCESS : VERDICT_FAILURE, text, "");
	if (got != want)
		printk("# got %ld (0x%lx), want %ld (0x%lx)\n", (long)got, (unsigned long)got,
		       (long)want, (unsigned long)want);
	return got == want;
}

void report_skip(const char *fmt, ...)
{
	char text[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintk(text, sizeof(text), fmt, ap);
	va_end(ap);
	result(VERDICT_SKIP, text, " # SKIP");
}

void report_error(const char *fmt, ...)
{
	char text[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintk(text, sizeof(text), fmt, ap);
	va_end(ap);
	result(VERDICT_ERROR, text, " (error in the test)");
}

void report_finish(void)
{
	static const char *const names[] = {
		[VERDICT_NONE] = "error",
		[VERDICT_SUCCESS] = "success",
		[VERDICT_SKIP] = "skip",
		[VERDICT_ERROR] = "error",
		[VERDICT_FAILURE] = "failure",
	};
	struct sched_shutdown off = { .reason = SHUTDOWN_poweroff };

	if (worst == VERDICT_NONE)
		printk("# the test checked nothing\n");
	if (child_params)
		child_exit(worst == VERDICT_SUCCESS ? 0 : 1);

	printk("1..%u\n# verdict %s: %s\n", checks, test_name, names[worst]);
	for (;;)
		sched_op(SCHEDOP_shutdown, &off);
}
