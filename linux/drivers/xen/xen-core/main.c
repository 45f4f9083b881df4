// SPDX-License-Identifier: GPL-2.0-only
/* Finds the hypervisor in the device tree, and sets everything up in order. */

#include <linux/cpu.h>
#include <linux/ioport.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/of_irq.h>
#include <xen/xen.h>
#include <xen/features.h>
#include <xen/interface/sched.h>
#include <xen/interface/version.h>
#include <asm/xen/hypercall.h>
#include "corefuncs.h"
#include "core.h"
#include "xylem-version.h"


enum xen_domain_type xen_domain_type = XEN_NATIVE;
EXPORT_SYMBOL_GPL(xen_domain_type);

uint32_t xen_start_flags;
EXPORT_SYMBOL_GPL(xen_start_flags);

u8 xen_features[XENFEAT_NR_SUBMAPS * 32] __read_mostly;
EXPORT_SYMBOL_GPL(xen_features);

static int __init read_features(void)
{
	unsigned int map, bit;

	for (map = 0; map < XENFEAT_NR_SUBMAPS; map++) {
		struct xen_feature_info info = { .submap_idx = map };
		int ret = HYPERVISOR_xen_version(XENVER_get_features, &info);

		if (ret < 0)
			return ret;
		for (bit = 0; bit < 32; bit++)
			xen_features[map * 32 + bit] = info.submap >> bit & 1;
	}
	return 0;
}

/* A crash is reported as one: the toolstack may keep or dump the domain. */
static int panicked(struct notifier_block *nb, unsigned long event, void *text)
{
	struct sched_shutdown crash = { .reason = SHUTDOWN_crash };

	HYPERVISOR_sched_op(SCHEDOP_shutdown, &crash);
	return NOTIFY_DONE;
}

static struct notifier_block panic_block = {
	.notifier_call	= panicked,
	.priority	= INT_MIN,
};

static int __init setup(struct device_node *node)
{
	struct resource grants;
	unsigned int irq;
	int ret, version;

	version = HYPERVISOR_xen_version(XENVER_version, NULL);
	if (version < 0)
		return version;
	ret = read_features();
	if (ret)
		return ret;
	pr_info("xen-core: Xen %d.%d\n", version >> 16, version & 0xffff);
	if (xen_feature(XENFEAT_dom0)) {
		pr_err("xen-core: dom0 needs a kernel with CONFIG_XEN\n");
		return -EOPNOTSUPP;
	}
	ret = of_address_to_resource(node, 0, &grants);
	if (ret) {
		pr_err("xen-core: no region for the grant table: %d\n", ret);
		return ret;
	}
	irq = irq_of_parse_and_map(node, 0);
	if (!irq) {
		pr_err("xen-core: no interrupt for events\n");
		return -ENODEV;
	}

	/* From the first page that the hypervisor writes to there is no way back. */
	ret = xen_shared_setup();
	if (!ret)
		ret = xen_upcall_setup(irq);
	if (!ret)
		ret = xen_grants_setup(grants.start, resource_size(&grants));
	if (ret) {
		pr_err("xen-core: setting up failed: %d; not usable any more\n", ret);
		/* The pages stay where they are, so the module has to. */
		return 0;
	}
	xen_domain_type = XEN_HVM_DOMAIN;
	atomic_notifier_chain_register(&panic_notifier_list, &panic_block);
	return 0;
}

static int __init xen_core_init(void)
{
	struct device_node *node = of_find_compatible_node(NULL, NULL, "xen,xen");
	int ret;

	if (!node)
		return -ENODEV;
	ret = setup(node);
	of_node_put(node);
	return ret;
}
/* No exit: see core.h. */
module_init(xen_core_init);

/* As the device tree's node would be matched by a table. */
MODULE_ALIAS("of:N*T*Cxen,xen");
MODULE_ALIAS("of:N*T*Cxen,xenC*");
MODULE_SOFTDEP("post: xen-bus xen-hvc xen-balloon");
MODULE_DESCRIPTION("Hypercalls, event channels and grant tables for kernels without CONFIG_XEN");
MODULE_AUTHOR("The Xylem authors");
MODULE_VERSION(XYLEM_VERSION);
MODULE_LICENSE("GPL");
