/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the files that emulate system registers. */
#ifndef VSYSREG_H
#define VSYSREG_H

#include <asm/sysregs.h>
#include <asm/traps.h>

/* A system register as the syndrome of EC 0x18 names it (ARM DDI 0487, D17.2.37). */
#define SYSREG(op0, op1, crn, crm, op2) \
	((op0) << 20 | (op2) << 17 | (op1) << 14 | (crn) << 10 | (crm) << 1)
#define SYSREG_MASK	SYSREG(3, 7, 15, 15, 7)
#define SYSREG_OP0(r)	((r) >> 20 & 3)
#define SYSREG_OP1(r)	((r) >> 14 & 7)
#define SYSREG_CRN(r)	((r) >> 10 & 15)
#define SYSREG_CRM(r)	((r) >> 1 & 15)
#define SYSREG_OP2(r)	((r) >> 17 & 7)

/* vidreg.c: identification register reg, an ID_REG(), as v is shown it. */
uint64_t vidreg_read(struct vcpu *v, unsigned int reg);

/* vsetway.c: DC ISW, CSW, CISW; and a register of HCR_EL2.TVM is written. */
enum trap_outcome vsetway_trap(struct vcpu *v);
enum trap_outcome vsetway_vm_write(struct vcpu *v, uint32_t reg, uint64_t val);

#endif
