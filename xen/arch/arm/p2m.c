// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stage 2 of translation: entry attributes, the shape of a domain's tables, TLB
 * invalidation and what a CPU loads at a vCPU switch. The walk is common/p2m.c.
 */
#include <xen/domain.h>
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/p2m.h>
#include <xen/sched.h>
#include <asm/cpufeature.h>
#include <asm/p2m.h>
#include <asm/sysregs.h>

/* VTCR_EL2 (D17.2.157): walks inner shareable and write-back, 4 KiB granule. */
#define VTCR_RES1	(1UL << 31)
#define VTCR_VS16	(1UL << 19)
#define VTCR_PS_SHIFT	16
#define VTCR_SH0_IS	(3UL << 12)
#define VTCR_ORGN0_WB	(1UL << 10)
#define VTCR_IRGN0_WB	(1UL << 8)
#define VTCR_SL0_SHIFT	6

/* Table pages of a guest until the toolstack sets its pool (set_paging_mempool_size). */
#define INITIAL_POOL_PAGES 16
#define NO_VCPU_RAN	0xff

/*
 * Guests other than dom0 need what the ABI's memory map uses: its second RAM
 * bank ends at 1 TiB (public/arch-arm.h). Fewer bits start the walk a level lower.
 */
#define GUEST_IPA_BITS	40U

/* One level 1 table covers 39 bits, up to 16 in a row 43 (D8.2.9): more start at level 0. */
#define LEVEL1_BITS	39
#define MAX_CONCAT_BITS	4

#define LEAF_ATTR	(PTE_VALID | PTE_AF | PTE_S2AP_R)
#define RAM_ATTR	(LEAF_ATTR | PTE_MEMATTR(S2_MEMATTR_NORMAL_WB) | PTE_SH_INNER)
#define DEV_ATTR	(LEAF_ATTR | PTE_MEMATTR(S2_MEMATTR_DEV_nGnRE) | PTE_SH_OUTER)
#define NC_ATTR		(LEAF_ATTR | PTE_MEMATTR(S2_MEMATTR_NORMAL_NC) | PTE_SH_OUTER)
#define TYPE(t)		((uint64_t)(t) << PTE_TYPE_SHIFT)

/* A guest executes its own memory only, not what another domain could change under it. */
const uint64_t p2m_leaf_attr[16] = {
	[p2m_ram_rw]		= RAM_ATTR | PTE_S2AP_W | TYPE(p2m_ram_rw),
	[p2m_ram_ro]		= RAM_ATTR | TYPE(p2m_ram_ro),
	[p2m_mmio_direct_dev]	= DEV_ATTR | PTE_S2AP_W | PTE_XN | TYPE(p2m_mmio_direct_dev),
	[p2m_mmio_direct_nc]	= NC_ATTR | PTE_S2AP_W | PTE_XN | TYPE(p2m_mmio_direct_nc),
	[p2m_mmio_direct_c]	= RAM_ATTR | PTE_S2AP_W | PTE_XN | TYPE(p2m_mmio_direct_c),
	[p2m_map_foreign_rw]	= RAM_ATTR | PTE_S2AP_W | PTE_XN | TYPE(p2m_map_foreign_rw),
	[p2m_map_foreign_ro]	= RAM_ATTR | PTE_XN | TYPE(p2m_map_foreign_ro),
	[p2m_grant_map_rw]	= RAM_ATTR | PTE_S2AP_W | PTE_XN | TYPE(p2m_grant_map_rw),
	[p2m_grant_map_ro]	= RAM_ATTR | PTE_XN | TYPE(p2m_grant_map_ro),
};

/*
 * A root without entries, as large as the largest: loaded while no guest runs
 * and, with the VMID of another domain, to invalidate that domain's entries.
 * Nothing speculative can then fill the TLB under it (erratum 1319367).
 */
static paddr_t empty_root;

static unsigned int root_order(unsigned int bits)
{
	if (bits > LEVEL1_BITS + MAX_CONCAT_BITS || bits <= LEVEL1_BITS)
		return 0;
	return bits - LEVEL1_BITS;
}

static uint64_t make_vtcr(unsigned int bits)
{
	bool level0 = bits > LEVEL1_BITS + MAX_CONCAT_BITS;

	return VTCR_RES1 | VTCR_SH0_IS | VTCR_ORGN0_WB | VTCR_IRGN0_WB |
	       (uint64_t)parange_of(cpu_pa_bits) << VTCR_PS_SHIFT | (64 - bits) |
	       (level0 ? 2UL : 1UL) << VTCR_SL0_SHIFT | (cpu_vmid_bits == 16 ? VTCR_VS16 : 0);
}

