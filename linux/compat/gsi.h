/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XYLEM_COMPAT_GSI_H
#define XYLEM_COMPAT_GSI_H

#include <linux/errno.h>
#include <linux/types.h>
#include <xen/privcmd.h>

/*
 * The global interrupt of a PCI device given away, which xen-pciback knows; a negative
 * error without it. Kernels that name the ioctl (6.12.x and later) have the function
 * where they have ACPI for dom0.
 */
#if defined(IOCTL_PRIVCMD_PCIDEV_GET_GSI) && defined(CONFIG_XEN_ACPI) && \
	defined(CONFIG_XEN_DOM0)
#include <xen/acpi.h>
#define compat_gsi_of(sbdf) xen_acpi_get_gsi_from_sbdf(sbdf)
#else
static inline int compat_gsi_of(u32 sbdf)
{
	return -EINVAL;
}
#endif

#endif /* XYLEM_COMPAT_GSI_H */
