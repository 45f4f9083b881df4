// SPDX-License-Identifier: GPL-2.0-only
/* A domain ends itself, or is ended for what it did; dom0's end is the machine's. */
#include <xen/console.h>
#include <xen/domain.h>
#include <xen/lib.h>
#include <xen/param.h>
#include <xen/sched.h>
#include <public/sched.h>

static bool opt_noreboot;
boolean_param("noreboot", opt_noreboot);

static void wait_seconds(unsigned int n)
{
	s_time_t end = NOW() + SECONDS(n);

	while (NOW() < end)
		cpu_relax();
}

static void __noreturn reboot_or_halt(void)
{
	if (opt_noreboot) {
		printk("'noreboot' set: halting, reset is required\n");
		machine_halt();
	}
	machine_restart();
}

void panic_stop(void)
{
	if (!opt_noreboot) {
		printk("Reboot in five seconds...\n");
		wait_seconds(5);
	}
	reboot_or_halt();
}

static void __noreturn hwdom_shutdown(uint32_t reason)
{
	switch (reason) {
	case SHUTDOWN_poweroff:
		printk("Hardware Dom0 halted: halting machine\n");
		machine_poweroff();
	case SHUTDOWN_crash:
		printk("Hardware Dom0 crashed: rebooting machine in 5 seconds.\n");
		wait_seconds(5);
		reboot_or_halt();
	case SHUTDOWN_reboot:
		printk("Hardware Dom0 shutdown: rebooting machine\n");
		machine_restart();
	case SHUTDOWN_watchdog:
		printk("Hardware Dom0 shutdown: watchdog rebooting machine\n");
		reboot_or_halt();
	default:
		printk("Hardware Dom0 shutdown (unknown reason %u): rebooting machine\n", reason);
		reboot_or_halt();
	}
}

int domain_shutdown(struct domain *d, uint32_t reason)
{
	if (is_hardware_domain(d))
		hwdom_shutdown(reason);

	spin_lock(&d->shutdown_lock);
	if (d->is_shutting_down) {
		spin_unlock(&d->shutdown_lock);
		return 0;
	}
	d->shutdown_code = reason;
	d->is_shutting_down = true;
	/*
	 * The caller's own vCPU stops when its CPU leaves the hypervisor. Under the
	 * lock: domain_resume() takes back the pause of whom it finds shutting down.
	 */
	domain_pause_nosync(d);
	WRITE_ONCE(d->is_shut_down, true);
	spin_unlock(&d->shutdown_lock);

	arch_domain_shutdown(d);
	send_global_virq(VIRQ_DOM_EXC);
	return 0;
}

void domain_resume(struct domain *d)
{
	bool was;

	domain_pause(d);
	spin_lock(&d->shutdown_lock);
	was = d->is_shutting_down;
	d->is_shutting_down = false;
	d->is_shut_down = false;
	d->shutdown_code = ~0U;
	spin_unlock(&d->shutdown_lock);
	domain_unpause(d);
	if (was)
		domain_unpause(d);
}

void domain_crash_(struct domain *d, const char *fmt, ...)
{
	char buf[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf, sizeof(buf), fmt, ap);
	va_end(ap);
	if (is_idle_domain(d))
		panic("crash of the idle domain: %s", buf);
	/* Once for each domain: what it does next is nobody's interest. */
	if (!d->is_shutting_down)
		printk(XENLOG_ERR "%pd crashed: %s\n", d, buf);
	if (d == current->domain)
		arch_dump_vcpu(current);
	domain_shutdown(d, SHUTDOWN_crash);
}

static void crash_now(void *data)
{
	struct domain *d = data;

	domain_crash_(d, "%s", d->crash_why);
	atomic_store_release(&d->crash_why, NULL);
	domain_unpause(d);	/* the shutdown has its own pause */
	put_domain(d);
}

void domain_crash_later(struct domain *d, const char *why)
{
	const char *none = NULL;

	if (!atomic_try_cmpxchg(&d->crash_why, &none, why))
		return;
	if (!get_domain(d)) {
		/* Its last reference has gone: nothing of it runs. */
		atomic_store_release(&d->crash_why, NULL);
		return;
	}
	domain_pause_nosync(d);
	d->crash_work.fn = crash_now;
	d->crash_work.data = d;
	tasklet_schedule(&d->crash_work);
}
