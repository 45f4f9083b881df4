// SPDX-License-Identifier: GPL-2.0-only
/* Identification registers of the CPUs, and what all of them can do. */
#include <xen/init.h>
#include <xen/lib.h>
#include <xen/smp.h>
#include <asm/cpufeature.h>

struct cpuinfo_arm64 system_cpuinfo;

bool cpu_has_pauth;
unsigned int cpu_pa_bits, cpu_vmid_bits;

/*
 * By encoding: the assembler does not know all names. What a CPU does not have,
 * and what has no name yet, reads as zero (ARM DDI 0487, D17.3.1, reserved ID
 * space).
 */
#define READ_ID(crm, op2)	c->id[ID_REG(crm, op2)] = READ_SYSREG(S3_0_C0_C##crm##_##op2)
#define READ_IDS(crm) do {				\
	READ_ID(crm, 0);				\
	READ_ID(crm, 1);				\
	READ_ID(crm, 2);				\
	READ_ID(crm, 3);				\
	READ_ID(crm, 4);				\
	READ_ID(crm, 5);				\
	READ_ID(crm, 6);				\
	READ_ID(crm, 7);				\
} while (0)

static void read_cpuinfo(struct cpuinfo_arm64 *c)
{
	c->midr = READ_SYSREG(midr_el1);
	READ_IDS(1);
	READ_IDS(2);
	READ_IDS(3);
	READ_IDS(4);
	READ_IDS(5);
	READ_IDS(6);
	READ_IDS(7);
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

static void lower_system(const struct cpuinfo_arm64 *c)
{
	static const uint64_t sgn[NR_ID_REGS] = {
		[ID_PFR0] = 0x0000000000ff0000UL, [ID_MMFR0] = 0x00000000ff000000UL,
	};

	for (unsigned int i = 0; i < NR_ID_REGS; i++)
		system_cpuinfo.id[i] = lower_fields(system_cpuinfo.id[i], c->id[i], sgn[i]);
}

static bool has_pauth(const struct cpuinfo_arm64 *c)
{
	return id_field(c, ID_ISAR1, ID_ISAR1_APA) || id_field(c, ID_ISAR1, ID_ISAR1_API) ||
	       id_field(c, ID_ISAR2, ID_ISAR2_APA3);
}

static unsigned int vmid_bits(const struct cpuinfo_arm64 *c)
{
	return id_field(c, ID_MMFR1, ID_MMFR1_VMIDBITS) == 2 ? 16 : 8;
}

/* By PARange; more cannot be had with this format of tables. */
static const uint8_t parange_bits[] = { 32, 36, 40, 42, 44, 48 };

static unsigned int pa_bits(const struct cpuinfo_arm64 *c)
{
	unsigned int range = id_field(c, ID_MMFR0, ID_MMFR0_PARANGE);

	return parange_bits[min_t(unsigned int, range, ARRAY_SIZE(parange_bits) - 1)];
}

unsigned int parange_of(unsigned int bits)
{
	unsigned int range = ARRAY_SIZE(parange_bits) - 1;

	while (range && parange_bits[range] > bits)
		range--;
	return range;
}

/* What the hypervisor cannot do without, as a sentence; NULL when all is there. */
static const char *missing(const struct cpuinfo_arm64 *c)
{
	if (id_field(c, ID_MMFR0, ID_MMFR0_GRAN4) == 0xf)
		return "4 KiB pages";
	if (id_field(c, ID_PFR0, ID_PFR0_FP) == 0xf)
		return "floating point";
	if (!id_field(c, ID_PFR0, ID_PFR0_EL1_32))
		return "AArch64 at EL1";
	return NULL;
}

void __init cpufeature_init_boot(void)
{
	struct cpuinfo_arm64 *c = &system_cpuinfo;
	const char *lacks;

	read_cpuinfo(c);
	lacks = missing(c);
	if (lacks)
		panic("Unsupported CPU, MIDR 0x%08lx: it has no %s", (unsigned long)c->midr, lacks);
	cpu_has_pauth = has_pauth(c);
	cpu_pa_bits = pa_bits(c);
	cpu_vmid_bits = vmid_bits(c);
}

bool cpufeature_init_secondary(void)
{
	struct cpuinfo_arm64 info = {}, *c = &info;
	const char *lacks;

	read_cpuinfo(c);
	lacks = missing(c);
	/* Decided already, and guests may rely on it. */
	if (!lacks && cpu_has_pauth && !has_pauth(c))
		lacks = "pointer authentication as the boot CPU does";
	if (!lacks && vmid_bits(c) < cpu_vmid_bits)
		lacks = "16-bit VMIDs as the boot CPU does";
	if (!lacks && pa_bits(c) < cpu_pa_bits)
		lacks = "as many physical address bits as the boot CPU";
	if (lacks) {
		printk(XENLOG_ERR "CPU%u, MIDR 0x%08lx, is not used: it has no %s\n",
		       smp_processor_id(), (unsigned long)c->midr, lacks);
		return false;
	}
	/* One CPU comes up at a time: nobody else writes it. */
	lower_system(c);
	return true;
}

void __init cpufeature_report(void)
{
	printk(XENLOG_INFO "CPU MIDR 0x%08lx, %u-bit physical addresses, %u-bit VMIDs%s%s\n",
	       (unsigned long)system_cpuinfo.midr, cpu_pa_bits, cpu_vmid_bits,
	       cpu_has_pauth ? ", pointer authentication" : "",
	       id_field(&system_cpuinfo, ID_PFR0, ID_PFR0_EL1_32) == 2 ? ", AArch32 at EL1" : "");
}
