/* SPDX-License-Identifier: MIT */
/*
 * The root of the ABI: hypercall numbers, virtual interrupts, reserved domain
 * ids, and the pages every guest shares with the hypervisor.
 */
#ifndef __XEN_PUBLIC_XEN_H__
#define __XEN_PUBLIC_XEN_H__

#include "xen-compat.h"

#if defined(__i386__) || defined(__x86_64__)
#include "arch-x86/xen.h"
#elif defined(__arm__) || defined(__aarch64__)
#include "arch-arm.h"
#else
#error "this architecture has no Xen ABI"
#endif

/* Constants with a suffix in C, and without in assembly. */
#ifndef __ASSEMBLY__
#define __xen_mk_uint(x)	x ## U
#define __xen_mk_ulong(x)	x ## UL
#ifndef __xen_mk_ullong
#define __xen_mk_ullong(x)	x ## ULL
#endif
#define xen_mk_uint(x)		__xen_mk_uint(x)
#define xen_mk_ulong(x)		__xen_mk_ulong(x)
#define xen_mk_ullong(x)	__xen_mk_ullong(x)
#else
#define xen_mk_uint(x)		x
#define xen_mk_ulong(x)		x
#define xen_mk_ullong(x)	x
#endif

#ifndef __ASSEMBLY__
DEFINE_XEN_GUEST_HANDLE(char);
__DEFINE_XEN_GUEST_HANDLE(uchar, unsigned char);
DEFINE_XEN_GUEST_HANDLE(int);
__DEFINE_XEN_GUEST_HANDLE(uint, unsigned int);
DEFINE_XEN_GUEST_HANDLE(void);
DEFINE_XEN_GUEST_HANDLE(uint64_t);
DEFINE_XEN_GUEST_HANDLE(xen_pfn_t);
DEFINE_XEN_GUEST_HANDLE(xen_ulong_t);
__DEFINE_XEN_GUEST_HANDLE(uint8, uint8_t);
__DEFINE_XEN_GUEST_HANDLE(uint16, uint16_t);
__DEFINE_XEN_GUEST_HANDLE(uint32, uint32_t);
__DEFINE_XEN_GUEST_HANDLE(uint64, uint64_t);
#endif

/*
 * Hypercall numbers. A number that this caller's kind of guest does not have
 * returns -ENOSYS.
 */
#define __HYPERVISOR_set_trap_table		0	/* x86 PV */
#define __HYPERVISOR_mmu_update			1	/* x86 PV */
#define __HYPERVISOR_set_gdt			2	/* x86 PV */
#define __HYPERVISOR_stack_switch		3	/* x86 PV */
#define __HYPERVISOR_set_callbacks		4	/* x86 PV */
#define __HYPERVISOR_fpu_taskswitch		5	/* x86 PV */
#define __HYPERVISOR_sched_op_compat		6	/* retired */
#define __HYPERVISOR_platform_op		7
#define __HYPERVISOR_set_debugreg		8	/* x86 PV */
#define __HYPERVISOR_get_debugreg		9	/* x86 PV */
#define __HYPERVISOR_update_descriptor		10	/* x86 PV */
#define __HYPERVISOR_memory_op			12
#define __HYPERVISOR_multicall			13
#define __HYPERVISOR_update_va_mapping		14	/* x86 PV */
#define __HYPERVISOR_set_timer_op		15	/* x86 */
#define __HYPERVISOR_event_channel_op_compat	16	/* retired */
#define __HYPERVISOR_xen_version		17
#define __HYPERVISOR_console_io			18
#define __HYPERVISOR_physdev_op_compat		19	/* retired */
#define __HYPERVISOR_grant_table_op		20
#define __HYPERVISOR_vm_assist			21
#define __HYPERVISOR_update_va_mapping_otherdomain 22	/* x86 PV */
#define __HYPERVISOR_iret			23	/* x86 PV */
#define __HYPERVISOR_vcpu_op			24
#define __HYPERVISOR_set_segment_base		25	/* x86 PV */
#define __HYPERVISOR_mmuext_op			26	/* x86 */
#define __HYPERVISOR_xsm_op			27
#define __HYPERVISOR_nmi_op			28	/* x86 PV */
#define __HYPERVISOR_sched_op			29
#define __HYPERVISOR_callback_op		30	/* x86 PV */
#define __HYPERVISOR_xenoprof_op		31	/* gone */
#define __HYPERVISOR_event_channel_op		32
#define __HYPERVISOR_physdev_op			33
#define __HYPERVISOR_hvm_op			34
#define __HYPERVISOR_sysctl			35
#define __HYPERVISOR_domctl			36
#define __HYPERVISOR_kexec_op			37
#define __HYPERVISOR_tmem_op			38	/* gone */
#define __HYPERVISOR_argo_op			39
#define __HYPERVISOR_xenpmu_op			40
#define __HYPERVISOR_dm_op			41
#define __HYPERVISOR_hypfs_op			42

