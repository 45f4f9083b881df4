#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# test.sh BUILD-DIR: xl on this machine, with our xenstored and a pretended hypervisor
# (fake_xen.c): what commands print, write and refuse. Where Xen's xl has a command,
# the text wanted here is what Debian's printed.

bin=$1/host
dir=$(mktemp -d) || exit 1
pass=0 fail=0
export FAKE_XEN="$dir" SHIM_DIR="$dir" XENSTORED_RUNDIR="$dir/run"
export ASAN_OPTIONS=detect_leaks=0
mkdir "$dir/run"
mkfifo "$dir/events"

xl() {
	"$bin/xl-fake" "$@"
}

xs() {
	command=$1
	shift
	"$bin/xenstore-fake" "$command" "$@"
}

# same NAME WANTED SEEN
same() {
	if [ "$2" = "$3" ]; then
		pass=$((pass + 1))
	else
		fail=$((fail + 1))
		printf '%s: wanted\n%s\nsaw\n%s\n' "$1" "$2" "$3"
	fi
}

# refused NAME WORDS COMMAND...: fails and says so.
refused() {
	name=$1 words=$2
	shift 2
	if out=$("$@" 2>&1); then
		fail=$((fail + 1))
		echo "$name: succeeded"
	else
		same "$name" "$words" "$(echo "$out" | grep -oF "$words" | head -n 1)"
	fi
}

calls() {
	cat "$dir/calls" 2>/dev/null
	rm -f "$dir/calls"
}

"$bin/xenstored-fake" --no-fork --no-domain-init 2>"$dir/log" &
daemon=$!
trap 'kill $daemon; rm -rf "$dir"' EXIT
n=0
until xs read / >/dev/null 2>&1; do
	n=$((n + 1))
	[ $n -lt 100 ] || { cat "$dir/log"; break; }
	sleep 0.1
done
echo 2 >"$dir/dom0"
xs write /local/domain/0/name Domain-0 /local/domain/0/domid 0 /local/pool/0/name Pool-0
cat >"$dir/g.cfg" <<END
name = "g"
kernel = "/k"
memory = 128
vcpus = 2
END

# create: with nobody behind.
same "create says what it reads" "Parsing config from $dir/g.cfg" \
	"$(xl create -e -p "$dir/g.cfg" shadow_memory=3 2>&1)"
same "the paging pool is as configured" "create 1 paging 3072" "$(calls)"
refused "a second of the same name" 'there is already a domain "g" (id 1)' \
	xl create -q -e "$dir/g.cfg"
same "and it made no domain" "" "$(calls)"
same "affinities, one map for each vCPU" "create 2 paging 0
affinity 2.0 hard 1 soft f
affinity 2.1 hard c soft 3" \
	"$(xl create -q -e -p "$dir/g.cfg" 'name="p"' 'cpus=["0","2-3"]' 'cpus_soft=["all","0-1"]' \
		vcpus=2 >/dev/null 2>&1; calls)"
same "list" "Name                                        ID   Mem VCPUs	State	Time(s)
Domain-0                                     0   130     2     -b----       1.5
g                                            1   130     2     -b----       1.5
p                                            2   130     2     -b----       1.5" "$(xl list)"
same "list -l is JSON" "1 g 2 131072 a\"b /d/x xvda 0 00:16:3e:00:00:01" "$(
	xs write /libxl/1/device/vbd/51712/params /d/x /libxl/1/device/vbd/51712/dev xvda \
		/libxl/1/device/vbd/51712/mode r /libxl/1/device/vif/0/mac 00:16:3e:00:00:01 \
		/libxl/1/image/cmdline 'a"b'
	xl list -l g | python3 -c '
import json, sys
d = json.load(sys.stdin)[0]
c = d["config"]
b = c["b_info"]
disk = c["disks"][0]
print(d["domid"], c["c_info"]["name"], b["max_vcpus"], b["max_memkb"], b["cmdline"],
      disk["pdev_path"], disk["vdev"], disk["readwrite"], c["nics"][0]["mac"])')"
xs rm /libxl/1/device
same "relative paths are made absolute, for reboots" "$dir/k $dir/r" "$(
	cd "$dir" && xl create -q -e -p g.cfg 'name="q"' 'kernel="k"' 'ramdisk="r"' >/dev/null 2>&1
	echo $(xs read /libxl/3/image/kernel /libxl/3/image/ramdisk)
	xl destroy q)"
