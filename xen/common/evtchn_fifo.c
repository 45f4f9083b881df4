// SPDX-License-Identifier: GPL-2.0-only
/*
 * The FIFO ABI: an event word for each port in pages the guest gives, and for
 * each vCPU a control block with the heads of 16 queues. Words are linked by
 * port number; the guest consumes from the head, we add at the tail.
 *
 * Everything in those pages is the guest's word. A link we set is only ever read
 * by the guest; our tail is private.
 */
#include <xen/evtchn_if.h>
#include <xen/guest_atomic.h>
#include <xen/lib.h>
#include <xen/sched.h>
#include <xen/xmalloc.h>

#define WORDS_PER_PAGE	(PAGE_SIZE / sizeof(event_word_t))
#define MAX_PAGES	(EVTCHN_FIFO_NR_CHANNELS / WORDS_PER_PAGE)
#define PENDING		(1U << EVTCHN_FIFO_PENDING)
#define MASKED		(1U << EVTCHN_FIFO_MASKED)
#define LINKED		(1U << EVTCHN_FIFO_LINKED)
#define BUSY		(1U << EVTCHN_FIFO_BUSY)
#define BUSY_TRIES	4

struct fifo_queue {
	spinlock_t lock;	/* RANK_EVTCHN_QUEUE; irq */
	evtchn_port_t tail;	/* 0 = empty as far as we know */
};

struct evtchn_fifo_vcpu {
	struct evtchn_fifo_control_block *control;	/* mapped guest memory, NULL */
	struct page_info *page;				/* referenced */
	struct fifo_queue queue[EVTCHN_FIFO_MAX_QUEUES];
};

struct evtchn_fifo_domain {
	event_word_t *words[MAX_PAGES];			/* mapped guest memory */
	struct page_info *page[MAX_PAGES];		/* referenced */
	unsigned int nr_pages;
};

static event_word_t *word_of(const struct domain *d, evtchn_port_t port)
{
	const struct evtchn_fifo_domain *fifo = d->evtchn.fifo;

	/* Acquire pairs with the release in add_page(). */
	if (port / WORDS_PER_PAGE >= atomic_load_acquire(&fifo->nr_pages))
		return NULL;
	return fifo->words[port / WORDS_PER_PAGE] + port % WORDS_PER_PAGE;
}

/* One try: 1 linked, 0 the tail has left its queue, -EAGAIN the word changed. */
static int try_set_link(struct domain *d, event_word_t *word, event_word_t *seen, uint32_t link)
{
	event_word_t old = *seen, new;

	if (!(old & LINKED))
		return 0;
	new = (old & ~(BUSY | EVTCHN_FIFO_LINK_MASK)) | link;
	*seen = guest_cmpxchg(d, word, old, new);
	return *seen == old ? 1 : -EAGAIN;
}

/*
 * Hang the port behind the tail. BUSY asks the guest to leave the word alone;
 * a guest that does not is broken or hostile and ends.
 */
static bool set_link(struct domain *d, event_word_t *word, uint32_t link)
{
	event_word_t seen = READ_ONCE(*word);
	int rc = try_set_link(d, word, &seen, link);

	if (rc >= 0)
		return rc;
	guest_set_bit(d, EVTCHN_FIFO_BUSY, word);
	seen = READ_ONCE(*word);
	for (unsigned int i = 0; i < BUSY_TRIES; i++) {
		rc = try_set_link(d, word, &seen, link);
		if (rc < 0)
			continue;
		if (rc == 0)
			guest_clear_bit(d, EVTCHN_FIFO_BUSY, word);
		return rc;
	}
	domain_crash_later(d, "FIFO event word kept changing while busy");
	return true;
}

static struct fifo_queue *queue_of(struct domain *d, unsigned int vcpu, unsigned int prio)
{
	struct vcpu *v = d->vcpu[vcpu];

	return v && v->evtchn_fifo ? &v->evtchn_fifo->queue[prio] : NULL;
}

/* Put the port at the end of v's queue. True when the guest must be told of a new head. */
static bool enqueue(struct vcpu *v, struct evtchn *chn, event_word_t *word, unsigned int prio)
{
	struct domain *d = v->domain;
	struct fifo_queue *q = &v->evtchn_fifo->queue[prio], *old;
	unsigned long flags = local_irq_save();
	bool linked = false, head = false;

	/* Where it was last: it may be that queue's tail. Changes under that queue's lock. */
	for (;;) {
		unsigned int lv = READ_ONCE(chn->last_vcpu), lp = READ_ONCE(chn->last_priority);

		old = queue_of(d, lv, lp);
		if (!old)
			old = q;
		double_lock(&old->lock, &q->lock);
		if (likely(lv == chn->last_vcpu && lp == chn->last_priority))
			break;
		double_unlock(&old->lock, &q->lock);
	}
	if (!guest_test_and_set_bit(d, EVTCHN_FIFO_LINKED, word)) {
		/* Its link was emptied by the guest when it took it off. */
		if (old->tail == chn->port)
			old->tail = 0;
		chn->last_vcpu = v->vcpu_id;
		chn->last_priority = prio;
		if (q->tail) {
			event_word_t *tail = word_of(d, q->tail);

			linked = tail && set_link(d, tail, chn->port);
		}
		if (!linked)
			WRITE_ONCE(v->evtchn_fifo->control->head[prio], chn->port);
		head = !linked;
		q->tail = chn->port;
	}
	double_unlock(&old->lock, &q->lock);
	local_irq_restore(flags);
	return head;
}

