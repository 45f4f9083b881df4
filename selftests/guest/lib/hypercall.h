/* SPDX-License-Identifier: GPL-2.0-only */
/* Hypercalls (x16, x0-x4, hvc #0xEA1) and SMCCC calls (x0-x7, hvc #0). */
#ifndef GUEST_HYPERCALL_H
#define GUEST_HYPERCALL_H

#include "abi.h"
#include "types.h"

static inline long hypercall(unsigned long op, unsigned long a0, unsigned long a1,
			     unsigned long a2, unsigned long a3, unsigned long a4)
{
	register unsigned long x0 asm("x0") = a0;
	register unsigned long x1 asm("x1") = a1;
	register unsigned long x2 asm("x2") = a2;
	register unsigned long x3 asm("x3") = a3;
	register unsigned long x4 asm("x4") = a4;
	register unsigned long x16 asm("x16") = op;

	asm volatile("hvc #0xea1"
		     : "+r" (x0), "+r" (x1), "+r" (x2), "+r" (x3), "+r" (x4), "+r" (x16)
		     : : "memory");
	return (long)x0;
}

#define HC(op, a0, a1, a2, a3) \
	hypercall(op, (unsigned long)(a0), (unsigned long)(a1), (unsigned long)(a2), \
		  (unsigned long)(a3), 0)

static inline long xen_version(unsigned int cmd, void *arg)
{
	return HC(__HYPERVISOR_xen_version, cmd, arg, 0, 0);
}

static inline long memory_op(unsigned int cmd, void *arg)
{
	return HC(__HYPERVISOR_memory_op, cmd, arg, 0, 0);
}

static inline long event_channel_op(unsigned int cmd, void *arg)
{
	return HC(__HYPERVISOR_event_channel_op, cmd, arg, 0, 0);
}

static inline long grant_table_op(unsigned int cmd, void *arg, unsigned int count)
{
	return HC(__HYPERVISOR_grant_table_op, cmd, arg, count, 0);
}

static inline long sched_op(unsigned int cmd, void *arg)
{
	return HC(__HYPERVISOR_sched_op, cmd, arg, 0, 0);
}

static inline long vcpu_op(unsigned int cmd, unsigned int vcpu, void *arg)
{
	return HC(__HYPERVISOR_vcpu_op, cmd, vcpu, arg, 0);
}

static inline long hvm_op(unsigned int cmd, void *arg)
{
	return HC(__HYPERVISOR_hvm_op, cmd, arg, 0, 0);
}

static inline long console_io(unsigned int cmd, unsigned int count, const void *buf)
{
	return HC(__HYPERVISOR_console_io, cmd, count, buf, 0);
}

static inline long vm_assist(unsigned int cmd, unsigned int type)
{
	return HC(__HYPERVISOR_vm_assist, cmd, type, 0, 0);
}

static inline long multicall(struct multicall_entry *list, unsigned int count)
{
	return HC(__HYPERVISOR_multicall, list, count, 0, 0);
}

static inline long domctl(struct xen_domctl *op)
{
	op->interface_version = XEN_DOMCTL_INTERFACE_VERSION;
	return HC(__HYPERVISOR_domctl, op, 0, 0, 0);
}

static inline long sysctl(struct xen_sysctl *op)
{
	op->interface_version = XEN_SYSCTL_INTERFACE_VERSION;
	return HC(__HYPERVISOR_sysctl, op, 0, 0, 0);
}

/* What an SMCCC call returns. */
struct smccc {
	u64 x[4];
};

static inline struct smccc smccc_hvc(u64 fn, u64 a1, u64 a2, u64 a3)
{
	register u64 x0 asm("x0") = fn;
	register u64 x1 asm("x1") = a1;
	register u64 x2 asm("x2") = a2;
	register u64 x3 asm("x3") = a3;

	asm volatile("hvc #0"
		     : "+r" (x0), "+r" (x1), "+r" (x2), "+r" (x3)
		     : : "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12",
			 "x13", "x14", "x15", "x16", "x17", "memory");
	return (struct smccc){ { x0, x1, x2, x3 } };
}

static inline struct smccc smccc_smc(u64 fn, u64 a1, u64 a2, u64 a3)
{
	register u64 x0 asm("x0") = fn;
	register u64 x1 asm("x1") = a1;
	register u64 x2 asm("x2") = a2;
	register u64 x3 asm("x3") = a3;

	asm volatile("smc #0"
		     : "+r" (x0), "+r" (x1), "+r" (x2), "+r" (x3)
		     : : "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12",
			 "x13", "x14", "x15", "x16", "x17", "memory");
	return (struct smccc){ { x0, x1, x2, x3 } };
}

/* PSCI functions return a signed 32-bit value. */
static inline int psci(u64 fn, u64 a1, u64 a2, u64 a3)
{
	return (int)smccc_hvc(fn, a1, a2, a3).x[0];
}

#endif
