/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A second domain made by the test, through the toolstack's operations. It runs
 * a fresh copy of the test's own image: child_main() instead of test_main(). The
 * first page above its image is shared with the parent.
 */
#ifndef GUEST_CHILD_H
#define GUEST_CHILD_H

#include "hypercall.h"
#include "types.h"

#define CHILD_MAGIC	0x646c6968635f7478UL
#define CHILD_LOG	2048

/* Shared by parent and child; also what the child's x0 points to at entry. */
struct child_params {
	u64 magic;
	u64 ram_bytes;
	u32 gic_version;
	u32 vcpus;
	u32 parent;
	u32 self;
	volatile u64 arg[16];		/* from the parent */
	volatile u64 out[16];		/* from the child */
	volatile u32 exited;
	volatile u32 log_len;
	char log[CHILD_LOG];
};

struct child {
	domid_t id;
	unsigned int vcpus;
	unsigned int mib;
	struct child_params *params;	/* the shared page, mapped here */
	u64 params_gfn;			/* in the child */
	u64 window;			/* our gfn of the mapping */
	bool exists;
};

/* Set in a child only. */
extern struct child_params *child_params;

/* Makes a domain of this size, loads the image, does not start it. Ends the test on error. */
void child_create(struct child *c, unsigned int mib, unsigned int vcpus);
/* The steps of it, for tests that want them apart. */
long child_create_empty(struct child *c, unsigned int mib, unsigned int vcpus);
long child_populate(struct child *c);
long child_load(struct child *c);

long child_unpause(struct child *c);
long child_pause(struct child *c);
/* Destroys it and drops our mapping first; returns domctl's answer. */
long child_destroy(struct child *c);
/* Drops our mapping of its page only. */
void child_unmap(struct child *c);
/* One call of destroydomain: -EAGAIN when it wants to be called again. */
long child_destroy_step(struct child *c);
/* Waits for child_exit(), prints the log; false after limit_us. */
bool child_wait(struct child *c, u64 limit_us);
/* The flags of getdomaininfo, or -errno. */
long child_info(domid_t id, struct xen_domctl_getdomaininfo *info);
/* Waits until getdomaininfo no longer knows the domain. */
bool child_gone(domid_t id, u64 limit_us);

/* For child_main(). */
void child_log(const char *text, size_t n);
void child_exit(int status) __noreturn;

#endif
