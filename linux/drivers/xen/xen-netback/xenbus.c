// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device in xenstore: what we offer, the states, what the toolstack tells us
 * while it lives.
 *
 *	probe				offer features, make vifD.I, InitWait
 *	frontend Connected		connect; when the hot-plug script is done
 *					(hotplug-status), Connected
 *	frontend Reconfiguring		read xdp-headroom again, Reconfigured
 *	frontend Closing, Closed	disconnect, follow; gone for good unless online
 */
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "netgrant.h"
#include "netback.h"
#include "probe-failed.h"

void nb_misuse(struct nb_vif *vif, const char *what)
{
	if (test_and_set_bit(NB_MISUSED, &vif->flags))
		return;
	vif->misuse_what = what;
	schedule_work(&vif->misuse);
}

static void nb_misuse_work(struct work_struct *work)
{
	struct nb_vif *vif = container_of(work, struct nb_vif, misuse);
	struct nb_backend *be = dev_get_drvdata(&vif->xdev->dev);

	mutex_lock(&be->lock);
	nb_disconnect(vif);
	mutex_unlock(&be->lock);
	nb_fatal(vif, -EPROTO, "frontend broke the protocol: %s", vif->misuse_what);
}

static int nb_write_offers(struct xenbus_transaction xbt, void *dir)
{
	const struct netends_key offers[] = {
		{ "feature-sg", 1 },
		{ "feature-gso-tcpv4", 1 },
		{ "feature-gso-tcpv6", 1 },
		{ "feature-ipv6-csum-offload", 1 },
		{ "feature-rx-copy", 1 },
		{ "feature-rx-flip", 0 },
		{ "feature-multicast-control", 1 },
		{ "feature-dynamic-multicast-control", 1 },
		{ "feature-xdp-headroom", nb_xdp_headroom },
		{ "feature-split-event-channels", nb_split_irq },
		{ "multi-queue-max-queues", max(nb_max_queues, 1U) },
		{ "feature-ctrl-ring", 1 },
	};

	return netends_write_keys(xbt, dir, offers, ARRAY_SIZE(offers));
}

/* "rate": bytes, comma, microseconds; absent or malformed is no limit. */
static void nb_read_rate(struct nb_vif *vif)
{
	unsigned long bytes, usec;
	char *text = xenbus_read(XBT_NIL, vif->xdev->nodename, "rate", NULL);
	char junk;

	if (IS_ERR(text)) {
		nb_credit_set(vif, 0, 0);
		return;
	}
	if (sscanf(text, "%lu,%lu%c", &bytes, &usec, &junk) == 2 && bytes && usec <= UINT_MAX) {
		nb_credit_set(vif, bytes, usec);
	} else {
		dev_warn(&vif->xdev->dev, "rate '%s' is not BYTES,MICROSECONDS: no limit\n", text);
		nb_credit_set(vif, 0, 0);
	}
	kfree(text);
}

static void nb_rate_changed(struct xenbus_watch *watch, const char *path, const char *token)
{
	nb_read_rate(container_of(watch, struct nb_backend, rate)->vif);
}

static void nb_multicast_changed(struct xenbus_watch *watch, const char *path,
				 const char *token)
{
	struct nb_vif *vif = container_of(watch, struct nb_backend, multicast)->vif;

	WRITE_ONCE(vif->multicast_control,
		   xenbus_read_unsigned(vif->xdev->otherend, "request-multicast-control", 0));
}

static void nb_unwatch_one(struct xenbus_watch *watch)
{
	if (!watch->node)
		return;
	unregister_xenbus_watch(watch);
	kfree(watch->node);
	watch->node = NULL;
}

static void nb_watch(struct nb_backend *be)
{
	struct xenbus_device *xdev = be->xdev;

	if (be->watched)
		return;
	be->watched = true;
	if (xenbus_watch_pathfmt(xdev, &be->rate, NULL, nb_rate_changed, "%s/rate",
				 xdev->nodename))
		be->rate.node = NULL;
	if (xenbus_watch_pathfmt(xdev, &be->multicast, NULL, nb_multicast_changed,
				 "%s/request-multicast-control", xdev->otherend))
		be->multicast.node = NULL;
}

static void nb_unwatch(struct nb_backend *be)
{
	if (!be->watched)
		return;
	be->watched = false;
	nb_unwatch_one(&be->rate);
	nb_unwatch_one(&be->multicast);
}

/* The host's end is on its bridge: now the guest may send. */
static void nb_hotplug_changed(struct xenbus_watch *watch, const char *path, const char *token)
{
	struct nb_backend *be = container_of(watch, struct nb_backend, hotplug);
	char *status = xenbus_read(XBT_NIL, be->xdev->nodename, "hotplug-status", NULL);

	if (IS_ERR(status))
		return;
	if (!strcmp(status, "connected") && be->vif->queues &&
	    be->xdev->state == XenbusStateInitWait)
		xenbus_switch_state(be->xdev, XenbusStateConnected);
	kfree(status);
}

static bool nb_needs_hotplug(const struct nb_backend *be)
{
	return be->script && *be->script;
}

