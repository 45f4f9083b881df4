/* SPDX-License-Identifier: MIT */
/*
 * Network rings. A packet the guest sends takes one or more slots of the tx
 * ring; to receive, it posts whole pages on the rx ring. Nodes in xenstore ("F"
 * front end, "B" back end writes):
 *
 *	F mac; F tx-ring-ref, rx-ring-ref
 *	F event-channel, or event-channel-tx and event-channel-rx
 *	  (B feature-split-event-channels)
 *	B multi-queue-max-queues, F multi-queue-num-queues; then the above
 *	  under queue-N/
 *	F request-rx-copy
 *	feature-sg, feature-gso-tcpv4, feature-gso-tcpv6: what the writer takes
 *	feature-no-csum-offload, feature-ipv6-csum-offload
 *	B feature-multicast-control, F request-multicast-control
 *	B feature-dynamic-multicast-control
 *	F ctrl-ring-ref, event-channel-ctrl (B feature-ctrl-ring)
 *
 * Several slots: every one but the last has more_data; extra_info on the first
 * tells that netif_extra_info slots follow it, before the other data. The first
 * slot's size is that of the whole packet, on tx.
 */
#ifndef __XEN_PUBLIC_IO_NETIF_H__
#define __XEN_PUBLIC_IO_NETIF_H__

#include "ring.h"
#include "../grant_table.h"

/* A back end takes packets of this many slots at least. */
#define XEN_NETIF_NR_SLOTS_MIN	18

/* What a flow's hash is made from. */
#define _XEN_NETIF_CTRL_HASH_TYPE_IPV4		0
#define XEN_NETIF_CTRL_HASH_TYPE_IPV4					\
	(1 << _XEN_NETIF_CTRL_HASH_TYPE_IPV4)
#define _XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP	1
#define XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP				\
	(1 << _XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP)
#define _XEN_NETIF_CTRL_HASH_TYPE_IPV6		2
#define XEN_NETIF_CTRL_HASH_TYPE_IPV6					\
	(1 << _XEN_NETIF_CTRL_HASH_TYPE_IPV6)
#define _XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP	3
#define XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP				\
	(1 << _XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP)

#define XEN_NETIF_CTRL_HASH_ALGORITHM_NONE	0
#define XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ	1

#ifdef XEN_NETIF_DEFINE_TOEPLITZ
/*
 * For every bit of the data that is set, the 32 bits of the key that begin at
 * the same position are added modulo 2. Missing key bytes are zero.
 */
static uint32_t xen_netif_toeplitz_hash(const uint8_t *key,
					unsigned int keylen,
					const uint8_t *buf,
					unsigned int buflen)
{
	uint32_t hash = 0, window = 0;
	unsigned int i, bit;

	for (i = 0; i < 4; i++)
		window = window << 8 | (i < keylen ? key[i] : 0);

	for (i = 0; i < buflen; i++) {
		uint8_t next = i + 4 < keylen ? key[i + 4] : 0;

		for (bit = 0; bit < 8; bit++) {
			if (buf[i] & (0x80 >> bit))
				hash ^= window;
			window = window << 1 | ((next >> (7 - bit)) & 1);
		}
	}
	return hash;
}
#endif

/* The control ring: steering of received packets to queues. */
struct xen_netif_ctrl_request {
	uint16_t id;			/* comes back in the response */
	uint16_t type;
#define XEN_NETIF_CTRL_TYPE_INVALID			0
#define XEN_NETIF_CTRL_TYPE_GET_HASH_FLAGS		1
#define XEN_NETIF_CTRL_TYPE_SET_HASH_FLAGS		2
#define XEN_NETIF_CTRL_TYPE_SET_HASH_KEY		3
#define XEN_NETIF_CTRL_TYPE_GET_HASH_MAPPING_SIZE	4
#define XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING_SIZE	5
#define XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING		6
#define XEN_NETIF_CTRL_TYPE_SET_HASH_ALGORITHM		7
#define XEN_NETIF_CTRL_TYPE_GET_GREF_MAPPING_SIZE	8
#define XEN_NETIF_CTRL_TYPE_ADD_GREF_MAPPING		9
#define XEN_NETIF_CTRL_TYPE_DEL_GREF_MAPPING		10
	uint32_t data[3];		/* by type */
};

struct xen_netif_ctrl_response {
	uint16_t id;
	uint16_t type;
	uint32_t status;
#define XEN_NETIF_CTRL_STATUS_SUCCESS			0
#define XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED		1
#define XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER		2
#define XEN_NETIF_CTRL_STATUS_BUFFER_OVERFLOW		3
	uint32_t data;
};

/* An element of the page that ADD_ and DEL_GREF_MAPPING grant. */
struct xen_netif_gref {
	grant_ref_t ref;
	uint16_t flags;
#define _XEN_NETIF_CTRLF_GREF_readonly	0
#define XEN_NETIF_CTRLF_GREF_readonly	(1U << _XEN_NETIF_CTRLF_GREF_readonly)
	uint16_t status;		/* out */
};

