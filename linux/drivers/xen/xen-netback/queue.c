// SPDX-License-Identifier: GPL-2.0-only
/*
 * A queue: two rings of the frontend's, mapped; one or two event channels; a NAPI
 * for packets from the guest.
 *
 * Event channels stay masked until their event was dealt with (late EOI); events
 * without reason are counted, and the event core slows their sender down.
 */
#include <asm/xen/hypercall.h>
#include <xen/events.h>

#include "net.h"
#include "netgrant.h"
#include "netback.h"

/* Was there a reason for the event? A poll may have done its work already. */
static bool nb_tx_reason(struct nb_queue *q)
{
	bool worked = READ_ONCE(q->tx_worked);

	WRITE_ONCE(q->tx_worked, false);
	return worked ||
	       READ_ONCE(q->tx.ring.sring->req_prod) != READ_ONCE(q->tx.ring.req_cons);
}

static irqreturn_t nb_tx_interrupt(int irq, void *arg)
{
	struct nb_queue *q = arg;

	if (!nb_tx_reason(q)) {
		xen_irq_lateeoi(irq, XEN_EOI_FLAG_SPURIOUS);
		return IRQ_HANDLED;
	}
	set_bit(NB_EOI_TX, &q->eoi);
	napi_schedule(&q->napi);
	return IRQ_HANDLED;
}

static irqreturn_t nb_rx_interrupt(int irq, void *arg)
{
	struct nb_queue *q = arg;
	bool useful = nb_rx_event(q);

	xen_irq_lateeoi(irq, useful ? 0 : XEN_EOI_FLAG_SPURIOUS);
	return IRQ_HANDLED;
}

/* One channel for both directions. */
static irqreturn_t nb_interrupt(int irq, void *arg)
{
	struct nb_queue *q = arg;
	bool useful = nb_rx_event(q);

	if (nb_tx_reason(q)) {
		set_bit(NB_EOI_TX, &q->eoi);
		napi_schedule(&q->napi);
		return IRQ_HANDLED;
	}
	xen_irq_lateeoi(irq, useful ? 0 : XEN_EOI_FLAG_SPURIOUS);
	return IRQ_HANDLED;
}

/*
 * Ask for an event with the next request. True: there is one already. The NAPI was given
 * back, and may run on another CPU (the credit's timer starts it, too): what is asked for
 * must not stay behind what that one has taken, or no event ever comes.
 */
static bool nb_tx_ask(struct nb_queue *q)
{
	struct xen_netif_tx_back_ring *ring = &q->tx.ring;
	RING_IDX cons = READ_ONCE(ring->req_cons), asked;

	if (READ_ONCE(ring->sring->req_prod) != cons)
		return true;
	do {
		asked = cons;
		WRITE_ONCE(ring->sring->req_event, asked + 1);
		virt_mb();	/* ask, then look once more: pairs with the frontend's push */
		cons = READ_ONCE(ring->req_cons);
	} while (cons != asked);
	return READ_ONCE(ring->sring->req_prod) != cons;
}

static int nb_poll(struct napi_struct *napi, int budget)
{
	struct nb_queue *q = container_of(napi, struct nb_queue, napi);
	bool finished;
	int done;

	/* netpoll: nothing here makes room for it, and it may have interrupted a sender. */
	if (unlikely(!budget))
		return 0;
	if (unlikely(test_bit(NB_MISUSED, &q->vif->flags))) {
		/* The channel stays masked: the end is near. */
		napi_complete(napi);
		return 0;
	}
	WRITE_ONCE(q->polling, true);
	done = nb_tx_poll(q, budget);
	if (done >= budget) {
		nb_rx_poll_end(q);
		return budget;
	}
	/* This delivers what GRO held, which may make the host send. */
	finished = napi_complete_done(napi, done);
	nb_rx_poll_end(q);
	if (!finished)
		return done;
	if (READ_ONCE(q->credit.waiting))
		return done;	/* the timer goes on; no events until then */
	if (nb_tx_ask(q))
		napi_schedule(napi);
	else if (test_and_clear_bit(NB_EOI_TX, &q->eoi))
		xen_irq_lateeoi(q->tx_irq, 0);
	return done;
}

/*
 * Copies, from any context. The kernel's own gnttab_batch_copy() sleeps when a page of
 * the guest's is paged out; here that packet is lost, and the page on its way back.
 */
