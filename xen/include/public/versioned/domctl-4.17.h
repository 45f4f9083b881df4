/* SPDX-License-Identifier: MIT */
/*
 * domctl, interface version 0x15: Xen 4.17. Included by ../domctl.h.
 *
 * Each structure is the argument of the operation named like it, or the ones
 * named above it. Unless it says otherwise: fields are in, padding is 0, and
 * "x86" operations return -ENOSYS elsewhere.
 */
#ifndef __XEN_PUBLIC_DOMCTL_4_17_H__
#define __XEN_PUBLIC_DOMCTL_4_17_H__

#include "../xen.h"
#include "../event_channel.h"
#include "../grant_table.h"
#include "../hvm/save.h"
#include "../memory.h"

#define XEN_DOMCTL_INTERFACE_VERSION	0x00000015

/*
 * createdomain: a new domain, paused, with neither memory nor vCPUs. The
 * domain field of xen_domctl is the id wanted, or one >= DOMID_FIRST_RESERVED
 * (or 0) to have one chosen, and holds the id afterwards. -EEXIST if it is taken.
 */
struct xen_domctl_createdomain {
	uint32_t ssidref;		/* security label */
	xen_domain_handle_t handle;
/* A translated guest: HVM, PVH, Arm. */
#define _XEN_DOMCTL_CDF_hvm		0
#define XEN_DOMCTL_CDF_hvm		(1U << _XEN_DOMCTL_CDF_hvm)
/* Translation by hardware. */
#define _XEN_DOMCTL_CDF_hap		1
#define XEN_DOMCTL_CDF_hap		(1U << _XEN_DOMCTL_CDF_hap)
/* Check its memory over a host sleep. */
#define _XEN_DOMCTL_CDF_s3_integrity	2
#define XEN_DOMCTL_CDF_s3_integrity	(1U << _XEN_DOMCTL_CDF_s3_integrity)
/* No out-of-sync shadow tables. */
#define _XEN_DOMCTL_CDF_oos_off		3
#define XEN_DOMCTL_CDF_oos_off		(1U << _XEN_DOMCTL_CDF_oos_off)
/* The xenstore domain. */
#define _XEN_DOMCTL_CDF_xs_domain	4
#define XEN_DOMCTL_CDF_xs_domain	(1U << _XEN_DOMCTL_CDF_xs_domain)
/* Devices may be assigned to it. */
#define _XEN_DOMCTL_CDF_iommu		5
#define XEN_DOMCTL_CDF_iommu		(1U << _XEN_DOMCTL_CDF_iommu)
#define _XEN_DOMCTL_CDF_nested_virt	6
#define XEN_DOMCTL_CDF_nested_virt	(1U << _XEN_DOMCTL_CDF_nested_virt)
#define XEN_DOMCTL_CDF_vpmu		(1U << 7)
#define XEN_DOMCTL_CDF_MAX		XEN_DOMCTL_CDF_vpmu
	uint32_t flags;
#define _XEN_DOMCTL_IOMMU_no_sharept	0
#define XEN_DOMCTL_IOMMU_no_sharept	(1U << _XEN_DOMCTL_IOMMU_no_sharept)
#define XEN_DOMCTL_IOMMU_MAX		XEN_DOMCTL_IOMMU_no_sharept
	uint32_t iommu_opts;

	/* Limits. A negative one of the signed: the host's default. */
	uint32_t max_vcpus;
	uint32_t max_evtchn_port;
	int32_t max_grant_frames;
	int32_t max_maptrack_frames;
#define XEN_DOMCTL_GRANT_version_mask	0xf
#define XEN_DOMCTL_GRANT_version(v)	((v) & XEN_DOMCTL_GRANT_version_mask)
	uint32_t grant_opts;		/* highest version it may use */
	uint32_t vmtrace_size;		/* bytes per vCPU, 0 or a power of 2 */
	uint32_t cpupool_id;

	struct xen_arch_domainconfig arch;	/* in, out */
};

/*
 * getdomaininfo: the domain asked for, or the one with the next higher id: the
 * domain field tells which.
 */
