/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Hypercalls from a process, through /dev/xen/privcmd.
 *
 * Failure: functions return 0 (or a non-negative result) or a negative errno
 * value; for hypercalls it is the hypervisor's own. errno is not kept.
 * Fork: a handle belongs to the process that opened it. A child closes nothing
 * it inherited and opens its own; mapped buffers are not inherited.
 * Exec: all descriptors are close-on-exec.
 * Threads: a handle serves one thread at a time; handles are independent.
 */
#ifndef XY_CALL_H
#define XY_CALL_H

#include <stddef.h>
#include <stdint.h>

struct xy_call;

/* -ENOENT when there is no privcmd device: not on Xen, or no module loaded. */
int xy_call_open(struct xy_call **out);
void xy_call_close(struct xy_call *c);	/* accepts NULL */

/* The privcmd descriptor, for mapping calls; it stays the handle's. */
int xy_call_fd(const struct xy_call *c);

/* Hypercall @nr with up to five arguments. */
long xy_hypercall(struct xy_call *c, unsigned int nr, const uint64_t arg[5]);

#define xy_hcall(c, nr, ...) xy_hypercall((c), (nr), (const uint64_t[5]){ __VA_ARGS__ })

/*
 * Memory the hypervisor may read and write during a call: page aligned, always
 * present, zeroed. NULL when out of memory. Freed with the size it was made with.
 */
void *xy_buf_alloc(struct xy_call *c, size_t size);
void xy_buf_free(struct xy_call *c, void *buf, size_t size);

/* The value of a buffer as a hypercall argument or inside a guest handle. */
static inline uint64_t xy_addr(const void *p)
{
	return (uint64_t)(uintptr_t)p;
}

/*
 * Hypercall @nr(@cmd, @arg), with the structure copied to a buffer before and,
 * whatever the result, back after. xy_call_arg() is for calls without a command.
 */
long xy_call_op(struct xy_call *c, unsigned int nr, unsigned int cmd, void *arg, size_t size);
long xy_call_arg(struct xy_call *c, unsigned int nr, void *arg, size_t size);

#endif
