// SPDX-License-Identifier: GPL-2.0-only
/*
 * The control ring, and what it is for here: static grants. A backend that keeps our
 * receive buffers and the stage mapped copies by itself, without the hypervisor.
 *
 * Such buffers are never revoked (nf_rx.fixed): what they hold is copied out, as with
 * small packets anyway. One request at a time, from the work item that asks after
 * connecting. A backend that does not answer is left alone, at once when the device is
 * to be disconnected.
 */
#include <linux/jiffies.h>
#include <linux/wait.h>
#include <xen/events.h>

#include "netgrant.h"
#include "netfront.h"
#include "netgref.h"

#define NF_CTRL_WAIT	(3 * HZ)

static bool nf_ctrl_there(const struct nf_ctrl *c)
{
	return READ_ONCE(c->ring.sring->rsp_prod) != READ_ONCE(c->ring.rsp_cons);
}

static irqreturn_t nf_ctrl_interrupt(int irq, void *arg)
{
	struct nf_ctrl *c = arg;
	/* What comes too late is never taken: it must not excuse one event after another. */
	bool good = READ_ONCE(c->waiting) && nf_ctrl_there(c);

	wake_up(&c->answered);
	xen_irq_lateeoi(irq, good ? 0 : XEN_EOI_FLAG_SPURIOUS);
	return IRQ_HANDLED;
}

/* On error there is no ring, and the device works without. */
void nf_ctrl_create(struct nf_dev *nd)
{
	struct nf_ctrl *c = &nd->ctrl;
	struct xen_netif_ctrl_sring *sring = (void *)get_zeroed_page(GFP_KERNEL);
	int ref, irq;

	if (!sring)
		return;
	SHARED_RING_INIT(sring);
	FRONT_RING_INIT(&c->ring, sring, XEN_PAGE_SIZE);
	ref = gnttab_grant_foreign_access(nd->xdev->otherend_id, virt_to_gfn(sring), 0);
	if (ref < 0) {
		free_page((unsigned long)sring);
		c->ring.sring = NULL;
		return;
	}
	c->ref = ref;
	irq = xenbus_alloc_evtchn(nd->xdev, &c->port);
	if (!irq) {
		irq = bind_evtchn_to_irqhandler_lateeoi(c->port, nf_ctrl_interrupt, 0,
							dev_name(&nd->xdev->dev), c);
		if (irq < 0)
			xenbus_free_evtchn(nd->xdev, c->port);
	}
	if (irq < 0)
		nf_ctrl_destroy(nd);
	else
		c->irq = irq;
}

void nf_ctrl_destroy(struct nf_dev *nd)
{
	struct nf_ctrl *c = &nd->ctrl;

	if (c->irq)
		unbind_from_irqhandler(c->irq, c);
	if (c->ring.sring)
		compat_end_foreign_access(c->ref, virt_to_page(c->ring.sring));
	c->irq = 0;
	c->port = 0;
	c->ref = 0;
	memset(&c->ring, 0, sizeof(c->ring));
}

/* Returns the answer's status, or -1: there was none, or none of ours. */
static int nf_ctrl_ask(struct nf_dev *nd, u16 type, u32 index, u32 ref, u32 count, u32 *data)
{
	struct nf_ctrl *c = &nd->ctrl;
	struct xen_netif_ctrl_request *req;
	struct xen_netif_ctrl_response rsp;
	int notify;

	req = RING_GET_REQUEST(&c->ring, c->ring.req_prod_pvt);
	req->id = (u16)c->ring.req_prod_pvt++;
	req->type = type;
	req->data[0] = index;
	req->data[1] = ref;
	req->data[2] = count;
	c->ring.sring->rsp_event = c->ring.rsp_cons + 1;
	WRITE_ONCE(c->waiting, true);
	RING_PUSH_REQUESTS_AND_CHECK_NOTIFY(&c->ring, notify);
	if (notify)
		notify_remote_via_irq(c->irq);
	wait_event_timeout(c->answered, nf_ctrl_there(c) || atomic_read(&nd->leaving),
			   NF_CTRL_WAIT);
	WRITE_ONCE(c->waiting, false);
	if (!nf_ctrl_there(c)) {
		if (!atomic_read(&nd->leaving))
			dev_warn(&nd->xdev->dev, "no answer on the control ring\n");
		return -1;
	}
	if (READ_ONCE(c->ring.sring->rsp_prod) - c->ring.rsp_cons > 1) {
		nf_misuse(nd, "more control responses than requests");
		return -1;
	}
	virt_rmb();	/* the index before the answer: pairs with the backend's push */
	RING_COPY_RESPONSE(&c->ring, c->ring.rsp_cons++, &rsp);
	if (rsp.id != (u16)(c->ring.req_prod_pvt - 1) || rsp.type != type)
		return -1;
	if (data)
		*data = rsp.data;
	return rsp.status;
}

