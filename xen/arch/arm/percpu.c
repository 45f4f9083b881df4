// SPDX-License-Identifier: GPL-2.0-only
/*
 * Per-CPU variables: the boot CPU's area is in the image (arm64/head.S), the
 * others' are copies of the template, which nobody writes.
 */
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/smp.h>
#include <asm/sections.h>

unsigned long percpu_offset_[NR_CPUS];
DEFINE_PER_CPU(unsigned int, cpu_id);

void __init percpu_init_areas(void)
{
	size_t size = __percpu_end - __percpu_start;

	percpu_offset_[0] = percpu_boot_area - __percpu_start;
	for (unsigned int cpu = 1; cpu < nr_cpu_ids; cpu++) {
		char *area = alloc_heap_pages(get_order_from_bytes(size), 0);

		if (!area)
			panic("No memory for CPU %u's variables", cpu);
		memcpy(area, __percpu_start, size);
		percpu_offset_[cpu] = area - __percpu_start;
		per_cpu(cpu_id, cpu) = cpu;
	}
}
