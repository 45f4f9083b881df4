/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <libfdt.h>

#include "xy_dtb.h"

#define PHANDLE_GIC	1
#define FIRST_PPI	16
#define PPI		1	/* first interrupt cell: a private interrupt */
#define LEVEL_LOW	8
#define ALL_CPUS	0xf00	/* GICv2: mask of the CPUs that have the interrupt */
#define MPIDR_AFF0	16	/* vCPUs per affinity level 1 group, as the vGIC counts */
#define MAX_CELLS	16

/* A tree being written: the first error sticks, later calls do nothing. */
struct dt {
	void *fdt;
	int err;
};

static void begin(struct dt *t, const char *name)
{
	if (!t->err)
		t->err = fdt_begin_node(t->fdt, name);
}

static void end(struct dt *t)
{
	if (!t->err)
		t->err = fdt_end_node(t->fdt);
}

static void prop(struct dt *t, const char *name, const void *value, size_t len)
{
	if (!t->err)
		t->err = fdt_property(t->fdt, name, value, (int)len);
}

static void prop_empty(struct dt *t, const char *name)
{
	prop(t, name, "", 0);
}

/* @value may hold several strings: @len counts all terminators. */
static void prop_strings(struct dt *t, const char *name, const char *value, size_t len)
{
	prop(t, name, value, len);
}

static void prop_string(struct dt *t, const char *name, const char *value)
{
	prop(t, name, value, strlen(value) + 1);
}

static void prop_cells(struct dt *t, const char *name, const uint32_t *cells, unsigned int n)
{
	fdt32_t be[MAX_CELLS];

	for (unsigned int i = 0; i < n; i++)
		be[i] = cpu_to_fdt32(cells[i]);
	prop(t, name, be, n * sizeof(be[0]));
}

static void prop_u32(struct dt *t, const char *name, uint32_t value)
{
	prop_cells(t, name, &value, 1);
}

static void prop_u64(struct dt *t, const char *name, uint64_t value)
{
	fdt64_t be = cpu_to_fdt64(value);

	prop(t, name, &be, sizeof(be));
}

/* "reg" with two cells for addresses and two for sizes. */
static void prop_reg(struct dt *t, const struct xy_range *ranges, unsigned int n)
{
	fdt64_t be[2 * (XY_RAM_BANKS + 1)];

	for (unsigned int i = 0; i < n; i++) {
		be[2 * i] = cpu_to_fdt64(ranges[i].base);
		be[2 * i + 1] = cpu_to_fdt64(ranges[i].size);
	}
	prop(t, "reg", be, n * 2 * sizeof(be[0]));
}

static void begin_at(struct dt *t, const char *name, uint64_t address)
{
	char full[64];

	snprintf(full, sizeof(full), "%s@%llx", name, (unsigned long long)address);
	begin(t, full);
}

static void root_properties(struct dt *t, const struct xy_dtb_params *p)
{
	char text[64];
	int n;

	n = snprintf(text, sizeof(text), "xen,xenvm-%u.%u", p->major, p->minor);
	memcpy(text + n + 1, "xen,xenvm", sizeof("xen,xenvm"));
	prop_strings(t, "compatible", text, n + 1 + sizeof("xen,xenvm"));
	snprintf(text, sizeof(text), "XENVM-%u.%u", p->major, p->minor);
	prop_string(t, "model", text);
	prop_u32(t, "interrupt-parent", PHANDLE_GIC);
	prop_u32(t, "#address-cells", 2);
	prop_u32(t, "#size-cells", 2);
}

static void chosen_node(struct dt *t, const struct xy_dtb_params *p)
{
	const struct xy_range *initrd = &p->layout->initrd;

	begin(t, "chosen");
	if (p->cmdline)
		prop_string(t, "bootargs", p->cmdline);
	if (initrd->size) {
		prop_u64(t, "linux,initrd-start", initrd->base);
		prop_u64(t, "linux,initrd-end", initrd->base + initrd->size);
	}
	end(t);
}

static void cpus_node(struct dt *t, const struct xy_dtb_params *p)
{
	begin(t, "cpus");
	prop_u32(t, "#address-cells", 1);
	prop_u32(t, "#size-cells", 0);
	for (unsigned int i = 0; i < p->vcpus; i++) {
		uint32_t mpidr = (i / MPIDR_AFF0) << 8 | i % MPIDR_AFF0;

		begin_at(t, "cpu", mpidr);
		prop_string(t, "device_type", "cpu");
		prop_string(t, "compatible", "arm,armv8");
		prop_string(t, "enable-method", "psci");
		prop_u32(t, "reg", mpidr);
		end(t);
	}
	end(t);
}

