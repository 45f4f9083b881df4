// SPDX-License-Identifier: GPL-2.0-only
/*
 * domctl: what the toolstack does with domains. One at a time in the machine;
 * who finds the lock taken is sent round again, so that nobody waits inside.
 */
#include <xen/hypercall.h>
#include <xen/lib.h>
#include <xen/sched.h>
#include <xen/xmalloc.h>

static DEFINE_SPINLOCK(domctl_lock, RANK_DOMCTL);

static struct vcpu *vcpu_of(struct domain *d, uint32_t id)
{
	return id < d->max_vcpus ? d->vcpu[id] : NULL;
}

static long op_create(struct hc_ctx *ctx, void *arg)
{
	struct xen_domctl *op = arg;
	struct domain *d;
	int id = op->domain;	/* taken: domain_create() says so */

	if (id == 0 || id >= DOMID_FIRST_RESERVED) {
		id = domain_alloc_id();
		if (id < 0)
			return id;
	}
	d = domain_create(id, &op->u.createdomain, false);
	if (IS_ERR(d))
		return PTR_ERR(d);
	op->domain = d->domain_id;
	return 0;
}

/* It has no memory yet: destroying it is one step. */
static void undo_create(struct hc_ctx *ctx, void *arg)
{
	struct xen_domctl *op = arg;
	struct domain *d = domain_get_by_id(op->domain);

	if (!d)
		return;
	while (domain_kill(d) == -ERESTART)
		;
	put_domain(d);
}

static long op_destroy(struct hc_ctx *ctx, void *arg)
{
	return domain_kill(ctx->target);
}

static long op_pause(struct hc_ctx *ctx, void *arg)
{
	return domain_pause_by_controller(ctx->target);
}

static long op_unpause(struct hc_ctx *ctx, void *arg)
{
	return domain_unpause_by_controller(ctx->target);
}

static long op_resume(struct hc_ctx *ctx, void *arg)
{
	domain_resume(ctx->target);
	return 0;
}

/* Of the next domain when there is none of this id: so toolstacks go through them. */
static long op_info(struct hc_ctx *ctx, void *arg)
{
	struct xen_domctl *op = arg;
	struct domain *d;

	if (op->domain >= DOMID_FIRST_RESERVED)
		return -EINVAL;
	d = domain_get_from(op->domain);
	if (!d)
		return -ESRCH;
	getdomaininfo(d, &op->u.getdomaininfo);
	op->domain = d->domain_id;
	put_domain(d);
	return 0;
}

static long op_max_vcpus(struct hc_ctx *ctx, void *arg)
{
	struct xen_domctl *op = arg;
	struct domain *d = ctx->target;

	if (op->u.max_vcpus.max != d->max_vcpus || !d->vcpu)
		return -EINVAL;
	for (unsigned int i = 0; i < d->max_vcpus; i++) {
		struct vcpu *v;

		if (d->vcpu[i])
			continue;
		v = vcpu_create(d, i);
		if (IS_ERR(v))
			return PTR_ERR(v);
	}
	return 0;
}

static long op_max_mem(struct hc_ctx *ctx, void *arg)
{
	struct xen_domctl *op = arg;
	uint64_t pages = op->u.max_mem.max_memkb >> (PAGE_SHIFT - 10);

	spin_lock(&ctx->target->page_lock);
	/* Fewer than it has: it only cannot get more. */
	ctx->target->max_pages = min_t(uint64_t, pages, UINT32_MAX);
	spin_unlock(&ctx->target->page_lock);
	return 0;
}

static long op_set_context(struct hc_ctx *ctx, void *arg)
{
	struct xen_domctl_vcpucontext *c = &((struct xen_domctl *)arg)->u.vcpucontext;
	struct vcpu *v = vcpu_of(ctx->target, c->vcpu);
	struct vcpu_guest_context *regs;
	long rc = -EFAULT;

	if (!v)
		return -ESRCH;
	regs = xzalloc(struct vcpu_guest_context);
	if (!regs)
		return -ENOMEM;
	if (!copy_from_guest_va(regs, guest_handle_va(c->ctxt), sizeof(*regs))) {
		domain_pause(ctx->target);
		rc = arch_set_info_guest(v, regs);
		domain_unpause(ctx->target);
	}
	xfree(regs);
	return rc;
}

static long op_get_context(struct hc_ctx *ctx, void *arg)
{
	struct xen_domctl_vcpucontext *c = &((struct xen_domctl *)arg)->u.vcpucontext;
	struct vcpu *v = vcpu_of(ctx->target, c->vcpu);
	struct vcpu_guest_context *regs;
	long rc;

	if (!v)
		return -ESRCH;
	if (v == current)
		return -EINVAL;
	if (!v->is_initialised)
		return -ENODATA;
	regs = xzalloc(struct vcpu_guest_context);
	if (!regs)
		return -ENOMEM;
	vcpu_pause(v);
	arch_get_info_guest(v, regs);
	vcpu_unpause(v);
	rc = copy_to_guest_va(guest_handle_va(c->ctxt), regs, sizeof(*regs));
	xfree(regs);
	return rc;
}

