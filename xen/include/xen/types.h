/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Basic types. Addresses that must not be mixed have different types: a
 * machine frame (mfn_t), a guest frame (gfn_t), a machine address (paddr_t)
 * and an address in a guest's virtual space (guest_va_t).
 */
#ifndef XEN_TYPES_H
#define XEN_TYPES_H

#ifndef __ASSEMBLY__
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;

typedef uint64_t paddr_t;	/* machine physical address, bytes */
typedef uint64_t guest_va_t;	/* virtual address of the calling guest */
typedef int64_t s_time_t;	/* nanoseconds since boot */

#define INVALID_PADDR	(~(paddr_t)0)
#define STIME_MAX	INT64_MAX

typedef struct { unsigned long m; } mfn_t;
typedef struct { unsigned long g; } gfn_t;

#define INVALID_MFN	_mfn(~0UL)
#define INVALID_GFN	_gfn(~0UL)

static inline mfn_t _mfn(unsigned long m) { return (mfn_t){ m }; }
static inline unsigned long mfn_x(mfn_t m) { return m.m; }
static inline mfn_t mfn_add(mfn_t m, unsigned long n) { return _mfn(m.m + n); }
static inline bool mfn_eq(mfn_t a, mfn_t b) { return a.m == b.m; }
static inline gfn_t _gfn(unsigned long g) { return (gfn_t){ g }; }
static inline unsigned long gfn_x(gfn_t g) { return g.g; }
static inline gfn_t gfn_add(gfn_t g, unsigned long n) { return _gfn(g.g + n); }
static inline bool gfn_eq(gfn_t a, gfn_t b) { return a.g == b.g; }
#endif /* !__ASSEMBLY__ */

#endif
