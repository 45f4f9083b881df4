/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hypercalls: one descriptor per sub-operation, one dispatcher that does what
 * the descriptor says. The descriptors also make docs/hypercalls.md and drive the
 * hostile guest.
 */
#ifndef XEN_HYPERCALL_H
#define XEN_HYPERCALL_H

#include <xen/domain.h>
#include <xen/guest_access.h>
#include <xen/string.h>

#define HC_MAX_ARGS	5
#define HC_MAX_ARG_SIZE	256	/* bytes of an argument structure copied by the dispatcher */

/* A call on its way. Lives on the CPU's stack: nothing points to it afterwards. */
struct hc_ctx {
	struct vcpu *v;			/* the caller */
	unsigned int nr;		/* __HYPERVISOR_* */
	unsigned long args[HC_MAX_ARGS]; /* as the guest passed them; see hc_restart() */
	unsigned int cmd;		/* sub-operation, without continuation bits */
	guest_va_t arg_va;		/* where the guest's argument structure is */
	struct domain *target;		/* descriptor's target, referenced; else NULL */
};

enum hc_copy_out {
	HC_OUT_NEVER,
	HC_OUT_SUCCESS,	/* after the handler returned >= 0 */
	HC_OUT_ALWAYS,
};

enum hc_caller {
	HC_ANYBODY,
	HC_CONTROL,		/* control domain only, else -EPERM */
	HC_CONTROL_OR_SELF,	/* target must be the caller's own, or the caller control */
};

#define HC_NO_TARGET	(-1)
#define HC_RESTARTABLE	1U	/* may return -ERESTART after updating ctx->args */
#define HC_DYING_OK	2U	/* target may be dying, else -ESRCH */
#define HC_NO_SELF	4U	/* target may not be the caller's domain: -EINVAL */

struct hc_subop {
	const char *name;
	uint16_t size;		/* bytes copied in; 0: no argument */
	uint8_t out;		/* enum hc_copy_out */
	uint8_t caller;		/* enum hc_caller */
	int16_t target_off;	/* offset of a domid_t in the argument, HC_NO_TARGET */
	uint8_t flags;
	/* arg: the copied structure, or NULL when size is 0. >= 0, -Exxx or -ERESTART. */
	long (*handler)(struct hc_ctx *ctx, void *arg);
	/* The result could not be delivered: take back what handler did. May be NULL. */
	void (*undo)(struct hc_ctx *ctx, void *arg);
};

struct hc_table {
	unsigned int nr_ops;
	const struct hc_subop *ops;	/* indexed by cmd; no handler, no row: -ENOSYS */
};
#define HC_TABLE(rows) { ARRAY_SIZE(rows), rows }

/* Runs ctx->cmd of the table on ctx->arg_va. */
long hc_dispatch(const struct hc_table *t, struct hc_ctx *ctx);
/* The control domain's: args[0] is a structure of that size, command and version first. */
long hc_dispatch_versioned(const struct hc_table *t, struct hc_ctx *ctx, size_t size,
			   uint32_t version);
/*
 * On each element of an array: ctx->args[1] is its address, args[2] the number. Stops
 * at the first error. ctx->target is the handlers' from one element to the next.
 */
long hc_dispatch_array(const struct hc_table *t, struct hc_ctx *ctx);
/* Elements before done are finished: is it time to stop? Then args go on behind them. */
bool hc_array_preempt(struct hc_ctx *ctx, unsigned int done, size_t size);

static inline void hc_put_target(struct hc_ctx *ctx)
{
	if (ctx->target)
		put_domain(ctx->target);
	ctx->target = NULL;
}

/*
 * What is at ctx->arg_va, copied in and back. Mostly it lies within one page of the
 * caller's own, which is held until the result is in it: found once, and the result
 * always arrives. Not so a page of somebody else's: its grant could end meanwhile.
 */
struct hc_arg {
	struct page_info *page;		/* NULL: copied by address */
	void *at;
};

static inline int hc_fetch(struct hc_ctx *ctx, struct hc_arg *a, void *buf, size_t size)
{
	unsigned int offset = ctx->arg_va & ~PAGE_MASK;

	a->page = offset <= PAGE_SIZE - size ? get_page_from_guest_va(ctx->arg_va) : NULL;
	if (unlikely(!a->page))
		return copy_from_guest_va(buf, ctx->arg_va, size);
	a->at = (char *)map_domain_page(page_to_mfn(a->page)) + offset;
	memcpy(buf, a->at, size);
	return 0;
}

