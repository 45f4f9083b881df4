// SPDX-License-Identifier: GPL-2.0-only
/*
 * Negotiation with the backend through xenstore.
 *
 *	we Initialising, backend InitWait	read its features, make queues,
 *						write our keys, become Connected
 *	backend Connected			tell the neighbours where we are
 *	backend Closing, Closed			close, unless we have
 */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>

#include "net.h"
#include "netgrant.h"
#include "netfront.h"
#include "probe-failed.h"

#define NF_WAIT_MS	5000	/* how long a backend may take to change its state */

void nf_misuse(struct nf_dev *nd, const char *what)
{
	if (test_and_set_bit(NF_MISUSED, &nd->flags))
		return;
	nd->misuse_what = what;
	schedule_work(&nd->misuse);
}

static void nf_misuse_work(struct work_struct *work)
{
	struct nf_dev *nd = container_of(work, struct nf_dev, misuse);

	nf_disconnect(nd);
	netends_fatal(&nd->messages, nd->xdev, -EPROTO, "backend broke the protocol: %s",
		      nd->misuse_what);
}

static void nf_read_backend(struct nf_dev *nd)
{
	const char *be = nd->xdev->otherend;

	nd->be_sg = xenbus_read_unsigned(be, "feature-sg", 0);
	nd->be_gso4 = xenbus_read_unsigned(be, "feature-gso-tcpv4", 0);
	nd->be_gso6 = xenbus_read_unsigned(be, "feature-gso-tcpv6", 0);
	nd->be_csum4 = !xenbus_read_unsigned(be, "feature-no-csum-offload", 0);
	nd->be_csum6 = xenbus_read_unsigned(be, "feature-ipv6-csum-offload", 0);
	nd->be_split = xenbus_read_unsigned(be, "feature-split-event-channels", 0);
	nd->be_ctrl = xenbus_read_unsigned(be, "feature-ctrl-ring", 0);
	nd->be_queues = max(xenbus_read_unsigned(be, "multi-queue-max-queues", 1), 1U);
	nd->bounce = !nf_trusted || !xenbus_read_unsigned(nd->xdev->nodename, "trusted", 1);
}

static int nf_write_queue(struct xenbus_transaction xbt, const char *dir,
			  const struct nf_queue *q)
{
	const struct netends_key split[] = {
		{ "tx-ring-ref", q->tx.ring_ref },
		{ "rx-ring-ref", q->rx.ring_ref },
		{ "event-channel-tx", q->tx_port },
		{ "event-channel-rx", q->rx_port },
	};
	const struct netends_key joint[] = {
		{ "tx-ring-ref", q->tx.ring_ref },
		{ "rx-ring-ref", q->rx.ring_ref },
		{ "event-channel", q->tx_port },
	};

	if (q->tx_port != q->rx_port)
		return netends_write_keys(xbt, dir, split, ARRAY_SIZE(split));
	/* Of an earlier connection: a backend looks for these first. */
	xenbus_rm(xbt, dir, "event-channel-tx");
	xenbus_rm(xbt, dir, "event-channel-rx");
	return netends_write_keys(xbt, dir, joint, ARRAY_SIZE(joint));
}

static int nf_write_queues(struct xenbus_transaction xbt, struct nf_dev *nd,
			   const struct nf_queue *queues, unsigned int count)
{
	unsigned int i;
	char *dir;
	int err = 0;

	if (count == 1)
		return nf_write_queue(xbt, nd->xdev->nodename, queues);
	for (i = 0; !err && i < count; i++) {
		dir = kasprintf(GFP_KERNEL, "%s/queue-%u", nd->xdev->nodename, i);
		if (!dir)
			return -ENOMEM;
		err = nf_write_queue(xbt, dir, &queues[i]);
		kfree(dir);
	}
	return err;
}

/* What nf_publish() passes to the writer of a transaction. */
struct nf_publication {
	struct nf_dev *nd;
	const struct nf_queue *queues;
	unsigned int count;
};

