// SPDX-License-Identifier: GPL-2.0-only
/*
 * A pretended hypervisor for xl on the build machine, in place of lib/xy_call.c and
 * the builder. Domains are files domN in $FAKE_XEN with the number of vCPUs in them;
 * what changes something is a line in the file "calls" there.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <xen/xen.h>
#include <xen/domctl.h>
#include <xen/sched.h>
#include <xen/sysctl.h>

#include "xy_build.h"
#include "xy_call.h"

#define CPUS	4
#define DOMAINS	1200

static const char *in_dir(const char *name, unsigned int domid)
{
	static char path[256];

	snprintf(path, sizeof(path), name, getenv("FAKE_XEN"), domid);
	return path;
}

static void __attribute__((format(printf, 1, 2))) note(const char *fmt, ...)
{
	FILE *f = fopen(in_dir("%s/calls", 0), "a");
	va_list ap;

	if (!f)
		exit(2);
	va_start(ap, fmt);
	vfprintf(f, fmt, ap);
	va_end(ap);
	fclose(f);
}

int xy_call_open(struct xy_call **out)
{
	*out = (void *)1;
	return getenv("FAKE_XEN") ? 0 : -ENOENT;
}

void xy_call_close(struct xy_call *c)
{
	(void)c;
}

void *xy_buf_alloc(struct xy_call *c, size_t size)
{
	(void)c;
	return calloc(1, size ? size : 1);
}

void xy_buf_free(struct xy_call *c, void *buf, size_t size)
{
	(void)c;
	(void)size;
	free(buf);
}

long xy_hypercall(struct xy_call *c, unsigned int nr, const uint64_t arg[5])
{
	(void)c;
	(void)nr;
	(void)arg;
	return -ENOSYS;
}

long xy_call_op(struct xy_call *c, unsigned int nr, unsigned int cmd, void *arg, size_t size)
{
	(void)c;
	(void)nr;
	(void)cmd;
	(void)arg;
	(void)size;
	return -ENOSYS;
}

/* A domain's vCPUs, or -1. "s2 1" is one with two that has shut down, for reason 1. */
static int vcpus_of(unsigned int domid, int *reason)
{
	FILE *f = fopen(in_dir("%s/dom%u", domid), "r");
	int n = 0;

	*reason = -1;
	if (!f)
		return -1;
	if (fscanf(f, "s%d %d", &n, reason) != 2 && fscanf(f, "%d", &n) != 1)
		n = 0;
	fclose(f);
	return n;
}

static bool get_info(unsigned int domid, struct xen_domctl_getdomaininfo *info)
{
	int reason, vcpus = vcpus_of(domid, &reason);

	memset(info, 0, sizeof(*info));
	if (vcpus < 0)
		return false;
	info->domain = (uint16_t)domid;
	info->tot_pages = 32768;
	info->max_pages = UINT32_MAX;
	info->outstanding_pages = 512;
	/* Of more than the host has CPUs the others are off. */
	info->nr_online_vcpus = (uint32_t)(vcpus < 4 ? vcpus : 4);
	info->max_vcpu_id = vcpus ? (uint32_t)vcpus - 1 : XEN_INVALID_MAX_VCPU_ID;
	info->cpu_time = 1500000000;
	info->flags = XEN_DOMINF_blocked;
	if (reason >= 0)
		info->flags |= XEN_DOMINF_shutdown | (uint32_t)reason << XEN_DOMINF_shutdownshift;
	info->handle[15] = (uint8_t)domid;
	return true;
}

static long affinity(struct xen_domctl *op)
{
	struct xen_domctl_vcpuaffinity *a = &op->u.vcpuaffinity;
	uint8_t *hard = a->cpumap_hard.bitmap.p, *soft = a->cpumap_soft.bitmap.p;

	note("affinity %u.%u", op->domain, a->vcpu);
	if (a->flags & XEN_VCPUAFFINITY_HARD)
		note(" hard %x", hard[0] & ((1 << CPUS) - 1));
	if (a->flags & XEN_VCPUAFFINITY_SOFT)
		note(" soft %x", soft[0] & ((1 << CPUS) - 1));
	note("\n");
	return 0;
}

static long scheduler(struct xen_domctl *op)
{
	struct xen_domctl_scheduler_op *s = &op->u.scheduler_op;

	if (s->cmd == XEN_DOMCTL_SCHEDOP_getinfo)
		s->u.credit2 = (struct xen_domctl_sched_credit2){ .weight = 256 };
	else
		note("weight %u %u %u\n", op->domain, s->u.credit2.weight, s->u.credit2.cap);
	return 0;
}

