# SPDX-License-Identifier: GPL-2.0-only
#
# For tests that run in dom0: results in KTAP, on the console, and guests made
# to order. A test calls plan, then one of the others for each result, then
# finish. Whatever is not a result is printed behind "# ".

. /lib/guest.sh

ktap_n=0

arg() {
	tr ' ' '\n' </proc/cmdline | sed -n "s/^$1=//p" | tail -n 1
}

# plan N: how many results will follow.
plan() {
	echo "KTAP version 1"
	echo "1..$1"
}

pass() {
	ktap_n=$((ktap_n + 1))
	echo "ok $ktap_n $1"
}

fail() {
	ktap_n=$((ktap_n + 1))
	echo "not ok $ktap_n $1"
}

skip() {
	ktap_n=$((ktap_n + 1))
	echo "ok $ktap_n $1 # SKIP $2"
}

note() {
	echo "$*" | sed 's/^/# /'
}

# expect NAME COMMAND...: the command's status is the result.
expect() {
	ktap_name=$1
	shift
	if ktap_out=$("$@" 2>&1); then
		pass "$ktap_name"
	else
		note "$* : status $?"
		note "$ktap_out"
		fail "$ktap_name"
	fi
}

# program NAME COMMAND...: one that prints results of its own, which are one here.
program() {
	ktap_name=$1
	shift
	"$@" >/run/out 2>&1
	ktap_status=$?
	ktap_results=$(grep '^ok ' /run/out | grep -vc '# SKIP')
	if [ $ktap_status = 0 ] && [ "$ktap_results" -gt 0 ]; then
		pass "$ktap_name: $ktap_results results"
		note "$(grep -c '^ok .*# SKIP' /run/out) skipped"
		return
	fi
	grep -vE '^(ok |KTAP|1[.][.])' /run/out | sed 's/^/# /'
	note "status $ktap_status, $ktap_results good results of $(sed -n 's/^1[.][.]//p' /run/out)"
	fail "$ktap_name"
}

# refuse NAME COMMAND...: it must fail, and say why.
refuse() {
	ktap_name=$1
	shift
	if ktap_out=$("$@" 2>&1); then
		note "$* : succeeded"
		fail "$ktap_name"
	elif [ -z "$ktap_out" ]; then
		note "$* : failed without a word"
		fail "$ktap_name"
	else
		pass "$ktap_name"
	fi
}

# within SECONDS COMMAND...: wait until the command succeeds.
within() {
	within_n=$(($1 * 5 * guest_slow))
	shift
	until "$@" >/dev/null 2>&1; do
		within_n=$((within_n - 1))
		[ $within_n -gt 0 ] || return 1
		usleep 200000
	done
}

# same NAME WANTED SEEN
same() {
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		note "wanted '$2', saw '$3'"
		fail "$1"
	fi
}

# What a guest needs at least: more where its kernel looks for its mistakes.
guest_mib=$(arg test.guest_mib)
guest_mib=${guest_mib:-128}

# guest_config NAME [LINE...]: a configuration file for a guest without devices;
# lines given later win over those here.
guest_config() {
	cat >"/run/$1.cfg" <<END
name = "$1"
kernel = "/boot/guest-kernel"
ramdisk = "/boot/guest-initrd"
extra = "console=hvc0 demo=off demo.name=$1"
memory = $guest_mib
vcpus = 1
$(guest_type_line)
END
	ktap_g=$1
	shift
	for ktap_line; do
		sed -i "/^${ktap_line%%[ =]*} *=/d" "/run/$ktap_g.cfg"
		echo "$ktap_line" >>"/run/$ktap_g.cfg"
	done
}

# guest_up NAME [LINE...]: create it, listen to it, wait until it is ready.
guest_up() {
	guest_config "$@"
	xl create "/run/$1.cfg" || return 1
	# Not into the pipe of expect, which would then never end.
	guest_attach "$1" >/dev/null 2>&1
	guest_ready "$1"
}

# guest_ready NAME: wait for the word with which its start ends.
guest_ready() {
	guest_said "$1" ready 240 && return
	echo "the last words of $1:"
	tail -n 20 "$guest_dir/$1.log"
	return 1
}

# guest_ram: a guest's first frame of which it is sure that memory follows. On Arm it
# begins at 1 GiB; on x86 at 0, but up to 16 MiB there are holes.
guest_ram() {
	case $(uname -m) in
	x86_64)	echo 0x1000 ;;
	*)	echo 0x40000 ;;
	esac
}

free_mib() {
	xl info 2>/dev/null | sed -n 's/^free_memory *: *//p'
}

# Tests that survive a reboot: the first sector of an empty disk says which boot
# this is. plan_boots N: N results, the last of which is the second boot's.
boot_disk=/dev/vda

plan_boots() {
	if [ "$(dd if=$boot_disk bs=512 count=1 2>/dev/null | tr -d '\0')" = again ]; then
		boot_number=2
		ktap_n=$(($1 - 1))
	else
		boot_number=1
		plan "$1"
		echo again | dd of=$boot_disk conv=fsync 2>/dev/null
	fi
}

# guest_carry DIR FILE...: these files, in DIR of the ramdisk of guests to come.
guest_carry() {
	mkdir -p "/run/carry/$1"
	ktap_dir=$1
	shift
	cp "$@" "/run/carry/$ktap_dir/"
	(cd /run/carry && find . | cpio -o -H newc 2>/dev/null) >>/boot/guest-initrd
	rm -rf /run/carry
}
