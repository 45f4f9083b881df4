// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hypervisor's own address space: direct map of RAM, frame table, device
 * mappings. The image itself was mapped by arm64/head.S.
 *
 * A valid entry is never changed into another valid one. New entries become
 * visible to this CPU with DSB + ISB and to others with DSB ISHST, before a
 * pointer into the new range can reach them.
 */
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/spinlock.h>
#include <asm/mm.h>
#include <asm/setup.h>
#include <asm/sections.h>
#include <asm/sysregs.h>
#include <asm/system.h>
#include <libfdt.h>

#define HYP_PTE_VALID	BIT(0)
#define HYP_PTE_TABLE	BIT(1)		/* level 3: page */
#define HYP_PTE_ATTR(i)	((uint64_t)(i) << 2)
#define HYP_PTE_AP_RES1	BIT(6)		/* EL2 has no EL0: AP[1] is RES1 */
#define HYP_PTE_RO	BIT(7)
#define HYP_PTE_SH_IS	(3UL << 8)
#define HYP_PTE_AF	BIT(10)
#define HYP_PTE_XN	BIT(54)
#define HYP_PTE_ADDR	0x0000fffffffff000UL

#define LEAF(attr)	(HYP_PTE_VALID | HYP_PTE_AP_RES1 | HYP_PTE_SH_IS | HYP_PTE_AF | \
			 HYP_PTE_XN | HYP_PTE_ATTR(attr))
#define LEAF_NORMAL	LEAF(MT_NORMAL)
#define LEAF_NORMAL_RO	(LEAF(MT_NORMAL) | HYP_PTE_RO)
#define LEAF_DEVICE	LEAF(MT_DEVICE_nGnRE)

#define LEVEL_SHIFT(l)	(39 - 9 * (l))
#define LEVEL_SIZE(l)	(1UL << LEVEL_SHIFT(l))

/* Fixmap pages: the window onto table pages before the direct map exists; the console's UART. */
#define FIX_TABLE_VA	FIXMAP_VIRT_START
#define FIX_UART_VA	(FIXMAP_VIRT_START + PAGE_SIZE)
#define FIX_FDT_VA	(FIXMAP_VIRT_START + MB(2))

static DEFINE_SPINLOCK(hyp_pt_lock, RANK_HYP_PT);	/* all tables and the ioremap space */
static bool direct_map_ready;
static bool heap_ready;

paddr_t image_virt_to_maddr(const void *va)
{
	return image_phys_base + ((unsigned long)va - XYLEM_VIRT_START);
}

static bool in_image(paddr_t pa)
{
	return pa >= image_phys_base && pa < image_phys_base + (_end - _start);
}

static void flush_hyp_page(unsigned long va)
{
	dsb(ishst);
	__asm__ __volatile__("tlbi vae2is, %0" :: "r" (va >> PAGE_SHIFT) : "memory");
	dsb(ish);
	isb();
}

/* Address of the table at pa. One at a time while it goes through the fixmap. */
static uint64_t *table_map(paddr_t pa)
{
	if (in_image(pa))
		return (uint64_t *)(XYLEM_VIRT_START + (pa - image_phys_base));
	if (direct_map_ready)
		return maddr_to_virt(pa);
	WRITE_ONCE(fixmap_l3[0], pa | LEAF_NORMAL | HYP_PTE_TABLE);
	dsb(ishst);
	isb();
	return (uint64_t *)FIX_TABLE_VA;
}

static void table_unmap(const uint64_t *t)
{
	if ((unsigned long)t != FIX_TABLE_VA)
		return;
	WRITE_ONCE(fixmap_l3[0], 0);
	flush_hyp_page(FIX_TABLE_VA);
}

static paddr_t table_alloc(void)
{
	uint64_t *t;
	paddr_t pa;

	if (heap_ready) {
		t = alloc_zeroed_heap_page();
		return t ? virt_to_maddr(t) : INVALID_PADDR;
	}
	pa = bootmem_alloc(PAGE_SIZE, PAGE_SIZE);
	t = table_map(pa);
	memset(t, 0, PAGE_SIZE);
	table_unmap(t);
	return pa;
}

/*
 * The table of level + 1 that covers va, made when there is none. Returns
 * INVALID_PADDR without memory or where a block is in the way.
 */
static paddr_t table_step(paddr_t table, unsigned long va, unsigned int level)
{
	unsigned int idx = (va >> LEVEL_SHIFT(level)) & 511;
	uint64_t *t = table_map(table);
	uint64_t e = t[idx];
	paddr_t next;

	table_unmap(t);
	if (e & HYP_PTE_VALID)
		return e & HYP_PTE_TABLE ? e & HYP_PTE_ADDR : INVALID_PADDR;

	next = table_alloc();
	if (next == INVALID_PADDR)
		return next;
	dsb(ishst);	/* the zeros before the table can be walked */
	t = table_map(table);
	WRITE_ONCE(t[idx], next | HYP_PTE_VALID | HYP_PTE_TABLE);
	table_unmap(t);
	return next;
}

