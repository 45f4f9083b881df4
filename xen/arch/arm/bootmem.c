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

void __init meminfo_add(struct meminfo *mi, paddr_t start, paddr_t size)
{
	paddr_t end = start + size;
	unsigned int i = 0, n;

	while (i < mi->nr && mi->bank[i].start + mi->bank[i].size < start)
		i++;
	/* Banks i to n - 1 touch it, and become one with it. */
	for (n = i; n < mi->nr && mi->bank[n].start <= end; n++) {
		start = min(start, mi->bank[n].start);
		end = max(end, mi->bank[n].start + mi->bank[n].size);
	}
	if (n == i && mi->nr == NR_MEM_BANKS)
		panic("Memory is in more than %u pieces", NR_MEM_BANKS);
	memmove(&mi->bank[i + 1], &mi->bank[n], (mi->nr - n) * sizeof(mi->bank[0]));
	mi->bank[i] = (struct membank){ start, end - start };
	mi->nr += 1 - (n - i);
}

void __init meminfo_cut(struct meminfo *mi, paddr_t start, paddr_t size)
{
	paddr_t end = ROUNDUP(start + size, PAGE_SIZE);

	start = ROUNDDOWN(start, PAGE_SIZE);
	for (unsigned int i = 0; i < mi->nr; ) {
		struct membank *b = &mi->bank[i];
		paddr_t b_end = b->start + b->size;

		if (start >= b_end || end <= b->start) {
			i++;
			continue;
		}
		if (start > b->start) {
			b->size = start - b->start;
			i++;
		} else {
			mi->nr--;
			memmove(b, b + 1, (mi->nr - i) * sizeof(*b));
		}
		if (end < b_end)
			meminfo_add(mi, end, b_end - end);
	}
}

void __init meminfo_cut_all(struct meminfo *mi, const struct meminfo *cut)
{
	for (unsigned int i = 0; i < cut->nr; i++)
		meminfo_cut(mi, cut->bank[i].start, cut->bank[i].size);
}

bool __init meminfo_overlaps(const struct meminfo *mi, paddr_t start, paddr_t size)
{
	for (unsigned int i = 0; i < mi->nr; i++)
		if (start < mi->bank[i].start + mi->bank[i].size && mi->bank[i].start < start + size)
			return true;
	return false;
}

static void __init bootmem_init(void)
{
	free_ram = bootinfo.mem;
	meminfo_cut_all(&free_ram, &bootinfo.reserved);
	for (unsigned int i = 0; i < bootinfo.nr_modules; i++)
		meminfo_cut(&free_ram, bootinfo.module[i].start, bootinfo.module[i].size);
	ready = true;
}

paddr_t __init bootmem_alloc(paddr_t size, paddr_t align)
{
	if (!ready)
		bootmem_init();
	for (unsigned int i = free_ram.nr; i--; ) {
		const struct membank *b = &free_ram.bank[i];
		paddr_t addr = ROUNDDOWN(b->start + b->size - size, align);

		if (b->size < size || addr < b->start)
			continue;
		meminfo_cut(&free_ram, addr, size);
		return addr;
	}
	panic("No memory for %lu KiB that the hypervisor needs to start", size >> 10);
}

void __init bootmem_to_heap(void)
{
	for (unsigned int i = 0; i < free_ram.nr; i++)
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
		const struct boot_module *m = &bootinfo.module[i];

		for (unsigned int j = 0; j < bootinfo.mem.nr; j++) {
			const struct membank *b = &bootinfo.mem.bank[j];
			paddr_t start = ROUNDDOWN(max(m->start, b->start), PAGE_SIZE);
			paddr_t end = ROUNDUP(min(m->start + m->size, b->start + b->size),
					      PAGE_SIZE);

			if (start < end)
				meminfo_add(&free_ram, start, end - start);
		}
	}
	meminfo_cut_all(&free_ram, &bootinfo.reserved);
	meminfo_cut(&free_ram, bootinfo.module[0].start, bootinfo.module[0].size);
	bootmem_to_heap();
}
