/* SPDX-License-Identifier: GPL-2.0-only */
/* Messages, assertions and freestanding helpers. */
#ifndef XEN_LIB_H
#define XEN_LIB_H

#include <xen/compiler.h>
#include <xen/errno.h>
#include <xen/string.h>
#include <xen/types.h>

/*
 * Message levels, put in front of the format: printk(XENLOG_WARNING "...").
 * XENLOG_G_* are messages a guest can provoke; they obey guest_loglvl and are
 * rate-limited. A message without a level is always shown.
 */
#define XENLOG_ERR	"<0>"
#define XENLOG_WARNING	"<1>"
#define XENLOG_INFO	"<2>"
#define XENLOG_DEBUG	"<3>"
#define XENLOG_G_ERR	"<G0>"
#define XENLOG_G_WARNING "<G1>"
#define XENLOG_G_INFO	"<G2>"
#define XENLOG_G_DEBUG	"<G3>"

/* Usable in any context, interrupts and early boot included. */
void printk(const char *fmt, ...) __printf(1, 2);
void vprintk(const char *fmt, va_list ap);
/* Message about a guest, prefixed with the current vCPU (d1v0). */
#define gprintk(lvl, fmt, ...) gprintk_(lvl, fmt, ##__VA_ARGS__)
void gprintk_(const char *lvl, const char *fmt, ...) __printf(2, 3);

/*
 * %s %c %d %i %u %x %X %o %ld %lld %lx %zu %p %%, width, precision, '-', '0', '#', '+';
 * %pd (struct domain *: d1), %pv (struct vcpu *: d1v0), %ps (symbol or address).
 * Returns the length the whole text would have; always NUL-terminates when size > 0.
 */
int snprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);
int vsnprintf(char *buf, size_t size, const char *fmt, va_list ap);

/* Base 0 understands 0x and leading 0. Too large: 2^64 - 1. *end: the first not used. */
unsigned long long simple_strtoull(const char *s, const char **end, unsigned int base);

/* Stops the machine with a message: only for our own mistakes and boot failures. */
void panic(const char *fmt, ...) __printf(1, 2) __noreturn;

#define BUG() panic("BUG at %s:%d", __FILE__, __LINE__)
#define BUG_ON(c) do { if (unlikely(c)) panic("BUG_ON(%s) at %s:%d", #c, __FILE__, __LINE__); } while (0)
#ifdef XYLEM_DEBUG
#define ASSERT(c) \
	do { if (unlikely(!(c))) panic("ASSERT(%s) at %s:%d", #c, __FILE__, __LINE__); } while (0)
#else
#define ASSERT(c) do { (void)sizeof(!(c)); } while (0)
#endif
#define ASSERT_UNREACHABLE() ASSERT(!"unreachable")

/* The version of the ABI that we speak, as XENVER_version reports it. */
#define XYLEM_XEN_MAJOR		4
#define XYLEM_XEN_MINOR		17
#define XYLEM_EXTRAVERSION	".0-xylem"

#endif