void nb_grant_copy(struct gnttab_copy *op, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		op[i].status = GNTST_general_error;
	if (HYPERVISOR_grant_table_op(GNTTABOP_copy, op, count))
		pr_warn_ratelimited("xen-netback: %u copies were refused\n", count);
}

void nb_queue_wake(struct nb_queue *q)
{
	local_bh_disable();
	napi_schedule(&q->napi);
	local_bh_enable();
}

static int nb_bind(struct nb_queue *q, const struct nb_queue_keys *keys)
{
	struct xenbus_device *xdev = q->vif->xdev;
	const char *dev = q->vif->netdev->name;
	int irq;

	if (keys->tx_port == keys->rx_port) {
		snprintf(q->tx_name, sizeof(q->tx_name), "%s-q%u", dev, q->index);
		irq = compat_bind_interdomain(xdev, keys->tx_port, nb_interrupt, q->tx_name, q);
		if (irq < 0)
			return irq;
		q->tx_irq = irq;
		q->rx_irq = irq;
		return 0;
	}
	snprintf(q->tx_name, sizeof(q->tx_name), "%s-q%u-tx", dev, q->index);
	snprintf(q->rx_name, sizeof(q->rx_name), "%s-q%u-rx", dev, q->index);
	irq = compat_bind_interdomain(xdev, keys->tx_port, nb_tx_interrupt, q->tx_name, q);
	if (irq < 0)
		return irq;
	q->tx_irq = irq;
	irq = compat_bind_interdomain(xdev, keys->rx_port, nb_rx_interrupt, q->rx_name, q);
	if (irq < 0)
		return irq;
	q->rx_irq = irq;
	return 0;
}

/*
 * The rings go on where an earlier backend left them: indices come from the
 * shared page, and what they say must be possible.
 */
static int nb_map(struct nb_queue *q, const struct nb_queue_keys *keys)
{
	struct xenbus_device *xdev = q->vif->xdev;
	grant_ref_t tx_ref = keys->tx_ref, rx_ref = keys->rx_ref;
	RING_IDX rsp, req;
	void *page;
	int err;

	err = xenbus_map_ring_valloc(xdev, &tx_ref, 1, &page);
	if (err)
		return err;
	rsp = READ_ONCE(((struct xen_netif_tx_sring *)page)->rsp_prod);
	req = READ_ONCE(((struct xen_netif_tx_sring *)page)->req_prod);
	BACK_RING_ATTACH(&q->tx.ring, (struct xen_netif_tx_sring *)page, rsp, XEN_PAGE_SIZE);
	if (req - rsp > RING_SIZE(&q->tx.ring))
		return -EIO;

	err = xenbus_map_ring_valloc(xdev, &rx_ref, 1, &page);
	if (err)
		return err;
	rsp = READ_ONCE(((struct xen_netif_rx_sring *)page)->rsp_prod);
	req = READ_ONCE(((struct xen_netif_rx_sring *)page)->req_prod);
	BACK_RING_ATTACH(&q->rx.ring, (struct xen_netif_rx_sring *)page, rsp, XEN_PAGE_SIZE);
	if (req - rsp > RING_SIZE(&q->rx.ring))
		return -EIO;
	return 0;
}

/* On error nb_queue_destroy() releases what there is. */
int nb_queue_init(struct nb_queue *q, struct nb_vif *vif, unsigned int index,
		  const struct nb_queue_keys *keys)
{
	int err;

	q->vif = vif;
	q->index = index;
	__skb_queue_head_init(&q->rx.held);
	nb_credit_init(q);
	compat_napi_add(vif->netdev, &q->napi, nb_poll);
	err = nb_map(q, keys);
	if (!err)
		err = nb_bind(q, keys);
	return err;
}

void nb_queue_destroy(struct nb_queue *q)
{
	struct xenbus_device *xdev;

	if (!q->vif)
		return;
	xdev = q->vif->xdev;
	if (q->tx_irq && q->tx_irq != q->rx_irq)
		unbind_from_irqhandler(q->tx_irq, q);
	if (q->rx_irq)
		unbind_from_irqhandler(q->rx_irq, q);
	nb_credit_stop(q);
	netif_napi_del(&q->napi);
	nb_rx_reset(q);
	nb_gref_free(q);
	netblock_free(&q->tx.block);
	if (q->tx.ring.sring)
		xenbus_unmap_ring_vfree(xdev, q->tx.ring.sring);
	if (q->rx.ring.sring)
		xenbus_unmap_ring_vfree(xdev, q->rx.ring.sring);
}
