// SPDX-License-Identifier: GPL-2.0-only
/* The fake machine's only use of the C library, apart from the hypervisor's headers. */
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

void host_libc_print(const char *s, size_t len);
void host_libc_abort(void) __attribute__((__noreturn__));
void *host_libc_map(size_t size);
void host_yield(void);

/* KTAP: what is not a result is a comment. Messages can be switched on to see them. */
void host_libc_print(const char *s, size_t len)
{
	static int show = -1;

	if (show < 0)
		show = getenv("VERBOSE") != NULL;
	if (show)
		fwrite(s, 1, len, stderr);
}

void host_libc_abort(void)
{
	fflush(NULL);
	abort();
}

void *host_libc_map(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

void host_yield(void)
{
	sched_yield();
}
