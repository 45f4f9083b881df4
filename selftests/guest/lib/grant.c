// SPDX-License-Identifier: GPL-2.0-only
#include "grant.h"
#include "child.h"
#include "dt.h"
#include "memory.h"
#include "mmu.h"
#include "report.h"
#include "sysreg.h"

static volatile struct grant_entry_v1 *table;
static unsigned int mapped;

static void find_region(void)
{
	struct dt_node n;
	u64 addr, size;

	if (child_params)
		addr = GUEST_GNTTAB_BASE;
	else if (!dt_find(&n, "hypervisor") || !dt_reg(&n, 0, &addr, &size))
		addr = (u64)page_alloc(16);
	mmu_set(addr, 16 * PAGE_SIZE, MMU_RAM);
	table = (void *)addr;
}

volatile struct grant_entry_v1 *grant_table(unsigned int frames)
{
	if (!table)
		find_region();
	for (; mapped < frames; mapped++) {
		long ret = add_to_physmap(XENMAPSPACE_grant_table, mapped,
					  gfn_of(table) + mapped);

		if (ret) {
			report_error("add_to_physmap grant_table %u: %ld", mapped, ret);
			report_finish();
		}
	}
	return table;
}

void grant_access(grant_ref_t ref, domid_t dom, u64 gfn, u16 flags)
{
	volatile struct grant_entry_v1 *e = &grant_table(1)[ref];

	e->frame = gfn;
	e->domid = dom;
	dmb(ish);
	e->flags = GTF_permit_access | flags;
}

bool grant_end(grant_ref_t ref)
{
	volatile struct grant_entry_v1 *e = &grant_table(1)[ref];
	u16 flags = e->flags;

	do {
		if (flags & (GTF_reading | GTF_writing))
			return false;
	} while (!__atomic_compare_exchange_n(&e->flags, &flags, 0, false,
					      __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
	return true;
}

long grant_map(domid_t dom, grant_ref_t ref, u64 host_addr, u32 flags,
	       struct gnttab_map_grant_ref *result)
{
	struct gnttab_map_grant_ref op = {
		.host_addr = host_addr, .flags = flags, .ref = ref, .dom = dom,
	};
	long ret = grant_table_op(GNTTABOP_map_grant_ref, &op, 1);

	if (result)
		*result = op;
	return ret ? ret - 1000 : op.status;
}

long grant_unmap(u64 host_addr, grant_handle_t handle)
{
	struct gnttab_unmap_grant_ref op = { .host_addr = host_addr, .handle = handle };
	long ret = grant_table_op(GNTTABOP_unmap_grant_ref, &op, 1);

	return ret ? ret - 1000 : op.status;
}
