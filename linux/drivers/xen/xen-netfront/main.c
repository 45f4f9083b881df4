// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module and its parameters.
 */
#include <linux/module.h>
#include <xen/xen.h>

#include "netfront.h"
#include "xylem-version.h"

#define NF_DEFAULT_QUEUES	8

unsigned int nf_max_queues;
module_param_named(max_queues, nf_max_queues, uint, 0644);
MODULE_PARM_DESC(max_queues, "Maximum number of queues per virtual interface");

bool nf_trusted = true;
module_param_named(trusted, nf_trusted, bool, 0644);
MODULE_PARM_DESC(trusted, "Is the backend trusted");

static int __init nf_init(void)
{
	if (!xen_domain())
		return -ENODEV;
	if (!nf_max_queues)
		nf_max_queues = min_t(unsigned int, num_online_cpus(), NF_DEFAULT_QUEUES);
	/*
	 * Without an owner: a bound device would otherwise hold the module, and it
	 * could not be removed. Unregistering closes the devices first.
	 */
	return __xenbus_register_frontend(&nf_driver, NULL, KBUILD_MODNAME);
}
module_init(nf_init);

static void __exit nf_exit(void)
{
	xenbus_unregister_driver(&nf_driver);
}
module_exit(nf_exit);

MODULE_DESCRIPTION("Xen virtual network device frontend");
MODULE_AUTHOR("The Xylem developers");
MODULE_VERSION(XYLEM_VERSION);
MODULE_LICENSE("GPL");
MODULE_ALIAS("xen:vif");
MODULE_ALIAS("xennet");