/* Left to the architectures. */
#define __HYPERVISOR_arch_0			48
#define __HYPERVISOR_arch_1			49
#define __HYPERVISOR_arch_2			50
#define __HYPERVISOR_arch_3			51
#define __HYPERVISOR_arch_4			52
#define __HYPERVISOR_arch_5			53
#define __HYPERVISOR_arch_6			54
#define __HYPERVISOR_arch_7			55

/*
 * Virtual interrupts, for EVTCHNOP_bind_virq. (V): bound once per vCPU.
 * (G): one binding in a domain. (DOM0): one binding in the host, by the
 * control domain or the domain that XEN_DOMCTL_set_virq_handler named.
 */
#define VIRQ_TIMER	0	/* (V)    vCPU timer */
#define VIRQ_DEBUG	1	/* (V)    dump your state, please */
#define VIRQ_CONSOLE	2	/* (DOM0) input arrived on the host console */
#define VIRQ_DOM_EXC	3	/* (DOM0) a domain shut down, crashed or died */
#define VIRQ_TBUF	4	/* (DOM0) trace records are waiting */
#define VIRQ_DEBUGGER	6	/* (DOM0) a domain stopped for its debugger */
#define VIRQ_XENOPROF	7	/* (V)    profile sample */
#define VIRQ_CON_RING	8	/* (DOM0) the hypervisor wrote to its log */
#define VIRQ_PCPU_STATE	9	/* (DOM0) a physical CPU came or went */
#define VIRQ_MEM_EVENT	10	/* (DOM0) memory event */
#define VIRQ_ARGO	11	/* (G)    Argo message */
#define VIRQ_ENOMEM	12	/* (DOM0) host memory is running low */
#define VIRQ_XENPMU	13	/* (V)    PMU interrupt */
#define VIRQ_ARCH_0	16
#define VIRQ_ARCH_1	17
#define VIRQ_ARCH_2	18
#define VIRQ_ARCH_3	19
#define VIRQ_ARCH_4	20
#define VIRQ_ARCH_5	21
#define VIRQ_ARCH_6	22
#define VIRQ_ARCH_7	23
#define NR_VIRQS	24

/*
 * mmu_update(updates, count, success_count, domid): x86 PV. Each update's two
 * lowest address bits choose the command; val is what to write.
 */
#define MMU_NORMAL_PT_UPDATE		0	/* checked write of an entry */
#define MMU_MACHPHYS_UPDATE		1	/* set an m2p entry */
#define MMU_PT_UPDATE_PRESERVE_AD	2	/* as 0, keeping A and D bits */
#define MMU_PT_UPDATE_NO_TRANSLATE	3	/* as 0, the frame is a machine's */

/* mmuext_op(ops, count, success_count, domid): x86. */
#define MMUEXT_PIN_L1_TABLE		0
#define MMUEXT_PIN_L2_TABLE		1
#define MMUEXT_PIN_L3_TABLE		2
#define MMUEXT_PIN_L4_TABLE		3
#define MMUEXT_UNPIN_TABLE		4
#define MMUEXT_NEW_BASEPTR		5
#define MMUEXT_TLB_FLUSH_LOCAL		6
#define MMUEXT_INVLPG_LOCAL		7
#define MMUEXT_TLB_FLUSH_MULTI		8
#define MMUEXT_INVLPG_MULTI		9
#define MMUEXT_TLB_FLUSH_ALL		10
#define MMUEXT_INVLPG_ALL		11
#define MMUEXT_FLUSH_CACHE		12
#define MMUEXT_SET_LDT			13
#define MMUEXT_NEW_USER_BASEPTR		15
#define MMUEXT_CLEAR_PAGE		16
#define MMUEXT_COPY_PAGE		17
#define MMUEXT_FLUSH_CACHE_GLOBAL	18
#define MMUEXT_MARK_SUPER		19
#define MMUEXT_UNMARK_SUPER		20

