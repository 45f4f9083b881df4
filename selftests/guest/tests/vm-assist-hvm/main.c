// SPDX-License-Identifier: GPL-2.0-only
/*
 * vm_assist and the HVM parameters as they are on Arm.
 */
#include "test.h"

static long get(domid_t dom, unsigned int index, u64 *value)
{
	struct xen_hvm_param p = { .domid = dom, .index = index };
	long ret = hvm_op(HVMOP_get_param, &p);

	*value = p.value;
	return ret;
}

static long set(domid_t dom, unsigned int index, u64 value)
{
	struct xen_hvm_param p = { .domid = dom, .index = index, .value = value };

	return hvm_op(HVMOP_set_param, &p);
}

void test_main(void)
{
	u64 v = 77;

	check_eq(vm_assist(VMASST_CMD_enable, VMASST_TYPE_runstate_update_flag), 0,
		 "runstate_update_flag can be enabled");
	check_eq(vm_assist(VMASST_CMD_disable, VMASST_TYPE_runstate_update_flag), 0,
		 "and disabled");
	check_eq(vm_assist(VMASST_CMD_enable, VMASST_TYPE_4gb_segments), -EINVAL,
		 "4gb_segments cannot");
	check_eq(vm_assist(VMASST_CMD_enable, 63), -EINVAL, "nor 63");
	check_eq(vm_assist(VMASST_CMD_enable, 64), -EINVAL, "nor 64");
	check_eq(vm_assist(VMASST_CMD_enable, 0xffffffff), -EINVAL, "nor a wild one");
	check_eq(vm_assist(2, VMASST_TYPE_runstate_update_flag), -ENOSYS, "nor by another command");

	check_eq(get(DOMID_SELF, HVM_PARAM_STORE_PFN, &v), 0, "STORE_PFN can be read");
	check_eq(set(DOMID_SELF, HVM_PARAM_STORE_PFN, 0x1234), -EPERM,
		 "but not set by the domain itself");
	check_eq(get(DOMID_SELF, HVM_NR_PARAMS, &v), -EINVAL, "a parameter beyond all");
	check_eq(get(DOMID_SELF, 0xffffffff, &v), -EINVAL, "a wild one");
	check_eq(set(DOMID_SELF, HVM_NR_PARAMS, 1), -EINVAL, "setting one beyond all");
	check_eq(get(1234, HVM_PARAM_STORE_PFN, &v), -ESRCH, "of nobody");
	check_eq(hvm_op(99, NULL), -ENOSYS, "an unknown operation");
}
