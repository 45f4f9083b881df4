/* SPDX-License-Identifier: MIT */
/*
 * sched_op(cmd, arg): what a vCPU tells the scheduler, and a domain about its
 * end.
 */
#ifndef __XEN_PUBLIC_SCHED_H__
#define __XEN_PUBLIC_SCHED_H__

#include "event_channel.h"

/* Let others run; stay runnable. No argument. */
#define SCHEDOP_yield		0

/*
 * Sleep until an event is pending for this vCPU; unmasks upcalls. Returns at
 * once if one is. No argument.
 */
#define SCHEDOP_block		1

/* Stop the whole domain. arg: sched_shutdown_t. */
#define SCHEDOP_shutdown	2

/*
 * Sleep until one of the ports is pending, masked or not, or the time has come.
 * arg: sched_poll_t. At most 128 ports.
 */
#define SCHEDOP_poll		3

/* Record that another domain was shut down. arg: sched_remote_shutdown_t. */
#define SCHEDOP_remote_shutdown	4

/* Set the reason of a later shutdown and return. arg: sched_shutdown_t. */
#define SCHEDOP_shutdown_code	5

/*
 * Start, renew or stop a watchdog. arg: sched_watchdog_t. id 0 with a timeout
 * starts one and returns its id; an id renews it, or with timeout 0 stops it.
 * When it runs out the domain shuts down with SHUTDOWN_watchdog.
 */
#define SCHEDOP_watchdog	6

/* Pin the vCPU to a physical CPU for a moment. arg: sched_pin_override_t. */
#define SCHEDOP_pin_override	7

struct sched_shutdown {
	unsigned int reason;		/* SHUTDOWN_* */
};
typedef struct sched_shutdown sched_shutdown_t;
DEFINE_XEN_GUEST_HANDLE(sched_shutdown_t);

struct sched_poll {
	XEN_GUEST_HANDLE(evtchn_port_t) ports;
	unsigned int nr_ports;
	uint64_t timeout;		/* system time in ns, 0: for ever */
};
typedef struct sched_poll sched_poll_t;
DEFINE_XEN_GUEST_HANDLE(sched_poll_t);

struct sched_remote_shutdown {
	domid_t domain_id;
	unsigned int reason;		/* SHUTDOWN_* */
};
typedef struct sched_remote_shutdown sched_remote_shutdown_t;
DEFINE_XEN_GUEST_HANDLE(sched_remote_shutdown_t);

struct sched_watchdog {
	uint32_t id;
	uint32_t timeout;		/* seconds */
};
typedef struct sched_watchdog sched_watchdog_t;
DEFINE_XEN_GUEST_HANDLE(sched_watchdog_t);

struct sched_pin_override {
	int32_t pcpu;			/* negative: back to normal */
};
typedef struct sched_pin_override sched_pin_override_t;
DEFINE_XEN_GUEST_HANDLE(sched_pin_override_t);

/* Why a domain stopped. */
#define SHUTDOWN_poweroff	0	/* clean it up */
#define SHUTDOWN_reboot		1	/* clean it up, start it again */
#define SHUTDOWN_suspend	2	/* save it */
#define SHUTDOWN_crash		3	/* look what happened */
#define SHUTDOWN_watchdog	4	/* restart it, its watchdog ran out */
#define SHUTDOWN_soft_reset	5	/* reset it and let it go on */
#define SHUTDOWN_MAX		5

#endif