static int nf_write_all(struct xenbus_transaction xbt, void *arg)
{
	const struct nf_publication *p = arg;
	struct nf_dev *nd = p->nd;
	const struct netends_key keys[] = {
		{ "request-rx-copy", 1 },
		{ "feature-rx-notify", 1 },
		{ "feature-sg", 1 },
		{ "feature-gso-tcpv4", 1 },
		{ "feature-gso-tcpv6", 1 },
		{ "feature-ipv6-csum-offload", 1 },
		{ "xdp-headroom", 0 },	/* xdp.c says why */
		{ "multi-queue-num-queues", p->count },
	};
	/* The last one only to backends that offer several. */
	unsigned int count = ARRAY_SIZE(keys) - (nd->be_queues > 1 ? 0 : 1);
	const struct netends_key ctrl[] = {
		{ "ctrl-ring-ref", nd->ctrl.ref },
		{ "event-channel-ctrl", nd->ctrl.port },
	};
	int err = netends_write_keys(xbt, nd->xdev->nodename, keys, count);

	if (count < ARRAY_SIZE(keys))
		xenbus_rm(xbt, nd->xdev->nodename, "multi-queue-num-queues");
	if (!nd->ctrl.irq)
		xenbus_rm(xbt, nd->xdev->nodename, "ctrl-ring-ref");	/* of an earlier one */
	else if (!err)
		err = netends_write_keys(xbt, nd->xdev->nodename, ctrl, ARRAY_SIZE(ctrl));
	return err ? err : nf_write_queues(xbt, nd, p->queues, p->count);
}

static int nf_publish(struct nf_dev *nd, const struct nf_queue *queues, unsigned int count)
{
	struct nf_publication p = { .nd = nd, .queues = queues, .count = count };

	return store_transact(nf_write_all, &p);
}

/* Make the queues visible to the data path and to open/stop. RTNL held. */
static void nf_use_queues(struct nf_dev *nd, struct nf_queue *queues, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		if (nd->prog)
			nf_xdp_attach(&queues[i], nd->prog);
		nf_rx_fill(&queues[i]);
		if (netif_running(nd->netdev))
			napi_enable(&queues[i].napi);
	}
	nd->nqueues = count;
	/* Initialised queues before the pointer: pairs with nf_queues(). */
	smp_store_release(&nd->queues, queues);
}

static int nf_create_queues(struct nf_dev *nd, struct nf_queue **queues, unsigned int *count)
{
	struct net_device *dev = nd->netdev;
	int err;

	*count = min3(nd->be_queues, max(nf_max_queues, 1U), dev->num_tx_queues);
	rtnl_lock();
	*queues = nf_queues_create(nd, count);
	err = *queues ? netif_set_real_num_tx_queues(dev, *count) : -ENOMEM;
	if (!err)
		err = netif_set_real_num_rx_queues(dev, *count);
	if (err && *queues)
		nf_queues_destroy(*queues, *count);
	rtnl_unlock();
	return err;
}

static int nf_connect(struct nf_dev *nd)
{
	struct net_device *dev = nd->netdev;
	struct nf_queue *queues;
	unsigned int count, i;
	int err;

	if (!xenbus_read_unsigned(nd->xdev->otherend, "feature-rx-copy", 0)) {
		if (net_ratelimit())
			dev_err(&nd->xdev->dev, "the backend cannot copy received packets\n");
		return -ENODEV;
	}
	nf_read_backend(nd);
	clear_bit(NF_MISUSED, &nd->flags);
	err = nf_create_queues(nd, &queues, &count);
	if (err)
		return err;
	nd->ctrl.asked = false;
	WRITE_ONCE(nd->ctrl.mapped, false);
	if (nd->be_ctrl)
		nf_ctrl_create(nd);
	err = nf_publish(nd, queues, count);
	if (!err && !nd->registered) {
		err = register_netdev(dev);
		nd->registered = !err;
	}
	rtnl_lock();
	if (err) {
		nf_queues_destroy(queues, count);
		nf_ctrl_destroy(nd);
		rtnl_unlock();
		return err;
	}
	nf_use_queues(nd, queues, count);
	netdev_update_features(dev);
	if (!nd->be_sg && dev->mtu > ETH_DATA_LEN)
		dev_set_mtu(dev, ETH_DATA_LEN);
	rtnl_unlock();

	xenbus_switch_state(nd->xdev, XenbusStateConnected);

	rtnl_lock();
	netif_device_attach(dev);
	netif_carrier_on(dev);
	if (netif_running(dev)) {
		netif_tx_wake_all_queues(dev);
		for (i = 0; i < count; i++)
			nf_queue_wake(&queues[i]);
	}
	rtnl_unlock();
	return 0;
}

