/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Operations on domains. All return 0, or what is said, or the hypervisor's
 * negative errno: -ESRCH no such domain, -EPERM not allowed, -ENOSYS and
 * -EOPNOTSUPP not there, -EACCES a hypervisor of another interface version.
 */
#ifndef XY_DOMCTL_H
#define XY_DOMCTL_H

#include <stddef.h>
#include <stdint.h>

#include <xen/xen.h>
#include <xen/domctl.h>

#include "xy_call.h"

#define XY_PAGE_SHIFT	12
#define XY_PAGE_SIZE	4096UL

/* The bare operation, for what has no wrapper; sets the version. */
int xy_domctl(struct xy_call *c, struct xen_domctl *op);

/* Life. *@domid in: the wanted one, or 0 for any; out: the domain's. @cfg is updated. */
int xy_domain_create(struct xy_call *c, struct xen_domctl_createdomain *cfg, uint16_t *domid);
int xy_domain_pause(struct xy_call *c, uint16_t domid);
int xy_domain_unpause(struct xy_call *c, uint16_t domid);
int xy_domain_destroy(struct xy_call *c, uint16_t domid);
/* Declares the domain shut down, as if it had done so itself (SHUTDOWN_*). */
int xy_domain_shutdown(struct xy_call *c, uint16_t domid, unsigned int reason);

/* -ESRCH unless exactly @domid exists. */
int xy_domain_info(struct xy_call *c, uint16_t domid, struct xen_domctl_getdomaininfo *out);

/* Limits and resources. */
int xy_domain_max_vcpus(struct xy_call *c, uint16_t domid, uint32_t max);
int xy_domain_max_mem(struct xy_call *c, uint16_t domid, uint64_t kib);
int xy_domain_paging_pool(struct xy_call *c, uint16_t domid, uint64_t bytes);
int xy_domain_address_size(struct xy_call *c, uint16_t domid, uint32_t bits);

/* CPU maps: bit n of byte n/8 is CPU n; @bits are valid. */
#define XY_CPUMAP_BYTES 128
int xy_vcpu_set_affinity(struct xy_call *c, uint16_t domid, uint32_t vcpu,
			 const uint8_t *hard, const uint8_t *soft, uint32_t bits);
int xy_vcpu_get_affinity(struct xy_call *c, uint16_t domid, uint32_t vcpu,
			 uint8_t *hard, uint8_t *soft, uint32_t bits);
int xy_domain_node_affinity(struct xy_call *c, uint16_t domid, const uint8_t *nodes,
			    uint32_t bits);

/* Weight and cap (percent of one CPU, 0 = none) of the credit schedulers. */
int xy_domain_sched_get(struct xy_call *c, uint16_t domid, uint32_t sched_id,
			uint16_t *weight, uint16_t *cap);
int xy_domain_sched_set(struct xy_call *c, uint16_t domid, uint32_t sched_id,
			uint16_t weight, uint16_t cap);

/* vCPUs. A context goes to the hypervisor as it is: it belongs to the architecture. */
int xy_vcpu_info(struct xy_call *c, uint16_t domid, uint32_t vcpu,
		 struct xen_domctl_getvcpuinfo *out);
int xy_vcpu_set_context(struct xy_call *c, uint16_t domid, uint32_t vcpu,
			const struct vcpu_guest_context *ctx);

/* Makes @n frames from @gfn visible to a guest that runs with its caches off. */
int xy_domain_cacheflush(struct xy_call *c, uint16_t domid, uint64_t gfn, uint64_t n);

#endif