struct xen_domctl_getdomaininfo {
	domid_t domain;			/* out */
	uint16_t pad1;
#define _XEN_DOMINF_dying	0	/* being destroyed */
#define XEN_DOMINF_dying	(1U << _XEN_DOMINF_dying)
#define _XEN_DOMINF_hvm_guest	1
#define XEN_DOMINF_hvm_guest	(1U << _XEN_DOMINF_hvm_guest)
#define _XEN_DOMINF_shutdown	2	/* it ended; the code is in bits 16-23 */
#define XEN_DOMINF_shutdown	(1U << _XEN_DOMINF_shutdown)
#define _XEN_DOMINF_paused	3	/* by the tools */
#define XEN_DOMINF_paused	(1U << _XEN_DOMINF_paused)
#define _XEN_DOMINF_blocked	4	/* all vCPUs wait for events */
#define XEN_DOMINF_blocked	(1U << _XEN_DOMINF_blocked)
#define _XEN_DOMINF_running	5	/* some vCPU is on a CPU */
#define XEN_DOMINF_running	(1U << _XEN_DOMINF_running)
#define _XEN_DOMINF_debugged	6
#define XEN_DOMINF_debugged	(1U << _XEN_DOMINF_debugged)
#define _XEN_DOMINF_xs_domain	7
#define XEN_DOMINF_xs_domain	(1U << _XEN_DOMINF_xs_domain)
#define _XEN_DOMINF_hap		8
#define XEN_DOMINF_hap		(1U << _XEN_DOMINF_hap)
#define XEN_DOMINF_shutdownmask		255
#define XEN_DOMINF_shutdownshift	16
	uint32_t flags;			/* out: XEN_DOMINF_* */
	uint64_aligned_t tot_pages;	/* out: pages it has */
	uint64_aligned_t max_pages;	/* out: pages it may have */
	uint64_aligned_t outstanding_pages;	/* out: claimed, not yet had */
	uint64_aligned_t shr_pages;
	uint64_aligned_t paged_pages;
	uint64_aligned_t shared_info_frame;	/* out: gfn */
	uint64_aligned_t cpu_time;	/* out: ns, all vCPUs together */
	uint32_t nr_online_vcpus;
#define XEN_INVALID_MAX_VCPU_ID	(~0U)	/* it has none yet */
	uint32_t max_vcpu_id;
	uint32_t ssidref;
	xen_domain_handle_t handle;
	uint32_t cpupool;
	uint8_t gpaddr_bits;		/* out: guest physical address width */
	uint8_t pad2[7];
	struct xen_arch_domainconfig arch_config;
};
typedef struct xen_domctl_getdomaininfo xen_domctl_getdomaininfo_t;
DEFINE_XEN_GUEST_HANDLE(xen_domctl_getdomaininfo_t);

/* getpageframeinfo3: what kind of page each frame is (x86). */
#define XEN_DOMCTL_PFINFO_LTAB_SHIFT	28
#define XEN_DOMCTL_PFINFO_NOTAB		(0x0U << 28)
#define XEN_DOMCTL_PFINFO_L1TAB		(0x1U << 28)
#define XEN_DOMCTL_PFINFO_L2TAB		(0x2U << 28)
#define XEN_DOMCTL_PFINFO_L3TAB		(0x3U << 28)
#define XEN_DOMCTL_PFINFO_L4TAB		(0x4U << 28)
#define XEN_DOMCTL_PFINFO_LTABTYPE_MASK	(0x7U << 28)
#define XEN_DOMCTL_PFINFO_LPINTAB	(0x1U << 31)	/* pinned */
#define XEN_DOMCTL_PFINFO_XTAB		(0xfU << 28)	/* no page */
#define XEN_DOMCTL_PFINFO_XALLOC	(0xeU << 28)	/* allocate, not sent */
#define XEN_DOMCTL_PFINFO_BROKEN	(0xdU << 28)	/* failed memory */
#define XEN_DOMCTL_PFINFO_LTAB_MASK	(0xfU << 28)
struct xen_domctl_getpageframeinfo3 {
	uint64_aligned_t num;
	XEN_GUEST_HANDLE_64(xen_pfn_t) array;	/* in: frames, out: types */
};

/* shadow_op: shadow or log-dirty mode, and its memory. */
#define XEN_DOMCTL_SHADOW_OP_OFF		0
#define XEN_DOMCTL_SHADOW_OP_ENABLE		32
#define XEN_DOMCTL_SHADOW_OP_CLEAN		11	/* read and reset */
#define XEN_DOMCTL_SHADOW_OP_PEEK		12	/* read */
#define XEN_DOMCTL_SHADOW_OP_GET_ALLOCATION	30
#define XEN_DOMCTL_SHADOW_OP_SET_ALLOCATION	31
#define XEN_DOMCTL_SHADOW_OP_ENABLE_TEST	1
#define XEN_DOMCTL_SHADOW_OP_ENABLE_LOGDIRTY	2
/* mode, for ENABLE */
#define XEN_DOMCTL_SHADOW_ENABLE_REFCOUNT	(1 << 1)
#define XEN_DOMCTL_SHADOW_ENABLE_LOG_DIRTY	(1 << 2)
#define XEN_DOMCTL_SHADOW_ENABLE_TRANSLATE	(1 << 3)
#define XEN_DOMCTL_SHADOW_ENABLE_EXTERNAL	(1 << 4)
/* mode, for CLEAN and PEEK */
#define XEN_DOMCTL_SHADOW_LOGDIRTY_FINAL	(1 << 0)

struct xen_domctl_shadow_op_stats {
	uint32_t fault_count;
	uint32_t dirty_count;
};

struct xen_domctl_shadow_op {
	uint32_t op;
	uint32_t mode;
	uint32_t mb;			/* in, out: *_ALLOCATION, MiB */
	XEN_GUEST_HANDLE_64(uint8) dirty_bitmap;
	uint64_aligned_t pages;		/* in: size of the bitmap, out */
	struct xen_domctl_shadow_op_stats stats;	/* out */
};

/* max_mem: the most memory it may have, in KiB. */
struct xen_domctl_max_mem {
	uint64_aligned_t max_memkb;
};