void nf_disconnect(struct nf_dev *nd)
{
	struct nf_queue *queues;
	unsigned int i;

	/* Who holds the lock may be waiting for an answer, for seconds. */
	atomic_inc(&nd->leaving);
	wake_up(&nd->ctrl.answered);
	mutex_lock(&nd->lock);
	atomic_dec(&nd->leaving);
	rtnl_lock();
	queues = nd->queues;
	if (queues) {
		netif_carrier_off(nd->netdev);
		netif_tx_disable(nd->netdev);
		if (netif_running(nd->netdev))
			for (i = 0; i < nd->nqueues; i++)
				napi_disable(&queues[i].napi);
		WRITE_ONCE(nd->queues, NULL);
		synchronize_net();	/* senders that saw the pointer are gone */
		for (i = 0; i < nd->nqueues; i++)
			nf_xdp_attach(&queues[i], NULL);
		nf_queues_destroy(queues, nd->nqueues);
	}
	nf_ctrl_destroy(nd);
	rtnl_unlock();
	mutex_unlock(&nd->lock);
}

/*
 * Wait until the backend is in one of the states (a mask), or is no more. By
 * looking: a removal runs in the xenstore thread, too, which would deliver the event.
 */
static bool nf_wait_backend(struct xenbus_device *xdev, unsigned int states, unsigned int ms)
{
	unsigned int waited;

	for (waited = 0; waited < ms; waited += 10) {
		/* Any number may stand there. */
		unsigned int state = compat_otherend_state(xdev);

		if (state < 32 && states & BIT(state))
			return true;
		msleep(10);
	}
	return false;
}

/*
 * The backend is to close, by its own will or by a toolstack's: it lets go of buffers that
 * it keeps mapped when it sees that we are closed. A work item: the xenstore thread would
 * hold up all devices while it waits.
 */
static void nf_closing_work(struct work_struct *work)
{
	struct nf_dev *nd = container_of(work, struct nf_dev, closing);
	const unsigned int done = BIT(XenbusStateClosed) | BIT(XenbusStateUnknown) |
				  BIT(XenbusStateInitWait) | BIT(XenbusStateInitialising);

	if (nd->xdev->state == XenbusStateClosed)
		return;
	if (READ_ONCE(nd->ctrl.mapped)) {
		netif_carrier_off(nd->netdev);
		xenbus_switch_state(nd->xdev, XenbusStateClosed);
		nf_wait_backend(nd->xdev, done, NF_WAIT_MS);
	}
	nf_disconnect(nd);
	xenbus_frontend_closed(nd->xdev);
}

static int nf_read_mac(struct xenbus_device *xdev, struct net_device *dev)
{
	char *text = xenbus_read(XBT_NIL, xdev->nodename, "mac", NULL);
	u8 mac[ETH_ALEN];
	int err = 0;

	if (IS_ERR(text))
		return PTR_ERR(text);
	if (mac_pton(text, mac) && is_valid_ether_addr(mac))
		compat_set_mac(dev, mac);
	else
		err = -EINVAL;
	kfree(text);
	return err;
}

static int nf_probe(struct xenbus_device *xdev, const struct xenbus_device_id *id)
{
	struct net_device *dev = nf_netdev_create(xdev);
	struct nf_dev *nd;
	unsigned int mtu;
	int err;

	if (!dev)
		return probe_failed(xdev, -ENOMEM);
	nd = netdev_priv(dev);
	netends_messages_init(&nd->messages);
	INIT_WORK(&nd->closing, nf_closing_work);
	INIT_WORK(&nd->misuse, nf_misuse_work);
	INIT_WORK(&nd->static_work, nf_static_work);
	init_waitqueue_head(&nd->ctrl.answered);
	err = nf_read_mac(xdev, dev);
	if (err) {
		xenbus_dev_fatal(xdev, err, "reading %s/mac", xdev->nodename);
		nf_netdev_free(dev);
		return probe_failed(xdev, err);
	}
	mtu = xenbus_read_unsigned(xdev->nodename, "mtu", 0);
	if (mtu >= dev->min_mtu && mtu <= dev->max_mtu)
		dev->mtu = mtu;
	dev_set_drvdata(&xdev->dev, nd);
	/* After a removal our state is Closed: the backend starts anew. */
	xenbus_switch_state(xdev, XenbusStateInitialising);
	return 0;
}

