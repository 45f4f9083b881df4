// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hypervisor's symbols, in the form of /proc/kallsyms, for perf and the like. The file's
 * position is the number of a symbol.
 */

#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/types.h>
#include <xen/interface/xen.h>
#include <xen/interface/platform.h>
#include "hypercall.h"
#include "xenfs.h"

#define FIRST_SIZE	128		/* Xen's own limit of names, with their ends */
#define LAST_SIZE	65536		/* more is no name */

struct cursor {
	struct xen_platform_op op;
	char *name;
	u32 size;			/* of name */
};

/* Asks for a symbol: 1, 0 behind the last, or an error. */
static int ask(struct cursor *c, u32 number)
{
	struct xenpf_symdata *sym = &c->op.u.symdata;
	int ret;

	c->op = (struct xen_platform_op){ .cmd = XENPF_get_symbol };
	sym->namelen = c->size;
	sym->symnum = number;
	set_xen_guest_handle(sym->name, c->name);
	ret = HYPERVISOR_platform_op(&c->op);
	if (ret)
		return ret;
	c->name[c->size - 1] = 0;
	/* It says which comes next: none is the one that was asked for. */
	return sym->symnum != number;
}

/* The same with as much room as the name needs. */
static int fetch(struct cursor *c, u32 number)
{
	u32 needed;
	char *name;
	int ret = ask(c, number);

	needed = c->op.u.symdata.namelen;
	if (ret <= 0 || needed <= c->size)
		return ret;
	if (needed > LAST_SIZE)
		return -EIO;
	name = krealloc(c->name, needed, GFP_KERNEL);
	if (!name)
		return -ENOMEM;
	c->name = name;
	c->size = needed;
	return ask(c, number);
}

static void *symbol_at(struct cursor *c, loff_t pos)
{
	int ret = pos > U32_MAX ? 0 : fetch(c, pos);

	return ret > 0 ? c : ERR_PTR(ret);	/* of 0: NULL, the end */
}

static void *syms_start(struct seq_file *m, loff_t *pos)
{
	return symbol_at(m->private, *pos);
}

static void *syms_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct cursor *c = v;

	*pos = c->op.u.symdata.symnum;
	return symbol_at(c, *pos);
}

static void syms_stop(struct seq_file *m, void *v)
{
}

static int syms_show(struct seq_file *m, void *v)
{
	const struct cursor *c = v;

	seq_printf(m, "%016llx %c %s\n", c->op.u.symdata.address, c->op.u.symdata.type, c->name);
	return 0;
}

static const struct seq_operations syms_ops = {
	.start	= syms_start,
	.next	= syms_next,
	.stop	= syms_stop,
	.show	= syms_show,
};

static int syms_open(struct inode *inode, struct file *file)
{
	struct cursor *c = __seq_open_private(file, &syms_ops, sizeof(*c));

	if (!c)
		return -ENOMEM;
	c->size = FIRST_SIZE;
	c->name = kzalloc(c->size, GFP_KERNEL);
	if (!c->name) {
		seq_release_private(inode, file);
		return -ENOMEM;
	}
	return 0;
}

static int syms_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;
	struct cursor *c = m->private;

	kfree(c->name);
	return seq_release_private(inode, file);
}

const struct file_operations xenfs_syms_fops = {
	.owner		= THIS_MODULE,
	.open		= syms_open,
	.read		= seq_read,
	.llseek		= seq_lseek,
	.release	= syms_release,
};
