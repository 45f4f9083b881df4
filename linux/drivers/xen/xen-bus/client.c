// SPDX-License-Identifier: GPL-2.0-only
/* What drivers of either end need: states, errors, watches on paths, event channels. */

#include <linux/export.h>
#include <linux/slab.h>
#include <xen/events.h>
#include <asm/xen/hypercall.h>
#include "busfuncs.h"
#include "bus.h"

const char *xenbus_strstate(enum xenbus_state state)
{
	static const char *const name[] = {
		[XenbusStateUnknown]	   = "Unknown",
		[XenbusStateInitialising]  = "Initialising",
		[XenbusStateInitWait]	   = "InitWait",
		[XenbusStateInitialised]   = "Initialised",
		[XenbusStateConnected]	   = "Connected",
		[XenbusStateClosing]	   = "Closing",
		[XenbusStateClosed]	   = "Closed",
		[XenbusStateReconfiguring] = "Reconfiguring",
		[XenbusStateReconfigured]  = "Reconfigured",
	};

	return state < ARRAY_SIZE(name) && name[state] ? name[state] : "INVALID";
}
EXPORT_SYMBOL_GPL(xenbus_strstate);

static enum xenbus_state read_state(const char *path)
{
	int state;

	if (xenbus_scanf(XBT_NIL, path, "state", "%d", &state) != 1 || state < 0)
		return XenbusStateUnknown;
	return state;
}

COMPAT_READ_DRIVER_STATE(read_state)
EXPORT_SYMBOL_GPL(xenbus_read_driver_state);

static __printf(3, 0)
void report(struct xenbus_device *dev, int err, const char *fmt, va_list args)
{
	char *text = kvasprintf(GFP_KERNEL, fmt, args);
	char *path = kasprintf(GFP_KERNEL, "error/%s", dev->nodename);

	if (text && path) {
		dev_err(&dev->dev, "%d %s\n", -err, text);
		xenbus_printf(XBT_NIL, path, "error", "%d %s", -err, text);
	}
	kfree(path);
	kfree(text);
}

void xenbus_dev_error(struct xenbus_device *dev, int err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	report(dev, err, fmt, args);
	va_end(args);
}
EXPORT_SYMBOL_GPL(xenbus_dev_error);

/* The device is of no use any more. */
void xenbus_dev_fatal(struct xenbus_device *dev, int err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	report(dev, err, fmt, args);
	va_end(args);
	xenbus_switch_state(dev, XenbusStateClosing);
}
EXPORT_SYMBOL_GPL(xenbus_dev_fatal);

/*
 * In a transaction: a state written into a device that is being removed would bring it
 * to life again. -ENOENT if it is gone.
 */
static int write_state(const struct xenbus_device *dev, enum xenbus_state state)
{
	struct xenbus_transaction t;
	int ret, now;

	do {
		ret = xenbus_transaction_start(&t);
		if (ret)
			return ret;
		ret = xenbus_scanf(t, dev->nodename, "state", "%d", &now);
		if (ret != 1) {
			xenbus_transaction_end(t, 1);
			return -ENOENT;
		}
		ret = xenbus_printf(t, dev->nodename, "state", "%d", state);
		if (ret) {
			xenbus_transaction_end(t, 1);
			return ret;
		}
		ret = xenbus_transaction_end(t, 0);
	} while (ret == -EAGAIN);
	return ret;
}

int xenbus_switch_state(struct xenbus_device *dev, enum xenbus_state new_state)
{
	int ret;

	if (dev->state == new_state)
		return 0;
	ret = write_state(dev, new_state);
	if (ret == -ENOENT)
		return 0;
	if (ret) {
		/* Without a store there is no way to say that it is fatal either. */
		dev_err(&dev->dev, "state %s cannot be written: %d\n",
			xenbus_strstate(new_state), ret);
		return ret;
	}
	dev->state = new_state;
	return 0;
}
EXPORT_SYMBOL_GPL(xenbus_switch_state);

int xenbus_frontend_closed(struct xenbus_device *dev)
{
	xenbus_switch_state(dev, XenbusStateClosed);
	complete(&dev->down);
	return 0;
}
EXPORT_SYMBOL_GPL(xenbus_frontend_closed);

int xenbus_dev_is_online(struct xenbus_device *dev)
{
	return !!xenbus_read_unsigned(dev->nodename, "online", 0);
}
EXPORT_SYMBOL_GPL(xenbus_dev_is_online);

/* On success @path belongs to the watch, else still to the caller. */
int xenbus_watch_path(struct xenbus_device *dev, const char *path, struct xenbus_watch *watch,
		      bool (*will_handle)(struct xenbus_watch *, const char *, const char *),
		      void (*callback)(struct xenbus_watch *, const char *, const char *))
{
	int ret;

	watch->node = path;
	watch->will_handle = will_handle;
	watch->callback = callback;
	ret = register_xenbus_watch(watch);
	if (ret) {
		watch->node = NULL;
		watch->will_handle = NULL;
		watch->callback = NULL;
		xenbus_dev_fatal(dev, ret, "adding watch on %s", path);
	}
	return ret;
}
EXPORT_SYMBOL_GPL(xenbus_watch_path);

int xenbus_watch_pathfmt(struct xenbus_device *dev, struct xenbus_watch *watch,
			 bool (*will_handle)(struct xenbus_watch *, const char *, const char *),
			 void (*callback)(struct xenbus_watch *, const char *, const char *),
			 const char *pathfmt, ...)
{
	va_list args;
	char *path;
	int ret;

	va_start(args, pathfmt);
	path = kvasprintf(GFP_NOIO | __GFP_HIGH, pathfmt, args);
	va_end(args);
	if (!path) {
		xenbus_dev_fatal(dev, -ENOMEM, "making the path of a watch");
		return -ENOMEM;
	}
	ret = xenbus_watch_path(dev, path, watch, will_handle, callback);
	if (ret)
		kfree(path);
	return ret;
}
EXPORT_SYMBOL_GPL(xenbus_watch_pathfmt);

int xenbus_alloc_evtchn(struct xenbus_device *dev, evtchn_port_t *port)
{
	struct evtchn_alloc_unbound alloc = {
		.dom = DOMID_SELF,
		.remote_dom = dev->otherend_id,
	};
	int ret = HYPERVISOR_event_channel_op(EVTCHNOP_alloc_unbound, &alloc);

	if (ret)
		xenbus_dev_fatal(dev, ret, "allocating event channel");
	else
		*port = alloc.port;
	return ret;
}
EXPORT_SYMBOL_GPL(xenbus_alloc_evtchn);

int xenbus_free_evtchn(struct xenbus_device *dev, evtchn_port_t port)
{
	struct evtchn_close close = { .port = port };
	int ret = HYPERVISOR_event_channel_op(EVTCHNOP_close, &close);

	if (ret)
		xenbus_dev_error(dev, ret, "freeing event channel %u", port);
	return ret;
}
EXPORT_SYMBOL_GPL(xenbus_free_evtchn);
