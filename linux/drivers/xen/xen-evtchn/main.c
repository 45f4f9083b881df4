// SPDX-License-Identifier: GPL-2.0-only
/* /dev/xen/evtchn: the device and its ioctls. */

#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <xen/xen.h>
#include "events.h"
#include "evtchn.h"
#include "files.h"
#include "xylem-version.h"

static int evtchn_open(struct inode *inode, struct file *file)
{
	struct evtchn_file *f = kzalloc(sizeof(*f), GFP_KERNEL_ACCOUNT);

	if (!f)
		return -ENOMEM;
	snprintf(f->name, sizeof(f->name), "evtchn:%s", current->comm);
	xa_init_flags(&f->ports, XA_FLAGS_LOCK_IRQ);
	INIT_LIST_HEAD(&f->queue);
	init_waitqueue_head(&f->wait);
	mutex_init(&f->bind_lock);
	f->only = EVTCHN_ANY;
	file->private_data = f;
	return stream_open(inode, file);
}

static int evtchn_release(struct inode *inode, struct file *file)
{
	struct evtchn_file *f = file->private_data;

	evtchn_unbind_all(f);
	kfree(f);
	return 0;
}

static int evtchn_fasync(int fd, struct file *file, int on)
{
	struct evtchn_file *f = file->private_data;

	return fasync_helper(fd, file, on, &f->async);
}

static long bind_virq(struct evtchn_file *f, void __user *arg)
{
	struct ioctl_evtchn_bind_virq bind;

	if (copy_from_user(&bind, arg, sizeof(bind)))
		return -EFAULT;
	return evtchn_bind_virq(f, bind.virq);
}

static long bind_interdomain(struct evtchn_file *f, void __user *arg)
{
	struct ioctl_evtchn_bind_interdomain bind;

	if (copy_from_user(&bind, arg, sizeof(bind)))
		return -EFAULT;
	return evtchn_bind_interdomain(f, bind.remote_domain, bind.remote_port);
}

static long bind_unbound(struct evtchn_file *f, void __user *arg)
{
	struct ioctl_evtchn_bind_unbound_port bind;

	if (copy_from_user(&bind, arg, sizeof(bind)))
		return -EFAULT;
	return evtchn_bind_unbound(f, bind.remote_domain);
}

static long unbind(struct evtchn_file *f, void __user *arg)
{
	struct ioctl_evtchn_unbind unbind;

	if (copy_from_user(&unbind, arg, sizeof(unbind)))
		return -EFAULT;
	return evtchn_unbind(f, unbind.port);
}

static long notify(struct evtchn_file *f, struct ioctl_evtchn_notify __user *arg)
{
	evtchn_port_t port;

	if (get_user(port, &arg->port))
		return -EFAULT;
	return evtchn_notify(f, port);
}

static long reset(struct evtchn_file *f)
{
	evtchn_forget(f);
	return 0;
}

static long restrict_domid(struct evtchn_file *f, void __user *arg)
{
	struct ioctl_evtchn_restrict_domid to;
	long ret = -EACCES;

	if (copy_from_user(&to, arg, sizeof(to)))
		return -EFAULT;
	mutex_lock(&f->bind_lock);
	if (f->only == EVTCHN_ANY) {
		ret = -EINVAL;
		if (to.domid && to.domid < DOMID_FIRST_RESERVED) {
			f->only = to.domid;
			ret = 0;
		}
	}
	mutex_unlock(&f->bind_lock);
	return ret;
}

#ifdef IOCTL_EVTCHN_BIND_STATIC
static long bind_static(struct evtchn_file *f, void __user *arg)
{
	struct ioctl_evtchn_bind bind;

	if (copy_from_user(&bind, arg, sizeof(bind)))
		return -EFAULT;
	return evtchn_bind_static(f, bind.port);
}
#endif

static long evtchn_ioctl(struct file *file, unsigned int cmd, unsigned long data)
{
	struct evtchn_file *f = file->private_data;
	void __user *arg = (void __user *)data;

	switch (cmd) {
	case IOCTL_EVTCHN_NOTIFY:		return notify(f, arg);
	case IOCTL_EVTCHN_BIND_VIRQ:		return bind_virq(f, arg);
	case IOCTL_EVTCHN_BIND_INTERDOMAIN:	return bind_interdomain(f, arg);
	case IOCTL_EVTCHN_BIND_UNBOUND_PORT:	return bind_unbound(f, arg);
	case IOCTL_EVTCHN_UNBIND:		return unbind(f, arg);
	case IOCTL_EVTCHN_RESET:		return reset(f);
	case IOCTL_EVTCHN_RESTRICT_DOMID:	return restrict_domid(f, arg);
#ifdef IOCTL_EVTCHN_BIND_STATIC
	case IOCTL_EVTCHN_BIND_STATIC:		return bind_static(f, arg);
#endif
	default:				return -ENOTTY;
	}
}

static const struct file_operations evtchn_fops = {
	.owner		= THIS_MODULE,
	.open		= evtchn_open,
	.release	= evtchn_release,
	.read		= evtchn_read,
	.write		= evtchn_write,
	.poll		= evtchn_poll,
	.fasync		= evtchn_fasync,
	.unlocked_ioctl	= evtchn_ioctl,
	.llseek		= compat_no_llseek,
};

static struct miscdevice evtchn_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "xen/evtchn",
	.fops	= &evtchn_fops,
};

static int __init evtchn_init(void)
{
	return xen_domain() ? misc_register(&evtchn_device) : -ENODEV;
}
module_init(evtchn_init);

static void __exit evtchn_exit(void)
{
	misc_deregister(&evtchn_device);
}
module_exit(evtchn_exit);

MODULE_DESCRIPTION("Event channels for user space (/dev/xen/evtchn)");
MODULE_AUTHOR("The Xylem authors");
MODULE_VERSION(XYLEM_VERSION);
MODULE_LICENSE("GPL");
