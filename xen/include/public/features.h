/* SPDX-License-Identifier: MIT */
/*
 * Bit numbers in the map that XENVER_get_features returns, 32 to a submap.
 */
#ifndef __XEN_PUBLIC_FEATURES_H__
#define __XEN_PUBLIC_FEATURES_H__

/* x86 PV: page tables may be written directly, writes are emulated or free. */
#define XENFEAT_writable_page_tables		0
/* x86 PV: the same for descriptor tables. */
#define XENFEAT_writable_descriptor_tables	1
/* The guest sees guest frame numbers; the hypervisor translates. */
#define XENFEAT_auto_translated_physmap		2
/* The guest kernel runs in the supervisor's own mode (x86 PV: ring 0). */
#define XENFEAT_supervisor_mode_kernel		3
/* x86-32 PV: page directories may lie above 4 GiB. */
#define XENFEAT_pae_pgdir_above_4gb		4
/* MMU_PT_UPDATE_PRESERVE_AD exists. */
#define XENFEAT_mmu_pt_update_preserve_ad	5
/* MMUEXT_CLEAR_PAGE and MMUEXT_COPY_PAGE exist. */
#define XENFEAT_highmem_assist			6
/* GNTMAP_guest_avail_mask bits are kept when a grant is mapped by PTE. */
#define XENFEAT_gnttab_map_avail_bits		7
/* x86 HVM: the event callback may be an interrupt vector. */
#define XENFEAT_hvm_callback_vector		8
/* x86 HVM: the PV clock may be used from boot on. */
#define XENFEAT_hvm_safe_pvclock		9
/* x86 HVM: emulated interrupts can be received as events. */
#define XENFEAT_hvm_pirqs			10
/* The caller is the control domain. */
#define XENFEAT_dom0				11
/* Memory operations take virtual NUMA nodes (XENMEMF_vnode). */
#define XENFEAT_memory_op_vnode_supported	13
/* Arm: the SMC calling convention, 1.1 and later, works over HVC. */
#define XENFEAT_ARM_SMCCC_supported		14
/* x86 PVH: the RSDP need not lie below 1 MiB. */
#define XENFEAT_linux_rsdp_unrestricted		15
/* Guest frames are not machine frames / are machine frames; one is set. */
#define XENFEAT_not_direct_mapped		16
#define XENFEAT_direct_mapped			17

/* Newer than Xen 4.17. */

/* vCPU runstate area can be registered by guest physical address. */
#define XENFEAT_runstate_phys_area		18
/* The same for the vCPU time area. */
#define XENFEAT_vcpu_time_phys_area		19
/* x86: the device model sees every write to an MSI-X table. */
#define XENFEAT_dm_msix_all_writes		20

#define XENFEAT_NR_SUBMAPS	1

#endif
