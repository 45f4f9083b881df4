/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The file system at /proc/xen: older names of devices, and what tells a program
 * that it runs in the control domain.
 */
#ifndef XYLEM_XENFS_H
#define XYLEM_XENFS_H

#include <linux/fs.h>

/* store.c: where a xenstored of this domain finds the kernel's ring. */
extern const struct file_operations xenfs_xsd_kva_fops;
extern const struct file_operations xenfs_xsd_port_fops;

/* syms.c, in kernels that are to have it. */
#ifdef CONFIG_XEN_SYMS
extern const struct file_operations xenfs_syms_fops;
#define XENFS_SYMS { "xensyms", &xenfs_syms_fops, 0400 }
#else
#define XENFS_SYMS { NULL }
#endif

/* xen-privcmd's */
extern const struct file_operations xen_privcmd_fops;

#endif /* XYLEM_XENFS_H */
