/* SPDX-License-Identifier: MIT */
/*
 * Requests to a device model: one slot per vCPU in a shared page, and a ring of
 * writes that need no answer in another one (hvm/dm_op.h).
 */
#ifndef _IOREQ_H_
#define _IOREQ_H_

#include "../xen-compat.h"

#define IOREQ_READ	1
#define IOREQ_WRITE	0

/*
 * A slot goes NONE, READY (hypervisor), INPROCESS and RESP_READY (model), NONE
 * (hypervisor). Each side sends the event after the change.
 */
#define STATE_IOREQ_NONE	0
#define STATE_IOREQ_READY	1
#define STATE_IOREQ_INPROCESS	2
#define STATE_IORESP_READY	3

#define IOREQ_TYPE_PIO		0	/* x86 port */
#define IOREQ_TYPE_COPY		1	/* memory */
#define IOREQ_TYPE_PCI_CONFIG	2
#define IOREQ_TYPE_TIMEOFFSET	7
#define IOREQ_TYPE_INVALIDATE	8	/* drop cached mappings */

struct ioreq {
	uint64_t addr;			/* memory or port; PCI: SBDF << 32, register */
	uint64_t data;			/* value, or address of it */
	uint32_t count;			/* for repeated accesses */
	uint32_t size;			/* bytes */
	uint32_t vp_eport;		/* port to notify of the answer */
	uint16_t _pad0;
	__extension__ uint8_t state:4;
	__extension__ uint8_t data_is_ptr:1;
	__extension__ uint8_t dir:1;			/* IOREQ_READ or _WRITE */
	__extension__ uint8_t df:1;			/* addresses go downwards */
	__extension__ uint8_t _pad1:1;
	uint8_t type;			/* IOREQ_TYPE_* */
};
typedef struct ioreq ioreq_t;

struct shared_iopage {
	struct ioreq vcpu_ioreq[1];	/* as many as there are vCPUs */
};
typedef struct shared_iopage shared_iopage_t;

/* An 8-byte access takes two slots, the second with the upper half. */
struct buf_ioreq {
	uint8_t type;
	__extension__ uint8_t pad:1;
	__extension__ uint8_t dir:1;
	__extension__ uint8_t size:2;			/* log2 of bytes */
	uint32_t addr:20;
	uint32_t data;
};
typedef struct buf_ioreq buf_ioreq_t;

#define IOREQ_BUFFER_SLOT_NUM	511
struct buffered_iopage {
#ifdef __XEN__
	/* Read together, so that the model cannot slip in between. */
	union bufioreq_pointers {
		__extension__ struct {
#endif
			uint32_t read_pointer;
			uint32_t write_pointer;
#ifdef __XEN__
		};
		uint64_t full;
	} ptrs;
#endif
	buf_ioreq_t buf_ioreq[IOREQ_BUFFER_SLOT_NUM];
};
typedef struct buffered_iopage buffered_iopage_t;

/* x86 HVM: ports of the emulated ACPI; HVM_PARAM_ACPI_IOPORTS_LOCATION. */
#define ACPI_PM1A_EVT_BLK_ADDRESS_V0	0x1f40
#define ACPI_PM1A_CNT_BLK_ADDRESS_V0	(ACPI_PM1A_EVT_BLK_ADDRESS_V0 + 0x04)
#define ACPI_PM_TMR_BLK_ADDRESS_V0	(ACPI_PM1A_EVT_BLK_ADDRESS_V0 + 0x08)
#define ACPI_GPE0_BLK_ADDRESS_V0	(ACPI_PM_TMR_BLK_ADDRESS_V0 + 0x20)
#define ACPI_GPE0_BLK_LEN_V0		0x08

#define ACPI_PM1A_EVT_BLK_ADDRESS_V1	0xb000
#define ACPI_PM1A_CNT_BLK_ADDRESS_V1	(ACPI_PM1A_EVT_BLK_ADDRESS_V1 + 0x04)
#define ACPI_PM_TMR_BLK_ADDRESS_V1	(ACPI_PM1A_EVT_BLK_ADDRESS_V1 + 0x08)
#define ACPI_GPE0_BLK_ADDRESS_V1	0xafe0
#define ACPI_GPE0_BLK_LEN_V1		0x04

#define ACPI_PM1A_EVT_BLK_ADDRESS	ACPI_PM1A_EVT_BLK_ADDRESS_V0
#define ACPI_PM1A_CNT_BLK_ADDRESS	ACPI_PM1A_CNT_BLK_ADDRESS_V0
#define ACPI_PM_TMR_BLK_ADDRESS		ACPI_PM_TMR_BLK_ADDRESS_V0
#define ACPI_GPE0_BLK_ADDRESS		ACPI_GPE0_BLK_ADDRESS_V0
#define ACPI_GPE0_BLK_LEN		ACPI_GPE0_BLK_LEN_V0

#endif
