// SPDX-License-Identifier: GPL-2.0-only
/* Grant tables through the hypercall: dom0 uses what a guest grants. */
#include <xen/grant_if.h>
#include <xen/hypercall.h>
#include <public/memory.h>
#include "unit.h"

#define ARG_PAGE	8UL
#define MAP_AT		0x2000UL	/* gfn in dom0 */

static unsigned long map_at = MAP_AT;	/* where map() maps */

static long op(unsigned int cmd, void *arg, size_t size, unsigned int count)
{
	void *page = host_guest_page(current->domain, ARG_PAGE);
	long rc;

	memcpy(page, arg, size * count);
	rc = host_hypercall(__HYPERVISOR_grant_table_op, cmd, ARG_PAGE << PAGE_SHIFT, count);
	memcpy(arg, page, size * count);
	return rc;
}

static grant_entry_v1_t *entry(struct domain *d, grant_ref_t ref)
{
	return shared_of(&d->grant, ref);
}

static struct domain *granting(uint16_t flags)
{
	struct domain *d = host_create_guest(1, 16);

	*entry(d, 8) = (grant_entry_v1_t){ .flags = flags, .domid = 0, .frame = 3 };
	host_run_as(NULL);
	return d;
}

static struct gnttab_map_grant_ref map(struct domain *d, grant_ref_t ref, uint32_t flags)
{
	struct gnttab_map_grant_ref m = {
		.host_addr = map_at << PAGE_SHIFT, .flags = flags, .ref = ref, .dom = d->domain_id,
	};

	CHECK_EQ(op(GNTTABOP_map_grant_ref, &m, sizeof(m), 1), 0);
	return m;
}

static int16_t unmap(const struct gnttab_map_grant_ref *m)
{
	struct gnttab_unmap_grant_ref u = { .host_addr = m->host_addr, .handle = m->handle };

	CHECK_EQ(op(GNTTABOP_unmap_grant_ref, &u, sizeof(u), 1), 0);
	return u.status;
}

TEST(grant_map_and_unmap)
{
	struct domain *d = granting(GTF_permit_access);
	struct gnttab_map_grant_ref m = map(d, 8, GNTMAP_host_map);

	CHECK_EQ(m.status, GNTST_okay);
	CHECK_EQ(m.dev_bus_addr, virt_to_maddr(host_guest_page(d, 3)));
	CHECK_EQ(entry(d, 8)->flags, GTF_permit_access | GTF_reading | GTF_writing);
	CHECK(host_guest_page(hardware_domain, MAP_AT) == host_guest_page(d, 3));
	CHECK_EQ(unmap(&m), GNTST_okay);
	CHECK_EQ(entry(d, 8)->flags, GTF_permit_access);
	CHECK(mfn_eq(p2m_lookup(hardware_domain, _gfn(MAP_AT), NULL, NULL), INVALID_MFN));
	CHECK_EQ(unmap(&m), GNTST_bad_handle);
	host_destroy_guest(d);
}

TEST(grant_refused)
{
	struct domain *d = granting(GTF_permit_access | GTF_readonly);

	CHECK_EQ(map(d, 8, GNTMAP_host_map).status, GNTST_general_error);
	CHECK_EQ(map(d, 9, GNTMAP_host_map).status, GNTST_general_error);
	CHECK_EQ(map(d, 1U << 20, GNTMAP_host_map).status, GNTST_bad_gntref);
	CHECK_EQ(map(d, 8, 0).status, GNTST_bad_gntref);
	entry(d, 8)->domid = 77;
	CHECK_EQ(map(d, 8, GNTMAP_host_map | GNTMAP_readonly).status, GNTST_general_error);
	entry(d, 8)->domid = 0;
	entry(d, 8)->frame = 0x12345;
	CHECK_EQ(map(d, 8, GNTMAP_host_map | GNTMAP_readonly).status, GNTST_general_error);
	CHECK_EQ(entry(d, 8)->flags, GTF_permit_access | GTF_readonly);
	host_destroy_guest(d);
}

