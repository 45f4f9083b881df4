/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the parts of the device tree fuzzer: plain C types only. */
#ifndef FUZZ_DT_H
#define FUZZ_DT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BLOB_MAX	(256 << 10)	/* bytes of a tree, mutated */

/* main.c */
uint64_t rnd64(void);
static inline uint32_t rnd(uint32_t n) { return rnd64() % n; }
static inline bool one_in(uint32_t n) { return rnd(n) == 0; }
/* The hypervisor refuses, with this sentence; does not return. */
void refused(const char *sentence) __attribute__((__noreturn__));
/* What must not happen: ends the program. */
void broken(const char *what) __attribute__((__noreturn__));
void *host_map(size_t size);			/* no access yet, no memory used */
void host_access(void *p, size_t size, bool yes);	/* no: contents are gone */
void *host_alloc(size_t size);			/* zeroed, until the round's end */
void host_say(const char *s, size_t len);
/* Is the tree that dom0 gets whole? */
void check_dom0_tree(const void *fdt, uint64_t mem_start, uint64_t mem_size);

/* mutate.c: changes the tree (room for BLOB_MAX bytes). */
void mutate(void *fdt);

/* machine.c */
void machine_init(void);
/* As start_xylem() does, from the device tree on; returns when dom0 is built. */
void machine_boot(const void *fdt, bool damage_kernel);
/* Whether dom0 was built or not. */
void machine_end_round(void);
/* The look for a UART with nothing set up; returns its address or 0. */
uint64_t refuse_uart(const void *fdt);

#endif
