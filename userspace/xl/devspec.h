/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Device specifications: the strings of disk=[] and vif=[] (see
 * xl-disk-configuration(5) and xl-network-configuration(5)), taken apart. Pure.
 */
#ifndef XL_DEVSPEC_H
#define XL_DEVSPEC_H

#include <stdbool.h>
#include <stdint.h>

struct spec_error {
	char text[256];
};

struct disk_spec {
	char *target;		/* path of the image or block device */
	char *vdev;		/* "xvda" */
	char *script;		/* hot-plug script, or NULL: done by xl itself */
	uint32_t devid;		/* the number for vdev */
	bool readonly, cdrom, discard, direct_io_safe;
	bool shared;		/* "w!": others may have it as well */
	bool untrusted;		/* the guest is to guard against its back end */
};

/* False and an error when the string means nothing. The spec is the caller's to free. */
bool disk_parse(const char *s, struct disk_spec *d, struct spec_error *err);
void disk_free(struct disk_spec *d);

/* Number of a virtual disk: xvd*, hd*, sd*, d<N>p<N> or the number; false when it is none. */
bool disk_vdev_number(const char *vdev, uint32_t *devid);

struct vif_spec {
	uint8_t mac[6];
	bool has_mac;		/* else one is to be made up */
	char *bridge, *script, *ip, *ifname, *gatewaydev;	/* or NULL */
	unsigned int mtu;	/* 0: the bridge's */
	bool untrusted;
	uint64_t rate_bytes;	/* credit in each interval; 0: unlimited */
	uint32_t rate_usecs;
};

bool vif_parse(const char *s, struct vif_spec *v, struct spec_error *err);
void vif_free(struct vif_spec *v);

#endif
