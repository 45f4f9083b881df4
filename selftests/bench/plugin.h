/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What our QEMU plugins share: the marker instructions of a program under test, the
 * files of "-plugin X.so,out=FILE[,pcs=FILE]", and the declarations of QEMU.
 *
 * Debian does not ship qemu-plugin.h: the few declarations of version 1 of the
 * interface that are used are here (QEMU's documentation, "TCG Plugins"). A plugin
 * is one source file that includes this one.
 */
#ifndef BENCH_PLUGIN_H
#define BENCH_PLUGIN_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t qemu_plugin_id_t;
struct qemu_info_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum { QEMU_PLUGIN_CB_NO_REGS };
enum { QEMU_PLUGIN_INLINE_ADD_U64 };

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
					   void (*cb)(qemu_plugin_id_t, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    void (*cb)(unsigned int, void *), int flags,
					    void *data);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn, int op, void *ptr,
						uint64_t imm);
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *tb, int op, void *ptr,
					      uint64_t imm);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id, void (*cb)(qemu_plugin_id_t, void *),
				    void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t i);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;
__attribute__((visibility("default")))
int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info_t *info, int argc,
			char **argv);

/* Markers: movz xzr, #n, which does nothing else (bench.h, linux/programs). */
#define MARK_START	(0xd280001f | 0x5858 << 5)
#define MARK_STOP	(0xd280001f | 0xffff << 5)

/* Both hypervisors are linked below 1 GiB, and the machine's RAM begins there. */
#define HYPERVISOR_END	0x40000000u

/* pcs is NULL when it was not asked for. */
static FILE *out, *pcs;

/* The plugin's own, called when a marker is executed. */
static void start(unsigned int cpu, void *data);
static void stop(unsigned int cpu, void *data);

static inline uint32_t opcode(const struct qemu_plugin_insn *insn)
{
	uint32_t op;

	memcpy(&op, qemu_plugin_insn_data(insn), sizeof(op));
	return op;
}

/* Is the instruction a marker? Then its call is arranged for. */
static inline int mark(struct qemu_plugin_insn *insn)
{
	uint32_t op = opcode(insn);

	if (op != MARK_START && op != MARK_STOP)
		return 0;
	qemu_plugin_register_vcpu_insn_exec_cb(insn, op == MARK_START ? start : stop,
					       QEMU_PLUGIN_CB_NO_REGS, NULL);
	return 1;
}

static void close_files(qemu_plugin_id_t id, void *data)
{
	(void)id;
	(void)data;
	fclose(out);
	if (pcs)
		fclose(pcs);
}

/* Files by the options, and what is called for translated code; 0 or -1 with a message. */
static inline int plugin_begin(qemu_plugin_id_t id, int argc, char **argv,
			       void (*translated)(qemu_plugin_id_t, struct qemu_plugin_tb *))
{
	for (int i = 0; i < argc; i++) {
		FILE **f = !strncmp(argv[i], "out=", 4) ? &out :
			   !strncmp(argv[i], "pcs=", 4) ? &pcs : NULL;

		if (f)
			*f = fopen(argv[i] + 4, "w");
		if (!f || !*f) {
			fprintf(stderr, "plugin: %s: %s\n", argv[i],
				f ? "cannot be written" : "unknown option");
			return -1;
		}
	}
	if (!out) {
		fprintf(stderr, "plugin: out=FILE is missing\n");
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	qemu_plugin_register_atexit_cb(id, close_files, NULL);
	return 0;
}

#endif