TEST(grant_wrong_address_changes_nothing)
{
	struct domain *d = granting(GTF_permit_access);
	struct gnttab_map_grant_ref m = map(d, 8, GNTMAP_host_map), wrong = m;

	wrong.host_addr += PAGE_SIZE;
	CHECK_EQ(unmap(&wrong), GNTST_general_error);
	CHECK_EQ(entry(d, 8)->flags, GTF_permit_access | GTF_reading | GTF_writing);
	CHECK_EQ(unmap(&m), GNTST_okay);
	host_destroy_guest(d);
}

TEST(grant_readers_and_writers)
{
	struct domain *d = granting(GTF_permit_access);
	struct gnttab_map_grant_ref ro, rw;

	ro = map(d, 8, GNTMAP_host_map | GNTMAP_readonly);
	CHECK_EQ(entry(d, 8)->flags, GTF_permit_access | GTF_reading);
	CHECK_EQ(map(d, 8, GNTMAP_device_map).status, GNTST_general_error);
	map_at++;
	rw = map(d, 8, GNTMAP_host_map | GNTMAP_device_map);
	map_at--;
	CHECK_EQ(rw.status, GNTST_okay);
	CHECK_EQ(entry(d, 8)->flags, GTF_permit_access | GTF_reading | GTF_writing);
	CHECK_EQ(unmap(&rw), GNTST_okay);
	CHECK_EQ(entry(d, 8)->flags, GTF_permit_access | GTF_reading | GTF_writing);
	struct gnttab_unmap_grant_ref u = { .dev_bus_addr = rw.dev_bus_addr, .handle = rw.handle };
	CHECK_EQ(op(GNTTABOP_unmap_grant_ref, &u, sizeof(u), 1), 0);
	CHECK_EQ(u.status, GNTST_okay);
	CHECK_EQ(entry(d, 8)->flags, GTF_permit_access | GTF_reading);
	CHECK_EQ(unmap(&ro), GNTST_okay);
	host_destroy_guest(d);
}

/* The granter dies; its page and the domain stay until the mapping goes. */
TEST(grant_outlives_granter)
{
	struct domain *d = granting(GTF_permit_access);
	struct gnttab_map_grant_ref m = map(d, 8, GNTMAP_host_map);
	domid_t id = d->domain_id;

	host_destroy_guest(d);
	host_run_as(NULL);
	*(char *)host_guest_page(hardware_domain, MAP_AT) = 1;
	CHECK_EQ(unmap(&m), GNTST_okay);
	host_run_pending();
	CHECK(!domain_get_by_id(id));
}

/* A domain that maps its own grants, and two that map each other's, come apart. */
TEST(grant_cycles_come_apart)
{
	struct domain *a = host_create_guest(1, 16), *b = host_create_guest(1, 16);
	domid_t ia = a->domain_id, ib = b->domain_id;

	*entry(a, 8) = (grant_entry_v1_t){ GTF_permit_access, ib, 3 };
	*entry(a, 9) = (grant_entry_v1_t){ GTF_permit_access, ia, 4 };
	*entry(b, 8) = (grant_entry_v1_t){ GTF_permit_access, ia, 3 };
	host_run_as(a->vcpu[0]);
	CHECK_EQ(map(b, 8, GNTMAP_host_map).status, GNTST_okay);
	CHECK_EQ(map(a, 9, GNTMAP_host_map).status, GNTST_okay);
	host_run_as(b->vcpu[0]);
	CHECK_EQ(map(a, 8, GNTMAP_host_map).status, GNTST_okay);
	host_run_as(NULL);
	host_destroy_guest(a);
	host_destroy_guest(b);
	CHECK(!domain_get_by_id(ia));
	CHECK(!domain_get_by_id(ib));
}

