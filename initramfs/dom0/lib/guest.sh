# SPDX-License-Identifier: GPL-2.0-only
#
# Watching guests from dom0's shell: used by the demonstration and by the tests.
# A guest of our ramdisk says things on its console in lines "guest: WORD ...".

guest_dir=/run/guests
guest_cr=$(printf '\r')
mkdir -p $guest_dir

# Time limits are for a machine to ourselves; slow=N on the command line stretches
# them.
guest_slow=$(tr ' ' '\n' </proc/cmdline | sed -n 's/^slow=//p')
guest_slow=${guest_slow:-1}

# guest_attach NAME [PREFIX]: keep what the guest's console says in a log; with
# a prefix, show it as well. In a session of its own, for guest_detach.
guest_attach() {
	: >"$guest_dir/$1.log"
	setsid sh -c '. /lib/guest.sh; guest_listen "$@"' sh "$1" "${2:-}" &
	echo $! >"$guest_dir/$1.pid"
}

guest_detach() {
	kill -- "-$(cat "$guest_dir/$1.pid")" 2>/dev/null
}

# xl console ends when its input does: a FIFO that is held open at both ends has no
# end. It also ends when a domain is so young that it has no console yet: as long
# as there is a domain, try again.
guest_listen() {
	guest_fifo=$(mktemp -u "$guest_dir/$1.XXXXXX")
	mkfifo "$guest_fifo"
	exec 3<>"$guest_fifo"
	rm -f "$guest_fifo"
	while [ -n "$(guest_domid "$1")" ]; do
		xl console "$1" <&3 2>&1 | guest_follow "$1" "$2"
		sleep 1
	done
}

# A shell's prompt has no end of line, so that an answer may follow it on the
# same one: what comes before it is cut off.
guest_follow() {
	while IFS= read -r line; do
		line=${line%"$guest_cr"}
		echo "${line##*# }" >>"$guest_dir/$1.log"
		[ -z "$2" ] || echo "$2$line"
	done
}

# guest_said NAME TEXT SECONDS: wait for a line "guest: TEXT..." on the console.
guest_said() {
	n=0
	until grep -q "^guest: $2" "$guest_dir/$1.log" 2>/dev/null; do
		n=$((n + 1))
		[ $n -lt $(($3 * guest_slow * 5)) ] || return 1
		usleep 200000
	done
}

# guest_heard NAME TEXT: the rest of the last line "guest: TEXT ...".
guest_heard() {
	sed -n "s/^guest: $2 *//p" "$guest_dir/$1.log" | tail -n 1
}

guest_domid() {
	xl list 2>/dev/null | awk -v g="$1" '$1 == g { print $2 }'
}

# guest_type NAME TEXT: type a line at the guest's shell. Keys go to the terminal
# that xenconsoled made, because xl console reads keys only from one.
guest_type() {
	tty=$(xenstore-read "/local/domain/$(guest_domid "$1")/console/tty") || return 1
	echo "$2" >"$tty"
}

# guest_ask NAME COMMAND [SECONDS]: what COMMAND prints in the guest, one line.
guest_ask() {
	asked=$(($(cat "$guest_dir/asked" 2>/dev/null || echo 0) + 1))
	echo $asked >"$guest_dir/asked"
	guest_type "$1" "echo \"guest: answer-\"$asked \$($2)" || return 1
	guest_said "$1" "answer-$asked" "${3:-30}" || return 1
	guest_heard "$1" "answer-$asked"
}

# guest_gone NAME SECONDS: wait until the domain is no more.
guest_gone() {
	n=0
	while [ -n "$(guest_domid "$1")" ]; do
		n=$((n + 1))
		[ $n -lt $(($2 * guest_slow)) ] || return 1
		sleep 1
	done
}

# guest_type_line: what a configuration says of the kind of guest. The command line's
# guest.type= is for machines that have several; elsewhere nothing is said. guest.pinned:
# each vCPU keeps to a CPU of its own.
guest_type_line() {
	tr ' ' '\n' </proc/cmdline |
		sed -n 's/^guest.type=\(.*\)/type = "\1"/p; s/^guest.pinned$/cpus = ["0", "1"]/p'
}

# drivers MODULE...: whose these are, "ours" if all are out of the kernel's tree, "stock" if
# none is. Of a module that is built in or not there nothing is known: stock.
drivers() {
	drivers_ours=0
	for drivers_m; do
		! grep -q O "/sys/module/$drivers_m/taint" 2>/dev/null ||
			drivers_ours=$((drivers_ours + 1))
	done
	case $drivers_ours in
	0)	echo stock ;;
	$#)	echo ours ;;
	*)	echo mixed ;;
	esac
}

dom0_drivers='xen_evtchn xen_privcmd xenfs xen_gntdev xen_gntalloc xen_blkback xen_netback'
