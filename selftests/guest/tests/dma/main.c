// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device of the machine writes into dom0's memory: what is called bus address.
 *
 * Without an IOMMU a device sees machine addresses. Dom0's own pages must be
 * where they seem to be, also after they were given back and populated again, and
 * a granted page of another domain must be where the map operation says. The device is
 * a virtio random number generator; its interrupt must arrive, too.
 */
#include "test.h"

/* Virtio 1.2, 4.2.4: legacy MMIO registers */
#define VIRTIO_MAGIC		0x000
#define VIRTIO_VERSION		0x004
#define VIRTIO_DEVICE_ID	0x008
#define VIRTIO_GUEST_FEATURES	0x020
#define VIRTIO_GUEST_PAGE_SIZE	0x028
#define VIRTIO_QUEUE_SEL	0x030
#define VIRTIO_QUEUE_NUM	0x038
#define VIRTIO_QUEUE_ALIGN	0x03c
#define VIRTIO_QUEUE_PFN	0x040
#define VIRTIO_QUEUE_NOTIFY	0x050
#define VIRTIO_INTERRUPT_STATUS	0x060
#define VIRTIO_INTERRUPT_ACK	0x064
#define VIRTIO_STATUS		0x070
#define ID_RNG			4
#define QUEUE			4

struct queue {
	struct {
		u64 addr;
		u32 len;
		u16 flags, next;
	} desc[QUEUE];
	struct {
		u16 flags, idx, ring[QUEUE];
	} avail;
	struct {
		u16 flags, idx;
		struct {
			u32 id, len;
		} ring[QUEUE];
	} used __page_aligned;
};

static volatile struct queue *queue;
static u64 regs;
static volatile u64 interrupts;

static void device_irq(unsigned int irq __unused)
{
	mmio_write32(regs + VIRTIO_INTERRUPT_ACK, mmio_read32(regs + VIRTIO_INTERRUPT_STATUS));
	interrupts++;
}

static unsigned int find_device(void)
{
	struct dt_node n = { 0 };
	u64 size;
	u32 len;

	while (dt_next(&n)) {
		const char *c = dt_prop(&n, "compatible", &len);

		if (!c || !dt_string_in(c, len, "virtio,mmio") || !dt_reg(&n, 0, &regs, &size))
			continue;
		if (mmio_read32(regs + VIRTIO_DEVICE_ID) == ID_RNG)
			return dt_irq(&n, 0);
	}
	return 0;
}

static void start_device(unsigned int irq)
{
	queue = page_alloc(2);
	mmio_write32(regs + VIRTIO_STATUS, 0);
	mmio_write32(regs + VIRTIO_STATUS, 3);	/* acknowledge, driver */
	mmio_write32(regs + VIRTIO_GUEST_FEATURES, 0);
	mmio_write32(regs + VIRTIO_GUEST_PAGE_SIZE, PAGE_SIZE);
	mmio_write32(regs + VIRTIO_QUEUE_SEL, 0);
	mmio_write32(regs + VIRTIO_QUEUE_NUM, QUEUE);
	mmio_write32(regs + VIRTIO_QUEUE_ALIGN, PAGE_SIZE);
	mmio_write32(regs + VIRTIO_QUEUE_PFN, gfn_of(queue));
	mmio_write32(regs + VIRTIO_STATUS, 7);	/* driver ok */
	irq_handler(irq, device_irq);
	irq_set_edge(irq, true);
	irq_set_priority(irq, 0xa0);
	irq_route(irq, 0);
	irq_unmask(irq);
}

/* Lets the device fill 64 bytes at a bus address. */
static bool fill(u64 bus)
{
	u16 before = queue->used.idx;
	u64 irqs = interrupts;

	queue->desc[0].addr = bus;
	queue->desc[0].len = 64;
	queue->desc[0].flags = 2;	/* the device writes */
	queue->avail.ring[queue->avail.idx % QUEUE] = 0;
	dmb(sy);
	queue->avail.idx++;
	dmb(sy);
	mmio_write32(regs + VIRTIO_QUEUE_NOTIFY, 0);
	return wait_until(queue->used.idx != before && interrupts > irqs, 1000000);
}

static bool all_zero(const volatile u64 *p)
{
	for (unsigned int i = 0; i < 8; i++)
		if (p[i])
			return false;
	return true;
}

#define REF	GRANT_FIRST_FREE

void child_main(struct child_params *p)
{
	volatile u64 *page = page_alloc(1);

	grant_access(REF, 0, gfn_of(page), 0);
	p->out[0] = 1;
	while (!p->arg[0])
		sched_op(SCHEDOP_yield, NULL);
	p->out[1] = page[0];
	p->out[2] = page[7];
}

void test_main(void)
{
	volatile u64 *page = page_alloc(1), *at = gfn_to_ptr(gfn_hole());
	unsigned int irq = find_device();
	struct gnttab_map_grant_ref m;
	struct child c;

	if (!irq || mmio_read32(regs + VIRTIO_VERSION) != 1) {
		report_skip("no legacy virtio generator in this machine");
		return;
	}
	printk("# at %lx, interrupt %u\n", regs, irq);
	start_device(irq);

	check(fill((u64)page), "the device fills a page, and its interrupt arrives");
	check(!all_zero(page), "it is our page");

	balloon_out(gfn_of(page));
	check_eq(balloon_in(gfn_of(page)), 1, "the page is given back and populated again");
	memset((void *)page, 0, 64);
	check(fill((u64)page), "the device fills it");
	check(!all_zero(page), "it is the same machine page");

	child_create(&c, 8, 1);
	child_unpause(&c);
	require(wait_until(c.params->out[0], 2000000), "a domain grants a page");
	check_eq(grant_map(c.id, REF, (u64)at, GNTMAP_host_map, &m), GNTST_okay, "it is mapped");
	check(all_zero(at), "it is empty");
	check(fill(m.dev_bus_addr), "the device fills it at its bus address");
	check(!all_zero(at), "we see it in the mapping");
	c.params->arg[0] = 1;
	check(child_wait(&c, 2000000), "the domain looks");
	check(c.params->out[1] == at[0] && c.params->out[2] == at[7], "it sees the same");
	check_eq(grant_unmap((u64)at, m.handle), GNTST_okay, "it is unmapped");
	check_eq(child_destroy(&c), 0, "the domain is destroyed");
	mmio_write32(regs + VIRTIO_STATUS, 0);
}
