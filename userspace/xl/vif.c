// SPDX-License-Identifier: GPL-2.0-only
/* Network interfaces: what xen-netback makes is renamed, brought up and bridged. */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "device.h"

#define DEFAULT_BRIDGE "xenbr0"
/* The driver insists on the name of a script: see DEVICE_NATIVE. */
#define DEFAULT_SCRIPT XL_SCRIPT_DIR "/vif-bridge"

static bool fail(struct xy_err *err, const char *name, const char *what)
{
	xy_fail(err, -errno, "network interface %s: %s: %s", name, what, strerror(errno));
	return false;
}

static struct ifreq request(const char *name)
{
	struct ifreq r = { 0 };

	/* Longer names do not exist: the parser refuses them. */
	snprintf(r.ifr_name, sizeof(r.ifr_name), "%.15s", name);
	return r;
}

static bool rename_interface(int fd, const char *from, const char *to, struct xy_err *err)
{
	struct ifreq r = request(from);

	snprintf(r.ifr_newname, sizeof(r.ifr_newname), "%.15s", to);
	return !ioctl(fd, SIOCSIFNAME, &r) || fail(err, to, "cannot rename the interface to that");
}

/*
 * A bridge drops to its smallest port: the new one takes the bridge's MTU, unless it
 * was given one (@mtu not 0).
 */
static bool set_mtu(int fd, const char *name, const char *bridge, unsigned int mtu,
		    struct xy_err *err)
{
	struct ifreq r = request(bridge);

	if (!mtu && ioctl(fd, SIOCGIFMTU, &r))
		return true;
	if (mtu)
		r.ifr_mtu = (int)mtu;
	snprintf(r.ifr_name, sizeof(r.ifr_name), "%.15s", name);
	return !ioctl(fd, SIOCSIFMTU, &r) || !mtu || fail(err, name, "cannot set the mtu");
}

static bool join_bridge(int fd, const char *name, const char *bridge, struct xy_err *err)
{
	struct ifreq r = request(bridge);

	if (!if_nametoindex(bridge)) {
		xy_fail(err, -ENODEV, "network interface %s: there is no bridge %s in dom0; make "
			"it, or name another with bridge=", name, bridge);
		return false;
	}
	r.ifr_ifindex = (int)if_nametoindex(name);
	return !ioctl(fd, SIOCBRADDIF, &r) || errno == EBUSY ||
	       fail(err, name, "cannot be added to the bridge");
}

static bool bring_up(int fd, const char *name, struct xy_err *err)
{
	struct ifreq r = request(name);

	if (ioctl(fd, SIOCGIFFLAGS, &r))
		return fail(err, name, "cannot be found");
	r.ifr_flags |= IFF_UP;
	return !ioctl(fd, SIOCSIFFLAGS, &r) || fail(err, name, "cannot be brought up");
}

static bool attach_native(const char *made, const struct vif_spec *v, struct xy_err *err)
{
	const char *name = v->ifname ? v->ifname : made;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	const char *bridge = v->bridge ? v->bridge : DEFAULT_BRIDGE;
	bool ok;

	if (fd < 0)
		return fail(err, made, "no socket");
	ok = (!v->ifname || rename_interface(fd, made, name, err)) &&
	     set_mtu(fd, name, bridge, v->mtu, err) && join_bridge(fd, name, bridge, err) &&
	     bring_up(fd, name, err);
	close(fd);
	return ok;
}

bool vif_make_mac(struct vif_spec *v)
{
	v->mac[0] = 0x00;
	v->mac[1] = 0x16;
	v->mac[2] = 0x3e;
	v->has_mac = getrandom(v->mac + 3, 3, 0) == 3;
	v->mac[3] &= 0x7f;
	return v->has_mac;
}

struct vif_text {
	char mac[18], handle[12], rate[48], made[24], mtu[12];
};

static void vif_texts(struct vif_text *t, unsigned int domid, unsigned int handle,
		      const struct vif_spec *v)
{
	const uint8_t *mac = v->mac;

	snprintf(t->mac, sizeof(t->mac), "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2],
		 mac[3], mac[4], mac[5]);
	snprintf(t->mtu, sizeof(t->mtu), "%u", v->mtu ? v->mtu : 1500);
	snprintf(t->handle, sizeof(t->handle), "%u", handle);
	snprintf(t->rate, sizeof(t->rate), "%llu,%u", (unsigned long long)v->rate_bytes,
		 v->rate_usecs);
	snprintf(t->made, sizeof(t->made), "vif%u.%u", domid, handle);
}

/* Fills @back with what is set; room for all. */
static void vif_backend_nodes(struct node *back, const struct vif_text *t,
			      const struct vif_spec *v, const char *script)
{
	const struct node all[] = {
		{ "mac", t->mac }, { "handle", t->handle }, { "type", "vif" },
		{ "hotplug-status", "" }, { "ip", v->ip },
		{ "script", script ? script : DEFAULT_SCRIPT },
		{ DEVICE_NATIVE, script ? NULL : "1" },
		{ "bridge", v->bridge ? v->bridge : script ? NULL : DEFAULT_BRIDGE },
		{ "vifname", v->ifname }, { "mtu", v->mtu ? t->mtu : NULL }, { "gatewaydev", v->gatewaydev },
		{ "rate", v->rate_bytes ? t->rate : NULL },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i].value)
			*back++ = all[i];
	*back = (struct node){ 0 };
}

bool vif_attach(struct xl *xl, unsigned int domid, unsigned int handle, const struct vif_spec *v,
		struct xy_err *err)
{
	char *script = v->script ? hotplug_path(v->script) : NULL;
	struct vif_text t;
	const struct node front[] = {
		{ "handle", t.handle }, { "mac", t.mac }, { "trusted", v->untrusted ? "0" : "1" },
		{ "mtu", t.mtu }, { 0 },
	};
	struct node back[16];
	const struct device dev = {
		.kind = "vif", .domid = domid, .devid = handle, .front = front, .back = back,
	};
	bool ok;

	vif_texts(&t, domid, handle, v);
	vif_backend_nodes(back, &t, v, script);
	ok = device_add(xl, &dev, err) && device_wait_backend(xl, &dev, err);
	if (ok && script)
		ok = hotplug_run(&dev, script, "online", "type_if=vif", t.made, err);
	else if (ok)
		ok = attach_native(t.made, v, err) &&
		     device_set(xl, &dev, "hotplug-status", "connected", err);
	free(script);
	return ok;
}

/* The interface itself goes with its back end, out of any bridge too. */
void vif_release(struct xl *xl, const struct device *dev)
{
	char made[24];

	snprintf(made, sizeof(made), "vif%u.%u", dev->domid, dev->devid);
	hotplug_undo(xl, dev, "offline", "type_if=vif", made);
}
