/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hypercalls from an arm kernel: number in r12, arguments in r0-r4. The procedure call
 * standard puts the fifth on the stack and wants r4 preserved.
 */
#include <linux/linkage.h>
#include <asm/assembler.h>
#include <asm/opcodes-virt.h>
#include <asm/uaccess-asm.h>
#include <xen/interface/xen.h>

#define XEN_HVC	0xea1

#define HYPERCALL(name)				\
ENTRY(HYPERVISOR_##name);			\
	mov	r12, __HYPERVISOR_##name;	\
	__HVC(XEN_HVC);				\
	ret	lr;				\
ENDPROC(HYPERVISOR_##name)

	.text

/* None of these has more than three arguments. */
HYPERCALL(xen_version)
HYPERCALL(console_io)
HYPERCALL(grant_table_op)
HYPERCALL(sched_op)
HYPERCALL(event_channel_op)
HYPERCALL(hvm_op)
HYPERCALL(memory_op)
HYPERCALL(physdev_op)
HYPERCALL(vcpu_op)
HYPERCALL(vm_assist)
HYPERCALL(multicall)
HYPERCALL(platform_op_raw)

/* Those that carry addresses of user space, which must be reachable meanwhile. */
ENTRY(HYPERVISOR_dm_op)
	stmdb	sp!, {r4, lr}
	mov	r12, #__HYPERVISOR_dm_op
	uaccess_enable r4
	__HVC(XEN_HVC)
	uaccess_disable r4
	ldmia	sp!, {r4, pc}
ENDPROC(HYPERVISOR_dm_op)

/* privcmd_call(number, five arguments), the last two of them on the stack. */
ENTRY(privcmd_call)
	stmdb	sp!, {r4, lr}
	mov	r12, r0
	mov	r0, r1
	mov	r1, r2
	mov	r2, r3
	uaccess_enable r4
	ldr	r3, [sp, #8]
	ldr	r4, [sp, #12]
	__HVC(XEN_HVC)
	uaccess_disable r4
	ldmia	sp!, {r4, pc}
ENDPROC(privcmd_call)
