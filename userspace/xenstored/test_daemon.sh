#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# test_daemon.sh BUILD-DIR: xenstored as a process: options, starting, signals, the end.
# Without a hypervisor.

bin=$1/host
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
pass=0 fail=0
export XENSTORED_RUNDIR="$dir/run" ASAN_OPTIONS=detect_leaks=0

check() {	# NAME STATUS
	if [ "$2" = 0 ]; then
		pass=$((pass + 1))
	else
		fail=$((fail + 1))
		echo "$1: failed; the daemon said:"
		cat "$dir/log"
	fi
}

says() {
	grep -qF "$1" "$dir/log"
}

d() {
	"$bin/xenstored-fake" --no-xen "$@" >"$dir/log" 2>&1
}

xs() {
	command=$1
	shift
	"$bin/xenstore-fake" "$command" "$@"
}

! d --nonsense && says Usage
check "an unknown option is refused" $?
! d left over && says 'unexpected argument "left"'
check "so is an argument" $?
! d -Q nodes=x && says 'bad quota "nodes=x"'
check "so is a quota that is no number" $?
d -Q nodes=17 -q && grep -q '^nodes  *17 ' "$dir/log"
check "quotas are listed" $?
d -E 17 --entry-size 3000 -W 130 -t 11 -A 6 --path-max 1000 --quota-soft memory=5 -I -R -q &&
	[ "$(echo $(awk '{ print $2 }' "$dir/log"))" = "17 130 11 1024 20 3000 6 1000 5 2621440 524288" ]
check "as they are by the options of Xen's" $?
! d --watch-nb=many && says 'bad quota "watches=many"'
check "a number is wanted there" $?
! d -T "$dir/none/trace" && says "$dir/none/trace: No such file"
check "a trace file that cannot be is an error" $?

# In the background: the command ends when the daemon serves, not before.
d --pid-file "$dir/pid" -T "$dir/trace"
check "it starts" $?
xs write /a b && [ "$(xs read /a)" = b ]
check "and serves at once" $?
[ "$(timeout 5 "$bin/xenstore-fake" watch -n 1 /a)" = /a ]
check "xenstore watch -n 1 ends with the first event" $?
timeout 5 "$bin/xenstore-fake" watch -n x /a 2>&1 | grep -qF '"x" is not a number'
check "and a number is wanted there" $?
pid=$(cat "$dir/pid")
kill -0 "$pid"
check "its pid is in the file" $?
! d && says "Address already in use"
check "a second one is refused" $?
[ "$(xs read /a)" = b ]
check "and does the first no harm" $?

mv "$dir/trace" "$dir/trace.1"
kill -HUP "$pid"
n=0
until [ -e "$dir/trace" ] || [ $n -gt 50 ]; do n=$((n + 1)); sleep 0.1; done
xs write /hup 1
grep -q hup "$dir/trace" && ! grep -q hup "$dir/trace.1"
check "SIGHUP opens the trace file anew" $?

[ "$(xs control quota set nodes 5)" = OK ]
check "a quota can be set" $?
! xs control quota set nodes 4294967296 2>/dev/null && ! xs control quota x 2>/dev/null
check "but not to what is no number" $?

kill "$pid"
n=0
while kill -0 "$pid" 2>/dev/null && [ $n -lt 50 ]; do n=$((n + 1)); sleep 0.1; done
! kill -0 "$pid" 2>/dev/null && [ ! -e "$dir/pid" ]
check "SIGTERM ends it, and takes the pid file along" $?
# Another that is starting holds the lock, and has no socket yet.
flock "$dir/run/socket.lock" sleep 3 &
sleep 0.3
! d && says "Address already in use"
check "of two that start at once one is refused" $?
wait
d --pid-file "$dir/pid"
check "a socket left over is no obstacle" $?
kill "$(cat "$dir/pid")"

echo "$pass passed, $fail failed, 0 skipped"
[ $fail = 0 ]
