// SPDX-License-Identifier: GPL-2.0-only
/* The module and its parameters; names and meanings are those of the stock one. */
#include <linux/cpumask.h>
#include <linux/module.h>

#include "blkback.h"
#include "xylem-version.h"

int blkback_max_pgrants = 1056;
module_param_named(max_persistent_grants, blkback_max_pgrants, int, 0644);
MODULE_PARM_DESC(max_persistent_grants,
		 "Maximum number of grants to map persistently, a ring (default 1056)");

unsigned int blkback_pgrant_timeout = 60;
module_param_named(persistent_grant_unused_seconds, blkback_pgrant_timeout, uint, 0644);
MODULE_PARM_DESC(persistent_grant_unused_seconds,
		 "Time in seconds an unused persistent grant is allowed to remain allocated. Default is 60, 0 means unlimited.");

int blkback_max_buffer_pages = 1024;
module_param_named(max_buffer_pages, blkback_max_buffer_pages, int, 0644);
MODULE_PARM_DESC(max_buffer_pages,
		 "Maximum number of pages that a ring copies through (default 1024, at least 256)");

int blkback_max_ring_order = MAX_RING_ORDER;
module_param_named(max_ring_page_order, blkback_max_ring_order, int, 0444);
MODULE_PARM_DESC(max_ring_page_order, "Maximum order of pages to be used for the shared ring");

unsigned int blkback_max_queues;
module_param_named(max_queues, blkback_max_queues, uint, 0644);
MODULE_PARM_DESC(max_queues,
		 "Maximum number of hardware queues per virtual disk. By default it is the number of online CPUs.");

bool blkback_persistent = true;
module_param_named(feature_persistent, blkback_persistent, bool, 0644);
MODULE_PARM_DESC(feature_persistent, "Enables the persistent grants feature");

int blkback_log_stats;
module_param_named(log_stats, blkback_log_stats, int, 0644);
MODULE_PARM_DESC(log_stats, "Write each ring's counters to the kernel's log now and then");

/* Nothing is kept in a buffer that could be squeezed: accepted for old configurations. */
static int squeeze_ms = 10;
module_param_named(buffer_squeeze_duration_ms, squeeze_ms, int, 0644);
MODULE_PARM_DESC(buffer_squeeze_duration_ms, "Without effect");

static int __init blkback_init(void)
{
	if (!xen_domain())
		return -ENODEV;
	if (blkback_max_ring_order < 0 || blkback_max_ring_order > MAX_RING_ORDER) {
		pr_warn("max_ring_page_order %d: %d is the most\n", blkback_max_ring_order,
			MAX_RING_ORDER);
		blkback_max_ring_order = MAX_RING_ORDER;
	}
	if (!blkback_max_queues)
		blkback_max_queues = num_online_cpus();
	return blkback_device_init();
}
module_init(blkback_init);

static void __exit blkback_exit(void)
{
	blkback_device_exit();
}
module_exit(blkback_exit);

MODULE_DESCRIPTION("Xen virtual block device backend");
MODULE_AUTHOR("Xylem developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(XYLEM_VERSION);
MODULE_ALIAS("xen-backend:vbd");
