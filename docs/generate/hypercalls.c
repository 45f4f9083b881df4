// SPDX-License-Identifier: GPL-2.0-only
/*
 * Prints docs/hypercalls.md from the descriptors the dispatcher obeys. Linked
 * with xen/common over the fake architecture: what it prints is what runs.
 */
#include <xen/hypercall.h>

int printf(const char *fmt, ...);

static const char *const out_text[] = {
	[HC_OUT_NEVER]		= "",
	[HC_OUT_SUCCESS]	= "on success",
	[HC_OUT_ALWAYS]		= "always",
	[HC_OUT_HANDLER]	= "by the handler",
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
	printf("Any other sub-operation: error %ld.\n\n", t->unknown);
	printf("| nr | sub-operation | bytes in | copied out | caller | target | restarts | undone |\n");
	printf("|---|---|---|---|---|---|---|---|\n");
	for (unsigned int cmd = 0; cmd < t->nr_ops; cmd++)
		if (t->ops[cmd].handler)
			print_row(cmd, &t->ops[cmd]);
}

int main(void)
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
			       h->table ? "below" : "in its own file");
	}
	for (unsigned int nr = 0; nr < NR_HYPERCALLS; nr++)
		if (hypercall_table[nr].fn && hypercall_table[nr].table)
			print_table(nr, &hypercall_table[nr]);
	return 0;
}