/*
 * setvcpucontext, getvcpucontext: registers of a vCPU, which must not run
 * meanwhile (it is paused). A NULL context resets it.
 */
struct xen_domctl_vcpucontext {
	uint32_t vcpu;
	XEN_GUEST_HANDLE_64(vcpu_guest_context_t) ctxt;
};

/* getvcpuinfo */
struct xen_domctl_getvcpuinfo {
	uint32_t vcpu;			/* in */
	uint8_t online;			/* out: not down */
	uint8_t blocked;		/* out: waits for an event */
	uint8_t running;		/* out: on a CPU now */
	uint64_aligned_t cpu_time;	/* out: ns */
	uint32_t cpu;			/* out: where it is, or was last */
};

/* setnodeaffinity, getnodeaffinity: nodes to take memory from. */
struct xen_domctl_nodeaffinity {
	struct xenctl_bitmap nodemap;	/* in for set, out for get */
};

/*
 * setvcpuaffinity, getvcpuaffinity: CPUs it may run on (hard) and likes to run
 * on (soft). Set also returns the result in those of the maps it set.
 */
struct xen_domctl_vcpuaffinity {
	uint32_t vcpu;
#define _XEN_VCPUAFFINITY_HARD	0
#define XEN_VCPUAFFINITY_HARD	(1U << _XEN_VCPUAFFINITY_HARD)
#define _XEN_VCPUAFFINITY_SOFT	1
#define XEN_VCPUAFFINITY_SOFT	(1U << _XEN_VCPUAFFINITY_SOFT)
#define _XEN_VCPUAFFINITY_FORCE	2	/* undo a temporary pinning */
#define XEN_VCPUAFFINITY_FORCE	(1U << _XEN_VCPUAFFINITY_FORCE)
	uint32_t flags;
	struct xenctl_bitmap cpumap_hard;	/* in, out */
	struct xenctl_bitmap cpumap_soft;	/* in, out */
};

/* max_vcpus: create the vCPUs; the number given at creation, once. */
struct xen_domctl_max_vcpus {
	uint32_t max;
};

/* scheduler_op: parameters of a domain or of its vCPUs. */
#define XEN_SCHEDULER_CREDIT	5
#define XEN_SCHEDULER_CREDIT2	6
#define XEN_SCHEDULER_ARINC653	7
#define XEN_SCHEDULER_RTDS	8
#define XEN_SCHEDULER_NULL	9

struct xen_domctl_sched_credit {
	uint16_t weight;
	uint16_t cap;			/* percent of a CPU, 0: none */
};

struct xen_domctl_sched_credit2 {
	uint16_t weight;
	uint16_t cap;			/* percent of a CPU, 0: none */
};

struct xen_domctl_sched_rtds {
	uint32_t period;		/* us */
	uint32_t budget;		/* us */
#define _XEN_DOMCTL_SCHEDRT_extra	0	/* may use idle time */
#define XEN_DOMCTL_SCHEDRT_extra	(1U << _XEN_DOMCTL_SCHEDRT_extra)
	uint32_t flags;
};

typedef struct xen_domctl_schedparam_vcpu {
	union {
		struct xen_domctl_sched_credit credit;
		struct xen_domctl_sched_credit2 credit2;
		struct xen_domctl_sched_rtds rtds;
	} u;
	uint32_t vcpuid;
} xen_domctl_schedparam_vcpu_t;
DEFINE_XEN_GUEST_HANDLE(xen_domctl_schedparam_vcpu_t);

#define XEN_DOMCTL_SCHEDOP_putinfo	0
#define XEN_DOMCTL_SCHEDOP_getinfo	1
#define XEN_DOMCTL_SCHEDOP_putvcpuinfo	2
#define XEN_DOMCTL_SCHEDOP_getvcpuinfo	3
struct xen_domctl_scheduler_op {
	uint32_t sched_id;		/* XEN_SCHEDULER_*, the one in use */
	uint32_t cmd;			/* XEN_DOMCTL_SCHEDOP_* */
	union {
		struct xen_domctl_sched_credit credit;
		struct xen_domctl_sched_credit2 credit2;
		struct xen_domctl_sched_rtds rtds;
		struct {
			XEN_GUEST_HANDLE_64(xen_domctl_schedparam_vcpu_t) vcpus;
			uint32_t nr_vcpus;	/* in, out: elements done */
			uint32_t padding;
		} v;
	} u;
};

/* setdomainhandle */
struct xen_domctl_setdomainhandle {
	xen_domain_handle_t handle;
};

/* setdebugging: breakpoints pause it for its debugger. */
struct xen_domctl_setdebugging {
	uint8_t enable;
};

/* irq_permission, iomem_permission, ioport_permission: hardware it may use. */
struct xen_domctl_irq_permission {
	uint32_t pirq;			/* of the caller */
	uint8_t allow_access;
	uint8_t pad[3];
};

struct xen_domctl_iomem_permission {
	uint64_aligned_t first_mfn;
	uint64_aligned_t nr_mfns;
	uint8_t allow_access;
};

struct xen_domctl_ioport_permission {
	uint32_t first_port;
	uint32_t nr_ports;
	uint8_t allow_access;
};

