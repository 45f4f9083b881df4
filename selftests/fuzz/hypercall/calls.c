// SPDX-License-Identifier: GPL-2.0-only
/* Who calls what, with failures of every kind, and what becomes of a continuation. */
#include <xen/guest_atomic.h>
#include <xen/softirq.h>
#include <public/memory.h>
#include "fuzz.h"

#define MAX_RESTARTS 40

/* 1 in so many accesses finds something else than the last; 0: none. */
static unsigned int races;

void another_vcpu(struct domain *d)
{
	unsigned int n = races;
	uint64_t w = word();

	if (!n || !one_in(n))
		return;
	races = 0;
	(void)!host_copy_to_guest(d, (ARG_GFN << PAGE_SHIFT) + rnd(64) * 8, &w, sizeof(w));
	scribble(d);
	races = n;
}

static unsigned int random_cmd(const struct hypercall *h)
{
	/* These have no row in the table. */
	static const uint8_t grant_cmds[] = {
		GNTTABOP_map_grant_ref, GNTTABOP_map_grant_ref, GNTTABOP_unmap_grant_ref,
		GNTTABOP_copy, GNTTABOP_unmap_and_replace, GNTTABOP_cache_flush,
	};
	static const uint8_t memory_cmds[] = {
		XENMEM_populate_physmap, XENMEM_decrease_reservation, XENMEM_add_to_physmap,
		XENMEM_add_to_physmap_batch, XENMEM_remove_from_physmap, XENMEM_acquire_resource,
	};

	if (h->fn == do_memory_op && !one_in(4))
		return memory_cmds[rnd(ARRAY_SIZE(memory_cmds))];
	if (h->fn == do_grant_table_op && !one_in(4))
		return grant_cmds[rnd(ARRAY_SIZE(grant_cmds))];
	if (h->fn == do_vcpu_op)
		return rnd(VCPUOP_register_vcpu_info + 1);
	if (h->table && !one_in(8)) {
		for (unsigned int tries = 0; tries < 64; tries++) {
			unsigned int cmd = rnd(h->table->nr_ops);

			if (h->table->ops[cmd].handler)
				return cmd;
		}
	}
	return one_in(16) ? (unsigned int)word() : rnd(48);
}

static unsigned int random_nr(void)
{
	static const uint8_t often[] = {
		__HYPERVISOR_grant_table_op, __HYPERVISOR_event_channel_op, __HYPERVISOR_memory_op,
	};
	unsigned int nr;

	if (one_in(64))
		return word();
	if (one_in(2))
		return often[rnd(ARRAY_SIZE(often))];
	do
		nr = rnd(NR_HYPERCALLS);
	while (!hypercall_table[nr].fn);
	return nr;
}

/* Arguments by position: which one is the structure differs. */
static void fill(struct hc_ctx *ctx, unsigned int depth)
{
	guest_va_t va = one_in(6) ? some_address() : (ARG_GFN << PAGE_SHIFT) + depth * 256;
	unsigned int cmd;

	for (unsigned int i = 0; i < HC_MAX_ARGS; i++)
		ctx->args[i] = word();
	if (ctx->nr >= NR_HYPERCALLS || !hypercall_table[ctx->nr].fn)
		return;
	cmd = random_cmd(&hypercall_table[ctx->nr]);
	switch (ctx->nr) {
	case __HYPERVISOR_domctl:
	case __HYPERVISOR_sysctl:
	case __HYPERVISOR_platform_op:
		ctx->args[0] = va;
		break;
	case __HYPERVISOR_multicall:
		va = LIST_GFN << PAGE_SHIFT;
		ctx->args[0] = va;
		ctx->args[1] = depth ? 1 : rnd(6);
		for (unsigned int i = 0; i < 6 && !depth; i++) {
			struct hc_ctx in = { .v = ctx->v, .nr = random_nr() };
			struct multicall_entry e = { .op = in.nr };

			fill(&in, i + 1);
			for (unsigned int k = 0; k < HC_MAX_ARGS; k++)
				e.args[k] = in.args[k];
			if (copy_to_guest_va(va + i * sizeof(e), &e, sizeof(e)))
				return;
		}
		return;
	case __HYPERVISOR_vcpu_op:
		ctx->args[0] = cmd;
		ctx->args[1] = rnd(4);
		ctx->args[2] = va;
		break;
	case __HYPERVISOR_grant_table_op:
		ctx->args[0] = cmd;
		ctx->args[1] = va;
		ctx->args[2] = one_in(8) ? word() : rnd(8);
		break;
	case __HYPERVISOR_console_io:
		ctx->args[0] = rnd(3);
		ctx->args[1] = one_in(4) ? word() : rnd(3000);
		ctx->args[2] = va;
		break;
	case __HYPERVISOR_memory_op:
		/* Forged continuations: where to go on is in the upper bits. */
		ctx->args[0] = cmd | (one_in(4) ? word() << 6 : 0);
		ctx->args[1] = va;
		break;
	default:
		ctx->args[0] = cmd;
		ctx->args[1] = va;
		break;
	}
	make_argument(ctx, cmd, va);
}

