// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dom0's memory: how much (dom0_mem=), which frames, and where in it things go.
 * Frames are mapped 1:1, so that devices without an IOMMU work.
 */
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/p2m.h>
#include <xen/param.h>
#include "dom0.h"

/* Chunks are this large at least: dom0's own tables and ours use 2 MiB blocks. */
#define CHUNK_ORDER	9U
#define CHUNK_SIZE	(PAGE_SIZE << CHUNK_ORDER)
#define DEFAULT_SIZE	MB(512)
/* Regions for foreign mappings that are worth announcing. */
#define EXT_REGION_MIN	MB(64)

/* An amount, or with negative all memory but that. */
struct dom0_size {
	uint64_t bytes;
	bool negative, set;
};

static struct dom0_size opt_mem __initdata, opt_min __initdata, opt_max __initdata;

static int __init parse_size(const char **s, struct dom0_size *size)
{
	const char *end;

	size->negative = **s == '-';
	if (size->negative)
		(*s)++;
	if (**s < '0' || **s > '9')
		return -EINVAL;
	size->bytes = parse_size_and_unit(*s, &end);
	if (size->bytes == UINT64_MAX)
		return -EINVAL;
	size->set = true;
	*s = end;
	return 0;
}

/* dom0_mem=[min:|max:]<size>[,...], as Xen has it; the last of a kind counts. */
static int __init parse_dom0_mem(const char *s)
{
	int rc;

	do {
		struct dom0_size *size = !strncmp(s, "min:", 4) ? &opt_min :
					 !strncmp(s, "max:", 4) ? &opt_max : &opt_mem;

		if (size != &opt_mem)
			s += 4;
		rc = parse_size(&s, size);
	} while (!rc && *s++ == ',');
	return rc || s[-1] ? -EINVAL : 0;
}
custom_param("dom0_mem", parse_dom0_mem);

static uint64_t __init resolve(const struct dom0_size *size, uint64_t avail)
{
	if (!size->negative)
		return size->bytes;
	return size->bytes < avail ? avail - size->bytes : 0;
}

/*
 * The largest chunks first, and those under 4 GiB before others: devices with
 * 32-bit DMA need some. Not scrubbed: dom0 may read all memory anyway, and a
 * kernel on the bare machine does not find zeros either.
 */
static void __init allocate_chunks(struct dom0_info *info, uint64_t size)
{
	unsigned int memf = MEMF_below4g | MEMF_no_scrub, order = MAX_ORDER;
	uint64_t left = size;

	while (left) {
		struct page_info *pg;

		while (PAGE_SIZE << order > left)
			order--;
		pg = alloc_domheap_pages(info->d, order, memf);
		if (pg) {
			meminfo_add(&info->mem, page_to_maddr(pg), PAGE_SIZE << order);
			left -= PAGE_SIZE << order;
		} else if (order > CHUNK_ORDER) {
			order--;
		} else if (memf & MEMF_below4g) {
			memf &= ~MEMF_below4g;
			order = MAX_ORDER;
		} else {
			panic("Too little memory for dom0_mem: %lu of %lu MiB in pieces of 2 MiB",
			      (unsigned long)((size - left) >> 20), (unsigned long)(size >> 20));
		}
	}
}

static uint64_t __init dom0_size(uint64_t avail)
{
	uint64_t size;

	if (!opt_mem.set) {
		printk(XENLOG_WARNING "dom0_mem names no size: %lu MiB, if its limits allow\n",
		       (unsigned long)(DEFAULT_SIZE >> 20));
		opt_mem.bytes = DEFAULT_SIZE;
	}
	size = resolve(&opt_mem, avail);
	if (opt_min.set)
		size = max(size, resolve(&opt_min, avail));
	if (opt_max.set)
		size = min(size, resolve(&opt_max, avail));
	return ROUNDUP(size, CHUNK_SIZE);
}

