// SPDX-License-Identifier: GPL-2.0-only
#include "trap.h"
#include "report.h"

/* Vector numbers: four groups of sync, IRQ (not seen here), FIQ, SError. */
enum { SYNC, IRQ, FIQ, SERROR };

static __noreturn void unexpected(struct trap_frame *f, unsigned int vector)
{
	printk("# unexpected exception: vector %u esr %lx elr %lx far %lx spsr %lx cpu %u\n",
	       vector, f->esr, f->elr, f->far, f->spsr, this_cpu()->id);
	for (unsigned int i = 0; i < 30; i += 5)
		printk("# x%u %lx %lx %lx %lx %lx\n", i, f->x[i], f->x[i + 1], f->x[i + 2],
		       f->x[i + 3], f->x[i + 4]);
	report_error("unexpected exception");
	report_finish();
}

void trap_handler(struct trap_frame *f, unsigned int vector)
{
	struct per_cpu *cpu = this_cpu();
	bool lower = vector >= 8;

	if (lower && (vector & 3) == SYNC && cpu->el0) {
		u64 sp = read_sysreg(sp_el0);

		*cpu->el0 = *f;
		cpu->el0->sp = sp;
		context_restore(&cpu->resume);
	}

	if (!lower && cpu->catching && (vector & 3) != FIQ) {
		*cpu->fault = *f;
		context_restore(&cpu->resume);
	}

	unexpected(f, vector);
}

bool catch_fault(void (*fn)(void *), void *arg, struct trap_frame *f)
{
	struct per_cpu *cpu = this_cpu();
	struct trap_frame dummy;
	bool faulted;

	cpu->fault = f ? f : &dummy;
	faulted = context_save(&cpu->resume);
	if (!faulted) {
		cpu->catching = true;
		fn(arg);
		/* An asynchronous abort caused by fn belongs to it. */
		dsb(sy);
		isb();
	}
	cpu->catching = false;
	return faulted;
}

struct access {
	u64 addr;
	unsigned int bytes;
	u64 value;
};

static void do_read(void *arg)
{
	struct access *a = arg;
	u64 v = 0;

	switch (a->bytes) {
	case 1:
		asm volatile("ldrb %w0, [%1]" : "=r" (v) : "r" (a->addr) : "memory");
		break;
	case 2:
		asm volatile("ldrh %w0, [%1]" : "=r" (v) : "r" (a->addr) : "memory");
		break;
	case 4:
		asm volatile("ldr %w0, [%1]" : "=r" (v) : "r" (a->addr) : "memory");
		break;
	default:
		asm volatile("ldr %0, [%1]" : "=r" (v) : "r" (a->addr) : "memory");
		break;
	}
	a->value = v;
}

static void do_write(void *arg)
{
	struct access *a = arg;

	switch (a->bytes) {
	case 1:
		asm volatile("strb %w0, [%1]" : : "r" (a->value), "r" (a->addr) : "memory");
		break;
	case 2:
		asm volatile("strh %w0, [%1]" : : "r" (a->value), "r" (a->addr) : "memory");
		break;
	case 4:
		asm volatile("str %w0, [%1]" : : "r" (a->value), "r" (a->addr) : "memory");
		break;
	default:
		asm volatile("str %0, [%1]" : : "r" (a->value), "r" (a->addr) : "memory");
		break;
	}
}

bool try_read(u64 addr, unsigned int bytes, u64 *value, struct trap_frame *f)
{
	struct access a = { addr, bytes, 0 };

	if (catch_fault(do_read, &a, f))
		return false;
	*value = a.value;
	return true;
}

bool try_write(u64 addr, unsigned int bytes, u64 value, struct trap_frame *f)
{
	struct access a = { addr, bytes, value };

	return !catch_fault(do_write, &a, f);
}

void sync_code(void *start, size_t bytes)
{
	u64 p = (u64)start & ~63UL, end = (u64)start + bytes;

	for (; p < end; p += 64)
		asm volatile("dc cvau, %0" : : "r" (p) : "memory");
	dsb(ish);
	asm volatile("ic iallu" : : : "memory");
	dsb(ish);
	isb();
}

struct insn {
	u32 *code;
	u64 *x0;
};

static void run_insn(void *arg)
{
	struct insn *i = arg;

	*i->x0 = ((u64 (*)(u64))i->code)(*i->x0);
}

bool try_insn(u32 insn, u64 *x0, struct trap_frame *f)
{
	static u32 code[MAX_CPUS][16] __aligned(64);
	struct insn i = { code[this_cpu()->id], x0 };

	i.code[0] = insn;
	i.code[1] = INSN_RET;
	sync_code(i.code, 8);
	return !catch_fault(run_insn, &i, f);
}

void el0_run(struct trap_frame *regs)
{
	struct per_cpu *cpu = this_cpu();

	cpu->el0 = regs;
	if (!context_save(&cpu->resume))
		el0_enter(regs);
	cpu->el0 = NULL;
}
