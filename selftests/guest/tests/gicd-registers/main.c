// SPDX-License-Identifier: GPL-2.0-only
/*
 * What distributor registers read, and that odd accesses do no harm.
 *
 * Identification must say what version it is, interrupts that do not exist
 * read as zero and ignore writes, and reserved space does, too. An access of
 * a size that a register does not support may fault or be ignored, never more.
 */
#include "test.h"

static void survives(u64 addr, unsigned int bytes, bool write, const char *what)
{
	u64 v;
	struct trap_frame f;
	bool ok = write ? try_write(addr, bytes, 0, &f) : try_read(addr, bytes, &v, &f);

	check(ok || ESR_EC(f.esr) == EC_DABT_SAME, "%s: answered or refused by an abort", what);
}

void test_main(void)
{
	u32 typer = mmio_read32(gic.dist + GICD_TYPER);
	unsigned int lines = ((typer & 31) + 1) * 32;
	u64 reg;

	printk("# TYPER %x IIDR %x\n", typer, mmio_read32(gic.dist + GICD_IIDR));
	check(lines >= 64 && lines <= 1024, "there are SPIs");
	if (gic.version == 3)
		check_eq(mmio_read32(gic.dist + GICD_PIDR2_V3) >> 4 & 15, 3,
			 "PIDR2 says version 3");
	else
		survives(gic.dist + GICD_PIDR2_V2, 4, false, "read of PIDR2");
	check((mmio_read32(gic.dist + GICD_IIDR) & 0xfff) != 0, "there is an implementer");
	check(mmio_read32(gic.dist + GICD_CTLR) & 3, "the distributor is enabled");
	if (gic.version == 2)
		check((typer >> 5 & 7) == cpu_count() - 1, "TYPER counts the CPUs");
	else
		check(!(typer & BIT(17)), "no LPIs are promised");

	reg = gic.dist + GICD_ISENABLER + 31 * 4;
	if (lines < 1020) {
		mmio_write32(reg, ~0u);
		check_eq(mmio_read32(reg), 0, "enable bits of absent interrupts stay zero");
		reg = gic.dist + GICD_IPRIORITYR + 1016;
		mmio_write32(reg, ~0u);
		check_eq(mmio_read32(reg), 0, "so do their priorities");
	}
	reg = gic.dist + GICD_IPRIORITYR + 40;
	mmio_write32(reg, 0x10203040);
	check_eq(mmio_read8(reg + 1) & 0xf8, 0x30, "a byte of a word can be read");
	mmio_write8(reg + 1, 0x80);
	check_eq(mmio_read32(reg) & 0xf8f8f8f8, 0x10208040, "and written alone");
	reg = gic.dist + GICD_ICFGR + 8;
	mmio_write32(reg, 0xaaaaaaaa);
	check_eq(mmio_read32(reg) & 0xaaaaaaaa, 0xaaaaaaaa, "SPIs can be made edge triggered");
	mmio_write32(reg, 0);

	check_eq(mmio_read32(gic.dist + 0x020), 0, "implementation defined space reads as zero");
	survives(gic.dist + 0x0f4, 4, true, "write to reserved space");
	survives(gic.dist + GICD_TYPER, 4, true, "write to TYPER");
	survives(gic.dist + GICD_CTLR, 1, false, "byte read of CTLR");
	survives(gic.dist + GICD_CTLR, 2, false, "halfword read of CTLR");
	survives(gic.dist + GICD_CTLR, 8, false, "double word read of CTLR");
	survives(gic.dist + GICD_CTLR, 8, true, "double word write of CTLR");
	survives(gic.dist + GICD_ISENABLER + 2, 2, true, "halfword write of ISENABLER");
	survives(gic.dist + GICD_SGIR, 4, false, "read of SGIR");
	survives(gic.dist + gic.dist_size - 4, 4, false, "read of the last word");
	survives(gic.dist + gic.dist_size - 4, 4, true, "write of the last word");
	survives(gic.dist + 2, 4, false, "unaligned read");
	survives(gic.dist + gic.dist_size - 2, 4, false, "read across the end");
	mmio_write32(gic.dist + GICD_CTLR, gic.version == 3 ? 0x12 : 1);
	check(mmio_read32(gic.dist + GICD_CTLR) & 3, "the distributor still answers");
}
