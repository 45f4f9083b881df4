// SPDX-License-Identifier: GPL-2.0-only
/* Areas of its own memory a vCPU registers: vcpu_info and the runstate. */
#include <xen/domain.h>
#include <xen/guest_access.h>
#include <xen/hypercall.h>
#include <xen/lib.h>
#include <xen/sched.h>
#include <public/sched.h>

static struct vcpu_info *default_vcpu_info(struct vcpu *v)
{
	struct shared_info *si = v->domain->shared_info;

	if (si && v->vcpu_id < XEN_LEGACY_MAX_VCPUS)
		return &si->vcpu_info[v->vcpu_id];
	return &v->early_info;
}

static int map_vcpu_info(struct vcpu *v, gfn_t gfn, unsigned int offset)
{
	struct domain *d = v->domain;
	struct vcpu_info *info;
	struct page_info *pg;

	if (offset > PAGE_SIZE - sizeof(*info) || offset % sizeof(unsigned long))
		return -ENXIO;
	if (v->vcpu_info_page)
		return -EINVAL;
	/* Not under the feet of a vCPU that runs. */
	if (v != current && !(READ_ONCE(v->pause_flags) & VPF_down))
		return -EINVAL;
	pg = get_ram_page_from_gfn(d, gfn, true);
	if (!pg)
		return -EINVAL;
	/* Kept mapped for the vCPU's life: the one lasting mapping of guest memory. */
	info = (struct vcpu_info *)((char *)map_domain_page(page_to_mfn(pg)) + offset);
	memcpy(info, v->vcpu_info, sizeof(*info));
	v->vcpu_info_page = pg;
	/* Release: senders see the copied contents; pairs with their read of the pointer. */
	atomic_store_release(&v->vcpu_info, info);
	/*
	 * An event sent while we copied may have gone to the old place: mark
	 * everything pending once, the guest finds nothing or finds it.
	 */
	WRITE_ONCE(info->evtchn_pending_sel, ~(__typeof__(info->evtchn_pending_sel))0);
	vcpu_mark_events_pending(v);
	return 0;
}

void unmap_vcpu_info(struct vcpu *v)
{
	struct vcpu_info *old = v->vcpu_info;
	struct page_info *pg = v->vcpu_info_page;

	v->vcpu_info = default_vcpu_info(v);
	v->vcpu_info_page = NULL;
	if (pg) {
		unmap_domain_page(old);
		put_page(pg);
	}
}

/* Takes over the references of page[2] and drops those of the area before. */
static void set_runstate_area(struct vcpu *v, guest_va_t va, struct page_info *page[2])
{
	struct page_info *old[2];
	unsigned long flags = spin_lock_irqsave(&v->runstate.lock);

	memcpy(old, v->runstate.page, sizeof(old));
	memcpy(v->runstate.page, page, sizeof(old));
	v->runstate.guest_addr = va;
	spin_unlock_irqrestore(&v->runstate.lock, flags);
	for (unsigned int i = 0; i < 2; i++)
		if (old[i])
			put_page(old[i]);
}

void unmap_runstate_area(struct vcpu *v)
{
	set_runstate_area(v, 0, (struct page_info *[2]){ NULL, NULL });
}

static void write_area(struct vcpu *v, unsigned int from, const void *src, unsigned int n)
{
	unsigned int off = (v->runstate.guest_addr & ~PAGE_MASK) + from;

	while (n) {
		unsigned int step = min_t(unsigned int, n, PAGE_SIZE - off % PAGE_SIZE);
		char *va = map_domain_page(page_to_mfn(v->runstate.page[off / PAGE_SIZE]));

		memcpy(va + off % PAGE_SIZE, src, step);
		unmap_domain_page(va);
		off += step;
		src = (const char *)src + step;
		n -= step;
	}
}

#define OFF(f) offsetof(struct vcpu_runstate_info, f)

/* Under runstate.lock. */
static void write_runstate(struct vcpu *v, const struct vcpu_runstate_info *info)
{
	uint64_t updating = info->state_entry_time | XEN_RUNSTATE_UPDATE;

	if (!v->runstate.page[0])
		return;
	if (!(v->domain->vm_assist & BIT(VMASST_TYPE_runstate_update_flag))) {
		write_area(v, 0, info, sizeof(*info));
		return;
	}
	/* The guest re-reads while the flag is set: flag, fields, flag. */
	write_area(v, OFF(state_entry_time), &updating, sizeof(updating));
	smp_wmb();
	write_area(v, OFF(state), &info->state, sizeof(info->state));
	write_area(v, OFF(time), info->time, sizeof(info->time));
	smp_wmb();
	write_area(v, OFF(state_entry_time), &info->state_entry_time,
		   sizeof(info->state_entry_time));
}

