/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For kernels without CONFIG_XEN: whether we run on Xen is found out when xen-core is
 * loaded, where the kernel's own header of this name says "no" at compile time.
 * Its other headers of the Xen interface are true for such a kernel as well, so that
 * a driver sees the declarations of the kernel it is built for.
 */
#ifndef _XEN_XEN_H
#define _XEN_XEN_H

#include <linux/types.h>
#include <linux/bug.h>
#include <linux/compiler.h>

enum xen_domain_type {
	XEN_NATIVE,
	XEN_PV_DOMAIN,
	XEN_HVM_DOMAIN,
};

/* XEN_HVM_DOMAIN as soon as xen-core is there: guests on Arm are of that type. */
extern enum xen_domain_type xen_domain_type;

#define xen_domain()		(xen_domain_type != XEN_NATIVE)
#define xen_hvm_domain()	(xen_domain_type == XEN_HVM_DOMAIN)
#define xen_pv_domain()		0
#define xen_pvh			0
#define xen_pvh_domain()	0
#define xen_pv_pci_possible	0

/* Dom0 needs a kernel with CONFIG_XEN: only that has the DMA operations for it. */
#define xen_initial_domain()	0

extern uint32_t xen_start_flags;

struct bio_vec;
struct page;
bool xen_biovec_phys_mergeable(const struct bio_vec *a, const struct page *b);

#include <xen/balloon.h>
#include "balloon-pages.h"

#define xen_unpopulated_pages	0UL

static inline bool xen_processor_present(uint32_t acpi_id)
{
	return false;
}

#endif /* _XEN_XEN_H */
