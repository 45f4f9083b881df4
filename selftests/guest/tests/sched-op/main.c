// SPDX-License-Identifier: GPL-2.0-only
/*
 * sched_op: yield, watchdog, unknown operations and shutdowns of others.
 */
#include "test.h"

void test_main(void)
{
	struct sched_watchdog w = { 0 };
	struct sched_remote_shutdown r = { .domain_id = 1234, .reason = SHUTDOWN_crash };
	long id;

	for (unsigned int i = 0; i < 100; i++)
		if (sched_op(SCHEDOP_yield, NULL))
			check(false, "yield");
	check(true, "a hundred yields");

	w.timeout = 600;
	id = sched_op(SCHEDOP_watchdog, &w);
	check(id > 0, "a watchdog is set");
	w.id = id;
	check_eq(sched_op(SCHEDOP_watchdog, &w), 0, "and poked");
	w.id = 99;
	check_eq(sched_op(SCHEDOP_watchdog, &w), -EINVAL, "one that does not exist is not");
	w.id = 0;
	check(sched_op(SCHEDOP_watchdog, &w) > 0, "a second one is set");
	w.id = 0;
	check_eq((int)sched_op(SCHEDOP_watchdog, &w), -ENOSPC, "there are two");
	w.id = 1;
	w.timeout = 0;
	check_eq(sched_op(SCHEDOP_watchdog, &w), 0, "one is cleared");
	w.id = 2;
	check_eq(sched_op(SCHEDOP_watchdog, &w), 0, "the other, too");

	check_eq(sched_op(SCHEDOP_remote_shutdown, &r), -ESRCH, "shutting down nobody");
	check_eq(sched_op(99, NULL), -ENOSYS, "an unknown operation");
	check_eq(sched_op(0xffffffff, NULL), -ENOSYS, "a wild one");
}
