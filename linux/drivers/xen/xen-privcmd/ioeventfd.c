// SPDX-License-Identifier: GPL-2.0-only
/*
 * Doorbells by eventfd. A device model has the requests of a guest's vCPUs in a page, a slot
 * each, and an event channel for each slot. Where a request is a write to a doorbell that
 * was named, it ends here, and the eventfd is signalled; all others are the model's, which
 * keeps the channels (of /dev/xen/evtchn) and hears of each event as well, before this, so
 * that it has to claim a request by an atomic operation.
 */

#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <xen/features.h>
#include <xen/xen-ops.h>
#include "eventfd.h"
#include "events.h"
#include "eventfds.h"
#include "watch.h"

/* A slot, of public/hvm/ioreq.h. */
struct slot {
	u64 addr;
	u64 data;
	u32 count;
	u32 size;
	u32 vp_eport;
	u16 pad;
	u8 bits;
	u8 type;
};

/* slot.bits */
#define SLOT_STATE		0x0f
#define SLOT_READY		1	/* the hypervisor's to the model: a request */
#define SLOT_INPROCESS		2
#define SLOT_DONE		3
#define SLOT_DATA_IS_PTR	0x10
#define SLOT_READ		0x20

#define SLOT_TYPE_MEMORY	1
#define MAX_SLOTS		(PAGE_SIZE / sizeof(struct slot))

/* Virtio over MMIO, 4.2.2: the number of a queue is written to this offset. */
#define VIRTIO_QUEUE_NOTIFY	0x50
#define VIRTIO_QUEUE_MASK	0xffff

struct server_port {
	struct server *server;
	unsigned int slot;
	unsigned int irq;
	evtchn_port_t port;
};

/* A page of slots that somebody has doorbells in. */
struct server {
	struct list_head link;
	unsigned int users;		/* doorbells */
	/* The same page and domain are the same server, ... */
	domid_t domid;
	struct mapping *mapping;
	unsigned long index;
	/* ... which is known to user space by this. */
	struct mm_struct *mm;		/* only as a number, but not used again */
	u64 addr;
	unsigned int vcpus;

	struct slot *slots;
	spinlock_t lock;		/* doorbells; taken by the interrupt */
	struct list_head doorbells;
	struct server_port ports[];
};

struct doorbell {
	struct watch watch;
	struct server *server;
	struct list_head link;		/* in its server's */
	u64 addr;
	u32 size;
	u32 queue;
};

/* What a doorbell is asked for by. */
struct request {
	struct privcmd_ioeventfd cmd;
	bool limited;			/* the file is, to cmd.dom */
	u32 *ports;			/* copied */
	struct mapping *mapping;	/* held */
	unsigned long index;
};

/*
 * Servers, their users, and what begins in them. Outside of watch.h's locks. No memory of
 * user space is touched under it: it is everybody's, and that may take for ever.
 */
static DEFINE_MUTEX(servers_lock);
static LIST_HEAD(servers);

/* server->lock is held. */
static struct doorbell *find_doorbell(struct server *server, const struct slot *slot)
{
	u64 addr = READ_ONCE(slot->addr), data = READ_ONCE(slot->data);
	u32 size = READ_ONCE(slot->size);
	struct doorbell *d;

	list_for_each_entry(d, &server->doorbells, link)
		if (addr == d->addr + VIRTIO_QUEUE_NOTIFY && size == d->size &&
		    (data & VIRTIO_QUEUE_MASK) == d->queue)
			return d;
	return NULL;
}

static bool is_plain(const struct slot *slot)
{
	return READ_ONCE(slot->type) == SLOT_TYPE_MEMORY && READ_ONCE(slot->count) == 1;
}

static bool is_write(const struct slot *slot, u8 bits)
{
	return (bits & (SLOT_STATE | SLOT_DATA_IS_PTR | SLOT_READ)) == SLOT_READY &&
	       is_plain(slot);
}

static irqreturn_t server_interrupt(int irq, void *data)
{
	const struct server_port *port = data;
	struct server *server = port->server;
	struct slot *slot = &server->slots[port->slot];
	/* Pairs with the hypervisor's barrier: what it wrote before the state. */
	u8 bits = smp_load_acquire(&slot->bits);
	u8 rest = bits & ~SLOT_STATE;
	struct doorbell *d;

	if (!is_write(slot, bits))
		return IRQ_NONE;
	spin_lock(&server->lock);
	/*
	 * The model has heard of the event before us. It may have been quicker, and what is
	 * there now be another request, which looks the same before it is claimed.
	 */
	d = find_doorbell(server, slot);
	if (d && cmpxchg(&slot->bits, bits, rest | SLOT_INPROCESS) == bits) {
		d = is_plain(slot) ? find_doorbell(server, slot) : NULL;
		if (d)
			compat_eventfd_signal(d->watch.eventfd);
		else
			smp_store_release(&slot->bits, bits);
	} else {
		d = NULL;
	}
	spin_unlock(&server->lock);
	if (!d)
		return IRQ_NONE;
	/* The guest goes on when it sees this: after the signal. */
	smp_store_release(&slot->bits, rest | SLOT_DONE);
	notify_remote_via_evtchn(port->port);
	return IRQ_HANDLED;
}

