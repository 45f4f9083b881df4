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

static long put_string(struct hc_ctx *ctx, const char *s, size_t size)
{
	char buf[1024];
	size_t n = strlcpy(buf, s, size);

	/* The guest gets zeros behind it, not our stack. */
	if (n < size)
		memset(buf + n, 0, size - n);
	return copy_to_guest_va(ctx->arg_va, buf, size);
}

static long compile_info(struct hc_ctx *ctx)
{
	struct xen_compile_info info;

	memset(&info, 0, sizeof(info));
	strlcpy(info.compiler, XYLEM_COMPILER, sizeof(info.compiler));
	strlcpy(info.compile_by, "xylem", sizeof(info.compile_by));
	strlcpy(info.compile_domain, "xylem", sizeof(info.compile_domain));
	/* No date: the same source gives the same image. */
	strlcpy(info.compile_date, "reproducible", sizeof(info.compile_date));
	return copy_to_guest_va(ctx->arg_va, &info, sizeof(info));
}

static long capabilities(struct hc_ctx *ctx)
{
	char buf[sizeof(xen_capabilities_info_t)];

	memset(buf, 0, sizeof(buf));
	arch_capabilities(buf, sizeof(buf));
	return copy_to_guest_va(ctx->arg_va, buf, sizeof(buf));
}

static long platform_parameters(struct hc_ctx *ctx)
{
	xen_platform_parameters_t p = { .virt_start = arch_virt_start() };

	return copy_to_guest_va(ctx->arg_va, &p, sizeof(p));
}

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

static long command_line(struct hc_ctx *ctx)
{
	/* May hold secrets of whoever configured the host. */
	return put_string(ctx, is_control_domain(ctx->v->domain) ? saved_cmdline : "<denied>",
			  sizeof(xen_commandline_t));
}

long do_xen_version(struct hc_ctx *ctx)
{
	/* What guests use when they only want to be in the hypervisor for a moment. */
	if ((unsigned int)ctx->args[0] == XENVER_version)
		return (XYLEM_XEN_MAJOR << 16) | XYLEM_XEN_MINOR;
	ctx->cmd = ctx->args[0];
	ctx->arg_va = ctx->args[1];
	switch (ctx->cmd) {
	case XENVER_extraversion:
		return copy_to_guest_va(ctx->arg_va, extraversion, sizeof(extraversion));
	case XENVER_compile_info:
		return compile_info(ctx);
	case XENVER_capabilities:
		return capabilities(ctx);
	case XENVER_changeset:
		return put_string(ctx, "", sizeof(xen_changeset_info_t));
	case XENVER_platform_parameters:
		return platform_parameters(ctx);
	case XENVER_get_features:
		return get_features(ctx);
	case XENVER_pagesize:
		return ctx->arg_va ? -EINVAL : (long)PAGE_SIZE;
	case XENVER_guest_handle:
		return copy_to_guest_va(ctx->arg_va, ctx->v->domain->handle,
					sizeof(ctx->v->domain->handle));
	case XENVER_commandline:
		return command_line(ctx);
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
