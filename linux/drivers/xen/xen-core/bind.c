// SPDX-License-Identifier: GPL-2.0-only
/* Binding of channels to interrupts, and the interfaces of it that drivers use. */

#include <linux/export.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <xen/xen-ops.h>
#include <asm/xen/hypercall.h>
#include "corefuncs.h"
#include "ports.h"

DEFINE_XARRAY(xen_events);
DEFINE_MUTEX(xen_bind_lock);

/* What differs between the kinds of binding. */
struct binding {
	evtchn_port_t port;
	enum event_kind kind;
	unsigned int virq;
	unsigned int cpu;
	bool fixed;
	struct irq_chip *chip;
};

static void close_port(evtchn_port_t port)
{
	struct evtchn_close close = { .port = port };

	if (HYPERVISOR_event_channel_op(EVTCHNOP_close, &close))
		pr_warn_ratelimited("xen-core: event channel %u cannot be closed\n", port);
}

static void free_event(struct event *e)
{
	irq_free_desc(e->irq);
	kfree(e);
}

static void free_late(struct work_struct *work)
{
	free_event(container_of(to_rcu_work(work), struct event, free));
}

static struct event *new_event(const struct binding *b)
{
	struct event *e = kzalloc(sizeof(*e), GFP_KERNEL);
	int irq;

	if (!e)
		return ERR_PTR(-ENOMEM);
	e->port = b->port;
	e->kind = b->kind;
	e->virq = b->virq;
	e->cpu = b->cpu;
	e->fixed = b->fixed;
	e->refs = -1;
	e->masked = MASKED_IRQ;
	raw_spin_lock_init(&e->lock);
	event_eoi_init(e);
	INIT_RCU_WORK(&e->free, free_late);

	irq = irq_alloc_desc(NUMA_NO_NODE);
	if (irq < 0) {
		kfree(e);
		return ERR_PTR(irq);
	}
	e->irq = irq;
	irq_set_chip_data(irq, e);
	irq_set_chip_and_handler_name(irq, b->chip, handle_edge_irq, "event");
	irq_clear_status_flags(irq, IRQ_NOREQUEST);
	if (b->fixed)
		irq_set_status_flags(irq, IRQ_NO_BALANCING);
	return e;
}

/* xen_bind_lock is held. The interrupt, which may have been bound before. */
static int bind(const struct binding *b)
{
	struct event *e = xa_load(&xen_events, b->port);
	int ret;

	if (e)
		return e->irq;
	if (b->port >= xen_ports->max_ports)
		return -EINVAL;
	ret = xen_ports->setup(b->port);
	if (ret)
		return ret;
	e = new_event(b);
	if (IS_ERR(e))
		return PTR_ERR(e);
	xen_ports->mask(b->port);
	xen_ports->bind(b->port, e->cpu, e->cpu);
	event_counted(e->cpu, 1);
	ret = xa_err(xa_store(&xen_events, b->port, e, GFP_KERNEL));
	if (ret) {
		event_counted(e->cpu, -1);
		free_event(e);
		return ret;
	}
	return e->irq;
}

/* xen_bind_lock is held. */
static int bind_or_close(const struct binding *b)
{
	int irq = bind(b);

	if (irq < 0)
		close_port(b->port);
	return irq;
}

static int bind_port(evtchn_port_t port, struct irq_chip *chip)
{
	struct binding b = { .port = port, .kind = EVENT_PORT, .chip = chip };
	int irq;

	mutex_lock(&xen_bind_lock);
	irq = bind(&b);
	mutex_unlock(&xen_bind_lock);
	return irq;
}

static void unbind(unsigned int irq)
{
	struct event *e;

	mutex_lock(&xen_bind_lock);
	e = event_of(irq);
	if (!e || xa_load(&xen_events, e->port) != e)
		goto out;
	if (e->refs > 0 && --e->refs)
		goto out;
	xa_erase(&xen_events, e->port);
	event_eoi_stop(e);
	event_counted(e->cpu, -1);
	if (!e->is_static)
		close_port(e->port);
	/* An interrupt that found it a moment ago still uses it. */
	queue_rcu_work(system_wq, &e->free);
out:
	mutex_unlock(&xen_bind_lock);
}

static int request(int irq, irq_handler_t handler, unsigned long flags, const char *name,
		   void *dev)
{
	int ret;

	if (irq < 0)
		return irq;
	ret = request_irq(irq, handler, flags, name, dev);
	if (ret) {
		unbind(irq);
		return ret;
	}
	return irq;
}

int bind_evtchn_to_irq(evtchn_port_t port)
{
	return bind_port(port, &xen_chip);
}
EXPORT_SYMBOL_GPL(bind_evtchn_to_irq);

int bind_evtchn_to_irq_lateeoi(evtchn_port_t port)
{
	return bind_port(port, &xen_chip_lateeoi);
}
EXPORT_SYMBOL_GPL(bind_evtchn_to_irq_lateeoi);

int bind_evtchn_to_irqhandler(evtchn_port_t port, irq_handler_t handler,
			      unsigned long irqflags, const char *devname, void *dev_id)
{
	return request(bind_evtchn_to_irq(port), handler, irqflags, devname, dev_id);
}
EXPORT_SYMBOL_GPL(bind_evtchn_to_irqhandler);

int bind_evtchn_to_irqhandler_lateeoi(evtchn_port_t port, irq_handler_t handler,
				      unsigned long irqflags, const char *devname,
				      void *dev_id)
{
	return request(bind_evtchn_to_irq_lateeoi(port), handler, irqflags, devname, dev_id);
}
EXPORT_SYMBOL_GPL(bind_evtchn_to_irqhandler_lateeoi);