/*
 * The channel is another file's, of /dev/xen/evtchn, and stays open until put_port(). Its
 * interrupt is shared with that file.
 */
static int get_port(struct server_port *p)
{
	int ret = evtchn_get(p->port);

	if (ret)
		return ret;
	p->irq = irq_from_evtchn(p->port);
	/* Should that file's module not share it, nobody needs to hear of it but our caller. */
	ret = request_irq(p->irq, server_interrupt, IRQF_SHARED | IRQF_PROBE_SHARED,
			  "ioeventfd", p);
	if (ret)
		evtchn_put(p->port);
	return ret;
}

/* By the interrupt: the number may be another channel's after a suspension. */
static void put_port(struct server_port *p)
{
	unbind_from_irqhandler(p->irq, p);
}

/* servers_lock is held. */
static bool is_taken(evtchn_port_t port)
{
	struct server *s;
	unsigned int i;

	list_for_each_entry(s, &servers, link)
		for (i = 0; i < s->vcpus; i++)
			if (s->ports[i].port == port)
				return true;
	return false;
}

static bool leads_to(evtchn_port_t port, domid_t domid)
{
	struct evtchn_status status = { .dom = DOMID_SELF, .port = port };

	return !HYPERVISOR_event_channel_op(EVTCHNOP_status, &status) &&
	       status.status == EVTCHNSTAT_interdomain && status.u.interdomain.dom == domid;
}

/*
 * A channel has one slot, so that an event is looked into once, however many are asked for.
 * A file that is limited to the server's domain has only channels to that domain: it is not
 * to hold, nor to notify, anybody else's.
 */
static int may_have_port(const struct server *s, unsigned int slot, bool limited)
{
	evtchn_port_t port = s->ports[slot].port;
	unsigned int i;

	for (i = 0; i < slot; i++)
		if (s->ports[i].port == port)
			return -EINVAL;
	if (limited && !leads_to(port, s->domid))
		return -EPERM;
	return is_taken(port) ? -EBUSY : 0;
}

static int get_ports(struct server *s, const struct request *r)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < s->vcpus && !ret; i++) {
		struct server_port *p = &s->ports[i];

		p->server = s;
		p->slot = i;
		p->port = r->ports[i];
		ret = may_have_port(s, i, r->limited) ?: get_port(p);
	}
	if (ret)
		for (i--; i--;)
			put_port(&s->ports[i]);
	return ret;
}

/* Takes over the mapping: it is given back if this fails. */
static struct server *server_create(const struct request *r)
{
	struct server *s = kzalloc(struct_size(s, ports, r->cmd.vcpus), GFP_KERNEL_ACCOUNT);
	int ret = -ENOMEM;

	if (!s)
		goto mapping;
	s->domid = r->cmd.dom;
	s->mapping = r->mapping;
	s->index = r->index;
	s->addr = r->cmd.ioreq;
	s->vcpus = r->cmd.vcpus;
	spin_lock_init(&s->lock);
	INIT_LIST_HEAD(&s->doorbells);
	s->slots = mapping_kmap(s->mapping, s->index);
	if (!s->slots)
		goto free;
	ret = get_ports(s, r);
	if (ret)
		goto unmap;
	s->mm = current->mm;
	mmgrab(s->mm);
	/* A mapping that cannot be undone keeps the module, which is too late in its end. */
	__module_get(THIS_MODULE);
	list_add(&s->link, &servers);
	return s;

unmap:
	mapping_kunmap(s->mapping, s->slots);
free:
	kfree(s);
mapping:
	mapping_put(r->mapping);
	return ERR_PTR(ret);
}

/*
 * servers_lock is held. Returns the server if it was its last user, for server_free(), or
 * NULL.
 */
static struct server *server_put(struct server *s)
{
	unsigned int i;

	if (--s->users)
		return NULL;
	list_del(&s->link);
	for (i = 0; i < s->vcpus; i++)
		put_port(&s->ports[i]);
	return s;
}

/* Not under servers_lock: the mapping may be large, and this the end of it. */
static void server_free(struct server *s)
{
	if (!s)
		return;
	mapping_kunmap(s->mapping, s->slots);
	mapping_put(s->mapping);
	mmdrop(s->mm);
	kfree(s);
	module_put(THIS_MODULE);
}

/* As server_create(). */
static struct server *server_get(const struct request *r)
{
	struct server *s;

	list_for_each_entry(s, &servers, link) {
		if (s->mapping != r->mapping || s->index != r->index)
			continue;
		/* Not the last user: that server is one. */
		mapping_put(r->mapping);
		if (s->domid != r->cmd.dom || s->vcpus != r->cmd.vcpus)
			return ERR_PTR(-EINVAL);
		s->users++;
		return s;
	}
	s = server_create(r);
	if (!IS_ERR(s))
		s->users = 1;
	return s;
}

