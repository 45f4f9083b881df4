/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hypercalls from an arm64 kernel: number in x16, up to five arguments in x0-x4, which
 * is where the procedure call standard puts them; the result comes back in x0.
 */
#include <linux/linkage.h>
#include <asm/assembler.h>
#include <asm/asm-uaccess.h>
#include <xen/interface/xen.h>

#define XEN_HVC	0xea1

#define HYPERCALL(name)				\
SYM_FUNC_START(HYPERVISOR_##name);		\
	mov	x16, __HYPERVISOR_##name;	\
	hvc	XEN_HVC;			\
	ret;					\
SYM_FUNC_END(HYPERVISOR_##name)

	.text

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

/*
 * Those that carry addresses of user space: the hypervisor walks the tables of
 * TTBR0, which the kernel may keep out of the register.
 */
SYM_FUNC_START(HYPERVISOR_dm_op)
	mov	x16, #__HYPERVISOR_dm_op
	uaccess_ttbr0_enable x6, x7, x8
	hvc	#XEN_HVC
	uaccess_ttbr0_disable x6, x7
	ret
SYM_FUNC_END(HYPERVISOR_dm_op)

/* privcmd_call(number, five arguments) */
SYM_FUNC_START(privcmd_call)
	mov	x16, x0
	mov	x0, x1
	mov	x1, x2
	mov	x2, x3
	mov	x3, x4
	mov	x4, x5
	uaccess_ttbr0_enable x6, x7, x8
	hvc	#XEN_HVC
	uaccess_ttbr0_disable x6, x7
	ret
SYM_FUNC_END(privcmd_call)
