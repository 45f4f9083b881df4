/* SPDX-License-Identifier: GPL-2.0-only */
/* One more thread, that can be put aside at any place as a host does with a CPU. */
#ifndef UNIT_THREAD_H
#define UNIT_THREAD_H

void thread_start(void (*fn)(void));
/* Returns when the thread stands still, wherever it was. */
void thread_put_aside(void);
/* Returns when it has run for a moment again, if it can. */
void thread_go_on(void);
/* Waits until its function has returned. */
void thread_end(void);

#endif
