// SPDX-License-Identifier: GPL-2.0-only
/*
 * The SMC calling convention, by HVC and by SMC: version, features, services.
 *
 * Kernels look for firmware here. Whatever is not there answers "not
 * supported", and registers that a call does not return keep their values.
 */
#include "test.h"

#define SMCCC_VERSION		0x80000000UL
#define SMCCC_ARCH_FEATURES	0x80000001UL
#define SMCCC_WORKAROUND_1	0x80008000UL
#define SMCCC_WORKAROUND_2	0x80007fffUL
#define SMCCC_WORKAROUND_3	0x80003fffUL
/* Xen's services are those of owner 5. */
#define HYP_CALL_COUNT		0x8500ff00UL
#define HYP_UID			0x8500ff01UL
#define HYP_REVISION		0x8500ff03UL
#define STD_CALL_COUNT		0x8400ff00UL
#define STD_UID			0x8400ff01UL

static void check_unknown(struct smccc (*call)(u64, u64, u64, u64), const char *how)
{
	static const u64 unknown[] = {
		0x80000010, 0xc0000010, 0x81000000, 0x82000000, 0x83000000, 0x84000050,
		0x8400ffff, 0x85001234, 0x8600ff01, 0x86001234, 0x87000000, 0xb2000001, 0xc4000050,
		0xffffffff, 0x12345678, 0,
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(unknown); i++) {
		struct smccc r = call(unknown[i], 1, 2, 3);

		check_eq((int)r.x[0], -1, "%s %lx is not supported", how, unknown[i]);
	}
}

void test_main(void)
{
	struct smccc r;
	int v;

	v = (int)smccc_hvc(SMCCC_VERSION, 0, 0, 0).x[0];
	check(v >= 0x10001, "the version is 1.1 or newer");
	check_eq((int)smccc_smc(SMCCC_VERSION, 0, 0, 0).x[0], v, "SMC tells the same");
	printk("# version %x\n", v);

	v = (int)smccc_hvc(SMCCC_ARCH_FEATURES, SMCCC_VERSION, 0, 0).x[0];
	printk("# features of SMCCC_VERSION: %d\n", v);
	v = (int)smccc_hvc(SMCCC_ARCH_FEATURES, SMCCC_ARCH_FEATURES, 0, 0).x[0];
	printk("# features of SMCCC_ARCH_FEATURES: %d\n", v);
	for (u64 f = SMCCC_WORKAROUND_1; ;
	     f = f == SMCCC_WORKAROUND_1 ? SMCCC_WORKAROUND_2 : SMCCC_WORKAROUND_3) {
		v = (int)smccc_hvc(SMCCC_ARCH_FEATURES, f, 0, 0).x[0];
		check(v >= -2 && v <= 1, "ARCH_FEATURES of workaround %lx", f);
		printk("# %lx: %d\n", f, v);
		if (f == SMCCC_WORKAROUND_3)
			break;
	}
	check_eq((int)smccc_hvc(SMCCC_ARCH_FEATURES, 0x80001234, 0, 0).x[0], -1,
		 "ARCH_FEATURES of an unknown function");

	r = smccc_hvc(HYP_UID, 0, 0, 0);
	printk("# UID %lx %lx %lx %lx\n", r.x[0], r.x[1], r.x[2], r.x[3]);
	/* a71812dc-c698-4369-9acf-79d18ddee667 */
	check((u32)r.x[0] == 0xdc1218a7 && (u32)r.x[1] == 0x694398c6 &&
	      (u32)r.x[2] == 0xd179cf9a && (u32)r.x[3] == 0x67e6de8d,
	      "the hypervisor's UID is Xen's");
	r = smccc_hvc(HYP_REVISION, 0, 0, 0);
	printk("# revision %lx.%lx\n", r.x[0], r.x[1]);
	check((int)r.x[0] >= 0, "it has a revision");
	check((int)smccc_hvc(HYP_CALL_COUNT, 0, 0, 0).x[0] > 0, "and a number of calls");
	check((int)smccc_hvc(STD_CALL_COUNT, 0, 0, 0).x[0] > 0, "so has the standard service");
	r = smccc_hvc(STD_UID, 0, 0, 0);
	printk("# standard UID %lx %lx %lx %lx\n", r.x[0], r.x[1], r.x[2], r.x[3]);
	check((int)r.x[0] != -1, "and a UID");

	check_unknown(smccc_hvc, "HVC");
	check_unknown(smccc_smc, "SMC");
}
