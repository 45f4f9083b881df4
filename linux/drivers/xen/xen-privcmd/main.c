// SPDX-License-Identifier: GPL-2.0-only
/* /dev/xen/privcmd: the device, and who may do what. */

#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <xen/page.h>
#include <xen/xen.h>
#include <xen/xenbus.h>
#include "eventfd.h"
#include "files.h"
#include "gsi.h"
#include "xylem-version.h"
#include "eventfds.h"
#include "privcmd.h"

static bool unrestricted;
module_param(unrestricted, bool, 0);
MODULE_PARM_DESC(unrestricted,
	"Outside of dom0: allow all hypercalls, not only those on the target domain (default: no)");

bool privcmd_may(const struct privcmd_file *f, domid_t domid)
{
	int only = atomic_read(&f->only);

	return only == PRIVCMD_ANY || only == domid;
}

/*
 * Outside of dom0 this is a device model's domain: it may touch the one domain it
 * works for, which the store names, so that root in a guest is no more than that.
 */
static int first_limit(void)
{
	unsigned int target;

	if (xen_initial_domain() || unrestricted)
		return PRIVCMD_ANY;
	target = xenbus_read_unsigned("target", "", PRIVCMD_NONE);
	return target < DOMID_FIRST_RESERVED ? target : PRIVCMD_NONE;
}

static int privcmd_open(struct inode *inode, struct file *file)
{
	struct privcmd_file *f = kzalloc(sizeof(*f), GFP_KERNEL_ACCOUNT);

	if (!f)
		return -ENOMEM;
	atomic_set(&f->only, first_limit());
	file->private_data = f;
	return 0;
}

static int privcmd_release(struct inode *inode, struct file *file)
{
	struct privcmd_file *f = file->private_data;

	watches_end(f);
	kfree(f);
	return 0;
}

long privcmd_restrict(struct privcmd_file *f, void __user *arg)
{
	domid_t domid;
	int was;

	if (copy_from_user(&domid, arg, sizeof(domid)))
		return -EFAULT;
	/* What is limited stays limited, to the same: two racing callers included. */
	was = atomic_read(&f->only);
	if (was == PRIVCMD_ANY)
		was = atomic_cmpxchg(&f->only, was, domid);
	return was == PRIVCMD_ANY || was == domid ? 0 : -EINVAL;
}

#ifdef IOCTL_PRIVCMD_PCIDEV_GET_GSI
/* Says nothing of any domain, so that a limited file may ask, too. */
static long privcmd_get_gsi(void __user *arg)
{
	struct privcmd_pcidev_get_gsi get;
	int gsi;

	if (copy_from_user(&get, arg, sizeof(get)))
		return -EFAULT;
	gsi = compat_gsi_of(get.sbdf);
	if (gsi < 0)
		return gsi;
	get.gsi = gsi;
	return copy_to_user(arg, &get, sizeof(get)) ? -EFAULT : 0;
}
#endif

static long privcmd_ioctl(struct file *file, unsigned int cmd, unsigned long data)
{
	struct privcmd_file *f = file->private_data;
	void __user *arg = (void __user *)data;

	switch (cmd) {
	case IOCTL_PRIVCMD_HYPERCALL:		return privcmd_hypercall(f, arg);
	case IOCTL_PRIVCMD_MMAP:		return privcmd_mmap_ranges(f, arg);
	case IOCTL_PRIVCMD_MMAPBATCH:		return privcmd_mmap_batch(f, arg);
	case IOCTL_PRIVCMD_MMAPBATCH_V2:	return privcmd_mmap_batch_v2(f, arg);
	case IOCTL_PRIVCMD_DM_OP:		return privcmd_dm_op(f, arg);
	case IOCTL_PRIVCMD_RESTRICT:		return privcmd_restrict(f, arg);
	case IOCTL_PRIVCMD_MMAP_RESOURCE:	return privcmd_mmap_resource(f, arg);
	case IOCTL_PRIVCMD_IRQFD:		return privcmd_irqfd(f, arg);
	case IOCTL_PRIVCMD_IOEVENTFD:		return privcmd_ioeventfd(f, arg);
#ifdef IOCTL_PRIVCMD_PCIDEV_GET_GSI
	case IOCTL_PRIVCMD_PCIDEV_GET_GSI:	return privcmd_get_gsi(arg);
#endif
	default:				return -ENOTTY;
	}
}

const struct file_operations xen_privcmd_fops = {
	.owner		= THIS_MODULE,
	.open		= privcmd_open,
	.release	= privcmd_release,
	.mmap		= privcmd_mmap,
	.unlocked_ioctl	= privcmd_ioctl,
	.llseek		= compat_no_llseek,
};
EXPORT_SYMBOL_GPL(xen_privcmd_fops);

static struct miscdevice privcmd_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "xen/privcmd",
	.fops	= &xen_privcmd_fops,
};

static int __init privcmd_init(void)
{
	int ret;

	/* Pages of ours and of the hypervisor's interface are the same size. */
	if (!xen_domain() || PAGE_SIZE != XEN_PAGE_SIZE)
		return -ENODEV;
	frames_init();
	ret = watches_init();
	if (ret)
		goto frames;
	ret = misc_register(&privcmd_device);
	if (ret)
		goto eventfds;
	ret = misc_register(&privcmd_buffer_device);
	if (ret)
		goto device;
	return 0;

device:
	misc_deregister(&privcmd_device);
eventfds:
	watches_exit();
frames:
	frames_exit();
	return ret;
}
module_init(privcmd_init);

static void __exit privcmd_exit(void)
{
	misc_deregister(&privcmd_buffer_device);
	misc_deregister(&privcmd_device);
	watches_exit();
	frames_exit();
}
module_exit(privcmd_exit);

MODULE_DESCRIPTION("Hypercalls and foreign memory for the toolstack (/dev/xen/privcmd)");
MODULE_AUTHOR("The Xylem authors");
MODULE_VERSION(XYLEM_VERSION);
MODULE_LICENSE("GPL");
