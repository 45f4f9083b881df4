# SPDX-License-Identifier: GPL-2.0-only
#
# Functions for scripts that download packages of another suite or architecture,
# by an apt with its own state, so that this machine's package configuration is
# neither changed nor enriched. Sourced; the script has say, die and $cache.

# private_apt SUITE ARCH...: an apt of our own for SUITE; names without an
# architecture mean the first ARCH. Mirrors are those this machine uses: apt
# itself reads its sources, old form and new. Proxies and other Acquire options
# are carried over, hooks are not. Fails if a list is missing; the others are there.
private_apt() {
	unset APT_CONFIG	# of the suite before
	suite=$1
	shift
	apt=$cache/apt/$suite
	[ "$*" = arm64 ] || apt=$apt-$(echo "$*" | tr ' ' -)
	mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial" "$apt/parts"
	: >"$apt/status"

	# Backports and unstable have neither updates nor security of their own.
	case $suite in
	sid|*-backports) extra=none ;;
	*)		extra='-.*' ;;
	esac
	. /etc/os-release
	apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' \
		'Created-By: Packages' 2>/dev/null |
	awk -v here="${VERSION_CODENAME:-none}" -v suite="$suite" -v extra="$extra" '
		BEGIN { key = "/usr/share/keyrings/debian-archive-keyring.gpg"
			if ((getline line < key) >= 0) by = "[signed-by=" key "] " }
		$3 == "main" && $2 ~ "^(" here "|stable)(" extra ")?$" {
			sub("^(" here "|stable)", suite, $2)
			print "deb " by $1, $2, $3 }' | sort -u >"$apt/sources.list"
	[ -s "$apt/sources.list" ] ||
		die "found no Debian mirror for '${VERSION_CODENAME:-?}' in this machine's apt sources"

	{
		echo "Dir::State \"$apt/state\";"
		echo "Dir::State::status \"$apt/status\";"
		echo "Dir::Cache \"$apt/cache\";"
		echo "Dir::Etc::sourcelist \"$apt/sources.list\";"
		echo 'Dir::Etc::sourceparts "-";'
		echo "Dir::Etc::main \"$apt/none\";"
		echo "Dir::Etc::parts \"$apt/parts\";"
		echo "Dir::Etc::preferences \"$apt/none\";"
		echo "Dir::Etc::preferencesparts \"$apt/parts\";"
		echo "APT::Architecture \"$1\";"
		printf 'APT::Architectures {'
		printf ' "%s";' "$@"
		echo ' };'
		echo 'Acquire::Languages "none";'
		[ "$(id -u)" != 0 ] || echo 'APT::Sandbox::User "root";'
		apt-config dump | grep -E '^Acquire::(http|https|ftp|Check|Retries)' || :
	} >"$apt/apt.conf"
	APT_CONFIG=$apt/apt.conf
	export APT_CONFIG

	say "reading the package lists of $suite for $*"
	apt-get update || {
		say "could not read all package lists of $suite: see apt's message above"
		return 1
	}
}

# fetch DIR PACKAGE...: download into DIR.
fetch() {
	dir=$1
	shift
	rm -rf "$dir"
	mkdir -p "$dir"
	(cd "$dir" && apt-get download "$@")
}
