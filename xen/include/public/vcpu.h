/* SPDX-License-Identifier: MIT */
/*
 * vcpu_op(cmd, vcpu, arg): one vCPU of the calling domain. -ENOENT if there is
 * no such vCPU.
 */
#ifndef __XEN_PUBLIC_VCPU_H__
#define __XEN_PUBLIC_VCPU_H__

#include "xen.h"

/* Set its first state. arg: vcpu_guest_context_t. x86; -EEXIST if it has one. */
#define VCPUOP_initialise	0

/* Let it run; -EINVAL if it was never initialised. No argument. x86. */
#define VCPUOP_up		1

/* Stop it; it keeps its state. No argument. x86. */
#define VCPUOP_down		2

/* Returns 1 if it is up, else 0. No argument. x86. */
#define VCPUOP_is_up		3

/* Where its time went. arg: vcpu_runstate_info_t. */
#define VCPUOP_get_runstate_info	4
struct vcpu_runstate_info {
	int state;			/* RUNSTATE_* */
	uint64_t state_entry_time;	/* system time in ns it entered state */
/*
 * With VMASST_TYPE_runstate_update_flag this bit of state_entry_time is set
 * before the rest of a registered area changes, and cleared after it.
 */
#define XEN_RUNSTATE_UPDATE	(xen_mk_ullong(1) << 63)
	uint64_t time[4];		/* ns spent in each state */
};
typedef struct vcpu_runstate_info vcpu_runstate_info_t;
DEFINE_XEN_GUEST_HANDLE(vcpu_runstate_info_t);

#define RUNSTATE_running	0	/* on a physical CPU */
#define RUNSTATE_runnable	1	/* waiting for one */
#define RUNSTATE_blocked	2	/* waiting for an event */
#define RUNSTATE_offline	3	/* neither: down, paused */

/*
 * Have that information written to memory of the guest at every change. arg:
 * vcpu_register_runstate_memory_area_t, a virtual address; later registrations
 * replace earlier ones. On Arm the area must not cross a page.
 */
#define VCPUOP_register_runstate_memory_area	5
struct vcpu_register_runstate_memory_area {
	union {
		XEN_GUEST_HANDLE(vcpu_runstate_info_t) h;
		struct vcpu_runstate_info *v;
		uint64_t p;
	} addr;
};
typedef struct vcpu_register_runstate_memory_area
	vcpu_register_runstate_memory_area_t;
DEFINE_XEN_GUEST_HANDLE(vcpu_register_runstate_memory_area_t);

/* VIRQ_TIMER every period_ns (1 ms or more). x86. */
#define VCPUOP_set_periodic_timer	6
#define VCPUOP_stop_periodic_timer	7	/* no argument */
struct vcpu_set_periodic_timer {
	uint64_t period_ns;
};
typedef struct vcpu_set_periodic_timer vcpu_set_periodic_timer_t;
DEFINE_XEN_GUEST_HANDLE(vcpu_set_periodic_timer_t);

/* VIRQ_TIMER once. The vCPU must be the caller. x86. */
#define VCPUOP_set_singleshot_timer	8
#define VCPUOP_stop_singleshot_timer	9	/* no argument */
struct vcpu_set_singleshot_timer {
	uint64_t timeout_abs_ns;	/* system time */
	uint32_t flags;			/* VCPU_SSHOTTMR_* */
};
typedef struct vcpu_set_singleshot_timer vcpu_set_singleshot_timer_t;
DEFINE_XEN_GUEST_HANDLE(vcpu_set_singleshot_timer_t);

/* A time that is past is -ETIME instead of an immediate interrupt. */
#define _VCPU_SSHOTTMR_future	(0)
#define VCPU_SSHOTTMR_future	(1U << _VCPU_SSHOTTMR_future)

/*
 * Move its vcpu_info to a place in the guest's own memory: at most once for
 * each vCPU (-EINVAL after that), not across a page. It is needed for vCPUs
 * from XEN_LEGACY_MAX_VCPUS on.
 */
#define VCPUOP_register_vcpu_info	10
struct vcpu_register_vcpu_info {
	uint64_t mfn;			/* guest frame */
	uint32_t offset;		/* bytes into it */
	uint32_t rsvd;
};
typedef struct vcpu_register_vcpu_info vcpu_register_vcpu_info_t;
DEFINE_XEN_GUEST_HANDLE(vcpu_register_vcpu_info_t);

/* Send it an NMI. No argument. x86. */
#define VCPUOP_send_nmi		11

/* The APIC and ACPI ids of the CPU it is pinned to. Control domain, x86. */
#define VCPUOP_get_physid	12
struct vcpu_get_physid {
	uint64_t phys_id;		/* out */
};
typedef struct vcpu_get_physid vcpu_get_physid_t;
DEFINE_XEN_GUEST_HANDLE(vcpu_get_physid_t);
#define xen_vcpu_physid_to_x86_apicid(physid)	((uint32_t)(physid))
#define xen_vcpu_physid_to_x86_acpiid(physid)	((uint32_t)((physid) >> 32))

/* As register_runstate_memory_area, for vcpu_time_info. x86. */
#define VCPUOP_register_vcpu_time_memory_area	13
DEFINE_XEN_GUEST_HANDLE(vcpu_time_info_t);
struct vcpu_register_time_memory_area {
	union {
		XEN_GUEST_HANDLE(vcpu_time_info_t) h;
		struct vcpu_time_info *v;
		uint64_t p;
	} addr;
};
typedef struct vcpu_register_time_memory_area vcpu_register_time_memory_area_t;
DEFINE_XEN_GUEST_HANDLE(vcpu_register_time_memory_area_t);

/*
 * Newer than Xen 4.17: the areas by guest physical address (addr.p), all ones
 * to deregister. Announced by XENFEAT_runstate_phys_area and
 * XENFEAT_vcpu_time_phys_area.
 */
#define VCPUOP_register_runstate_phys_area	14
#define VCPUOP_register_vcpu_time_phys_area	15

#endif
