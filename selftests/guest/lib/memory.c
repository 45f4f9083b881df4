// SPDX-License-Identifier: GPL-2.0-only
#include "memory.h"
#include "report.h"
#include "sysreg.h"

extern char _start[], _edata[], _end[];

struct range ram[MAX_RAM_BANKS];
unsigned int ram_banks;
const void *image_copy;
u64 image_bytes;

static u64 next_page;

void memory_early_init(void)
{
	next_page = ROUND_UP((u64)_end, PAGE_SIZE);
	image_bytes = _edata - _start;
}

void memory_add_ram(u64 start, u64 size)
{
	if (ram_banks < MAX_RAM_BANKS)
		ram[ram_banks++] = (struct range){ start, size };
}

static u64 limit(void)
{
	for (unsigned int i = 0; i < ram_banks; i++)
		if ((u64)_start - ram[i].start < ram[i].size)
			return ram[i].start + ram[i].size;
	return ~0UL;
}

void *page_reserve(unsigned int n)
{
	u64 p = next_page;

	if (p + n * PAGE_SIZE > limit()) {
		report_error("out of memory");
		report_finish();
	}
	next_page += n * PAGE_SIZE;
	return (void *)p;
}

void *page_alloc(unsigned int n)
{
	return memset(page_reserve(n), 0, n * PAGE_SIZE);
}

void *page_alloc_aligned(unsigned int n)
{
	next_page = ROUND_UP(next_page, n * PAGE_SIZE);
	return page_alloc(n);
}

long add_to_physmap(unsigned int space, u64 idx, u64 gfn)
{
	struct xen_add_to_physmap x = {
		.domid = DOMID_SELF, .space = space, .idx = idx, .gpfn = gfn,
	};

	return memory_op(XENMEM_add_to_physmap, &x);
}

long remove_from_physmap(u64 gfn)
{
	struct xen_remove_from_physmap x = { .domid = DOMID_SELF, .gpfn = gfn };

	return memory_op(XENMEM_remove_from_physmap, &x);
}

static long reservation(unsigned int cmd, u64 gfn)
{
	xen_pfn_t frame = gfn;
	struct xen_memory_reservation r = { .nr_extents = 1, .domid = DOMID_SELF };

	set_xen_guest_handle(r.extent_start, &frame);
	return memory_op(cmd, &r);
}

long balloon_out(u64 gfn)
{
	return reservation(XENMEM_decrease_reservation, gfn);
}

long balloon_in(u64 gfn)
{
	return reservation(XENMEM_populate_physmap, gfn);
}

u64 gfn_hole(void)
{
	u64 gfn = gfn_of(page_alloc(1));

	if (balloon_out(gfn) != 1) {
		report_error("decrease_reservation of one page");
		report_finish();
	}
	return gfn;
}

long map_foreign(domid_t dom, u64 gfn, u64 at)
{
	xen_ulong_t idx = gfn;
	xen_pfn_t gpfn = at;
	int err = 0;
	struct xen_add_to_physmap_batch x = {
		.domid = DOMID_SELF,
		.space = XENMAPSPACE_gmfn_foreign,
		.size = 1,
		.u.foreign_domid = dom,
	};
	long ret;

	set_xen_guest_handle(x.idxs, &idx);
	set_xen_guest_handle(x.gpfns, &gpfn);
	set_xen_guest_handle(x.errs, &err);
	ret = memory_op(XENMEM_add_to_physmap_batch, &x);
	return ret ? ret : err;
}

u64 host_free_pages(void)
{
	struct xen_sysctl op = { .cmd = XEN_SYSCTL_physinfo };

	if (sysctl(&op)) {
		report_error("sysctl physinfo");
		report_finish();
	}
	return op.u.physinfo.free_pages;
}

/* Sleeps, so that the hypervisor can do what it has put off. */
static void nap(u64 us)
{
	u64 hz = read_sysreg(cntfrq_el0);
	struct sched_poll p = { .timeout = read_sysreg(cntpct_el0) * (1000000000 / hz) + us * 1000 };

	sched_op(SCHEDOP_poll, &p);
}

u64 host_free_settled(void)
{
	u64 last = host_free_pages();

	for (unsigned int same = 0; same < 4; same++) {
		nap(5000);
		if (host_free_pages() != last) {
			last = host_free_pages();
			same = 0;
		}
	}
	return last;
}
