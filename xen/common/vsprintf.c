// SPDX-License-Identifier: GPL-2.0-only
/* Formatted output: the subset of printf listed in xen/lib.h. */
#include <xen/domain.h>
#include <xen/lib.h>

struct out {
	char *buf;
	size_t size, len;	/* len counts what would have been written */
};

struct spec {
	unsigned int width;
	int precision;		/* -1 = not given */
	bool left, zero, alt, plus, upper, is_signed;
};

static void put(struct out *o, char c)
{
	if (o->len < o->size)
		o->buf[o->len] = c;
	o->len++;
}

static void put_padded(struct out *o, const char *s, size_t n, const struct spec *sp)
{
	size_t pad = sp->width > n ? sp->width - n : 0;

	if (!sp->left)
		for (size_t i = 0; i < pad; i++)
			put(o, ' ');
	for (size_t i = 0; i < n; i++)
		put(o, s[i]);
	if (sp->left)
		for (size_t i = 0; i < pad; i++)
			put(o, ' ');
}

static void put_number(struct out *o, unsigned long long v, unsigned int base, bool negative,
		       struct spec sp)
{
	const char *digits = sp.upper ? "0123456789ABCDEF" : "0123456789abcdef";
	char rev[72], txt[136];
	size_t n = 0, len = 0, want;

	do {
		rev[n++] = digits[v % base];
		v /= base;
	} while (v);
	if (negative)
		txt[len++] = '-';
	else if (sp.plus)
		txt[len++] = '+';
	if (sp.alt && base == 16) {
		txt[len++] = '0';
		txt[len++] = sp.upper ? 'X' : 'x';
	}
	want = sp.precision > 0 ? min_t(size_t, sp.precision, 64) : 0;
	if (sp.zero && !sp.left && sp.precision < 0 && sp.width > len)
		want = min_t(size_t, sp.width - len, 64);
	for (; want > n; want--)
		txt[len++] = '0';
	while (n)
		txt[len++] = rev[--n];
	put_padded(o, txt, len, &sp);
}

static void put_pointer(struct out *o, const char **fmt, const void *p, struct spec *sp)
{
	char txt[32];
	const struct domain *d;

	switch (**fmt) {
	case 'd':
	case 'v':
		d = **fmt == 'd' ? p : p ? ((const struct vcpu *)p)->domain : NULL;
		if (!d)
			strlcpy(txt, "d?", sizeof(txt));
		else if (is_idle_domain(d))
			strlcpy(txt, "d[IDLE]", sizeof(txt));
		else
			snprintf(txt, sizeof(txt), "d%u", d->domain_id);
		if (**fmt == 'v' && d)
			snprintf(txt + strlen(txt), sizeof(txt) - strlen(txt), "v%u",
				 ((const struct vcpu *)p)->vcpu_id);
		(*fmt)++;
		put_padded(o, txt, strlen(txt), sp);
		return;
	case 's':
		(*fmt)++;
		break;
	}
	sp->zero = true;
	sp->width = 2 * sizeof(p);
	put_number(o, (uintptr_t)p, 16, false, *sp);
}

static unsigned long long get_integer(va_list *ap, int size, bool is_signed)
{
	if (size >= 2)
		return va_arg(*ap, unsigned long long);
	if (size == 1)
		return is_signed ? (unsigned long long)va_arg(*ap, long) : va_arg(*ap, unsigned long);
	if (size == 0)
		return is_signed ? (unsigned long long)va_arg(*ap, int) : va_arg(*ap, unsigned int);
	if (size == -1)
		return is_signed ? (unsigned long long)(short)va_arg(*ap, int)
				 : (unsigned short)va_arg(*ap, int);
	return is_signed ? (unsigned long long)(signed char)va_arg(*ap, int)
			 : (unsigned char)va_arg(*ap, int);
}

static const char *parse_flags(const char *f, struct spec *sp, va_list *ap)
{
	*sp = (struct spec){ .precision = -1 };
	for (;; f++) {
		if (*f == '-')
			sp->left = true;
		else if (*f == '0')
			sp->zero = true;
		else if (*f == '#')
			sp->alt = true;
		else if (*f == '+')
			sp->plus = true;
		else if (*f != ' ')
			break;
	}
	if (*f == '*') {
		int w = va_arg(*ap, int);

		sp->left |= w < 0;
		sp->width = w < 0 ? -w : w;
		f++;
	}
	for (; *f >= '0' && *f <= '9'; f++)
		sp->width = sp->width * 10 + (*f - '0');
	if (*f == '.') {
		sp->precision = 0;
		f++;
		if (*f == '*') {
			sp->precision = va_arg(*ap, int);
			f++;
		}
		for (; *f >= '0' && *f <= '9'; f++)
			sp->precision = sp->precision * 10 + (*f - '0');
	}
	return f;
}

static void put_string(struct out *o, const char *s, const struct spec *sp)
{
	if (!s)
		s = "(null)";
	put_padded(o, s, sp->precision >= 0 ? strnlen(s, sp->precision) : strlen(s), sp);
}

static void put_integer(struct out *o, char conv, int size, va_list *ap, struct spec sp)
{
	bool is_signed = conv == 'd' || conv == 'i';
	unsigned long long v = get_integer(ap, size, is_signed);
	bool negative = is_signed && (long long)v < 0;
	unsigned int base = conv == 'x' || conv == 'X' ? 16 : conv == 'o' ? 8 : 10;

	sp.upper = conv == 'X';
	put_number(o, negative ? -v : v, base, negative, sp);
}

int vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	struct out o = { buf, size ? size - 1 : 0, 0 };
	va_list ap;

	va_copy(ap, args);
	while (*fmt) {
		struct spec sp;
		int longs = 0;
		char c;

		if (*fmt != '%') {
			put(&o, *fmt++);
			continue;
		}
		fmt = parse_flags(fmt + 1, &sp, &ap);
		for (;; fmt++) {
			if (*fmt == 'l')
				longs++;
			else if (*fmt == 'h')
				longs--;
			else if (*fmt == 'z' || *fmt == 't')
				longs = 1;
			else
				break;
		}
		if (!*fmt)
			break;
		c = *fmt++;
		if (c == 'c') {
			char ch = va_arg(ap, int);

			put_padded(&o, &ch, 1, &sp);
		} else if (c == 's') {
			put_string(&o, va_arg(ap, const char *), &sp);
		} else if (c == 'p') {
			put_pointer(&o, &fmt, va_arg(ap, const void *), &sp);
		} else if (strchr("diuxXo", c)) {
			put_integer(&o, c, longs, &ap, sp);
		} else {
			put(&o, c);	/* %% and what we do not know */
		}
	}
	va_end(ap);
	if (size)
		buf[min(o.len, o.size)] = 0;
	return o.len;
}

int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(buf, size, fmt, ap);
	va_end(ap);
	return n;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 99;
}

unsigned long long simple_strtoull(const char *s, const char **end, unsigned int base)
{
	unsigned long long v = 0;

	if ((base == 0 || base == 16) && s[0] == '0' && (s[1] == 'x' || s[1] == 'X') &&
	    digit(s[2]) < 16) {
		base = 16;
		s += 2;
	} else if (base == 0) {
		base = s[0] == '0' ? 8 : 10;
	}
	for (; (unsigned int)digit(*s) < base; s++)
		v = v > (~0ULL - digit(*s)) / base ? ~0ULL : v * base + digit(*s);
	if (end)
		*end = s;
	return v;
}
