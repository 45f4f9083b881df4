// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guests' timers (ARM DDI 0487, D11.2).
 *
 * Virtual: the CPU's own CNTV while the guest runs. Its physical interrupt is
 * left active and goes into a HW list register: the guest's EOI deactivates it,
 * and a line still up makes it fire again. While the vCPU waits for an
 * interrupt, a timer of ours stands for it.
 *
 * Physical: CNTP is trapped; a timer of ours always stands for it.
 */
#include <xen/lib.h>
#include <xen/sched.h>
#include <drivers/gic.h>
#include <asm/irq.h>
#include <asm/sysregs.h>
#include <asm/vgic.h>
#include <asm/vtimer.h>

#define CTL_WRITABLE	(CNT_CTL_ENABLE | CNT_CTL_IMASK)

#define YEAR_SECONDS	(365 * 86400UL)

/*
 * When a counter that reads `now` reaches cval, as hypervisor time; in a year
 * for what is later, which does not fit.
 */
static s_time_t expiry(uint64_t cval, uint64_t now)
{
	if (cval <= now)
		return NOW();
	return NOW() + ticks_to_ns(min_t(uint64_t, cval - now, cntfrq * YEAR_SECONDS));
}

/* Due while the vCPU does not run: what its CNTV would do. Softirq context. */
static void virt_timer_expired(void *data)
{
	vgic_inject_vtimer(data);
}

/* After any change, and at each look: line and timer as the registers say. */
static void ptimer_update(struct vcpu *v)
{
	struct vtimer *t = &v->arch.phys_timer;
	uint64_t now = get_cycles();

	if (t->ctl != CNT_CTL_ENABLE) {
		stop_timer(&t->timer);
		vgic_inject(v->domain, v, VGIC_PPI_PTIMER, false);
	} else if (now >= t->cval) {
		vgic_inject(v->domain, v, VGIC_PPI_PTIMER, true);
	} else {
		vgic_inject(v->domain, v, VGIC_PPI_PTIMER, false);
		set_timer(&t->timer, expiry(t->cval, now));
	}
}

static void phys_timer_expired(void *data)
{
	ptimer_update(data);
}

void vtimer_vcpu_init(struct vcpu *v)
{
	init_timer(&v->arch.virt_timer.timer, virt_timer_expired, v, v->processor);
	init_timer(&v->arch.phys_timer.timer, phys_timer_expired, v, v->processor);
}

void vtimer_vcpu_free(struct vcpu *v)
{
	/* A vCPU whose creation failed earlier never had them. */
	if (v->arch.virt_timer.timer.fn)
		kill_timer(&v->arch.virt_timer.timer);
	if (v->arch.phys_timer.timer.fn)
		kill_timer(&v->arch.phys_timer.timer);
}

void vtimer_vcpu_reset(struct vcpu *v)
{
	stop_timer(&v->arch.virt_timer.timer);
	stop_timer(&v->arch.phys_timer.timer);
	v->arch.virt_timer.ctl = 0;
	v->arch.phys_timer.ctl = 0;
	vgic_inject(v->domain, v, VGIC_PPI_PTIMER, false);
}

static void vtimer_interrupt(unsigned int irq, void *data)
{
	struct vcpu *v = current;

	/* Seen late, after the vCPU had gone: its timer is in our hands by now. */
	if (is_idle_vcpu(v))
		gic_hw->deactivate_irq(irq);
	else
		vgic_inject_vtimer(v);
}

void vtimer_init_cpu(void)
{
	WRITE_SYSREG(0, cntv_ctl_el0);
	irq_keep_active(vtimer_host_irq);
	if (request_irq(vtimer_host_irq, vtimer_interrupt, NULL))
		panic("No interrupt for the virtual timer");
}

bool vtimer_line(void)
{
	return (READ_SYSREG(cntv_ctl_el0) & (CTL_WRITABLE | CNT_CTL_ISTATUS)) ==
	       (CNT_CTL_ENABLE | CNT_CTL_ISTATUS);
}

void vtimer_save(struct vcpu *v)
{
	struct vtimer *t = &v->arch.virt_timer;

	t->ctl = READ_SYSREG(cntv_ctl_el0) & CTL_WRITABLE;
	if (!(t->ctl & CNT_CTL_ENABLE)) {
		t->cval = READ_SYSREG(cntv_cval_el0);
		return;
	}
	WRITE_SYSREG(0, cntv_ctl_el0);
	t->cval = READ_SYSREG(cntv_cval_el0);
	/* The line is down before vgic_save() deactivates the interrupt. */
	isb();
	/* Who only lost the CPU finds its timer when it gets it back. */
	if (t->ctl == CNT_CTL_ENABLE && (READ_ONCE(v->pause_flags) & (VPF_blocked | VPF_poll))) {
		t->armed = true;
		/* By the guest's own count: a CVAL of ~0 ("never") would wrap in the host's. */
		set_timer(&t->timer,
			  expiry(t->cval, get_cycles() - v->domain->arch.virt_timer_base));
	}
}

static void follow_vcpu(struct timer *t, const struct vcpu *v)
{
	if (unlikely(t->cpu != v->processor))
		migrate_timer(t, v->processor);
}

void vtimer_restore(struct vcpu *v)
{
	struct vtimer *t = &v->arch.virt_timer;

	if (t->armed) {
		t->armed = false;
		stop_timer(&t->timer);
	}
	follow_vcpu(&t->timer, v);
	follow_vcpu(&v->arch.phys_timer.timer, v);
	WRITE_SYSREG(v->domain->arch.virt_timer_base, cntvoff_el2);
	WRITE_SYSREG(t->cval, cntv_cval_el0);
	/* Enabled last: the comparison is with the new offset and value. */
	isb();
	WRITE_SYSREG(t->ctl, cntv_ctl_el0);
}

/* ---- the physical timer ---- */

uint64_t ptimer_read(struct vcpu *v, enum ptimer_reg reg)
{
	struct vtimer *t = &v->arch.phys_timer;

	switch (reg) {
	case PTIMER_CTL:
		/* A timer that raced with a change may have left the line up. */
		ptimer_update(v);
		return t->ctl | (t->ctl & CNT_CTL_ENABLE && get_cycles() >= t->cval ?
				 CNT_CTL_ISTATUS : 0);
	case PTIMER_CVAL:
		return t->cval;
	case PTIMER_TVAL:
		return (uint32_t)(t->cval - get_cycles());
	}
	return 0;
}

void ptimer_write(struct vcpu *v, enum ptimer_reg reg, uint64_t val)
{
	struct vtimer *t = &v->arch.phys_timer;

	switch (reg) {
	case PTIMER_CTL:
		t->ctl = val & CTL_WRITABLE;
		break;
	case PTIMER_CVAL:
		t->cval = val;
		break;
	case PTIMER_TVAL:
		t->cval = get_cycles() + (int32_t)val;
		break;
	}
	ptimer_update(v);
}
