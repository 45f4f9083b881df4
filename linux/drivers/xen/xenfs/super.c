// SPDX-License-Identifier: GPL-2.0-only
/* Which files there are. */

#include <linux/fs_context.h>
#include <linux/magic.h>
#include <linux/module.h>
#include <xen/xen.h>
#include <xen/xenbus.h>
#include "files.h"
#include "xenfs.h"
#include "xylem-version.h"

static ssize_t capabilities_read(struct file *file, char __user *buf, size_t count,
				 loff_t *pos)
{
	static const char control[] = "control_d\n";

	return simple_read_from_buffer(buf, count, pos, control,
				       xen_initial_domain() ? sizeof(control) - 1 : 0);
}

static const struct file_operations capabilities_fops = {
	.owner	= THIS_MODULE,
	.read	= capabilities_read,
	.llseek	= default_llseek,
};

/* Names and modes; numbers below 2 are not for files, those without a name are left out. */
static const struct tree_descr files[] = {
	[2] = { "xenbus", &xen_xenbus_fops, 0600 },
	[3] = { "capabilities", &capabilities_fops, 0444 },
	[4] = { "privcmd", &xen_privcmd_fops, 0600 },
	{ "" }
};

static const struct tree_descr control_files[] = {
	[2] = { "xenbus", &xen_xenbus_fops, 0600 },
	[3] = { "capabilities", &capabilities_fops, 0444 },
	[4] = { "privcmd", &xen_privcmd_fops, 0600 },
	[5] = { "xsd_kva", &xenfs_xsd_kva_fops, 0600 },
	[6] = { "xsd_port", &xenfs_xsd_port_fops, 0600 },
	[7] = XENFS_SYMS,
	{ "" }
};

static int xenfs_fill(struct super_block *sb, struct fs_context *fc)
{
	return simple_fill_super(sb, XENFS_SUPER_MAGIC,
				 xen_initial_domain() ? control_files : files);
}

static int xenfs_get_tree(struct fs_context *fc)
{
	return get_tree_single(fc, xenfs_fill);
}

static const struct fs_context_operations xenfs_context_ops = {
	.get_tree = xenfs_get_tree,
};

static int xenfs_init_context(struct fs_context *fc)
{
	fc->ops = &xenfs_context_ops;
	return 0;
}

static struct file_system_type xenfs_type = {
	.owner		 = THIS_MODULE,
	.name		 = "xenfs",
	.init_fs_context = xenfs_init_context,
	.kill_sb	 = compat_kill_litter_super,
};
MODULE_ALIAS_FS("xenfs");

static int __init xenfs_init(void)
{
	/* Without Xen it stays loaded and does nothing, for scripts that always load it. */
	return xen_domain() ? register_filesystem(&xenfs_type) : 0;
}
module_init(xenfs_init);

static void __exit xenfs_exit(void)
{
	if (xen_domain())
		unregister_filesystem(&xenfs_type);
}
module_exit(xenfs_exit);

MODULE_DESCRIPTION("Xen file system (/proc/xen)");
MODULE_AUTHOR("The Xylem authors");
MODULE_VERSION(XYLEM_VERSION);
MODULE_LICENSE("GPL");
