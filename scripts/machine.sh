# SPDX-License-Identifier: GPL-2.0-only
#
# What differs between the machines. Sourced by scripts that have $cache and die;
# MACHINE is Debian's name of the architecture. On armhf there are only guests.

flavour=${MACHINE:=arm64}
# shellcheck disable=SC2034
case $MACHINE in
arm64)	triplet=aarch64-linux-gnu
	loader=lib/ld-linux-aarch64.so.1
	root=$cache/root
	kernels=$cache/kernel ;;
amd64)	triplet=x86_64-linux-gnu
	loader=lib64/ld-linux-x86-64.so.2
	root=$cache/root-amd64
	kernels=$cache/kernel-amd64 ;;
armhf)	triplet=arm-linux-gnueabihf
	loader=lib/ld-linux-armhf.so.3
	flavour=armmp-lpae
	root=$cache/root-armhf
	kernels=$cache/kernel-armhf ;;
*)	die "unknown MACHINE=$MACHINE (arm64, amd64 or armhf)" ;;
esac
