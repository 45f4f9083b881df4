// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine under the boot code: RAM where the tree says so, devices that
 * read as zero, domains that are only counted. Memory is a window of addresses;
 * only what is in a bank of RAM, and mapped by the hypervisor, can be accessed.
 */
#include <xen/console.h>
#include <xen/cpumask.h>
#include <xen/domain.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/p2m.h>
#include <xen/param.h>
#include <xen/xmalloc.h>
#include <drivers/arm_timer.h>
#include <drivers/dt.h>
#include <drivers/gic.h>
#include <drivers/uart.h>
#include <asm/cpufeature.h>
#include <asm/irq.h>
#include <asm/mm.h>
#include <asm/sections.h>
#include <asm/setup.h>
#include <asm/smccc.h>
#include <libfdt.h>
#include "dt.h"

#define WINDOW		(1UL << 40)
#define TREE_MADDR	0x48000000UL
#define IMAGE_MADDR	0x40200000UL
#define IMAGE_SIZE	MB(1)
#define IOREMAP_SIZE	GB(1)	/* the hypervisor's room for devices */
#define NR_HEAP_RANGES	256
#define GUEST_BITS	48

static char *window;
struct page_info *frame_table;
const void *device_tree;
struct domain idle_domain_;

/* Where a round left access to the window, and which memory is the heap. */
static struct range { paddr_t start, end; } open_ranges[512], heap[NR_HEAP_RANGES];
static unsigned int nr_open, nr_heap;
static unsigned long heap_pages;
static paddr_t dom0_dtb;
struct cpuinfo_arm64 system_cpuinfo = { .id[ID_PFR0] = 1UL << ID_PFR0_GIC };
static struct domain dom0;
static struct vcpu dom0_vcpu[MAX_GUEST_VCPUS];
static struct vcpu *dom0_vcpus[MAX_GUEST_VCPUS];

/* ---- what the boot code says ---- */

void printk(const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	host_say(text, strlen(text));
}

void panic(const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	host_say(text, strlen(text));
	host_say("\n", 1);
	if (!strncmp(text, "BUG", 3) || !strncmp(text, "ASSERT", 6) || strlen(text) < 10)
		broken(text);
	refused(text);
}

/* ---- memory ---- */

static void open_window(paddr_t start, paddr_t end)
{
	if (start >= end)
		return;
	if (nr_open == ARRAY_SIZE(open_ranges))
		broken("more pieces of RAM than the tree can name");
	host_access(window + start, end - start, true);
	open_ranges[nr_open++] = (struct range){ start, end };
}

void *maddr_to_virt(paddr_t ma)
{
	if (ma >= WINDOW)
		broken("an address beyond all memory is accessed");
	return window + ma;
}

paddr_t virt_to_maddr(const void *va)
{
	return (const char *)va - window;
}

static void map_bank(paddr_t start, paddr_t end, unsigned int hole)
{
	const struct membank *b = &bootinfo.nomap.bank[hole];
	paddr_t hs = IMAGE_MADDR, he = IMAGE_MADDR + IMAGE_SIZE;

	if (hole > bootinfo.nomap.nr) {
		open_window(start, end);
		return;
	}
	if (hole < bootinfo.nomap.nr) {
		hs = ROUNDDOWN(b->start, PAGE_SIZE);
		he = ROUNDUP(b->start + b->size, PAGE_SIZE);
	}
	if (hs >= end || he <= start) {
		map_bank(start, end, hole + 1);
		return;
	}
	map_bank(start, max(start, hs), hole + 1);
	map_bank(min(end, he), end, hole + 1);
}

/* As mm_init(): each bank mapped, its frame table allocated, the rest to the heap. */
static void map_memory(void)
{
	paddr_t last = 0;

	for (unsigned int i = 0; i < bootinfo.mem.nr; i++) {
		paddr_t start = bootinfo.mem.bank[i].start, end = start + bootinfo.mem.bank[i].size;

		if (start < last || end <= start || !IS_ALIGNED(start | end, PAGE_SIZE))
			broken("banks of memory are not in order");
		last = end;
		if (end > WINDOW)
			panic("RAM at 0x%lx is beyond the direct map", end);
		map_bank(start, end, 0);
	}
	for (unsigned int i = 0; i < bootinfo.mem.nr; i++)
		bootmem_alloc(ROUNDUP((bootinfo.mem.bank[i].size >> PAGE_SHIFT) *
				      sizeof(struct page_info), PAGE_SIZE), PAGE_SIZE);
	bootmem_to_heap();
}

