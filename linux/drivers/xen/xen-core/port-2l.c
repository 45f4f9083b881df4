// SPDX-License-Identifier: GPL-2.0-only
/*
 * The two-level ABI: a bit for each of 4096 ports in shared_info, and in each vCPU's
 * vcpu_info a word that says which words of pending bits to look at. Words are 64 bits
 * wide on 32-bit kernels too; as they are little endian, the kernel's bit operations on
 * unsigned long name the same bits.
 *
 * Any CPU's word may lead to a port of another: each has a set of its own.
 */

#include <linux/bitmap.h>
#include <linux/slab.h>
#include <xen/xen-ops.h>
#include <asm/sync_bitops.h>
#include <asm/xen/events.h>
#include <asm/xen/hypervisor.h>
#include "core.h"
#include "ports.h"

#define WORD_BITS	(8 * sizeof(xen_ulong_t))

static DEFINE_PER_CPU(unsigned long *, own);

static unsigned long *pending(void)
{
	return (unsigned long *)HYPERVISOR_shared_info->evtchn_pending;
}

static unsigned long *masked(void)
{
	return (unsigned long *)HYPERVISOR_shared_info->evtchn_mask;
}

static void mask_2l(evtchn_port_t port)
{
	sync_set_bit(port, masked());
}

static void unmask_2l(evtchn_port_t port)
{
	if (!sync_test_bit(port, pending())) {
		sync_clear_bit(port, masked());
		/* Pairs with the hypervisor's: it sets pending, then looks at the mask. */
		smp_mb();
		if (!sync_test_bit(port, pending()))
			return;
		/* It came in between, and may have been taken for masked. */
		sync_set_bit(port, masked());
	}
	port_kick(port);
}

static bool is_pending_2l(evtchn_port_t port)
{
	return sync_test_bit(port, pending());
}

static void clear_pending_2l(evtchn_port_t port)
{
	sync_clear_bit(port, pending());
}

static void set_pending_2l(evtchn_port_t port)
{
	sync_set_bit(port, pending());
}

static void bind_2l(evtchn_port_t port, unsigned int cpu, unsigned int old)
{
	clear_bit(port, per_cpu(own, old));
	set_bit(port, per_cpu(own, cpu));
}

static int setup_2l(evtchn_port_t port)
{
	return 0;
}

static xen_ulong_t active(unsigned int cpu, unsigned int word)
{
	const xen_ulong_t *mine = (const xen_ulong_t *)per_cpu(own, cpu);

	return READ_ONCE(HYPERVISOR_shared_info->evtchn_pending[word]) &
	       ~READ_ONCE(HYPERVISOR_shared_info->evtchn_mask[word]) &
	       READ_ONCE(mine[word]);
}

static void handle_2l(unsigned int cpu)
{
	struct vcpu_info *info = per_cpu(xen_vcpu, cpu);
	xen_ulong_t words, bits;

	/* A full barrier: pending bits are read after the word that leads to them. */
	words = xchg_xen_ulong(&info->evtchn_pending_sel, 0);
	for (; words; words &= words - 1) {
		unsigned int word = __ffs64(words);

		/* Each port once: what comes again sets the selector again. */
		for (bits = active(cpu, word); bits; bits &= bits - 1)
			event_deliver(word * WORD_BITS + __ffs64(bits));
	}
}

static int cpu_up_2l(unsigned int cpu)
{
	if (!per_cpu(own, cpu))
		per_cpu(own, cpu) = bitmap_zalloc(EVTCHN_2L_NR_CHANNELS, GFP_KERNEL);
	/* Every port is masked until it is bound, once for all CPUs. */
	return per_cpu(own, cpu) ? 0 : -ENOMEM;
}

/* Events were moved one by one, and those that were pending then raised again. */
static void cpu_dead_2l(unsigned int cpu)
{
}

const struct port_ops port_ops_2l = {
	.name		= "2-level",
	.max_ports	= EVTCHN_2L_NR_CHANNELS,
	.setup		= setup_2l,
	.bind		= bind_2l,
	.mask		= mask_2l,
	.unmask		= unmask_2l,
	.is_pending	= is_pending_2l,
	.clear_pending	= clear_pending_2l,
	.set_pending	= set_pending_2l,
	.handle		= handle_2l,
	.cpu_up		= cpu_up_2l,
	.cpu_dead	= cpu_dead_2l,
};
