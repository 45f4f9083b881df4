/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Static grants of the network protocol (public netif.h): a frontend lists grants
 * that the backend is to keep mapped, by requests on the control ring. The kernel's
 * headers do not have them.
 */
#ifndef XYLEM_NETGREF_H
#define XYLEM_NETGREF_H

#include <linux/types.h>
#include <xen/interface/grant_table.h>
#include <xen/page.h>

#ifndef XEN_NETIF_CTRL_TYPE_GET_GREF_MAPPING_SIZE
#define XEN_NETIF_CTRL_TYPE_GET_GREF_MAPPING_SIZE	8
#define XEN_NETIF_CTRL_TYPE_ADD_GREF_MAPPING		9
#define XEN_NETIF_CTRL_TYPE_DEL_GREF_MAPPING		10

#define XEN_NETIF_CTRLF_GREF_readonly			1

struct xen_netif_gref {
	grant_ref_t ref;
	u16 flags;
	u16 status;
};
#endif

/* Entries of a list, which is one page. */
#define NETGREF_LIST	(XEN_PAGE_SIZE / sizeof(struct xen_netif_gref))

#endif /* XYLEM_NETGREF_H */
