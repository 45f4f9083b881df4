// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "conring.h"

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

ssize_t conring_read(struct xencons_interface *r, void *buf, size_t max)
{
	const size_t size = sizeof(r->out);
	/* Pairs with the guest's barrier between writing and moving out_prod. */
	uint32_t prod = __atomic_load_n(&r->out_prod, __ATOMIC_ACQUIRE);
	uint32_t cons = __atomic_load_n(&r->out_cons, __ATOMIC_RELAXED);
	size_t n, first, at = cons & (size - 1);

	if (prod - cons > size)
		return -EIO;
	n = least(prod - cons, max);
	first = least(n, size - at);
	memcpy(buf, r->out + at, first);
	memcpy((char *)buf + first, r->out, n - first);
	/*
	 * Pairs with the guest's barrier after reading out_cons: it may write
	 * over these bytes only when they are copied.
	 */
	__atomic_store_n(&r->out_cons, cons + (uint32_t)n, __ATOMIC_RELEASE);
	return n;
}

ssize_t conring_room(const struct xencons_interface *r)
{
	/* Pairs with the guest's barrier between reading and moving in_cons. */
	uint32_t cons = __atomic_load_n(&r->in_cons, __ATOMIC_ACQUIRE);
	uint32_t prod = __atomic_load_n(&r->in_prod, __ATOMIC_RELAXED);

	if (prod - cons > sizeof(r->in))
		return -EIO;
	return sizeof(r->in) - (prod - cons);
}

ssize_t conring_write(struct xencons_interface *r, const void *data, size_t len)
{
	const size_t size = sizeof(r->in);
	ssize_t room = conring_room(r);
	uint32_t prod = __atomic_load_n(&r->in_prod, __ATOMIC_RELAXED);
	size_t n, first, at = prod & (size - 1);

	if (room < 0)
		return room;
	n = least(len, room);
	first = least(n, size - at);
	memcpy(r->in + at, data, first);
	memcpy(r->in, (const char *)data + first, n - first);
	/* Pairs with the guest's barrier after reading in_prod. */
	__atomic_store_n(&r->in_prod, prod + (uint32_t)n, __ATOMIC_RELEASE);
	return n;
}
