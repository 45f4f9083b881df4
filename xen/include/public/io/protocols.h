/* SPDX-License-Identifier: MIT */
/*
 * What a front end writes to its "protocol" node: the ABI by which its rings
 * are laid out. Without the node it is the back end's own.
 */
#ifndef __XEN_PROTOCOLS_H__
#define __XEN_PROTOCOLS_H__

#define XEN_IO_PROTO_ABI_X86_32	"x86_32-abi"
#define XEN_IO_PROTO_ABI_X86_64	"x86_64-abi"
#define XEN_IO_PROTO_ABI_ARM	"arm-abi"	/* 32 and 64 bits wide */

#if defined(__i386__)
#define XEN_IO_PROTO_ABI_NATIVE	XEN_IO_PROTO_ABI_X86_32
#elif defined(__x86_64__)
#define XEN_IO_PROTO_ABI_NATIVE	XEN_IO_PROTO_ABI_X86_64
#elif defined(__arm__) || defined(__aarch64__)
#define XEN_IO_PROTO_ABI_NATIVE	XEN_IO_PROTO_ABI_ARM
#else
#error "this architecture has no ring ABI"
#endif

#endif
