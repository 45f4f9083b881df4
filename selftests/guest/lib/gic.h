/* SPDX-License-Identifier: GPL-2.0-only */
/* The interrupt controller: GICv2 and GICv3, one CPU interface per CPU. */
#ifndef GUEST_GIC_H
#define GUEST_GIC_H

#include "types.h"

#define IRQ_VTIMER	27
#define IRQ_PTIMER	30

/* Distributor registers, the same in both versions (IHI0048B, IHI0069). */
#define GICD_CTLR		0x000
#define GICD_TYPER		0x004
#define GICD_IIDR		0x008
#define GICD_IGROUPR		0x080
#define GICD_ISENABLER		0x100
#define GICD_ICENABLER		0x180
#define GICD_ISPENDR		0x200
#define GICD_ICPENDR		0x280
#define GICD_ISACTIVER		0x300
#define GICD_ICACTIVER		0x380
#define GICD_IPRIORITYR		0x400
#define GICD_ITARGETSR		0x800
#define GICD_ICFGR		0xc00
#define GICD_SGIR		0xf00
#define GICD_CPENDSGIR		0xf10
#define GICD_SPENDSGIR		0xf20
#define GICD_IROUTER		0x6000
#define GICD_PIDR2_V3		0xffe8
#define GICD_PIDR2_V2		0xfe8

#define GICR_CTLR		0x0000
#define GICR_IIDR		0x0004
#define GICR_TYPER		0x0008
#define GICR_WAKER		0x0014
#define GICR_PIDR2		0xffe8
#define GICR_SGI		0x10000	/* second frame: SGI and PPI registers */

#define GICC_CTLR		0x00
#define GICC_PMR		0x04
#define GICC_BPR		0x08
#define GICC_IAR		0x0c
#define GICC_EOIR		0x10
#define GICC_RPR		0x14
#define GICC_HPPIR		0x18
#define GICC_IIDR		0xfc
#define GICC_DIR		0x1000

struct gic {
	unsigned int version;
	u64 dist, dist_size;
	u64 cpu_if, redist, redist_size;
};

extern struct gic gic;

/* Finds the controller in the device tree and sets up the distributor. */
void gic_init(void);
/* The same for a domain built by a test: the addresses of arch-arm.h. */
void gic_init_guest(unsigned int version);
/* This CPU's interface and banked interrupts: all disabled, priority 0xa0. */
void gic_init_cpu(void);

/* A handler runs with interrupts masked, before the interrupt is ended. */
typedef void (*irq_handler_t)(unsigned int irq);
void irq_handler(unsigned int irq, irq_handler_t fn);
/* Counts per interrupt and CPU, of interrupts taken. */
u64 irq_count(unsigned int irq, unsigned int cpu);

void irq_unmask(unsigned int irq);
void irq_mask(unsigned int irq);
void irq_set_pending(unsigned int irq);
void irq_clear_pending(unsigned int irq);
bool irq_is_pending(unsigned int irq);
void irq_set_priority(unsigned int irq, u8 priority);
u8 irq_get_priority(unsigned int irq);
void irq_set_edge(unsigned int irq, bool edge);
/* Routes an SPI to a CPU. */
void irq_route(unsigned int irq, unsigned int cpu);
void send_sgi(unsigned int sgi, unsigned int cpu);
void send_sgi_others(unsigned int sgi);
void gic_set_pmr(u8 pmr);

/* Acknowledge and end by hand, for tests that look at the CPU interface. */
u32 gic_ack(void);
void gic_eoi(u32 iar);

/* Called by the IRQ vector. */
void gic_handle_irq(void);

/* Where a banked or shared interrupt's bit lives: distributor or redistributor. */
u64 gic_reg(unsigned int reg, unsigned int irq, unsigned int bits);

static inline u32 mmio_read32(u64 addr)
{
	u32 v;

	asm volatile("ldr %w0, [%1]" : "=r" (v) : "r" (addr) : "memory");
	return v;
}

static inline void mmio_write32(u64 addr, u32 v)
{
	asm volatile("str %w0, [%1]" : : "r" (v), "r" (addr) : "memory");
}

static inline u8 mmio_read8(u64 addr)
{
	u32 v;

	asm volatile("ldrb %w0, [%1]" : "=r" (v) : "r" (addr) : "memory");
	return v;
}

static inline void mmio_write8(u64 addr, u8 v)
{
	asm volatile("strb %w0, [%1]" : : "r" (v), "r" (addr) : "memory");
}

static inline u64 mmio_read64(u64 addr)
{
	u64 v;

	asm volatile("ldr %0, [%1]" : "=r" (v) : "r" (addr) : "memory");
	return v;
}

static inline void mmio_write64(u64 addr, u64 v)
{
	asm volatile("str %0, [%1]" : : "r" (v), "r" (addr) : "memory");
}

#endif
