// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every sub-operation of xen_version as dom0 sees it.
 *
 * Kernels show these in /sys/hypervisor and decide by some of them; strings
 * must end within their buffers and nothing behind a buffer may be written.
 */
#include "test.h"

static struct {
	char buf[2048];
	char guard[64];
} out;

static long get(unsigned int cmd)
{
	memset(&out, 0x5a, sizeof(out));
	return xen_version(cmd, &out);
}

/* Bytes of the buffer that were touched, up to its last change. */
static unsigned int touched(void)
{
	unsigned int n = sizeof(out.buf);

	while (n && out.buf[n - 1] == 0x5a)
		n--;
	return n;
}

static void string_op(unsigned int cmd, unsigned int size, const char *name)
{
	check_eq(get(cmd), 0, "%s answers", name);
	check(strnlen(out.buf, size) < size, "%s ends within %u bytes", name, size);
	check(touched() <= size, "%s writes no more than that", name);
	printk("# %s: %s\n", name, out.buf);
}

void test_main(void)
{
	long version = xen_version(XENVER_version, NULL);
	struct xen_compile_info *info = (void *)out.buf;
	struct xen_platform_parameters *params = (void *)out.buf;
	struct xen_build_id *id = (void *)out.buf;
	long ret;

	check_eq(version >> 16, 4, "major version");
	check((version & 0xffff) >= 17, "minor version is 17 or newer");
	string_op(XENVER_extraversion, sizeof(xen_extraversion_t), "extraversion");
	string_op(XENVER_capabilities, sizeof(xen_capabilities_info_t), "capabilities");
	check(strstr(out.buf, "xen-3.0-aarch64") != NULL, "capabilities name this architecture");
	string_op(XENVER_changeset, sizeof(xen_changeset_info_t), "changeset");
	string_op(XENVER_commandline, sizeof(xen_commandline_t), "commandline");
	check(strstr(out.buf, "dom0_mem=128M") != NULL, "the command line is the one given");

	check_eq(get(XENVER_compile_info), 0, "compile_info answers");
	check(strnlen(info->compiler, 64) < 64 && strnlen(info->compile_by, 16) < 16 &&
	      strnlen(info->compile_domain, 32) < 32 && strnlen(info->compile_date, 32) < 32,
	      "compile_info holds four strings");
	check(touched() <= sizeof(*info), "compile_info keeps to its size");

	check_eq(get(XENVER_platform_parameters), 0, "platform_parameters answers");
	printk("# virt_start %lx\n", (u64)params->virt_start);
	check_eq(touched() <= sizeof(*params), 1, "platform_parameters keeps to its size");
	check_eq(xen_version(XENVER_pagesize, NULL), 4096, "pagesize");
	check_eq(get(XENVER_guest_handle), 0, "guest_handle answers");
	check_eq(touched() <= 16, 1, "guest_handle is 16 bytes");

	ret = xen_version(XENVER_build_id, NULL);
	if (ret == -ENODATA) {
		report_skip("no build id in this hypervisor");
	} else {
		check(ret > 0 && ret < 64, "build_id tells its size (%ld)", ret);
		id->len = 64;
		check_eq(xen_version(XENVER_build_id, id), ret, "build_id is handed out");
		id->len = 1;
		check_eq(xen_version(XENVER_build_id, id), -ENOBUFS, "build_id with a short buffer");
	}

	check_eq(get(11), -ENOSYS, "sub-operation 11");
	check_eq(get(0xffffffff), -ENOSYS, "sub-operation 0xffffffff");
}