bool mfn_valid(mfn_t mfn)
{
	for (unsigned int i = 0; i < bootinfo.mem.nr; i++) {
		const struct membank *b = &bootinfo.mem.bank[i];

		if (mfn_x(mfn) >= PFN_DOWN(b->start) && mfn_x(mfn) < PFN_DOWN(b->start + b->size))
			return true;
	}
	return false;
}

static bool overlaps(const struct membank *b, paddr_t start, paddr_t end)
{
	return b->start < end && start < b->start + b->size;
}

/* Nothing that is in use, or that the tree reserves, may get here. */
void init_heap_pages(paddr_t start, paddr_t end, bool dirty)
{
	if (start >= end || !mfn_valid(maddr_to_mfn(start)) || !mfn_valid(maddr_to_mfn(end - 1)))
		broken("the heap is given what is not memory");
	for (unsigned int i = 0; i < bootinfo.reserved.nr; i++)
		if (overlaps(&bootinfo.reserved.bank[i], start, end))
			broken("the heap is given reserved memory");
	if (start < IMAGE_MADDR + IMAGE_SIZE && IMAGE_MADDR < end)
		broken("the heap is given the hypervisor's image");
	for (unsigned int i = 0; i < nr_heap; i++)
		if (start < heap[i].end && heap[i].start < end)
			broken("the heap is given the same memory twice");
	if (nr_heap == NR_HEAP_RANGES)
		broken("more pieces of heap than the tree can name");
	heap[nr_heap++] = (struct range){ start, end };
	heap_pages += PFN_DOWN(end - start);
}

unsigned long avail_heap_pages(void)
{
	return heap_pages;
}

/* From the bottom of the first range with room; nothing of it is remembered but where that is. */
struct page_info *alloc_domheap_pages(struct domain *d, unsigned int order, unsigned int memf)
{
	static paddr_t next[NR_HEAP_RANGES];
	uint64_t size = PAGE_SIZE << order;

	for (unsigned int i = 0; i < nr_heap; i++) {
		paddr_t at = ROUNDUP(max(heap[i].start, next[i]), size);

		if (at >= heap[i].end || heap[i].end - at < size)
			continue;
		if (memf & MEMF_below4g && at + size > GB(4))
			continue;
		next[i] = at + size;
		heap_pages -= PFN_DOWN(size);
		return mfn_to_page(maddr_to_mfn(at));
	}
	return NULL;
}

int assign_pages(struct domain *d, struct page_info *pg, unsigned int order, unsigned int memf)
{
	if (!mfn_valid(page_to_mfn(pg)))
		broken("a page without a frame-table entry is given away");
	return 0;
}

int p2m_map_range(struct domain *d, gfn_t gfn, unsigned long nr, mfn_t mfn, enum p2m_type t)
{
	if (t == p2m_ram_rw && mfn_x(mfn) < PFN_DOWN(IMAGE_MADDR + IMAGE_SIZE) &&
	    mfn_x(mfn) + nr > PFN_DOWN(IMAGE_MADDR))
		broken("dom0 gets the hypervisor's memory");
	/* As range_ok() of the real one. */
	if (!nr || gfn_x(gfn) + nr < gfn_x(gfn))
		return -EINVAL;
	return (gfn_x(gfn) + nr - 1) >> (GUEST_BITS - PAGE_SHIFT) ? -EINVAL : 0;
}

void *xmalloc_bytes(size_t size) { return host_alloc(size); }
void *xzalloc_bytes(size_t size) { return host_alloc(size); }
void xfree(void *p) {}

void clean_dcache_range(const void *va, size_t size) {}
void invalidate_icache_all(void) {}

/* ---- devices ---- */

/* Registers up to the end of the last page; a distributor has up to 1020 interrupts. */
static void *device(paddr_t pa, size_t size)
{
	static size_t used;
	size_t pages = ROUNDUP(size + (pa & ~PAGE_MASK), PAGE_SIZE);
	uint32_t *regs;

	if (!size || pages < size || used + pages > IOREMAP_SIZE)
		return NULL;
	used += pages;
	regs = host_alloc(min_t(size_t, pages, MB(64))) + (pa & ~PAGE_MASK);
	if ((pa & ~PAGE_MASK) + 8 <= PAGE_SIZE)
		regs[1] = rnd(32);	/* GICD_TYPER.ITLinesNumber */
	return regs;
}

void *ioremap(paddr_t pa, size_t size) { return device(pa, size); }
void *fixmap_uart(paddr_t pa) { return (char *)host_alloc(PAGE_SIZE) + (pa & ~PAGE_MASK); }

