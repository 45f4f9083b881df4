/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The layout of requests. Of the 64-bit and Arm one a request's 64-bit fields are
 * aligned; of the 32-bit x86 one they follow the first four bytes directly. Past
 * those four bytes both are the same.
 */
#ifndef XEN_BLKBACK_WIRE_H
#define XEN_BLKBACK_WIRE_H

#include <linux/build_bug.h>
#include <linux/string.h>
#include <linux/types.h>
#include <xen/interface/io/blkif.h>

enum wire_abi { WIRE_64, WIRE_X86_32 };

struct wire_segment {
	grant_ref_t gref;
	u8 first, last;		/* sectors of 512 bytes in the page, both included */
	u8 pad[2];
};

/* A request's bytes behind its head, in the layout that both have. */
struct wire_body {
	u64 id;
	u64 sector;
	union {
		struct wire_segment segs[BLKIF_MAX_SEGMENTS_PER_REQUEST];
		u64 nr_sectors;
		struct {
			u16 handle;
			u16 pad;
			grant_ref_t grefs[BLKIF_MAX_INDIRECT_PAGES_PER_REQUEST];
		} __packed indirect;
	};
} __packed;

struct wire_request {
	u8 op;
	u8 arg;			/* nr_segments, flags of a discard, indirect operation */
	u16 arg16;		/* handle, or nr_segments of an indirect request */
	struct wire_body body;
};

struct wire_response {
	u64 id;
	u8 op;
	u8 pad;
	s16 status;
} __packed;

/* What the two ends share: the indices, then the entries. */
struct blkif_common_sring {
	RING_IDX req_prod, req_event;
	RING_IDX rsp_prod, rsp_event;
	u8 pad[48];
	u8 entries[];
};

#define WIRE_STRIDE(abi)	((abi) == WIRE_X86_32 ? 108 : 112)
#define WIRE_BODY(abi)		((abi) == WIRE_X86_32 ? 4 : 8)

static inline u8 *wire_entry(struct blkif_common_sring *sring, unsigned int nr_ents,
			     enum wire_abi abi, RING_IDX i)
{
	return sring->entries + (i & (nr_ents - 1)) * WIRE_STRIDE(abi);
}

/* Read each byte of a request once. */
static inline void wire_get(const u8 *entry, enum wire_abi abi, struct wire_request *req)
{
	BUILD_BUG_ON(sizeof(struct wire_body) != 8 + 8 + 88);
	BUILD_BUG_ON(sizeof(struct wire_segment) != sizeof(struct blkif_request_segment));

	memcpy(req, entry, offsetof(struct wire_request, body));
	memcpy(&req->body, entry + WIRE_BODY(abi), sizeof(req->body));
	barrier();	/* the copy is what is looked at from here on */
}

static inline void wire_put(u8 *entry, const struct wire_response *rsp)
{
	memcpy(entry, rsp, sizeof(*rsp));
}

#endif /* XEN_BLKBACK_WIRE_H */
