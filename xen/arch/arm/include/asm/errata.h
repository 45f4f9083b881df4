/* SPDX-License-Identifier: GPL-2.0-only */
/* CPU errata that need something done at run time (docs/barriers.md, "Errata"). */
#ifndef ASM_ERRATA_H
#define ASM_ERRATA_H

#include <xen/compiler.h>
#include <xen/types.h>
#include <asm/sysregs.h>
#include <asm/system.h>

enum erratum {
	/* Cortex-A57 1319537, A72 1319367: speculative AT walks with a mixed EL1 context */
	ERRATUM_SPECULATIVE_AT,
	/* Cortex-A57 834220: a stage 2 fault may be reported where stage 1 faults */
	ERRATUM_834220,
	NR_ERRATA
};

extern uint32_t branch_hardening_fn;
extern uint32_t cpu_errata;	/* union over all CPUs; fixed once guests run */

static inline bool cpu_has_erratum(enum erratum e)
{
	return unlikely(cpu_errata & (1U << e));
}

/*
 * Around any time VTTBR_EL2 and the EL1 translation registers do not belong to
 * the same vCPU: with walks disabled and the MMU on, a speculative AT cannot
 * fill the TLB from the mixture. No-op on CPUs without the erratum.
 */
struct at_guard {
	uint64_t sctlr, tcr;
};

static inline void at_speculation_block(struct at_guard *g)
{
	if (!cpu_has_erratum(ERRATUM_SPECULATIVE_AT))
		return;
	g->sctlr = READ_SYSREG(sctlr_el1);
	g->tcr = READ_SYSREG(tcr_el1);
	WRITE_SYSREG(g->tcr | TCR_EL1_EPD0 | TCR_EL1_EPD1, tcr_el1);
	isb();
	WRITE_SYSREG(g->sctlr | SCTLR_M, sctlr_el1);
	isb();
}

static inline void at_speculation_allow(const struct at_guard *g)
{
	if (!cpu_has_erratum(ERRATUM_SPECULATIVE_AT))
		return;
	isb();
	WRITE_SYSREG(g->sctlr, sctlr_el1);
	isb();
	WRITE_SYSREG(g->tcr, tcr_el1);
}

void errata_init_cpu(void);
/* After psci_init(): the vectors this CPU needs. */
void branch_hardening_init_cpu(void);

#endif
