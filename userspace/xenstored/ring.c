// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "ring.h"

#define SIZE XENSTORE_RING_SIZE

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

ssize_t ring_peek(const struct xenstore_domain_interface *r, void *buf,
		  size_t max)
{
	/*
	 * Pairs with the domain's barrier between filling the ring and moving
	 * req_prod: without it we might copy what was there before.
	 */
	uint32_t prod = __atomic_load_n(&r->req_prod, __ATOMIC_ACQUIRE);
	/* Ours to write, but the page is the domain's: read back, and checked. */
	uint32_t cons = __atomic_load_n(&r->req_cons, __ATOMIC_RELAXED);
	size_t n, first;

	if (prod - cons > SIZE)
		return -EIO;
	n = least(prod - cons, max);
	cons &= SIZE - 1;
	first = least(n, SIZE - cons);
	memcpy(buf, r->req + cons, first);
	memcpy((char *)buf + first, r->req, n - first);
	return n;
}

void ring_consume(struct xenstore_domain_interface *r, size_t len)
{
	uint32_t cons = __atomic_load_n(&r->req_cons, __ATOMIC_RELAXED);

	/*
	 * Pairs with the domain's barrier after reading req_cons: it may write
	 * over these bytes only when our copy of them is complete.
	 */
	__atomic_store_n(&r->req_cons, cons + (uint32_t)len, __ATOMIC_RELEASE);
}

ssize_t ring_write(struct xenstore_domain_interface *r, const void *data,
		   size_t len)
{
	/*
	 * Pairs with the domain's barrier before moving rsp_cons: it has done
	 * with the bytes we are about to overwrite.
	 */
	uint32_t cons = __atomic_load_n(&r->rsp_cons, __ATOMIC_ACQUIRE);
	uint32_t prod = __atomic_load_n(&r->rsp_prod, __ATOMIC_RELAXED);
	size_t n, first, at = prod & (SIZE - 1);

	if (prod - cons > SIZE)
		return -EIO;
	n = least(len, SIZE - (prod - cons));
	first = least(n, SIZE - at);
	memcpy(r->rsp + at, data, first);
	memcpy(r->rsp, (const char *)data + first, n - first);
	/* Pairs with the domain's barrier after reading rsp_prod. */
	__atomic_store_n(&r->rsp_prod, prod + (uint32_t)n, __ATOMIC_RELEASE);
	return n;
}
