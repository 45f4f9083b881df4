/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Exceptions from a guest. arm64/entry.S saves the registers into the vCPU and
 * calls guest_sync() or guest_irq(); the table in traps.c is indexed by exception
 * class (ESR_EL2.EC) and one place decides what the outcomes mean.
 */
#ifndef ASM_TRAPS_H
#define ASM_TRAPS_H

#include <xen/types.h>

struct vcpu;

enum trap_outcome {
	TRAP_HANDLED,		/* emulated: the program counter moves on */
	TRAP_RETRY,		/* execute the instruction again (or pc was set by the handler) */
	TRAP_UNDEF,		/* undefined instruction into the guest */
	TRAP_DABT,		/* external abort into the guest (data or instruction) */
	TRAP_CRASH,		/* the guest cannot go on */
};

typedef enum trap_outcome (*trap_handler)(struct vcpu *v, uint64_t esr);

/* vsysreg.c: sets v->arch.hcr, mdcr and cptr, which are swapped with the vCPU. */
void vsysreg_vcpu_init(struct vcpu *v);
/* Each CPU: HSTR_EL2, CNTHCTL_EL2 and other traps that are the same for all guests. */
void vsysreg_init_cpu(void);

/*
 * guest_copy.c: stage 1 of the running vCPU, as its EL1 would access va: false when stage 1
 * faults (or its walk faults in stage 2). For fault handlers whose HPFAR_EL2 is
 * not valid: permission faults not from a walk (ARM DDI 0487 D19.2.58), and
 * every stage-2 fault on a CPU with erratum 834220 (Cortex-A57), which may
 * report stage 2 where stage 1 would have faulted.
 */
bool guest_va_to_ipa(guest_va_t va, bool write, paddr_t *ipa);

/* guest side of the handlers */
enum trap_outcome trap_sysreg(struct vcpu *v, uint64_t esr);	/* vsysreg.c: MRS/MSR, EC 0x18 */
enum trap_outcome trap_cp15_32(struct vcpu *v, uint64_t esr);	/* AArch32 MCR/MRC cp15 */
enum trap_outcome trap_cp15_64(struct vcpu *v, uint64_t esr);
enum trap_outcome trap_data_abort(struct vcpu *v, uint64_t esr); /* vio.c: MMIO or fault */
enum trap_outcome trap_instr_abort(struct vcpu *v, uint64_t esr);
enum trap_outcome trap_wfx(struct vcpu *v, uint64_t esr);
/* HVC #0, SMC: PSCI and SMCCC. HVC #0xEA1 is a Xen hypercall and goes the straight path. */
enum trap_outcome trap_hvc_smccc(struct vcpu *v, uint64_t esr);

/*
 * Last thing before a guest runs, interrupts off: softirqs, then, only when
 * v->arch.vgic.todo is not 0, vgic_sync_to_lrs(). An interrupt from here on is
 * taken right after the return to the guest and comes back here.
 */
struct vcpu *leave_hypervisor_to_guest(void);	/* the vCPU to go on with */
/* Interrupts off, v current: does what v->arch.vgic.todo says. */
void vgic_sync_to_lrs(struct vcpu *v);
/*
 * vCPU switch, interrupts off: list registers and CPU interface out of and into
 * the CPU. Order: vtimer_save(), vgic_save(); vgic_restore(), vtimer_restore().
 * v->processor is this CPU. Not for the idle vCPU.
 */
void vgic_save(struct vcpu *v);
void vgic_restore(struct vcpu *v);
/* Maintenance interrupt of this CPU, a handler for request_irq(). Level-sensitive. */
void vgic_maintenance(unsigned int irq, void *data);

#endif