/* Once after each successful fetch; size bytes come back, maybe 0. */
static inline int hc_deliver(struct hc_ctx *ctx, struct hc_arg *a, const void *buf, size_t size)
{
	if (unlikely(!a->page))
		return size ? copy_to_guest_va(ctx->arg_va, buf, size) : 0;
	memcpy(a->at, buf, size);
	unmap_domain_page(a->at);
	put_page(a->page);
	return 0;
}

/*
 * Continuations. A handler that has more to do than one bounded step updates
 * ctx->args so that calling again with them goes on where it stopped, and
 * returns -ERESTART. The guest sees its registers (or its multicall entry)
 * change and the call executed again; it can forge them, so what they say is
 * checked like any argument.
 */
bool hypercall_preempt_check(void);	/* softirq pending, or an event for the caller */

struct hypercall {
	const char *name;
	long (*fn)(struct hc_ctx *ctx);
	uint8_t nr_args;
	const struct hc_table *table;	/* for docs and tests; NULL when not a table */
};

#define NR_HYPERCALLS 64
extern const struct hypercall hypercall_table[NR_HYPERCALLS];

/* Counting for a debug key: not in release builds, whose event send has no room for it. */
#ifdef XYLEM_DEBUG
void hypercall_stats_init(void);
void hc_count_call(unsigned int nr);
void hc_count_row(unsigned int nr, unsigned int cmd);
#else
static inline void hypercall_stats_init(void) { }
static inline void hc_count_call(unsigned int nr) { }
static inline void hc_count_row(unsigned int nr, unsigned int cmd) { }
#endif

/*
 * The architecture's entry for anything not on a straight path: number and
 * arguments from the guest's registers. Returns the result for the guest, or
 * -ERESTART with ctx->args updated: the architecture then rewinds the program
 * counter and writes the arguments back.
 */
static inline long hypercall_run(struct hc_ctx *ctx)
{
	if (unlikely(ctx->nr >= NR_HYPERCALLS || !hypercall_table[ctx->nr].fn))
		return -ENOSYS;
	hc_count_call(ctx->nr);
	return hypercall_table[ctx->nr].fn(ctx);
}

/* Hypercalls implemented by common code, each in the file of its name. */
long do_memory_op(struct hc_ctx *ctx);
long do_multicall(struct hc_ctx *ctx);
long do_xen_version(struct hc_ctx *ctx);
long do_console_io(struct hc_ctx *ctx);
long do_vm_assist(struct hc_ctx *ctx);
long do_vcpu_op(struct hc_ctx *ctx);
long do_domctl(struct hc_ctx *ctx);
long do_sysctl(struct hc_ctx *ctx);
long do_platform_op(struct hc_ctx *ctx);
/* Arch: physdev_op, dm_op and its own; -ENOSYS where there is none. */
long do_physdev_op(struct hc_ctx *ctx);
long do_dm_op(struct hc_ctx *ctx);

/* ---- contract with the architecture, for memory_op and version ---- */
uint64_t arch_features(const struct domain *d, unsigned int submap);	/* XENFEAT bits */
void arch_capabilities(char *buf, size_t size);		/* "xen-3.0-aarch64 ..." */
unsigned long arch_virt_start(void);
/* Bits of VMASST_TYPE_* the domain may switch. */
unsigned long arch_vm_assist_valid(const struct domain *d);
/* sysctl physinfo/cputopo parts */
struct xen_sysctl_physinfo;
void arch_physinfo(struct xen_sysctl_physinfo *pi);
long arch_do_sysctl(struct hc_ctx *ctx, void *op);	/* unknown to common code: -ENOSYS */
/* XENMAPSPACE_dev_mmio and the like; -EINVAL/-ENOSYS for unknown spaces. */
int arch_add_to_physmap(struct domain *d, unsigned int space, unsigned long idx, gfn_t gfn);
/* Bad HVM parameter writes and side effects (callback irq): 0 to store it. */
int arch_hvm_set_param(struct domain *d, uint32_t index, uint64_t value);

#endif
