/* SPDX-License-Identifier: MIT */
/*
 * States of a front or back end, as its "state" node in xenstore holds them in
 * decimal.
 */
#ifndef _XEN_PUBLIC_IO_XENBUS_H
#define _XEN_PUBLIC_IO_XENBUS_H

enum xenbus_state {
	XenbusStateUnknown = 0,
	XenbusStateInitialising = 1,
	/* Looked at the device, waits for the peer's or a script's details. */
	XenbusStateInitWait = 2,
	/* Published its own details, waits for the peer to connect. */
	XenbusStateInitialised = 3,
	XenbusStateConnected = 4,
	/* The device goes away, by an error or on request. */
	XenbusStateClosing = 5,
	XenbusStateClosed = 6,
	/* PCI: devices are being added or removed. */
	XenbusStateReconfiguring = 7,
	XenbusStateReconfigured = 8
};
typedef enum xenbus_state XenbusState;

#endif
