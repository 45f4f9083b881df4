// SPDX-License-Identifier: GPL-2.0-only
/* Searching bitmaps, orders of sizes, sets of CPUs. */
#include <xen/cpumask.h>
#include <xen/mm.h>
#include <xen/string.h>

cpumask_t cpu_online_map;
unsigned int nr_cpu_ids = NR_CPUS;

static unsigned int find_bit(const unsigned long *m, unsigned int size, unsigned int start,
			     unsigned long invert)
{
	unsigned int w = start / BITS_PER_LONG;
	unsigned long word;

	if (start >= size)
		return size;
	word = (m[w] ^ invert) & (~0UL << (start % BITS_PER_LONG));
	while (!word) {
		if (++w >= BITS_TO_LONGS(size))
			return size;
		word = m[w] ^ invert;
	}
	return min_t(unsigned int, w * BITS_PER_LONG + ffsl_(word), size);
}

unsigned int find_next_bit_(const unsigned long *m, unsigned int size, unsigned int start)
{
	return find_bit(m, size, start, 0);
}

unsigned int find_next_zero_bit(const unsigned long *m, unsigned int size, unsigned int start)
{
	return find_bit(m, size, start, ~0UL);
}

unsigned int get_order_from_pages(unsigned long pages)
{
	return pages <= 1 ? 0 : flsl_(pages - 1) + 1;
}

unsigned int get_order_from_bytes(uint64_t bytes)
{
	return get_order_from_pages(PFN_UP(bytes));
}

#define for_each_word(i) for (unsigned int i = 0; i < BITS_TO_LONGS(NR_CPUS); i++)

void cpumask_clear(cpumask_t *m)
{
	memset(m, 0, sizeof(*m));
}

void cpumask_setall(cpumask_t *m)
{
	memset(m, 0xff, sizeof(*m));
}

void cpumask_and(cpumask_t *r, const cpumask_t *a, const cpumask_t *b)
{
	for_each_word(i)
		r->bits[i] = a->bits[i] & b->bits[i];
}

bool cpumask_empty(const cpumask_t *m)
{
	return cpumask_first(m) >= NR_CPUS;
}

bool cpumask_intersects(const cpumask_t *a, const cpumask_t *b)
{
	for_each_word(i)
		if (a->bits[i] & b->bits[i])
			return true;
	return false;
}

unsigned int cpumask_weight(const cpumask_t *m)
{
	unsigned int n = 0;

	for (unsigned int cpu = cpumask_first(m); cpu < NR_CPUS; cpu = cpumask_next(cpu, m))
		n++;
	return n;
}
