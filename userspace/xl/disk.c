// SPDX-License-Identifier: GPL-2.0-only
/* Disks: a block device, or a file behind a loop device, for xen-blkback. */
#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "device.h"
#include "store.h"

#define BACKENDS "/local/domain/0/backend/vbd"
#define LOOP_TRIES 64
/* Named even when nobody runs it: see DEVICE_NATIVE. */
#define DEFAULT_SCRIPT XL_SCRIPT_DIR "/block"

static bool fail(struct xy_err *err, const char *target, const char *what)
{
	xy_fail(err, -errno, "disk %s: %s: %s", target, what, strerror(errno));
	return false;
}

/* Binds @file_fd to a free loop device; another process may be faster. */
static int bind_loop(int control, int file_fd, const struct disk_spec *d, char name[32])
{
	for (int i = 0; i < LOOP_TRIES; i++) {
		struct loop_config config = { .fd = (unsigned int)file_fd };
		int nr = ioctl(control, LOOP_CTL_GET_FREE), fd;

		if (nr < 0)
			return -errno;
		snprintf(name, 32, "/dev/loop%d", nr);
		fd = open(name, (d->readonly ? O_RDONLY : O_RDWR) | O_CLOEXEC);
		if (fd < 0)
			return -errno;
		if (d->readonly)
			config.info.lo_flags |= LO_FLAGS_READ_ONLY;
		snprintf((char *)config.info.lo_file_name, sizeof(config.info.lo_file_name), "%s",
			 d->target);
		if (!ioctl(fd, LOOP_CONFIGURE, &config)) {
			close(fd);
			return 0;
		}
		if (errno != EBUSY) {
			int ret = -errno;

			close(fd);
			return ret;
		}
		close(fd);
	}
	return -EBUSY;
}

static bool make_loop(const struct disk_spec *d, char name[32], struct xy_err *err)
{
	int file = open(d->target, (d->readonly ? O_RDONLY : O_RDWR) | O_CLOEXEC);
	int control, ret;

	if (file < 0)
		return fail(err, d->target, "cannot be opened");
	control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	if (control < 0) {
		fail(err, d->target, "/dev/loop-control cannot be opened (module loop loaded?)");
		close(file);
		return false;
	}
	ret = bind_loop(control, file, d, name);
	close(control);
	close(file);
	if (!ret)
		return true;
	errno = -ret;
	return fail(err, d->target, "no loop device can be set up");
}

static void free_loop(const char *name)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	/* While somebody has it open, the kernel does this at the last close. */
	if (ioctl(fd, LOOP_CLR_FD) && errno != ENXIO)
		xl_error("cannot release %s: %s", name, strerror(errno));
	close(fd);
}

/* What blkback is to use: "major:minor" in hexadecimal, and the device's name. */
struct backing {
	char node[256];
	char numbers[24];
	bool loop;
};

static bool find_backing(const struct disk_spec *d, struct backing *b, struct xy_err *err)
{
	struct stat st;

	if (stat(d->target, &st))
		return fail(err, d->target, "cannot be found");
	b->loop = S_ISREG(st.st_mode);
	if (!b->loop && !S_ISBLK(st.st_mode)) {
		xy_fail(err, -EINVAL, "disk %s is neither a file nor a block device", d->target);
		return false;
	}
	snprintf(b->node, sizeof(b->node), "%s", d->target);
	if (b->loop) {
		if (!make_loop(d, b->node, err))
			return false;
		if (stat(b->node, &st)) {
			fail(err, d->target, b->node);
			free_loop(b->node);
			return false;
		}
	}
	snprintf(b->numbers, sizeof(b->numbers), "%x:%x", major(st.st_rdev), minor(st.st_rdev));
	return true;
}

/* What two back ends share when they share a disk: the block script's nodes too. */
#define TARGET_NODE "hotplug-target"

/* True when the back end at @dir has @target, and one of both writes. */
static bool collides(struct xl *xl, const char *dir, const char *target, bool readonly)
{
	char *theirs = xl_read(xl, "%s/" TARGET_NODE, dir);
	char *mode = theirs && !strcmp(theirs, target) ? xl_read(xl, "%s/mode", dir) : NULL;
	bool yes = mode && !(readonly && !strcmp(mode, "r"));

	free(theirs);
	free(mode);
	return yes;
}