uint64_t machine_sysreg(const char *name)
{
	if (!strcmp(name, "cntfrq_el0"))
		return 62500000;
	if (!strcmp(name, "S3_4_C12_C11_1"))
		return 0x90180003;	/* ICH_VTR_EL2: 4 list registers, 5 bits of priority */
	return 0;
}

void console_init_early(const struct uart_ops *uart) {}
void console_rx(char c) {}

struct irq_desc *irq_to_desc(unsigned int irq)
{
	static struct irq_desc desc[NR_MAX_IRQS];

	return irq < gic.nr_irqs ? &desc[irq] : NULL;
}

void irq_set_type(unsigned int irq, bool level) {}

int request_irq(unsigned int irq, void (*handler)(unsigned int, void *), void *data)
{
	struct irq_desc *desc = irq_to_desc(irq);

	if (!desc)
		return -EINVAL;
	if (desc->handler)
		return -EBUSY;
	desc->handler = handler;
	return 0;
}

int route_irq_to_guest(struct domain *d, unsigned int virq, unsigned int irq)
{
	return irq_to_desc(irq) ? 0 : -EINVAL;
}

void smccc_smc(uint64_t fn, uint64_t a1, uint64_t a2, uint64_t a3, struct smccc_res *res)
{
	*res = (struct smccc_res){ fn == PSCI_VERSION ? 0x10001 : 0 };
}

/* ---- dom0 ---- */

struct domain *domain_create(domid_t id, struct xen_domctl_createdomain *cfg, bool control)
{
	if (!cfg->max_vcpus || cfg->max_vcpus > MAX_GUEST_VCPUS)
		return ERR_PTR(-EINVAL);
	dom0.vcpu = dom0_vcpus;
	dom0.max_vcpus = cfg->max_vcpus;
	return &dom0;
}

struct vcpu *vcpu_create(struct domain *d, unsigned int id)
{
	dom0_vcpus[id] = &dom0_vcpu[id];
	dom0_vcpus[id]->domain = d;
	return dom0_vcpus[id];
}

int arch_set_info_guest(struct vcpu *v, const struct vcpu_guest_context *ctxt)
{
	dom0_dtb = ctxt->user_regs.x0;
	return 0;
}

/* Something like a kernel where the tree says that there is one. */
static void put_kernel(bool damage)
{
	const struct boot_module *m = boot_module_find(BOOTMOD_KERNEL);
	struct { uint32_t code[2]; uint64_t offset, size, rest[4]; uint32_t magic, pe; } image = {
		.size = damage && one_in(16) ? rnd64() >> rnd(64) : MB(1),
		.offset = damage && one_in(16) ? rnd64() >> rnd(64) : 0,
		.magic = damage && one_in(16) ? rnd64() : 0x644d5241,
	};

	for (unsigned int i = 0; m && i < nr_open; i++)
		if (m->start >= open_ranges[i].start && m->start < open_ranges[i].end &&
		    open_ranges[i].end - m->start >= sizeof(image))
			memcpy(maddr_to_virt(m->start), &image, sizeof(image));
}

void machine_init(void)
{
	window = host_map(WINDOW);
	frame_table = host_map((WINDOW >> PAGE_SHIFT) * sizeof(struct page_info));
	host_access(frame_table, (WINDOW >> PAGE_SHIFT) * sizeof(struct page_info), true);
}

void machine_end_round(void)
{
	for (unsigned int i = 0; i < nr_open; i++)
		host_access(window + open_ranges[i].start,
			    open_ranges[i].end - open_ranges[i].start, false);
}

void machine_boot(const void *fdt, bool damage_kernel)
{
	if (fdt_check_header(fdt) || fdt_totalsize(fdt) > MB(2))
		panic("No valid device tree (of at most 2 MiB)");
	device_tree = fdt;
	uart_init_early(fdt);
	time_init_boot(fdt);
	bootfdt_parse(fdt, TREE_MADDR, IMAGE_MADDR, IMAGE_MADDR + IMAGE_SIZE);
	cmdline_parse("dom0_mem=64M");
	cmdline_parse(bootinfo.xen_bootargs);
	uart_init(fdt);
	map_memory();
	smp_find_cpus(fdt);
	gic_preinit(fdt);
	psci_init(fdt);
	cpumask_set_cpu(0, &cpu_online_map);
	uart_enable_input(fdt);
	put_kernel(damage_kernel);
	construct_dom0();
	check_dom0_tree(maddr_to_virt(dom0_dtb), 0, WINDOW);
	discard_boot_modules();
}
