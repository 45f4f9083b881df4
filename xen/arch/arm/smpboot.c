// SPDX-License-Identifier: GPL-2.0-only
/* Finding and starting the other CPUs. */
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/param.h>
#include <xen/sched.h>
#include <xen/smp.h>
#include <xen/time.h>
#include <xen/timer.h>
#include <drivers/arm_timer.h>
#include <drivers/dt.h>
#include <drivers/gic.h>
#include <asm/cpufeature.h>
#include <asm/entry.h>
#include <asm/errata.h>
#include <asm/irq.h>
#include <asm/mm.h>
#include <asm/p2m.h>
#include <asm/sections.h>
#include <asm/setup.h>
#include <asm/smccc.h>
#include <asm/sysregs.h>
#include <asm/traps.h>
#include <asm/vtimer.h>
#include <libfdt.h>

unsigned long percpu_offset_[NR_CPUS];
DEFINE_PER_CPU(unsigned int, cpu_id);
uint64_t cpu_logical_map[NR_CPUS];
void *cpu_stack_top[NR_CPUS];

static unsigned int __initdata opt_maxcpus = NR_CPUS;
integer_param("maxcpus", opt_maxcpus);

/* Set by a CPU that found it cannot join; it is off then. */
static bool secondary_refused;
/*
 * The CPU that may begin; 0: none. It takes the number away, or the boot CPU does
 * that has waited too long: one that comes later is not to join among guests.
 */
static unsigned int starting_cpu;

static bool __init can_be_started(const void *fdt, int node)
{
	const char *method = fdt_getprop(fdt, node, "enable-method", NULL);
	const char *name = fdt_get_name(fdt, node, NULL);

	if (!method || strcmp(method, "psci")) {
		printk(XENLOG_WARNING
		       "%s is not used: its enable-method is \"%s\", only PSCI is supported\n",
		       name, method ? method : "");
		return false;
	}
	return true;
}

void __init smp_find_cpus(const void *fdt)
{
	uint64_t self = READ_SYSREG(mpidr_el1) & MPIDR_AFF_MASK, mpidr;
	int cpus = fdt_path_offset(fdt, "/cpus"), node;
	unsigned int ac, sc;

	nr_cpu_ids = 1;
	cpu_logical_map[0] = self;
	if (cpus < 0) {
		printk(XENLOG_WARNING "No /cpus in the device tree: one CPU\n");
		return;
	}
	dt_child_cells(fdt, cpus, &ac, &sc);
	fdt_for_each_subnode(node, fdt, cpus) {
		const char *type = fdt_getprop(fdt, node, "device_type", NULL);
		int len;
		const fdt32_t *reg = fdt_getprop(fdt, node, "reg", &len);

		if (!type || strcmp(type, "cpu") || !dt_is_available(fdt, node))
			continue;
		if (!reg || ac > 2 || len < (int)ac * 4) {
			printk(XENLOG_WARNING "%s has no valid \"reg\"\n",
			       fdt_get_name(fdt, node, NULL));
			continue;
		}
		mpidr = dt_read_cells(reg, ac) & MPIDR_AFF_MASK;
		if (mpidr == self)
			continue;
		if (nr_cpu_ids >= min_t(unsigned int, opt_maxcpus, NR_CPUS))
			break;
		if (can_be_started(fdt, node))
			cpu_logical_map[nr_cpu_ids++] = mpidr;
	}
}

/* What this CPU sees of itself is the same for all guests. */
void cpu_init_el2(void)
{
	/* Interrupts come to EL2 also while no guest was loaded yet. */
	WRITE_SYSREG(HCR_RW | HCR_IMO | HCR_FMO | HCR_AMO, hcr_el2);
	WRITE_SYSREG(CPTR_EL2_RES1, cptr_el2);
	WRITE_SYSREG(0, cntvoff_el2);
	isb();
}

