// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "store.h"

#define DOM0_DIR	"/local/domain/0"
#define BACK_FMT	DOM0_DIR "/backend/%s/%u/%u"
#define ERROR_FMT	DOM0_DIR "/error/backend/%s/%u/%u"
#define FRONT_FMT	"/local/domain/%u/device/%s/%u"
#define LIBXL_FMT	"/libxl/%u/device/%s/%u"
#define ID(dev)		(dev)->kind, (dev)->domid, (dev)->devid
#define FRONT_ID(dev)	(dev)->domid, (dev)->kind, (dev)->devid

static void write_nodes(struct store_tx *tx, const char *dir, const struct node *nodes)
{
	for (; nodes && nodes->name; nodes++)
		store_write(tx, nodes->value, "%s/%s", dir, nodes->name);
}

static void write_backend(struct store_tx *tx, const struct device *dev, const char *dir,
			  const char *front)
{
	store_write(tx, front, "%s/frontend", dir);
	store_write_num(tx, dev->domid, "%s/frontend-id", dir);
	store_write(tx, "1", "%s/online", dir);
	write_nodes(tx, dir, dev->back);
	store_write_num(tx, DEV_INITIALISING, "%s/state", dir);
}

/* The same under /libxl is where Xen's own tools look for a domain's devices. */
static void write_device(struct store_tx *tx, void *arg)
{
	const struct device *dev = arg;
	char back[128], front[128], libxl[128];

	snprintf(back, sizeof(back), BACK_FMT, ID(dev));
	snprintf(front, sizeof(front), FRONT_FMT, FRONT_ID(dev));
	snprintf(libxl, sizeof(libxl), LIBXL_FMT, FRONT_ID(dev));

	store_mkdir(tx, dev->domid, STORE_SHARED, "%s", front);
	store_write(tx, back, "%s/backend", front);
	store_write(tx, "0", "%s/backend-id", front);
	write_nodes(tx, front, dev->front);
	store_write_num(tx, DEV_INITIALISING, "%s/state", front);

	store_mkdir(tx, dev->domid, STORE_READ, "%s", back);
	write_backend(tx, dev, back, front);

	store_mkdir(tx, dev->domid, STORE_PRIVATE, "%s", libxl);
	store_write(tx, back, "%s/backend", libxl);
	write_backend(tx, dev, libxl, front);
}

bool device_add(struct xl *xl, const struct device *dev, struct xy_err *err)
{
	return store_update(xl, write_device, (void *)dev, err);
}

static long backend_state(struct xl *xl, const struct device *dev)
{
	return xl_read_num(xl, 0, BACK_FMT "/state", ID(dev));
}

static bool is_ready(struct xl *xl, void *arg)
{
	long state = backend_state(xl, arg);

	return state >= DEV_INIT_WAIT && state <= DEV_CONNECTED;
}

static bool is_closed(struct xl *xl, void *arg)
{
	long state = backend_state(xl, arg);

	return !state || state == DEV_CLOSED;
}

static bool wait_backend(struct xl *xl, const struct device *dev,
			 bool (*done)(struct xl *xl, void *arg))
{
	char path[128];

	snprintf(path, sizeof(path), BACK_FMT "/state", ID(dev));
	return store_wait(xl, path, done, (void *)dev, DEVICE_WAIT_MSECS);
}

bool device_wait_backend(struct xl *xl, const struct device *dev, struct xy_err *err)
{
	char *why;

	if (wait_backend(xl, dev, is_ready))
		return true;
	/* Drivers leave their reason here. */
	why = xl_read(xl, ERROR_FMT "/error", ID(dev));
	if (why)
		xy_fail(err, -1, "%s %u: the back end in dom0 says \"%s\"", dev->kind, dev->devid,
			why);
	else
		xy_fail(err, -1, "%s %u: no back end in dom0 took the device within %d s (is the "
			"module xen-%s loaded?)", dev->kind, dev->devid, DEVICE_WAIT_MSECS / 1000,
			strcmp(dev->kind, "vbd") ? "netback" : "blkback");
	free(why);
	return false;
}

bool device_set(struct xl *xl, const struct device *dev, const char *name, const char *value,
		struct xy_err *err)
{
	char path[160];

	snprintf(path, sizeof(path), BACK_FMT "/%s", ID(dev), name);
	if (xs_write(xl->xs, XBT_NULL, path, value, strlen(value)))
		return true;
	xy_fail(err, -1, "cannot write %s in xenstore: %m", path);
	return false;
}

