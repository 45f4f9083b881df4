// SPDX-License-Identifier: GPL-2.0-only
/*
 * Domains that cannot be made: every number of createdomain out of its range,
 * and steps in the wrong order. Nothing is left over.
 */
#include "test.h"

static long create(unsigned int what, u64 value)
{
	struct xen_domctl op = { .cmd = XEN_DOMCTL_createdomain };
	struct xen_domctl_createdomain *c = &op.u.createdomain;
	long ret;

	c->flags = XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap;
	c->max_vcpus = 1;
	c->max_evtchn_port = 1023;
	c->max_grant_frames = 4;
	c->max_maptrack_frames = 4;
	c->grant_opts = XEN_DOMCTL_GRANT_version(1);
	c->arch.gic_version = gic.version == 3 ? XEN_DOMCTL_CONFIG_GIC_V3 :
						 XEN_DOMCTL_CONFIG_GIC_V2;
	switch (what) {
	case 1:
		c->flags = value;
		break;
	case 2:
		c->max_vcpus = value;
		break;
	case 3:
		c->iommu_opts = value;
		break;
	case 4:
		c->grant_opts = value;
		break;
	case 5:
		c->arch.gic_version = value;
		break;
	case 6:
		c->arch.nr_spis = value;
		break;
	case 7:
		c->arch.tee_type = value;
		break;
	case 8:
		c->cpupool_id = value;
		break;
	case 9:
		op.domain = value;
		break;
	case 10:
		c->vmtrace_size = value;
		break;
	}
	ret = domctl(&op);
	if (!ret) {
		op.cmd = XEN_DOMCTL_destroydomain;
		while (domctl(&op) == -EAGAIN)
			;
	}
	return ret;
}

void test_main(void)
{
	static const struct {
		unsigned int what;
		u64 value;
		const char *name;
	} bad[] = {
		{ 1, 0, "a domain that is not HVM" },
		{ 1, 0xffffffff, "unknown flags" },
		{ 1, XEN_DOMCTL_CDF_hvm, "HVM without HAP" },
		{ 2, 0, "no vCPUs" },
		{ 2, 129, "129 vCPUs" },
		{ 2, 0xffffffff, "a wild number of vCPUs" },
		{ 3, 0xffffffff, "unknown IOMMU options" },
		{ 4, 0, "no version of grants" },
		{ 4, 0xf, "version 15 of grants" },
		{ 5, 77, "an unknown interrupt controller" },
		{ 6, 100000, "100000 SPIs" },
		{ 7, 99, "an unknown trusted environment" },
		{ 8, 99, "a pool that is not there" },
		{ 9, 0x8000, "a domain id beyond all" },
		{ 9, DOMID_XEN, "a reserved domain id" },
		{ 10, 1, "a trace buffer" },
	};
	struct child c;
	u64 before;

	check_eq(create(0, 0), 0, "a domain can be made");
	before = host_free_settled();
	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		long ret = create(bad[i].what, bad[i].value);

		/* Ids beyond the range mean "choose one". */
		check(bad[i].what == 9 ? ret <= 0 : ret < 0, "%s", bad[i].name);
	}
	check_eq(child_create_empty(&c, 2, 1), 0, "a domain without memory");
	check(child_unpause(&c) <= 0, "runs nothing");
	check_eq(child_destroy(&c), 0, "is destroyed");
	check((long)(before - host_free_settled()) <= 2, "nothing is left over");
}
