/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include <xen/xen.h>
#include <xen/grant_table.h>
#include <xen/hvm/params.h>
#include <xen/memory.h>

#include "xy_arch.h"
#include "xy_build.h"
#include "xy_domctl.h"
#include "xy_guest_mem.h"
#include "xy_map.h"
#include "xy_memory.h"

/* Room in max_mem for what is not RAM: shared pages, grant frames. */
#define MAX_MEM_SLACK_KIB 1024
#define BACKEND 0	/* the domain of xenstored and xenconsoled */

unsigned int xy_guest_max_vcpus(void)
{
	return xy_arch_map.max_vcpus;
}

static int set_limits(struct xy_call *c, struct xy_guest *g, struct xy_err *err)
{
	int ret = xy_domain_max_vcpus(c, g->domid, g->max_vcpus);

	if (ret)
		return xy_fail(err, ret, "cannot give the guest %u vCPUs: %s", g->max_vcpus,
			       strerror(-ret));
	ret = xy_domain_max_mem(c, g->domid, g->max_memory_kib + MAX_MEM_SLACK_KIB);
	if (ret)
		return xy_fail(err, ret, "cannot limit the guest to %llu KiB: %s",
			       (unsigned long long)g->max_memory_kib, strerror(-ret));
	return xy_arch_prepare(c, g, err);
}

int xy_guest_create(struct xy_call *c, struct xy_guest *g, struct xy_err *err)
{
	struct xen_domctl_createdomain *cfg = &g->created;
	int ret;

	memset(cfg, 0, sizeof(*cfg));
	memcpy(cfg->handle, g->uuid, sizeof(g->uuid));
	cfg->max_vcpus = g->max_vcpus;
	cfg->max_evtchn_port = g->max_evtchn_port;
	cfg->max_grant_frames = (int32_t)g->max_grant_frames;
	cfg->max_maptrack_frames = (int32_t)g->max_maptrack_frames;
	cfg->cpupool_id = g->cpupool;
	xy_arch_config(g, cfg);
	g->domid = 0;
	ret = xy_domain_create(c, cfg, &g->domid);
	if (ret)
		return xy_fail(err, ret, "the hypervisor refuses to make a domain: %s",
			       strerror(-ret));
	ret = set_limits(c, g, err);
	if (ret)
		xy_domain_destroy(c, g->domid);
	return ret;
}

/* Two pages that the guest shares with xenstored and xenconsoled. */
static int make_magic_pages(struct xy_call *c, struct xy_guest *g, struct xy_err *err)
{
	struct xy_range r = { xy_arch_map.magic.base, XY_MAGIC_PAGES * XY_PAGE_SIZE };
	int ret = xy_guest_populate(c, g->domid, r, err);

	if (!ret)
		ret = xy_guest_write(c, g->domid, r.base, NULL, r.size, err);
	if (ret)
		return ret;
	g->console_gfn = (r.base >> XY_PAGE_SHIFT) + XY_MAGIC_CONSOLE;
	g->store_gfn = (r.base >> XY_PAGE_SHIFT) + XY_MAGIC_STORE;
	return 0;
}

static int make_port(struct xy_call *c, uint16_t domid, const char *what, uint32_t *port,
		     struct xy_err *err)
{
	int ret = xy_port_alloc(c, domid, BACKEND);

	if (ret < 0)
		return xy_fail(err, ret, "cannot make the %s event channel: %s", what,
			       strerror(-ret));
	*port = (uint32_t)ret;
	return 0;
}

static int tell_guest(struct xy_call *c, const struct xy_guest *g, struct xy_err *err)
{
	const struct {
		uint32_t param;
		uint64_t value;
	} params[] = {
		{ HVM_PARAM_CONSOLE_PFN, g->console_gfn },
		{ HVM_PARAM_CONSOLE_EVTCHN, g->console_port },
		{ HVM_PARAM_STORE_PFN, g->store_gfn },
		{ HVM_PARAM_STORE_EVTCHN, g->store_port },
	};

	for (size_t i = 0; i < sizeof(params) / sizeof(params[0]); i++) {
		int ret = xy_hvm_param_set(c, g->domid, params[i].param, params[i].value);

		if (ret)
			return xy_fail(err, ret, "cannot set parameter %u of the guest: %s",
				       params[i].param, strerror(-ret));
	}
	return 0;
}

static void write_entry(struct grant_entry_v1 *e, uint64_t gfn)
{
	e->frame = (uint32_t)gfn;
	e->domid = BACKEND;
	/* An entry is live with its flags: nobody may see them before the rest. */
	__atomic_store_n(&e->flags, GTF_permit_access, __ATOMIC_RELEASE);
}

