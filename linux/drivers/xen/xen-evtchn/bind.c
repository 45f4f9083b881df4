// SPDX-License-Identifier: GPL-2.0-only
/* Which channels an open file has. */

#include <linux/interrupt.h>
#include <linux/slab.h>
#include <xen/xen-ops.h>
#include "events.h"
#include "evtchn.h"

static void close_port(evtchn_port_t port)
{
	struct evtchn_close close = { .port = port };

	HYPERVISOR_event_channel_op(EVTCHNOP_close, &close);
}

/* Nobody finds it any more. bind_lock is held, or the file is closed. */
static void hide_port(struct evtchn_file *f, struct evtchn_port *p)
{
	xa_lock_irq(&f->ports);
	__xa_erase(&f->ports, p->port);
	if (f->last == p)
		f->last = NULL;
	xa_unlock_irq(&f->ports);
}

static void remove_port(struct evtchn_file *f, struct evtchn_port *p)
{
	/* No new notification, then no interrupt, then nobody knows it. */
	hide_port(f, p);
	unbind_from_irqhandler(p->irq, p);
	xa_lock_irq(&f->ports);
	list_del(&p->link);
	xa_unlock_irq(&f->ports);
	kfree(p);
}

enum port_life { PORT_OURS, PORT_STATIC };

/* Takes over @port: it is closed if this fails, unless it is a static one. */
static int add_port(struct evtchn_file *f, evtchn_port_t port, enum port_life life)
{
	struct evtchn_port *p = kzalloc(sizeof(*p), GFP_KERNEL_ACCOUNT);
	int ret = -ENOMEM;

	if (!p)
		goto close;
	p->file = f;
	p->port = port;
	p->armed = true;
	INIT_LIST_HEAD(&p->link);
	ret = xa_insert_irq(&f->ports, port, p, GFP_KERNEL_ACCOUNT);
	if (ret)
		goto free;

	/* Shared with privcmd, which answers some requests to a device model for it. */
	ret = bind_evtchn_to_irqhandler_lateeoi(port, evtchn_interrupt, IRQF_SHARED, f->name, p);
	if (ret < 0)
		goto hide;
	p->irq = ret;
	/* From now on other modules may hold the channel open (evtchn_get). */
	ret = compat_evtchn_make_refcounted(port, life == PORT_STATIC);
	if (ret) {
		/* It may have been delivered already. */
		remove_port(f, p);
		return ret;
	}
	return port;

hide:
	hide_port(f, p);
free:
	kfree(p);
close:
	if (life == PORT_OURS)
		close_port(port);
	return ret;
}

int evtchn_bind_virq(struct evtchn_file *f, unsigned int virq)
{
	/* Global ones live on the first vCPU only. */
	struct evtchn_bind_virq bind = { .virq = virq, .vcpu = xen_vcpu_nr(0) };
	int ret = -EACCES;

	mutex_lock(&f->bind_lock);
	if (f->only == EVTCHN_ANY)
		ret = HYPERVISOR_event_channel_op(EVTCHNOP_bind_virq, &bind);
	if (!ret)
		ret = add_port(f, bind.port, PORT_OURS);
	mutex_unlock(&f->bind_lock);
	return ret;
}

int evtchn_bind_interdomain(struct evtchn_file *f, unsigned int domain,
			    evtchn_port_t remote)
{
	struct evtchn_bind_interdomain bind = {
		.remote_dom = domain,
		.remote_port = remote,
	};
	int ret = -EACCES;

	if (domain != bind.remote_dom)
		return -EINVAL;
	mutex_lock(&f->bind_lock);
	if (f->only == EVTCHN_ANY || f->only == domain)
		ret = HYPERVISOR_event_channel_op(EVTCHNOP_bind_interdomain, &bind);
	if (!ret)
		ret = add_port(f, bind.local_port, PORT_OURS);
	mutex_unlock(&f->bind_lock);
	return ret;
}

int evtchn_bind_unbound(struct evtchn_file *f, unsigned int domain)
{
	struct evtchn_alloc_unbound alloc = {
		.dom = DOMID_SELF,
		.remote_dom = domain,
	};
	int ret = -EACCES;

	if (domain != alloc.remote_dom)
		return -EINVAL;
	mutex_lock(&f->bind_lock);
	/* A restricted file binds to what its peer offers, and offers nothing itself. */
	if (f->only == EVTCHN_ANY)
		ret = HYPERVISOR_event_channel_op(EVTCHNOP_alloc_unbound, &alloc);
	if (!ret)
		ret = add_port(f, alloc.port, PORT_OURS);
	mutex_unlock(&f->bind_lock);
	return ret;
}

/*
 * A static channel is one that exists and that this kernel has no interrupt for. Of one
 * that has, the second binding would find the first one's interrupt and spoil the count of
 * its users, or take it away from its owner; one that does not exist is allocated later, for
 * somebody else. Held from this look to the binding: two files cannot both find a port free.
 */
static DEFINE_MUTEX(static_lock);

static int may_bind_static(struct evtchn_file *f, evtchn_port_t port)
{
	struct evtchn_status status = { .dom = DOMID_SELF, .port = port };
	int ret;

	if (f->only != EVTCHN_ANY)
		return -EACCES;
	if (xa_load(&f->ports, port))
		return -EISCONN;
	if (irq_from_evtchn(port) != (unsigned int)-1)
		return -EBUSY;
	ret = HYPERVISOR_event_channel_op(EVTCHNOP_status, &status);
	if (ret)
		return ret;
	switch (status.status) {
	case EVTCHNSTAT_unbound:
	case EVTCHNSTAT_interdomain:
		return 0;
	case EVTCHNSTAT_closed:
		return -ENOENT;
	default:
		return -EBUSY;
	}
}

int evtchn_bind_static(struct evtchn_file *f, evtchn_port_t port)
{
	int ret;

	if (!port || port >= xen_evtchn_nr_channels())
		return -EINVAL;
	mutex_lock(&f->bind_lock);
	mutex_lock(&static_lock);
	ret = may_bind_static(f, port);
	if (!ret)
		ret = add_port(f, port, PORT_STATIC);
	mutex_unlock(&static_lock);
	mutex_unlock(&f->bind_lock);
	return min(ret, 0);
}

int evtchn_unbind(struct evtchn_file *f, evtchn_port_t port)
{
	struct evtchn_port *p;

	if (port >= xen_evtchn_nr_channels())
		return -EINVAL;
	mutex_lock(&f->bind_lock);
	p = xa_load(&f->ports, port);
	if (p)
		remove_port(f, p);
	mutex_unlock(&f->bind_lock);
	return p ? 0 : -ENOTCONN;
}

/*
 * The hypercall is made under the lock: an unbinding elsewhere must not turn the
 * port into somebody else's between the look and the call.
 */
int evtchn_notify(struct evtchn_file *f, evtchn_port_t port)
{
	int ret = -ENOTCONN;

	xa_lock_irq(&f->ports);
	if (evtchn_find(f, port)) {
		notify_remote_via_evtchn(port);
		ret = 0;
	}
	xa_unlock_irq(&f->ports);
	return ret;
}

void evtchn_unbind_all(struct evtchn_file *f)
{
	struct evtchn_port *p;
	unsigned long port;

	/* All are silenced first: waiting for one gives no time to the others. */
	xa_for_each(&f->ports, port, p)
		disable_irq_nosync(p->irq);
	xa_for_each(&f->ports, port, p)
		remove_port(f, p);
	xa_destroy(&f->ports);
}