calls >/dev/null
same "list -l of all" "[0, 1, 2]" \
	"$(xl list -l | python3 -c 'import json, sys; print([d["domid"] for d in json.load(sys.stdin)])')"
xl rename g "$(printf 'g\303\274\377\355\240\200\033')"
same "list -l is JSON whatever a name is made of" "67 fc ff ed a0 80 1b" "$(
	xl list -l 1 | python3 -c '
import json, sys
print(*("%x" % ord(c) for c in json.load(sys.stdin.buffer)[0]["config"]["c_info"]["name"]))')"
xl rename 1 g
same "list -c" "          Pool-0" "$(xl list -c g | sed -n '2s/.*1\.5//p')"
same "claims" "g                                            1   130     2     -b----       1.5     2" \
	"$(xl claims g | tail -n 1)"
same "vm-list" "00000000-0000-0000-0000-000000000001  1    g                             " \
	"$(xl vm-list | sed -n 3p)"
same "uptime -s" ", g (1)" "$(xl uptime -s g | sed 's/.*up  [0-9:]*//')"

same "list -Z, -n" "Name                                        ID   Mem VCPUs	State	Time(s)   Security Label NODE Affinity
g                                            1   130     2     -b----       1.5                - all" \
	"$(xl list -Z --numa g)"

# A dry run prints JSON and makes nothing.
dry() {	# COMMAND...
	"$@" 2>/dev/null | python3 -c '
import json, sys
d = json.load(sys.stdin)
b = d["b_info"]
print(d["c_info"]["type"], d["c_info"]["name"], b["target_memkb"], b["max_vcpus"], b["avail_vcpus"],
      b.get("vcpu_hard_affinity"), b["kernel"], d["on_reboot"], d["on_crash"], d["disks"][0]["vdev"],
      d["disks"][0]["pdev_path"], d["disks"][0]["readwrite"], d["nics"][0]["mac"])'
}
for how in "create -n" "-N create" "create --dryrun -V"; do
	# shellcheck disable=SC2086
	same "$how prints what it would make" \
		"pvh n 131072 2 [0, 1] [[0], [0]] /k restart rename_restart xvda /d 0 00:16:3e:01:02:03" \
		"$(dry xl $how "$dir/g.cfg" 'name="n"' 'cpus="0"' 'on_crash="rename-restart"' \
			'disk=["/d,,xvda,r"]' 'vif=["mac=00:16:3e:1:2:3"]')"
done
same "and makes nothing" "Domain-0 g p" "$(calls; echo $(xl list | awk 'NR > 1 { print $1 }'))"
same "-N block-attach" "/d xvdz 1" "$(xl -N block-attach g /d,,xvdz,w | python3 -c '
import json, sys
d = json.load(sys.stdin)
print(d["pdev_path"], d["vdev"], d["readwrite"])')"
same "-N network-attach" "br0" "$(xl -N network-attach g bridge=br0 | python3 -c '
import json, sys
print(json.load(sys.stdin)["bridge"])')"
same "neither attaches anything" "" "$(xs ls -f / | grep -E 'v[bi][df]/')"

# What is no option: status 2, as with Xen's xl, whatever the command.
wrong=
for command in $(xl help | sed -n 's/^ \([a-z][a-z0-9-]*\) .*/\1/p'); do
	for option in -Q --nosuch; do
		xl "$command" $option g 0 0 >/dev/null 2>&1
		status=$?
		[ $status = 2 ] || wrong="$wrong $command $option: $status;"
	done
done
same "options that are not there" "" "$wrong"
refused "what is Xen's alone" '"save" of Xen'"'s xl is not supported here" xl save g file
refused "what is nobody's" 'there is no command "sav"' xl sav g
same "a name behind --" 1 "$(xl domid -- g)"
xl destroy -f >/dev/null 2>&1
same "destroy -f of nobody is an error that is said" 2 $?
refused "two files" "is not a setting (key=value)" xl create -n "$dir/g.cfg" "$dir/g.cfg"
refused "detach of what is not there" "domain g has no vbd xvda" xl block-detach --force g xvda
xl vcpu-pin -f g 0 1
same "vcpu-pin -f" "affinity 1.0 hard 2" "$(calls)"

# A number that is no domain's: nothing is written that nobody would take away.
for command in "mem-set 99 64" "mem-max 99 64" "rename 99 x" "sysrq 99 h" \
    "block-attach 99 /d,,xvda,w" "network-attach 99"; do
	# shellcheck disable=SC2086
	refused "$command" "there is no domain 99" xl $command
