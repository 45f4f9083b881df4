// SPDX-License-Identifier: GPL-2.0-only
/* xen_version: who we are. */
#include <xen/hypercall.h>
#include <xen/lib.h>
#include <xen/param.h>
#include <public/features.h>
#include <public/version.h>

#ifndef XYLEM_COMPILER
#define XYLEM_COMPILER __VERSION__
#endif

static const xen_extraversion_t extraversion = XYLEM_EXTRAVERSION;

/* No date: the same source gives the same image. */
static const struct xen_compile_info compile_info = {
	.compiler = XYLEM_COMPILER, .compile_by = "xylem", .compile_domain = "xylem",
	.compile_date = "reproducible",
};

static long get_features(struct hc_ctx *ctx)
{
	xen_feature_info_t fi;

	if (copy_from_guest_va(&fi, ctx->arg_va, sizeof(fi)))
		return -EFAULT;
	if (fi.submap_idx >= XENFEAT_NR_SUBMAPS)
		return -EINVAL;
	fi.submap = arch_features(ctx->v->domain, fi.submap_idx);
	return copy_to_guest_va(ctx->arg_va, &fi, sizeof(fi));
}

long do_xen_version(struct hc_ctx *ctx)
{
	static const xen_commandline_t denied = "<denied>";
	xen_platform_parameters_t parameters;
	struct domain *d = ctx->v->domain;
	xen_capabilities_info_t caps;

	/* What guests use when they only want to be in the hypervisor for a moment. */
	if ((unsigned int)ctx->args[0] == XENVER_version)
		return (XYLEM_XEN_MAJOR << 16) | XYLEM_XEN_MINOR;
	ctx->cmd = ctx->args[0];
	ctx->arg_va = ctx->args[1];
	switch (ctx->cmd) {
	case XENVER_extraversion:
		return copy_to_guest_va(ctx->arg_va, extraversion, sizeof(extraversion));
	case XENVER_compile_info:
		return copy_to_guest_va(ctx->arg_va, &compile_info, sizeof(compile_info));
	case XENVER_capabilities:
		memset(caps, 0, sizeof(caps));
		arch_capabilities(caps, sizeof(caps));
		return copy_to_guest_va(ctx->arg_va, caps, sizeof(caps));
	case XENVER_changeset:
		return clear_guest_va(ctx->arg_va, sizeof(xen_changeset_info_t));
	case XENVER_platform_parameters:
		parameters.virt_start = arch_virt_start();
		return copy_to_guest_va(ctx->arg_va, &parameters, sizeof(parameters));
	case XENVER_get_features:
		return get_features(ctx);
	case XENVER_pagesize:
		return ctx->arg_va ? -EINVAL : (long)PAGE_SIZE;
	case XENVER_guest_handle:
		return copy_to_guest_va(ctx->arg_va, d->handle, sizeof(d->handle));
	case XENVER_commandline:
		/* May hold secrets of whoever configured the host. */
		return copy_to_guest_va(ctx->arg_va, is_control_domain(d) ? saved_cmdline : denied,
					sizeof(xen_commandline_t));
	case XENVER_build_id:
		return -ENODATA;
	default:
		return -ENOSYS;
	}
}

long do_vm_assist(struct hc_ctx *ctx)
{
	struct domain *d = ctx->v->domain;
	unsigned int cmd = ctx->args[0], type = ctx->args[1];

	if (type >= BITS_PER_LONG || !(arch_vm_assist_valid(d) & BIT(type)))
		return -EINVAL;
	switch (cmd) {
	case VMASST_CMD_enable:
		set_bit(type, &d->vm_assist);
		return 0;
	case VMASST_CMD_disable:
		clear_bit(type, &d->vm_assist);
		return 0;
	default:
		return -ENOSYS;
	}
}
