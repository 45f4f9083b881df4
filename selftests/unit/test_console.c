// SPDX-License-Identifier: GPL-2.0-only
/* The hypervisor's console: whose input it is, what guests may print, the ring. */
#include <xen/console.h>
#include <xen/time.h>
#include "unit.h"

#define PAGE_OF_DOM0	3
#define NEVER_SEEN	"a message of a guest"

static char text[16384];
static uint32_t seen;

/* What the ring got since the last call. */
static const char *said(void)
{
	size_t n = console_ring_read(text, sizeof(text) - 1, &seen, false, true);

	text[n] = '\0';
	return text;
}

static void type(const char *s)
{
	for (; *s; s++)
		console_rx(*s);
	host_run_pending();
}

/* What dom0 gets when it asks for so many characters. */
static long dom0_reads(unsigned int count)
{
	char *page = host_guest_page(hardware_domain, PAGE_OF_DOM0);

	memset(page, 0, 300);
	return host_hypercall(__HYPERVISOR_console_io, CONSOLEIO_read, count,
			      PAGE_OF_DOM0 << PAGE_SHIFT);
}

TEST(console_input_is_dom0s)
{
	const char *page = host_guest_page(hardware_domain, PAGE_OF_DOM0);

	while (dom0_reads(64) > 0)
		;
	type("ls\n");
	CHECK_EQ(dom0_reads(2), 2);
	CHECK(!memcmp(page, "ls", 2));
	CHECK_EQ(dom0_reads(64), 1);
	CHECK_EQ(page[0], '\n');
	CHECK_EQ(dom0_reads(64), 0);
}

TEST(console_input_switches)
{
	const char *page = host_guest_page(hardware_domain, PAGE_OF_DOM0);

	said();
	type("\x01\x01\x01");
	CHECK(strstr(said(), "Serial input to Xylem"));
	type("m");
	CHECK(strstr(said(), "'m' pressed"));
	CHECK_EQ(dom0_reads(64), 0);
	type("\x01\x01\x01");
	CHECK(strstr(said(), "Serial input to DOM0"));
	type("m");
	CHECK(!strstr(said(), "pressed"));
	CHECK_EQ(dom0_reads(64), 1);
	CHECK_EQ(page[0], 'm');
}

/* Fewer than three in a row are characters like others. */
TEST(console_single_ctrl_a)
{
	const char *page = host_guest_page(hardware_domain, PAGE_OF_DOM0);

	said();
	type("\x01" "a\x01\x01" "b");
	CHECK(!strstr(said(), "Serial input"));
	CHECK_EQ(dom0_reads(64), 5);
	CHECK(!memcmp(page, "\x01" "a\x01\x01" "b", 5));
}

/* More than fits is dropped, and what was typed first is kept. */
TEST(console_input_overflow)
{
	const char *page = host_guest_page(hardware_domain, PAGE_OF_DOM0);
	unsigned int n = 0;
	long got;

	type("first");
	for (unsigned int i = 0; i < 1000; i++)
		type("x");
	CHECK_EQ(dom0_reads(64), 64);
	CHECK(!memcmp(page, "first", 5));
	for (n = 64; (got = dom0_reads(64)) > 0; n += got)
		;
	CHECK_EQ(n, 256);
	type("again");
	CHECK_EQ(dom0_reads(64), 5);
}

static unsigned int count_of(const char *what)
{
	unsigned int n = 0;

	for (const char *s = said(); (s = strstr(s, what)) != NULL; s++)
		n++;
	return n;
}

/* A burst, then a few a second; what is left out is counted, our own never is. */
TEST(console_rate_limit)
{
	host_advance_time(SECONDS(60));
	said();
	for (unsigned int i = 0; i < 1000; i++)
		printk(XENLOG_G_ERR NEVER_SEEN "\n");
	CHECK_EQ(count_of(NEVER_SEEN), 20);
	printk(XENLOG_ERR "our own\n");
	CHECK_EQ(count_of("our own"), 1);
	host_advance_time(SECONDS(1));
	for (unsigned int i = 0; i < 1000; i++)
		printk(XENLOG_G_ERR NEVER_SEEN "\n");
	said();
	CHECK(strstr(text, "980 messages about guests suppressed"));
	host_advance_time(SECONDS(1));
	for (unsigned int i = 0; i < 1000; i++)
		printk(XENLOG_G_ERR NEVER_SEEN "\n");
	CHECK_EQ(count_of(NEVER_SEEN), 5);
	host_advance_time(SECONDS(60));
}

/* What a vCPU provoked says which one; its level is looked at, not shown. */
TEST(console_guest_level)
{
	said();
	gprintk(XENLOG_G_ERR, NEVER_SEEN "\n");
	gprintk(XENLOG_ERR, "our own\n");
	CHECK_EQ(count_of("v0 " NEVER_SEEN), 1);
	CHECK(strstr(text, "v0 our own"));
	CHECK(!strstr(text, "<"));
}

/* The ring keeps the end; an index that is too old gets what there is. */
TEST(console_ring_wraps)
{
	static char large[1 << 17];
	uint32_t index = 0;
	size_t n;

	for (unsigned int i = 0; i < 5000; i++)
		printk("line %u of many\n", i);
	n = console_ring_read(large, sizeof(large) - 1, &index, false, false);
	large[n] = '\0';
	CHECK(n >= 4096 && n < sizeof(large) - 1);
	CHECK(strstr(large, "line 4999 of many\n"));
	CHECK(!strstr(large, "line 1 of many\n"));
	CHECK_EQ(console_ring_read(large, sizeof(large), &index, false, true), 0);
	said();
}
