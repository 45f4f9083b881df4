/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XYLEM_COMPAT_DMA_BUFFERS_H
#define XYLEM_COMPAT_DMA_BUFFERS_H

#include <linux/dma-buf.h>
#include <linux/module.h>

/* Symbols are in a namespace since 5.16, whose name is a string since 6.13. */
#if COMPAT_SINCE(6, 13)
#define COMPAT_IMPORT_NS(ns) MODULE_IMPORT_NS(#ns)
#else
#define COMPAT_IMPORT_NS(ns) MODULE_IMPORT_NS(ns)
#endif

/* The caller holds no lock of the buffer; until 6.2 nobody had to. */
static inline struct sg_table *compat_dma_buf_map(struct dma_buf_attachment *at)
{
#if COMPAT_SINCE(6, 2)
	return dma_buf_map_attachment_unlocked(at, DMA_BIDIRECTIONAL);
#else
	return dma_buf_map_attachment(at, DMA_BIDIRECTIONAL);
#endif
}

static inline void compat_dma_buf_unmap(struct dma_buf_attachment *at, struct sg_table *sgt)
{
#if COMPAT_SINCE(6, 2)
	dma_buf_unmap_attachment_unlocked(at, sgt, DMA_BIDIRECTIONAL);
#else
	dma_buf_unmap_attachment(at, sgt, DMA_BIDIRECTIONAL);
#endif
}

#endif /* XYLEM_COMPAT_DMA_BUFFERS_H */
