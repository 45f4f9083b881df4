/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XYLEM_COMPAT_TTY_H
#define XYLEM_COMPAT_TTY_H

#include <linux/tty.h>
#include <linux/tty_driver.h>
#include <linux/tty_flip.h>

/* Bytes written to a terminal, and how many. */
#if COMPAT_SINCE(6, 6)
typedef ssize_t compat_tty_ret_t;
typedef const u8 compat_tty_byte_t;
typedef size_t compat_tty_len_t;
#else
typedef int compat_tty_ret_t;
typedef const unsigned char compat_tty_byte_t;
typedef int compat_tty_len_t;
#endif

#if COMPAT_SINCE(5, 14)
typedef unsigned int compat_tty_room_t;
#else
typedef int compat_tty_room_t;
#endif

#endif /* XYLEM_COMPAT_TTY_H */
