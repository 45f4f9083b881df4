// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver model: a bus of frontends and one of backends. A device carries the path of
 * its node; its driver hears when the state of the other end's node changes.
 */

#include <linux/device.h>
#include <linux/export.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "busfuncs.h"
#include "bus.h"

/* How long a device may take to close when the system goes down. */
#define CLOSE_TIMEOUT	(5 * HZ)

static struct xb_side *side_of(const struct device *dev)
{
	return container_of(dev->bus, struct xb_side, bus);
}

static const struct xenbus_device_id *find_id(const struct xenbus_device_id *id,
					      const struct xenbus_device *dev)
{
	for (; *id->devicetype; id++)
		if (!strcmp(id->devicetype, dev->devicetype))
			return id;
	return NULL;
}

static int match(struct device *d, compat_driver_t *drv)
{
	const struct xenbus_driver *driver = compat_to_xenbus_driver(drv);

	return driver->ids && find_id(driver->ids, to_xenbus_device(d));
}

static struct xenbus_driver *driver_of(struct xenbus_device *dev)
{
	return compat_to_xenbus_driver(dev->dev.driver);
}

static void otherend_changed(struct xenbus_watch *watch, const char *path,
			     const char *token)
{
	struct xenbus_device *dev = container_of(watch, struct xenbus_device, otherend_watch);
	struct xenbus_driver *drv = driver_of(dev);
	enum xenbus_state state;

	if (!dev->otherend || strncmp(path, dev->otherend, strlen(dev->otherend)))
		return;
	if (xenbus_scanf(XBT_NIL, dev->otherend, "state", "%d", (int *)&state) != 1)
		state = XenbusStateUnknown;
	dev_dbg(&dev->dev, "the other end is %s\n", xenbus_strstate(state));

	/* The driver's own way down may wait for what is gone already. */
	if (system_state > SYSTEM_RUNNING &&
	    (state == XenbusStateClosing || state == XenbusStateClosed)) {
		xenbus_frontend_closed(dev);
		return;
	}
	if (drv->otherend_changed)
		drv->otherend_changed(dev, state);
}

static void forget_otherend(struct xenbus_device *dev)
{
	kfree(dev->otherend);
	dev->otherend = NULL;
}

static void unwatch_otherend(struct xenbus_device *dev)
{
	if (!dev->otherend_watch.node)
		return;
	unregister_xenbus_watch(&dev->otherend_watch);
	kfree(dev->otherend_watch.node);
	dev->otherend_watch.node = NULL;
}

static int read_otherend(struct xenbus_device *dev)
{
	struct xb_side *side = side_of(&dev->dev);
	char *path = NULL;
	int id, ret;

	ret = xenbus_gather(XBT_NIL, dev->nodename, side->other_id, "%i", &id,
			    side->other, NULL, &path, NULL);
	if (ret)
		return ret;
	if (!*path || strlen(path) > XENSTORE_ABS_PATH_MAX || id < 0 ||
	    id >= DOMID_FIRST_RESERVED || !xenbus_exists(XBT_NIL, path, "")) {
		kfree(path);
		return -ENOENT;
	}
	dev->otherend = path;
	dev->otherend_id = id;
	return 0;
}

static int probe(struct device *d)
{
	struct xenbus_device *dev = to_xenbus_device(d);
	struct xenbus_driver *drv = driver_of(dev);
	const struct xenbus_device_id *id = find_id(drv->ids, dev);
	int ret;

	if (!id || !drv->probe)
		return -ENODEV;
	ret = drv->read_otherend_details(dev);
	if (ret) {
		dev_warn(d, "the other end is not known: %d\n", ret);
		return ret;
	}
	ret = drv->probe(dev, id);
	if (ret)
		goto fail;
	/* The first event comes by itself. */
	ret = xenbus_watch_pathfmt(dev, &dev->otherend_watch, NULL, otherend_changed,
				   "%s/state", dev->otherend);
	if (!ret)
		return 0;
	if (drv->remove)
		drv->remove(dev);
fail:
	xenbus_dev_error(dev, ret, "probing");
	forget_otherend(dev);
	xenbus_switch_state(dev, XenbusStateClosed);
	return ret;
}

static compat_bus_remove_t remove(struct device *d)
{
	struct xenbus_device *dev = to_xenbus_device(d);
	struct xenbus_driver *drv = driver_of(dev);

	unwatch_otherend(dev);
	if (drv->remove)
		drv->remove(dev);
	forget_otherend(dev);
	/* Another driver may come for a device that allows it, if it is not closing. */
	if (!drv->allow_rebind || dev->state == XenbusStateClosing)
		xenbus_switch_state(dev, XenbusStateClosed);
	compat_bus_removed();
}

static void shutdown(struct device *d)
{
	struct xenbus_device *dev = to_xenbus_device(d);

	if (!d->driver || dev->state != XenbusStateConnected)
		return;
	xenbus_switch_state(dev, XenbusStateClosing);
	if (!wait_for_completion_timeout(&dev->down, CLOSE_TIMEOUT))
		dev_info(d, "did not close in time\n");
}

static int uevent(compat_uevent_device_t *d, struct kobj_uevent_env *env)
{
	const struct xenbus_device *dev = compat_to_xenbus_device(d);

	if (add_uevent_var(env, "MODALIAS=%s:%s", d->bus->name, dev->devicetype) ||
	    add_uevent_var(env, "XENBUS_TYPE=%s", dev->devicetype) ||
	    add_uevent_var(env, "XENBUS_PATH=%s", dev->nodename))
		return -ENOMEM;
	return 0;
}

