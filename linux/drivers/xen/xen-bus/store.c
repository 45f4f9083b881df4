// SPDX-License-Identifier: GPL-2.0-only
/* Reading and writing the store. */

#include <linux/err.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "busfuncs.h"
#include "bus.h"

/* "dir/node", or "dir" without a node. The caller frees it. */
static char *join(const char *dir, const char *node)
{
	char *path = *node ? kasprintf(GFP_NOIO | __GFP_HIGH, "%s/%s", dir, node) :
			     kstrdup(dir, GFP_NOIO | __GFP_HIGH);

	return path ?: ERR_PTR(-ENOMEM);
}

/* @type on dir/node, with @value if that is not NULL. */
static void *on_path(struct xenbus_transaction t, enum xsd_sockmsg_type type,
		     const char *dir, const char *node, const char *value,
		     unsigned int *len)
{
	char *path = join(dir, node);
	struct kvec iov[2];
	void *reply;

	if (IS_ERR(path))
		return path;
	iov[0].iov_base = path;
	iov[0].iov_len = strlen(path) + 1;
	iov[1].iov_base = (void *)value;
	iov[1].iov_len = value ? strlen(value) : 0;
	reply = xb_talk(t, type, iov, value ? 2 : 1, len);
	kfree(path);
	return reply;
}

static int done(void *reply)
{
	if (IS_ERR(reply))
		return PTR_ERR(reply);
	kfree(reply);
	return 0;
}

void *xenbus_read(struct xenbus_transaction t, const char *dir, const char *node,
		  unsigned int *len)
{
	return on_path(t, XS_READ, dir, node, NULL, len);
}
EXPORT_SYMBOL_GPL(xenbus_read);

int xenbus_write(struct xenbus_transaction t, const char *dir, const char *node,
		 const char *string)
{
	return done(on_path(t, XS_WRITE, dir, node, string, NULL));
}
EXPORT_SYMBOL_GPL(xenbus_write);

int xenbus_rm(struct xenbus_transaction t, const char *dir, const char *node)
{
	return done(on_path(t, XS_RM, dir, node, NULL, NULL));
}
EXPORT_SYMBOL_GPL(xenbus_rm);

/* An array of pointers, and behind it the strings: one allocation. */
char **xenbus_directory(struct xenbus_transaction t, const char *dir, const char *node,
			unsigned int *num)
{
	unsigned int len, n = 0, at;
	char *names = on_path(t, XS_DIRECTORY, dir, node, NULL, &len);
	char **list, *strings;

	if (IS_ERR(names))
		return ERR_CAST(names);
	for (at = 0; at < len; at += strlen(names + at) + 1)
		n++;
	list = kmalloc(n * sizeof(*list) + len + 1, GFP_NOIO | __GFP_HIGH);
	if (!list) {
		kfree(names);
		return ERR_PTR(-ENOMEM);
	}
	strings = (char *)(list + n);
	memcpy(strings, names, len + 1);
	kfree(names);
	for (at = 0, n = 0; at < len; at += strlen(strings + at) + 1)
		list[n++] = strings + at;
	*num = n;
	return list;
}
EXPORT_SYMBOL_GPL(xenbus_directory);

int xenbus_exists(struct xenbus_transaction t, const char *dir, const char *node)
{
	return !done(on_path(t, XS_DIRECTORY, dir, node, NULL, NULL));
}
EXPORT_SYMBOL_GPL(xenbus_exists);

int xenbus_transaction_start(struct xenbus_transaction *t)
{
	char *id = xb_talk(XBT_NIL, XS_TRANSACTION_START, &(struct kvec){ "", 1 }, 1, NULL);
	int ret;

	if (IS_ERR(id))
		return PTR_ERR(id);
	ret = kstrtou32(id, 10, &t->id);
	kfree(id);
	return ret;
}
EXPORT_SYMBOL_GPL(xenbus_transaction_start);

int xenbus_transaction_end(struct xenbus_transaction t, compat_abort_t abort)
{
	struct kvec word = { abort ? "F" : "T", 2 };

	return done(xb_talk(t, XS_TRANSACTION_END, &word, 1, NULL));
}
EXPORT_SYMBOL_GPL(xenbus_transaction_end);

int xenbus_scanf(struct xenbus_transaction t, const char *dir, const char *node,
		 const char *fmt, ...)
{
	char *value = xenbus_read(t, dir, node, NULL);
	va_list args;
	int n;

	if (IS_ERR(value))
		return PTR_ERR(value);
	va_start(args, fmt);
	n = vsscanf(value, fmt, args);
	va_end(args);
	kfree(value);
	return n ?: -ERANGE;
}
EXPORT_SYMBOL_GPL(xenbus_scanf);

unsigned int xenbus_read_unsigned(const char *dir, const char *node,
				  unsigned int default_val)
{
	unsigned int value;

	return xenbus_scanf(XBT_NIL, dir, node, "%u", &value) == 1 ? value : default_val;
}
EXPORT_SYMBOL_GPL(xenbus_read_unsigned);

int xenbus_printf(struct xenbus_transaction t, const char *dir, const char *node,
		  const char *fmt, ...)
{
	va_list args;
	char *value;
	int ret;

	va_start(args, fmt);
	value = kvasprintf(GFP_NOIO | __GFP_HIGH, fmt, args);
	va_end(args);
	if (!value)
		return -ENOMEM;
	ret = xenbus_write(t, dir, node, value);
	kfree(value);
	return ret;
}
EXPORT_SYMBOL_GPL(xenbus_printf);

/* One of xenbus_gather()'s: a string that the caller will free, or what @fmt says. */
static int gather(struct xenbus_transaction t, const char *dir, const char *name,
		  const char *fmt, void *to)
{
	char *value = xenbus_read(t, dir, name, NULL);
	int n;

	if (IS_ERR(value))
		return PTR_ERR(value);
	if (!fmt) {
		*(char **)to = value;
		return 0;
	}
	n = sscanf(value, fmt, to);
	kfree(value);
	return n == 1 ? 0 : -EINVAL;
}

/* Triples of name, format and pointer, up to a name that is NULL. */
int xenbus_gather(struct xenbus_transaction t, const char *dir, ...)
{
	const char *name, *fmt;
	va_list args;
	int ret = 0;

	va_start(args, dir);
	while (!ret && (name = va_arg(args, char *))) {
		fmt = va_arg(args, char *);
		ret = gather(t, dir, name, fmt, va_arg(args, void *));
	}
	va_end(args);
	return ret;
}
EXPORT_SYMBOL_GPL(xenbus_gather);