void __init dom0_allocate_memory(struct dom0_info *info)
{
	uint64_t avail = (uint64_t)avail_heap_pages() << PAGE_SHIFT;
	uint64_t size = dom0_size(avail);

	if (!size)
		panic("dom0_mem leaves no memory for dom0");
	if (size > avail)
		panic("Too little memory for dom0_mem: %lu MiB asked for, %lu MiB free",
		      (unsigned long)(size >> 20), (unsigned long)(avail >> 20));
	info->d->max_pages = min(opt_max.set ? resolve(&opt_max, avail) >> PAGE_SHIFT : ~0U,
				 (uint64_t)~0U);
	info->d->max_pages = max(info->d->max_pages, (uint32_t)(size >> PAGE_SHIFT));
	allocate_chunks(info, size);
	info->room = info->mem;
	for (unsigned int i = 0; i < info->mem.nr; i++) {
		const struct membank *b = &info->mem.bank[i];

		printk(XENLOG_INFO "dom0 RAM: %#lx - %#lx, %lu MiB\n", (unsigned long)b->start,
		       (unsigned long)(b->start + b->size), (unsigned long)(b->size >> 20));
		if (p2m_map_range(info->d, gaddr_to_gfn(b->start), b->size >> PAGE_SHIFT,
				  maddr_to_mfn(b->start), p2m_ram_rw))
			panic("No memory for dom0's stage-2 tables");
	}
}

/* Never given to the heap (bootfdt.c), so nobody's. Nodes may overlap. */
static void __init own_reserved_page(struct domain *d, mfn_t mfn)
{
	struct page_info *pg = mfn_to_page(mfn);

	if (mfn_valid(mfn) && !pg->state && assign_pages(d, pg, 0, MEMF_no_refcount))
		panic("Cannot give reserved memory to dom0");
}

void __init dom0_add_reserved(struct dom0_info *info, paddr_t start, uint64_t size)
{
	unsigned long first = PFN_DOWN(start), nr = PFN_UP(start + size) - first;

	for (unsigned long i = 0; i < nr; i++)
		own_reserved_page(info->d, _mfn(first + i));
	if (p2m_map_range(info->d, _gfn(first), nr, _mfn(first), p2m_ram_rw))
		panic("No memory for dom0's stage-2 tables");
	meminfo_add(&info->reserved, (paddr_t)first << PAGE_SHIFT, nr << PAGE_SHIFT);
}

/* ---- placing ---- */

struct membank __init dom0_place(struct dom0_info *info, uint64_t size, uint64_t align,
				 const char *what)
{
	for (unsigned int i = 0; i < info->room.nr; i++) {
		const struct membank *b = &info->room.bank[i];
		paddr_t at = ROUNDUP(b->start, align);

		if (at + size > b->start + b->size)
			continue;
		meminfo_cut(&info->room, at, size);
		return (struct membank){ at, size };
	}
	panic("Too little memory for dom0_mem: no room for its %s of %lu KiB", what,
	      (unsigned long)(size >> 10));
}

/* ---- addresses without RAM ---- */

/*
 * The machine's RAM that is not dom0's lies, for dom0, where nothing is: it
 * gets the 2 MiB around our own image for its grant table (never given to
 * anybody) and the rest for mapping other domains' pages.
 */
void __init dom0_find_regions(struct dom0_info *info)
{
	const struct boot_module *image = boot_module_find(BOOTMOD_XYLEM);
	const paddr_t gnttab = ROUNDDOWN(image->start, CHUNK_SIZE);
	static struct meminfo rest __initdata;

	rest = bootinfo.mem;
	meminfo_cut_all(&rest, &info->mem);
	meminfo_cut_all(&rest, &bootinfo.reserved);
	meminfo_cut(&rest, gnttab, CHUNK_SIZE);
	info->regions.bank[info->regions.nr++] = (struct membank){ gnttab, CHUNK_SIZE };
	for (unsigned int i = 0; i < rest.nr && info->regions.nr < NR_MEM_BANKS; i++) {
		paddr_t start = ROUNDUP(rest.bank[i].start, CHUNK_SIZE);
		paddr_t end = ROUNDDOWN(rest.bank[i].start + rest.bank[i].size, CHUNK_SIZE);

		if (end >= start + EXT_REGION_MIN)
			info->regions.bank[info->regions.nr++] =
				(struct membank){ start, end - start };
	}
}