int arch_p2m_init(struct domain *d)
{
	struct p2m_domain *p2m = &d->p2m;
	struct p2m_arch *arch = &d->arch.p2m;
	unsigned int bits = d->is_hwdom ? cpu_pa_bits : min(GUEST_IPA_BITS, cpu_pa_bits);
	unsigned int order = root_order(bits);
	void *root = alloc_heap_pages(order, MEMF_zero);

	if (!root)
		return -ENOMEM;
	for (unsigned int i = 0; i < 1U << order; i++)
		virt_to_page(root)[i].u.inuse.type = 0;
	p2m->root = virt_to_mfn(root);
	p2m->root_order = order;
	p2m->root_level = bits > LEVEL1_BITS + MAX_CONCAT_BITS ? 0 : 1;
	p2m->addr_bits = bits;
	p2m->pool_limit = d->is_hwdom ? P2M_NO_LIMIT : INITIAL_POOL_PAGES;
	arch->vttbr_base = virt_to_maddr(root);
	arch->vtcr = make_vtcr(bits);
	memset(arch->last_vcpu_ran, NO_VCPU_RAN, sizeof(arch->last_vcpu_ran));
	return 0;
}

void arch_p2m_teardown(struct domain *d)
{
	if (!mfn_eq(d->p2m.root, INVALID_MFN))
		free_heap_pages(mfn_to_virt(d->p2m.root), d->p2m.root_order);
}

/* Of the VMID in VTTBR_EL2: both stages, on all CPUs of the domain; waits. */
static void tlbi_vmalls12e1is(void)
{
	__asm__ __volatile__("tlbi vmalls12e1is" ::: "memory");
	dsb(ish);
	isb();
}

/*
 * The VMID that was last given to the domain is the only one under which a CPU
 * can have entries of it: a new generation flushes everything, and a domain
 * that runs through it keeps its number. If that number has gone to another
 * domain by now, that one loses its entries for nothing.
 */
void arch_p2m_flush_tlb(struct domain *d)
{
	const struct p2m_arch *arch = &d->arch.p2m;
	uint64_t gen, old, vttbr;
	unsigned long flags;

	/*
	 * Entries are visible to walkers before the invalidation. Also a full
	 * barrier between them and reading the VMID: pairs with the one in
	 * vmid.c between publishing a new VMID and running with it. Either that
	 * CPU walks the new entries, or we see its VMID.
	 */
	dsb(ish);
	gen = READ_ONCE(arch->vmid_gen);
	if (!gen)
		return;		/* never ran */
	vttbr = (gen & 0xffff) << VTTBR_VMID_SHIFT;
	old = READ_SYSREG(vttbr_el2);
	if (old == (arch->vttbr_base | vttbr)) {
		tlbi_vmalls12e1is();
		return;
	}
	flags = local_irq_save();
	WRITE_SYSREG(vttbr | empty_root, vttbr_el2);
	isb();
	tlbi_vmalls12e1is();
	WRITE_SYSREG(old, vttbr_el2);
	isb();
	local_irq_restore(flags);
}

/* Break-before-make (D8.14.1): a valid entry never becomes another valid one directly. */
void arch_p2m_replace_live_entry(struct domain *d, struct p2m_pte *where, const struct p2m_pte *to)
{
	p2m_write_pte(where, (pte_t){ 0 });
	arch_p2m_flush_tlb(d);
	p2m_write_pte(where, *to);
}

bool p2m_resolve_fault(struct domain *d, gfn_t gfn)
{
	return !mfn_eq(p2m_lookup(d, gfn, NULL, NULL), INVALID_MFN);
}

void p2m_restore(struct vcpu *next)
{
	struct p2m_arch *arch = &next->domain->arch.p2m;
	uint8_t *last = &arch->last_vcpu_ran[smp_processor_id()];

	if (is_idle_vcpu(next)) {
		/* The number may be given to others only when nothing is walked under it here. */
		WRITE_SYSREG(empty_root, vttbr_el2);
		isb();
		vmid_release();
		return;
	}
	WRITE_SYSREG(arch->vtcr, vtcr_el2);
	WRITE_SYSREG(arch->vttbr_base | (uint64_t)vmid_acquire(arch) << VTTBR_VMID_SHIFT,
		     vttbr_el2);
	isb();
	if (*last == next->vcpu_id)
		return;
	if (*last != NO_VCPU_RAN) {
		/* Stage 1 of the VMID on this CPU: its vCPUs may use an ASID differently. */
		__asm__ __volatile__("tlbi vmalle1" ::: "memory");
		dsb(nsh);
		isb();
	}
	*last = next->vcpu_id;
}

void __init p2m_boot_init(void)
{
	unsigned int order = 0;
	void *root;

	for (unsigned int bits = LEVEL1_BITS; bits <= cpu_pa_bits; bits++)
		order = max(order, root_order(bits));
	root = alloc_heap_pages(order, MEMF_zero);
	if (!root)
		panic("No memory for the stage-2 root that is loaded while no guest runs");
	empty_root = virt_to_maddr(root);
	vmid_init();
}

void p2m_init_cpu(void)
{
	WRITE_SYSREG(make_vtcr(min(GUEST_IPA_BITS, cpu_pa_bits)), vtcr_el2);
	WRITE_SYSREG(empty_root, vttbr_el2);
	isb();
	/* What firmware or the boot loader may have left for any VMID. */
	__asm__ __volatile__("tlbi alle1" ::: "memory");
	dsb(nsh);
	isb();
}
