// SPDX-License-Identifier: GPL-2.0-only
/*
 * Static grants: buffers of the guest's that stay mapped here. What they hold is
 * copied by the CPU, without a hypercall. A guest lists them on the control ring; a
 * reference in a request of either ring is looked up among them.
 *
 * A queue's table never changes: the data path reads it under RCU, a request makes
 * another and waits until the old one is out of use. The guest may write to the pages
 * at any time, so nothing is read twice; it may not take them back before we are done.
 */
#include <linux/hash.h>
#include <linux/slab.h>
#include <xen/page.h>

#include "grants.h"
#include "netback.h"
#include "netgref.h"

/* Mapped or unmapped by one hypercall. */
#define NB_GREF_BATCH	16
/* Lists that cannot be mapped, before no more are looked at: each is work for the host. */
#define NB_GREF_FAILURES 8

/* Mapped by all guests together, or about to be. */
static atomic_t nb_gref_total = ATOMIC_INIT(0);

struct nb_gref {
	grant_ref_t ref;
	grant_handle_t handle;
	struct page *page;
	bool readonly;
	u16 next;			/* in its chain: index + 1, or 0 */
};

struct nb_grefs {
	unsigned int count;
	u16 chain[1 << NB_GREF_BITS];
	struct nb_gref entry[];
};

/* The page behind a reference, or NULL. Valid while bottom halves are off. */
void *nb_gref_find(struct nb_queue *q, grant_ref_t ref, bool write)
{
	const struct nb_grefs *g = rcu_dereference_bh(q->grefs);
	unsigned int i;

	if (!g)
		return NULL;
	for (i = g->chain[hash_32(ref, NB_GREF_BITS)]; i; i = g->entry[i - 1].next)
		if (g->entry[i - 1].ref == ref)
			return write && g->entry[i - 1].readonly ? NULL :
			       page_address(g->entry[i - 1].page);
	return NULL;
}

static void nb_gref_hash(struct nb_grefs *g)
{
	unsigned int i;

	memset(g->chain, 0, sizeof(g->chain));
	for (i = 0; i < g->count; i++) {
		u16 *chain = &g->chain[hash_32(g->entry[i].ref, NB_GREF_BITS)];

		g->entry[i].next = *chain;
		*chain = i + 1;
	}
}

static bool nb_gref_twice(const struct nb_grefs *g)
{
	unsigned int i, k;

	for (i = 0; i < g->count; i++)
		for (k = g->entry[i].next; k; k = g->entry[k - 1].next)
			if (g->entry[k - 1].ref == g->entry[i].ref)
				return true;
	return false;
}

static u32 nb_gref_flags(const struct nb_gref *e)
{
	return GNTMAP_host_map | (e->readonly ? GNTMAP_readonly : 0);
}

static void nb_gref_unmap_some(struct nb_gref *e, unsigned int n)
{
	struct gnttab_unmap_grant_ref op[NB_GREF_BATCH];
	struct page *page[NB_GREF_BATCH];
	unsigned int i, mapped = 0;
	bool failed;

	for (i = 0; i < n; i++) {
		if (e[i].handle == INVALID_GRANT_HANDLE)
			continue;
		gnttab_set_unmap_op(&op[mapped], (unsigned long)page_address(e[i].page),
				    nb_gref_flags(&e[i]), e[i].handle);
		page[mapped++] = e[i].page;
	}
	failed = mapped && gnttab_unmap_refs(op, NULL, page, mapped);
	for (i = 0; !failed && i < mapped; i++)
		failed = op[i].status != GNTST_okay;
	if (failed) {
		/* Whoever got these pages next would write to the guest's. */
		pr_err_ratelimited("xen-netback: grants cannot be unmapped\n");
		return;
	}
	for (i = 0; i < n; i++)
		if (e[i].page)
			gnttab_free_pages(1, &e[i].page);
}

/* Entries from first on: give back what is mapped. */
static void nb_gref_unmap(struct nb_grefs *g, unsigned int first)
{
	unsigned int i;

	for (i = first; i < g->count; i += NB_GREF_BATCH)
		nb_gref_unmap_some(&g->entry[i], min_t(unsigned int, g->count - i, NB_GREF_BATCH));
	g->count = first;
}

static bool nb_gref_map_some(struct nb_vif *vif, struct nb_gref *e, unsigned int n)
{
	struct gnttab_map_grant_ref op[NB_GREF_BATCH];
	struct page *page[NB_GREF_BATCH];
	bool all = true;
	unsigned int i;

	if (gnttab_alloc_pages(n, page))
		return false;
	for (i = 0; i < n; i++) {
		e[i].page = page[i];
		gnttab_set_map_op(&op[i], (unsigned long)page_address(page[i]),
				  nb_gref_flags(&e[i]), e[i].ref, vif->domid);
		op[i].status = GNTST_general_error;
	}
	if (gnttab_map_refs(op, NULL, page, n))
		all = false;
	for (i = 0; i < n; i++) {
		if (op[i].status == GNTST_okay)
			e[i].handle = op[i].handle;
		else
			all = false;
	}
	return all;
}

