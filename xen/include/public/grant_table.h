/* SPDX-License-Identifier: MIT */
/*
 * Grant tables: a domain lets another one map or copy pages of its own, named
 * by an index (grant reference) into a table it shares with the hypervisor.
 *
 * The granter writes an entry, flags last and after a write barrier. The
 * hypervisor sets GTF_reading and GTF_writing while it is in use. To take a
 * grant back the granter clears the whole flags half-word by compare-and-swap,
 * and waits or gives up if one of those two is set.
 *
 * grant_table_op(cmd, array, count): cmd is GNTTABOP_*, the array has count
 * structures named like it, each with a status of its own (GNTST_*). The call
 * returns 0 if it could go through the array, an error if not.
 */
#ifndef __XEN_PUBLIC_GRANT_TABLE_H__
#define __XEN_PUBLIC_GRANT_TABLE_H__

#include "xen.h"

typedef uint32_t grant_ref_t;

/* Version 1 entry: 8 bytes, frame numbers up to 32 bits. */
struct grant_entry_v1 {
	uint16_t flags;			/* GTF_* */
	domid_t domid;			/* whom it is granted to */
	uint32_t frame;
};
typedef struct grant_entry_v1 grant_entry_v1_t;

/* The first references belong to the toolstack. */
#define GNTTAB_NR_RESERVED_ENTRIES	8
#define GNTTAB_RESERVED_CONSOLE		0
#define GNTTAB_RESERVED_XENSTORE	1

/* What an entry is. */
#define GTF_invalid		(0U << 0)	/* nothing */
#define GTF_permit_access	(1U << 0)	/* may be mapped and copied */
#define GTF_accept_transfer	(2U << 0)	/* a frame may be moved here */
#define GTF_transitive		(3U << 0)	/* v2: stands for another grant */
#define GTF_type_mask		(3U << 0)

/* For GTF_permit_access and GTF_transitive. */
#define _GTF_readonly		(2)		/* granter: no writing */
#define GTF_readonly		(1U << _GTF_readonly)
#define _GTF_reading		(3)		/* hypervisor: in use */
#define GTF_reading		(1U << _GTF_reading)
#define _GTF_writing		(4)		/* hypervisor: in use for writing */
#define GTF_writing		(1U << _GTF_writing)
#define _GTF_PWT		(5)		/* x86: cache attributes */
#define GTF_PWT			(1U << _GTF_PWT)
#define _GTF_PCD		(6)
#define GTF_PCD			(1U << _GTF_PCD)
#define _GTF_PAT		(7)
#define GTF_PAT			(1U << _GTF_PAT)
#define _GTF_sub_page		(8)		/* v2: a part of a page, copy only */
#define GTF_sub_page		(1U << _GTF_sub_page)

/* For GTF_accept_transfer. */
#define _GTF_transfer_committed	(2)		/* hypervisor: on its way */
#define GTF_transfer_committed	(1U << _GTF_transfer_committed)
#define _GTF_transfer_completed	(3)		/* hypervisor: frame is valid */
#define GTF_transfer_completed	(1U << _GTF_transfer_completed)

struct grant_entry_header {
	uint16_t flags;
	domid_t domid;
};
typedef struct grant_entry_header grant_entry_header_t;

/* Version 2 entry: 16 bytes; what is in use is told in grant_status_t. */
union grant_entry_v2 {
	grant_entry_header_t hdr;

	struct {
		grant_entry_header_t hdr;
		uint32_t pad0;
		uint64_t frame;
	} full_page;

	struct {
		grant_entry_header_t hdr;
		uint16_t page_off;	/* bytes */
		uint16_t length;	/* bytes */
		uint64_t frame;
	} sub_page;

	struct {
		grant_entry_header_t hdr;
		domid_t trans_domid;
		uint16_t pad0;
		grant_ref_t gref;
	} transitive;

	uint32_t __spacer[4];
};
typedef union grant_entry_v2 grant_entry_v2_t;

typedef uint16_t grant_status_t;

#define GNTTABOP_map_grant_ref		0
#define GNTTABOP_unmap_grant_ref	1
#define GNTTABOP_setup_table		2
#define GNTTABOP_dump_table		3
#define GNTTABOP_transfer		4
#define GNTTABOP_copy			5
#define GNTTABOP_query_size		6
#define GNTTABOP_unmap_and_replace	7
#define GNTTABOP_set_version		8
#define GNTTABOP_get_status_frames	9
#define GNTTABOP_get_version		10
#define GNTTABOP_swap_grant_ref		11
#define GNTTABOP_cache_flush		12

/* Names one mapping of the caller's, from map to unmap. */
typedef uint32_t grant_handle_t;

