#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh BUILD-DIR: compare our xenstored with Debian's, on this machine. Needs
# its packages xen-utils-4.17 and libxen-dev (installed, or unpacked anywhere and
# DEBIAN_XENSTORED set to the program), and python3; else the test is skipped.

here=$(dirname "$0")
theirs=${DEBIAN_XENSTORED:-/usr/lib/xen-4.17/bin/xenstored}
shim=$1/host/shim_xen.so

if ! [ -x "$theirs" ] || ! command -v python3 >/dev/null ||
   ! ${HOSTCC:-gcc} -O1 -shared -fPIC -o "$shim" "$here/shim_xen.c" 2>/dev/null
then
	echo "xen-utils-4.17, libxen-dev or python3 is missing: not compared"
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
fi
exec python3 "$here/differential.py" "$1/host/xenstored-fake" "$theirs" "$shim" \
	"${SEED:-1}" "${STEPS:-1000}"