done
same "there is nothing of it in the store" "" "$(xs ls -f / | grep /99)"
refused "more memory for dom0 than it ever had" "more than domain 0 may have (131072 KiB)" \
	xl mem-set 0 999999999
refused "less than it can live with" "too little for dom0" xl mem-set 0 1
refused "a limit below what a guest is to have" "less than domain 1 is to have" xl mem-max g 64
refused "a limit below what it has" "less than domain 0 is to have (131072 KiB)" xl mem-max 0 1
xl mem-set 0 128
same "mem-set" 131072 "$(xs read /local/domain/0/memory/target)"
xs rm /local/domain/0/memory

# Its console, where there are terminals: a bare root may have no /dev/pts.
skip=0
if python3 -c 'import pty; pty.openpty()' 2>/dev/null; then
	# shellcheck disable=SC2046
	set -- $(python3 "$(dirname "$0")/test_console.py" "$bin/xl-fake" "$bin/xenstore-fake" |
		tee "$dir/out" | tail -n 1)
	[ "${2:-1}" = 0 ] || cat "$dir/out"
	pass=$((pass + ${1:-0})) fail=$((fail + ${2:-1}))
	xs rm /local/domain/1/console/tty
else
	skip=1
fi

# The scheduler.
same "sched-credit2" "Cpupool Pool-0: ratelimit=1000us
Name                                ID Weight  Cap
Domain-0                             0    256    0
g                                    1    256    0
p                                    2    256    0" "$(xl sched-credit2)"
same "sched-credit2 of one domain" \
	"g                                    1    256    0" "$(xl sched-credit2 -d g | tail -n 1)"
xl sched-credit2 -d g -w 512
same "sched-credit2 -w leaves the cap" "weight 1 512 0" "$(calls)"
xl sched-credit2 -s -r 500
same "sched-credit2 -r" "ratelimit 500" "$(calls)"
refused "a weight too large" 'weight "65536" is not a number from 1 to 65535' \
	xl sched-credit2 -d g -w 65536
refused "a weight for nobody" "Must specify a domain." xl sched-credit2 -w 5
same "cpupool-list" "Name               CPUs   Sched     Active   Domain count
Pool-0               4   credit2       y          2" "$(xl cpupool-list)"
same "cpupool-list -c" "Pool-0             0,1,2,3" "$(xl cpupool-list -c Pool-0 | tail -n 1)"
refused "a pool that is not there" "Pool 'nosuch' does not exist" xl cpupool-list nosuch

xl vcpu-pin g 1 0-2,^1 3
same "vcpu-pin" "affinity 1.1 hard 5 soft 8" "$(calls)"
xl vcpu-pin g all - all
same "vcpu-pin of all" "affinity 1.0 soft f
affinity 1.1 soft f" "$(calls)"
refused "vcpu-pin to a CPU that is not there" 'none of the CPUs "4" is there: 0 to 3 are' \
	xl vcpu-pin g 0 4
refused "vcpu-pin of a vCPU that is not there" "domain 1 has no vCPU 2: it has 0 to 1" \
	xl vcpu-pin g 2 0
refused "vcpu-pin of nonsense" '"0-" is not a list of CPUs' xl vcpu-pin g 0 0-

# A domain that another xl is making has no vCPUs yet.
echo 0 >"$dir/dom9"
refused "vcpu-set of none" "is not a number from 1 to 0" timeout 5 "$bin/xl-fake" vcpu-set 9 1
rm "$dir/dom9"
echo 8 >"$dir/dom9"
refused "vcpu-set of more than the host has CPUs" "5 vCPUs are more than the 4 CPUs of the host" \
	timeout 5 "$bin/xl-fake" vcpu-set 9 5
xl vcpu-set -i 9 5
xl vcpu-set 9 4
xs rm /local/domain/9
rm "$dir/dom9"
xl vcpu-set g 2 --ignore-host
xl vcpu-set -i g 1
same "vcpu-set" "online offline" \
	"$(echo $(xs read /local/domain/1/cpu/0/availability /local/domain/1/cpu/1/availability))"

# What a guest writes does not reach the terminal.
xs write -R /local/domain/0/backend/vif/1/0/mac 00:16:3e:01:02:03 \
	/local/domain/1/device/vif/0/mac "$(printf '\033[31m')" \
	/local/domain/1/device/vif/0/state "$(printf '\033[31m4')" \
	/local/domain/1/device/vif/0/tx-ring-ref 8 /local/domain/1/device/vif/0/rx-ring-ref 9 \
	/local/domain/1/device/vif/0/event-channel-tx 5
