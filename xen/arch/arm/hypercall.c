// SPDX-License-Identifier: GPL-2.0-only
/* The straight paths in and out of the hypervisor: hypercalls and interrupts. */
#include <xen/hypercall.h>
#include <drivers/gic.h>
#include <asm/entry.h>
#include <asm/sysregs.h>

struct vcpu *hypercall_entry(struct vcpu *v)
{
	struct guest_regs *regs = &v->arch.regs;
	struct hc_ctx ctx;
	long rc;

	local_irq_enable();
	ctx.v = v;
	ctx.nr = regs->x[16];
	for (unsigned int i = 0; i < HC_MAX_ARGS; i++)
		ctx.args[i] = regs->x[i];
	rc = hypercall_run(&ctx);
	if (unlikely(rc == -ERESTART)) {
		/* Executed again, with the arguments as far as it came. */
		regs->pc -= 4;
		for (unsigned int i = 0; i < HC_MAX_ARGS; i++)
			regs->x[i] = ctx.args[i];
	} else {
		regs->x[0] = rc;
	}
	return leave_quick(v);
}

struct vcpu *guest_irq(struct vcpu *v)
{
	gic_interrupt();
	return leave_quick(v);
}

/* From AArch32: number in r12, arguments in r0-r4, 32 bits each. */
void hypercall_entry_a32(struct vcpu *v)
{
	struct guest_regs *regs = &v->arch.regs;
	struct hc_ctx ctx;
	long rc;

	ctx.v = v;
	ctx.nr = (uint32_t)regs->x[12];
	for (unsigned int i = 0; i < HC_MAX_ARGS; i++)
		ctx.args[i] = (uint32_t)regs->x[i];
	rc = hypercall_run(&ctx);
	if (rc == -ERESTART) {
		/* HVC is 4 bytes long in both instruction sets. */
		regs->pc -= 4;
		for (unsigned int i = 0; i < HC_MAX_ARGS; i++)
			regs->x[i] = (uint32_t)ctx.args[i];
	} else {
		regs->x[0] = (uint32_t)rc;
	}
}
