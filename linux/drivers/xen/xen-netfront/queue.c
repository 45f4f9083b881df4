// SPDX-License-Identifier: GPL-2.0-only
/*
 * A queue: two rings, one or two event channels, one NAPI.
 *
 * Both interrupts only start the NAPI, which serves both rings. Their channels
 * stay masked until the poll has found nothing more to do (late EOI): a backend
 * cannot make us take interrupts faster than we work, and one that sends events
 * without work is slowed down by the event core.
 */
#include <xen/events.h>

#include "net.h"
#include "netgrant.h"
#include "netfront.h"

/*
 * Was there a reason for the event? Its work may have been done before it came: by
 * the sender, or by a poll that the other channel started.
 */
static bool nf_tx_reason(struct nf_queue *q)
{
	bool worked = READ_ONCE(q->tx_worked);

	WRITE_ONCE(q->tx_worked, false);
	return worked ||
	       READ_ONCE(q->tx.ring.sring->rsp_prod) != READ_ONCE(q->tx.ring.rsp_cons);
}

static bool nf_rx_reason(struct nf_queue *q)
{
	bool worked = READ_ONCE(q->rx_worked);

	WRITE_ONCE(q->rx_worked, false);
	return worked ||
	       READ_ONCE(q->rx.ring.sring->rsp_prod) != READ_ONCE(q->rx.ring.rsp_cons);
}

static bool nf_has_work(struct nf_queue *q, int bit)
{
	bool both = q->tx_irq == q->rx_irq, tx, rx;

	tx = (both || bit == NF_EOI_TX) && nf_tx_reason(q);
	rx = (both || bit == NF_EOI_RX) && nf_rx_reason(q);
	return tx || rx;
}

static irqreturn_t nf_interrupt(struct nf_queue *q, int irq, int bit)
{
	q->interrupts++;
	if (!nf_has_work(q, bit)) {
		xen_irq_lateeoi(irq, XEN_EOI_FLAG_SPURIOUS);
		return IRQ_HANDLED;
	}
	set_bit(bit, &q->eoi);
	napi_schedule(&q->napi);
	return IRQ_HANDLED;
}

static irqreturn_t nf_tx_interrupt(int irq, void *arg)
{
	return nf_interrupt(arg, irq, NF_EOI_TX);
}

static irqreturn_t nf_rx_interrupt(int irq, void *arg)
{
	return nf_interrupt(arg, irq, NF_EOI_RX);
}

static void nf_eoi(struct nf_queue *q)
{
	if (test_and_clear_bit(NF_EOI_RX, &q->eoi))
		xen_irq_lateeoi(q->rx_irq, 0);
	if (test_and_clear_bit(NF_EOI_TX, &q->eoi))
		xen_irq_lateeoi(q->tx_irq, 0);
}

/*
 * Ask for an event with the next answer. True: there is one already. The NAPI was given
 * back, and may run on another CPU (the transmit channel's event starts it, too): what is
 * asked for must not stay behind what that one has taken, or no event ever comes.
 */
static bool nf_rx_ask(struct nf_queue *q)
{
	struct xen_netif_rx_front_ring *ring = &q->rx.ring;
	RING_IDX cons = READ_ONCE(ring->rsp_cons), asked;

	if (READ_ONCE(ring->sring->rsp_prod) != cons)
		return true;
	do {
		asked = cons;
		WRITE_ONCE(ring->sring->rsp_event, asked + 1);
		virt_mb();	/* ask, then look once more: pairs with the backend's push */
		cons = READ_ONCE(ring->rsp_cons);
	} while (cons != asked);
	return READ_ONCE(ring->sring->rsp_prod) != cons;
}

static int nf_poll(struct napi_struct *napi, int budget)
{
	struct nf_queue *q = container_of(napi, struct nf_queue, napi);
	bool finished;
	int done;

	if (unlikely(!budget)) {
		/* netpoll: room for its message is all it wants. */
		nf_tx_poll(q);
		return 0;
	}
	if (test_bit(NF_MISUSED, &q->dev->flags)) {
		/* The channels stay masked: the end is near. */
		napi_complete_done(napi, 0);
		return 0;
	}
	WRITE_ONCE(q->polling, true);
	nf_tx_poll(q);
	done = nf_rx_poll(q, budget);
	if (done >= budget) {
		nf_tx_poll_end(q);
		return budget;
	}
	/* This delivers what GRO held: acknowledgements are sent. */
	finished = napi_complete_done(napi, done);
	nf_tx_poll_end(q);
	if (finished) {
		if (nf_rx_ask(q))
			napi_schedule(napi);
		else
			nf_eoi(q);
	}
	return done;
}

