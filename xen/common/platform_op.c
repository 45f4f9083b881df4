// SPDX-License-Identifier: GPL-2.0-only
/* platform_op: setting the wall clock. */
#include <xen/hypercall.h>
#include <xen/lib.h>
#include <xen/spinlock.h>
#include <xen/time.h>
#include <public/platform.h>

static DEFINE_SPINLOCK(wallclock_lock, RANK_LEAF);
static uint64_t wc_sec;		/* 1970 to boot */
static uint32_t wc_nsec;

/* The guest reads version, fields, version: odd while they change. */
void update_domain_wallclock_time(struct domain *d)
{
	struct shared_info *si = d->shared_info;
	unsigned long flags;
	uint32_t version;
	uint64_t sec;

	if (!si)
		return;
	flags = spin_lock_irqsave(&wallclock_lock);
	version = READ_ONCE(si->wc_version);
	WRITE_ONCE(si->wc_version, version | 1);
	smp_wmb();
	sec = wc_sec + d->time_offset_seconds;
	WRITE_ONCE(si->wc_sec, (uint32_t)sec);
	WRITE_ONCE(si->wc_sec_hi, (uint32_t)(sec >> 32));
	WRITE_ONCE(si->wc_nsec, wc_nsec);
	smp_wmb();
	WRITE_ONCE(si->wc_version, (version | 1) + 1);
	spin_unlock_irqrestore(&wallclock_lock, flags);
}

static void do_settime(uint64_t secs, uint32_t nsecs, uint64_t system_time_ns)
{
	uint64_t at = secs * 1000000000ULL + nsecs - system_time_ns;
	unsigned long flags = spin_lock_irqsave(&wallclock_lock);
	struct domain *d;

	wc_sec = at / 1000000000ULL;
	wc_nsec = at % 1000000000ULL;
	spin_unlock_irqrestore(&wallclock_lock, flags);
	for (domid_t id = 0; (d = domain_get_from(id)) != NULL;) {
		update_domain_wallclock_time(d);
		id = d->domain_id + 1;
		put_domain(d);
	}
}

long do_platform_op(struct hc_ctx *ctx)
{
	struct xen_platform_op op;

	if (!is_control_domain(ctx->v->domain))
		return -EPERM;
	if (copy_from_guest_va(&op, ctx->args[0], sizeof(op)))
		return -EFAULT;
	if (op.interface_version != XENPF_INTERFACE_VERSION)
		return -EACCES;
	if (op.cmd != XENPF_settime64)
		return -ENOSYS;
	if (op.u.settime64.mbz || op.u.settime64.nsecs >= 1000000000U)
		return -EINVAL;
	do_settime(op.u.settime64.secs, op.u.settime64.nsecs, op.u.settime64.system_time);
	return 0;
}
