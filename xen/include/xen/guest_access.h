/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Access to the memory of the calling guest by the addresses it passes in
 * hypercalls: guest virtual addresses, translated as the guest's kernel would.
 * Each page is used with a reference held, so that it may be unmapped or the
 * domain destroyed meanwhile. All return 0 or -EFAULT; nothing faults.
 * A copy that fails may have been done in part.
 */
#ifndef XEN_GUEST_ACCESS_H
#define XEN_GUEST_ACCESS_H

#include <xen/mm.h>

/* Arch. Interrupts may be on; no p2m lock held. */
int __must_check copy_from_guest_va(void *dst, guest_va_t src, size_t size);
int __must_check copy_to_guest_va(guest_va_t dst, const void *src, size_t size);
int __must_check clear_guest_va(guest_va_t dst, size_t size);

/* One 32-bit word of the caller, whose domain is d: what the most frequent calls pass. */
int __must_check read_guest_va32(uint32_t *val, guest_va_t src, struct domain *d);

/* The page behind an address of the caller, its domain's own and writable, referenced; NULL. */
struct page_info *get_page_from_guest_va(guest_va_t va);

#define guest_handle_va(h)	((guest_va_t)(uintptr_t)(h).p)
#define guest_handle_is_null(h)	(!(h).p)
/* Element i of an array handle; the element's size is the handle's. */
#define guest_handle_elem(h, i)	(guest_handle_va(h) + (uint64_t)(i) * sizeof(*(h).p))
#define copy_from_guest(ptr, h, nr) \
	copy_from_guest_va(ptr, guest_handle_va(h), sizeof(*(ptr)) * (size_t)(nr))
#define copy_to_guest(h, ptr, nr) \
	copy_to_guest_va(guest_handle_va(h), ptr, sizeof(*(ptr)) * (size_t)(nr))
#define copy_elem_from_guest(ptr, h, i) \
	copy_from_guest_va(ptr, guest_handle_elem(h, i), sizeof(*(ptr)))
#define copy_elem_to_guest(h, i, ptr) \
	copy_to_guest_va(guest_handle_elem(h, i), ptr, sizeof(*(ptr)))

#endif
