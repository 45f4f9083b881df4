// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts that chase each other over more vCPUs than the machine has CPUs.
 *
 * Tokens go round: six SGIs, each handler sends its own on to the next vCPU, and
 * an SPI that its handler routes to the next vCPU and makes pending there.
 * Meanwhile each vCPU's virtual timer fires, and everybody sleeps in WFI when
 * there is nothing to do. A wake-up or a pending interrupt that is lost stops a
 * token for good; one that is made up lets it go round too often.
 */
#include "test.h"

#define TOKENS	6
#define HOPS	150
#define SPI	40	/* of no device that is given to a domain */
#define TICK_US	300

static volatile u64 hops[TOKENS + 1], ticks[MAX_CPUS], ready, stop;
static unsigned int cpus;

static void pass_on(unsigned int sgi)
{
	if (hops[sgi] < HOPS && ++hops[sgi] < HOPS)
		send_sgi(sgi, (this_cpu()->id + 1) % cpus);
}

static void pass_spi(unsigned int irq)
{
	if (hops[TOKENS] >= HOPS || ++hops[TOKENS] == HOPS)
		return;
	irq_route(irq, (this_cpu()->id + 1) % cpus);
	irq_set_pending(irq);
}

static void tick(unsigned int irq __unused)
{
	ticks[this_cpu()->id]++;
	write_sysreg(cntv_tval_el0, ticks_of_us(TICK_US));
	write_sysreg(cntv_ctl_el0, TIMER_ENABLE);	/* Xen has set IMASK */
	isb();
}

static void start_ticking(void)
{
	irq_unmask(IRQ_VTIMER);
	write_sysreg(cntv_tval_el0, ticks_of_us(TICK_US));
	write_sysreg(cntv_ctl_el0, TIMER_ENABLE);
	isb();
}

static void other(void *arg __unused)
{
	start_ticking();
	__atomic_add_fetch(&ready, 1, __ATOMIC_SEQ_CST);
	while (!stop)
		irq_wait();
	write_sysreg(cntv_ctl_el0, 0);
}

static bool all_done(void)
{
	for (unsigned int i = 0; i <= TOKENS; i++)
		if (hops[i] < HOPS)
			return false;
	return true;
}

void test_main(void)
{
	u64 end;

	cpus = cpu_count();
	check(cpus >= 4, "there are %u vCPUs", cpus);
	for (unsigned int i = 0; i < TOKENS; i++)
		irq_handler(i, pass_on);
	irq_handler(IRQ_VTIMER, tick);
	irq_handler(SPI, pass_spi);
	irq_set_edge(SPI, true);
	irq_route(SPI, 0);
	irq_unmask(SPI);

	for (unsigned int i = 1; i < cpus; i++)
		cpu_start(i, other, NULL);
	check(wait_for(&ready, cpus - 1, 5000000), "all of them run");
	start_ticking();
	for (unsigned int i = 0; i < TOKENS; i++)
		send_sgi(i, i % cpus);
	irq_set_pending(SPI);

	end = now() + ticks_of_us(20000000);
	while (!all_done() && now() < end)
		irq_wait();
	for (unsigned int i = 0; i < TOKENS; i++)
		check_eq(hops[i], HOPS, "token %u went all its way", i);
	check_eq(hops[TOKENS], HOPS, "so did the shared interrupt");
	for (unsigned int i = 0; i < cpus; i++)
		check(ticks[i] > 5, "the timer of vCPU %u went on: %lu", i, ticks[i]);

	stop = 1;
	write_sysreg(cntv_ctl_el0, 0);
	for (unsigned int i = 1; i < cpus; i++)
		send_sgi(15, i);
	for (unsigned int i = 1; i < cpus; i++)
		cpu_join(i);
}
