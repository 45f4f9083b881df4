/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a kernel with CONFIG_XEN has built in, as a module: hypercalls, features, event
 * channels, grant tables and pages without memory, under the kernel's own names.
 *
 * Once loaded it stays: the hypervisor writes into pages it was told of (vcpu_info, the
 * control blocks of the FIFO ABI), and there is no call that takes them back.
 */
#ifndef XEN_CORE_H
#define XEN_CORE_H

#include <linux/init.h>
#include <linux/percpu.h>
#include <linux/types.h>
#include <xen/interface/xen.h>
#include <xen/interface/event_channel.h>

/*
 * The page a CPU shares with the hypervisor. The control block stands behind the
 * vcpu_info, where it crosses no page and has the alignment asked for.
 */
struct cpu_page {
	struct vcpu_info info;
	u8 pad[1024 - sizeof(struct vcpu_info)];
	struct evtchn_fifo_control_block fifo;
};

/* shared.c: shared_info and a page for each possible CPU. */
int xen_shared_setup(void);
struct cpu_page *xen_cpu_page(unsigned int cpu);

/*
 * On the CPU itself, once: a second registration is refused by the hypervisor, also
 * after the CPU has been offline.
 */
int xen_vcpu_info_register(unsigned int cpu);

/* upcall.c: the interrupt by which the hypervisor says that there are events. */
int xen_upcall_setup(unsigned int irq);

/* grant-frames.c: the table stands at @start, which has room for @bytes of it. */
int xen_grants_setup(phys_addr_t start, u64 bytes);

#endif /* XEN_CORE_H */
