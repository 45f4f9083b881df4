/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hypervisor's console: a ring of messages (readconsole), the UART, and
 * console_io for guests. Input goes to dom0 or, after Ctrl-a three times, to
 * the debug keys.
 */
#ifndef XEN_CONSOLE_H
#define XEN_CONSOLE_H

#include <xen/types.h>

/* A UART driver. All may be called with interrupts off; putc may spin, bounded. */
struct uart_ops {
	const char *name;
	void (*putc)(char c);
	int (*getc)(void);		/* -1 when nothing is there */
	void (*enable_rx_irq)(void);	/* its handler calls console_rx() for each character */
};

void console_init_early(const struct uart_ops *uart);	/* messages so far are replayed */
void console_init_late(void);				/* options parsed; input on */
void console_rx(char c);				/* interrupt context */
/* Guest's or hypervisor's raw text to the UART (and ring). */
void console_puts(const char *s, size_t len);
/* readconsole: see public/sysctl.h. Copies into buf, returns the number of bytes. */
size_t console_ring_read(char *buf, size_t size, uint32_t *index, bool clear, bool incremental);
/* Called by panic(): no locks any more, UART directly. */
void console_force_unlock(void);
/* What follows a panic: reboot after 5 s, or halt with noreboot. */
void panic_stop(void) __attribute__((__noreturn__));

/* Debug keys: one character each. Handlers run in softirq context. */
void register_keyhandler(char key, void (*fn)(unsigned char key), const char *desc);
void handle_keypress(char key);	/* any context: runs it from a tasklet */
void handle_key_now(char key);	/* where no lock is held: from a hypercall */
void keyhandlers_init(void);

#endif
