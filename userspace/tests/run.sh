#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs test programs, each given as one argument (a command line), and adds up
# their last lines: "N passed, N failed, N skipped". A program that dies, or says
# nothing, or has a non-zero status without a failure counts as one failure.

pass=0 fail=0 skip=0
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

for t in "$@"; do
	timeout 120 $t >"$log" 2>&1
	status=$?
	last=$(tail -n 1 "$log")
	set -- $(printf '%s\n' "$last" |
		sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed, \([0-9]*\) skipped$/\1 \2 \3/p')
	if [ $# -ne 3 ]; then
		cat "$log"
		echo "FAIL: $t: no result (exit status $status)"
		fail=$((fail + 1))
		continue
	fi
	pass=$((pass + $1)) fail=$((fail + $2)) skip=$((skip + $3))
	if [ "$2" -ne 0 ] || [ $status -ne 0 ]; then
		cat "$log"
		[ "$2" -ne 0 ] || fail=$((fail + 1))
		echo "FAIL: $t (exit status $status)"
	fi
done
echo "$pass passed, $fail failed, $skip skipped"
[ $fail -eq 0 ]
