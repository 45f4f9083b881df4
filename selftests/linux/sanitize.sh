# SPDX-License-Identifier: GPL-2.0-only
#
# Around a test on a kernel that looks for its own mistakes (SANITIZE of the list): before
# it, xl is wrapped, so that a guest tells what it found before it goes; after it,
# sanitize_end says what dom0's kernel found, and the guests'. run makes a result of it.

sanitize_log=/run/sanitize.log
sanitize_reports='BUG:|WARNING:|KASAN|INFO: possible|INFO: suspicious|ODEBUG:|INFO: task .* blocked|Oops|unreferenced object|Kernel panic'
: >$sanitize_log
mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null

# An object has to be five seconds old for kmemleak to speak of it, and one scan may catch
# it between two lists.
sanitize_scan='echo scan >/sys/kernel/debug/kmemleak; sleep 6; echo scan >/sys/kernel/debug/kmemleak; cat /sys/kernel/debug/kmemleak'

# sanitize_guest NAME: what its console said, and what it leaks. One that nobody ever
# listened to was created paused, and has no kernel that could say something.
sanitize_guest() {
	[ -n "$(guest_domid "$1")" ] && [ -f "$guest_dir/$1.log" ] || return 0
	guest_type "$1" "mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null; $sanitize_scan; echo guest: scanned" &&
		guest_said "$1" scanned 30 || echo "guest $1 did not look for leaks" >>$sanitize_log
	# A test that asks for such words has them on the console itself.
	sed "/dmesg | grep /d; s/^/guest $1: /" "$guest_dir/$1.log" >>$sanitize_log
} >/dev/null 2>&1

# A guest is told what dom0 is told by run: how slow the machine is; that one report does
# not hide the next; and to have no second set of page tables, which costs an emulated
# machine a flush at each system call.
sanitize_config() {
	for f; do
		[ ! -f "$f" ] || sed -i "s/^extra *= *\"/&slow=$guest_slow kasan_multi_shot kpti=off /" "$f"
	done
}

xl() {
	case $1 in
	create) sanitize_config "$@" ;;
	shutdown|destroy) sanitize_guest "$2" ;;
	esac
	command xl "$@"
}

sanitize_end() {
	# What can be unloaded is: that way is looked at as well.
	for m in xen_blkfront xen_blkback xen_netback xen_gntalloc; do
		[ ! -d /sys/module/$m ] || rmmod $m
	done
	sh -c "$sanitize_scan" | sed 's/^/dom0 leaks: /' >>$sanitize_log
	dmesg | sed 's/^/dom0: /' >>$sanitize_log
	grep -a 'did not look for leaks' $sanitize_log | sed 's/^/# /'
	# The lines after a report say where it was.
	grep -aE -A 25 "$sanitize_reports" $sanitize_log | head -n 400 | sed 's/^/# report: /'
	echo "# sanitize: $(grep -acE "$sanitize_reports" $sanitize_log) reports"
}