/* hypercall_init: fill a page with hypercall stubs (x86). */
struct xen_domctl_hypercall_init {
	uint64_aligned_t gmfn;
};

/* settimeoffset: of the wall clock the domain sees, from UTC. */
struct xen_domctl_settimeoffset {
	int64_aligned_t time_offset_seconds;
};

/* gethvmcontext, sethvmcontext: all records of hvm/save.h. */
struct xen_domctl_hvmcontext {
	uint32_t size;			/* in: bytes, out; get with NULL asks */
	XEN_GUEST_HANDLE_64(uint8) buffer;
};

/* set_address_size, get_address_size: 32 or 64, before it has memory. */
struct xen_domctl_address_size {
	uint32_t size;
};

/* sendtrigger (x86) */
#define XEN_DOMCTL_SENDTRIGGER_NMI	0
#define XEN_DOMCTL_SENDTRIGGER_RESET	1
#define XEN_DOMCTL_SENDTRIGGER_INIT	2
#define XEN_DOMCTL_SENDTRIGGER_POWER	3
#define XEN_DOMCTL_SENDTRIGGER_SLEEP	4
struct xen_domctl_sendtrigger {
	uint32_t trigger;
	uint32_t vcpu;
};

/* assign_device, deassign_device, test_assign_device */
#define XEN_DOMCTL_DEV_PCI	0
#define XEN_DOMCTL_DEV_DT	1
struct xen_domctl_assign_device {
	uint32_t dev;			/* XEN_DOMCTL_DEV_* */
	uint32_t flags;
#define XEN_DOMCTL_DEV_RDM_RELAXED	1	/* reserved memory may be missing */
	union {
		struct {
			uint32_t machine_sbdf;
		} pci;
		struct {
			uint32_t size;	/* of the path, without the NUL */
			XEN_GUEST_HANDLE_64(char) path;
		} dt;
	} u;
};

/* get_device_group: devices the IOMMU cannot tell from this one. */
struct xen_domctl_get_device_group {
	uint32_t machine_sbdf;		/* in */
	uint32_t max_sdevs;		/* in */
	uint32_t num_sdevs;		/* out */
	XEN_GUEST_HANDLE_64(uint32) sdev_array;	/* out */
};

/* bind_pt_irq, unbind_pt_irq: route a host interrupt into a guest. */
enum pt_irq_type {
	PT_IRQ_TYPE_PCI,
	PT_IRQ_TYPE_ISA,
	PT_IRQ_TYPE_MSI,
	PT_IRQ_TYPE_MSI_TRANSLATE,
	PT_IRQ_TYPE_SPI			/* Arm */
};
struct xen_domctl_bind_pt_irq {
	uint32_t machine_irq;
	uint32_t irq_type;		/* PT_IRQ_TYPE_* */

	union {
		struct {
			uint8_t isa_irq;
		} isa;
		struct {
			uint8_t bus;
			uint8_t device;
			uint8_t intx;
		} pci;
		struct {
			uint8_t gvec;
			uint32_t gflags;
#define XEN_DOMCTL_VMSI_X86_DEST_ID_MASK	0x0000ff
#define XEN_DOMCTL_VMSI_X86_RH_MASK		0x000100
#define XEN_DOMCTL_VMSI_X86_DM_MASK		0x000200
#define XEN_DOMCTL_VMSI_X86_DELIV_MASK		0x007000
#define XEN_DOMCTL_VMSI_X86_TRIG_MASK		0x008000
#define XEN_DOMCTL_VMSI_X86_UNMASKED		0x010000
			uint64_aligned_t gtable;
		} msi;
		struct {
			uint16_t spi;
		} spi;
	} u;
};

/*
 * memory_mapping: show device frames to a domain that has iomem_permission, or
 * stop. -E2BIG: too many frames in one call, send fewer.
 */
#define DPCI_ADD_MAPPING	1
#define DPCI_REMOVE_MAPPING	0
struct xen_domctl_memory_mapping {
	uint64_aligned_t first_gfn;
	uint64_aligned_t first_mfn;
	uint64_aligned_t nr_mfns;
	uint32_t add_mapping;		/* DPCI_* */
	uint32_t padding;
};

/* ioport_mapping (x86) */
struct xen_domctl_ioport_mapping {
	uint32_t first_gport;
	uint32_t first_mport;
	uint32_t nr_ports;
	uint32_t add_mapping;		/* DPCI_* */
};

/* Cache attributes, as dm_op's pin_memory_cacheattr takes them. */
#define XEN_DOMCTL_MEM_CACHEATTR_UC	0
#define XEN_DOMCTL_MEM_CACHEATTR_WC	1
#define XEN_DOMCTL_MEM_CACHEATTR_WT	4
#define XEN_DOMCTL_MEM_CACHEATTR_WP	5
#define XEN_DOMCTL_MEM_CACHEATTR_WB	6
#define XEN_DOMCTL_MEM_CACHEATTR_UCM	7
#define XEN_DOMCTL_DELETE_MEM_CACHEATTR	(~(uint32_t)0)