void update_runstate_area(struct vcpu *v)
{
	struct vcpu_runstate_info info;
	unsigned long flags;

	if (!READ_ONCE(v->runstate.page[0]))
		return;
	/* A wake may change it meanwhile: then it is written anew before v runs. */
	flags = spin_lock_irqsave(&v->runstate.lock);
	info = v->runstate.info;
	write_runstate(v, &info);
	spin_unlock_irqrestore(&v->runstate.lock, flags);
}

/* The first time, by any vCPU of the domain, at any time. */
static void show_runstate(struct vcpu *v)
{
	struct vcpu_runstate_info info;
	unsigned long flags;
	spinlock_t *lock = sched_lock_vcpu(v, &flags);

	info = v->runstate.info;
	spin_unlock_irqrestore(lock, flags);
	flags = spin_lock_irqsave(&v->runstate.lock);
	write_runstate(v, &info);
	spin_unlock_irqrestore(&v->runstate.lock, flags);
}

static int map_runstate_area(struct vcpu *v, guest_va_t va)
{
	struct page_info *pg[2] = { NULL, NULL };

	if (va % sizeof(uint64_t))
		return -EINVAL;
	unmap_runstate_area(v);
	pg[0] = get_page_from_guest_va(va);
	if (!pg[0])
		return -EFAULT;
	if ((va & ~PAGE_MASK) > PAGE_SIZE - sizeof(struct vcpu_runstate_info)) {
		pg[1] = get_page_from_guest_va((va & PAGE_MASK) + PAGE_SIZE);
		if (!pg[1]) {
			put_page(pg[0]);
			return -EFAULT;
		}
	}
	set_runstate_area(v, va, pg);
	show_runstate(v);
	return 0;
}

/* ---- vcpu_op: args cmd, vCPU id, argument ---- */

static long op_register_info(struct hc_ctx *ctx, struct vcpu *v)
{
	struct vcpu_register_vcpu_info info;
	int rc;

	if (copy_from_guest_va(&info, ctx->arg_va, sizeof(info)))
		return -EFAULT;
	spin_lock(&v->domain->lock);
	rc = map_vcpu_info(v, _gfn(info.mfn), info.offset);
	spin_unlock(&v->domain->lock);
	return rc;
}

static long op_register_runstate(struct hc_ctx *ctx, struct vcpu *v)
{
	struct vcpu_register_runstate_memory_area area;

	if (copy_from_guest_va(&area, ctx->arg_va, sizeof(area)))
		return -EFAULT;
	return map_runstate_area(v, (guest_va_t)(uintptr_t)area.addr.h.p);
}

static long op_get_runstate(struct hc_ctx *ctx, struct vcpu *v)
{
	struct vcpu_runstate_info info;

	vcpu_runstate_get(v, &info);
	return copy_to_guest_va(ctx->arg_va, &info, sizeof(info));
}

static long op_up(struct vcpu *v)
{
	if (!v->is_initialised)
		return -EINVAL;
	if (test_and_clear_bit(ffsl_(VPF_down), &v->pause_flags))
		vcpu_wake(v);
	return 0;
}

static long op_down(struct vcpu *v)
{
	struct vcpu *other;

	for_each_vcpu(v->domain, other) {
		if (other == v || (other->pause_flags & VPF_down))
			continue;
		if (!test_and_set_bit(ffsl_(VPF_down), &v->pause_flags))
			vcpu_sleep_nosync(v);
		return 0;
	}
	/* The last one going down ends the domain. */
	return domain_shutdown(v->domain, SHUTDOWN_poweroff);
}

long do_vcpu_op(struct hc_ctx *ctx)
{
	struct domain *d = ctx->v->domain;
	unsigned int id = ctx->args[1];
	struct vcpu *v;

	ctx->cmd = ctx->args[0];
	ctx->arg_va = ctx->args[2];
	if (!arch_has_vcpu_op(ctx->cmd))
		return -EINVAL;
	if (id >= d->max_vcpus || !(v = d->vcpu[id]))
		return -ENOENT;
	switch (ctx->cmd) {
	case VCPUOP_register_vcpu_info:
		return op_register_info(ctx, v);
	case VCPUOP_register_runstate_memory_area:
		return op_register_runstate(ctx, v);
	case VCPUOP_get_runstate_info:
		return op_get_runstate(ctx, v);
	case VCPUOP_is_up:
		return !(READ_ONCE(v->pause_flags) & VPF_down);
	case VCPUOP_up:
		return op_up(v);
	case VCPUOP_down:
		return op_down(v);
	default:
		return -ENOSYS;
	}
}
