// SPDX-License-Identifier: GPL-2.0-only
/*
 * HVC and SMC with other immediates than those of hypercalls and SMCCC.
 */
#include "test.h"

void test_main(void)
{
	static const unsigned int imms[] = { 1, 0xea0, 0xea2, 0x4a48, 0xffff };
	struct trap_frame f;
	u64 x0;

	for (unsigned int i = 0; i < ARRAY_SIZE(imms); i++) {
		x0 = 0x84000000;
		if (try_insn(0xd4000002 | imms[i] << 5, &x0, &f))
			check_eq((int)x0, -1, "HVC %x is answered", imms[i]);
		else
			check_eq(ESR_EC(f.esr), EC_UNKNOWN, "HVC %x is undefined", imms[i]);
		x0 = 0x84000000;
		if (try_insn(0xd4000003 | imms[i] << 5, &x0, &f))
			check_eq((int)x0, -1, "SMC %x is answered", imms[i]);
		else
			check_eq(ESR_EC(f.esr), EC_UNKNOWN, "SMC %x is undefined", imms[i]);
	}
	check(xen_version(XENVER_version, NULL) > 0, "hypercalls still work");
}
