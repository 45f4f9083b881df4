// SPDX-License-Identifier: GPL-2.0-only
/* hvm_op: the parameters by which toolstack and guest find the store and the console. */
#include <xen/hypercall.h>
#include <xen/lib.h>
#include <public/hvm/hvm_op.h>

/* A guest may set how it is called back; the rest is the toolstack's. */
static bool guest_may_set(uint32_t index)
{
	return index == HVM_PARAM_CALLBACK_IRQ;
}

static bool guest_may_get(uint32_t index)
{
	switch (index) {
	case HVM_PARAM_CALLBACK_IRQ:
	case HVM_PARAM_STORE_PFN:
	case HVM_PARAM_STORE_EVTCHN:
	case HVM_PARAM_CONSOLE_PFN:
	case HVM_PARAM_CONSOLE_EVTCHN:
		return true;
	default:
		return false;
	}
}

static long op_set(struct hc_ctx *ctx, void *arg)
{
	struct xen_hvm_param *p = arg;
	struct domain *d = ctx->target;
	int rc;

	if (p->index >= HVM_NR_PARAMS)
		return -EINVAL;
	if (!is_control_domain(ctx->v->domain) && !guest_may_set(p->index))
		return -EPERM;
	spin_lock(&d->lock);
	rc = arch_hvm_set_param(d, p->index, p->value);
	if (!rc)
		d->hvm_params[p->index] = p->value;
	spin_unlock(&d->lock);
	return rc;
}

static long op_get(struct hc_ctx *ctx, void *arg)
{
	struct xen_hvm_param *p = arg;

	if (p->index >= HVM_NR_PARAMS)
		return -EINVAL;
	if (!is_control_domain(ctx->v->domain) && !guest_may_get(p->index))
		return -EPERM;
	p->value = ctx->target->hvm_params[p->index];
	return 0;
}

#define PARAM(nr, o, fn) \
	[nr] = { #nr, sizeof(struct xen_hvm_param), o, HC_CONTROL_OR_SELF, \
		 offsetof(struct xen_hvm_param, domid), 0, fn, NULL }

static const struct hc_subop hvm_ops[] = {
	PARAM(HVMOP_set_param, HC_OUT_NEVER, op_set),
	PARAM(HVMOP_get_param, HC_OUT_SUCCESS, op_get),
};

const struct hc_table hvm_op_table = HC_TABLE(hvm_ops);