#ifndef __ASSEMBLY__
struct mmuext_op {
	unsigned int cmd;		/* MMUEXT_* */
	union {
		/* [UN]PIN_TABLE, NEW_*BASEPTR, CLEAR/COPY_PAGE, *MARK_SUPER */
		xen_pfn_t mfn;
		/* INVLPG_*, SET_LDT */
		unsigned long linear_addr;
	} arg1;
	union {
		/* SET_LDT */
		unsigned int nr_ents;
		/* *_MULTI: bitmap of vCPUs */
		XEN_GUEST_HANDLE(const_void) vcpumask;
		/* COPY_PAGE */
		xen_pfn_t src_mfn;
	} arg2;
};
typedef struct mmuext_op mmuext_op_t;
DEFINE_XEN_GUEST_HANDLE(mmuext_op_t);
#endif

/*
 * update_va_mapping: the last argument is one of the first three, or'ed with
 * the CPUs it means: LOCAL, ALL, or (MULTI) the address of a vCPU bitmap.
 */
#define UVMF_NONE		(xen_mk_ulong(0) << 0)
#define UVMF_TLB_FLUSH		(xen_mk_ulong(1) << 0)
#define UVMF_INVLPG		(xen_mk_ulong(2) << 0)
#define UVMF_FLUSHTYPE_MASK	(xen_mk_ulong(3) << 0)
#define UVMF_MULTI		(xen_mk_ulong(0) << 2)
#define UVMF_LOCAL		(xen_mk_ulong(0) << 2)
#define UVMF_ALL		(xen_mk_ulong(1) << 2)

/*
 * console_io(cmd, count, buffer): bytes to and from the host's console.
 *
 * write: everyone where the build allows guests to (their output is rate
 *        limited and prefixed); returns 0.
 * read:  control domain; returns how many bytes were waiting, up to count. A
 *        count that does not fit an int is -E2BIG.
 */
#define CONSOLEIO_write		0
#define CONSOLEIO_read		1

/*
 * vm_assist(cmd, type): switch one of the calling domain's behaviours. Types
 * that this kind of guest does not have return -EINVAL.
 */
#define VMASST_CMD_enable	0
#define VMASST_CMD_disable	1

#define VMASST_TYPE_4gb_segments		0	/* x86-32 PV */
#define VMASST_TYPE_4gb_segments_notify		1	/* x86-32 PV */
#define VMASST_TYPE_writable_pagetables		2	/* x86 PV */
#define VMASST_TYPE_pae_extended_cr3		3	/* x86-32 PV */
#define VMASST_TYPE_architectural_iopl		4	/* x86 PV */
/* XEN_RUNSTATE_UPDATE brackets each update of the runstate area (vcpu.h). */
#define VMASST_TYPE_runstate_update_flag	5
#define VMASST_TYPE_m2p_strict			32	/* x86-64 PV */

/*
 * Domain ids from here on are no domains. They stand for a page's owner, or
 * for a way of choosing a domain, in operations that say so.
 */
#define DOMID_FIRST_RESERVED	xen_mk_uint(0x7FF0)
#define DOMID_SELF		xen_mk_uint(0x7FF0)	/* the caller */
#define DOMID_IO		xen_mk_uint(0x7FF1)	/* owner of device memory */
#define DOMID_XEN		xen_mk_uint(0x7FF2)	/* owner of hypervisor pages */
#define DOMID_COW		xen_mk_uint(0x7FF3)	/* owner of shared pages */
#define DOMID_INVALID		xen_mk_uint(0x7FF4)	/* never a domain */
#define DOMID_IDLE		xen_mk_uint(0x7FFF)	/* the idle loop */
#define DOMID_MASK		xen_mk_uint(0x7FFF)

#ifndef __ASSEMBLY__

typedef uint16_t domid_t;

struct mmu_update {
	uint64_t ptr;		/* machine address of the entry, and command */
	uint64_t val;
};
typedef struct mmu_update mmu_update_t;
DEFINE_XEN_GUEST_HANDLE(mmu_update_t);

/*
 * multicall(entries, count): performs the entries in order and stores each
 * result. Returns 0 even if an entry failed, -EFAULT if the array is not
 * accessible. An entry that is itself a multicall gets -EINVAL.
 */
struct multicall_entry {
	xen_ulong_t op, result;
	xen_ulong_t args[6];
};
typedef struct multicall_entry multicall_entry_t;
DEFINE_XEN_GUEST_HANDLE(multicall_entry_t);

