/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XEN_CPUMAP_H
#define XEN_CPUMAP_H

#include <xen/types.h>
#include <public/domctl.h>
#include <xen/cpumask.h>

/* From and to the caller's memory: 0 or -EFAULT. Bits past NR_CPUS are ignored. */
int xenctl_to_cpumask(cpumask_t *mask, const struct xenctl_bitmap *map);
int cpumask_to_xenctl(struct xenctl_bitmap *map, const cpumask_t *mask);

#endif
