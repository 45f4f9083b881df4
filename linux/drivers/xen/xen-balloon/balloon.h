/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XEN_BALLOON_MODULE_H
#define XEN_BALLOON_MODULE_H

/*
 * Pages in the balloon have no memory behind them. Not locked: one thread at a time.
 * Both do at most @nr pages and return how many; fewer means: not now.
 */
unsigned long balloon_inflate(unsigned long nr);
unsigned long balloon_deflate(unsigned long nr);

/* How many there are. */
unsigned long balloon_size(void);

#endif /* XEN_BALLOON_MODULE_H */
