/* SPDX-License-Identifier: MIT */
/*
 * Block device rings. Nodes in xenstore ("F" front end, "B" back end writes):
 *
 *	B sectors, sector-size, physical-sector-size, info (VDISK_*)
 *	B feature-flush-cache, feature-barrier, feature-discard
 *	  (discard-granularity, discard-alignment, discard-secure)
 *	B feature-persistent, F feature-persistent
 *	B feature-max-indirect-segments
 *	B max-ring-page-order, F ring-page-order
 *	B multi-queue-max-queues, F multi-queue-num-queues
 *	F ring-ref or ring-refN, event-channel; under queue-N/ with queues
 *	F protocol (io/protocols.h)
 *
 * Sector numbers and counts are in units of 512 bytes whatever sector-size is.
 */
#ifndef __XEN_PUBLIC_IO_BLKIF_H__
#define __XEN_PUBLIC_IO_BLKIF_H__

#include "ring.h"
#include "../grant_table.h"

#ifndef blkif_vdev_t
#define blkif_vdev_t	uint16_t
#endif
#define blkif_sector_t	uint64_t

#define BLKIF_OP_READ			0
#define BLKIF_OP_WRITE			1
/* All before it is on the disk before it, it before all after it. */
#define BLKIF_OP_WRITE_BARRIER		2
/* All that was completed before is on stable storage. */
#define BLKIF_OP_FLUSH_DISKCACHE	3
#define BLKIF_OP_RESERVED_1		4
/* The contents of these sectors are no longer needed. */
#define BLKIF_OP_DISCARD		5
/* A read or write whose segments are listed in granted pages. */
#define BLKIF_OP_INDIRECT		6

#define BLKIF_MAX_SEGMENTS_PER_REQUEST		11
#define BLKIF_MAX_INDIRECT_PAGES_PER_REQUEST	8

/* A part of a granted page; sectors of 512 bytes, 0-7, both included. */
struct blkif_request_segment {
	grant_ref_t gref;
	uint8_t first_sect, last_sect;
};

struct blkif_request {
	uint8_t operation;		/* BLKIF_OP_* */
	uint8_t nr_segments;
	blkif_vdev_t handle;
	uint64_t id;			/* comes back in the response */
	blkif_sector_t sector_number;
	struct blkif_request_segment seg[BLKIF_MAX_SEGMENTS_PER_REQUEST];
};
typedef struct blkif_request blkif_request_t;

struct blkif_request_discard {
	uint8_t operation;		/* BLKIF_OP_DISCARD */
	uint8_t flag;
#define BLKIF_DISCARD_SECURE	(1 << 0)
	blkif_vdev_t handle;
	uint64_t id;
	blkif_sector_t sector_number;
	uint64_t nr_sectors;
};
typedef struct blkif_request_discard blkif_request_discard_t;

struct blkif_request_indirect {
	uint8_t operation;		/* BLKIF_OP_INDIRECT */
	uint8_t indirect_op;		/* BLKIF_OP_READ or _WRITE */
	uint16_t nr_segments;
	uint64_t id;
	blkif_sector_t sector_number;
	blkif_vdev_t handle;
	/* Pages of struct blkif_request_segment. */
	grant_ref_t indirect_grefs[BLKIF_MAX_INDIRECT_PAGES_PER_REQUEST];
#ifdef __i386__
	uint64_t pad;
#endif
};
typedef struct blkif_request_indirect blkif_request_indirect_t;

struct blkif_response {
	uint64_t id;
	uint8_t operation;
	int16_t status;			/* BLKIF_RSP_* */
};
typedef struct blkif_response blkif_response_t;

#define BLKIF_RSP_EOPNOTSUPP	-2
#define BLKIF_RSP_ERROR		-1
#define BLKIF_RSP_OKAY		0

DEFINE_RING_TYPES(blkif, struct blkif_request, struct blkif_response);

#define VDISK_CDROM	0x1
#define VDISK_REMOVABLE	0x2
#define VDISK_READONLY	0x4

#endif
