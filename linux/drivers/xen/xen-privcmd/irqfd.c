// SPDX-License-Identifier: GPL-2.0-only
/* Interrupts by eventfd: each signal of one makes a DM_OP that was given beforehand. */

#include <linux/slab.h>
#include <linux/uaccess.h>
#include <xen/xen-ops.h>
#include "eventfd.h"
#include "hypercall.h"
#include "eventfds.h"
#include "watch.h"

/*
 * Of public/hvm/dm_op.h. These set a line or send a message and are done: they are made in
 * the context of who signals, with interrupts off, as an interrupt should not wait for a
 * thread. What others the user may name can take long, and has a thread of the kernel's.
 */
#define DMOP_SET_PCI_INTX_LEVEL		8
#define DMOP_SET_ISA_IRQ_LEVEL		9
#define DMOP_INJECT_EVENT		13
#define DMOP_INJECT_MSI			14
#define DMOP_SET_IRQ_LEVEL		19

struct irqfd {
	struct watch watch;
	struct work_struct later;
	int said;			/* the error that was told of, or 0 */
	u32 size;
	u32 op[];			/* struct xen_dm_op: what to do, padding, arguments */
};

static struct irqfd *irqfd_of(struct watch *w)
{
	return container_of(w, struct irqfd, watch);
}

static bool is_short(const struct irqfd *irqfd)
{
	switch (irqfd->op[0]) {
	case DMOP_SET_PCI_INTX_LEVEL:
	case DMOP_SET_ISA_IRQ_LEVEL:
	case DMOP_INJECT_EVENT:
	case DMOP_INJECT_MSI:
	case DMOP_SET_IRQ_LEVEL:
		return true;
	default:
		return false;
	}
}

/* One caller at a time: the eventfd's lock, or a work item that is not short's. */
static void raise(struct irqfd *irqfd)
{
	struct xen_dm_op_buf buf = { .size = irqfd->size };
	int ret;

	set_xen_guest_handle(buf.h, irqfd->op);
	ret = HYPERVISOR_dm_op(irqfd->watch.domid, 1, &buf);
	/* Whoever signals is not told; somebody has to be, but not of the same each time. */
	if (ret && ret != irqfd->said)
		pr_warn_ratelimited("xen-privcmd: DM_OP %u of an eventfd, for domain %u: error %d\n",
				    irqfd->op[0], irqfd->watch.domid, ret);
	irqfd->said = ret;
}

static void raise_later(struct work_struct *work)
{
	xen_preemptible_hcall_begin();
	raise(container_of(work, struct irqfd, later));
	xen_preemptible_hcall_end();
}

static void irqfd_signalled(struct watch *w)
{
	struct irqfd *irqfd = irqfd_of(w);

	compat_eventfd_take(w->eventfd);
	if (is_short(irqfd))
		raise(irqfd);
	else
		watch_call(&irqfd->later);
}

static void irqfd_release(struct watch *w)
{
	struct irqfd *irqfd = irqfd_of(w);

	/* Who signals and closes may expect it. */
	flush_work(&irqfd->later);
	kfree(irqfd);
}

static const struct watch_kind irqfd_kind = {
	.signalled	= irqfd_signalled,
	.release	= irqfd_release,
};

static long assign(const struct privcmd_file *f, const struct privcmd_irqfd *cmd)
{
	struct irqfd *irqfd;
	long ret = -EFAULT;

	/* An operation begins with its number. */
	if (cmd->size < sizeof(irqfd->op[0]))
		return -EINVAL;
	if (cmd->size > privcmd_dm_op_limit())
		return -E2BIG;
	irqfd = kzalloc(struct_size(irqfd, op, DIV_ROUND_UP(cmd->size, sizeof(irqfd->op[0]))),
			GFP_KERNEL_ACCOUNT);
	if (!irqfd)
		return -ENOMEM;
	INIT_WORK(&irqfd->later, raise_later);
	irqfd->size = cmd->size;
	irqfd->watch.kind = &irqfd_kind;
	irqfd->watch.file = f;
	irqfd->watch.domid = cmd->dom;
	if (!copy_from_user(irqfd->op, u64_to_user_ptr(cmd->dm_op), cmd->size))
		ret = watch_begin(&irqfd->watch, cmd->fd);
	if (ret)
		kfree(irqfd);
	return ret;
}

/* After it no interrupt comes of this eventfd. One that is not assigned is no error. */
static long deassign(const struct privcmd_irqfd *cmd)
{
	int ret = watch_end(&irqfd_kind, NULL, cmd->dom, cmd->fd);

	watch_settle();
	return ret == -ENOENT ? 0 : ret;
}

long privcmd_irqfd(struct privcmd_file *f, void __user *arg)
{
	struct privcmd_irqfd cmd;

	if (copy_from_user(&cmd, arg, sizeof(cmd)))
		return -EFAULT;
	if (cmd.flags & ~PRIVCMD_IRQFD_FLAG_DEASSIGN)
		return -EINVAL;
	if (!privcmd_may(f, cmd.dom))
		return -EPERM;
	return cmd.flags & PRIVCMD_IRQFD_FLAG_DEASSIGN ? deassign(&cmd) : assign(f, &cmd);
}
