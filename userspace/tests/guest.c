// SPDX-License-Identifier: GPL-2.0-only
/* Building guests, as far as it needs no hypervisor: images, layout, device tree. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libfdt.h>
#ifdef HAVE_ZLIB
#include <zlib.h>
#endif

#include "test.h"
#include "xy_blob.h"
#include "xy_dtb.h"
#include "xy_image.h"
#include "xy_layout.h"

#define MIB (1ull << 20)

static struct xy_err err;

/* The ABI's map for Arm, written out a second time. */
static const struct xy_guest_map map = {
	.ram = { { 0x40000000, 0xc0000000 }, { 0x200000000, 0xfe00000000 } },
	.gnttab = { 0x38000000, 0x01000000 },
	.magic = { 0x39000000, 0x01000000 },
	.gicv2_dist = { 0x03001000, 0x1000 }, .gicv2_cpu = { 0x03002000, 0x2000 },
	.gicv3_dist = { 0x03001000, 0x10000 }, .gicv3_redist = { 0x03020000, 0x1000000 },
	.timer_secure_ppi = 29, .timer_phys_ppi = 30, .timer_virt_ppi = 27, .evtchn_ppi = 31,
	.max_vcpus = 128,
};

static void put(uint8_t *p, uint64_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

static void make_image(uint8_t *p, uint64_t text_offset, uint64_t size, uint64_t flags)
{
	memset(p, 0, 128);
	put(p + 8, text_offset, 8);
	put(p + 16, size, 8);
	put(p + 24, flags, 8);
	memcpy(p + 56, "ARM\x64", 4);
}

static void test_image(void)
{
	uint8_t p[128];
	struct xy_image im;

	make_image(p, 0, 0x200000, 0xa);
	CHECK_EQ(xy_image_parse(p, sizeof(p), &im, &err), 0);
	CHECK_EQ(im.text_offset, 0);
	CHECK_EQ(im.run_size, 0x200000);
	make_image(p, 0, 0, 0);		/* an old kernel */
	CHECK_EQ(xy_image_parse(p, sizeof(p), &im, &err), 0);
	CHECK_EQ(im.text_offset, 0x80000);
	CHECK_EQ(im.run_size, sizeof(p));
	make_image(p, 0x200000, 1, 0);
	CHECK_EQ(xy_image_parse(p, sizeof(p), &im, &err), -EINVAL);
	make_image(p, 0x80001, 1, 0);
	CHECK_EQ(xy_image_parse(p, sizeof(p), &im, &err), -EINVAL);
	make_image(p, 0, ~0ull, 0);
	CHECK_EQ(xy_image_parse(p, sizeof(p), &im, &err), -EINVAL);
	make_image(p, 0, 1, 1);
	CHECK_EQ(xy_image_parse(p, sizeof(p), &im, &err), -EINVAL);
	CHECK_STR(err.text, "it is a big-endian kernel, which is not supported");
	for (size_t n = 0; n < 64; n++)
		CHECK_EQ(xy_image_parse(p, n, &im, &err), -EINVAL);
	memcpy(p + 56, "ARM0", 4);
	CHECK_EQ(xy_image_parse(p, sizeof(p), &im, &err), -EINVAL);
	memcpy(p, "\177ELF", 4);
	CHECK_EQ(xy_image_parse(p, sizeof(p), &im, &err), -EINVAL);
	CHECK_STR(err.text, "it is an ELF file; an arm64 Image is wanted");
}

static void plan(uint64_t mib, uint64_t kernel, uint64_t initrd, struct xy_layout *l, int want)
{
	struct xy_image im = { .text_offset = 0, .run_size = kernel };

	err.text[0] = '\0';
	CHECK_EQ(xy_layout_plan(&map, mib * MIB, &im, initrd, l, &err), want);
	if (want)
		return;
	/* What always holds: inside the low bank, in order, no overlap. */
	CHECK(l->kernel.base >= l->ram[0].base);
	CHECK(l->kernel.base + l->kernel.size <= l->dtb.base);
	CHECK(l->dtb.base % 8 == 0 && l->dtb.base >> 21 == (l->dtb.base + l->dtb.size - 1) >> 21);
	CHECK(l->dtb.base + l->dtb.size <= l->initrd.base);
	CHECK(l->initrd.base + l->initrd.size <= l->ram[0].base + l->ram[0].size);
	CHECK_EQ(l->ram[0].size + l->ram[1].size, mib * MIB);
}

static void test_layout(void)
{
	struct xy_range ext[XY_RAM_BANKS];
	struct xy_layout l;

	plan(256, 33 * MIB, 10 * MIB, &l, 0);
	CHECK_EQ(l.kernel.base, 0x40000000);
	CHECK_EQ(l.dtb.base, 0x48000000);
	CHECK_EQ(l.initrd.base, 0x48010000);
	CHECK_EQ(l.ram[1].size, 0);
	CHECK_EQ(xy_layout_extended(&map, &l, 40, ext), 2);
	CHECK_EQ(ext[0].base, 0x50000000);
	CHECK_EQ(ext[0].size, 0xb0000000);
	CHECK_EQ(ext[1].base, 0x200000000);
	CHECK_EQ(ext[1].size, (1ull << 40) - 0x200000000);
	CHECK_EQ(xy_layout_extended(&map, &l, 32, ext), 1);

	plan(64, 33 * MIB, 10 * MIB, &l, 0);
	plan(64, 33 * MIB, 29 * MIB, &l, 0);
	plan(64, 33 * MIB, 30 * MIB, &l, -ENOMEM);
	CHECK_STR(err.text, "the guest has 64 MiB of memory, but kernel, ramdisk and device tree need "
		  "at least 66 MiB");
	plan(8, 33 * MIB, 0, &l, -ENOMEM);
	plan(8, 1 * MIB, 0, &l, 0);
	plan(512, 300 * MIB, 100 * MIB, &l, 0);
	plan(4096, 33 * MIB, 200 * MIB, &l, 0);
	CHECK_EQ(l.ram[0].size, 3072 * MIB);
	CHECK_EQ(l.ram[1].size, 1024 * MIB);
	CHECK_EQ(xy_layout_extended(&map, &l, 40, ext), 1);
	plan(0, MIB, 0, &l, -EINVAL);
	plan(2048 * 1024, MIB, 0, &l, -EINVAL);
	plan(1024, MIB, ~0ull, &l, -ENOMEM);
	plan(1024, 1ull << 32, 0, &l, -ENOMEM);
}

static const void *node_prop(const void *fdt, const char *path, const char *name, int *len)
{
	int node = fdt_path_offset(fdt, path);

	return node < 0 ? NULL : fdt_getprop(fdt, node, name, len);
}

static void want_prop(const void *fdt, const char *path, const char *name, const void *want,
		      int len)
{
	int got;
	const void *p = node_prop(fdt, path, name, &got);

	if (!p || got != len || memcmp(p, want, (size_t)len)) {
		test_failed++;
		printf("%s: %s is wrong or missing\n", path, name);
	} else {
		test_passed++;
	}
}

#define WANT_STRINGS(path, name, s) want_prop(fdt, path, name, s, sizeof(s))

static void want_cells(const void *fdt, const char *path, const char *name, const uint32_t *cells,
		       int n)
{
	fdt32_t be[16];

	for (int i = 0; i < n; i++)
		be[i] = cpu_to_fdt32(cells[i]);
	want_prop(fdt, path, name, be, n * 4);
}

#define WANT_CELLS(path, name, ...)						\
	want_cells(fdt, path, name, (const uint32_t[]){ __VA_ARGS__ },		\
		   sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)

static void check_common(const void *fdt)
{
	CHECK_EQ(fdt_check_full(fdt, 65536), 0);
	WANT_STRINGS("/", "compatible", "xen,xenvm-4.17\0xen,xenvm");
	WANT_STRINGS("/", "model", "XENVM-4.17");
	WANT_STRINGS("/hypervisor", "compatible", "xen,xen-4.17\0xen,xen");
	WANT_CELLS("/hypervisor", "interrupts", 1, 15, 0xf08);
	WANT_STRINGS("/psci", "compatible", "arm,psci-1.0\0arm,psci-0.2\0arm,psci");
	WANT_STRINGS("/psci", "method", "hvc");
	WANT_CELLS("/timer", "interrupts", 1, 13, 0xf08, 1, 14, 0xf08, 1, 11, 0xf08);
	WANT_STRINGS("/memory@40000000", "device_type", "memory");
	CHECK(fdt_path_offset(fdt, "/interrupt-controller@3001000") > 0);
	CHECK_EQ(fdt_get_phandle(fdt, fdt_path_offset(fdt, "/interrupt-controller@3001000")), 1);
}

static void test_dtb(void)
{
	struct xy_layout l;
	struct xy_dtb_params p = {
		.map = &map, .layout = &l, .major = 4, .minor = 17, .vcpus = 18, .gic_version = 3,
		.addr_bits = 40, .cmdline = "console=hvc0",
	};
	void *fdt = malloc(65536);

	plan(4096, 33 * MIB, 10 * MIB, &l, 0);
	CHECK_EQ(xy_dtb_make(&p, fdt, 65536, &err), 0);
	check_common(fdt);
	WANT_STRINGS("/chosen", "bootargs", "console=hvc0");
	WANT_CELLS("/chosen", "linux,initrd-start", 0, 0x48010000);
	WANT_CELLS("/chosen", "linux,initrd-end", 0, 0x48a10000);
	WANT_CELLS("/memory@40000000", "reg", 0, 0x40000000, 0, 0xc0000000);
	WANT_CELLS("/memory@200000000", "reg", 2, 0, 0, 0x40000000);
	WANT_CELLS("/hypervisor", "reg", 0, 0x38000000, 0, 0x1000000, 2, 0x40000000, 0xfd, 0xc0000000);
	WANT_CELLS("/interrupt-controller@3001000", "reg", 0, 0x3001000, 0, 0x10000, 0, 0x3020000,
		   0, 0x1000000);
	WANT_STRINGS("/interrupt-controller@3001000", "compatible", "arm,gic-v3");
	WANT_CELLS("/cpus/cpu@0", "reg", 0);
	WANT_CELLS("/cpus/cpu@101", "reg", 0x101);	/* vCPU 17: affinity 1.1 */
	CHECK(fdt_path_offset(fdt, "/cpus/cpu@102") < 0);
	CHECK(!node_prop(fdt, "/timer", "clock-frequency", NULL));

	plan(128, MIB, 0, &l, 0);
	p.gic_version = 2;
	p.vcpus = 1;
	p.cmdline = NULL;
	p.clock_frequency = 62500000;
	CHECK_EQ(xy_dtb_make(&p, fdt, 65536, &err), 0);
	check_common(fdt);
	WANT_STRINGS("/interrupt-controller@3001000", "compatible",
		     "arm,cortex-a15-gic\0arm,cortex-a9-gic");
	WANT_CELLS("/timer", "clock-frequency", 62500000);
	CHECK(!node_prop(fdt, "/chosen", "bootargs", NULL));
	CHECK(!node_prop(fdt, "/chosen", "linux,initrd-start", NULL));
	CHECK(fdt_path_offset(fdt, "/memory@200000000") < 0);

	p.vcpus = 128;
	CHECK_EQ(xy_dtb_make(&p, fdt, 65536, &err), 0);
	CHECK_EQ(xy_dtb_make(&p, fdt, 1024, &err), -ENOSPC);
	p.vcpus = 129;
	CHECK_EQ(xy_dtb_make(&p, fdt, 65536, &err), -EINVAL);
	p.vcpus = 1;
	p.gic_version = 4;
	CHECK_EQ(xy_dtb_make(&p, fdt, 65536, &err), -EINVAL);
	free(fdt);
}

static struct xy_blob blob_of(const void *data, size_t size)
{
	struct xy_blob b = { .mem = malloc(size ? size : 1), .size = size };

	memcpy(b.mem, data, size);
	b.data = b.mem;
	return b;
}

static void test_plain(void)
{
	struct xy_blob b = blob_of("hello", 5);
	char dir[] = "/tmp/xy-guest-XXXXXX", path[64];

	CHECK_EQ(xy_blob_unpack(&b, 1, &err), 0);
	CHECK_EQ(b.size, 5);
	xy_blob_free(&b);
	CHECK(!b.data);
	CHECK_EQ(xy_blob_file(&b, "/nonexistent/x", "kernel", &err), -ENOENT);
	CHECK_STR(err.text, "cannot open kernel /nonexistent/x: No such file or directory");
	CHECK_EQ(xy_blob_file(&b, "/", "ramdisk", &err), -EINVAL);
	CHECK_STR(err.text, "ramdisk / is not a regular file");
	if (!mkdtemp(dir) || mkfifo(strcat(strcpy(path, dir), "/fifo"), 0600))
		exit(2);
	alarm(10);
	CHECK_EQ(xy_blob_file(&b, path, "kernel", &err), -EINVAL);
	alarm(0);
	unlink(path);
	rmdir(dir);
}

#ifdef HAVE_ZLIB
static size_t gzip(const void *in, size_t size, uint8_t *out, size_t room)
{
	z_stream z = { .next_in = (Bytef *)in, .avail_in = size, .next_out = out,
		       .avail_out = room };

	deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
	deflate(&z, Z_FINISH);
	deflateEnd(&z);
	return room - z.avail_out;
}

static void test_gzip(void)
{
	size_t size = 9 << 20, n;
	uint8_t *in = malloc(size), *out = malloc(size), zboot[64] = "MZ\0\0zimg";
	struct xy_blob b;

	for (size_t i = 0; i < size; i++)
		in[i] = (uint8_t)(i >> 12);
	n = gzip(in, size, out, size);
	b = blob_of(out, n);
	CHECK_EQ(xy_blob_unpack(&b, 64 << 20, &err), 0);
	CHECK(b.size == size && !memcmp(b.data, in, size));
	xy_blob_free(&b);

	b = blob_of(out, n);
	CHECK_EQ(xy_blob_unpack(&b, size - 1, &err), -EFBIG);
	CHECK_STR(err.text, "its gzip data unpacks to more than fits");
	xy_blob_free(&b);
	for (size_t cut = 2; cut < n; cut += n / 16) {
		b = blob_of(out, cut);
		CHECK_EQ(xy_blob_unpack(&b, 64 << 20, &err), -EINVAL);
		xy_blob_free(&b);
	}

	/* The same inside an EFI zboot image, whole and cut short. */
	put(zboot + 8, 64, 4);
	put(zboot + 12, n, 4);
	memmove(out + 64, out, n);
	memcpy(out, zboot, 64);
	b = blob_of(out, 64 + n);
	CHECK_EQ(xy_blob_unpack(&b, 64 << 20, &err), 0);
	CHECK_EQ(b.size, size);
	xy_blob_free(&b);
	b = blob_of(out, 63 + n);
	CHECK_EQ(xy_blob_unpack(&b, 64 << 20, &err), -EINVAL);
	CHECK_STR(err.text, "the EFI zboot image is cut short");
	xy_blob_free(&b);
	free(in);
	free(out);
}
#else
static void test_gzip(void)
{
	SKIP("no zlib on this machine");
}
#endif

/* Magic numbers with rubbish behind them. */
static void test_rubbish(void)
{
	static const char *const magics[] = {
		"\x1f\x8b", ("\xfd" "7zXZ\0"), "\x28\xb5\x2f\xfd", "\x02\x21\x4c\x18",
	};
	static const int lengths[] = { 2, 6, 4, 4 };
	uint8_t p[256];

	for (int i = 0; i < 4; i++) {
		for (int fill = 0; fill < 256; fill += 15) {
			struct xy_blob b;

			memset(p, fill, sizeof(p));
			memcpy(p, magics[i], lengths[i]);
			b = blob_of(p, sizeof(p));
			CHECK(xy_blob_unpack(&b, MIB, &err) < 0 || b.size <= MIB);
			xy_blob_free(&b);
		}
	}
}

int main(void)
{
	test_image();
	test_layout();
	test_dtb();
	test_plain();
	test_gzip();
	test_rubbish();
	return test_end();
}