/* Start the NAPI: at open, after connecting, when memory may be back. */
void nf_queue_wake(struct nf_queue *q)
{
	local_bh_disable();
	napi_schedule(&q->napi);
	local_bh_enable();
}

static int nf_bind(struct nf_queue *q, evtchn_port_t *port, int *irq, irq_handler_t handler,
		   const char *name)
{
	int err = xenbus_alloc_evtchn(q->dev->xdev, port);

	if (err)
		return err;
	err = bind_evtchn_to_irqhandler_lateeoi(*port, handler, 0, name, q);
	if (err < 0) {
		xenbus_free_evtchn(q->dev->xdev, *port);
		*port = 0;
		return err;
	}
	*irq = err;
	return 0;
}

/* Either ring may have work when there is one channel for both. */
static int nf_bind_channels(struct nf_queue *q)
{
	const char *dev = dev_name(&q->dev->xdev->dev);
	int err;

	if (!q->dev->be_split) {
		snprintf(q->rx_name, sizeof(q->rx_name), "%s-q%u", dev, q->index);
		err = nf_bind(q, &q->rx_port, &q->rx_irq, nf_rx_interrupt, q->rx_name);
		q->tx_irq = q->rx_irq;
		q->tx_port = q->rx_port;
		return err;
	}
	snprintf(q->tx_name, sizeof(q->tx_name), "%s-q%u-tx", dev, q->index);
	snprintf(q->rx_name, sizeof(q->rx_name), "%s-q%u-rx", dev, q->index);
	err = nf_bind(q, &q->tx_port, &q->tx_irq, nf_tx_interrupt, q->tx_name);
	if (err)
		return err;
	return nf_bind(q, &q->rx_port, &q->rx_irq, nf_rx_interrupt, q->rx_name);
}

static void nf_unbind_channels(struct nf_queue *q)
{
	if (q->tx_irq && q->tx_irq != q->rx_irq)
		unbind_from_irqhandler(q->tx_irq, q);
	if (q->rx_irq)
		unbind_from_irqhandler(q->rx_irq, q);
	q->tx_irq = 0;
	q->rx_irq = 0;
}

/* Accepts a queue that nf_queue_init() left half-way. */
static void nf_queue_destroy(struct nf_queue *q)
{
	nf_unbind_channels(q);
	netif_napi_del(&q->napi);
	nf_tx_free(q);
	nf_rx_free(q);
}

static int nf_queue_init(struct nf_queue *q, struct nf_dev *nd, unsigned int index)
{
	int err;

	q->dev = nd;
	q->index = index;
	spin_lock_init(&q->tx.lock);
	compat_napi_add(nd->netdev, &q->napi, nf_poll);
	err = nf_tx_init(q);
	if (!err)
		err = nf_rx_init(q);
	if (!err)
		err = nf_bind_channels(q);
	return err;
}

/*
 * Up to *count queues, fewer (and a message) when the grant table is full. On
 * return *count is their number. NULL: not even one.
 */
struct nf_queue *nf_queues_create(struct nf_dev *nd, unsigned int *count)
{
	struct nf_queue *queues = kvcalloc(*count, sizeof(*queues), GFP_KERNEL);
	unsigned int i;
	int err = 0;

	if (!queues)
		return NULL;
	for (i = 0; i < *count; i++) {
		err = nf_queue_init(&queues[i], nd, i);
		if (err)
			break;
	}
	if (err) {
		dev_warn(&nd->xdev->dev, "only %u of %u queues: error %d\n", i, *count, err);
		nf_queue_destroy(&queues[i]);
	}
	if (!i) {
		kvfree(queues);
		return NULL;
	}
	*count = i;
	return queues;
}

/* The NAPIs are disabled and nobody else looks at the queues any more. */
void nf_queues_destroy(struct nf_queue *queues, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		nf_queue_destroy(&queues[i]);
	kvfree(queues);
}