static long domctl(struct xen_domctl *op)
{
	struct xen_domctl_getdomaininfo info;

	if (!get_info(op->domain, &info))
		return -ESRCH;
	switch (op->cmd) {
	case XEN_DOMCTL_getdomaininfo:
		op->u.getdomaininfo = info;
		return 0;
	case XEN_DOMCTL_destroydomain:
		unlink(in_dir("%s/dom%u", op->domain));
		return 0;
	case XEN_DOMCTL_pausedomain:
	case XEN_DOMCTL_unpausedomain:
	case XEN_DOMCTL_max_mem:
		return 0;
	case XEN_DOMCTL_setvcpuaffinity:
		return affinity(op);
	case XEN_DOMCTL_getvcpuinfo:
		op->u.getvcpuinfo.online = 1;
		return 0;
	case XEN_DOMCTL_scheduler_op:
		return scheduler(op);
	}
	return -ENOSYS;
}

static long list(struct xen_sysctl_getdomaininfolist *l)
{
	l->num_domains = 0;
	for (unsigned int id = l->first_domain; id < DOMAINS && l->num_domains < l->max_domains; id++)
		l->num_domains += get_info(id, &l->buffer.p[l->num_domains]);
	return 0;
}

static long pool(struct xen_sysctl_cpupool_op *p)
{
	if (p->op != XEN_SYSCTL_CPUPOOL_OP_INFO)
		return -ENOSYS;
	if (p->cpupool_id)
		return -ENOENT;
	p->sched_id = XEN_SCHEDULER_CREDIT2;
	p->n_dom = 2;
	((uint8_t *)p->cpumap.bitmap.p)[0] = (1 << CPUS) - 1;
	return 0;
}

static long sysctl(struct xen_sysctl *op)
{
	switch (op->cmd) {
	case XEN_SYSCTL_physinfo:
		memset(&op->u.physinfo, 0, sizeof(op->u.physinfo));
		op->u.physinfo.nr_cpus = CPUS;
		op->u.physinfo.max_cpu_id = CPUS - 1;
		return 0;
	case XEN_SYSCTL_getdomaininfolist:
		return list(&op->u.getdomaininfolist);
	case XEN_SYSCTL_sched_id:
		op->u.sched_id.sched_id = XEN_SCHEDULER_CREDIT2;
		return 0;
	case XEN_SYSCTL_cpupool_op:
		return pool(&op->u.cpupool_op);
	case XEN_SYSCTL_scheduler_op:
		if (op->u.scheduler_op.cmd == XEN_SYSCTL_SCHEDOP_putinfo)
			note("ratelimit %u\n", op->u.scheduler_op.u.sched_credit2.ratelimit_us);
		op->u.scheduler_op.u.sched_credit2.ratelimit_us = 1000;
		return 0;
	}
	return -ENOSYS;
}

long xy_call_arg(struct xy_call *c, unsigned int nr, void *arg, size_t size)
{
	(void)c;
	(void)size;
	return nr == __HYPERVISOR_domctl ? domctl(arg) : nr == __HYPERVISOR_sysctl ? sysctl(arg) :
	       -ENOSYS;
}

unsigned int xy_guest_max_vcpus(void)
{
	return 8;
}

/*
 * In place of libc's: time is the test's. Ends when there is no file "hold"; "held"
 * says that it was called.
 */
unsigned int sleep(unsigned int seconds)
{
	int fd = open(in_dir("%s/held", 0), O_WRONLY | O_CREAT, 0600);

	(void)seconds;
	if (fd >= 0)
		close(fd);
	while (!access(in_dir("%s/hold", 0), F_OK))
		usleep(10000);
	return 0;
}

/* The first number that is free, and xenstored's ring for it. */
int xy_guest_create(struct xy_call *c, struct xy_guest *g, struct xy_err *err)
{
	static const char page[4096];
	unsigned int domid = 1;
	int fd, reason;
	FILE *f;

	(void)c;
	while (vcpus_of(domid, &reason) >= 0)
		domid++;
	f = fopen(in_dir("%s/dom%u", domid), "w");
	fd = open(in_dir("%s/ring%u", domid), O_WRONLY | O_CREAT, 0600);
	if (!f || fd < 0 || write(fd, page, sizeof(page)) != sizeof(page))
		return xy_fail(err, -EIO, "no file");
	fprintf(f, "%u\n", g->max_vcpus);
	fclose(f);
	close(fd);
	g->domid = (uint16_t)domid;
	note("create %u paging %llu\n", domid, (unsigned long long)g->paging_kib);
	return 0;
}

int xy_guest_load(struct xy_call *c, struct xy_guest *g, struct xy_err *err)
{
	(void)c;
	(void)err;
	g->store_port = 1;
	g->console_port = 2;
	return 0;
}
