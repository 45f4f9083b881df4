// SPDX-License-Identifier: GPL-2.0-only
/*
 * The FIFO ABI: a word for each port in an array of pages that we supply, and for each
 * vCPU and priority a queue of pending ports, linked through the words. The hypervisor
 * appends; we take from the head, whose place we keep ourselves.
 */

#include <linux/mm.h>
#include <linux/slab.h>
#include <xen/page.h>
#include <xen/xen-ops.h>
#include <asm/sync_bitops.h>
#include <asm/xen/hypercall.h>
#include "core.h"
#include "ports.h"

#define WORDS_PER_PAGE	(XEN_PAGE_SIZE / sizeof(event_word_t))
#define MAX_PAGES	(EVTCHN_FIFO_NR_CHANNELS / WORDS_PER_PAGE)
/* How often we look again at a word the hypervisor is about to link. */
#define BUSY_LOOKS	1000

static event_word_t *pages[MAX_PAGES];
static unsigned int nr_pages;		/* grows under xen_bind_lock */

struct heads {
	u32 head[EVTCHN_FIFO_MAX_QUEUES];
};

static DEFINE_PER_CPU(struct heads, heads);
static DEFINE_PER_CPU(bool, has_control);

/* NULL for a port beyond what has been set up. */
static event_word_t *word_of(evtchn_port_t port)
{
	unsigned int i = port / WORDS_PER_PAGE;

	/* Pairs with the release in add_page(). */
	if (i >= smp_load_acquire(&nr_pages))
		return NULL;
	return pages[i] + port % WORDS_PER_PAGE;
}

static void set_flag(evtchn_port_t port, unsigned int bit)
{
	event_word_t *word = word_of(port);
	event_word_t old, w;

	if (!word)
		return;
	for (old = READ_ONCE(*word); ; old = w) {
		w = sync_cmpxchg(word, old, old | 1u << bit);
		if (w == old)
			return;
	}
}

static void mask_fifo(evtchn_port_t port)
{
	set_flag(port, EVTCHN_FIFO_MASKED);
}

static void set_pending_fifo(evtchn_port_t port)
{
	set_flag(port, EVTCHN_FIFO_PENDING);
}

static bool is_pending_fifo(evtchn_port_t port)
{
	event_word_t *word = word_of(port);

	return word && READ_ONCE(*word) >> EVTCHN_FIFO_PENDING & 1;
}

static void clear_pending_fifo(evtchn_port_t port)
{
	event_word_t *word = word_of(port);
	event_word_t old, w;

	if (!word)
		return;
	for (old = READ_ONCE(*word); ; old = w) {
		w = sync_cmpxchg(word, old, old & ~(1u << EVTCHN_FIFO_PENDING));
		if (w == old)
			return;
	}
}

/*
 * Clears MASKED unless the event is pending: false if the hypervisor has to do it. While
 * BUSY is set the hypervisor is linking the event and will look at MASKED after.
 */
static bool clear_masked(event_word_t *word)
{
	event_word_t old = READ_ONCE(*word), w;
	unsigned int looks;

	for (looks = 0; looks < BUSY_LOOKS; looks++) {
		if (!(old >> EVTCHN_FIFO_MASKED & 1))
			return true;
		if (old >> EVTCHN_FIFO_PENDING & 1)
			return false;
		old &= ~(1u << EVTCHN_FIFO_BUSY);
		w = sync_cmpxchg(word, old, old & ~(1u << EVTCHN_FIFO_MASKED));
		if (w == old)
			return true;
		old = w;
	}
	return false;
}

static void unmask_fifo(evtchn_port_t port)
{
	event_word_t *word = word_of(port);

	if (word && !clear_masked(word))
		port_kick(port);
}

static void bind_fifo(evtchn_port_t port, unsigned int cpu, unsigned int old)
{
	/* The hypervisor links it to the new vCPU's queues from the next event on. */
}

static int add_page(void)
{
	struct evtchn_expand_array expand;
	event_word_t *page = (void *)get_zeroed_page(GFP_KERNEL);
	unsigned int i;
	int ret;

	if (!page)
		return -ENOMEM;
	for (i = 0; i < WORDS_PER_PAGE; i++)
		page[i] = 1u << EVTCHN_FIFO_MASKED;
	expand.array_gfn = virt_to_gfn(page);
	ret = HYPERVISOR_event_channel_op(EVTCHNOP_expand_array, &expand);
	if (ret) {
		free_page((unsigned long)page);
		return ret;
	}
	pages[nr_pages] = page;
	/* Whoever sees the number sees the page: word_of() runs in interrupts. */
	smp_store_release(&nr_pages, nr_pages + 1);
	return 0;
}

