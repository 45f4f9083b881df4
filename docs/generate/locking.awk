# SPDX-License-Identifier: GPL-2.0-only
#
# docs/locking.md from xen/include/xen/lock_rank.h, which is what debug builds
# check at every lock.

BEGIN {
	print "Locking order\n=============\n"
	print "Made by `make docs` from xen/include/xen/lock_rank.h; do not edit."
	print "Outermost first: a lock may be taken while locks above it are held. Locks of"
	print "one rank are taken by lowest address. Debug and host builds check it at every"
	print "lock. \"irq\": taken from interrupt handlers as well, so always with interrupts"
	print "off.\n"
	print "| rank | protects | irq |\n|---|---|---|"
}

/^\tRANK_/ {
	name = $1
	sub(/,$/, "", name)
	text = $0
	sub(/^[^\/]*\/\* */, "", text)
	sub(/ *\*\/ *$/, "", text)
	irq = sub(/; irq$/, "", text) ? "yes" : ""
	printf "| `%s` | %s | %s |\n", name, text, irq
}