static unsigned int nf_static_list(const struct nf_queue *q, struct xen_netif_gref *list)
{
	unsigned int n = 0, i;

	BUILD_BUG_ON(NF_RX_SLOTS + NF_STAGE_PAGES > NETGREF_LIST);
	for (i = 0; i < NF_RX_SLOTS; i++)
		list[n++].ref = q->rx.ref[i];
	for (i = 0; i < NF_STAGE_PAGES; i++) {
		list[n].flags = XEN_NETIF_CTRLF_GREF_readonly;
		list[n++].ref = q->tx.stage_ref[i];
	}
	return n;
}

/* From now on buffers stay where they are. False: memory is short, some have no page. */
static bool nf_static_fix(struct nf_queue *q)
{
	unsigned int i;

	WRITE_ONCE(q->rx.fixed, true);
	synchronize_net();	/* a poll that did not see it has filled its slots again */
	for (i = 0; i < NF_RX_SLOTS; i++)
		if (!READ_ONCE(q->rx.page[i]))
			return false;
	return true;
}

/* Ask for all of a queue. False: no use to ask for the next one. */
static bool nf_static_queue(struct nf_queue *q)
{
	struct nf_dev *nd = q->dev;
	struct xen_netif_gref *list;
	int ref, status = XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;

	list = (void *)get_zeroed_page(GFP_KERNEL);
	if (!list)
		return false;
	ref = gnttab_grant_foreign_access(nd->xdev->otherend_id, virt_to_gfn(list), 0);
	if (ref < 0) {
		free_page((unsigned long)list);
		return false;
	}
	if (nf_static_fix(q))
		status = nf_ctrl_ask(nd, XEN_NETIF_CTRL_TYPE_ADD_GREF_MAPPING, q->index, ref,
				     nf_static_list(q, list), NULL);
	compat_end_foreign_access(ref, virt_to_page(list));
	/* Without an answer they may be mapped: then they must stay as well. */
	if (status > 0)
		WRITE_ONCE(q->rx.fixed, false);
	else
		WRITE_ONCE(nd->ctrl.mapped, true);
	return !status;
}

void nf_static_work(struct work_struct *work)
{
	struct nf_dev *nd = container_of(work, struct nf_dev, static_work);
	unsigned int i;
	u32 most = 0;

	mutex_lock(&nd->lock);
	/* A request that another backend left behind would be answered together with ours. */
	if (nd->queues && nd->ctrl.irq && !READ_ONCE(nd->ctrl.asked) &&
	    nd->ctrl.ring.req_prod_pvt == nd->ctrl.ring.rsp_cons) {
		WRITE_ONCE(nd->ctrl.asked, true);
		if (nf_ctrl_ask(nd, XEN_NETIF_CTRL_TYPE_GET_GREF_MAPPING_SIZE, 0, 0, 0, &most))
			most = 0;
		if (most >= NF_RX_SLOTS + NF_STAGE_PAGES)
			for (i = 0; i < nd->nqueues && nf_static_queue(&nd->queues[i]); i++)
				;
	}
	mutex_unlock(&nd->lock);
}
