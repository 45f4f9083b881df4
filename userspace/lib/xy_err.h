/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Error text of the library.
 *
 * Functions return 0 or a negative errno value. Those that can say more than
 * the number take a struct xy_err and leave one sentence in it, without a
 * newline, naming what failed and where. It is only valid after a failure.
 */
#ifndef XY_ERR_H
#define XY_ERR_H

struct xy_err {
	char text[384];
};

/* Stores the sentence and returns @err, so that "return xy_fail(...)" reads well. */
int xy_fail(struct xy_err *e, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