static int setup_fifo(evtchn_port_t port)
{
	int ret = 0;

	if (port >= EVTCHN_FIFO_NR_CHANNELS)
		return -EINVAL;
	while (!ret && nr_pages <= port / WORDS_PER_PAGE)
		ret = add_page();
	return ret;
}

/* Unlinks the head's word; returns the next port in the queue, or 0. */
static u32 unlink(event_word_t *word)
{
	event_word_t old = READ_ONCE(*word), w;

	for (;; old = w) {
		w = sync_cmpxchg(word, old, old & ~(1u << EVTCHN_FIFO_LINKED |
						    EVTCHN_FIFO_LINK_MASK));
		if (w == old)
			return old & EVTCHN_FIFO_LINK_MASK;
	}
}

/* What to do with the ports of a queue. */
typedef void (*take_fn)(evtchn_port_t port);

/* Takes one port of @cpu's queue @q; clears its bit in @ready when it was the last. */
static void take_one(unsigned int cpu, unsigned int q, unsigned long *ready, take_fn take)
{
	struct evtchn_fifo_control_block *control = &xen_cpu_page(cpu)->fifo;
	u32 *head = &per_cpu(heads, cpu).head[q];
	evtchn_port_t port = *head;
	event_word_t *word;

	/* Empty when we left it: the hypervisor has put down a new head since. */
	if (!port) {
		smp_rmb();	/* the head was written before the ready bit we saw */
		port = READ_ONCE(control->head[q]);
	}
	word = word_of(port);
	if (!port || !word) {
		pr_warn_ratelimited("xen-core: queue %u has no event %u\n", q, port);
		*head = 0;
		__clear_bit(q, ready);
		return;
	}
	*head = unlink(word);
	if (!*head)
		__clear_bit(q, ready);
	if ((READ_ONCE(*word) & (1u << EVTCHN_FIFO_PENDING | 1u << EVTCHN_FIFO_MASKED)) ==
	    1u << EVTCHN_FIFO_PENDING)
		take(port);
}

static void take_all(unsigned int cpu, take_fn take)
{
	struct evtchn_fifo_control_block *control = &xen_cpu_page(cpu)->fifo;
	unsigned long ready = xchg(&control->ready, 0);

	while (ready) {
		/* The lowest number is the highest priority. */
		take_one(cpu, __ffs(ready), &ready, take);
		ready |= xchg(&control->ready, 0);
	}
}

static void handle_fifo(unsigned int cpu)
{
	take_all(cpu, event_deliver);
}

static int cpu_up_fifo(unsigned int cpu)
{
	struct cpu_page *page = xen_cpu_page(cpu);
	struct evtchn_init_control init = {
		.control_gfn = virt_to_gfn(page),
		.offset = offset_in_page(&page->fifo),
		.vcpu = xen_vcpu_nr(cpu),
	};
	int ret;

	if (per_cpu(has_control, cpu))
		return 0;
	ret = HYPERVISOR_event_channel_op(EVTCHNOP_init_control, &init);
	if (!ret)
		per_cpu(has_control, cpu) = true;
	return ret;
}

/* Masked and unmasked it is raised anew, on the CPU it is bound to by now. */
static void raise_again(evtchn_port_t port)
{
	mask_fifo(port);
	port_kick(port);
}

static void cpu_dead_fifo(unsigned int cpu)
{
	take_all(cpu, raise_again);
}

const struct port_ops port_ops_fifo = {
	.name		= "FIFO",
	.max_ports	= EVTCHN_FIFO_NR_CHANNELS,
	.setup		= setup_fifo,
	.bind		= bind_fifo,
	.mask		= mask_fifo,
	.unmask		= unmask_fifo,
	.is_pending	= is_pending_fifo,
	.clear_pending	= clear_pending_fifo,
	.set_pending	= set_pending_fifo,
	.handle		= handle_fifo,
	.cpu_up		= cpu_up_fifo,
	.cpu_dead	= cpu_dead_fifo,
};
