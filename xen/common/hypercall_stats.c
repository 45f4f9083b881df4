// SPDX-License-Identifier: GPL-2.0-only
/* How often each hypercall was called since the start, for a debug key. */
#include <xen/console.h>
#include <xen/hypercall.h>
#include <xen/lib.h>

#ifdef XYLEM_DEBUG

#define NR_CMDS	128	/* more than any table has rows */

static struct {
	uint64_t calls, rows[NR_CMDS];
} counts[NR_HYPERCALLS];

void hc_count_call(unsigned int nr)
{
	atomic_inc(&counts[nr].calls);
}

void hc_count_row(unsigned int nr, unsigned int cmd)
{
	if (cmd < NR_CMDS)
		atomic_inc(&counts[nr].rows[cmd]);
}

static void show_counts(unsigned char key)
{
	for (unsigned int nr = 0; nr < NR_HYPERCALLS; nr++) {
		const struct hypercall *h = &hypercall_table[nr];
		uint64_t n = atomic_load(&counts[nr].calls);

		if (n)
			printk("%s: %lu\n", h->name, (unsigned long)n);
		for (unsigned int i = 0; h->table && i < min(h->table->nr_ops, NR_CMDS); i++) {
			n = atomic_load(&counts[nr].rows[i]);
			if (n)
				printk(" %s: %lu\n", h->table->ops[i].name, (unsigned long)n);
		}
	}
}

void hypercall_stats_init(void)
{
	register_keyhandler('p', show_counts, "counts of hypercalls");
}

#endif
