# SPDX-License-Identifier: GPL-2.0-only
#
# The front door: "make help" says what there is. Each part has a makefile of
# its own; this one installs what is needed, joins the parts and starts them.

# What to run, and on what. Change them on the command line.
MACHINE		?= arm64
CPUS		?= 2
MEM		?= $(if $(filter amd64,$(MACHINE)),3072,2048)
DOM0_MEM	?= 1G
CPU		?= cortex-a57
GIC		?= 3
KERNEL		?= 6.1
GUEST_KERNEL	?= $(KERNEL)
GUEST_MACHINE	?= $(MACHINE)
HYP		?= $(if $(filter amd64,$(MACHINE)),xen,xylem)
TOOLS		?= $(if $(filter amd64,$(MACHINE)),debian,xylem)
DOM0		?= pv
GUEST_TYPE	?= pvh
# Ours where the hypervisor is; the reference is Debian's throughout.
MODULES		?= $(if $(filter arm64-xylem%,$(MACHINE)-$(HYP)),ours,stock)
GUEST_MODULES	?= $(MODULES)
BATCH		?=
GDB		?=
LIMIT		?= 600
SLOW		?= 1
V		?= 0

O		:= $(CURDIR)/build
XYLEM_CACHE	?= $(O)/cache
DEPS		:= $(XYLEM_CACHE)/root
MAKEFLAGS	+= --no-print-directory

export MACHINE DOM0 CPUS MEM DOM0_MEM CPU GIC KERNEL GUEST_KERNEL TOOLS BATCH GDB LIMIT SLOW
export GUEST_MACHINE GUEST_TYPE XYLEM_CACHE DEPS V

.DEFAULT_GOAL	:= help

run-variables	:= MACHINE HYP TOOLS MODULES GUEST_MODULES CPUS MEM DOM0_MEM CPU GIC KERNEL GUEST_KERNEL \
		   GUEST_MACHINE DOM0 GUEST_TYPE NET DISK XEN_ARGS DOM0_ARGS GDB LIMIT SLOW
help-MACHINE	:= 'arm64, or amd64 (there only HYP=xen, TOOLS=debian)'
help-HYP	:= 'xylem, xylem-debug, or xen for Debian 4.17'
help-TOOLS	:= 'xylem, or debian for the xl of Xen 4.17'
help-MODULES	:= 'of dom0: ours out of linux/, or stock (default on HYP=xen)'
help-GUEST_MODULES := 'of the guest; default: MODULES'
help-CPUS	:= 'physical CPUs'
help-MEM	:= 'MiB of the machine'
help-DOM0_MEM	:= 'of dom0, as the hypervisor reads it'
help-CPU	:= 'cortex-a57, cortex-a72 or max'
help-GIC	:= '2 or 3'
help-KERNEL	:= 'of dom0: 5.10, 6.1, 6.12 or 7.2'
help-GUEST_KERNEL := 'of the guest'
help-GUEST_MACHINE := 'as MACHINE, or armhf for a 32-bit guest (HYP=xen, TOOLS=debian)'
help-DOM0	:= 'amd64: kind of dom0, pv or pvh'
help-GUEST_TYPE	:= 'amd64: kind of guest, pv or pvh'
help-NET	:= 'user, or none: dom0 has no network card'
help-DISK	:= 'a raw image or block device for dom0'
help-XEN_ARGS	:= "more of the hypervisor's command line"
help-DOM0_ARGS	:= "more of dom0's"
help-GDB	:= '1 waits for gdb on port 1234'
help-LIMIT	:= 'seconds a batch run may take'
help-SLOW	:= 'stretches all time limits'

.PHONY: help
help:
	@sed -n 's/^#: \{0,1\}//p' $(firstword $(MAKEFILE_LIST))
	@printf '  %-14s %-12s %s\n' $(foreach v,$(run-variables),$(v) '$($(v))' $(help-$(v)))

#: Xylem: a type-1 hypervisor that speaks the Xen ABI
#:
#: To run
#:   make run           install what is needed, build, boot a machine in QEMU, start
#:                      a guest, leave a dom0 shell (Ctrl-t x ends QEMU)
#:   make run BATCH=1   the same, then power off; succeeds if each step was seen
#:   make shell         a dom0 shell with no guest created
#:
#: To build (below build/)
#:   make xen           the hypervisor: build/arm64/xylem, build/arm64-debug/xylem
#:   make modules       the kernel modules of linux/, for KERNEL and GUEST_KERNEL
#:   make tools         xl and the daemons for arm64
#:   make initramfs     the ramdisks of dom0 and the guest
#:   make setup         only install and download what "make run" needs
#:   make clean         remove what was built; distclean: downloads as well
#:
#: To test: each ends with a line "N passed, N failed, N skipped"
#:   make check-fast    seconds to two minutes, for the inner loop
#:   make check         what CI runs, under 40 minutes on two cores
#:   make check-full    every kernel and combination
#:   make check-NAME    one suite of selftests/suites
#:   make bench         executed instructions per operation, against Xen 4.17
#:   make docs          the documents that the code writes: hypercalls, locking order
#:
#: Variables of "make run" (value now)

