/* SPDX-License-Identifier: MIT */
/*
 * The page two domains share for a byte channel. Rings of order 10 and 11 lie
 * in it, at offsets 1024 and 2048; larger ones are granted as listed.
 */
#ifndef __XEN_PUBLIC_IO_LIBXENVCHAN_H__
#define __XEN_PUBLIC_IO_LIBXENVCHAN_H__

#include "../xen-compat.h"

struct ring_shared {
	uint32_t cons, prod;
};

/* cli_notify, srv_notify: tell me when. */
#define VCHAN_NOTIFY_WRITE	0x1	/* data was written */
#define VCHAN_NOTIFY_READ	0x2	/* data was read */

struct vchan_interface {
	struct ring_shared left, right;	/* to the client, to the server */
	uint16_t left_order, right_order;
	uint8_t cli_live, srv_live;	/* 0 gone, 1 there, 2 may come back */
	uint8_t cli_notify, srv_notify;
	__extension__ uint32_t grants[0];
};

#endif
