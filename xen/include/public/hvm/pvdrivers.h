/* SPDX-License-Identifier: MIT */
/*
 * Product numbers that drivers of HVM guests write to the platform device when
 * they unplug emulated devices (port 0x10). Use: define EACH(name, number).
 */
#ifndef _XEN_PUBLIC_PVDRIVERS_H_
#define _XEN_PUBLIC_PVDRIVERS_H_

#define PVDRIVERS_PRODUCT_LIST(EACH)					\
	EACH("xensource-windows", 0x0001)				\
	EACH("gplpv-windows", 0x0002)					\
	EACH("linux", 0x0003)						\
	EACH("xenserver-windows-v7.0+", 0x0004)				\
	EACH("xenserver-windows-v7.2+", 0x0005)				\
	EACH("experimental", 0xffff)

#endif
