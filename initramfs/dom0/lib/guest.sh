# SPDX-License-Identifier: GPL-2.0-only
#
# Watching guests from dom0's shell: used by the demonstration and by the tests.
# A guest of our ramdisk says things on its console in lines "guest: WORD ...".

guest_dir=/run/guests
guest_cr=$(printf '\r')
mkdir -p $guest_dir

# guest_attach NAME [PREFIX]: keep what the guest's console says in a log; with
# a prefix, show it as well. xl console ends when its input does: a FIFO that is
# held open at both ends has no end.
guest_attach() {
	mkfifo "$guest_dir/$1.in"
	: >"$guest_dir/$1.log"
	{
		exec 3<>"$guest_dir/$1.in"
		xl console "$1" <&3 2>&1 | guest_follow "$1" "${2:-}"
		rm -f "$guest_dir/$1.in"
	} &
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
		[ $n -lt $(($3 * 5)) ] || return 1
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
		[ $n -lt $(($2 * 5)) ] || return 1
		usleep 200000
	done
}