static void init_cpu_irqs(void)
{
	irq_init_cpu();
	gic_init_cpu();
	time_init_cpu();
	vtimer_init_cpu();
	vsysreg_init_cpu();
	if (request_irq(gic.maintenance_irq, vgic_maintenance, NULL))
		panic("vGIC maintenance interrupt %u is taken", gic.maintenance_irq);
}

void __init smp_init_boot_cpu(void)
{
	cpu_stack_top[0] = boot_stack_top;
	cpumask_set_cpu(0, &cpu_online_map);
	init_cpu_irqs();
	p2m_init_cpu();
}

static void __noreturn stay_off(void)
{
	psci_cpu_off();
	for (;;)
		wfi();
}

/* First C function of the other CPUs, on their own stacks, MMU on. */
void start_secondary(unsigned int cpu)
{
	unsigned int me = cpu;

	if (!atomic_try_cmpxchg(&starting_cpu, &me, 0U))
		stay_off();
	cpu_init_el2();
	set_current(alloc_idle_vcpu(cpu));
	if (!cpufeature_init_secondary()) {
		/* Release: with it the message is out. */
		atomic_store_release(&secondary_refused, true);
		stay_off();
	}
	errata_init_cpu();
	smccc_init_cpu();
	branch_hardening_init_cpu();
	init_cpu_irqs();
	p2m_init_cpu();
	/* Release: all of the above is done when others see the CPU online. */
	smp_wmb();
	cpumask_set_cpu(cpu, &cpu_online_map);
	run_on_stack(cpu_stack_top[cpu]);
}

/*
 * The boot CPU's variables are in the image (arm64/head.S), the others' are
 * copies of the template, which nobody writes.
 */
void __init percpu_init_areas(void)
{
	size_t size = __percpu_end - __percpu_start;

	percpu_offset_[0] = percpu_boot_area - __percpu_start;
	for (unsigned int cpu = 1; cpu < nr_cpu_ids; cpu++) {
		char *area = alloc_heap_pages(get_order_from_bytes(size), 0);

		if (!area)
			panic("No memory for CPU %u's variables", cpu);
		memcpy(area, __percpu_start, size);
		percpu_offset_[cpu] = area - __percpu_start;
		per_cpu(cpu_id, cpu) = cpu;
	}
}

static int __init prepare_cpu(unsigned int cpu)
{
	char *stack = alloc_heap_pages(STACK_ORDER, 0);

	if (!stack)
		return -ENOMEM;
	cpu_stack_top[cpu] = stack + STACK_SIZE;
	timer_init_cpu(cpu);
	return scheduler_init_cpu(cpu);
}

static bool __init wait_online(unsigned int cpu)
{
	s_time_t end = NOW() + SECONDS(1);

	while (!cpu_online(cpu) && !READ_ONCE(secondary_refused)) {
		unsigned int it = cpu;

		/* One that has begun is waited for. */
		if (NOW() >= end && atomic_try_cmpxchg(&starting_cpu, &it, 0U))
			return false;
		cpu_relax();
	}
	return cpu_online(cpu);
}

void __init smp_start_cpus(void)
{
	paddr_t entry = image_virt_to_maddr(secondary_entry);

	for (unsigned int cpu = 1; cpu < nr_cpu_ids; cpu++) {
		int rc = prepare_cpu(cpu);

		secondary_refused = false;
		starting_cpu = cpu;
		/* The new CPU reads with its cache on; DSB: before it is started. */
		dsb(ish);
		if (!rc)
			rc = psci_cpu_on(cpu_logical_map[cpu], entry, cpu);
		if (rc)
			printk(XENLOG_ERR "CPU%u cannot be started: %d\n", cpu, rc);
		else if (!wait_online(cpu))
			printk(XENLOG_ERR "CPU%u did not come up\n", cpu);
	}
	printk(XENLOG_INFO "%u CPUs\n", cpumask_weight(&cpu_online_map));
}