/*
 * map_grant_ref: map what dom granted. With GNTMAP_host_map at host_addr (a
 * guest physical address in a translated guest; a virtual one, or that of an
 * entry, in PV); with GNTMAP_device_map for devices at dev_bus_addr.
 */
struct gnttab_map_grant_ref {
	uint64_t host_addr;		/* in */
	uint32_t flags;			/* in: GNTMAP_* */
	grant_ref_t ref;		/* in */
	domid_t dom;			/* in */
	int16_t status;			/* out: GNTST_* */
	grant_handle_t handle;		/* out */
	uint64_t dev_bus_addr;		/* out: machine address */
};
typedef struct gnttab_map_grant_ref gnttab_map_grant_ref_t;
DEFINE_XEN_GUEST_HANDLE(gnttab_map_grant_ref_t);

/*
 * unmap_grant_ref: end a mapping. An address that is not 0 must be the one
 * mapped and only that part is undone. The TLBs are clean before it returns.
 */
struct gnttab_unmap_grant_ref {
	uint64_t host_addr;		/* in */
	uint64_t dev_bus_addr;		/* in */
	grant_handle_t handle;		/* in */
	int16_t status;			/* out */
};
typedef struct gnttab_unmap_grant_ref gnttab_unmap_grant_ref_t;
DEFINE_XEN_GUEST_HANDLE(gnttab_unmap_grant_ref_t);

/*
 * setup_table: grow dom's table to nr_frames pages at least, and list their
 * frames. One element only.
 */
struct gnttab_setup_table {
	domid_t dom;			/* in */
	uint32_t nr_frames;		/* in */
	int16_t status;			/* out */
	XEN_GUEST_HANDLE(xen_pfn_t) frame_list;	/* in: array it writes to */
};
typedef struct gnttab_setup_table gnttab_setup_table_t;
DEFINE_XEN_GUEST_HANDLE(gnttab_setup_table_t);

/* dump_table: print dom's table to the hypervisor's log. */
struct gnttab_dump_table {
	domid_t dom;			/* in */
	int16_t status;			/* out */
};
typedef struct gnttab_dump_table gnttab_dump_table_t;
DEFINE_XEN_GUEST_HANDLE(gnttab_dump_table_t);

/* transfer: give a page away to a domain that accepts one at ref. x86 PV. */
struct gnttab_transfer {
	xen_pfn_t mfn;			/* in */
	domid_t domid;			/* in */
	grant_ref_t ref;		/* in */
	int16_t status;			/* out */
};
typedef struct gnttab_transfer gnttab_transfer_t;
DEFINE_XEN_GUEST_HANDLE(gnttab_transfer_t);

#define _GNTCOPY_source_gref	(0)
#define GNTCOPY_source_gref	(1 << _GNTCOPY_source_gref)
#define _GNTCOPY_dest_gref	(1)
#define GNTCOPY_dest_gref	(1 << _GNTCOPY_dest_gref)

/*
 * copy: len bytes from source to dest, each either a grant of domid's or (flag
 * not set) a frame of the caller's, domid being DOMID_SELF. Neither side may
 * cross a page.
 */
struct gnttab_copy {
	struct gnttab_copy_ptr {
		union {
			grant_ref_t ref;
			xen_pfn_t gmfn;
		} u;
		domid_t domid;
		uint16_t offset;	/* bytes */
	} source, dest;			/* in */
	uint16_t len;			/* in: bytes */
	uint16_t flags;			/* in: GNTCOPY_* */
	int16_t status;			/* out */
};
typedef struct gnttab_copy gnttab_copy_t;
DEFINE_XEN_GUEST_HANDLE(gnttab_copy_t);

/* query_size: how large dom's table is and may become. One element only. */
struct gnttab_query_size {
	domid_t dom;			/* in */
	uint32_t nr_frames;		/* out: pages */
	uint32_t max_nr_frames;		/* out: pages */
	int16_t status;			/* out */
};
typedef struct gnttab_query_size gnttab_query_size_t;
DEFINE_XEN_GUEST_HANDLE(gnttab_query_size_t);

/* unmap_and_replace: unmap, and move the entry of new_addr there. x86 PV. */
struct gnttab_unmap_and_replace {
	uint64_t host_addr;		/* in */
	uint64_t new_addr;		/* in */
	grant_handle_t handle;		/* in */
	int16_t status;			/* out */
};
typedef struct gnttab_unmap_and_replace gnttab_unmap_and_replace_t;
DEFINE_XEN_GUEST_HANDLE(gnttab_unmap_and_replace_t);

/*
 * set_version: entry format of the caller's table, 1 or 2. Only while no entry
 * is in use; the reserved ones are converted, others are lost. The version it
 * has afterwards is returned. One element only.
 */
struct gnttab_set_version {
	uint32_t version;		/* in, out */
};
typedef struct gnttab_set_version gnttab_set_version_t;
DEFINE_XEN_GUEST_HANDLE(gnttab_set_version_t);

