// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the toolstack asks of the domain, in control/shutdown and control/sysrq. That a
 * request was seen is said by emptying the node; what is understood by feature nodes.
 * Suspending is not: Xen on Arm has no such thing.
 */

#include <linux/reboot.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysrq.h>
#include "bus.h"

struct wish {
	const char *name;
	const char *feature;
	void (*fulfil)(void);
};

static void poweroff(void)
{
	orderly_poweroff(false);
}

static void reboot(void)
{
	orderly_reboot();
}

static const struct wish wishes[] = {
	{ "poweroff",	"feature-poweroff",	poweroff },
	{ "halt",	NULL,			poweroff },
	{ "reboot",	"feature-reboot",	reboot },
};

/* Reads the node and empties it in one transaction, so that no wish is lost. */
static char *take(const char *node)
{
	struct xenbus_transaction t;
	char *value;
	int ret;

	do {
		ret = xenbus_transaction_start(&t);
		if (ret)
			return NULL;
		value = xenbus_read(t, "control", node, NULL);
		if (XENBUS_IS_ERR_READ(value)) {
			xenbus_transaction_end(t, 1);
			return NULL;
		}
		xenbus_write(t, "control", node, "");
		ret = xenbus_transaction_end(t, 0);
		if (ret)
			kfree(value);
	} while (ret == -EAGAIN);
	return ret ? NULL : value;
}

static void shutdown_changed(struct xenbus_watch *watch, const char *path, const char *token)
{
	char *wish = take("shutdown");
	unsigned int i;

	if (!wish)
		return;
	for (i = 0; i < ARRAY_SIZE(wishes) && strcmp(wish, wishes[i].name); i++)
		;
	if (i < ARRAY_SIZE(wishes)) {
		pr_info("xen-bus: the toolstack asks for %s\n", wishes[i].name);
		wishes[i].fulfil();
	} else {
		pr_info("xen-bus: the toolstack asks for %.16s, which is not known\n", wish);
	}
	kfree(wish);
}

static struct xenbus_watch shutdown_watch = {
	.node		= "control/shutdown",
	.callback	= shutdown_changed,
};

#ifdef CONFIG_MAGIC_SYSRQ
static void sysrq_changed(struct xenbus_watch *watch, const char *path, const char *token)
{
	char *key = take("sysrq");

	if (key)
		handle_sysrq(*key);
	kfree(key);
}

static struct xenbus_watch sysrq_watch = {
	.node		= "control/sysrq",
	.callback	= sysrq_changed,
};

static int __init watch_sysrq(void)
{
	int ret = register_xenbus_watch(&sysrq_watch);

	if (!ret)
		xenbus_printf(XBT_NIL, "control", "feature-sysrq", "1");
	return ret;
}
#else
static int __init watch_sysrq(void)
{
	return 0;
}
#endif

int __init xb_control_start(void)
{
	unsigned int i;
	int ret = register_xenbus_watch(&shutdown_watch);

	if (ret)
		return ret;
	for (i = 0; i < ARRAY_SIZE(wishes); i++)
		if (wishes[i].feature)
			xenbus_printf(XBT_NIL, "control", wishes[i].feature, "1");
	return watch_sysrq();
}