# What cannot be is said before anything is downloaded.
.PHONY: variables
variables:
	@scripts/variables

.PHONY: run shell
run: variables image-$(HYP) initramfs
	@MSI=$(MSI) DOM0_ARGS="$(guest-type) modules=$(MODULES) guest_modules=$(GUEST_MODULES) \
		$(DOM0_ARGS)" scripts/demo $(image) $(dom0-kernel) $(dom0-image)

shell: variables image-$(HYP) initramfs
	@MSI=$(MSI) BATCH= DOM0_ARGS="run=shell $(guest-type) $(DOM0_ARGS)" \
		scripts/qemu $(image) $(dom0-kernel) $(dom0-image)

# Which hypervisor.
image-xylem	:= $(O)/arm64/xylem
image-xylem-debug := $(O)/arm64-debug/xylem
image-xen	:= $(if $(filter amd64,$(MACHINE)),$(O)/amd64/xen,$(DEPS)/boot/xen-4.17-arm64)
image		 = $(image-$(HYP))
ifeq ($(image),)
$(error HYP=$(HYP): xylem, xylem-debug or xen)
endif
ifeq ($(filter $(TOOLS),xylem debian),)
$(error TOOLS=$(TOOLS): xylem or debian)
endif
ifeq ($(filter $(MACHINE)-$(HYP)-$(TOOLS),amd64-xen-debian arm64-$(HYP)-$(TOOLS)),)
$(error MACHINE=$(MACHINE) HYP=$(HYP) TOOLS=$(TOOLS): arm64, or amd64 with xen and debian)
endif
ifeq ($(filter $(GUEST_MACHINE)-$(HYP)-$(TOOLS),$(MACHINE)-$(HYP)-$(TOOLS) armhf-xen-debian),)
$(error GUEST_MACHINE=$(GUEST_MACHINE): $(MACHINE), or armhf with HYP=xen and TOOLS=debian)
endif
ifneq ($(filter-out ours stock,$(MODULES) $(GUEST_MODULES)),)
$(error MODULES=$(MODULES) GUEST_MODULES=$(GUEST_MODULES): ours or stock)
endif
guest-type	:= $(if $(filter amd64,$(MACHINE)),guest.type=$(GUEST_TYPE))
MSI		?= $(if $(filter xen,$(HYP)),0,1)

# What must be installed: the reference's packages only where it is used.
setup-tier	:= $(if $(filter xen debian,$(HYP) $(TOOLS)),check,run)

.PHONY: setup setup-check setup-full
setup: variables
	@KERNEL=$(KERNEL) scripts/setup $(setup-tier)
	@[ $(GUEST_MACHINE)-$(GUEST_KERNEL) = $(MACHINE)-$(KERNEL) ] || \
		MACHINE=$(GUEST_MACHINE) KERNEL=$(GUEST_KERNEL) scripts/setup run
setup-check:
	@scripts/setup check
setup-full:
	@scripts/setup full
	@KERNEL=5.10 scripts/setup full
	@KERNEL=6.12 scripts/setup full
	@KERNEL=7.2 scripts/setup full
	@MACHINE=amd64 scripts/setup full
	@MACHINE=armhf scripts/setup run

libfdt := LIBFDT_INC=$(DEPS)/usr/include LIBFDT_A=$(DEPS)/usr/lib/aarch64-linux-gnu/libfdt.a

.PHONY: xen image-xylem image-xylem-debug image-xen
xen: image-xylem image-xylem-debug
image-xylem: setup
	@$(MAKE) -C xen ARCH=arm64 O=$(O)/arm64 $(libfdt)
image-xylem-debug: setup
	@$(MAKE) -C xen ARCH=arm64 DEBUG=1 O=$(O)/arm64-debug $(libfdt)
# QEMU's multiboot loader wants the file inside.
image-xen: setup
ifeq ($(MACHINE),amd64)
	@mkdir -p $(O)/amd64
	@gunzip -c $(XYLEM_CACHE)/root-amd64/boot/xen-4.17-amd64.gz >$(O)/amd64/xen
endif

.PHONY: tools
tools: setup
	@$(MAKE) -C userspace ARCH=arm64 O=$(O)/arm64/userspace