static void doorbell_release(struct watch *w)
{
	struct doorbell *d = container_of(w, struct doorbell, watch);
	struct server *last;

	mutex_lock(&servers_lock);
	spin_lock_irq(&d->server->lock);
	list_del(&d->link);
	spin_unlock_irq(&d->server->lock);
	last = server_put(d->server);
	mutex_unlock(&servers_lock);
	server_free(last);
	kfree(d);
}

static const struct watch_kind doorbell_kind = {
	.release = doorbell_release,
};

static int check_doorbell(const struct privcmd_ioeventfd *cmd)
{
	if (cmd->addr + VIRTIO_QUEUE_NOTIFY < cmd->addr || !cmd->vcpus ||
	    cmd->vcpus > MAX_SLOTS || cmd->vq > VIRTIO_QUEUE_MASK)
		return -EINVAL;
	switch (cmd->addr_len) {
	case 1: case 2: case 4: case 8:
		return 0;
	default:
		return -EINVAL;
	}
}

/* servers_lock is held. */
static bool has_same(const struct server *s, const struct doorbell *new)
{
	struct doorbell *d;

	/* The list changes under servers_lock only. */
	list_for_each_entry(d, &s->doorbells, link)
		if (d->addr == new->addr && d->size == new->size && d->queue == new->queue)
			return true;
	return false;
}

/*
 * servers_lock is held. Takes over the mapping, and @d if all is well; if not, *last may be
 * for server_free().
 */
static int begin(struct doorbell *d, const struct request *r, struct server **last)
{
	struct server *s = server_get(r);
	int ret = PTR_ERR_OR_ZERO(s);

	if (ret)
		return ret;
	d->server = s;
	d->watch.of = s;
	ret = has_same(s, d) ? -EEXIST : watch_begin(&d->watch, r->cmd.event_fd);
	if (ret) {
		*last = server_put(s);
		return ret;
	}
	/* Its release, if that is due already, waits for servers_lock. */
	spin_lock_irq(&s->lock);
	list_add_tail(&d->link, &s->doorbells);
	spin_unlock_irq(&s->lock);
	return 0;
}

static int assign_copied(struct privcmd_file *f, struct request *r)
{
	struct doorbell *d = kzalloc(sizeof(*d), GFP_KERNEL_ACCOUNT);
	struct server *last = NULL;
	int ret = -EFAULT;

	if (!d)
		return -ENOMEM;
	/* What has ended is not to be in the way: the caller may just have closed it. */
	watch_settle();
	d->addr = r->cmd.addr;
	d->size = r->cmd.addr_len;
	d->queue = r->cmd.vq;
	d->watch.kind = &doorbell_kind;
	d->watch.file = f;
	d->watch.domid = r->cmd.dom;
	r->mapping = mapping_get(r->cmd.ioreq, &r->index);
	if (r->mapping) {
		mutex_lock(&servers_lock);
		ret = begin(d, r, &last);
		mutex_unlock(&servers_lock);
		server_free(last);
	}
	if (ret)
		kfree(d);
	return ret;
}

static long assign(struct privcmd_file *f, struct request *r)
{
	long ret = check_doorbell(&r->cmd);

	if (ret)
		return ret;
	r->limited = atomic_read(&f->only) != PRIVCMD_ANY;
	r->ports = memdup_user(u64_to_user_ptr(r->cmd.ports), r->cmd.vcpus * sizeof(*r->ports));
	if (IS_ERR(r->ports))
		return PTR_ERR(r->ports);
	ret = assign_copied(f, r);
	kfree(r->ports);
	return ret;
}

/* The page need not be mapped any more: what it was called is enough. */
static long deassign(const struct privcmd_ioeventfd *cmd)
{
	struct server *s;
	int ret = -ENOENT;

	mutex_lock(&servers_lock);
	list_for_each_entry(s, &servers, link) {
		if (s->mm != current->mm || s->addr != cmd->ioreq || s->domid != cmd->dom ||
		    s->vcpus != cmd->vcpus)
			continue;
		ret = watch_end(&doorbell_kind, s, cmd->dom, cmd->event_fd);
		if (ret != -ENOENT)
			break;
	}
	mutex_unlock(&servers_lock);
	watch_settle();
	return ret == -ENOENT ? -ENODEV : ret;
}

long privcmd_ioeventfd(struct privcmd_file *f, void __user *arg)
{
	struct request r;

	if (copy_from_user(&r.cmd, arg, sizeof(r.cmd)))
		return -EFAULT;
	if (r.cmd.flags & ~PRIVCMD_IOEVENTFD_FLAG_DEASSIGN)
		return -EINVAL;
	if (!privcmd_may(f, r.cmd.dom))
		return -EPERM;
	/* A PV domain has no address of its own at which such a page could be. */
	if (!xen_feature(XENFEAT_auto_translated_physmap))
		return -EOPNOTSUPP;
	if (r.cmd.flags & PRIVCMD_IOEVENTFD_FLAG_DEASSIGN)
		return deassign(&r.cmd);
	return assign(f, &r);
}
