// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page shared with xenstored: a ring for each direction. Messages are written whole,
 * one after the other; replies are found by the number of their request, and may come
 * in any order.
 *
 * What the other side writes is read once and checked. When its indexes or lengths make
 * no sense the connection is over: every request fails with -EIO from then on.
 */

#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <xen/events.h>
#include <xen/hvm.h>
#include <xen/page.h>
#include "bus.h"

struct request {
	struct list_head link;
	u32 id;
	u32 type;
	struct completion done;
	void *body;			/* or an error pointer */
	unsigned int len;
};

/* For xenfs, which shows them to a store of this domain's own. */
struct xenstore_domain_interface *xen_store_interface;
EXPORT_SYMBOL_GPL(xen_store_interface);
int xen_store_evtchn;
EXPORT_SYMBOL_GPL(xen_store_evtchn);

static struct xenstore_domain_interface *ring;
static int ring_irq;
static bool broken;
static DECLARE_WAIT_QUEUE_HEAD(moved);	/* the other side has done something */

static DEFINE_MUTEX(send_lock);		/* the request ring */
static DEFINE_SPINLOCK(waiting_lock);	/* the list, and broken becoming true */
static LIST_HEAD(waiting);

static void fail_all(void)
{
	struct request *r, *n;

	spin_lock(&waiting_lock);
	WRITE_ONCE(broken, true);
	list_for_each_entry_safe(r, n, &waiting, link) {
		list_del(&r->link);
		r->body = ERR_PTR(-EIO);
		complete(&r->done);
	}
	spin_unlock(&waiting_lock);
	wake_up_all(&moved);
}

static int give_up(const char *why)
{
	if (!READ_ONCE(broken))
		pr_err("xen-bus: %s: no more xenstore\n", why);
	fail_all();
	return -EIO;
}

/* Under send_lock. Waits for room. */
static int put(const char *data, unsigned int len)
{
	while (len) {
		u32 prod = ring->req_prod, cons = READ_ONCE(ring->req_cons);
		unsigned int n = XENSTORE_RING_SIZE - (prod - cons);

		if (READ_ONCE(broken))
			return -EIO;
		if (n > XENSTORE_RING_SIZE)
			return give_up("indexes of the request ring");
		if (!n) {
			wait_event(moved, READ_ONCE(ring->req_cons) != cons ||
				   READ_ONCE(broken));
			continue;
		}
		n = min3(n, len, XENSTORE_RING_SIZE - MASK_XENSTORE_IDX(prod));
		virt_mb();	/* what we overwrite has been read: cons said so */
		memcpy(ring->req + MASK_XENSTORE_IDX(prod), data, n);
		virt_wmb();	/* the bytes before the index */
		WRITE_ONCE(ring->req_prod, prod + n);
		notify_remote_via_irq(ring_irq);
		data += n;
		len -= n;
	}
	return 0;
}

/* By the reader only. Waits for bytes. */
static int get(char *data, unsigned int len)
{
	while (len) {
		u32 cons = ring->rsp_cons, prod = READ_ONCE(ring->rsp_prod);
		unsigned int n = prod - cons;

		if (READ_ONCE(broken))
			return -EIO;
		if (n > XENSTORE_RING_SIZE)
			return give_up("indexes of the reply ring");
		if (!n) {
			wait_event_idle(moved, READ_ONCE(ring->rsp_prod) != cons ||
					READ_ONCE(broken));
			continue;
		}
		n = min3(n, len, XENSTORE_RING_SIZE - MASK_XENSTORE_IDX(cons));
		virt_rmb();	/* the index before the bytes */
		memcpy(data, ring->rsp + MASK_XENSTORE_IDX(cons), n);
		virt_mb();	/* the bytes are read before their place is given back */
		WRITE_ONCE(ring->rsp_cons, cons + n);
		notify_remote_via_irq(ring_irq);
		data += n;
		len -= n;
	}
	return 0;
}

static int error_number(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(xsd_errors); i++)
		if (!strcmp(name, xsd_errors[i].errstring))
			return -xsd_errors[i].errnum;
	pr_warn_ratelimited("xen-bus: unknown error %.32s\n", name);
	return -EINVAL;
}

