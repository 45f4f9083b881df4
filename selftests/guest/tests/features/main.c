// SPDX-License-Identifier: GPL-2.0-only
/*
 * The feature bits, on which Linux bases how it does DMA and what it thinks
 * it is. A wrong bit does not fail: it corrupts memory later.
 */
#include "test.h"

static long submap(unsigned int idx, u32 *bits)
{
	struct xen_feature_info fi = { .submap_idx = idx };
	long ret = xen_version(XENVER_get_features, &fi);

	*bits = fi.submap;
	return ret;
}

void test_main(void)
{
	static const struct {
		unsigned int bit;
		const char *name;
	} on[] = {
		{ XENFEAT_writable_page_tables, "writable_page_tables" },
		{ XENFEAT_auto_translated_physmap, "auto_translated_physmap" },
		{ XENFEAT_dom0, "dom0" },
		{ XENFEAT_ARM_SMCCC_supported, "ARM_SMCCC_supported" },
		{ XENFEAT_direct_mapped, "direct_mapped" },
	}, off[] = {
		{ XENFEAT_supervisor_mode_kernel, "supervisor_mode_kernel" },
		{ XENFEAT_pae_pgdir_above_4gb, "pae_pgdir_above_4gb" },
		{ XENFEAT_mmu_pt_update_preserve_ad, "mmu_pt_update_preserve_ad" },
		{ XENFEAT_highmem_assist, "highmem_assist" },
		{ XENFEAT_gnttab_map_avail_bits, "gnttab_map_avail_bits" },
		{ XENFEAT_hvm_callback_vector, "hvm_callback_vector" },
		{ XENFEAT_hvm_safe_pvclock, "hvm_safe_pvclock" },
		{ XENFEAT_hvm_pirqs, "hvm_pirqs" },
		{ XENFEAT_not_direct_mapped, "not_direct_mapped" },
	};
	u32 bits = 0, more = 0;

	check_eq(submap(0, &bits), 0, "submap 0 answers");
	printk("# features %08x\n", bits);
	for (unsigned int i = 0; i < ARRAY_SIZE(on); i++)
		check(bits & BIT(on[i].bit), "%s is set", on[i].name);
	for (unsigned int i = 0; i < ARRAY_SIZE(off); i++)
		check(!(bits & BIT(off[i].bit)), "%s is clear", off[i].name);

	check_eq(submap(XENFEAT_NR_SUBMAPS, &more), -EINVAL, "the next submap does not exist");
	check_eq(submap(0xffffffff, &more), -EINVAL, "submap 0xffffffff does not exist");
}
