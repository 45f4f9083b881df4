/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Operations on the machine. 0, or what is said, or the hypervisor's negative errno. */
#ifndef XY_SYSCTL_H
#define XY_SYSCTL_H

#include <stddef.h>
#include <stdint.h>

#include <xen/xen.h>
#include <xen/sysctl.h>

#include "xy_call.h"

int xy_sysctl(struct xy_call *c, struct xen_sysctl *op);

int xy_physinfo(struct xy_call *c, struct xen_sysctl_physinfo *out);
int xy_sched_id(struct xy_call *c, uint32_t *id);
/* Presses each key of @keys on the hypervisor's console. */
int xy_debug_keys(struct xy_call *c, const char *keys);

/*
 * Reads the console ring from *@index on into @buf and moves *@index behind what
 * was read; returns the number of bytes, 0 at the end. @clear empties the ring.
 */
long xy_readconsole(struct xy_call *c, char *buf, uint32_t size, uint32_t *index, int clear);

/* Up to @max domains with ids from @first on; returns how many. */
int xy_domain_list(struct xy_call *c, uint16_t first, uint32_t max,
		   struct xen_domctl_getdomaininfo *out);

/* CPUs that belong to no pool, as a map of @bits. */
int xy_free_cpus(struct xy_call *c, uint8_t *map, uint32_t bits);

/* A CPU pool. */
struct xy_pool {
	uint32_t id, sched_id;		/* XEN_SCHEDULER_* */
	uint32_t domains;
	uint8_t cpus[128];		/* map */
};

/* The pool numbered @id or the next one there is; -ENOENT behind the last. */
int xy_pool_info(struct xy_call *c, uint32_t id, struct xy_pool *out);

/*
 * Where CPUs and memory are: up to @max entries are stored, the number there is is
 * returned. @distances: of each node from each, in rows of as many as are returned.
 */
int xy_cpu_topology(struct xy_call *c, struct xen_sysctl_cputopo *out, uint32_t max);
int xy_numa_info(struct xy_call *c, struct xen_sysctl_meminfo *out, uint32_t *distances,
		 uint32_t max);

/* Shortest time a vCPU of a pool with the credit2 scheduler runs, in microseconds. */
int xy_ratelimit_get(struct xy_call *c, uint32_t pool, uint32_t *us);
int xy_ratelimit_set(struct xy_call *c, uint32_t pool, uint32_t us);

#endif
