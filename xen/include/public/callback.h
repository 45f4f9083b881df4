/* SPDX-License-Identifier: MIT */
/*
 * callback_op(cmd, arg): where a PV guest is entered. x86 PV.
 */
#ifndef __XEN_PUBLIC_CALLBACK_H__
#define __XEN_PUBLIC_CALLBACK_H__

#include "xen.h"

#define CALLBACKTYPE_event		0	/* events are pending */
#define CALLBACKTYPE_failsafe		1	/* a segment could not be loaded */
#define CALLBACKTYPE_syscall		2	/* 64-bit SYSCALL */
#define CALLBACKTYPE_sysenter_deprecated	3
#define CALLBACKTYPE_nmi		4
#define CALLBACKTYPE_sysenter		5
#define CALLBACKTYPE_syscall32		7	/* 32-bit SYSCALL */

#define _CALLBACKF_mask_events		0	/* events masked on entry */
#define CALLBACKF_mask_events		(1U << _CALLBACKF_mask_events)

#define CALLBACKOP_register		0
struct callback_register {
	uint16_t type;			/* CALLBACKTYPE_* */
	uint16_t flags;			/* CALLBACKF_* */
	xen_callback_t address;
};
typedef struct callback_register callback_register_t;
DEFINE_XEN_GUEST_HANDLE(callback_register_t);

/* NMI and the like only; an event callback cannot be taken away. */
#define CALLBACKOP_unregister		1
struct callback_unregister {
	uint16_t type;
	uint16_t _unused;
};
typedef struct callback_unregister callback_unregister_t;
DEFINE_XEN_GUEST_HANDLE(callback_unregister_t);

#endif
