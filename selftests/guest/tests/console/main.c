// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hypervisor's console as dom0 uses it before its drivers are up.
 */
#include "test.h"

void test_main(void)
{
	static char text[512], in[64];
	const struct bad_pointer *b;

	check_eq(console_io(CONSOLEIO_write, 0, NULL), 0, "nothing is written from nowhere");
	check_eq(console_io(CONSOLEIO_write, 18, "# a line is shown\n"), 0, "a line is written");
	memset(text, '.', sizeof(text));
	memcpy(text, "# ", 2);
	text[sizeof(text) - 1] = '\n';
	check_eq(console_io(CONSOLEIO_write, sizeof(text), text), 0,
		 "a line longer than any buffer is written");
	check_eq(console_io(CONSOLEIO_read, sizeof(in), in), 0, "no input waits");
	check_eq(console_io(CONSOLEIO_read, 0, in), 0, "no input fits into nothing");
	check_eq(console_io(2, 0, NULL), -ENOSYS, "command 2 does not exist");
	check_eq(console_io(0xffffffff, 0, NULL), -ENOSYS, "command 0xffffffff does not exist");

	for (b = bad_pointers(); b->name; b++)
		if (!b->readable)
			check_eq(console_io(CONSOLEIO_write, 8, b->p), -EFAULT,
				 "writing from: %s", b->name);
	memcpy(bad_straddle(4), "# .\n", 4);
	check_eq(console_io(CONSOLEIO_write, 8, bad_straddle(4)), -EFAULT,
		 "writing from across the end of a mapping");
}
