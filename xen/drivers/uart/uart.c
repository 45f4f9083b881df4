// SPDX-License-Identifier: GPL-2.0-only
/* Choice of the console's UART in the device tree. */
#include <xen/console.h>
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/param.h>
#include <drivers/dt.h>
#include <drivers/uart.h>
#include <asm/irq.h>
#include <asm/mm.h>
#include <asm/setup.h>
#include <libfdt.h>

#define UART_REGS_SIZE	0x100	/* of each driver, at most */

static const struct uart_driver *const drivers[] = { &pl011_driver };
static const struct uart_driver *driver;
int console_dt_node = -1;
static char __initdata opt_dtuart[128];
string_param("dtuart", opt_dtuart);

/* There is one kind of console; "none" and "vga" and the like change nothing. */
static char __initdata opt_console[32];
string_param("console", opt_console);

static const struct uart_driver * __init driver_of(const void *fdt, int node)
{
	for (unsigned int i = 0; node >= 0 && i < ARRAY_SIZE(drivers); i++)
		if (dt_is_compatible(fdt, node, drivers[i]->compatible))
			return drivers[i];
	return NULL;
}

/* path[:options]; an alias when it does not begin with a slash. */
static int __init node_of_path(const void *fdt, const char *path)
{
	const char *end = strchr(path, ':');
	int len = end ? end - path : (int)strlen(path);

	return fdt_path_offset_namelen(fdt, path, len);
}

static int __init find_default(const void *fdt)
{
	int chosen = fdt_path_offset(fdt, "/chosen"), node = -1;
	const char *path = chosen >= 0 ? fdt_getprop(fdt, chosen, "stdout-path", NULL) : NULL;

	if (path)
		node = node_of_path(fdt, path);
	for (unsigned int i = 0; !driver_of(fdt, node) && i < ARRAY_SIZE(drivers); i++)
		node = dt_find_compatible(fdt, drivers[i]->compatible);
	return node;
}

/* Registers are words, and all of them in the one page that is mapped. */
static bool __init is_usable(paddr_t base)
{
	return IS_ALIGNED(base, 4) && (base & ~PAGE_MASK) + UART_REGS_SIZE <= PAGE_SIZE;
}

static int __init use_node(const void *fdt, int node)
{
	const struct uart_driver *drv = driver_of(fdt, node);
	paddr_t base, size;

	if (!drv || dt_get_reg(fdt, node, 0, &base, &size) || !is_usable(base))
		return -ENODEV;
	drv->init(fixmap_uart(base));
	driver = drv;
	console_dt_node = node;
	console_init_early(drv->ops);
	return 0;
}

void __init uart_init_early(const void *fdt)
{
	use_node(fdt, find_default(fdt));
}

void __init uart_init(const void *fdt)
{
	int node;

	if (!opt_dtuart[0])
		return;
	node = node_of_path(fdt, opt_dtuart);
	if (node == console_dt_node && node >= 0)
		return;
	if (use_node(fdt, node))
		printk(XENLOG_ERR "dtuart=%s: no UART there that is supported\n", opt_dtuart);
}

void __init uart_enable_input(const void *fdt)
{
	unsigned int irq;
	bool level;

	if (!driver)
		return;
	if (dt_get_irq(fdt, console_dt_node, 0, &irq, &level)) {
		printk(XENLOG_WARNING "The console's UART has no interrupt: no input\n");
		return;
	}
	irq_set_type(irq, level);
	if (request_irq(irq, driver->interrupt, NULL))
		printk(XENLOG_WARNING "Interrupt %u of the console is taken: no input\n", irq);
	else
		driver->ops->enable_rx_irq();
}
