// SPDX-License-Identifier: GPL-2.0-only
/*
 * A QEMU plugin that says where the executed instructions of a whole machine go,
 * between marker instructions that a program in a guest executes (movz xzr, #n).
 *
 *   -plugin insns.so,out=FILE[,pcs=FILE]
 *
 * For each pair of markers a line of out: instructions of user programs, of kernels
 * (dom0 and guests together), of the hypervisor, and hypercalls. pcs: a line "#",
 * then lines "address instructions" of the basic blocks, most of the time exact (a
 * block left by an exception counts whole).
 *
 * Unlike a clock under icount this does not count the time a machine is idle.
 * For one CPU: the counters are not atomic.
 */
#include "../plugin.h"

#define HVC_XEN		(0xd4000002 | 0xea1 << 5)

enum what { USER, KERNEL, HYP, HVC, COUNTERS };

static uint64_t counters[COUNTERS], at_start[COUNTERS];

struct block {
	uint64_t pc, n, before;
};

#define MAX_BLOCKS (1u << 20)
static struct block *blocks;
static unsigned int nr_blocks;

static void start(unsigned int cpu, void *data)
{
	(void)cpu;
	(void)data;
	memcpy(at_start, counters, sizeof(counters));
	for (unsigned int i = 0; i < nr_blocks; i++)
		blocks[i].before = blocks[i].n;
}

static void stop(unsigned int cpu, void *data)
{
	(void)cpu;
	(void)data;
	for (int i = 0; i < COUNTERS; i++)
		fprintf(out, "%" PRIu64 "%c", counters[i] - at_start[i],
			i == COUNTERS - 1 ? '\n' : ' ');
	fflush(out);
	if (!pcs)
		return;
	fprintf(pcs, "#\n");
	for (unsigned int i = 0; i < nr_blocks; i++)
		if (blocks[i].n != blocks[i].before)
			fprintf(pcs, "%" PRIx64 " %" PRIu64 "\n", blocks[i].pc,
				blocks[i].n - blocks[i].before);
	fflush(pcs);
}

static enum what place(uint64_t pc)
{
	if (pc >> 63)
		return KERNEL;
	/* A hypervisor's code has low addresses, and so have static programs. */
	if (pc < HYPERVISOR_END)
		return HYP;
	return USER;
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (size_t i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);

		mark(insn);
		if (opcode(insn) == HVC_XEN)
			qemu_plugin_register_vcpu_insn_exec_inline(
				insn, QEMU_PLUGIN_INLINE_ADD_U64, &counters[HVC], 1);
		qemu_plugin_register_vcpu_insn_exec_inline(
			insn, QEMU_PLUGIN_INLINE_ADD_U64,
			&counters[place(qemu_plugin_insn_vaddr(insn))], 1);
	}
	if (pcs && nr_blocks < MAX_BLOCKS && n) {
		struct block *b = &blocks[nr_blocks++];

		b->pc = qemu_plugin_insn_vaddr(qemu_plugin_tb_get_insn(tb, 0));
		qemu_plugin_register_vcpu_tb_exec_inline(tb, QEMU_PLUGIN_INLINE_ADD_U64, &b->n, n);
	}
}

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info_t *info, int argc, char **argv)
{
	(void)info;
	blocks = calloc(MAX_BLOCKS, sizeof(*blocks));
	if (!blocks) {
		fprintf(stderr, "insns: no memory\n");
		return -1;
	}
	return plugin_begin(id, argc, argv, translated);
}
