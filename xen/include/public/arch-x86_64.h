/* SPDX-License-Identifier: MIT */
/* The old name. */
#include "arch-x86/xen.h"
