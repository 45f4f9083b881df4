/* SPDX-License-Identifier: GPL-2.0-only */
/* The version of all modules; the same as in dkms.conf. */
#define XYLEM_VERSION "0.1"
