/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Changes of xenstore that belong together, in one transaction, and waiting for
 * a node to become something.
 */
#ifndef XL_STORE_H
#define XL_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "xl.h"

/*
 * A transaction: the first error sticks, later calls do nothing, and the whole
 * is repeated by store_update() when xenstored saw a conflict.
 */
struct store_tx {
	struct xs_handle *xs;
	xs_transaction_t t;
	int err;		/* errno of the first failure, or 0 */
	char path[256];		/* and where */
};

/* Who may see a node besides dom0. Children inherit it when they are made. */
enum store_perm {
	STORE_READ,		/* dom0's, the domain reads: what the toolstack tells it */
	STORE_OWN,		/* the domain's: what it tells the toolstack */
	STORE_SHARED,		/* the domain's, dom0 reads: a front end */
	STORE_PRIVATE,		/* dom0's alone */
};

void store_mkdir(struct store_tx *tx, unsigned int domid, enum store_perm perm,
		 const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void store_write(struct store_tx *tx, const char *value, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void store_write_num(struct store_tx *tx, unsigned long long value, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void store_rm(struct store_tx *tx, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Runs @fill in a transaction; false and "cannot write ... in xenstore" when it fails. */
bool store_update(struct xl *xl, void (*fill)(struct store_tx *tx, void *arg), void *arg,
		  struct xy_err *err);

/* Removes a node and all below, outside a transaction; missing ones are fine. */
void store_remove(struct xl *xl, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * The same, and then its parents up to but without @top, as long as nothing is left
 * in them.
 */
void store_remove_tidy(struct xl *xl, const char *top, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Children of a directory, to be freed with one free(); *@n is 0 when it is missing. */
char **store_list(struct xl *xl, unsigned int *n, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Waits until @done(@arg) is true, checked whenever @path changes; false after @msecs. */
bool store_wait(struct xl *xl, const char *path, bool (*done)(struct xl *xl, void *arg),
		void *arg, int msecs);

#endif