/* Takes over @body. */
static void answer(const struct xsd_sockmsg *msg, char *body)
{
	struct request *r;

	spin_lock(&waiting_lock);
	list_for_each_entry(r, &waiting, link)
		if (r->id == msg->req_id)
			goto found;
	spin_unlock(&waiting_lock);
	pr_warn_ratelimited("xen-bus: a reply to nothing\n");
	kfree(body);
	return;

found:
	list_del(&r->link);
	r->len = msg->len;
	if (msg->type == r->type) {
		r->body = body;
		body = NULL;
	} else {
		r->body = ERR_PTR(msg->type == XS_ERROR ? error_number(body) : -EIO);
	}
	complete(&r->done);
	spin_unlock(&waiting_lock);
	kfree(body);
}

static int read_message(void)
{
	struct xsd_sockmsg msg;
	char *body;
	int ret;

	ret = get((char *)&msg, sizeof(msg));
	if (ret)
		return ret;
	if (msg.len > XENSTORE_PAYLOAD_MAX)
		return give_up("a message too long");
	/* Block devices may wait for us, so we do not wait for them. */
	body = kmalloc(msg.len + 1, GFP_NOIO | __GFP_NOFAIL);
	ret = get(body, msg.len);
	if (ret) {
		kfree(body);
		return ret;
	}
	body[msg.len] = 0;
	if (msg.type == XS_WATCH_EVENT)
		xb_watch_event(body, msg.len);
	else
		answer(&msg, body);
	return 0;
}

static int reader(void *unused)
{
	while (!read_message())
		;
	/* Kernel threads that end must not be stopped by anybody: nobody does. */
	return 0;
}

/* @r is on the list as soon as its number is on the wire. */
static int send(struct request *r, u32 transaction, const struct kvec *iov, unsigned int n)
{
	struct xsd_sockmsg msg = { .type = r->type, .tx_id = transaction };
	static u32 last;
	unsigned int i;
	int ret = 0;

	for (i = 0; i < n; i++) {
		if (iov[i].iov_len > XENSTORE_PAYLOAD_MAX - msg.len)
			return -E2BIG;
		msg.len += iov[i].iov_len;
	}

	mutex_lock(&send_lock);
	msg.req_id = r->id = ++last;
	spin_lock(&waiting_lock);
	if (broken)
		ret = -EIO;
	else
		list_add_tail(&r->link, &waiting);
	spin_unlock(&waiting_lock);
	if (!ret && !put((char *)&msg, sizeof(msg)))
		for (i = 0; i < n; i++)
			if (put(iov[i].iov_base, iov[i].iov_len))
				break;
	mutex_unlock(&send_lock);
	return ret;
}

void *xb_talk(struct xenbus_transaction t, enum xsd_sockmsg_type type,
	      const struct kvec *iov, unsigned int n, unsigned int *len)
{
	struct request r = { .type = type };
	int ret;

	init_completion(&r.done);
	ret = send(&r, t.id, iov, n);
	if (ret)
		return ERR_PTR(ret);
	/* A connection that breaks completes it as well. */
	wait_for_completion(&r.done);
	if (!IS_ERR(r.body) && len)
		*len = r.len;
	return r.body;
}

static irqreturn_t notified(int irq, void *unused)
{
	wake_up_all(&moved);
	return IRQ_HANDLED;
}

int __init xb_wire_start(void)
{
	struct task_struct *task;
	u64 pfn, port;
	int ret;

	ret = hvm_get_parameter(HVM_PARAM_STORE_EVTCHN, &port);
	if (!ret)
		ret = hvm_get_parameter(HVM_PARAM_STORE_PFN, &pfn);
	if (ret)
		return ret;
	if (!pfn || !~pfn) {
		pr_err("xen-bus: there is no xenstore for this domain\n");
		return -ENODEV;
	}
	ring = memremap(pfn << XEN_PAGE_SHIFT, XEN_PAGE_SIZE, MEMREMAP_WB);
	if (!ring)
		return -ENOMEM;
	xen_store_interface = ring;
	xen_store_evtchn = port;
	ring_irq = bind_evtchn_to_irqhandler(port, notified, 0, "xenbus", &moved);
	if (ring_irq < 0) {
		ret = ring_irq;
		goto unmap;
	}
	task = kthread_run(reader, NULL, "xenbus");
	if (!IS_ERR(task))
		return 0;
	ret = PTR_ERR(task);
	unbind_from_irqhandler(ring_irq, &moved);
unmap:
	memunmap(ring);
	return ret;
}