static void psci_node(struct dt *t)
{
	static const char compatible[] = "arm,psci-1.0\0arm,psci-0.2\0arm,psci";

	begin(t, "psci");
	prop_strings(t, "compatible", compatible, sizeof(compatible));
	prop_string(t, "method", "hvc");
	/* Function numbers for PSCI 0.1 drivers, which find "arm,psci". */
	prop_u32(t, "cpu_suspend", 0xc4000001);
	prop_u32(t, "cpu_off", 0x84000002);
	prop_u32(t, "cpu_on", 0xc4000003);
	end(t);
}

static void memory_nodes(struct dt *t, const struct xy_dtb_params *p)
{
	for (int i = 0; i < XY_RAM_BANKS; i++) {
		const struct xy_range *bank = &p->layout->ram[i];

		if (!bank->size)
			continue;
		begin_at(t, "memory", bank->base);
		prop_string(t, "device_type", "memory");
		prop_reg(t, bank, 1);
		end(t);
	}
}

static void gic_node(struct dt *t, const struct xy_dtb_params *p)
{
	static const char v2[] = "arm,cortex-a15-gic\0arm,cortex-a9-gic";
	static const char v3[] = "arm,gic-v3";
	const struct xy_guest_map *m = p->map;
	bool is_v3 = p->gic_version == 3;
	struct xy_range reg[2] = {
		is_v3 ? m->gicv3_dist : m->gicv2_dist,
		is_v3 ? m->gicv3_redist : m->gicv2_cpu,
	};

	begin_at(t, "interrupt-controller", reg[0].base);
	if (is_v3)
		prop_strings(t, "compatible", v3, sizeof(v3));
	else
		prop_strings(t, "compatible", v2, sizeof(v2));
	prop_u32(t, "#interrupt-cells", 3);
	prop_u32(t, "#address-cells", 0);
	prop_empty(t, "interrupt-controller");
	prop_reg(t, reg, 2);
	prop_u32(t, "phandle", PHANDLE_GIC);
	end(t);
}

static void interrupts(struct dt *t, const unsigned int *ppis, unsigned int n)
{
	uint32_t cells[MAX_CELLS];

	for (unsigned int i = 0; i < n; i++) {
		cells[3 * i] = PPI;
		cells[3 * i + 1] = ppis[i] - FIRST_PPI;
		cells[3 * i + 2] = ALL_CPUS | LEVEL_LOW;
	}
	prop_cells(t, "interrupts", cells, 3 * n);
}

static void timer_node(struct dt *t, const struct xy_dtb_params *p)
{
	const struct xy_guest_map *m = p->map;
	const unsigned int ppis[] = {
		m->timer_secure_ppi, m->timer_phys_ppi, m->timer_virt_ppi,
	};

	begin(t, "timer");
	prop_string(t, "compatible", "arm,armv8-timer");
	interrupts(t, ppis, 3);
	if (p->clock_frequency)
		prop_u32(t, "clock-frequency", p->clock_frequency);
	end(t);
}

static void hypervisor_node(struct dt *t, const struct xy_dtb_params *p)
{
	struct xy_range reg[1 + XY_RAM_BANKS] = { p->map->gnttab };
	unsigned int n = xy_layout_extended(p->map, p->layout, p->addr_bits, reg + 1);
	char text[32];
	int len;

	begin(t, "hypervisor");
	len = snprintf(text, sizeof(text), "xen,xen-%u.%u", p->major, p->minor);
	memcpy(text + len + 1, "xen,xen", sizeof("xen,xen"));
	prop_strings(t, "compatible", text, len + 1 + sizeof("xen,xen"));
	prop_reg(t, reg, 1 + n);
	interrupts(t, &p->map->evtchn_ppi, 1);
	end(t);
}

int xy_dtb_make(const struct xy_dtb_params *p, void *buf, size_t size, struct xy_err *err)
{
	struct dt t = { .fdt = buf };

	if (p->gic_version != 2 && p->gic_version != 3)
		return xy_fail(err, -EINVAL, "the hypervisor gave the guest an unknown GIC");
	if (!p->vcpus || p->vcpus > p->map->max_vcpus)
		return xy_fail(err, -EINVAL, "a guest can have 1 to %u vCPUs, not %u",
			       p->map->max_vcpus, p->vcpus);
	memset(buf, 0, size);
	t.err = fdt_create(buf, (int)size);
	if (!t.err)
		t.err = fdt_finish_reservemap(buf);
	begin(&t, "");
	root_properties(&t, p);
	chosen_node(&t, p);
	cpus_node(&t, p);
	psci_node(&t);
	memory_nodes(&t, p);
	gic_node(&t, p);
	timer_node(&t, p);
	hypervisor_node(&t, p);
	end(&t);
	if (!t.err)
		t.err = fdt_finish(buf);
	if (t.err)
		return xy_fail(err, -ENOSPC, "cannot make the device tree: %s",
			       fdt_strerror(t.err));
	return 0;
}
