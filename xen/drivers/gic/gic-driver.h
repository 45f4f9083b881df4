/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between gic.c and the drivers. read_irq() returns a token: the INTID in the
 * low 10 bits and what else eoi_irq() and deactivate_irq() want back (GICv2:
 * the CPU an SGI came from).
 */
#ifndef GIC_DRIVER_H
#define GIC_DRIVER_H

#include <xen/smp.h>
#include <drivers/gic.h>

#define GIC_INTID_MASK	0x3ffU
#define NR_SGIS		16

extern void *gic_dist;
/* Base of the registers of a CPU's SGIs and PPIs (GICv2: the distributor). */
DECLARE_PER_CPU(void *, gic_private);

/* gic.dt_node: find its other parts, fill in gic, initialise the distributor. */
const struct gic_hw_ops *gicv2_probe(const void *fdt);
const struct gic_hw_ops *gicv3_probe(const void *fdt);

/* Entry idx of the node's "reg", mapped. Panics, naming it, when there is none. */
void *gic_map(const void *fdt, unsigned int idx, const char *what, paddr_t *base, paddr_t *size);
/* SPIs: disabled, level, lowest use, no state; boot only. */
void gic_reset_spis(uint32_t group);
/* This CPU's SGIs and PPIs, which base becomes the place of. */
void gic_reset_local(void *base, uint32_t group);

/* Distributor registers both versions have (IHI 0069, 12.9), by INTID. */
#define GICD_CTLR		0x0000
#define GICD_TYPER		0x0004
#define GICD_IGROUPR		0x0080
#define GICD_ISENABLER		0x0100
#define GICD_ICENABLER		0x0180
#define GICD_ISPENDR		0x0200
#define GICD_ICPENDR		0x0280
#define GICD_ISACTIVER		0x0300
#define GICD_ICACTIVER		0x0380
#define GICD_IPRIORITYR		0x0400
#define GICD_ITARGETSR		0x0800
#define GICD_ICFGR		0x0c00
#define GICD_SGIR		0x0f00
#define GICD_IROUTER		0x6000

static inline uint32_t mmio_read32(const volatile void *base, unsigned long off)
{
	return *(const volatile uint32_t *)((const volatile char *)base + off);
}

static inline void mmio_write32(volatile void *base, unsigned long off, uint32_t v)
{
	*(volatile uint32_t *)((volatile char *)base + off) = v;
}

static inline void mmio_write8(volatile void *base, unsigned long off, uint8_t v)
{
	*(volatile uint8_t *)((volatile char *)base + off) = v;
}

static inline uint64_t mmio_read64(const volatile void *base, unsigned long off)
{
	return *(const volatile uint64_t *)((const volatile char *)base + off);
}

static inline void mmio_write64(volatile void *base, unsigned long off, uint64_t v)
{
	*(volatile uint64_t *)((volatile char *)base + off) = v;
}

#endif
