// SPDX-License-Identifier: GPL-2.0-only
/* Calls to the firmware: PSCI for CPUs and the machine, SMCCC for workarounds. */
#include <xen/init.h>
#include <xen/lib.h>
#include <drivers/dt.h>
#include <asm/smccc.h>
#include <libfdt.h>

void smccc_smc(uint64_t fn, uint64_t a1, uint64_t a2, uint64_t a3, struct smccc_res *res);

static void (*conduit)(uint64_t fn, uint64_t a1, uint64_t a2, uint64_t a3,
		       struct smccc_res *res);
static uint32_t psci_version;
static uint32_t fn_cpu_on = PSCI_CPU_ON_64_FN;

int32_t smccc_workaround_1 = SMCCC_NOT_SUPPORTED;
int32_t smccc_workaround_2 = SMCCC_NOT_SUPPORTED;
int32_t smccc_workaround_3 = SMCCC_NOT_SUPPORTED;

void smccc_call(uint64_t fn, uint64_t a1, uint64_t a2, uint64_t a3, struct smccc_res *res)
{
	if (conduit)
		conduit(fn, a1, a2, a3, res);
	else
		res->a0 = SMCCC_NOT_SUPPORTED;
}

static int64_t call(uint64_t fn, uint64_t a1, uint64_t a2, uint64_t a3)
{
	struct smccc_res res;

	smccc_call(fn, a1, a2, a3, &res);
	return fn & BIT(30) ? (int64_t)res.a0 : (int32_t)res.a0;
}

int __init psci_init(const void *fdt)
{
	static const char *const v02[] __initconst = {
		"arm,psci-1.0", "arm,psci-0.2", NULL
	};
	static const char *const v01[] __initconst = { "arm,psci", NULL };
	int node = dt_find_compatible(fdt, v02);
	bool old = node < 0;
	const char *method;

	if (old)
		node = dt_find_compatible(fdt, v01);
	if (node < 0)
		return -ENODEV;
	method = fdt_getprop(fdt, node, "method", NULL);
	if (!method || strcmp(method, "smc")) {
		/* HVC would come back to us. */
		printk(XENLOG_WARNING "PSCI: method \"%s\" cannot be used at EL2\n",
		       method ? method : "");
		return -ENODEV;
	}
	conduit = smccc_smc;
	if (old) {
		const fdt32_t *p = fdt_getprop(fdt, node, "cpu_on", NULL);

		if (!p)
			return -ENODEV;
		fn_cpu_on = fdt32_to_cpu(*p);
		psci_version = 1;
	} else {
		psci_version = call(PSCI_VERSION_FN, 0, 0, 0);
	}
	printk(XENLOG_INFO "PSCI v%u.%u\n", psci_version >> 16, psci_version & 0xffff);
	return 0;
}

int psci_cpu_on(uint64_t mpidr, paddr_t entry, uint64_t context)
{
	return call(fn_cpu_on, mpidr, entry, context) ? -EIO : 0;
}

void psci_cpu_off(void)
{
	if (psci_version >= 2)
		call(PSCI_CPU_OFF_FN, 0, 0, 0);
}

void psci_system_off(void)
{
	if (psci_version >= 2)
		call(PSCI_SYSTEM_OFF_FN, 0, 0, 0);
}

void psci_system_reset(void)
{
	if (psci_version >= 2)
		call(PSCI_SYSTEM_RESET_FN, 0, 0, 0);
}

static int32_t probe(uint32_t fn)
{
	return call(SMCCC_ARCH_FEATURES_FN, fn, 0, 0);
}

/* ARCH_FEATURES exists from SMCCC 1.1 on, which PSCI 1.0 can be asked for. */
static bool has_arch_features(void)
{
	return psci_version >= 0x10000 && call(0x8400000a, SMCCC_VERSION_FN, 0, 0) >= 0 &&
	       call(SMCCC_VERSION_FN, 0, 0, 0) >= 0x10001;
}

void __init smccc_init(void)
{
	if (!has_arch_features())
		return;
	smccc_workaround_1 = probe(SMCCC_ARCH_WORKAROUND_1_FN);
	smccc_workaround_2 = probe(SMCCC_ARCH_WORKAROUND_2_FN);
	smccc_workaround_3 = probe(SMCCC_ARCH_WORKAROUND_3_FN);
}

uint32_t smccc_branch_hardening(void)
{
	if (!has_arch_features())
		return 0;
	/* Workaround 3 does what 1 does, and more. */
	if (!probe(SMCCC_ARCH_WORKAROUND_3_FN))
		return SMCCC_ARCH_WORKAROUND_3_FN;
	return probe(SMCCC_ARCH_WORKAROUND_1_FN) ? 0 : SMCCC_ARCH_WORKAROUND_1_FN;
}

/* A CPU that needs the call (0) counts more than one that does not (1). */
static void worst(int32_t *all, int32_t mine)
{
	if (*all >= 0 && mine >= 0 && mine < *all)
		*all = mine;
}

void smccc_init_cpu(void)
{
	if (!has_arch_features())
		return;
	worst(&smccc_workaround_1, probe(SMCCC_ARCH_WORKAROUND_1_FN));
	worst(&smccc_workaround_2, probe(SMCCC_ARCH_WORKAROUND_2_FN));
	worst(&smccc_workaround_3, probe(SMCCC_ARCH_WORKAROUND_3_FN));
}
