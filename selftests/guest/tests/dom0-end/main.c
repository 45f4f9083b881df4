// SPDX-License-Identifier: GPL-2.0-only
/*
 * What dom0's end does to the machine: the image behind the boot tests dom0-*,
 * whose name (in the boot arguments) says how it ends. By itself it powers off.
 */
#include "test.h"

#define PSCI_SYSTEM_OFF		0x84000008UL
#define PSCI_SYSTEM_RESET	0x84000009UL

static bool asked(const char *how)
{
	struct dt_node n;
	const char *args;

	return dt_find(&n, "chosen") && (args = dt_prop(&n, "bootargs", NULL)) &&
	       strstr(args, how);
}

static void shut_down(unsigned int reason)
{
	struct sched_shutdown s = { .reason = reason };

	sched_op(SCHEDOP_shutdown, &s);
}

void test_main(void)
{
	struct sched_watchdog w = { .timeout = 1 };

	check(true, "dom0 runs");
	printk("# ending\n");
	if (asked("dom0-reboot"))
		shut_down(SHUTDOWN_reboot);
	else if (asked("dom0-crash"))
		shut_down(SHUTDOWN_crash);
	else if (asked("dom0-psci-off"))
		psci(PSCI_SYSTEM_OFF, 0, 0, 0);
	else if (asked("dom0-psci-reset"))
		psci(PSCI_SYSTEM_RESET, 0, 0, 0);
	else if (asked("dom0-watchdog"))
		sched_op(SCHEDOP_watchdog, &w);
	else
		return;
	wait_until(false, 5000000);
	check(false, "it ends");
}
