/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The locking order, outermost first: a lock may only be taken while locks of
 * lower rank are held. Equal ranks are taken by lowest address (double_lock).
 * Debug and host builds check it at every spin_lock().
 *
 * "irq" = also taken from interrupt handlers: take it with spin_lock_irqsave.
 */
#ifndef XEN_LOCK_RANK_H
#define XEN_LOCK_RANK_H

enum lock_rank {
	RANK_DOMCTL,		/* one toolstack operation at a time */
	RANK_CPUPOOL,		/* assignment of CPUs to pools */
	RANK_DOMAIN,		/* d->lock: life cycle, vCPU creation, parameters */
	RANK_DOMAIN_SHUTDOWN,	/* d->shutdown_lock */
	RANK_GRANT,		/* grant_table.lock: version, size, frames */
	RANK_GRANT_ENTRY,	/* one active grant entry */
	RANK_MAPTRACK,		/* one vCPU's list of free map-track handles */
	RANK_EVTCHN_DOMAIN,	/* d->evtchn.lock: allocating and closing ports */
	RANK_P2M,		/* d->p2m.lock: stage-2 tables of one domain */
	RANK_PAGE_LIST,		/* d->page_lock: the domain's lists and counts of pages */
	RANK_EVTCHN,		/* one channel's state; irq */
	RANK_VIRQ,		/* v->virq_lock: virq to port table; irq */
	RANK_EVTCHN_QUEUE,	/* a FIFO queue; irq */
	RANK_VCPU_WAKE,		/* reserved for pollers; irq */
	RANK_SCHED,		/* a run queue; irq */
	RANK_VGIC_DIST,		/* a domain's shared virtual interrupts; irq */
	RANK_VGIC,		/* one vCPU's virtual interrupts; irq */
	RANK_IRQ_DESC,		/* one physical interrupt's descriptor; irq */
	RANK_VMID,		/* generation roll-over */
	RANK_TIMER,		/* one CPU's timers; irq */
	RANK_HYP_PT,		/* the hypervisor's own tables */
	RANK_HEAP,		/* free lists of the page allocator; irq */
	RANK_DOMAIN_TABLE,	/* look-up of domains by id; irq */
	RANK_XMALLOC,		/* small allocations */
	RANK_CONSOLE,		/* console ring and UART; irq */
	RANK_LEAF,		/* nothing is taken inside; irq */
	NR_LOCK_RANKS
};

#endif
