/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Grant tables, version 1: the hypervisor's side. Guest ABI in public/grant_table.h.
 */
#ifndef XEN_GRANT_TABLE_H
#define XEN_GRANT_TABLE_H

#include <xen/types.h>
#include <public/grant_table.h>
#include <public/xen.h>
#include <xen/mm.h>
#include <xen/spinlock.h>

struct domain;
struct vcpu;
struct hc_ctx;
struct active_grant;
struct grant_mapping;

/* Of each vCPU: free handles it may use without a lock of the domain's. */
struct grant_maptrack_vcpu {
	spinlock_t lock;	/* RANK_MAPTRACK: others return handles to it */
	uint32_t free_head;
};

struct grant_table {
	spinlock_t lock;		/* RANK_GRANT: sizes, frame arrays */
	uint32_t nr_frames;		/* shared frames allocated */
	uint32_t max_frames;		/* createdomain limits */
	uint32_t max_maptrack_frames;
	void **shared;			/* max_frames pointers to heap pages shared with the guest */
	struct active_grant **active;	/* for each frame; private to grant_*.c */
	struct grant_mapping **maptrack;
	uint32_t maptrack_pages;
	uint32_t teardown_handle;	/* grant_table_release_mappings: where to go on */
};

struct xen_domctl_createdomain;
int grant_table_init(struct domain *d, const struct xen_domctl_createdomain *cfg);
/* Bounded step: undo mappings this domain holds of others' grants: 0 or -ERESTART. */
int grant_table_release_mappings(struct domain *d);
void grant_table_destroy(struct domain *d);
void grant_table_vcpu_init(struct vcpu *v);

/*
 * Frame idx of the shared table, grown to hold it if the limit allows; for
 * XENMAPSPACE_grant_table and XENMEM_acquire_resource. 0, -EINVAL, -ENOMEM.
 */
int grant_table_get_shared_frame(struct domain *d, unsigned long idx, mfn_t *mfn);

long do_grant_table_op(struct hc_ctx *ctx);
void grant_table_dump(struct domain *d);	/* debug key */

#endif
