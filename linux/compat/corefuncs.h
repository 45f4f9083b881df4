/* SPDX-License-Identifier: GPL-2.0-only */
/* Declarations that xen-core has to define as the kernel's headers have them. */
#ifndef XYLEM_COMPAT_COREFUNCS_H
#define XYLEM_COMPAT_COREFUNCS_H

#include <linux/mm.h>
#include <xen/events.h>
#include <xen/evtchn.h>
#include <xen/grant_table.h>
#include <xen/xenbus.h>

#if COMPAT_SINCE(5, 14)
#include <linux/panic_notifier.h>
#else
#include <linux/kernel.h>
#endif

/* Static channels: see events.h. @fn takes the port and whether it is one. */
#ifdef IOCTL_EVTCHN_BIND_STATIC
#define COMPAT_MAKE_REFCOUNTED(fn)						\
	int evtchn_make_refcounted(evtchn_port_t port, bool is_static)		\
	{									\
		return fn(port, is_static);					\
	}
#else
#define COMPAT_MAKE_REFCOUNTED(fn)						\
	int evtchn_make_refcounted(evtchn_port_t port)				\
	{									\
		return fn(port, false);						\
	}
#endif

/* The peer of an interdomain channel was a number before 5.12. */
#if COMPAT_SINCE(5, 12)
typedef struct xenbus_device *compat_peer_t;
static inline domid_t compat_peer_domain(compat_peer_t peer)
{
	return peer->otherend_id;
}
#else
typedef unsigned int compat_peer_t;
static inline domid_t compat_peer_domain(compat_peer_t peer)
{
	return peer;
}
#endif

/*
 * Ending a grant told, up to 5.17, whether it was a read-only one, which nobody
 * needs; and the page to free was an address up to 5.18.
 */
#if COMPAT_SINCE(5, 18)
#define COMPAT_END_ACCESS_REF(fn)						\
	int gnttab_end_foreign_access_ref(grant_ref_t ref)			\
	{									\
		return fn(ref);							\
	}
#else
#define COMPAT_END_ACCESS_REF(fn)						\
	int gnttab_end_foreign_access_ref(grant_ref_t ref, int readonly)	\
	{									\
		return fn(ref);							\
	}
#endif

#if COMPAT_SINCE(5, 19)
#define COMPAT_END_ACCESS(fn)							\
	void gnttab_end_foreign_access(grant_ref_t ref, struct page *page)	\
	{									\
		fn(ref, page);							\
	}
#elif COMPAT_SINCE(5, 18)
#define COMPAT_END_ACCESS(fn)							\
	void gnttab_end_foreign_access(grant_ref_t ref, unsigned long addr)	\
	{									\
		fn(ref, addr ? virt_to_page((void *)addr) : NULL);		\
	}
#else
#define COMPAT_END_ACCESS(fn)							\
	void gnttab_end_foreign_access(grant_ref_t ref, int readonly,		\
				       unsigned long addr)			\
	{									\
		fn(ref, addr ? virt_to_page((void *)addr) : NULL);		\
	}
#endif

/* The first references are not for general use; a name since 5.11. */
#ifndef GNTTAB_NR_RESERVED_ENTRIES
#define GNTTAB_NR_RESERVED_ENTRIES 8
#endif

#endif /* XYLEM_COMPAT_COREFUNCS_H */
