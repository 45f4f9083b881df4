// SPDX-License-Identifier: GPL-2.0-only
#include "event.h"
#include "child.h"
#include "dt.h"
#include "gic.h"
#include "memory.h"
#include "report.h"

volatile u64 upcalls[MAX_CPUS];
void (*event_upcall_hook)(void);

static volatile struct shared_info *shared;
static volatile struct vcpu_info *infos[MAX_CPUS];
static volatile u64 counts[4096];

volatile struct shared_info *shared_info(void)
{
	long ret;

	if (shared)
		return shared;
	shared = page_alloc(1);
	ret = add_to_physmap(XENMAPSPACE_shared_info, 0, gfn_of(shared));
	if (ret) {
		report_error("add_to_physmap shared_info: %ld", ret);
		report_finish();
	}
	return shared;
}

unsigned int event_irq(void)
{
	static unsigned int irq;
	struct dt_node n;

	if (irq)
		return irq;
	if (child_params)
		irq = GUEST_EVTCHN_PPI;
	else if (dt_find(&n, "hypervisor"))
		irq = dt_irq(&n, 0);
	if (!irq) {
		report_error("the device tree names no event channel interrupt");
		report_finish();
	}
	return irq;
}

volatile struct vcpu_info *vcpu_info(unsigned int cpu)
{
	return infos[cpu];
}

static void atomic_or(volatile xen_ulong_t *p, u64 bits)
{
	__atomic_fetch_or(p, bits, __ATOMIC_SEQ_CST);
}

static void atomic_clear(volatile xen_ulong_t *p, u64 bits)
{
	__atomic_fetch_and(p, ~bits, __ATOMIC_SEQ_CST);
}

void event_mask(unsigned int port)
{
	atomic_or(&shared_info()->evtchn_mask[port / 64], BIT(port % 64));
}

void event_unmask(unsigned int port)
{
	atomic_clear(&shared_info()->evtchn_mask[port / 64], BIT(port % 64));
}

void event_clear(unsigned int port)
{
	atomic_clear(&shared_info()->evtchn_pending[port / 64], BIT(port % 64));
}

static void scan_word(unsigned int word)
{
	u64 bits;

	while ((bits = shared->evtchn_pending[word] & ~shared->evtchn_mask[word])) {
		unsigned int port = word * 64 + __builtin_ctzl(bits);

		event_clear(port);
		counts[port]++;
	}
}

static void upcall(unsigned int irq __unused)
{
	unsigned int cpu = this_cpu()->id;
	volatile struct vcpu_info *v = infos[cpu];
	u64 words;

	upcalls[cpu]++;
	if (event_upcall_hook) {
		event_upcall_hook();
		return;
	}
	while (v->evtchn_upcall_pending) {
		v->evtchn_upcall_pending = 0;
		words = __atomic_exchange_n(&v->evtchn_pending_sel, 0, __ATOMIC_SEQ_CST);
		for (; words; words &= words - 1)
			scan_word(__builtin_ctzl(words));
	}
}

void event_init_cpu(void)
{
	unsigned int cpu = this_cpu()->id;
	struct vcpu_register_vcpu_info info = { 0 };
	void *page = page_alloc(1);
	long ret;

	shared_info();
	info.mfn = gfn_of(page);
	infos[cpu] = page;
	ret = vcpu_op(VCPUOP_register_vcpu_info, cpu, &info);
	if (ret) {
		report_error("register_vcpu_info for CPU %u: %ld", cpu, ret);
		report_finish();
	}
	irq_handler(event_irq(), upcall);
	irq_unmask(event_irq());
}

u64 event_count(unsigned int port)
{
	return counts[port];
}

long evtchn_alloc_unbound(domid_t dom, domid_t remote)
{
	struct evtchn_alloc_unbound op = { .dom = dom, .remote_dom = remote };
	long ret = event_channel_op(EVTCHNOP_alloc_unbound, &op);

	return ret ? ret : (long)op.port;
}

long evtchn_bind_interdomain(domid_t remote, unsigned int port)
{
	struct evtchn_bind_interdomain op = { .remote_dom = remote, .remote_port = port };
	long ret = event_channel_op(EVTCHNOP_bind_interdomain, &op);

	return ret ? ret : (long)op.local_port;
}

long evtchn_bind_virq(unsigned int virq, unsigned int vcpu)
{
	struct evtchn_bind_virq op = { .virq = virq, .vcpu = vcpu };
	long ret = event_channel_op(EVTCHNOP_bind_virq, &op);

	return ret ? ret : (long)op.port;
}

long evtchn_bind_ipi(unsigned int vcpu)
{
	struct evtchn_bind_ipi op = { .vcpu = vcpu };
	long ret = event_channel_op(EVTCHNOP_bind_ipi, &op);

	return ret ? ret : (long)op.port;
}

long evtchn_bind_vcpu(unsigned int port, unsigned int vcpu)
{
	struct evtchn_bind_vcpu op = { .port = port, .vcpu = vcpu };

	return event_channel_op(EVTCHNOP_bind_vcpu, &op);
}

long evtchn_send(unsigned int port)
{
	struct evtchn_send op = { .port = port };

	return event_channel_op(EVTCHNOP_send, &op);
}

long evtchn_close(unsigned int port)
{
	struct evtchn_close op = { .port = port };

	return event_channel_op(EVTCHNOP_close, &op);
}

long evtchn_unmask(unsigned int port)
{
	struct evtchn_unmask op = { .port = port };

	return event_channel_op(EVTCHNOP_unmask, &op);
}

long evtchn_status(domid_t dom, unsigned int port, struct evtchn_status *st)
{
	struct evtchn_status op = { .dom = dom, .port = port };
	long ret = event_channel_op(EVTCHNOP_status, &op);

	if (st)
		*st = op;
	return ret ? ret : (long)op.status;
}

void evtchn_pair(unsigned int *a, unsigned int *b)
{
	long x = evtchn_alloc_unbound(DOMID_SELF, DOMID_SELF);
	long y = x < 0 ? x : evtchn_bind_interdomain(DOMID_SELF, x);

	if (y < 0) {
		report_error("a pair of event channels: %ld %ld", x, y);
		report_finish();
	}
	/* Sending to one end makes the other one pending. */
	*a = y;
	*b = x;
}