TEST(grant_copy)
{
	struct domain *d = granting(GTF_permit_access);
	struct gnttab_copy c = {
		.source = { .u.ref = 8, .domid = d->domain_id, .offset = 100 },
		.dest = { .u.gmfn = 5, .domid = DOMID_SELF, .offset = 4000 },
		.len = 96, .flags = GNTCOPY_source_gref,
	};

	memset((char *)host_guest_page(d, 3) + 100, 0x5a, 96);
	CHECK_EQ(op(GNTTABOP_copy, &c, sizeof(c), 1), 0);
	CHECK_EQ(c.status, GNTST_okay);
	CHECK(!memcmp((char *)host_guest_page(hardware_domain, 5) + 4000,
		      (char *)host_guest_page(d, 3) + 100, 96));
	CHECK_EQ(entry(d, 8)->flags, GTF_permit_access);
	c.len = 97;
	CHECK_EQ(op(GNTTABOP_copy, &c, sizeof(c), 1), 0);
	CHECK_EQ(c.status, GNTST_bad_copy_arg);
	c.len = 8;
	c.flags = 0;
	CHECK_EQ(op(GNTTABOP_copy, &c, sizeof(c), 1), 0);
	CHECK_EQ(c.status, GNTST_permission_denied);
	host_destroy_guest(d);
}

TEST(grant_handles_run_out_and_come_back)
{
	struct domain *d = granting(GTF_permit_access);
	unsigned int limit = hardware_domain->grant.max_maptrack_frames * MAPTRACK_PER_PAGE;
	static struct gnttab_map_grant_ref m[4096];
	unsigned int n;

	for (n = 0; n <= limit && n < 4096; n++, map_at++) {
		m[n] = map(d, 8, GNTMAP_host_map);
		if (m[n].status)
			break;
	}
	map_at = MAP_AT;
	CHECK_EQ(n, limit);
	CHECK_EQ(m[n].status, GNTST_no_space);
	while (n--)
		CHECK_EQ(unmap(&m[n]), GNTST_okay);
	CHECK_EQ(map(d, 8, GNTMAP_host_map).status, GNTST_okay);
	CHECK_EQ(p2m_remove_page(hardware_domain, _gfn(MAP_AT), INVALID_MFN), 0);
	host_destroy_guest(d);
}

TEST(grant_version_2_is_refused)
{
	struct gnttab_set_version v = { .version = 2 };

	CHECK_EQ(op(GNTTABOP_set_version, &v, sizeof(v), 1), -ENOSYS);
	CHECK_EQ(v.version, 1);
	v.version = 3;
	CHECK_EQ(op(GNTTABOP_set_version, &v, sizeof(v), 1), -EINVAL);
}

/* Of two mappings of one page each is undone only at its own address. */
TEST(grant_unmap_takes_the_right_mapping)
{
	struct domain *d = granting(GTF_permit_access);
	struct gnttab_map_grant_ref rw = map(d, 8, GNTMAP_host_map), ro, wrong;
	enum p2m_type t;

	ro = (struct gnttab_map_grant_ref){
		.host_addr = rw.host_addr + PAGE_SIZE, .flags = GNTMAP_host_map | GNTMAP_readonly,
		.ref = 8, .dom = d->domain_id,
	};
	CHECK_EQ(op(GNTTABOP_map_grant_ref, &ro, sizeof(ro), 1), 0);
	CHECK_EQ(ro.status, GNTST_okay);
	wrong = rw;
	wrong.host_addr = ro.host_addr;
	CHECK_EQ(unmap(&wrong), GNTST_general_error);
	p2m_lookup(hardware_domain, gaddr_to_gfn(rw.host_addr), &t, NULL);
	CHECK_EQ(t, p2m_grant_map_rw);
	CHECK_EQ(entry(d, 8)->flags, GTF_permit_access | GTF_reading | GTF_writing);
	CHECK_EQ(unmap(&rw), GNTST_okay);
	CHECK_EQ(entry(d, 8)->flags, GTF_permit_access | GTF_reading);
	CHECK_EQ(unmap(&ro), GNTST_okay);
	host_destroy_guest(d);
}

