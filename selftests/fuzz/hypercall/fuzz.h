/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fuzzing the hypercalls of common/ over the fake architecture. Work is done in
 * rounds; all that happens in a round follows from its seed.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <xen/hypercall.h>
#include <xen/lib.h>
#include <xen/sched.h>
#include <asm/host.h>

/* Every domain starts with these frames of RAM. */
#define NR_PAGES	32UL
#define ARG_GFN		8UL	/* argument structures */
#define LIST_GFN	9UL	/* arrays they point to, up to NR_PAGES */
#define SHARED_GFN	20UL	/* where pages shared with the hypervisor mostly show: 4 */
#define FIFO_GFN	4UL	/* control blocks and event words */

/* Random numbers of the round. */
uint64_t rnd64(void);
static inline unsigned int rnd(unsigned int n) { return rnd64() % n; }
static inline bool one_in(unsigned int n) { return !rnd(n); }

/* args.c: what is passed. word() is a number that means something to somebody. */
uint64_t word(void);
domid_t some_domid(void);
guest_va_t some_address(void);
/* An argument structure for the call in ctx at va of the current domain. */
void make_argument(const struct hc_ctx *ctx, unsigned int cmd, guest_va_t va);
/* Lies in what the domain shares with the hypervisor. */
void scribble(struct domain *d);

/* calls.c */
void random_call(void);
/* A toolstack operation, as whichever vCPU of the control domain is free. */
long control_call(struct xen_domctl *op);
/* The caller's CPU becomes v, which nobody else is and which may run; until leave_vcpu(). */
bool enter_vcpu(struct vcpu *v);
void leave_vcpu(struct vcpu *v);
void act_as_nobody(void);

/* Several CPUs at once: nothing is reproducible, and no failures are injected. */
extern bool many_cpus;
/* For host_before_access: changes memory of d while a call reads it. */
void another_vcpu(struct domain *d);

/* libc.c, which sees no hypervisor header */
unsigned long fuzz_env(const char *name, unsigned long otherwise);
double fuzz_seconds(void);
/* What is printed if the program dies from here on; seed 0: nothing any more. */
void fuzz_in_round(unsigned long seed, unsigned int limit_seconds);
int printf(const char *fmt, ...);
/* Runs fn(1) to fn(n - 1) in threads and fn(0) here; all have returned afterwards. */
void fuzz_on_cpus(unsigned int n, void (*fn)(unsigned int cpu));

#endif
