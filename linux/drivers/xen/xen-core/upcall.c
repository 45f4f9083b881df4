// SPDX-License-Identifier: GPL-2.0-only
/* The per-CPU interrupt by which all events arrive, and CPUs that come and go. */

#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <xen/xen-ops.h>
#include <xen/events.h>
#include <asm/xen/hypervisor.h>
#include "core.h"
#include "ports.h"

const struct port_ops *xen_ports = &port_ops_fifo;

static bool fifo_events = true;
module_param(fifo_events, bool, 0444);
MODULE_PARM_DESC(fifo_events, "Use the FIFO ABI of event channels if there is one (default y)");

static unsigned int upcall_irq;

static irqreturn_t upcall(int irq, void *dev)
{
	unsigned int cpu = smp_processor_id();
	struct vcpu_info *info = per_cpu(xen_vcpu, cpu);

	do {
		WRITE_ONCE(info->evtchn_upcall_pending, 0);
		/* Events are looked for after the flag is down: one that comes sets it. */
		smp_mb();
		xen_ports->handle(cpu);
		smp_rmb();
	} while (READ_ONCE(info->evtchn_upcall_pending));
	return IRQ_HANDLED;
}

/* On the CPU itself. */
static int event_cpu_up(unsigned int cpu)
{
	int ret = xen_vcpu_info_register(cpu);

	if (!ret)
		ret = xen_ports->cpu_up(cpu);
	if (ret) {
		pr_err("xen-core: no events on CPU %u: %d\n", cpu, ret);
		return ret;
	}
	/* The controller has forgotten it if the CPU was off; twice does no harm. */
	enable_percpu_irq(upcall_irq, IRQ_TYPE_NONE);
	return 0;
}

/*
 * Before it is online: from then on events may be bound to it, and one that the hypervisor
 * had to queue without a control block would be lost for good.
 */
static int event_cpu_prepare(unsigned int cpu)
{
	return xen_ports->cpu_up(cpu);
}

static int event_cpu_dead(unsigned int cpu)
{
	xen_ports->cpu_dead(cpu);
	return 0;
}

/* The first control block switches the domain to FIFO, if the hypervisor has that. */
static int __init choose_abi(void)
{
	unsigned int cpu;
	int ret = -ENODEV;

	cpus_read_lock();
	cpu = cpumask_first(cpu_online_mask);
	if (fifo_events)
		ret = xen_ports->cpu_up(cpu);
	cpus_read_unlock();
	if (!ret)
		return 0;

	xen_ports = &port_ops_2l;
	memset(HYPERVISOR_shared_info->evtchn_mask, 0xff,
	       sizeof(HYPERVISOR_shared_info->evtchn_mask));
	for_each_possible_cpu(cpu) {
		ret = xen_ports->cpu_up(cpu);
		if (ret)
			return ret;
	}
	return 0;
}

int __init xen_upcall_setup(unsigned int irq)
{
	int ret = choose_abi();

	if (ret)
		return ret;
	upcall_irq = irq;
	ret = request_percpu_irq(irq, upcall, "xen-events", &xen_vcpu);
	if (ret)
		return ret;
	ret = cpuhp_setup_state_nocalls(CPUHP_BP_PREPARE_DYN, "xen/events:prepare",
					event_cpu_prepare, event_cpu_dead);
	if (ret < 0)
		return ret;
	ret = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "xen/events:online", event_cpu_up, NULL);
	if (ret < 0)
		return ret;
	pr_info("xen-core: events by interrupt %u, %s ABI\n", irq, xen_ports->name);
	return 0;
}

unsigned int xen_evtchn_nr_channels(void)
{
	return xen_ports->max_ports;
}
EXPORT_SYMBOL_GPL(xen_evtchn_nr_channels);
