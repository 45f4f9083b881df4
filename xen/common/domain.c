// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making and unmaking domains. The parts of a domain are one list of units,
 * built forwards and freed backwards; a domain that fails half-way is freed by
 * the same code as one that lived.
 *
 * Destruction has two halves. domain_kill() takes away, in bounded steps, what
 * the domain holds of others and its memory. Then the table's reference is
 * dropped, and when nobody holds any more (a page of it mapped elsewhere does),
 * domain_free_work() frees the units.
 */
#include <xen/domain.h>
#include <xen/hypercall.h>
#include <xen/lib.h>
#include <xen/sched.h>
#include <xen/xmalloc.h>

struct domain_unit {
	const char *name;
	int (*create)(struct domain *d, const struct xen_domctl_createdomain *cfg);
	void (*destroy)(struct domain *d);
};

static int shared_info_create(struct domain *d, const struct xen_domctl_createdomain *cfg)
{
	d->shared_info = alloc_zeroed_heap_page();
	if (!d->shared_info)
		return -ENOMEM;
	share_heap_page_with_guest(d->shared_info, d);
	return 0;
}

static void shared_info_destroy(struct domain *d)
{
	unshare_heap_page(d->shared_info);
	d->shared_info = NULL;
}

static int vcpu_array_create(struct domain *d, const struct xen_domctl_createdomain *cfg)
{
	d->vcpu = xzalloc_array(struct vcpu *, cfg->max_vcpus);
	if (!d->vcpu)
		return -ENOMEM;
	d->max_vcpus = cfg->max_vcpus;
	return 0;
}

static void vcpu_destroy(struct vcpu *v)
{
	sched_destroy_vcpu(v);
	kill_timer(&v->poll_timer);
	kill_timer(&v->singleshot_timer);
	unmap_vcpu_info(v);
	unmap_runstate_area(v);
	arch_vcpu_destroy(v);
	v->domain->vcpu[v->vcpu_id] = NULL;
	xfree(v);
}

static void vcpu_array_destroy(struct domain *d)
{
	struct vcpu *v;

	if (!d->vcpu)
		return;
	for_each_vcpu(d, v)
		vcpu_destroy(v);
	XFREE(d->vcpu);
}

/* Every destroy accepts a unit whose create failed half-way. */
static const struct domain_unit domain_units[] = {
	{ "shared info",    shared_info_create, shared_info_destroy },
	{ "p2m",	    p2m_init,		p2m_teardown },
	{ "event channels", evtchn_init,	evtchn_destroy_final },
	{ "grant table",    grant_table_init,	grant_table_destroy },
	{ "architecture",   arch_domain_create,	arch_domain_destroy },
	{ "scheduler",	    sched_init_domain,	sched_destroy_domain },
	{ "watchdog",	    watchdog_init,	watchdog_destroy },
	{ "vCPUs",	    vcpu_array_create,	vcpu_array_destroy },
};

static int check_config(struct xen_domctl_createdomain *cfg)
{
	unsigned int version = XEN_DOMCTL_GRANT_version(cfg->grant_opts);

	if (cfg->max_vcpus < 1 || cfg->max_vcpus > MAX_GUEST_VCPUS) {
		printk(XENLOG_INFO "domain: %u vCPUs asked for, 1 to %u can be had\n",
		       cfg->max_vcpus, MAX_GUEST_VCPUS);
		return -EINVAL;
	}
	/* The version is a limit: who may use 2 finds that there is 1. */
	if (version < 1 || version > 2) {
		printk(XENLOG_INFO "domain: there are no grants of version %u\n", version);
		return -EINVAL;
	}
	if (cfg->iommu_opts && !(cfg->flags & XEN_DOMCTL_CDF_iommu)) {
		printk(XENLOG_INFO "domain: options for an IOMMU without one\n");
		return -EINVAL;
	}
	if (cfg->cpupool_id)
		return -ENOENT;
	return arch_sanitise_domain_config(cfg);
}

static uint64_t last_serial;

static struct domain *alloc_domain_struct(domid_t domid, const struct xen_domctl_createdomain *cfg)
{
	struct domain *d = xzalloc(struct domain);

