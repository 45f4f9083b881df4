// SPDX-License-Identifier: GPL-2.0-only
/*
 * The terminal hvc0 and the kernel's console on it. It does without the kernel's own hvc
 * driver, which kernels without CONFIG_XEN may lack; name and number are the same.
 */

#include <linux/console.h>
#include <linux/major.h>
#include <linux/module.h>
#include <xen/xen.h>
#include "hvc.h"
#include "tty.h"
#include "xylem-version.h"

#ifndef HVC_MAJOR
#define HVC_MAJOR 229
#endif

static struct tty_driver *driver;
static struct tty_port port;

static irqreturn_t interrupt(int irq, void *unused)
{
	u8 data[HVC_CHUNK];
	unsigned int n;

	/* Input that nobody has opened the terminal for is dropped. */
	while ((n = hvc_ring_read(data, sizeof(data))))
		tty_insert_flip_string(&port, data, n);
	tty_flip_buffer_push(&port);
	if (hvc_ring_room())
		tty_port_tty_wakeup(&port);
	return IRQ_HANDLED;
}

static int hvc_open(struct tty_struct *tty, struct file *file)
{
	return tty_port_open(&port, tty, file);
}

static void hvc_close(struct tty_struct *tty, struct file *file)
{
	tty_port_close(&port, tty, file);
}

static void hvc_hangup(struct tty_struct *tty)
{
	tty_port_hangup(&port);
}

static compat_tty_ret_t hvc_write(struct tty_struct *tty, compat_tty_byte_t *data,
				  compat_tty_len_t len)
{
	return hvc_ring_write(data, len);
}

static compat_tty_room_t hvc_write_room(struct tty_struct *tty)
{
	return hvc_ring_room();
}

static compat_tty_room_t hvc_chars_in_buffer(struct tty_struct *tty)
{
	return hvc_ring_unread();
}

static const struct tty_operations operations = {
	.open		= hvc_open,
	.close		= hvc_close,
	.hangup		= hvc_hangup,
	.write		= hvc_write,
	.write_room	= hvc_write_room,
	.chars_in_buffer = hvc_chars_in_buffer,
};

static const struct tty_port_operations port_operations = {};

/* Lines of the kernel end in a line feed; terminals want a carriage return before. */
static void hvc_console_write(struct console *con, const char *text, unsigned int len)
{
	while (len) {
		const char *feed = memchr(text, '\n', len);
		unsigned int n = feed ? feed - text : len, done;

		done = hvc_ring_write((const u8 *)text, n);
		text += done;
		len -= done;
		if (done == n && feed && hvc_ring_room() >= 2) {
			hvc_ring_write((const u8 *)"\r\n", 2);
			text++;
			len--;
		} else if (len && hvc_ring_room() < 2 && !hvc_ring_wait(2)) {
			/* Nobody reads: the rest is in the kernel's log. */
			return;
		}
	}
}

static struct tty_driver *hvc_console_device(struct console *con, int *index)
{
	*index = 0;
	return driver;
}

static int hvc_console_setup(struct console *con, char *options)
{
	return 0;
}

static struct console hvc_console = {
	.name	= "hvc",
	.write	= hvc_console_write,
	.device	= hvc_console_device,
	.setup	= hvc_console_setup,
	.flags	= CON_PRINTBUFFER,
	.index	= 0,
};

static int __init register_terminal(void)
{
	int ret;

	driver = tty_alloc_driver(1, TTY_DRIVER_REAL_RAW | TTY_DRIVER_DYNAMIC_DEV);
	if (IS_ERR(driver))
		return PTR_ERR(driver);
	driver->driver_name = "xen-hvc";
	driver->name = "hvc";
	driver->major = HVC_MAJOR;
	driver->type = TTY_DRIVER_TYPE_SYSTEM;
	driver->init_termios = tty_std_termios;
	tty_set_operations(driver, &operations);

	tty_port_link_device(&port, driver, 0);
	ret = tty_register_driver(driver);
	if (ret)
		goto put;
	ret = PTR_ERR_OR_ZERO(tty_register_device(driver, 0, NULL));
	if (!ret)
		return 0;
	tty_unregister_driver(driver);
put:
	tty_driver_kref_put(driver);
	return ret;
}

static int __init xen_hvc_init(void)
{
	int ret;

	if (!xen_domain())
		return -ENODEV;
	tty_port_init(&port);
	port.ops = &port_operations;
	ret = hvc_ring_start(interrupt);
	if (ret)
		goto port;
	/* From here on programs write, which takes the ring. */
	ret = register_terminal();
	if (ret)
		goto ring;
	/* Takes part if console=hvc0 was asked for, and shows what was said so far. */
	register_console(&hvc_console);
	return 0;

ring:
	hvc_ring_stop();
port:
	tty_port_destroy(&port);
	return ret;
}
/* No exit: the kernel's console does not go while it runs. */
module_init(xen_hvc_init);

MODULE_DESCRIPTION("Xen console (hvc0) for kernels without CONFIG_XEN");
MODULE_AUTHOR("The Xylem authors");
MODULE_VERSION(XYLEM_VERSION);
MODULE_LICENSE("GPL");
