/* SPDX-License-Identifier: GPL-2.0-only */
/* What the fake machine offers to test programs. */
#ifndef ASM_HOST_H
#define ASM_HOST_H

#include <xen/types.h>

struct domain;
struct vcpu;

/* A machine with nr CPUs of which the calling thread is CPU 0, and a control domain. */
void host_boot(unsigned int nr_cpus);
/* The calling thread becomes another CPU of it. */
void host_cpu_online(unsigned int cpu);
/* A paused guest with its vCPUs and pages of RAM at gfn 0 upwards; panics on failure. */
struct domain *host_create_guest(unsigned int vcpus, unsigned long pages);
/* To the end, and until its last reference is gone; the caller holds none. */
void host_destroy_guest(struct domain *d);
/* The calling CPU acts as v (NULL: as dom0's vCPU 0) from here on. */
void host_run_as(struct vcpu *v);
/* A hypercall of the current vCPU, continued until it is done. */
long host_hypercall(unsigned int nr, unsigned long a0, unsigned long a1, unsigned long a2);
/* Softirqs, tasklets and due timers of this CPU. */
void host_run_pending(void);
/* Makes time pass. */
void host_advance_time(s_time_t ns);
/* A guest physical page of d as the test may write it. */
void *host_guest_page(struct domain *d, unsigned long gfn);
/* Writes to d's memory; -EFAULT as a hypercall's access. */
int host_copy_to_guest(struct domain *d, paddr_t gpa, const void *src, size_t size);

/* Called before each access to guest memory, as another vCPU of the guest may be quicker. */
extern void (*host_before_access)(struct domain *d);

/* libc.c, which sees no hypervisor header */
void host_libc_print(const char *s, size_t len);
void host_libc_abort(void) __attribute__((__noreturn__));
void *host_libc_map(size_t size);

#endif