static void nb_frontend_connected(struct nb_backend *be)
{
	struct xenbus_device *xdev = be->xdev;
	int err;

	if (xdev->state == XenbusStateReconfigured) {
		/*
		 * Linux' frontend takes a Reconfigured that it still sees from the last change
		 * for the answer to its next one, which is over before we look.
		 */
		nb_read_xdp_headroom(be->vif);
		xenbus_switch_state(xdev, XenbusStateConnected);
		return;
	}
	if (xdev->state != XenbusStateInitWait || be->vif->queues)
		return;
	nb_read_rate(be->vif);
	err = nb_connect(be->vif);
	if (err)
		return;	/* nb_connect() told */
	nb_watch(be);
	if (!nb_needs_hotplug(be)) {
		xenbus_switch_state(xdev, XenbusStateConnected);
	} else if (!be->hotplug_watched) {
		/* A new watch fires at once. */
		err = xenbus_watch_pathfmt(xdev, &be->hotplug, NULL, nb_hotplug_changed,
					   "%s/hotplug-status", xdev->nodename);
		be->hotplug_watched = !err;
	} else {
		nb_hotplug_changed(&be->hotplug, NULL, NULL);
	}
}

static void nb_close(struct nb_backend *be, enum xenbus_state state)
{
	nb_unwatch(be);
	mutex_lock(&be->lock);
	nb_disconnect(be->vif);
	mutex_unlock(&be->lock);
	xenbus_switch_state(be->xdev, state);
}

static void nb_frontend_changed(struct xenbus_device *xdev, enum xenbus_state state)
{
	struct nb_backend *be = dev_get_drvdata(&xdev->dev);

	be->frontend = state;
	switch (state) {
	case XenbusStateInitialising:
		if (xdev->state == XenbusStateClosed)
			xenbus_switch_state(xdev, XenbusStateInitWait);
		break;
	case XenbusStateConnected:
		mutex_lock(&be->lock);
		nb_frontend_connected(be);
		mutex_unlock(&be->lock);
		break;
	case XenbusStateReconfiguring:
		nb_read_xdp_headroom(be->vif);
		xenbus_switch_state(xdev, XenbusStateReconfigured);
		break;
	case XenbusStateClosing:
		nb_close(be, XenbusStateClosing);
		break;
	case XenbusStateClosed:
		nb_close(be, XenbusStateClosed);
		if (xenbus_dev_is_online(xdev))
			break;
		fallthrough;
	case XenbusStateUnknown:
		nb_close(be, XenbusStateClosed);
		device_unregister(&xdev->dev);
		break;
	default:
		break;
	}
}

static int nb_make_vif(struct nb_backend *be)
{
	struct xenbus_device *xdev = be->xdev;
	unsigned int handle;

	if (xenbus_scanf(XBT_NIL, xdev->nodename, "handle", "%u", &handle) != 1)
		return -EINVAL;
	be->vif = nb_vif_create(xdev, handle);
	if (IS_ERR(be->vif)) {
		int err = PTR_ERR(be->vif);

		be->vif = NULL;
		return err;
	}
	netends_messages_init(&be->vif->messages);
	INIT_WORK(&be->vif->misuse, nb_misuse_work);
	return 0;
}

static void nb_free(struct nb_backend *be)
{
	if (be->vif)
		nb_vif_destroy(be->vif);
	kfree(be->script);
	dev_set_drvdata(&be->xdev->dev, NULL);
	kfree(be);
}

static int nb_probe(struct xenbus_device *xdev, const struct xenbus_device_id *id)
{
	struct nb_backend *be = kzalloc(sizeof(*be), GFP_KERNEL);
	char *script;
	int err;

	if (!be)
		return probe_failed(xdev, -ENOMEM);
	be->xdev = xdev;
	mutex_init(&be->lock);
	dev_set_drvdata(&xdev->dev, be);
	script = xenbus_read(XBT_NIL, xdev->nodename, "script", NULL);
	be->script = IS_ERR(script) ? NULL : script;
	err = store_transact(nb_write_offers, (void *)xdev->nodename);
	if (!err)
		err = nb_make_vif(be);
	if (!err)
		err = xenbus_switch_state(xdev, XenbusStateInitWait);
	if (err) {
		xenbus_dev_fatal(xdev, err, "making the interface");
		nb_free(be);
		return probe_failed(xdev, err);
	}
	/* udev runs the hot-plug script where the toolstack does not. */
	kobject_uevent(&xdev->dev.kobj, KOBJ_ONLINE);
	return 0;
}

static compat_remove_t nb_remove(struct xenbus_device *xdev)
{
	struct nb_backend *be = dev_get_drvdata(&xdev->dev);

	nb_unwatch(be);
	if (be->hotplug_watched)
		nb_unwatch_one(&be->hotplug);
	/* Another backend's interface must be put on its bridge anew. */
	xenbus_rm(XBT_NIL, xdev->nodename, "hotplug-status");
	kobject_uevent(&xdev->dev.kobj, KOBJ_OFFLINE);
	/* The work that a misuse started may be at it, too. */
	mutex_lock(&be->lock);
	nb_disconnect(be->vif);
	mutex_unlock(&be->lock);
	cancel_work_sync(&be->vif->misuse);
	nb_free(be);
	return COMPAT_REMOVED;
}

static int nb_uevent(compat_uevent_dev *xdev, struct kobj_uevent_env *env)
{
	struct nb_backend *be = dev_get_drvdata(&xdev->dev);

	if (!be)
		return 0;
	if (be->script && add_uevent_var(env, "script=%s", be->script))
		return -ENOMEM;
	if (!be->vif)
		return 0;
	return add_uevent_var(env, "vif=%s", be->vif->netdev->name);
}

static const struct xenbus_device_id nb_ids[] = {
	{ "vif" },
	{ "" }
};

struct xenbus_driver nb_driver = {
	.ids			= nb_ids,
	.probe			= nb_probe,
	.remove			= nb_remove,
	.uevent			= nb_uevent,
	.otherend_changed	= nb_frontend_changed,
	.allow_rebind		= true,
};