/* One leaf of the largest size possible at va; returns its size, 0 on failure. */
static unsigned long map_one(unsigned long va, paddr_t pa, unsigned long size, uint64_t leaf)
{
	paddr_t table = image_virt_to_maddr(hyp_l0);
	unsigned int level;
	uint64_t *t, *e;

	for (level = 0; ; level++) {
		if (level == 3 || (level && size >= LEVEL_SIZE(level) &&
				   IS_ALIGNED(va | pa, LEVEL_SIZE(level)))) {
			bool taken;

			t = table_map(table);
			e = &t[(va >> LEVEL_SHIFT(level)) & 511];
			taken = *e & HYP_PTE_VALID;
			if (!taken)
				WRITE_ONCE(*e, pa | leaf | (level == 3 ? HYP_PTE_TABLE : 0));
			table_unmap(t);
			return taken ? 0 : LEVEL_SIZE(level);
		}
		table = table_step(table, va, level);
		if (table == INVALID_PADDR)
			return 0;
	}
}

/* Page-aligned range; nothing may be mapped there. */
static int map_range(unsigned long va, paddr_t pa, unsigned long size, uint64_t leaf)
{
	while (size) {
		unsigned long done = map_one(va, pa, size, leaf);

		if (!done)
			return -ENOMEM;
		va += done;
		pa += done;
		size -= done;
	}
	dsb(ishst);
	isb();
	return 0;
}

/* ---- boot: device tree, direct map, frame table ---- */

/*
 * The 2 MiB block of pa, and the next one if the tree (at most 2 MiB, booting.rst)
 * goes on there: else it may be anything, secure memory for one, that must not be
 * read speculatively. pa is 8-byte aligned: magic and size are in the first block.
 */
const void * __init early_fdt_map(paddr_t pa)
{
	paddr_t base = ROUNDDOWN(pa, MB(2));
	const void *fdt = (const void *)(FIX_FDT_VA + (pa - base));

	/* Cannot fail: the tables are there. */
	(void)map_range(FIX_FDT_VA, base, MB(2), LEAF_NORMAL_RO);
	if (pa - base + max_t(paddr_t, fdt_totalsize(fdt), sizeof(struct fdt_header)) > MB(2))
		(void)map_range(FIX_FDT_VA + MB(2), base + MB(2), MB(2), LEAF_NORMAL_RO);
	return fdt;
}

static void __init early_fdt_unmap(void)
{
	for (unsigned int i = 0; i < 2; i++) {
		WRITE_ONCE(hyp_l2[((FIX_FDT_VA >> 21) & 511) + i], 0);
		flush_hyp_page(FIX_FDT_VA + i * MB(2));
	}
}

/* The UART is wanted before there is memory for tables, and until the end. */
void * __init fixmap_uart(paddr_t pa)
{
	WRITE_ONCE(fixmap_l3[1], 0);
	flush_hyp_page(FIX_UART_VA);
	WRITE_ONCE(fixmap_l3[1], (pa & PAGE_MASK) | LEAF_DEVICE | HYP_PTE_TABLE);
	dsb(ishst);
	isb();
	return (void *)(FIX_UART_VA + (pa & ~PAGE_MASK));
}

/*
 * All RAM but what must not be mapped and the image, whose text would
 * otherwise have a writable alias.
 */
static void __init make_direct_map(void)
{
	static struct meminfo ram __initdata;

	ram = bootinfo.mem;
	meminfo_cut_all(&ram, &bootinfo.nomap);
	meminfo_cut(&ram, image_phys_base, _end - _start);
	for (unsigned int i = 0; i < ram.nr; i++) {
		const struct membank *b = &ram.bank[i];

		if (b->start + b->size > DIRECTMAP_VIRT_SIZE)
			panic("RAM at 0x%lx is beyond the direct map", b->start + b->size);
		if (map_range(DIRECTMAP_VIRT_START + b->start, b->start, b->size, LEAF_NORMAL))
			panic("Cannot map RAM at 0x%lx", b->start);
	}
	direct_map_ready = true;
}

/* mfns that have a frame-table entry: RAM banks, sorted. */
static struct { unsigned long start, end; } ft_range[NR_MEM_BANKS];
static unsigned int nr_ft_ranges;

struct frame_range first_ram_frames;

bool mfn_valid_slow(mfn_t mfn)
{
	for (unsigned int i = 0; i < nr_ft_ranges; i++)
		if (mfn_x(mfn) < ft_range[i].end)
			return mfn_x(mfn) >= ft_range[i].start;
	return false;
}

