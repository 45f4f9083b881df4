// SPDX-License-Identifier: GPL-2.0-only
/* Starts everything, in the order in which it is needed. */

#include <linux/module.h>
#include <xen/xen.h>
#include "bus.h"
#include "xylem-version.h"

int xenstored_ready;
EXPORT_SYMBOL_GPL(xenstored_ready);

int register_xenstore_notifier(struct notifier_block *nb)
{
	/* Whoever can call this has a store. */
	return nb->notifier_call(nb, 0, NULL);
}
EXPORT_SYMBOL_GPL(register_xenstore_notifier);

void unregister_xenstore_notifier(struct notifier_block *nb)
{
}
EXPORT_SYMBOL_GPL(unregister_xenstore_notifier);

static int __init xen_bus_init(void)
{
	int ret;

	if (!xen_domain())
		return -ENODEV;
	ret = xb_wire_start();
	if (ret)
		return ret;
	xenstored_ready = 1;

	/* The threads run, and the module has to stay whatever comes. */
	ret = xb_watch_start();
	if (!ret)
		ret = xb_side_register(&xb_frontends);
	if (!ret)
		ret = xb_side_register(&xb_backends);
	if (!ret)
		ret = xb_scan_start(&xb_frontends);
	if (!ret)
		ret = xb_scan_start(&xb_backends);
	if (!ret)
		ret = xb_control_start();
	if (!ret)
		ret = xb_cpus_start();
	if (!ret)
		ret = xb_user_start();
	if (ret)
		pr_err("xen-bus: not complete: %d\n", ret);
	return 0;
}
/* No exit: drivers depend on it, and a message may be half written. */
module_init(xen_bus_init);

MODULE_DESCRIPTION("Xenstore and its devices for kernels without CONFIG_XEN");
MODULE_AUTHOR("The Xylem authors");
MODULE_VERSION(XYLEM_VERSION);
MODULE_LICENSE("GPL");
