// SPDX-License-Identifier: GPL-2.0-only
/*
 * Prints docs/hypercalls.md from the descriptors the dispatcher obeys, or, called
 * with an argument, the same as lines OP(hypercall, sub-operation, size, name) for
 * the hostile guest to walk. Linked with xen/common over the fake architecture:
 * what it prints is what runs.
 */
#include <xen/hypercall.h>
#include <xen/lib.h>
#include <asm/host.h>
#include <public/grant_table.h>
#include <public/memory.h>
#include <public/platform.h>
#include <public/vcpu.h>
#include <public/version.h>
#include <public/xen.h>

int printf(const char *fmt, ...);

static const char *const out_text[] = {
	[HC_OUT_NEVER]		= "",
	[HC_OUT_SUCCESS]	= "on success",
	[HC_OUT_ALWAYS]		= "always",
};

static const char *const caller_text[] = {
	[HC_ANYBODY]		= "anybody",
	[HC_CONTROL]		= "control domain",
	[HC_CONTROL_OR_SELF]	= "control domain, or on itself",
};

static void print_target(const struct hc_subop *op)
{
	if (op->target_off == HC_NO_TARGET)
		return;
	printf("domain at byte %d%s%s", op->target_off,
	       op->flags & HC_DYING_OK ? ", may be dying" : "",
	       op->flags & HC_NO_SELF ? ", not itself" : "");
}

static void print_row(unsigned int cmd, const struct hc_subop *op)
{
	printf("| %u | %s | ", cmd, op->name);
	if (op->size)
		printf("%u", op->size);
	printf(" | %s | %s | ", out_text[op->out], caller_text[op->caller]);
	print_target(op);
	printf(" | %s | %s |\n", op->flags & HC_RESTARTABLE ? "yes" : "",
	       op->undo ? "yes" : "");
}

static void print_table(unsigned int nr, const struct hypercall *h)
{
	const struct hc_table *t = h->table;

	printf("\n%u %s\n", nr, h->name);
	printf("----------------------------\n\n");
	printf("| nr | sub-operation | bytes in | copied out | caller | target | restarts | undone |\n");
	printf("|---|---|---|---|---|---|---|---|\n");
	for (unsigned int cmd = 0; cmd < t->nr_ops; cmd++)
		if (t->ops[cmd].handler)
			print_row(cmd, &t->ops[cmd]);
}

/*
 * Operations whose arguments do not fit a descriptor: arrays with a result for
 * each element, nested handles, values in registers. Their handlers copy by
 * themselves; numbers and sizes are the compiler's.
 */
struct by_hand {
	uint16_t nr, cmd;
	const char *name;
	size_t size;
	const char *copies;	/* out */
	const char *caller, *target;
	bool restarts;
};

#define SELF_OR_CONTROL "control domain, or on itself"
#define MEM(op, again) \
	{ __HYPERVISOR_memory_op, XENMEM_##op, #op, sizeof(struct xen_memory_reservation), "", \
	  SELF_OR_CONTROL, "domid", again }