/* The domain that uses @target already, other than by @dev; -1: none. */
static int find_user(struct xl *xl, const struct device *dev, const char *target, bool readonly)
{
	unsigned int nr_doms;
	char **doms = store_list(xl, &nr_doms, BACKENDS);
	int found = -1;

	for (unsigned int i = 0; i < nr_doms && found < 0; i++) {
		unsigned int nr, domid = (unsigned int)strtoul(doms[i], NULL, 10);
		char **ids = store_list(xl, &nr, BACKENDS "/%u", domid);

		for (unsigned int k = 0; k < nr && found < 0; k++) {
			unsigned int id = (unsigned int)strtoul(ids[k], NULL, 10);
			char dir[64];

			snprintf(dir, sizeof(dir), BACKENDS "/%u/%u", domid, id);
			if ((domid != dev->domid || id != dev->devid) &&
			    collides(xl, dir, target, readonly))
				found = (int)domid;
		}
		free(ids);
	}
	free(doms);
	return found;
}

/* Dom0's own use: what is mounted there, or part of a volume group, is claimed. */
static bool used_by_dom0(const char *target)
{
	int fd = open(target, O_RDONLY | O_EXCL | O_CLOEXEC);
	bool busy = fd < 0 && errno == EBUSY;

	if (fd >= 0)
		close(fd);
	return busy;
}

/*
 * Two who write one disk destroy it. Every back end first publishes what it is going
 * to use, then looks at the others: of two that race, at least one sees the other.
 */
static bool check_sharing(struct xl *xl, const struct device *dev, const struct disk_spec *d,
			  struct xy_err *err)
{
	char *target = realpath(d->target, NULL);
	struct stat st;
	bool ok = target && device_set(xl, dev, TARGET_NODE, target, err);
	int user = ok && !d->shared ? find_user(xl, dev, target, d->readonly) : -1;

	if (!target) {
		fail(err, d->target, "cannot be found");
	} else if (user >= 0) {
		xy_fail(err, -EBUSY, "disk %s is in use by domain %d; access w! shares it all the "
			"same", d->target, user);
		ok = false;
	} else if (ok && !d->shared && !d->readonly && !stat(target, &st) && S_ISBLK(st.st_mode) &&
		   used_by_dom0(target)) {
		xy_fail(err, -EBUSY, "disk %s is in use in dom0 (mounted?); access w! shares it all "
			"the same", d->target);
		ok = false;
	}
	free(target);
	return ok;
}

static bool attach_native(struct xl *xl, const struct device *dev, const struct disk_spec *d,
			  struct xy_err *err)
{
	struct backing b;

	if (!check_sharing(xl, dev, d, err) || !find_backing(d, &b, err))
		return false;
	/* "loop" is ours: it says that disk_release() has to undo the binding. */
	if ((!b.loop || device_set(xl, dev, "loop", b.node, err)) &&
	    device_set(xl, dev, "node", b.node, err) &&
	    device_set(xl, dev, "physical-device-path", b.node, err) &&
	    device_set(xl, dev, "physical-device", b.numbers, err) &&
	    device_set(xl, dev, "hotplug-status", "connected", err))
		return true;
	if (b.loop)
		free_loop(b.node);
	return false;
}

bool disk_attach(struct xl *xl, unsigned int domid, const struct disk_spec *d, struct xy_err *err)
{
	char *script = d->script ? hotplug_path(d->script) : NULL, number[16];
	const char *type = d->cdrom ? "cdrom" : "disk";
	const struct node front[] = {
		{ "virtual-device", number }, { "device-type", type },
		{ "trusted", d->untrusted ? "0" : "1" }, { 0 },
	};
	const struct node back[] = {
		{ "params", d->target }, { "dev", d->vdev }, { "type", "phy" },
		{ "mode", d->readonly ? "r" : d->shared ? "w!" : "w" }, { "device-type", type },
		{ "removable", d->cdrom ? "1" : "0" }, { "bootable", "1" },
		{ "discard-enable", d->discard && !d->readonly ? "1" : "0" },
		{ "specification", "xen" },
		{ "script", script ? script : DEFAULT_SCRIPT },
		{ script ? NULL : DEVICE_NATIVE, "1" }, { 0 },
	};
	const struct device dev = {
		.kind = "vbd", .domid = domid, .devid = d->devid, .front = front, .back = back,
	};
	bool ok;

	snprintf(number, sizeof(number), "%u", d->devid);
	ok = device_add(xl, &dev, err) && device_wait_backend(xl, &dev, err) &&
	     (script ? hotplug_run(&dev, script, "add", NULL, NULL, err) :
		       attach_native(xl, &dev, d, err));
	free(script);
	return ok;
}

void disk_release(struct xl *xl, const struct device *dev)
{
	char *loop = xl_read(xl, "/local/domain/0/backend/vbd/%u/%u/loop", dev->domid, dev->devid);

	if (loop && !strncmp(loop, "/dev/loop", 9))
		free_loop(loop);
	free(loop);
	hotplug_undo(xl, dev, "remove", NULL, NULL);
}
