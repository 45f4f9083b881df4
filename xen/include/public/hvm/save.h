/* SPDX-License-Identifier: MIT */
/*
 * The stream of XEN_DOMCTL_{get,set}hvmcontext: records, each a descriptor and
 * length bytes, closed by an END record.
 *
 * DECLARE_HVM_SAVE_TYPE(NAME, code, type) ties a record's name to its number
 * and layout; HVM_SAVE_TYPE(), HVM_SAVE_LENGTH() and HVM_SAVE_CODE() give them
 * back. The tie is a structure that is never instantiated.
 */
#ifndef __XEN_PUBLIC_HVM_SAVE_H__
#define __XEN_PUBLIC_HVM_SAVE_H__

#include "../xen-compat.h"

struct hvm_save_descriptor {
	uint16_t typecode;
	uint16_t instance;		/* vCPU, or which of a kind */
	uint32_t length;		/* bytes that follow */
};

#define DECLARE_HVM_SAVE_TYPE(_x, _code, _type)				\
	__extension__ struct __HVM_SAVE_TYPE_##_x {					\
		_type t;						\
		__extension__ char c[_code];				\
		char cpt[1];						\
	}

/*
 * A record that once was shorter: _ctype is its old layout and _fix a name for
 * the conversion, both for whoever reads old streams.
 */
#define DECLARE_HVM_SAVE_TYPE_COMPAT(_x, _code, _type, _ctype, _fix)	\
	__extension__ struct __HVM_SAVE_TYPE_##_x {					\
		_type t;						\
		__extension__ char c[_code];				\
		char cpt[2];						\
	}

#define HVM_SAVE_TYPE(_x)						\
	__typeof__(((struct __HVM_SAVE_TYPE_##_x *)0)->t)
#define HVM_SAVE_LENGTH(_x)	(sizeof(HVM_SAVE_TYPE(_x)))
#define HVM_SAVE_CODE(_x)						\
	(sizeof(((struct __HVM_SAVE_TYPE_##_x *)0)->c))

__extension__ struct hvm_save_end {
	XEN_NO_MEMBERS;
};
DECLARE_HVM_SAVE_TYPE(END, 0, struct hvm_save_end);

#if defined(__i386__) || defined(__x86_64__)
#include "../arch-x86/hvm/save.h"
#elif defined(__arm__) || defined(__aarch64__)
#include "../arch-arm/hvm/save.h"
#else
#error "this architecture has no save records"
#endif

#endif
