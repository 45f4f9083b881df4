/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Domains and their vCPUs: the structures and their life cycle.
 *
 * Life: domain_create() runs the list of units (domain.c) forwards, each
 * building its part; destruction runs the same list backwards in bounded
 * steps and accepts a half-built domain. A domain is found by id until its
 * last reference is dropped; is_dying tells that it is going.
 *
 * References: domain_get_by_id() takes one; put_domain() drops it. Every
 * allocated page counts as one for all of them together (d->page_list not
 * empty), so a struct domain outlives its pages.
 */
#ifndef XEN_DOMAIN_H
#define XEN_DOMAIN_H

#include <xen/types.h>
#include <public/xen.h>
#include <public/domctl.h>
#include <public/vcpu.h>
#include <public/hvm/params.h>
#include <xen/cpumask.h>
#include <xen/event.h>
#include <xen/grant_table.h>
#include <xen/list.h>
#include <xen/mm.h>
#include <xen/p2m.h>
#include <xen/softirq.h>
#include <xen/spinlock.h>
#include <xen/timer.h>
#include <asm/domain.h>		/* struct arch_domain, struct arch_vcpu */

#define MAX_VIRT_CPUS	128

enum domain_dying { DOMDYING_alive, DOMDYING_dying, DOMDYING_dead };

/* v->pause_flags: the vCPU may run only when all are clear. */
#define VPF_blocked	BIT(0)	/* waiting for an event (WFI, SCHEDOP_block) */
#define VPF_down	BIT(1)	/* not started, or PSCI CPU_OFF / VCPUOP_down */
#define VPF_poll	BIT(2)	/* in SCHEDOP_poll */

struct sched_unit_data;		/* of the scheduler in use */

struct vcpu {
	struct arch_vcpu arch;		/* first: guest registers are at offset 0 */

	struct domain *domain;
	uint16_t vcpu_id;
	uint16_t processor;		/* CPU it runs on, or whose run queue holds it */
	bool is_running;		/* its context is on a CPU; cleared after it was saved */
	bool is_initialised;		/* has a context that may run */
	bool in_multicall;
	unsigned long pause_flags;	/* VPF_*, atomic bit operations */
	uint32_t pause_count;		/* vcpu_pause(); atomic */

	/* Registered by the guest; mapped hypervisor addresses. */
	struct vcpu_info *vcpu_info;	/* never NULL once the vCPU is up */
	struct vcpu_info early_info;	/* where it points before; no guest sees it */
	struct page_info *vcpu_info_page; /* referenced, NULL: inside shared_info */
	struct {
		struct vcpu_runstate_info info;	/* ours; the guest's copy is written from it */
		guest_va_t guest_addr;		/* 0 = none */
		struct page_info *page[2];	/* referenced pages behind guest_addr (it may straddle) */
		spinlock_t lock;		/* RANK_LEAF */
	} runstate;

	/* Event channels. */
	evtchn_port_t virq_to_evtchn[NR_VIRQS];
	spinlock_t virq_lock;		/* RANK_VIRQ */
	struct evtchn_fifo_vcpu *evtchn_fifo;
	evtchn_port_t poll_evtchn;	/* VPF_poll: the only port, or 0 for several */
	struct timer poll_timer;

	/* Scheduling. */
	struct sched_unit_data *sched;	/* of the scheduler; allocated by it */
	struct cpumask hard_affinity, soft_affinity;
	struct timer singleshot_timer;

	/* Grants this vCPU mapped: free map-track handles (grant_table.c). */
	struct grant_maptrack_vcpu maptrack;
};

struct domain {
	domid_t domain_id;
	uint16_t max_vcpus;
	bool is_privileged;		/* dom0: may use toolstack operations */
	bool is_direct_mapped;		/* gfn == mfn for its RAM (Arm dom0) */
	bool is_hwdom;
	bool is_xenstore;
	uint32_t create_flags;		/* XEN_DOMCTL_CDF_* */
	uint32_t ssidref;
	uint32_t refcount;		/* atomic; the last put frees */
	enum domain_dying is_dying;
	bool is_shutting_down, is_shut_down;
	uint32_t shutdown_code;		/* SHUTDOWN_*, ~0 = none */
	bool creation_finished;		/* whole: found by id; see domain_table.c */
	spinlock_t lock;		/* RANK_DOMAIN */
	spinlock_t shutdown_lock;	/* RANK_DOMAIN_SHUTDOWN */
	struct list_head list;		/* of all domains, by rising id; domain_list_lock */
	struct domain *hash_next;	/* look-up by id */
	xen_domain_handle_t handle;

