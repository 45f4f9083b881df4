/* SPDX-License-Identifier: GPL-2.0-only */
/* Bringing domains to life and taking them away, with all that belongs to them. */
#ifndef XL_DOMAIN_H
#define XL_DOMAIN_H

#include "domcfg.h"
#include "xl.h"

/*
 * Makes the domain that @cfg describes, paused; returns its id. UUID and MAC
 * addresses must be set. On failure nothing of it is left and -1 is returned with
 * a sentence in @err.
 */
int domain_create(struct xl *xl, const struct domcfg *cfg, struct xy_err *err);

/*
 * Ends a domain in any state and removes its devices and nodes. False with a
 * sentence when the hypervisor refuses.
 */
bool domain_destroy(struct xl *xl, unsigned int domid, struct xy_err *err);

/* Gives a domain another name in xenstore. */
bool domain_rename(struct xl *xl, unsigned int domid, const char *name, struct xy_err *err);

/* Brings @cfg up to date with what was changed of the domain since it was made. */
void domain_reload(struct xl *xl, unsigned int domid, struct domcfg *cfg);

/*
 * Stays with a domain until it is gone, does what its configuration says when it
 * shuts down, reboots or crashes, and returns an exit status. @cfg follows what is
 * changed of the domain.
 */
int monitor_run(struct xl *xl, struct domcfg *cfg, unsigned int domid);
/* The same in a background process of its own, with a log; false with a sentence. */
bool monitor_start(struct xl *xl, struct domcfg *cfg, unsigned int domid,
		   struct xy_err *err);

/* Opens a domain's console, waiting for it a while; -1 after a message. */
int console_open(struct xl *xl, unsigned int domid);
/*
 * Connects this terminal to an open console until @escape is typed or the console
 * ends, and closes it. What the guest said since console_open() is not lost.
 */
void console_relay(int tty, char escape);

#define CONSOLE_ESCAPE	0x1d	/* Ctrl-] */

#endif
