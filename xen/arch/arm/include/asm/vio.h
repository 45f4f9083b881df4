/* SPDX-License-Identifier: GPL-2.0-only */
/* Emulated device memory: which addresses, and who emulates them (vio.c). */
#ifndef ASM_VIO_H
#define ASM_VIO_H

#include <xen/types.h>

struct domain;
struct vcpu;

/*
 * One access of the guest v (current), naturally aligned. offset is from the
 * region's start, size 1, 2, 4 or 8 bytes. false: an external abort for the
 * guest. A read returns at most size bytes of value.
 */
struct vio_ops {
	bool (*read)(struct vcpu *v, void *data, paddr_t offset, unsigned int size, uint64_t *val);
	bool (*write)(struct vcpu *v, void *data, paddr_t offset, unsigned int size, uint64_t val);
};

struct vmmio_region {
	paddr_t start, size;
	const struct vio_ops *ops;
	void *data;
};

/* Before the domain runs. -ENOMEM, -EEXIST when it overlaps another. */
int vio_register(struct domain *d, paddr_t start, paddr_t size, const struct vio_ops *ops,
		 void *data);
void vio_free(struct domain *d);

#endif
