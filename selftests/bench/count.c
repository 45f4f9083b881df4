// SPDX-License-Identifier: GPL-2.0-only
/*
 * A QEMU plugin that counts what is executed between two marker instructions
 * (bench.h): instructions of guest and hypervisor, barriers, TLB and cache
 * operations, exits. One line is written for each pair of markers.
 *
 *   -plugin count.so,out=FILE[,pcs=FILE]
 *
 * pcs: for each pair of markers a line "#", then lines "address times" of the
 * hypervisor's instructions; the script profile makes functions of them.
 */
#include "plugin.h"

enum what { GUEST, HYP, DSB, ISB, DMB, TLBI, CACHE, AT, EXIT, SYSREG, COUNTERS, START, STOP };

static uint64_t counters[COUNTERS];
static int active;

/* How often each instruction of the hypervisor's image was executed. */
#define IMAGE_WORDS	(16u << 20 >> 2)
static uint32_t times[IMAGE_WORDS];

static enum what classify(uint32_t op)
{
	if ((op & 0xfffff0ff) == 0xd503309f)
		return DSB;
	if ((op & 0xfffff0ff) == 0xd50330bf)
		return DMB;
	if ((op & 0xfffff0ff) == 0xd50330df)
		return ISB;
	if (op == 0xd69f03e0)
		return EXIT;
	/* SYS: CRn 8 is TLBI; CRn 7 is AT with CRm 8, and cache maintenance but DC ZVA. */
	if ((op & 0xfff80000) == 0xd5080000) {
		unsigned int crn = op >> 12 & 15, crm = op >> 8 & 15;

		if (crn == 8)
			return TLBI;
		if (crn == 7 && crm == 8)
			return AT;
		if (crn == 7 && crm != 4)
			return CACHE;
	}
	/* MRS and MSR (register). */
	if ((op & 0xffd00000) == 0xd5100000)
		return SYSREG;
	return COUNTERS;
}

static void executed(unsigned int cpu, void *data)
{
	(void)cpu;
	if (active)
		counters[(uintptr_t)data]++;
}

static void executed_at(unsigned int cpu, void *data)
{
	(void)cpu;
	if (active)
		times[(uintptr_t)data]++;
}

static void write_pcs(void)
{
	fprintf(pcs, "#\n");
	for (uint32_t i = 0; i < IMAGE_WORDS; i++)
		if (times[i])
			fprintf(pcs, "%x %u\n", i * 4, times[i]);
	memset(times, 0, sizeof(times));
}

static void start(unsigned int cpu, void *data)
{
	(void)cpu;
	(void)data;
	memset(counters, 0, sizeof(counters));
	active = 1;
}

static void stop(unsigned int cpu, void *data)
{
	(void)cpu;
	(void)data;
	if (!active)
		return;
	active = 0;
	if (pcs)
		write_pcs();
	for (int i = 0; i < COUNTERS; i++)
		fprintf(out, "%" PRIu64 "%c", counters[i], i == COUNTERS - 1 ? '\n' : ' ');
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	(void)id;
	for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		int hyp = qemu_plugin_insn_vaddr(insn) < HYPERVISOR_END;
		enum what what;

		if (mark(insn))
			continue;
		qemu_plugin_register_vcpu_insn_exec_cb(insn, executed, QEMU_PLUGIN_CB_NO_REGS,
						       (void *)(uintptr_t)(hyp ? HYP : GUEST));
		if (pcs && qemu_plugin_insn_vaddr(insn) / 4 < IMAGE_WORDS)
			qemu_plugin_register_vcpu_insn_exec_cb(
				insn, executed_at, QEMU_PLUGIN_CB_NO_REGS,
				(void *)(uintptr_t)(qemu_plugin_insn_vaddr(insn) / 4));
		what = classify(opcode(insn));
		/* Barriers and the like of the guest itself are not of interest. */
		if (hyp && what != COUNTERS)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, executed,
							       QEMU_PLUGIN_CB_NO_REGS,
							       (void *)(uintptr_t)what);
	}
}

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info_t *info, int argc, char **argv)
{
	(void)info;
	return plugin_begin(id, argc, argv, translated);
}
