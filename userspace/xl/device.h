/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Paravirtual devices: a front end in the guest, a back end in dom0's kernel,
 * and their meeting place in xenstore.
 */
#ifndef XL_DEVICE_H
#define XL_DEVICE_H

#include "devspec.h"
#include "xl.h"

#define DEVICE_WAIT_MSECS 10000

/*
 * Node of a back end that xl attached by itself. Such a back end names a script all
 * the same, which Xen's own tools run when they are the ones to remove the device.
 */
#define DEVICE_NATIVE "native"

/* States of the protocol (XenbusState). */
enum {
	DEV_INITIALISING = 1,
	DEV_INIT_WAIT = 2,
	DEV_CONNECTED = 4,
	DEV_CLOSING = 5,
	DEV_CLOSED = 6,
};

struct node {
	const char *name, *value;
};

struct device {
	const char *kind;	/* "vbd", "vif" */
	unsigned int domid, devid;
	const struct node *front, *back;	/* what this kind adds; ended by a NULL name */
};

/* Writes both ends; false with a sentence in @err. */
bool device_add(struct xl *xl, const struct device *dev, struct xy_err *err);
/* Waits until the back end is ready for its hot-plug step. */
bool device_wait_backend(struct xl *xl, const struct device *dev, struct xy_err *err);
/* Writes a node of the back end. */
bool device_set(struct xl *xl, const struct device *dev, const char *name, const char *value,
		struct xy_err *err);
/*
 * Takes all devices of a domain apart: back ends are closed (up to
 * DEVICE_WAIT_MSECS), host resources given back, nodes removed. Never fails:
 * what does not close is reported and its nodes removed all the same.
 */
void device_remove_all(struct xl *xl, unsigned int domid);

/* The same for one device of a running guest, which sees it disappear. */
void device_remove(struct xl *xl, const struct device *dev);
/*
 * Asks the guest to let go of a device and removes it then. False with a sentence
 * when it does not within DEVICE_WAIT_MSECS; the request stands.
 */
bool device_detach(struct xl *xl, const struct device *dev, struct xy_err *err);

bool disk_attach(struct xl *xl, unsigned int domid, const struct disk_spec *d, struct xy_err *err);
/* Gives an interface without an address a random one of Xen's range. */
bool vif_make_mac(struct vif_spec *v);
bool vif_attach(struct xl *xl, unsigned int domid, unsigned int handle, const struct vif_spec *v,
		struct xy_err *err);
/* Gives back what the host supplied, once the back end of @dev is closed. */
void disk_release(struct xl *xl, const struct device *dev);
void vif_release(struct xl *xl, const struct device *dev);

/*
 * Runs a hot-plug script for a device, as libxl does, and waits for it. @arg2 and
 * @vif may be NULL. True when it ended well.
 */
bool hotplug_run(const struct device *dev, const char *script, const char *action,
		 const char *arg2, const char *vif, struct xy_err *err);
/*
 * Runs the script a device was attached with, to undo that; nothing when there is
 * none or the device is native. Failures are reported.
 */
void hotplug_undo(struct xl *xl, const struct device *dev, const char *action, const char *arg2,
		  const char *vif);
/* Full path of a script named in a configuration; to be freed. */
char *hotplug_path(const char *script);

#endif