same "network-list" \
"Idx BE Mac Addr.         handle state evt-ch   tx-/rx-ring-ref BE-path                       
0   0  00:16:3e:01:02:03     0    -1      5     8/9           /local/domain/0/backend/vif/1/0" \
	"$(xl network-list g)"
xs rm /local/domain/0/backend/vif
xs write /local/domain/0/backend/vbd/1/51712/state 4 /local/domain/1/device/vbd/51712/state 4 \
	/local/domain/1/device/vbd/51712/ring-ref 'x' /local/domain/1/device/vbd/51712/event-channel 3
same "block-list" "Vdev  BE  handle state evt-ch ring-ref BE-path                       
51712 0   1      4     3      -1       /local/domain/0/backend/vbd/1/51712" "$(xl block-list g)"

refused "rename to a path" "a name must be 1 to 200 characters without a slash" xl rename g a/b
refused "rename to a name that is taken" 'there is already a domain "p" (id 2)' xl rename g p
refused "too few arguments" "requires at least 1 argument" xl destroy
xl destroy >/dev/null 2>&1
same "their exit status" 2 $?

# One disk, two writers. The back end's driver is played here.
touch "$dir/disk" "$dir/other"
xs write /local/domain/0/backend/vbd/1/51712/hotplug-target "$dir/disk" \
	/local/domain/0/backend/vbd/1/51712/mode w
driver() {	# DEVICE
	n=0
	until xs exists "/local/domain/0/backend/vbd/2/$1/state" || [ $n -gt 100 ]; do
		n=$((n + 1))
		sleep 0.05
	done
	xs write "/local/domain/0/backend/vbd/2/$1/state" 2
	until [ "$(xs read "/local/domain/0/backend/vbd/2/$1/state" 2>/dev/null)" != 2 ] ||
	      [ $n -gt 200 ]; do
		n=$((n + 1))
		sleep 0.05
	done
	xs write "/local/domain/0/backend/vbd/2/$1/state" 6 2>/dev/null
}
driver 51728 &
refused "a disk that another domain writes" \
	"disk $dir/disk is in use by domain 1; access w! shares it" \
	xl block-attach p "$dir/disk,raw,xvdb,r"
wait $!
xs write /local/domain/0/backend/vbd/1/51712/mode r
driver 51744 &
refused "a disk to write that another domain reads" "is in use by domain 1" \
	xl block-attach p "$dir/disk,raw,xvdc,w"
wait $!

# A guest that reboots keeps its name, its size and the devices it has by then.
backends() {	# Back ends' drivers, for as long as it is let.
	while :; do
		xs ls -f /local/domain/0/backend 2>/dev/null |
			sed -n 's/^\(.*\/state\) = "\([15]\)"$/\1 \2/p' |
			while read -r node state; do
				xs write "$node" $((state + 1))
			done
		sleep 0.05
	done
}
until_true() {	# COMMAND...
	n=0
	until "$@" >/dev/null 2>&1 || [ $n -gt 200 ]; do
		n=$((n + 1))
		sleep 0.05
	done
}
printf '#!/bin/sh\n' >"$dir/script"
chmod +x "$dir/script"
xs rm /local/domain/0/backend/vbd/1
backends &
backends=$!
timeout 60 "$bin/xl-fake" create -q -F "$dir/g.cfg" 'name="r"' 'maxmem=256' 'maxvcpus=4' \
	"disk=['$dir/disk,,xvda,r,script=$dir/script', '$dir/other,,xvdb,w,script=$dir/script']" \
	"vif=['mac=0:16:3e:0:0:1,script=$dir/script', 'mac=0:16:3e:0:0:2,script=$dir/script']" \
	>"$dir/monitor" 2>&1 &
