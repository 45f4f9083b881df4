// SPDX-License-Identifier: GPL-2.0-only
/*
 * GICv3: redistributors and affinity routing.
 */
#include "test.h"

#define SPI	40

void test_main(void)
{
	u64 r = this_cpu()->gicr, typer = mmio_read64(r + GICR_TYPER);
	u64 router = gic.dist + GICD_IROUTER + SPI * 8;

	check_eq(typer >> 32, 0, "the affinity is that of this CPU");
	check(typer & BIT(4), "the only redistributor is the last one");
	check_eq(typer >> 8 & 0xffff, 0, "its number is 0");
	check_eq(mmio_read32(r + GICR_TYPER + 4), typer >> 32, "TYPER can be read by halves");
	check_eq(mmio_read32(r + GICR_PIDR2) >> 4 & 15, 3, "PIDR2 says version 3");
	check(!(mmio_read32(r + GICR_WAKER) & 4), "its children are awake");
	check(!(mmio_read32(r + GICR_CTLR) & 1), "LPIs are off");

	mmio_write64(router, 0);
	check_eq(mmio_read64(router), 0, "an SPI is routed to CPU 0");
	mmio_write64(router, BIT(31));
	printk("# IROUTER any: %lx\n", mmio_read64(router));
	mmio_write64(router, 0);
	check_eq(mmio_read64(router), 0, "back to CPU 0");
	check_eq(mmio_read32(router), 0, "its low half can be read alone");

	/* SGI enable bits exist in the redistributor, not in the distributor. */
	check_eq(mmio_read32(gic.dist + GICD_ISENABLER), 0,
		 "banked interrupts are not in the distributor");
	check_eq(mmio_read32(r + GICR_SGI + GICD_ISENABLER) & 0xffff, 0xffff,
		 "but in the redistributor");
	check_eq(read_sysreg_s(ICC_SRE_EL1) & 1, 1, "the system register interface is on");
	write_sysreg_s(ICC_SRE_EL1, 0);
	isb();
	check_eq(read_sysreg_s(ICC_SRE_EL1) & 1, 1, "and cannot be turned off");
	check_eq(read_sysreg_s(ICC_IGRPEN1_EL1), 1, "group 1 is enabled");
}