/*
 * System time of a vCPU. The hypervisor makes version odd, changes the rest,
 * and makes it even again: a reader takes a copy between two equal even ones.
 *
 *   ns = system_time + (((tsc - tsc_timestamp) << tsc_shift)
 *                       * tsc_to_system_mul >> 32)
 *
 * with a right shift for a negative tsc_shift. x86 only: on Arm it stays zero
 * and the virtual counter is the clock.
 */
struct vcpu_time_info {
	uint32_t version;
	uint32_t pad0;
	uint64_t tsc_timestamp;		/* counter at the last update */
	uint64_t system_time;		/* ns since boot at that moment */
	uint32_t tsc_to_system_mul;	/* ns per tick, 0.32 fixed point */
	int8_t tsc_shift;
	uint8_t flags;			/* XEN_PVCLOCK_* */
	uint8_t pad1[2];
};
typedef struct vcpu_time_info vcpu_time_info_t;

#define XEN_PVCLOCK_TSC_STABLE_BIT	(1 << 0)	/* same on all vCPUs */
#define XEN_PVCLOCK_GUEST_STOPPED	(1 << 1)	/* was paused meanwhile */

/*
 * What a vCPU shares with the hypervisor: in shared_info for the first
 * XEN_LEGACY_MAX_VCPUS, elsewhere after VCPUOP_register_vcpu_info.
 *
 * evtchn_upcall_pending is set, with the event interrupt, when a bit of
 * evtchn_pending_sel or a FIFO queue becomes ready. The guest clears it before
 * it looks; it stays set while masked (PV's evtchn_upcall_mask).
 */
__extension__ struct vcpu_info {
	uint8_t evtchn_upcall_pending;
#ifdef XEN_HAVE_PV_UPCALL_MASK
	uint8_t evtchn_upcall_mask;
#else
	uint8_t pad0;
#endif
	xen_ulong_t evtchn_pending_sel;	/* words of evtchn_pending to look at */
	struct arch_vcpu_info arch;
	vcpu_time_info_t time;
};
#ifndef __XEN__
typedef struct vcpu_info vcpu_info_t;
#endif

/*
 * One page per domain (XENMAPSPACE_shared_info). The event words are used by
 * the 2-level ABI. The wall clock is UTC at system time 0, with the version
 * protocol of vcpu_time_info.
 */
__extension__ struct shared_info {
	struct vcpu_info vcpu_info[XEN_LEGACY_MAX_VCPUS];
	xen_ulong_t evtchn_pending[sizeof(xen_ulong_t) * 8];
	xen_ulong_t evtchn_mask[sizeof(xen_ulong_t) * 8];
	uint32_t wc_version;
	uint32_t wc_sec;
	uint32_t wc_nsec;
	uint32_t wc_sec_hi;
#define xen_wc_sec_hi		wc_sec_hi
	struct arch_shared_info arch;
};
#ifndef __XEN__
typedef struct shared_info shared_info_t;
#endif

#ifdef XEN_HAVE_PV_GUEST_ENTRY
/*
 * What a PV guest finds at its entry point. The initial address space has, in
 * this order and each page aligned: kernel, ramdisk, the p2m list (mfn_list),
 * this page, the console or xenstore pages, page tables, stack, and at least
 * 512 KiB of padding.
 */
struct start_info {
	char magic[32];			/* "xen-<version>-<platform>" */
	unsigned long nr_pages;
	unsigned long shared_info;	/* machine address */
	uint32_t flags;			/* SIF_* */
	xen_pfn_t store_mfn;
	uint32_t store_evtchn;
	union {
		struct {
			xen_pfn_t mfn;
			uint32_t evtchn;
		} domU;
		struct {
			uint32_t info_off;	/* of dom0_vga_console_info */
			uint32_t info_size;
		} dom0;
	} console;
	unsigned long pt_base;		/* virtual address of the top table */
	unsigned long nr_pt_frames;
	unsigned long mfn_list;		/* virtual address */
	unsigned long mod_start;	/* virtual, or pfn: SIF_MOD_START_PFN */
	unsigned long mod_len;		/* bytes */
#define MAX_GUEST_CMDLINE	1024
	int8_t cmd_line[MAX_GUEST_CMDLINE];
	unsigned long first_p2m_pfn;	/* when the p2m list is not mapped low */
	unsigned long nr_p2m_frames;
};
typedef struct start_info start_info_t;
#endif

