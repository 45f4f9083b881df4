// SPDX-License-Identifier: GPL-2.0-only
#include <xen/time_scale.h>

/* Long division: num / (den << shift) as the 64 bits after the point. */
struct time_scale time_scale_of(uint64_t num, uint64_t den)
{
	struct time_scale s = { 0, 0 };

	while (den << s.shift <= num)
		s.shift++;
	den <<= s.shift;
	for (unsigned int i = 0; i < 64; i++) {
		num <<= 1;
		s.mult = s.mult << 1 | (num >= den);
		if (num >= den)
			num -= den;
	}
	return s;
}
