// SPDX-License-Identifier: GPL-2.0-only
/* Where the grant table is, and how large. */

#include <linux/io.h>
#include <linux/module.h>
#include <xen/interface/xen.h>
#include <xen/interface/memory.h>
#include <asm/xen/hypercall.h>
#include "core.h"
#include "grants.h"

struct grant_entry_v1 *grant_entries;

static unsigned long first_gfn;
static unsigned int nr_frames, max_frames;

unsigned int gnttab_max_grant_frames(void)
{
	return max_frames;
}
EXPORT_SYMBOL_GPL(gnttab_max_grant_frames);

unsigned int grant_nr_entries(void)
{
	return nr_frames * ENTRIES_PER_FRAME;
}

int grant_grow(void)
{
	struct xen_add_to_physmap map = {
		.domid = DOMID_SELF,
		.space = XENMAPSPACE_grant_table,
		.idx = nr_frames,
		.gpfn = first_gfn + nr_frames,
	};
	int ret;

	if (nr_frames >= max_frames)
		return -ENOSPC;
	ret = HYPERVISOR_memory_op(XENMEM_add_to_physmap, &map);
	if (!ret)
		nr_frames++;
	return ret;
}

int __init xen_grants_setup(phys_addr_t start, u64 bytes)
{
	struct gnttab_query_size size = { .dom = DOMID_SELF };
	struct gnttab_set_version version = { .version = 1 };
	int ret;

	ret = HYPERVISOR_grant_table_op(GNTTABOP_query_size, &size, 1);
	if (ret || size.status != GNTST_okay)
		return ret ?: -EIO;
	/* It is 1 unless somebody ran here before us. */
	HYPERVISOR_grant_table_op(GNTTABOP_set_version, &version, 1);
	max_frames = min_t(u64, size.max_nr_frames, bytes / XEN_PAGE_SIZE);
	first_gfn = start >> XEN_PAGE_SHIFT;

	/* Frames are put behind it one by one; only those that are there are used. */
	grant_entries = memremap(start, (size_t)max_frames * XEN_PAGE_SIZE, MEMREMAP_WB);
	if (!grant_entries)
		return -ENOMEM;
	ret = grant_grow();
	if (!ret)
		ret = grant_refs_setup(max_frames * ENTRIES_PER_FRAME);
	if (!ret)
		pr_info("xen-core: grant table at %pa, up to %u frames\n", &start, max_frames);
	return ret;
}