	uint32_t pause_count;		/* atomic: internal pauses + controller's */
	uint32_t controller_pause_count; /* by XEN_DOMCTL_pausedomain; d->lock */

	struct vcpu **vcpu;		/* max_vcpus pointers; entries may be NULL */

	spinlock_t page_lock;		/* RANK_PAGE_LIST */
	struct page_list page_list;	/* RAM, PGC_allocated */
	struct page_list heap_page_list; /* shared hypervisor pages */
	uint64_t serial;		/* of this domain alone, for ever */
	uint32_t tot_pages;		/* on page_list, without PGC_extra */
	uint32_t extra_pages;
	uint32_t max_pages;
	uint32_t outstanding_pages;	/* claimed, not yet allocated; the allocator's lock */

	struct p2m_domain p2m;
	struct shared_info *shared_info; /* heap page, shared with the guest */
	struct evtchn_domain evtchn;
	struct grant_table grant;
	uint64_t hvm_params[HVM_NR_PARAMS];
	unsigned long vm_assist;
	s_time_t created;
	uint64_t time_offset_seconds;

	struct {				/* SCHEDOP_watchdog */
		struct timer timer[2];
		uint32_t inuse_map;
	} watchdog;
	DECLARE_BITMAP(poll_mask, MAX_VIRT_CPUS); /* vCPUs in SCHEDOP_poll */

	unsigned int teardown_step;	/* step of domain_kill() to go on with; domctl lock */
	unsigned long relinquish_left;	/* pages of page_list not looked at yet; page_lock */
	unsigned int units_built;	/* of domain_units[], for taking down a half-built domain */
	bool heap_zombie;		/* only pages of heap_page_list keep it; page_lock */
	struct tasklet free_work;	/* the last reference may go in any context */
	struct tasklet crash_work;	/* domain_crash_later(): holds a reference and a pause */
	const char *crash_why;		/* not NULL while it is under way; atomic */
	struct sched_dom_data *sched;
	struct arch_domain arch;
};

#define for_each_vcpu(d, v)							\
	for (unsigned int vi_ = 0; vi_ < (d)->max_vcpus; vi_++)			\
		if (((v) = READ_ONCE((d)->vcpu[vi_])) != NULL)

extern struct domain *hardware_domain;	/* dom0, or NULL while booting */
extern struct domain idle_domain_;	/* owner of the idle vCPUs; never found by id */
#define is_idle_domain(d)	((d) == &idle_domain_)
#define is_idle_vcpu(v)		is_idle_domain((v)->domain)
#define is_hardware_domain(d)	((d)->is_hwdom)
#define is_control_domain(d)	((d)->is_privileged)

/*
 * cfg is checked and may be filled in (arch part). domid as given, unused.
 * Returns a domain with one reference owned by the domain table, or ERR_PTR.
 */
struct domain *domain_create(domid_t domid, struct xen_domctl_createdomain *cfg, bool is_priv);
/* Next free id at or after the last one handed out; -ENOSPC. */
int domain_alloc_id(void);
/* All vCPU slots exist after creation; this makes vCPU id; -EEXIST, -EINVAL, -ENOMEM. */
struct vcpu *vcpu_create(struct domain *d, unsigned int vcpu_id);
/*
 * Bounded step of destruction (XEN_DOMCTL_destroydomain): 0 when all is given
 * back but references others hold, -ERESTART to be called again.
 */
int domain_kill(struct domain *d);

/* Between domain.c and domain_table.c. false: there is one with this id, maybe not found any more. */
bool domain_table_insert(struct domain *d);
void domain_table_remove(struct domain *d);
void domain_free_work(void *d);		/* tasklet: the last reference has gone */

/* NULL when there is none that is whole. The id may be of a dying domain. */
struct domain *domain_get_by_id(domid_t id);
/* DOMID_SELF is the caller's domain. */
struct domain *domain_get_by_any_id(domid_t id);
/* First domain with an id >= the one given, referenced, or NULL: walks without a lock. */
struct domain *domain_get_from(domid_t id);
bool get_domain(struct domain *d);	/* false when the count was already 0 */
void put_domain(struct domain *d);

