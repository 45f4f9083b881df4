// SPDX-License-Identifier: GPL-2.0-only
/*
 * A second domain: made, started, running, ended and gone.
 */
#include "test.h"

void child_main(struct child_params *p)
{
	printk("hello from a domain\n");
	p->out[0] = p->arg[0] * 2;
	p->out[1] = read_sysreg(currentel) >> 2;
	p->out[2] = xen_version(XENVER_version, NULL);
	p->out[3] = read_sysreg(mpidr_el1);
}

void test_main(void)
{
	struct xen_domctl_getdomaininfo info;
	struct child c;
	long flags;

	child_create(&c, 8, 1);
	flags = child_info(c.id, &info);
	check(flags >= 0 && (flags & XEN_DOMINF_paused), "it is paused");
	check_eq(info.tot_pages, 8 * 256, "it has the pages it was given");
	check_eq(info.max_vcpu_id, 0, "its highest vCPU is 0");
	c.params->arg[0] = 21;
	check_eq(child_unpause(&c), 0, "it is started");
	check(child_wait(&c, 2000000), "it runs to its end");
	check_eq(c.params->out[0], 42, "it has read and written the shared page");
	check_eq(c.params->out[1], 1, "it ran at EL1");
	check_eq(c.params->out[2], xen_version(XENVER_version, NULL), "it can call the hypervisor");
	check_eq(c.params->out[3] & 0xff00ffffffUL, 0, "it is CPU 0 of its domain");
	check(wait_until(child_info(c.id, &info) & XEN_DOMINF_shutdown, 1000000), "it is shut down");
	check_eq(info.flags >> XEN_DOMINF_shutdownshift & 0xff, SHUTDOWN_poweroff, "by a poweroff");
	check_eq(child_destroy(&c), 0, "it is destroyed");
	check(child_gone(c.id, 1000000), "it is gone");
}
