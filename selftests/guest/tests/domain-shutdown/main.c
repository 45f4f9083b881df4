// SPDX-License-Identifier: GPL-2.0-only
/*
 * How domains end: each reason is reported to the toolstack, VIRQ_DOM_EXC
 * tells dom0, and a domain can be shut down from outside.
 */
#include "test.h"

#define PSCI_SYSTEM_OFF		0x84000008UL
#define PSCI_SYSTEM_RESET	0x84000009UL

void child_main(struct child_params *p)
{
	struct sched_shutdown s = { .reason = p->arg[1] };

	p->out[0] = 1;
	switch (p->arg[0]) {
	case 0:
		sched_op(SCHEDOP_shutdown, &s);
		break;
	case 1:
		psci(PSCI_SYSTEM_OFF, 0, 0, 0);
		break;
	case 2:
		psci(PSCI_SYSTEM_RESET, 0, 0, 0);
		break;
	}
	for (;;)
		sched_op(SCHEDOP_yield, NULL);
}

static long exc_port;

static void end(unsigned int how, unsigned int reason, unsigned int want, const char *name)
{
	struct sched_remote_shutdown remote;
	struct xen_domctl_getdomaininfo info;
	struct child c;
	u64 events = event_count(exc_port);

	child_create(&c, 2, 1);
	c.params->arg[0] = how;
	c.params->arg[1] = reason;
	child_unpause(&c);
	wait_until(c.params->out[0], 2000000);
	if (how == 3) {
		remote = (struct sched_remote_shutdown){ .domain_id = c.id, .reason = reason };
		check_eq(sched_op(SCHEDOP_remote_shutdown, &remote), 0, "%s: is asked for", name);
	}
	check(wait_until(child_info(c.id, &info) & XEN_DOMINF_shutdown, 2000000),
	      "%s: the domain is shut down", name);
	child_info(c.id, &info);
	check_eq(info.flags >> XEN_DOMINF_shutdownshift & 0xff, want, "%s: by this reason", name);
	check(wait_until(event_count(exc_port) > events, 1000000), "%s: dom0 is told", name);
	events = event_count(exc_port);
	check_eq(child_destroy(&c), 0, "%s: it is destroyed", name);
	check(child_gone(c.id, 1000000), "%s: it is gone", name);
}

void test_main(void)
{
	event_init_cpu();
	exc_port = evtchn_bind_virq(VIRQ_DOM_EXC, 0);
	end(0, SHUTDOWN_poweroff, SHUTDOWN_poweroff, "poweroff");
	end(0, SHUTDOWN_reboot, SHUTDOWN_reboot, "reboot");
	end(0, SHUTDOWN_crash, SHUTDOWN_crash, "crash");
	end(1, 0, SHUTDOWN_poweroff, "PSCI SYSTEM_OFF");
	end(2, 0, SHUTDOWN_reboot, "PSCI SYSTEM_RESET");
	end(3, SHUTDOWN_crash, SHUTDOWN_crash, "from outside");
}