DEFINE_RING_TYPES(xen_netif_ctrl, struct xen_netif_ctrl_request,
		  struct xen_netif_ctrl_response);

/* Flags of a tx request. */
#define _NETTXF_csum_blank	(0)	/* the checksum is still to be filled in */
#define NETTXF_csum_blank	(1U << _NETTXF_csum_blank)
#define _NETTXF_data_validated	(1)	/* it need not be checked */
#define NETTXF_data_validated	(1U << _NETTXF_data_validated)
#define _NETTXF_more_data	(2)	/* the packet goes on in the next slot */
#define NETTXF_more_data	(1U << _NETTXF_more_data)
#define _NETTXF_extra_info	(3)	/* a netif_extra_info comes next */
#define NETTXF_extra_info	(1U << _NETTXF_extra_info)

#define XEN_NETIF_MAX_TX_SIZE	0xFFFF	/* bytes in a packet */

struct netif_tx_request {
	grant_ref_t gref;
	uint16_t offset;		/* bytes into the page */
	uint16_t flags;			/* NETTXF_* */
	uint16_t id;			/* comes back in the response */
	uint16_t size;			/* bytes: of the packet, or of the slot */
};
typedef struct netif_tx_request netif_tx_request_t;

#define XEN_NETIF_EXTRA_TYPE_NONE	(0)
#define XEN_NETIF_EXTRA_TYPE_GSO	(1)	/* to be cut into segments */
#define XEN_NETIF_EXTRA_TYPE_MCAST_ADD	(2)	/* tx: send me this group */
#define XEN_NETIF_EXTRA_TYPE_MCAST_DEL	(3)
#define XEN_NETIF_EXTRA_TYPE_HASH	(4)	/* the flow's hash */
#define XEN_NETIF_EXTRA_TYPE_MAX	(5)

#define _XEN_NETIF_EXTRA_FLAG_MORE	(0)	/* one more comes next */
#define XEN_NETIF_EXTRA_FLAG_MORE	(1U << _XEN_NETIF_EXTRA_FLAG_MORE)

#define XEN_NETIF_GSO_TYPE_NONE		(0)
#define XEN_NETIF_GSO_TYPE_TCPV4	(1)
#define XEN_NETIF_GSO_TYPE_TCPV6	(2)

/* Takes the place of a request or response in either ring. */
struct netif_extra_info {
	uint8_t type;			/* XEN_NETIF_EXTRA_TYPE_* */
	uint8_t flags;			/* XEN_NETIF_EXTRA_FLAG_* */
	union {
		struct {
			uint16_t size;	/* largest payload of a segment */
			uint8_t type;	/* XEN_NETIF_GSO_TYPE_* */
			uint8_t pad;
			uint16_t features;	/* 0 */
		} gso;
		struct {
			uint8_t addr[6];
		} mcast;
		struct {
			uint8_t type;	/* _XEN_NETIF_CTRL_HASH_TYPE_* */
			uint8_t algorithm;
			uint8_t value[4];
		} hash;
		uint16_t pad[3];
	} u;
};
typedef struct netif_extra_info netif_extra_info_t;

struct netif_tx_response {
	uint16_t id;
	int16_t status;			/* NETIF_RSP_* */
};
typedef struct netif_tx_response netif_tx_response_t;

struct netif_rx_request {
	uint16_t id;
	uint16_t pad;
	grant_ref_t gref;		/* a page to fill */
};
typedef struct netif_rx_request netif_rx_request_t;

/* Flags of an rx response. */
#define _NETRXF_data_validated	(0)
#define NETRXF_data_validated	(1U << _NETRXF_data_validated)
#define _NETRXF_csum_blank	(1)
#define NETRXF_csum_blank	(1U << _NETRXF_csum_blank)
#define _NETRXF_more_data	(2)
#define NETRXF_more_data	(1U << _NETRXF_more_data)
#define _NETRXF_extra_info	(3)
#define NETRXF_extra_info	(1U << _NETRXF_extra_info)
#define _NETRXF_gso_prefix	(4)	/* this slot only tells the segment size */
#define NETRXF_gso_prefix	(1U << _NETRXF_gso_prefix)

struct netif_rx_response {
	uint16_t id;
	uint16_t offset;		/* bytes into the page */
	uint16_t flags;			/* NETRXF_* */
	int16_t status;			/* bytes, or NETIF_RSP_* below 0 */
};
typedef struct netif_rx_response netif_rx_response_t;

DEFINE_RING_TYPES(netif_tx, struct netif_tx_request, struct netif_tx_response);
DEFINE_RING_TYPES(netif_rx, struct netif_rx_request, struct netif_rx_response);

#define NETIF_RSP_DROPPED	-2
#define NETIF_RSP_ERROR		-1
#define NETIF_RSP_OKAY		0
#define NETIF_RSP_NULL		1	/* no response: the slot was extra info */

#endif
