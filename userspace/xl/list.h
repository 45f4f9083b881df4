/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XL_LIST_H
#define XL_LIST_H

#include <xen/xen.h>
#include <xen/domctl.h>

#include "json.h"
#include "xl.h"

/* One domain as an element of a list. */
void list_long_row(struct xl *xl, struct json *j, const struct xen_domctl_getdomaininfo *d);

#endif
