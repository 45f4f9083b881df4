/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XENSTORED_FUZZ_H
#define XENSTORED_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Called by libFuzzer, or by fuzz_main.c; aborts on a mistake of ours. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif /* XENSTORED_FUZZ_H */
