// SPDX-License-Identifier: GPL-2.0-only
/* From the assembler entry to the test. */
#include "test.h"

u64 boot_ticks;

static void find_ram(void)
{
	struct dt_node n = { 0 };
	u64 start, size;
	u32 len;

	while (dt_next(&n)) {
		const char *type = dt_prop(&n, "device_type", &len);

		if (!type || strcmp(type, "memory"))
			continue;
		for (unsigned int i = 0; dt_reg(&n, i, &start, &size); i++)
			memory_add_ram(start, size);
	}
}

static void run_child(struct child_params *p)
{
	page_reserve(1);	/* the parameters themselves lie behind the image */
	child_params = p;
	memory_add_ram(GUEST_RAM_BASE, p->ram_bytes);
	mmu_init();
	mmu_on();
	gic_init_guest(p->gic_version);
	gic_init_cpu();
	child_main(p);
	child_exit(0);
}

static void run_test(const void *dtb)
{
	extern char _start[];

	/* Before anything changes .data. */
	image_copy = memcpy(page_reserve(ROUND_UP(image_bytes, PAGE_SIZE) / PAGE_SIZE),
			    _start, image_bytes);
	dt_init(dtb);
	find_ram();
	mmu_init();
	mmu_on();
	printk("# test %s\n", test_name);
	gic_init();
	gic_init_cpu();
	test_main();
	report_finish();
}

void start_c(void *x0, u64 ticks);

void start_c(void *x0, u64 ticks)
{
	boot_ticks = ticks;
	memory_early_init();
	if (*(u64 *)x0 == CHILD_MAGIC)
		run_child(x0);
	run_test(x0);
}