static long op_vcpu_info(struct hc_ctx *ctx, void *arg)
{
	struct xen_domctl_getvcpuinfo *info = &((struct xen_domctl *)arg)->u.getvcpuinfo;
	struct vcpu *v = vcpu_of(ctx->target, info->vcpu);
	struct vcpu_runstate_info rs;

	if (!v)
		return info->vcpu >= ctx->target->max_vcpus ? -EINVAL : -ESRCH;
	vcpu_runstate_get(v, &rs);
	info->online = !(READ_ONCE(v->pause_flags) & VPF_down);
	info->blocked = !!(READ_ONCE(v->pause_flags) & VPF_blocked);
	info->running = READ_ONCE(v->is_running);
	info->cpu_time = rs.time[RUNSTATE_running];
	info->cpu = v->processor;
	return 0;
}

static long set_affinity(struct vcpu *v, struct xen_domctl_vcpuaffinity *a)
{
	cpumask_t hard, soft;
	long rc = 0;

	if ((a->flags & XEN_VCPUAFFINITY_HARD) && xenctl_to_cpumask(&hard, &a->cpumap_hard))
		return -EFAULT;
	if ((a->flags & XEN_VCPUAFFINITY_SOFT) && xenctl_to_cpumask(&soft, &a->cpumap_soft))
		return -EFAULT;
	if (a->flags & XEN_VCPUAFFINITY_HARD)
		rc = vcpu_set_hard_affinity(v, &hard);
	if (!rc && (a->flags & XEN_VCPUAFFINITY_SOFT))
		rc = vcpu_set_soft_affinity(v, &soft);
	return rc;
}

/* What was asked for, cut down to the CPUs that are there. */
static long report_affinity(struct vcpu *v, struct xen_domctl_vcpuaffinity *a, bool effective)
{
	cpumask_t hard = v->hard_affinity, soft = v->soft_affinity;

	if (effective) {
		cpumask_and(&hard, &hard, &cpu_online_map);
		cpumask_and(&soft, &soft, &hard);
	}
	if ((a->flags & XEN_VCPUAFFINITY_HARD) && cpumask_to_xenctl(&a->cpumap_hard, &hard))
		return -EFAULT;
	if ((a->flags & XEN_VCPUAFFINITY_SOFT) && cpumask_to_xenctl(&a->cpumap_soft, &soft))
		return -EFAULT;
	return 0;
}

static long op_affinity(struct hc_ctx *ctx, void *arg)
{
	struct xen_domctl_vcpuaffinity *a = &((struct xen_domctl *)arg)->u.vcpuaffinity;
	bool set = ctx->cmd == XEN_DOMCTL_setvcpuaffinity;
	struct vcpu *v;
	long rc = 0;

	if (!(a->flags & (XEN_VCPUAFFINITY_HARD | XEN_VCPUAFFINITY_SOFT)) ||
	    (!set && (a->flags & XEN_VCPUAFFINITY_FORCE)))
		return -EINVAL;
	if (a->vcpu >= ctx->target->max_vcpus)
		return -EINVAL;
	v = vcpu_of(ctx->target, a->vcpu);
	if (!v)
		return -ESRCH;
	if (set)
		rc = set_affinity(v, a);
	return rc ? rc : report_affinity(v, a, set);
}

static long op_sched(struct hc_ctx *ctx, void *arg)
{
	return sched_adjust(ctx->target, &((struct xen_domctl *)arg)->u.scheduler_op);
}

static long op_handle(struct hc_ctx *ctx, void *arg)
{
	struct xen_domctl *op = arg;

	memcpy(ctx->target->handle, op->u.setdomainhandle.handle, sizeof(ctx->target->handle));
	return 0;
}

static long op_time_offset(struct hc_ctx *ctx, void *arg)
{
	struct xen_domctl *op = arg;

	ctx->target->time_offset_seconds = op->u.settimeoffset.time_offset_seconds;
	update_domain_wallclock_time(ctx->target);
	return 0;
}

/* One node: the only map there is to ask for has it. */
static long op_set_nodes(struct hc_ctx *ctx, void *arg)
{
	struct xenctl_bitmap *map = &((struct xen_domctl *)arg)->u.nodeaffinity.nodemap;
	uint8_t first = 0;

	if (map->nr_bits && copy_from_guest_va(&first, guest_handle_va(map->bitmap), 1))
		return -EFAULT;
	return first & 1 ? 0 : -EINVAL;
}

