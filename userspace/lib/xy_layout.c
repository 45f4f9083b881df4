/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "xy_layout.h"

#define PAGE		4096ull
#define SIZE_2M		(2ull << 20)
#define DTB_ROOM	(64ull << 10)	/* aligned to its size: cannot cross 2 MiB */
#define MODULES_OFFSET	(128ull << 20)	/* from the start of RAM, when there is that much */
#define EXTENDED_MIN	(64ull << 20)

static uint64_t round_up(uint64_t v, uint64_t to)
{
	return (v + to - 1) / to * to;
}

static uint64_t min64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static int plan_ram(const struct xy_guest_map *map, uint64_t memory, struct xy_layout *out,
		    struct xy_err *err)
{
	uint64_t left = memory;

	if (!memory || memory % PAGE)
		return xy_fail(err, -EINVAL, "memory of %llu bytes is not a number of pages",
			       (unsigned long long)memory);
	for (int i = 0; i < XY_RAM_BANKS; i++) {
		out->ram[i].base = map->ram[i].base;
		out->ram[i].size = min64(left, map->ram[i].size);
		left -= out->ram[i].size;
	}
	if (left)
		return xy_fail(err, -EINVAL, "%llu MiB of memory are more than a guest can have "
			       "(%llu MiB)", (unsigned long long)memory >> 20,
			       (unsigned long long)(map->ram[0].size + map->ram[1].size) >> 20);
	return 0;
}

/*
 * The kernel goes to the start of the low bank. Device tree and initrd follow at
 * 128 MiB, out of the way of a kernel that moves itself; in a small guest they
 * sit at the end of the low bank instead.
 */
int xy_layout_plan(const struct xy_guest_map *map, uint64_t memory, const struct xy_image *image,
		   uint64_t initrd_size, struct xy_layout *out, struct xy_err *err)
{
	uint64_t modules, kernel_end, start, low_end;
	int ret = plan_ram(map, memory, out, err);

	if (ret)
		return ret;
	low_end = out->ram[0].base + out->ram[0].size;
	if (initrd_size > map->ram[0].size)
		return xy_fail(err, -ENOMEM, "the ramdisk of %llu MiB is too large",
			       (unsigned long long)initrd_size >> 20);
	out->kernel.base = round_up(out->ram[0].base, SIZE_2M) + image->text_offset;
	out->kernel.size = image->run_size;
	kernel_end = round_up(out->kernel.base + out->kernel.size, SIZE_2M);
	modules = DTB_ROOM + round_up(initrd_size, PAGE);

	start = out->ram[0].base + MODULES_OFFSET;
	if (start < kernel_end)
		start = kernel_end;
	if (start + modules > low_end)
		start = modules <= out->ram[0].size ? (low_end - modules) / SIZE_2M * SIZE_2M : 0;
	if (start < kernel_end)
		return xy_fail(err, -ENOMEM, "the guest has %llu MiB of memory, but kernel, "
			       "ramdisk and device tree need at least %llu MiB",
			       (unsigned long long)memory >> 20,
			       (unsigned long long)(round_up(kernel_end - out->ram[0].base + modules,
							     SIZE_2M) >> 20));
	out->dtb = (struct xy_range){ start, DTB_ROOM };
	out->initrd = (struct xy_range){ start + DTB_ROOM, initrd_size };
	return 0;
}

unsigned int xy_layout_extended(const struct xy_guest_map *map, const struct xy_layout *l,
				unsigned int addr_bits, struct xy_range *out)
{
	unsigned int n = 0;

	for (int i = 0; i < XY_RAM_BANKS; i++) {
		uint64_t base = round_up(l->ram[i].base + l->ram[i].size, SIZE_2M);
		uint64_t end = map->ram[i].base + map->ram[i].size;

		if (addr_bits && addr_bits < 64)
			end = min64(end, 1ull << addr_bits);
		end = end / SIZE_2M * SIZE_2M;
		if (end > base && end - base >= EXTENDED_MIN)
			out[n++] = (struct xy_range){ base, end - base };
	}
	return n;
}
