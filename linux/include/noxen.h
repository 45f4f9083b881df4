/* SPDX-License-Identifier: GPL-2.0-only */
/* For NOXEN=1: the configuration of a kernel without CONFIG_XEN. */
#undef CONFIG_XEN
#undef CONFIG_XEN_DOM0
#undef CONFIG_XEN_BALLOON
#undef CONFIG_XEN_UNPOPULATED_ALLOC
#undef CONFIG_XEN_GRANT_DMA_ALLOC
#undef CONFIG_XEN_GRANT_DMA_OPS
#undef CONFIG_XEN_AUTO_XLATE
