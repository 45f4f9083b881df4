/* SPDX-License-Identifier: GPL-2.0-only */
/* Everything a test may use, and what it must supply. */
#ifndef GUEST_TEST_H
#define GUEST_TEST_H

#include "badptr.h"
#include "child.h"
#include "cpu.h"
#include "dt.h"
#include "event.h"
#include "gic.h"
#include "grant.h"
#include "hypercall.h"
#include "memory.h"
#include "mmu.h"
#include "report.h"
#include "timer.h"
#include "trap.h"

/* The test. Runs on CPU 0 with the MMU on, interrupts masked. */
void test_main(void);

/* What a domain that the test has built runs; child.h. */
void child_main(struct child_params *p);

/* From the build. */
extern const char test_name[];

/* The physical counter at the first instruction. */
extern u64 boot_ticks;

#endif
