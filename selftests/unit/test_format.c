// SPDX-License-Identifier: GPL-2.0-only
/* Formatted output and what parses text. */
#include <xen/param.h>
#include "unit.h"

static void expect(const char *want, const char *fmt, ...)
{
	char buf[64];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(buf, sizeof(buf), fmt, ap);
	va_end(ap);
	if (strcmp(buf, want) || n != (int)strlen(want))
		unit_fail(want, n, buf, n, strlen(want));
}

TEST(format_numbers)
{
	expect("-5 7 0", "%d %u %i", -5, 7, 0);
	expect("00ff 0xff FF", "%04x %#x %X", 255, 255, 255);
	expect("-9223372036854775808", "%lld", (long long)INT64_MIN);
	expect("18446744073709551615", "%lu", ~0UL);
	expect("    5|5    |00005|-0005", "%5d|%-5d|%05d|%05d", 5, 5, 5, -5);
	expect("+3 777", "%+d %o", 3, 0777);
	expect("255 -1", "%hhu %hd", 0x1ff, 0x1ffff);
}

TEST(format_strings)
{
	expect("abc|  abc|abc  |ab", "%s|%5s|%-5s|%.2s", "abc", "abc", "abc", "abc");
	expect("(null) % x", "%s %% %c", NULL, 'x');
	expect("d0 d0v0", "%pd %pv", hardware_domain, hardware_domain->vcpu[0]);
}

TEST(format_truncates)
{
	char buf[4];

	CHECK_EQ(snprintf(buf, sizeof(buf), "%s", "abcdef"), 6);
	CHECK(!strcmp(buf, "abc"));
	CHECK_EQ(snprintf(buf, 0, "abc"), 3);
}

TEST(sizes_have_units)
{
	const char *end;

	CHECK_EQ(parse_size_and_unit("1G", &end), 1L << 30);
	CHECK_EQ(parse_size_and_unit("512M,x", &end), 512L << 20);
	CHECK_EQ(*end, ',');
	CHECK_EQ(parse_size_and_unit("64", &end), 64L << 10);
	CHECK_EQ(parse_size_and_unit("10b", &end), 10);
	CHECK_EQ(parse_size_and_unit("0x10k", &end), 16 << 10);
	CHECK_EQ(parse_size_and_unit("7x", &end), 7 << 10);
	CHECK_EQ(*end, 'x');
	CHECK_EQ(parse_size_and_unit("16777215T", &end), 16777215UL << 40);
	/* What does not fit is no smaller size. */
	CHECK_EQ(parse_size_and_unit("16777216T", &end), -1L);
	CHECK_EQ(parse_size_and_unit("18446744073709551617b", &end), -1L);
	CHECK_EQ(parse_size_and_unit("99999999999999999999999", &end), -1L);
	CHECK_EQ(*end, 0);
}

TEST(booleans)
{
	CHECK_EQ(parse_bool("yes", 3), 1);
	CHECK_EQ(parse_bool("off", 3), 0);
	CHECK_EQ(parse_bool("maybe", 5), -1);
	CHECK_EQ(parse_bool("", 0), -1);
}
