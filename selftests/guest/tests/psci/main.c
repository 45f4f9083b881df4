// SPDX-License-Identifier: GPL-2.0-only
/*
 * PSCI: version and features, turning CPUs on and off, and the errors.
 */
#include "test.h"

#define PSCI_VERSION		0x84000000UL
#define PSCI_CPU_OFF		0x84000002UL
#define PSCI_CPU_ON32		0x84000003UL
#define PSCI_CPU_ON		0xc4000003UL
#define PSCI_AFFINITY_INFO32	0x84000004UL
#define PSCI_AFFINITY_INFO	0xc4000004UL
#define PSCI_MIGRATE_INFO_TYPE	0x84000006UL
#define PSCI_SYSTEM_OFF		0x84000008UL
#define PSCI_SYSTEM_RESET	0x84000009UL
#define PSCI_FEATURES		0x8400000aUL
#define PSCI_CPU_FREEZE		0x8400000bUL
#define PSCI_CPU_SUSPEND	0xc4000001UL
#define PSCI_SYSTEM_SUSPEND	0xc400000eUL
#define PSCI_STAT_RESIDENCY	0xc4000010UL

#define NOT_SUPPORTED		-1
#define INVALID_PARAMETERS	-2
#define ALREADY_ON		-4
#define INVALID_ADDRESS		-9

static volatile u64 runs[MAX_CPUS], ids[MAX_CPUS], stop;

static void work(void *arg)
{
	u64 cpu = (u64)arg;

	ids[cpu] = read_sysreg(mpidr_el1);
	runs[cpu]++;
	while (!stop)
		sched_op(SCHEDOP_yield, NULL);
}

void test_main(void)
{
	static const unsigned long present[] = {
		PSCI_VERSION, PSCI_CPU_OFF, PSCI_CPU_ON32, PSCI_CPU_ON, PSCI_AFFINITY_INFO32,
		PSCI_AFFINITY_INFO, PSCI_MIGRATE_INFO_TYPE, PSCI_SYSTEM_OFF, PSCI_SYSTEM_RESET,
		PSCI_FEATURES, PSCI_CPU_SUSPEND,
	};
	static const unsigned long absent[] = {
		PSCI_CPU_FREEZE, PSCI_STAT_RESIDENCY, 0x84000013UL, 0x8400001fUL,
	};
	int version = psci(PSCI_VERSION, 0, 0, 0);
	unsigned int n = cpu_count();

	check(version >> 16 == 1, "the version is 1.x");
	printk("# %d.%d\n", version >> 16, version & 0xffff);
	for (unsigned int i = 0; i < ARRAY_SIZE(present); i++)
		check(psci(PSCI_FEATURES, present[i], 0, 0) >= 0, "%lx is there", present[i]);
	for (unsigned int i = 0; i < ARRAY_SIZE(absent); i++) {
		check_eq(psci(PSCI_FEATURES, absent[i], 0, 0), NOT_SUPPORTED,
			 "%lx is not there", absent[i]);
		check_eq(psci(absent[i], 0, 0, 0), NOT_SUPPORTED, "nor can %lx be called", absent[i]);
	}
	check_eq(psci(PSCI_MIGRATE_INFO_TYPE, 0, 0, 0), 2, "no trusted OS needs migration");

	check_eq(n, 4, "the device tree has the machine's CPUs");
	check_eq(psci(PSCI_AFFINITY_INFO, 0, 0, 0), 0, "CPU 0 is on");
	check_eq(psci(PSCI_AFFINITY_INFO, 1, 0, 0), 1, "CPU 1 is off");
	check_eq(psci(PSCI_AFFINITY_INFO, 99, 0, 0), INVALID_PARAMETERS, "CPU 99 is not there");
	check_eq(psci(PSCI_CPU_ON, 0, (u64)test_main, 0), ALREADY_ON, "CPU 0 cannot be started");
	check_eq(psci(PSCI_CPU_ON, 99, (u64)test_main, 0), INVALID_PARAMETERS,
		 "a CPU that is not there cannot be started");
	check_eq(psci(PSCI_CPU_ON, ~0UL, (u64)test_main, 0), INVALID_PARAMETERS,
		 "nor one of a wild affinity");

	for (u64 i = 1; i < n; i++)
		check_eq(cpu_start(i, work, (void *)i), 0, "CPU %lu starts", i);
	for (u64 i = 1; i < n; i++) {
		check(wait_for(&runs[i], 1, 1000000), "CPU %lu runs", i);
		check_eq(ids[i] & 0xff00ffffffUL, cpu_mpidr(i), "CPU %lu has its MPIDR", i);
	}
	check_eq(psci(PSCI_AFFINITY_INFO, 1, 0, 0), 0, "CPU 1 is on");
	check_eq(psci(PSCI_CPU_ON, 1, (u64)test_main, 0), ALREADY_ON, "and is not started twice");

	stop = 1;
	for (u64 i = 1; i < n; i++)
		cpu_join(i);
	check(wait_until(psci(PSCI_AFFINITY_INFO, 1, 0, 0) == 1, 1000000), "CPU 1 goes off");
}
