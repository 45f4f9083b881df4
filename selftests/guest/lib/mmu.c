// SPDX-License-Identifier: GPL-2.0-only
#include "mmu.h"
#include "memory.h"
#include "report.h"
#include "sysreg.h"

/* VMSAv8-64 stage 1 descriptors, Arm ARM D8.3 */
#define PTE_VALID	BIT(0)
#define PTE_TABLE	BIT(1)		/* at levels 1, 2; at level 3: page */
#define PTE_ATTR(n)	((u64)(n) << 2)
#define PTE_USER	BIT(6)
#define PTE_RO		BIT(7)
#define PTE_INNER	(3UL << 8)
#define PTE_AF		BIT(10)
#define PTE_PXN		BIT(53)
#define PTE_UXN		BIT(54)
#define PTE_ADDR	0x0000fffffffff000UL

enum { ATTR_DEVICE, ATTR_WB, ATTR_NC };

static u64 root[512] __page_aligned;

static u64 attr_bits(enum mmu_attr attr)
{
	switch (attr) {
	case MMU_DEVICE:
		return PTE_AF | PTE_ATTR(ATTR_DEVICE) | PTE_PXN | PTE_UXN | PTE_VALID;
	case MMU_RAM:
		return PTE_AF | PTE_ATTR(ATTR_WB) | PTE_INNER | PTE_UXN | PTE_VALID;
	case MMU_RAM_RO:
		return PTE_AF | PTE_ATTR(ATTR_WB) | PTE_INNER | PTE_UXN | PTE_RO | PTE_VALID;
	case MMU_USER:
		return PTE_AF | PTE_ATTR(ATTR_WB) | PTE_INNER | PTE_USER | PTE_VALID;
	case MMU_NC:
		return PTE_AF | PTE_ATTR(ATTR_NC) | PTE_INNER | PTE_UXN | PTE_PXN | PTE_VALID;
	default:
		return 0;
	}
}

static void flush_all(void)
{
	dsb(ishst);
	asm volatile("tlbi vmalle1is" : : : "memory");
	dsb(ish);
	isb();
}

/* Break before make: nobody may use the old entry while the new one appears. */
static void set_entry(u64 *e, u64 v)
{
	if (*e & PTE_VALID) {
		WRITE_ONCE(*e, 0);
		flush_all();
	}
	WRITE_ONCE(*e, v);
	dsb(ishst);
	isb();
}

/* The table below entry e of a level whose blocks have the given size; splits a block. */
static u64 *next_table(u64 *e, u64 block)
{
	u64 *table, old = *e;

	if ((old & 3) == 3)
		return (u64 *)(old & PTE_ADDR);

	table = page_alloc(1);
	if (old & PTE_VALID)
		for (u64 i = 0; i < 512; i++)
			table[i] = (old + i * (block >> 9)) |
				   (block == BIT(21) ? PTE_TABLE : 0);
	dsb(ishst);
	set_entry(e, (u64)table | PTE_TABLE | PTE_VALID);
	return table;
}

static void map_blocks(u64 va, u64 pa, u64 bytes, u64 bits, u64 largest)
{
	while (bytes) {
		u64 *table = root, block, *e;

		for (block = BIT(30); ; block >>= 9) {
			e = &table[va / block & 511];
			if (block <= largest && bytes >= block && !((va | pa) & (block - 1)))
				break;
			table = next_table(e, block);
		}
		set_entry(e, bits ? pa | bits | (block == PAGE_SIZE ? PTE_TABLE : 0) : 0);
		va += block;
		pa += block;
		bytes -= block;
	}
}

void mmu_map(u64 va, u64 pa, u64 bytes, enum mmu_attr attr)
{
	map_blocks(va, pa, bytes, attr_bits(attr), BIT(30));
}

/*
 * RAM is mapped by pages: to split a block later it would have to be unmapped
 * for a moment, and the code that does so lies in it.
 */
void mmu_init(void)
{
	mmu_map(0, 0, BIT(39), MMU_DEVICE);
	for (unsigned int i = 0; i < ram_banks; i++)
		map_blocks(ram[i].start, ram[i].start, ram[i].size, attr_bits(MMU_RAM), PAGE_SIZE);
}

void mmu_on(void)
{
	write_sysreg(mair_el1, 0x04UL << 8 * ATTR_DEVICE | 0xffUL << 8 * ATTR_WB |
			       0x44UL << 8 * ATTR_NC);
	/* T0SZ 25, inner shareable write-back walks, no TTBR1, 40 bits of output. */
	write_sysreg(tcr_el1, 25UL | 1UL << 8 | 1UL << 10 | 3UL << 12 | 1UL << 23 | 2UL << 32);
	write_sysreg(ttbr0_el1, root);
	isb();
	asm volatile("tlbi vmalle1" : : : "memory");
	dsb(nsh);
	isb();
	/* RES1 bits, I, C, M; EL0 may use CTR, DC ZVA, cache maintenance and WFx. */
	write_sysreg(sctlr_el1, 0x30d00800UL | BIT(12) | BIT(2) | BIT(0) | BIT(26) | BIT(15) |
				BIT(14) | BIT(16) | BIT(18));
	isb();
}

void mmu_off(void)
{
	write_sysreg(sctlr_el1, read_sysreg(sctlr_el1) & ~(BIT(0) | BIT(2)));
	isb();
}
