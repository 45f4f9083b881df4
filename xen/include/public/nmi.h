/* SPDX-License-Identifier: MIT */
/*
 * nmi_op(cmd, arg): the NMI handler of a PV domain. x86.
 */
#ifndef __XEN_PUBLIC_NMI_H__
#define __XEN_PUBLIC_NMI_H__

#include "xen.h"

/* arch_shared_info.nmi_reason of the control domain. */
#define _XEN_NMIREASON_io_error	0	/* I/O check */
#define XEN_NMIREASON_io_error	(1UL << _XEN_NMIREASON_io_error)
#define _XEN_NMIREASON_pci_serr	1	/* PCI SERR */
#define XEN_NMIREASON_pci_serr	(1UL << _XEN_NMIREASON_pci_serr)
#define _XEN_NMIREASON_unknown	2
#define XEN_NMIREASON_unknown	(1UL << _XEN_NMIREASON_unknown)

/* On vCPU 0. arg: xennmi_callback_t. */
#define XENNMI_register_callback	0
struct xennmi_callback {
	unsigned long handler_address;
	unsigned long pad;
};
typedef struct xennmi_callback xennmi_callback_t;
DEFINE_XEN_GUEST_HANDLE(xennmi_callback_t);

/* No argument. */
#define XENNMI_unregister_callback	1

#endif
