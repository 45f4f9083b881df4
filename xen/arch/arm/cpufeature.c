// SPDX-License-Identifier: GPL-2.0-only
/* Identification registers of the CPUs, and what all of them can do. */
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/smp.h>
#include <asm/cpufeature.h>
#include <asm/sysregs.h>
#include <asm/system.h>

struct cpuinfo_arm64 system_cpuinfo;
struct cpuinfo_arm64 cpu_data[NR_CPUS];

bool cpu_has_pauth, cpu_has_aarch32_el1, cpu_has_ras;
unsigned int cpu_pa_bits, cpu_vmid_bits;

/*
 * Registers newer than ARMv8.0 by encoding; where a CPU does not have them they
 * read as zero (ARM DDI 0487, D17.3.1, reserved ID space).
 */
static void read_cpuinfo(struct cpuinfo_arm64 *c)
{
	c->midr = READ_SYSREG(midr_el1);
	c->mpidr = READ_SYSREG(mpidr_el1);
	c->revidr = READ_SYSREG(revidr_el1);
	c->ctr = READ_SYSREG(ctr_el0);
	c->dczid = READ_SYSREG(dczid_el0);
	c->clidr = READ_SYSREG(clidr_el1);
	c->pfr0 = READ_SYSREG(id_aa64pfr0_el1);
	c->pfr1 = READ_SYSREG(id_aa64pfr1_el1);
	c->zfr0 = READ_SYSREG(S3_0_C0_C4_4);
	c->smfr0 = READ_SYSREG(S3_0_C0_C4_5);
	c->dfr0 = READ_SYSREG(id_aa64dfr0_el1);
	c->dfr1 = READ_SYSREG(id_aa64dfr1_el1);
	c->afr0 = READ_SYSREG(id_aa64afr0_el1);
	c->afr1 = READ_SYSREG(id_aa64afr1_el1);
	c->isar0 = READ_SYSREG(id_aa64isar0_el1);
	c->isar1 = READ_SYSREG(id_aa64isar1_el1);
	c->isar2 = READ_SYSREG(S3_0_C0_C6_2);
	c->mmfr0 = READ_SYSREG(id_aa64mmfr0_el1);
	c->mmfr1 = READ_SYSREG(id_aa64mmfr1_el1);
	c->mmfr2 = READ_SYSREG(S3_0_C0_C7_2);

	c->id_pfr0 = READ_SYSREG(id_pfr0_el1);
	c->id_pfr1 = READ_SYSREG(id_pfr1_el1);
	c->id_pfr2 = READ_SYSREG(S3_0_C0_C3_4);
	c->id_dfr0 = READ_SYSREG(id_dfr0_el1);
	c->id_afr0 = READ_SYSREG(id_afr0_el1);
	c->id_mmfr[0] = READ_SYSREG(id_mmfr0_el1);
	c->id_mmfr[1] = READ_SYSREG(id_mmfr1_el1);
	c->id_mmfr[2] = READ_SYSREG(id_mmfr2_el1);
	c->id_mmfr[3] = READ_SYSREG(id_mmfr3_el1);
	c->id_mmfr[4] = READ_SYSREG(S3_0_C0_C2_6);
	c->id_mmfr[5] = READ_SYSREG(S3_0_C0_C3_6);
	c->id_isar[0] = READ_SYSREG(id_isar0_el1);
	c->id_isar[1] = READ_SYSREG(id_isar1_el1);
	c->id_isar[2] = READ_SYSREG(id_isar2_el1);
	c->id_isar[3] = READ_SYSREG(id_isar3_el1);
	c->id_isar[4] = READ_SYSREG(id_isar4_el1);
	c->id_isar[5] = READ_SYSREG(id_isar5_el1);
	c->id_isar[6] = READ_SYSREG(S3_0_C0_C2_7);
	c->mvfr[0] = READ_SYSREG(mvfr0_el1);
	c->mvfr[1] = READ_SYSREG(mvfr1_el1);
	c->mvfr[2] = READ_SYSREG(mvfr2_el1);
}

/*
 * The lower of each 4-bit field. Bits of signed are fields where 0xf means
 * "not there" (FP and AdvSIMD of ID_AA64PFR0_EL1, granules of ID_AA64MMFR0_EL1).
 */
static uint64_t lower_fields(uint64_t a, uint64_t b, uint64_t sgn)
{
	uint64_t r = 0;

	for (unsigned int i = 0; i < 64; i += 4) {
		uint64_t x = a >> i & 0xf, y = b >> i & 0xf, flip = sgn >> i & 8;

		r |= ((x ^ flip) < (y ^ flip) ? x : y) << i;
	}
	return r;
}

#define SIGNED_PFR0	0x0000000000ff0000UL
#define SIGNED_MMFR0	0x00000000ff000000UL

#define LOWER(field, sgn) s->field = lower_fields(s->field, c->field, sgn)

