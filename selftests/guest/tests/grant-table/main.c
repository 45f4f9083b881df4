// SPDX-License-Identifier: GPL-2.0-only
/*
 * The grant table itself: size, version, frames.
 */
#include "test.h"

void test_main(void)
{
	struct gnttab_query_size q = { .dom = DOMID_SELF };
	struct gnttab_set_version v = { .version = 1 };
	struct gnttab_get_version g = { .dom = DOMID_SELF };
	volatile struct grant_entry_v1 *t = grant_table(2);
	bool zero = true;

	check_eq(grant_table_op(GNTTABOP_query_size, &q, 1), 0, "query_size");
	check_eq(q.status, GNTST_okay, "its status");
	check(q.nr_frames >= 2, "it has the frames that were mapped");
	check(q.max_nr_frames >= q.nr_frames && q.max_nr_frames <= 1024, "and a limit");
	printk("# %u of %u frames\n", q.nr_frames, q.max_nr_frames);
	for (unsigned int i = GRANT_FIRST_FREE; i < 2 * PAGE_SIZE / sizeof(*t); i++)
		if (t[i].flags || t[i].frame)
			zero = false;
	check(zero, "its entries are empty");

	check_eq(grant_table_op(GNTTABOP_get_version, &g, 1), 0, "get_version");
	check_eq(g.version, 1, "the version is 1");
	check_eq(grant_table_op(GNTTABOP_set_version, &v, 1), 0, "version 1 is set");
	check_eq(v.version, 1, "and is in force");
	v.version = 2;
	check(grant_table_op(GNTTABOP_set_version, &v, 1) < 0, "version 2 is refused");
	v.version = 3;
	check_eq(grant_table_op(GNTTABOP_set_version, &v, 1), -EINVAL, "so is version 3");

	q.dom = 1234;
	check_eq(grant_table_op(GNTTABOP_query_size, &q, 1), 0, "query_size of nobody");
	check_eq(q.status, GNTST_bad_domain, "its status");
	check_eq(grant_table_op(GNTTABOP_query_size, &q, 2), -EINVAL, "query_size takes one");
	check_eq(grant_table_op(99, &q, 1), -ENOSYS, "an unknown operation");
	check(grant_table_op(GNTTABOP_map_grant_ref, &q, 0) == 0, "a count of nothing");
	check(grant_table_op(GNTTABOP_map_grant_ref, &q, 0xffffffff) == -EINVAL, "a wild count");
}
