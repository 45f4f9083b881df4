/* SPDX-License-Identifier: MIT */
/*
 * xen_version(cmd, arg): who is the hypervisor. Everyone may call the numbers
 * that a guest's start-up needs; the others are emptied for a guest where the
 * security policy says so. Strings end with a NUL.
 */
#ifndef __XEN_PUBLIC_VERSION_H__
#define __XEN_PUBLIC_VERSION_H__

#include "xen.h"

/* No argument; returns major << 16 | minor. */
#define XENVER_version		0

/* arg: xen_extraversion_t */
#define XENVER_extraversion	1
typedef char xen_extraversion_t[16];
#define XEN_EXTRAVERSION_LEN	(sizeof(xen_extraversion_t))

/* arg: xen_compile_info_t */
#define XENVER_compile_info	2
struct xen_compile_info {
	char compiler[64];
	char compile_by[16];
	char compile_domain[32];
	char compile_date[32];
};
typedef struct xen_compile_info xen_compile_info_t;

/* arg: xen_capabilities_info_t; kinds of guests, separated by blanks */
#define XENVER_capabilities	3
typedef char xen_capabilities_info_t[1024];
#define XEN_CAPABILITIES_INFO_LEN	(sizeof(xen_capabilities_info_t))

/* arg: xen_changeset_info_t */
#define XENVER_changeset	4
typedef char xen_changeset_info_t[64];
#define XEN_CHANGESET_INFO_LEN	(sizeof(xen_changeset_info_t))

/* arg: xen_platform_parameters_t */
#define XENVER_platform_parameters	5
struct xen_platform_parameters {
	xen_ulong_t virt_start;	/* where the hypervisor begins in a PV guest */
};
typedef struct xen_platform_parameters xen_platform_parameters_t;

/* arg: xen_feature_info_t; a submap past the last one is -EINVAL */
#define XENVER_get_features	6
struct xen_feature_info {
	unsigned int submap_idx;	/* in */
	uint32_t submap;		/* out: XENFEAT_* of features.h */
};
typedef struct xen_feature_info xen_feature_info_t;

#include "features.h"

/* No argument; returns the page size in bytes. */
#define XENVER_pagesize		7

/* arg: xen_domain_handle_t of the caller */
#define XENVER_guest_handle	8

/* arg: xen_commandline_t, the hypervisor's */
#define XENVER_commandline	9
typedef char xen_commandline_t[1024];

/*
 * arg: xen_build_id_t, or NULL to ask for the length. Returns the length of
 * the build id, -ENOBUFS if len is shorter.
 */
#define XENVER_build_id		10
struct xen_build_id {
	uint32_t len;			/* in: room in buf; must not be 0 */
	__extension__ unsigned char buf[XEN_FLEX_ARRAY_DIM];
};
typedef struct xen_build_id xen_build_id_t;

#endif