static void set_pending(struct vcpu *v, struct evtchn *chn)
{
	struct domain *d = v->domain;
	event_word_t *word = word_of(d, chn->port);
	unsigned int prio = READ_ONCE(chn->priority);
	bool was_pending;

	/* Its page has not been added yet: remembered for then. */
	if (unlikely(!word)) {
		WRITE_ONCE(chn->pending, true);
		/* Pairs with the barrier in add_page(): one of us sees the other's. */
		smp_mb();
		word = word_of(d, chn->port);
		if (likely(!word))
			return;
	}
	was_pending = guest_test_and_set_bit(d, EVTCHN_FIFO_PENDING, word);
	if (!(READ_ONCE(*word) & (MASKED | LINKED)) && v->evtchn_fifo && v->evtchn_fifo->control &&
	    enqueue(v, chn, word, prio) &&
	    !guest_test_and_set_bit(d, prio, &v->evtchn_fifo->control->ready))
		vcpu_mark_events_pending(v);
	if (!was_pending)
		evtchn_check_pollers(d, chn->port);
}

static void clear_pending(struct domain *d, struct evtchn *chn)
{
	event_word_t *word = word_of(d, chn->port);

	chn->pending = false;
	if (word)
		guest_clear_bit(d, EVTCHN_FIFO_PENDING, word);
}

static void unmask(struct domain *d, struct evtchn *chn)
{
	event_word_t *word = word_of(d, chn->port);

	if (!word)
		return;
	guest_clear_bit(d, EVTCHN_FIFO_MASKED, word);
	if (READ_ONCE(*word) & PENDING)
		evtchn_set_pending(d, chn);
}

static bool is_pending(struct domain *d, const struct evtchn *chn)
{
	event_word_t *word = word_of(d, chn->port);

	return word ? READ_ONCE(*word) & PENDING : chn->pending;
}

static bool is_masked(struct domain *d, const struct evtchn *chn)
{
	event_word_t *word = word_of(d, chn->port);

	return !word || (READ_ONCE(*word) & MASKED);
}

static bool is_busy(struct domain *d, const struct evtchn *chn)
{
	event_word_t *word = word_of(d, chn->port);

	return word && (READ_ONCE(*word) & LINKED);
}

static int set_priority(struct domain *d, struct evtchn *chn, unsigned int prio)
{
	if (prio > EVTCHN_FIFO_PRIORITY_MIN)
		return -EINVAL;
	/* From the next time it is linked on. */
	WRITE_ONCE(chn->priority, prio);
	return 0;
}

static const struct evtchn_port_ops ops_fifo = {
	.set_pending = set_pending,
	.clear_pending = clear_pending,
	.unmask = unmask,
	.is_pending = is_pending,
	.is_masked = is_masked,
	.is_busy = is_busy,
	.set_priority = set_priority,
};

/* ---- setting up; the domain's evtchn.lock held ---- */

static int alloc_vcpu_area(struct vcpu *v)
{
	struct evtchn_fifo_vcpu *f = xzalloc(struct evtchn_fifo_vcpu);

	if (!f)
		return -ENOMEM;
	for (unsigned int i = 0; i < EVTCHN_FIFO_MAX_QUEUES; i++)
		spin_lock_init(&f->queue[i].lock, RANK_EVTCHN_QUEUE);
	/* Release: senders find the queues' locks initialised. */
	atomic_store_release(&v->evtchn_fifo, f);
	return 0;
}

static void free_areas(struct domain *d)
{
	struct vcpu *v;

	for_each_vcpu(d, v)
		XFREE(v->evtchn_fifo);
	XFREE(d->evtchn.fifo);
}

static int map_control(struct vcpu *v, gfn_t gfn, unsigned int offset)
{
	struct evtchn_fifo_vcpu *f = v->evtchn_fifo;
	struct page_info *pg;

	/* A vCPU made after the switch to the FIFO. */
	if (!f) {
		if (alloc_vcpu_area(v))
			return -ENOMEM;
		f = v->evtchn_fifo;
	}
	if (f->control)
		return -EINVAL;
	pg = get_ram_page_from_gfn(v->domain, gfn, true);
	if (!pg)
		return -EINVAL;
	f->page = pg;
	WRITE_ONCE(f->control, (void *)((char *)map_domain_page(page_to_mfn(pg)) + offset));
	return 0;
}

