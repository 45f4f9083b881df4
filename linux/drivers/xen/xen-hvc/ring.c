// SPDX-License-Identifier: GPL-2.0-only
/* Bytes into and out of the rings. Indexes of the other side are read once and checked. */

#include <linux/delay.h>
#include <linux/io.h>
#include <linux/spinlock.h>
#include <xen/events.h>
#include <xen/hvm.h>
#include <xen/interface/io/console.h>
#include <xen/interface/sched.h>
#include <xen/page.h>
#include "hvc.h"

/* Longer than this nobody waits for a daemon that does not read. */
#define WAIT_MS	200

static struct xencons_interface *ring;
static evtchn_port_t port;
static int ring_irq;
static DEFINE_RAW_SPINLOCK(write_lock);

/* Bytes in the output ring; a full one if the index makes no sense. */
static unsigned int unread(void)
{
	return min_t(u32, ring->out_prod - READ_ONCE(ring->out_cons), sizeof(ring->out));
}

unsigned int hvc_ring_unread(void)
{
	return unread();
}

unsigned int hvc_ring_room(void)
{
	return sizeof(ring->out) - unread();
}

unsigned int hvc_ring_write(const u8 *data, unsigned int len)
{
	unsigned long flags;
	unsigned int i;
	u32 prod;

	raw_spin_lock_irqsave(&write_lock, flags);
	prod = ring->out_prod;
	len = min(len, hvc_ring_room());
	virt_mb();	/* what is overwritten has been read */
	for (i = 0; i < len; i++)
		ring->out[MASK_XENCONS_IDX(prod + i, ring->out)] = data[i];
	virt_wmb();	/* the bytes before the index */
	WRITE_ONCE(ring->out_prod, prod + len);
	raw_spin_unlock_irqrestore(&write_lock, flags);
	if (len)
		notify_remote_via_evtchn(port);
	return len;
}

unsigned int hvc_ring_read(u8 *data, unsigned int max)
{
	u32 cons = ring->in_cons, prod = READ_ONCE(ring->in_prod);
	unsigned int i, n = prod - cons;

	if (n > sizeof(ring->in)) {
		pr_warn_ratelimited("xen-hvc: index of the input ring\n");
		return 0;
	}
	virt_rmb();	/* the index before the bytes */
	n = min(n, max);
	for (i = 0; i < n; i++)
		data[i] = ring->in[MASK_XENCONS_IDX(cons + i, ring->in)];
	if (!n)
		return 0;
	virt_mb();	/* the bytes are read before their place is given back */
	WRITE_ONCE(ring->in_cons, cons + n);
	notify_remote_via_evtchn(port);
	return n;
}

bool hvc_ring_wait(unsigned int bytes)
{
	static bool in_vain;
	unsigned int ms;

	/* Once is enough, until somebody reads again. */
	if (in_vain && hvc_ring_room() < bytes)
		return false;
	for (ms = 0; ms < WAIT_MS && hvc_ring_room() < bytes; ms++) {
		HYPERVISOR_sched_op(SCHEDOP_yield, NULL);
		mdelay(1);
	}
	in_vain = hvc_ring_room() < bytes;
	return !in_vain;
}

int hvc_ring_start(irq_handler_t handler)
{
	u64 pfn, value;
	int ret;

	ret = hvm_get_parameter(HVM_PARAM_CONSOLE_PFN, &pfn);
	if (!ret)
		ret = hvm_get_parameter(HVM_PARAM_CONSOLE_EVTCHN, &value);
	if (ret)
		return ret;
	if (!pfn || !value)
		return -ENODEV;
	ring = memremap(pfn << XEN_PAGE_SHIFT, XEN_PAGE_SIZE, MEMREMAP_WB);
	if (!ring)
		return -ENOMEM;
	port = value;
	ring_irq = bind_evtchn_to_irqhandler(port, handler, 0, "hvc_console", &ring);
	if (ring_irq >= 0)
		return 0;
	memunmap(ring);
	return ring_irq;
}

/* Nobody writes any more. */
void hvc_ring_stop(void)
{
	unbind_from_irqhandler(ring_irq, &ring);
	memunmap(ring);
}
