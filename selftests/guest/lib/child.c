// SPDX-License-Identifier: GPL-2.0-only
#include "child.h"
#include "gic.h"
#include "memory.h"
#include "report.h"
#include "test.h"

#define PAGES_PER_MIB	256

struct child_params *child_params;

static u64 spare_window;

static long do_domctl(domid_t id, unsigned int cmd, struct xen_domctl *op)
{
	op->cmd = cmd;
	op->domain = id;
	return domctl(op);
}

long child_create_empty(struct child *c, unsigned int mib, unsigned int vcpus)
{
	struct xen_domctl op = { 0 };
	struct xen_domctl_createdomain *create = &op.u.createdomain;
	long ret;

	memset(c, 0, sizeof(*c));
	c->mib = mib;
	c->vcpus = vcpus;
	create->flags = XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap;
	create->max_vcpus = vcpus;
	create->max_evtchn_port = 1023;
	create->max_grant_frames = 4;
	create->max_maptrack_frames = 4;
	create->grant_opts = XEN_DOMCTL_GRANT_version(1);
	create->arch.gic_version = gic.version == 3 ? XEN_DOMCTL_CONFIG_GIC_V3 :
				   XEN_DOMCTL_CONFIG_GIC_V2;
	create->arch.nr_spis = 32;
	ret = do_domctl(0, XEN_DOMCTL_createdomain, &op);
	if (ret)
		return ret;
	c->id = op.domain;
	c->exists = true;

	memset(&op, 0, sizeof(op));
	op.u.max_vcpus.max = vcpus;
	ret = do_domctl(c->id, XEN_DOMCTL_max_vcpus, &op);
	if (ret)
		return ret;

	/* Behind max_vcpus, as libxl does: Xen 4.17 sets the mode of the vCPUs that exist. */
	memset(&op, 0, sizeof(op));
	op.u.address_size.size = 64;
	ret = do_domctl(c->id, XEN_DOMCTL_set_address_size, &op);
	if (ret)
		return ret;

	memset(&op, 0, sizeof(op));
	op.u.max_mem.max_memkb = (mib + 1) * 1024;
	ret = do_domctl(c->id, XEN_DOMCTL_max_mem, &op);
	if (ret)
		return ret;

	memset(&op, 0, sizeof(op));
	op.u.paging_mempool.size = 1 << 20;
	return do_domctl(c->id, XEN_DOMCTL_set_paging_mempool_size, &op);
}

long child_populate(struct child *c)
{
	unsigned int pages = c->mib * PAGES_PER_MIB;

	for (unsigned int done = 0; done < pages; done += 512) {
		static xen_pfn_t frames[512];
		struct xen_memory_reservation r = {
			.nr_extents = MIN(512, pages - done), .domid = c->id,
		};
		long ret;

		for (unsigned int i = 0; i < r.nr_extents; i++)
			frames[i] = (GUEST_RAM_BASE >> PAGE_SHIFT) + done + i;
		set_xen_guest_handle(r.extent_start, frames);
		ret = memory_op(XENMEM_populate_physmap, &r);
		if (ret != (long)r.nr_extents)
			return ret < 0 ? ret : -ENOMEM;
	}
	return 0;
}

static long load_page(struct child *c, u64 gfn, const void *from, size_t n, u64 window)
{
	void *to = gfn_to_ptr(window);
	long ret = map_foreign(c->id, gfn, window);

	if (ret)
		return ret;
	memcpy(to, from, n);
	memset(to + n, 0, PAGE_SIZE - n);
	/* The child starts with caches off. */
	for (u64 p = (u64)to; p < (u64)to + PAGE_SIZE; p += 64)
		asm volatile("dc civac, %0" : : "r" (p) : "memory");
	dsb(sy);
	return remove_from_physmap(window);
}

static long set_context(struct child *c, u64 entry, u64 x0)
{
	static struct vcpu_guest_context ctx;
	struct xen_domctl op = { 0 };

	memset(&ctx, 0, sizeof(ctx));
	ctx.flags = VGCF_online;
	ctx.user_regs.pc64 = entry;
	ctx.user_regs.x0 = x0;
	ctx.user_regs.cpsr = PSR_GUEST64_INIT;
	ctx.sctlr = SCTLR_GUEST_INIT;
	op.u.vcpucontext.vcpu = 0;
	set_xen_guest_handle(op.u.vcpucontext.ctxt, &ctx);
	return do_domctl(c->id, XEN_DOMCTL_setvcpucontext, &op);
}