/* Events that were pending in the 2-level bitmap go over when their page comes. */
static void take_over_ports(struct domain *d)
{
	for (evtchn_port_t p = 1; p < d->evtchn.valid_ports; p++) {
		struct evtchn *chn = evtchn_of(d, p);

		if (guest_test_bit(d, p, d->shared_info->evtchn_pending))
			chn->pending = true;
		chn->priority = EVTCHN_FIFO_PRIORITY_DEFAULT;
	}
}

static int switch_to_fifo(struct domain *d, struct vcpu *first, gfn_t gfn, unsigned int offset)
{
	struct vcpu *v;
	int rc = -ENOMEM;

	d->evtchn.fifo = xzalloc(struct evtchn_fifo_domain);
	if (!d->evtchn.fifo)
		return rc;
	for_each_vcpu(d, v) {
		rc = alloc_vcpu_area(v);
		if (rc)
			break;
	}
	if (!rc)
		rc = map_control(first, gfn, offset);
	if (rc) {
		free_areas(d);
		return rc;
	}
	take_over_ports(d);
	/* Senders in flight may still use the 2-level bits: the guest switches with none bound. */
	atomic_store_release(&d->evtchn.ops, &ops_fifo);
	d->evtchn.max_ports = EVTCHN_FIFO_NR_CHANNELS;
	return 0;
}

int evtchn_fifo_init_control(struct evtchn_init_control *init)
{
	struct domain *d = current->domain;
	struct vcpu *v;
	int rc;

	init->link_bits = EVTCHN_FIFO_LINK_BITS;
	if (init->vcpu >= d->max_vcpus || !(v = d->vcpu[init->vcpu]))
		return -ENOENT;
	if (init->offset > PAGE_SIZE - sizeof(struct evtchn_fifo_control_block) || init->offset % 8)
		return -EINVAL;
	spin_lock(&d->evtchn.lock);
	if (!d->evtchn.fifo)
		rc = switch_to_fifo(d, v, _gfn(init->control_gfn), init->offset);
	else
		rc = map_control(v, _gfn(init->control_gfn), init->offset);
	spin_unlock(&d->evtchn.lock);
	return rc;
}

static void add_page(struct domain *d, struct page_info *pg)
{
	struct evtchn_fifo_domain *fifo = d->evtchn.fifo;
	evtchn_port_t first = fifo->nr_pages * WORDS_PER_PAGE;

	fifo->page[fifo->nr_pages] = pg;
	fifo->words[fifo->nr_pages] = map_domain_page(page_to_mfn(pg));
	atomic_store_release(&fifo->nr_pages, fifo->nr_pages + 1);
	smp_mb();
	for (evtchn_port_t p = max(first, 1U);
	     p < first + WORDS_PER_PAGE && p < d->evtchn.valid_ports; p++) {
		struct evtchn *chn = evtchn_of(d, p);

		/* What waited is sent now; under evtchn.lock a bound channel stays bound. */
		if (READ_ONCE(chn->pending) && evtchn_is_bound(chn))
			evtchn_set_pending(d, chn);
	}
}

int evtchn_fifo_expand_array(const struct evtchn_expand_array *expand)
{
	struct domain *d = current->domain;
	struct page_info *pg;
	int rc = -EOPNOTSUPP;

	spin_lock(&d->evtchn.lock);
	if (!d->evtchn.fifo)
		goto out;
	rc = -ENOSPC;
	if (d->evtchn.fifo->nr_pages >= MAX_PAGES)
		goto out;
	rc = -EINVAL;
	pg = get_ram_page_from_gfn(d, _gfn(expand->array_gfn), true);
	if (pg) {
		add_page(d, pg);
		rc = 0;
	}
out:
	spin_unlock(&d->evtchn.lock);
	return rc;
}

void evtchn_fifo_destroy(struct domain *d)
{
	struct evtchn_fifo_domain *fifo = d->evtchn.fifo;
	struct vcpu *v;

	if (!fifo)
		return;
	evtchn_2l_init(d);
	for_each_vcpu(d, v) {
		if (!v->evtchn_fifo || !v->evtchn_fifo->control)
			continue;
		unmap_domain_page(v->evtchn_fifo->control);
		put_page(v->evtchn_fifo->page);
	}
	for (unsigned int i = 0; i < fifo->nr_pages; i++) {
		unmap_domain_page(fifo->words[i]);
		put_page(fifo->page[i]);
	}
	free_areas(d);
}
