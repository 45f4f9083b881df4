// SPDX-License-Identifier: GPL-2.0-only
/* All domains: found by id through a hash, walked by rising id. */
#include <xen/domain.h>
#include <xen/lib.h>
#include <xen/sched.h>

#define HASH_SIZE 256U

static DEFINE_SPINLOCK(table_lock, RANK_DOMAIN_TABLE);
static struct domain *hash[HASH_SIZE];
static LIST_HEAD(domains);
static domid_t next_id = 1;

struct domain *hardware_domain;

static struct domain *find(domid_t id)
{
	struct domain *d = hash[id % HASH_SIZE];

	while (d && d->domain_id != id)
		d = d->hash_next;
	return d;
}

bool domain_table_insert(struct domain *d)
{
	unsigned long flags = spin_lock_irqsave(&table_lock);
	struct domain *after;

	if (find(d->domain_id)) {
		spin_unlock_irqrestore(&table_lock, flags);
		return false;
	}
	list_for_each_entry(after, &domains, list)
		if (after->domain_id > d->domain_id)
			break;
	list_add_tail(&d->list, &after->list);	/* before it, or at the end */
	d->hash_next = hash[d->domain_id % HASH_SIZE];
	hash[d->domain_id % HASH_SIZE] = d;
	spin_unlock_irqrestore(&table_lock, flags);
	return true;
}

void domain_table_remove(struct domain *d)
{
	unsigned long flags = spin_lock_irqsave(&table_lock);
	struct domain **p = &hash[d->domain_id % HASH_SIZE];

	while (*p && *p != d)
		p = &(*p)->hash_next;
	if (*p) {
		*p = d->hash_next;
		list_del(&d->list);
	}
	spin_unlock_irqrestore(&table_lock, flags);
}

bool get_domain(struct domain *d)
{
	uint32_t old = atomic_load(&d->refcount);

	do {
		if (!old)
			return false;
	} while (!atomic_try_cmpxchg(&d->refcount, &old, old + 1));
	return true;
}

void put_domain(struct domain *d)
{
	/* Freeing takes locks of every rank: put off to where none is held. */
	if (atomic_sub_return(&d->refcount, 1) == 0)
		tasklet_schedule(&d->free_work);
}

/*
 * Only a domain that is whole is found by those who want to use it: one being
 * built has locks and tables not yet made, one kept by mapped frames has none left.
 * Acquire pairs with the release in domain_create().
 */
static bool get_whole_domain(struct domain *d)
{
	return atomic_load_acquire(&d->creation_finished) && get_domain(d);
}

struct domain *domain_get_by_id(domid_t id)
{
	unsigned long flags = spin_lock_irqsave(&table_lock);
	struct domain *d = find(id);

	if (d && !get_whole_domain(d))
		d = NULL;
	spin_unlock_irqrestore(&table_lock, flags);
	return d;
}

struct domain *domain_get_by_any_id(domid_t id)
{
	if (id == DOMID_SELF || id == current->domain->domain_id) {
		get_domain(current->domain);
		return current->domain;
	}
	return domain_get_by_id(id);
}

struct domain *domain_of_page_id(unsigned int id)
{
	unsigned long flags = spin_lock_irqsave(&table_lock);
	struct domain *d = find(id);

	spin_unlock_irqrestore(&table_lock, flags);
	return d;
}

struct domain *domain_get_from(domid_t id)
{
	unsigned long flags = spin_lock_irqsave(&table_lock);
	struct domain *d, *found = NULL;

	list_for_each_entry(d, &domains, list) {
		if (d->domain_id >= id && get_whole_domain(d)) {
			found = d;
			break;
		}
	}
	spin_unlock_irqrestore(&table_lock, flags);
	return found;
}

int domain_alloc_id(void)
{
	unsigned long flags = spin_lock_irqsave(&table_lock);
	int id = -ENOSPC;

	for (unsigned int n = 0; n < DOMID_FIRST_RESERVED; n++) {
		domid_t try = next_id;

		next_id = next_id + 1 >= DOMID_FIRST_RESERVED ? 1 : next_id + 1;
		if (!find(try)) {
			id = try;
			break;
		}
	}
	spin_unlock_irqrestore(&table_lock, flags);
	return id;
}