/* set_ext_vcpucontext, get_ext_vcpucontext (x86) */
struct xen_domctl_ext_vcpucontext {
	uint32_t vcpu;
	uint32_t size;			/* in for set, out for get */
#if defined(__i386__) || defined(__x86_64__)
	uint64_aligned_t syscall32_callback_eip;
	uint64_aligned_t sysenter_callback_eip;
	uint16_t syscall32_callback_cs;
	uint16_t sysenter_callback_cs;
	uint8_t syscall32_disables_events;
	uint8_t sysenter_disables_events;
	__extension__ union {
		uint64_aligned_t mcg_cap;
		struct hvm_vmce_vcpu vmce;
	};
#endif
};

/* set_target: the domain may act for target as its device model does. */
struct xen_domctl_set_target {
	domid_t target;
};

#if defined(__i386__) || defined(__x86_64__)
#define XEN_CPUID_INPUT_UNUSED	0xFFFFFFFF

/* get_cpu_policy, set_cpu_policy: CPUID leaves and MSRs it sees. */
struct xen_domctl_cpu_policy {
	uint32_t nr_leaves;		/* in, out */
	uint32_t nr_msrs;		/* in, out */
	XEN_GUEST_HANDLE_64(xen_cpuid_leaf_t) leaves;
	XEN_GUEST_HANDLE_64(xen_msr_entry_t) msrs;
	uint32_t err_leaf, err_subleaf, err_msr;	/* out: what was wrong */
};
typedef struct xen_domctl_cpu_policy xen_domctl_cpu_policy_t;
DEFINE_XEN_GUEST_HANDLE(xen_domctl_cpu_policy_t);
#endif

/* subscribe: be told on this port when the domain has suspended. */
struct xen_domctl_subscribe {
	uint32_t port;
};

/* debug_op (x86, Arm) */
#define XEN_DOMCTL_DEBUG_OP_SINGLE_STEP_OFF	0
#define XEN_DOMCTL_DEBUG_OP_SINGLE_STEP_ON	1
struct xen_domctl_debug_op {
	uint32_t op;
	uint32_t vcpu;
};

/* gethvmcontext_partial: one record. */
struct xen_domctl_hvmcontext_partial {
	uint32_t type;
	uint32_t instance;
	uint64_aligned_t bufsz;		/* in, out: bytes */
	XEN_GUEST_HANDLE_64(uint8) buffer;
};

/* gettscinfo, settscinfo (x86) */
struct xen_domctl_tsc_info {
	uint32_t tsc_mode;
	uint32_t gtsc_khz;
	uint32_t incarnation;
	uint32_t pad;
	uint64_aligned_t elapsed_nsec;
};

/* gdbsx_guestmemio: read or write guest virtual memory, for a debugger. */
struct xen_domctl_gdbsx_memio {
	uint64_aligned_t pgd3val;	/* page table to use, 0: current */
	uint64_aligned_t gva;
	uint64_aligned_t uva;
	uint32_t len;
	uint8_t gwr;			/* 1: write to the guest */
	uint32_t remain;		/* out: bytes not done */
};

/* gdbsx_pausevcpu, gdbsx_unpausevcpu */
struct xen_domctl_gdbsx_pauseunp_vcpu {
	uint32_t vcpu;
};

/* gdbsx_domstatus */
struct xen_domctl_gdbsx_domstatus {
	uint8_t paused;			/* out */
	uint32_t vcpu_id;		/* out: who has an event, or ~0 */
	uint32_t vcpu_ev;		/* out */
};

/* vm_event_op: rings by which a monitor hears of a domain's events. */
#define XEN_VM_EVENT_ENABLE		0
#define XEN_VM_EVENT_DISABLE		1
#define XEN_VM_EVENT_RESUME		2
#define XEN_VM_EVENT_GET_VERSION	3

#define XEN_DOMCTL_VM_EVENT_OP_PAGING	1
#define XEN_DOMCTL_VM_EVENT_OP_MONITOR	2
#define XEN_DOMCTL_VM_EVENT_OP_SHARING	3

struct xen_domctl_vm_event_op {
	uint32_t op;			/* XEN_VM_EVENT_* */
	uint32_t mode;			/* XEN_DOMCTL_VM_EVENT_OP_* */
	union {
		struct {
			uint32_t port;	/* out */
		} enable;
		uint32_t version;	/* out */
	} u;
};

/* mem_sharing_op (x86) */
#define XEN_DOMCTL_MEM_SHARING_CONTROL	0
struct xen_domctl_mem_sharing_op {
	uint8_t op;
	union {
		uint8_t enable;
	} u;
};

/* audit_p2m (x86): out, counts of what is wrong */
struct xen_domctl_audit_p2m {
	uint64_t orphans;
	uint64_t m2p_bad;
	uint64_t p2m_bad;
};

/* set_virq_handler: the domain gets a host-wide virtual interrupt. */
struct xen_domctl_set_virq_handler {
	uint32_t virq;
};

#if defined(__i386__) || defined(__x86_64__)
/* setvcpuextstate, getvcpuextstate */
struct xen_domctl_vcpuextstate {
	uint32_t vcpu;
	uint64_aligned_t xfeature_mask;	/* in, out */
	uint64_aligned_t size;		/* in, out */
	XEN_GUEST_HANDLE_64(uint64) buffer;
};
#endif

