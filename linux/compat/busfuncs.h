/* SPDX-License-Identifier: GPL-2.0-only */
/* Declarations that xen-bus has to define as the kernel's headers have them. */
#ifndef XYLEM_COMPAT_BUSFUNCS_H
#define XYLEM_COMPAT_BUSFUNCS_H

#include <linux/device.h>
#include <xen/xenbus.h>

/* The driver core's callbacks became strict about what they may change. */
#if COMPAT_SINCE(6, 11)
typedef const struct device_driver compat_driver_t;
#else
typedef struct device_driver compat_driver_t;
#endif

#if COMPAT_SINCE(6, 3)
typedef const struct device compat_uevent_device_t;
#define compat_to_xenbus_device(d) container_of_const(d, struct xenbus_device, dev)
#else
typedef struct device compat_uevent_device_t;
#define compat_to_xenbus_device(d) container_of(d, struct xenbus_device, dev)
#endif

#define compat_to_xenbus_driver(d) container_of(d, struct xenbus_driver, driver)

#if COMPAT_SINCE(5, 15)
typedef void compat_bus_remove_t;
#define compat_bus_removed()
#else
typedef int compat_bus_remove_t;
#define compat_bus_removed() return 0
#endif

#if COMPAT_SINCE(6, 15)
typedef bool compat_abort_t;
#else
typedef int compat_abort_t;
#endif

/* @fn takes a device, which may be NULL, and a path. */
#if COMPAT_SINCE(7, 0)
#define COMPAT_READ_DRIVER_STATE(fn)						\
	enum xenbus_state							\
	xenbus_read_driver_state(const struct xenbus_device *dev, const char *path) \
	{									\
		return fn(path);						\
	}
#else
#define COMPAT_READ_DRIVER_STATE(fn)						\
	enum xenbus_state xenbus_read_driver_state(const char *path)		\
	{									\
		return fn(path);						\
	}
#endif

/*
 * Before 6.0 drivers allocated their rings themselves and had them granted; since then
 * both is one function. @fn grants.
 */
#if COMPAT_SINCE(6, 0)
#define COMPAT_GRANT_RING(fn)
#else
int xenbus_setup_ring(struct xenbus_device *dev, gfp_t gfp, void **vaddr,
		      unsigned int nr_pages, grant_ref_t *grefs);
void xenbus_teardown_ring(void **vaddr, unsigned int nr_pages, grant_ref_t *grefs);
#define COMPAT_GRANT_RING(fn)							\
	int xenbus_grant_ring(struct xenbus_device *dev, void *vaddr,		\
			      unsigned int nr_pages, grant_ref_t *grefs)	\
	{									\
		return fn(dev, vaddr, nr_pages, grefs);				\
	}									\
	EXPORT_SYMBOL_GPL(xenbus_grant_ring);
#endif

/* Names that headers have only got since. */
#ifndef INVALID_GRANT_REF
#define INVALID_GRANT_REF ((grant_ref_t)-1)
#endif
#ifndef XENSTORE_ABS_PATH_MAX
#define XENSTORE_ABS_PATH_MAX 3072
#endif

#endif /* XYLEM_COMPAT_BUSFUNCS_H */
