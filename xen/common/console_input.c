// SPDX-License-Identifier: GPL-2.0-only
/*
 * Characters typed at the machine's console: for dom0 (read by console_io), or
 * after Ctrl-a three times for the debug keys.
 */
#include <xen/console.h>
#include <xen/event.h>
#include <xen/guest_access.h>
#include <xen/hypercall.h>
#include <xen/lib.h>
#include <xen/sched.h>

#define SWITCH_KEY	'\x01'
#define SWITCH_COUNT	3
#define RX_SIZE		256U	/* power of two */

static DEFINE_SPINLOCK(rx_lock, RANK_LEAF);
static char rx[RX_SIZE];
static uint32_t rx_prod, rx_cons;
static bool to_hypervisor;
static unsigned int switch_seen;

static void switch_input(void)
{
	to_hypervisor = !to_hypervisor;
	printk("*** Serial input to %s (type 'CTRL-a' three times to switch input)\n",
	       to_hypervisor ? "Xylem" : "DOM0");
}

static void to_dom0(char c)
{
	unsigned long flags = spin_lock_irqsave(&rx_lock);

	/* Full: the oldest stay, as a terminal does. */
	if (rx_prod - rx_cons < RX_SIZE)
		rx[rx_prod++ & (RX_SIZE - 1)] = c;
	spin_unlock_irqrestore(&rx_lock, flags);
	send_global_virq(VIRQ_CONSOLE);
}

void console_rx(char c)
{
	if (c == SWITCH_KEY) {
		if (++switch_seen == SWITCH_COUNT) {
			switch_seen = 0;
			switch_input();
		}
		return;
	}
	/* Single Ctrl-a's that were not a switch belong to whoever listens. */
	for (; switch_seen; switch_seen--)
		if (!to_hypervisor)
			to_dom0(SWITCH_KEY);
	if (to_hypervisor || !hardware_domain)
		handle_keypress(c);
	else
		to_dom0(c);
}

void console_init_late(void)
{
	printk("*** Serial input to DOM0 (type 'CTRL-a' three times to switch input)\n");
}

static long guest_write(guest_va_t from, unsigned int count)
{
	char buf[128];

	while (count) {
		unsigned int n = min_t(unsigned int, count, sizeof(buf));

		if (copy_from_guest_va(buf, from, n))
			return -EFAULT;
		console_puts(buf, n);
		from += n;
		count -= n;
	}
	return 0;
}

static long guest_read(guest_va_t to, unsigned int count)
{
	char buf[64];
	unsigned long flags;
	unsigned int n = 0;

	count = min_t(unsigned int, count, sizeof(buf));
	flags = spin_lock_irqsave(&rx_lock);
	while (n < count && rx_cons != rx_prod)
		buf[n++] = rx[rx_cons++ & (RX_SIZE - 1)];
	spin_unlock_irqrestore(&rx_lock, flags);
	if (copy_to_guest_va(to, buf, n))
		return -EFAULT;
	return n;
}

/* args: command, count, buffer. Longer writes than this go on in a continuation. */
#define WRITE_STEP 1024U

long do_console_io(struct hc_ctx *ctx)
{
	unsigned int cmd = ctx->args[0], count = ctx->args[1];
	guest_va_t buf = ctx->args[2];
	long rc;

	if (!is_control_domain(ctx->v->domain))
		return -EPERM;
	switch (cmd) {
	case CONSOLEIO_write:
		if ((int)count < 0)
			return -E2BIG;
		rc = guest_write(buf, min(count, WRITE_STEP));
		if (rc || count <= WRITE_STEP)
			return rc;
		ctx->args[1] = count - WRITE_STEP;
		ctx->args[2] = buf + WRITE_STEP;
		return -ERESTART;
	case CONSOLEIO_read:
		if ((int)count < 0)
			return -E2BIG;
		return guest_read(buf, count);
	default:
		return -ENOSYS;
	}
}