/* set_access_required: without a monitor, pause instead of ignoring. */
struct xen_domctl_set_access_required {
	uint8_t access_required;
};

/* set_broken_page_p2m (x86) */
struct xen_domctl_set_broken_page_p2m {
	uint64_aligned_t pfn;
};

/*
 * cacheflush: clean and invalidate what the builder wrote, so that a guest that
 * starts with its caches off sees it. Guest frames. Arm.
 */
struct xen_domctl_cacheflush {
	xen_pfn_t start_pfn, nr_pfns;
};

/*
 * get_paging_mempool_size, set_paging_mempool_size: memory for the tables that
 * translate for it, in bytes, a multiple of the page size (-EINVAL).
 */
struct xen_domctl_paging_mempool {
	uint64_aligned_t size;		/* in for set, out for get */
};

#if defined(__i386__) || defined(__x86_64__)
struct xen_domctl_vcpu_msr {
	uint32_t index;
	uint32_t reserved;
	uint64_aligned_t value;
};
typedef struct xen_domctl_vcpu_msr xen_domctl_vcpu_msr_t;
DEFINE_XEN_GUEST_HANDLE(xen_domctl_vcpu_msr_t);

/* get_vcpu_msrs, set_vcpu_msrs */
struct xen_domctl_vcpu_msrs {
	uint32_t vcpu;
	uint32_t msr_count;		/* in, out */
	XEN_GUEST_HANDLE_64(xen_domctl_vcpu_msr_t) msrs;
};
#endif

/* setvnumainfo: the topology XENMEM_get_vnumainfo tells. Once. */
struct xen_domctl_vnuma {
	uint32_t nr_vnodes;
	uint32_t nr_vmemranges;
	uint32_t nr_vcpus;
	uint32_t pad;
	XEN_GUEST_HANDLE_64(uint) vdistance;		/* nr_vnodes squared */
	XEN_GUEST_HANDLE_64(uint) vcpu_to_vnode;
	XEN_GUEST_HANDLE_64(uint) vnode_to_pnode;
	XEN_GUEST_HANDLE_64(xen_vmemrange_t) vmemrange;
};

/* psr_cmt_op (x86): cache monitoring */
struct xen_domctl_psr_cmt_op {
#define XEN_DOMCTL_PSR_CMT_OP_DETACH		0
#define XEN_DOMCTL_PSR_CMT_OP_ATTACH		1
#define XEN_DOMCTL_PSR_CMT_OP_QUERY_RMID	2
	uint32_t cmd;
	uint32_t data;
};

/* monitor_op: which events go to the monitor. */
#define XEN_DOMCTL_MONITOR_OP_ENABLE			0
#define XEN_DOMCTL_MONITOR_OP_DISABLE			1
#define XEN_DOMCTL_MONITOR_OP_GET_CAPABILITIES		2
#define XEN_DOMCTL_MONITOR_OP_EMULATE_EACH_REP		3
#define XEN_DOMCTL_MONITOR_OP_CONTROL_REGISTERS		4

#define XEN_DOMCTL_MONITOR_EVENT_WRITE_CTRLREG		0
#define XEN_DOMCTL_MONITOR_EVENT_MOV_TO_MSR		1
#define XEN_DOMCTL_MONITOR_EVENT_SINGLESTEP		2
#define XEN_DOMCTL_MONITOR_EVENT_SOFTWARE_BREAKPOINT	3
#define XEN_DOMCTL_MONITOR_EVENT_GUEST_REQUEST		4
#define XEN_DOMCTL_MONITOR_EVENT_DEBUG_EXCEPTION	5
#define XEN_DOMCTL_MONITOR_EVENT_CPUID			6
#define XEN_DOMCTL_MONITOR_EVENT_PRIVILEGED_CALL	7
#define XEN_DOMCTL_MONITOR_EVENT_INTERRUPT		8
#define XEN_DOMCTL_MONITOR_EVENT_DESC_ACCESS		9
#define XEN_DOMCTL_MONITOR_EVENT_EMUL_UNIMPLEMENTED	10
#define XEN_DOMCTL_MONITOR_EVENT_INGUEST_PAGEFAULT	11
#define XEN_DOMCTL_MONITOR_EVENT_VMEXIT			12

struct xen_domctl_monitor_op {
	uint32_t op;			/* XEN_DOMCTL_MONITOR_OP_* */
	uint32_t event;			/* in; out for capabilities: a bitmap */
	union {
		struct {
			uint8_t index;
			uint8_t sync;
			uint8_t onchangeonly;
			uint8_t pad1;
			uint32_t pad2;
			uint64_aligned_t bitmask;
		} mov_to_cr;
		struct {
			uint32_t msr;
			uint8_t onchangeonly;
		} mov_to_msr;
		struct {
			uint8_t sync;
			uint8_t allow_userspace;
		} guest_request;
		struct {
			uint8_t sync;
		} debug_exception;
		struct {
			uint8_t sync;
		} vmexit;
	} u;
};

