// SPDX-License-Identifier: GPL-2.0-only
/*
 * GNTTABOP_copy: by frames and by references, with offsets, and what is refused.
 */
#include "test.h"

#define SRC	GRANT_FIRST_FREE
#define DST	(GRANT_FIRST_FREE + 1)

static u8 *src, *dst;

static long copy(bool src_ref, u32 src_off, bool dst_ref, u32 dst_off, u32 len, domid_t dom)
{
	struct gnttab_copy c = {
		.len = len,
		.flags = (src_ref ? GNTCOPY_source_gref : 0) | (dst_ref ? GNTCOPY_dest_gref : 0),
	};
	long ret;

	c.source.offset = src_off;
	c.dest.offset = dst_off;
	c.source.domid = src_ref ? dom : DOMID_SELF;
	c.dest.domid = dst_ref ? dom : DOMID_SELF;
	if (src_ref)
		c.source.u.ref = SRC;
	else
		c.source.u.gmfn = gfn_of(src);
	if (dst_ref)
		c.dest.u.ref = DST;
	else
		c.dest.u.gmfn = gfn_of(dst);
	ret = grant_table_op(GNTTABOP_copy, &c, 1);
	return ret ? ret - 1000 : c.status;
}

static bool copied(u32 src_off, u32 dst_off, u32 len)
{
	for (u32 i = 0; i < PAGE_SIZE; i++) {
		u8 want = i >= dst_off && i < dst_off + len ? src[src_off + i - dst_off] : 0;

		if (dst[i] != want)
			return false;
	}
	memset(dst, 0, PAGE_SIZE);
	return true;
}

void test_main(void)
{
	static struct gnttab_copy ops[80];
	volatile struct grant_entry_v1 *t = grant_table(1);
	bool all = true;

	src = page_alloc(1);
	dst = page_alloc(1);
	for (u32 i = 0; i < PAGE_SIZE; i++)
		src[i] = i * 7 + 1;
	grant_access(SRC, 0, gfn_of(src), GTF_readonly);
	grant_access(DST, 0, gfn_of(dst), 0);

	check_eq(copy(false, 0, false, 0, 4096, 0), GNTST_okay, "frame to frame");
	check(copied(0, 0, 4096), "a whole page");
	check_eq(copy(true, 10, false, 100, 333, 0), GNTST_okay, "reference to frame");
	check(copied(10, 100, 333), "a piece at odd offsets");
	check_eq(copy(false, 4095, true, 0, 1, 0), GNTST_okay, "frame to reference");
	check(copied(4095, 0, 1), "one byte");
	check_eq(copy(true, 1, true, 4000, 96, 0), GNTST_okay, "reference to reference");
	check(copied(1, 4000, 96), "up to the end of the page");
	check_eq(copy(true, 0, true, 0, 0, 0), GNTST_okay, "nothing at all");
	check(copied(0, 0, 0), "changes nothing");
	check_eq(t[SRC].flags, GTF_permit_access | GTF_readonly, "the source is not in use after it");
	check_eq(t[DST].flags, GTF_permit_access, "nor is the destination");

	check_eq(copy(true, 4000, true, 0, 97, 0), GNTST_bad_copy_arg, "a source across its page");
	check_eq(copy(true, 0, true, 4000, 97, 0), GNTST_bad_copy_arg, "a destination across its page");
	check_eq(copy(true, 0, true, 0, 4097, 0), GNTST_bad_copy_arg, "more than a page");
	check_eq(copy(true, 65535, true, 0, 1, 0), GNTST_bad_copy_arg, "a wild offset");
	check_eq(copy(true, 0, true, 0, 65535, 0), GNTST_bad_copy_arg, "a wild length");
	check_eq(copy(true, 0, true, 0, 16, 1234), GNTST_bad_domain, "a domain that is not there");

	grant_end(DST);
	grant_access(DST, 0, gfn_of(dst), GTF_readonly);
	check_eq(copy(true, 0, true, 0, 16, 0), GNTST_general_error, "a read-only destination");
	grant_end(DST);
	check_eq(copy(true, 0, true, 0, 16, 0), GNTST_general_error, "an empty entry");
	grant_access(DST, 7, gfn_of(dst), 0);
	check_eq(copy(true, 0, true, 0, 16, 0), GNTST_general_error, "a grant to another domain");
	grant_end(DST);
	check(copied(0, 0, 0), "none of these wrote anything");

	/* A long batch, whose middle is wrong: the rest is done. */
	grant_access(DST, 0, gfn_of(dst), 0);
	for (unsigned int i = 0; i < ARRAY_SIZE(ops); i++) {
		ops[i] = (struct gnttab_copy){
			.len = 16, .flags = GNTCOPY_source_gref | GNTCOPY_dest_gref, .status = 77,
		};
		ops[i].source.offset = i * 16;
		ops[i].dest.offset = i * 16;
		ops[i].source.u.ref = SRC;
		ops[i].dest.u.ref = DST;
	}
	ops[40].dest.u.ref = 1 << 20;
	check_eq(grant_table_op(GNTTABOP_copy, ops, ARRAY_SIZE(ops)), 0, "a batch of 80");
	for (unsigned int i = 0; i < ARRAY_SIZE(ops); i++)
		if (ops[i].status != (i == 40 ? GNTST_bad_gntref : GNTST_okay))
			all = false;
	check(all, "one of them failed, and says so");
	check(!memcmp(dst, src, 640) && !memcmp(dst + 656, src + 656, 624) && dst[640] == 0,
	      "the others are done");
}
