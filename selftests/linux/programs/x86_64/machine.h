/* SPDX-License-Identifier: GPL-2.0-only */
/* What differs between the machines the programs run on. */
#ifndef MACHINE_H
#define MACHINE_H

#define BLKIF_PROTOCOL "x86_64-abi"

/* Nothing counts here: see ../aarch64/machine.h. */
static inline void mark_start(void)
{
}

static inline void mark_stop(void)
{
}

#endif
