// SPDX-License-Identifier: GPL-2.0-only
/*
 * Multicall: several calls in one. The array stays in guest memory, one entry is
 * copied, run and its result written back at a time. Progress is the call's own
 * arguments moving on, so a continuation needs no state; an inner call that is
 * itself restartable has its new arguments written into its entry.
 */
#include <xen/hypercall.h>
#include <xen/lib.h>

static int write_back(guest_va_t entry, const struct multicall_entry *call, const struct hc_ctx *in)
{
	struct multicall_entry again = *call;

	for (unsigned int i = 0; i < HC_MAX_ARGS; i++)
		again.args[i] = in->args[i];
	return copy_to_guest_va(entry, &again, sizeof(again));
}

/* 0, -EFAULT, or -ERESTART when the entry has to be executed again. */
static long run_entry(struct hc_ctx *ctx, guest_va_t entry)
{
	struct multicall_entry call;
	struct hc_ctx in = { .v = ctx->v };
	long rc;

	if (copy_from_guest_va(&call, entry, sizeof(call)))
		return -EFAULT;
	in.nr = min_t(uint64_t, call.op, NR_HYPERCALLS);
	for (unsigned int i = 0; i < HC_MAX_ARGS; i++)
		in.args[i] = call.args[i];
	/* Nested multicalls would need a stack. */
	rc = in.nr == __HYPERVISOR_multicall ? -EINVAL : hypercall_run(&in);
	if (rc == -ERESTART)
		return write_back(entry, &call, &in) ? -EFAULT : -ERESTART;
	call.result = rc;
	return copy_to_guest_va(entry + offsetof(struct multicall_entry, result), &call.result,
				sizeof(call.result));
}

long do_multicall(struct hc_ctx *ctx)
{
	guest_va_t list = ctx->args[0];
	uint32_t nr = ctx->args[1];
	bool first = true;
	long rc = 0;

	ctx->v->in_multicall = true;
	for (; nr; nr--, list += sizeof(struct multicall_entry), first = false) {
		if (!first && hypercall_preempt_check()) {
			rc = -ERESTART;
			break;
		}
		rc = run_entry(ctx, list);
		if (rc)
			break;
	}
	ctx->v->in_multicall = false;
	if (rc == -ERESTART) {
		ctx->args[0] = list;
		ctx->args[1] = nr;
	}
	return rc;
}