static void nf_initwait(struct nf_dev *nd)
{
	int err;

	if (nd->xdev->state != XenbusStateInitialising)
		return;
	mutex_lock(&nd->lock);
	err = nd->queues ? 0 : nf_connect(nd);
	mutex_unlock(&nd->lock);
	if (err)
		netends_fatal(&nd->messages, nd->xdev, err, "connecting to the backend");
}

static void nf_backend_changed(struct xenbus_device *xdev, enum xenbus_state state)
{
	struct nf_dev *nd = dev_get_drvdata(&xdev->dev);

	switch (state) {
	case XenbusStateInitWait:
		/* Its module was loaded again: nothing is mapped any more. */
		if (xdev->state == XenbusStateConnected)
			WRITE_ONCE(nd->ctrl.asked, false);
		nf_initwait(nd);
		break;
	case XenbusStateConnected:
		/* It may say so before there was a way to connect. */
		schedule_work(&nd->static_work);
		if (nd->registered)
			netdev_notify_peers(nd->netdev);
		break;
	case XenbusStateClosed:
		/* Initialising: it has not seen yet that we begin anew. */
		if (xdev->state == XenbusStateClosed || xdev->state == XenbusStateInitialising)
			break;
		fallthrough;
	case XenbusStateClosing:
		schedule_work(&nd->closing);
		break;
	default:
		break;
	}
}

/* The backend lets go of our pages before we do. */
static void nf_close(struct xenbus_device *xdev)
{
	const unsigned int gone = BIT(XenbusStateClosed) | BIT(XenbusStateUnknown);

	enum xenbus_state state = compat_otherend_state(xdev);

	if (state == XenbusStateClosed || state == XenbusStateUnknown)
		return;
	xenbus_switch_state(xdev, XenbusStateClosing);
	nf_wait_backend(xdev, BIT(XenbusStateClosing) | gone, NF_WAIT_MS);
	xenbus_switch_state(xdev, XenbusStateClosed);
	nf_wait_backend(xdev, BIT(XenbusStateInitWait) | gone, NF_WAIT_MS);
}

static compat_remove_t nf_remove(struct xenbus_device *xdev)
{
	struct nf_dev *nd = dev_get_drvdata(&xdev->dev);

	cancel_work_sync(&nd->closing);
	nf_close(xdev);
	nf_disconnect(nd);
	cancel_work_sync(&nd->closing);
	cancel_work_sync(&nd->misuse);
	cancel_work_sync(&nd->static_work);
	if (nd->registered)
		unregister_netdev(nd->netdev);
	nf_netdev_free(nd->netdev);
	return COMPAT_REMOVED;
}

/*
 * Before resume() is called xenbus frees the old backend's path, which the work reads while
 * it waits. The thread that suspends is the one that would start it once more.
 */
static int nf_suspend(struct xenbus_device *xdev)
{
	struct nf_dev *nd = dev_get_drvdata(&xdev->dev);

	flush_work(&nd->closing);
	return 0;
}

/* The old backend is gone with the old host; xenbus shows us a new one next. */
static int nf_resume(struct xenbus_device *xdev)
{
	struct nf_dev *nd = dev_get_drvdata(&xdev->dev);

	cancel_work_sync(&nd->closing);
	netif_device_detach(nd->netdev);
	nf_disconnect(nd);
	return 0;
}

static const struct xenbus_device_id nf_ids[] = {
	{ "vif" },
	{ "" }
};

struct xenbus_driver nf_driver = {
	.ids			= nf_ids,
	.probe			= nf_probe,
	.remove			= nf_remove,
	.suspend		= nf_suspend,
	.resume			= nf_resume,
	.otherend_changed	= nf_backend_changed,
};
