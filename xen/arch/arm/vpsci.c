// SPDX-License-Identifier: GPL-2.0-only
/* PSCI for guests (ARM DEN 0022): version 1.1, and the two calls of 0.1 as Xen numbers them. */
#include <xen/sched.h>
#include <public/sched.h>
#include <asm/setup.h>
#include <asm/smccc.h>
#include <asm/sysregs.h>
#include <asm/vgic.h>
#include <asm/vtimer.h>

#define PSCI_NOT_SUPPORTED	(-1)
#define PSCI_INVALID_PARAMETERS	(-2)
#define PSCI_ALREADY_ON		(-4)
#define PSCI_INTERNAL_FAILURE	(-6)
#define PSCI_INVALID_ADDRESS	(-9)

#define PSCI_0_1_CPU_OFF	1
#define PSCI_0_1_CPU_ON		2

#define AFFINITY_ON		0
#define AFFINITY_OFF		1
#define TRUSTED_OS_NOT_PRESENT	2

static uint64_t vcpu_mpidr(const struct vcpu *v)
{
	return v->arch.el1.vmpidr & MPIDR_AFF_MASK;
}

static struct vcpu *mpidr_to_vcpu(struct domain *d, uint64_t mpidr)
{
	struct vcpu *v;

	for_each_vcpu(d, v)
		if (vcpu_mpidr(v) == mpidr)
			return v;
	return NULL;
}

static bool is_down(const struct vcpu *v)
{
	return READ_ONCE(v->pause_flags) & VPF_down;
}

/* State as after reset (DEN 0022, 6.4), then it may run. v is down and does not run. */
static int start_vcpu(struct vcpu *v, uint64_t entry, uint64_t context)
{
	struct vcpu_guest_context ctxt = { .flags = VGCF_online };

	ctxt.user_regs.pc64 = entry;
	ctxt.user_regs.x0 = context;
	ctxt.user_regs.cpsr = PSR_GUEST64_INIT;
	ctxt.sctlr = SCTLR_EL1_RESET;
	vgic_vcpu_reset(v);
	vtimer_vcpu_reset(v);
	return arch_set_info_guest(v, &ctxt) ? PSCI_INTERNAL_FAILURE : 0;
}

static long vpsci_cpu_on(uint64_t mpidr, uint64_t entry, uint64_t context)
{
	struct domain *d = current->domain;
	struct vcpu *v = mpidr_to_vcpu(d, mpidr);
	long rc;

	if (!v)
		return PSCI_INVALID_PARAMETERS;
	if (entry & 3)
		return PSCI_INVALID_ADDRESS;
	if (!is_down(v))
		return PSCI_ALREADY_ON;
	/* It may still be on its way out of CPU_OFF: its registers are not ours before. */
	vcpu_sleep_sync(v);
	/*
	 * Of two callers one starts it. When it is down and runs, the other has, and it
	 * is on its way out of its next CPU_OFF: it was on.
	 */
	spin_lock(&d->lock);
	rc = is_down(v) && !atomic_load_acquire(&v->is_running) ?
	     start_vcpu(v, entry, context) : PSCI_ALREADY_ON;
	spin_unlock(&d->lock);
	if (!rc)
		vcpu_wake(v);
	return rc;
}

static long vpsci_cpu_off(struct vcpu *v)
{
	atomic_or(&v->pause_flags, VPF_down);
	vcpu_sleep_nosync(v);
	return 0;	/* not seen: the vCPU is gone when the hypervisor is left */
}

static long psci_affinity_info(uint64_t target, uint64_t level)
{
	struct domain *d = current->domain;
	uint64_t mask = MPIDR_AFF_MASK;
	bool found = false;
	struct vcpu *v;

	if (level > 3)
		return PSCI_INVALID_PARAMETERS;
	for (unsigned int i = 0; i < level; i++)
		mask &= ~(0xffUL << (i == 3 ? 32 : 8 * i));
	for_each_vcpu(d, v) {
		if ((vcpu_mpidr(v) & mask) != (target & mask))
			continue;
		if (!is_down(v))
			return AFFINITY_ON;
		found = true;
	}
	return found ? AFFINITY_OFF : PSCI_INVALID_PARAMETERS;
}

static long psci_features(uint32_t fid)
{
	static const uint32_t known[] = {
		PSCI_VERSION, PSCI_CPU_OFF, PSCI_CPU_SUSPEND, PSCI_CPU_SUSPEND | SMCCC_64,
		PSCI_CPU_ON, PSCI_CPU_ON | SMCCC_64, PSCI_AFFINITY_INFO,
		PSCI_AFFINITY_INFO | SMCCC_64, PSCI_MIGRATE_INFO_TYPE, PSCI_SYSTEM_OFF,
		PSCI_SYSTEM_RESET, PSCI_FEATURES, SMCCC_VERSION,
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(known); i++)
		if (fid == known[i])
			return 0;
	return PSCI_NOT_SUPPORTED;
}

bool vpsci_call(struct vcpu *v, uint32_t fid)
{
	uint64_t *x = v->arch.regs.x;
	/* The 32-bit form of a call has arguments of 32 bits. */
	uint64_t mask = fid & SMCCC_64 ? ~0UL : 0xffffffff;

	switch (fid) {
	case PSCI_VERSION:
		x[0] = PSCI_VERSION_1_1;
		break;
	case PSCI_CPU_SUSPEND:
	case PSCI_CPU_SUSPEND | SMCCC_64:
		/* Any power state may be refined to standby: WFI (DEN 0022, 5.4.2). */
		vcpu_block_current();
		x[0] = 0;
		break;
	case PSCI_CPU_OFF:
		x[0] = vpsci_cpu_off(v);
		break;
	case PSCI_CPU_ON:
	case PSCI_CPU_ON | SMCCC_64:
		x[0] = vpsci_cpu_on(x[1] & mask, x[2] & mask, x[3] & mask);
		break;
	case PSCI_AFFINITY_INFO:
	case PSCI_AFFINITY_INFO | SMCCC_64:
		x[0] = psci_affinity_info(x[1] & mask, x[2] & mask);
		break;
	case PSCI_MIGRATE_INFO_TYPE:
		x[0] = TRUSTED_OS_NOT_PRESENT;
		break;
	case PSCI_SYSTEM_OFF:
	case PSCI_SYSTEM_RESET:
		domain_shutdown(v->domain, fid == PSCI_SYSTEM_OFF ? SHUTDOWN_poweroff :
								    SHUTDOWN_reboot);
		x[0] = PSCI_INTERNAL_FAILURE;
		break;
	case PSCI_FEATURES:
		x[0] = psci_features(x[1]);
		break;
	default:
		return false;
	}
	return true;
}

bool vpsci_call_0_1(struct vcpu *v, uint32_t fid)
{
	uint64_t *x = v->arch.regs.x;

	switch (fid) {
	case PSCI_0_1_CPU_OFF:
		x[0] = vpsci_cpu_off(v);
		return true;
	case PSCI_0_1_CPU_ON:
		/* 0.1 had no context argument: x0 of the new CPU is undefined there. */
		x[0] = vpsci_cpu_on(x[1], x[2], 0);
		return true;
	default:
		return false;
	}
}