int bind_interdomain_evtchn_to_irq_lateeoi(compat_peer_t peer, evtchn_port_t remote_port)
{
	struct evtchn_bind_interdomain inter = {
		.remote_dom = compat_peer_domain(peer),
		.remote_port = remote_port,
	};
	struct binding b = { .kind = EVENT_PORT, .chip = &xen_chip_lateeoi };
	int ret;

	mutex_lock(&xen_bind_lock);
	ret = HYPERVISOR_event_channel_op(EVTCHNOP_bind_interdomain, &inter);
	if (!ret) {
		b.port = inter.local_port;
		ret = bind_or_close(&b);
	}
	mutex_unlock(&xen_bind_lock);
	return ret;
}
EXPORT_SYMBOL_GPL(bind_interdomain_evtchn_to_irq_lateeoi);

int bind_interdomain_evtchn_to_irqhandler_lateeoi(compat_peer_t peer,
						  evtchn_port_t remote_port,
						  irq_handler_t handler,
						  unsigned long irqflags,
						  const char *devname, void *dev_id)
{
	return request(bind_interdomain_evtchn_to_irq_lateeoi(peer, remote_port), handler,
		       irqflags, devname, dev_id);
}
EXPORT_SYMBOL_GPL(bind_interdomain_evtchn_to_irqhandler_lateeoi);

/* xen_bind_lock is held. */
static int find_virq(unsigned int virq, unsigned int cpu)
{
	unsigned long port;
	struct event *e;

	xa_for_each(&xen_events, port, e)
		if (e->kind == EVENT_VIRQ && e->virq == virq && e->cpu == cpu)
			return e->irq;
	return -ENOENT;
}

int bind_virq_to_irq(unsigned int virq, unsigned int cpu, bool percpu)
{
	struct evtchn_bind_virq call = { .virq = virq, .vcpu = xen_vcpu_nr(cpu) };
	struct binding b = {
		.kind = EVENT_VIRQ,
		.virq = virq,
		.cpu = cpu,
		.fixed = percpu,
		.chip = &xen_chip,
	};
	int ret;

	mutex_lock(&xen_bind_lock);
	ret = find_virq(virq, cpu);
	if (ret < 0) {
		ret = HYPERVISOR_event_channel_op(EVTCHNOP_bind_virq, &call);
		if (!ret) {
			b.port = call.port;
			ret = bind_or_close(&b);
		}
	}
	mutex_unlock(&xen_bind_lock);
	return ret;
}

int bind_virq_to_irqhandler(unsigned int virq, unsigned int cpu, irq_handler_t handler,
			    unsigned long irqflags, const char *devname, void *dev_id)
{
	return request(bind_virq_to_irq(virq, cpu, irqflags & IRQF_PERCPU), handler, irqflags,
		       devname, dev_id);
}
EXPORT_SYMBOL_GPL(bind_virq_to_irqhandler);

void unbind_from_irqhandler(unsigned int irq, void *dev_id)
{
	if (!event_of(irq))
		return;
	free_irq(irq, dev_id);
	unbind(irq);
}
EXPORT_SYMBOL_GPL(unbind_from_irqhandler);

/* From now on evtchn_get() may hold the channel open. */
static int make_counted(evtchn_port_t port, bool is_static)
{
	struct event *e;

	mutex_lock(&xen_bind_lock);
	e = xa_load(&xen_events, port);
	if (e) {
		WARN_ON(e->refs != -1);
		e->refs = 1;
		e->is_static = is_static;
	}
	mutex_unlock(&xen_bind_lock);
	return e ? 0 : -ENOENT;
}

COMPAT_MAKE_REFCOUNTED(make_counted)
EXPORT_SYMBOL_GPL(evtchn_make_refcounted);

int evtchn_get(evtchn_port_t port)
{
	struct event *e;
	int ret = -ENOENT;

	mutex_lock(&xen_bind_lock);
	e = xa_load(&xen_events, port);
	if (e) {
		ret = -EINVAL;
		if (e->refs > 0 && e->refs < SHRT_MAX) {
			e->refs++;
			ret = 0;
		}
	}
	mutex_unlock(&xen_bind_lock);
	return ret;
}
EXPORT_SYMBOL_GPL(evtchn_get);

unsigned int irq_from_evtchn(evtchn_port_t port)
{
	struct event *e;
	unsigned int irq;

	rcu_read_lock();
	e = xa_load(&xen_events, port);
	irq = e ? e->irq : (unsigned int)-1;
	rcu_read_unlock();
	return irq;
}
EXPORT_SYMBOL_GPL(irq_from_evtchn);

void evtchn_put(evtchn_port_t port)
{
	unsigned int irq = irq_from_evtchn(port);

	if (!WARN_ON(irq == -1))
		unbind(irq);
}
EXPORT_SYMBOL_GPL(evtchn_put);

void notify_remote_via_irq(int irq)
{
	struct event *e = event_of(irq);

	if (e)
		notify_remote_via_evtchn(e->port);
}
EXPORT_SYMBOL_GPL(notify_remote_via_irq);

int xen_set_irq_priority(unsigned int irq, unsigned int priority)
{
	struct event *e = event_of(irq);
	struct evtchn_set_priority set = { .priority = priority };

	if (!e)
		return -EINVAL;
	set.port = e->port;
	return HYPERVISOR_event_channel_op(EVTCHNOP_set_priority, &set);
}
EXPORT_SYMBOL_GPL(xen_set_irq_priority);

bool xen_test_irq_pending(int irq)
{
	struct event *e = event_of(irq);

	return e && xen_ports->is_pending(e->port);
}

void xen_clear_irq_pending(int irq)
{
	struct event *e = event_of(irq);

	if (e)
		xen_ports->clear_pending(e->port);
}
EXPORT_SYMBOL_GPL(xen_clear_irq_pending);
