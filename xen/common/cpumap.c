// SPDX-License-Identifier: GPL-2.0-only
/* Bitmaps of the toolstack (struct xenctl_bitmap: bytes) to and from cpumasks. */
#include <xen/cpumask.h>
#include <xen/guest_access.h>
#include <xen/lib.h>
#include <public/domctl.h>

int xenctl_to_cpumask(cpumask_t *mask, const struct xenctl_bitmap *map)
{
	uint8_t bytes[DIV_ROUND_UP(NR_CPUS, 8)] = { 0 };
	unsigned int nr = min_t(unsigned int, DIV_ROUND_UP(map->nr_bits, 8), sizeof(bytes));

	if (nr && copy_from_guest_va(bytes, guest_handle_va(map->bitmap), nr))
		return -EFAULT;
	cpumask_clear(mask);
	for (unsigned int cpu = 0; cpu < NR_CPUS && cpu < map->nr_bits; cpu++)
		if (bytes[cpu / 8] & (1U << (cpu % 8)))
			cpumask_set_cpu(cpu, mask);
	return 0;
}

int cpumask_to_xenctl(struct xenctl_bitmap *map, const cpumask_t *mask)
{
	uint8_t bytes[DIV_ROUND_UP(NR_CPUS, 8)] = { 0 };
	unsigned int room = DIV_ROUND_UP(map->nr_bits, 8);
	unsigned int nr = min_t(unsigned int, room, sizeof(bytes));
	unsigned int cpu;

	for_each_cpu(cpu, mask)
		if (cpu < map->nr_bits)
			bytes[cpu / 8] |= 1U << (cpu % 8);
	if (nr && copy_to_guest_va(guest_handle_va(map->bitmap), bytes, nr))
		return -EFAULT;
	/* Whatever room is left reads as "not in the set"; bounded by the size of a page. */
	if (room > nr && clear_guest_va(guest_handle_va(map->bitmap) + nr,
					min_t(unsigned int, room - nr, PAGE_SIZE)))
		return -EFAULT;
	return 0;
}