/* psr_alloc (x86): cache and bandwidth allocation */
struct xen_domctl_psr_alloc {
#define XEN_DOMCTL_PSR_SET_L3_CBM	0
#define XEN_DOMCTL_PSR_GET_L3_CBM	1
#define XEN_DOMCTL_PSR_SET_L3_CODE	2
#define XEN_DOMCTL_PSR_SET_L3_DATA	3
#define XEN_DOMCTL_PSR_GET_L3_CODE	4
#define XEN_DOMCTL_PSR_GET_L3_DATA	5
#define XEN_DOMCTL_PSR_SET_L2_CBM	6
#define XEN_DOMCTL_PSR_GET_L2_CBM	7
#define XEN_DOMCTL_PSR_SET_MBA_THRTL	8
#define XEN_DOMCTL_PSR_GET_MBA_THRTL	9
	uint32_t cmd;
	uint32_t target;		/* socket */
	uint64_t data;			/* in, out */
};

/* vuart_op: a serial port whose other end is a console ring. Arm. */
struct xen_domctl_vuart_op {
#define XEN_DOMCTL_VUART_OP_INIT	0
	uint32_t cmd;
#define XEN_DOMCTL_VUART_TYPE_VPL011	0
	uint32_t type;
	uint64_aligned_t gfn;		/* of the ring */
	domid_t console_domid;		/* who runs the console daemon */
	uint8_t pad[2];
	evtchn_port_t evtchn;		/* out: for that domain to bind */
};

/* vmtrace_op (x86): processor trace */
struct xen_domctl_vmtrace_op {
	uint32_t cmd;
	uint32_t vcpu;
	uint64_aligned_t key;
	uint64_aligned_t value;
#define XEN_DOMCTL_vmtrace_enable		1
#define XEN_DOMCTL_vmtrace_disable		2
#define XEN_DOMCTL_vmtrace_reset_and_enable	3
#define XEN_DOMCTL_vmtrace_output_position	4
#define XEN_DOMCTL_vmtrace_get_option		5
#define XEN_DOMCTL_vmtrace_set_option		6
};
typedef struct xen_domctl_vmtrace_op xen_domctl_vmtrace_op_t;
DEFINE_XEN_GUEST_HANDLE(xen_domctl_vmtrace_op_t);

