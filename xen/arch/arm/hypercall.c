// SPDX-License-Identifier: GPL-2.0-only
/* The straight paths in and out of the hypervisor: hypercalls and interrupts. */
#include <xen/hypercall.h>
#include <drivers/gic.h>
#include <asm/entry.h>

/* mask: how much of a register the guest's instruction set has. */
static __always_inline void run(struct vcpu *v, uint64_t nr, uint64_t mask)
{
	struct guest_regs *regs = &v->arch.regs;
	struct hc_ctx ctx;
	long rc;

	ctx.v = v;
	ctx.nr = nr & mask;
	for (unsigned int i = 0; i < HC_MAX_ARGS; i++)
		ctx.args[i] = regs->x[i] & mask;
	rc = hypercall_run(&ctx);
	if (unlikely(rc == -ERESTART)) {
		/* Executed again, with the arguments as far as it came; HVC has 4 bytes. */
		regs->pc -= 4;
		for (unsigned int i = 0; i < HC_MAX_ARGS; i++)
			regs->x[i] = ctx.args[i] & mask;
	} else {
		regs->x[0] = rc & mask;
	}
}

struct vcpu *hypercall_entry(struct vcpu *v)
{
	local_irq_enable();
	run(v, v->arch.regs.x[16], ~0UL);
	return leave_quick(v);
}

struct vcpu *guest_irq(struct vcpu *v)
{
	gic_interrupt();
	return leave_quick(v);
}

/* From AArch32: number in r12, arguments in r0-r4. */
void hypercall_entry_a32(struct vcpu *v)
{
	run(v, v->arch.regs.x[12], 0xffffffff);
}
