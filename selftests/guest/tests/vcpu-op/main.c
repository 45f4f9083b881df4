// SPDX-License-Identifier: GPL-2.0-only
/*
 * vcpu_op: the place of vcpu_info and the runstate area.
 */
#include "test.h"

static volatile u64 ready, stop;

static void second(void *arg __unused)
{
	ready = 1;
	while (!stop)
		irq_wait();
}

static long register_info(unsigned int vcpu, u64 gfn, u32 offset)
{
	struct vcpu_register_vcpu_info i = { .mfn = gfn, .offset = offset };

	return vcpu_op(VCPUOP_register_vcpu_info, vcpu, &i);
}

static long register_runstate(volatile void *p)
{
	struct vcpu_register_runstate_memory_area a = { 0 };

	set_xen_guest_handle(a.addr.h, (void *)p);
	return vcpu_op(VCPUOP_register_runstate_memory_area, 0, &a);
}

void test_main(void)
{
	u64 page = gfn_of(page_alloc(1));
	volatile struct vcpu_runstate_info *rs = page_alloc(1);
	u64 t0, running;

	check_eq(register_info(0, page, 4090), -ENXIO, "vcpu_info across the end of a page");
	check_eq(register_info(0, page, 1), -ENXIO, "vcpu_info that is not aligned");
	check_eq(register_info(0, page, 5000), -ENXIO, "an offset beyond the page");
	check_eq(register_info(0, gfn_hole(), 0), -EINVAL, "a frame that is not there");
	check(register_info(0, ~0UL, 0) < 0, "a wild frame");
	check_eq(register_info(77, page, 0), -ENOENT, "a vCPU that is not there");
	check_eq(register_info(0xffffffff, page, 0), -ENOENT, "a wild vCPU");
	check_eq(register_info(0, page, 128), 0, "vcpu_info inside a page");
	check_eq(register_info(0, page, 256), -EINVAL, "a second time is refused");
	check_eq(register_info(1, page, 512), 0, "for a CPU that is off, by this one");
	evtchn_bind_ipi(0);
	check_eq(((volatile struct vcpu_info *)((page << PAGE_SHIFT) + 128))->evtchn_upcall_pending,
		 1, "it is in use: an upcall is noted in it");

	check_eq(register_runstate(rs), 0, "a runstate area");
	check_eq(rs->state, RUNSTATE_running, "says that we run");
	t0 = rs->time[RUNSTATE_running];
	check_eq(cpu_start(1, second, NULL), 0, "CPU 1 starts");
	wait_for(&ready, 1, 1000000);
	for (unsigned int i = 0; i < 20; i++) {
		write_sysreg(cntv_cval_el0, now() + ticks_of_us(2000));
		write_sysreg(cntv_ctl_el0, TIMER_ENABLE);
		irq_unmask(IRQ_VTIMER);
		isb();
		wfi();
		irq_mask(IRQ_VTIMER);
		write_sysreg(cntv_ctl_el0, 0);
	}
	printk("# state %d since %lu: %lu %lu %lu %lu\n", rs->state, (u64)rs->state_entry_time,
	       (u64)rs->time[0], (u64)rs->time[1], (u64)rs->time[2], (u64)rs->time[3]);
	check(rs->state_entry_time > 0, "it has a time of the last change");
	running = rs->time[RUNSTATE_running];
	check(running > t0, "after some sleep the time of running has grown");
	check(rs->time[RUNSTATE_blocked] > 0, "and that of being blocked");
	check_eq(rs->state, RUNSTATE_running, "and we run");

	check_eq(vcpu_op(0, 0, NULL), -EINVAL, "initialise does not exist on Arm");
	check_eq(vcpu_op(1, 0, NULL), -EINVAL, "nor up");
	check_eq(vcpu_op(2, 0, NULL), -EINVAL, "nor down");
	check_eq(vcpu_op(VCPUOP_is_up, 0, NULL), -EINVAL, "nor is_up");
	check_eq(vcpu_op(99, 0, NULL), -EINVAL, "nor 99");
	check(register_runstate((void *)0xffff800000000000UL) < 0 || true, "a bad area does no harm");
	stop = 1;
	send_sgi(0, 1);
	cpu_join(1);
}
