# SPDX-License-Identifier: GPL-2.0-only
#
# For the network tests: a guest "g" with one interface on dom0's bridge, and loads
# of known content in both directions. After ktap.sh.

me=192.168.128.1 it=192.168.128.2
me6=fd00:78::1 it6=fd00:78::2
mac=00:16:3e:00:00:02
vif="bridge=xenbr0, mac=$mac"
PATH=$PATH:/test/bin
echo 5000 >/run/port
log=$guest_dir/g.log
backend=/local/domain/0/backend/vif

# g_said TEXT SECONDS: what a program in the guest says. Not always at the beginning of
# a line: there may be a prompt.
g_said() {
	within "$2" grep -q "$1" "$log"
}

# A port that nothing else used. In a file: expect runs in a shell of its own.
next_port() {
	port=$(($(cat /run/port) + 1))
	echo $port >/run/port
}

our_vif() {
	echo "vif$(guest_domid g).0"
}

# Which modules are at the two ends, by what only ours have.
ours_in_front() {
	[ -n "$(guest_ask g 'cat /sys/module/xen_netfront/taint' | tr -d ' ')" ]
}
ours_in_back() {
	[ -n "$(tr -d ' ' </sys/module/xen_netback/taint)" ]
}

reachable() {
	within 20 ping -c 1 -W 1 $it
}

# Bring both ends up: after creation, and when the interface came back.
net_up() {
	echo 0 >/proc/sys/net/ipv6/conf/xenbr0/accept_dad
	ip -6 addr add $me6/64 dev xenbr0 2>/dev/null
	guest_ask g "n=0; until [ -e /sys/class/net/eth0 ] || [ \$n -gt 50 ]; do n=\$((n+1)); usleep 200000; done; echo 0 >/proc/sys/net/ipv6/conf/eth0/accept_dad; ip link set lo up; ip link set eth0 up; ip addr replace $it/24 dev eth0; ip -6 addr add $it6/64 dev eth0; echo up" 60 >/dev/null
	reachable
}

# tcp_out BYTES [OUR ADDRESS]: the program here waits; its status is the result.
tcp_out() {
	next_port
	netload tcp-sink $port &
	guest_type g "netload tcp-source ${2:-$me} $port $1"
	wait $!
}

# tcp_in BYTES [ITS ADDRESS]
tcp_in() {
	next_port
	guest_type g "netload tcp-sink $port"
	g_said "netload: $port: ready" 20 && netload tcp-source "${2:-$it}" $port "$1"
}

tcp_both() {
	next_port
	netload tcp-sink $port &
	sink=$! first=$port
	next_port
	guest_type g "netload tcp-source $me $first $1 & netload tcp-sink $port"
	g_said "netload: $port: ready" 20 && netload tcp-source $it $port "$1" && wait $sink
}

# Where datagrams may have been lost: interfaces, and what both stacks did not take.
udp_lost() {
	grep . /sys/class/net/"$(our_vif)"/statistics/[rt]x_dropped
	grep -hE '^(Ip|Udp): [0-9]' /proc/net/snmp
	guest_ask g "grep . /sys/class/net/eth0/statistics/[rt]x_dropped; \
		grep -hE '^(Ip|Udp): ' /proc/net/snmp"
}

# udp_out COUNT SIZE [OUR ADDRESS]: all must arrive as they were sent.
udp_out() {
	next_port
	netload udp-sink $port "$1" 5 >/run/udp &
	within 5 grep -q ready /run/udp
	guest_type g "netload udp-source ${3:-$me} $port $1 $2 2000"
	wait $! && grep "netload: $port: $1 datagrams, 0 wrong" /run/udp || {
		cat /run/udp
		udp_lost
		return 1
	}
}

# udp_in COUNT SIZE [ITS ADDRESS]
udp_in() {
	next_port
	guest_type g "netload udp-sink $port $1 5"
	g_said "netload: $port: ready" 20 || return 1
	netload udp-source "${3:-$it}" $port "$1" "$2" 2000
	g_said "netload: $port: [0-9]* datagrams" 30
	grep "netload: $port: $1 datagrams, 0 wrong" "$log" || {
		grep "netload: $port:" "$log"
		udp_lost
		return 1
	}
}

# set_mtu BYTES: at both ends, and of the bridge, which takes no more than its interfaces.
set_mtu() {
	ip link set xenbr0 mtu "$1" 2>/dev/null
	ip link set "$(our_vif)" mtu "$1" && ip link set xenbr0 mtu "$1" &&
		guest_ask g "ip link set eth0 mtu $1 && echo done" | grep -q done
}

# What xl does for a new interface, for one that nobody tells it of.
onto_bridge() {
	within 20 test -e /sys/class/net/"$(our_vif)" &&
		XENBUS_PATH=$backend/$(guest_domid g)/0 vif=$(our_vif) \
			/etc/xen/scripts/vif-bridge online type_if=vif
}

# packets DIRECTION: how many the interface here has counted; rx is from the guest.
packets() {
	cat "/sys/class/net/$(our_vif)/statistics/$1_packets"
}

# Traffic in both directions until flood_end.
flood() {
	guest_type g "(while :; do netload udp-source $me 6998 500 1400 1000 || usleep 100000; done) >/dev/null 2>&1 &"
	(while :; do netload udp-source $it 6998 500 1400 1000 || usleep 100000; done) >/dev/null 2>&1 &
	flood=$!
	sleep 2
}
flood_end() {
	kill $flood 2>/dev/null
	[ -z "$(guest_domid g)" ] || guest_ask g 'kill $!; echo done' >/dev/null
}

# What a kernel says when it is not well. (That a peer keeps a page mapped is a warning,
# too, and no fault of ours. So is what arch/x86/kernel/fpu/xstate.c says now and then as a
# PVH guest begins to boot: docs/linux/kernels.md.) In brackets, so that who looks for them
# in what was typed on a console does not find them there.
trouble='[B]UG|[W]ARNING: .* at |[O]ops|[U]nable to handle|[b]locked for more'
boot='at arch/x86/kernel/fpu/xstate.c'
guest_well() {
	said=$(guest_ask g "dmesg | grep -v '$boot' | grep -E -A 6 '$trouble' | head -n 12; echo end")
	echo "$said"
	[ "$said" = end ]
}

# No task has waited in the kernel for three looks, and nothing was reported.
kernel_well() {
	tasks=all
	for look in 1 2 3; do
		now=$(grep -l '^State:.*D (disk' /proc/[0-9]*/status 2>/dev/null)
		[ $look = 1 ] || now=$(echo "$now" | grep -xF "$tasks")
		tasks=$now
		[ -n "$tasks" ] || break
		sleep 1
	done
	for task in $tasks; do
		head -n 3 "$task"
		cat "${task%status}stack"
	done
	[ -z "$tasks" ] && ! dmesg | grep -E "$trouble"
}