unsigned long max_ram_mfn(void)
{
	return nr_ft_ranges ? ft_range[nr_ft_ranges - 1].end - 1 : 0;
}

/*
 * Frame-table pages of one bank. Memory for it comes in blocks where a whole
 * one is needed. next: first address not yet mapped (banks are sorted).
 */
static unsigned long __init frame_table_bank(paddr_t start, paddr_t end, unsigned long next)
{
	unsigned long va = (unsigned long)mfn_to_page(maddr_to_mfn(start)) & PAGE_MASK;
	unsigned long stop = ROUNDUP((unsigned long)mfn_to_page(maddr_to_mfn(end)), PAGE_SIZE);

	if (stop > FRAMETABLE_VIRT_START + FRAMETABLE_VIRT_SIZE)
		panic("RAM at 0x%lx is beyond the frame table", end);
	va = max(va, next);
	while (va < stop) {
		unsigned long size = PAGE_SIZE;

		if (IS_ALIGNED(va, MB(2)) && stop - va >= MB(2))
			size = MB(2);
		if (map_range(va, bootmem_alloc(size, size), size, LEAF_NORMAL))
			panic("Cannot map the frame table");
		for (unsigned long p = va; p < va + size; p += PAGE_SIZE)
			clear_page((void *)p);
		va += size;
	}
	return max(stop, next);
}

void __init mm_init(void)
{
	const struct meminfo *mem = &bootinfo.mem;
	unsigned long next = 0;

	make_direct_map();
	for (unsigned int i = 0; i < mem->nr; i++) {
		paddr_t start = mem->bank[i].start, end = start + mem->bank[i].size;

		next = frame_table_bank(start, end, next);
		ft_range[i].start = PFN_DOWN(start);
		ft_range[i].end = PFN_DOWN(end);
	}
	nr_ft_ranges = mem->nr;
	first_ram_frames.start = ft_range[0].start;
	first_ram_frames.nr = ft_range[0].end - ft_range[0].start;

	bootmem_to_heap();
	heap_ready = true;
}

/* The image's init part, page by page: no longer executable, then plain memory. */
void free_init_memory(void)
{
	paddr_t start = image_virt_to_maddr(__init_begin), end = image_virt_to_maddr(__init_end);

	early_fdt_unmap();
	for (unsigned long va = (unsigned long)__init_begin; va < (unsigned long)__init_end;
	     va += PAGE_SIZE)
		WRITE_ONCE(image_l3[(va >> PAGE_SHIFT) & 511], 0);
	dsb(ishst);
	__asm__ __volatile__("tlbi alle2is" ::: "memory");
	dsb(ish);
	isb();
	invalidate_icache_all();

	if (map_range(DIRECTMAP_VIRT_START + start, start, end - start, LEAF_NORMAL))
		return;		/* stays unused */
	init_heap_pages(start, end, true);
}

/* ---- ioremap ---- */

static unsigned long ioremap_next = IOREMAP_VIRT_START;

/* Mappings are made at boot, for devices that stay: nothing takes one back. */
void *ioremap(paddr_t pa, size_t size)
{
	unsigned long offset = pa & ~PAGE_MASK, va, flags;
	int rc = -ENOMEM;

	/* Sizes come from the device tree. */
	if (!size || size > IOREMAP_VIRT_SIZE)
		return NULL;
	size = ROUNDUP(size + offset, PAGE_SIZE);
	flags = spin_lock_irqsave(&hyp_pt_lock);
	va = ioremap_next;
	/* Same offset within a block: large regions take few entries. */
	if (size >= MB(2))
		va = ROUNDUP(va, MB(2)) + ((pa - offset) & (MB(2) - 1));
	if (va + size <= (unsigned long)IOREMAP_VIRT_START + IOREMAP_VIRT_SIZE) {
		ioremap_next = va + size;
		rc = map_range(va, pa - offset, size, LEAF_DEVICE);
	}
	spin_unlock_irqrestore(&hyp_pt_lock, flags);
	return rc ? NULL : (void *)(va + offset);
}

/* ---- contract of xen/mm.h ---- */

void arch_cache_maintain(const void *va, size_t size, bool clean, bool invalidate)
{
	/* Invalidating alone would lose a neighbour's data in lines partly inside. */
	if (invalidate)
		clean_invalidate_dcache_range(va, size);
	else if (clean)
		clean_dcache_range(va, size);
}

void arch_clean_page_to_memory(mfn_t mfn)
{
	clean_dcache_page(mfn_to_virt(mfn));
}

void arch_flush_page_to_ram(mfn_t mfn)
{
	clean_invalidate_dcache_range(mfn_to_virt(mfn), PAGE_SIZE);
}
