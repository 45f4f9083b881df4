/* SPDX-License-Identifier: GPL-2.0-only */
/* Sets of physical CPUs. */
#ifndef XEN_CPUMASK_H
#define XEN_CPUMASK_H

#include <xen/bitops.h>
#include <asm/config.h>	/* NR_CPUS */

typedef struct cpumask {
	DECLARE_BITMAP(bits, NR_CPUS);
} cpumask_t;

extern cpumask_t cpu_online_map;	/* set by the CPU itself; never cleared while guests run */
extern unsigned int nr_cpu_ids;		/* highest possible CPU number + 1 */

#define cpumask_set_cpu(c, m)		set_bit(c, (m)->bits)
#define cpumask_clear_cpu(c, m)		clear_bit(c, (m)->bits)
#define cpumask_test_cpu(c, m)		test_bit(c, (m)->bits)
#define cpumask_test_and_set_cpu(c, m)	test_and_set_bit(c, (m)->bits)
#define cpumask_test_and_clear_cpu(c, m) test_and_clear_bit(c, (m)->bits)
#define cpumask_first(m)		find_first_bit((m)->bits, NR_CPUS)
#define cpumask_next(c, m)		find_next_bit((m)->bits, NR_CPUS, (c) + 1)
#define for_each_cpu(c, m)		for_each_set_bit(c, (m)->bits, NR_CPUS)
#define for_each_online_cpu(c)		for_each_cpu(c, &cpu_online_map)
#define cpu_online(c)			cpumask_test_cpu(c, &cpu_online_map)

void cpumask_clear(cpumask_t *m);
void cpumask_setall(cpumask_t *m);
void cpumask_and(cpumask_t *r, const cpumask_t *a, const cpumask_t *b);
bool cpumask_empty(const cpumask_t *m);
bool cpumask_intersects(const cpumask_t *a, const cpumask_t *b);
unsigned int cpumask_weight(const cpumask_t *m);

/*
 * From and to the caller's memory, as the toolstack's bitmaps of bytes: 0 or -EFAULT.
 * Bits past NR_CPUS are ignored.
 */
struct xenctl_bitmap;
int xenctl_to_cpumask(cpumask_t *mask, const struct xenctl_bitmap *map);
int cpumask_to_xenctl(struct xenctl_bitmap *map, const cpumask_t *mask);

#endif
