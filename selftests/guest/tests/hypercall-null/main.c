// SPDX-License-Identifier: GPL-2.0-only
/*
 * The plainest hypercall of all, and the ones that do not exist.
 *
 * A guest probes for what the hypervisor offers by calling it; every number
 * without an implementation must answer -ENOSYS and do nothing else, however
 * wild the number is. An HVC with another immediate is not a hypercall.
 */
#include "test.h"

void test_main(void)
{
	static const unsigned int absent[] = {
		/* x86 only, retired, or optional and left out */
		0, 1, 2, 3, 4, 5, 8, 9, 10, 14, 15, 22, 23, 25, 26, 28, 30, 31, 38, 40,
		/* never given a meaning */
		43, 44, 45, 46, 47, 57, 63, 64, 65, 100, 255, 256, 1000, 0xffff,
	};
	static const unsigned long wild[] = {
		0x7fffffff, 0x80000000, 0xffffffff, 0x80000011, 1UL << 63, ~0UL - 5,
	};

	check_eq(xen_version(XENVER_version, NULL) >> 16, 4, "the version's major number is 4");
	for (unsigned int i = 0; i < ARRAY_SIZE(absent); i++)
		check_eq(hypercall(absent[i], 0, 0, 0, 0, 0), -ENOSYS,
			 "hypercall %u is not there", absent[i]);
	for (unsigned int i = 0; i < ARRAY_SIZE(wild); i++)
		check_eq(hypercall(wild[i], 0, 0, 0, 0, 0), -ENOSYS,
			 "hypercall number %lx is refused", wild[i]);
}
