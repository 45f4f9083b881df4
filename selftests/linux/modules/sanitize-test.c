// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mistakes on purpose, so that it is known that a kernel that looks for them finds them:
 * what=oob, freed, locks, sleep or leak. Never loaded where nobody looks.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

static char *what = "";
module_param(what, charp, 0);
MODULE_PARM_DESC(what, "the mistake to make: oob, freed, locks, sleep or leak");

static DEFINE_SPINLOCK(first);
static DEFINE_SPINLOCK(second);

/* The compiler is not to see through it. */
static char read_at(const char *p, int at)
{
	OPTIMIZER_HIDE_VAR(p);
	return READ_ONCE(p[at]);
}

static void out_of_bounds(void)
{
	char *p = kmalloc(40, GFP_KERNEL);

	if (p)
		read_at(p, 40);
	kfree(p);
}

static void after_free(void)
{
	char *p = kmalloc(40, GFP_KERNEL);

	kfree(p);
	if (p)
		read_at(p, 8);
}

static void two_orders(void)
{
	spin_lock(&first);
	spin_lock(&second);
	spin_unlock(&second);
	spin_unlock(&first);

	spin_lock(&second);
	spin_lock(&first);
	spin_unlock(&first);
	spin_unlock(&second);
}

static void sleeps(void)
{
	spin_lock(&first);
	might_sleep();
	spin_unlock(&first);
}

/* Not a part of the function that is gone, with its name, after the start. */
static noinline void leaks(void)
{
	char *p = kmalloc(40, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(p);
}

static int __init sanitize_test_init(void)
{
	if (!strcmp(what, "oob"))
		out_of_bounds();
	else if (!strcmp(what, "freed"))
		after_free();
	else if (!strcmp(what, "locks"))
		two_orders();
	else if (!strcmp(what, "sleep"))
		sleeps();
	else if (!strcmp(what, "leak"))
		leaks();
	else
		return -EINVAL;
	return 0;
}
module_init(sanitize_test_init);

static void __exit sanitize_test_exit(void)
{
}
module_exit(sanitize_test_exit);

MODULE_DESCRIPTION("Makes mistakes that a sanitizing kernel must find");
MODULE_AUTHOR("The Xylem authors");
MODULE_LICENSE("GPL");