static void write_entries(struct grant_entry_v1 *table, const struct xy_guest *g)
{
	write_entry(&table[GNTTAB_RESERVED_CONSOLE], g->console_gfn);
	write_entry(&table[GNTTAB_RESERVED_XENSTORE], g->store_gfn);
}

/*
 * Without the resource interface the table is put into the guest's address space
 * for a moment, where the guest would put it, and mapped from there.
 */
static int seed_through_guest(struct xy_call *c, const struct xy_guest *g)
{
	uint64_t gfn = xy_arch_map.gnttab.base >> XY_PAGE_SHIFT;
	void *table;
	int ret = xy_add_grant_frame(c, g->domid, 0, gfn), undo;

	if (ret)
		return ret;
	ret = xy_map_range(c, g->domid, PROT_READ | PROT_WRITE, gfn, 1, &table);
	if (!ret) {
		write_entries(table, g);
		xy_unmap(c, table, 1);
	}
	undo = xy_remove_frame(c, g->domid, gfn);
	return ret ? ret : undo;
}

/* Grants the two pages to the daemons' domain in the guest's name. */
static int seed_grants(struct xy_call *c, const struct xy_guest *g, struct xy_err *err)
{
	void *table;
	int ret = xy_map_resource(c, g->domid, XENMEM_resource_grant_table,
				  XENMEM_resource_grant_table_id_shared, 0, 1, &table);

	if (!ret) {
		write_entries(table, g);
		xy_unmap(c, table, 1);
		return 0;
	}
	ret = seed_through_guest(c, g);
	if (ret)
		return xy_fail(err, ret, "cannot reach the guest's grant table: %s",
			       strerror(-ret));
	return 0;
}

static int open_images(const struct xy_guest *g, struct xy_blob *kernel, struct xy_blob *ramdisk,
		       struct xy_image *image, struct xy_err *err)
{
	struct xy_err why;
	int ret = xy_blob_file(kernel, g->kernel, "kernel", err);

	if (ret)
		return ret;
	ret = xy_blob_unpack(kernel, g->memory_kib << 10, &why);
	if (!ret)
		ret = xy_arch_kernel(kernel, image, &why);
	if (ret)
		return xy_fail(err, ret, "kernel %s: %s", g->kernel, why.text);
	return g->ramdisk ? xy_blob_file(ramdisk, g->ramdisk, "ramdisk", err) : 0;
}

static int load_memory(struct xy_call *c, const struct xy_guest *g, const struct xy_layout *l,
		       const struct xy_blob *kernel, const struct xy_blob *ramdisk,
		       struct xy_err *err)
{
	int ret = 0;

	for (int i = 0; i < XY_RAM_BANKS && !ret; i++)
		if (l->ram[i].size)
			ret = xy_guest_populate(c, g->domid, l->ram[i], err);
	if (!ret)
		ret = xy_guest_write(c, g->domid, l->kernel.base, kernel->data, kernel->size, err);
	if (!ret && ramdisk->size)
		ret = xy_guest_write(c, g->domid, l->initrd.base, ramdisk->data, ramdisk->size,
				     err);
	return ret;
}

static int make_links(struct xy_call *c, struct xy_guest *g, struct xy_err *err)
{
	int ret = make_magic_pages(c, g, err);

	if (!ret)
		ret = make_port(c, g->domid, "xenstore", &g->store_port, err);
	if (!ret)
		ret = make_port(c, g->domid, "console", &g->console_port, err);
	if (!ret)
		ret = tell_guest(c, g, err);
	if (!ret)
		ret = seed_grants(c, g, err);
	return ret;
}

int xy_guest_load(struct xy_call *c, struct xy_guest *g, struct xy_err *err)
{
	struct xy_blob kernel = { 0 }, ramdisk = { 0 };
	struct xy_image image;
	struct xy_layout layout;
	int ret = open_images(g, &kernel, &ramdisk, &image, err);

	if (!ret)
		ret = xy_layout_plan(&xy_arch_map, g->memory_kib << 10, &image, ramdisk.size,
				     &layout, err);
	if (!ret)
		ret = load_memory(c, g, &layout, &kernel, &ramdisk, err);
	if (!ret)
		ret = xy_arch_describe(c, g, &layout, err);
	if (!ret)
		ret = make_links(c, g, err);
	if (!ret)
		ret = xy_arch_start_state(c, g, &layout, err);
	xy_blob_free(&ramdisk);
	xy_blob_free(&kernel);
	return ret;
}