bool enter_vcpu(struct vcpu *v)
{
	bool nobody = false;

	if (!atomic_try_cmpxchg(&v->is_running, &nobody, true))
		return false;
	/* Pairs with the barrier of who pauses it, and then looks at is_running. */
	smp_mb();
	/* Who is paused or dying does not run. */
	if (!vcpu_runnable(v)) {
		atomic_store_release(&v->is_running, false);
		return false;
	}
	host_run_as(v);
	return true;
}

void leave_vcpu(struct vcpu *v)
{
	act_as_nobody();
	atomic_store_release(&v->is_running, false);
}

static struct vcpu *enter_some_vcpu(void)
{
	struct domain *d = domain_get_by_id(one_in(3) ? 0 : some_domid());
	struct vcpu *v = NULL;

	if (!d)
		return NULL;
	v = atomic_load_acquire(&d->vcpu[rnd(d->max_vcpus)]);
	if (v && !enter_vcpu(v))
		v = NULL;
	put_domain(d);	/* pausing waits for those who run, and so does destruction */
	return v;
}

long control_call(struct xen_domctl *op)
{
	guest_va_t at = (ARG_GFN + 1 + smp_processor_id()) << PAGE_SHIFT;
	long rc = -EAGAIN;
	struct vcpu *v;

	op->interface_version = XEN_DOMCTL_INTERFACE_VERSION;
	for_each_vcpu(hardware_domain, v) {
		struct hc_ctx ctx = { .v = v, .nr = __HYPERVISOR_domctl, .args = { at } };

		if (!enter_vcpu(v))
			continue;
		rc = -EFAULT;
		if (!copy_to_guest_va(at, op, sizeof(*op)))
			do {
				rc = hypercall_run(&ctx);
				host_run_pending();
			} while (rc == -ERESTART && vcpu_runnable(v));
		if (copy_from_guest_va(op, at, sizeof(*op)))
			rc = -EFAULT;
		leave_vcpu(v);
		break;
	}
	return rc;
}

static void with_failures(void)
{
	if (one_in(4))
		raise_softirq(TIMER_SOFTIRQ);
	if (many_cpus)
		return;
	races = one_in(8) ? 1 + rnd(20) : 0;
	alloc_fail_nth(one_in(8) ? 1 + rnd(12) : 0);
	host_atomic_failures = one_in(16) ? rnd(4) : 0;
	host_atomic_changes = one_in(16) ? rnd64() & 0xff : 0;
}

static void no_failures(void)
{
	if (many_cpus)
		return;
	races = 0;
	alloc_fail_nth(0);
	host_atomic_failures = 0;
	host_atomic_changes = 0;
}

static void run_call(struct hc_ctx *ctx)
{
	for (unsigned int n = 0; n < MAX_RESTARTS; n++) {
		long rc;

		with_failures();
		rc = hypercall_run(ctx);
		no_failures();
		if (!local_irq_is_enabled())
			panic("call %u returned with interrupts off", ctx->nr);
		if (ctx->target)
			panic("call %u returned with a reference", ctx->nr);
		host_run_pending();
		/* Often it is carried on, by a vCPU that may have been stopped or have lied. */
		if (rc != -ERESTART || one_in(8) || !vcpu_runnable(ctx->v))
			return;
		if (one_in(8))
			ctx->args[rnd(HC_MAX_ARGS)] = word();
	}
}

void random_call(void)
{
	struct vcpu *v = enter_some_vcpu();
	struct hc_ctx ctx = { .v = v, .nr = random_nr() };

	if (!v)
		return;
	fill(&ctx, 0);
	run_call(&ctx);
	leave_vcpu(v);
}
