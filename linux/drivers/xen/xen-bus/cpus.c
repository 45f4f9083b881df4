// SPDX-License-Identifier: GPL-2.0-only
/* CPUs that the toolstack wants to be on or off: cpu/N/availability. */

#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/slab.h>
#include "bus.h"

static void follow(unsigned int cpu)
{
	char node[sizeof("cpu/4294967295")], *wish;
	int ret = 0;

	snprintf(node, sizeof(node), "cpu/%u", cpu);
	wish = xenbus_read(XBT_NIL, node, "availability", NULL);
	if (IS_ERR(wish))
		return;
	if (!strcmp(wish, "online") && !cpu_online(cpu))
		ret = add_cpu(cpu);
	else if (!strcmp(wish, "offline") && cpu_online(cpu))
		ret = remove_cpu(cpu);
	if (ret)
		pr_warn("xen-bus: CPU %u is not made %.8s: %d\n", cpu, wish, ret);
	kfree(wish);
}

static void changed(struct xenbus_watch *watch, const char *path, const char *token)
{
	unsigned int cpu;

	if (sscanf(path, "cpu/%u", &cpu) == 1) {
		if (cpu < nr_cpu_ids && cpu_possible(cpu))
			follow(cpu);
		return;
	}
	/* The first event, which names all. */
	for_each_possible_cpu(cpu)
		follow(cpu);
}

static struct xenbus_watch watch = {
	.node		= "cpu",
	.callback	= changed,
};

int __init xb_cpus_start(void)
{
	return register_xenbus_watch(&watch);
}