monitor=$!
until_true grep -q "Waiting for domain r" "$dir/monitor"
xl rename r s
xl mem-set s 200
xl vcpu-set s 3
xl block-detach s xvda
xl block-detach s xvdb
xl block-attach s "$dir/disk,,xvdb,w,untrusted,script=$dir/script"
xl block-attach s "vdev=xvdc,access=ro,script=$dir/script,target=$dir/other"
xl network-detach s 0
xl network-attach s mac=0:16:3e:0:0:3 bridge=b rate=1MB/s ip=10.0.0.1 "script=$dir/script"
echo "s4 1" >"$dir/dom3"
printf '\003\000\000\000' >"$dir/events"
until_true grep -q "Waiting for domain s" "$dir/monitor"
devices() {
	for device in /libxl/3/device/vbd/51728 /libxl/3/device/vbd/51744; do
		echo $(xs read $device/params $device/mode $device/script)
	done
	for device in /libxl/3/device/vif/0 /libxl/3/device/vif/1; do
		echo $(xs read $device/mac) $(xs read $device/bridge 2>/dev/null) \
			$(xs read $device/rate 2>/dev/null) $(xs read $device/ip 2>/dev/null)
	done
	xs ls -f /libxl/3/device | grep -c /params
	xs read /local/domain/3/device/vbd/51728/trusted
}
same "a reboot keeps the name" 3 "$(xl domid s)"
same "and the size" "204800 262144 online online online offline" "$(echo $(
	xs read /local/domain/3/memory/target /local/domain/3/memory/static-max
	for i in 0 1 2 3; do xs read /local/domain/3/cpu/$i/availability; done))"
same "and the devices" "$dir/disk w $dir/script
$dir/other r $dir/script
00:16:3e:00:00:03 b 50000,50000 10.0.0.1
00:16:3e:00:00:02
2
0" "$(devices)"
xl destroy s
printf '\003\000\000\000' >"$dir/events"
wait $monitor
same "who watches over it ends with it" "Domain 3 has been destroyed." "$(tail -n 1 "$dir/monitor")"

# It waits a while before it starts a guest again that ended at once. On a machine so
# slow that the guest lived for seconds it does not.
touch "$dir/hold"
rm -f "$dir/held"
timeout 60 "$bin/xl-fake" create -q -F "$dir/g.cfg" 'name="r"' >"$dir/monitor" 2>&1 &
monitor=$!
until_true grep -q "Waiting for domain r" "$dir/monitor"
id=$(xl domid r)
echo "s2 1" >"$dir/dom$id"
printf '\003\000\000\000' >"$dir/events"
again() {
	[ -e "$dir/held" ] || [ "$(grep -c 'Waiting for' "$dir/monitor")" = 2 ]
}
until_true again
xl destroy r
rm "$dir/hold"
printf '\003\000\000\000' >"$dir/events"
wait $monitor
if [ -e "$dir/held" ]; then
	same "one that is destroyed meanwhile is not started again" \
		"Domain $id has been destroyed. g p" \
		"$(tail -n 1 "$dir/monitor") $(echo $(xl list | awk 'NR > 2 { print $1 }'))"
else
	skip=$((skip + 1))
fi
kill $backends
wait $backends 2>/dev/null
calls >/dev/null

# The script of disks, for a file with a name of any bytes. No loop device is made here.
mkdir "$dir/bin"
for command in read write list rm; do
	ln -s "$(cd "$bin" && pwd)/xenstore-fake" "$dir/bin/xenstore-$command"
done
printf '#!/bin/sh\n[ "$1" != -f ] || echo /dev/null\n' >"$dir/bin/losetup"
chmod +x "$dir/bin/losetup"
sed "s#^PATH=#PATH=$dir/bin:#" "$(dirname "$0")/../hotplug/block" >"$dir/block"
image="$dir/$(printf 'g\303\244st')\\n 1.img"
echo >"$image"
xs write -R backend/vbd/9/51712/params "$image" backend/vbd/9/51712/mode w
XENBUS_PATH=backend/vbd/9/51712 sh "$dir/block" add 2>"$dir/out"
same "the block script takes any name" "connected $image" \
	"$(xs read backend/vbd/9/51712/hotplug-status) $(xs read -R backend/vbd/9/51712/hotplug-target)"
xs rm backend

# More guests than fit into one answer of the hypervisor; none of them listens.
for i in $(seq 100 1199); do
	echo 1 >"$dir/dom$i"
done
same "shutdown -a means all" 1102 "$(xl shutdown -a 2>/dev/null | grep -c '^Shutting down domain')"
rm "$dir"/dom???*

# Nothing is left: neither nodes nor empty directories.
xl destroy g
xl destroy p
same "destroy leaves nothing behind" "/local/domain /local/domain/0 /local/domain/0/domid \
/local/domain/0/name /local/pool /local/pool/0 /local/pool/0/name" \
	"$(echo $(xs ls -f / | sed 's/ = .*//' | grep -E '^/(local/|libxl/|vm/)'))"

kill -0 $daemon 2>/dev/null
same "xenstored lives" 0 $?
grep -q 'ERROR: AddressSanitizer\|runtime error' "$dir/log" && cat "$dir/log"
echo "$pass passed, $fail failed, $skip skipped"
[ $fail = 0 ]
