/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The UART the console uses. Which one: the option dtuart= (a path or alias of
 * the device tree), else /chosen/stdout-path, else the first one a driver
 * exists for. Dom0 does not get it.
 */
#ifndef DRIVERS_UART_H
#define DRIVERS_UART_H

#include <xen/types.h>

struct uart_ops;

struct uart_driver {
	const char *const *compatible;	/* NULL-terminated */
	const struct uart_ops *ops;
	void (*init)(void *regs);	/* polled output works afterwards */
	/* Handler of the UART's interrupt, for request_irq(). */
	void (*interrupt)(unsigned int irq, void *data);
};

extern const struct uart_driver pl011_driver;
/* Node of the UART that is used; -1 = none. Dom0 does not see it. */
extern int console_dt_node;

void uart_init_early(const void *fdt);	/* before options are known; messages so far are shown */
void uart_init(const void *fdt);	/* dtuart= chose another one */
void uart_enable_input(const void *fdt);	/* interrupts work */

#endif