static int uevent_backend(compat_uevent_device_t *d, struct kobj_uevent_env *env)
{
	struct xenbus_device *dev = (struct xenbus_device *)compat_to_xenbus_device(d);
	struct xenbus_driver *drv;
	int ret = uevent(d, env);

	if (!ret)
		ret = add_uevent_var(env, "XENBUS_BASE_PATH=%s", side_of(d)->root);
	if (ret || !d->driver)
		return ret;
	drv = driver_of(dev);
	return drv->uevent ? drv->uevent(dev, env) : 0;
}

static ssize_t nodename_show(struct device *d, struct device_attribute *a, char *buf)
{
	return scnprintf(buf, PAGE_SIZE, "%s\n", to_xenbus_device(d)->nodename);
}
static DEVICE_ATTR_RO(nodename);

static ssize_t devtype_show(struct device *d, struct device_attribute *a, char *buf)
{
	return scnprintf(buf, PAGE_SIZE, "%s\n", to_xenbus_device(d)->devicetype);
}
static DEVICE_ATTR_RO(devtype);

static ssize_t modalias_show(struct device *d, struct device_attribute *a, char *buf)
{
	return scnprintf(buf, PAGE_SIZE, "%s:%s\n", d->bus->name,
			 to_xenbus_device(d)->devicetype);
}
static DEVICE_ATTR_RO(modalias);

static ssize_t state_show(struct device *d, struct device_attribute *a, char *buf)
{
	return scnprintf(buf, PAGE_SIZE, "%s\n",
			 xenbus_strstate(to_xenbus_device(d)->state));
}
static DEVICE_ATTR_RO(state);

static struct attribute *attributes[] = {
	&dev_attr_nodename.attr,
	&dev_attr_devtype.attr,
	&dev_attr_modalias.attr,
	&dev_attr_state.attr,
	NULL
};

static const struct attribute_group group = {
	.attrs = attributes,
};

static const struct attribute_group *groups[] = {
	&group,
	NULL
};

struct xb_side xb_frontends = {
	.bus = {
		.name		= "xen",
		.match		= match,
		.uevent		= uevent,
		.probe		= probe,
		.remove		= remove,
		.shutdown	= shutdown,
		.dev_groups	= groups,
	},
	.root		= "device",
	.levels		= 3,
	.other_id	= "backend-id",
	.other		= "backend",
};

struct xb_side xb_backends = {
	.bus = {
		.name		= "xen-backend",
		.match		= match,
		.uevent		= uevent_backend,
		.probe		= probe,
		.remove		= remove,
		.dev_groups	= groups,
	},
	.root		= "backend",
	.levels		= 4,
	.other_id	= "frontend-id",
	.other		= "frontend",
};

static int register_driver(struct xb_side *side, struct xenbus_driver *drv,
			   struct module *owner, const char *mod_name)
{
	drv->read_otherend_details = read_otherend;
	drv->driver.name = drv->name ?: drv->ids[0].devicetype;
	drv->driver.bus = &side->bus;
	drv->driver.owner = owner;
	drv->driver.mod_name = mod_name;
	return driver_register(&drv->driver);
}

int __xenbus_register_frontend(struct xenbus_driver *drv, struct module *owner,
			       const char *mod_name)
{
	return register_driver(&xb_frontends, drv, owner, mod_name);
}
EXPORT_SYMBOL_GPL(__xenbus_register_frontend);

int __xenbus_register_backend(struct xenbus_driver *drv, struct module *owner,
			      const char *mod_name)
{
	return register_driver(&xb_backends, drv, owner, mod_name);
}
EXPORT_SYMBOL_GPL(__xenbus_register_backend);

void xenbus_unregister_driver(struct xenbus_driver *drv)
{
	driver_unregister(&drv->driver);
}
EXPORT_SYMBOL_GPL(xenbus_unregister_driver);

int __init xb_side_register(struct xb_side *side)
{
	int ret = bus_register(&side->bus);

	if (ret)
		return ret;
	side->parent = root_device_register(side->bus.name);
	return PTR_ERR_OR_ZERO(side->parent);
}

static void release(struct device *d)
{
	kfree(to_xenbus_device(d));
}

/* What comes behind "device/" or "backend/", with dashes: vif-0, vbd-1-51712. */
static int set_name(struct device *d, const char *nodename)
{
	char *name = kstrdup(strchr(nodename, '/') + 1, GFP_KERNEL);
	int ret;

	if (!name)
		return -ENOMEM;
	strreplace(name, '/', '-');
	ret = dev_set_name(d, "%s", name);
	kfree(name);
	return ret;
}

int xb_device_create(struct xb_side *side, const char *type, const char *nodename)
{
	size_t node_len = strlen(nodename) + 1, type_len = strlen(type) + 1;
	struct xenbus_device *dev = kzalloc(sizeof(*dev) + node_len + type_len, GFP_KERNEL);
	char *strings = (char *)(dev + 1);
	int ret;

	if (!dev)
		return -ENOMEM;
	dev->nodename = memcpy(strings, nodename, node_len);
	dev->devicetype = memcpy(strings + node_len, type, type_len);
	dev->state = XenbusStateInitialising;
	init_completion(&dev->down);
	sema_init(&dev->reclaim_sem, 1);
	device_initialize(&dev->dev);
	dev->dev.bus = &side->bus;
	dev->dev.parent = side->parent;
	dev->dev.release = release;
	ret = set_name(&dev->dev, nodename);
	if (!ret)
		ret = device_add(&dev->dev);
	if (ret)
		put_device(&dev->dev);
	return ret;
}
