// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages: level filter and rate limit, the ring for readconsole, the UART.
 * One lock orders them; a panicking CPU breaks it.
 */
#include <xen/console.h>
#include <xen/event.h>
#include <xen/lib.h>
#include <xen/param.h>
#include <xen/sched.h>
#include <xen/spinlock.h>
#include <xen/time.h>

#define RING_SIZE	32768U		/* power of two */
#define PREFIX		"(XEN) "

static DEFINE_SPINLOCK(console_lock, RANK_CONSOLE);
static char ring[RING_SIZE];
static uint32_t ring_prod, ring_cons;	/* free running */
static const struct uart_ops *uart;
static bool lock_broken;
static bool line_start = true;

/* Messages of levels up to these are shown: 0 error, 1 warning, 2 info, 3 debug. */
#ifdef XYLEM_DEBUG
static int log_threshold = 3, guest_threshold = 3;
#else
static int log_threshold = 2, guest_threshold = 1;
#endif

/* What guests provoke: so many messages at once, and then so many a second. */
#define GUEST_BURST	20
#define GUEST_INTERVAL	MILLISECS(200)
static struct {
	unsigned int tokens, dropped;
	s_time_t refilled;
} guest_rate = { .tokens = GUEST_BURST };

static int __init parse_level(const char *s, int *threshold)
{
	static const char *const names[] = { "none", "error", "warning", "info", "debug", "all" };
	const char *slash = strchr(s, '/');
	size_t len = slash ? (size_t)(slash - s) : strlen(s);

	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++) {
		if (strlen(names[i]) != len || strncmp(s, names[i], len))
			continue;
		*threshold = min_t(int, (int)i - 1, 3);
		return 0;
	}
	return -EINVAL;
}

static int __init parse_loglvl(const char *s)
{
	return parse_level(s, &log_threshold);
}
custom_param("loglvl", parse_loglvl);

static int __init parse_guest_loglvl(const char *s)
{
	return parse_level(s, &guest_threshold);
}
custom_param("guest_loglvl", parse_guest_loglvl);

static void ring_put(char c)
{
	ring[ring_prod++ & (RING_SIZE - 1)] = c;
	if (ring_prod - ring_cons > RING_SIZE)
		ring_cons = ring_prod - RING_SIZE;
}

static void uart_put(char c)
{
	if (!uart)
		return;
	if (c == '\n')
		uart->putc('\r');
	uart->putc(c);
}

static void emit(char c)
{
	ring_put(c);
	uart_put(c);
}

/* A line's prefix comes when its first character does. */
static void emit_message(const char *s)
{
	for (; *s; s++) {
		if (line_start)
			for (const char *p = PREFIX; *p; p++)
				emit(*p);
		emit(*s);
		line_start = *s == '\n';
	}
}

static unsigned long lock_console(void)
{
	unsigned long flags = local_irq_save();

	if (!READ_ONCE(lock_broken))
		spin_lock(&console_lock);
	return flags;
}

static void unlock_console(unsigned long flags)
{
	if (!READ_ONCE(lock_broken))
		spin_unlock(&console_lock);
	local_irq_restore(flags);
}

void console_force_unlock(void)
{
	lock_broken = true;
}

/* Under the console lock. */
static bool guest_may_print(void)
{
	s_time_t now = NOW();
	uint64_t refill = (now - guest_rate.refilled) / GUEST_INTERVAL;

	if (refill) {
		guest_rate.tokens = min_t(uint64_t, guest_rate.tokens + refill, GUEST_BURST);
		guest_rate.refilled = now;
	}
	if (!guest_rate.tokens) {
		guest_rate.dropped++;
		return false;
	}
	guest_rate.tokens--;
	if (guest_rate.dropped) {
		char txt[64];

		snprintf(txt, sizeof(txt), "%u messages about guests suppressed\n",
			 guest_rate.dropped);
		guest_rate.dropped = 0;
		emit_message(txt);
	}
	return true;
}

/* Strips "<n>" and "<Gn>"; says whether the message is to be shown. */
static bool level_allows(const char **fmt, bool *guest)
{
	const char *f = *fmt;
	int level = 0;

	*guest = false;
	if (f[0] != '<')
		return true;
	if (f[1] == 'G') {
		*guest = true;
		f++;
	}
	if (f[1] < '0' || f[1] > '3' || f[2] != '>')
		return true;
	level = f[1] - '0';
	*fmt = f + 3;
	return level <= (*guest ? guest_threshold : log_threshold);
}

void vprintk(const char *fmt, va_list ap)
{
	char buf[256];
	unsigned long flags;
	bool guest;

	if (!level_allows(&fmt, &guest))
		return;
	vsnprintf(buf, sizeof(buf), fmt, ap);
	flags = lock_console();
	if (!guest || guest_may_print())
		emit_message(buf);
	unlock_console(flags);
}

void printk(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprintk(fmt, ap);
	va_end(ap);
}

void gprintk_(const char *lvl, const char *fmt, ...)
{
	char buf[256], with_level[16];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf, sizeof(buf), fmt, ap);
	va_end(ap);
	/* The level is looked for in the format. */
	snprintf(with_level, sizeof(with_level), "%s%%pv %%s", lvl);
	printk(with_level, current, buf);
}

void console_puts(const char *s, size_t len)
{
	unsigned long flags = lock_console();

	for (size_t i = 0; i < len; i++)
		emit(s[i]);
	if (len)
		line_start = s[len - 1] == '\n';
	unlock_console(flags);
}

void console_init_early(const struct uart_ops *ops)
{
	unsigned long flags = lock_console();

	uart = ops;
	for (uint32_t i = ring_cons; i != ring_prod; i++)
		uart_put(ring[i & (RING_SIZE - 1)]);
	unlock_console(flags);
}

size_t console_ring_read(char *buf, size_t size, uint32_t *index, bool clear, bool incremental)
{
	unsigned long flags = lock_console();
	uint32_t from = ring_cons;
	size_t n;

	if (incremental && (int32_t)(*index - ring_cons) >= 0 &&
	    (int32_t)(ring_prod - *index) >= 0)
		from = *index;
	n = min_t(size_t, size, ring_prod - from);
	for (size_t i = 0; i < n; i++)
		buf[i] = ring[(from + i) & (RING_SIZE - 1)];
	*index = from + n;
	if (clear)
		ring_cons = ring_prod;
	unlock_console(flags);
	return n;
}

void panic(const char *fmt, ...)
{
	static unsigned int entered;
	char buf[256];
	va_list ap;

	local_irq_disable();
	va_start(ap, fmt);
	vsnprintf(buf, sizeof(buf), fmt, ap);
	va_end(ap);
	console_force_unlock();
	if (__atomic_fetch_add(&entered, 1, __ATOMIC_RELAXED) > 1)
		machine_halt();
	line_start = true;
	printk("\n****************************************\n");
	printk("Panic on CPU %u:\n%s\n", smp_processor_id(), buf);
	printk("****************************************\n");
	panic_stop();
}
