// SPDX-License-Identifier: GPL-2.0-only
/* Which errata the running CPUs have. */
#include <xen/atomic.h>
#include <asm/errata.h>
#include <asm/sections.h>
#include <asm/smccc.h>
#include <asm/system.h>

/* MIDR_EL1: implementer, architecture 0xf, part number */
#define MIDR_PART(m)	((m) & 0xff0ffff0)
#define MIDR_VARIANT(m)	((m) >> 20 & 0xf)
#define MIDR_REVISION(m) ((m) & 0xf)
#define CORTEX_A55	0x410fd050
#define CORTEX_A57	0x410fd070
#define CORTEX_A72	0x410fd080
#define CORTEX_A76	0x410fd0b0

uint32_t cpu_errata;

/* What arm64/entry.S asks of the firmware at each entry from a guest. */
uint32_t branch_hardening_fn;

void errata_init_cpu(void)
{
	uint32_t midr = READ_SYSREG(midr_el1), found = 0;

	switch (MIDR_PART(midr)) {
	case CORTEX_A57:
		found |= 1U << ERRATUM_SPECULATIVE_AT;
		/* Up to r1p2 (Cortex-A57 software developers' errata notice). */
		if (MIDR_VARIANT(midr) == 0 ||
		    (MIDR_VARIANT(midr) == 1 && MIDR_REVISION(midr) <= 2))
			found |= 1U << ERRATUM_834220;
		break;
	case CORTEX_A72:
		found |= 1U << ERRATUM_SPECULATIVE_AT;
		break;
	case CORTEX_A55:
	case CORTEX_A76:
		/* 1530923, 1165522: up to r2p0. */
		if (MIDR_VARIANT(midr) < 2 || (midr & 0xf0000f) == 0x200000)
			found |= 1U << ERRATUM_SPECULATIVE_AT;
		break;
	}
	atomic_or(&cpu_errata, found);
}

void branch_hardening_init_cpu(void)
{
	uint32_t fn = smccc_branch_hardening();

	if (!fn)
		return;
	/* CPUs may differ in which they need; workaround 3 includes 1. */
	if (branch_hardening_fn != SMCCC_ARCH_WORKAROUND_3)
		branch_hardening_fn = fn;
	WRITE_SYSREG((uint64_t)hyp_vectors_hardened, vbar_el2);
	isb();
}
