// SPDX-License-Identifier: GPL-2.0-only
/*
 * The multicast groups that a frontend asked for. Readers use RCU.
 */
#include <linux/etherdevice.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include "netback.h"

#define NB_MCAST_MAX	64

struct nb_group {
	struct list_head list;
	struct rcu_head rcu;
	u8 addr[ETH_ALEN];
};

static struct nb_group *nb_mcast_find(struct nb_vif *vif, const u8 *addr)
{
	struct nb_group *g;

	list_for_each_entry_rcu(g, &vif->mcast.list, list, lockdep_is_held(&vif->mcast.lock))
		if (ether_addr_equal(g->addr, addr))
			return g;
	return NULL;
}

/* Twice is fine. */
int nb_mcast_add(struct nb_vif *vif, const u8 *addr)
{
	struct nb_group *g;
	int err = 0;

	spin_lock_bh(&vif->mcast.lock);
	if (nb_mcast_find(vif, addr))
		goto out;
	err = -ENOSPC;
	if (vif->mcast.count >= NB_MCAST_MAX)
		goto out;
	g = kzalloc(sizeof(*g), GFP_ATOMIC);
	err = -ENOMEM;
	if (!g)
		goto out;
	ether_addr_copy(g->addr, addr);
	list_add_rcu(&g->list, &vif->mcast.list);
	vif->mcast.count++;
	err = 0;
out:
	spin_unlock_bh(&vif->mcast.lock);
	return err;
}

void nb_mcast_del(struct nb_vif *vif, const u8 *addr)
{
	struct nb_group *g;

	spin_lock_bh(&vif->mcast.lock);
	g = nb_mcast_find(vif, addr);
	if (g) {
		list_del_rcu(&g->list);
		vif->mcast.count--;
		kfree_rcu(g, rcu);
	}
	spin_unlock_bh(&vif->mcast.lock);
}

/* Within an RCU section, as all sending is. */
bool nb_mcast_wanted(struct nb_vif *vif, const u8 *addr)
{
	bool found;

	if (is_broadcast_ether_addr(addr))
		return true;
	rcu_read_lock();
	found = nb_mcast_find(vif, addr);
	rcu_read_unlock();
	return found;
}

void nb_mcast_flush(struct nb_vif *vif)
{
	struct nb_group *g, *next;

	spin_lock_bh(&vif->mcast.lock);
	list_for_each_entry_safe(g, next, &vif->mcast.list, list) {
		list_del_rcu(&g->list);
		kfree_rcu(g, rcu);
	}
	vif->mcast.count = 0;
	spin_unlock_bh(&vif->mcast.lock);
}
