// SPDX-License-Identifier: GPL-2.0-only
/*
 * VMID allocation with generations. p2m_arch.vmid_gen is generation << 16 | VMID.
 *
 * vmid_active of a CPU says what it runs, or is about to run. A new generation
 * exchanges it for 0, under the lock, and thereby learns which VMIDs stay in
 * use (vmid_reserved); a CPU that finds its 0 takes the lock before it runs
 * anything. Without the lock a CPU only replaces a value it has seen with
 * another of the generation it has seen: when a new generation comes between,
 * the compare-and-swap meets 0 and fails.
 */
#include <xen/atomic.h>
#include <xen/bitops.h>
#include <xen/init.h>
#include <xen/smp.h>
#include <xen/spinlock.h>
#include <asm/cpufeature.h>
#include <asm/p2m.h>

#define GEN_SHIFT	16
#define GEN_FIRST	(1UL << GEN_SHIFT)
#define VMID_MASK	(GEN_FIRST - 1)
#define NR_VMIDS_MAX	65536

/* A CPU that runs no guest: not 0, which would send it to the lock, and VMID_NONE. */
#define ACTIVE_NONE	GEN_FIRST

static DEFINE_SPINLOCK(vmid_lock, RANK_VMID);	/* all below but vmid_active */
static DECLARE_BITMAP(vmid_used, NR_VMIDS_MAX);
static uint64_t vmid_generation = GEN_FIRST;
static unsigned int nr_vmids = 256, vmid_next = VMID_NONE + 1;
static DEFINE_PER_CPU(uint64_t, vmid_active);
static DEFINE_PER_CPU(uint64_t, vmid_reserved);

static void new_generation(void)
{
	unsigned int cpu;

	vmid_generation += GEN_FIRST;
	for (unsigned int i = 0; i < nr_vmids / BITS_PER_LONG; i++)
		vmid_used[i] = 0;
	__set_bit(VMID_NONE, vmid_used);
	for_each_online_cpu(cpu) {
		uint64_t v = atomic_xchg(&per_cpu(vmid_active, cpu), 0);

		/* 0: it has not run anything since the last generation. */
		if (!v)
			v = per_cpu(vmid_reserved, cpu);
		per_cpu(vmid_reserved, cpu) = v;
		__set_bit(v & VMID_MASK, vmid_used);
	}
	/* Everything of all VMIDs on all CPUs; those running fill again under theirs. */
	__asm__ __volatile__("dsb ishst\n\ttlbi alle1is" ::: "memory");
	dsb(ish);
	isb();
}

/* Did the domain run, on whatever CPU, when the generation changed? It keeps its VMID then. */
static bool was_reserved(uint64_t old, uint64_t new)
{
	unsigned int cpu;
	bool hit = false;

	for_each_online_cpu(cpu) {
		if (per_cpu(vmid_reserved, cpu) == old) {
			per_cpu(vmid_reserved, cpu) = new;
			hit = true;
		}
	}
	return hit;
}

static uint64_t vmid_allocate(uint64_t old)
{
	unsigned int vmid;

	if (old) {
		uint64_t again = vmid_generation | (old & VMID_MASK);

		if (was_reserved(old, again))
			return again;
		if (!test_bit(old & VMID_MASK, vmid_used)) {
			__set_bit(old & VMID_MASK, vmid_used);
			return again;
		}
	}
	vmid = find_next_zero_bit(vmid_used, nr_vmids, vmid_next);
	if (vmid == nr_vmids) {
		new_generation();
		/* Fewer CPUs than VMIDs: there is one. */
		vmid = find_next_zero_bit(vmid_used, nr_vmids, VMID_NONE + 1);
	}
	__set_bit(vmid, vmid_used);
	vmid_next = vmid + 1;
	return vmid_generation | vmid;
}

static bool generation_is_current(uint64_t v)
{
	return !((v ^ atomic_load(&vmid_generation)) >> GEN_SHIFT);
}

static uint16_t vmid_acquire_slow(struct p2m_arch *p2m)
{
	uint64_t v;

	spin_lock(&vmid_lock);
	v = p2m->vmid_gen;
	if (!v || !generation_is_current(v)) {
		v = vmid_allocate(v);
		atomic_store(&p2m->vmid_gen, v);
	}
	atomic_store(&this_cpu(vmid_active), v);
	spin_unlock(&vmid_lock);
	/* The VMID is published before walks under it: pairs with arch_p2m_flush_tlb(). */
	dsb(ish);
	return v & VMID_MASK;
}

uint16_t vmid_acquire(struct p2m_arch *p2m)
{
	uint64_t v = atomic_load(&p2m->vmid_gen);
	uint64_t active = atomic_load(&this_cpu(vmid_active));

	/*
	 * From one vCPU of the domain to another nothing changes: should a new
	 * generation begin meanwhile, it finds this VMID in use, as while a
	 * guest runs.
	 */
	if (v && active == v && generation_is_current(v))
		return v & VMID_MASK;
	if (likely(v && active && generation_is_current(v) &&
		   atomic_try_cmpxchg(&this_cpu(vmid_active), &active, v)))
		return v & VMID_MASK;
	return vmid_acquire_slow(p2m);
}

void vmid_release(void)
{
	uint64_t active = atomic_load(&this_cpu(vmid_active));

	/* Stays 0 when a new generation came: the lock is to be taken next time. */
	if (active)
		(void)atomic_try_cmpxchg(&this_cpu(vmid_active), &active, ACTIVE_NONE);
}

void __init vmid_init(void)
{
	nr_vmids = 1U << cpu_vmid_bits;
	__set_bit(VMID_NONE, vmid_used);
}
