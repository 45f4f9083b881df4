// SPDX-License-Identifier: GPL-2.0-only
/*
 * Free grant references: a list through an array of its own, from which drivers take
 * single references, or lists that they keep (private heads). The table grows when the
 * list runs dry; when it cannot, that is said.
 */

#include <linux/export.h>
#include <linux/ratelimit.h>
#include <linux/vmalloc.h>
#include "corefuncs.h"
#include "grants.h"

static DEFINE_SPINLOCK(grant_lock);
static grant_ref_t *next;
static grant_ref_t first = GRANT_LIST_END;
static unsigned int nr_free;
static struct gnttab_free_callback *callbacks;

/* grant_lock is held. */
static void push(grant_ref_t ref)
{
	next[ref] = first;
	first = ref;
	nr_free++;
}

/* grant_lock is held. */
static int grow(void)
{
	unsigned int ref, old = grant_nr_entries();
	int ret = grant_grow();

	if (ret)
		return ret;
	/* The lowest comes out first. */
	for (ref = grant_nr_entries(); ref-- > old;)
		push(ref);
	return 0;
}

int __init grant_refs_setup(unsigned int max)
{
	unsigned int ref;

	next = vzalloc(array_size(max, sizeof(*next)));
	if (!next)
		return -ENOMEM;
	/* The first few belong to console, store and what may come. */
	for (ref = grant_nr_entries(); ref-- > GNTTAB_NR_RESERVED_ENTRIES;)
		push(ref);
	return 0;
}

/* A list of @count references, of which the first is returned in @head. */
static int take(unsigned int count, grant_ref_t *head)
{
	grant_ref_t last;
	unsigned long flags;
	unsigned int n;
	int ret = 0;

	if (!count)
		return -EINVAL;
	spin_lock_irqsave(&grant_lock, flags);
	while (nr_free < count && !ret)
		ret = grow();
	if (!ret) {
		*head = last = first;
		for (n = 1; n < count; n++)
			last = next[last];
		first = next[last];
		next[last] = GRANT_LIST_END;
		nr_free -= count;
	}
	spin_unlock_irqrestore(&grant_lock, flags);
	if (ret)
		pr_warn_ratelimited("xen-core: no %u free grants, of %u in %u frames: %d\n",
				    count, grant_nr_entries(), gnttab_max_grant_frames(), ret);
	return ret ? -ENOSPC : 0;
}

/*
 * grant_lock is held. Those whose wish can be fulfilled are told; they may not take
 * references yet. Under the lock, so that after gnttab_cancel_free_callback() none is.
 */
static void tell_waiters(void)
{
	struct gnttab_free_callback **at = &callbacks, *c;

	while ((c = *at)) {
		if (nr_free < c->count) {
			at = &c->next;
			continue;
		}
		*at = c->next;
		c->next = NULL;
		c->fn(c->arg);
	}
}

int gnttab_alloc_grant_references(u16 count, grant_ref_t *head)
{
	return take(count, head);
}
EXPORT_SYMBOL_GPL(gnttab_alloc_grant_references);

void gnttab_free_grant_references(grant_ref_t head)
{
	unsigned long flags;
	grant_ref_t ref;

	spin_lock_irqsave(&grant_lock, flags);
	while (head != GRANT_LIST_END && head < grant_nr_entries()) {
		ref = head;
		head = next[ref];
		push(ref);
	}
	tell_waiters();
	spin_unlock_irqrestore(&grant_lock, flags);
}
EXPORT_SYMBOL_GPL(gnttab_free_grant_references);

void gnttab_free_grant_reference(grant_ref_t ref)
{
	unsigned long flags;

	if (WARN_ON_ONCE(ref >= grant_nr_entries()))
		return;
	spin_lock_irqsave(&grant_lock, flags);
	push(ref);
	tell_waiters();
	spin_unlock_irqrestore(&grant_lock, flags);
}
EXPORT_SYMBOL_GPL(gnttab_free_grant_reference);

int gnttab_empty_grant_references(const grant_ref_t *private_head)
{
	return *private_head == GRANT_LIST_END;
}
EXPORT_SYMBOL_GPL(gnttab_empty_grant_references);

/* A private list needs no lock: it is its owner's, and so are its links. */
int gnttab_claim_grant_reference(grant_ref_t *private_head)
{
	grant_ref_t ref = *private_head;

	if (ref == GRANT_LIST_END)
		return -ENOSPC;
	*private_head = next[ref];
	return ref;
}
EXPORT_SYMBOL_GPL(gnttab_claim_grant_reference);

void gnttab_release_grant_reference(grant_ref_t *private_head, grant_ref_t release)
{
	next[release] = *private_head;
	*private_head = release;
}
EXPORT_SYMBOL_GPL(gnttab_release_grant_reference);

void gnttab_request_free_callback(struct gnttab_free_callback *callback, void (*fn)(void *),
				  void *arg, u16 count)
{
	struct gnttab_free_callback *c;
	unsigned long flags;

	spin_lock_irqsave(&grant_lock, flags);
	for (c = callbacks; c && c != callback; c = c->next)
		;
	if (!c) {
		callback->fn = fn;
		callback->arg = arg;
		callback->count = count;
		callback->next = callbacks;
		callbacks = callback;
		tell_waiters();
	}
	spin_unlock_irqrestore(&grant_lock, flags);
}
EXPORT_SYMBOL_GPL(gnttab_request_free_callback);

void gnttab_cancel_free_callback(struct gnttab_free_callback *callback)
{
	struct gnttab_free_callback **at;
	unsigned long flags;

	spin_lock_irqsave(&grant_lock, flags);
	for (at = &callbacks; *at; at = &(*at)->next)
		if (*at == callback) {
			*at = callback->next;
			break;
		}
	spin_unlock_irqrestore(&grant_lock, flags);
}
EXPORT_SYMBOL_GPL(gnttab_cancel_free_callback);
