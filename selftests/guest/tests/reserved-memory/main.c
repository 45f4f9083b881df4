// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that the machine's device tree reserves (machine.dtsi): dom0's drivers
 * find it in their tree and can access it where it is, and it is neither in dom0's
 * own memory nor in anybody else's.
 */
#include "test.h"

#define FIRMWARE	0x58000000UL	/* no-map, 2 MiB */
#define POOL		0x5a000000UL	/* reusable, 4 MiB */

static bool has_node(const char *name, u64 want_start, u64 want_size)
{
	struct dt_node n;
	u64 start, size;

	return dt_find(&n, name) && dt_reg(&n, 0, &start, &size) && start == want_start &&
	       size == want_size;
}

/* Do the memory nodes of our tree name any of [start, start + size)? */
static bool is_memory(u64 start, u64 size)
{
	struct dt_node n = { 0 };
	u64 at, len;

	while (dt_next(&n)) {
		const char *type = dt_prop(&n, "device_type", NULL);

		if (!type || strcmp(type, "memory"))
			continue;
		for (unsigned int i = 0; dt_reg(&n, i, &at, &len); i++)
			if (at < start + size && start < at + len)
				return true;
	}
	return false;
}

static void access(u64 start, u64 size, const char *what)
{
	volatile u64 *first = (u64 *)start, *last = (u64 *)(start + size - 8);

	*first = 0x1122334455667788;
	*last = 0x8877665544332211;
	check(*first == 0x1122334455667788 && *last == 0x8877665544332211, "%s can be accessed",
	      what);
}

/* Pages that the hypervisor gives us, as many as it will: none is of these. */
static void check_not_given(void)
{
	unsigned int bad = 0, n = 0;

	for (; n < 4096; n++) {
		void *page = page_reserve(1);
		u64 at = (u64)page;

		if ((at >= FIRMWARE && at < FIRMWARE + (2UL << 20)) || (at >= POOL && at < POOL + (4UL << 20)))
			bad++;
	}
	check_eq(bad, 0, "none of %u pages of our own is in them", n);
}

void test_main(void)
{
	check(has_node("firmware", FIRMWARE, (2UL << 20)), "the tree names the firmware's memory");
	check(has_node("pool", POOL, (4UL << 20)), "and the pool");
	check(!is_memory(FIRMWARE, (2UL << 20)), "what is no-map is not in our memory");
	check(is_memory(POOL, (4UL << 20)), "what is reusable is");
	access(FIRMWARE, (2UL << 20), "the firmware's memory");
	access(POOL, (4UL << 20), "the pool");
	check_not_given();
}
