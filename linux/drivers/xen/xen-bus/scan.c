// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices that the toolstack puts into the store and takes from it. A watch on the root
 * of each side names a path that has changed: a device's, one below it, or one above,
 * as "backend/vbd" when the last of a type goes. All is done by the watch's thread.
 */

#include <linux/slab.h>
#include <linux/string.h>
#include "bus.h"

/* An end of the path's first @n components; NULL if it has less. */
static const char *component_end(const char *path, unsigned int n)
{
	const char *end = path;

	while (n--) {
		end = strchrnul(end, '/');
		if (n && !*end++)
			return NULL;
	}
	return end;
}

static int same_node(struct device *dev, const void *nodename)
{
	return !strcmp(to_xenbus_device(dev)->nodename, nodename);
}

/* With a reference. */
static struct xenbus_device *find(struct xb_side *side, const char *nodename)
{
	struct device *dev = bus_find_device(&side->bus, NULL, nodename, same_node);

	return dev ? to_xenbus_device(dev) : NULL;
}

static int stored_state(const char *nodename)
{
	int state;

	if (xenbus_scanf(XBT_NIL, nodename, "state", "%d", &state) != 1)
		return XenbusStateUnknown;
	return state;
}

static void create(struct xb_side *side, const char *nodename)
{
	const char *type = strchr(nodename, '/') + 1;
	char *copy = kstrndup(type, strchrnul(type, '/') - type, GFP_KERNEL);
	int ret = copy ? xb_device_create(side, copy, nodename) : -ENOMEM;

	if (ret)
		pr_warn("xen-bus: %s cannot become a device: %d\n", nodename, ret);
	kfree(copy);
}

/*
 * A device removed and made again between two looks of ours: the store has it as new,
 * while ours has been through its life.
 */
static bool is_another(struct xenbus_device *dev, const char *nodename)
{
	bool ret;

	/* A driver that starts with a closed device writes Initialising itself. */
	device_lock(&dev->dev);
	ret = (dev->state == XenbusStateClosed || dev->state == XenbusStateClosing) &&
	      stored_state(nodename) == XenbusStateInitialising;
	device_unlock(&dev->dev);
	return ret;
}

/* Makes our devices agree with the store about this one. */
static void look_at(struct xb_side *side, const char *nodename)
{
	struct xenbus_device *dev = find(side, nodename);
	int state = stored_state(nodename);
	bool gone = state == XenbusStateUnknown && !xenbus_exists(XBT_NIL, nodename, "");

	if (dev && (gone || (state == XenbusStateInitialising && is_another(dev, nodename)))) {
		device_unregister(&dev->dev);
		put_device(&dev->dev);
		dev = NULL;
	}
	if (dev)
		put_device(&dev->dev);
	else if (state == XenbusStateInitialising)
		create(side, nodename);
}

/* Whatever is below @path in the store, down to devices. */
static void look_below(struct xb_side *side, const char *path, unsigned int level)
{
	char **names, *child;
	unsigned int i, n;

	if (level == side->levels) {
		look_at(side, path);
		return;
	}
	names = xenbus_directory(XBT_NIL, path, "", &n);
	if (IS_ERR(names))
		return;
	for (i = 0; i < n; i++) {
		child = kasprintf(GFP_KERNEL, "%s/%s", path, names[i]);
		if (child)
			look_below(side, child, level + 1);
		kfree(child);
	}
	kfree(names);
}

struct below {
	const char *path;
	size_t len;
};

static int is_gone(struct device *d, const void *data)
{
	const struct xenbus_device *dev = to_xenbus_device(d);
	const struct below *b = data;

	return !strncmp(dev->nodename, b->path, b->len) && dev->nodename[b->len] == '/' &&
	       !xenbus_exists(XBT_NIL, dev->nodename, "");
}

/* Devices below @path that the store has no more. */
static void remove_below(struct xb_side *side, const char *path)
{
	struct below b = { .path = path, .len = strlen(path) };
	struct device *dev;

	while ((dev = bus_find_device(&side->bus, NULL, &b, is_gone))) {
		device_unregister(dev);
		put_device(dev);
	}
}

static unsigned int components(const char *path)
{
	unsigned int n = 1;

	for (; *path; path++)
		n += *path == '/';
	return n;
}

static void changed(struct xenbus_watch *watch, const char *path, const char *token)
{
	struct xb_side *side = container_of(watch, struct xb_side, watch);
	const char *end = component_end(path, side->levels);
	char *nodename;

	if (strncmp(path, side->root, strlen(side->root)))
		return;
	if (!end) {
		remove_below(side, path);
		look_below(side, path, components(path));
		return;
	}
	nodename = kstrndup(path, end - path, GFP_KERNEL);
	if (nodename)
		look_at(side, nodename);
	kfree(nodename);
}

int __init xb_scan_start(struct xb_side *side)
{
	/* Its first event comes at once, and names the root: what is there is found. */
	side->watch.node = side->root;
	side->watch.callback = changed;
	return register_xenbus_watch(&side->watch);
}
