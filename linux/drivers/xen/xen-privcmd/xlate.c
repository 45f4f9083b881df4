// SPDX-License-Identifier: GPL-2.0-only
/* Foreign frames at guest frame numbers of our own. */

#include <linux/mm.h>
#include <linux/sched.h>
#include <xen/page.h>
#include "hypercall.h"
#include "privcmd.h"

/* An element the hypervisor has not come to; all its bytes are the same. */
#define UNTOUCHED_BYTE	0x80
#define UNTOUCHED	((int)0x80808080)

/*
 * Puts the batch's first frames where they belong; errs says what became of each.
 * Returns whether all went well.
 */
bool xlate_add(struct xlate_batch *b, unsigned int count, domid_t domid)
{
	struct xen_add_to_physmap_range add = {
		.domid = DOMID_SELF,
		.space = XENMAPSPACE_gmfn_foreign,
		.size = count,
		.foreign_domid = domid,
	};
	unsigned int i;
	bool all = true;
	int ret;

	BUILD_BUG_ON(XLATE_BATCH > U16_MAX);
	memset(b->errs, UNTOUCHED_BYTE, count * sizeof(b->errs[0]));
	set_xen_guest_handle(add.idxs, b->gfns);
	set_xen_guest_handle(add.gpfns, b->at);
	set_xen_guest_handle(add.errs, b->errs);
	ret = HYPERVISOR_memory_op(XENMEM_add_to_physmap_range, &add);
	/*
	 * Elements have results of their own. The whole fails when it could not go
	 * on: what it has not come to then shares its error.
	 */
	for (i = 0; i < count; i++) {
		if (likely(!b->errs[i]))
			continue;
		if (b->errs[i] == UNTOUCHED)
			b->errs[i] = ret < 0 ? ret : 0;
		else if (b->errs[i] > 0)
			b->errs[i] = -EINVAL;
		all = all && !b->errs[i];
	}
	return all;
}

/* Removal is a frame at a time; in a multicall it was found to cost more. */
bool xlate_remove(struct mapping *m)
{
	struct xen_remove_from_physmap arg = { .domid = DOMID_SELF };
	unsigned long i, n = 0;
	bool all = true;
	int ret;

	for_each_set_bit(i, m->filled, m->count) {
		arg.gpfn = frames_gfn(&m->frames, i);
		ret = HYPERVISOR_memory_op(XENMEM_remove_from_physmap, &arg);
		/* Where nothing was, nothing remains. */
		all = all && (!ret || ret == -ENOENT);
		if (!(++n % XLATE_BATCH))
			cond_resched();
	}
	return all;
}
