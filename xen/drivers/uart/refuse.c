// SPDX-License-Identifier: GPL-2.0-only
/*
 * Boot cannot even begin: say why on the UART, if a look through the device
 * tree finds one. Runs where the image was loaded, with MMU and caches off:
 * no pointers in data, and libfdt (which uses some) is not called.
 */
#include <xen/init.h>
#include <xen/types.h>
#include <drivers/refuse.h>

enum { FDT_NODE = 1, FDT_NODE_END, FDT_PROP, FDT_SKIP };	/* Devicetree Specification 5.4.1 */
#define FDT_MAGIC_	0xd00dfeedU
#define FDT_SIZE_MAX	0x200000U	/* Linux Documentation/arch/arm64/booting.rst */
#define PL011_FR	(0x18 / 4)
#define PL011_FR_TXFF	(1U << 5)

static uint32_t __init be32(const uint32_t *p)
{
	return __builtin_bswap32(*(const volatile uint32_t *)p);
}

/* a may be cut off by the tree's end. */
static bool __init same(const char *a, const char *end, const char *b)
{
	while (a < end && *a && *a == *b) {
		a++;
		b++;
	}
	return a < end && *a == *b;
}

/*
 * Address of the first PL011 with 2 + 2 cells of "reg"; 0 when there is none.
 * Nothing behind the tree's end is read, whatever the tree claims.
 */
static uint64_t __init find_uart(const uint32_t *fdt)
{
	const char *strings = (const char *)fdt + be32(fdt + 3);
	const char *end = (const char *)fdt + be32(fdt + 1), *s;
	const uint32_t *p = fdt + be32(fdt + 2) / 4;
	uint64_t reg = 0;
	bool is_uart = false;

	if (be32(fdt + 1) > FDT_SIZE_MAX)
		return 0;
	while ((const char *)p + 3 * sizeof(*p) <= end) {
		switch (be32(p++)) {
		case FDT_NODE:
			reg = 0;
			is_uart = false;
			for (s = (const char *)p; s < end && *s; s++)
				;
			/* Behind the word with the name's end. */
			p = (const uint32_t *)((uintptr_t)s & ~3UL) + 1;
			break;
		case FDT_PROP: {
			uint32_t len = be32(p);
			const char *name = strings + be32(p + 1);

			p += 2;
			if (len > end - (const char *)p)
				return 0;
			if (same(name, end, "compatible"))
				is_uart = same((const char *)p, end, "arm,pl011");
			else if (same(name, end, "reg") && len == 16)
				reg = (uint64_t)be32(p) << 32 | be32(p + 1);
			p += (len + 3) / 4;
			if (is_uart && reg)
				return reg;
			break;
		}
		case FDT_NODE_END:
		case FDT_SKIP:
			break;
		default:
			return 0;
		}
	}
	return 0;
}

static void __init say(volatile uint32_t *uart, const char *s)
{
	for (; *s; s++) {
		for (unsigned int i = 0; uart[PL011_FR] & PL011_FR_TXFF && i < 1000000; i++)
			;
		uart[0] = (unsigned char)*s;
	}
}

void __init refuse_boot(const uint32_t *fdt, unsigned int reason)
{
	volatile uint32_t *uart;

	if (!fdt || (uintptr_t)fdt & 3 || be32(fdt) != FDT_MAGIC_)
		return;
	uart = (volatile uint32_t *)find_uart(fdt);
	if (!uart)
		return;
	if (reason == REFUSE_NOT_EL2)
		say(uart, "Xylem: must be started at EL2 (QEMU: -machine virtualization=on)\r\n");
	else
		say(uart, "Xylem: must be loaded to a multiple of 2 MiB\r\n");
}