/* The parts of a mapping go one after the other; the handle goes with the last. */
TEST(grant_parts_go_one_by_one)
{
	struct domain *d = granting(GTF_permit_access);
	struct gnttab_map_grant_ref m = map(d, 8, GNTMAP_host_map | GNTMAP_device_map), again;
	struct gnttab_unmap_grant_ref u[2] = {
		{ .host_addr = m.host_addr, .handle = m.handle },
		{ .dev_bus_addr = m.dev_bus_addr, .handle = m.handle },
	};

	CHECK_EQ(op(GNTTABOP_unmap_grant_ref, u, sizeof(u[0]), 2), 0);
	CHECK_EQ(u[0].status, GNTST_okay);
	CHECK_EQ(u[1].status, GNTST_okay);
	CHECK_EQ(entry(d, 8)->flags, GTF_permit_access);
	CHECK_EQ(op(GNTTABOP_unmap_grant_ref, u, sizeof(u[0]), 2), 0);
	CHECK_EQ(u[1].status, GNTST_bad_handle);
	/* Returned once: two mappings have two handles. */
	m = map(d, 8, GNTMAP_host_map);
	map_at++;
	again = map(d, 8, GNTMAP_host_map);
	map_at--;
	CHECK(m.handle != again.handle);
	CHECK_EQ(unmap(&m), GNTST_okay);
	CHECK_EQ(unmap(&again), GNTST_okay);
	CHECK_EQ(entry(d, 8)->flags, GTF_permit_access);
	host_destroy_guest(d);
}

/* A shared page of the hypervisor cannot be granted: the pin would outlive the granter's tables. */
TEST(grant_of_a_shared_frame_is_refused)
{
	struct domain *d = granting(GTF_permit_access);
	struct xen_add_to_physmap a = {
		.domid = DOMID_SELF, .space = XENMAPSPACE_shared_info, .gpfn = 3,
	};

	host_run_as(d->vcpu[0]);
	memcpy(host_guest_page(d, ARG_PAGE), &a, sizeof(a));
	CHECK_EQ(host_hypercall(__HYPERVISOR_memory_op, XENMEM_add_to_physmap,
				ARG_PAGE << PAGE_SHIFT, 0), 0);
	host_run_as(NULL);
	CHECK_EQ(map(d, 8, GNTMAP_host_map).status, GNTST_general_error);
	CHECK_EQ(entry(d, 8)->flags, GTF_permit_access);
	host_destroy_guest(d);
}

TEST(grant_dump_is_for_the_control_domain)
{
	struct domain *d = granting(GTF_permit_access);
	struct gnttab_dump_table g = { .dom = DOMID_SELF };

	host_run_as(d->vcpu[0]);
	CHECK_EQ(op(GNTTABOP_dump_table, &g, sizeof(g), 1), 0);
	CHECK_EQ(g.status, GNTST_permission_denied);
	host_run_as(NULL);
	host_destroy_guest(d);
}

TEST(grant_copy_within_a_page)
{
	struct domain *d = granting(GTF_permit_access);
	struct gnttab_copy c = {
		.source = { .u.gmfn = 5, .domid = DOMID_SELF, .offset = 100 },
		.dest = { .u.gmfn = 5, .domid = DOMID_SELF, .offset = 150 },
		.len = 200,
	};
	unsigned char *page = host_guest_page(hardware_domain, 5);

	for (int i = 0; i < 200; i++)
		page[100 + i] = i;
	CHECK_EQ(op(GNTTABOP_copy, &c, sizeof(c), 1), 0);
	CHECK_EQ(c.status, GNTST_okay);
	for (int i = 0; i < 200; i++)
		CHECK_EQ(page[150 + i], i);
	host_destroy_guest(d);
}