#define VER(op, size, out) \
	{ __HYPERVISOR_xen_version, XENVER_##op, #op, size, out, "anybody", "", false }
#define VCPU(op, size, out) \
	{ __HYPERVISOR_vcpu_op, VCPUOP_##op, #op, size, out, "anybody", "a vCPU of its own", false }
static const struct by_hand by_hand[] = {
	{ __HYPERVISOR_grant_table_op, GNTTABOP_unmap_grant_ref, "unmap_grant_ref",
	  sizeof(struct gnttab_unmap_grant_ref), "each element", "anybody", "", true },
	MEM(increase_reservation, true),
	MEM(decrease_reservation, true),
	MEM(populate_physmap, true),
	VER(version, 0, ""),
	VER(extraversion, sizeof(xen_extraversion_t), "all"),
	VER(compile_info, sizeof(struct xen_compile_info), "all"),
	VER(capabilities, sizeof(xen_capabilities_info_t), "all"),
	VER(changeset, sizeof(xen_changeset_info_t), "all"),
	VER(platform_parameters, sizeof(xen_platform_parameters_t), "all"),
	VER(get_features, sizeof(xen_feature_info_t), "all"),
	VER(pagesize, 0, ""),
	VER(guest_handle, sizeof(xen_domain_handle_t), "all"),
	VER(commandline, sizeof(xen_commandline_t), "all"),
	{ __HYPERVISOR_xen_version, XENVER_build_id, "build_id (always -ENODATA)", 0, "", "anybody",
	  "", false },
	VCPU(up, 0, ""),
	VCPU(down, 0, ""),
	VCPU(is_up, 0, ""),
	VCPU(get_runstate_info, sizeof(struct vcpu_runstate_info), "all"),
	VCPU(register_runstate_memory_area, sizeof(struct vcpu_register_runstate_memory_area),
	     "the area, from then on"),
	VCPU(register_vcpu_info, sizeof(struct vcpu_register_vcpu_info), "the area, from then on"),
	{ __HYPERVISOR_console_io, CONSOLEIO_write, "write", 0, "", "control domain", "", true },
	{ __HYPERVISOR_console_io, CONSOLEIO_read, "read", 0, "characters", "control domain",
	  "", false },
	{ __HYPERVISOR_vm_assist, VMASST_CMD_enable, "enable", 0, "", "anybody", "", false },
	{ __HYPERVISOR_vm_assist, VMASST_CMD_disable, "disable", 0, "", "anybody", "", false },
	{ __HYPERVISOR_platform_op, XENPF_settime64, "settime64", sizeof(struct xen_platform_op),
	  "", "control domain", "", false },
	{ __HYPERVISOR_multicall, 0, "(entries)", sizeof(struct multicall_entry),
	  "result of each entry", "anybody", "", true },
};

static void print_by_hand(unsigned int nr, const struct hypercall *h)
{
	bool first = true;

	for (unsigned int i = 0; i < ARRAY_SIZE(by_hand); i++) {
		const struct by_hand *op = &by_hand[i];

		if (op->nr != nr)
			continue;
		if (first)
			printf("\n%u %s%s\n----------------------------\n\n"
			       "| nr | operation | bytes of argument or element | copied out | "
			       "caller | target | restarts |\n"
			       "|---|---|---|---|---|---|---|\n",
			       nr, h->name, h->table ? ": by the handler" : "");
		first = false;
		printf("| %u | %s | ", op->cmd, op->name);
		if (op->size)
			printf("%zu", op->size);
		printf(" | %s | %s | %s | %s |\n", op->copies, op->caller, op->target,
		       op->restarts ? "yes" : "");
	}
}

/* Sub-operations that common code does not know. */
static bool of_arch(unsigned int nr)
{
	return nr == __HYPERVISOR_physdev_op || nr == __HYPERVISOR_dm_op;
}

static bool has_row(unsigned int nr, unsigned int cmd)
{
	const struct hc_table *t = hypercall_table[nr].table;

	if (t && cmd < t->nr_ops && t->ops[cmd].handler)
		return true;
	for (unsigned int i = 0; i < ARRAY_SIZE(by_hand); i++)
		if (by_hand[i].nr == nr && by_hand[i].cmd == cmd)
			return true;
	return false;
}

/* The lists are whole: what it leaves out is -ENOSYS, and nothing that it names. */
static void check_list(unsigned int nr)
{
	for (unsigned int cmd = 0; cmd < 48; cmd++) {
		bool listed = has_row(nr, cmd);
		bool there = host_hypercall(nr, cmd, ~0UL, 0) != -ENOSYS;

		if (listed != there)
			panic("docs/generate: %s %u is %slisted", hypercall_table[nr].name, cmd,
			      listed ? "" : "not ");
	}
}

static void print_doc(void)
{
	printf("Hypercalls\n==========\n\n"
	       "Made by `make docs` from the descriptors in xen/common; do not edit. A number\n"
	       "without a handler returns -38 (-ENOSYS).\n\n"
	       "Columns of the tables below: bytes of the argument that the dispatcher copies in\n"
	       "(none: the handler does, or there is no argument); when it copies them back; who\n"
	       "may call; where the argument names a domain; whether a call may be executed in\n"
	       "several steps; whether what it made is taken back when the result cannot be\n"
	       "delivered.\n\n"
	       "| nr | hypercall | arguments | sub-operations |\n|---|---|---|---|\n");
	for (unsigned int nr = 0; nr < NR_HYPERCALLS; nr++) {
		const struct hypercall *h = &hypercall_table[nr];

		if (h->fn)
			printf("| %u | %s | %u | %s |\n", nr, h->name, h->nr_args,
			       of_arch(nr) ? "of the architecture" : "below");
	}
	for (unsigned int nr = 0; nr < NR_HYPERCALLS; nr++) {
		if (!hypercall_table[nr].fn)
			continue;
		if (hypercall_table[nr].table)
			print_table(nr, &hypercall_table[nr]);
		print_by_hand(nr, &hypercall_table[nr]);
	}
}

static unsigned int print_table_ops(unsigned int nr, const struct hc_table *t)
{
	unsigned int n = 0;

	for (unsigned int cmd = 0; t && cmd < t->nr_ops; cmd++) {
		if (!t->ops[cmd].handler)
			continue;
		printf("OP(%u, %u, %u, \"%s %s\")\n", nr, cmd, t->ops[cmd].size,
		       hypercall_table[nr].name, t->ops[cmd].name);
		n++;
	}
	return n;
}

static unsigned int print_by_hand_ops(unsigned int nr)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(by_hand); i++) {
		if (by_hand[i].nr != nr)
			continue;
		printf("OP(%u, %u, %zu, \"%s %s\")\n", nr, by_hand[i].cmd, by_hand[i].size,
		       hypercall_table[nr].name, by_hand[i].name);
		n++;
	}
	return n;
}

/* Each hypercall there is has a line at least. */
static void print_ops(void)
{
	printf("/* Made by docs/generate from the descriptors in xen/common. */\n");
	for (unsigned int nr = 0; nr < NR_HYPERCALLS; nr++) {
		unsigned int n;

		if (!hypercall_table[nr].fn)
			continue;
		n = print_table_ops(nr, hypercall_table[nr].table) + print_by_hand_ops(nr);
		if (!n && !of_arch(nr))
			panic("docs/generate: nothing is known of hypercall %u, %s", nr,
			      hypercall_table[nr].name);
		if (!n)
			printf("OP(%u, 0, 0, \"%s\")\n", nr, hypercall_table[nr].name);
	}
}

int main(int argc, char **argv)
{
	host_boot(1);
	check_list(__HYPERVISOR_memory_op);
	check_list(__HYPERVISOR_xen_version);
	check_list(__HYPERVISOR_grant_table_op);
	if (argc > 1)
		print_ops();
	else
		print_doc();
	return 0;
}