long child_load(struct child *c)
{
	extern char _start[], _end[];
	u64 base = GUEST_RAM_BASE >> PAGE_SHIFT;
	struct xen_domctl op = { 0 };
	u64 window;
	long ret;

	/* One is enough for all that are destroyed before the next is made. */
	window = spare_window ? spare_window : gfn_hole();
	spare_window = 0;
	for (u64 at = 0; at < image_bytes; at += PAGE_SIZE) {
		ret = load_page(c, base + at / PAGE_SIZE, image_copy + at,
				MIN(PAGE_SIZE, image_bytes - at), window);
		if (ret)
			return ret;
	}

	c->params_gfn = base + (ROUND_UP((u64)(_end - _start), PAGE_SIZE) >> PAGE_SHIFT);
	ret = map_foreign(c->id, c->params_gfn, window);
	if (ret)
		return ret;
	c->window = window;
	c->params = gfn_to_ptr(window);
	memset(c->params, 0, sizeof(*c->params));
	c->params->magic = CHILD_MAGIC;
	c->params->ram_bytes = (u64)c->mib << 20;
	c->params->gic_version = gic.version;
	c->params->vcpus = c->vcpus;
	c->params->self = c->id;
	for (u64 p = (u64)c->params; p < (u64)c->params + PAGE_SIZE; p += 64)
		asm volatile("dc civac, %0" : : "r" (p) : "memory");
	dsb(sy);

	op.u.cacheflush.start_pfn = base;
	op.u.cacheflush.nr_pfns = c->mib * PAGES_PER_MIB;
	ret = do_domctl(c->id, XEN_DOMCTL_cacheflush, &op);
	if (ret)
		return ret;
	return set_context(c, GUEST_RAM_BASE, c->params_gfn << PAGE_SHIFT);
}

void child_create(struct child *c, unsigned int mib, unsigned int vcpus)
{
	long ret = child_create_empty(c, mib, vcpus);

	require(ret == 0, "a domain of %u MiB and %u vCPUs is created (%ld)", mib, vcpus, ret);
	ret = child_populate(c);
	require(ret == 0, "its memory is populated (%ld)", ret);
	ret = child_load(c);
	require(ret == 0, "its image is loaded (%ld)", ret);
}

long child_unpause(struct child *c)
{
	struct xen_domctl op = { 0 };

	return do_domctl(c->id, XEN_DOMCTL_unpausedomain, &op);
}

long child_pause(struct child *c)
{
	struct xen_domctl op = { 0 };

	return do_domctl(c->id, XEN_DOMCTL_pausedomain, &op);
}

long child_destroy_step(struct child *c)
{
	struct xen_domctl op = { 0 };
	long ret = do_domctl(c->id, XEN_DOMCTL_destroydomain, &op);

	if (!ret)
		c->exists = false;
	return ret;
}

void child_unmap(struct child *c)
{
	if (!c->params)
		return;
	remove_from_physmap(c->window);
	spare_window = c->window;
	c->params = NULL;
}

long child_destroy(struct child *c)
{
	long ret;

	child_unmap(c);
	do {
		ret = child_destroy_step(c);
	} while (ret == -EAGAIN);
	return ret;
}

static void print_log(struct child *c)
{
	char *line = c->params->log;
	u32 len = MIN(c->params->log_len, CHILD_LOG - 1);

	c->params->log[len] = 0;
	for (char *p = line; *p; p++) {
		if (*p != '\n')
			continue;
		*p = 0;
		printk("# child: %s\n", line);
		line = p + 1;
	}
	c->params->log_len = 0;
}

bool child_wait(struct child *c, u64 limit_us)
{
	bool exited = wait_until(c->params->exited, limit_us);

	print_log(c);
	return exited;
}

long child_info(domid_t id, struct xen_domctl_getdomaininfo *info)
{
	struct xen_domctl op = { 0 };
	long ret = do_domctl(id, XEN_DOMCTL_getdomaininfo, &op);

	if (ret)
		return ret;
	if (op.domain != id)	/* answers for the next domain */
		return -ESRCH;
	if (info)
		*info = op.u.getdomaininfo;
	return op.u.getdomaininfo.flags;
}

bool child_gone(domid_t id, u64 limit_us)
{
	return wait_until(child_info(id, NULL) == -ESRCH, limit_us);
}

void child_log(const char *text, size_t n)
{
	u32 len = child_params->log_len;

	if (len + n >= CHILD_LOG)
		return;
	memcpy(child_params->log + len, text, n);
	dmb(ish);
	child_params->log_len = len + n;
}

void child_exit(int status)
{
	struct sched_shutdown off = { .reason = SHUTDOWN_poweroff };

	child_params->out[15] = status;
	dmb(ish);
	child_params->exited = 1;
	for (;;)
		sched_op(SCHEDOP_shutdown, &off);
}

__attribute__((weak)) void child_main(struct child_params *p __unused)
{
	printk("this test has no child\n");
}
