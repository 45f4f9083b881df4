/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XYLEM_COMPAT_FOREIGN_H
#define XYLEM_COMPAT_FOREIGN_H

#include <xen/xen-ops.h>

/*
 * The pages of an auto-translated domain were never used here, and are no longer
 * asked for in 6.1. (Which of the kernels after 5.10 was the first was not looked up.)
 */
#if COMPAT_SINCE(5, 11)
#define compat_remap_mfn_array(vma, addr, mfns, nr, errs, prot, domid) \
	xen_remap_domain_mfn_array(vma, addr, mfns, nr, errs, prot, domid)
#else
#define compat_remap_mfn_array(vma, addr, mfns, nr, errs, prot, domid) \
	xen_remap_domain_mfn_array(vma, addr, mfns, nr, errs, prot, domid, NULL)
#endif

#endif /* XYLEM_COMPAT_FOREIGN_H */