/* Map the entries from first on; false: one could not be. */
static bool nb_gref_map(struct nb_vif *vif, struct nb_grefs *g, unsigned int first)
{
	unsigned int i;

	for (i = first; i < g->count; i += NB_GREF_BATCH) {
		unsigned int n = min_t(unsigned int, g->count - i, NB_GREF_BATCH);

		if (!nb_gref_map_some(vif, &g->entry[i], n))
			return false;
	}
	return true;
}

/* The old table with the list's entries behind it, not mapped; or NULL. */
static struct nb_grefs *nb_gref_grow(const struct nb_grefs *old,
				     const struct xen_netif_gref *list, unsigned int count)
{
	unsigned int have = old ? old->count : 0, i;
	struct nb_grefs *g = kvzalloc(struct_size(g, entry, have + count), GFP_KERNEL);

	if (!g)
		return NULL;
	if (have)
		memcpy(g->entry, old->entry, have * sizeof(g->entry[0]));
	for (i = 0; i < count; i++) {
		g->entry[have + i].ref = list[i].ref;
		g->entry[have + i].readonly = list[i].flags & XEN_NETIF_CTRLF_GREF_readonly;
		g->entry[have + i].handle = INVALID_GRANT_HANDLE;
	}
	g->count = have + count;
	nb_gref_hash(g);
	return g;
}

static u32 nb_gref_add_list(struct nb_queue *q, const struct xen_netif_gref *list, u32 count)
{
	struct nb_grefs *old = rcu_dereference_protected(q->grefs, true);
	unsigned int have = old ? old->count : 0;
	struct nb_grefs *g = nb_gref_grow(old, list, count);

	if (!g)
		return XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;
	if (nb_gref_twice(g) || !nb_gref_map(q->vif, g, have)) {
		q->vif->gref_failures++;
		nb_gref_unmap(g, have);
		kvfree(g);
		return XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;
	}
	rcu_assign_pointer(q->grefs, g);
	synchronize_net();
	kvfree(old);
	return XEN_NETIF_CTRL_STATUS_SUCCESS;
}

/* False: guests have as many as the host will give. */
static bool nb_gref_reserve(unsigned int count)
{
	if (atomic_add_return(count, &nb_gref_total) <= READ_ONCE(nb_static_total))
		return true;
	atomic_sub(count, &nb_gref_total);
	return false;
}

static struct nb_queue *nb_gref_queue(struct nb_vif *vif, u32 index)
{
	struct nb_queue *queues = nb_queues(vif);

	return queues && index < vif->nqueues ? &queues[index] : NULL;
}

/* The CPU reaches only pages that have an address of their own. */
static unsigned int nb_gref_limit(void)
{
	return IS_ENABLED(CONFIG_HIGHMEM) ? 0 : min_t(unsigned int, nb_static_grants, NB_GREFS);
}

/* Control requests. From the control ring's work, which ends before the queues do. */
u32 nb_gref_size(struct nb_vif *vif, u32 index, u32 *size)
{
	if (!nb_gref_queue(vif, index))
		return XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;
	*size = nb_gref_limit();
	return XEN_NETIF_CTRL_STATUS_SUCCESS;
}

/* All of the list or nothing. */
u32 nb_gref_add(struct nb_vif *vif, u32 index, grant_ref_t ref, u32 count)
{
	struct nb_queue *q = nb_gref_queue(vif, index);
	u32 status = XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;
	struct nb_grefs *old;
	void *list;

	if (vif->gref_failures >= NB_GREF_FAILURES)
		return XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED;
	if (!q || !count || count > NETGREF_LIST)
		return status;
	old = rcu_dereference_protected(q->grefs, true);
	if ((old ? old->count : 0) + count > nb_gref_limit())
		return status;
	if (!nb_gref_reserve(count)) {
		pr_info_ratelimited("xen-netback: domain %u has copies made by the hypervisor: static_grants_total is reached\n",
				    vif->domid);
		return XEN_NETIF_CTRL_STATUS_BUFFER_OVERFLOW;
	}
	list = (void *)get_zeroed_page(GFP_KERNEL);
	if (!list)
		goto unreserve;
	if (!nb_fetch(vif, ref, list, count * sizeof(struct xen_netif_gref)))
		vif->gref_failures++;
	else
		status = nb_gref_add_list(q, list, count);
	free_page((unsigned long)list);
unreserve:
	if (status != XEN_NETIF_CTRL_STATUS_SUCCESS)
		atomic_sub(count, &nb_gref_total);
	return status;
}

/* Nobody uses the queue any more. */
void nb_gref_free(struct nb_queue *q)
{
	struct nb_grefs *g = rcu_dereference_protected(q->grefs, true);

	if (!g)
		return;
	RCU_INIT_POINTER(q->grefs, NULL);
	atomic_sub(g->count, &nb_gref_total);
	nb_gref_unmap(g, 0);
	kvfree(g);
}
