/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Layout of the image. Everything between __init_begin and __init_end is given
 * to the heap before the first guest runs. Each part that has its own access
 * rights starts on a page (arm64/head.S maps them so).
 */
#include <asm/config.h>

OUTPUT_ARCH(aarch64)
ENTRY(_start)

SECTIONS
{
	. = XYLEM_VIRT_START;
	_start = .;
	.text : {
		KEEP(*(.head.text))
		*(.text.entry)
		*(.text .text.*)
		. = ALIGN(4096);
	}
	_etext = .;
	.rodata : {
		*(.rodata .rodata.*)
		*(.got .got.plt)
		. = ALIGN(4096);
	}
	__init_begin = .;
	.init.text : {
		*(.init.text)
		. = ALIGN(4096);
	}
	_einittext = .;
	.init.rodata : {
		*(.init.rodata)
		. = ALIGN(8);
		__setup_start = .;
		KEEP(*(.init.setup))
		__setup_end = .;
		. = ALIGN(4096);
	}
	_einitrodata = .;
	.data.percpu : ALIGN(64) {
		__percpu_start = .;
		*(.data.percpu)
		. = ALIGN(64);
		__percpu_end = .;
	}
	.init.data : {
		*(.init.data)
		. = ALIGN(4096);
	}
	__init_end = .;
	.data : {
		*(.data .data.*)
		. = ALIGN(64);
	}
	.bss (NOLOAD) : ALIGN(64) {
		__bss_start = .;
		*(.bss .bss.* COMMON)
		. = ALIGN(64);
		percpu_boot_area = .;
		. += SIZEOF(.data.percpu);
		. = ALIGN(64);
		__bss_end = .;
	}
	/* Written before the BSS is cleared, and kept. */
	.pgtables (NOLOAD) : ALIGN(4096) {
		__pgtables_start = .;
		*(.pgtables)
		__pgtables_end = .;
	}
	_end = .;
	_image_size = _end - _start;

	/DISCARD/ : {
		*(.comment .note.* .eh_frame .eh_frame_hdr .ARM.attributes)
	}
}

/* One level-3 table maps it, and it never overlaps where it was loaded to. */
ASSERT(_end - _start <= 0x200000, "the image must fit into 2 MiB")
