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
static uint32_t fn_cpu_on = PSCI_CPU_ON | SMCCC_64;

static const uint32_t workaround_fn[] = {
	0, SMCCC_ARCH_WORKAROUND_1, SMCCC_ARCH_WORKAROUND_2, SMCCC_ARCH_WORKAROUND_3,
};
int32_t smccc_workaround[] = { [0 ... 3] = SMCCC_NOT_SUPPORTED };
static bool workarounds_known;

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
	return fn & SMCCC_64 ? (int64_t)res.a0 : (int32_t)res.a0;
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
		fn_cpu_on = dt_u32(fdt, node, "cpu_on", 0);
		if (!fn_cpu_on)
			return -ENODEV;
		psci_version = 1;
	} else {
		psci_version = call(PSCI_VERSION, 0, 0, 0);
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
		call(PSCI_CPU_OFF, 0, 0, 0);
}

void psci_system_off(void)
{
	if (psci_version >= 2)
		call(PSCI_SYSTEM_OFF, 0, 0, 0);
}

void psci_system_reset(void)
{
	if (psci_version >= 2)
		call(PSCI_SYSTEM_RESET, 0, 0, 0);
}

/* ARCH_FEATURES exists from SMCCC 1.1 on, which PSCI 1.0 can be asked for. */
static bool has_arch_features(void)
{
	return psci_version >= 0x10000 && call(PSCI_FEATURES, SMCCC_VERSION, 0, 0) >= 0 &&
	       call(SMCCC_VERSION, 0, 0, 0) >= SMCCC_VERSION_1_1;
}

static int32_t probe(unsigned int workaround)
{
	return call(SMCCC_ARCH_FEATURES, workaround_fn[workaround], 0, 0);
}

uint32_t smccc_branch_hardening(void)
{
	if (!has_arch_features())
		return 0;
	/* Workaround 3 does what 1 does, and more. */
	if (!probe(3))
		return SMCCC_ARCH_WORKAROUND_3;
	return probe(1) ? 0 : SMCCC_ARCH_WORKAROUND_1;
}

/* The boot CPU's answer; then, a CPU that needs the call (0) counts more than one that does not. */
void smccc_init_cpu(void)
{
	if (!has_arch_features())
		return;
	for (unsigned int i = 1; i < ARRAY_SIZE(workaround_fn); i++) {
		int32_t mine = probe(i), *all = &smccc_workaround[i];

		if (!workarounds_known || (*all >= 0 && mine >= 0 && mine < *all))
			*all = mine;
	}
	workarounds_known = true;
}
