/* SPDX-License-Identifier: GPL-2.0-only */
/* Exceptions: expected faults, and running code at EL0. */
#ifndef GUEST_TRAP_H
#define GUEST_TRAP_H

#include "cpu.h"

struct trap_frame {
	u64 x[31];
	u64 sp;
	u64 elr;
	u64 spsr;
	u64 esr;
	u64 far;
};

_Static_assert(sizeof(struct trap_frame) == FRAME_SIZE, "asm.h");
_Static_assert(offsetof(struct trap_frame, sp) == FRAME_SP, "asm.h");
_Static_assert(offsetof(struct trap_frame, elr) == FRAME_ELR, "asm.h");
_Static_assert(offsetof(struct trap_frame, esr) == FRAME_ESR, "asm.h");

/* ESR_ELx, Arm ARM D17.2.37 */
#define ESR_EC(esr)		((unsigned int)((esr) >> 26) & 0x3f)
#define ESR_ISS(esr)		((unsigned int)(esr) & 0x1ffffff)
#define ESR_DFSC(esr)		((unsigned int)(esr) & 0x3f)

#define EC_UNKNOWN		0x00
#define EC_WFX			0x01
#define EC_CP15_32		0x03
#define EC_SVC32		0x11
#define EC_SVC64		0x15
#define EC_HVC64		0x16
#define EC_SYSREG		0x18
#define EC_IABT_LOWER		0x20
#define EC_IABT_SAME		0x21
#define EC_DABT_LOWER		0x24
#define EC_DABT_SAME		0x25

#define DFSC_SEA		0x10	/* synchronous external abort */
#define DFSC_ALIGNMENT		0x21

/*
 * Calls fn(arg). Returns false when it returned, true when a synchronous
 * exception or SError ended it: *f then describes the exception.
 */
bool catch_fault(void (*fn)(void *), void *arg, struct trap_frame *f);

/* One access of 1, 2, 4 or 8 bytes; false when it faulted. */
bool try_read(u64 addr, unsigned int bytes, u64 *value, struct trap_frame *f);
bool try_write(u64 addr, unsigned int bytes, u64 value, struct trap_frame *f);

/*
 * Executes one A64 instruction with *x0 in x0 (and back). False when it
 * faulted. The instruction must not use the stack or branch.
 */
bool try_insn(u32 insn, u64 *x0, struct trap_frame *f);

/* MRS x0, reg and MSR reg, x0 for op0, op1, CRn, CRm, op2 */
#define SYSREG(op0, op1, crn, crm, op2) \
	((op0) << 19 | (op1) << 16 | (crn) << 12 | (crm) << 8 | (op2) << 5)
#define INSN_MRS(reg)		(0xd5200000u | (reg))
#define INSN_MSR(reg)		(0xd5000000u | (reg))
#define INSN_RET		0xd65f03c0u

/*
 * Runs EL0 with these registers (spsr chooses AArch64 or AArch32) until it
 * takes a synchronous exception; the frame then holds its registers, and esr
 * and far. Interrupts are handled meanwhile, unless spsr masks them.
 */
void el0_run(struct trap_frame *regs);

#define SPSR_EL0_A64		0x0
#define SPSR_EL0_A32		0x10
#define SPSR_EL0_T32		0x30
#define SPSR_MASK_IRQ		0x80

/* Makes new code visible to instruction fetch. */
void sync_code(void *start, size_t bytes);

/* Called by vectors.S. */
void trap_handler(struct trap_frame *f, unsigned int vector);
void el0_enter(struct trap_frame *regs) __noreturn;
extern char vectors[];

#endif