/* The state in a transaction, so that a driver that writes meanwhile is seen. */
static long state_in(struct store_tx *tx, const struct device *dev)
{
	char path[128], *value;
	long state;

	snprintf(path, sizeof(path), BACK_FMT "/state", ID(dev));
	value = xs_read(tx->xs, tx->t, path, NULL);
	state = value ? strtol(value, NULL, 10) : 0;
	free(value);
	return state;
}

/*
 * With "online" gone and the front end's nodes removed, the back end's driver
 * sees the last of its peer, lets go of the device and reports Closed. One that
 * no driver took says nothing, and one that is Closed already (the guest shut
 * down in good order) will not say so again: neither is to be waited for.
 */
static void start_closing(struct store_tx *tx, void *arg)
{
	const struct device *dev = arg;
	long state = state_in(tx, dev);
	bool active = state >= DEV_INIT_WAIT && state != DEV_CLOSED;

	store_write(tx, "0", BACK_FMT "/online", ID(dev));
	store_write_num(tx, active ? DEV_CLOSING : DEV_CLOSED, BACK_FMT "/state", ID(dev));
	store_rm(tx, FRONT_FMT, FRONT_ID(dev));
}

/* Gives back what dom0 supplied and forgets the device. */
static void forget(struct xl *xl, const struct device *dev)
{
	if (!strcmp(dev->kind, "vbd"))
		disk_release(xl, dev);
	else if (!strcmp(dev->kind, "vif"))
		vif_release(xl, dev);
	store_remove_tidy(xl, DOM0_DIR, BACK_FMT, ID(dev));
	store_remove_tidy(xl, "/libxl", LIBXL_FMT, FRONT_ID(dev));
	store_remove_tidy(xl, DOM0_DIR, ERROR_FMT, ID(dev));
}

static void finish_closing(struct xl *xl, const struct device *dev)
{
	if (!wait_backend(xl, dev, is_closed))
		xl_error("%s %u of domain %u does not close: its nodes are removed all the same",
			 dev->kind, dev->devid, dev->domid);
	forget(xl, dev);
}

typedef void (*device_fn)(struct xl *xl, const struct device *dev);

static void begin_close(struct xl *xl, const struct device *dev)
{
	struct xy_err err;

	if (!store_update(xl, start_closing, (void *)dev, &err))
		xl_error("%s", err.text);
}

void device_remove(struct xl *xl, const struct device *dev)
{
	begin_close(xl, dev);
	finish_closing(xl, dev);
}

/* The front end sees its peer Closing, and closes when nothing uses it any more. */
static void ask_to_close(struct store_tx *tx, void *arg)
{
	const struct device *dev = arg;
	long state = state_in(tx, dev);

	store_write(tx, "0", BACK_FMT "/online", ID(dev));
	if (state != DEV_CLOSED)
		store_write_num(tx, DEV_CLOSING, BACK_FMT "/state", ID(dev));
}

bool device_detach(struct xl *xl, const struct device *dev, struct xy_err *err)
{
	if (!store_update(xl, ask_to_close, (void *)dev, err))
		return false;
	if (!wait_backend(xl, dev, is_closed)) {
		xy_fail(err, -1, "%s %u: the guest has not let go of it in %d s (in use?); "
			"--force takes it away", dev->kind, dev->devid, DEVICE_WAIT_MSECS / 1000);
		return false;
	}
	store_remove(xl, FRONT_FMT, FRONT_ID(dev));
	forget(xl, dev);
	return true;
}

static const char *const kinds[] = { "vbd", "vif" };

#define NR_KINDS (sizeof(kinds) / sizeof(kinds[0]))

static void each_device(struct xl *xl, unsigned int domid, device_fn fn)
{
	for (size_t k = 0; k < NR_KINDS; k++) {
		struct device dev = { .kind = kinds[k], .domid = domid };
		unsigned int n;
		char **ids = store_list(xl, &n, "/local/domain/0/backend/%s/%u", kinds[k], domid);

		for (unsigned int i = 0; i < n; i++) {
			dev.devid = (unsigned int)strtoul(ids[i], NULL, 10);
			fn(xl, &dev);
		}
		free(ids);
	}
}

void device_remove_all(struct xl *xl, unsigned int domid)
{
	/* All are told first: they close side by side. */
	each_device(xl, domid, begin_close);
	each_device(xl, domid, finish_closing);
	for (size_t k = 0; k < NR_KINDS; k++) {
		store_remove_tidy(xl, DOM0_DIR, DOM0_DIR "/error/backend/%s/%u", kinds[k], domid);
		store_remove_tidy(xl, DOM0_DIR, DOM0_DIR "/backend/%s/%u", kinds[k], domid);
	}
	store_remove_tidy(xl, DOM0_DIR, DOM0_DIR "/backend/console/%u", domid);
}