static long op_get_nodes(struct hc_ctx *ctx, void *arg)
{
	struct xenctl_bitmap *map = &((struct xen_domctl *)arg)->u.nodeaffinity.nodemap;
	cpumask_t nodes;

	cpumask_clear(&nodes);
	cpumask_set_cpu(0, &nodes);
	return cpumask_to_xenctl(map, &nodes);
}

static long op_get_pool(struct hc_ctx *ctx, void *arg)
{
	struct xen_domctl *op = arg;

	unsigned long pages = ctx->target->p2m.pool_limit;

	/* Dom0's tables come from the heap. */
	op->u.paging_mempool.size = pages == P2M_NO_LIMIT ? 0 : (uint64_t)pages << PAGE_SHIFT;
	return 0;
}

static long op_set_pool(struct hc_ctx *ctx, void *arg)
{
	uint64_t size = ((struct xen_domctl *)arg)->u.paging_mempool.size;
	struct p2m_domain *p2m = &ctx->target->p2m;
	long rc = 0;

	if (size & ~PAGE_MASK)
		return -EINVAL;
	spin_lock(&p2m->lock);
	if (p2m->pool_used > size >> PAGE_SHIFT)
		rc = -ENOMEM;	/* tables in use are not given up */
	else
		p2m->pool_limit = size >> PAGE_SHIFT;
	spin_unlock(&p2m->lock);
	return rc;
}

static long op_arch(struct hc_ctx *ctx, void *arg)
{
	return arch_do_domctl(ctx, ctx->target, arg);
}

#define OP_(nr, o, fl, fn, un) \
	[XEN_DOMCTL_##nr] = { #nr, sizeof(struct xen_domctl), o, HC_CONTROL, \
			      offsetof(struct xen_domctl, domain), HC_DYING_OK | (fl), fn, un }
#define IN(nr, fn)	OP_(nr, HC_OUT_NEVER, 0, fn, NULL)
#define INOUT(nr, fn)	OP_(nr, HC_OUT_SUCCESS, 0, fn, NULL)
#define ON_OTHER(nr, fn) OP_(nr, HC_OUT_NEVER, HC_NO_SELF, fn, NULL)

static const struct hc_subop domctl_ops[] = {
	[XEN_DOMCTL_createdomain] = { "createdomain", sizeof(struct xen_domctl), HC_OUT_SUCCESS,
				      HC_CONTROL, HC_NO_TARGET, 0, op_create, undo_create },
	OP_(destroydomain, HC_OUT_NEVER, HC_RESTARTABLE, op_destroy, NULL),
	ON_OTHER(pausedomain, op_pause),
	IN(unpausedomain, op_unpause),
	ON_OTHER(resumedomain, op_resume),
	[XEN_DOMCTL_getdomaininfo] = { "getdomaininfo", sizeof(struct xen_domctl), HC_OUT_SUCCESS,
				       HC_CONTROL, HC_NO_TARGET, 0, op_info, NULL },
	INOUT(setvcpuaffinity, op_affinity),
	INOUT(getvcpuaffinity, op_affinity),
	IN(max_mem, op_max_mem),
	ON_OTHER(setvcpucontext, op_set_context),
	IN(getvcpucontext, op_get_context),
	INOUT(getvcpuinfo, op_vcpu_info),
	ON_OTHER(max_vcpus, op_max_vcpus),
	INOUT(scheduler_op, op_sched),
	IN(setdomainhandle, op_handle),
	IN(settimeoffset, op_time_offset),
	IN(setnodeaffinity, op_set_nodes),
	INOUT(getnodeaffinity, op_get_nodes),
	INOUT(get_paging_mempool_size, op_get_pool),
	ON_OTHER(set_paging_mempool_size, op_set_pool),
	IN(set_address_size, op_arch),
	INOUT(get_address_size, op_arch),
	OP_(cacheflush, HC_OUT_NEVER, HC_RESTARTABLE, op_arch, NULL),
};

const struct hc_table domctl_table = HC_TABLE(domctl_ops);

long do_domctl(struct hc_ctx *ctx)
{
	long rc;

	/* Not for others to hold. */
	if (!is_control_domain(ctx->v->domain))
		return -EPERM;
	if (!spin_trylock(&domctl_lock))
		return -ERESTART;
	BUILD_BUG_ON(sizeof(struct xen_domctl) > HC_MAX_ARG_SIZE);
	rc = hc_dispatch_versioned(&domctl_table, ctx, sizeof(struct xen_domctl),
				   XEN_DOMCTL_INTERFACE_VERSION);
	spin_unlock(&domctl_lock);
	return rc;
}
