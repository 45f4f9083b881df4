// SPDX-License-Identifier: GPL-2.0-only
/* The C library's part: time, environment, and last words. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

unsigned long fuzz_env(const char *name, unsigned long otherwise);
double fuzz_seconds(void);
void fuzz_in_round(unsigned long seed, unsigned int limit_seconds);
void __sanitizer_set_death_callback(void (*fn)(void)) __attribute__((__weak__));

static unsigned long round_seed;

unsigned long fuzz_env(const char *name, unsigned long otherwise)
{
	const char *s = getenv(name);

	return s && *s ? strtoul(s, NULL, 0) : otherwise;
}

double fuzz_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void last_words(void)
{
	static int said;

	if (said++)
		return;
	printf("not ok 1 hypercall: round of seed %lu; again with SEED=%lu ROUNDS=1 VERBOSE=1\n"
	       "0 passed, 1 failed, 0 skipped\n", round_seed, round_seed);
	fflush(stdout);
}

static void on_signal(int sig)
{
	fprintf(stderr, sig == SIGALRM ? "a round does not end\n" : "aborted\n");
	last_words();
	signal(sig, SIG_DFL);
	/* A hang is worth a core, too. */
	abort();
}

void fuzz_in_round(unsigned long seed, unsigned int limit_seconds)
{
	static int ready;

	round_seed = seed;
	if (!ready++) {
		signal(SIGABRT, on_signal);
		signal(SIGALRM, on_signal);
		if (__sanitizer_set_death_callback)
			__sanitizer_set_death_callback(last_words);
	}
	alarm(limit_seconds);
}
