/* SPDX-License-Identifier: MIT */
/*
 * xenpmu_op(cmd, arg): performance counters for PV guests. x86; not in Xylem
 * yet (-ENOSYS).
 */
#ifndef __XEN_PUBLIC_PMU_H__
#define __XEN_PUBLIC_PMU_H__

#include "xen.h"
#if defined(__i386__) || defined(__x86_64__)
#include "arch-x86/pmu.h"
#endif

#define XENPMU_VER_MAJ	0
#define XENPMU_VER_MIN	1

/* cmd; arg: xen_pmu_params_t where it says so */
#define XENPMU_mode_get		0	/* arg */
#define XENPMU_mode_set		1	/* arg */
#define XENPMU_feature_get	2	/* arg */
#define XENPMU_feature_set	3	/* arg */
#define XENPMU_init		4	/* arg: val is the frame of the page */
#define XENPMU_finish		5	/* arg */
#define XENPMU_lvtpc_set	6	/* takes it from the page */
#define XENPMU_flush		7	/* writes the page to the counters */

struct xen_pmu_params {
	struct {
		uint32_t maj;
		uint32_t min;
	} version;			/* in, out */
	uint64_t val;
	uint32_t vcpu;
	uint32_t pad;
};
typedef struct xen_pmu_params xen_pmu_params_t;
DEFINE_XEN_GUEST_HANDLE(xen_pmu_params_t);

/* val of mode_*: who is profiled. */
#define XENPMU_MODE_OFF		0
#define XENPMU_MODE_SELF	(1 << 0)
#define XENPMU_MODE_HV		(1 << 1)	/* control domain: hypervisor */
#define XENPMU_MODE_ALL		(1 << 2)	/* control domain: everybody */

/* val of feature_*. */
#define XENPMU_FEATURE_INTEL_BTS	(1 << 0)
#define XENPMU_FEATURE_IPC_ONLY		(1 << 1)
#define XENPMU_FEATURE_ARCH_ONLY	(1 << 2)

/* The page shared by XENPMU_init. */
__extension__ struct xen_pmu_data {
	uint32_t vcpu_id;
	uint32_t pcpu_id;
	domid_t domain_id;		/* or DOMID_SELF, DOMID_XEN */
	uint8_t pad[6];
	xen_pmu_arch_t pmu;
};

#endif
