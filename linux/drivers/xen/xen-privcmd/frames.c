// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guest frame numbers at which foreign memory can be put.
 *
 * The hypervisor says in the device tree which addresses have no RAM. Where the
 * kernel has a user of its own for them, that hands out pages. Where it has none,
 * it would take RAM of ours instead and give it back to the hypervisor for the
 * time being, a frame at a time: there we use the addresses ourselves. What is
 * mapped there needs no struct page.
 */

#include <linux/genalloc.h>
#include <linux/ioport.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/slab.h>
#include <xen/page.h>
#include <xen/xen.h>
#include "privcmd.h"

static unsigned int foreign_space_mib = 16384;
module_param(foreign_space_mib, uint, 0);
MODULE_PARM_DESC(foreign_space_mib,
	"Address space without RAM to use for foreign memory at most, in MiB (default: 16384)");

static struct gen_pool *space;

/* What of a region was reserved, so that it can be given back. */
#define MAX_REGIONS 8
static struct resource regions[MAX_REGIONS];
static unsigned int nr_regions;

static void add_region(struct resource res, u64 *left)
{
	struct resource *r = &regions[nr_regions];
	u64 start = ALIGN(res.start, PAGE_SIZE);
	u64 size = min_t(u64, ALIGN_DOWN(res.end + 1, PAGE_SIZE) - start, *left);

	/* The pool's addresses are longs, which on 32-bit machines memory may be above. */
	if (res.end + 1 <= start || !size || start + size - 1 > ULONG_MAX ||
	    !request_mem_region(start, size, "Xen foreign"))
		return;
	*r = (struct resource){ .start = start, .end = start + size - 1 };
	if (gen_pool_add(space, start, size, NUMA_NO_NODE)) {
		release_mem_region(start, size);
		return;
	}
	*left -= size;
	nr_regions++;
}

void frames_init(void)
{
	u64 left = (u64)foreign_space_mib << 20;
	struct device_node *node;
	struct resource res;
	int i;

	if (IS_ENABLED(CONFIG_XEN_UNPOPULATED_ALLOC) || !IS_ENABLED(CONFIG_OF_ADDRESS))
		return;
	node = of_find_compatible_node(NULL, NULL, "xen,xen");
	if (!node)
		return;
	space = gen_pool_create(PAGE_SHIFT, NUMA_NO_NODE);
	/* The first one is where the grant table goes. */
	for (i = 1; space && nr_regions < MAX_REGIONS && left &&
	     !of_address_to_resource(node, i, &res); i++)
		add_region(res, &left);
	of_node_put(node);
}

void frames_exit(void)
{
	if (!space)
		return;
	gen_pool_destroy(space);
	while (nr_regions--)
		release_mem_region(regions[nr_regions].start, resource_size(&regions[nr_regions]));
}

static int from_space(struct frames *f, unsigned long count)
{
	unsigned long at = space ? gen_pool_alloc(space, count << PAGE_SHIFT) : 0;

	if (!at)
		return -ENOMEM;
	f->base = PFN_DOWN(at);
	f->count = count;
	return 0;
}

/* The kernel's list gives what was put in last first: ascending numbers join better. */
static void reverse(struct page **pages, unsigned long count)
{
	unsigned long i;

	for (i = 0; i < count / 2; i++)
		swap(pages[i], pages[count - 1 - i]);
}

static int from_kernel(struct frames *f, unsigned long count)
{
	int ret;

	/* More the kernel's allocator takes for a mistake of ours, and warns. */
	if (count > INT_MAX / sizeof(*f->pages))
		return -ENOMEM;
	f->pages = kvcalloc(count, sizeof(*f->pages), GFP_KERNEL_ACCOUNT);
	if (!f->pages)
		return -ENOMEM;
	ret = xen_alloc_unpopulated_pages(count, f->pages);
	if (ret) {
		kvfree(f->pages);
		f->pages = NULL;
		return ret;
	}
	f->count = count;
	if (count > 1 && f->pages[0] > f->pages[1])
		reverse(f->pages, count);
	return 0;
}

int frames_alloc(struct frames *f, unsigned long count)
{
	return from_space(f, count) ? from_kernel(f, count) : 0;
}

void frames_free(struct frames *f)
{
	if (f->pages) {
		xen_free_unpopulated_pages(f->count, f->pages);
		kvfree(f->pages);
	} else if (f->count) {
		gen_pool_free(space, f->base << PAGE_SHIFT, f->count << PAGE_SHIFT);
	}
	*f = (struct frames){ 0 };
}