/* start_info.flags, and hvm_start_info.flags */
#define SIF_PRIVILEGED		(1 << 0)	/* may use privileged calls */
#define SIF_INITDOMAIN		(1 << 1)	/* is the control domain */
#define SIF_MULTIBOOT_MOD	(1 << 2)	/* mod_start is a module list */
#define SIF_MOD_START_PFN	(1 << 3)	/* mod_start is a pfn */
#define SIF_VIRT_P2M_4TOOLS	(1 << 4)	/* tools read the virtual p2m */
#define SIF_PM_MASK		(0xFF << 8)	/* host power management options */

/* An entry of the list that SIF_MULTIBOOT_MOD announces. */
struct xen_multiboot_mod_list {
	uint32_t mod_start;	/* address relative to the list */
	uint32_t mod_end;	/* first byte after it */
	uint32_t cmdline;
	uint32_t pad;		/* zero */
};

/* The screen the host booted with, for dom0's console driver. */
typedef struct dom0_vga_console_info {
	uint8_t video_type;
#define XEN_VGATYPE_TEXT_MODE_3	0x03
#define XEN_VGATYPE_VESA_LFB	0x23
#define XEN_VGATYPE_EFI_LFB	0x70
	union {
		struct {
			uint16_t font_height;
			uint16_t cursor_x, cursor_y;
			uint16_t rows, columns;
		} text_mode_3;
		struct {
			uint16_t width, height;		/* pixels */
			uint16_t bytes_per_line;
			uint16_t bits_per_pixel;
			uint32_t lfb_base;
			uint32_t lfb_size;
			uint8_t red_pos, red_size;
			uint8_t green_pos, green_size;
			uint8_t blue_pos, blue_size;
			uint8_t rsvd_pos, rsvd_size;
			uint32_t gbl_caps;
			uint16_t mode_attrs;
			uint16_t pad;
#if __XEN_INTERFACE_VERSION__ >= 0x00040d00
			uint32_t ext_lfb_base;	/* upper half of lfb_base */
#endif
		} vesa_lfb;
	} u;
} dom0_vga_console_info_t;
#define xen_vga_console_info	dom0_vga_console_info
#define xen_vga_console_info_t	dom0_vga_console_info_t

/* A domain's UUID as the toolstack gave it; nothing interprets it. */
typedef uint8_t xen_domain_handle_t[16];

/* A UUID in the byte order of RFC 4122. */
typedef struct {
	uint8_t a[16];
} xen_uuid_t;

#define XEN_DEFINE_UUID_(a, b, c, d, e1, e2, e3, e4, e5, e6)		\
	{{ ((a) >> 24) & 0xFF, ((a) >> 16) & 0xFF,			\
	   ((a) >> 8) & 0xFF, ((a) >> 0) & 0xFF,			\
	   ((b) >> 8) & 0xFF, ((b) >> 0) & 0xFF,			\
	   ((c) >> 8) & 0xFF, ((c) >> 0) & 0xFF,			\
	   ((d) >> 8) & 0xFF, ((d) >> 0) & 0xFF,			\
	   e1, e2, e3, e4, e5, e6 }}

#if defined(__STDC_VERSION__) ? __STDC_VERSION__ >= 199901L : defined(__GNUC__)
#define XEN_DEFINE_UUID(a, b, c, d, e1, e2, e3, e4, e5, e6)		\
	((xen_uuid_t)XEN_DEFINE_UUID_(a, b, c, d, e1, e2, e3, e4, e5, e6))
#else
#define XEN_DEFINE_UUID(a, b, c, d, e1, e2, e3, e4, e5, e6)		\
	XEN_DEFINE_UUID_(a, b, c, d, e1, e2, e3, e4, e5, e6)
#endif

#endif /* __ASSEMBLY__ */

#if defined(__XEN__) || defined(__XEN_TOOLS__)

#ifndef int64_aligned_t
#define int64_aligned_t		int64_t
#endif
#ifndef uint64_aligned_t
#define uint64_aligned_t	uint64_t
#endif
#ifndef XEN_GUEST_HANDLE_64
#define XEN_GUEST_HANDLE_64(name)	XEN_GUEST_HANDLE(name)
#endif

#ifndef __ASSEMBLY__
/* A bitmap of nr_bits bits, bit 0 the lowest of the first byte. */
struct xenctl_bitmap {
	XEN_GUEST_HANDLE_64(uint8) bitmap;
	uint32_t nr_bits;
};
typedef struct xenctl_bitmap xenctl_bitmap_t;
#endif

#endif

#endif
