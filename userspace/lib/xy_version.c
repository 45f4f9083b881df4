/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <stdint.h>
#include <string.h>

#include <xen/xen.h>
#include <xen/version.h>

#include "xy_version.h"

#define BUILD_ID_MAX 64

long xy_version_number(struct xy_call *c)
{
	return xy_hcall(c, __HYPERVISOR_xen_version, XENVER_version, 0);
}

/* One fixed-size text; missing ones (-EPERM, -ENOSYS ...) stay empty. */
static void text(struct xy_call *c, unsigned int cmd, char *out, size_t size)
{
	if (xy_call_op(c, __HYPERVISOR_xen_version, cmd, out, size) < 0)
		out[0] = '\0';
	out[size - 1] = '\0';
}

static void compile_info(struct xy_call *c, struct xy_version *v)
{
	struct xen_compile_info info = { { 0 } };

	if (xy_call_op(c, __HYPERVISOR_xen_version, XENVER_compile_info, &info, sizeof(info)) < 0)
		return;
	snprintf(v->compiler, sizeof(v->compiler), "%.*s", (int)sizeof(info.compiler),
		 info.compiler);
	snprintf(v->compile_by, sizeof(v->compile_by), "%.*s", (int)sizeof(info.compile_by) - 1,
		 info.compile_by);
	snprintf(v->compile_domain, sizeof(v->compile_domain), "%.*s",
		 (int)sizeof(info.compile_domain) - 1, info.compile_domain);
	snprintf(v->compile_date, sizeof(v->compile_date), "%.*s",
		 (int)sizeof(info.compile_date) - 1, info.compile_date);
}

/* The argument is a 32-bit length and as many bytes; the result says how many came. */
static void build_id(struct xy_call *c, struct xy_version *v)
{
	uint32_t len = BUILD_ID_MAX;
	unsigned char arg[sizeof(len) + BUILD_ID_MAX] = { 0 };
	long n;

	memcpy(arg, &len, sizeof(len));
	n = xy_call_op(c, __HYPERVISOR_xen_version, XENVER_build_id, arg, sizeof(arg));
	for (long i = 0; i < n && i < BUILD_ID_MAX; i++)
		sprintf(v->build_id + 2 * i, "%02x", arg[sizeof(len) + i]);
}

int xy_version(struct xy_call *c, struct xy_version *v)
{
	struct xen_platform_parameters params = { 0 };
	long ret = xy_version_number(c);

	memset(v, 0, sizeof(*v));
	if (ret < 0)
		return (int)ret;
	v->major = (unsigned int)ret >> 16;
	v->minor = ret & 0xffff;
	text(c, XENVER_extraversion, v->extra, sizeof(v->extra));
	text(c, XENVER_capabilities, v->caps, sizeof(v->caps));
	text(c, XENVER_changeset, v->changeset, sizeof(v->changeset));
	text(c, XENVER_commandline, v->cmdline, sizeof(v->cmdline));
	compile_info(c, v);
	build_id(c, v);
	if (!xy_call_op(c, __HYPERVISOR_xen_version, XENVER_platform_parameters, &params,
			sizeof(params)))
		v->virt_start = params.virt_start;
	ret = xy_hcall(c, __HYPERVISOR_xen_version, XENVER_pagesize, 0);
	v->page_size = ret > 0 ? (unsigned int)ret : 0;
	return 0;
}
