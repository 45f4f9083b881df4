// SPDX-License-Identifier: GPL-2.0-only
/*
 * The SMC calling convention for guests, by HVC #0 and SMC #0 (ARM DEN 0028).
 * Registers that a call does not return keep their values; an unknown function
 * is answered, never a fault: kernels probe.
 */
#include <xen/sched.h>
#include <public/arch-arm/smccc.h>
#include <asm/smccc.h>
#include <asm/traps.h>

#define FID_OWNER(fid)		((fid) >> 24 & 0x3f)
#define FID_FAST		0x80000000U
#define FID_NR(fid)		((fid) & 0xffff)
#define OWNER_ARCH		0
#define OWNER_STANDARD		4
#define OWNER_HYPERVISOR	5
#define NR_CALL_COUNT		0xff00
#define NR_UID			0xff01
#define NR_REVISION		0xff03
#define NR_SERVICE_CALLS	3	/* the ones above */

static const struct service {
	xen_uuid_t uid;
	unsigned int nr_calls, major, minor;
} hypervisor_service = {
	XEN_SMCCC_UID, NR_SERVICE_CALLS, XEN_SMCCC_MAJOR_REVISION, XEN_SMCCC_MINOR_REVISION,
}, standard_service = {
	SSSC_SMCCC_UID, NR_VPSCI_CALLS + NR_SERVICE_CALLS, SSSC_SMCCC_MAJOR_REVISION,
	SSSC_SMCCC_MINOR_REVISION,
};

static long arch_features(uint32_t fid)
{
	switch (fid) {
	case SMCCC_VERSION:
	case SMCCC_ARCH_FEATURES:
		return 0;
	case SMCCC_ARCH_WORKAROUND_1:
		return smccc_workaround[1];
	case SMCCC_ARCH_WORKAROUND_2:
		/* Where firmware can switch it, it is on, and stays so. */
		return smccc_workaround[2] < 0 ? SMCCC_NOT_SUPPORTED : SMCCC_NOT_REQUIRED;
	case SMCCC_ARCH_WORKAROUND_3:
		return smccc_workaround[3];
	default:
		return SMCCC_NOT_SUPPORTED;
	}
}

static bool arch_call(uint64_t *x, uint32_t fid)
{
	struct smccc_res res;

	switch (fid) {
	case SMCCC_VERSION:
		x[0] = SMCCC_VERSION_1_1;
		return true;
	case SMCCC_ARCH_FEATURES:
		x[0] = arch_features(x[1]);
		return true;
	case SMCCC_ARCH_WORKAROUND_1:
		/* Harmless where not needed, as the convention wants it. No result. */
		if (!smccc_workaround[1])
			smccc_call(fid, 0, 0, 0, &res);
		return true;
	case SMCCC_ARCH_WORKAROUND_3:
		if (!smccc_workaround[3])
			smccc_call(fid, 0, 0, 0, &res);
		return true;
	case SMCCC_ARCH_WORKAROUND_2:
		return true;
	default:
		return false;
	}
}

/* A UUID goes out in four registers, each little endian (DEN 0028, 6.2). */
static void return_uuid(uint64_t *x, const uint8_t *a)
{
	for (unsigned int i = 0; i < 4; i++, a += 4)
		x[i] = a[0] | a[1] << 8 | a[2] << 16 | (uint32_t)a[3] << 24;
}

static bool service_call(uint64_t *x, uint32_t fid, const struct service *s)
{
	switch (FID_NR(fid)) {
	case NR_CALL_COUNT:
		x[0] = s->nr_calls;
		return true;
	case NR_UID:
		return_uuid(x, s->uid.a);
		return true;
	case NR_REVISION:
		x[0] = s->major;
		x[1] = s->minor;
		return true;
	default:
		return false;
	}
}

/* Only the 32-bit forms exist of what is not PSCI. */
static bool smccc_handle(struct vcpu *v, uint32_t fid)
{
	uint64_t *x = v->arch.regs.x;

	if (!(fid & FID_FAST))
		return vpsci_call_0_1(v, fid);
	switch (FID_OWNER(fid)) {
	case OWNER_ARCH:
		return arch_call(x, fid);
	case OWNER_STANDARD:
		return service_call(x, fid, &standard_service) || vpsci_call(v, fid);
	case OWNER_HYPERVISOR:
		return service_call(x, fid, &hypervisor_service);
	default:
		return false;
	}
}

enum trap_outcome trap_hvc_smccc(struct vcpu *v, uint64_t esr)
{
	uint64_t *x = v->arch.regs.x;
	uint32_t fid = x[0];

	if (likely(fid == PSCI_VERSION))
		x[0] = PSCI_VERSION_1_1;
	else if (!smccc_handle(v, fid))
		x[0] = SMCCC_NOT_SUPPORTED;
	return TRAP_HANDLED;
}
