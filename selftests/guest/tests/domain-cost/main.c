// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a domain costs the hypervisor: thousands are to fit on a host.
 *
 * Many are made at once, without memory of their own, and the pages that the
 * machine has fewer are counted. What a vCPU costs is the difference between
 * domains with many and with one. The limits: 64 KiB for a domain, its root of the
 * stage-2 tables included here, and 16 KiB for a vCPU.
 */
#include "test.h"

#define DOMAINS		64
#define MANY		8	/* vCPUs */
#define DOMAIN_MAX	(64 << 10)
#define VCPU_MAX	(16 << 10)

static struct child c[DOMAINS];

void child_main(struct child_params *p __unused)
{
}

/* Bytes for a domain with so many vCPUs, as it is when it could be started. */
static u64 cost(unsigned int vcpus)
{
	u64 before = host_free_settled(), after;
	unsigned int made;
	long ret = 0;

	for (made = 0; made < DOMAINS && !ret; made++)
		ret = child_create_empty(&c[made], 1, vcpus);
	require(!ret, "%u domains with %u vCPUs are made (%ld)", DOMAINS, vcpus, ret);
	after = host_free_settled();
	for (unsigned int i = 0; i < made; i++)
		if (child_destroy(&c[i]) || !child_gone(c[i].id, 1000000))
			check(false, "domain %u is destroyed", c[i].id);
	return (before - after) * PAGE_SIZE / DOMAINS;
}

void test_main(void)
{
	u64 one, many, vcpu;

	cost(1);	/* what is made once, for all domains, is there from here on */
	one = cost(1);
	many = cost(MANY);
	vcpu = (many - one) / (MANY - 1);
	printk("# a domain with one vCPU: %lu bytes; with %u: %lu; a vCPU: %lu\n", one, MANY, many,
	       vcpu);
	check(one > 0 && many > one, "domains and vCPUs cost something");
	check(one - vcpu <= DOMAIN_MAX, "a domain costs at most 64 KiB");
	check(vcpu <= VCPU_MAX, "a vCPU costs at most 16 KiB");
}
