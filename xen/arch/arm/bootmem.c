// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory before the heap exists: RAM minus everything somebody put something
 * into. Allocated from the top of the highest range, because RAM under 4 GiB
 * is what dom0's devices want.
 */
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <asm/setup.h>

static struct meminfo __initdata free_ram;
static bool __initdata ready;

static void __init add_free(paddr_t start, paddr_t end)
{
	start = ROUNDUP(start, PAGE_SIZE);
	end = ROUNDDOWN(end, PAGE_SIZE);
	if (start >= end)
		return;
	if (free_ram.nr == NR_MEM_BANKS)
		panic("Memory is in more than %u pieces", NR_MEM_BANKS);
	free_ram.bank[free_ram.nr++] = (struct membank){ start, end - start };
}

/* Takes [start, end) out of what is free. */
static void __init punch(paddr_t start, paddr_t end)
{
	unsigned int nr = free_ram.nr;

	start = ROUNDDOWN(start, PAGE_SIZE);
	end = ROUNDUP(end, PAGE_SIZE);
	for (unsigned int i = 0; i < nr; i++) {
		struct membank *b = &free_ram.bank[i];
		paddr_t b_end = b->start + b->size;

		if (start >= b_end || end <= b->start)
			continue;
		if (end < b_end) {
			if (start > b->start)
				add_free(end, b_end);
			else {
				b->size = b_end - end;
				b->start = end;
				continue;
			}
		}
		b->size = start > b->start ? start - b->start : 0;
	}
}

static void __init bootmem_init(void)
{
	for (unsigned int i = 0; i < bootinfo.mem.nr; i++)
		add_free(bootinfo.mem.bank[i].start,
			 bootinfo.mem.bank[i].start + bootinfo.mem.bank[i].size);
	for (unsigned int i = 0; i < bootinfo.reserved.nr; i++)
		punch(bootinfo.reserved.bank[i].start,
		      bootinfo.reserved.bank[i].start + bootinfo.reserved.bank[i].size);
	for (unsigned int i = 0; i < bootinfo.nr_modules; i++)
		punch(bootinfo.module[i].start,
		      bootinfo.module[i].start + bootinfo.module[i].size);
	ready = true;
}

paddr_t __init bootmem_alloc(paddr_t size, paddr_t align)
{
	struct membank *best = NULL;
	paddr_t addr, best_addr = 0;

	if (!ready)
		bootmem_init();
	for (unsigned int i = 0; i < free_ram.nr; i++) {
		struct membank *b = &free_ram.bank[i];

		if (b->size < size)
			continue;
		addr = ROUNDDOWN(b->start + b->size - size, align);
		if (addr >= b->start && (!best || addr > best_addr)) {
			best = b;
			best_addr = addr;
		}
	}
	if (!best)
		panic("No memory for %lu KiB that the hypervisor needs to start", size >> 10);
	punch(best_addr, best_addr + size);
	return best_addr;
}

void __init bootmem_to_heap(void)
{
	for (unsigned int i = 0; i < free_ram.nr; i++)
		if (free_ram.bank[i].size)
			init_heap_pages(free_ram.bank[i].start,
					free_ram.bank[i].start + free_ram.bank[i].size, true);
	free_ram.nr = 0;
}

/*
 * What a module had, without what others or reservations cover, goes to the
 * heap. Only whole pages inside of RAM.
 */
void __init discard_boot_modules(void)
{
	for (unsigned int i = 0; i < bootinfo.nr_modules; i++) {
		struct boot_module *m = &bootinfo.module[i];

		if (m->kind == BOOTMOD_XYLEM)
			continue;
		for (unsigned int j = 0; j < bootinfo.mem.nr; j++) {
			const struct membank *b = &bootinfo.mem.bank[j];
			paddr_t start = max(m->start, b->start);
			paddr_t end = min(m->start + m->size, b->start + b->size);

			if (start >= end)
				continue;
			/* Modules may share pages, which are free only once. */
			punch(start, end);
			add_free(ROUNDDOWN(start, PAGE_SIZE), ROUNDUP(end, PAGE_SIZE));
		}
	}
	for (unsigned int i = 0; i < bootinfo.reserved.nr; i++)
		punch(bootinfo.reserved.bank[i].start,
		      bootinfo.reserved.bank[i].start + bootinfo.reserved.bank[i].size);
	punch(bootinfo.module[0].start, bootinfo.module[0].start + bootinfo.module[0].size);
	bootmem_to_heap();
}
