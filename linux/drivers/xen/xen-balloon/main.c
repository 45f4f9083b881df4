// SPDX-License-Identifier: GPL-2.0-only
/*
 * Follows memory/target: what the toolstack wants the domain to have. The domain starts
 * with what the first target says, whatever of it the kernel sees as pages: later ones are
 * taken relative to it.
 */

#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>
#include <xen/xen.h>
#include <xen/balloon.h>
#include <xen/xenbus.h>
#include "balloon.h"
#include "xylem-version.h"

/* Once more after so long, when there was no memory, here or in the hypervisor. */
#define RETRY	HZ

static DEFINE_MUTEX(lock);
static unsigned long target;		/* pages that the balloon should have */
static u64 first_kib;			/* the target at the start */

static void follow(struct work_struct *work);
static DECLARE_DELAYED_WORK(follower, follow);

static void follow(struct work_struct *work)
{
	unsigned long size;
	bool more;

	mutex_lock(&lock);
	size = balloon_size();
	if (size < target)
		balloon_inflate(target - size);
	else if (size > target)
		balloon_deflate(size - target);
	more = balloon_size() != target;
	mutex_unlock(&lock);
	if (more)
		queue_delayed_work(system_freezable_wq, &follower, RETRY);
}

static void set_target(u64 kib)
{
	mutex_lock(&lock);
	target = kib < first_kib ? (first_kib - kib) >> (PAGE_SHIFT - 10) : 0;
	/* Some of our memory is left in any case: the rest is the kernel's. */
	target = min(target, totalram_pages() - totalram_pages() / 16);
	mutex_unlock(&lock);
	mod_delayed_work(system_freezable_wq, &follower, 0);
}

static void target_changed(struct xenbus_watch *watch, const char *path, const char *token)
{
	u64 kib;

	if (xenbus_scanf(XBT_NIL, "memory", "target", "%llu", &kib) != 1)
		return;
	/* The first event comes with the watch. */
	if (!first_kib)
		first_kib = kib;
	set_target(kib);
}

static struct xenbus_watch target_watch = {
	.node		= "memory/target",
	.callback	= target_changed,
};

/* Pages in the balloon now. */
static int get_size(char *buf, const struct kernel_param *param)
{
	return scnprintf(buf, PAGE_SIZE, "%lu\n", balloon_size());
}

static const struct kernel_param_ops size_ops = {
	.get = get_size,
};
module_param_cb(pages, &size_ops, NULL, 0444);
MODULE_PARM_DESC(pages, "Pages that have been given back (read only)");

static int __init balloon_module_init(void)
{
	return xen_domain() ? register_xenbus_watch(&target_watch) : -ENODEV;
}
module_init(balloon_module_init);

/* All pages get their memory back, or stay lost: that is said. */
static void __exit balloon_module_exit(void)
{
	unregister_xenbus_watch(&target_watch);
	cancel_delayed_work_sync(&follower);
	balloon_deflate(balloon_size());
	if (balloon_size())
		pr_warn("xen-balloon: %lu pages are lost\n", balloon_size());
}
module_exit(balloon_module_exit);

MODULE_DESCRIPTION("Memory by the toolstack's target, for kernels without CONFIG_XEN");
MODULE_AUTHOR("The Xylem authors");
MODULE_VERSION(XYLEM_VERSION);
MODULE_LICENSE("GPL");
