// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a guest's exceptions lead to: a table by exception class, and one place
 * that says what an outcome means. And our own exceptions: the end.
 */
#include <xen/console.h>
#include <xen/domain.h>
#include <xen/lib.h>
#include <xen/sched.h>
#include <xen/softirq.h>
#include <asm/entry.h>
#include <asm/sysregs.h>
#include <asm/traps.h>

/* HVC #0xEA1 from AArch64 went the straight path. */
static enum trap_outcome trap_hvc(struct vcpu *v, uint64_t esr)
{
	unsigned int imm = ESR_ISS(esr) & 0xffff;

	if (likely(!imm)) {
		trap_hvc_smccc(v, esr);
		return TRAP_RETRY;
	}
	if (imm == XEN_HYPERCALL_TAG) {
		hypercall_entry_a32(v);
		return TRAP_RETRY;
	}
	/*
	 * ELR is behind the instruction already (D1.3.1); where it is undefined,
	 * the exception is at the instruction itself.
	 */
	v->arch.regs.pc -= 4;
	return TRAP_UNDEF;
}

/* Of AArch32: an instruction whose condition fails may trap, and does nothing then. */
static enum trap_outcome trap_conditional(struct vcpu *v, uint64_t esr)
{
	if (!check_conditional_instr(&v->arch.regs, esr))
		return TRAP_HANDLED;
	switch (ESR_EC(esr)) {
	case EC_CP15_32:
		return trap_cp15_32(v, esr);
	case EC_CP15_64:
		return trap_cp15_64(v, esr);
	case EC_SMC32:		/* has no immediate in the syndrome */
		return trap_hvc_smccc(v, esr);
	default:		/* coprocessor 14: debug */
		return TRAP_UNDEF;
	}
}

static enum trap_outcome trap_smc64(struct vcpu *v, uint64_t esr)
{
	return ESR_ISS(esr) & 0xffff ? TRAP_UNDEF : trap_hvc_smccc(v, esr);
}

/* Classes without a handler are what the guest sees as an undefined instruction. */
static const trap_handler handlers[NR_EC] = {
	[EC_WFX]	= trap_wfx,
	[EC_CP15_32]	= trap_conditional,
	[EC_CP15_64]	= trap_conditional,
	[EC_CP14_32]	= trap_conditional,
	[EC_CP14_64]	= trap_conditional,
	[EC_HVC32]	= trap_hvc,
	[EC_SMC32]	= trap_conditional,
	[EC_HVC64]	= trap_hvc,
	[EC_SMC64]	= trap_smc64,
	[EC_SYSREG]	= trap_sysreg,
	[EC_IABT_LOWER]	= trap_instr_abort,
	[EC_DABT_LOWER]	= trap_data_abort,
};

static __noinline void apply_outcome(struct vcpu *v, uint64_t esr, enum trap_outcome outcome)
{
	struct guest_regs *regs = &v->arch.regs;

	switch (outcome) {
	case TRAP_HANDLED:
		advance_pc(regs, esr);
		return;
	case TRAP_RETRY:
		return;
	case TRAP_UNDEF:
		inject_undef_exception(v);
		return;
	case TRAP_DABT:
		inject_abort(v, READ_SYSREG(far_el2), esr);
		return;
	case TRAP_CRASH:
		break;
	}
	domain_crash(v->domain, "%pv: cannot handle exception, ESR 0x%lx at 0x%lx", v,
		     (unsigned long)esr, (unsigned long)regs->pc);
}

struct vcpu *guest_sync(struct vcpu *v, uint64_t esr)
{
	trap_handler handler = handlers[ESR_EC(esr)];
	enum trap_outcome outcome = TRAP_UNDEF;

	/* FAR_EL2 and HPFAR_EL2 stay: interrupts nest, but never return to a guest. */
	local_irq_enable();
	if (likely(handler))
		outcome = handler(v, esr);
	if (likely(outcome == TRAP_HANDLED && !(v->arch.regs.pstate & PSR_MODE_A32)))
		v->arch.regs.pc += 4;
	else if (unlikely(outcome != TRAP_RETRY))
		apply_outcome(v, esr, outcome);
	return leave_quick(v);
}

/*
 * An asynchronous abort while the guest ran. It is the guest's: dom0 accesses
 * devices, other guests only memory they were given.
 */
void guest_serror(struct vcpu *v, uint64_t esr)
{
	local_irq_enable();
	gprintk(XENLOG_G_WARNING, "SError, ESR 0x%lx\n", (unsigned long)esr);
	inject_vabt(v);
}

static void idle_wait(void)
{
	local_irq_enable();
	if (scrub_free_pages())
		return;
	local_irq_disable();
	if (local_softirq_pending())
		return;
	/*
	 * An interrupt that comes from here on wakes WFI although it is masked.
	 * DSB: what this CPU wrote is visible before it sleeps (B2.10.3).
	 */
	dsb(sy);
	wfi();
}

struct vcpu *leave_hypervisor_to_guest(void)
{
	for (;;) {
		struct vcpu *v;

		local_irq_disable();
		if (local_softirq_pending()) {
			local_irq_enable();
			do_softirq();
			continue;
		}
		v = current;
		if (unlikely(is_idle_vcpu(v))) {
			idle_wait();
			local_irq_enable();	/* take what woke us */
			continue;
		}
		if (v->arch.vgic.todo)
			vgic_sync_to_lrs(v);
		/* Waking others for their interrupts may have preempted v. */
		if (unlikely(local_softirq_pending()))
			continue;
		return v;
	}
}

static void dump_regs(const struct guest_regs *regs)
{
	printk("PC %016lx LR %016lx SP %016lx PSTATE %08lx\n", (unsigned long)regs->pc,
	       (unsigned long)regs->x[30], (unsigned long)regs->pad,
	       (unsigned long)regs->pstate);
	for (unsigned int i = 0; i < 30; i += 3)
		printk("x%-2u %016lx x%-2u %016lx x%-2u %016lx\n", i, (unsigned long)regs->x[i],
		       i + 1, (unsigned long)regs->x[i + 1], i + 2,
		       (unsigned long)regs->x[i + 2]);
}

void hyp_fault(const struct guest_regs *regs, uint64_t esr, unsigned int kind)
{
	static const char *const what[] = { "synchronous exception", "SError", "unexpected vector" };

	console_force_unlock();
	printk("Hypervisor %s: ESR %08lx FAR %016lx HPFAR %016lx\n", what[kind],
	       (unsigned long)esr, (unsigned long)READ_SYSREG(far_el2),
	       (unsigned long)READ_SYSREG(hpfar_el2));
	dump_regs(regs);
	panic("%s at %ps, called from %ps", what[kind], (void *)regs->pc, (void *)regs->x[30]);
}
