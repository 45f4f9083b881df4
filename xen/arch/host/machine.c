// SPDX-License-Identifier: GPL-2.0-only
/* CPUs, time, memory and console of the fake machine. */
#include <xen/console.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/sched.h>
#include <xen/softirq.h>
#include <xen/timer.h>
#include <asm/host.h>

struct page_info *frame_table;
char *host_memory;
__thread bool host_irqs_off;
__thread unsigned int host_cpu;
__thread struct vcpu *host_current;
__thread unsigned int host_atomic_failures;
__thread unsigned long host_atomic_changes;

static s_time_t now_ns = 1;

s_time_t get_s_time(void)
{
	return atomic_load(&now_ns);
}

/* Nothing fires by itself: host_run_pending() looks at timers each time. */
void arch_reprogram_timer(s_time_t deadline)
{
}

void host_advance_time(s_time_t ns)
{
	atomic_add_return(&now_ns, ns);
}

void arch_send_event_check(unsigned int cpu)
{
}

/* Threads look for calls when they yield; tests use one CPU at a time for these. */
void arch_send_call_function(const cpumask_t *mask)
{
}

static void uart_putc(char c)
{
	host_libc_print(&c, 1);
}

static int uart_getc(void)
{
	return -1;
}

static const struct uart_ops host_uart = { .name = "host", .putc = uart_putc, .getc = uart_getc };

void machine_halt(void)
{
	host_libc_abort();
}

void machine_restart(void)
{
	host_libc_abort();
}

void machine_poweroff(void)
{
	host_libc_abort();
}

bool mfn_valid(mfn_t mfn)
{
	return mfn_x(mfn) >= HOST_FIRST_MFN &&
	       mfn_x(mfn) < HOST_FIRST_MFN + (HOST_MEMORY_SIZE >> PAGE_SHIFT);
}

unsigned long max_ram_mfn(void)
{
	return HOST_FIRST_MFN + (HOST_MEMORY_SIZE >> PAGE_SHIFT) - 1;
}

void *map_domain_page(mfn_t mfn)
{
	BUG_ON(!mfn_valid(mfn));
	return mfn_to_virt(mfn);
}

void unmap_domain_page(const void *va)
{
}

void clear_page(void *page)
{
	memset(page, 0, PAGE_SIZE);
}

void copy_page(void *dst, const void *src)
{
	memcpy(dst, src, PAGE_SIZE);
}

void arch_clean_page_to_memory(mfn_t mfn)
{
}

void arch_flush_page_to_ram(mfn_t mfn)
{
}

void arch_cache_maintain(const void *va, size_t size, bool clean, bool invalidate)
{
}

void host_boot(unsigned int nr_cpus)
{
	unsigned long pages = HOST_MEMORY_SIZE >> PAGE_SHIFT;

	BUG_ON(nr_cpus > NR_CPUS);
	frame_table = host_libc_map(pages * sizeof(struct page_info));
	host_memory = host_libc_map(HOST_MEMORY_SIZE);
	console_init_early(&host_uart);
	nr_cpu_ids = nr_cpus;
	timers_init();
	init_heap_pages(HOST_MEMORY_BASE, HOST_MEMORY_BASE + HOST_MEMORY_SIZE, true);
	scheduler_init();
	for (unsigned int cpu = 0; cpu < nr_cpus; cpu++)
		timer_init_cpu(cpu);
	host_cpu_online(0);
	keyhandlers_init();
	hardware_domain = host_create_guest(nr_cpus, 64);
	hardware_domain->is_privileged = hardware_domain->is_hwdom = true;
	host_run_as(NULL);
}

void host_cpu_online(unsigned int cpu)
{
	host_cpu = cpu;
	BUG_ON(scheduler_init_cpu(cpu));
	cpumask_set_cpu(cpu, &cpu_online_map);
	set_current(alloc_idle_vcpu(cpu));
}

void host_run_as(struct vcpu *v)
{
	set_current(v ? v : hardware_domain->vcpu[0]);
}

/* The tests say who runs: the scheduler's choice is not followed. */
void host_run_pending(void)
{
	atomic_and(&this_cpu(softirq_pending_), ~BIT(SCHEDULE_SOFTIRQ));
	raise_softirq(TIMER_SOFTIRQ);
	do_softirq();
}
