/* SPDX-License-Identifier: MIT */
/*
 * CPUID leaves of the hypervisor, from 0x40000000 up, or from a multiple of
 * 0x100 above it when other interfaces are shown too. Leaf + 0 has the number
 * of the last leaf in EAX and the signature in EBX, ECX, EDX; + 1 the version
 * in EAX; + 2 hypercall pages in EAX, the base MSR in EBX and, for PV,
 * XEN_CPUID_FEAT1_ in ECX; + 3 time; + 4 HVM and + 5 PV.
 */
#ifndef __XEN_PUBLIC_ARCH_X86_CPUID_H__
#define __XEN_PUBLIC_ARCH_X86_CPUID_H__

#define XEN_CPUID_FIRST_LEAF	0x40000000
#define XEN_CPUID_LEAF(i)	(XEN_CPUID_FIRST_LEAF + (i))

/* "XenVMMXenVMM" */
#define XEN_CPUID_SIGNATURE_EBX	0x566e6558
#define XEN_CPUID_SIGNATURE_ECX	0x65584d4d
#define XEN_CPUID_SIGNATURE_EDX	0x4d4d566e

/* MMU_PT_UPDATE_PRESERVE_AD works. */
#define _XEN_CPUID_FEAT1_MMU_PT_UPDATE_PRESERVE_AD	0
#define XEN_CPUID_FEAT1_MMU_PT_UPDATE_PRESERVE_AD	(1u << 0)

/* Leaf + 4, EAX. */
#define XEN_HVM_CPUID_APIC_ACCESS_VIRT	(1u << 0)
#define XEN_HVM_CPUID_X2APIC_VIRT	(1u << 1)
#define XEN_HVM_CPUID_IOMMU_MAPPINGS	(1u << 2)	/* grants are in the IOMMU */
#define XEN_HVM_CPUID_VCPU_ID_PRESENT	(1u << 3)	/* in EBX */
#define XEN_HVM_CPUID_DOMID_PRESENT	(1u << 4)	/* in ECX */
#define XEN_HVM_CPUID_EXT_DEST_ID	(1u << 5)	/* 15-bit MSI destinations */
#define XEN_HVM_CPUID_UPCALL_VECTOR	(1u << 6)	/* a vector for each vCPU */

/* Leaf + 5, EBX: width of machine addresses. */
#define XEN_CPUID_MACHINE_ADDRESS_WIDTH_MASK	(0xffu << 0)

#define XEN_CPUID_MAX_NUM_LEAVES	5

#endif
