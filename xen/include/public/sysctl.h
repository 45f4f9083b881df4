/* SPDX-License-Identifier: MIT */
/*
 * sysctl(arg): what the tools do to the host. arg: xen_sysctl_t. Versioned in
 * the same way as domctl.
 */
#ifndef __XEN_PUBLIC_SYSCTL_H__
#define __XEN_PUBLIC_SYSCTL_H__

#if !defined(__XEN__) && !defined(__XEN_TOOLS__)
#error "sysctl is for the hypervisor and its tools"
#endif

#include "versioned/sysctl-4.17.h"

#endif
