/* SPDX-License-Identifier: MIT */
/*
 * domctl(arg): what the tools do to a domain. arg: xen_domctl_t.
 *
 * Not stable: every structure belongs to an interface version, and a call with
 * another one than the hypervisor speaks is refused with -EACCES before
 * anything else is looked at. The layouts of one version are one pair of files
 * in versioned/, so that another can join.
 */
#ifndef __XEN_PUBLIC_DOMCTL_H__
#define __XEN_PUBLIC_DOMCTL_H__

#if !defined(__XEN__) && !defined(__XEN_TOOLS__)
#error "domctl is for the hypervisor and its tools"
#endif

#include "versioned/domctl-4.17.h"

#endif