	if (!d)
		return NULL;
	d->domain_id = domid;
	d->refcount = 1;
	d->create_flags = cfg->flags;
	d->ssidref = cfg->ssidref;
	d->is_xenstore = cfg->flags & XEN_DOMCTL_CDF_xs_domain;
	memcpy(d->handle, cfg->handle, sizeof(d->handle));
	d->shutdown_code = ~0U;
	d->created = NOW();
	d->serial = atomic_add_return(&last_serial, 1);
	d->free_work.fn = domain_free_work;
	d->free_work.data = d;
	spin_lock_init(&d->lock, RANK_DOMAIN);
	spin_lock_init(&d->shutdown_lock, RANK_DOMAIN_SHUTDOWN);
	spin_lock_init(&d->page_lock, RANK_PAGE_LIST);
	page_list_init(&d->page_list);
	page_list_init(&d->heap_page_list);
	/* Runs only when the toolstack says so. */
	d->controller_pause_count = 1;
	d->pause_count = 1;
	return d;
}

/* Backwards through what was built. Nothing runs and nothing refers to the domain. */
static void destroy_units(struct domain *d)
{
	while (d->units_built)
		domain_units[--d->units_built].destroy(d);
}

void domain_free_work(void *data)
{
	struct domain *d = data;
	bool mapped;

	/* Nobody held it, so nobody is using it; who looks for it from now on must not find it. */
	atomic_store(&d->creation_finished, false);
	destroy_units(d);
	spin_lock(&d->page_lock);
	mapped = d->heap_page_list.count != 0;
	if (mapped) {
		/* Its frames are mapped elsewhere: the last put_page() brings us back. */
		d->heap_zombie = true;
		atomic_store(&d->refcount, 1);
	}
	spin_unlock(&d->page_lock);
	if (mapped)
		return;
	domain_table_remove(d);
	xfree(d);
}

struct domain *domain_create(domid_t domid, struct xen_domctl_createdomain *cfg, bool is_priv)
{
	struct domain *d;
	int rc = check_config(cfg);

	if (rc)
		return ERR_PTR(rc);
	d = alloc_domain_struct(domid, cfg);
	if (!d)
		return ERR_PTR(-ENOMEM);
	d->is_privileged = d->is_hwdom = is_priv;
	/* Its frames are found by owner id from here on, itself when it is whole. */
	if (!domain_table_insert(d)) {
		xfree(d);
		return ERR_PTR(-EEXIST);
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(domain_units); i++) {
		d->units_built = i + 1;
		rc = domain_units[i].create(d, cfg);
		if (rc) {
			printk(XENLOG_INFO "%pd: creating %s failed: %d\n", d,
			       domain_units[i].name, rc);
			WRITE_ONCE(d->is_dying, DOMDYING_dead);
			put_domain(d);
			return ERR_PTR(rc);
		}
	}
	atomic_store_release(&d->creation_finished, true);
	if (is_priv)
		hardware_domain = d;
	return d;
}

static void init_vcpu_fields(struct vcpu *v, struct domain *d, unsigned int id)
{
	v->domain = d;
	v->vcpu_id = id;
	v->pause_flags = VPF_down;
	v->runstate.info.state = RUNSTATE_offline;
	v->runstate.info.state_entry_time = NOW();
	spin_lock_init(&v->virq_lock, RANK_VIRQ);
	spin_lock_init(&v->runstate.lock, RANK_LEAF);
	cpumask_setall(&v->hard_affinity);
	cpumask_setall(&v->soft_affinity);
	unmap_vcpu_info(v);	/* points it at the default place */
	poll_init_vcpu(v);
	grant_table_vcpu_init(v);
}

struct vcpu *vcpu_create(struct domain *d, unsigned int id)
{
	struct vcpu *v;
	int rc;

	if (id >= d->max_vcpus)
		return ERR_PTR(-EINVAL);
	if (d->vcpu[id])
		return ERR_PTR(-EEXIST);
	v = xzalloc(struct vcpu);
	if (!v)
		return ERR_PTR(-ENOMEM);
	init_vcpu_fields(v, d, id);
	rc = sched_init_vcpu(v);
	if (!rc)
		rc = arch_vcpu_create(v);
	if (rc) {
		vcpu_destroy(v);
		return ERR_PTR(rc);
	}
	/* Release: for_each_vcpu() of others sees it complete. */
	atomic_store_release(&d->vcpu[id], v);
	return v;
}

#define PAGES_PER_STEP 256U

/* The next page to be given up, to the end of the list; referenced if it is still the domain's. */
static struct page_info *next_page(struct domain *d, bool *ours)
{
	struct page_info *pg;

	spin_lock(&d->page_lock);
	pg = d->relinquish_left ? page_list_first(&d->page_list) : NULL;
	if (pg) {
		d->relinquish_left--;
		page_list_del(pg, &d->page_list);
		page_list_add_tail(pg, &d->page_list);
		*ours = get_page(pg, d);
	}
	spin_unlock(&d->page_lock);
	return pg;
}

