/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHIM_XY_H
#define SHIM_XY_H

/* A port that fires again as soon as it is unmasked, as a hostile guest's does; 0: none. */
extern unsigned int shim_storm;

#endif