struct xen_domctl {
	uint32_t cmd;
#define XEN_DOMCTL_createdomain			1
#define XEN_DOMCTL_destroydomain		2
#define XEN_DOMCTL_pausedomain			3	/* counted */
#define XEN_DOMCTL_unpausedomain		4	/* -EINVAL if not paused */
#define XEN_DOMCTL_getdomaininfo		5
#define XEN_DOMCTL_setvcpuaffinity		9
#define XEN_DOMCTL_shadow_op			10
#define XEN_DOMCTL_max_mem			11
#define XEN_DOMCTL_setvcpucontext		12
#define XEN_DOMCTL_getvcpucontext		13
#define XEN_DOMCTL_getvcpuinfo			14
#define XEN_DOMCTL_max_vcpus			15
#define XEN_DOMCTL_scheduler_op			16
#define XEN_DOMCTL_setdomainhandle		17
#define XEN_DOMCTL_setdebugging			18
#define XEN_DOMCTL_irq_permission		19
#define XEN_DOMCTL_iomem_permission		20
#define XEN_DOMCTL_ioport_permission		21
#define XEN_DOMCTL_hypercall_init		22
#ifdef __XEN__
#define XEN_DOMCTL_soft_reset_cont		23	/* not ABI */
#endif
#define XEN_DOMCTL_settimeoffset		24
#define XEN_DOMCTL_getvcpuaffinity		25
#define XEN_DOMCTL_real_mode_area		26	/* gone */
#define XEN_DOMCTL_resumedomain			27	/* after a suspend */
#define XEN_DOMCTL_sendtrigger			28
#define XEN_DOMCTL_subscribe			29
#define XEN_DOMCTL_gethvmcontext		33
#define XEN_DOMCTL_sethvmcontext		34
#define XEN_DOMCTL_set_address_size		35
#define XEN_DOMCTL_get_address_size		36
#define XEN_DOMCTL_assign_device		37
#define XEN_DOMCTL_bind_pt_irq			38
#define XEN_DOMCTL_memory_mapping		39
#define XEN_DOMCTL_ioport_mapping		40
#define XEN_DOMCTL_set_ext_vcpucontext		42
#define XEN_DOMCTL_get_ext_vcpucontext		43
#define XEN_DOMCTL_set_opt_feature		44	/* gone */
#define XEN_DOMCTL_test_assign_device		45
#define XEN_DOMCTL_set_target			46
#define XEN_DOMCTL_deassign_device		47
#define XEN_DOMCTL_unbind_pt_irq		48
#define XEN_DOMCTL_get_device_group		50
#define XEN_DOMCTL_debug_op			54
#define XEN_DOMCTL_gethvmcontext_partial	55
#define XEN_DOMCTL_vm_event_op			56
#define XEN_DOMCTL_mem_sharing_op		57
#define XEN_DOMCTL_gettscinfo			59
#define XEN_DOMCTL_settscinfo			60
#define XEN_DOMCTL_getpageframeinfo3		61
#define XEN_DOMCTL_setvcpuextstate		62
#define XEN_DOMCTL_getvcpuextstate		63
#define XEN_DOMCTL_set_access_required		64
#define XEN_DOMCTL_audit_p2m			65
#define XEN_DOMCTL_set_virq_handler		66
#define XEN_DOMCTL_set_broken_page_p2m		67
#define XEN_DOMCTL_setnodeaffinity		68
#define XEN_DOMCTL_getnodeaffinity		69
#define XEN_DOMCTL_cacheflush			71
#define XEN_DOMCTL_get_vcpu_msrs		72
#define XEN_DOMCTL_set_vcpu_msrs		73
#define XEN_DOMCTL_setvnumainfo			74
#define XEN_DOMCTL_psr_cmt_op			75
#define XEN_DOMCTL_monitor_op			77
#define XEN_DOMCTL_psr_alloc			78
#define XEN_DOMCTL_soft_reset			79	/* drop its Xen state */
#define XEN_DOMCTL_vuart_op			81
#define XEN_DOMCTL_get_cpu_policy		82
#define XEN_DOMCTL_set_cpu_policy		83
#define XEN_DOMCTL_vmtrace_op			84
#define XEN_DOMCTL_get_paging_mempool_size	85
#define XEN_DOMCTL_set_paging_mempool_size	86
#define XEN_DOMCTL_gdbsx_guestmemio		1000
#define XEN_DOMCTL_gdbsx_pausevcpu		1001
#define XEN_DOMCTL_gdbsx_unpausevcpu		1002
#define XEN_DOMCTL_gdbsx_domstatus		1003
	uint32_t interface_version;	/* XEN_DOMCTL_INTERFACE_VERSION */
	domid_t domain;
	uint16_t _pad[3];
	union {
		struct xen_domctl_createdomain createdomain;
		struct xen_domctl_getdomaininfo getdomaininfo;
		struct xen_domctl_getpageframeinfo3 getpageframeinfo3;
		struct xen_domctl_nodeaffinity nodeaffinity;
		struct xen_domctl_vcpuaffinity vcpuaffinity;
		struct xen_domctl_shadow_op shadow_op;
		struct xen_domctl_max_mem max_mem;
		struct xen_domctl_vcpucontext vcpucontext;
		struct xen_domctl_getvcpuinfo getvcpuinfo;
		struct xen_domctl_max_vcpus max_vcpus;
		struct xen_domctl_scheduler_op scheduler_op;
		struct xen_domctl_setdomainhandle setdomainhandle;
		struct xen_domctl_setdebugging setdebugging;
		struct xen_domctl_irq_permission irq_permission;
		struct xen_domctl_iomem_permission iomem_permission;
		struct xen_domctl_ioport_permission ioport_permission;
		struct xen_domctl_hypercall_init hypercall_init;
		struct xen_domctl_settimeoffset settimeoffset;
		struct xen_domctl_tsc_info tsc_info;
		struct xen_domctl_hvmcontext hvmcontext;
		struct xen_domctl_hvmcontext_partial hvmcontext_partial;
		struct xen_domctl_address_size address_size;
		struct xen_domctl_sendtrigger sendtrigger;
		struct xen_domctl_get_device_group get_device_group;
		struct xen_domctl_assign_device assign_device;
		struct xen_domctl_bind_pt_irq bind_pt_irq;
		struct xen_domctl_memory_mapping memory_mapping;
		struct xen_domctl_ioport_mapping ioport_mapping;
		struct xen_domctl_ext_vcpucontext ext_vcpucontext;
		struct xen_domctl_set_target set_target;
		struct xen_domctl_subscribe subscribe;
		struct xen_domctl_debug_op debug_op;
		struct xen_domctl_vm_event_op vm_event_op;
		struct xen_domctl_mem_sharing_op mem_sharing_op;
#if defined(__i386__) || defined(__x86_64__)
		struct xen_domctl_cpu_policy cpu_policy;
		struct xen_domctl_vcpuextstate vcpuextstate;
		struct xen_domctl_vcpu_msrs vcpu_msrs;
#endif
		struct xen_domctl_set_access_required access_required;
		struct xen_domctl_audit_p2m audit_p2m;
		struct xen_domctl_set_virq_handler set_virq_handler;
		struct xen_domctl_gdbsx_memio gdbsx_guest_memio;
		struct xen_domctl_set_broken_page_p2m set_broken_page_p2m;
		struct xen_domctl_cacheflush cacheflush;
		struct xen_domctl_gdbsx_pauseunp_vcpu gdbsx_pauseunp_vcpu;
		struct xen_domctl_gdbsx_domstatus gdbsx_domstatus;
		struct xen_domctl_vnuma vnuma;
		struct xen_domctl_psr_cmt_op psr_cmt_op;
		struct xen_domctl_monitor_op monitor_op;
		struct xen_domctl_psr_alloc psr_alloc;
		struct xen_domctl_vuart_op vuart_op;
		struct xen_domctl_vmtrace_op vmtrace_op;
		struct xen_domctl_paging_mempool paging_mempool;
		uint8_t pad[128];
	} u;
};
typedef struct xen_domctl xen_domctl_t;
DEFINE_XEN_GUEST_HANDLE(xen_domctl_t);

#endif
