/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Internal to the library: giving memory to a guest and writing into it. */
#ifndef XY_GUEST_MEM_H
#define XY_GUEST_MEM_H

#include <stdint.h>

#include "xy_call.h"
#include "xy_err.h"
#include "xy_layout.h"

/* Backs a range (whole pages) in pages as large as alignment and supply allow. */
int xy_guest_populate(struct xy_call *c, uint16_t domid, struct xy_range range,
		      struct xy_err *err);

/*
 * Copies @len bytes to guest address @gpa (page aligned), zeroes the rest of the
 * last page and makes it all visible to a CPU with caches off. @data NULL: zeroes.
 */
int xy_guest_write(struct xy_call *c, uint16_t domid, uint64_t gpa, const void *data, size_t len,
		   struct xy_err *err);

#endif
