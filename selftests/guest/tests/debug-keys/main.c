// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every debug key but those that end the machine: each prints what it knows,
 * while domains exist, and the hypervisor goes on.
 */
#include "test.h"

void child_main(struct child_params *p)
{
	evtchn_bind_ipi(0);
	grant_access(GRANT_FIRST_FREE, 0, gfn_of(page_alloc(1)), 0);
	for (;;) {
		p->out[0]++;
		sched_op(SCHEDOP_yield, NULL);
	}
}

void test_main(void)
{
	static char keys[128];
	struct xen_sysctl op = { .cmd = XEN_SYSCTL_debug_keys };
	unsigned int n = 0;
	struct child c;

	child_create(&c, 2, 2);
	child_unpause(&c);
	wait_until(c.params->out[0], 2000000);
	for (char k = '!'; k <= '~'; k++)
		if (k != 'R' && k != 'C' && k != '%')
			keys[n++] = k;
	for (unsigned int i = 0; i < n; i++) {
		op.u.debug_keys.nr_keys = 1;
		set_xen_guest_handle(op.u.debug_keys.keys, &keys[i]);
		if (sysctl(&op))
			check(false, "key %c", keys[i]);
	}
	check(true, "all keys are taken");
	set_xen_guest_handle(op.u.debug_keys.keys, bad_pointers()->p);
	check_eq(sysctl(&op), -EFAULT, "keys at a bad address");
	check(wait_until(xen_version(XENVER_version, NULL) > 0, 1), "the hypervisor answers");
	check_eq(child_destroy(&c), 0, "the domain is destroyed");
}