/* get_status_frames: frames of the v2 status array. One element only. */
struct gnttab_get_status_frames {
	uint32_t nr_frames;		/* in */
	domid_t dom;			/* in */
	int16_t status;			/* out */
	XEN_GUEST_HANDLE(uint64_t) frame_list;	/* in: array it writes to */
};
typedef struct gnttab_get_status_frames gnttab_get_status_frames_t;
DEFINE_XEN_GUEST_HANDLE(gnttab_get_status_frames_t);

/* get_version: of dom's table. */
struct gnttab_get_version {
	domid_t dom;			/* in */
	uint16_t pad;
	uint32_t version;		/* out */
};
typedef struct gnttab_get_version gnttab_get_version_t;
DEFINE_XEN_GUEST_HANDLE(gnttab_get_version_t);

/* swap_grant_ref: exchange two entries of the caller's that are not in use. */
struct gnttab_swap_grant_ref {
	grant_ref_t ref_a;		/* in */
	grant_ref_t ref_b;		/* in */
	int16_t status;			/* out */
};
typedef struct gnttab_swap_grant_ref gnttab_swap_grant_ref_t;
DEFINE_XEN_GUEST_HANDLE(gnttab_swap_grant_ref_t);

/*
 * cache_flush: clean and/or invalidate a part of a page that the caller owns or
 * has mapped by grant, for a device that does not snoop. Arm. The call itself
 * returns the error; there is no status.
 */
struct gnttab_cache_flush {
	union {
		uint64_t dev_bus_addr;
		grant_ref_t ref;	/* with GNTTAB_CACHE_SOURCE_GREF */
	} a;
	uint16_t offset;		/* bytes into the page */
	uint16_t length;		/* bytes, not past the page */
#define GNTTAB_CACHE_CLEAN		(1u << 0)
#define GNTTAB_CACHE_INVAL		(1u << 1)
#define GNTTAB_CACHE_SOURCE_GREF	(1u << 31)
	uint32_t op;
};
typedef struct gnttab_cache_flush gnttab_cache_flush_t;
DEFINE_XEN_GUEST_HANDLE(gnttab_cache_flush_t);

/* How to map. */
#define _GNTMAP_device_map	(0)		/* for devices */
#define GNTMAP_device_map	(1 << _GNTMAP_device_map)
#define _GNTMAP_host_map	(1)		/* for the CPU */
#define GNTMAP_host_map		(1 << _GNTMAP_host_map)
#define _GNTMAP_readonly	(2)
#define GNTMAP_readonly		(1 << _GNTMAP_readonly)
#define _GNTMAP_application_map	(3)		/* x86 PV: user mode may use it */
#define GNTMAP_application_map	(1 << _GNTMAP_application_map)
#define _GNTMAP_contains_pte	(4)		/* x86 PV: host_addr is a PTE's */
#define GNTMAP_contains_pte	(1 << _GNTMAP_contains_pte)
#define _GNTMAP_guest_avail0	(16)		/* x86 PV: bits kept in the PTE */
#define GNTMAP_guest_avail_mask	((uint32_t)~0 << _GNTMAP_guest_avail0)

/* Status of one element. */
#define GNTST_okay		(0)
#define GNTST_general_error	(-1)	/* none of the others */
#define GNTST_bad_domain	(-2)	/* no such domain */
#define GNTST_bad_gntref	(-3)	/* no such, or no valid, reference */
#define GNTST_bad_handle	(-4)	/* no such mapping */
#define GNTST_bad_virt_addr	(-5)	/* bad host_addr */
#define GNTST_bad_dev_addr	(-6)	/* bad dev_bus_addr */
#define GNTST_no_device_space	(-7)	/* the IOMMU is full */
#define GNTST_permission_denied	(-8)	/* not granted to the caller like this */
#define GNTST_bad_page		(-9)	/* page cannot be used so */
#define GNTST_bad_copy_arg	(-10)	/* copy crosses a page */
#define GNTST_address_too_big	(-11)	/* frame number out of reach */
#define GNTST_eagain		(-12)	/* page is not there yet: repeat */
#define GNTST_no_space		(-13)	/* out of mapping slots */

/* One short text a status, indexed by its negative. */
#define GNTTABOP_error_msgs {						\
	"success",							\
	"unspecified error",						\
	"no such domain",						\
	"invalid grant reference",					\
	"invalid grant handle",						\
	"invalid host address",						\
	"invalid device address",					\
	"out of IOMMU space",						\
	"access denied",						\
	"unusable page",						\
	"copy across a page boundary",					\
	"frame number too large",					\
	"page not available yet, repeat",				\
	"out of mapping slots",						\
}

#endif
