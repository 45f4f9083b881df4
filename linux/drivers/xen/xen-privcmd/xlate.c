// SPDX-License-Identifier: GPL-2.0-only
/* Foreign frames at guest frame numbers of our own. */

#include <linux/mm.h>
#include <linux/sched.h>
#include <xen/page.h>
#include "hypercall.h"
#include "privcmd.h"

/* An element the hypervisor has not come to. */
#define UNTOUCHED INT_MIN

/* Puts the batch's first frames where they belong; errs says what became of each. */
void xlate_add(struct xlate_batch *b, unsigned int count, domid_t domid)
{
	struct xen_add_to_physmap_range add = {
		.domid = DOMID_SELF,
		.space = XENMAPSPACE_gmfn_foreign,
		.size = count,
		.foreign_domid = domid,
	};
	unsigned int i;
	int ret;

	BUILD_BUG_ON(XLATE_BATCH > U16_MAX);
	for (i = 0; i < count; i++)
		b->errs[i] = UNTOUCHED;
	set_xen_guest_handle(add.idxs, b->gfns);
	set_xen_guest_handle(add.gpfns, b->at);
	set_xen_guest_handle(add.errs, b->errs);
	ret = HYPERVISOR_memory_op(XENMEM_add_to_physmap_range, &add);
	/*
	 * Elements have results of their own. The whole fails when it could not go
	 * on: what it has not come to then shares its error.
	 */
	for (i = 0; i < count; i++) {
		if (b->errs[i] == UNTOUCHED)
			b->errs[i] = ret < 0 ? ret : 0;
		else if (b->errs[i] > 0)
			b->errs[i] = -EINVAL;
	}
}

/* Removal has no form for many: a multicall spares the way in and out. */
struct removal {
	struct multicall_entry call;
	struct xen_remove_from_physmap arg;
};

#define REMOVALS (PAGE_SIZE / sizeof(struct removal))

struct removals {
	struct multicall_entry call[REMOVALS];
	struct xen_remove_from_physmap arg[REMOVALS];
};

static bool remove_some(struct removals *r, unsigned int count)
{
	bool all = true;
	unsigned int i;

	if (HYPERVISOR_multicall(r->call, count))
		return false;
	/* Where nothing was, nothing remains. */
	for (i = 0; i < count; i++)
		all = all && (!r->call[i].result || r->call[i].result == -ENOENT);
	return all;
}

bool xlate_remove(struct mapping *m)
{
	struct removals *r = m->scratch;
	unsigned int n = 0;
	unsigned long i;
	bool all = true;

	BUILD_BUG_ON(sizeof(*r) > PAGE_SIZE);
	for_each_set_bit(i, m->filled, m->count) {
		r->arg[n] = (struct xen_remove_from_physmap){
			.domid = DOMID_SELF,
			.gpfn = frames_gfn(&m->frames, i),
		};
		r->call[n] = (struct multicall_entry){
			.op = __HYPERVISOR_memory_op,
			.args = { XENMEM_remove_from_physmap, (unsigned long)&r->arg[n] },
		};
		if (++n == REMOVALS) {
			all = remove_some(r, n) && all;
			n = 0;
			cond_resched();
		}
	}
	return (!n || remove_some(r, n)) && all;
}