/* An entry that another replaced leaves its handle its pins, and the page its reference. */
TEST(grant_replaced_entry_keeps_the_page)
{
	struct domain *d = granting(GTF_permit_access);
	struct page_info *pg = virt_to_page(host_guest_page(d, 3));
	struct gnttab_map_grant_ref m = map(d, 8, GNTMAP_host_map), again;

	again = map(d, 8, GNTMAP_host_map);	/* in the same place */
	CHECK_EQ(pg->state & PGC_COUNT_MASK, 2);
	CHECK_EQ(unmap(&m), GNTST_okay);
	CHECK_EQ(unmap(&again), GNTST_general_error);
	CHECK_EQ(pg->state & PGC_COUNT_MASK, 2);
	CHECK_EQ(entry(d, 8)->flags, GTF_permit_access | GTF_reading | GTF_writing);
	/* Nothing of it is seen any more, and it can be shown again by hand. */
	CHECK(mfn_eq(p2m_lookup(hardware_domain, _gfn(MAP_AT), NULL, NULL), INVALID_MFN));
	CHECK_EQ(p2m_set_page(hardware_domain, _gfn(MAP_AT), page_to_mfn(pg), p2m_grant_map_rw), 0);
	CHECK_EQ(unmap(&again), GNTST_okay);
	CHECK_EQ(pg->state & PGC_COUNT_MASK, 1);
	host_destroy_guest(d);
}

/* A batch whose last element is wrong is flushed all the same, and does the others. */
TEST(grant_unmap_batch_with_a_wrong_end)
{
	struct domain *d = granting(GTF_permit_access);
	struct gnttab_unmap_grant_ref u[3] = { 0 };
	struct gnttab_map_grant_ref m;

	for (unsigned int i = 0; i < 2; i++, map_at++) {
		m = map(d, 8, GNTMAP_host_map);
		u[i].host_addr = m.host_addr;
		u[i].handle = m.handle;
	}
	map_at = MAP_AT;
	u[2] = u[1];
	CHECK_EQ(op(GNTTABOP_unmap_grant_ref, u, sizeof(u[0]), 3), 0);
	CHECK_EQ(u[0].status, GNTST_okay);
	CHECK_EQ(u[1].status, GNTST_okay);
	CHECK_EQ(u[2].status, GNTST_bad_handle);
	CHECK(!hardware_domain->p2m.need_flush);
	CHECK_EQ(entry(d, 8)->flags, GTF_permit_access);
	host_destroy_guest(d);
}

/* The arguments in a page of somebody else's: what they say is done, or taken back. */
TEST(grant_map_that_cannot_be_told)
{
	struct domain *d = granting(GTF_permit_access);
	struct gnttab_map_grant_ref m = {
		.host_addr = map_at << PAGE_SHIFT, .flags = GNTMAP_host_map, .ref = 8,
		.dom = d->domain_id,
	};
	mfn_t mfn = virt_to_mfn(host_guest_page(hardware_domain, ARG_PAGE));

	memcpy(host_guest_page(hardware_domain, ARG_PAGE), &m, sizeof(m));
	CHECK_EQ(p2m_set_page(hardware_domain, _gfn(ARG_PAGE), mfn, p2m_ram_ro), 0);
	CHECK_EQ(host_hypercall(__HYPERVISOR_grant_table_op, GNTTABOP_map_grant_ref,
				ARG_PAGE << PAGE_SHIFT, 1), -EFAULT);
	CHECK_EQ(p2m_set_page(hardware_domain, _gfn(ARG_PAGE), mfn, p2m_ram_rw), 0);
	CHECK_EQ(entry(d, 8)->flags, GTF_permit_access);
	CHECK(mfn_eq(p2m_lookup(hardware_domain, _gfn(map_at), NULL, NULL), INVALID_MFN));
	host_destroy_guest(d);
}
