// SPDX-License-Identifier: GPL-2.0-only
/* Formatted output to the hypervisor's console or, in a child domain, to its mailbox. */
#include "child.h"
#include "hypercall.h"
#include "report.h"

struct out {
	char *buf;
	size_t size, len;
};

static void put(struct out *o, char c)
{
	if (o->len + 1 < o->size)
		o->buf[o->len] = c;
	o->len++;
}

static void put_number(struct out *o, u64 v, unsigned int base, unsigned int width, char fill)
{
	char digits[24];
	unsigned int n = 0;

	do {
		digits[n++] = "0123456789abcdef"[v % base];
		v /= base;
	} while (v);
	for (; width > n; width--)
		put(o, fill);
	while (n)
		put(o, digits[--n]);
}

static void put_signed(struct out *o, s64 v, unsigned int width, char fill)
{
	if (v < 0) {
		put(o, '-');
		v = -v;
	}
	put_number(o, v, 10, width, fill);
}

int vsnprintk(char *buf, size_t size, const char *fmt, va_list ap)
{
	struct out o = { buf, size, 0 };

	for (; *fmt; fmt++) {
		unsigned int width = 0;
		bool is_long = false;
		char fill = ' ';

		if (*fmt != '%') {
			put(&o, *fmt);
			continue;
		}
		if (*++fmt == '0')
			fill = '0';
		for (; *fmt >= '0' && *fmt <= '9'; fmt++)
			width = width * 10 + *fmt - '0';
		for (; *fmt == 'l' || *fmt == 'z'; fmt++)
			is_long = true;

		switch (*fmt) {
		case 's':
			for (const char *s = va_arg(ap, const char *); *s; s++)
				put(&o, *s);
			break;
		case 'c':
			put(&o, va_arg(ap, int));
			break;
		case 'd':
			put_signed(&o, is_long ? va_arg(ap, long) : va_arg(ap, int), width, fill);
			break;
		case 'u':
		case 'x':
			put_number(&o, is_long ? va_arg(ap, unsigned long) :
				   va_arg(ap, unsigned int), *fmt == 'u' ? 10 : 16, width, fill);
			break;
		case 'p':
			put_number(&o, (u64)va_arg(ap, void *), 16, width, fill);
			break;
		default:
			put(&o, *fmt);
			break;
		}
	}
	if (size)
		buf[MIN(o.len, size - 1)] = 0;
	return o.len;
}

int snprintk(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintk(buf, size, fmt, ap);
	va_end(ap);
	return n;
}

void printk(const char *fmt, ...)
{
	char buf[256];
	va_list ap;
	size_t n;

	va_start(ap, fmt);
	n = vsnprintk(buf, sizeof(buf), fmt, ap);
	va_end(ap);
	n = MIN(n, sizeof(buf) - 1);

	if (child_params)
		child_log(buf, n);
	else
		console_io(CONSOLEIO_write, n, buf);
}
