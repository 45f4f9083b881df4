/* SPDX-License-Identifier: MIT */
/*
 * argo_op(cmd, arg1, arg2, arg3, arg4): messages between domains, copied by the
 * hypervisor into rings that the receiver registered. Optional; not in Xylem
 * yet (-ENOSYS).
 */
#ifndef __XEN_PUBLIC_ARGO_H__
#define __XEN_PUBLIC_ARGO_H__

#include "xen.h"

#define XEN_ARGO_DOMID_ANY	DOMID_INVALID

/* Bytes; a power of 2 is not needed. */
#define XEN_ARGO_MAX_RING_SIZE	xen_mk_ullong(0x1000000)

typedef uint32_t xen_argo_port_t;
typedef uint64_t xen_argo_gfn_t;	/* of pages of 4 KiB */

#define XEN_ARGO_MAXIOV		8U
typedef struct xen_argo_iov {
	XEN_GUEST_HANDLE(uint8) iov_hnd;
	uint32_t iov_len;		/* bytes */
	uint32_t pad;
} xen_argo_iov_t;

typedef struct xen_argo_addr {
	xen_argo_port_t aport;
	domid_t domain_id;
	uint16_t pad;
} xen_argo_addr_t;

typedef struct xen_argo_send_addr {
	xen_argo_addr_t src;
	xen_argo_addr_t dst;
} xen_argo_send_addr_t;

typedef struct xen_argo_ring {
	uint32_t rx_ptr;		/* offset, moved by the receiver */
	uint32_t tx_ptr;		/* offset, moved by the hypervisor */
	uint8_t reserved[56];
	__extension__ uint8_t ring[XEN_FLEX_ARRAY_DIM];
} xen_argo_ring_t;

typedef struct xen_argo_register_ring {
	xen_argo_port_t aport;
	domid_t partner_id;		/* who may send, or XEN_ARGO_DOMID_ANY */
	uint16_t pad;
	uint32_t len;			/* bytes */
} xen_argo_register_ring_t;

typedef struct xen_argo_unregister_ring {
	xen_argo_port_t aport;
	domid_t partner_id;
	uint16_t pad;
} xen_argo_unregister_ring_t;

/* Messages begin at multiples of it. */
#define XEN_ARGO_MSG_SLOT_SIZE	0x10

/* xen_argo_ring_data_ent.flags */
#define XEN_ARGO_RING_EXISTS	(1U << 0)
#define XEN_ARGO_RING_SHARED	(1U << 1)	/* receives from anybody */
#define XEN_ARGO_RING_EMPTY	(1U << 2)
#define XEN_ARGO_RING_SUFFICIENT	(1U << 3)	/* has the space */
#define XEN_ARGO_RING_EMSGSIZE	(1U << 4)	/* can never have it */
#define XEN_ARGO_RING_EBUSY	(1U << 5)	/* too many are waiting */

typedef struct xen_argo_ring_data_ent {
	xen_argo_addr_t ring;		/* in */
	uint16_t flags;			/* out */
	uint16_t pad;
	uint32_t space_required;	/* in: bytes */
	uint32_t max_message_size;	/* out: bytes */
} xen_argo_ring_data_ent_t;

typedef struct xen_argo_ring_data {
	uint32_t nent;
	uint32_t pad;
	__extension__ xen_argo_ring_data_ent_t data[XEN_FLEX_ARRAY_DIM];
} xen_argo_ring_data_t;

struct xen_argo_ring_message_header {
	uint32_t len;			/* with this header */
	xen_argo_addr_t source;
	uint32_t message_type;
	__extension__ uint8_t data[XEN_FLEX_ARRAY_DIM];
};

/* arg1: xen_argo_register_ring_t, arg2: frames, arg3: how many, arg4: flags */
#define XEN_ARGO_OP_register_ring	1
#define XEN_ARGO_REGISTER_FLAG_FAIL_EXIST	0x1	/* do not replace one */
#ifdef __XEN__
#define XEN_ARGO_REGISTER_FLAG_MASK	XEN_ARGO_REGISTER_FLAG_FAIL_EXIST
#endif

/* arg1: xen_argo_unregister_ring_t */
#define XEN_ARGO_OP_unregister_ring	2

/* arg1: xen_argo_send_addr_t, arg2: iovs, arg3: how many, arg4: type */
#define XEN_ARGO_OP_sendv		3

/* arg1: xen_argo_ring_data_t, or NULL to deliver what was missed */
#define XEN_ARGO_OP_notify		4

#endif
