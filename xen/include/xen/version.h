/* SPDX-License-Identifier: GPL-2.0-only */
/* The version of the ABI that we speak, as XENVER_version reports it. */
#ifndef XEN_VERSION_H
#define XEN_VERSION_H

#define XYLEM_XEN_MAJOR		4
#define XYLEM_XEN_MINOR		17
#define XYLEM_EXTRAVERSION	".0-xylem"

#endif