# Our own modules, built for the very kernels that boot.
suite-5.10	:= bullseye
suite-6.1	:= bookworm
suite-6.12	:= trixie
suite-7.2	:= sid
kernels-arm64	:= $(XYLEM_CACHE)/kernel
kernels-amd64	:= $(XYLEM_CACHE)/kernel-amd64
kernels-armhf	:= $(XYLEM_CACHE)/kernel-armhf
flavour-arm64	:= arm64
flavour-amd64	:= amd64
flavour-armhf	:= armmp-lpae
modules-for-arm64 := ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu-
modules-for-amd64 := ARCH=x86_64 CROSS_COMPILE=x86_64-linux-gnu-
modules-for-armhf := ARCH=arm CROSS_COMPILE=arm-linux-gnueabihf-
# $(call modules-dir,MACHINE,KERNEL)
modules-dir	= $(O)/$(1)/modules-$(2)
modules-dom0	:= modules-$(MACHINE)-$(KERNEL)
modules-guest	:= modules-$(GUEST_MACHINE)-$(GUEST_KERNEL)
# Of modules-MACHINE-KERNEL.
machine-of	= $(firstword $(subst -, ,$*))
kernel-of	= $(lastword $(subst -, ,$*))
modules-kernel	= $(kernels-$(machine-of))/$(kernel-of)
# $(call headers,MACHINE,KERNEL): a kernel of our own configuration has them with it.
headers		= $(if $(suite-$(2)),linux/scripts/fetch-headers $(suite-$(2)) $(1) $(flavour-$(1)) \
			$$(cat $(kernels-$(1))/$(2)/release),linux/scripts/test-kernel $(2) $(1))
# Ten seconds instead of thirty, unless make was told itself.
jobs		= $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc))

.PHONY: modules $(modules-dom0) $(modules-guest)
modules: $(sort $(modules-dom0) $(modules-guest))
$(sort $(modules-dom0) $(modules-guest)): modules-%: setup
	@kdir=$$($(call headers,$(machine-of),$(kernel-of))) || { \
		echo "MODULES=stock does without; removing $(modules-kernel) fetches the newest kernel" >&2; \
		exit 1; }; \
	echo "  KBUILD  modules of linux/ for $$(cat $(modules-kernel)/release)"; \
	$(MAKE) $(jobs) -C linux modules KDIR=$$kdir $(modules-for-$(machine-of)) \
		O=$(call modules-dir,$(machine-of),$(kernel-of))

dom0-kernel	:= $(kernels-$(MACHINE))/$(KERNEL)/vmlinuz
guest-image	:= $(O)/$(GUEST_MACHINE)/guest-$(GUEST_KERNEL)-$(GUEST_MODULES).cpio
other-guest	:= $(if $(filter-out $(MACHINE),$(GUEST_MACHINE)),-$(GUEST_MACHINE))
dom0-image	:= $(O)/$(MACHINE)/dom0-$(KERNEL)-$(GUEST_KERNEL)$(other-guest)-$(TOOLS)-$(MODULES)-$(GUEST_MODULES).cpio
modules-needed	:= $(if $(filter ours,$(MODULES)),$(modules-dom0)) \
		   $(if $(filter ours,$(GUEST_MODULES)),$(modules-guest))

.PHONY: initramfs
initramfs: setup $(if $(filter xylem,$(TOOLS)),tools) $(sort $(modules-needed))
	@echo "  CPIO    $(patsubst $(CURDIR)/%,%,$(guest-image) $(dom0-image))"
	@MACHINE=$(GUEST_MACHINE) KERNEL=$(GUEST_KERNEL) initramfs/build guest $(guest-image) \
		$(if $(filter ours,$(GUEST_MODULES)),$(call modules-dir,$(GUEST_MACHINE),$(GUEST_KERNEL)))
	@GUEST_IMAGE=$(guest-image) TOOLS_DIR=$(O)/arm64/userspace \
		initramfs/build dom0 $(dom0-image) \
		$(if $(filter ours,$(MODULES)),$(call modules-dir,$(MACHINE),$(KERNEL)))

# What tests run in dom0.
.PHONY: programs
programs: setup
	@$(MAKE) -C selftests/linux CROSS_COMPILE=$(if $(filter amd64,$(MACHINE)),x86_64,aarch64)-linux-gnu- \
		OUTPUT=$(O)/$(MACHINE)/programs

# Tests. Suites are listed in selftests/suites; they build what they need.
.PHONY: check-fast check check-full bench
check-fast: setup-check
	@selftests/run fast
check: setup-check
	@selftests/run check
check-full: setup-full
	@selftests/run full
check-%: setup-check
	@selftests/run only $*
bench: setup-check
	$(MAKE) -C selftests/bench bench

.PHONY: docs
docs: setup-check
	@$(MAKE) -C docs/generate

.PHONY: clean distclean
clean:
	rm -rf $(O)/arm64 $(O)/arm64-debug $(O)/amd64 $(O)/unit $(O)/log $(O)/selftests
distclean:
	rm -rf $(O)