/* Counted. The plain form waits until no vCPU runs; it may not name the caller's own domain. */
void domain_pause(struct domain *d);
void domain_pause_nosync(struct domain *d);
void domain_unpause(struct domain *d);
int domain_pause_by_controller(struct domain *d);
int domain_unpause_by_controller(struct domain *d);	/* -EINVAL when not paused */
void vcpu_pause(struct vcpu *v);
void vcpu_unpause(struct vcpu *v);

/* The guest, or a fault of it, ends it: SHUTDOWN_*. dom0's shutdown ends the machine. */
int domain_shutdown(struct domain *d, uint32_t reason);
void domain_resume(struct domain *d);
/* Guest did what it must not: message, SHUTDOWN_crash. Any context without locks above RANK_DOMAIN. */
void domain_crash_(struct domain *d, const char *fmt, ...) __printf(2, 3);
#define domain_crash(d, fmt, ...) domain_crash_(d, fmt, ##__VA_ARGS__)
/*
 * The same from where locks are held: stops the domain now, the rest is done when
 * they are not. The caller keeps d alive; why is a string that lasts.
 */
void domain_crash_later(struct domain *d, const char *why);

void getdomaininfo(struct domain *d, struct xen_domctl_getdomaininfo *info);

void unmap_vcpu_info(struct vcpu *v);
void vcpu_runstate_get(const struct vcpu *v, struct vcpu_runstate_info *info);

/* Writes the runstate area the guest registered, if any. Any CPU. */
void update_runstate_area(struct vcpu *v);
void unmap_runstate_area(struct vcpu *v);
/* Timers of SCHEDOP_watchdog; part of every domain. */
int watchdog_init(struct domain *d, const struct xen_domctl_createdomain *cfg);
void watchdog_destroy(struct domain *d);
/* poll_timer's function and waking: sched_op.c */
void poll_init_vcpu(struct vcpu *v);

/* Has the port a struct evtchn? */
static inline bool evtchn_port_is_valid(const struct domain *d, evtchn_port_t port)
{
	/* Acquire pairs with the release when a bucket is added. */
	return port < atomic_load_acquire(&d->evtchn.valid_ports);
}

/* ---- contract with the architecture ---- */

/* Check and fill in cfg->arch; -EINVAL with a message that says what was wrong. */
int arch_sanitise_domain_config(struct xen_domctl_createdomain *cfg);
int arch_domain_create(struct domain *d, const struct xen_domctl_createdomain *cfg);
void arch_domain_destroy(struct domain *d);	/* accepts half-built; nothing runs any more */
/* Bounded step before that: 0 or -ERESTART (interrupts, devices, mappings of its own). */
int arch_domain_relinquish(struct domain *d);
int arch_vcpu_create(struct vcpu *v);		/* arch part; not runnable yet */
void arch_vcpu_destroy(struct vcpu *v);
void arch_domain_shutdown(struct domain *d);
/* Set the context of a stopped vCPU from the toolstack's structure; -EINVAL on nonsense. */
int arch_set_info_guest(struct vcpu *v, const struct vcpu_guest_context *ctxt);
void arch_get_info_guest(struct vcpu *v, struct vcpu_guest_context *ctxt);
/* Make next's context the CPU's, after saving prev's. No stack switch: returns normally.
 * Interrupts off; sets current; clears prev->is_running after the save (release). */
void context_switch(struct vcpu *prev, struct vcpu *next);
void arch_get_domain_info(const struct domain *d, struct xen_domctl_getdomaininfo *info);
/* domctl/vcpu_op/hvm_op sub-operations common code does not know; -ENOSYS. */
struct hc_ctx;
long arch_do_domctl(struct hc_ctx *ctx, struct domain *d, struct xen_domctl *op);
/* Is an event or interrupt deliverable to v now (so that it must not stay blocked)? */
bool arch_vcpu_has_pending(const struct vcpu *v);
/* Has v, which is current, its interrupts unmasked? */
bool arch_vcpu_takes_interrupts(const struct vcpu *v);
/* Set an event upcall pending in v's interrupt controller (Arm: level of the PPI). */
void arch_vcpu_event_upcall(struct vcpu *v);
/* Print v's state for debug keys. */
void arch_dump_vcpu(struct vcpu *v);
void arch_dump_domain(struct domain *d);
/* Does the ABI of this architecture have VCPUOP_cmd? */
bool arch_has_vcpu_op(unsigned int cmd);

#endif
