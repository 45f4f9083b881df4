/* SPDX-License-Identifier: GPL-2.0-only */
/* How long to wait: limits are for a machine to ourselves, slow=N stretches them. */
#ifndef SLOW_H
#define SLOW_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* So many milliseconds, N times as many with slow=N on the kernel's command line. */
static inline int patience(int ms)
{
	static int factor;

	if (!factor) {
		FILE *f = fopen("/proc/cmdline", "r");
		char line[4096] = " ", *at;

		if (!f || !fgets(line + 1, sizeof(line) - 1, f))
			line[1] = 0;
		if (f)
			fclose(f);
		at = strstr(line, " slow=");
		factor = at ? atoi(at + 6) : 1;
		if (factor < 1 || factor > 100)
			factor = 1;
	}
	return ms * factor;
}

#endif