static void lower_system(const struct cpuinfo_arm64 *c)
{
	struct cpuinfo_arm64 *s = &system_cpuinfo;

	LOWER(pfr0, SIGNED_PFR0);
	LOWER(pfr1, 0);
	LOWER(dfr0, 0);
	LOWER(dfr1, 0);
	LOWER(isar0, 0);
	LOWER(isar1, 0);
	LOWER(isar2, 0);
	LOWER(mmfr0, SIGNED_MMFR0);
	LOWER(mmfr1, 0);
	LOWER(mmfr2, 0);
	LOWER(zfr0, 0);
	LOWER(smfr0, 0);
	LOWER(id_pfr0, 0);
	LOWER(id_pfr1, 0);
	LOWER(id_pfr2, 0);
	LOWER(id_dfr0, 0);
	for (unsigned int i = 0; i < ARRAY_SIZE(s->id_mmfr); i++)
		LOWER(id_mmfr[i], 0);
	for (unsigned int i = 0; i < ARRAY_SIZE(s->id_isar); i++)
		LOWER(id_isar[i], 0);
	for (unsigned int i = 0; i < ARRAY_SIZE(s->mvfr); i++)
		LOWER(mvfr[i], 0);
}

static bool has_pauth(const struct cpuinfo_arm64 *c)
{
	return id_field(c->isar1, ID_ISAR1_APA) || id_field(c->isar1, ID_ISAR1_API) ||
	       id_field(c->isar2, ID_ISAR2_APA3);
}

static unsigned int pa_bits(const struct cpuinfo_arm64 *c)
{
	static const uint8_t bits[] = { 32, 36, 40, 42, 44, 48 };
	unsigned int range = id_field(c->mmfr0, ID_MMFR0_PARANGE);

	return bits[min_t(unsigned int, range, ARRAY_SIZE(bits) - 1)];
}

/* What the hypervisor cannot do without, as a sentence; NULL when all is there. */
static const char *missing(const struct cpuinfo_arm64 *c)
{
	if ((c->mmfr0 >> 28 & 0xf) == 0xf)
		return "4 KiB pages";
	if (id_field(c->pfr0, ID_PFR0_FP) == 0xf)
		return "floating point";
	if (!(c->pfr0 & 0xf0))
		return "AArch64 at EL1";
	return NULL;
}

void __init cpufeature_init_boot(void)
{
	struct cpuinfo_arm64 *c = &cpu_data[0];
	const char *lacks;

	read_cpuinfo(c);
	lacks = missing(c);
	if (lacks)
		panic("Unsupported CPU, MIDR 0x%08lx: it has no %s", (unsigned long)c->midr, lacks);
	system_cpuinfo = *c;
	cpu_has_pauth = has_pauth(c);
	cpu_has_aarch32_el1 = id_field(c->pfr0, ID_PFR0_EL1_32) == 2;
	cpu_has_ras = id_field(c->pfr0, ID_PFR0_RAS) != 0;
	cpu_pa_bits = pa_bits(c);
	cpu_vmid_bits = id_field(c->mmfr1, ID_MMFR1_VMIDBITS) == 2 ? 16 : 8;
}

bool cpufeature_init_secondary(void)
{
	unsigned int cpu = smp_processor_id();
	struct cpuinfo_arm64 *c = &cpu_data[cpu];
	const char *lacks;

	read_cpuinfo(c);
	lacks = missing(c);
	/* Decided already, and guests may rely on it. */
	if (!lacks && cpu_has_pauth && !has_pauth(c))
		lacks = "pointer authentication as the boot CPU does";
	if (!lacks && cpu_vmid_bits == 16 && id_field(c->mmfr1, ID_MMFR1_VMIDBITS) != 2)
		lacks = "16-bit VMIDs as the boot CPU does";
	if (!lacks && pa_bits(c) < cpu_pa_bits)
		lacks = "as many physical address bits as the boot CPU";
	if (lacks) {
		printk(XENLOG_ERR "CPU%u, MIDR 0x%08lx, is not used: it has no %s\n", cpu,
		       (unsigned long)c->midr, lacks);
		return false;
	}
	/* One CPU comes up at a time: nobody else writes it. */
	lower_system(c);
	cpu_has_aarch32_el1 = id_field(system_cpuinfo.pfr0, ID_PFR0_EL1_32) == 2;
	cpu_has_ras = id_field(system_cpuinfo.pfr0, ID_PFR0_RAS) != 0;
	return true;
}

void __init cpufeature_report(void)
{
	printk(XENLOG_INFO "CPU MIDR 0x%08lx, %u-bit physical addresses, %u-bit VMIDs%s%s\n",
	       (unsigned long)cpu_data[0].midr, cpu_pa_bits, cpu_vmid_bits,
	       cpu_has_pauth ? ", pointer authentication" : "",
	       cpu_has_aarch32_el1 ? ", AArch32 at EL1" : "");
}
