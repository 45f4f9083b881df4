// SPDX-License-Identifier: GPL-2.0-only
/* Arm PL011 and SBSA UARTs (ARM DDI 0183; SBSA appendix B). */
#include <xen/console.h>
#include <xen/init.h>
#include <drivers/uart.h>

#define UART_DR		0x00
#define UART_FR		0x18
#define UART_IMSC	0x38
#define UART_ICR	0x44

#define FR_RXFE		(1U << 4)	/* receive FIFO empty */
#define FR_TXFF		(1U << 5)	/* transmit FIFO full */
#define INT_RX		(1U << 4)
#define INT_RX_TIMEOUT	(1U << 6)

/* Polls of a full FIFO before a character is dropped: a line that nobody drains. */
#define TX_TRIES	1000000U

static volatile uint32_t *regs;

static uint32_t read_reg(unsigned int off)
{
	return regs[off / 4];
}

static void write_reg(unsigned int off, uint32_t v)
{
	regs[off / 4] = v;
}

static void pl011_putc(char c)
{
	static bool stuck;

	for (unsigned int i = 0; read_reg(UART_FR) & FR_TXFF; i++) {
		if (stuck || i == TX_TRIES) {
			stuck = true;
			return;
		}
	}
	stuck = false;
	write_reg(UART_DR, (unsigned char)c);
}

static int pl011_getc(void)
{
	return read_reg(UART_FR) & FR_RXFE ? -1 : (int)(read_reg(UART_DR) & 0xff);
}

static void pl011_enable_rx_irq(void)
{
	write_reg(UART_ICR, INT_RX | INT_RX_TIMEOUT);
	write_reg(UART_IMSC, INT_RX | INT_RX_TIMEOUT);
}

/* One FIFO's worth at most: the level brings us back for the rest. */
static void pl011_interrupt(unsigned int irq, void *data)
{
	int c;

	write_reg(UART_ICR, INT_RX | INT_RX_TIMEOUT);
	for (unsigned int i = 0; i < 32 && (c = pl011_getc()) >= 0; i++)
		console_rx(c);
}

/* The firmware has set speed and format; its interrupts are not ours. */
static void __init pl011_init(void *base)
{
	regs = base;
	write_reg(UART_IMSC, 0);
}

static const struct uart_ops pl011_ops = {
	.name		= "PL011",
	.putc		= pl011_putc,
	.getc		= pl011_getc,
	.enable_rx_irq	= pl011_enable_rx_irq,
};

static const char *const pl011_compatible[] = { "arm,pl011", "arm,sbsa-uart", NULL };

const struct uart_driver pl011_driver = {
	.compatible	= pl011_compatible,
	.ops		= &pl011_ops,
	.init		= pl011_init,
	.interrupt	= pl011_interrupt,
};
