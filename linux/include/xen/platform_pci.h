/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For kernels without CONFIG_XEN: there are paravirtual devices whenever there is Xen, and
 * none that are emulated beside them.
 */
#ifndef _XEN_PLATFORM_PCI_H
#define _XEN_PLATFORM_PCI_H

#include <xen/xen.h>

static inline bool xen_has_pv_devices(void)
{
	return xen_domain();
}

static inline bool xen_has_pv_disk_devices(void)
{
	return xen_domain();
}

static inline bool xen_has_pv_nic_devices(void)
{
	return xen_domain();
}

static inline bool xen_has_pv_and_legacy_disk_devices(void)
{
	return false;
}

#endif /* _XEN_PLATFORM_PCI_H */
