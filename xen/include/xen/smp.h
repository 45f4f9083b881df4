/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Physical CPUs. Per-CPU variables come from the architecture's asm/percpu.h:
 *   DEFINE_PER_CPU(type, name), DECLARE_PER_CPU(type, name)
 *   this_cpu(name)       lvalue of the running CPU; interrupts off or pinned by context
 *   per_cpu(name, cpu)   lvalue of another CPU's copy
 * The hypervisor never migrates between CPUs while in C code (no threads), so
 * this_cpu() and smp_processor_id() are stable from entry to exit.
 */
#ifndef XEN_SMP_H
#define XEN_SMP_H

#include <xen/cpumask.h>
#include <asm/percpu.h>
#include <asm/system.h>

/* Arch: make the CPU(s) look at their softirq bits (an SGI/IPI). Any context. */
void arch_send_event_check(unsigned int cpu);
/*
 * Run fn(data) on each online CPU of the mask (itself included, directly) with
 * interrupts off. wait: return after all have run. Not with interrupts off
 * nor with irq-rank locks held when wait is set.
 */
void on_cpus(const cpumask_t *mask, void (*fn)(void *data), void *data, bool wait);
/* Called by the architecture's handler of the function-call SGI/IPI. */
void smp_call_function_interrupt(void);
/* Arch: send that SGI/IPI. */
void arch_send_call_function(const cpumask_t *mask);

/* Arch: stop every other CPU and then the machine; both never return. */
void machine_halt(void) __noreturn;
void machine_restart(void) __noreturn;
/* Arch: the machine's power off (PSCI SYSTEM_OFF). */
void machine_poweroff(void) __noreturn;

#endif