/*
 * Goes once round the list, which only gets shorter. What others reference
 * stays on it until they are done with it.
 */
static int relinquish_pages(struct domain *d)
{
	struct page_info *pg;
	bool ours;

	for (unsigned int n = 0; (pg = next_page(d, &ours)) != NULL; n++) {
		if (ours) {
			page_drop_allocation(pg);
			put_page(pg);
		}
		if (n >= PAGES_PER_STEP && local_softirq_pending())
			return -ERESTART;
	}
	return 0;
}

/* Nothing is added to a dying domain: the count is that of all there will be. */
static int count_pages(struct domain *d)
{
	spin_lock(&d->page_lock);
	d->relinquish_left = d->page_list.count;
	spin_unlock(&d->page_lock);
	return 0;
}

static int unmap_guest_areas(struct domain *d)
{
	struct vcpu *v;

	for_each_vcpu(d, v) {
		stop_timer(&v->poll_timer);
		stop_timer(&v->singleshot_timer);
		unmap_vcpu_info(v);
		unmap_runstate_area(v);
	}
	watchdog_destroy(d);
	return 0;
}

/* What domain_kill() takes away, in this order; each step may ask to be called again. */
static int (*const kill_steps[])(struct domain *d) = {
	evtchn_destroy,
	arch_domain_relinquish,
	unmap_guest_areas,
	p2m_relinquish,
	grant_table_release_mappings,	/* pins keep what p2m entries show */
	count_pages,
	relinquish_pages,
};

int domain_kill(struct domain *d)
{
	int rc;

	if (d == current->domain || d == hardware_domain)
		return -EINVAL;
	if (d->is_dying == DOMDYING_dead)
		return 0;
	if (d->is_dying == DOMDYING_alive) {
		domain_pause(d);
		/* Full barrier: whoever checks is_dying under a lock we take next sees it. */
		WRITE_ONCE(d->is_dying, DOMDYING_dying);
		smp_mb();
		spin_lock(&d->page_lock);
		claim_heap_pages(d, 0);
		spin_unlock(&d->page_lock);
	}
	for (; d->teardown_step < ARRAY_SIZE(kill_steps); d->teardown_step++) {
		rc = kill_steps[d->teardown_step](d);
		if (rc)
			return rc;
	}
	WRITE_ONCE(d->is_dying, DOMDYING_dead);
	send_global_virq(VIRQ_DOM_EXC);
	put_domain(d);
	return 0;
}

void getdomaininfo(struct domain *d, struct xen_domctl_getdomaininfo *info)
{
	struct vcpu *v;
	bool blocked = true, running = false;

	memset(info, 0, sizeof(*info));
	info->domain = d->domain_id;
	info->max_vcpu_id = 0;
	info->ssidref = d->ssidref;
	for_each_vcpu(d, v) {
		struct vcpu_runstate_info rs;

		vcpu_runstate_get(v, &rs);
		info->cpu_time += rs.time[RUNSTATE_running];
		info->max_vcpu_id = v->vcpu_id;
		if (READ_ONCE(v->pause_flags) & VPF_down)
			continue;
		info->nr_online_vcpus++;
		if (!(READ_ONCE(v->pause_flags) & VPF_blocked))
			blocked = false;
		running |= READ_ONCE(v->is_running);
	}
	info->flags = (d->is_dying == DOMDYING_dead ? XEN_DOMINF_dying : 0) |
		      (d->is_shut_down ? XEN_DOMINF_shutdown : 0) |
		      (blocked && !d->controller_pause_count ? XEN_DOMINF_blocked : 0) |
		      (d->controller_pause_count ? XEN_DOMINF_paused : 0) |
		      (running ? XEN_DOMINF_running : 0) |
		      (d->is_xenstore ? XEN_DOMINF_xs_domain : 0) |
		      ((d->shutdown_code & XEN_DOMINF_shutdownmask) << XEN_DOMINF_shutdownshift);
	info->tot_pages = READ_ONCE(d->tot_pages);
	info->max_pages = READ_ONCE(d->max_pages);
	info->outstanding_pages = READ_ONCE(d->outstanding_pages);
	info->shared_info_frame = mfn_x(virt_to_mfn(d->shared_info));
	info->cpupool = 0;
	memcpy(info->handle, d->handle, sizeof(info->handle));
	arch_get_domain_info(d, info);
}
