// SPDX-License-Identifier: GPL-2.0-only
/* Pausing: counters that keep a vCPU or a whole domain from running. */
#include <xen/domain.h>
#include <xen/lib.h>
#include <xen/sched.h>

void vcpu_pause(struct vcpu *v)
{
	ASSERT(v != current);
	(void)atomic_add_return(&v->pause_count, 1);
	vcpu_sleep_sync(v);
}

void vcpu_unpause(struct vcpu *v)
{
	if (atomic_sub_return(&v->pause_count, 1) == 0)
		vcpu_wake(v);
}

void domain_pause_nosync(struct domain *d)
{
	struct vcpu *v;

	(void)atomic_add_return(&d->pause_count, 1);
	for_each_vcpu(d, v)
		vcpu_sleep_nosync(v);
}

void domain_pause(struct domain *d)
{
	struct vcpu *v;

	ASSERT(d != current->domain);
	(void)atomic_add_return(&d->pause_count, 1);
	for_each_vcpu(d, v)
		vcpu_sleep_sync(v);
}

void domain_unpause(struct domain *d)
{
	struct vcpu *v;

	if (atomic_sub_return(&d->pause_count, 1) == 0)
		for_each_vcpu(d, v)
			vcpu_wake(v);
}

int domain_pause_by_controller(struct domain *d)
{
	spin_lock(&d->lock);
	if (d->controller_pause_count == UINT8_MAX) {
		spin_unlock(&d->lock);
		return -EOVERFLOW;
	}
	d->controller_pause_count++;
	spin_unlock(&d->lock);
	domain_pause(d);
	return 0;
}

int domain_unpause_by_controller(struct domain *d)
{
	spin_lock(&d->lock);
	if (!d->controller_pause_count) {
		spin_unlock(&d->lock);
		return -EINVAL;
	}
	d->controller_pause_count--;
	spin_unlock(&d->lock);
	domain_unpause(d);
	return 0;
}
