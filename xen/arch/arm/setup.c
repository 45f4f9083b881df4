// SPDX-License-Identifier: GPL-2.0-only
/* Start of the hypervisor on the boot CPU. The order is the contents. */
#include <xen/console.h>
#include <xen/domain.h>
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/param.h>
#include <xen/sched.h>
#include <xen/smp.h>
#include <xen/softirq.h>
#include <xen/timer.h>
#include <drivers/arm_timer.h>
#include <drivers/gic.h>
#include <drivers/uart.h>
#include <asm/cpufeature.h>
#include <asm/entry.h>
#include <asm/errata.h>
#include <asm/irq.h>
#include <asm/mm.h>
#include <asm/p2m.h>
#include <asm/sections.h>
#include <asm/setup.h>
#include <asm/smccc.h>
#include <libfdt.h>

const void *device_tree;
paddr_t image_phys_base;

static void __init map_device_tree(paddr_t fdt_paddr)
{
	const void *fdt;

	if (fdt_paddr & 7)
		panic("The device tree is at 0x%lx, not 8-byte aligned", fdt_paddr);
	/* Maps whole blocks: a damaged header is looked at safely. */
	fdt = early_fdt_map(fdt_paddr);
	if (fdt_check_header(fdt) || fdt_totalsize(fdt) > MB(2))
		panic("No valid device tree (of at most 2 MiB) at 0x%lx", fdt_paddr);
	device_tree = fdt;
}

static void __init report_boot(void)
{
	static const char *const kinds[] __initconst = {
		"Xylem", "device tree", "kernel", "ramdisk", "other"
	};

	for (unsigned int i = 0; i < bootinfo.mem.nr; i++) {
		const struct membank *b = &bootinfo.mem.bank[i];

		printk(XENLOG_INFO "RAM 0x%010lx - 0x%010lx\n", b->start, b->start + b->size);
	}
	for (unsigned int i = 0; i < bootinfo.nr_modules; i++) {
		const struct boot_module *m = &bootinfo.module[i];

		printk(XENLOG_INFO "Module 0x%010lx - 0x%010lx %s\n", m->start,
		       m->start + m->size, kinds[m->kind]);
	}
	printk(XENLOG_INFO "Command line: %s\n", bootinfo.xen_bootargs);
}

/*
 * From here on nothing of the init sections is used, nor is this function's
 * caller returned to.
 */
static void __noreturn __noinline finish_boot(void)
{
	free_init_memory();
	printk(XENLOG_INFO "Hypervisor memory: %lu KiB in use, %lu KiB free of %lu KiB\n",
	       (total_heap_pages() - avail_heap_pages()) * 4, avail_heap_pages() * 4,
	       total_heap_pages() * 4);
	if (hardware_domain)
		domain_unpause_by_controller(hardware_domain);
	local_irq_enable();
	run_on_stack(cpu_stack_top[0]);
}

void __init start_xylem(paddr_t boot_phys, paddr_t fdt_paddr)
{
	image_phys_base = boot_phys;
	cpu_init_el2();

	/* What was loaded where; then a console to complain on. */
	map_device_tree(fdt_paddr);
	uart_init_early(device_tree);
	time_init_boot(device_tree);
	bootfdt_parse(device_tree, fdt_paddr, boot_phys, boot_phys + (_end - _start));
	cmdline_parse(bootinfo.xen_bootargs);
	uart_init(device_tree);
	printk("Xylem (Xen ABI %u.%u%s)\n", XYLEM_XEN_MAJOR, XYLEM_XEN_MINOR, XYLEM_EXTRAVERSION);
	report_boot();

	/* Memory: needs to know of everything that is in use. */
	cpufeature_init_boot();
	errata_init_cpu();
	mm_init();
	smp_find_cpus(device_tree);
	percpu_init_areas();

	/* Scheduling: "current" exists from here on. */
	timers_init();
	scheduler_init();
	if (scheduler_init_cpu(0))
		panic("No memory for the scheduler");
	set_current(alloc_idle_vcpu(0));

	/* Interrupts: the controller before those who want one. */
	gic_preinit(device_tree);
	irq_init();
	if (psci_init(device_tree))
		printk(XENLOG_WARNING "No PSCI: one CPU, and the machine cannot be switched off\n");
	smccc_init_cpu();
	branch_hardening_init_cpu();
	p2m_boot_init();
	smp_init_boot_cpu();
	keyhandlers_init();
	console_init_late();
	uart_enable_input(device_tree);
	local_irq_enable();

	smp_start_cpus();
	cpufeature_report();

	construct_dom0();
	discard_boot_modules();
	finish_boot();
}
