/* SPDX-License-Identifier: GPL-2.0-only */
/* CPU errata that need something done at run time (docs/barriers.md, "Errata"). */
#ifndef ASM_ERRATA_H
#define ASM_ERRATA_H

#include <xen/compiler.h>
#include <xen/types.h>

enum erratum {
	/* Speculative AT walks with a mixed EL1 context: A55 1530923, A57 1319537, A72 1319367, A76 1165522 */
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

void errata_init_cpu(void);
/* After psci_init(): the vectors this CPU needs. */
void branch_hardening_init_cpu(void);

#endif
